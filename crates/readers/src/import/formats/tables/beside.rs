//! Cells beside the table: a remark, a second table. They are named and cost no row, unless a stray separator pushed the cells
//! of a row out of their columns.

use super::record::Record;
use crate::import::cells::coordinates::degrees;
use crate::import::cells::dates::{day, year};
use crate::import::cells::money::money;
use crate::import::cells::numbers::{is_blank, number};
use crate::import::cells::quantities::quantity;
use crate::import::cells::writing::{DayOrder, Decimal};
use crate::import::rows::columns::{Columns, Meaning};
use crate::import::rows::fields::{Field, fold_heading};
use crate::import::rows::notes::Note;
use chrono::{FixedOffset, Offset, Utc};

/// The cells beside the table that were met.
#[derive(Debug, Default)]
pub struct Beside {
    cells: u64,
    /// The first one: its row and text.
    first: Option<(u64, String)>,
}

impl Beside {
    pub fn add(&mut self, row: u64, text: &str) {
        self.cells += 1;
        self.first.get_or_insert_with(|| (row, text.chars().take(40).collect()));
    }

    pub fn note(&self) -> Option<Note> {
        let (row, text) = self.first.as_ref()?;
        Some(Note::new("cells_beside").with("count", self.cells).with("row", *row).with("text", text.as_str()))
    }
}

/// The first column of a second table beside the first: behind a column without a name, columns are called as before.
pub fn second_table(names: &[String], columns: &Columns) -> Option<usize> {
    let folded: Vec<String> = names.iter().map(|name| fold_heading(name)).collect();
    let gaps = (1..names.len()).filter(|at| folded[*at].is_empty());
    gaps.into_iter().find(|gap| {
        let (before, behind) = folded.split_at(*gap);
        let again: Vec<&String> = behind.iter().filter(|name| !name.is_empty() && before.contains(name)).collect();
        again.len() > 1 || again.iter().any(|name| columns.is_known(name))
    })
}

/// Whether cells beyond the heading come of a stray separator: a cell that its column cannot have, or none that shows that
/// the others are in their columns.
pub fn is_shifted(record: &Record, heading: &[Meaning]) -> bool {
    let fits = |(at, meaning): (usize, &Meaning)| fits(meaning.field?, record.cells.get(at)?);
    let found: Vec<bool> = heading.iter().enumerate().filter_map(fits).collect();
    !found.contains(&true) || found.contains(&false)
}

/// Whether a cell may be of its column; `None` where any text may.
pub fn fits(field: Field, text: &str) -> Option<bool> {
    if is_blank(text) {
        return None;
    }
    let is_number = || number(text, false).is_some();
    let utc: FixedOffset = Utc.fix();
    Some(match field {
        field if field.is_sum() => money("", text, Decimal::Comma).is_ok(),
        Field::Volume => quantity("", text, Decimal::Comma).is_ok(),
        Field::FiscalYear => year(text).is_some(),
        Field::StartOn | Field::FinishOn => {
            [DayOrder::DayFirst, DayOrder::MonthFirst].iter().any(|order| day("", text, *order, utc).is_ok())
        }
        Field::Lat | Field::Lon | Field::EndLat | Field::EndLon => degrees("", text).is_ok() || is_number(),
        Field::Accuracy => is_number(),
        Field::Geometry => !text.trim().starts_with(|c: char| c.is_ascii_digit() || c == '-'),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_shifted_where_a_cell_cannot_be_of_its_column() {
        let mut columns = Columns::new(&[], &[]).unwrap();
        let heading: Vec<Meaning> =
            ["id", "judul", "tahun", "pagu", "lat"].iter().map(|name| columns.meaning(name).clone()).collect();
        let shifted = |cells: &[&str]| {
            is_shifted(&Record { cells: cells.iter().copied().collect(), ..Record::default() }, &heading)
        };
        assert!(!shifted(&["1", "Talud", "2025", "50.000.000", "-8,2", "cek lagi"]));
        assert!(!shifted(&["1", "Talud", "2025", "", "", "cek lagi"]));
        assert!(shifted(&["1", "Talud", " RT 3", "2025", "50.000.000", "-8,2"]));
        assert!(shifted(&["1", "Talud", "", "", "", "x"]));
    }

    #[test]
    fn a_second_table_begins_behind_the_gap() {
        let columns = Columns::new(&[], &[]).unwrap();
        let at =
            |names: &[&str]| second_table(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), &columns);
        assert_eq!(at(&["No", "Nama", "Pagu", "", "No", "Nama"]), Some(3));
        assert_eq!(at(&["Nama", "Tahun", "", "Nama"]), Some(2));
        assert_eq!(at(&["No", "Nama", "", "Pagu", "No"]), None);
        assert_eq!(at(&["Lat", "Lon", "Lat", "Lon"]), None);
    }
}
