//! The report of what a file's reader refused: by row and column, as a table for people and as CSV.

use crate::domain::Invalid;
use std::collections::HashMap;
use std::io::{self, Write};

/// Columns of a usual terminal.
pub const WIDTH: usize = 100;
/// A sentence gets this many columns, however wide the cells before it are.
const LEAST_WIDTH: usize = 35;
/// Rows named of cells with the same fault.
const ROWS: usize = 3;
/// How much of a refused cell is shown.
const GIVEN_CHARS: usize = 120;

/// One refused cell, or one refused row where the fault is of the row (then `column` is empty).
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedCell {
    /// As a spreadsheet numbers it: the heading of a CSV file is row 1. In GeoJSON the feature's number, from 1.
    pub row: u64,
    /// The column as the file calls it; `geometry` for a feature's geometry.
    pub column: String,
    /// The fault: code and values for the sentence. Its `field` is the column too.
    pub invalid: Invalid,
    /// The text of the cell, shortened.
    pub given: String,
}

impl RefusedCell {
    pub fn new(row: u64, column: &str, invalid: Invalid, given: &str) -> Self {
        Self { row, column: column.to_owned(), invalid, given: shorten(given) }
    }
}

/// Writes the table `row,column,given,code,message` with a heading. The sentence comes from the caller's catalogue.
/// A cell that a spreadsheet would run as a formula is written as text.
pub fn write_csv<'a>(
    out: impl Write,
    refused: impl IntoIterator<Item = &'a RefusedCell>,
    message: impl Fn(&Invalid) -> String,
) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(["row", "column", "given", "code", "message"])?;
    for cell in refused {
        table.write_record([
            &cell.row.to_string(),
            &as_text(&cell.column),
            &as_text(&cell.given),
            cell.invalid.code,
            &as_text(&message(&cell.invalid)),
        ])?;
    }
    table.flush()
}

/// Writes an aligned table for the terminal, at most `most` lines, then how many more cells there are. Cells of one column
/// with the same fault share a line. Returns the number of cells that were left out. `more` makes the last line from that
/// number. O(cells).
pub fn write_table(
    mut out: impl Write,
    headings: [&str; 4],
    refused: &[RefusedCell],
    most: usize,
    message: impl Fn(&Invalid) -> String,
    more: impl Fn(usize) -> String,
) -> io::Result<usize> {
    let alike = gather(refused, most);
    let shown: usize = alike.iter().map(|cells| cells.len()).sum();
    let lines: Vec<[String; 4]> = alike
        .iter()
        .map(|cells| {
            let first = cells[0];
            [rows(cells), one_line(&first.column, 20), one_line(&first.given, 24), message(&first.invalid)]
        })
        .collect();
    let mut widths = headings.map(|heading| heading.chars().count());
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let [row, column, given, _] = widths;
    let [h_row, h_column, h_given, h_message] = headings;
    if !lines.is_empty() {
        writeln!(out, "{h_row:>row$}  {h_column:<column$}  {h_given:<given$}  {h_message}")?;
    }
    let before = row + column + given + 6;
    for [number, name, text, sentence] in &lines {
        let mut parts =
            wrapped(sentence.split_whitespace(), " ", WIDTH.saturating_sub(before).max(LEAST_WIDTH)).into_iter();
        let first = parts.next().unwrap_or_default();
        writeln!(out, "{}", format!("{number:>row$}  {name:<column$}  {text:<given$}  {first}").trim_end())?;
        for part in parts {
            writeln!(out, "{:before$}{part}", "")?;
        }
    }
    let left_out = refused.len() - shown;
    if left_out > 0 {
        writeln!(out, "{}", more(left_out))?;
    }
    Ok(left_out)
}

/// The first `most` faults, each with all cells of one column that have it.
fn gather(refused: &[RefusedCell], most: usize) -> Vec<Vec<&RefusedCell>> {
    let mut alike: Vec<Vec<&RefusedCell>> = Vec::new();
    let mut places: HashMap<(&str, &str, String), usize> = HashMap::new();
    for cell in refused {
        let values = serde_json::to_string(&cell.invalid.values).unwrap_or_default();
        match places.get(&(cell.column.as_str(), cell.invalid.code, values.clone())) {
            Some(at) => alike[*at].push(cell),
            None if alike.len() < most => {
                places.insert((cell.column.as_str(), cell.invalid.code, values), alike.len());
                alike.push(vec![cell]);
            }
            None => {}
        }
    }
    alike
}

