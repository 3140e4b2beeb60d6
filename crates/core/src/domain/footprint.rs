//! The geometry of a project: one or more parts, each a point, a line or an area, WGS 84 lon/lat.

use super::outline::{Outline, outlines};
use super::rings::find_fault;
use super::{Invalid, closed_set};
use geo::{Area, BoundingRect, Coord, CoordsIter, Geometry, MapCoords, MultiPolygon, Validation};
use serde::{Serialize, Serializer};

/// The most corners of one footprint: a walked track of 50 km at one fix every 2.5 m.
pub const VERTICES: usize = 20_000;
/// The most parts of one footprint.
pub const PARTS: usize = 2_000;
/// Parts left out that are named.
const NAMED: usize = 20;
/// Corners up to which an area is looked at edge by edge.
const DRAWN: usize = 1_000;
/// The assumed accuracy of a position without a stated one, metres.
pub const UNKNOWN_ACCURACY_M: f64 = 15.0;

closed_set! {
    /// How a footprint came to be.
    How { Gps = "gps", Walked = "walked", Map = "map", Typed = "typed", Import = "import", Office = "office", Exif = "exif" }
}

/// One part of a footprint.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    pub label: Option<String>,
    /// How far the true place may lie from this one, metres.
    pub accuracy_m: f64,
    /// `Point`, `LineString` or `Polygon`.
    #[serde(serialize_with = "as_geojson")]
    pub geometry: Geometry<f64>,
}

fn as_geojson<S: Serializer>(geometry: &Geometry<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    geojson::GeometryValue::from(geometry).serialize(serializer)
}

/// A footprint as it is given, parsed and sound.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFootprint {
    pub how: How,
    pub parts: Vec<Part>,
    /// Each part as lists and maps draw it; `None` where it is drawn in full.
    pub outlines: Vec<Option<Outline>>,
    pub left_out: LeftOut,
}

/// Parts with neither length nor area, beside others that have: they are no place and were left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LeftOut {
    pub count: usize,
    /// The first 20 by their place among the parts given: `parts[1].geometry`, within one of several parts
    /// `parts[0].geometry[2]`.
    pub parts: Vec<String>,
}

impl LeftOut {
    fn add(&mut self, given: usize, within: Option<usize>) {
        self.count += 1;
        if self.parts.len() < NAMED {
            let within = within.map_or_else(String::new, |at| format!("[{at}]"));
            self.parts.push(format!("parts[{given}].geometry{within}"));
        }
    }

    /// Named within a field, as faults are; `None` where nothing was left out.
    pub fn within(&self, field: &str) -> Option<Self> {
        let parts = self.parts.iter().map(|part| format!("{field}.{part}")).collect();
        (self.count > 0).then_some(Self { count: self.count, parts })
    }
}

impl Part {
    /// Lets go of room that its corners do not need: there may be millions. O(n).
    #[must_use]
    pub fn shrunk(mut self) -> Self {
        match &mut self.geometry {
            Geometry::LineString(line) => line.0.shrink_to_fit(),
            Geometry::Polygon(polygon) => {
                polygon.exterior_mut(|ring| ring.0.shrink_to_fit());
                polygon.interiors_mut(|rings| rings.iter_mut().for_each(|ring| ring.0.shrink_to_fit()));
            }
            _ => {}
        }
        self
    }
}

impl NewFootprint {
    /// Takes geometries of any kind, takes multi-geometries apart, and refuses what is not a sound place on the earth.
    /// A line that is one point, an area without surface and an empty part are left out where there are others.
    /// A fault names its place among the parts given: `parts`, `parts[1].geometry`. O(n log n) in corners (self-crossing test).
    pub fn parse(how: How, given: Vec<(Option<String>, Option<f64>, Geometry<f64>)>) -> Result<Self, Invalid> {
        let mut parts = Vec::with_capacity(given.len());
        for (index, (label, accuracy_m, geometry)) in given.into_iter().enumerate() {
            let accuracy_m = accuracy(&format!("parts[{index}].accuracy_m"), accuracy_m)?;
            let single = flatten(geometry);
            let is_one_of = single.len() > 1;
            for (within, geometry) in single.into_iter().enumerate() {
                let within = is_one_of.then_some(within);
                parts.push((index, within, Part { label: label.clone(), accuracy_m, geometry }));
            }
        }
        let mut left_out = LeftOut::default();
        if parts.iter().any(|(.., part)| has_size(&part.geometry)) {
            parts.retain(|(given, within, part)| {
                let is_place = has_size(&part.geometry);
                if !is_place {
                    left_out.add(*given, *within);
                }
                is_place
            });
        }
        if parts.is_empty() {
            return Err(Invalid::new("empty_geometry", "parts"));
        }
        if parts.len() > PARTS {
            return Err(Invalid::new("too_many_parts", "parts").with("given", parts.len()).with("most", PARTS));
        }
        let vertices: usize = parts.iter().map(|(.., part)| part.geometry.coords_count()).sum();
        if vertices > VERTICES {
            return Err(Invalid::new("too_many_vertices", "parts").with("given", vertices).with("most", VERTICES));
        }
        for (index, _, part) in &parts {
            sound(&format!("parts[{index}].geometry"), &part.geometry)?;
        }
        Ok(Self { left_out, ..Self::sound(how, parts.into_iter().map(|(.., part)| part).collect()) })
    }

