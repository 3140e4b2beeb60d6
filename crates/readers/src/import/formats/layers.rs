//! The layers of a file, whatever it is: those of its format, or, of an archive of tables and maps, those of all files in it,
//! each read as if it lay loose.

use super::archive::{Part, READ_ENDINGS};
use super::file_layers::{FileLayers, Fit, fit_of_rows};
use super::input::{Format, Input, Progress};
use super::kind::Kind;
use super::layer_rows::LayerRows;
use super::own_copy::MOST_BYTES;
use super::source::Source;
use super::tables::record::Record;
use super::tables::table::Table;
use crate::import::error::ImportError;
use crate::import::rows::columns::Columns;

/// The most files that are read from one archive.
const FILES: usize = 50;
/// Rows of a table, and features, that are looked at for the names of their columns.
const TOP: usize = 20;

/// A file with its layers, none of which is read yet.
pub struct Layers {
    input: Input,
    files: Vec<FileLayers>,
    layers: Vec<Layer>,
}

/// One layer: its name, and where it is.
struct Layer {
    name: String,
    file: usize,
    /// Its place among those of its file.
    at: usize,
}

impl Layers {
    /// Files of an archive are unpacked, into memory or files of our own.
    pub fn open(input: &Input, progress: &Progress) -> Result<Self, ImportError> {
        let mut layers = Self { input: input.clone(), files: Vec::new(), layers: Vec::new() };
        match input.format()? {
            Format::Archive => layers.add_archive(&input.parts()?, progress)?,
            format => layers.add(FileLayers::open(input, format, progress)?, ""),
        }
        Ok(layers)
    }

    /// Shapefiles and KML first, then the others in the order of the archive.
    fn add_archive(&mut self, parts: &[Part], progress: &Progress) -> Result<(), ImportError> {
        let archive = self.input.clone();
        let files: Vec<&Part> = parts.iter().filter(|part| READ_ENDINGS.contains(&part.ending().as_str())).collect();
        if files.len() > FILES {
            let reason = format!("it holds over {FILES} tables and maps");
            return Err(ImportError::Unsound { file: archive.name().to_owned(), kind: Kind::Zip, reason });
        }
        if files.iter().map(|part| part.size).fold(0, u64::saturating_add) > MOST_BYTES {
            return Err(ImportError::TooLarge { file: archive.name().to_owned(), most_bytes: MOST_BYTES });
        }
        for (ending, format) in [("shp", Format::Shapefile), ("kml", Format::Kml)] {
            if parts.iter().any(|part| part.ending() == ending) {
                self.add(FileLayers::open(&archive, format, progress)?, "");
            }
        }
        for part in files {
            let file = archive.part(part).into_own_copy(|_| {})?.input;
            let format = file.format()?;
            let is_single = files_called(parts, part.stem()) == 1;
            let name = if is_single { part.stem() } else { &part.name };
            self.add(FileLayers::open(&file, format, progress)?, name);
        }
        Ok(())
    }

    fn add(&mut self, file: FileLayers, name: &str) {
        for (at, layer) in file.names().into_iter().enumerate() {
            let name = match (name, layer.as_str()) {
                (name, "") => name.to_owned(),
                ("", layer) => layer.to_owned(),
                (name, layer) => format!("{name}/{layer}"),
            };
            self.layers.push(Layer { name, file: self.files.len(), at });
        }
        self.files.push(file);
    }

    pub fn input(&self) -> &Input {
        &self.input
    }

    /// The file that a layer is of: the file itself, or one of the archive.
    pub fn file_of(&self, at: usize) -> &FileLayers {
        &self.files[self.layers[at].file]
    }

    /// The names of the layers; of a file that has none, one empty name.
    pub fn names(&self) -> Vec<String> {
        self.layers.iter().map(|layer| layer.name.clone()).collect()
    }

    /// The layer of this name; without a name the one that fits best. The error names the layers: there is none of this
    /// name, or several fit alike.
    pub fn choose(&self, name: Option<&str>, fit: Fit<'_>) -> Result<usize, ImportError> {
        let (file, layers) = (self.input.name().to_owned(), self.names());
        if let Some(name) = name.filter(|_| layers.iter().any(|layer| !layer.is_empty())) {
            let at = layers.iter().position(|layer| layer == name);
            return at.ok_or_else(|| ImportError::UnknownLayer { file, layer: name.to_owned(), layers });
        }
        let fits = self.fits(fit);
        let best = fits.iter().max();
        let mut equal = (0..fits.len()).filter(|at| fits.get(*at) == best);
        match (equal.next(), equal.next()) {
            (Some(at), None) => Ok(at),
            _ => Err(ImportError::ManyLayers { file, layers }),
        }
    }

    /// How well each layer fits. Of several files one that cannot be read fits not at all: its own reader says why where it
    /// is chosen.
    pub fn fits(&self, fit: Fit<'_>) -> Vec<usize> {
        let of_file = |file: &FileLayers| {
            let is_looked_at = self.files.len() > 1 && file.is_one();
            if is_looked_at { vec![fit_of_top(file, fit).unwrap_or(0)] } else { file.fits(fit) }
        };
        self.files.iter().flat_map(of_file).collect()
    }

    /// The rows of a layer, by its place in [`Layers::names`].
    pub fn rows(&self, at: usize, columns: Columns) -> Result<LayerRows, ImportError> {
        self.file_of(at).rows(self.layers[at].at, columns)
    }

    /// The features of a layer; an error for tables.
    pub fn features(&self, at: usize) -> Result<Source, ImportError> {
        self.file_of(at).features(self.layers[at].at)
    }
}

/// Files that are read and have this name without folders and extension.
fn files_called(parts: &[Part], stem: &str) -> usize {
    let is_read = |part: &&Part| READ_ENDINGS.contains(&part.ending().as_str()) && part.stem() == stem;
    parts.iter().filter(is_read).count()
}

/// How well the columns of a file of one layer fit, by its first rows or features.
fn fit_of_top(file: &FileLayers, fit: Fit<'_>) -> Result<usize, ImportError> {
    if file.format() == Format::Csv {
        let records = Table::Text(file.input().clone()).records(&Progress::default(), &Columns::new(&[], &[])?)?;
        let cells = |record: Record| record.cells.iter().map(str::to_owned).collect();
        let rows = records.take(TOP).map(|read| read.map(cells)).collect::<Result<Vec<Vec<String>>, _>>()?;
        return Ok(fit_of_rows(&rows, fit));
    }
    let mut source = file.features(0)?;
    let mut names = source.columns();
    if names.is_empty() {
        for feature in source.by_ref().take(TOP) {
            names.extend(feature?.properties.into_iter().map(|(name, _)| name));
        }
    }
    Ok(fit(&names))
}
