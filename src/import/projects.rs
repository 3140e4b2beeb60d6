//! A file of projects, row by row: opened by its content, its columns understood, keys checked to be single.

use super::cells::writing::Decimal;
use super::corrections::{Correction, Corrections};
use super::crs::{Crs, Stated};
use super::error::ImportError;
use super::formats::input::{Format, Input, Progress};
use super::formats::layer_rows::LayerRows;
use super::formats::layers::Layers;
use super::rows::columns::{Columns, Matched};
use super::rows::fields::Field;
use super::rows::headings::Headings;
use super::rows::identity::identity;
use super::rows::notes::Note;
use super::rows::parse_row::parse_row;
use super::rows::project_row::{ProjectRow, RefusedRow};
use super::rows::raw::{Identity, Needs, OwnerOf, RawRow, Reading};
use super::rows::refusals::RefusedCell;
use crate::domain::Invalid;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};

/// Rows that are looked at for the columns of a file whose rows name their own.
const SAMPLE_ROWS: usize = 1_000;
/// A file with more wrong cells is not the file that is meant; they would fill the memory (some 300 bytes each).
const MOST_REFUSED: usize = 1_000_000;

/// The user's options for reading a file.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Whose ids the external ids are; by default what refused rows carry of the file that they come from, else `file:` and
    /// the file's name; a pipe has none.
    pub source: Option<String>,
    /// (our field, the file's column), where the headings are not recognized.
    pub map: Vec<(String, String)>,
    /// Columns or fields that make the external id, for a file without a column for it.
    pub key: Vec<String>,
    /// Columns that nothing is read from.
    pub ignore: Vec<String>,
    /// (our field, its text) in every row, whatever columns there are.
    pub values: Vec<(String, String)>,
    /// Headings beside those that the program knows.
    pub headings: Headings,
    /// The coordinate system, whatever the file states; by default what it states, else WGS 84 lon/lat.
    pub crs: Option<Crs>,
    /// The layer of a file with several: a sheet, a table.
    pub layer: Option<String>,
    /// Takes exchanged coordinates the other way round instead of refusing them.
    pub swap: bool,
    /// Cells that a person corrected.
    pub corrections: Vec<Correction>,
    /// Rows whose place, if it is far from their village, is read as the one that fits.
    pub readings: Vec<u64>,
    pub needs: Needs,
    pub owner_of: OwnerOf,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            source: None,
            map: Vec::new(),
            key: Vec::new(),
            ignore: Vec::new(),
            values: Vec::new(),
            headings: Headings::default(),
            crs: None,
            layer: None,
            swap: false,
            corrections: Vec::new(),
            readings: Vec::new(),
            needs: Needs::default(),
            owner_of: |title| (title.to_owned(), None),
        }
    }
}

impl ReadOptions {
    /// What they say of columns, for one layer.
    pub fn columns(&self) -> Result<Columns, ImportError> {
        let columns = Columns::new(&self.map, &self.key)?.with_headings(&self.headings).without(&self.ignore);
        columns.with_values(&self.values)
    }
}

/// How a file is understood, to show it to the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
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
    /// The first row of each external id with the hash of its village, by its hash: two of 25 million ids are taken for one in 1 of 60,000 such files.
    first_rows: FxHashMap<u64, (u32, u64)>,
    hashing: RandomState,
    /// Of rows that were refused for a fault of their own: row and key, by the hash of a key that no good row has had yet.
    keys_of_refused: FxHashMap<u64, Vec<(u64, String)>>,
    taken_later: Vec<RefusedCell>,
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
        let (input, format) = (layers.input(), layers.format());
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
            identity(input.name(), rows.columns(), &options.key, options.needs, rows.year_above())?
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
                decimal_point,
                swap: options.swap,
                crs,
                owner_of: options.owner_of,
            },
            rows,
            stated,
            given_crs: options.crs.clone(),
            ahead,
            first_rows: FxHashMap::default(),
            hashing: RandomState::new(),
            keys_of_refused: FxHashMap::default(),
            taken_later: Vec::new(),
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
            notes: self.rows.notes(),
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
        let id = self.hashing.hash_one(row.external_id.as_str());
        let village = self.hashing.hash_one((&row.village_code, &row.village_name));
        if let Some((first, of_village)) = self.first_rows.get(&id) {
            let refused = self.duplicate_key(row.row, &row.external_id, u64::from(*first));
            let with_village = (*of_village != village).then(|| self.key_with_village()).flatten();
            let invalid = refused.invalid.clone().with("with_village", with_village);
            return Err(RefusedCell { invalid, ..refused });
        }
        self.first_rows.insert(id, (u32::try_from(row.row).unwrap_or(u32::MAX), village));
        for (refused, key) in self.keys_of_refused.remove(&id).unwrap_or_default() {
            self.taken_later.push(self.duplicate_key(refused, &key, row.row));
        }
        Ok(())
    }

    /// Of a row that is only compared: that its id stood in an earlier row of its village. It is no fault, perhaps the double
    /// itself; ids of other villages are other ids.
    pub fn repeated_id(&mut self, row: &ProjectRow) -> Option<RefusedCell> {
        let repeated = self.check_single(row).err()?;
        let is_elsewhere = !repeated.invalid.values["with_village"].is_null();
        (!is_elsewhere).then(|| {
            let invalid = Invalid { code: "repeated_id", ..repeated.invalid };
            RefusedCell { invalid, ..repeated }
        })
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
        let id = self.hashing.hash_one(key.as_str());
        let first = self.first_rows.get(&id).map(|(first, _)| *first);
        if first.is_none() {
            self.keys_of_refused.entry(id).or_default().push((row, key.clone()));
        }
        first.map(|first| self.duplicate_key(row, &key, u64::from(first)))
    }

    /// Of rows that were refused already: that a good row behind them has their key. To be asked at the end of the file.
    pub fn taken_later(&mut self) -> Vec<RefusedCell> {
        std::mem::take(&mut self.taken_later)
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

    fn duplicate_key(&self, row: u64, key: &str, first_row: u64) -> RefusedCell {
        let column = match &self.reading.identity {
            Identity::Column => self.column_of(Field::ExternalId),
            Identity::Made(columns) => columns.join(", "),
            Identity::Row => String::new(),
        };
        let invalid = Invalid::new("duplicate_key", column.as_str()).with("first_row", first_row).with("key", key);
        RefusedCell::new(row, &column, invalid, key)
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
