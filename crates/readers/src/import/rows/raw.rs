//! A row as it stands in the file: cells by our field names, not yet understood.

use super::fields::Field;
use crate::domain::Invalid;
use crate::import::cells::writing::{Decimal, Writing};
use crate::import::crs::Crs;
use std::sync::Arc;

/// One cell that is read. Columns that mean nothing to us are dropped before.
#[derive(Clone, Debug, PartialEq)]
pub struct RawCell {
    /// Our field, `None` for a column that is only part of the key.
    pub field: Option<Field>,
    /// Of several columns that could be this field the lowest rank is meant.
    pub rank: u16,
    /// The column as the file calls it.
    pub column: Arc<str>,
    pub text: String,
    /// A number of the file format itself (JSON), with a decimal point, not something that a person typed.
    pub is_number: bool,
    /// How its column is written.
    pub writing: Writing,
}

impl RawCell {
    /// The decimal mark of this cell.
    pub fn decimal(&self) -> Decimal {
        if self.is_number { Decimal::Point } else { self.writing.decimal }
    }
}

/// The geometry that comes with a row apart from its cells.
#[derive(Clone, Debug, PartialEq)]
pub enum RawShape {
    /// None, or it stands in cells.
    None,
    Given(geo::Geometry<f64>),
    /// There is one and it cannot be read: why.
    Unreadable(String),
}

/// One row or feature.
#[derive(Clone, Debug, PartialEq)]
pub struct RawRow {
    /// As a spreadsheet numbers it: the heading of a CSV file is row 1. Of features the number, from 1.
    pub row: u64,
    pub cells: Vec<RawCell>,
    pub shape: RawShape,
    /// The format has geometries of its own (GeoJSON, FlatGeobuf, GeoPackage), so that none means "no place", not
    /// "unknown".
    pub shape_expected: bool,
    /// The row as a whole cannot be understood: (column, fault, what stood there).
    pub fault: Option<(String, Invalid, String)>,
}

impl RawRow {
    /// The cell of a field, empty ones included; `None` where the row has no such column. O(cells).
    pub fn cell(&self, field: Field) -> Option<&RawCell> {
        self.cells.iter().filter(|cell| cell.field == Some(field)).min_by_key(|cell| cell.rank)
    }

    /// The cell of a column, by the file's name.
    pub fn column(&self, name: &str) -> Option<&RawCell> {
        self.cells.iter().find(|cell| &*cell.column == name)
    }
}

/// How rows of different readings are recognized as the same project.
#[derive(Clone, Debug, PartialEq)]
pub enum Identity {
    /// The file has a column for it.
    Column,
    /// It is made from these columns, by the file's names.
    Made(Vec<Arc<str>>),
    /// The row's number: for comparing only, where the file has nothing else.
    Row,
}

/// The fields that a row needs to be of use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Needs {
    /// A title, a village, a fiscal year, and what makes it the same project at the next reading.
    #[default]
    Registration,
    /// A title; all else may be unknown.
    Comparison,
}

/// Takes the house owner's name out of a title: the title that stays, and the name.
pub type OwnerOf = fn(&str) -> (String, Option<String>);

/// How the cells of one file are to be understood; found once for the file.
#[derive(Clone, Debug)]
pub struct Reading {
    pub identity: Identity,
    pub needs: Needs,
    /// A row with a place needs no village: borders tell it.
    pub villages_by_place: bool,
    /// Numbers of this file have a decimal point (`12.5`), not the comma of Indonesia.
    pub decimal_point: bool,
    /// Exchanged coordinates are taken the other way round instead of being refused.
    pub swap: bool,
    /// The coordinate system of its coordinates.
    pub crs: Crs,
    /// Takes the house owner's name out of a title.
    pub owner_of: OwnerOf,
}
