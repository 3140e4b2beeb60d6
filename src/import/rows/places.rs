//! The footprint of a row: its own geometry, a WKT or GeoJSON cell, or coordinates in one to four cells.

use super::axes::Axes;
use super::fields::Field;
use super::raw::{RawCell, RawRow, RawShape, Reading};
use super::refusals::RefusedCell;
use super::shape::shape;
use crate::domain::Invalid;
use crate::domain::footprint::{How, NewFootprint};
use crate::import::cells::numbers::is_blank;
use crate::import::crs::Crs;
use geo::{CoordsIter, Geometry, LineString, Point};
use sha2::{Digest, Sha256};
use wkt::TryFromWkt;

/// How deep collections may lie in each other in WKT: the parser calls itself for each.
const WKT_DEPTH: usize = 8;

/// A geometry and where it stood, for the message.
struct Found {
    column: String,
    given: String,
    geometry: Geometry<f64>,
    /// The geometry itself is marked as WGS 84, whatever the file is in.
    is_wgs84: bool,
}

/// The footprint of a row, `None` where it has no place. Exchanged coordinates are refused with both readings; with
/// `swap` such a geometry is taken the other way round, and only such a one.
///
/// Here, and nowhere else, coordinates of another system become WGS 84.
pub fn footprint(
    row: &RawRow,
    how: How,
    accuracy_m: f64,
    reading: &Reading,
) -> Result<Option<NewFootprint>, RefusedCell> {
    let Some(Found { column, given, geometry, is_wgs84 }) = find_geometry(row, reading)? else {
        return Ok(None);
    };
    let outside = |corner: geo::Coord<f64>| {
        let crs = reading.crs.to_string();
        Invalid::new("outside_crs", column.as_str()).with("crs", crs).with("x", corner.x).with("y", corner.y)
    };
    let parse = |geometry: Geometry<f64>| {
        let geometry = if is_wgs84 { geometry } else { reading.crs.to_wgs84(&geometry).map_err(outside)? };
        NewFootprint::parse(how, vec![(None, Some(accuracy_m), geometry)]).map_err(|invalid| invalid.in_field(&column))
    };
    let swapped = reading.swap.then(|| NewFootprint::swap(&geometry));
    let is_turned = |wrong: &Invalid| matches!(wrong.code, "coordinates_swapped" | "off_the_earth" | "outside_crs");
    let parsed = match (parse(geometry), swapped) {
        (Err(wrong), Some(swapped)) if is_turned(&wrong) => parse(swapped),
        (parsed, _) => parsed,
    };
    parsed.map(Some).map_err(|invalid| RefusedCell::new(row.row, &column, invalid, &given))
}

/// Whether a row has columns for a place: a row without them leaves the stored footprint alone.
pub fn has_place_columns(row: &RawRow) -> bool {
    const PLACES: &[Field] = &[Field::Lat, Field::Lon, Field::Coordinates, Field::Geometry];
    row.shape_expected || PLACES.iter().any(|field| row.cell(*field).is_some())
}

/// A short text that is the same for the same footprint: where, how and how exactly.
pub fn digest(footprint: &NewFootprint) -> String {
    let mut hash = Sha256::new();
    hash.update(footprint.how.as_str());
    for part in &footprint.parts {
        hash.update(part.accuracy_m.to_le_bytes());
        hash.update(kind(&part.geometry));
        for corner in part.geometry.coords_iter() {
            hash.update(corner.x.to_le_bytes());
            hash.update(corner.y.to_le_bytes());
        }
    }
    hex::encode(hash.finalize())
}

