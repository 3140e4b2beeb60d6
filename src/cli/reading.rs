//! Options of every verb that reads files of projects, and what it shows meanwhile.

use super::{CliError, Context};
use crate::collection::Collection;
use crate::domain::Invalid;
use crate::duplicates::extract_owner;
use crate::import::{Crs, Input, MatchedBy, Needs, Progress, ReadOptions, RefusedCell, Understood, write_table};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

/// Refused cells that the terminal shows of one file.
const SHOWN: usize = 20;

#[derive(Debug, Default, Args)]
pub struct Reading {
    /// Which column is which field: --map title="Nama Paket" (repeat it)
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// Coordinate system of files that do not state theirs: --crs EPSG:32749 (longitude/latitude WGS 84)
    #[arg(long, value_name = "EPSG:CODE")]
    crs: Option<String>,
    /// Layer of a GeoPackage that has several
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// Take exchanged coordinates the other way round
    #[arg(long)]
    swap: bool,
}

impl Reading {
    /// These options again, for a command that is shown: the layer is one of the file that they were given for.
    pub fn arguments(&self) -> String {
        let mut text: String = self.map.iter().map(|pair| format!(" --map {}", quoted(pair))).collect();
        if let Some(crs) = &self.crs {
            text.push_str(&format!(" --crs {}", quoted(crs)));
        }
        if self.swap {
            text.push_str(" --swap");
        }
        text
    }

    pub fn options(&self, context: &Context, needs: Needs) -> Result<ReadOptions, CliError> {
        let crs = self.crs.as_deref().map(Crs::parse).transpose().map_err(|e| context.import(&e))?;
        Ok(ReadOptions {
            map: mapping(&self.map)?,
            crs,
            layer: self.layer.clone(),
            swap: self.swap,
            needs,
            owner_of: extract_owner,
            ..ReadOptions::default()
        })
    }
}

/// For a shell, where it has more than letters.
pub fn quoted(text: &str) -> String {
    let is_plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '/' | '-' | '_' | ',' | ':' | '='));
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// `title="Nama Paket"` as (field, column).
fn mapping(given: &[String]) -> Result<Vec<(String, String)>, CliError> {
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

/// How a file is read: which column as what, in which coordinate system.
pub fn show_understood(file: &str, given: Option<&Crs>, understood: &Understood) {
    let columns: Vec<String> = understood
        .matched
        .iter()
        .map(|matched| {
            let why = match matched.by {
                MatchedBy::User => " (--map)",
                MatchedBy::Name => "",
                MatchedBy::Guess => " (guessed)",
            };
            format!("{} ← {}{why}", matched.field, matched.column)
        })
        .collect();
    eprintln!("{file}: {}", columns.join(", "));
    if !understood.unread.is_empty() {
        eprintln!("  not read: {}", understood.unread.join(", "));
    }
    let crs = &understood.crs;
    match (&understood.stated_crs, given) {
        (Some(stated), Some(given)) if given != crs => {
            eprintln!("  coordinates: {crs}: the file says {stated}, which comes before --crs {given}");
        }
        (Some(_), _) if !crs.is_wgs84() => eprintln!("  coordinates: {crs}, as the file says"),
        (None, Some(_)) => eprintln!("  coordinates: {crs}"),
        _ => {}
    }
    if crs.is_shifted() {
        eprintln!("  {crs} is on an older datum: places may be some 5 to 45 m off");
    }
}

/// What is to be said of files of which every row was left out, and what to try.
pub fn nothing_left(collection: &Collection) -> Option<String> {
    if !collection.records.is_empty() || collection.refused.is_empty() {
        return None;
    }
    let in_metres = collection.refused.iter().any(|refusal| refusal.cell.invalid.code == "off_the_earth");
    let hint = if in_metres { "; coordinates in metres need --crs, such as --crs EPSG:32749" } else { "" };
    Some(format!("every row was left out, for what is said above{hint}"))
}

/// How each file was read, and the cells that kept rows out.
pub fn show_read(context: &Context, options: &ReadOptions, collection: &Collection) -> Result<(), CliError> {
    for (at, file) in collection.files.iter().enumerate() {
        if let Some(understood) = collection.understood.get(at) {
            show_understood(file, options.crs.as_ref(), understood);
        }
        for (cells, outcome) in [
            (&collection.refused, "are wrong, their rows are left out"),
            (&collection.unknown, "are not understood and count as unknown"),
        ] {
            let cells: Vec<RefusedCell> =
                cells.iter().filter(|refusal| refusal.file == at).map(|refusal| refusal.cell.clone()).collect();
            if cells.is_empty() {
                continue;
            }
            eprintln!("{file}: {} cells {outcome}", cells.len());
            let message = |invalid: &Invalid| context.invalid(invalid);
            let more = |rest: usize| format!("… and {rest} more");
            let headings = ["row", "column", "given", "what is wrong"];
            write_table(std::io::stderr().lock(), headings, &cells, SHOWN, message, more)
                .map_err(|e| CliError::Message(e.to_string()))?;
        }
    }
    if let Some(said) = nothing_left(collection) {
        eprintln!("{said}");
    }
    Ok(())
}
