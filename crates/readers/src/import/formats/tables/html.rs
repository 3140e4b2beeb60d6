//! Tables of a page, which many programs write and call `.xls`. Tags are followed as they come: such pages are seldom whole,
//! and a parser of XML would stop at the first `<br>`.

use super::mht;
use super::sheet::{Budget, Merge, NewSheet, Sheet};
use super::xml::{decoded, push_unescaped};

/// The widest and the tallest merged cell, as browsers have it.
const MOST_COLUMNS: u32 = 1_000;
const MOST_ROWS: u32 = 65_534;
/// How deep tables lie in each other; deeper ones are text of the cell around them.
const DEPTH: usize = 20;
/// Elements whose content is no text.
const UNREAD: [&str; 4] = ["script", "style", "title", "xml"];

/// The tables that are not empty, in the order in which they end; of an archive those of all its pages.
pub fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let (mut sheets, mut budget) = (Vec::new(), Budget::default());
    if !mht::is_archive(bytes) {
        read_tables(bytes, "", &mut sheets, &mut budget)?;
        return Ok(sheets);
    }
    for page in mht::pages(bytes)? {
        read_tables(&page.html, &page.name, &mut sheets, &mut budget)?;
    }
    Ok(sheets)
}

/// Adds the tables of a page; they are called by its name and their number on it.
fn read_tables(bytes: &[u8], page: &str, sheets: &mut Vec<Sheet>, budget: &mut Budget) -> Result<(), String> {
    let text = decoded(bytes);
    let mut open: Vec<Table> = Vec::new();
    let mut tables = 0;
    let mut finish = |table: Table, budget: &mut Budget| -> Result<(), String> {
        if !table.sheet.is_empty() {
            tables += 1;
            let name = match (page, tables) {
                ("", number) => number.to_string(),
                (page, 1) => page.to_owned(),
                (page, number) => format!("{page} {number}"),
            };
            sheets.push(table.sheet.finish(name, budget)?);
        }
        Ok(())
    };
    let mut rest = text.as_ref();
    while let Some(at) = rest.find('<') {
        if let Some(table) = open.last_mut() {
            table.add_text(&rest[..at]);
        }
        let Some((tag, behind)) = Tag::read(&rest[at..]) else {
            if let Some(table) = open.last_mut() {
                table.add_text("<");
            }
            rest = &rest[at + 1..];
            continue;
        };
        rest = behind;
        match (tag.name.as_str(), tag.is_end) {
            ("table", false) if open.len() < DEPTH => open.push(Table::default()),
            ("table", true) => {
                let Some(mut table) = open.pop() else { continue };
                table.end_cell(budget)?;
                finish(table, budget)?;
            }
            (name, false) if UNREAD.contains(&name) => rest = behind_element(rest, name),
            _ => {
                if let Some(table) = open.last_mut() {
                    table.follow(&tag, budget)?;
                }
            }
        }
    }
    // A page that breaks off shows what came.
    if let Some(table) = open.last_mut() {
        table.add_text(rest);
    }
    while let Some(mut table) = open.pop() {
        table.end_cell(budget)?;
        finish(table, budget)?;
    }
    Ok(())
}

/// What is behind the end tag of an element, or nothing.
fn behind_element<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = rest[from..].find("</").map(|at| from + at) {
        let behind = &rest[at + 2..];
        if behind.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return behind.find('>').map_or("", |end| &behind[end + 1..]);
        }
        from = at + 2;
    }
    ""
}

struct Tag<'a> {
    /// In lower case; empty for comments and declarations.
    name: String,
    is_end: bool,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The tag at the beginning of the text, and what is behind it; `None` if there is none.
    fn read(text: &'a str) -> Option<(Self, &'a str)> {
        let inner = text.strip_prefix('<')?;
        let nameless = |behind| Some((Self { name: String::new(), is_end: false, attributes: "" }, behind));
        if let Some(comment) = inner.strip_prefix("!--") {
            return nameless(comment.find("-->").map_or("", |end| &comment[end + 3..]));
        }
        if inner.starts_with(['!', '?']) {
            return nameless(inner.find('>').map_or("", |end| &inner[end + 1..]));
        }
        let is_end = inner.starts_with('/');
        let inner = inner.trim_start_matches('/');
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let end = inner.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(inner.len());
        let (name, rest) = inner.split_at(end);
        let close = end_of_tag(rest);
        let behind = rest.get(close + 1..).unwrap_or_default();
        Some((Self { name: name.to_ascii_lowercase(), is_end, attributes: &rest[..close] }, behind))
    }

    /// The value of an attribute: between quotes, or up to white space.
    fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
            let (key, behind) = rest.split_at(end);
            if key.is_empty() && behind.is_empty() {
                return None;
            }
            let value = behind.trim_start().strip_prefix('=').map(str::trim_start);
            let (value, behind) = match value {
                None => ("", behind),
                Some(value) => match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                    Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
                    None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
                },
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = behind;
        }
    }
}

/// The place of the `>` that ends a tag, which none between quotes does. Only behind `=` does a quote begin a value.
fn end_of_tag(text: &str) -> usize {
    let (mut quote, mut before) = (None, b' ');
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    text.len()
}

