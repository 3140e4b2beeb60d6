//! The levels of a position: from which metres and shares on, and which of two says more.

use super::Position;
use super::place::accuracy;
use crate::domain::facts::Facts;
use crate::duplicates::Settings;
use crate::spatial::metres::Shape;

/// Lines that come nearer than this without sharing metres touch or cross, metres.
pub(super) const TOUCH_M: f64 = 12.0;
/// Points no farther apart than this are the same place, metres: two fixes of one phone differ by as much.
const SAME_M: f64 = 6.0;
/// Points no farther apart than this indicate one place, metres: a work has an extent.
const NEAR_M: f64 = 15.0;
/// Sum of both accuracies up to which a place is certain, metres.
const CLEAR_M: f64 = 20.0;
/// Lines that keep this distance from each other are two sides, metres.
pub(super) const BESIDE_M: f64 = 4.5;
/// A shorter shared stretch is a crossing, metres.
pub(super) const LEAST_SHARED_M: f64 = 20.0;
/// Works farther apart than this plus their accuracies are unrelated, metres.
pub const APART_M: f64 = 80.0;
/// Whether footprints this far apart are at most neighbours: `apart` or `far`, whatever their shapes.
pub fn is_apart(gap_m: f64, a: &Facts, b: &Facts, settings: &Settings) -> bool {
    let accuracy_m = accuracy(a) + accuracy(b);
    gap_m > NEAR_M.max(TOUCH_M).max(settings.corridor_m).max(1.2 * accuracy_m + SAME_M)
}

/// Whether they are certainly farther apart than neighbours.
pub fn is_far(gap_m: f64, a: &Facts, b: &Facts) -> bool {
    gap_m > APART_M + accuracy(a) + accuracy(b)
}

/// Objects that run side by side and nearer than this are one road drawn twice, metres: separate roads keep more
/// distance.
const RUNS_APART_M: f64 = 10.0;

/// The same for objects that are unlikely to exist twice side by side. Drains and walls do exist on both sides of a
/// road.
pub(super) fn of_one_run(place: Position) -> Position {
    let is_near = matches!(place.level, "line_beside" | "line_unsure")
        && place.beside_m.is_some_and(|metres| metres < RUNS_APART_M);
    if is_near { Position { level: "line_near", ..place } } else { place }
}

/// Whether a part coincides with one of the other footprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Met {
    No,
    Perhaps,
    Yes,
}

/// See [`Position::parts`]. Of two footprints with equally many parts the smaller number, so that the order of the
/// two does not matter. Also `None` if it depends on parts whose positions are too inaccurate.
pub(super) fn parts_together(a: &[Met], b: &[Met]) -> Option<(usize, usize)> {
    let of = a.len().min(b.len());
    let at_least = |least: Met| {
        let met = |parts: &[Met]| parts.iter().filter(|met| **met >= least).count();
        match a.len().cmp(&b.len()) {
            std::cmp::Ordering::Less => met(a),
            std::cmp::Ordering::Greater => met(b),
            std::cmp::Ordering::Equal => met(a).min(met(b)),
        }
    };
    let (surely, perhaps) = (at_least(Met::Yes), at_least(Met::Perhaps));
    (of > 1 && how_many(surely, of) == how_many(perhaps, of)).then_some((surely, of))
}

/// The number of shared parts, as a level.
#[expect(clippy::cast_precision_loss, reason = "a footprint has some thousand parts at most")]
pub fn how_many(together: usize, of: usize) -> &'static str {
    match together as f64 / of as f64 {
        share if share >= 0.8 => "most",
        share if share >= 0.4 => "some",
        _ => "few",
    }
}

/// Levels of at least `ONE_PLACE` indicate one place; from `UNDECIDED` up to it they are neutral.
pub(super) const ONE_PLACE: u8 = 8;
pub(super) const UNDECIDED: u8 = 5;

/// The rank by which one level is chosen if parts differ: the one that most indicates one place.
pub(super) fn rank(level: &str) -> u8 {
    match level {
        "line_same" => 15,
        "area_same" => 14,
        "inside" => 13,
        "line_part" => 12,
        "line_near" => 11,
        "area_part" => 10,
        "point_same" => 9,
        "point_near" => 8,
        "point_unsure" => 7,
        "wide" => 6,
        "line_unsure" => 5,
        "line_beside" => 4,
        "line_touch" => 3,
        "apart" => 2,
        "far" => 1,
        _ => 0,
    }
}

/// Larger areas may be a hamlet or a village, square metres.
const WIDE_M2: f64 = 20_000.0;
/// Margin around a line in metres, and multiple of its area, within which an area may still locate a work.
const WIDE_AROUND_M: f64 = 60.0;
const WIDE_TIMES: f64 = 20.0;

/// Whether one is an area so much larger than the other that containing it is no evidence: the outline of the
/// village.
pub(super) fn is_lost_in(a: &Shape, b: &Shape) -> bool {
    let (small, wide) = if a.area_m2() <= b.area_m2() { (a, b) } else { (b, a) };
    let filled_m2 = (WIDE_TIMES * small.area_m2()).max(WIDE_AROUND_M * small.length_m());
    wide.area_m2() > WIDE_M2.max(filled_m2)
}

/// A point against another geometry. The distance alone decides whether it is evidence for or against one work; poor
/// accuracy only weakens it, down to neutral.
pub(super) fn point(distance_m: f64, accuracy_m: f64) -> &'static str {
    if distance_m <= NEAR_M {
        let is_same = distance_m <= SAME_M && accuracy_m <= CLEAR_M;
        return match accuracy_m {
            _ if is_same => "point_same",
            accuracy_m if accuracy_m <= if distance_m <= SAME_M { 3.0 * CLEAR_M } else { 1.5 * CLEAR_M } => {
                "point_near"
            }
            _ => "point_unsure",
        };
    }
    if distance_m <= 1.2 * accuracy_m + SAME_M { "point_unsure" } else { apart(distance_m, accuracy_m) }
}

pub(super) fn apart(distance_m: f64, accuracy_m: f64) -> &'static str {
    if distance_m <= APART_M + accuracy_m { "apart" } else { "far" }
}
