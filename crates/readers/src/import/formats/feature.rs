//! A feature of any format, read but not interpreted, and its conversion to a row.

use crate::domain::Invalid;
use crate::import::cells::writing::Writing;
use crate::import::rows::columns::Columns;
use crate::import::rows::raw::{RawCell, RawRow, RawShape};
use serde_json::{Map, Value, json};

/// Properties and geometry of one feature.
#[derive(Clone, Debug)]
pub struct RawFeature {
    /// Its number in the file, from 1.
    pub number: u64,
    pub properties: Map<String, Value>,
    pub shape: RawShape,
    /// Why the feature as a whole cannot be read, and the beginning of its text.
    pub fault: Option<(String, String)>,
}

impl RawFeature {
    /// A feature that cannot be read.
    pub fn unreadable(number: u64, reason: impl Into<String>, given: impl Into<String>) -> Self {
        let fault = Some((reason.into(), given.into()));
        Self { number, properties: Map::new(), shape: RawShape::None, fault }
    }

    /// The row of its recognised cells.
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
            let writing = Writing::default();
            row.cells.push(RawCell { field, rank, column, text: cell_text(value), is_number, writing });
        }
        row
    }

    /// The feature as GeoJSON, in the coordinates of its file, without its unreadable parts.
    pub fn into_geojson(self) -> Value {
        let geometry = match &self.shape {
            RawShape::Given(geometry) => serde_json::to_value(geojson::GeometryValue::from(geometry)).ok(),
            RawShape::None | RawShape::Unreadable(_) => None,
        };
        json!({ "type": "Feature", "geometry": geometry, "properties": self.properties })
    }
}

/// A property as the text of a cell: lists joined by `; `, funding objects as `fund: amount`.
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
