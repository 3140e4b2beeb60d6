//! Whether the rings of an area cross themselves or each other, and where: a sweep from west to east.
//!
//! `geo::Validation` compares each edge with each other one, which takes hours for the unsimplified borders of a regency.

use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Contains, Coord, Line, LineString, MultiPolygon, Point, Polygon};
use std::cmp::Ordering;
use std::fmt;

/// A fault of an area.
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

/// An edge from its western end to its eastern one (of a vertical one: from south to north), and where it belongs.
#[derive(Clone, Copy)]
struct Edge {
    from: Coord<f64>,
    to: Coord<f64>,
    ring: usize,
    at: usize,
    of: usize,
}

/// The first fault of an area, `None` for a sound one. Rings may touch other rings in points and along lines, as the parts of
/// published borders do. O(n log n) comparisons of corners with edges and O(n) of edges with edges, for rings that touch nowhere; each edge moves
/// the numbers of those that a line from south to north meets.
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
    // Minus zero is zero, also where corners are put in order.
    let mut corners: Vec<Coord<f64>> =
        ring.0.iter().map(|corner| Coord { x: corner.x + 0.0, y: corner.y + 0.0 }).collect();
    corners.dedup();
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    corners
}

fn find_crossing(area: &MultiPolygon<f64>) -> Option<Coord<f64>> {
    let rings = area.0.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let rings: Vec<Vec<Coord<f64>>> = rings.map(distinct).collect();
    rings.iter().find_map(|corners| corner_met_twice(corners)).or_else(|| sweep(&edges_of(&rings)))
}

fn corner_met_twice(corners: &[Coord<f64>]) -> Option<Coord<f64>> {
    let mut corners = corners.to_vec();
    corners.sort_by(west_first);
    corners.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

fn edges_of(rings: &[Vec<Coord<f64>>]) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (ring, corners) in rings.iter().enumerate() {
        let ends = corners.iter().cycle().skip(1);
        // A ring of a single corner has no edge.
        edges.extend(corners.iter().zip(ends).enumerate().filter(|(_, (a, b))| a != b).map(|(at, (&a, &b))| {
            let (from, to) = if west_first(&a, &b).is_le() { (a, b) } else { (b, a) };
            Edge { from, to, ring, at, of: corners.len() }
        }));
    }
    edges
}

fn west_first(a: &Coord<f64>, b: &Coord<f64>) -> Ordering {
    a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
}

/// Goes from west to east with the edges that a line from south to north meets, in their order on it: the first two that cross
/// lie next to each other there before they do (Shamos and Hoey, "Geometric intersection problems", 1976).
fn sweep(edges: &[Edge]) -> Option<Coord<f64>> {
    // At one corner edges end before others begin.
    let mut stops: Vec<(Coord<f64>, bool, usize)> = Vec::with_capacity(2 * edges.len());
    for (index, edge) in edges.iter().enumerate() {
        stops.extend([(edge.from, true, index), (edge.to, false, index)]);
    }
    stops.sort_by(|a, b| west_first(&a.0, &b.0).then(a.1.cmp(&b.1)));
    let mut met: Vec<usize> = Vec::new();
    for (corner, begins, index) in stops {
        let edge = &edges[index];
        let south = met.partition_point(|&other| side(&edges[other], corner) == Orientation::CounterClockwise);
        let north = met.partition_point(|&other| side(&edges[other], corner) != Orientation::Clockwise);
        // Edges of other rings may meet in this corner.
        let here = met[south..north].iter().filter(|&&other| other != index && edges[other].ring == edge.ring);
        if let Some(place) = here.into_iter().find_map(|&other| fault_between(edge, &edges[other])) {
            return Some(place);
        }
        let place = if begins {
            let here = &met[south..north];
            let place =
                south + here.partition_point(|&other| side(&edges[other], edge.to) == Orientation::CounterClockwise);
            met.insert(place, index);
            place + 1
        } else {
            let place = met.iter().position(|&other| other == index).expect("an edge that begins is met until it ends");
            met.remove(place);
            place
        };
        // Who became neighbours: of a new edge both sides, of one that ended the two beside it.
        for pair in met[place.saturating_sub(2)..(place + 1).min(met.len())].windows(2) {
            if let Some(place) = fault_between(&edges[pair[0]], &edges[pair[1]]) {
                return Some(place);
            }
        }
    }
    None
}

/// Counter-clockwise: the corner lies north of the edge.
fn side(edge: &Edge, corner: Coord<f64>) -> Orientation {
    RobustKernel::orient2d(edge.from, edge.to, corner)
}

fn fault_between(a: &Edge, b: &Edge) -> Option<Coord<f64>> {
    let met = line_intersection(Line::new(a.from, a.to), Line::new(b.from, b.to))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;
    use proptest::prelude::*;

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

    /// Each edge with each other one: slow, and beyond doubt.
    fn has_crossing(rings: &[Vec<Coord<f64>>]) -> bool {
        let edges = edges_of(rings);
        edges.iter().enumerate().any(|(n, a)| edges[..n].iter().any(|b| fault_between(a, b).is_some()))
    }

    fn corners(most: i8) -> impl Strategy<Value = Vec<Coord<f64>>> {
        let corner = (0..most, 0..most).prop_map(|(x, y)| Coord { x: f64::from(x), y: f64::from(y) });
        prop::collection::vec(corner, 3..8)
    }

    fn area_of(rings: Vec<Vec<Coord<f64>>>) -> MultiPolygon<f64> {
        rings.into_iter().map(|ring| Polygon::new(LineString(ring), Vec::new())).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// On few places, so that rings touch in corners, on edges and along them.
        #[test]
        fn the_sweep_finds_what_all_pairs_tell(rings in prop::collection::vec(corners(6), 1..4)) {
            let area = area_of(rings);
            let distinct: Vec<_> = area.0.iter().map(|polygon| distinct(polygon.exterior())).collect();
            prop_assert_eq!(find_crossing(&area).is_some(), has_crossing(&distinct));
        }

        /// Sound rings beside and upon each other, which are rare among those of random corners.
        #[test]
        fn rings_that_touch_are_as_sound_as_all_pairs_tell(boxes in prop::collection::vec((0..4i8, 0..4i8, 1..3i8, 1..3i8, 0..3i8), 1..6)) {
            let ring = |(x, y, width, height, lean): (i8, i8, i8, i8, i8)| {
                let at = |x: i8, y: i8| Coord { x: f64::from(x), y: f64::from(y) };
                vec![at(x, y), at(x + width, y), at(x + width + lean, y + height), at(x + lean, y + height)]
            };
            let rings: Vec<_> = boxes.into_iter().map(ring).collect();
            let crossed = has_crossing(&rings);
            prop_assert_eq!(find_crossing(&area_of(rings)).is_some(), crossed);
        }
    }

    /// Each edge overlaps all others from west to east and from south to north. `cargo bench --bench measure -- tangles` has its time.
    #[test]
    fn long_strokes_beside_each_other_are_sound() {
        let stroke = |n: i32| {
            let (x, y) = (f64::from(n), f64::from(n % 2) * 1e6);
            Coord { x: x + y, y }
        };
        let mut ring: Vec<_> = (0..19_900).map(stroke).collect();
        ring.push(Coord { x: 19_900.0, y: -1.0 });
        ring.push(Coord { x: 0.0, y: -1.0 });
        assert_eq!(find_fault(&area_of(vec![ring])), None);
    }
}
