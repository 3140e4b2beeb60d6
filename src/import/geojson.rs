//! A feature's text as a row: properties as cells, its geometry as a shape.

use super::columns::Columns;
use super::error::ImportError;
use super::features::{FeatureText, Features};
use super::input::{Input, Progress};
use super::rows::{RawCell, RawRow, RawShape};
use crate::domain::Invalid;
use geojson::{Geometry, GeometryValue, Position};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The rows of a GeoJSON file.
pub struct FeatureRows {
    features: Features,
    pub columns: Columns,
}

/// A feature in pieces, before anybody asks what they mean.
#[derive(Deserialize)]
pub struct Feature {
    #[serde(default)]
    pub id: Option<Value>,
    #[serde(default)]
    pub geometry: Option<Geometry>,
    #[serde(default)]
    pub properties: Option<Map<String, Value>>,
}

impl FeatureRows {
    pub fn open(input: &Input, progress: &Progress, columns: Columns) -> Result<Self, ImportError> {
        Ok(Self { features: Features::open(input, progress)?, columns })
    }

    pub fn next_raw(&mut self) -> Option<Result<RawRow, ImportError>> {
        let text = match self.features.next()? {
            Ok(text) => text,
            Err(error) => return Some(Err(error)),
        };
        let mut row =
            RawRow { row: text.number, cells: Vec::new(), shape: RawShape::None, shape_expected: true, fault: None };
        match read_feature(&text) {
            Ok((feature, shape)) => {
                row.shape = shape;
                let properties = feature.properties.unwrap_or_default();
                let id = feature
                    .id
                    .filter(|id| !id.is_null() && !properties.contains_key("id"))
                    .map(|id| ("id".to_owned(), id));
                for (name, value) in properties.into_iter().chain(id) {
                    let meaning = self.columns.meaning(&name);
                    if meaning.field.is_none() && !meaning.is_key {
                        continue;
                    }
                    let is_number = value.is_number();
                    let (field, rank, column) = (meaning.field, meaning.rank, meaning.name.clone());
                    row.cells.push(RawCell { field, rank, column, text: cell_text(value), is_number });
                }
            }
            Err(reason) => {
                let given = String::from_utf8_lossy(&text.json[..text.json.len().min(400)]).into_owned();
                row.fault =
                    Some((String::new(), Invalid::new("feature_not_readable", "").with("reason", reason), given));
            }
        }
        Some(Ok(row))
    }
}

/// A feature's parts and its shape. A geometry that is none leaves the properties readable; `Err` says what is no JSON.
pub fn read_feature(text: &FeatureText) -> Result<(Feature, RawShape), String> {
    if let Ok(mut feature) = serde_json::from_slice::<Feature>(&text.json) {
        let shape = feature.geometry.take().map_or(RawShape::None, |geometry| shape(&geometry));
        return Ok((feature, shape));
    }
    let mut value: Value = serde_json::from_slice(&text.json).map_err(|wrong| wrong.to_string())?;
    let geometry = value.get_mut("geometry").map(Value::take).unwrap_or_default();
    let shape = match serde_json::from_value::<Geometry>(geometry) {
        Ok(geometry) => shape(&geometry),
        Err(wrong) => RawShape::Unreadable(wrong.to_string()),
    };
    let feature = serde_json::from_value(value).map_err(|wrong| wrong.to_string())?;
    Ok((feature, shape))
}

/// A geometry in the words of `geo`, or why it is none.
pub fn shape(geometry: &Geometry) -> RawShape {
    if !has_whole_positions(&geometry.value) {
        return RawShape::Unreadable("a position needs two numbers".to_owned());
    }
    match geo::Geometry::try_from(&geometry.value) {
        Ok(geometry) => RawShape::Given(geometry),
        Err(wrong) => RawShape::Unreadable(wrong.to_string()),
    }
}

/// Whether each position has a longitude and a latitude: `geojson` takes that for granted and panics.
fn has_whole_positions(value: &GeometryValue) -> bool {
    let whole = |positions: &[Position]| positions.iter().all(|position| position.len() >= 2);
    match value {
        GeometryValue::Point { coordinates } => coordinates.len() >= 2,
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => whole(coordinates),
        GeometryValue::MultiLineString { coordinates } | GeometryValue::Polygon { coordinates } => {
            coordinates.iter().all(|part| whole(part))
        }
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().flatten().all(|ring| whole(ring)),
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().all(|geometry| has_whole_positions(&geometry.value))
        }
    }
}

/// A property as the text of a cell: lists by `; `, funding objects as `fund: amount`.
fn cell_text(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(items) => items.into_iter().map(cell_text).collect::<Vec<_>>().join("; "),
        Value::Object(members) => {
            let amount = ["amount_rupiah", "amount", "rp"]
                .iter()
                .find_map(|name| members.get(*name))
                .filter(|amount| !amount.is_null());
            match (members.get("fund").and_then(Value::as_str), amount) {
                (Some(fund), Some(amount)) => format!("{fund}: {}", cell_text(amount.clone())),
                (Some(fund), None) => fund.to_owned(),
                _ => Value::Object(members).to_string(),
            }
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
