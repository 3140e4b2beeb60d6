//! What a file is, in words: for refusals that name it.

use crate::domain::person::Language;
use crate::words::Words;
use serde_json::{Map, Value};

/// The values of a refusal of a file; where they name a kind of file, also what that is and what would be right in its place.
pub fn with_kind(language: Language, mut values: Map<String, Value>) -> Map<String, Value> {
    let Some(kind) = values.get("kind").and_then(Value::as_str).map(str::to_owned) else { return values };
    for part in ["is", "right"] {
        let key = format!("terminal.file.{kind}.{part}");
        let sentence = Words::render(language, &key, &Value::Object(values.clone()));
        values.insert(part.to_owned(), sentence.into());
    }
    values
}
