//! One feature of FlatGeobuf: its properties and geometry, with every length checked against the available bytes.

use super::feature::RawFeature;
use crate::domain::arcs;
use crate::import::rows::raw::RawShape;
use ::flatgeobuf::{Column, ColumnType, Feature, Geometry, GeometryType, size_prefixed_root_as_feature};
use geo::{Coord, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde_json::{Map, Value};

/// Maximum nesting of collections.
const DEPTH: usize = 8;
/// Maximum number of corners of a feature: parts of a flatbuffer may refer to the same bytes many times.
const CORNERS: usize = 1_000_000;

/// The header's description of all features.
pub struct Schema {
    pub columns: Vec<(String, ColumnType)>,
    /// `Unknown` if each feature has its own kind.
    pub kind: GeometryType,
}

/// Parses a feature from its bytes (with the size before them).
pub fn feature(number: u64, buffer: &[u8], schema: &Schema) -> RawFeature {
    // Shorter flatbuffers are never valid, and the verifier assumes these bytes.
    if buffer.len() < 12 {
        return RawFeature::unreadable(number, "it is too short", "");
    }
    let feature = match size_prefixed_root_as_feature(buffer) {
        Ok(feature) => feature,
        Err(wrong) => return RawFeature::unreadable(number, first_line(&wrong.to_string()), ""),
    };
    let properties = match properties(&feature, schema) {
        Ok(properties) => properties,
        Err(reason) => return RawFeature::unreadable(number, reason, ""),
    };
    let shape = feature.geometry().map_or(RawShape::None, |geometry| {
        let kind = if schema.kind == GeometryType::Unknown { geometry.type_() } else { schema.kind };
        let mut left = CORNERS;
        match shape(&geometry, kind, DEPTH, &mut left) {
            Ok(geometry) => RawShape::Given(geometry),
            Err(reason) => RawShape::Unreadable(reason),
        }
    });
    RawFeature { number, properties, shape, fault: None }
}

/// Pairs of a column number and its value, one after the other. A feature may define columns of its own.
fn properties(feature: &Feature, schema: &Schema) -> Result<Map<String, Value>, String> {
    let own: Option<Vec<(String, ColumnType)>> = feature
        .columns()
        .map(|columns| columns.iter().map(|column: Column| (column.name().to_owned(), column.type_())).collect());
    let columns = own.as_ref().unwrap_or(&schema.columns);
    // Null values are left out of the feature: the column exists, the cell is empty.
    let mut properties: Map<String, Value> = columns.iter().map(|(name, _)| (name.clone(), Value::Null)).collect();
    let mut rest = feature.properties().map(|bytes| bytes.bytes()).unwrap_or_default();
    // Some writers append one byte to the last value.
    while rest.len() > 1 {
        let at = usize::from(u16::from_le_bytes(take_bytes(&mut rest)?));
        let (name, kind) = columns.get(at).ok_or_else(|| format!("it names column {at} of {}", columns.len()))?;
        properties.insert(name.clone(), value(*kind, &mut rest)?);
    }
    Ok(properties)
}

fn value(kind: ColumnType, rest: &mut &[u8]) -> Result<Value, String> {
    Ok(match kind {
        ColumnType::Byte => i8::from_le_bytes(take_bytes(rest)?).into(),
        ColumnType::UByte => u8::from_le_bytes(take_bytes(rest)?).into(),
        ColumnType::Bool => (u8::from_le_bytes(take_bytes(rest)?) != 0).into(),
        ColumnType::Short => i16::from_le_bytes(take_bytes(rest)?).into(),
        ColumnType::UShort => u16::from_le_bytes(take_bytes(rest)?).into(),
        ColumnType::Int => i32::from_le_bytes(take_bytes(rest)?).into(),
        ColumnType::UInt => u32::from_le_bytes(take_bytes(rest)?).into(),
        ColumnType::Long => i64::from_le_bytes(take_bytes(rest)?).into(),
        ColumnType::ULong => u64::from_le_bytes(take_bytes(rest)?).into(),
        ColumnType::Float => f32::from_le_bytes(take_bytes(rest)?).into(),
        ColumnType::Double => f64::from_le_bytes(take_bytes(rest)?).into(),
        ColumnType::String | ColumnType::DateTime => Value::String(text(rest)?.to_owned()),
        ColumnType::Json => {
            let text = text(rest)?;
            serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
        }
        ColumnType::Binary => {
            long(rest)?;
            Value::Null
        }
        other => return Err(format!("values of type {} are not known", other.0)),
    })
}

fn take_bytes<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], String> {
    let (first, tail) = rest.split_first_chunk::<N>().ok_or("its properties break off")?;
    *rest = tail;
    Ok(*first)
}

fn long<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], String> {
    let length = usize::try_from(u32::from_le_bytes(take_bytes(rest)?)).unwrap_or(usize::MAX);
    let (first, tail) = rest.split_at_checked(length).ok_or("its properties break off")?;
    *rest = tail;
    Ok(first)
}

