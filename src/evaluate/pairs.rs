//! A file of labelled pairs: `id_a,id_b,label` and, optionally, `kind` and `weight`.

use crate::collection::Collection;
use crate::domain::closed_set;
use crate::domain::verdict::VerdictKind;
use crate::import::{ImportError, Input};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read};
use uuid::Uuid;

closed_set! {
    /// How people judged a pair. Unclear ones are excluded from every figure.
    Label {
        Duplicate = "duplicate", Distinct = "distinct", Continuation = "continuation", Retender = "retender", Unclear = "unclear",
    }
}

/// One labelled pair, by the ids of [`crate::domain::facts::Facts`].
#[derive(Clone, Debug, PartialEq)]
pub struct Labelled {
    /// The row number in the file; the heading is row 1.
    pub row: u64,
    pub a: Uuid,
    pub b: Uuid,
    pub label: Label,
    /// The expected kind, if the file names one.
    pub kind: Option<VerdictKind>,
    /// Number of such pairs that it represents.
    pub weight: f64,
}

/// Why a file of pairs, or one pair, is refused. Each names the file, the row and the column.
#[derive(Debug, thiserror::Error)]
pub enum PairsError {
    #[error("{file}: {cause}")]
    Unreadable { file: String, cause: io::Error },
    #[error("{file}, row {row}: not a table")]
    NotATable { file: String, row: u64 },
    #[error("{file} has no column {column}")]
    NoColumn { file: String, column: &'static str, found: Vec<String> },
    #[error("{file} has no pairs")]
    Empty { file: String },
    #[error("{file}, row {row}, {column}: no project has the id {given:?}")]
    UnknownId { file: String, row: u64, column: &'static str, given: String },
    #[error("{file}, row {row}, {column}: the id {given:?} occurs in several project files")]
    Ambiguous { file: String, row: u64, column: &'static str, given: String },
    #[error("{file}, row {row}, {column}: {given:?} is unknown")]
    UnknownWord { file: String, row: u64, column: &'static str, given: String, known: Vec<&'static str> },
    #[error("{file}, row {row}, {column}: no title")]
    NoTitle { file: String, row: u64, column: &'static str },
    #[error("{file}, row {row}, {column}: {given:?} is not a weight")]
    WrongWeight { file: String, row: u64, column: &'static str, given: String },
    #[error("{file}, row {row}: a pair of a project with itself")]
    OneProject { file: String, row: u64 },
}

impl PairsError {
    /// The key of its sentence in the catalogue.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::NotATable { .. } => "not_a_table",
            Self::NoColumn { .. } => "no_column",
            Self::Empty { .. } => "empty",
            Self::UnknownId { .. } => "unknown_id",
            Self::Ambiguous { .. } => "ambiguous",
            Self::UnknownWord { .. } => "unknown_word",
            Self::NoTitle { .. } => "no_title",
            Self::WrongWeight { .. } => "wrong_weight",
            Self::OneProject { .. } => "one_project",
        }
    }

    /// The values of that sentence, by name.
    pub fn values(&self) -> Value {
        match self {
            Self::Unreadable { file, .. } | Self::Empty { file } => json!({ "file": file }),
            Self::NotATable { file, row } | Self::OneProject { file, row } => json!({ "file": file, "row": row }),
            Self::NoColumn { file, column, found } => json!({ "file": file, "column": column, "found": found }),
            Self::NoTitle { file, row, column } => json!({ "file": file, "row": row, "column": column }),
            Self::UnknownId { file, row, column, given }
            | Self::Ambiguous { file, row, column, given }
            | Self::WrongWeight { file, row, column, given } => {
                json!({ "file": file, "row": row, "column": column, "given": given })
            }
            Self::UnknownWord { file, row, column, given, known } => {
                json!({ "file": file, "row": row, "column": column, "given": given, "known": known })
            }
        }
    }
}

/// Reads pairs of titles (`title_a`, `title_b`, `label`) into a collection of records with nothing but titles.
pub fn read_title_pairs(input: &Input) -> Result<(Collection, Vec<Labelled>), PairsError> {
    let table = Table::open(input)?;
    let (title_a, title_b, label) = (table.column("title_a")?, table.column("title_b")?, table.column("label")?);
    let mut collection = Collection { files: vec![input.name().to_owned()], ..Collection::default() };
    let mut pairs = Vec::new();
    table.each(|row| {
        let mut side = |column: &'static str, at: usize| match row.cell(at) {
            "" => Err(PairsError::NoTitle { file: row.file.to_owned(), row: row.row, column }),
            title => Ok(collection.add_title(row.row, title)),
        };
        let (a, b) = (side("title_a", title_a)?, side("title_b", title_b)?);
        let (label, kind, weight) = row.judgement(label)?;
        pairs.push(Labelled { row: row.row, a, b, label, kind, weight });
        Ok(())
    })?;
    Ok((collection, pairs))
}

/// Reads the pairs and finds their records; also returns the pairs without records. An unknown id is an error, since
/// figures on half of a file would mislead; but if project rows were left out, so are the pairs that refer to them.
pub fn read_pairs(input: &Input, collection: &Collection) -> Result<(Vec<Labelled>, Vec<PairsError>), PairsError> {
    let table = Table::open(input)?;
    let (id_a, id_b, label) = (table.column("id_a")?, table.column("id_b")?, table.column("label")?);
    let known = collection.by_external_id();
    let (mut pairs, mut left_out) = (Vec::new(), Vec::new());
    table.each(|row| {
        let find = |column: &'static str, at: usize| {
            let (file, number, given) = (row.file.to_owned(), row.row, row.cell(at).to_owned());
            match known.get(row.cell(at)).map(Vec::as_slice) {
                Some([record]) => Ok(record.facts().id),
                Some([_, _, ..]) => Err(PairsError::Ambiguous { file, row: number, column, given }),
                _ => Err(PairsError::UnknownId { file, row: number, column, given }),
            }
        };
        let (label, kind, weight) = row.judgement(label)?;
        let (a, b) = match (find("id_a", id_a), find("id_b", id_b)) {
            (Ok(a), Ok(b)) => (a, b),
            (Err(e @ PairsError::UnknownId { .. }), _) | (_, Err(e @ PairsError::UnknownId { .. }))
                if !collection.refused.is_empty() =>
            {
                left_out.push(e);
                return Ok(());
            }
            (Err(e), _) | (_, Err(e)) => return Err(e),
        };
        if a == b {
            return Err(PairsError::OneProject { file: row.file.to_owned(), row: row.row });
        }
        pairs.push(Labelled { row: row.row, a, b, label, kind, weight });
        Ok(())
    })?;
    Ok((pairs, left_out))
}

/// An open file of pairs.
struct Table {
    file: String,
    reader: ::csv::Reader<Box<dyn Read + Send>>,
    headings: ::csv::StringRecord,
    place: HashMap<String, usize>,
}

impl Table {
    fn open(input: &Input) -> Result<Self, PairsError> {
        let file = || input.name().to_owned();
        let unreadable = |cause: io::Error| PairsError::Unreadable { file: file(), cause };
        let reader = input.open().map_err(|e| match e {
            ImportError::Unreadable { cause, .. } => unreadable(cause),
            other => unreadable(io::Error::other(other)),
        })?;
        let mut reader = BufReader::new(reader);
        let first = reader.fill_buf().map_err(unreadable)?;
        let heading = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
        // If the comma is the decimal separator, spreadsheets write semicolons.
        let delimiter = [b';', b'\t', b','].into_iter().find(|delimiter| heading.contains(delimiter)).unwrap_or(b',');
        let reader: Box<dyn Read + Send> = Box::new(reader);
        let mut builder = ::csv::ReaderBuilder::new();
        let mut reader = builder.delimiter(delimiter).flexible(true).trim(::csv::Trim::All).from_reader(reader);
        let headings = reader.headers().map_err(|e| of_csv(&file(), 1, e))?.clone();
        let place = headings
            .iter()
            .enumerate()
            .map(|(at, name)| (name.trim_start_matches('\u{feff}').to_lowercase(), at))
            .collect();
        Ok(Self { file: file(), reader, headings, place })
    }

