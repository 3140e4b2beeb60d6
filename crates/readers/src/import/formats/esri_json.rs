//! Features of Esri JSON, as ArcGIS servers and ArcGIS Pro write them: `attributes` and a `geometry` of `x` and `y`, `points`,
//! `paths` or `rings`.

use crate::domain::areas;
use crate::import::crs::Stated;
use crate::import::rows::raw::RawShape;
use chrono::{DateTime, SecondsFormat};
use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, Point};
use serde_json::{Map, Value};

/// What a file of Esri JSON states before its features.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// Attributes that hold moments as milliseconds since 1970.
    dates: Vec<String>,
}

impl Fields {
    /// By the member `fields`: names and types.
    pub fn read(fields: &Value) -> Self {
        let is_date = |field: &&Value| field["type"] == "esriFieldTypeDate";
        let name = |field: &Value| field["name"].as_str().map(str::to_owned);
        Self { dates: fields.as_array().into_iter().flatten().filter(is_date).filter_map(name).collect() }
    }

    /// Attributes with their moments in words, in UTC.
    pub fn in_words(&self, mut attributes: Map<String, Value>) -> Map<String, Value> {
        for name in &self.dates {
            if let Some(value) = attributes.get_mut(name)
                && let Some(moment) = value.as_i64().and_then(DateTime::from_timestamp_millis)
            {
                *value = moment.to_rfc3339_opts(SecondsFormat::Secs, true).into();
            }
        }
        attributes
    }
}

/// The coordinate system of the member `spatialReference`. The newer number is one of EPSG where both have the system.
pub fn stated(reference: &Value) -> Option<Stated> {
    let number = reference["latestWkid"].as_u64().or_else(|| reference["wkid"].as_u64());
    let by_number = number.map(|number| Stated::by_name(&format!("ESRI:{number}")));
    by_number.or_else(|| Stated::by_wkt(reference["wkt"].as_str()?))
}

/// A geometry. Without a place it has no members, or no number.
pub fn shape(geometry: &Value) -> RawShape {
    match read(geometry) {
        Ok(Some(geometry)) => RawShape::Given(geometry),
        Ok(None) => RawShape::None,
        Err(reason) => RawShape::Unreadable(reason),
    }
}

fn read(geometry: &Value) -> Result<Option<Geometry<f64>>, String> {
    if ["curvePaths", "curveRings"].iter().any(|curves| geometry.get(curves).is_some()) {
        return Err("curves of Esri JSON are not read: export them with straight segments".to_owned());
    }
    if let Some(paths) = geometry.get("paths") {
        let mut lines = lines(paths)?;
        return Ok(match lines.len() {
            0 => None,
            1 => lines.pop().map(Geometry::LineString),
            _ => Some(MultiLineString(lines).into()),
        });
    }
    if let Some(rings) = geometry.get("rings") {
        let area = areas::of_rings(lines(rings)?);
        return Ok((!area.0.is_empty()).then(|| area.into()));
    }
    if let Some(points) = geometry.get("points") {
        let corners = corners(points)?;
        let points: Vec<Point<f64>> = corners.into_iter().map(Point).collect();
        return Ok((!points.is_empty()).then(|| MultiPoint(points).into()));
    }
    match (geometry.get("x"), geometry.get("y")) {
        (Some(x), Some(y)) if x.is_number() && y.is_number() => Ok(Some(Point(position(&[x, y])?).into())),
        (Some(_), Some(_)) | (None, None) if geometry.is_null() || geometry.is_object() => Ok(None),
        _ => Err("it is neither a point nor paths nor rings".to_owned()),
    }
}

fn lines(lines: &Value) -> Result<Vec<LineString<f64>>, String> {
    let lines = lines.as_array().ok_or("its lines are no list")?;
    lines.iter().map(|line| corners(line).map(LineString)).collect()
}

fn corners(corners: &Value) -> Result<Vec<Coord<f64>>, String> {
    let corners = corners.as_array().ok_or("a line is no list")?;
    let numbers = |corner: &Value| position(&corner.as_array().into_iter().flatten().collect::<Vec<_>>());
    corners.iter().map(numbers).collect()
}

/// East and north; height and measure are passed over.
fn position(numbers: &[&Value]) -> Result<Coord<f64>, String> {
    match numbers {
        [x, y, ..] => match (x.as_f64(), y.as_f64()) {
            (Some(x), Some(y)) => Ok(Coord { x, y }),
            _ => Err("a corner has no numbers".to_owned()),
        },
        _ => Err("a corner has fewer than two numbers".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_kind_of_geometry_is_read() {
        for (given, kind) in [
            (json!({ "x": 1, "y": 2.5, "z": 9, "spatialReference": { "wkid": 4326 } }), "POINT(1 2.5)"),
            (json!({ "points": [[1, 2], [3, 4, 5]] }), "MULTIPOINT((1 2),(3 4))"),
            (json!({ "hasZ": true, "paths": [[[1, 2, 0], [3, 4, 0]]] }), "LINESTRING(1 2,3 4)"),
            (json!({ "paths": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]] }), "MULTILINESTRING((1 2,3 4),(5 6,7 8))"),
        ] {
            use wkt::ToWkt;
            let Ok(Some(geometry)) = read(&given) else { panic!("{given}") };
            assert_eq!(geometry.wkt_string(), kind);
        }
        let rings = json!([[[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]]);
        let Ok(Some(Geometry::MultiPolygon(area))) = read(&json!({ "rings": rings })) else { panic!() };
        assert_eq!((area.0.len(), area.0[0].interiors().len()), (1, 1));
        for empty in [json!(null), json!({}), json!({ "x": "NaN", "y": "NaN" }), json!({ "paths": [] })] {
            assert_eq!(read(&empty), Ok(None), "{empty}");
        }
        for wrong in [
            json!({ "x": 1 }),
            json!({ "paths": [[[1], [2, 3]]] }),
            json!({ "paths": 7 }),
            json!({ "points": [["a", "b"]] }),
            json!({ "curvePaths": [[[0, 0], { "c": [[3, 3], [1, 4]] }]] }),
            json!(7),
        ] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn moments_are_put_into_words_and_the_system_is_known_by_its_newer_number() {
        let fields = Fields::read(&json!([{ "name": "mulai", "type": "esriFieldTypeDate" }, { "name": "nilai" }]));
        let Value::Object(given) = json!({ "mulai": 1_755_363_600_000_i64, "nilai": 7, "x": null }) else { panic!() };
        let expected = json!({ "mulai": "2025-08-16T17:00:00Z", "nilai": 7, "x": null });
        assert_eq!(Value::Object(fields.in_words(given)), expected);
        let code = |reference: Value| stated(&reference).and_then(|stated| stated.code);
        assert_eq!(code(json!({ "wkid": 102_100, "latestWkid": 3857 })), Some(3857));
        assert_eq!(code(json!({ "wkid": 102_100 })), Some(3857));
        assert_eq!(code(json!({ "wkid": 4326 })), Some(4326));
        assert_eq!(code(json!({})), None);
    }
}
