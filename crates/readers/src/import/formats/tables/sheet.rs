//! A sheet: cells at their places and which of them are merged, from whatever format.

use super::record::Record;
use ::csv::StringRecord;
use chrono::NaiveDateTime;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows and columns of the largest sheet that spreadsheets support.
const LARGEST: (u32, u32) = (1 << 20, 1 << 14);
/// Rows inspected for the heading.
const TOP_ROWS: usize = 15;
/// Maximum memory of the cells of a file: archives expand up to a thousandfold.
const MOST_BYTES: usize = 1 << 30;

/// A cell that is not empty; row and column from 0.
#[derive(Clone, Debug)]
pub struct Cell {
    pub row: u32,
    pub column: u32,
    /// One line; a number with a decimal point, a day as `YYYY-MM-DD`.
    pub text: String,
    /// A number of the format itself, not something that a person typed as text.
    pub is_number: bool,
}

/// Cells that are one, from the first to the last row and column, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    pub rows: (u32, u32),
    pub columns: (u32, u32),
}

/// A sheet that is not empty.
#[derive(Debug)]
pub struct Sheet {
    pub name: String,
    /// Somebody hid it: an earlier state, or lists that cells choose from.
    pub is_hidden: bool,
    /// By rows, then columns.
    cells: Vec<Cell>,
    pub merges: Vec<Merge>,
    /// Cells that were filled from the merged one above them.
    pub filled: Vec<(u32, u32)>,
    /// Cells of rows that are there that are merged over several columns: row, first and last column.
    pub wide: BTreeMap<u32, Vec<(u32, u32)>>,
    /// Formulas whose result is not in the file.
    pub formulas: Vec<(u32, u32)>,
    /// Days that a program wrote as the evening before, in UTC.
    pub evenings: Vec<(u32, u32)>,
}

/// Memory that the sheets of one file may still take.
#[derive(Debug)]
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MOST_BYTES)
    }
}

impl Budget {
    fn take(&mut self, bytes: usize) -> Result<(), String> {
        let left = self.0.checked_sub(bytes);
        self.0 = left.ok_or_else(|| format!("it holds over {} MiB", MOST_BYTES >> 20))?;
        Ok(())
    }
}

/// A sheet while it is read.
#[derive(Debug, Default)]
pub struct NewSheet {
    pub is_hidden: bool,
    cells: Vec<Cell>,
    pub merges: Vec<Merge>,
    pub formulas: Vec<(u32, u32)>,
    pub evenings: Vec<(u32, u32)>,
}

impl NewSheet {
    /// Adds a cell unless it is empty.
    pub fn add(&mut self, place: (u32, u32), text: &str, is_number: bool, budget: &mut Budget) -> Result<(), String> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let (row, column) = place;
        if row >= LARGEST.0 || column >= LARGEST.1 {
            return Err("a cell lies outside of every sheet".to_owned());
        }
        budget.take(text.len() + size_of::<Cell>())?;
        // A line break in a cell does not start a new row.
        let text = if text.contains(char::is_control) { text.replace(char::is_control, " ") } else { text.to_owned() };
        self.cells.push(Cell { row, column, text, is_number });
        Ok(())
    }

    /// Adds the day of an evening: the next one where it was written in UTC.
    pub fn add_evening(
        &mut self,
        place: (u32, u32),
        at: NaiveDateTime,
        is_next_day: bool,
        budget: &mut Budget,
    ) -> Result<(), String> {
        let day = if is_next_day { at.date().succ_opt() } else { None };
        if is_next_day {
            self.evenings.push(place);
        }
        self.add(place, &day.unwrap_or(at.date()).to_string(), false, budget)
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The sheet with its merged cells filled downwards, in rows that are there. Fails where that would not fit in memory.
    pub fn finish(self, name: String, budget: &mut Budget) -> Result<Sheet, String> {
        let Self { is_hidden, mut cells, merges, formulas, evenings } = self;
        // Programs may write cells in any order; of two at one place the last one applies.
        cells.sort_by_key(|cell| (cell.row, cell.column));
        cells.reverse();
        cells.dedup_by_key(|cell| (cell.row, cell.column));
        cells.reverse();
        let filled = fill_down(&mut cells, &merges, budget)?;
        let wide = wide(&cells, &merges, budget)?;
        Ok(Sheet { name, is_hidden, cells, merges, filled, wide, formulas, evenings })
    }
}

