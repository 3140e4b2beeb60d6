//! A file that somebody brought in the page to be imported: what is said of it, and what was found in it.

use super::text::line;
use super::{Invalid, closed_set};
use crate::domain::verdict::{Band, Evidence, VerdictKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// Cells of one file that are corrected by hand: for more the file is the better place.
pub const MOST_CORRECTIONS: usize = 1_000;
/// Columns, values and keys that are chosen by hand.
const MOST_CHOICES: usize = 300;
/// The longest text of a correction: an outline as WKT.
const CELL_CHARS: usize = 20_000;
/// The longest heading, name of a layer, or value of every row.
const NAME_CHARS: usize = 500;

closed_set! {
    /// How far an upload is.
    UploadState {
        /// Its bytes are on disk; it waits to be read.
        Received = "received",
        Reading = "reading",
        /// Read: what storing it would bring is known.
        Checked = "checked",
        /// To be stored, or being stored.
        Storing = "storing",
        Stored = "stored",
        /// As a whole it could not be read or stored.
        Failed = "failed",
    }
}

closed_set! {
    /// A list that belongs to an upload.
    UploadList {
        /// Cells that are wrong: their rows are not stored.
        Refused = "refused",
        /// Cells that are not understood: their values are unknown, their rows good.
        Unknown = "unknown",
        /// Cells that a person edited in Tapak: they stay as that person wrote them.
        Kept = "kept",
        /// Works that would be recorded twice.
        Double = "double",
    }
}

/// What a column is read as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnChoice {
    /// As the file calls it.
    pub column: String,
    /// `null`: it is set aside.
    pub field: Option<String>,
}

/// A value in every row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueChoice {
    pub field: String,
    pub text: String,
}

/// One cell corrected by hand; the file stays as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CellCorrection {
    pub row: u64,
    /// As the list of refused cells names it; `geometry` is the place of the row, in whichever columns it stands.
    pub column: String,
    pub text: String,
}

/// What a person says of a file, all of it at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UploadOptions {
    /// Whose ids the ids of the rows are; by default the name of the file.
    pub source: Option<String>,
    /// The sheet or layer, where the file has several.
    pub layer: Option<String>,
    /// `EPSG:32749`, whatever the file states.
    pub crs: Option<String>,
    /// Takes exchanged coordinates the other way round.
    pub swap: bool,
    pub columns: Vec<ColumnChoice>,
    pub values: Vec<ValueChoice>,
    /// Columns or fields that make the id, where no column holds one.
    pub key: Vec<String>,
    pub cells: Vec<CellCorrection>,
    /// Rows far from their village whose place is taken by the reading that fits.
    pub readings: Vec<u64>,
}

impl UploadOptions {
    /// Refuses more or longer texts than anybody writes; the error names the one at fault.
    pub fn checked(mut self) -> Result<Self, Invalid> {
        let counts = [
            ("columns", self.columns.len(), MOST_CHOICES),
            ("values", self.values.len(), MOST_CHOICES),
            ("key", self.key.len(), MOST_CHOICES),
            ("cells", self.cells.len(), MOST_CORRECTIONS),
            ("readings", self.readings.len(), MOST_CORRECTIONS),
        ];
        if let Some((name, count, most)) = counts.into_iter().find(|(_, count, most)| count > most) {
            return Err(Invalid::new("too_many_corrections", name).with("given", count).with("most", most));
        }
        self.source = line("source", self.source.as_deref().unwrap_or_default(), NAME_CHARS)?;
        self.crs = line("crs", self.crs.as_deref().unwrap_or_default(), NAME_CHARS)?;
        too_long("layer", self.layer.as_deref().unwrap_or_default(), NAME_CHARS)?;
        for (at, choice) in self.columns.iter().enumerate() {
            too_long(&format!("columns[{at}].column"), &choice.column, NAME_CHARS)?;
        }
        for (at, value) in self.values.iter().enumerate() {
            too_long(&format!("values[{at}].text"), &value.text, NAME_CHARS)?;
        }
        for (at, key) in self.key.iter().enumerate() {
            too_long(&format!("key[{at}]"), key, NAME_CHARS)?;
        }
        for (at, cell) in self.cells.iter().enumerate() {
            too_long(&format!("cells[{at}].column"), &cell.column, NAME_CHARS)?;
            too_long(&format!("cells[{at}].text"), &cell.text, CELL_CHARS)?;
        }
        Ok(self)
    }
}

