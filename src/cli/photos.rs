//! `tapak photos check`: verifies that every stored photo exists and is unchanged.

use super::{CliError, Context, reading};
use crate::actions::check_photos::{Fault, Report, check_photos};
use clap::{Args, Subcommand};
use serde_json::json;
use std::process::ExitCode;

/// The exit code if any photo is wrong.
const WRONG: u8 = 3;
/// Maximum number of files listed for each fault.
const SHOWN: usize = 20;

#[derive(Debug, Subcommand)]
pub enum Photos {
    Check(Check),
}

#[derive(Debug, Args)]
pub struct Check {
    #[arg(long)]
    repair: bool,
    #[arg(long)]
    json: bool,
}

pub async fn run(context: &Context, Photos::Check(verb): Photos) -> Result<ExitCode, CliError> {
    let app = context.open_existing().await?;
    let bar = reading::progress_bar(context);
    bar.set_message(context.render("photos.checking", json!({})));
    let report = check_photos(&app, verb.repair, |bytes, all| {
        bar.set_length(all.max(1));
        bar.set_position(bytes);
    })
    .await?;
    bar.finish_and_clear();
    app.store.close().await;
    if verb.json {
        let text = serde_json::to_string_pretty(&report).map_err(|e| CliError::Fault(e.to_string()))?;
        super::print(&format!("{text}\n"))?;
    } else {
        super::print(&as_text(context, &report, verb.repair))?;
    }
    Ok(if report.left() == 0 { ExitCode::SUCCESS } else { ExitCode::from(WRONG) })
}

fn as_text(context: &Context, report: &Report, repair: bool) -> String {
    let mut text = String::new();
    for (fault, name) in [
        (Fault::Lost, "lost"),
        (Fault::WrongSize, "wrong_size"),
        (Fault::Damaged, "damaged"),
        (Fault::Picture, "picture"),
        (Fault::Orphan, "orphan"),
        (Fault::Unfinished, "unfinished"),
    ] {
        let wrong: Vec<_> = report.wrong.iter().filter(|wrong| wrong.fault == fault).collect();
        if wrong.is_empty() {
            continue;
        }
        let repaired = wrong.iter().filter(|wrong| wrong.repaired).count();
        let values = json!({ "count": wrong.len(), "repaired": repaired });
        text.push_str(&context.render(&format!("photos.{name}"), values));
        text.push('\n');
        for wrong in wrong.iter().take(SHOWN) {
            let projects: Vec<String> = wrong.projects.iter().map(|id| format!(" /projects/{id}")).collect();
            text.push_str(&format!("  {}{}\n", wrong.file, projects.concat()));
        }
        if wrong.len() > SHOWN {
            text.push_str(&format!("  {}\n", context.render("more", json!({ "count": wrong.len() - SHOWN }))));
        }
    }
    let values = json!({ "files": report.files, "left": report.left(), "repair": repair });
    text.push_str(&context.render("photos.outcome", values));
    text.push('\n');
    text
}