    /// Of parts that were found sound before. O(n log n) in corners.
    pub fn sound(how: How, parts: Vec<Part>) -> Self {
        let drawn: Vec<(&Geometry<f64>, f64)> = parts.iter().map(|part| (&part.geometry, part.accuracy_m)).collect();
        Self { how, outlines: outlines(&drawn), parts, left_out: LeftOut::default() }
    }

    /// Every coordinate with longitude and latitude exchanged: what a person chooses after `coordinates_swapped`.
    #[must_use]
    pub fn swap(geometry: &Geometry<f64>) -> Geometry<f64> {
        geometry.map_coords(|c| Coord { x: c.y, y: c.x })
    }
}

/// The accuracy of a position, metres: what is assumed where nobody stated it.
pub fn accuracy(field: &str, given: Option<f64>) -> Result<f64, Invalid> {
    match given {
        None => Ok(UNKNOWN_ACCURACY_M),
        Some(metres) if metres.is_finite() && (0.0..=100_000.0).contains(&metres) => Ok(metres.max(0.1)),
        Some(metres) => Err(Invalid::new("accuracy_out_of_range", field).with("given", metres.to_string())),
    }
}

/// A multi-geometry or collection as its single parts.
fn flatten(geometry: Geometry<f64>) -> Vec<Geometry<f64>> {
    match geometry {
        Geometry::MultiPoint(many) => many.0.into_iter().map(Geometry::Point).collect(),
        Geometry::MultiLineString(many) => many.0.into_iter().map(Geometry::LineString).collect(),
        Geometry::MultiPolygon(many) => many.0.into_iter().map(Geometry::Polygon).collect(),
        Geometry::GeometryCollection(many) => many.0.into_iter().flat_map(flatten).collect(),
        Geometry::Line(line) => vec![Geometry::LineString(geo::LineString::new(vec![line.start, line.end]))],
        Geometry::Rect(rect) => vec![Geometry::Polygon(rect.to_polygon())],
        Geometry::Triangle(triangle) => vec![Geometry::Polygon(triangle.to_polygon())],
        single => vec![single],
    }
}

/// Whether a part is a place: a point, a line with a length, an area with a surface. What is no number counts as one, so that
/// it is refused and not left out.
fn has_size(geometry: &Geometry<f64>) -> bool {
    match geometry {
        Geometry::LineString(line) => line.0.iter().any(|c| *c != line.0[0]),
        Geometry::Polygon(polygon) => {
            polygon.unsigned_area() != 0.0 || polygon.exterior().0.iter().any(|c| !c.x.is_finite() || !c.y.is_finite())
        }
        other => other.coords_count() > 0,
    }
}

/// Refuses coordinates that are no place, exchanged ones, and shapes that are none.
fn sound(field: &str, geometry: &Geometry<f64>) -> Result<(), Invalid> {
    if geometry.coords_count() == 0 {
        return Err(Invalid::new("empty_geometry", field));
    }
    for c in geometry.coords_iter() {
        position(field, c.x, c.y)?;
    }
    match geometry {
        Geometry::LineString(line) if line.0.iter().all(|c| *c == line.0[0]) => {
            return Err(Invalid::new("line_without_length", field));
        }
        Geometry::Polygon(polygon) => {
            // geo compares each edge with each other one: fine for what a person draws, minutes for all that is taken.
            let fault = if geometry.coords_count() <= DRAWN {
                polygon.validation_errors().first().map(ToString::to_string)
            } else {
                find_fault(&MultiPolygon(vec![polygon.clone()])).map(|fault| fault.to_string())
            };
            if let Some(reason) = fault {
                return Err(Invalid::new("polygon_not_simple", field).with("reason", reason));
            }
        }
        _ => {}
    }
    Ok(())
}

/// The box of Indonesia in which an exchanged pair of coordinates is recognised: no longitude of it can be a latitude.
const INDONESIA: [f64; 4] = [94.0, -12.0, 142.0, 7.0];

/// A place on the earth. `(0, 0)` is a device without a fix, not a place; exchanged coordinates are refused with both readings.
pub fn position(field: &str, lon: f64, lat: f64) -> Result<(), Invalid> {
    if !lon.is_finite() || !lat.is_finite() {
        return Err(Invalid::new("coordinate_not_finite", field));
    }
    let [west, south, east, north] = INDONESIA;
    if (west..=east).contains(&lat) && (south..=north).contains(&lon) {
        let readings = serde_json::json!({ "given": [lon, lat], "swapped": [lat, lon] });
        return Err(Invalid::new("coordinates_swapped", field).with("readings", readings));
    }
    if lon.abs() > 180.0 || lat.abs() > 90.0 {
        return Err(Invalid::new("off_the_earth", field).with("lon", lon).with("lat", lat));
    }
    if lon == 0.0 && lat == 0.0 {
        return Err(Invalid::new("null_island", field));
    }
    Ok(())
}

