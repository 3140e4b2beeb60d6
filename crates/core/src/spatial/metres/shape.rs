//! A geometry in metres, split into points, lines and rings, and the distance and areas of two of them.

use super::boxes::{Boxes, Gap, box_gap_2, thinned};
use super::{Budget, Projection, bounds, length};
use geo::{Area, BooleanOps, Coord, Geometry, LineString, MultiPolygon, Polygon};

/// A geometry on a [`Projection`], with its box for quick bounds.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Chains of corners: one corner for a point, one chain for each line and ring.
    chains: Vec<Chain>,
    /// For each filled area the index of its outer ring among the chains, and the number of inner ones after it.
    areas: Vec<(usize, usize)>,
    /// Metres: minimum x, minimum y, maximum x, maximum y.
    bounds: [f64; 4],
}

/// A point of each of two shapes, in projected metres, and their distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    pub ends: [Coord<f64>; 2],
    pub distance_m: f64,
}

#[derive(Clone, Debug)]
struct Chain {
    corners: Vec<Coord<f64>>,
    boxes: Boxes,
}

impl Chain {
    fn new(corners: Vec<Coord<f64>>) -> Self {
        Self { boxes: Boxes::new(&corners), corners }
    }

    const fn parts(&self) -> (&[Coord<f64>], &Boxes) {
        (self.corners.as_slice(), &self.boxes)
    }
}

/// Maximum number of run pairs of two areas that may cross; with more the areas are not intersected.
const MOST_CROSSING: usize = 10_000;
/// The same for runs of one area's own rings.
const MOST_TOUCHING: usize = 100_000;

impl Shape {
    /// O(n) in corners.
    pub fn new(flat: &Projection, geometry: &Geometry<f64>) -> Self {
        let mut shape = Self { chains: Vec::with_capacity(1), areas: Vec::new(), bounds: EMPTY };
        shape.add(flat, geometry);
        shape.bounds = shape.chains.iter().flat_map(|chain| &chain.corners).fold(EMPTY, grown);
        shape
    }

    /// A line already in metres. O(n).
    pub fn of_line(corners: Vec<Coord<f64>>) -> Self {
        let bounds = corners.iter().fold(EMPTY, grown);
        Self { chains: vec![Chain::new(corners)], areas: Vec::new(), bounds }
    }

    /// A copy with at most `most` corners in a chain, and how far corners may have moved, metres: 0 if nothing was
    /// dropped, else `within_m`, doubled until it suffices. O(n log n).
    pub fn simplified(&self, within_m: f64, most: usize) -> (Self, f64) {
        let mut moved_m: f64 = 0.0;
        let chains = self.chains.iter().map(|chain| {
            let (mut corners, mut step_m) = (chain.corners.clone(), within_m.max(0.1));
            while corners.len() > most.max(4) {
                corners = thinned(&chain.corners, step_m);
                moved_m = moved_m.max(step_m);
                step_m *= 2.0;
            }
            Chain::new(corners)
        });
        let chains = chains.collect();
        (Self { chains, areas: self.areas.clone(), bounds: self.bounds }, moved_m)
    }

    /// Number of corners.
    pub fn corners(&self) -> usize {
        self.chains.iter().map(|chain| chain.corners.len()).sum()
    }

