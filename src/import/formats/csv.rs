//! Text tables: detects the delimiter and the heading, and numbers rows as a spreadsheet does.

use super::input::{Input, Progress};
use super::text::{ROW_BYTES, RowEndless, Text};
use crate::domain::Invalid;
use crate::import::cells::numbers::{is_blank, shows_decimal_point};
use crate::import::error::ImportError;
use crate::import::rows::carried::{Carried, REASON, as_given};
use crate::import::rows::columns::{Columns, Meaning};
use crate::import::rows::fields::Field;
use crate::import::rows::identity::year_in;
use crate::import::rows::raw::{RawCell, RawRow, RawShape};
use crate::import::rows::total::is_total;
use ::csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};
use std::collections::VecDeque;
use std::io::{Chain, Cursor, Read};

/// Bytes inspected to find delimiter and heading.
const HEAD_BYTES: usize = 1 << 16;
/// Maximum number of rows above the heading: the title of a report.
const ABOVE_HEADING: usize = 10;
/// Rows inspected for the decimal separator.
const SAMPLE_ROWS: usize = 200;
/// More line breaks than any real cell has: its quote was never closed.
const CELL_LINES: usize = 50;
const DELIMITERS: [u8; 4] = *b";,\t|";

/// One row of the table.
struct Record {
    row: u64,
    cells: StringRecord,
    /// The file ended inside the last cell.
    is_open: bool,
}

/// The rows of a table.
pub struct TableRows {
    file: String,
    reader: Reader<Chain<Cursor<Vec<u8>>, Text>>,
    heading: Vec<Meaning>,
    pub columns: Columns,
    /// Numbers in this file have a decimal point.
    pub decimal_point: bool,
    /// The one year that the rows above the heading name.
    pub year_above: Option<i32>,
    /// Facts in the rows about their file.
    pub carried: Carried,
    /// Row numbers of the totals skipped so far.
    pub totals: Vec<u64>,
    /// Whether we wrote this table, from refused rows.
    is_own: bool,
    ahead: VecDeque<Result<Record, ImportError>>,
    /// Line ends inside quotes so far: lines that are not rows.
    inner_lines: u64,
    last_row: u64,
    ended: bool,
}

impl TableRows {
    pub fn open(input: &Input, progress: &Progress, mut columns: Columns) -> Result<Self, ImportError> {
        let mut text = Text::open(input, progress)?;
        let mut head = Vec::with_capacity(HEAD_BYTES);
        (&mut text).take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(|cause| input.unreadable(cause))?;
        text.start_row();
        let hint = delimiter_line(&head);
        let delimiter = hint.map_or_else(|| find_delimiter(&head, &columns), |(delimiter, _)| delimiter);
        head.drain(..hint.map_or(0, |(_, bytes)| bytes));
        let reader = table(delimiter).from_reader(Cursor::new(head).chain(text));
        let mut rows = Self {
            file: input.name().to_owned(),
            reader,
            heading: Vec::new(),
            columns: Columns::default(),
            decimal_point: false,
            year_above: None,
            carried: Carried::default(),
            totals: Vec::new(),
            is_own: false,
            ahead: VecDeque::new(),
            inner_lines: 0,
            last_row: 0,
            ended: false,
        };
        rows.buffer_rows(ABOVE_HEADING);
        let heading = rows.take_heading(&columns).ok_or_else(|| ImportError::Empty { file: rows.file.clone() })??;
        rows.is_own = heading.iter().any(|name| name.trim() == REASON);
        let heading = if rows.is_own { given(&heading) } else { heading };
        rows.heading = columns.meanings(heading.iter());
        rows.columns = columns;
        rows.buffer_rows(SAMPLE_ROWS);
        rows.carried = rows.find_carried();
        rows.decimal_point = rows.carried.decimal_point.unwrap_or_else(|| rows.find_decimal_point());
        Ok(rows)
    }

    pub fn next_raw(&mut self) -> Option<Result<RawRow, ImportError>> {
        loop {
            match self.next_record()? {
                Ok(record) if self.is_total(&record) => self.totals.push(record.row),
                read => return Some(read.map(|record| self.raw_row(&record))),
            }
        }
    }

