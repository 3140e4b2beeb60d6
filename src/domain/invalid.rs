//! What is wrong with an input: a stable code, the field, and the values that its sentence needs.
//! The sentence itself is made by the catalogue (`words/`), in the reader's language.

use serde_json::{Map, Value};

/// A refused value. `code` is stable and documented; `field` is the name the caller used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field}: {code}")]
pub struct Invalid {
    pub code: &'static str,
    pub field: String,
    /// What the sentence of this code speaks of, by name (`given`, `most`, `readings` …).
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

    /// The same complaint about a field further out: `parts[2].geometry`.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.field = if self.field.is_empty() { outer.to_owned() } else { format!("{outer}.{}", self.field) };
        self
    }
}
