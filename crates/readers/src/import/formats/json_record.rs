//! Records of JSON that are no features: plain objects, as interfaces of procurement, open data and forms give them.

use super::input::Input;
use crate::import::error::ImportError;
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, Read};

/// How deep objects in a record are taken for groups of its fields.
const DEPTH: usize = 3;

/// Members of an answer that tell about its records or are of GeoJSON; the first other array of objects, such as `records` of
/// CKAN, `results` of Kobo or `value` of ODK Central, is the records.
const ABOUT: [&str; 14] = [
    "fields",
    "columns",
    "headers",
    "schema",
    "links",
    "_links",
    "meta",
    "metadata",
    "pagination",
    "facets",
    "crs",
    "geometry",
    "properties",
    "features",
];

/// The longest first line that is looked at.
const LINE_BYTES: u64 = 1 << 20;

/// Whether a file has a plain record in each of its lines (JSON Lines): one in the first, and another object behind it.
pub fn are_lines(input: &Input) -> Result<bool, ImportError> {
    let mut lines = BufReader::new(input.open()?.take(2 * LINE_BYTES));
    let mut first = Vec::new();
    let read = (&mut lines).take(LINE_BYTES).read_until(b'\n', &mut first).map_err(|cause| input.unreadable(cause));
    read?;
    let text = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&first);
    let Ok(members) = serde_json::from_slice::<Map<String, Value>>(text) else { return Ok(false) };
    let is_of_map = ["features", "attributes"].iter().any(|name| members.contains_key(*name))
        || members.get("type").is_some_and(|kind| kind == "FeatureCollection" || kind == "Topology");
    if !is_record(&members) || is_of_map {
        return Ok(false);
    }
    let mut behind = Vec::new();
    lines.read_until(b'{', &mut behind).map_err(|cause| input.unreadable(cause))?;
    Ok(behind.trim_ascii() == b"{")
}

/// Whether the records may lie in a member of this name.
pub fn may_hold(name: &str) -> bool {
    !ABOUT.contains(&name)
}

/// The members of a record as properties: those of a group stand beside the others.
pub fn properties(record: Map<String, Value>) -> Map<String, Value> {
    let mut properties = Map::new();
    take(record, DEPTH, &mut properties);
    properties
}

fn take(members: Map<String, Value>, depth: usize, properties: &mut Map<String, Value>) {
    for (name, value) in members {
        match value {
            // A geometry or an amount with its fund is one value.
            Value::Object(group) if depth > 0 && !group.contains_key("type") && !group.contains_key("fund") => {
                take(group, depth - 1, properties);
            }
            value => _ = properties.entry(name).or_insert(value),
        }
    }
}

/// A record as a feature without a place, so that its refused row is read again as it was; a feature stays as it is.
pub fn as_feature(value: Value) -> Value {
    match value {
        Value::Object(members) if is_record(&members) => {
            json!({ "type": "Feature", "geometry": null, "properties": properties(members) })
        }
        other => other,
    }
}

/// Whether an object is a record and no feature.
pub fn is_record(members: &Map<String, Value>) -> bool {
    !members.contains_key("properties") && members.get("type").is_none_or(|kind| kind != "Feature")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_records_are_told_from_one_object_and_from_features() {
        let are = |text: &str| are_lines(&Input::bytes("a.ndjson", text.as_bytes())).unwrap();
        assert!(are("{\"id\":1}\n{\"id\":2}\n") && are("\u{FEFF}{\"id\":1}\r\n\n {\"id\":2}"));
        for other in [
            "{\"id\":1}\n",
            "{\"id\":1,\n\"judul\":2}\n{}",
            "{\"type\":\"Feature\",\"properties\":{}}\n{}",
            "{\"attributes\":{}}\n{}",
            "{\"records\":[]}",
            "[{\"id\":1}]\n{}",
            "",
        ] {
            assert!(!are(other), "{other}");
        }
    }

    #[test]
    fn groups_are_opened_and_values_are_not() {
        let record = json!({ "id": 1, "lokasi": { "desa": "Tambong", "titik": { "type": "Point", "coordinates": [1, 2] },
            "id": 7 }, "dana": { "fund": "DD", "amount": 5 } });
        let Value::Object(record) = record else { unreachable!() };
        let expected = json!({ "id": 1, "desa": "Tambong", "titik": { "type": "Point", "coordinates": [1, 2] },
            "dana": { "fund": "DD", "amount": 5 } });
        assert_eq!(Value::Object(properties(record)), expected);
    }
}