/// Headings may hold anything that a file may hold, line breaks too.
fn too_long(field: &str, text: &str, most: usize) -> Result<(), Invalid> {
    let chars = text.chars().count();
    if chars > most {
        return Err(Invalid::new("too_long", field).with("given", chars).with("most", most));
    }
    Ok(())
}

/// A column of a file, and how it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundColumn {
    pub name: String,
    /// What it is read as; `null` where nothing is read from it.
    pub field: Option<String>,
    /// Somebody chose it.
    pub by_hand: bool,
    /// Some of its cells.
    pub samples: Vec<String>,
}

/// What else to know about how a file was read: a code of the catalogue with its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundNote {
    pub code: String,
    pub values: Map<String, Value>,
}

/// A list with the number of all of its lines; the first ones are kept.
pub type Lines = Vec<(UploadList, Value)>;

/// What was found in a file, and what storing it would bring or brought.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadOutcome {
    /// What kind of file it is.
    pub kind: String,
    pub layers: Vec<String>,
    /// The layer that is read.
    pub layer: Option<String>,
    pub columns: Vec<FoundColumn>,
    pub source: String,
    pub crs: Option<String>,
    pub crs_shifted: bool,
    /// What the file states of its system, where it says another one.
    pub stated_crs: Option<String>,
    pub notes: Vec<FoundNote>,
    pub totals: u64,
    pub rows: u64,
    pub good: u64,
    pub refused_rows: u64,
    pub refused_cells: u64,
    pub unknown_cells: u64,
    pub new: u64,
    pub changed: u64,
    pub same: u64,
    /// Cells that stay as a person wrote them.
    pub kept_cells: u64,
    /// Pairs of works that would alert, and those to look at.
    pub alerts: u64,
    pub reviews: u64,
    /// Rows that were compared with each other; those behind them with what is stored alone.
    pub compared_rows: u64,
    /// Rows of corrections that met no cell.
    pub unused_corrections: Vec<u64>,
}

/// Why a file failed as a whole: a stable code with the values of its sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UploadProblem {
    pub code: String,
    pub values: Map<String, Value>,
}

/// A cell of the lists of an upload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundCell {
    pub row: u64,
    pub column: String,
    pub given: String,
    pub code: String,
    pub values: Map<String, Value>,
}

/// A cell that the file changed and a person had edited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptCell {
    pub row: u64,
    pub field: String,
    pub ours: String,
    pub file: String,
}

/// A row of the file that may be a work recorded already, or the same as another row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundDouble {
    pub row: u64,
    pub title: String,
    /// The stored project, if it is one.
    pub project_id: Option<Uuid>,
    /// The other row, if it is one.
    pub other_row: Option<u64>,
    pub other_title: Option<String>,
    pub kind: VerdictKind,
    pub probability: f64,
    pub band: Band,
    pub cross_border: bool,
    pub distance_m: Option<f64>,
    pub shared_m: Option<f64>,
    pub evidence: Vec<Evidence>,
    pub weights_version: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(options: &UploadOptions) -> (&'static str, String) {
        let invalid = options.clone().checked().unwrap_err();
        (invalid.code, invalid.field)
    }

    #[test]
    fn more_corrections_than_a_person_makes_and_endless_texts_are_refused_by_name() {
        let cell = |text: &str| CellCorrection { row: 2, column: "Pagu".to_owned(), text: text.to_owned() };
        assert!(UploadOptions { cells: vec![cell("75000000")], ..UploadOptions::default() }.checked().is_ok());
        let many = UploadOptions { cells: vec![cell("1"); MOST_CORRECTIONS + 1], ..UploadOptions::default() };
        assert_eq!(refusal(&many), ("too_many_corrections", "cells".to_owned()));
        let long = UploadOptions { cells: vec![cell("1"), cell(&"x".repeat(CELL_CHARS + 1))], ..Default::default() };
        assert_eq!(refusal(&long), ("too_long", "cells[1].text".to_owned()));
        let value = ValueChoice { field: "executor".to_owned(), text: "x".repeat(NAME_CHARS + 1) };
        let long = UploadOptions { values: vec![value], ..UploadOptions::default() };
        assert_eq!(refusal(&long), ("too_long", "values[0].text".to_owned()));
    }
}
