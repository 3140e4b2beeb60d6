//! Areas of loose rings, whatever their direction: a ring inside of another one is a hole of the smallest that it lies in.
//!
//! Shapefiles and Esri JSON keep the rings of all parts side by side and tell holes by their direction, which many programs
//! write wrongly.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::{Area, BoundingRect, Coord, LineString, MultiPolygon, Polygon};
use rstar::{AABB, PointDistance, RTree, RTreeObject};

/// A ring with its place among all.
struct Ring {
    at: usize,
    area: f64,
    polygon: Polygon<f64>,
}

impl RTreeObject for Ring {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        let Some(bounds) = self.polygon.bounding_rect() else { return AABB::from_point([f64::MAX; 2]) };
        AABB::from_corners([bounds.min().x, bounds.min().y], [bounds.max().x, bounds.max().y])
    }
}

impl PointDistance for Ring {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        self.envelope().distance_2(point)
    }

    fn contains_point(&self, point: &[f64; 2]) -> bool {
        rstar::Envelope::contains_point(&self.envelope(), point)
    }
}

/// The area of these rings. A ring that lies in an even number of others is an outer one; each hole belongs to the smallest
/// ring around it. Rings with infinite coordinates are outer ones, for the caller to refuse. O(n log n) rings, each compared
/// with the corners of those around it.
pub fn of_rings(rings: Vec<LineString<f64>>) -> MultiPolygon<f64> {
    if rings.len() < 2 {
        return MultiPolygon(rings.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect());
    }
    if !rings.iter().flat_map(|ring| &ring.0).all(|corner| corner.x.is_finite() && corner.y.is_finite()) {
        return MultiPolygon(rings.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect());
    }
    let indexed = rings.iter().enumerate().map(|(at, ring)| {
        let polygon = Polygon::new(ring.clone(), Vec::new());
        Ring { at, area: polygon.unsigned_area(), polygon }
    });
    let tree = RTree::bulk_load(indexed.collect());
    let mut outer_of: Vec<Option<usize>> = Vec::with_capacity(rings.len());
    for (at, ring) in rings.iter().enumerate() {
        let mut around: Vec<&Ring> = Vec::new();
        if let Some(first) = ring.0.first() {
            let candidates = tree.locate_all_at_point([first.x, first.y]);
            around.extend(candidates.filter(|other| other.at != at && lies_in(&ring.0, &other.polygon)));
        }
        around.sort_by(|a, b| a.area.total_cmp(&b.area));
        outer_of.push(around.first().map(|ring| ring.at).filter(|_| !around.len().is_multiple_of(2)));
    }
    let mut holes: Vec<Vec<LineString<f64>>> = vec![Vec::new(); rings.len()];
    let mut outer = Vec::new();
    for (at, ring) in rings.into_iter().enumerate() {
        match outer_of[at] {
            Some(around) => holes[around].push(ring),
            None => outer.push((at, ring)),
        }
    }
    MultiPolygon(outer.into_iter().map(|(at, ring)| Polygon::new(ring, std::mem::take(&mut holes[at]))).collect())
}

/// Whether a ring lies in an area. It may touch its edge: the first corner that does not decides.
fn lies_in(ring: &[Coord<f64>], area: &Polygon<f64>) -> bool {
    let places = ring.iter().map(|corner| area.coordinate_position(corner));
    places.into_iter().find(|place| *place != CoordPos::OnBoundary) == Some(CoordPos::Inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: f64, south: f64, side: f64, is_clockwise: bool) -> LineString<f64> {
        let (east, north) = (west + side, south + side);
        let mut ring = vec![(west, south), (west, north), (east, north), (east, south), (west, south)];
        if !is_clockwise {
            ring.reverse();
        }
        LineString::from(ring)
    }

    #[test]
    fn a_hole_belongs_to_the_ring_that_it_lies_in_whatever_the_directions() {
        for direction in [true, false] {
            let (near, far) = (square(0.0, 0.0, 10.0, direction), square(20.0, 0.0, 10.0, true));
            let (hole, island) = (square(2.0, 2.0, 6.0, direction), square(4.0, 4.0, 2.0, direction));
            let rings = vec![near.clone(), far.clone(), hole.clone(), island.clone()];
            let area = of_rings(rings);
            let parts: Vec<(usize, f64)> =
                area.0.iter().map(|part| (part.interiors().len(), part.unsigned_area())).collect();
            assert_eq!(parts, [(1, 64.0), (0, 100.0), (0, 4.0)], "{direction}");
            assert_eq!(area.0[0].interiors(), [hole]);
        }
    }

    #[test]
    fn rings_side_by_side_are_parts_and_a_hole_may_touch_its_ring() {
        let (left, right) = (square(0.0, 0.0, 10.0, true), square(10.0, 0.0, 10.0, true));
        assert_eq!(of_rings(vec![left.clone(), right]).0.len(), 2);
        let touching = LineString::from(vec![(0.0, 5.0), (5.0, 4.0), (5.0, 6.0), (0.0, 5.0)]);
        let area = of_rings(vec![touching.clone(), left]);
        assert_eq!((area.0.len(), area.0[0].interiors()), (1, &[touching][..]));
    }

    #[test]
    fn a_hundred_thousand_islands_are_told_apart() {
        let island = |at: i32| square(f64::from(at % 400), f64::from(at / 400), 0.5, at % 2 == 0);
        let mut rings: Vec<_> = (0..100_000).map(island).collect();
        rings.push(LineString::from(vec![(0.1, 0.1), (0.2, 0.1), (0.2, 0.2), (0.1, 0.1)]));
        let area = of_rings(rings);
        assert_eq!((area.0.len(), area.0[0].interiors().len()), (100_000, 1));
    }
}
