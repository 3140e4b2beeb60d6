//! A geometry in metres, taken apart into points, lines and rings, and the distance and areas of two of them.

use super::{Projection, bounds, length};
use geo::{Area, BooleanOps, Coord, Geometry, LineString, MultiPolygon, Polygon};

/// A geometry on a [`Projection`], with its box for quick bounds.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Chains of corners: one corner for a point, the rings of polygons among them.
    chains: Vec<Vec<Coord<f64>>>,
    /// Filled areas.
    polygons: Vec<Polygon<f64>>,
    /// Metres: least x, least y, greatest x, greatest y.
    bounds: [f64; 4],
}

impl Shape {
    /// O(n) in corners.
    pub fn new(flat: &Projection, geometry: &Geometry<f64>) -> Self {
        let mut shape = Self {
            chains: Vec::with_capacity(1),
            polygons: Vec::new(),
            bounds: [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY],
        };
        shape.add(flat, geometry);
        for c in shape.chains.iter().flatten() {
            let [w, s, e, n] = shape.bounds;
            shape.bounds = [w.min(c.x), s.min(c.y), e.max(c.x), n.max(c.y)];
        }
        shape
    }

    /// A line that is in metres already. O(n).
    pub fn of_line(corners: Vec<Coord<f64>>) -> Self {
        let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let bounds = corners.iter().fold(start, |[w, s, e, n], c| [w.min(c.x), s.min(c.y), e.max(c.x), n.max(c.y)]);
        Self { chains: vec![corners], polygons: Vec::new(), bounds }
    }

    fn add(&mut self, flat: &Projection, geometry: &Geometry<f64>) {
        match geometry {
            Geometry::Point(point) => self.chains.push(vec![flat.metres(point.0)]),
            Geometry::MultiPoint(points) => self.chains.extend(points.iter().map(|point| vec![flat.metres(point.0)])),
            Geometry::Line(line) => self.chains.push(vec![flat.metres(line.start), flat.metres(line.end)]),
            Geometry::LineString(line) => self.chain(flat, line),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| self.chain(flat, line)),
            Geometry::Polygon(polygon) => self.area(flat, polygon),
            Geometry::MultiPolygon(polygons) => polygons.iter().for_each(|polygon| self.area(flat, polygon)),
            Geometry::Rect(rect) => self.area(flat, &rect.to_polygon()),
            Geometry::Triangle(triangle) => self.area(flat, &triangle.to_polygon()),
            Geometry::GeometryCollection(all) => all.iter().for_each(|one| self.add(flat, one)),
        }
    }

    fn chain(&mut self, flat: &Projection, line: &LineString<f64>) {
        if !line.0.is_empty() {
            self.chains.push(line.0.iter().map(|c| flat.metres(*c)).collect());
        }
    }

    fn area(&mut self, flat: &Projection, polygon: &Polygon<f64>) {
        let ring = |ring: &LineString<f64>| LineString(ring.0.iter().map(|c| flat.metres(*c)).collect());
        let polygon = Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect());
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            if !ring.0.is_empty() {
                self.chains.push(ring.0.clone());
            }
        }
        self.polygons.push(polygon);
    }

    /// The corners of the first line, in metres.
    pub fn line(&self) -> &[Coord<f64>] {
        self.chains.first().map_or(&[], Vec::as_slice)
    }

    /// Metres of all lines and rings. O(n).
    pub fn length_m(&self) -> f64 {
        self.chains.iter().flat_map(|chain| chain.windows(2)).map(|pair| length(pair[1] - pair[0])).sum()
    }

    /// Square metres of all areas. O(n).
    pub fn area_m2(&self) -> f64 {
        self.polygons.iter().map(Area::unsigned_area).sum()
    }

    /// No greater than the distance of the two shapes: that of their boxes. O(1).
    pub fn at_least_m(&self, other: &Self) -> f64 {
        box_gap_2(self.bounds, other.bounds).sqrt()
    }

    /// Nearest distance in metres, 0 where they meet or one holds the other, infinite where one is empty.
    /// O(n · m), most pairs of segments passed over by their boxes.
    pub fn distance_m(&self, other: &Self) -> f64 {
        // One corner of each chain is enough: a chain partly inside crosses the ring, which the segments tell.
        let holds = |holder: &Self, held: &Self| {
            !holder.polygons.is_empty()
                && held.chains.iter().any(|chain| chain.first().is_some_and(|c| holder.holds(*c)))
        };
        if holds(self, other) || holds(other, self) {
            return 0.0;
        }
        let mut best_2 = f64::INFINITY;
        for a in &self.chains {
            for b in &other.chains {
                best_2 = chains_2(a, b, best_2);
                if best_2 <= 0.0 {
                    return 0.0;
                }
            }
        }
        best_2.sqrt()
    }

    /// Whether a place lies in one of the areas. O(n).
    pub fn holds(&self, c: Coord<f64>) -> bool {
        self.polygons
            .iter()
            .any(|polygon| inside(polygon.exterior(), c) && !polygon.interiors().iter().any(|hole| inside(hole, c)))
    }

    /// Metres of this shape's lines inside the other's areas or at most `margin_m` from them: looked at every two metres,
    /// the same with collinear corners added. O(length / 2 m · m).
    pub fn line_within_m(&self, other: &Self, margin_m: f64) -> f64 {
        let is_within = |c: Coord<f64>| {
            other.holds(c) || other.chains.iter().any(|b| chains_2(&[c], b, f64::INFINITY) <= margin_m * margin_m)
        };
        self.chains.iter().map(|chain| share_of(chain, is_within) * chain_length(chain)).sum()
    }

    /// Square metres that both cover. O((n + m) log (n + m)).
    pub fn shared_area_m2(&self, other: &Self) -> f64 {
        if self.polygons.is_empty() || other.polygons.is_empty() || self.at_least_m(other) > 0.0 {
            return 0.0;
        }
        let (a, b) = (MultiPolygon(self.polygons.clone()), MultiPolygon(other.polygons.clone()));
        a.intersection(&b).unsigned_area()
    }
}

