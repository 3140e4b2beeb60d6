//! How refused rows stand in a file of their own, and are read again: columns of ours before theirs, and cells that no
//! spreadsheet runs.

use crate::import::cells::writing::Decimal;
use std::borrow::Cow;

/// Why a row was refused; for people, no reader takes it.
pub const REASON: &str = "tapak_reason";
/// Whose ids the external ids of these rows are.
pub const SOURCE: &str = "tapak_source";
/// The decimal mark of the table that they come from.
pub const DECIMAL: &str = "tapak_decimal";
/// The key of the row where another row of that table has it: read again as it stands, it would replace that one.
pub const TAKEN_KEY: &str = "tapak_taken_key";
/// The columns of ours, in their order.
pub const OWN: [&str; 4] = [REASON, SOURCE, DECIMAL, TAKEN_KEY];

/// Spreadsheets run cells that begin so as formulas.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Makes a cell text in spreadsheets.
const TEXT_MARK: char = '\'';

/// A cell as it is written: behind a mark where a spreadsheet would run it. A cell that begins with the mark gets a second
/// one, so that [`as_given`] finds back what stood there. Numbers are run by nobody.
pub fn as_written(cell: &str) -> Cow<'_, str> {
    let is_number = cell.trim().replace(',', ".").parse::<f64>().is_ok();
    let is_run = cell.starts_with(FORMULA) && !is_number;
    if is_run || cell.starts_with(TEXT_MARK) { Cow::Owned(format!("{TEXT_MARK}{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell that [`as_written`] wrote, or that somebody corrected: a mark goes where it was set.
pub fn as_given(cell: &str) -> &str {
    match cell.strip_prefix(TEXT_MARK) {
        Some(given) if given.starts_with(FORMULA) || given.starts_with(TEXT_MARK) => given,
        _ => cell,
    }
}

/// Facts about the original file in a row of refused rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    pub source: Option<String>,
    pub decimal: Option<Decimal>,
}

impl Carried {
    /// `cell` finds a cell of a row by its column.
    pub fn of_row<'a>(cell: impl Fn(&str) -> Option<&'a str>) -> Self {
        let filled = |name| cell(name).map(str::trim).filter(|text| !text.is_empty());
        let decimal = |mark: &str| if mark == "." { Decimal::Point } else { Decimal::Comma };
        Self { source: filled(SOURCE).map(str::to_owned), decimal: filled(DECIMAL).map(decimal) }
    }
}

/// Whether a column is one that a file of refused rows has beside those that were given.
pub fn is_own(column: &str) -> bool {
    OWN.contains(&column)
}
