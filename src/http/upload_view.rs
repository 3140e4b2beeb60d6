//! An upload as its person sees it: words for what was found in the file, and for what is wrong with it.

use super::file_words::with_kind;
use crate::domain::person::Language;
use crate::domain::upload::{FoundColumn, UploadOptions, UploadOutcome, UploadProblem, UploadState};
use crate::import::Field;
use crate::store::uploads::Upload;
use crate::words::Words;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// An upload in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadSummary {
    pub id: Uuid,
    pub file_name: String,
    pub bytes: i64,
    pub state: UploadState,
    pub rows: Option<u64>,
    pub created_at: String,
    pub changed_at: String,
}

impl UploadSummary {
    pub fn new(upload: Upload) -> Self {
        Self {
            id: upload.id,
            file_name: upload.file_name,
            bytes: upload.bytes,
            state: upload.state,
            rows: upload.outcome.map(|outcome| outcome.rows),
            created_at: upload.created_at,
            changed_at: upload.changed_at,
        }
    }
}

/// An upload.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadView {
    pub id: Uuid,
    pub file_name: String,
    pub bytes: i64,
    pub state: UploadState,
    /// Counts what was said of the file: to be given with what is said next.
    pub revision: i64,
    pub options: UploadOptions,
    /// Bytes read or rows stored, of so many.
    pub done: i64,
    pub total: i64,
    /// Storing has begun: nothing else can be said of the file.
    pub begun: bool,
    /// As asked when it was to be stored.
    pub keep_good: bool,
    pub outcome: Option<OutcomeView>,
    /// Why it cannot be read or stored as it is.
    pub problem: Option<UploadProblemView>,
    /// What a column may be read as.
    pub fields: Vec<FieldName>,
    pub created_at: String,
    pub changed_at: String,
}

/// A field with its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldName {
    pub field: String,
    pub name: String,
}

/// A problem in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadProblemView {
    pub code: String,
    pub detail: String,
    pub expected: Option<String>,
    /// What would be right, where it can be chosen: layers, columns of a key.
    #[schema(value_type = Object)]
    pub values: Value,
}

/// What was found in a file, and what storing it would bring or brought.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutcomeView {
    /// What kind of file it is, in words.
    pub kind: String,
    /// The sheets or layers, where it has any.
    pub layers: Vec<String>,
    /// The one that is read; `null` where somebody has to choose.
    pub layer: Option<String>,
    pub columns: Vec<FoundColumn>,
    /// Whose ids the ids of its rows are.
    pub source: String,
    pub crs: Option<String>,
    /// What else to know about how it was read.
    pub notes: Vec<String>,
    pub rows: u64,
    pub good: u64,
    pub refused_rows: u64,
    pub refused_cells: u64,
    pub unknown_cells: u64,
    pub new: u64,
    pub changed: u64,
    pub same: u64,
    pub kept_cells: u64,
    /// Pairs of works that would alert, and those to look at.
    pub alerts: u64,
    pub reviews: u64,
    /// Rows that were compared with each other; those behind them with what is stored alone.
    pub compared_rows: u64,
}

impl UploadView {
    pub fn new(language: Language, upload: Upload) -> Self {
        let name = |field: &Field| FieldName {
            field: field.to_string(),
            name: Words::render(language, &format!("terminal.read.field.{field}"), &Value::Null),
        };
        Self {
            id: upload.id,
            file_name: upload.file_name,
            bytes: upload.bytes,
            state: upload.state,
            revision: upload.revision,
            options: upload.options,
            done: upload.done,
            total: upload.total,
            begun: upload.begun,
            keep_good: upload.keep_good,
            outcome: upload.outcome.map(|outcome| OutcomeView::new(language, outcome)),
            problem: upload.problem.map(|problem| UploadProblemView::new(language, problem)),
            fields: Field::ALL.iter().map(name).collect(),
            created_at: upload.created_at,
            changed_at: upload.changed_at,
        }
    }
}

impl UploadProblemView {
    fn new(language: Language, problem: UploadProblem) -> Self {
        let values = Value::Object(with_kind(language, problem.values));
        let (detail, expected) = fault_words(language, &problem.code, &values);
        Self { code: problem.code, detail, expected, values }
    }
}

/// What is wrong and what would be right, in words for the page: those of the terminal name its options.
pub fn fault_words(language: Language, code: &str, values: &Value) -> (String, Option<String>) {
    let words = |part: &str| Words::try_render(language, &format!("problem.{code}.{part}"), values);
    let expected =
        Words::try_render(language, &format!("upload.expected.{code}"), values).or_else(|| words("expected"));
    (words("detail").unwrap_or_else(|| code.to_owned()), expected.filter(|text| !text.trim().is_empty()))
}

impl OutcomeView {
    fn new(language: Language, outcome: UploadOutcome) -> Self {
        let notes = notes(language, &outcome);
        let kind = Words::render(language, &format!("terminal.file.{}.is", outcome.kind), &Value::Null);
        Self {
            kind,
            layers: outcome.layers,
            layer: outcome.layer,
            columns: outcome.columns,
            source: outcome.source,
            crs: outcome.crs,
            notes,
            rows: outcome.rows,
            good: outcome.good,
            refused_rows: outcome.refused_rows,
            refused_cells: outcome.refused_cells,
            unknown_cells: outcome.unknown_cells,
            new: outcome.new,
            changed: outcome.changed,
            same: outcome.same,
            kept_cells: outcome.kept_cells,
            alerts: outcome.alerts,
            reviews: outcome.reviews,
            compared_rows: outcome.compared_rows,
        }
    }
}

/// The sentences of the terminal about how a file was read, but for what the page shows otherwise.
fn notes(language: Language, outcome: &UploadOutcome) -> Vec<String> {
    let note = |code: &str, values: Value| Words::render(language, &format!("upload.note.{code}"), &values);
    let mut notes = Vec::new();
    if outcome.totals > 0 {
        notes.push(note("totals", json!({ "count": outcome.totals })));
    }
    for found in &outcome.notes {
        let values = Value::Object(found.values.clone());
        notes.push(Words::render(language, &format!("terminal.read.{}", found.code), &values));
    }
    if let Some(stated) = &outcome.stated_crs {
        notes.push(note("crs_overruled", json!({ "crs": outcome.crs, "stated": stated })));
    }
    if outcome.crs_shifted {
        notes.push(Words::render(language, "terminal.read.crs_shifted", &json!({ "crs": outcome.crs })));
    }
    if !outcome.unused_corrections.is_empty() {
        notes.push(note("unused_corrections", json!({ "rows": outcome.unused_corrections })));
    }
    notes
}
