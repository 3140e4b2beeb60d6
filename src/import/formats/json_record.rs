//! Records of JSON that are no features: plain objects, as interfaces of procurement, open data and forms give them.

use serde_json::{Map, Value, json};

/// How deep objects in a record are taken for groups of its fields.
const DEPTH: usize = 3;

/// Names under which interfaces give an array of records: CKAN, Kobo, ODK Central, INAPROC.
pub const ARRAYS: [&str; 6] = ["records", "results", "data", "value", "rows", "items"];
/// Names of objects in which such an array lies.
pub const AROUND: [&str; 3] = ["result", "data", "response"];

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