fn chain_length(chain: &[Coord<f64>]) -> f64 {
    chain.windows(2).map(|pair| length(pair[1] - pair[0])).sum()
}

/// The share of a chain's length at which something holds, by looks at equal distances along it.
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

/// Even–odd rule; on the border either answer is right, the distance is 0 anyway.
fn inside(ring: &LineString<f64>, c: Coord<f64>) -> bool {
    ring.0.windows(2).fold(false, |inside, pair| {
        let (a, b) = (pair[0], pair[1]);
        let crosses = (a.y > c.y) != (b.y > c.y) && c.x < (b.x - a.x) * (c.y - a.y) / (b.y - a.y) + a.x;
        inside != crosses
    })
}

/// Squared distance of two boxes.
fn box_gap_2(a: [f64; 4], b: [f64; 4]) -> f64 {
    let dx = (b[0] - a[2]).max(a[0] - b[2]).max(0.0);
    let dy = (b[1] - a[3]).max(a[1] - b[3]).max(0.0);
    dx * dx + dy * dy
}

fn segments(chain: &[Coord<f64>]) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
    let single = (chain.len() == 1).then(|| (chain[0], chain[0]));
    single.into_iter().chain(chain.windows(2).map(|pair| (pair[0], pair[1])))
}

fn box_of((a, b): (Coord<f64>, Coord<f64>)) -> [f64; 4] {
    [a.x.min(b.x), a.y.min(b.y), a.x.max(b.x), a.y.max(b.y)]
}

/// The smaller of `best_2` and the squared distance of two chains.
fn chains_2(a: &[Coord<f64>], b: &[Coord<f64>], mut best_2: f64) -> f64 {
    for one in segments(a) {
        let one_box = box_of(one);
        for two in segments(b) {
            if box_gap_2(one_box, box_of(two)) < best_2 {
                best_2 = best_2.min(segments_2(one, two));
            }
        }
    }
    best_2
}

/// Squared distance of two segments, 0 where they cross.
fn segments_2((a, b): (Coord<f64>, Coord<f64>), (c, d): (Coord<f64>, Coord<f64>)) -> f64 {
    let side = |p: Coord<f64>, q: Coord<f64>, r: Coord<f64>| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    if side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0 {
        return 0.0;
    }
    point_2(a, c, d).min(point_2(b, c, d)).min(point_2(c, a, b)).min(point_2(d, a, b))
}

/// Squared distance of a point from a segment.
fn point_2(p: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    let foot = super::shared::foot(p, a, b).0;
    let d = p - foot;
    d.x * d.x + d.y * d.y
}
