//! Options of every verb that reads files of projects without a database, and what it shows meanwhile.

use super::{CliError, Context};
use crate::collection::Collection;
use crate::domain::Invalid;
use crate::duplicates::extract_owner;
use crate::import::{Input, Needs, Progress, ReadOptions, RefusedCell, write_table};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

/// Refused cells that the terminal shows of one file.
const SHOWN: usize = 20;

#[derive(Debug, Args)]
pub struct Reading {
    /// Which column is which field: --map title="Nama Paket" (repeat it)
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// Take exchanged coordinates the other way round
    #[arg(long)]
    swap: bool,
}

impl Reading {
    pub fn options(&self) -> Result<ReadOptions, CliError> {
        Ok(ReadOptions {
            map: mapping(&self.map)?,
            swap: self.swap,
            needs: Needs::Comparison,
            owner_of: extract_owner,
            ..ReadOptions::default()
        })
    }
}

/// `title="Nama Paket"` as (field, column).
pub fn mapping(given: &[String]) -> Result<Vec<(String, String)>, CliError> {
    given
        .iter()
        .map(|pair| {
            let wrong =
                || CliError::Message(format!("--map {pair}: FIELD=COLUMN is expected, such as title=\"Nama Paket\""));
            let (field, column) = pair.split_once('=').ok_or_else(wrong)?;
            Ok((field.trim().to_owned(), column.trim().to_owned()))
        })
        .collect()
}

pub fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:10} [{bar:40}] {percent:>3} %  {elapsed} of {duration}");
    ProgressBar::new(1).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

pub fn show(bar: &ProgressBar, input: &Input, progress: &Progress) {
    bar.set_message("reading");
    bar.set_length(input.size().unwrap_or(1).max(1));
    bar.set_position(progress.bytes());
}

/// The cells that kept rows out, file by file.
pub fn show_refused(context: &Context, collection: &Collection) -> Result<(), CliError> {
    for (at, file) in collection.files.iter().enumerate() {
        let cells: Vec<RefusedCell> = collection
            .refused
            .iter()
            .filter(|refusal| refusal.file == at)
            .map(|refusal| refusal.cell.clone())
            .collect();
        if cells.is_empty() {
            continue;
        }
        eprintln!("{file}: {} cells are wrong, their rows are left out", cells.len());
        let message = |invalid: &Invalid| context.invalid(invalid);
        let more = |rest: usize| format!("… and {rest} more");
        write_table(
            std::io::stderr().lock(),
            ["row", "column", "given", "what is wrong"],
            &cells,
            SHOWN,
            message,
            more,
        )
        .map_err(|e| CliError::Message(e.to_string()))?;
    }
    Ok(())
}
