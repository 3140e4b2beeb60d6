//! The features of a file of any format.

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

/// The features of one file. Ends behind an error.
pub struct Source {
    reader: Reader,
    ended: bool,
}

/// The reader of a format.
pub enum Reader {
    GeoJson(Box<Features>),
    FlatGeobuf(Box<FlatGeobuf>),
    GeoPackage(Box<GeoPackage>),
    Kml(Box<Kml>),
    Gpx(Box<Gpx>),
    Shapefile(Box<Shapefile>),
}

impl Source {
    pub fn new(reader: Reader) -> Self {
        Self { reader, ended: false }
    }

    /// Columns named by the file before its features; those of GeoJSON, KML and GPX are discovered with their features.
    pub fn columns(&self) -> Vec<String> {
        match &self.reader {
            Reader::GeoJson(_) | Reader::Kml(_) | Reader::Gpx(_) => Vec::new(),
            Reader::Shapefile(features) => features.layer.columns.clone(),
            Reader::FlatGeobuf(features) => features.columns().map(str::to_owned).collect(),
            Reader::GeoPackage(features) => features.layer.columns.clone(),
        }
    }

    /// The coordinate system stated by the file, as far as it was read.
    pub fn stated(&self) -> Option<&Stated> {
        match &self.reader {
            Reader::GeoJson(features) => features.stated.as_ref(),
            Reader::FlatGeobuf(features) => features.stated.as_ref(),
            Reader::GeoPackage(features) => features.layer.stated.as_ref(),
            Reader::Shapefile(features) => features.layer.stated.as_ref(),
            // Both formats know WGS 84 alone.
            Reader::Kml(_) | Reader::Gpx(_) => None,
        }
    }
}

impl Reader {
    fn read(&mut self) -> Result<Option<RawFeature>, ImportError> {
        match self {
            Self::GeoJson(features) => {
                let read = features.next().transpose()?;
                Ok(read.map(|text| raw_feature(&text, &features.fields)))
            }
            Self::FlatGeobuf(features) => features.read(),
            Self::GeoPackage(features) => features.next().transpose(),
            Self::Kml(features) => features.read(),
            Self::Gpx(features) => features.read(),
            Self::Shapefile(features) => features.read(),
        }
    }
}

impl Iterator for Source {
    type Item = Result<RawFeature, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.reader.read();
        self.ended = !matches!(read, Ok(Some(_)));
        read.transpose()
    }
}