/// The places that were filled. A merged cell across columns stays where it is: a heading is filled when it is read, and
/// the name of a chapter above a list is no value of each column.
fn fill_down(cells: &mut Vec<Cell>, merges: &[Merge], budget: &mut Budget) -> Result<Vec<(u32, u32)>, String> {
    let mut rows: Vec<u32> = cells.iter().map(|cell| cell.row).collect();
    rows.dedup();
    let at = |row: u32, column: u32| cells.binary_search_by_key(&(row, column), |cell| (cell.row, cell.column));
    let mut new = Vec::new();
    for merge in merges.iter().filter(|merge| merge.rows.0 < merge.rows.1) {
        let Ok(first) = at(merge.rows.0, merge.columns.0) else { continue };
        let below = rows.partition_point(|row| *row <= merge.rows.0);
        for row in rows[below..].iter().copied().take_while(|row| *row <= merge.rows.1) {
            if at(row, merge.columns.0).is_err() {
                budget.take(cells[first].text.len() + size_of::<Cell>())?;
                new.push(Cell { row, ..cells[first].clone() });
            }
        }
    }
    let filled = new.iter().map(|cell| (cell.row, cell.column)).collect();
    if !new.is_empty() {
        cells.append(&mut new);
        cells.sort_by_key(|cell| (cell.row, cell.column));
        cells.dedup_by_key(|cell| (cell.row, cell.column));
    }
    Ok(filled)
}

fn wide(cells: &[Cell], merges: &[Merge], budget: &mut Budget) -> Result<BTreeMap<u32, Vec<(u32, u32)>>, String> {
    let mut wide: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
    let mut rows: Vec<u32> = cells.iter().map(|cell| cell.row).collect();
    rows.dedup();
    for merge in merges.iter().filter(|merge| merge.columns.0 < merge.columns.1) {
        let from = rows.partition_point(|row| *row < merge.rows.0);
        for row in rows[from..].iter().take_while(|row| **row <= merge.rows.1) {
            budget.take(size_of::<(u32, u32)>())?;
            wide.entry(*row).or_default().push(merge.columns);
        }
    }
    Ok(wide)
}

impl Sheet {
    /// The rows near the top, some of which are the heading.
    pub fn top_rows(&self) -> impl Iterator<Item = Vec<String>> {
        let rows = self.cells.chunk_by(|a, b| a.row == b.row).take(TOP_ROWS);
        rows.map(|row| row.iter().map(|cell| cell.text.clone()).collect())
    }
}

/// The rows of a sheet as records; empty rows are skipped but counted.
pub struct SheetRecords {
    sheet: Arc<Sheet>,
    at: usize,
}

impl SheetRecords {
    pub fn new(sheet: Arc<Sheet>) -> Self {
        Self { sheet, at: 0 }
    }
}

impl Iterator for SheetRecords {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let rest = &self.sheet.cells[self.at..];
        let row = rest.chunk_by(|a, b| a.row == b.row).next()?;
        self.at += row.len();
        let width = row.last().map_or(0, |cell| cell.column as usize + 1);
        let (mut cells, mut numbers) = (StringRecord::new(), vec![false; width]);
        let mut next = 0;
        for cell in row {
            (next..cell.column).for_each(|_| cells.push_field(""));
            cells.push_field(&cell.text);
            numbers[cell.column as usize] = cell.is_number;
            next = cell.column + 1;
        }
        Some(Record { row: u64::from(row[0].row) + 1, cells, numbers, is_open: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(cells: &[(u32, u32, &str)], merges: Vec<Merge>) -> Sheet {
        let (mut new, mut budget) = (NewSheet { merges, ..NewSheet::default() }, Budget::default());
        cells.iter().for_each(|(row, column, text)| new.add((*row, *column), text, false, &mut budget).unwrap());
        new.finish("DD".to_owned(), &mut budget).unwrap()
    }

    fn rows(sheet: Sheet) -> Vec<(u64, Vec<String>)> {
        let records = SheetRecords::new(Arc::new(sheet));
        records.map(|record| (record.row, record.cells.iter().map(str::to_owned).collect())).collect()
    }

    #[test]
    fn cells_stand_in_their_rows_whatever_the_order_in_which_they_came() {
        let read = rows(sheet(&[(4, 2, "c"), (0, 1, "alt"), (0, 1, "neu"), (4, 0, "a\nb")], Vec::new()));
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(read, [(1, row(&["", "neu"])), (5, row(&["a b", "", "c"]))]);
    }

    #[test]
    fn a_merged_cell_is_filled_down_in_rows_that_are_there_and_never_over_another() {
        let merge = Merge { rows: (1, 1 << 19), columns: (0, 3) };
        let read = sheet(&[(1, 0, "35.10"), (1, 4, "x"), (2, 4, "y"), (5, 0, "lain"), (9, 4, "z")], vec![merge]);
        assert_eq!(read.filled, [(2, 0), (9, 0)]);
        assert_eq!(
            rows(read).into_iter().map(|(row, cells)| (row, cells[0].clone())).collect::<Vec<_>>(),
            [(2, "35.10".to_owned()), (3, "35.10".to_owned()), (6, "lain".to_owned()), (10, "35.10".to_owned())]
        );
    }

    #[test]
    fn a_sheet_larger_than_the_memory_is_refused() {
        let (mut new, mut budget) = (NewSheet::default(), Budget(size_of::<Cell>() + 4));
        assert!(new.add((0, 0), "abc", false, &mut budget).is_ok());
        assert!(new.add((0, 1), "abc", false, &mut budget).is_err());
        assert!(new.add((1 << 20, 0), "a", false, &mut Budget::default()).is_err());
    }
}
