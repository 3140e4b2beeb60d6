//! Which stretches of one line run along another: what decides whether the same metres were paid twice.

use super::boxes::{Boxes, Budget};
use super::length;
use geo::Coord;

/// A stretch of a line, metres from its first corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub from_m: f64,
    pub to_m: f64,
}

/// What one line shares with another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// Stretches of the first line, in order, apart from each other.
    pub intervals: Vec<Interval>,
    pub shared_m: f64,
    /// Of the whole first line.
    pub length_m: f64,
    /// Mean distance from the second line over the shared stretches, metres; to the left of the first line's direction
    /// positive: 0 on the mean for one line drawn twice, several metres for the two sides of a road.
    pub offset_m: f64,
}

impl Shared {
    /// Shared metres over the length of the first line, 0 to 1.
    pub fn share(&self) -> f64 {
        if self.length_m > 0.0 { (self.shared_m / self.length_m).clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// Length of one look along the line, metres; the ends of a stretch are then found to a few centimetres.
const STEP_M: f64 = 4.0;
/// The most looks along a line.
pub const MOST_LOOKS: f64 = 512.0;

/// The stretches of line `a` that lie at most `corridor_m` beside line `b` and run its way, to and fro alike: there the
/// directions differ by no more than `angle_deg`. Both in metres ([`super::Projection`]).
///
/// Directions are those of chords of a corridor's length either way, so that the jitter of a walked track does not
/// count. What lies beyond the ends of `b` is not beside it, so lines that cross or touch end to end share about nothing.
/// The same for either digitising direction and with collinear corners added. O(length / 4 m · log corners of `b`), at
/// most `most_looks` ([`MOST_LOOKS`]); never NaN for finite lines. With a budget that is spent it says nothing.
pub fn shared_line(
    a: &[Coord<f64>],
    b: &[Coord<f64>],
    (corridor_m, angle_deg): (f64, f64),
    most_looks: f64,
    budget: &Budget,
) -> Shared {
    let (a, mut b) = (Measured::new(a), Measured::new(b));
    b.boxes = Boxes::new(b.corners);
    let mut shared = Shared { length_m: a.length_m, ..Shared::default() };
    if !(a.length_m > 0.0 && b.length_m > 0.0 && corridor_m > 0.0) {
        return shared;
    }
    // What lies around the crossing of two roads is not a stretch: it must be longer than the corridor is wide.
    let look = Look { a: &a, b: &b, corridor_m, least_cos: angle_deg.to_radians().cos(), budget };
    let steps = (a.length_m / STEP_M).ceil().clamp(8.0, most_looks.max(8.0));
    let at = |step: f64| a.length_m * (step + 0.5) / steps;
    let (mut start, mut offsets, mut looks) = (look.offset(at(0.0)).map(|_| 0.0), 0.0, 0.0);
    let mut before = 0.0;
    let mut step = 0.0;
    while step < steps {
        let now = at(step);
        let offset = look.offset(now);
        if budget.is_spent() {
            return Shared { length_m: a.length_m, ..Shared::default() };
        }
        if let Some(offset) = offset {
            offsets += offset;
            looks += 1.0;
        }
        match (start, offset) {
            (None, Some(_)) => start = Some(look.edge(before, now)),
            (Some(from_m), None) => {
                shared.intervals.push(Interval { from_m, to_m: look.edge(now, before) });
                start = None;
            }
            _ => {}
        }
        before = now;
        step += 1.0;
    }
    if let Some(from_m) = start {
        shared.intervals.push(Interval { from_m, to_m: a.length_m });
    }
    shared.shared_m = shared.intervals.iter().map(|i| i.to_m - i.from_m).sum();
    shared.offset_m = if looks > 0.0 { offsets / looks } else { 0.0 };
    shared
}

/// The corners of stretches of a line, for a map. O(n) each.
pub fn cut(line: &[Coord<f64>], interval: Interval) -> Vec<Coord<f64>> {
    let line = Measured::new(line);
    let mut corners = vec![line.point_at(interval.from_m)];
    corners.extend(
        line.corners
            .iter()
            .zip(&line.along)
            .filter(|(_, m)| **m > interval.from_m && **m < interval.to_m)
            .map(|(c, _)| *c),
    );
    corners.push(line.point_at(interval.to_m));
    corners
}

/// A line that knows how far along each corner is.
struct Measured<'a> {
    corners: &'a [Coord<f64>],
    along: Vec<f64>,
    length_m: f64,
    boxes: Boxes,
}

impl<'a> Measured<'a> {
    fn new(corners: &'a [Coord<f64>]) -> Self {
        let mut length_m = 0.0;
        let mut along = Vec::with_capacity(corners.len());
        for (n, c) in corners.iter().enumerate() {
            if n > 0 {
                length_m += length(*c - corners[n - 1]);
            }
            along.push(length_m);
        }
        Self { corners, along, length_m, boxes: Boxes::default() }
    }

    /// The place `m` metres along, the ends beyond them.
    fn point_at(&self, m: f64) -> Coord<f64> {
        let n = self.along.partition_point(|along| *along <= m).clamp(1, self.corners.len() - 1);
        let (from, to) = (self.along[n - 1], self.along[n]);
        let t = if to > from { ((m - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 };
        self.corners[n - 1] + (self.corners[n] - self.corners[n - 1]) * t
    }

    /// The direction around `m` over a chord of `reach` either way; zero where the line comes back on itself.
    fn direction(&self, m: f64, reach: f64) -> Coord<f64> {
        let chord = self.point_at(m + reach) - self.point_at(m - reach);
        let whole = length(chord);
        if whole > 0.0 { chord / whole } else { Coord { x: 0.0, y: 0.0 } }
    }

    /// Distance along of the place nearest to `p`, and that place, where it is at most `within_m` away.
    fn nearest(&self, p: Coord<f64>, within_m: f64, budget: &Budget) -> Option<(f64, Coord<f64>)> {
        let foot = self.boxes.nearest(self.corners, p, within_m, budget)?;
        let n = foot.segment;
        Some((self.along[n] + foot.t * (self.along[n + 1] - self.along[n]), foot.place))
    }
}

struct Look<'a> {
    a: &'a Measured<'a>,
    b: &'a Measured<'a>,
    corridor_m: f64,
    least_cos: f64,
    budget: &'a Budget,
}

impl Look<'_> {
    /// How far `b` runs beside the place `m` along `a`, left positive; `None` where it does not.
    fn offset(&self, m: f64) -> Option<f64> {
        let p = self.a.point_at(m);
        // What is measured as a hair wider is refused below, as it always was.
        let (along_b, q) = self.b.nearest(p, self.corridor_m * 1.000_001, self.budget)?;
        let gap = p - q;
        if length(gap) > self.corridor_m {
            return None;
        }
        let (way, way_b) = (self.a.direction(m, self.corridor_m), self.b.direction(along_b, self.corridor_m));
        let cos = way.x * way_b.x + way.y * way_b.y;
        if cos.abs() < self.least_cos {
            return None;
        }
        // Beyond an end of b the gap points along b instead of away from it.
        let at_end = along_b <= 0.0 || along_b >= self.b.length_m;
        if at_end && (gap.x * way_b.x + gap.y * way_b.y).abs() > 0.5 * length(gap) && length(gap) > 1e-6 {
            return None;
        }
        Some(way.y * gap.x - way.x * gap.y)
    }

    /// Where a stretch begins between a place outside it and one inside.
    fn edge(&self, mut outside: f64, mut inside: f64) -> f64 {
        for _ in 0..6 {
            let middle = f64::midpoint(outside, inside);
            if self.offset(middle).is_some() {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        inside
    }
}
