//! The text of a GeoJSON feature as a feature: its properties, its geometry as a shape.

use super::feature::RawFeature;
use super::features::FeatureText;
use super::rows::RawShape;
use crate::domain::geojson::convert;
use geojson::Geometry;
use serde::Deserialize;
use serde_json::{Map, Value};

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

/// A feature's text as a feature of any format: an `id` beside the properties becomes one of them.
pub fn raw_feature(text: &FeatureText) -> RawFeature {
    match read_feature(text) {
        Ok((feature, shape)) => {
            let mut properties = feature.properties.unwrap_or_default();
            if let Some(id) = feature.id.filter(|id| !id.is_null())
                && !properties.contains_key("id")
            {
                properties.insert("id".to_owned(), id);
            }
            RawFeature { number: text.number, properties, shape, fault: None }
        }
        Err(reason) => {
            let given = String::from_utf8_lossy(&text.json[..text.json.len().min(400)]).into_owned();
            RawFeature::unreadable(text.number, reason, given)
        }
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
    match convert(&geometry.value) {
        Ok(geometry) => RawShape::Given(geometry),
        Err(reason) => RawShape::Unreadable(reason),
    }
}

/// A property as the text of a cell: lists by `; `, funding objects as `fund: amount`.
pub fn cell_text(value: Value) -> String {
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
