//! `tapak import bps-codes FILE`.

use super::{outcome, refused_rows, show_refused_table};
use crate::actions::import_bps_codes::{BpsCodeOptions, import_bps_codes};
use crate::app::App;
use crate::cli::reading;
use crate::cli::{CliError, Context};
use crate::import::VillageColumns;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct BpsCodes {
    file: PathBuf,
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    keep_good: bool,
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    #[arg(long, value_name = "COLUMN")]
    code: Option<String>,
    #[arg(long, value_name = "COLUMN")]
    bps_code: Option<String>,
}

pub async fn run(context: &Context, app: &App, verb: BpsCodes) -> Result<ExitCode, CliError> {
    let BpsCodes { file, dry_run, keep_good, layer, code, bps_code } = verb;
    let columns = VillageColumns { code, bps_code, ..VillageColumns::default() };
    let options = BpsCodeOptions { columns, layer, keep_good, dry_run };
    let report = import_bps_codes(app, reading::input(&file), &options).await?;
    let refused = &report.file.refused;
    let columns: Vec<String> =
        report.file.matched.iter().map(|(field, column)| format!("{field} ← {column}")).collect();
    eprintln!("{}: {}", file.display(), columns.join(", "));
    if !refused.is_empty() {
        show_refused_table(context, refused)?;
    }
    let values = json!({
        "rows": report.file.rows, "refused": refused_rows(refused), "set": report.set, "same": report.same,
        "elsewhere": report.elsewhere,
    });
    let key = if report.stored { "import.bps_codes" } else { "import.bps_codes_not_stored" };
    println!("{}", context.render(key, values));
    Ok(if report.stored { ExitCode::SUCCESS } else { outcome(dry_run, refused) })
}
