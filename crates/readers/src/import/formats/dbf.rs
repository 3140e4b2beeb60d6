//! Tables of dBASE, as the attributes of a shapefile: row by row, deleted ones marked and not left out, so that row and shape
//! stay together.
//!
//! The crate `dbase` passes over deleted rows (the shapes after one then have the attributes of the next) and takes the empty
//! date of GDAL, `00000000`, for an error of the whole row.

use super::dbf_text::TextOf;
use super::input::Input;
use super::kind::Kind;
use crate::import::error::ImportError;
use chrono::NaiveDate;
use serde_json::{Map, Number, Value};
use std::io::{self, Read};

/// Bytes of the header before its columns, and of each column.
const HEAD: usize = 32;
/// Ends the list of columns.
const END: u8 = 0x0D;

struct Column {
    name: String,
    kind: u8,
    from: usize,
    to: usize,
}

/// The rows of a table.
pub struct Dbf {
    file: String,
    reader: Box<dyn Read + Send>,
    columns: Vec<Column>,
    text: TextOf,
    row: Vec<u8>,
    left: u64,
}

/// One row; `None` stands for one that was deleted.
pub type Row = Option<Map<String, Value>>;

impl Dbf {
    /// `cpg` is the text of the `.cpg` file beside it.
    pub fn open(input: &Input, cpg: Option<&str>) -> Result<Self, ImportError> {
        let file = input.name().to_owned();
        let unsound =
            |reason: &str| ImportError::Unsound { file: file.clone(), kind: Kind::Dbase, reason: reason.to_owned() };
        let broken = |cause: io::Error| match cause.kind() {
            io::ErrorKind::UnexpectedEof => unsound("its header breaks off"),
            _ => input.unreadable(cause),
        };
        let mut reader = input.open()?;
        let head: [u8; HEAD] = exactly(&mut reader).map_err(broken)?;
        let left = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        let [head_bytes, row_bytes] = [8, 10].map(|at| usize::from(u16::from_le_bytes([head[at], head[at + 1]])));
        let text = TextOf::find(cpg, head[29]);
        let mut rest = vec![0; head_bytes.checked_sub(HEAD).ok_or_else(|| unsound("its header is too short"))?];
        reader.read_exact(&mut rest).map_err(broken)?;
        let (mut columns, mut from) = (Vec::new(), 1);
        for column in rest.chunks_exact(HEAD).take_while(|column| column[0] != END) {
            let to = from + usize::from(column[16]);
            columns.push(Column { name: text.decode(&column[..11]), kind: column[11], from, to });
            from = to;
        }
        if from > row_bytes {
            return Err(unsound("its columns are wider than its rows"));
        }
        Ok(Self { file, reader, columns, text, row: vec![0; row_bytes], left })
    }

    pub fn columns(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The next row; `None` at the end.
    pub fn next_row(&mut self) -> Result<Option<Row>, ImportError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.reader.read_exact(&mut self.row).map_err(|cause| match cause.kind() {
            io::ErrorKind::UnexpectedEof => {
                let reason = format!("{} rows are missing at its end", self.left);
                ImportError::Unsound { file: self.file.clone(), kind: Kind::Dbase, reason }
            }
            _ => ImportError::Unreadable { file: self.file.clone(), cause },
        })?;
        self.left -= 1;
        if self.row.first() == Some(&b'*') {
            return Ok(Some(None));
        }
        let value = |column: &Column| value(column.kind, &self.row[column.from..column.to], self.text);
        Ok(Some(Some(self.columns.iter().map(|column| (column.name.clone(), value(column))).collect())))
    }
}

fn exactly<const N: usize>(reader: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A value by the type of its column; what no type holds is null.
fn value(kind: u8, bytes: &[u8], text: TextOf) -> Value {
    let ascii = || std::str::from_utf8(bytes).unwrap_or_default().trim_matches([' ', '\0']);
    let number = |number: f64| Number::from_f64(number).map_or(Value::Null, Value::Number);
    match kind {
        b'N' | b'F' => {
            // A program that knows no place for a number fills its field with stars.
            let whole = || ascii().parse::<i64>().ok().map(Value::from);
            whole().or_else(|| ascii().parse::<f64>().ok().map(number)).unwrap_or(Value::Null)
        }
        // GDAL writes an empty date as 00000000.
        b'D' => NaiveDate::parse_from_str(ascii(), "%Y%m%d").map_or(Value::Null, |day| day.to_string().into()),
        b'L' => match bytes.first() {
            Some(b'T' | b't' | b'Y' | b'y') => true.into(),
            Some(b'F' | b'f' | b'N' | b'n') => false.into(),
            _ => Value::Null,
        },
        b'I' | b'+' => bytes.first_chunk().map_or(Value::Null, |bytes| i32::from_le_bytes(*bytes).into()),
        b'O' => bytes.first_chunk().map_or(Value::Null, |bytes| number(f64::from_le_bytes(*bytes))),
        b'C' | b'V' => {
            let text = text.decode(bytes);
            if text.is_empty() { Value::Null } else { text.into() }
        }
        _ => Value::Null,
    }
}