fn text<'a>(rest: &mut &'a [u8]) -> Result<&'a str, String> {
    std::str::from_utf8(long(rest)?).map_err(|_| "a text is not UTF-8".to_owned())
}

fn shape(
    geometry: &Geometry,
    kind: GeometryType,
    depth: usize,
    left: &mut usize,
) -> Result<geo::Geometry<f64>, String> {
    let parts = |kind: Option<GeometryType>, left: &mut usize| -> Result<Vec<geo::Geometry<f64>>, String> {
        if depth == 0 {
            return Err("collections lie too deep in each other".to_owned());
        }
        let parts = geometry.parts();
        let parts = parts.iter().flatten();
        parts.map(|part| shape(&part, kind.unwrap_or_else(|| part.type_()), depth - 1, left)).collect()
    };
    // The Rust crate's writer labels a collection in a mixed file with the kind of its last member.
    let has_own_parts = matches!(
        kind,
        GeometryType::MultiPolygon
            | GeometryType::CompoundCurve
            | GeometryType::CurvePolygon
            | GeometryType::MultiCurve
            | GeometryType::MultiSurface
    );
    let is_collection = geometry.parts().is_some() && geometry.xy().is_none() && !has_own_parts;
    Ok(match if is_collection { GeometryType::GeometryCollection } else { kind } {
        GeometryType::Point => {
            let corners = corners(geometry, left)?;
            geo::Geometry::Point(Point(*corners.first().ok_or("a point has no coordinates")?))
        }
        GeometryType::MultiPoint => {
            MultiPoint(corners(geometry, left)?.into_iter().map(Point).collect::<Vec<_>>()).into()
        }
        GeometryType::LineString => LineString(corners(geometry, left)?).into(),
        GeometryType::CircularString => {
            let corners = arcs::corners(&corners(geometry, left)?)?;
            take(left, corners.len())?;
            LineString(corners).into()
        }
        GeometryType::CompoundCurve => arcs::join(of_kind(parts(None, left)?)?)?.into(),
        GeometryType::MultiCurve => MultiLineString(of_kind(parts(None, left)?)?).into(),
        GeometryType::MultiLineString => MultiLineString(lines(geometry, left)?).into(),
        GeometryType::Polygon => polygon(lines(geometry, left)?).into(),
        GeometryType::CurvePolygon => polygon(of_kind(parts(None, left)?)?).into(),
        GeometryType::MultiPolygon => MultiPolygon(of_kind(parts(Some(GeometryType::Polygon), left)?)?).into(),
        GeometryType::MultiSurface => MultiPolygon(of_kind(parts(None, left)?)?).into(),
        GeometryType::GeometryCollection => geo::Geometry::GeometryCollection(GeometryCollection(parts(None, left)?)),
        other => return Err(format!("geometries of type {} are not read", other.variant_name().unwrap_or("?"))),
    })
}

/// The parts of a geometry that holds one kind only.
fn of_kind<T: TryFrom<geo::Geometry<f64>>>(parts: Vec<geo::Geometry<f64>>) -> Result<Vec<T>, String> {
    let kinds = parts.into_iter().map(T::try_from).collect::<Result<_, _>>();
    kinds.map_err(|_| "a part is of another kind than the whole".to_owned())
}

fn polygon(rings: Vec<LineString<f64>>) -> Polygon<f64> {
    let mut rings = rings.into_iter();
    Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
}

fn take(left: &mut usize, count: usize) -> Result<(), String> {
    *left = left.checked_sub(count).ok_or_else(|| format!("it has over {CORNERS} corners"))?;
    Ok(())
}

fn corners(geometry: &Geometry, left: &mut usize) -> Result<Vec<Coord<f64>>, String> {
    let Some(xy) = geometry.xy() else { return Ok(Vec::new()) };
    take(left, xy.len() / 2)?;
    Ok((0..xy.len() / 2).map(|at| Coord { x: xy.get(2 * at), y: xy.get(2 * at + 1) }).collect())
}

/// Lines or rings: `ends` holds the index after the last corner of each; without it there is only one.
fn lines(geometry: &Geometry, left: &mut usize) -> Result<Vec<LineString<f64>>, String> {
    let corners = corners(geometry, left)?;
    let Some(ends) = geometry.ends().filter(|ends| !ends.is_empty()) else { return Ok(vec![LineString(corners)]) };
    let mut from = 0;
    let line = |end: u32| {
        let to = usize::try_from(end).unwrap_or(usize::MAX);
        let line = corners.get(from..to).ok_or("the end of a line lies outside of it")?;
        from = to;
        Ok(LineString(line.to_vec()))
    };
    ends.iter().map(line).collect()
}

/// The verifier reports its whole path through the buffer; its first line names the error.
pub fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_end_matches([':', '.']).to_owned()
}
