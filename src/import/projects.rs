//! A file of projects, row by row: opened by its content, its columns understood, keys checked to be single.

use super::columns::{Columns, Matched};
use super::csv::TableRows;
use super::error::ImportError;
use super::fields::Field;
use super::geojson::FeatureRows;
use super::input::{Format, Input, Progress};
use super::project_row::{ProjectRow, parse_row};
use super::refusals::RefusedCell;
use super::rows::{Identity, Needs, RawRow, Reading};
use super::workbook;
use crate::domain::Invalid;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// Rows that are looked at for the columns of a file whose rows name their own.
const SAMPLE_ROWS: usize = 1_000;

/// Takes the house owner's name out of a title: the title that stays, and the name.
pub type OwnerOf = fn(&str) -> (String, Option<String>);

/// What the user says about a file.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Whose ids the external ids are; `file:` and the file's name by default.
    pub source: Option<String>,
    /// (our field, the file's column), where the headings do not tell.
    pub map: Vec<(String, String)>,
    /// Columns or fields that make the external id, for a file without a column for it.
    pub key: Vec<String>,
    /// Takes exchanged coordinates the other way round instead of refusing them.
    pub swap: bool,
    pub needs: Needs,
    pub owner_of: OwnerOf,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            source: None,
            map: Vec::new(),
            key: Vec::new(),
            swap: false,
            needs: Needs::default(),
            owner_of: |title| (title.to_owned(), None),
        }
    }
}

/// A row read.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    Good(Box<ProjectRow>),
    /// Everything that is wrong with the row, by column.
    Refused(Vec<RefusedCell>),
}

/// An open file of projects: an iterator over its rows. An error ends it. Memory: one row, and the external ids seen.
pub struct ProjectFile {
    name: String,
    source: String,
    format: Format,
    size: Option<u64>,
    progress: Progress,
    reading: Reading,
    rows: Rows,
    ahead: VecDeque<Result<RawRow, ImportError>>,
    first_rows: FxHashMap<Box<str>, u64>,
}

enum Rows {
    Table(Box<TableRows>),
    Features(Box<FeatureRows>),
}

