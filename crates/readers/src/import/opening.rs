//! Opens a file of projects: its layer, its columns, its source and its coordinate system, known before its first row.

use super::cells::writing::Decimal;
use super::corrections::Corrections;
use super::crs::Crs;
use super::error::ImportError;
use super::formats::input::{Input, Progress};
use super::formats::layer_rows::LayerRows;
use super::formats::layers::Layers;
use super::keys::Keys;
use super::options::ReadOptions;
use super::projects::ProjectFile;
use super::rows::columns::Columns;
use super::rows::fields::Field;
use super::rows::identity::{Wanted, identity};
use super::rows::raw::{Identity, Needs, RawRow, Reading};
use std::collections::VecDeque;

/// Rows that are looked at for the columns of a file whose rows name their own.
const SAMPLE_ROWS: usize = 1_000;
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
            corrections: Corrections::new(&options.corrections, &options.readings),
            by_place: Vec::new(),
            refused: 0,
            unread_layers: Vec::new(),
        })
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
