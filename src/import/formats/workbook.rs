//! Workbooks (XLSX, XLSM, XLSB, XLS, ODS): the sheets as the text of CSV files, so that one reader handles both. Numbers get a decimal comma, as users type them in other cells; dates are `YYYY-MM-DD`.

use super::input::Input;
use super::kind::Kind;
use crate::import::error::ImportError;
use calamine::{Data, Reader, Sheets, open_workbook_auto_from_rs};
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Maximum number of sheets inspected for the table.
const SHEETS: usize = 20;
/// Number of rows inspected for the heading.
const ABOVE_HEADING: usize = 10;
/// Maximum size of a workbook: it is unpacked in memory.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Rows and columns of the largest sheet that spreadsheets support.
const SHEET: (u32, u32) = (1 << 20, 1 << 14);
/// Maximum text extracted from all sheets: archives expand up to a thousandfold.
const TEXT_BYTES: usize = 1 << 30;

/// The non-empty cells of a sheet: row and column from 0, text; by rows.
type Cells = Vec<(u32, u32, String)>;

/// A sheet that is not empty.
pub struct Sheet {
    pub name: String,
    cells: Cells,
}

/// The sheets of a workbook that are not empty, at most 20. Memory: their cells.
pub fn sheets(input: &Input) -> Result<Vec<Sheet>, ImportError> {
    let kind = input.kind()?;
    let broken = |reason: String| match kind {
        Kind::Zip => input.other_kind(kind),
        _ => ImportError::NotWorkbook { file: input.name().to_owned(), reason },
    };
    let mut bytes = Vec::new();
    input.open()?.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|cause| input.unreadable(cause))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(broken(format!("it is larger than {} MiB", MOST_BYTES >> 20)));
    }
    // The workbook reader makes some assumptions and panics if a file violates them: an error of the file.
    let read = catch_unwind(AssertUnwindSafe(|| read_sheets(&bytes)));
    let sheets = read.unwrap_or_else(|_| Err("its parts contradict each other".to_owned())).map_err(broken)?;
    if sheets.is_empty() {
        return Err(ImportError::Empty { file: input.name().to_owned() });
    }
    Ok(sheets)
}

fn read_sheets(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let mut sheets = Vec::new();
    let mut bytes = 0;
    for name in book.sheet_names().into_iter().take(SHEETS) {
        let cells = cells(&mut book, &name, &mut bytes).map_err(|reason| format!("{name}: {reason}"))?;
        if !cells.is_empty() {
            sheets.push(Sheet { name, cells });
        }
    }
    Ok(sheets)
}

/// Cell by cell if the format allows it: the full rectangle up to a single cell in the last corner would not fit in
/// memory.
fn cells(book: &mut Sheets<Cursor<&[u8]>>, name: &str, bytes: &mut usize) -> Result<Cells, String> {
    let mut taken = Taken { cells: Vec::new(), bytes };
    match book {
        Sheets::Xlsx(book) => {
            let mut reader = book.worksheet_cells_reader(name).map_err(|e| e.to_string())?;
            while let Some(found) = reader.next_cell().map_err(|e| e.to_string())? {
                taken.add_cell(found.get_position(), &Data::from(found.get_value().clone()))?;
            }
        }
        Sheets::Xlsb(book) => {
            let mut reader = book.worksheet_cells_reader(name).map_err(|e| e.to_string())?;
            while let Some(found) = reader.next_cell().map_err(|e| e.to_string())? {
                taken.add_cell(found.get_position(), &Data::from(found.get_value().clone()))?;
            }
        }
        Sheets::Xls(_) | Sheets::Ods(_) => {
            let sheet = book.worksheet_range(name).map_err(|e| e.to_string())?;
            let (row, column) = sheet.start().unwrap_or_default();
            for (down, right, data) in sheet.used_cells() {
                let place = |from: u32, by: usize| from.saturating_add(u32::try_from(by).unwrap_or(u32::MAX));
                taken.add_cell((place(row, down), place(column, right)), data)?;
            }
        }
    }
    // Programs may write cells in any order; of two at one position the last one applies.
    taken.cells.sort_by_key(|(row, column, _)| (*row, *column));
    taken.cells.reverse();
    taken.cells.dedup_by_key(|(row, column, _)| (*row, *column));
    taken.cells.reverse();
    Ok(taken.cells)
}

struct Taken<'a> {
    cells: Cells,
    /// Of all sheets so far.
    bytes: &'a mut usize,
}

impl Taken<'_> {
    fn add_cell(&mut self, (row, column): (u32, u32), data: &Data) -> Result<(), String> {
        let text = cell(data);
        if text.is_empty() {
            return Ok(());
        }
        if row >= SHEET.0 || column >= SHEET.1 {
            return Err("a cell lies outside of every sheet".to_owned());
        }
        *self.bytes += text.len() + size_of::<(u32, u32, String)>();
        if *self.bytes > TEXT_BYTES {
            return Err(format!("it holds over {} MiB", TEXT_BYTES >> 20));
        }
        self.cells.push((row, column, text));
        Ok(())
    }
}

impl Sheet {
    /// The rows near the top, one of which is the heading.
    pub fn top_rows(&self) -> impl Iterator<Item = Vec<String>> {
        self.rows().take(ABOVE_HEADING).map(|row| row.iter().map(|(_, _, text)| text.clone()).collect())
    }

    fn rows(&self) -> impl Iterator<Item = &[(u32, u32, String)]> {
        self.cells.chunk_by(|a, b| a.0 == b.0)
    }

    /// The sheet as UTF-8 bytes, columns separated by tabs, one line for each of its rows: row numbers are those of the
    /// spreadsheet.
    pub fn as_text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        let mut next = 0;
        for row in self.rows() {
            // An empty line would not count as a row: two quotes keep its number.
            (next..row[0].0).for_each(|_| text.extend(b"\"\"\n"));
            let mut at = 0;
            for (_, column, cell) in row {
                (at..*column).for_each(|_| text.push(b'\t'));
                text.extend(quoted(cell).bytes());
                at = *column;
            }
            text.push(b'\n');
            next = row[0].0 + 1;
        }
        text
    }
}

fn quoted(text: &str) -> String {
    // A line break in a cell does not start a new row.
    let line = text.replace(['\n', '\r', '\t'], " ");
    if line.contains('"') { format!("\"{}\"", line.replace('"', "\"\"")) } else { line }
}

fn cell(data: &Data) -> String {
    match data {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        // 1.0 is written as 1: to a spreadsheet, codes and years are floats too.
        Data::Float(number) => number.to_string().replace('.', ","),
        Data::DateTime(moment) => match moment.as_datetime() {
            Some(moment) => moment.date().to_string(),
            None => moment.as_f64().to_string().replace('.', ","),
        },
    }
}
