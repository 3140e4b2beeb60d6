//! A file of labelled pairs: `id_a,id_b,label` and, where they are there, `kind` and `weight`.

use crate::collection::Collection;
use crate::domain::verdict::VerdictKind;
use crate::domain::words;
use crate::import::Input;
use std::collections::HashMap;
use uuid::Uuid;

words! {
    /// What people say that two records are to each other. Unclear ones are left out of every figure.
    Label {
        Duplicate = "duplicate", Distinct = "distinct", Continuation = "continuation", Retender = "retender", Unclear = "unclear",
    }
}

/// One labelled pair, by the ids of [`crate::domain::facts::Facts`].
#[derive(Clone, Debug, PartialEq)]
pub struct Labelled {
    /// As the file counts it: the heading is row 1.
    pub row: u64,
    pub a: Uuid,
    pub b: Uuid,
    pub label: Label,
    /// The kind expected, where the file names one.
    pub kind: Option<VerdictKind>,
    /// How many such pairs it stands for.
    pub weight: f64,
}

/// Why a file of pairs is not read. Each names the file, the row and the column.
#[derive(Debug, thiserror::Error)]
pub enum PairsError {
    #[error("{file}: {cause}")]
    Unreadable { file: String, cause: String },
    #[error("{file} has no column {column}; it has {found}, and id_a, id_b and label are needed")]
    NoColumn { file: String, column: &'static str, found: String },
    #[error("{file} has no pairs")]
    Empty { file: String },
    #[error("{file}, row {row}, {column}: no project has the id {given:?}")]
    UnknownId { file: String, row: u64, column: &'static str, given: String },
    #[error("{file}, row {row}, {column}: the id {given:?} stands in several files of projects")]
    Ambiguous { file: String, row: u64, column: &'static str, given: String },
    #[error("{file}, row {row}, {column}: {given:?} is not known; it may be {expected}")]
    UnknownWord { file: String, row: u64, column: &'static str, given: String, expected: String },
    #[error("{file}, row {row}: a pair of a project with itself")]
    OneProject { file: String, row: u64 },
}

/// Reads the pairs and finds their records. An error ends it: figures on half of a file would mislead.
pub fn read_pairs(input: &Input, collection: &Collection) -> Result<Vec<Labelled>, PairsError> {
    let file = || input.name().to_owned();
    let unreadable = |e: &dyn std::fmt::Display| PairsError::Unreadable { file: file(), cause: e.to_string() };
    let reader = input.open().map_err(|e| match std::error::Error::source(&e) {
        Some(cause) => unreadable(cause),
        None => unreadable(&e),
    })?;
    let mut table = ::csv::ReaderBuilder::new().flexible(true).trim(::csv::Trim::All).from_reader(reader);
    let headings = table.headers().map_err(|e| unreadable(&e))?.clone();
    let place: HashMap<String, usize> = headings
        .iter()
        .enumerate()
        .map(|(at, name)| (name.trim_start_matches('\u{feff}').to_lowercase(), at))
        .collect();
    let column = |name: &'static str| {
        let found = || headings.iter().collect::<Vec<_>>().join(", ");
        place.get(name).copied().ok_or_else(|| PairsError::NoColumn { file: file(), column: name, found: found() })
    };
    let (id_a, id_b, label) = (column("id_a")?, column("id_b")?, column("label")?);
    let (kind, weight) = (place.get("kind").copied(), place.get("weight").copied());
    let known = collection.by_external_id();
    let mut pairs = Vec::new();
    for (row, record) in (2_u64..).zip(table.records()) {
        let record = record.map_err(|e| unreadable(&e))?;
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let find = |column: &'static str, at: usize| {
            let given = || cell(at).to_owned();
            match known.get(cell(at)).map(Vec::as_slice) {
                Some([record]) => Ok(record.facts.id),
                Some([_, _, ..]) => Err(PairsError::Ambiguous { file: file(), row, column, given: given() }),
                _ => Err(PairsError::UnknownId { file: file(), row, column, given: given() }),
            }
        };
        let wrong = |column: &'static str, given: &str, expected: String| PairsError::UnknownWord {
            file: file(),
            row,
            column,
            given: given.to_owned(),
            expected,
        };
        let list = |all: Vec<&str>| all.join(", ");
        let (a, b) = (find("id_a", id_a)?, find("id_b", id_b)?);
        if a == b {
            return Err(PairsError::OneProject { file: file(), row });
        }
        let word = cell(label);
        let label = Label::parse(word)
            .ok_or_else(|| wrong("label", word, list(Label::ALL.iter().map(|one| one.as_str()).collect())))?;
        let word = kind.map(cell).unwrap_or_default();
        let kind =
            match word {
                "" => None,
                word => Some(VerdictKind::parse(word).ok_or_else(|| {
                    wrong("kind", word, list(VerdictKind::ALL.iter().map(|one| one.as_str()).collect()))
                })?),
            };
        let word = weight.map(cell).unwrap_or_default();
        let weight = match word {
            "" => 1.0,
            word => word
                .parse::<f64>()
                .ok()
                .filter(|weight| weight.is_finite() && *weight > 0.0)
                .ok_or_else(|| wrong("weight", word, "a number over 0".to_owned()))?,
        };
        pairs.push(Labelled { row, a, b, label, kind, weight });
    }
    if pairs.is_empty() {
        return Err(PairsError::Empty { file: file() });
    }
    Ok(pairs)
}