    fn add(&mut self, flat: &Projection, geometry: &Geometry<f64>) {
        match geometry {
            Geometry::Point(point) => self.push(vec![flat.metres(point.0)]),
            Geometry::MultiPoint(points) => points.iter().for_each(|point| self.push(vec![flat.metres(point.0)])),
            Geometry::Line(line) => self.push(vec![flat.metres(line.start), flat.metres(line.end)]),
            Geometry::LineString(line) => self.chain(flat, line),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| self.chain(flat, line)),
            Geometry::Polygon(polygon) => self.area(flat, polygon),
            Geometry::MultiPolygon(polygons) => polygons.iter().for_each(|polygon| self.area(flat, polygon)),
            Geometry::Rect(rect) => self.area(flat, &rect.to_polygon()),
            Geometry::Triangle(triangle) => self.area(flat, &triangle.to_polygon()),
            Geometry::GeometryCollection(all) => all.iter().for_each(|one| self.add(flat, one)),
        }
    }

    fn push(&mut self, corners: Vec<Coord<f64>>) {
        self.chains.push(Chain::new(corners));
    }

    fn chain(&mut self, flat: &Projection, line: &LineString<f64>) {
        if !line.0.is_empty() {
            self.push(line.0.iter().map(|c| flat.metres(*c)).collect());
        }
    }

    fn area(&mut self, flat: &Projection, polygon: &Polygon<f64>) {
        if polygon.exterior().0.is_empty() {
            return;
        }
        let outer = self.chains.len();
        self.chain(flat, polygon.exterior());
        polygon.interiors().iter().for_each(|ring| self.chain(flat, ring));
        self.areas.push((outer, self.chains.len() - outer - 1));
    }

    /// The corners of the first line, in metres.
    pub fn line(&self) -> &[Coord<f64>] {
        self.chains.first().map_or(&[], |chain| chain.corners.as_slice())
    }

    /// Total length of lines and rings in metres. O(n).
    pub fn length_m(&self) -> f64 {
        self.chains.iter().map(|chain| chain_length(&chain.corners)).sum()
    }

    /// Total area in square metres. O(n).
    pub fn area_m2(&self) -> f64 {
        self.polygons().iter().map(Area::unsigned_area).sum()
    }

    fn polygons(&self) -> Vec<Polygon<f64>> {
        let ring = |at: usize| LineString(self.chains[at].corners.clone());
        let area = |(outer, holes): &(usize, usize)| {
            Polygon::new(ring(*outer), (outer + 1..=outer + holes).map(ring).collect())
        };
        self.areas.iter().map(area).collect()
    }

    /// A lower bound of the distance of two shapes: that of their boxes. O(1).
    pub fn at_least_m(&self, other: &Self) -> f64 {
        box_gap_2(self.bounds, other.bounds).sqrt()
    }

    /// An upper bound of the distance of two shapes: that of the farthest corners of their boxes. O(1).
    pub fn at_most_m(&self, other: &Self) -> f64 {
        let ([aw, a_s, ae, an], [bw, bs, be, bn]) = (self.bounds, other.bounds);
        (ae - bw).max(be - aw).hypot((an - bs).max(bn - a_s))
    }

    /// Minimum distance in metres, 0 if they meet or one contains the other, infinite if one is empty. An upper bound
    /// if the budget is spent. O(n log m) for lines and outlines, O(n · m) for tangles.
    pub fn distance_m(&self, other: &Self, budget: &Budget) -> f64 {
        self.nearest(other, budget).map_or(f64::INFINITY, |near| near.distance_m)
    }

    /// The nearest points of the two: a common point if they meet or one contains the other. `None` if one is empty
    /// or the budget is spent before anything is found. Same cost as [`Shape::distance_m`].
    pub fn nearest(&self, other: &Self, budget: &Budget) -> Option<Near> {
        // One corner of each chain is enough: a chain partly inside crosses the ring, which the segments detect.
        let held = |holder: &Self, held: &Self| {
            let mut corners = held.chains.iter().filter_map(|chain| chain.corners.first());
            corners.find(|c| !holder.areas.is_empty() && holder.holds(**c, budget)).copied()
        };
        if let Some(place) = held(self, other).or_else(|| held(other, self)) {
            return Some(Near { ends: [place, place], distance_m: 0.0 });
        }
        let mut best: Option<Gap> = None;
        for (a, b) in self.chains.iter().flat_map(|a| other.chains.iter().map(move |b| (a, b))) {
            if best.is_some_and(|best| best.distance_2 <= 0.0) {
                break;
            }
            best = Boxes::gap(a.parts(), b.parts(), best, budget);
        }
        best.map(|best| Near { ends: best.ends, distance_m: best.distance_2.sqrt() })
    }

    /// Whether a point is in one of the areas. O(log n) if the ring is far, O(n) in a tangle.
    pub fn holds(&self, c: Coord<f64>, budget: &Budget) -> bool {
        let inside = |at: usize| self.chains[at].boxes.is_inside(&self.chains[at].corners, c, budget);
        self.areas.iter().any(|(outer, holes)| inside(*outer) && !(outer + 1..=outer + holes).any(inside))
    }

    /// Metres of this shape's lines inside the other's areas or at most `margin_m` from them: sampled every two
    /// metres, independent of collinear corners. O(length / 2 m · log m), at most 1,000 samples.
    pub fn line_within_m(&self, other: &Self, margin_m: f64, budget: &Budget) -> f64 {
        let is_within = |c: Coord<f64>| {
            let near = |b: &Chain| b.boxes.nearest(&b.corners, c, margin_m, budget).is_some();
            budget.spend(1) && (other.holds(c, budget) || other.chains.iter().any(near))
        };
        self.chains.iter().map(|chain| share_of(&chain.corners, is_within) * chain_length(&chain.corners)).sum()
    }

    /// Square metres covered by both; `None` if their rings may cross too often to compute. O((n + m + crossings) log
    /// (n + m)).
    pub fn shared_area_m2(&self, other: &Self) -> Option<f64> {
        if self.areas.is_empty() || other.areas.is_empty() || self.at_least_m(other) > 0.0 {
            return Some(0.0);
        }
        for (one, two, most) in
            [(self, other, MOST_CROSSING), (self, self, MOST_TOUCHING), (other, other, MOST_TOUCHING)]
        {
            let mut left = most;
            for (a, b) in one.chains.iter().flat_map(|a| two.chains.iter().map(move |b| (a, b))) {
                left = left.checked_sub(Boxes::meetings(a.parts(), b.parts(), left + 1))?;
            }
        }
        let (a, b) = (MultiPolygon(self.polygons()), MultiPolygon(other.polygons()));
        Some(a.intersection(&b).unsigned_area())
    }
}

const EMPTY: [f64; 4] = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];

fn grown([w, s, e, n]: [f64; 4], c: &Coord<f64>) -> [f64; 4] {
    [w.min(c.x), s.min(c.y), e.max(c.x), n.max(c.y)]
}

fn chain_length(chain: &[Coord<f64>]) -> f64 {
    chain.windows(2).map(|pair| length(pair[1] - pair[0])).sum()
}

/// The share of a chain's length at which a condition holds, sampled at equal distances.
fn share_of(chain: &[Coord<f64>], holds: impl Fn(Coord<f64>) -> bool) -> f64 {
    let whole = chain_length(chain);
    let looks = (whole / 2.0).ceil().clamp(1.0, 1_000.0);
    let (mut next, mut along, mut held) = (0.5, 0.0, 0.0);
    for pair in chain.windows(2) {
        let piece = length(pair[1] - pair[0]);
        while next < looks && next * whole / looks <= along + piece {
            let t = if piece > 0.0 { (next * whole / looks - along) / piece } else { 0.0 };
            held += f64::from(u8::from(holds(pair[0] + (pair[1] - pair[0]) * t)));
            next += 1.0;
        }
        along += piece;
    }
    held / looks
}

/// Square metres of a geometry (lon/lat). O(n).
pub fn area_m2(geometry: &Geometry<f64>) -> f64 {
    bounds(geometry).map_or(0.0, |bounds| Shape::new(&Projection::between([bounds]), geometry).area_m2())
}
