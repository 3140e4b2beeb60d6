//! Options of every verb that reads project files, and its progress output.

use super::{CliError, Context};
use crate::collection::Collection;
use crate::domain::Invalid;
use crate::duplicates::extract_owner;
use crate::import::{
    Crs, Field, Input, MatchedBy, Needs, Progress, ReadOptions, RefusedCell, Stated, Understood, write_table,
};
use crate::words::shell_word;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Maximum number of refused cells listed for one file.
const SHOWN: usize = 20;

#[derive(Debug, Default, Args)]
pub struct Reading {
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    #[arg(long, value_name = "EPSG:CODE")]
    crs: Option<String>,
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    #[arg(long)]
    swap: bool,
}

impl Reading {
    /// These options as arguments for a suggested command, without the layer, which belongs to this file only.
    pub fn arguments(&self) -> String {
        let mut text: String = self.map.iter().map(|pair| format!(" --map {}", shell_word(pair))).collect();
        if let Some(crs) = &self.crs {
            text.push_str(&format!(" --crs {}", shell_word(crs)));
        }
        if self.swap {
            text.push_str(" --swap");
        }
        text
    }

    pub fn options(&self, context: &Context, needs: Needs) -> Result<ReadOptions, CliError> {
        let crs = self.crs.as_deref().map(Crs::parse).transpose()?;
        Ok(ReadOptions {
            map: mapping(context, &self.map)?,
            crs,
            layer: self.layer.clone(),
            swap: self.swap,
            needs,
            owner_of: extract_owner,
            ..ReadOptions::default()
        })
    }
}

/// `title="Nama Paket"` as (field, column).
fn mapping(context: &Context, given: &[String]) -> Result<Vec<(String, String)>, CliError> {
    given
        .iter()
        .map(|pair| {
            let wrong = || CliError::Message(context.render("read.no_pair", json!({ "given": pair })));
            let (field, column) = pair.split_once('=').ok_or_else(wrong)?;
            Ok((field.trim().to_owned(), column.trim().to_owned()))
        })
        .collect()
}

/// The file named by an option; `-` is the standard input.
pub fn input(path: &Path) -> Input {
    if path == Path::new("-") { Input::standard_input() } else { Input::path(path) }
}

/// Several files, which may be read repeatedly: a pipe is copied first.
pub fn inputs(paths: &[PathBuf]) -> Result<Vec<Input>, CliError> {
    let copied = |path: &PathBuf| {
        let input = input(path);
        if !input.is_passing() {
            return Ok(input);
        }
        Ok(input.into_own_copy(|_| {})?.input)
    };
    paths.iter().map(copied).collect()
}

