//! Whether the rings of an area cross themselves or each other, and where: a sweep from west to east.
//!
//! `geo::Validation` compares each edge with each other one, which takes hours for the unsimplified borders of a regency.

use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Contains, Coord, Line, LineString, MultiPolygon, Point, Polygon};
use std::fmt;

/// What is wrong with an area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// No corners, or none that enclose anything.
    Empty,
    /// A ring touches or crosses itself, or two rings cross, here.
    Crossing(Coord<f64>),
    /// A hole lies outside of its polygon.
    HoleOutside(Coord<f64>),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it encloses nothing"),
            Self::Crossing(at) => write!(f, "it crosses itself at {}, {}", at.x, at.y),
            Self::HoleOutside(at) => write!(f, "a hole lies outside at {}, {}", at.x, at.y),
        }
    }
}

/// An edge and where it belongs.
struct Edge {
    line: Line<f64>,
    ring: usize,
    at: usize,
    of: usize,
}

/// The first fault of an area, `None` for a sound one. Rings may touch other rings in points and along lines, as the parts of
/// published borders do. O(n log n + pairs of edges whose longitudes overlap) in corners.
pub fn find_fault(area: &MultiPolygon<f64>) -> Option<Fault> {
    if area.0.is_empty() || area.0.iter().any(|polygon| is_flat(polygon.exterior())) {
        return Some(Fault::Empty);
    }
    find_crossing(area).map(Fault::Crossing).or_else(|| area.0.iter().find_map(hole_outside).map(Fault::HoleOutside))
}

fn is_flat(ring: &LineString<f64>) -> bool {
    use geo::Area;
    distinct(ring).len() < 3 || Polygon::new(ring.clone(), Vec::new()).unsigned_area() == 0.0
}

/// The corners of a closed ring without repetitions, the last one (equal to the first) left out.
fn distinct(ring: &LineString<f64>) -> Vec<Coord<f64>> {
    let mut corners = ring.0.clone();
    corners.dedup();
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    corners
}

fn find_crossing(area: &MultiPolygon<f64>) -> Option<Coord<f64>> {
    let rings = area.0.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let mut edges: Vec<Edge> = Vec::new();
    for (ring, corners) in rings.map(distinct).enumerate() {
        let of = corners.len();
        let ends = corners.iter().cycle().skip(1);
        edges.extend(corners.iter().zip(ends).enumerate().map(|(at, (a, b))| Edge {
            line: Line::new(*a, *b),
            ring,
            at,
            of,
        }));
    }
    edges.sort_by(|a, b| west(a).total_cmp(&west(b)));
    let mut active: Vec<&Edge> = Vec::new();
    for edge in &edges {
        active.retain(|other| east(other) >= west(edge));
        if let Some(place) = active.iter().find_map(|other| fault_between(edge, other)) {
            return Some(place);
        }
        active.push(edge);
    }
    None
}

fn fault_between(a: &Edge, b: &Edge) -> Option<Coord<f64>> {
    let (low, high) = (a.line.start.y.min(a.line.end.y), a.line.start.y.max(a.line.end.y));
    if b.line.start.y.max(b.line.end.y) < low || b.line.start.y.min(b.line.end.y) > high {
        return None;
    }
    let met = line_intersection(a.line, b.line)?;
    let place = match met {
        LineIntersection::SinglePoint { intersection, .. } => intersection,
        LineIntersection::Collinear { intersection } => intersection.start,
    };
    let is_wrong = match met {
        LineIntersection::SinglePoint { is_proper, .. } if a.ring != b.ring => is_proper,
        LineIntersection::SinglePoint { .. } => !are_neighbours(a, b),
        LineIntersection::Collinear { intersection } => {
            a.ring == b.ring && (intersection.start != intersection.end || !are_neighbours(a, b))
        }
    };
    is_wrong.then_some(place)
}

fn are_neighbours(a: &Edge, b: &Edge) -> bool {
    (a.at + 1) % a.of == b.at || (b.at + 1) % b.of == a.at
}

fn hole_outside(polygon: &Polygon<f64>) -> Option<Coord<f64>> {
    let outside = Polygon::new(polygon.exterior().clone(), Vec::new());
    let on_edge =
        |corner: Coord<f64>| polygon.exterior().lines().any(|line| line.contains(&corner) || line.start == corner);
    // A corner may lie on the outer ring; one of them must lie inside, and none outside.
    let is_out = |corner: &Coord<f64>| !outside.contains(&Point::from(*corner)) && !on_edge(*corner);
    polygon.interiors().iter().find_map(|hole| hole.0.iter().copied().find(is_out))
}

fn west(edge: &Edge) -> f64 {
    edge.line.start.x.min(edge.line.end.x)
}

fn east(edge: &Edge) -> f64 {
    edge.line.start.x.max(edge.line.end.x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    fn fault(polygon: Polygon<f64>) -> Option<Fault> {
        find_fault(&MultiPolygon(vec![polygon]))
    }

    #[test]
    fn a_sound_area_has_no_fault() {
        let ring = polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0)];
        assert_eq!(fault(ring.clone()), None);
        let hole = LineString::from(vec![(0.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 1.0)]);
        assert_eq!(fault(Polygon::new(ring.exterior().clone(), vec![hole])), None);
    }

    #[test]
    fn a_crossing_is_found_and_its_place_told() {
        let bow = polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0), (x: 0.0, y: 2.0)];
        // Both halves are equally large, so that the area is none too.
        assert!(fault(bow).is_some());
        let uneven = polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0), (x: 0.0, y: 3.0)];
        assert!(matches!(fault(uneven), Some(Fault::Crossing(_))));
        let spike = polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0), (x: 4.0, y: 6.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0)];
        assert!(matches!(fault(spike), Some(Fault::Crossing(_))));
    }

    #[test]
    fn holes_lie_inside_and_areas_enclose_something() {
        let ring = LineString::from(vec![(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)]);
        let far = LineString::from(vec![(9.0, 9.0), (9.5, 9.0), (9.5, 9.5), (9.0, 9.0)]);
        assert_eq!(fault(Polygon::new(ring, vec![far])), Some(Fault::HoleOutside(Coord { x: 9.0, y: 9.0 })));
        assert_eq!(find_fault(&MultiPolygon(vec![])), Some(Fault::Empty));
        assert_eq!(fault(polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 1.0), (x: 2.0, y: 2.0)]), Some(Fault::Empty));
        assert_eq!(fault(polygon![]), Some(Fault::Empty));
    }
}
