//! One row of a GeoPackage as a feature: its values, and its geometry (WKB after a GeoPackage header).

use super::feature::RawFeature;
use super::gpkg_layers::Layer;
use super::tables::text::ROW_BYTES;
use crate::domain::wkb;
use crate::import::rows::raw::RawShape;
use serde_json::{Map, Value};
use sqlx::sqlite::{SqliteRow, SqliteValueRef};
use sqlx::{Column, Decode, Row, Sqlite, TypeInfo, ValueRef};

/// Bytes of the header before the envelope: `GP`, version, flags, the number of the coordinate system.
const HEADER_BYTES: usize = 8;

/// The feature of a row, and its approximate size in bytes.
pub fn feature(number: u64, row: &SqliteRow, layer: &Layer) -> (RawFeature, u64) {
    let mut properties = Map::new();
    let (mut shape, mut bytes) = (RawShape::None, 0);
    for column in row.columns() {
        let Ok(value) = row.try_get_raw(column.ordinal()) else { continue };
        if layer.geometry.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(column.name())) {
            let (found, length) = if value.is_null() { (RawShape::None, 0) } else { geometry(value) };
            shape = found;
            bytes += length;
        } else {
            let value = property(value);
            bytes += value.as_str().map_or(8, str::len);
            properties.insert(column.name().to_owned(), value);
        }
    }
    let bytes = bytes as u64;
    if bytes > ROW_BYTES {
        return (RawFeature::unreadable(number, format!("it has over {} MiB", ROW_BYTES >> 20), ""), bytes);
    }
    (RawFeature { number, properties, shape, fault: None }, bytes)
}

/// A value as JSON. Blobs and other types are ignored.
fn property(value: SqliteValueRef<'_>) -> Value {
    // For NULL, SQLite returns the declared type, which would become 0.
    if value.is_null() {
        return Value::Null;
    }
    let kind = value.type_info().name().to_owned();
    let known = match kind.as_str() {
        "INTEGER" => <i64 as Decode<Sqlite>>::decode(value).ok().map(Value::from),
        "REAL" => <f64 as Decode<Sqlite>>::decode(value).ok().map(Value::from),
        "TEXT" => <String as Decode<Sqlite>>::decode(value).ok().map(Value::from),
        _ => None,
    };
    known.unwrap_or(Value::Null)
}

fn geometry(value: SqliteValueRef<'_>) -> (RawShape, usize) {
    let bytes = if value.type_info().name() == "BLOB" { <&[u8] as Decode<Sqlite>>::decode(value).ok() } else { None };
    let read = bytes.ok_or_else(|| "it is no blob".to_owned()).and_then(self::shape);
    let shape = match read {
        Ok(Some(geometry)) => RawShape::Given(geometry),
        Ok(None) => RawShape::None,
        Err(reason) => RawShape::Unreadable(reason),
    };
    (shape, bytes.map_or(0, <[u8]>::len))
}

/// The geometry of a GeoPackageBinary; `None` for an empty one. The envelope is skipped.
pub fn shape(bytes: &[u8]) -> Result<Option<geo::Geometry<f64>>, String> {
    let (header, rest) = bytes.split_at_checked(HEADER_BYTES).ok_or("it is too short")?;
    if !header.starts_with(b"GP") {
        return Err("it does not begin as a geometry of a GeoPackage".to_owned());
    }
    let flags = header[3];
    if flags & 0b0010_0000 != 0 {
        return Err("it is of an extension".to_owned());
    }
    if flags & 0b0001_0000 != 0 {
        return Ok(None);
    }
    let envelope = match flags >> 1 & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err("its envelope is of no known kind".to_owned()),
    };
    let bytes = rest.get(envelope..).ok_or("it breaks off in its envelope")?;
    // A point without a position is written as NaN.
    wkb::parse(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Point;

    fn blob(flags: u8, envelope: usize, geometry: &geo::Geometry<f64>) -> Vec<u8> {
        let mut bytes = b"GP\0".to_vec();
        bytes.push(flags);
        bytes.extend(4326_i32.to_le_bytes());
        bytes.extend(vec![7; envelope]);
        ::wkb::writer::write_geometry(&mut bytes, geometry, &::wkb::writer::WriteOptions::default()).unwrap();
        bytes
    }

    #[test]
    fn the_header_is_passed_over_whatever_its_envelope() {
        let point: geo::Geometry<f64> = Point::new(114.3, -8.2).into();
        for (kind, size) in [(0, 0), (1, 32), (2, 48), (3, 48), (4, 64)] {
            for order in [0, 1] {
                assert_eq!(shape(&blob(kind << 1 | order, size, &point)), Ok(Some(point.clone())));
            }
        }
        assert_eq!(shape(&blob(0b0001_0001, 0, &point)), Ok(None));
    }

    #[test]
    fn an_arc_is_a_line_and_no_point_somewhere_else() {
        // COMPOUNDCURVE of a CIRCULARSTRING (1 0, 0 1, -1 0), as QGIS draws it.
        let numbers = [1.0, 0.0, 0.0, 1.0, -1.0, 0.0_f64].iter().flat_map(|number| number.to_le_bytes());
        let arc: Vec<u8> = [1, 8, 0, 0, 0, 3, 0, 0, 0].into_iter().chain(numbers).collect();
        let bytes = [&b"GP\0\x01\xE6\x10\0\0"[..], &[1, 9, 0, 0, 0, 1, 0, 0, 0], &arc].concat();
        let Ok(Some(geo::Geometry::LineString(line))) = shape(&bytes) else { panic!("{:?}", shape(&bytes)) };
        assert_eq!((line.0.len(), line.0[0].x, line.0[45].x), (46, 1.0, -1.0));
    }

    #[test]
    fn an_invalid_geometry_is_reported() {
        let whole = blob(0b11, 32, &Point::new(114.3, -8.2).into());
        for cut in 0..whole.len() {
            assert!(shape(&whole[..cut]).is_err(), "{cut}");
        }
        assert!(shape(&blob(0b1010, 0, &Point::new(1.0, 1.0).into())).is_err(), "an envelope of no known kind");
        assert!(shape(&blob(0b0010_0001, 0, &Point::new(1.0, 1.0).into())).is_err(), "an extension");
        assert!(shape(b"XX\0\x01\0\0\0\0\x01\x01\0\0\0").is_err());
    }
}
