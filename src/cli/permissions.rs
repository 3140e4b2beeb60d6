//! `tapak permissions`: the table of permissions as a page.

use super::CliError;
use std::process::ExitCode;

pub fn run() -> Result<ExitCode, CliError> {
    super::print(&crate::http::permissions_page::markdown())?;
    Ok(ExitCode::SUCCESS)
}
