//! A fault of an input: a stable code, the field, and the values for its sentence. The catalogue (`words/`) writes the
//! sentence in the reader's language.

use serde_json::{Map, Value};

/// A refused value. `code` is stable and documented; `field` is the path of the value in what the caller sent, as JavaScript
/// writes it: `title`, `funding[0].amount_rupiah`, `footprint.parts[1].geometry`. Lists count from 0. In a file it is the
/// name of the column.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field}: {code}")]
pub struct Invalid {
    pub code: &'static str,
    pub field: String,
    /// The named values in the sentence of this code (`given`, `most`, `readings` …).
    pub values: Map<String, Value>,
}

impl Invalid {
    pub fn new(code: &'static str, field: impl Into<String>) -> Self {
        Self { code, field: field.into(), values: Map::new() }
    }

    /// Adds a value that the sentence shows.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// The same fault seen from further out: `parts[1].geometry` within `footprint`.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.field = if self.field.is_empty() { outer.to_owned() } else { format!("{outer}.{}", self.field) };
        self
    }

    /// The same fault, where the caller knows the value by another name.
    #[must_use]
    pub fn in_field(self, field: impl Into<String>) -> Self {
        Self { field: field.into(), ..self }
    }
}
