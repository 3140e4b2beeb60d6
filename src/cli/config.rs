//! `tapak config`: the settings in force and their origin, secrets hidden.

use super::table::columns;
use super::{CliError, Context, print};
use crate::words::Words;
use serde_json::Value;
use std::process::ExitCode;

pub fn run(context: &Context) -> Result<ExitCode, CliError> {
    let word = |key: String| Words::render(context.language, &format!("settings.{key}"), &Value::Null);
    let row = |line: crate::config::Line| {
        let (origin, about) = (word(format!("origin.{}", line.origin.code())), word(format!("about.{}", line.key)));
        vec![line.key.to_owned(), line.value, origin, about]
    };
    let rows: Vec<Vec<String>> = context.config.lines().into_iter().map(row).collect();
    print(&columns(&rows))?;
    Ok(ExitCode::SUCCESS)
}
