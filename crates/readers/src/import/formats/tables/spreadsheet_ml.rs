//! Sheets of SpreadsheetML, the XML of Excel 2003, which report programs still write and call `.xls`.

use super::sheet::{Budget, Merge, NewSheet, Sheet};
use super::xml::{attribute, decoded, entity};
use quick_xml::events::{BytesStart, Event};

const NAMESPACE: &[u8] = b"urn:schemas-microsoft-com:office:spreadsheet";
/// Bytes inspected for the name space.
const HEAD_BYTES: usize = 4_096;

/// The sheets that are not empty; `None` if the bytes are no SpreadsheetML.
pub fn sheets(bytes: &[u8]) -> Option<Result<Vec<Sheet>, String>> {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let is_archive = head.starts_with(b"PK") || head.starts_with(b"\xD0\xCF");
    let has_namespace = || head.windows(NAMESPACE.len()).any(|part| part == NAMESPACE);
    (!is_archive && has_namespace()).then(|| read(&decoded(bytes)))
}

/// The sheet that is being read; rows and columns are those of the next cell.
#[derive(Default)]
struct Table {
    name: String,
    sheet: NewSheet,
    row: u32,
    column: u32,
    /// Merged cells of earlier columns and rows that the next cell comes behind.
    right: u32,
    span: u32,
    kind: String,
    text: String,
    has_formula: bool,
    in_data: bool,
    in_comment: bool,
}

fn read(text: &str) -> Result<Vec<Sheet>, String> {
    let mut xml = quick_xml::Reader::from_str(text);
    xml.config_mut().expand_empty_elements = true;
    let (mut sheets, mut budget) = (Vec::new(), Budget::default());
    let mut table = Table::default();
    loop {
        match xml.read_event().map_err(|e| e.to_string())? {
            Event::Start(element) => table.start(&element),
            Event::Text(text) => table.add_text(&text.xml10_content()),
            Event::CData(text) => table.add_text(&text.xml10_content()),
            Event::GeneralRef(reference) => table.add_text(&entity(&reference)),
            Event::End(element) => match element.local_name().as_ref() {
                "Data" => table.in_data = false,
                "Comment" => table.in_comment = false,
                "Cell" => table.end_cell(&mut budget)?,
                "Row" => table.row = table.row.saturating_add(1 + table.span),
                "Worksheet" => {
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

impl Table {
    fn start(&mut self, element: &BytesStart<'_>) {
        // The name space is the default one in some files and has a prefix in others.
        let named = |name: &str| attribute(element, &format!("ss:{name}")).or_else(|| attribute(element, name));
        let number = |name: &str| named(name).and_then(|text| text.parse::<u32>().ok());
        match element.local_name().as_ref() {
            "Worksheet" => self.name = named("Name").unwrap_or_default(),
            "Row" => {
                self.row = number("Index").map_or(self.row, |index| index.saturating_sub(1));
                (self.column, self.span) = (0, number("Span").unwrap_or(0));
            }
            "Cell" => {
                self.column = number("Index").map_or(self.column, |index| index.saturating_sub(1));
                self.right = number("MergeAcross").unwrap_or(0);
                let down = number("MergeDown").unwrap_or(0);
                if self.right > 0 || down > 0 {
                    let rows = (self.row, self.row.saturating_add(down));
                    let columns = (self.column, self.column.saturating_add(self.right));
                    self.sheet.merges.push(Merge { rows, columns });
                }
                self.has_formula = named("Formula").is_some();
                self.text.clear();
                self.kind.clear();
            }
            "Data" if !self.in_comment => {
                self.kind = named("Type").unwrap_or_default();
                self.in_data = true;
            }
            "Comment" => self.in_comment = true,
            _ => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        if self.in_data && !self.in_comment {
            self.text.push_str(text);
        }
    }

    fn end_cell(&mut self, budget: &mut Budget) -> Result<(), String> {
        let place = (self.row, self.column);
        let number = (self.kind == "Number").then(|| self.text.trim().parse::<f64>().ok()).flatten();
        match number.filter(|number| number.is_finite()) {
            Some(number) => self.sheet.add(place, &number.to_string(), true, budget)?,
            None if self.text.trim().is_empty() && self.has_formula => self.sheet.formulas.push(place),
            None => self.sheet.add(place, &self.text, false, budget)?,
        }
        self.column = self.column.saturating_add(1 + self.right);
        Ok(())
    }
}