/// West, south, east, north of all parts, degrees; `None` for no parts.
pub fn bounds(parts: &[Part]) -> Option<[f64; 4]> {
    parts.iter().filter_map(|part| part.geometry.bounding_rect()).fold(None, |all, rect| {
        let (min, max) = (rect.min(), rect.max());
        let [w, s, e, n] = all.unwrap_or([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY]);
        Some([w.min(min.x), s.min(min.y), e.max(max.x), n.max(max.y)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{line_string, point, polygon};

    fn parse(geometry: Geometry<f64>) -> Result<NewFootprint, Invalid> {
        NewFootprint::parse(How::Map, vec![(None, None, geometry)])
    }

    #[test]
    fn exchanged_coordinates_are_refused_with_both_readings() {
        let refused = parse(point! { x: -8.2, y: 114.3 }.into()).unwrap_err();
        assert_eq!(refused.code, "coordinates_swapped");
        assert_eq!(refused.values["readings"]["swapped"][0], 114.3);
    }

    #[test]
    fn no_fix_and_no_earth_are_refused() {
        for (lon, lat, code) in
            [(0.0, 0.0, "null_island"), (f64::NAN, 1.0, "coordinate_not_finite"), (200.0, 1.0, "off_the_earth")]
        {
            assert_eq!(parse(point! { x: lon, y: lat }.into()).unwrap_err().code, code);
        }
    }

    #[test]
    fn a_polygon_that_crosses_itself_is_refused() {
        let bow = polygon![(x: 114.0, y: -8.0), (x: 114.1, y: -8.1), (x: 114.1, y: -8.0), (x: 114.0, y: -8.1)];
        assert_eq!(parse(bow.into()).unwrap_err().code, "polygon_not_simple");
    }

    #[test]
    fn an_area_of_many_corners_is_sound_or_crosses_itself_too() {
        let round = |corners: u32, cross: bool| {
            let mut ring: Vec<(f64, f64)> = (0..corners)
                .map(|n| {
                    let turn = f64::from(n) / f64::from(corners) * std::f64::consts::TAU;
                    (114.0 + 0.01 * turn.cos(), -8.0 + 0.01 * turn.sin())
                })
                .collect();
            if cross {
                ring.swap(100, 700);
            }
            geo::Polygon::new(ring.into(), Vec::new())
        };
        assert!(parse(round(19_000, false).into()).is_ok());
        for corners in [900, 19_000] {
            assert_eq!(parse(round(corners, true).into()).unwrap_err().code, "polygon_not_simple", "{corners}");
        }
    }

    #[test]
    fn a_line_of_200_000_vertices_is_refused_with_the_bound() {
        let line: geo::LineString<f64> = (0..200_000).map(|i| (114.0 + f64::from(i) * 1e-6, -8.0)).collect();
        let refused = parse(line.into()).unwrap_err();
        assert_eq!((refused.code, refused.values["given"].as_u64()), ("too_many_vertices", Some(200_000)));
    }

    #[test]
    fn twenty_lamps_are_one_footprint_of_twenty_parts() {
        let lamps = geo::MultiPoint::from((0..20).map(|i| (114.0 + f64::from(i) * 1e-4, -8.0)).collect::<Vec<_>>());
        assert_eq!(parse(lamps.into()).unwrap().parts.len(), 20);
    }

    #[test]
    fn a_part_without_size_is_left_out_beside_one_that_has_it() {
        let road = line_string![(x: 114.0, y: -8.0), (x: 114.1, y: -8.0)];
        let sliver = line_string![(x: 114.1, y: -8.0), (x: 114.1, y: -8.0)];
        let flat = polygon![(x: 114.0, y: -8.0), (x: 114.1, y: -8.0), (x: 114.0, y: -8.0)];
        let many = [Geometry::from(sliver), road.clone().into(), flat.into(), line_string![].into()];
        let parsed = parse(Geometry::GeometryCollection(geo::GeometryCollection(many.to_vec()))).unwrap();
        let named =
            ["parts[0].geometry[0]", "parts[0].geometry[2]", "parts[0].geometry[3]"].map(str::to_owned).to_vec();
        assert_eq!((parsed.parts.len(), &parsed.left_out), (1, &LeftOut { count: 3, parts: named }));
        assert_eq!(parsed.left_out.within("footprint").unwrap().parts[0], "footprint.parts[0].geometry[0]");
        assert_eq!(NewFootprint::sound(How::Map, parsed.parts.clone()).left_out.within("footprint"), None);
        assert_eq!(parsed.parts[0].geometry, road.into());
    }

    #[test]
    fn a_line_without_length_is_refused() {
        let line = line_string![(x: 114.0, y: -8.0), (x: 114.0, y: -8.0)];
        assert_eq!(parse(line.into()).unwrap_err().code, "line_without_length");
    }
}
