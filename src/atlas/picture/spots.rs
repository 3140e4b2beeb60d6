//! The boxes of the R-tree: degrees in single precision, rounded outwards. Accurate to a metre and never too small.

use super::Slot;
use super::keys::{MOST_GROWN_M, PointKey};
use crate::domain::facts::Facts;
use crate::spatial::metres;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, Envelope};
use rustc_hash::FxHashMap;

/// The box of one part, or one box for all works on one point.
pub type Spot = GeomWithData<Rectangle<[f32; 2]>, SpotKey>;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SpotKey {
    /// A part of a work, or a work that is a single point and alone on it.
    Part(Slot),
    /// All single points at one place with one accuracy: thousands on the village office are one box.
    Point(PointKey),
}

/// The box of each part, grown by its accuracy.
pub fn part_spots(facts: &Facts, slot: Slot) -> impl Iterator<Item = Spot> + '_ {
    facts.parts.iter().filter_map(move |part| {
        let grown = metres::bounds_around(metres::bounds(&part.geometry)?, part.accuracy_m.min(MOST_GROWN_M));
        let [low, high] = outward(grown);
        Some(Spot::new(Rectangle::from_corners(low, high), SpotKey::Part(slot)))
    })
}

/// The box of the works on a point, grown by their accuracy.
pub fn point_spot(key: PointKey) -> Spot {
    Spot::new(point_box(key), SpotKey::Point(key))
}

/// The box of a work that is alone on its point.
pub fn lone_spot(key: PointKey, slot: Slot) -> Spot {
    Spot::new(point_box(key), SpotKey::Part(slot))
}

fn point_box(key: PointKey) -> Rectangle<[f32; 2]> {
    let (lon, lat) = (f64::from(key.place.0) / 1e7, f64::from(key.place.1) / 1e7);
    // Half a rounding step is 6 mm: the box grows by a decimetre more than the accuracy.
    let [low, high] = outward(metres::bounds_around([lon, lat, lon, lat], f64::from(key.accuracy_dm) / 10.0 + 0.1));
    Rectangle::from_corners(low, high)
}

/// Number of parts up to which each is queried separately.
const FEW: usize = 32;
/// Above that, parts whose centres are in one square of this size share a query, degrees: some 280 m.
const SQUARE_DEG: f64 = 0.002_5;

/// The boxes to query for works within so many metres of one of the parts.
pub fn around_parts(facts: &Facts, metres: f64) -> Vec<AABB<[f32; 2]>> {
    let boxes = facts.parts.iter().filter_map(|part| {
        let bounds = metres::bounds(&part.geometry)?;
        let [low, high] = outward(metres::bounds_around(bounds, metres + part.accuracy_m.min(MOST_GROWN_M)));
        Some((bounds, AABB::from_corners(low, high)))
    });
    if facts.parts.len() <= FEW {
        return boxes.map(|(_, around)| around).collect();
    }
    // Otherwise thousands of lamps in one street would each find all the others.
    let mut squares: FxHashMap<[i64; 2], AABB<[f32; 2]>> = FxHashMap::default();
    for ([west, south, east, north], around) in boxes {
        let square = [west + east, south + north].map(|twice| whole(twice / 2.0 / SQUARE_DEG));
        squares.entry(square).and_modify(|known| known.merge(&around)).or_insert(around);
    }
    squares.into_values().collect()
}

#[expect(clippy::cast_possible_truncation, reason = "degrees on the earth in units of a thousandth")]
fn whole(number: f64) -> i64 {
    number.floor() as i64
}

#[expect(clippy::cast_possible_truncation, reason = "rounded away from the middle")]
fn outward([west, south, east, north]: [f64; 4]) -> [[f32; 2]; 2] {
    let (down, up) = (|x: f64| (x as f32).next_down(), |x: f64| (x as f32).next_up());
    [[down(west), down(south)], [up(east), up(north)]]
}
