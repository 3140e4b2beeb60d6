//! Footprints far from their village: how far, and the typing error that would explain it.

use super::metres::{box_gap_m, distance_on_globe_m};
use super::places::Places;
use crate::domain::footprint::Part;
use crate::domain::village::Slip;
use geo::{BoundingRect, Coord, CoordsIter, Geometry, MapCoords, Point};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A position with another digit must come this near to the village, metres: outlines may be schematic. A sign or exchanged
/// axes leave less to chance: there it is enough that the position would not be doubted.
const NEAR_M: f64 = 2_000.0;
/// Positions have a resolution of one such part of a degree.
const UNITS: f64 = 1e7;

/// A footprint, or part of one, far from the village of the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// From the furthest corner to the village's outline, metres.
    pub distance_m: f64,
    /// The furthest corner as given.
    pub given: Coord<f64>,
    pub reading: Option<Reading>,
}

/// The probable intention.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub slip: Slip,
    /// The furthest corner without the typing error.
    pub corrected: Coord<f64>,
    /// From there to the village's outline, metres; 0 inside.
    pub distance_m: f64,
    /// All parts, with the far corners corrected.
    pub parts: Vec<Geometry<f64>>,
}

impl Doubt {
    /// The values of the sentences about it; `village` is the name of the village.
    pub fn values(&self, village: Option<&str>) -> Map<String, Value> {
        let reading = self.reading.as_ref();
        let values = json!({
            "village": village,
            "distance_m": self.distance_m.round(),
            "given": [self.given.x, self.given.y],
            "slip": reading.map(|reading| reading.slip),
            "corrected": reading.map(|reading| [reading.corrected.x, reading.corrected.y]),
        });
        match values {
            Value::Object(values) => values,
            _ => Map::new(),
        }
    }
}

impl Places {
    /// Whether any corner of these parts is further than `far_m` from the village's box, and what was probably meant.
    /// `None` if the village has no outline. O(n) in corners of the parts and, for one of them, of the outline.
    pub fn doubt(&self, village: Uuid, parts: &[Part], far_m: f64) -> Option<Doubt> {
        let outline = self.outline(village)?;
        let rect = outline.bounding_rect()?;
        let bounds = [rect.min().x, rect.min().y, rect.max().x, rect.max().y];
        let gap_m = |c: Coord<f64>| box_gap_m(&[c.x, c.y, c.x, c.y], &bounds);
        let far: Vec<Coord<f64>> =
            parts.iter().flat_map(|part| part.geometry.coords_iter()).filter(|c| gap_m(*c) > far_m).collect();
        let given = far.iter().copied().max_by(|a, b| gap_m(*a).total_cmp(&gap_m(*b)))?;
        let within_m = |slip| if slip == Slip::Digit { NEAR_M } else { far_m.max(NEAR_M) };
        let is_near = |slip, c: Coord<f64>| is_on_earth(c) && gap_m(c) <= within_m(slip);
        let best = best_reading(given, &far, is_near, rect.center());
        let from_m = |c: Coord<f64>| distance_on_globe_m(&Geometry::Point(Point(c)), outline);
        let reading = best.map(|(slip, read)| {
            let mended = |c: Coord<f64>| if gap_m(c) > far_m { read(c) } else { c };
            let corrected = read(given);
            let parts = parts.iter().map(|part| part.geometry.map_coords(mended)).collect();
            Reading { slip, corrected, distance_m: from_m(corrected), parts }
        });
        Some(Doubt { distance_m: from_m(given), given, reading })
    }
}

/// The typing error that explains why this corner is not near, `None` if no single one does. Of several digits the one that
/// comes nearest to the middle of what is near.
pub fn slip_towards(
    given: Coord<f64>,
    is_near: impl Fn(Coord<f64>) -> bool,
    middle: Coord<f64>,
) -> Option<(Slip, Coord<f64>)> {
    let (slip, read) = best_reading(given, &[given], |_, c| is_on_earth(c) && is_near(c), middle)?;
    Some((slip, read(given)))
}

/// The likeliest error that brings this corner, and all far ones with it, near.
fn best_reading(
    given: Coord<f64>,
    far: &[Coord<f64>],
    is_near: impl Fn(Slip, Coord<f64>) -> bool,
    middle: Coord<f64>,
) -> Option<(Slip, Read)> {
    let readings = readings(given).into_iter().filter(|(slip, read)| is_near(*slip, read(given)));
    let readings = readings.filter(|(slip, read)| far.iter().all(|c| is_near(*slip, read(*c))));
    // If two digits would do, the one that comes nearest to the middle of the village.
    let off = |c: Coord<f64>| (c.x - middle.x).hypot(c.y - middle.y);
    readings.min_by(|(a, read_a), (b, read_b)| a.cmp(b).then_with(|| off(read_a(given)).total_cmp(&off(read_b(given)))))
}

type Read = Box<dyn Fn(Coord<f64>) -> Coord<f64>>;

/// Every possible correction of a corner, likeliest errors first.
fn readings(given: Coord<f64>) -> Vec<(Slip, Read)> {
    let mut all: Vec<(Slip, Read)> = Vec::new();
    for (east, north) in [(1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
        all.push((Slip::SignLost, Box::new(move |c| Coord { x: east * c.x, y: north * c.y })));
    }
    for (east, north) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
        all.push((Slip::Swapped, Box::new(move |c| Coord { x: east * c.y, y: north * c.x })));
    }
    for delta in other_digits(given.x) {
        all.push((Slip::Digit, Box::new(move |c| Coord { x: rounded(c.x + delta), y: c.y })));
    }
    for delta in other_digits(given.y) {
        all.push((Slip::Digit, Box::new(move |c| Coord { x: c.x, y: rounded(c.y + delta) })));
    }
    all
}

