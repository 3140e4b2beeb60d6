//! A file of projects, row by row: opened by its content, its columns understood, keys checked to be single.

use super::cells::writing::Decimal;
use super::corrections::Corrections;
use super::crs::{Crs, Stated};
use super::error::ImportError;
use super::formats::input::{Format, Input, Progress};
use super::formats::layer_rows::LayerRows;
use super::formats::layers::Layers;
use super::keys::{Keys, Repeated};
use super::known_villages::{ByPlace, Fault, Found, KnownVillages};
use super::options::ReadOptions;
use super::refused_rows::Origin;
use super::rows::columns::{Columns, Matched};
use super::rows::fields::Field;
use super::rows::identity::{Wanted, identity};
use super::rows::notes::Note;
use super::rows::parse_row::parse_row;
use super::rows::project_row::{ProjectRow, RefusedRow};
use super::rows::raw::{Identity, Needs, RawRow, Reading};
use super::rows::refusals::RefusedCell;
use crate::domain::Invalid;
use std::collections::VecDeque;
use std::sync::Arc;
use uuid::Uuid;

/// Rows that are looked at for the columns of a file whose rows name their own.
const SAMPLE_ROWS: usize = 1_000;
/// A file with more wrong cells is not the file that is meant; they would fill the memory (some 300 bytes each).
const MOST_REFUSED: usize = 1_000_000;

/// How a file is understood, to show it to the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
    /// Its name for messages.
    pub file: String,
    /// All columns, as the file calls them.
    pub columns: Vec<String>,
    /// Columns that the user sets aside and that the file does not have.
    pub ignored_in_vain: Vec<String>,
    /// Which column is read as what.
    pub matched: Vec<Matched>,
    /// What the user states for every row.
    pub values: Vec<(Field, String)>,
    /// Columns that nothing is read from.
    pub unread: Vec<String>,
    pub crs: Crs,
    /// What the file states of its coordinate system; the user's option comes before it.
    pub stated_crs: Option<Stated>,
    /// Rows of totals, which are no works and are passed over.
    pub totals: Vec<u64>,
    /// Other layers of the file, whose rows are not read.
    pub unread_layers: Vec<String>,
    /// Villages that the places of rows told, in the order of the file.
    pub by_place: Vec<ByPlace>,
    /// What else to know about how the file was read.
    pub notes: Vec<Note>,
}

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
    name: String,
    source: String,
    source_is_assumed: bool,
    format: Format,
    size: Option<u64>,
    progress: Progress,
    reading: Reading,
    rows: LayerRows,
    stated: Option<Stated>,
    /// What the user said of the coordinate system.
    given_crs: Option<Crs>,
    ahead: VecDeque<Result<RawRow, ImportError>>,
    keys: Keys,
    villages: Option<Arc<KnownVillages>>,
    by_place: Vec<ByPlace>,
    refused: usize,
    corrections: Corrections,
    unread_layers: Vec<String>,
}

impl ProjectFile {
    /// Opens a file and understands its columns: of several layers the one that the options name, or the one whose
    /// columns name a title and most other fields. Refuses a file as a whole where no row of it could be good.
    pub fn open(input: &Input, options: &ReadOptions) -> Result<Self, ImportError> {
        let (progress, columns) = (Progress::default(), options.columns()?);
        Self::open_chosen(&Layers::open(input, &progress)?, columns, options, progress)
    }

    pub(super) fn open_chosen(
        layers: &Layers,
        columns: Columns,
        options: &ReadOptions,
        progress: Progress,
    ) -> Result<Self, ImportError> {
        let fit = |headings: &[String]| columns.fit(headings);
        let at = layers.choose(options.layer.as_deref(), &fit)?;
        let with_works = layers.fits(&fit).iter().filter(|fit| **fit > 0).count();
        let mut file = Self::open_layer(layers, at, columns.clone(), options, progress)?;
        file.unread_layers =
            layers.names().into_iter().enumerate().filter(|(other, _)| *other != at).map(|(_, name)| name).collect();
        // Lists of several layers often number their works anew: their ids are of different sources.
        if with_works > 1 && file.source_is_assumed {
            file.source = format!("{}/{}", file.source, layers.names()[at]);
        }
        Ok(file)
    }

    /// Opens every layer of a file that holds works, each as a file of its own; the one that the options name, if they
    /// name one.
    pub fn open_each(input: &Input, options: &ReadOptions) -> Result<Vec<Self>, ImportError> {
        let (progress, columns) = (Progress::default(), options.columns()?);
        let layers = Layers::open(input, &progress)?;
        let (names, fits) = (layers.names(), layers.fits(&|headings| columns.fit(headings)));
        let with_works: Vec<usize> = (0..fits.len()).filter(|at| fits[*at] > 0).collect();
        if options.layer.is_some() || with_works.len() < 2 {
            return Ok(vec![Self::open_chosen(&layers, columns, options, progress)?]);
        }
        let mut files = Vec::with_capacity(with_works.len());
        let mut unread_layers: Vec<String> =
            (0..fits.len()).filter(|at| fits[*at] == 0).map(|at| names[at].clone()).collect();
        for at in with_works {
            match Self::open_layer(&layers, at, columns.clone(), options, progress.clone()) {
                Ok(file) => files.push(Self { name: format!("{} ({})", input.name(), names[at]), ..file }),
                Err(ImportError::NoRows { .. }) => unread_layers.push(names[at].clone()),
                Err(e) => return Err(e),
            }
        }
        match files.first_mut() {
            Some(first) => first.unread_layers = unread_layers,
            None => return Err(ImportError::NoRows { file: input.name().to_owned() }),
        }
        Ok(files)
    }

