//! Workbooks (XLSX, XLSM, XLSB, XLS, ODS): the sheet with the table, as the text that a CSV file would have, so that one
//! reader understands both. Numbers get a decimal comma, as people of the field type them beside; days are `YYYY-MM-DD`.

use super::columns::Columns;
use super::error::ImportError;
use super::input::Input;
use calamine::{Data, Range, Reader, open_workbook_auto_from_rs};
use std::io::{Cursor, Read};

/// Sheets that are looked at for the table.
const SHEETS: usize = 20;
/// Rows in which the heading is looked for.
const ABOVE_HEADING: usize = 10;
/// The largest workbook: it is unpacked in memory.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The table of a workbook as bytes of UTF-8, columns separated by tabs, one line a row of the sheet: row numbers are
/// those that the spreadsheet shows. Of several sheets the one whose heading names most fields, the first of equals.
/// Memory: the whole sheet.
pub fn as_table(input: &Input, columns: &Columns) -> Result<Vec<u8>, ImportError> {
    let broken = |reason: String| ImportError::NotWorkbook { file: input.name().to_owned(), reason };
    let mut bytes = Vec::new();
    input.open()?.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|cause| input.unreadable(cause))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(broken(format!("it is larger than {} MiB", MOST_BYTES >> 20)));
    }
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| broken(e.to_string()))?;
    let mut best: Option<(usize, Range<Data>)> = None;
    for name in book.sheet_names().into_iter().take(SHEETS) {
        let sheet = book.worksheet_range(&name).map_err(|e| broken(format!("{name}: {e}")))?;
        let fields = fields_of(&sheet, columns);
        if !sheet.is_empty() && best.as_ref().is_none_or(|(most, _)| fields > *most) {
            best = Some((fields, sheet));
        }
    }
    let Some((_, sheet)) = best else { return Err(ImportError::Empty { file: input.name().to_owned() }) };
    Ok(as_text(&sheet))
}

/// How many fields the heading names, wherever near the top it stands.
fn fields_of(sheet: &Range<Data>, columns: &Columns) -> usize {
    let heading = |row: &[Data]| {
        let names: Vec<String> = row.iter().map(cell).collect();
        columns.count_fields(names.iter().map(String::as_str))
    };
    sheet.rows().take(ABOVE_HEADING).map(heading).max().unwrap_or(0)
}

fn as_text(sheet: &Range<Data>) -> Vec<u8> {
    let (first_row, first_column) = sheet.start().unwrap_or_default();
    // A row that holds nothing would be no row: two quotes keep its number.
    let mut text = "\"\"\n".repeat(first_row as usize).into_bytes();
    for row in sheet.rows() {
        let mut line: Vec<String> = vec![String::new(); first_column as usize];
        line.extend(row.iter().map(|data| quoted(&cell(data))));
        if line.iter().all(String::is_empty) {
            text.extend(b"\"\"");
        } else {
            text.extend(line.join("\t").bytes());
        }
        text.push(b'\n');
    }
    text
}

fn quoted(text: &str) -> String {
    // A line break in a cell is no new row of the sheet.
    let line = text.replace(['\n', '\r', '\t'], " ");
    if line.contains('"') { format!("\"{}\"", line.replace('"', "\"\"")) } else { line }
}

fn cell(data: &Data) -> String {
    match data {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        // 1.0 is written 1: codes and years are whole numbers to a spreadsheet too.
        Data::Float(number) => number.to_string().replace('.', ","),
        Data::DateTime(moment) => match moment.as_datetime() {
            Some(moment) => moment.date().to_string(),
            None => moment.as_f64().to_string().replace('.', ","),
        },
    }
}
