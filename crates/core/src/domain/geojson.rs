//! GeoJSON geometries, looked through before the `geojson` crate converts them: it takes whole positions for granted.

use geo::Geometry;
use geojson::{GeometryValue, Position};
use serde_json::Value;

/// How deep collections may lie in each other.
pub const DEPTH: usize = 8;

/// Parses a geometry into the types of `geo`; `Err` is the reason why it is not one.
pub fn parse(value: Value) -> Result<Geometry<f64>, String> {
    let geometry: geojson::Geometry = serde_json::from_value(value).map_err(|wrong| wrong.to_string())?;
    convert(&geometry.value)
}

/// The same of one that was read already.
pub fn convert(value: &GeometryValue) -> Result<Geometry<f64>, String> {
    check(value, DEPTH)?;
    Geometry::try_from(value).map_err(|wrong| wrong.to_string())
}

/// Every position at every depth has a longitude and a latitude, and no more than GeoJSON knows. JSON has no infinite numbers.
fn check(value: &GeometryValue, depth: usize) -> Result<(), String> {
    let all = |positions: &[Position]| positions.iter().try_for_each(whole);
    match value {
        GeometryValue::Point { coordinates } => whole(coordinates),
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => all(coordinates),
        GeometryValue::MultiLineString { coordinates } | GeometryValue::Polygon { coordinates } => {
            coordinates.iter().try_for_each(|part| all(part))
        }
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().flatten().try_for_each(|ring| all(ring)),
        GeometryValue::GeometryCollection { .. } if depth == 0 => {
            Err("collections lie too deep in each other".to_owned())
        }
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().try_for_each(|geometry| check(&geometry.value, depth - 1))
        }
    }
}

fn whole(position: &Position) -> Result<(), String> {
    if !(2..=4).contains(&position.len()) {
        return Err("a position has two or three numbers: [lon, lat]".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_short_position_is_refused_at_whatever_depth() {
        let short = json!({ "type": "LineString", "coordinates": [[114.0, -8.0], [114.0]] });
        assert!(parse(short.clone()).is_err());
        let mut deep = short;
        for _ in 0..5 {
            // A member that means nothing here once hid the members that do.
            deep = json!({ "type": "GeometryCollection", "geometries": [deep], "coordinates": [[114.0, -8.0]] });
            assert!(parse(deep.clone()).is_err());
        }
    }

    #[test]
    fn collections_are_read_to_a_bounded_depth() {
        let mut deep = json!({ "type": "Point", "coordinates": [114.0, -8.0] });
        for _ in 0..DEPTH {
            deep = json!({ "type": "GeometryCollection", "geometries": [deep] });
            assert!(parse(deep.clone()).is_ok());
        }
        assert!(parse(json!({ "type": "GeometryCollection", "geometries": [deep] })).is_err());
    }
}
