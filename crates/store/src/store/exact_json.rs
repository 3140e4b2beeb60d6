//! Values in the JSON that SQLite writes, to the last bit.
//!
//! SQLite writes a number with 15 digits. A number with more (0.1 + 0.2) is none in this JSON, and what it belongs to is to be
//! read another way.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use uuid::Uuid;

/// How SQLite writes a column of this type into JSON so that nothing of it is lost.
pub(super) trait InJson {
    fn in_json(column: &str) -> String {
        column.to_owned()
    }
}

impl InJson for String {}
impl InJson for Option<String> {}
impl InJson for i64 {}
impl InJson for Option<i64> {}

impl InJson for Uuid {
    fn in_json(column: &str) -> String {
        format!("hex({column})")
    }
}

impl InJson for Option<Uuid> {
    fn in_json(column: &str) -> String {
        format!("CASE WHEN {column} IS NOT NULL THEN hex({column}) END")
    }
}

impl InJson for Vec<u8> {
    fn in_json(column: &str) -> String {
        format!("hex({column})")
    }
}

impl InJson for f64 {
    fn in_json(column: &str) -> String {
        all_digits(column)
    }
}

impl InJson for Option<f64> {
    fn in_json(column: &str) -> String {
        all_digits(column)
    }
}

/// A number as text, all of whose digits are there, and 0, which is no text, where 15 are too few. Most are whole, and those are
/// written fastest.
fn all_digits(column: &str) -> String {
    format!(
        "CASE WHEN {column} IS NULL THEN NULL
            WHEN {column} = CAST({column} AS INTEGER) THEN CAST(CAST({column} AS INTEGER) AS TEXT)
            WHEN CAST(CAST({column} AS TEXT) AS REAL) = {column} THEN CAST({column} AS TEXT) ELSE 0 END"
    )
}

/// A number with all its digits; an error where they are not all there.
pub(super) fn number<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<f64, D::Error> {
    Cow::<str>::deserialize(from)?.parse().map_err(D::Error::custom)
}

pub(super) fn some_number<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    struct Number(#[serde(deserialize_with = "number")] f64);
    Ok(Option::<Number>::deserialize(from)?.map(|number| number.0))
}

/// Bytes as SQLite's `hex` writes them.
pub(super) fn from_hex<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Vec<u8>, D::Error> {
    let text = Cow::<str>::deserialize(from)?;
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let byte = |pair: &[u8]| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?);
    text.as_bytes().chunks(2).map(byte).collect::<Option<_>>().ok_or_else(|| D::Error::custom("not hex"))
}