    fn is_total(&self, record: &Record) -> bool {
        let field = |at: usize| self.heading.get(at).and_then(|meaning| meaning.field);
        !record.is_open && is_total(record.cells.iter().enumerate().map(|(at, cell)| (field(at), cell)))
    }

    /// The next row with all of its raw cells, and its number.
    pub fn next_cells(&mut self) -> Option<Result<(u64, StringRecord), ImportError>> {
        let read = self.next_record()?;
        Some(read.map(|record| (record.row, record.cells)))
    }

    /// The headings as written in the file.
    pub fn heading(&self) -> Vec<String> {
        self.heading.iter().map(|meaning| meaning.name.to_string()).collect()
    }

    /// The next record that is not empty.
    fn next_record(&mut self) -> Option<Result<Record, ImportError>> {
        loop {
            match self.ahead.pop_front().or_else(|| self.read_record())? {
                Ok(record) if record.cells.iter().all(is_blank) => {}
                Ok(record) if self.is_own => return Some(Ok(Record { cells: given(&record.cells), ..record })),
                read => return Some(read),
            }
        }
    }

    fn find_carried(&self) -> Carried {
        let first = self.ahead.iter().find_map(|read| read.as_ref().ok());
        let cell = |name: &str| {
            let at = self.heading.iter().position(|meaning| &*meaning.name == name)?;
            first?.cells.get(at)
        };
        Carried::of_row(cell)
    }

    fn raw_row(&self, record: &Record) -> RawRow {
        let of_interest =
            self.heading.iter().enumerate().filter(|(_, meaning)| meaning.field.is_some() || meaning.is_key);
        let cells = of_interest.map(|(at, meaning)| RawCell {
            field: meaning.field,
            rank: meaning.rank,
            column: meaning.name.clone(),
            text: record.cells.get(at).unwrap_or_default().to_owned(),
            is_number: false,
        });
        RawRow {
            row: record.row,
            cells: cells.collect(),
            shape: RawShape::None,
            shape_expected: false,
            fault: self.fault(record),
        }
    }

    /// The defect that makes a row unreadable as a whole: a quote that swallows the rows below, cells beyond the
    /// heading.
    fn fault(&self, record: &Record) -> Option<(String, Invalid, String)> {
        let column = |at: usize| self.heading.get(at).map_or_else(String::new, |meaning| meaning.name.to_string());
        let last = record.cells.len().saturating_sub(1);
        let mut cells = record.cells.iter().enumerate();
        let swallows =
            |(at, cell): &(usize, &str)| (record.is_open && *at == last) || cell.matches('\n').count() > CELL_LINES;
        if let Some((at, cell)) = cells.find(swallows) {
            return Some((column(at), Invalid::new("quote_not_closed", column(at)), cell.to_owned()));
        }
        let beyond = record.cells.iter().skip(self.heading.len()).find(|cell| !is_blank(cell))?;
        let invalid =
            Invalid::new("too_many_cells", "").with("given", record.cells.len()).with("most", self.heading.len());
        Some((String::new(), invalid, beyond.to_owned()))
    }

    /// The next record with its row number; a row without cells is skipped but counted.
    fn read_record(&mut self) -> Option<Result<Record, ImportError>> {
        if self.ended {
            return None;
        }
        self.reader.get_mut().get_mut().1.start_row();
        let mut cells = StringRecord::new();
        let read = self.reader.read_record(&mut cells);
        self.ended = !matches!(read, Ok(true));
        match read {
            Ok(false) => None,
            Ok(true) => {
                let inside = cells.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
                let row = self.reader.position().line().saturating_sub(1 + self.inner_lines + inside);
                self.inner_lines += inside;
                // Text always ends with a line end: a record without its own ends inside a quote.
                let is_open = row <= self.last_row;
                self.last_row = if is_open { self.last_row + 1 } else { row };
                Some(Ok(Record { row: self.last_row, cells, is_open }))
            }
            Err(error) => Some(Err(self.import_error(error))),
        }
    }

