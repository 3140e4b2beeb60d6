//! The rows of a feature file of any format.

use super::feature::RawFeature;
use super::features::Features;
use super::flatgeobuf::FlatGeobuf;
use super::geojson::raw_feature;
use super::geopackage::GeoPackage;
use super::gpx::Gpx;
use super::kml::Kml;
use super::shapefile::Shapefile;
use crate::import::crs::Stated;
use crate::import::error::ImportError;
use crate::import::rows::carried::Carried;
use crate::import::rows::columns::Columns;
use crate::import::rows::raw::{RawRow, RawShape};
use crate::import::rows::total::is_total;

/// The features of one file.
pub enum Source {
    GeoJson(Box<Features>),
    FlatGeobuf(Box<FlatGeobuf>),
    GeoPackage(Box<GeoPackage>),
    Kml(Box<Kml>),
    Gpx(Box<Gpx>),
    Shapefile(Box<Shapefile>),
}

impl Source {
    /// Columns named by the file before its features; those of GeoJSON, KML and GPX are discovered with their features.
    pub fn columns(&self) -> Vec<String> {
        match self {
            Self::GeoJson(_) | Self::Kml(_) | Self::Gpx(_) => Vec::new(),
            Self::Shapefile(features) => features.layer.columns.clone(),
            Self::FlatGeobuf(features) => features.columns().map(str::to_owned).collect(),
            Self::GeoPackage(features) => features.layer.columns.clone(),
        }
    }

    /// The coordinate system stated by the file, as far as it was read.
    pub fn stated(&self) -> Option<&Stated> {
        match self {
            Self::GeoJson(features) => features.stated.as_ref(),
            Self::FlatGeobuf(features) => features.stated.as_ref(),
            Self::GeoPackage(features) => features.layer.stated.as_ref(),
            Self::Shapefile(features) => features.layer.stated.as_ref(),
            // Both formats know WGS 84 alone.
            Self::Kml(_) | Self::Gpx(_) => None,
        }
    }
}

impl Iterator for Source {
    type Item = Result<RawFeature, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::GeoJson(features) => {
                let read = features.next()?;
                Some(read.map(|text| raw_feature(&text, &features.fields)))
            }
            Self::FlatGeobuf(features) => features.next(),
            Self::GeoPackage(features) => features.next(),
            Self::Kml(features) => features.next(),
            Self::Gpx(features) => features.next(),
            Self::Shapefile(features) => features.next(),
        }
    }
}

/// Features as rows, with the columns discovered so far.
pub struct FeatureRows {
    pub source: Source,
    pub columns: Columns,
    /// Facts in the first feature about its file.
    pub carried: Option<Carried>,
    /// Numbers of the totals skipped so far.
    pub totals: Vec<u64>,
}

impl FeatureRows {
    pub fn new(source: Source, mut columns: Columns) -> Self {
        source.columns().iter().for_each(|name| _ = columns.meaning(name));
        Self { source, columns, carried: None, totals: Vec::new() }
    }

    pub fn next_raw(&mut self) -> Option<Result<RawRow, ImportError>> {
        loop {
            let feature = match self.source.next()? {
                Ok(feature) => feature,
                Err(e) => return Some(Err(e)),
            };
            self.carried.get_or_insert_with(|| Carried::of_row(|name| feature.properties.get(name)?.as_str()));
            let row = feature.into_row(&mut self.columns);
            // As in a spreadsheet turned into a layer: without a geometry.
            let is_bare = row.shape == RawShape::None && row.fault.is_none();
            if is_bare && is_total(row.cells.iter().map(|cell| (cell.field, cell.text.as_str()))) {
                self.totals.push(row.row);
            } else {
                return Some(Ok(row));
            }
        }
    }
}
