//! The refused rows of a file as a file of their own, to be corrected and imported again.
//!
//! The rows are unchanged, each with its reasons in front. The first reading's source and decimal mark go with them,
//! since these rows alone do not reveal them: the second reading then gives the same project the same key.

use super::cells::writing::Decimal;
use super::crs::{Crs, WGS84};
use super::error::ImportError;
use super::formats::features::Features;
use super::formats::geojson::feature_value;
use super::formats::input::{Format, Input, Progress};
use super::formats::json_record::as_feature;
use super::formats::layer_rows::LayerRows;
use super::formats::layers::Layers;
use super::formats::tables::rows::TableRows;
use super::options::ReadOptions;
use super::rows::carried::{OWN, REASON, SOURCE, TAKEN_KEY, as_written, is_own};
use super::rows::refusals::RefusedCell;
use crate::domain::Invalid;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Why the refused rows could not be written.
#[derive(Debug, thiserror::Error)]
pub enum RefusedRowsError {
    #[error(transparent)]
    Read(#[from] ImportError),
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// Where the rows come from, as their first reading understood the file.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    pub source: &'a str,
    pub crs: &'a Crs,
}

/// Why a row was refused.
#[derive(Default)]
struct Reason {
    text: String,
    /// Its key, where another row has it; else empty.
    taken_key: String,
}

/// Reads the file again and writes the rows of these cells: of a table as CSV (UTF-8 with its mark, `;`, as spreadsheets here
/// open it), of features as GeoJSON. Sentences come from the caller's catalogue. Memory: one row, and the reasons.
pub fn write_refused_rows(
    out: impl Write,
    input: &Input,
    options: &ReadOptions,
    origin: Origin<'_>,
    refused: &[RefusedCell],
    message: impl Fn(&Invalid) -> String,
) -> Result<(), RefusedRowsError> {
    let mut reasons: BTreeMap<u64, Reason> = BTreeMap::new();
    for cell in refused {
        let reason = reasons.entry(cell.row).or_default();
        let before = if reason.text.is_empty() { "" } else { " | " };
        let column = if cell.column.is_empty() { String::new() } else { format!("{}: ", cell.column) };
        reason.text.push_str(&format!("{before}{column}{}", message(&cell.invalid)));
        if let Some(key) = cell.invalid.values.get("key").and_then(Value::as_str) {
            reason.taken_key = key.to_owned();
        }
    }
    let columns = options.columns()?;
    let layers = Layers::open(input, &Progress::default())?;
    let at = layers.choose(options.layer.as_deref(), &|headings| columns.fit(headings))?;
    match layers.file_of(at).format() {
        Format::Csv | Format::Workbook => match layers.rows(at, columns)? {
            LayerRows::Table(rows) => table(out, *rows, origin.source, &reasons),
            LayerRows::Features(_) => Ok(()),
        },
        _ => features(out, &layers, at, origin, &reasons),
    }
}

/// The columns of ours stand first, then the village that a chapter above the row names: a row with more cells than headings
/// keeps them behind its own.
fn table(
    mut out: impl Write,
    mut rows: TableRows,
    source: &str,
    reasons: &BTreeMap<u64, Reason>,
) -> Result<(), RefusedRowsError> {
    out.write_all("\u{FEFF}".as_bytes())?;
    let mut csv = ::csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(out);
    let heading = rows.heading();
    let ours: Vec<bool> = heading.iter().map(|name| is_own(name)).collect();
    let taken_before = heading.iter().position(|name| name == TAKEN_KEY);
    let theirs = |at: usize| !ours.get(at).copied().unwrap_or(false);
    let decimal = match rows.decimal() {
        Decimal::Point => ".",
        Decimal::Comma => ",",
        Decimal::Unknown => "",
    };
    let village = rows.village_of_chapter().map(|(column, _)| column.to_owned());
    let heading = OWN.into_iter().chain(village.as_deref()).chain(kept(heading.iter().map(String::as_str), theirs));
    csv.write_record(heading.map(|cell| as_written(cell).into_owned())).map_err(io::Error::from)?;
    while let Some(read) = rows.next_cells() {
        let (row, cells) = read?;
        if let Some(reason) = reasons.get(&row) {
            // The mark of a row that is now refused for something else stays until somebody takes it away.
            let before = taken_before.and_then(|at| cells.get(at)).unwrap_or_default();
            let taken = if reason.taken_key.is_empty() { before } else { reason.taken_key.as_str() };
            let own = [reason.text.as_str(), source, decimal, taken];
            let village = rows.village_of_chapter().map(|(_, village)| village);
            let written = own
                .into_iter()
                .chain(village)
                .chain(kept(cells.iter(), theirs))
                .map(|cell| as_written(cell).into_owned());
            csv.write_record(written).map_err(io::Error::from)?;
        }
    }
    Ok(csv.flush()?)
}

fn kept<'a>(cells: impl Iterator<Item = &'a str>, keep: impl Fn(usize) -> bool) -> impl Iterator<Item = &'a str> {
    cells.enumerate().filter(move |(at, _)| keep(*at)).map(|(_, cell)| cell)
}

fn features(
    mut out: impl Write,
    layers: &Layers,
    at: usize,
    Origin { source, crs }: Origin<'_>,
    reasons: &BTreeMap<u64, Reason>,
) -> Result<(), RefusedRowsError> {
    write!(out, "{{\"type\":\"FeatureCollection\",")?;
    if crs.code() != WGS84 {
        let name = format!("urn:ogc:def:crs:EPSG::{}", crs.code());
        write!(out, "\"crs\":{},", json!({ "type": "name", "properties": { "name": name } }))?;
    }
    write!(out, "\"features\":[")?;
    let mut before = "\n";
    let mut put = |number: u64, feature: Value| -> io::Result<()> {
        if let Some(reason) = reasons.get(&number) {
            write!(out, "{before}{}", with_reason(feature, reason, source))?;
            before = ",\n";
        }
        Ok(())
    };
    if layers.file_of(at).format() == Format::GeoJson {
        // By its text: a geometry that cannot be read is to be corrected too.
        let mut texts = Features::open(layers.file_of(at).input(), &Progress::default())?;
        while let Some(text) = texts.next() {
            let text = text?;
            let unreadable = || {
                json!({ "type": "Feature", "properties": {
                "tapak_text": String::from_utf8_lossy(&text.json) }, "geometry": null })
            };
            let feature = feature_value(&text, &texts.fields).map_or_else(unreadable, as_feature);
            put(text.number, feature)?;
        }
    } else {
        for feature in layers.features(at)? {
            let feature = feature?;
            put(feature.number, feature.into_geojson())?;
        }
    }
    write!(out, "\n]}}\n")?;
    Ok(out.flush()?)
}

fn with_reason(mut feature: Value, reason: &Reason, source: &str) -> Value {
    if !feature["properties"].is_object() {
        feature["properties"] = Value::Object(Map::new());
    }
    feature["properties"][REASON] = reason.text.as_str().into();
    feature["properties"][SOURCE] = source.into();
    if !reason.taken_key.is_empty() {
        feature["properties"][TAKEN_KEY] = reason.taken_key.as_str().into();
    }
    feature
}
