//! `tapak move`: a database into another one, such as SQLite into PostgreSQL.

use super::{CliError, Context, backup, print};
use crate::backup::{Database, move_database};
use crate::config::hide;
use clap::Args;
use serde_json::json;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Move {
    #[arg(long, value_name = "URL")]
    from: String,
    #[arg(long, value_name = "URL")]
    to: String,
}

pub async fn run(context: &Context, verb: Move) -> Result<ExitCode, CliError> {
    context.require_file_of(&verb.from)?;
    let (from, to) = (hide(&verb.from), hide(&verb.to));
    let bar = backup::bar(context, "moving");
    let step = |done: u64, all: u64| {
        bar.set_length(all.max(1));
        bar.set_position(done);
    };
    let source = Database { url: &verb.from, shown: &from };
    let moved = move_database(source, Database { url: &verb.to, shown: &to }, &step).await;
    bar.finish_and_clear();
    let moved = moved?;
    let values = json!({ "from": from, "to": to, "tables": moved.tables.len(), "rows": moved.rows });
    print(&format!("{}\n", context.render("backup.moved", values)))?;
    Ok(ExitCode::SUCCESS)
}
