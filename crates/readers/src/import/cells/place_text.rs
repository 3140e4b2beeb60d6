//! A whole place in one cell, in whichever form people, telephones and databases write it.

use super::coordinates::pair;
use super::tracks::track;
use super::utm::{Utm, utm};
use super::{links, wkt};
use crate::domain::geojson::convert;
use crate::domain::{Invalid, wkb};
use geo::{Coord, Geometry, LineString, Point, Polygon};
use geojson::GeoJson;

/// A place with what its form says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceText {
    pub geometry: Geometry<f64>,
    pub system: System,
    /// As the device stated it, metres.
    pub accuracy_m: Option<f64>,
}

/// The coordinate system of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// That of its file.
    OfFile,
    /// The place names it itself, or its form has no other.
    Epsg(u32),
}

/// Of forms that are degrees whatever system the file is in.
const DEGREES: System = System::Epsg(4326);

/// The place of a cell in one of the forms that cannot be taken for another; `None` for a pair of coordinates, or anything
/// else. `point`: numbers of the file have a decimal point. O(n).
pub fn place(field: &str, text: &str, point: bool) -> Option<Result<PlaceText, Invalid>> {
    let text = text.trim();
    let wrong = |reason: String| Invalid::new("geometry_not_readable", field).with("reason", reason);
    let stated = |srid: Option<u32>| srid.map_or(System::OfFile, System::Epsg);
    let of = |geometry, system| PlaceText { geometry, system, accuracy_m: None };
    if text.starts_with('{') {
        return Some(geojson(text).map(|geometry| of(geometry, System::OfFile)).map_err(wrong));
    }
    if text.starts_with("[[") {
        return Some(corners(text).map(|geometry| of(geometry, DEGREES)).map_err(wrong));
    }
    // What PostgreSQL and SQL Server write before the digits.
    let digits = text.strip_prefix("\\x").or(text.strip_prefix("0x")).unwrap_or(text);
    if wkt::is_wkt(text) {
        return Some(wkt::parse(text).map(|(geometry, srid)| of(geometry, stated(srid))).map_err(wrong));
    }
    if wkb::is_hex(digits) {
        let read = wkb::parse_hex(digits).and_then(|read| {
            let geometry = read.geometry.ok_or_else(|| "it is without a place".to_owned())?;
            Ok(of(geometry, stated(read.srid)))
        });
        return Some(read.map_err(wrong));
    }
    if links::is_link(text) {
        // A place beside the link comes first.
        let beside: Vec<&str> = text.split_whitespace().filter(|word| !links::is_link(word)).collect();
        if let Ok((lon, lat)) = pair(field, &beside.join(" ")) {
            return Some(Ok(of(Point::new(lon, lat).into(), DEGREES)));
        }
        let found = links::place(text).map(|(lon, lat)| of(Point::new(lon, lat).into(), DEGREES));
        return Some(found.ok_or_else(|| Invalid::new("link_without_place", field).with("given", text)));
    }
    if let Some(track) = track(text) {
        return Some(Ok(PlaceText { geometry: track.geometry, system: DEGREES, accuracy_m: track.accuracy_m }));
    }
    utm(text, point).map(|Utm { epsg, x, y }| Ok(of(Point::new(x, y).into(), System::Epsg(epsg))))
}

/// As [`place`], or a pair of degrees: what stands in a column for a geometry.
pub fn geometry(field: &str, text: &str, point: bool) -> Result<PlaceText, Invalid> {
    place(field, text, point).unwrap_or_else(|| {
        let (lon, lat) = pair(field, text).map_err(|invalid| {
            let reason = "it is neither WKT, WKB, GeoJSON, a track nor a pair of coordinates";
            if invalid.code == "half_coordinate" {
                invalid
            } else {
                Invalid::new("geometry_not_readable", field).with("reason", reason)
            }
        })?;
        Ok(PlaceText { geometry: Point::new(lon, lat).into(), system: DEGREES, accuracy_m: None })
    })
}

