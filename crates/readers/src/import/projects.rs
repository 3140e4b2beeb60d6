//! A file of projects, row by row: its keys checked to be single, its villages found.

use super::corrections::Corrections;
use super::crs::{Crs, Stated};
use super::error::ImportError;
use super::formats::input::{Format, Progress};
use super::formats::layer_rows::LayerRows;
use super::keys::{Keys, Repeated};
use super::known_villages::{ByPlace, Fault, Found, KnownVillages};
use super::refused_rows::Origin;
use super::rows::columns::Matched;
use super::rows::fields::Field;
use super::rows::parse_row::parse_row;
use super::rows::project_row::{ProjectRow, RefusedRow};
use super::rows::raw::{Identity, RawRow, Reading};
use super::rows::refusals::RefusedCell;
use super::understood::Understood;
use crate::domain::Invalid;
use std::collections::VecDeque;
use uuid::Uuid;

/// A file with more wrong cells is not the file that is meant; they would fill the memory (some 300 bytes each).
const MOST_REFUSED: usize = 1_000_000;

/// A row read.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    Good(Box<ProjectRow>),
    /// Everything that is wrong with the row, by column.
    Refused(Vec<RefusedCell>),
}

/// An open file of projects: an iterator over its rows. An error ends it. Memory: some rows that were looked at in advance,
/// and about 40 bytes for each external id seen, however large the file. Workbooks are unpacked as a whole.
pub struct ProjectFile {
    pub(super) name: String,
    pub(super) source: String,
    pub(super) source_is_assumed: bool,
    pub(super) format: Format,
    pub(super) size: Option<u64>,
    pub(super) progress: Progress,
    pub(super) reading: Reading,
    pub(super) rows: LayerRows,
    pub(super) stated: Option<Stated>,
    /// What the user said of the coordinate system.
    pub(super) given_crs: Option<Crs>,
    pub(super) ahead: VecDeque<Result<RawRow, ImportError>>,
    pub(super) keys: Keys,
    pub(super) corrections: Corrections,
    pub(super) by_place: Vec<ByPlace>,
    pub(super) refused: usize,
    pub(super) unread_layers: Vec<String>,
}

impl ProjectFile {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The source that the external ids belong to.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether the source was only assumed from the name of the file.
    pub fn source_is_assumed(&self) -> bool {
        self.source_is_assumed
    }

    pub fn format(&self) -> Format {
        self.format
    }

