//! The records of CSV and its relatives: finds the delimiter and how quotes are escaped, and numbers rows as a spreadsheet
//! does.

use super::record::Record;
use super::text::{ROW_BYTES, RowEndless, Text};
use crate::import::error::ImportError;
use crate::import::formats::input::{Input, Progress};
use crate::import::rows::columns::Columns;
use ::csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};
use std::io::{Chain, Cursor, Read};

/// Bytes inspected to find the delimiter.
const HEAD_BYTES: usize = 1 << 16;
/// Rows inspected for it: the heading is among them.
const HEAD_ROWS: usize = 15;
const DELIMITERS: [u8; 4] = *b";,\t|";

/// The records of a text. Ends after an error.
pub struct CsvRecords {
    file: String,
    reader: Reader<Chain<Cursor<Vec<u8>>, Text>>,
    /// Line ends inside quotes so far: lines that are not rows.
    inner_lines: u64,
    last_row: u64,
    ended: bool,
}

impl CsvRecords {
    pub fn open(input: &Input, progress: &Progress, columns: &Columns) -> Result<Self, ImportError> {
        let mut text = Text::open(input, progress)?;
        let mut head = Vec::with_capacity(HEAD_BYTES);
        (&mut text).take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(|cause| input.unreadable(cause))?;
        text.start_row();
        let escape = text.has_backslash_quotes.then_some(b'\\');
        let hint = delimiter_line(&head);
        let delimiter = hint.map_or_else(|| find_delimiter(&head, escape, columns), |(delimiter, _)| delimiter);
        head.drain(..hint.map_or(0, |(_, bytes)| bytes));
        let reader = table(delimiter, escape).from_reader(Cursor::new(head).chain(text));
        Ok(Self { file: input.name().to_owned(), reader, inner_lines: 0, last_row: 0, ended: false })
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
}

impl Iterator for CsvRecords {
    type Item = Result<Record, ImportError>;

    /// The next record with its row number; a row without cells is skipped but counted.
    fn next(&mut self) -> Option<Self::Item> {
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
                let inside = cells.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
                let row = self.reader.position().line().saturating_sub(1 + self.inner_lines + inside);
                self.inner_lines += inside;
                // Text always ends with a line end: a record without its own ends inside a quote.
                let is_open = row <= self.last_row;
                self.last_row = if is_open { self.last_row + 1 } else { row };
                Some(Ok(Record { row: self.last_row, cells, numbers: Vec::new(), is_open }))
            }
            Err(error) => Some(Err(self.import_error(error))),
        }
    }
}

fn table(delimiter: u8, escape: Option<u8>) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).escape(escape).buffer_capacity(1 << 16);
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
fn find_delimiter(head: &[u8], escape: Option<u8>, columns: &Columns) -> u8 {
    let score = |delimiter: u8| {
        let mut reader = table(delimiter, escape).from_reader(head);
        let records = reader.records().take(HEAD_ROWS).map_while(Result::ok);
        records.map(|record| (columns.count_fields(record.iter()), record.len())).max().unwrap_or((0, 0))
    };
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}
