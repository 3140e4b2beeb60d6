//! The rows of one layer of a file: a table, or features.

use super::feature_rows::FeatureRows;
use super::tables::rows::TableRows;
use crate::import::crs::Stated;
use crate::import::error::ImportError;
use crate::import::rows::columns::Columns;
use crate::import::rows::notes::Note;
use crate::import::rows::raw::RawRow;

pub enum LayerRows {
    Table(Box<TableRows>),
    Features(Box<FeatureRows>),
}

impl LayerRows {
    pub fn next_raw(&mut self) -> Option<Result<RawRow, ImportError>> {
        match self {
            Self::Table(rows) => rows.next_raw(),
            Self::Features(rows) => rows.next_raw(),
        }
    }

    pub fn carried_source(&self) -> Option<String> {
        match self {
            Self::Table(rows) => rows.carried.source.clone(),
            Self::Features(rows) => rows.carried.as_ref().and_then(|carried| carried.source.clone()),
        }
    }

    /// The year in a title above a table.
    pub fn year_above(&self) -> Option<i32> {
        match self {
            Self::Table(rows) => rows.year_above,
            Self::Features(_) => None,
        }
    }

    pub fn stated(&self) -> Option<&Stated> {
        match self {
            Self::Table(_) => None,
            Self::Features(rows) => rows.source.stated(),
        }
    }

    pub fn totals(&self) -> &[u64] {
        match self {
            Self::Table(rows) => &rows.totals,
            Self::Features(rows) => &rows.totals,
        }
    }

    /// What a reader should know about how the layer was read.
    pub fn notes(&self) -> Vec<Note> {
        match self {
            Self::Table(rows) => rows.notes(),
            Self::Features(rows) => rows.notes(),
        }
    }

    pub fn columns(&self) -> &Columns {
        match self {
            Self::Table(rows) => &rows.columns,
            Self::Features(rows) => &rows.columns,
        }
    }
}
