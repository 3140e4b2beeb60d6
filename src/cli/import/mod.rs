//! `tapak import projects FILE`, and what the other imports share.

mod bps_codes;
mod villages;

use super::reading::{self, progress_bar, show_understood};
use super::{CliError, Context};
use crate::actions::import_projects::{self, Kept, Step, import_projects};
use crate::app::App;
use crate::domain::Invalid;
use crate::import::{
    Needs, Origin, ReadOptions, RefusedCell, RefusedRowsError, write_csv, write_refused_rows, write_table,
};
use crate::jobs::worker;
use crate::whole_file::WholeFile;
use crate::words::shell_word;
use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Import {
    Villages(villages::Villages),
    BpsCodes(bps_codes::BpsCodes),
    Projects(Projects),
}

#[derive(Debug, Args)]
pub struct Common {
    file: PathBuf,
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    keep_good: bool,
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
    #[arg(long)]
    screen: bool,
}

#[derive(Debug, Args)]
pub struct Projects {
    #[command(flatten)]
    common: Common,
    #[arg(long)]
    source: Option<String>,
    #[command(flatten)]
    reading: reading::Reading,
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    key: Vec<String>,
    #[arg(long)]
    overwrite: bool,
}

impl Projects {
    /// The options that gave the rows of this file their meaning, for another file with the same columns.
    fn reading_arguments(&self) -> String {
        let mut text = self.reading.arguments();
        if !self.key.is_empty() {
            text.push_str(&format!(" --key {}", shell_word(&self.key.join(","))));
        }
        text
    }
}

pub async fn run(context: &Context, verb: Import) -> Result<ExitCode, CliError> {
    let app = context.open().await?;
    match verb {
        Import::Villages(verb) => villages::run(context, &app, verb).await,
        Import::BpsCodes(verb) => bps_codes::run(context, &app, verb).await,
        Import::Projects(verb) => projects(context, &app, verb).await,
    }
}

async fn projects(context: &Context, app: &App, verb: Projects) -> Result<ExitCode, CliError> {
    let (source, key) = (verb.source.clone(), verb.key.clone());
    let reading = ReadOptions { source, key, ..verb.reading.options(context, Needs::Registration)? };
    let options = import_projects::ImportOptions {
        dry_run: verb.common.dry_run,
        keep_good: verb.common.keep_good,
        overwrite: verb.overwrite,
        by: None,
        id: None,
    };
    let bar = progress_bar(context);
    let report = import_projects(app, reading::input(&verb.common.file), reading.clone(), &options, |step| {
        show_step(context, &bar, step)
    })
    .await?;
    bar.finish_and_clear();
    if let Some(understood) = &report.understood {
        show_understood(context, &verb.common.file.display().to_string(), reading.crs.as_ref(), understood);
    }
    show_refused_rows(context, &verb, &reading, &report)?;
    if !report.unknown.is_empty() {
        let values = json!({ "count": report.unknown.len(), "dry_run": !report.stored });
        eprintln!("{}", context.render("import.unknown", values));
        reading::show_cells(context, &report.unknown)?;
    }
    show_kept(context, &report.kept);
    let totals = report.understood.as_ref().map_or(0, |understood| understood.totals.len());
    if !report.stored {
        let values = json!({
            "rows": report.rows, "refused": refused_rows(&report.refused), "totals": totals,
            "dry_run": verb.common.dry_run,
        });
        println!("{}", context.render("import.not_stored", values));
        return Ok(outcome(verb.common.dry_run, &report.refused));
    }
    if report.continued {
        println!("{}", context.render("import.continued", json!({})));
    }
    let counts = report.counts;
    let values = json!({
        "rows": report.rows, "source": report.source, "new": counts.new, "changed": counts.changed,
        "same": counts.same, "refused": refused_rows(&report.refused), "totals": totals,
    });
    println!("{}", context.render("import.projects", values));
    screen(context, app, &verb.common).await?;
    Ok(ExitCode::SUCCESS)
}

