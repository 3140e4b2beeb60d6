//! `tapak openapi`: the description of the API, from which the page's types are generated.

use super::CliError;
use std::process::ExitCode;

pub fn run() -> Result<ExitCode, CliError> {
    let text = crate::http::routes::openapi().to_pretty_json().map_err(|e| CliError::Fault(e.to_string()))?;
    super::print(&format!("{text}\n"))?;
    Ok(ExitCode::SUCCESS)
}