    fn open_layer(
        layers: &Layers,
        at: usize,
        columns: Columns,
        options: &ReadOptions,
        progress: Progress,
    ) -> Result<Self, ImportError> {
        let (input, format) = (layers.input(), layers.file_of(at).format());
        let mut rows = layers.rows(at, columns)?;
        let sample = if format.names_columns_by_feature() { SAMPLE_ROWS } else { 1 };
        let mut ahead: VecDeque<_> = (0..sample).map_while(|_| rows.next_raw()).collect();
        // A file that breaks off at once is reported as broken, not as lacking columns.
        if let Some(Err(error)) = ahead.pop_front_if(|read| read.is_err()) {
            return Err(error);
        }
        if ahead.is_empty() {
            return Err(ImportError::NoRows { file: input.name().to_owned() });
        }
        // Of features that cannot be read at all, their own faults explain more than the columns that seem to be
        // missing.
        let is_faulty = |read: &Result<RawRow, ImportError>| read.as_ref().is_ok_and(|row| row.fault.is_some());
        let identity = if rows.columns().names().is_empty() && ahead.iter().all(is_faulty) {
            Identity::Column
        } else {
            let wanted =
                Wanted { needs: options.needs, villages_by_place: options.has_borders() && has_places(&rows, &ahead) };
            identity(input.name(), rows.columns(), &options.key, wanted, rows.year_above())?
        };
        let stated = rows.stated().cloned();
        let crs = Crs::of_file(input.name(), stated.as_ref(), options.crs.as_ref())?;
        let decimal_point = matches!(&rows, LayerRows::Table(table) if table.decimal() == Decimal::Point);
        let stated_source = options.source.clone().or_else(|| rows.carried_source());
        let source_is_assumed = stated_source.is_none();
        let source = stated_source.or_else(|| input.source());
        let source = match source {
            Some(source) => source,
            // Nothing is kept of a comparison: any name will do.
            None if options.needs == Needs::Comparison => format!("file:{}", input.name()),
            None => return Err(ImportError::NoSource { file: input.name().to_owned() }),
        };
        Ok(Self {
            name: input.name().to_owned(),
            source,
            source_is_assumed,
            format,
            size: input.size(),
            progress,
            reading: Reading {
                identity,
                needs: options.needs,
                villages_by_place: options.has_borders(),
                decimal_point,
                swap: options.swap,
                crs,
                owner_of: options.owner_of,
            },
            rows,
            stated,
            given_crs: options.crs.clone(),
            ahead,
            keys: Keys::default(),
            villages: options.villages.clone(),
            by_place: Vec::new(),
            refused: 0,
            corrections: Corrections::new(&options.corrections, &options.readings),
            unread_layers: Vec::new(),
        })
    }

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
            by_place: self.by_place.clone(),
            notes: self.rows.notes(),
        }
    }

    /// The error that the user sets columns aside that no row had; to be asked behind the last row of the last of these files.
    pub fn refuse_ignored_in_vain<'a>(files: impl IntoIterator<Item = &'a Understood>) -> Result<(), ImportError> {
        let files: Vec<&Understood> = files.into_iter().collect();
        let Some((first, others)) = files.split_first() else { return Ok(()) };
        let in_vain = |column: &&String| others.iter().all(|other| other.ignored_in_vain.contains(column));
        let Some(column) = first.ignored_in_vain.iter().find(in_vain) else { return Ok(()) };
        let mut columns: Vec<String> = Vec::new();
        for name in files.iter().flat_map(|file| &file.columns) {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        let file = files.iter().map(|file| file.file.as_str()).collect::<Vec<_>>().join(", ");
        Err(ImportError::UnknownColumn { file, field: "--ignore".to_owned(), column: column.clone(), columns })
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
    pub fn repeated_id(&mut self, row: &ProjectRow) -> Option<RefusedCell> {
        if self.reading.identity == Identity::Row {
            return None;
        }
        let repeated = self.keys.add_good(row).err().filter(|repeated| !repeated.is_elsewhere)?;
        let refused = self.duplicate_key(&repeated);
        let invalid = Invalid { code: "repeated_id", ..refused.invalid };
        Some(RefusedCell { invalid, ..refused })
    }

    /// Finds the village of a row among those that are known, or refuses it: it has none, or lies far from it.
    pub fn place(&mut self, row: &mut ProjectRow) -> Result<Option<Uuid>, RefusedCell> {
        let Some(villages) = self.villages.clone() else { return Ok(None) };
        let found = villages.place(row).map_err(|fault| self.cell_of(row.row, fault))?;
        self.note_place(&villages, row.row, &found);
        Ok(Some(found.id))
    }

    /// Of a row that is only compared: finds its village, and tells what keeps it from being known, or why its place is not
    /// used. A village that is not known stays as it stands.
    pub fn place_compared(&mut self, row: &mut ProjectRow) {
        let Some(villages) = self.villages.clone() else { return };
        match villages.place_compared(row) {
            Ok(Some(found)) => self.note_place(&villages, row.row, &found),
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
        let column = if field == Field::Geometry { self.place_columns() } else { self.column_of(field) };
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

/// Whether the rows have places: columns for them, or shapes of their own.
fn has_places(rows: &LayerRows, ahead: &VecDeque<Result<RawRow, ImportError>>) -> bool {
    let columns = rows.columns();
    let shapes = || ahead.iter().any(|read| read.as_ref().is_ok_and(|row| row.shape_expected));
    [Field::Geometry, Field::Coordinates].iter().any(|field| columns.has(*field))
        || (columns.has(Field::Lat) && columns.has(Field::Lon))
        || shapes()
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
