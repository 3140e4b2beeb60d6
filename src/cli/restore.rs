//! `tapak restore`: brings a backup back into the empty place that the settings name.

use super::{CliError, Context, backup, print};
use crate::backup::{Place, restore};
use crate::clock::Clock;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Restore {
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    #[arg(long, value_name = "BACKUP")]
    backup: Option<String>,
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

pub async fn run(context: &Context, verb: Restore) -> Result<ExitCode, CliError> {
    let target = backup::existing_target(context, verb.target)?;
    let keys = backup::identities(context, verb.identity)?;
    let data = &context.config.data;
    std::fs::create_dir_all(data).map_err(CliError::file(data))?;
    let place = Place {
        database: context.config.database.clone(),
        database_shown: context.config.database_shown(),
        photos: data.join("photos"),
    };
    let bar = backup::bar(context, "restoring");
    let step = |done: u64, all: u64| {
        bar.set_length(all.max(1));
        bar.set_position(done);
    };
    let restored = restore(&target, &keys, verb.backup.as_deref(), &place, &Clock::default(), &step).await;
    bar.finish_and_clear();
    let restored = restored?;
    let values = json!({
        "moment": restored.moment, "program": restored.program, "tables": restored.tables, "rows": restored.rows,
        "photos": restored.photos, "uploads": restored.uploads, "lost": restored.lost, "data": data,
        "database": place.database_shown,
    });
    print(&format!("{}\n", context.render("backup.restored", values)))?;
    Ok(ExitCode::SUCCESS)
}
