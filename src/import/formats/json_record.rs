//! Records of JSON that are no features: plain objects, as interfaces of procurement, open data and forms give them.

use serde_json::{Map, Value, json};

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
    fn groups_are_opened_and_values_are_not() {
        let record = json!({ "id": 1, "lokasi": { "desa": "Tambong", "titik": { "type": "Point", "coordinates": [1, 2] },
            "id": 7 }, "dana": { "fund": "DD", "amount": 5 } });
        let Value::Object(record) = record else { unreachable!() };
        let expected = json!({ "id": 1, "desa": "Tambong", "titik": { "type": "Point", "coordinates": [1, 2] },
            "dana": { "fund": "DD", "amount": 5 } });
        assert_eq!(Value::Object(properties(record)), expected);
    }
}
