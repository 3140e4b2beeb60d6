//! The cells of one row while it is parsed: the refused ones, and the values of the accepted ones.

use super::fields::Field;
use super::raw::{RawCell, RawRow, Reading};
use super::refusals::RefusedCell;
use crate::domain::activity::ActivityCode;
use crate::domain::project::{Authority, Status};
use crate::domain::text::{NAME_CHARS, line};
use crate::domain::{Day, Invalid};
use crate::import::cells::numbers::is_blank;
use std::collections::BTreeMap;

/// A row while it is parsed.
pub struct Cells<'a> {
    pub row: &'a RawRow,
    pub reading: &'a Reading,
    pub refused: Vec<RefusedCell>,
    /// Not understood, and no reason to leave the row out.
    pub unknown: Vec<RefusedCell>,
    /// By field; becomes [`ProjectRow::cells`](super::ProjectRow).
    pub canonical: BTreeMap<String, String>,
    /// Whether anybody will ask for `canonical`.
    pub remembers: bool,
}

impl Cells<'_> {
    /// Parses a cell that may be absent or empty, and remembers its value. One that is not understood costs its own value,
    /// not the row: it is unknown.
    pub fn optional<T: Canonical>(
        &mut self,
        field: Field,
        parse: impl Fn(&RawCell) -> Result<Option<T>, Invalid>,
    ) -> Option<T> {
        let cell = self.row.cell(field)?;
        let parsed = if is_blank(&cell.text) { Ok(None) } else { parse(cell) };
        self.remembered(field, parsed).unwrap_or_else(|invalid| {
            self.doubt(cell, invalid);
            None
        })
    }

    /// As [`Cells::optional`]; refused where it is absent, empty or not understood, since nobody knows the work without it.
    pub fn needed<T: Canonical>(&mut self, field: Field, parse: impl Fn(&RawCell) -> Result<T, Invalid>) -> Option<T> {
        let Some(cell) = self.row.cell(field).filter(|cell| !is_blank(&cell.text)) else {
            let column = self.row.cell(field).map_or(field.as_str(), |cell| &cell.column);
            self.refused.push(RefusedCell::new(self.row.row, column, Invalid::new("missing", column), ""));
            return None;
        };
        self.remembered(field, parse(cell).map(Some)).unwrap_or_else(|invalid| {
            self.refuse(cell, invalid);
            None
        })
    }

    fn remembered<T: Canonical>(
        &mut self,
        field: Field,
        parsed: Result<Option<T>, Invalid>,
    ) -> Result<Option<T>, Invalid> {
        if let Ok(value) = &parsed
            && self.remembers
        {
            self.remember(field, value.as_ref().map(Canonical::canonical).unwrap_or_default());
        }
        parsed
    }

    /// A name, or another line of text.
    pub fn text(&mut self, field: Field) -> Option<String> {
        self.optional(field, |cell| line(&cell.column, &cell.text, NAME_CHARS))
    }

    /// Remembers the value of a field, as canonical text.
    pub fn remember(&mut self, field: Field, text: String) {
        if self.remembers {
            self.canonical.insert(field.as_str().to_owned(), text);
        }
    }

    /// Remembers why the value of a cell is unknown.
    pub fn doubt(&mut self, cell: &RawCell, invalid: Invalid) {
        self.unknown.push(RefusedCell::new(self.row.row, &cell.column, invalid, &cell.text));
    }

    /// Remembers why a cell is refused, and with it the row.
    pub fn refuse(&mut self, cell: &RawCell, invalid: Invalid) {
        self.refused.push(RefusedCell::new(self.row.row, &cell.column, invalid, &cell.text));
    }
}

/// How a value stands among the canonical cells.
pub trait Canonical {
    fn canonical(&self) -> String;
}

macro_rules! canonical_as_shown {
    ($($kind:ty),+) => { $(impl Canonical for $kind { fn canonical(&self) -> String { self.to_string() } })+ };
}
canonical_as_shown!(String, ActivityCode, Status, Authority, Day, i32, i64, f64);