/// For a dry run and refused rows: the exit code signals to scripts that the file has errors.
fn outcome(dry_run: bool, refused: &[RefusedCell]) -> ExitCode {
    if dry_run && refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

fn refused_rows(refused: &[RefusedCell]) -> usize {
    let mut rows: Vec<u64> = refused.iter().map(|cell| cell.row).collect();
    rows.sort_unstable();
    rows.dedup();
    rows.len()
}

fn show_step(context: &Context, bar: &ProgressBar, step: Step) {
    match step {
        Step::Reading(bytes, size) => {
            bar.set_message(context.render("import.reading", json!({})));
            bar.set_length(size.unwrap_or(bytes).max(1));
            bar.set_position(bytes);
        }
        Step::Checking(bytes, size) => {
            bar.set_message(context.render("import.checking", json!({})));
            bar.set_length(size.unwrap_or(bytes).max(1));
            bar.set_position(bytes);
        }
        Step::Storing(rows, all) => {
            bar.set_message(context.render("import.storing", json!({})));
            bar.set_length(all.max(1));
            bar.set_position(rows);
        }
    }
}

/// Prints the refused cells, or writes them to the table named by --refused.
fn show_refused(context: &Context, common: &Common, refused: &[RefusedCell]) -> Result<(), CliError> {
    if refused.is_empty() {
        return Ok(());
    }
    let message = |invalid: &Invalid| context.refusal(invalid);
    if let Some(path) = &common.refused {
        write_whole(path, |file| write_csv(file, refused, message).map_err(CliError::file(path)))?;
        eprintln!("{}", context.render("import.refused_cells", json!({ "count": refused.len(), "file": path })));
        return Ok(());
    }
    show_refused_table(context, refused)
}

fn show_refused_table(context: &Context, refused: &[RefusedCell]) -> Result<(), CliError> {
    let message = |invalid: &Invalid| context.refusal(invalid);
    let headings = reading::headings(context);
    let more = |rest: usize| context.render("import.more_refused", json!({ "count": rest }));
    write_table(std::io::stderr().lock(), headings.each_ref().map(String::as_str), refused, 50, message, more)
        .map_err(CliError::file(Path::new("/dev/stderr")))?;
    Ok(())
}

/// Prints the refused cells, and writes their rows to a file that can be corrected and imported.
fn show_refused_rows(
    context: &Context,
    verb: &Projects,
    options: &ReadOptions,
    report: &import_projects::Report,
) -> Result<(), CliError> {
    let refused = &report.refused;
    if refused.is_empty() {
        return Ok(());
    }
    show_refused_table(context, refused)?;
    let (Some(path), Some(input), Some(understood)) = (&verb.common.refused, &report.file, &report.understood) else {
        return Ok(());
    };
    let origin = Origin { source: &report.source, crs: &understood.crs };
    let message = |invalid: &Invalid| context.refusal(invalid);
    write_whole(path, |file| {
        write_refused_rows(file, input, options, origin, refused, message).map_err(|e| match e {
            RefusedRowsError::Read(e) => e.into(),
            RefusedRowsError::Write(e) => CliError::File(path.clone(), e),
        })
    })?;
    let values = json!({ "count": refused_rows(refused), "file": path });
    eprintln!("{}", context.render("import.refused_rows", values));
    eprintln!("  tapak import projects {}{}", shell_word(&path.display().to_string()), verb.reading_arguments());
    Ok(())
}

/// Writes a file atomically: it is complete, or as it was before.
fn write_whole(path: &Path, write: impl FnOnce(&mut WholeFile) -> Result<(), CliError>) -> Result<(), CliError> {
    let mut file = WholeFile::create(path).map_err(CliError::file(path))?;
    write(&mut file)?;
    file.finish(b"").map_err(CliError::file(path))
}

fn show_kept(context: &Context, kept: &[Kept]) {
    if kept.is_empty() {
        return;
    }
    eprintln!("{}", context.render("import.kept", json!({ "count": kept.len() })));
    for cell in kept.iter().take(50) {
        let values = json!({
            "row": cell.row, "id": cell.external_id, "field": cell.field, "ours": cell.ours, "file": cell.file,
        });
        eprintln!("  {}", context.render("import.kept_cell", values));
    }
}

/// Runs every job that is due in this process.
async fn screen(context: &Context, app: &App, common: &Common) -> Result<(), CliError> {
    if !common.screen {
        println!("{}", context.render("import.screened_later", json!({})));
        return Ok(());
    }
    app.follower().load().await?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let follower = tokio::spawn(app.follower().run(stopped));
    let run = worker::run_due(app).await?;
    stop.send_replace(true);
    follower.await.map_err(|e| CliError::Fault(e.to_string()))?;
    println!("{}", context.render("import.screened", json!({ "count": run })));
    Ok(())
}