/// The changes of a coordinate if one digit is replaced: from hundreds to hundredths of a degree.
fn other_digits(degrees: f64) -> impl Iterator<Item = f64> {
    let digits = (degrees.abs() * UNITS).round() / UNITS;
    [100.0, 10.0, 1.0, 0.1, 0.01].into_iter().flat_map(move |place| {
        // Half of the smallest unit is added: 8.3 must not become 8.299 999.
        let digit = ((digits + 0.5 / UNITS) / place).floor() % 10.0;
        let others = (0..10).map(f64::from).filter(move |other| (other - digit).abs() > 0.5);
        others.map(move |other| (other - digit) * place * degrees.signum())
    })
}

fn rounded(degrees: f64) -> f64 {
    (degrees * UNITS).round() / UNITS
}

fn is_on_earth(c: Coord<f64>) -> bool {
    c.x.abs() <= 180.0 && c.y.abs() <= 90.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::village::Village;
    use geo::{line_string, polygon};

    /// A village 2 km wide near Banyuwangi.
    fn places() -> (Places, Uuid) {
        let id = Uuid::from_u128(1);
        let ring = polygon![(x: 114.30, y: -8.22), (x: 114.32, y: -8.22), (x: 114.32, y: -8.20), (x: 114.30, y: -8.20)];
        let village = Village {
            id,
            code: "35.10.01.2001".to_owned(),
            name: "Barat".to_owned(),
            kind: "desa".to_owned(),
            district: String::new(),
            regency: String::new(),
            centre: [114.31, -8.21],
            schematic: false,
        };
        (Places::new(vec![(village, geo::MultiPolygon(vec![ring]))]), id)
    }

    fn doubt(geometry: Geometry<f64>) -> Option<Doubt> {
        let (places, village) = places();
        places.doubt(village, &[Part { label: None, accuracy_m: 5.0, geometry }], 10_000.0)
    }

    fn reading(lon: f64, lat: f64) -> Option<(Slip, f64, f64)> {
        let reading = doubt(Point::new(lon, lat).into()).unwrap().reading?;
        assert!(reading.distance_m < 1.0);
        Some((reading.slip, reading.corrected.x, reading.corrected.y))
    }

    #[test]
    fn a_place_near_its_village_is_not_doubted() {
        assert_eq!(doubt(Point::new(114.31, -8.21).into()), None);
        assert_eq!(doubt(Point::new(114.31, -8.30).into()), None, "9 km");
        assert!(doubt(Point::new(114.31, -8.32).into()).is_some(), "11 km");
    }

    #[test]
    fn a_lost_sign_exchanged_coordinates_and_a_wrong_digit_are_recognised() {
        assert_eq!(reading(114.31, 8.21), Some((Slip::SignLost, 114.31, -8.21)));
        assert_eq!(reading(-8.21, 114.31), Some((Slip::Swapped, 114.31, -8.21)));
        assert_eq!(reading(8.21, 114.31), Some((Slip::Swapped, 114.31, -8.21)));
        assert_eq!(reading(115.31, -8.21), Some((Slip::Digit, 114.31, -8.21)));
        assert_eq!(reading(114.81, -8.21), Some((Slip::Digit, 114.31, -8.21)));
        assert_eq!(reading(114.31, -3.21), Some((Slip::Digit, 114.31, -8.21)));
        assert_eq!(reading(14.31, -8.21), Some((Slip::Digit, 114.31, -8.21)));
        assert_eq!(reading(110.12, -7.5), None);
        // It lies 5 km from a border that may be schematic, where another digit might bring any place.
        let off = |lat: f64| doubt(Point::new(114.31, lat).into()).unwrap().reading.map(|reading| reading.slip);
        assert_eq!((off(8.27), off(-18.27)), (Some(Slip::SignLost), None));
    }

    #[test]
    fn one_wrong_corner_of_a_line_is_mended_alone() {
        let line = line_string![(x: 114.305, y: -8.21), (x: 114.306, y: 8.21), (x: 114.307, y: -8.21)];
        let found = doubt(line.into()).unwrap();
        let mended = line_string![(x: 114.305, y: -8.21), (x: 114.306, y: -8.21), (x: 114.307, y: -8.21)];
        assert_eq!(found.given, Coord { x: 114.306, y: 8.21 });
        assert_eq!(
            found.reading.map(|reading| (reading.slip, reading.parts)),
            Some((Slip::SignLost, vec![mended.into()]))
        );
    }

    #[test]
    fn the_distance_of_another_country_is_that_on_the_globe() {
        // From Singapore to the corner 114.30, -8.20: 1,574 km on a sphere.
        let singapore: Geometry<f64> = Point::new(103.82, 1.35).into();
        let found = doubt(singapore.clone()).unwrap();
        assert!((found.distance_m - 1_574_042.0).abs() < 10.0, "{}", found.distance_m);
        let (places, village) = places();
        let part = Part { label: None, accuracy_m: 5.0, geometry: singapore };
        let (_, distance_m) = places.relation(village, &[part], 0.0).unwrap();
        assert!((distance_m - found.distance_m).abs() < 0.001, "one place, two distances: {distance_m}");
    }
}