fn find_geometry(row: &RawRow, reading: &Reading) -> Result<Option<Found>, RefusedCell> {
    match &row.shape {
        RawShape::Given(geometry) => {
            return Ok(Some(Found {
                column: "geometry".to_owned(),
                given: summary(geometry),
                geometry: geometry.clone(),
                is_wgs84: false,
            }));
        }
        RawShape::Unreadable(reason) => {
            let invalid = Invalid::new("geometry_not_readable", "geometry").with("reason", reason.as_str());
            return Err(RefusedCell::new(row.row, "geometry", invalid, ""));
        }
        RawShape::None => {}
    }
    let filled = |field| row.cell(field).filter(|cell| !is_blank(&cell.text));
    let refuse = |cell: &RawCell, invalid| RefusedCell::new(row.row, &cell.column, invalid, &cell.text);
    if let Some(cell) = filled(Field::Geometry) {
        let (geometry, is_wgs84) =
            geometry_text(&cell.column, &cell.text, &reading.crs).map_err(|invalid| refuse(cell, invalid))?;
        return Ok(Some(Found { column: cell.column.to_string(), given: cell.text.clone(), geometry, is_wgs84 }));
    }
    let axes = if reading.crs.is_plane() { Axes::Metres { point: reading.decimal_point } } else { Axes::Degrees };
    let (mut columns, mut given) = (Vec::new(), Vec::new());
    let mut ends = Vec::new();
    for (both, lat, lon) in
        [(Field::Coordinates, Field::Lat, Field::Lon), (Field::EndCoordinates, Field::EndLat, Field::EndLon)]
    {
        match (filled(both), filled(lat), filled(lon)) {
            (_, Some(lat), Some(lon)) => {
                let y = axes.one(lat).map_err(|invalid| refuse(lat, invalid))?;
                let x = axes.one(lon).map_err(|invalid| refuse(lon, invalid))?;
                ends.push(Point::new(x, y));
                columns.extend([lat.column.as_ref(), lon.column.as_ref()]);
                given.extend([lat.text.as_str(), lon.text.as_str()]);
            }
            (Some(cell), _, _) => {
                let (x, y) = axes.pair(cell).map_err(|invalid| refuse(cell, invalid))?;
                ends.push(Point::new(x, y));
                columns.push(cell.column.as_ref());
                given.push(cell.text.as_str());
            }
            (None, Some(only), None) | (None, None, Some(only)) => {
                let absent = row.cell(if only.field == Some(lat) { lon } else { lat });
                let column = absent.map_or_else(
                    || {
                        if only.field == Some(lat) { lon.as_str() } else { lat.as_str() }
                    },
                    |cell| &*cell.column,
                );
                return Err(RefusedCell::new(
                    row.row,
                    column,
                    Invalid::new("coordinate_missing", column).with("other", only.text.as_str()),
                    "",
                ));
            }
            (None, None, None) => {}
        }
    }
    let geometry = match *ends.as_slice() {
        [] => return Ok(None),
        [start, end] if start != end => Geometry::LineString(LineString::from(vec![start, end])),
        [point, ..] => Geometry::Point(point),
    };
    Ok(Some(Found { column: columns.join(", "), given: given.join(", "), geometry, is_wgs84: false }))
}

/// A geometry in a cell, WKT or GeoJSON, and whether `SRID=4326;` before it marks it as WGS 84.
fn geometry_text(column: &str, text: &str, crs: &Crs) -> Result<(Geometry<f64>, bool), Invalid> {
    let wrong = |reason: &str| Invalid::new("geometry_not_readable", column).with("reason", reason);
    let text = text.trim();
    if text.starts_with('{') {
        let parsed: geojson::Geometry = text.parse().map_err(|error: geojson::Error| wrong(&error.to_string()))?;
        return match shape(&parsed) {
            RawShape::Given(geometry) => Ok((geometry, false)),
            RawShape::Unreadable(reason) => Err(wrong(&reason)),
            RawShape::None => Err(wrong("no geometry")),
        };
    }
    let own = format!("SRID={}", crs.code());
    let (text, is_wgs84) = match text.split_once(';').map(|(srid, rest)| (srid.trim().to_uppercase(), rest)) {
        Some((srid, rest)) if srid == "SRID=4326" => (rest, true),
        Some((srid, rest)) if srid == own => (rest, false),
        Some((srid, _)) if srid.starts_with("SRID=") => {
            return Err(
                Invalid::new("crs_not_supported", column).with("given", srid.chars().take(30).collect::<String>())
            );
        }
        _ => (text, false),
    };
    if depth(text) > WKT_DEPTH {
        return Err(wrong("too many brackets in each other"));
    }
    let geometry = Geometry::try_from_wkt_str(text).map_err(|error| wrong(&error.to_string()))?;
    Ok((geometry, is_wgs84))
}

fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' => now += 1,
            b')' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

/// A geometry that came as JSON, shortened for the message: its kind and first corner.
fn summary(geometry: &Geometry<f64>) -> String {
    let kind = kind(geometry);
    let more = if geometry.coords_count() > 1 { ", …" } else { "" };
    geometry.coords_iter().next().map_or_else(|| kind.to_owned(), |c| format!("{kind} [{}, {}]{more}", c.x, c.y))
}

const fn kind(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "Point",
        Geometry::LineString(_) | Geometry::Line(_) => "LineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    }
}
