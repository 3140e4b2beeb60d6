//! `tapak import villages FILE`.

use super::{Common, outcome, refused_rows, screen, show_refused};
use crate::actions::import_villages::{Report, VillageImportOptions, import_villages};
use crate::app::App;
use crate::cli::reading::{self, progress_bar, show_crs};
use crate::cli::{CliError, Context};
use crate::import::{Crs, VillageColumns, VillageReading};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Villages of several features that are named; the others are counted.
const SHOWN: usize = 20;

#[derive(Debug, Args)]
pub struct Villages {
    #[command(flatten)]
    common: Common,
    #[arg(long, value_name = "DAY")]
    valid_from: Option<chrono::NaiveDate>,
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    #[arg(long, value_name = "EPSG:CODE")]
    crs: Option<String>,
    #[arg(long, value_name = "ATTRIBUTE")]
    code: Option<String>,
    #[arg(long, value_name = "ATTRIBUTE")]
    name: Option<String>,
    #[arg(long, value_name = "ATTRIBUTE")]
    district: Option<String>,
    #[arg(long, value_name = "ATTRIBUTE")]
    regency: Option<String>,
    #[arg(long, value_name = "ATTRIBUTE")]
    bps_code: Option<String>,
    #[arg(long, value_name = "FILE")]
    headings: Option<PathBuf>,
}

pub async fn run(context: &Context, app: &App, verb: Villages) -> Result<ExitCode, CliError> {
    let Villages { common, valid_from, layer, crs, code, name, district, regency, bps_code, headings } = verb;
    let headings = reading::headings_table(context, headings.as_deref())?;
    let columns = VillageColumns { code, name, district, regency, bps_code, headings };
    let crs = crs.as_deref().map(Crs::parse).transpose()?;
    let options = VillageImportOptions {
        reading: VillageReading { columns, layer, crs, ..VillageReading::default() },
        valid_from: valid_from.unwrap_or_else(|| app.clock.now().date_naive()),
        keep_good: common.keep_good,
        dry_run: common.dry_run,
    };
    let bar = progress_bar(context);
    let report = import_villages(app, reading::input(&common.file), &options, |done, all| {
        bar.set_message(context.render("import.storing", json!({})));
        bar.set_length(all.max(1));
        bar.set_position(done);
    })
    .await?;
    bar.finish_and_clear();
    show_understood(context, &common.file.display().to_string(), options.reading.crs.as_ref(), &report);
    show_refused(context, &common, &report.refused)?;
    if !report.stored {
        let values = json!({ "rows": report.features, "refused": refused_rows(&report.refused) });
        println!("{}", context.render("import.villages_not_stored", values));
        return Ok(outcome(common.dry_run, &report.refused));
    }
    let values = json!({
        "rows": report.new + report.changed + report.same, "new": report.new, "changed": report.changed,
        "same": report.same, "refused": refused_rows(&report.refused),
    });
    println!("{}", context.render("import.villages", values));
    if report.rechecked > 0 {
        println!("{}", context.render("import.rechecked", json!({ "count": report.rechecked })));
    }
    screen(context, app, &common).await?;
    Ok(ExitCode::SUCCESS)
}

/// How the file was read: its attributes, its coordinate system, and what of it is not one feature for one village.
fn show_understood(context: &Context, file: &str, given: Option<&Crs>, report: &Report) {
    let columns: Vec<String> = report.matched.iter().map(|(field, column)| format!("{field} ← {column}")).collect();
    eprintln!("{file}: {}", columns.join(", "));
    if let Some(crs) = &report.crs {
        show_crs(context, given, crs, report.stated_crs.as_ref());
    }
    if report.by_bps_code > 0 {
        eprintln!("  {}", context.render("import.by_bps_code", json!({ "count": report.by_bps_code })));
    }
    if !report.merged.is_empty() {
        let shown: Vec<_> = report.merged.iter().take(SHOWN).collect();
        let villages: Vec<_> = shown
            .iter()
            .map(|merged| json!({ "name": merged.name, "code": merged.code.as_str(), "features": merged.features }))
            .collect();
        let values = json!({ "count": report.merged.len(), "villages": villages });
        eprintln!("  {}", context.render("import.villages_merged", values));
    }
}
