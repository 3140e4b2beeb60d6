//! Parses the text of a GeoJSON feature into properties and a shape.

use super::feature::RawFeature;
use super::features::FeatureText;
use super::json_record;
use crate::import::rows::raw::RawShape;
use crate::import::rows::shape::shape;
use geojson::Geometry;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A feature in pieces, not interpreted yet.
#[derive(Deserialize)]
pub struct Feature {
    #[serde(default)]
    pub id: Option<Value>,
    #[serde(default)]
    pub geometry: Option<Geometry>,
    #[serde(default)]
    pub properties: Option<Map<String, Value>>,
    #[serde(default, rename = "type")]
    pub kind: Option<Value>,
}

/// Converts a feature's text to the common form: an `id` beside the properties becomes one of them.
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

/// A feature's parts and its shape. An invalid geometry leaves the properties readable; `Err` describes invalid JSON.
pub fn read_feature(text: &FeatureText) -> Result<(Feature, RawShape), String> {
    let is_record =
        |feature: &Feature| feature.properties.is_none() && feature.kind.as_ref().is_none_or(|kind| kind != "Feature");
    let read = serde_json::from_slice::<Feature>(&text.json);
    if read.as_ref().map_or(true, is_record)
        && let Ok(members) = serde_json::from_slice::<Map<String, Value>>(&text.json)
        && json_record::is_record(&members)
    {
        let properties = Some(json_record::properties(members));
        return Ok((Feature { id: None, geometry: None, properties, kind: None }, RawShape::None));
    }
    if let Ok(mut feature) = read {
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
