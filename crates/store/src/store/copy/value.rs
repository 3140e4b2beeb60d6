//! The form of a row that both engines share, and its bytes.

use serde::{Deserialize, Serialize};

/// A value as both engines store it: a moment is text, an id is 16 bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    Null,
    Whole(i64),
    /// Compared and kept by its bits.
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// The values of a row, in the order of its table's columns.
pub type Row = Vec<Value>;

/// Appends a row: postcard, which has one form for each value.
pub fn encode(row: &Row, to: &mut Vec<u8>) {
    let bytes = postcard::to_allocvec(row).expect("plain values have a form");
    to.extend_from_slice(&bytes);
}

/// The rows of a chunk; `None` if these bytes are none.
pub fn decode(mut bytes: &[u8]) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    while !bytes.is_empty() {
        let (row, rest) = postcard::take_from_bytes(bytes).ok()?;
        rows.push(row);
        bytes = rest;
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were_and_half_of_them_do_not() {
        let rows: Vec<Row> = vec![
            vec![Value::Null, Value::Whole(-7), Value::Real(0.1 + 0.2), Value::Text("Jalan É".to_owned())],
            vec![Value::Bytes(vec![0, 255]), Value::Whole(i64::MIN), Value::Real(-0.0), Value::Text(String::new())],
        ];
        let mut bytes = Vec::new();
        rows.iter().for_each(|row| encode(row, &mut bytes));
        assert_eq!(decode(&bytes), Some(rows));
        assert_eq!(decode(&bytes[..bytes.len() - 1]), None);
    }
}