    fn column(&self, name: &'static str) -> Result<usize, PairsError> {
        self.place.get(name).copied().ok_or_else(|| PairsError::NoColumn {
            file: self.file.clone(),
            column: name,
            found: self.headings.iter().map(str::to_owned).collect(),
        })
    }

    /// Passes every row to `take`; an error ends it.
    fn each(mut self, mut take: impl FnMut(&Row<'_>) -> Result<(), PairsError>) -> Result<(), PairsError> {
        let (kind, weight) = (self.place.get("kind").copied(), self.place.get("weight").copied());
        let mut rows = 0;
        for (row, record) in (2_u64..).zip(self.reader.records()) {
            let record = record.map_err(|e| of_csv(&self.file, row, e))?;
            take(&Row { file: &self.file, row, record: &record, kind, weight })?;
            rows += 1;
        }
        if rows == 0 { Err(PairsError::Empty { file: self.file }) } else { Ok(()) }
    }
}

/// One row of a file of pairs.
struct Row<'a> {
    file: &'a str,
    row: u64,
    record: &'a ::csv::StringRecord,
    kind: Option<usize>,
    weight: Option<usize>,
}

impl Row<'_> {
    fn cell(&self, at: usize) -> &str {
        self.record.get(at).unwrap_or_default()
    }

    fn unknown(&self, column: &'static str, given: &str, known: Vec<&'static str>) -> PairsError {
        PairsError::UnknownWord { file: self.file.to_owned(), row: self.row, column, given: given.to_owned(), known }
    }

    /// Label, kind and weight.
    fn judgement(&self, label: usize) -> Result<(Label, Option<VerdictKind>, f64), PairsError> {
        let word = self.cell(label);
        let labels = || Label::ALL.iter().map(|one| one.as_str()).collect();
        let label = Label::parse(word).ok_or_else(|| self.unknown("label", word, labels()))?;
        let kind = match self.kind.map(|at| self.cell(at)).unwrap_or_default() {
            "" => None,
            word => {
                let kinds = || VerdictKind::ALL.iter().map(|one| one.as_str()).collect();
                Some(VerdictKind::parse(word).ok_or_else(|| self.unknown("kind", word, kinds()))?)
            }
        };
        let weight = match self.weight.map(|at| self.cell(at)).unwrap_or_default() {
            "" => 1.0,
            word => {
                let given = word.parse::<f64>().ok().filter(|weight| weight.is_finite() && *weight > 0.0);
                given.ok_or_else(|| {
                    let (file, given) = (self.file.to_owned(), word.to_owned());
                    PairsError::WrongWeight { file, row: self.row, column: "weight", given }
                })?
            }
        };
        Ok((label, kind, weight))
    }
}

/// The error of a row that the CSV reader refuses: an I/O error, or a malformed row.
fn of_csv(file: &str, row: u64, e: ::csv::Error) -> PairsError {
    match e.into_kind() {
        ::csv::ErrorKind::Io(cause) => PairsError::Unreadable { file: file.to_owned(), cause },
        _ => PairsError::NotATable { file: file.to_owned(), row },
    }
}
