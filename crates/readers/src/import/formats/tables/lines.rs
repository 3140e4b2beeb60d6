//! What the lines of a table show beside their cells: a heading that stands again, villages in chapters, a column of places
//! under any name.

use super::chapters::village_of;
use super::record::Record;
use crate::import::cells::numbers::is_blank;
use crate::import::cells::place_text;
use crate::import::rows::columns::Meaning;
use crate::import::rows::fields::Field;

/// The word for a village in the chapters of a list, where two of them name one.
pub fn village_word<'a>(sample: &[&'a Record]) -> Option<&'a str> {
    let mut villages = sample.iter().filter_map(|record| village_of(record));
    let (word, first) = villages.next()?;
    villages.any(|(_, other)| other != first).then_some(word)
}

/// The cells of a row as they are compared with the heading; `None` for a row with less than two.
pub fn heading_row(record: &Record) -> Option<Vec<String>> {
    let cells: Vec<String> = record.cells.iter().map(|cell| cell.trim().to_lowercase()).collect();
    let end = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    let filled = cells.iter().filter(|cell| !is_blank(cell)).count();
    (filled > 1).then(|| cells[..end].to_vec())
}

/// Whether a row is a heading that [`heading_row`] gave. Its first cells decide for nearly every row, without a copy of it.
pub fn is_heading_row(record: &Record, heading: &[String]) -> bool {
    let is_same = |cell: &str, name: &str| {
        let cell = cell.trim();
        if cell.is_ascii() { cell.eq_ignore_ascii_case(name) } else { cell.to_lowercase() == name }
    };
    let mut cells = record.cells.iter();
    heading.iter().all(|name| cells.next().is_some_and(|cell| is_same(cell, name)))
        && cells.all(|cell| cell.trim().is_empty())
}

/// Fields of which one is a place.
pub const PLACES: [Field; 4] = [Field::Geometry, Field::Coordinates, Field::Lat, Field::Lon];

/// The first column without a meaning whose filled cells all hold a place in a form that nothing else has: a track of a survey
/// app, WKT, a link to a pin.
pub fn column_of_places(heading: &[Meaning], sample: &[&Record]) -> Option<usize> {
    let is_place = |text: &str| matches!(place_text::place("", text, false), Some(Ok(_)));
    (0..heading.len()).filter(|at| heading[*at].field.is_none() && !heading[*at].name.is_empty()).find(|at| {
        let mut filled =
            sample.iter().filter_map(|record| record.cells.get(*at)).filter(|text| !is_blank(text)).peekable();
        filled.peek().is_some() && filled.all(is_place)
    })
}
