//! `tapak config`: what is in force and where it came from, secrets hidden.

use super::{CliError, Context};
use std::process::ExitCode;

pub fn run(context: &Context) -> Result<ExitCode, CliError> {
    let lines = context.config.lines();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let (keys, values, origins) = (width(0), width(1), width(2));
    for [key, value, origin, about] in &lines {
        println!("{key:keys$}  {value:values$}  {origin:origins$}  {about}");
    }
    Ok(ExitCode::SUCCESS)
}