pub fn progress_bar(context: &Context) -> ProgressBar {
    let template = context.render("progress", json!({}));
    let style = ProgressStyle::with_template(&template);
    ProgressBar::new(1).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

pub fn show(bar: &ProgressBar, input: &Input, progress: &Progress) {
    bar.set_length(input.size().unwrap_or(1).max(1));
    bar.set_position(progress.bytes());
}

/// A field in words, with the name that `--map` takes if that is another one.
fn field_words(context: &Context, field: Field) -> String {
    let words = context.render(&format!("read.field.{field}"), json!({}));
    if words == field.as_str() { words } else { format!("{words} ({field})") }
}

/// How a file is interpreted: its columns and coordinate system.
pub fn show_understood(context: &Context, file: &str, given: Option<&Crs>, understood: &Understood) {
    for (by, key) in [(MatchedBy::User, "user"), (MatchedBy::Name, "name"), (MatchedBy::Guess, "guess")] {
        let columns: Vec<String> = understood
            .matched
            .iter()
            .filter(|matched| matched.by == by)
            .map(|matched| format!("{} = {}", matched.column, field_words(context, matched.field)))
            .collect();
        if !columns.is_empty() {
            let line = context.render(&format!("read.columns.{key}"), json!({ "columns": columns.join(", ") }));
            eprintln!("{file}: {line}");
        }
    }
    if !understood.unread.is_empty() {
        eprintln!("  {}", context.render("read.unread", json!({ "columns": understood.unread })));
    }
    if !understood.unread_layers.is_empty() {
        eprintln!("  {}", context.render("read.unread_layers", json!({ "layers": understood.unread_layers })));
    }
    if !understood.totals.is_empty() {
        let values = json!({ "count": understood.totals.len(), "rows": understood.totals });
        eprintln!("  {}", context.render("read.totals", values));
    }
    for note in &understood.notes {
        let key = format!("read.{}", note.code);
        eprintln!("  {}", context.render(&key, Value::Object(note.values.clone())));
    }
    show_crs(context, given, &understood.crs, understood.stated_crs.as_ref());
}

/// The coordinate system of a file, and whether the user's option overrules what the file states.
pub fn show_crs(context: &Context, given: Option<&Crs>, crs: &Crs, stated: Option<&Stated>) {
    let note = |key: &str, stated: Option<&str>| {
        let values = json!({ "crs": crs.to_string(), "stated": stated });
        eprintln!("  {}", context.render(key, values));
    };
    match (stated, given) {
        (Some(stated), Some(_)) if !crs.is_stated_by(stated) => note("read.crs_overruled", Some(&stated.given)),
        (Some(_), _) if !crs.is_wgs84() => note("read.crs_stated", None),
        (None, Some(_)) => note("read.crs", None),
        _ => {}
    }
    if crs.is_shifted() {
        note("read.crs_shifted", None);
    }
}

/// The message for files whose rows were all left out, with a suggestion.
pub fn nothing_left(context: &Context, collection: &Collection) -> Option<String> {
    if !collection.records.is_empty() || collection.refused.is_empty() {
        return None;
    }
    let in_metres = collection.refused.iter().any(|refusal| refusal.cell.invalid.code == "off_the_earth");
    Some(context.render("read.nothing_left", json!({ "in_metres": in_metres })))
}

/// The headings of a table of refused cells.
pub fn headings(context: &Context) -> [String; 4] {
    ["row", "column", "given", "what"].map(|key| context.render(&format!("refused.{key}"), json!({})))
}

/// How each file was interpreted, and the refused cells.
pub fn show_read(context: &Context, options: &ReadOptions, collection: &Collection) -> Result<(), CliError> {
    for (at, file) in collection.files.iter().enumerate() {
        if let Some(understood) = collection.understood.get(at) {
            show_understood(context, file, options.crs.as_ref(), understood);
        }
        for (cells, outcome) in [(&collection.refused, "read.wrong"), (&collection.unknown, "read.unknown")] {
            let cells: Vec<RefusedCell> =
                cells.iter().filter(|refusal| refusal.file == at).map(|refusal| refusal.cell.clone()).collect();
            if cells.is_empty() {
                continue;
            }
            eprintln!("{file}: {}", context.render(outcome, json!({ "count": cells.len() })));
            let message = |invalid: &Invalid| context.refusal(invalid);
            let more = |rest: usize| context.render("more", json!({ "count": rest }));
            let headings = headings(context);
            write_table(
                std::io::stderr().lock(),
                headings.each_ref().map(String::as_str),
                &cells,
                SHOWN,
                message,
                more,
            )
            .map_err(CliError::file(Path::new("/dev/stderr")))?;
        }
    }
    if let Some(warning) = nothing_left(context, collection) {
        eprintln!("{warning}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::Language;
    use crate::words::Words;

    #[test]
    fn every_field_of_a_row_has_words_in_both_languages() {
        for field in Field::ALL {
            let key = format!("terminal.read.field.{field}");
            for language in Language::ALL {
                assert!(Words::try_render(*language, &key, &json!({})).is_some(), "{key} {language}");
            }
        }
    }
}
