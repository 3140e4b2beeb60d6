//! Lines and places in metres on a flat piece of the world, and what drawing them again does to them.

use crate::chance::Chance;

/// A place in metres to the east and to the north.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct P {
    pub x: f64,
    pub y: f64,
}

/// What a record draws, in metres.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Point(P),
    Line(Vec<P>),
    /// One road in pieces.
    Lines(Vec<Vec<P>>),
    Area(Vec<P>),
    Points(Vec<P>),
}

pub fn p(x: f64, y: f64) -> P {
    P { x, y }
}

/// Metres of a line.
pub fn length(line: &[P]) -> f64 {
    line.windows(2).map(|w| (w[1].x - w[0].x).hypot(w[1].y - w[0].y)).sum()
}

/// The place so many metres along a line, its ends beyond them.
pub fn along(line: &[P], metres: f64) -> P {
    let mut left = metres.max(0.0);
    for w in line.windows(2) {
        let piece = (w[1].x - w[0].x).hypot(w[1].y - w[0].y);
        if left <= piece && piece > 0.0 {
            let t = left / piece;
            return p(w[0].x + (w[1].x - w[0].x) * t, w[0].y + (w[1].y - w[0].y) * t);
        }
        left -= piece;
    }
    line.last().copied().unwrap_or(p(0.0, 0.0))
}

/// The stretch from–to in metres, with a corner at least every 40 m.
pub fn cut(line: &[P], from: f64, to: f64) -> Vec<P> {
    let pieces = ((to - from) / 40.0).ceil().max(1.0) as usize;
    (0..=pieces).map(|n| along(line, from + (to - from) * n as f64 / pieces as f64)).collect()
}

/// A line beside another, so many metres to its left (negative: right).
pub fn beside(line: &[P], metres: f64) -> Vec<P> {
    let at = |n: usize| {
        let (a, b) = (line[n.saturating_sub(1)], line[(n + 1).min(line.len() - 1)]);
        let whole = (b.x - a.x).hypot(b.y - a.y).max(1e-9);
        p(line[n].x - (b.y - a.y) / whole * metres, line[n].y + (b.x - a.x) / whole * metres)
    };
    (0..line.len()).map(at).collect()
}

/// The same line drawn by somebody else: other corners, each some metres off, perhaps from the other end.
pub fn redrawn(line: &[P], off_m: f64, chance: &mut Chance) -> Vec<P> {
    let whole = length(line);
    let corners = chance.between(3, 9);
    let mut again: Vec<P> = (0..=corners)
        .map(|n| {
            let place = along(line, whole * n as f64 / corners as f64);
            p(place.x + chance.around(off_m), place.y + chance.around(off_m))
        })
        .collect();
    if chance.one_in(2) {
        again.reverse();
    }
    again
}

/// A narrow area over a line.
pub fn strip(line: &[P], half_m: f64) -> Vec<P> {
    let mut ring = beside(line, half_m);
    ring.extend(beside(line, -half_m).into_iter().rev());
    ring.push(ring[0]);
    ring
}
