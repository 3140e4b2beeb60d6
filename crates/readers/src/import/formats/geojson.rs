//! Parses the text of a feature of GeoJSON or Esri JSON into properties and a shape.

use super::esri_json::{self, Fields};
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
struct Feature {
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    geometry: Option<Geometry>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    #[serde(default, rename = "type")]
    kind: Option<Value>,
    /// In the place of properties: a feature of Esri JSON.
    #[serde(default)]
    attributes: Option<Map<String, Value>>,
}

/// Converts a feature's text to the common form: an `id` beside the properties becomes one of them. `fields` describes
/// the attributes of Esri JSON.
pub fn raw_feature(text: &FeatureText, fields: &Fields) -> RawFeature {
    match read_feature(text) {
        Ok((Feature { attributes: Some(attributes), .. }, shape)) => {
            RawFeature { number: text.number, properties: fields.in_words(attributes), shape, fault: None }
        }
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

/// A feature as GeoJSON, to be corrected by hand; `None` for invalid JSON.
pub fn feature_value(text: &FeatureText, fields: &Fields) -> Option<Value> {
    let value = parse(text).ok()?;
    Some(if is_esri(&value) { raw_feature(text, fields).into_geojson() } else { value })
}

/// A feature's parts and its shape. An invalid geometry leaves the properties readable; `Err` describes invalid JSON.
fn read_feature(text: &FeatureText) -> Result<(Feature, RawShape), String> {
    let is_record = |feature: &Feature| {
        feature.properties.is_none()
            && feature.attributes.is_none()
            && feature.kind.as_ref().is_none_or(|kind| kind != "Feature")
    };
    let read = serde_json::from_slice::<Feature>(&text.json);
    if read.as_ref().map_or(true, is_record)
        && let Ok(Value::Object(members)) = parse(text)
        && !members.contains_key("attributes")
        && json_record::is_record(&members)
    {
        let properties = Some(json_record::properties(members));
        return Ok((Feature { id: None, geometry: None, properties, kind: None, attributes: None }, RawShape::None));
    }
    if let Ok(mut feature) = read
        && feature.attributes.is_none()
    {
        let shape = feature.geometry.take().map_or(RawShape::None, |geometry| shape(&geometry));
        return Ok((feature, shape));
    }
    let mut value = parse(text)?;
    let is_esri = is_esri(&value);
    let geometry = value.get_mut("geometry").map(Value::take).unwrap_or_default();
    let shape = match geometry {
        geometry if is_esri => esri_json::shape(&geometry),
        Value::Null => RawShape::None,
        mut geometry => {
            each_coordinates(&mut geometry);
            match serde_json::from_value::<Geometry>(geometry) {
                Ok(geometry) => shape(&geometry),
                Err(wrong) => RawShape::Unreadable(wrong.to_string()),
            }
        }
    };
    if !is_esri && let Some(members) = value.as_object_mut() {
        members.remove("attributes");
    }
    let feature = serde_json::from_value(value).map_err(|wrong| wrong.to_string())?;
    Ok((feature, shape))
}

/// The positions of a geometry, and of those that it gathers, made plain.
fn each_coordinates(geometry: &mut Value) {
    if let Some(coordinates) = geometry.get_mut("coordinates") {
        plain_positions(coordinates);
    }
    if let Some(parts) = geometry.get_mut("geometries").and_then(Value::as_array_mut) {
        parts.iter_mut().for_each(each_coordinates);
    }
}

fn is_esri(feature: &Value) -> bool {
    feature.get("attributes").is_some_and(Value::is_object) && feature.get("properties").is_none()
}

/// JSON as programs write it: what is no number there, `NaN` or `Infinity`, is null.
fn parse(text: &FeatureText) -> Result<Value, String> {
    serde_json::from_slice(&text.json)
        .or_else(|wrong| serde_json::from_slice(&without_words(&text.json)).map_err(|_| wrong.to_string()))
}

/// Takes the third number and those behind it from each position: heights that are no numbers would cost the place. Numbers
/// that were written as text are numbers.
fn plain_positions(coordinates: &mut Value) {
    let Value::Array(parts) = coordinates else { return };
    if parts.iter().any(Value::is_array) {
        parts.iter_mut().for_each(plain_positions);
        return;
    }
    parts.truncate(2);
    for number in parts {
        if let Some(found) = number.as_str().and_then(|text| text.trim().parse::<f64>().ok()) {
            *number = found.into();
        }
    }
}

/// The same JSON with `null` for each bare word that JSON does not know (`NaN`, `-Infinity`, `1.#QNAN`), and for a number
/// beyond all of its numbers.
fn without_words(json: &[u8]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(json.len());
    let (mut at, mut in_text) = (0, false);
    while at < json.len() {
        let byte = json[at];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'#' | b'_');
        if !in_text && is_part(&byte) {
            let length = json[at..].iter().take_while(|byte| is_part(byte)).count();
            let word = &json[at..at + length];
            let is_known = serde_json::from_slice::<Value>(word).is_ok();
            clean.extend_from_slice(if is_known { word } else { b"null" });
            at += length;
            continue;
        }
        if in_text && byte == b'\\' {
            clean.extend(json[at..].iter().take(2));
            at += 2;
            continue;
        }
        in_text ^= byte == b'"';
        clean.push(byte);
        at += 1;
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_no_number_is_null_and_text_stays_as_it_is() {
        let json = br#"{"type":"Feature","properties":{"a":NaN,"b":-Infinity,"c":[1e5,-2.5E-3,nan,true],"d":"NaN \" -Infinity"},
            "geometry":{"type":"Point","coordinates":[114.35,-8.25]}}"#;
        let text = FeatureText { number: 1, json: json.to_vec() };
        let read = raw_feature(&text, &Fields::default());
        let expected = json!({ "a": null, "b": null, "c": [1e5, -2.5e-3, null, true], "d": "NaN \" -Infinity" });
        assert_eq!(Value::Object(read.properties), expected);
        assert_eq!(read.shape, RawShape::Given(geo::Point::new(114.35, -8.25).into()));
        let json = br#"{"type":"Feature","properties":{"a":1.#QNAN,"b":-1.#IND,"c":1e999,"d":undefined,"e":[-1,2.5]},
            "geometry":{"type":"LineString","coordinates":[[114.35,-8.25,NaN],["114.36","-8.26"]]}}"#;
        let read = raw_feature(&FeatureText { number: 1, json: json.to_vec() }, &Fields::default());
        let expected = json!({ "a": null, "b": null, "c": null, "d": null, "e": [-1, 2.5] });
        assert_eq!(Value::Object(read.properties), expected);
        let line: geo::Geometry = geo::LineString::from(vec![(114.35, -8.25), (114.36, -8.26)]).into();
        assert_eq!(read.shape, RawShape::Given(line));
        let broken = FeatureText { number: 1, json: b"{\"type\":NaN \"x\"}".to_vec() };
        assert!(raw_feature(&broken, &Fields::default()).fault.is_some());
    }
}