    fn import_error(&self, error: ::csv::Error) -> ImportError {
        let file = self.file.clone();
        match error.into_kind() {
            ErrorKind::Io(cause) if cause.get_ref().is_some_and(|inner| inner.is::<RowEndless>()) => {
                ImportError::RowTooLarge { file, row: self.last_row + 1, most_bytes: ROW_BYTES }
            }
            ErrorKind::Io(cause) => ImportError::Unreadable { file, cause },
            other => ImportError::Unreadable { file, cause: std::io::Error::other(format!("{other:?}")) },
        }
    }

    fn buffer_rows(&mut self, rows: usize) {
        while self.ahead.len() < rows {
            match self.read_record() {
                Some(record) => self.ahead.push_back(record),
                None => break,
            }
        }
    }

    /// Consumes the rows up to the heading: the first that names two fields, else the first that names one, else the
    /// first. A row of column numbers below it (`1 2 3 …`) is dropped too.
    fn take_heading(&mut self, columns: &Columns) -> Option<Result<StringRecord, ImportError>> {
        let read = self.ahead.iter().map_while(|read| read.as_ref().ok());
        let counts: Vec<usize> = read.map(|record| columns.count_fields(record.cells.iter())).collect();
        let at = [2, 1].iter().find_map(|least| counts.iter().position(|count| count >= least)).unwrap_or(0);
        let mut above: Vec<_> = self.ahead.drain(..(at + 1).min(self.ahead.len())).collect();
        let heading = above.pop()?;
        let above: Vec<&str> = above.iter().flatten().flat_map(|record| record.cells.iter()).collect();
        self.year_above = year_in(&above.join(" "));
        let is_number = |(at, cell): (usize, &str)| cell.trim_matches(['(', ')', ' ']) == (at + 1).to_string();
        let is_numbering = |record: &Record| record.cells.len() > 2 && record.cells.iter().enumerate().all(is_number);
        self.ahead.pop_front_if(|read| read.as_ref().is_ok_and(is_numbering));
        Some(heading.map(|record| record.cells))
    }

    /// Whether numbers in the first rows have a decimal point and none has a decimal comma.
    fn find_decimal_point(&self) -> bool {
        const NUMBERS: &[Field] =
            &[Field::Volume, Field::Budget, Field::Accuracy, Field::SegmentFrom, Field::SegmentTo];
        let of_interest: Vec<usize> = (0..self.heading.len())
            .filter(|at| self.heading[*at].field.is_some_and(|field| NUMBERS.contains(&field)))
            .collect();
        let records = self.ahead.iter().filter_map(|read| read.as_ref().ok());
        let shown =
            records.flat_map(|record| of_interest.iter().filter_map(|at| shows_decimal_point(record.cells.get(*at)?)));
        let (mut points, mut commas) = (0, 0);
        shown.for_each(|is_point| if is_point { points += 1 } else { commas += 1 });
        points > 0 && commas == 0
    }
}

/// The original cells of a table that we wrote from refused rows.
fn given(cells: &StringRecord) -> StringRecord {
    cells.iter().map(as_given).collect()
}

fn table(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(1 << 16);
    builder
}

/// Excel's own hint in the first line: `sep=;`. The delimiter and the length of that line.
fn delimiter_line(head: &[u8]) -> Option<(u8, usize)> {
    let end = head.iter().position(|byte| *byte == b'\n')?;
    let line = std::str::from_utf8(&head[..end]).ok()?.trim_matches('"');
    let delimiter = line.strip_prefix("sep=").or(line.strip_prefix("SEP="))?.bytes().next()?;
    Some((delimiter, end + 1))
}

/// The delimiter with which some row near the top names most fields, then has most cells.
fn find_delimiter(head: &[u8], columns: &Columns) -> u8 {
    let score = |delimiter: u8| {
        let mut reader = table(delimiter).from_reader(head);
        let records = reader.records().take(ABOVE_HEADING).map_while(Result::ok);
        records.map(|record| (columns.count_fields(record.iter()), record.len())).max().unwrap_or((0, 0))
    };
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}
