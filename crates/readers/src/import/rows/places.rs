//! The footprint of a row: its own geometry, a WKT or GeoJSON cell, or coordinates in one to four cells.

use super::axes::{Axes, lost_point};
use super::fields::Field;
use super::raw::{RawCell, RawRow, RawShape, Reading};
use super::refusals::RefusedCell;
use crate::domain::Invalid;
use crate::domain::footprint::{How, NewFootprint};
use crate::import::cells::coordinates::is_one_number;
use crate::import::cells::numbers::is_blank;
use crate::import::cells::place_text::{self, PlaceText, System};
use crate::import::crs::Crs;
use geo::{CoordsIter, Geometry, LineString, Point};
use sha2::{Digest, Sha256};

/// A geometry and where it stood, for the message.
struct Found {
    column: String,
    given: String,
    geometry: Geometry<f64>,
    system: System,
    /// As the device that wrote the cell stated it, metres.
    accuracy_m: Option<f64>,
}

/// How exact a place is, metres.
#[derive(Clone, Copy, Debug)]
pub struct Accuracy {
    /// As a cell of its own states it.
    pub stated_m: Option<f64>,
    /// Of places of this source.
    pub usual_m: f64,
}

/// The footprint of a row, `None` where it has no place. Exchanged coordinates are refused with both readings; with
/// `swap` such a geometry is taken the other way round, and only such a one.
///
/// Here, and nowhere else, coordinates of another system become WGS 84.
pub fn footprint(
    row: &RawRow,
    how: How,
    accuracy: Accuracy,
    reading: &Reading,
) -> Result<Option<NewFootprint>, RefusedCell> {
    let Some(Found { column, given, geometry, system, accuracy_m }) = find_geometry(row, reading)? else {
        return Ok(None);
    };
    let refuse = |invalid: Invalid| RefusedCell::new(row.row, &column, invalid, &given);
    let crs = system_of(system, &reading.crs, &column).map_err(refuse)?;
    let accuracy_m = accuracy.stated_m.or(accuracy_m).unwrap_or(accuracy.usual_m);
    let outside = |corner: geo::Coord<f64>| {
        let crs = crs.to_string();
        Invalid::new("outside_crs", column.as_str()).with("crs", crs).with("x", corner.x).with("y", corner.y)
    };
    let parse = |geometry: Geometry<f64>| {
        let geometry = crs.to_wgs84(&geometry).map_err(outside)?;
        NewFootprint::parse(how, vec![(None, Some(accuracy_m), geometry)]).map_err(|invalid| invalid.in_field(&column))
    };
    let swapped = reading.swap.then(|| NewFootprint::swap(&geometry));
    let is_turned = |wrong: &Invalid| matches!(wrong.code, "coordinates_swapped" | "off_the_earth" | "outside_crs");
    let explained = explain(&geometry, &given, &column);
    let parsed = match (parse(geometry), swapped) {
        (Err(wrong), Some(swapped)) if is_turned(&wrong) => parse(swapped),
        (Err(wrong), _) if wrong.code == "off_the_earth" => Err(explained.unwrap_or(wrong)),
        (parsed, _) => parsed,
    };
    parsed.map(Some).map_err(refuse)
}

/// What a point off the earth would be: degrees that lost their points, or metres of a plane system. `None` for neither.
fn explain(geometry: &Geometry<f64>, given: &str, column: &str) -> Option<Invalid> {
    let Geometry::Point(at) = geometry else { return None };
    let invalid = |code| Invalid::new(code, column).with("given", given);
    let half = |value: f64, most: f64| {
        if value.abs() <= most { Some(value) } else { lost_point(&value.to_string().replace('.', "")) }
    };
    // Without its point a latitude is more than 90 too, so that a pair in one cell may be turned.
    let in_order = |lat: f64, lon: f64| {
        half(lat, 90.0).zip(half(lon, 180.0)).filter(|(lat, lon)| lat.abs() <= 90.0 && *lon > 90.0)
    };
    if let Some((lat, lon)) = in_order(at.y(), at.x()).or_else(|| in_order(at.x(), at.y())) {
        return Some(invalid("decimal_point_lost").with("reading", format!("{lat}, {lon}")));
    }
    let is_plane = (100_000.0..1_000_000.0).contains(&at.x()) && (0.0..=10_000_000.0).contains(&at.y());
    is_plane.then(|| invalid("metres_not_degrees"))
}

