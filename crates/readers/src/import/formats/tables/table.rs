//! A table of any format as records, which can be read again from their beginning.

use super::csv_records::CsvRecords;
use super::record::Record;
use super::sheet::{Merge, Sheet, SheetRecords};
use crate::import::error::ImportError;
use crate::import::formats::input::{Input, Progress};
use crate::import::rows::columns::Columns;
use std::sync::Arc;

/// A table that can be read again from its beginning.
#[derive(Clone)]
pub enum Table {
    /// CSV or the like.
    Text(Input),
    Sheet(Arc<Sheet>),
}

impl Table {
    /// The records from the first one on. `columns` tell a delimiter from a character of the cells.
    pub fn records(&self, progress: &Progress, columns: &Columns) -> Result<Records, ImportError> {
        Ok(match self {
            Self::Text(input) => Records::Text(Box::new(CsvRecords::open(input, progress, columns)?)),
            Self::Sheet(sheet) => Records::Sheet(SheetRecords::new(Arc::clone(sheet))),
        })
    }

    /// Cells that are one; text has none.
    pub fn merges(&self) -> &[Merge] {
        match self {
            Self::Text(_) => &[],
            Self::Sheet(sheet) => &sheet.merges,
        }
    }
}

/// The records of a table, in order.
pub enum Records {
    Text(Box<CsvRecords>),
    Sheet(SheetRecords),
}

impl Iterator for Records {
    type Item = Result<Record, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Text(records) => records.next(),
            Self::Sheet(records) => records.next().map(Ok),
        }
    }
}
