//! Sheets of OpenDocument (ODS). A reader of our own: calamine 0.38 stops at white space between cells, which GDAL, QGIS,
//! Gnumeric and SheetJS write, and knows no merged cells.

use super::evenings::is_evening;
use super::sheet::{Budget, Merge, NewSheet, Sheet};
use super::xml::{attribute, entity};
use chrono::NaiveDateTime;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, BufReader, Cursor, Read};
use zip::ZipArchive;

const MIMETYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";
/// Maximum size of the unpacked text.
const MOST_BYTES: u64 = 1 << 30;
/// Rows of the largest sheet.
const ROWS: u32 = 1 << 20;

/// A cell of the row that is being read.
#[derive(Default)]
struct Cell {
    column: u32,
    repeats: u32,
    spans: (u32, u32),
    value: Option<(String, bool)>,
    text: String,
    has_formula: bool,
    is_date: bool,
    is_covered: bool,
}

/// The sheets that are not empty; `None` if the bytes are no ODS.
pub fn sheets(bytes: &[u8]) -> Option<Result<Vec<Sheet>, String>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut mimetype = String::new();
    archive.by_name("mimetype").ok()?.take(100).read_to_string(&mut mimetype).ok()?;
    mimetype.starts_with(MIMETYPE).then(|| {
        let content = archive.by_name("content.xml").map_err(|e| e.to_string())?;
        read(BufReader::new(content.take(MOST_BYTES)))
    })
}

fn read(content: impl BufRead) -> Result<Vec<Sheet>, String> {
    let mut xml = quick_xml::Reader::from_reader(content);
    xml.config_mut().expand_empty_elements = true;
    let (mut sheets, mut budget) = (Vec::new(), Budget::default());
    let mut table = Table::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|e| e.to_string())? {
            Event::Start(element) => table.start(&element),
            Event::Text(text) => table.add_text(&text.xml10_content()),
            Event::CData(text) => table.add_text(&text.xml10_content()),
            Event::GeneralRef(reference) => table.add_text(&entity(&reference)),
            Event::End(element) => match element.name().as_ref() {
                "table:table-cell" | "table:covered-table-cell" => table.end_cell(),
                "table:table-row" => table.end_row(&mut budget)?,
                "office:annotation" => table.in_annotation = false,
                "text:p" => table.in_paragraph = false,
                "table:table" => {
                    let Table { name, sheet, .. } = std::mem::take(&mut table);
                    if !sheet.is_empty() {
                        sheets.push(sheet.finish(name, &mut budget)?);
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

/// The sheet that is being read.
#[derive(Default)]
struct Table {
    name: String,
    sheet: NewSheet,
    row: u32,
    row_repeats: u32,
    next_column: u32,
    cells: Vec<Cell>,
    cell: Option<Cell>,
    in_paragraph: bool,
    in_annotation: bool,
}

impl Table {
    fn start(&mut self, element: &BytesStart<'_>) {
        let number = |name: &str| attribute(element, name).and_then(|text| text.parse::<u32>().ok());
        match element.name().as_ref() {
            "table:table" => self.name = attribute(element, "table:name").unwrap_or_default(),
            "table:table-row" => {
                self.row_repeats = number("table:number-rows-repeated").unwrap_or(1);
                (self.next_column, self.cells) = (0, Vec::new());
            }
            name @ ("table:table-cell" | "table:covered-table-cell") => {
                let repeats = number("table:number-columns-repeated").unwrap_or(1);
                let spans = (number("table:number-rows-spanned"), number("table:number-columns-spanned"));
                self.cell = Some(Cell {
                    column: self.next_column,
                    repeats,
                    spans: (spans.0.unwrap_or(1), spans.1.unwrap_or(1)),
                    value: value(element),
                    text: String::new(),
                    has_formula: attribute(element, "table:formula").is_some(),
                    is_date: attribute(element, "office:value-type").is_some_and(|kind| kind == "date"),
                    is_covered: name == "table:covered-table-cell",
                });
                self.next_column = self.next_column.saturating_add(repeats);
            }
            "office:annotation" => self.in_annotation = true,
            "text:p" => {
                self.in_paragraph = true;
                if let Some(cell) = self.cell.as_mut().filter(|cell| !cell.text.is_empty() && !self.in_annotation) {
                    cell.text.push(' ');
                }
            }
            "text:s" | "text:tab" | "text:line-break" => self.add_text(" "),
            _ => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        if let Some(cell) = self.cell.as_mut().filter(|_| self.in_paragraph && !self.in_annotation) {
            cell.text.push_str(text);
        }
    }

    fn end_cell(&mut self) {
        // What lies below a merged cell is seen by nobody.
        self.cells.extend(self.cell.take().filter(|cell| !cell.is_covered));
    }

    fn end_row(&mut self, budget: &mut Budget) -> Result<(), String> {
        let cells = std::mem::take(&mut self.cells);
        let is_filled = cells.iter().any(|cell| cell.value.is_some() || cell.has_formula || !cell.text.is_empty());
        // Empty rows below a table are repeated to the end of the sheet.
        let repeats = if is_filled { self.row_repeats } else { 0 };
        for row in self.row..self.row.saturating_add(repeats).min(ROWS) {
            for cell in &cells {
                self.add_cell(row, cell, budget)?;
            }
        }
        self.row = self.row.saturating_add(self.row_repeats);
        Ok(())
    }

    fn add_cell(&mut self, row: u32, cell: &Cell, budget: &mut Budget) -> Result<(), String> {
        let (text, is_number) =
            cell.value.as_ref().map_or((cell.text.as_str(), false), |(text, is_number)| (text, *is_number));
        if text.trim().is_empty() {
            if cell.has_formula && cell.value.is_none() {
                self.sheet.formulas.push((row, cell.column));
            }
            return Ok(());
        }
        let (down, right) = cell.spans;
        if down > 1 || right > 1 {
            let last = |first: u32, cells: u32| first.saturating_add(cells.saturating_sub(1));
            let (rows, columns) = ((row, last(row, down)), (cell.column, last(cell.column, right)));
            self.sheet.merges.push(Merge { rows, columns });
        }
        // A day that is shown without hours and holds those of an evening was written in UTC.
        let shows_hours = cell.text.contains(':');
        let evening = text.parse::<NaiveDateTime>().ok().filter(|at| cell.is_date && !shows_hours && is_evening(*at));
        for column in cell.column..cell.column.saturating_add(cell.repeats) {
            match evening {
                Some(at) => self.sheet.add_evening((row, column), at, true, budget)?,
                None => self.sheet.add((row, column), text, is_number, budget)?,
            }
        }
        Ok(())
    }
}

/// The value of a cell where it is not its text, and whether it is a number.
fn value(element: &BytesStart<'_>) -> Option<(String, bool)> {
    // An error has an empty value and its name as text.
    if attribute(element, "calcext:value-type").is_some_and(|kind| kind == "error") {
        return None;
    }
    let given = |name: &str| attribute(element, name).filter(|text| !text.is_empty());
    match attribute(element, "office:value-type")?.as_str() {
        "float" | "currency" | "percentage" => {
            let number = given("office:value")?.parse::<f64>().ok().filter(|number| number.is_finite())?;
            Some((number.to_string(), true))
        }
        "date" => Some((given("office:date-value")?, false)),
        "time" => Some((given("office:time-value")?, false)),
        "boolean" => Some((given("office:boolean-value")?, false)),
        "string" => Some((given("office:string-value")?, false)),
        _ => None,
    }
}
