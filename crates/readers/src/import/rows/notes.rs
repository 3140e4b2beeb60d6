//! What a reader should know about how a file was read, beside its columns: a code of the catalogue with its values.

use serde_json::{Map, Value};

/// One thing to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// `read.CODE` of the catalogue.
    pub code: &'static str,
    pub values: Map<String, Value>,
}

impl Note {
    pub fn new(code: &'static str) -> Self {
        Self { code, values: Map::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }
}