/// The table that is being read.
#[derive(Default)]
struct Table {
    sheet: NewSheet,
    /// The number of rows begun.
    rows: u32,
    column: u32,
    /// For each column the first row that no merged cell above reaches.
    free_from: Vec<u32>,
    cell: Option<Cell>,
}

struct Cell {
    column: u32,
    text: String,
    /// The number that Excel keeps beside the text that it shows.
    number: Option<f64>,
}

impl Table {
    fn follow(&mut self, tag: &Tag<'_>, budget: &mut Budget) -> Result<(), String> {
        match (tag.name.as_str(), tag.is_end) {
            ("tr", false) => {
                self.end_cell(budget)?;
                self.rows = self.rows.saturating_add(1);
                self.column = 0;
            }
            ("td" | "th", false) => {
                self.end_cell(budget)?;
                self.rows = self.rows.max(1);
                self.start_cell(tag);
            }
            ("td" | "th" | "tr", true) => self.end_cell(budget)?,
            ("br" | "p" | "div" | "li", _) => self.add_text(" "),
            _ => {}
        }
        Ok(())
    }

    fn start_cell(&mut self, tag: &Tag<'_>) {
        let row = self.rows - 1;
        let span = |name: &str, most: u32| {
            let span = tag.attribute(name).and_then(|text| text.trim().parse::<u32>().ok());
            span.unwrap_or(1).clamp(1, most)
        };
        let (right, down) = (span("colspan", MOST_COLUMNS), span("rowspan", MOST_ROWS));
        let is_taken = |column: u32| self.free_from.get(column as usize).is_some_and(|free| *free > row);
        let mut column = self.column;
        while is_taken(column) {
            column += 1;
        }
        self.column = column.saturating_add(right);
        if down > 1 {
            // Beyond the widest sheet a cell is refused when it is added.
            let end = (self.column as usize).min(1 << 14);
            if self.free_from.len() < end {
                self.free_from.resize(end, 0);
            }
            self.free_from[(column as usize).min(end)..end].fill(row.saturating_add(down));
        }
        if right > 1 || down > 1 {
            let (rows, columns) = ((row, row.saturating_add(down - 1)), (column, column.saturating_add(right - 1)));
            self.sheet.merges.push(Merge { rows, columns });
        }
        let number = tag.attribute("x:num").and_then(|text| text.trim().parse().ok()).filter(|n: &f64| n.is_finite());
        self.cell = Some(Cell { column, text: String::new(), number });
    }

    fn add_text(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell {
            push_unescaped(&mut cell.text, text);
        }
    }

    fn end_cell(&mut self, budget: &mut Budget) -> Result<(), String> {
        let Some(Cell { column, text, number }) = self.cell.take() else { return Ok(()) };
        let place = (self.rows.saturating_sub(1), column);
        match number {
            Some(number) => self.sheet.add(place, &number.to_string(), true, budget),
            None => {
                self.sheet.add(place, text.split_whitespace().collect::<Vec<_>>().join(" ").as_str(), false, budget)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::SheetRecords;
    use super::*;
    use std::sync::Arc;

    fn rows(page: &str) -> Vec<Vec<Vec<String>>> {
        let rows = |sheet| SheetRecords::new(Arc::new(sheet)).map(|r| r.cells.iter().map(str::to_owned).collect());
        sheets(page.as_bytes()).unwrap().into_iter().map(|sheet| rows(sheet).collect()).collect()
    }

    #[test]
    fn tables_are_read_as_a_browser_shows_them() {
        let page = "<html><head><style>td > a {}</style></head><body>\n<!-- <table> --><TABLE border=1>\
            <tr><th>No<th colspan=\"2\">Volume</tr>\n<tr><td rowspan=2>1&nbsp;<td>a &amp; b<br>c <b>d</b></td><td a='>' b=5\">3 < 4\
            <tr><td>x<script>var a = '</td>';</script><td x:num=\"1500.5\">1.500,50</table>";
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let expected = [row(&["No", "Volume"]), row(&["1", "a & b c d", "3 < 4"]), row(&["1", "x", "1500.5"])];
        assert_eq!(rows(page), [expected.to_vec()]);
    }

    #[test]
    fn a_table_in_a_cell_is_a_table_of_its_own_and_an_empty_one_is_none() {
        let page = "<table><tr><td>luar<table><tr><td>dalam</table></td><td>tepi</table><table><tr><td></table>";
        assert_eq!(rows(page), [vec![vec!["dalam".to_owned()]], vec![vec!["luar".to_owned(), "tepi".to_owned()]]]);
        let packed = "MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n";
        assert_eq!(rows(&format!("{packed}<table><tr><td>a=3D</table>")), [vec![vec!["a=".to_owned()]]]);
        assert!(rows("<html><p>Masuk dahulu").is_empty());
    }

    #[test]
    fn no_page_goes_on_forever() {
        let deep = "<table><tr><td>".repeat(10_000);
        assert_eq!(rows(&deep).len(), 0);
        let wide = format!("<table><tr>{}<td>x", "<td colspan=1000>".repeat(20));
        assert!(sheets(wide.as_bytes()).is_err());
    }
}
