//! One row of a table as it stands, whatever it was read from.

use ::csv::StringRecord;

/// One row of a table.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// As a spreadsheet numbers it, from 1.
    pub row: u64,
    pub cells: StringRecord,
    /// Which cells are numbers of the format itself, with a decimal point; of text none.
    pub numbers: Vec<bool>,
    /// The file ended inside the last cell.
    pub is_open: bool,
}

impl Record {
    pub fn is_number(&self, column: usize) -> bool {
        self.numbers.get(column).copied().unwrap_or(false)
    }
}
