//! The layers of a file: sheets of a workbook, tables of a GeoPackage, shapefiles or maps in an archive. Any other file is one
//! layer without a name.

use super::archive::Part;
use super::feature_rows::FeatureRows;
use super::features::Features;
use super::flatgeobuf::FlatGeobuf;
use super::geopackage::GeoPackage;
use super::gpkg_layers;
use super::gpx::Gpx;
use super::input::{Format, Input, Progress};
use super::kind::Kind;
use super::kml::Kml;
use super::layer_rows::LayerRows;
use super::shapefile::{self, Shapefile};
use super::source::{Reader, Source};
use super::tables::rows::TableRows;
use super::tables::sheet::Sheet;
use super::tables::table::Table;
use super::tables::workbook;
use crate::import::error::ImportError;
use crate::import::rows::columns::Columns;
use std::sync::Arc;

/// A file with its layers, none of which is read yet. Sheets of a workbook are unpacked.
#[derive(Clone)]
pub struct FileLayers {
    input: Input,
    format: Format,
    progress: Progress,
    found: Found,
}

#[derive(Clone)]
enum Found {
    One,
    Sheets(Vec<Arc<Sheet>>),
    Tables(Vec<gpkg_layers::Layer>),
    Shapefiles(Vec<shapefile::Layer>),
    /// Maps in an archive, by their names.
    Maps(Vec<(String, Input)>),
}

/// How well the headings of a layer fit what is looked for; 0 if not at all.
pub type Fit<'a> = &'a dyn Fn(&[String]) -> usize;

impl FileLayers {
    /// Opens it in a format that it has, alone or beside others.
    pub fn open(input: &Input, format: Format, progress: &Progress) -> Result<Self, ImportError> {
        let found = match format {
            Format::Csv | Format::GeoJson | Format::FlatGeobuf | Format::Gpx => Found::One,
            Format::Kml if input.kind()? == Kind::Zip => Found::Maps(maps(input, input.parts()?)),
            Format::Archive => return Err(input.other_kind(Kind::Zip)),
            Format::Kml => Found::One,
            Format::Shapefile => Found::Shapefiles(shapefile::Layer::all(input)?),
            Format::Workbook => Found::Sheets(workbook::sheets(input)?.into_iter().map(Arc::new).collect()),
            Format::GeoPackage => Found::Tables(GeoPackage::layers(input)?),
        };
        Ok(Self { input: input.clone(), format, progress: progress.clone(), found })
    }

    /// The file itself.
    pub fn input(&self) -> &Input {
        &self.input
    }

    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether it is one layer without a name, which is not looked at before it is read.
    pub fn is_one(&self) -> bool {
        matches!(self.found, Found::One)
    }

    /// The names of the layers; of a file that has none, one empty name.
    pub fn names(&self) -> Vec<String> {
        match &self.found {
            Found::One => vec![String::new()],
            Found::Sheets(sheets) => sheets.iter().map(|sheet| sheet.name.clone()).collect(),
            Found::Tables(layers) => layers.iter().map(|layer| layer.table.clone()).collect(),
            Found::Shapefiles(layers) => layers.iter().map(|layer| layer.name.clone()).collect(),
            Found::Maps(maps) => maps.iter().map(|(name, _)| name.clone()).collect(),
        }
    }

    /// How well each layer fits. A hidden sheet does not, beside others: it is read by its name alone.
    pub fn fits(&self, fit: Fit<'_>) -> Vec<usize> {
        match &self.found {
            Found::One => vec![1],
            Found::Sheets(sheets) => {
                let all_are_hidden = sheets.iter().all(|sheet| sheet.is_hidden);
                let fit_of = |sheet: &Arc<Sheet>| {
                    let is_meant = all_are_hidden || !sheet.is_hidden;
                    if is_meant { fit_of_rows(&sheet.top_rows().collect::<Vec<_>>(), fit) } else { 0 }
                };
                sheets.iter().map(fit_of).collect()
            }
            Found::Tables(layers) => layers.iter().map(|layer| fit(&layer.columns)).collect(),
            Found::Shapefiles(layers) => layers.iter().map(|layer| fit(&layer.columns)).collect(),
            // Their placemarks name the columns.
            Found::Maps(maps) => vec![1; maps.len()],
        }
    }

    /// The rows of a layer, by its place in [`FileLayers::names`].
    pub fn rows(&self, at: usize, columns: Columns) -> Result<LayerRows, ImportError> {
        let table = match (&self.found, self.format) {
            (Found::Sheets(sheets), _) => Table::Sheet(Arc::clone(&sheets[at])),
            (_, Format::Csv) => Table::Text(self.input.clone()),
            _ => {
                let quiet = Self { progress: Progress::default(), ..self.clone() };
                let reopen = Box::new(move || quiet.features(at));
                return Ok(LayerRows::Features(Box::new(FeatureRows::new(self.features(at)?, columns, reopen))));
            }
        };
        let rows = TableRows::open(table, self.input.name(), &self.progress, columns)?;
        Ok(LayerRows::Table(Box::new(rows)))
    }

    /// The features of a layer; an error for tables.
    pub fn features(&self, at: usize) -> Result<Source, ImportError> {
        let (input, progress) = (&self.input, &self.progress);
        let reader = match (&self.found, self.format) {
            (Found::Tables(layers), _) => {
                Reader::GeoPackage(Box::new(GeoPackage::open(input, layers[at].clone(), progress)?))
            }
            (_, Format::GeoJson) => Reader::GeoJson(Box::new(Features::open(input, progress)?)),
            (Found::Shapefiles(layers), _) => {
                Reader::Shapefile(Box::new(Shapefile::open(input, layers[at].clone(), progress)?))
            }
            (Found::Maps(maps), _) => Reader::Kml(Box::new(Kml::open(&maps[at].1, progress)?)),
            (_, Format::Kml) => Reader::Kml(Box::new(Kml::open(input, progress)?)),
            (_, Format::Gpx) => Reader::Gpx(Box::new(Gpx::open(input, progress)?)),
            (_, Format::FlatGeobuf) => Reader::FlatGeobuf(Box::new(FlatGeobuf::open(input, progress)?)),
            (_, Format::Csv | Format::Workbook | Format::GeoPackage | Format::Shapefile | Format::Archive) => {
                return Err(input.other_kind(input.kind()?));
            }
        };
        Ok(Source::new(reader))
    }
}

/// By the rows near the top that fit best: a heading stands in one, or in two of which the lower one names more.
pub fn fit_of_rows(rows: &[Vec<String>], fit: Fit<'_>) -> usize {
    let one = rows.iter().map(|row| fit(row));
    let two = rows.windows(2).map(|rows| fit(&rows.concat()));
    one.chain(two).max().unwrap_or(0)
}

/// The maps of a KMZ: `doc.kml`, which leads to the others, or else every KML in it.
fn maps(input: &Input, mut parts: Vec<Part>) -> Vec<(String, Input)> {
    parts.retain(|part| part.ending() == "kml");
    if let Some(main) = parts.iter().find(|part| part.path() == "doc") {
        return vec![(main.stem().to_owned(), input.part(main))];
    }
    parts.iter().map(|part| (part.stem().to_owned(), input.part(part))).collect()
}
