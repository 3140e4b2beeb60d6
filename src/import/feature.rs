//! A feature of whatever format, read and not yet understood, and the row that it makes.

use super::columns::Columns;
use super::geojson::cell_text;
use super::rows::{RawCell, RawRow, RawShape};
use crate::domain::Invalid;
use serde_json::{Map, Value, json};

/// Properties and geometry of one feature (GeoJSON, FlatGeobuf, GeoPackage).
#[derive(Clone, Debug)]
pub struct RawFeature {
    /// Its number in the file, from 1.
    pub number: u64,
    pub properties: Map<String, Value>,
    pub shape: RawShape,
    /// Why the feature as a whole cannot be read, and the beginning of what stood there.
    pub fault: Option<(String, String)>,
}

impl RawFeature {
    /// A feature that cannot be read at all.
    pub fn unreadable(number: u64, reason: impl Into<String>, given: impl Into<String>) -> Self {
        let fault = Some((reason.into(), given.into()));
        Self { number, properties: Map::new(), shape: RawShape::None, fault }
    }

    /// The cells that mean something to us.
    pub fn into_row(self, columns: &mut Columns) -> RawRow {
        let mut row = RawRow {
            row: self.number,
            cells: Vec::new(),
            shape: self.shape,
            shape_expected: true,
            fault: self.fault.map(|(reason, given)| {
                (String::new(), Invalid::new("feature_not_readable", "").with("reason", reason), given)
            }),
        };
        for (name, value) in self.properties {
            let meaning = columns.meaning(&name);
            if meaning.field.is_none() && !meaning.is_key {
                continue;
            }
            let is_number = value.is_number();
            let (field, rank, column) = (meaning.field, meaning.rank, meaning.name.clone());
            row.cells.push(RawCell { field, rank, column, text: cell_text(value), is_number });
        }
        row
    }

    /// The feature as GeoJSON, in the coordinates of its file. What could not be read of it is left out.
    pub fn into_geojson(self) -> Value {
        let geometry = match &self.shape {
            RawShape::Given(geometry) => serde_json::to_value(geojson::GeometryValue::from(geometry)).ok(),
            RawShape::None | RawShape::Unreadable(_) => None,
        };
        json!({ "type": "Feature", "geometry": geometry, "properties": self.properties })
    }
}
