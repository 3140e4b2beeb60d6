//! Stretches of one line that run along another: these decide whether the same metres were paid twice.

use super::boxes::{Boxes, Budget};
use super::length;
use geo::Coord;

/// A stretch of a line, metres from its first corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub from_m: f64,
    pub to_m: f64,
}

/// The stretches that one line shares with another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// Disjoint stretches of the first line, in order.
    pub intervals: Vec<Interval>,
    pub shared_m: f64,
    /// Length of the whole first line.
    pub length_m: f64,
    /// Mean offset from the second line over the shared stretches, metres, positive to the left of the first line's
    /// direction: 0 on average for one line drawn twice, several metres for the two sides of a road.
    pub offset_m: f64,
}

impl Shared {
    /// Shared metres over the length of the first line, 0 to 1.
    pub fn share(&self) -> f64 {
        if self.length_m > 0.0 { (self.shared_m / self.length_m).clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// Sampling distance along the line, metres; the ends of a stretch are then refined to a few centimetres.
const STEP_M: f64 = 4.0;
/// Maximum number of samples along a line.
pub const MOST_LOOKS: f64 = 512.0;

/// The stretches of line `a` within `corridor_m` of line `b` that run in its direction, forwards or backwards: the
/// directions differ by at most `angle_deg`. Both in metres ([`super::Projection`]).
///
/// Directions are those of chords one corridor long either way, so that the jitter of a walked track is ignored.
/// Beyond its ends `b` has nothing beside it, so lines that cross or touch end to end share next to nothing.
/// Independent of the direction of digitising and of collinear corners. O(length / 4 m · log corners of `b`), at most
/// `most_looks` ([`MOST_LOOKS`]); never NaN for finite lines. Empty if the budget is spent.
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
    // The crossing of two roads is not a stretch: it must be longer than the corridor is wide.
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

/// The corners of a stretch, for drawing. O(n).
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

/// A line with the distance along it of each corner.
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

    /// The point `m` metres along, clamped to the ends.
    fn point_at(&self, m: f64) -> Coord<f64> {
        let n = self.along.partition_point(|along| *along <= m).clamp(1, self.corners.len() - 1);
        let (from, to) = (self.along[n - 1], self.along[n]);
        let t = if to > from { ((m - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 };
        self.corners[n - 1] + (self.corners[n] - self.corners[n - 1]) * t
    }

    /// The direction around `m` over a chord of `reach` either way; zero if the line returns on itself.
    fn direction(&self, m: f64, reach: f64) -> Coord<f64> {
        let chord = self.point_at(m + reach) - self.point_at(m - reach);
        let whole = length(chord);
        if whole > 0.0 { chord / whole } else { Coord { x: 0.0, y: 0.0 } }
    }

    /// The distance along of the point nearest to `p`, and that point, if it is at most `within_m` away.
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
    /// The offset of `b` beside the point `m` along `a`, positive to the left; `None` if it does not run there.
    fn offset(&self, m: f64) -> Option<f64> {
        let p = self.a.point_at(m);
        // A distance slightly too large is rejected below.
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

    /// The start of a stretch, between a point outside it and one inside.
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