/// A geometry, or that of a feature or of all features of a collection.
fn geojson(text: &str) -> Result<Geometry<f64>, String> {
    let parsed: GeoJson = text.parse().map_err(|error: geojson::Error| error.to_string())?;
    let none = || "it is without a place".to_owned();
    match parsed {
        GeoJson::Geometry(geometry) => convert(&geometry.value),
        GeoJson::Feature(feature) => convert(&feature.geometry.ok_or_else(none)?.value),
        GeoJson::FeatureCollection(all) => {
            let shapes = all.features.into_iter().filter_map(|feature| feature.geometry);
            let parts: Vec<Geometry<f64>> = shapes.map(|shape| convert(&shape.value)).collect::<Result<_, _>>()?;
            if parts.is_empty() { Err(none()) } else { Ok(Geometry::GeometryCollection(parts.into())) }
        }
    }
}

/// `[[114.35,-8.25],[114.36,-8.26]]`: corners of a line, or of an area that ends where it began, as programs of maps keep
/// them, with the latitude first or last.
fn corners(text: &str) -> Result<Geometry<f64>, String> {
    let given: Vec<Vec<f64>> = serde_json::from_str(text).map_err(|wrong| wrong.to_string())?;
    let at = |corner: &Vec<f64>| match corner.as_slice() {
        [lat, lon, ..] if lon.abs() > 90.0 => Ok(Coord { x: *lon, y: *lat }),
        [lon, lat, ..] => Ok(Coord { x: *lon, y: *lat }),
        _ => Err("a corner has two numbers".to_owned()),
    };
    let line = LineString(given.iter().map(at).collect::<Result<_, String>>()?);
    Ok(match line.0.as_slice() {
        [only] => Point(*only).into(),
        [first, _, _, .., last] if first == last => Polygon::new(line, Vec::new()).into(),
        _ => line.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Geometry<f64>, System)> {
        place("geom", text, false).map(|read| read.unwrap()).map(|read| (read.geometry, read.system))
    }

    #[test]
    fn every_form_says_its_own_system() {
        let degrees: Geometry<f64> = Point::new(114.5, -8.25).into();
        for (text, system) in [
            ("POINT(114.5 -8.25 7)", System::OfFile),
            ("SRID=4326;POINT(114.5 -8.25)", System::Epsg(4326)),
            (r#"{"type":"Point","coordinates":[114.5,-8.25]}"#, System::OfFile),
            ("0101000020E61000000000000000A05C4000000000008020C0", System::Epsg(4326)),
            ("01010000000000000000a05c4000000000008020c0", System::OfFile),
            ("geo:-8.25,114.5", System::Epsg(4326)),
            ("\\x01010000000000000000a05c4000000000008020c0", System::OfFile),
            ("https://maps.app.goo.gl/Ab12 -8.25, 114.5", System::Epsg(4326)),
            (
                r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[114.5,-8.25]}}"#,
                System::OfFile,
            ),
            ("-8.25 114.5 12.0 4.7", System::Epsg(4326)),
        ] {
            assert_eq!(read(text), Some((degrees.clone(), system)), "{text}");
        }
        let line: Geometry<f64> = LineString::from(vec![(114.5, -8.25), (114.6, -8.26)]).into();
        for text in ["[[114.5,-8.25],[114.6,-8.26]]", "[[-8.25, 114.5], [-8.26, 114.6]]"] {
            assert_eq!(read(text), Some((line.clone(), System::Epsg(4326))), "{text}");
        }
        assert_eq!(read("49L 207345 9087000").map(|(_, system)| system), Some(System::Epsg(32_749)));
        assert_eq!((read("-8.25, 114.5"), read("Dusun Krajan")), (None, None));
    }

    #[test]
    fn a_column_for_a_geometry_takes_a_pair_too_and_tells_what_is_none() {
        assert_eq!(
            geometry("geom", "-8.25, 114.5", false).map(|read| read.geometry),
            Ok(Point::new(114.5, -8.25).into())
        );
        let code = |text: &str| geometry("geom", text, false).unwrap_err().code;
        assert_eq!(code("https://maps.app.goo.gl/Ab12"), "link_without_place");
        assert_eq!((code("-8,25"), code("Krajan")), ("half_coordinate", "geometry_not_readable"));
        assert_eq!(
            (code("POINT(1 x)"), code("0101000020E6"), code("{}")),
            ("geometry_not_readable", "geometry_not_readable", "geometry_not_readable")
        );
    }
}
