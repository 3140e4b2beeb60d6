//! Values in the JSON that SQLite writes, to the last bit.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// A number with all its digits, as text; not a number where `?` says that they are not all there.
pub(super) fn number<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<f64, D::Error> {
    let text = Cow::<str>::deserialize(from)?;
    if text == "?" { Ok(f64::NAN) } else { text.parse().map_err(D::Error::custom) }
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
