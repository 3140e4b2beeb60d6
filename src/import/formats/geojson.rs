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
        && let Ok(members) = serde_json::from_slice::<Map<String, Value>>(&text.json)
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
        geometry => match serde_json::from_value::<Geometry>(geometry) {
            Ok(geometry) => shape(&geometry),
            Err(wrong) => RawShape::Unreadable(wrong.to_string()),
        },
    };
    if !is_esri && let Some(members) = value.as_object_mut() {
        members.remove("attributes");
    }
    let feature = serde_json::from_value(value).map_err(|wrong| wrong.to_string())?;
    Ok((feature, shape))
}

fn is_esri(feature: &Value) -> bool {
    feature.get("attributes").is_some_and(Value::is_object) && feature.get("properties").is_none()
}

/// JSON as programs write it: what is no number there, `NaN` or `Infinity`, is null.
fn parse(text: &FeatureText) -> Result<Value, String> {
    serde_json::from_slice(&text.json)
        .or_else(|wrong| serde_json::from_slice(&without_words(&text.json)).map_err(|_| wrong.to_string()))
}

/// The same JSON with `null` for each bare word that JSON does not know: `NaN`, `-Infinity`, `nan`.
fn without_words(json: &[u8]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(json.len());
    let (mut at, mut in_text) = (0, false);
    while at < json.len() {
        let byte = json[at];
        let is_word = |byte: &u8| byte.is_ascii_alphabetic();
        let sign = usize::from(!in_text && matches!(byte, b'-' | b'+') && json.get(at + 1).is_some_and(is_word));
        if !in_text && (sign == 1 || is_word(&byte)) {
            let length = sign + json[at + sign..].iter().take_while(|byte| is_word(byte)).count();
            let word = &json[at..at + length];
            // The e of 1e5 stands behind a digit.
            let is_known = [&b"true"[..], b"false", b"null"].contains(&word)
                || at.checked_sub(1).is_some_and(|before| json[before].is_ascii_digit());
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
        let broken = FeatureText { number: 1, json: b"{\"type\":NaN \"x\"}".to_vec() };
        assert!(raw_feature(&broken, &Fields::default()).fault.is_some());
    }
}
