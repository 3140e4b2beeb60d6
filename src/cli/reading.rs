//! Options of every verb that reads project files, and its progress output.

use super::{CliError, Context};
use crate::collection::Collection;
use crate::domain::Invalid;
use crate::duplicates::extract_owner;
use crate::import::{
    Crs, Field, Headings, Input, MatchedBy, Needs, Progress, ReadOptions, RefusedCell, Stated, Understood, WIDTH,
    wrapped, write_table,
};
use crate::words::shell_word;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// How far lines below the first stand in.
const INDENT: usize = 4;

/// Maximum number of refused cells listed for one file.
const SHOWN: usize = 20;

#[derive(Debug, Default, Args)]
pub struct Reading {
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    #[arg(long, value_name = "FIELD=VALUE")]
    value: Vec<String>,
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
    #[arg(long, value_name = "FILE")]
    headings: Option<PathBuf>,
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
        let repeated = [("map", &self.map), ("value", &self.value), ("ignore", &self.ignore)];
        let mut text: String = repeated
            .into_iter()
            .flat_map(|(option, given)| given.iter().map(move |one| format!(" --{option} {}", shell_word(one))))
            .collect();
        if let Some(headings) = &self.headings {
            text.push_str(&format!(" --headings {}", shell_word(&headings.display().to_string())));
        }
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
            map: pairs(context, "--map", &self.map)?,
            values: pairs(context, "--value", &split_values(&self.value))?,
            ignore: self.ignore.clone(),
            headings: headings_table(context, self.headings.as_deref())?,
            crs,
            layer: self.layer.clone(),
            swap: self.swap,
            needs,
            owner_of: extract_owner,
            ..ReadOptions::default()
        })
    }
}

/// The user's own table of headings: named by the option, or else by the setting.
pub fn headings_table(context: &Context, named: Option<&Path>) -> Result<Headings, CliError> {
    let Some(path) = named.or(context.config.headings.as_deref()) else { return Ok(Headings::default()) };
    let text = std::fs::read_to_string(path).map_err(CliError::file(path))?;
    Ok(Headings::parse(&text)?)
}

/// `village_code=35.10.01.2001,year=2026` as two: at each comma behind which a name and an equals sign stand.
fn split_values(given: &[String]) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for text in given {
        for (at, part) in text.split(',').enumerate() {
            let is_name =
                |name: &str| !name.trim().is_empty() && name.trim().chars().all(|c| c.is_alphanumeric() || c == '_');
            match values.last_mut().filter(|_| at > 0 && !part.split_once('=').is_some_and(|(name, _)| is_name(name))) {
                Some(before) => {
                    before.push(',');
                    before.push_str(part);
                }
                None => values.push(part.to_owned()),
            }
        }
    }
    values
}

/// `title="Nama Paket"` as (field, column), or `year=2026` as (field, value).
fn pairs(context: &Context, option: &str, given: &[String]) -> Result<Vec<(String, String)>, CliError> {
    given
        .iter()
        .map(|pair| {
            let values = json!({ "option": option, "given": pair });
            let wrong = || CliError::Message(context.render("read.no_pair", values.clone()));
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
    let values = understood.values.iter().map(|(field, text)| format!("{} = {text}", field_words(context, *field)));
    let matched = |by: MatchedBy| {
        let matched = understood.matched.iter().filter(move |matched| matched.by == by);
        matched.map(|matched| format!("{} = {}", matched.column, field_words(context, matched.field))).collect()
    };
    let groups: [(&str, Vec<String>); 4] = [
        ("value", values.collect()),
        ("user", matched(MatchedBy::User)),
        ("name", matched(MatchedBy::Name)),
        ("guess", matched(MatchedBy::Guess)),
    ];
    for (key, columns) in groups.into_iter().filter(|(_, columns)| !columns.is_empty()) {
        let columns = wrapped(columns.iter().map(String::as_str), ", ", WIDTH - INDENT);
        let columns = columns.join(&format!("\n{:INDENT$}", ""));
        let line = context.render(&format!("read.columns.{key}"), json!({ "columns": columns }));
        eprintln!("{file}: {line}");
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

/// Refusals of places that another coordinate system may mend.
const OFF_THE_EARTH: [&str; 3] = ["off_the_earth", "metres_not_degrees", "outside_crs"];

/// The message for files of which no row was used, or of which every place is off the earth, with a suggestion.
pub fn nothing_left(context: &Context, collection: &Collection) -> Option<String> {
    let mut cells = collection.refused.iter().chain(&collection.unknown);
    let in_metres = cells.any(|refusal| OFF_THE_EARTH.contains(&refusal.cell.invalid.code));
    let has_places = || collection.records.iter().any(|record| !record.facts().parts.is_empty());
    if collection.records.is_empty() && !collection.refused.is_empty() {
        Some(context.render("read.nothing_left", json!({ "in_metres": in_metres })))
    } else {
        (in_metres && !has_places()).then(|| context.render("read.no_place_left", json!({})))
    }
}

/// The headings of a table of refused cells.
pub fn headings(context: &Context) -> [String; 4] {
    ["row", "column", "given", "what"].map(|key| context.render(&format!("refused.{key}"), json!({})))
}

/// The first of these cells with what is wrong with each.
pub fn show_cells(context: &Context, cells: &[RefusedCell]) -> Result<(), CliError> {
    let message = |invalid: &Invalid| context.refusal(invalid);
    let more = |rest: usize| context.render("more", json!({ "count": rest }));
    let headings = headings(context);
    let headings = headings.each_ref().map(String::as_str);
    write_table(std::io::stderr().lock(), headings, cells, SHOWN, message, more)
        .map_err(CliError::file(Path::new("/dev/stderr")))?;
    Ok(())
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
            show_cells(context, &cells)?;
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

    #[test]
    fn a_comma_parts_values_only_before_the_next_field() {
        let split = |given: &str| split_values(&[given.to_owned()]);
        assert_eq!(split("village_code=35.10.01.2001,year=2026"), ["village_code=35.10.01.2001", "year=2026"]);
        assert_eq!(split("executor=CV Maju, Jaya"), ["executor=CV Maju, Jaya"]);
        assert_eq!(split("title=a=b, c,year=2026"), ["title=a=b, c", "year=2026"]);
    }
}