    /// What its rows are written back with.
    pub fn origin(&self) -> Origin<'_> {
        Origin { source: &self.source, crs: &self.reading.crs }
    }

    /// Bytes of the file where they are known, for a progress bar.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// How far the reading is.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// How the file is understood so far: features may bring columns with them that none before had.
    pub fn understood(&self) -> Understood {
        Understood {
            file: self.name.clone(),
            columns: self.rows.columns().names(),
            ignored_in_vain: self.rows.columns().ignored_in_vain().map(str::to_owned).collect(),
            matched: self.matched(),
            values: self
                .rows
                .columns()
                .values()
                .iter()
                .filter_map(|cell| Some((cell.field?, cell.text.clone())))
                .collect(),
            unread: self.unread(),
            crs: self.reading.crs.clone(),
            stated_crs: self.stated.clone(),
            totals: self.rows.totals().to_vec(),
            unread_layers: self.unread_layers.clone(),
            notes: self.rows.notes().into_iter().chain(ByPlace::note(&self.by_place)).collect(),
        }
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
        let read = self.next_of_file()?;
        Some(read.map(|mut raw| {
            raw.cells.extend(self.rows.columns().values().iter().cloned());
            let mut corrections = std::mem::take(&mut self.corrections);
            corrections.apply(&mut raw, self.rows.columns(), || self.place_columns());
            self.corrections = corrections;
            raw
        }))
    }

    fn next_of_file(&mut self) -> Option<Result<RawRow, ImportError>> {
        if let Some(raw) = self.ahead.pop_front() {
            return Some(raw);
        }
        let raw = self.rows.next_raw();
        // GeoJSON may state its system behind its features: too late for those that are handed out.
        if self.rows.stated() != self.stated.as_ref() {
            self.stated = self.rows.stated().cloned();
            match Crs::of_file(&self.name, self.stated.as_ref(), self.given_crs.as_ref()) {
                Ok(crs) if crs == self.reading.crs => {}
                _ => {
                    let given = self.stated.as_ref().map(|stated| stated.given.clone()).unwrap_or_default();
                    return Some(Err(ImportError::CrsNotSupported { file: self.name.clone(), given }));
                }
            }
        }
        raw
    }

    /// Counts refused cells up to this row; an error where there are so many that the file is not what it is taken for.
    pub fn count_refused(&mut self, cells: usize, row: u64) -> Result<(), ImportError> {
        self.refused += cells;
        if self.refused > MOST_REFUSED {
            return Err(ImportError::TooManyRefused { file: self.name.clone(), row, most: MOST_REFUSED });
        }
        Ok(())
    }

    /// Rows of corrections that met no cell so far.
    pub fn unused_corrections(&self) -> Vec<u64> {
        self.corrections.unused()
    }

    /// Refuses a row whose external id stood in an earlier good row, and names that row.
    pub fn check_single(&mut self, row: &ProjectRow) -> Result<(), RefusedCell> {
        // The number of a row is single by itself.
        if self.reading.identity == Identity::Row {
            return Ok(());
        }
        self.keys.add_good(row).map_err(|repeated| {
            let with_village = repeated.is_elsewhere.then(|| self.key_with_village()).flatten();
            let refused = self.duplicate_key(&repeated);
            let invalid = refused.invalid.clone().with("with_village", with_village);
            RefusedCell { invalid, ..refused }
        })
    }

    /// Of a row that is only compared: that its id stood in an earlier row of its village. It is no fault, perhaps the double
    /// itself; ids of other villages are other ids.
    /// Gives that row and the cell that tells it.
    pub fn repeated_id(&mut self, row: &ProjectRow) -> Option<(u64, RefusedCell)> {
        if self.reading.identity == Identity::Row {
            return None;
        }
        let repeated = self.keys.add_good(row).err().filter(|repeated| !repeated.is_elsewhere)?;
        let refused = self.duplicate_key(&repeated);
        let invalid = Invalid { code: "repeated_id", ..refused.invalid };
        Some((repeated.first_row, RefusedCell { invalid, ..refused }))
    }

    /// Finds the village of a row among these, or refuses it: it has none, or lies far from it.
    pub fn place(&mut self, villages: &KnownVillages, row: &mut ProjectRow) -> Result<Uuid, RefusedCell> {
        let found = villages.place(row).map_err(|fault| self.cell_of(row.row, fault))?;
        self.note_place(villages, row.row, &found);
        Ok(found.id)
    }

    /// Of a row that is only compared: finds its village, and tells what keeps it from being known, or why its place is not
    /// used. A village that is not known stays as it stands.
    pub fn place_compared(&mut self, villages: &KnownVillages, row: &mut ProjectRow) {
        match villages.place_compared(row) {
            Ok(Some(found)) => self.note_place(villages, row.row, &found),
            Ok(None) => {}
            Err(fault) => {
                let cell = self.cell_of(row.row, fault);
                row.unknown.push(cell);
            }
        }
    }

    fn note_place(&mut self, villages: &KnownVillages, row: u64, found: &Found) {
        let Some(village) = villages.outlines().village(found.id).filter(|_| found.by_place) else { return };
        match self.by_place.iter_mut().find(|known| known.code == village.code) {
            Some(known) => known.rows.push(row),
            None => {
                let (code, name) = (village.code.clone(), village.name.clone());
                self.by_place.push(ByPlace { code, name, rows: vec![row] });
            }
        }
    }

    fn cell_of(&self, row: u64, (field, invalid, given): Fault) -> RefusedCell {
        let names = |field| self.rows.columns().has(field);
        let column = match field {
            Field::Geometry => self.place_columns(),
            // Of a row that names no village, the column in which its owner would.
            Field::VillageCode if !names(field) && names(Field::VillageName) => self.column_of(Field::VillageName),
            field => self.column_of(field),
        };
        let invalid = Invalid { field: column.clone(), ..invalid };
        RefusedCell::new(row, &column, invalid, &given)
    }

    /// The columns of the village and of the id, as they are named for `--key`.
    fn key_with_village(&self) -> Option<String> {
        let columns = self.rows.columns();
        let village = [Field::VillageCode, Field::VillageName].into_iter().find(|field| columns.has(*field))?;
        match &self.reading.identity {
            Identity::Column => Some(format!("{},{}", self.column_of(village), self.column_of(Field::ExternalId))),
            Identity::Made(_) | Identity::Row => None,
        }
    }

    /// Refuses a refused row once more where a good row before it has the same key: corrected, it would replace the
    /// good one. [`ProjectFile::taken_later`] reports a good row that comes later.
    fn check_refused(&mut self, row: u64, key: String) -> Option<RefusedCell> {
        if self.reading.identity == Identity::Row {
            return None;
        }
        let repeated = self.keys.add_refused(row, key)?;
        Some(self.duplicate_key(&repeated))
    }

    /// Of rows that were refused already: that a good row behind them has their key. To be asked at the end of the file.
    pub fn taken_later(&mut self) -> Vec<RefusedCell> {
        self.keys.taken_later().iter().map(|repeated| self.duplicate_key(repeated)).collect()
    }

    /// The column that is read as a field, as the file calls it; the field's own name where there is none.
    pub fn column_of(&self, field: Field) -> String {
        let matched = self.matched().into_iter().find(|matched| matched.field == field);
        matched.map_or_else(|| field.to_string(), |matched| matched.column)
    }

    /// The columns that hold the places of the rows.
    pub fn place_columns(&self) -> String {
        let columns = self.rows.columns();
        let of = |fields: &[Field]| {
            let all = fields.iter().all(|field| columns.has(*field));
            all.then(|| fields.iter().map(|field| self.column_of(*field)).collect::<Vec<_>>().join(", "))
        };
        of(&[Field::Geometry])
            .or_else(|| of(&[Field::Lat, Field::Lon]))
            .or_else(|| of(&[Field::Coordinates]))
            .unwrap_or_else(|| Field::Geometry.to_string())
    }

    fn duplicate_key(&self, Repeated { row, key, first_row, .. }: &Repeated) -> RefusedCell {
        let column = match &self.reading.identity {
            Identity::Column => self.column_of(Field::ExternalId),
            Identity::Made(columns) => columns.join(", "),
            Identity::Row => String::new(),
        };
        let invalid =
            Invalid::new("duplicate_key", column.as_str()).with("first_row", *first_row).with("key", key.as_str());
        RefusedCell::new(*row, &column, invalid, key)
    }
}

impl Iterator for ProjectFile {
    type Item = Result<Row, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        let raw = match self.next_raw()? {
            Ok(raw) => raw,
            Err(error) => return Some(Err(error)),
        };
        let refused = match parse_row(&raw, &self.reading) {
            Err(RefusedRow { mut cells, external_id }) => {
                cells.extend(external_id.and_then(|key| self.check_refused(raw.row, key)));
                cells
            }
            Ok(mut row) => match self.check_single(&row) {
                Ok(()) => {
                    row.takes_reading = self.corrections.takes_reading(row.row);
                    return Some(Ok(Row::Good(Box::new(row))));
                }
                Err(refused) => vec![refused],
            },
        };
        Some(self.count_refused(refused.len(), raw.row).map(|()| Row::Refused(refused)))
    }
}