/// `2`, `2, 3`, `2, 3, 4 … (900)`.
fn rows(cells: &[&RefusedCell]) -> String {
    let first: Vec<String> = cells.iter().take(ROWS).map(|cell| cell.row.to_string()).collect();
    let more = if cells.len() > ROWS { format!(" … ({})", cells.len()) } else { String::new() };
    format!("{}{more}", first.join(", "))
}

/// Parts in lines of at most `width` characters, none of them broken; `joint` stands between them.
pub fn wrapped<'a>(parts: impl IntoIterator<Item = &'a str>, joint: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if [line, joint, part].map(|text| text.chars().count()).iter().sum::<usize>() <= width => {
                line.push_str(joint);
                line.push_str(part);
            }
            Some(line) => {
                line.push_str(joint.trim_end());
                lines.push(part.to_owned());
            }
            None => lines.push(part.to_owned()),
        }
    }
    lines
}

fn shorten(text: &str) -> String {
    if text.chars().nth(GIVEN_CHARS).is_none() {
        return text.to_owned();
    }
    text.chars().take(GIVEN_CHARS - 1).chain(['…']).collect()
}

/// For a terminal: no line breaks, no escape sequences, at most `most` characters.
fn one_line(text: &str, most: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if clean.chars().nth(most).is_none() {
        return clean;
    }
    clean.chars().take(most - 1).chain(['…']).collect()
}

/// Spreadsheets run cells that begin with these as formulas; an apostrophe makes them text.
fn as_text(cell: &str) -> String {
    let is_number = cell.replace(',', ".").parse::<f64>().is_ok();
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Vec<RefusedCell> {
        vec![
            RefusedCell::new(12, "Tahun", Invalid::new("not_a_year", "Tahun"), "dua ribu"),
            RefusedCell::new(1_200, "Pagu", Invalid::new("not_money", "Pagu"), "=HYPERLINK(\"x\")"),
        ]
    }

    #[test]
    fn the_csv_names_row_and_column_and_runs_no_formula() {
        let mut out = Vec::new();
        write_csv(&mut out, &refused(), |invalid| format!("{}!", invalid.code)).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "row,column,given,code,message\n12,Tahun,dua ribu,not_a_year,not_a_year!\n\
             1200,Pagu,\"'=HYPERLINK(\"\"x\"\")\",not_money,not_money!\n"
        );
    }

    #[test]
    fn the_terminal_table_is_aligned_and_says_how_many_more() {
        let mut out = Vec::new();
        let headings = ["Row", "Column", "Given", "What is wrong"];
        let left = write_table(&mut out, headings, &refused(), 1, |i| i.code.to_owned(), |n| format!("and {n} more"));
        assert_eq!(left.unwrap(), 1);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "Row  Column  Given     What is wrong\n 12  Tahun   dua ribu  not_a_year\nand 1 more\n");
    }

    #[test]
    fn one_fault_of_a_column_is_told_once_and_a_long_sentence_stays_on_the_terminal() {
        let cut = |row| RefusedCell::new(row, "Kode", Invalid::new("code_cut_by_spreadsheet", "Kode"), "3,51E+09");
        let long = RefusedCell::new(9, &"Kolom ".repeat(20), Invalid::new("long", ""), &"isi ".repeat(50));
        let cells = [vec![long], (2..902).map(cut).collect()].concat();
        let mut out = Vec::new();
        let sentence = |invalid: &Invalid| format!("{} {}", invalid.code, "kata ".repeat(40));
        let left = write_table(&mut out, ["Row", "Column", "Given", "What"], &cells, 2, sentence, |_| String::new());
        assert_eq!(left.unwrap(), 0);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("2, 3, 4 … (900)  Kode "), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert_eq!(text.matches("code_cut_by_spreadsheet").count(), 1);
    }

    #[test]
    fn parts_are_not_broken() {
        assert_eq!(wrapped(["a b", "c d", "e f"], ", ", 9), ["a b, c d,", "e f"]);
        assert_eq!(wrapped("satu dua tiga".split_whitespace(), " ", 8), ["satu dua", "tiga"]);
    }

    #[test]
    fn an_endless_cell_is_shortened() {
        let cell = RefusedCell::new(1, "title", Invalid::new("too_long", "title"), &"é".repeat(10_000));
        assert_eq!(cell.given.chars().count(), GIVEN_CHARS);
    }
}