/// The system of a place in a file of this system.
fn system_of(system: System, of_file: &Crs, column: &str) -> Result<Crs, Invalid> {
    match system {
        System::Epsg(code) if code != of_file.code() => Crs::from_code(code)
            .ok_or_else(|| Invalid::new("crs_not_supported", column).with("given", format!("EPSG:{code}"))),
        System::OfFile | System::Epsg(_) => Ok(of_file.clone()),
    }
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
                system: System::OfFile,
                accuracy_m: None,
            }));
        }
        RawShape::Unreadable(reason) => {
            let invalid = Invalid::new("geometry_not_readable", "geometry").with("reason", reason.as_str());
            return Err(RefusedCell::new(row.row, "geometry", invalid, ""));
        }
        RawShape::None => {}
    }
    match filled(row, Field::Geometry) {
        Some(cell) => place_text::geometry(&cell.column, &cell.text, reading.decimal_point)
            .map(|place| Some(found(cell, place)))
            .map_err(|invalid| refuse(row, cell, invalid)),
        None => find_coordinates(row, reading),
    }
}

/// A place of one to four cells with coordinates: one with both, or one for each, of a start and perhaps an end.
fn find_coordinates(row: &RawRow, reading: &Reading) -> Result<Option<Found>, RefusedCell> {
    let axes = if reading.crs.is_plane() { Axes::Metres { point: reading.decimal_point } } else { Axes::Degrees };
    let (mut columns, mut given) = (Vec::new(), Vec::new());
    let mut ends = Vec::new();
    for (both, lat, lon) in
        [(Field::Coordinates, Field::Lat, Field::Lon), (Field::EndCoordinates, Field::EndLat, Field::EndLon)]
    {
        if let Some(place) = pair_in_one(row, lat, lon, axes) {
            let (cell, (x, y)) = place;
            ends.push(Point::new(x, y));
            columns.push(cell.column.as_ref());
            given.push(cell.text.as_str());
            continue;
        }
        match (filled(row, both), filled(row, lat), filled(row, lon)) {
            (_, Some(lat), Some(lon)) => {
                let y = axes.one(lat).map_err(|invalid| refuse(row, lat, invalid))?;
                let x = axes.one(lon).map_err(|invalid| refuse(row, lon, invalid))?;
                ends.push(Point::new(x, y));
                columns.extend([lat.column.as_ref(), lon.column.as_ref()]);
                given.extend([lat.text.as_str(), lon.text.as_str()]);
            }
            (Some(cell), _, _) => {
                if both == Field::Coordinates
                    && let Some(place) = place_text::place(&cell.column, &cell.text, reading.decimal_point)
                {
                    let place = place.map_err(|invalid| refuse(row, cell, invalid))?;
                    return Ok(Some(found(cell, place)));
                }
                let (x, y) = match other_half(row, both, cell) {
                    Some(other) => axes.two(cell, other),
                    None => axes.pair(cell),
                }
                .map_err(|invalid| refuse(row, cell, invalid))?;
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
    let (column, given) = (columns.join(", "), given.join(", "));
    Ok(Some(Found { column, given, geometry, system: System::OfFile, accuracy_m: None }))
}

/// Both coordinates in the cell of one of them, whose other cell is empty or holds both as well.
fn pair_in_one(row: &RawRow, lat: Field, lon: Field, axes: Axes) -> Option<(&RawCell, (f64, f64))> {
    let (cell, other) = match (filled(row, lat), filled(row, lon)) {
        (Some(cell), None) | (None, Some(cell)) => (cell, None),
        (Some(cell), other) => (cell, other),
        (None, None) => return None,
    };
    let is_same = other.is_none_or(|other| other.text.trim() == cell.text.trim());
    if !is_same || axes.one(cell).is_ok() {
        return None;
    }
    axes.pair(cell).ok().map(|place| (cell, place))
}

/// The cell with the other number, where one heading stands over two columns with one number each.
fn other_half<'a>(row: &'a RawRow, field: Field, first: &RawCell) -> Option<&'a RawCell> {
    let mut others = row.cells.iter().filter(|cell| cell.field == Some(field) && !std::ptr::eq(*cell, first));
    let other = others.find(|cell| !is_blank(&cell.text))?;
    (is_one_number(&first.text) && is_one_number(&other.text)).then_some(other)
}

fn filled(row: &RawRow, field: Field) -> Option<&RawCell> {
    row.cell(field).filter(|cell| !is_blank(&cell.text))
}

fn refuse(row: &RawRow, cell: &RawCell, invalid: Invalid) -> RefusedCell {
    RefusedCell::new(row.row, &cell.column, invalid, &cell.text)
}

fn found(cell: &RawCell, place: PlaceText) -> Found {
    let PlaceText { geometry, system, accuracy_m } = place;
    Found { column: cell.column.to_string(), given: cell.text.clone(), geometry, system, accuracy_m }
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