impl ProjectFile {
    /// Opens a file and understands its columns. Refuses a file as a whole where no row of it could be good.
    pub fn open(input: &Input, options: &ReadOptions) -> Result<Self, ImportError> {
        let format = input.format()?;
        let progress = Progress::default();
        let columns = Columns::new(&options.map, &options.key)?;
        let mut rows = match format {
            Format::Csv => Rows::Table(Box::new(TableRows::open(input, &progress, columns)?)),
            Format::Workbook => {
                let table = Input::bytes(input.name(), workbook::as_table(input, &columns)?);
                Rows::Table(Box::new(TableRows::open(&table, &progress, columns)?))
            }
            Format::GeoJson => Rows::Features(Box::new(FeatureRows::open(input, &progress, columns)?)),
        };
        let sample = if format == Format::GeoJson { SAMPLE_ROWS } else { 1 };
        let mut ahead: VecDeque<_> = (0..sample).map_while(|_| rows.next_raw()).collect();
        // A file that breaks off at once is told for that, not for columns that it seems to miss.
        if let Some(Err(error)) = ahead.pop_front_if(|read| read.is_err()) {
            return Err(error);
        }
        if ahead.is_empty() {
            return Err(ImportError::NoRows { file: input.name().to_owned() });
        }
        let identity = identity(input.name(), rows.columns(), &options.key, options.needs)?;
        let decimal_point = matches!(&rows, Rows::Table(table) if table.decimal_point);
        Ok(Self {
            name: input.name().to_owned(),
            source: options.source.clone().unwrap_or_else(|| input.source()),
            format,
            size: input.size(),
            progress,
            reading: Reading {
                identity,
                needs: options.needs,
                decimal_point,
                swap: options.swap,
                owner_of: options.owner_of,
            },
            rows,
            ahead,
            first_rows: FxHashMap::default(),
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The source that the external ids belong to.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub fn format(&self) -> Format {
        self.format
    }

    /// Bytes of the file where they are known, for a progress bar.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// How far the reading is.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Which column is read as what, to show it to the user.
    pub fn matched(&self) -> Vec<Matched> {
        self.rows.columns().matched()
    }

    /// Columns that nothing is read from.
    pub fn unread(&self) -> Vec<String> {
        self.rows.columns().unread()
    }

    /// How [`parse_row`] is to understand the rows of this file.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The next row as it stands, for callers that parse on several threads with [`parse_row`] and then [`ProjectFile::check_single`].
    pub fn next_raw(&mut self) -> Option<Result<RawRow, ImportError>> {
        self.ahead.pop_front().or_else(|| self.rows.next_raw())
    }

    /// Refuses a row whose external id stood in an earlier good row, and names that row.
    pub fn check_single(&mut self, external_id: &str, row: u64) -> Result<(), RefusedCell> {
        if self.reading.identity == Identity::Row {
            return Ok(()); // the number of a row is there once
        }
        if let Some(first) = self.first_rows.get(external_id) {
            let column = match &self.reading.identity {
                Identity::Column => self
                    .matched()
                    .into_iter()
                    .find(|matched| matched.field == Field::ExternalId)
                    .map(|m| m.column)
                    .unwrap_or_default(),
                Identity::Made(columns) => columns.join(", "),
                Identity::Row => String::new(),
            };
            let invalid = Invalid::new("duplicate_key", column.as_str()).with("first_row", *first);
            return Err(RefusedCell::new(row, &column, invalid, external_id));
        }
        self.first_rows.insert(external_id.into(), row);
        Ok(())
    }
}

impl Iterator for ProjectFile {
    type Item = Result<Row, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        let raw = match self.next_raw()? {
            Ok(raw) => raw,
            Err(error) => return Some(Err(error)),
        };
        Some(Ok(match parse_row(&raw, &self.reading) {
            Err(refused) => Row::Refused(refused),
            Ok(row) => match self.check_single(&row.external_id, row.row) {
                Ok(()) => Row::Good(Box::new(row)),
                Err(refused) => Row::Refused(vec![refused]),
            },
        }))
    }
}

impl Rows {
    fn next_raw(&mut self) -> Option<Result<RawRow, ImportError>> {
        match self {
            Self::Table(rows) => rows.next_raw(),
            Self::Features(rows) => rows.next_raw(),
        }
    }

    fn columns(&self) -> &Columns {
        match self {
            Self::Table(rows) => &rows.columns,
            Self::Features(rows) => &rows.columns,
        }
    }
}

/// What makes the key of a file's rows, once its columns are known and hold what each project needs.
fn identity(name: &str, columns: &Columns, key: &[String], needs: Needs) -> Result<Identity, ImportError> {
    let file = name.to_owned();
    if let Some((field, column)) = columns.first_absent() {
        let (field, column) = (field.as_str().to_owned(), column.to_owned());
        return Err(ImportError::UnknownColumn { file, field, column, columns: columns.names() });
    }
    let needed: &[Field] = match needs {
        Needs::Registration => &[Field::Title, Field::VillageCode, Field::FiscalYear],
        Needs::Comparison => &[Field::Title],
    };
    for field in needed {
        if !columns.has(*field) {
            return Err(ImportError::MissingColumn {
                file,
                field: field.as_str().to_owned(),
                columns: columns.names(),
            });
        }
    }
    let mut made = Vec::with_capacity(key.len());
    for part in key {
        let column = columns.key_column(part).ok_or_else(|| ImportError::UnknownColumn {
            file: file.clone(),
            field: "key".to_owned(),
            column: part.clone(),
            columns: columns.names(),
        })?;
        made.push(column);
    }
    if !made.is_empty() {
        return Ok(Identity::Made(made));
    }
    if columns.has(Field::ExternalId) {
        return Ok(Identity::Column);
    }
    if needs == Needs::Comparison {
        return Ok(Identity::Row);
    }
    let suggested = [Field::VillageCode, Field::FiscalYear, Field::Title];
    let column_of = |field: &Field| {
        columns.matched().into_iter().find(|matched| matched.field == *field).map(|matched| matched.column)
    };
    Err(ImportError::NoKeyColumn {
        file,
        columns: columns.names(),
        suggested: suggested.iter().filter_map(column_of).collect(),
    })
}
