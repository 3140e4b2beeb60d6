//! Relative position of two footprints: shared metres of lines, shared areas, points against their accuracy.

use super::{Context, Prepared, Settings};
use crate::domain::facts::Facts;
use crate::domain::footprint::How;
use crate::spatial::metres::{self, Budget, Interval, MOST_LOOKS_ALONG, Projection, Shape, box_gap_m, shared_line};
use geo::{Coord, CoordsIter, Geometry, LineString};
use serde_json::{Value, json};

/// The outcome, with the values of its sentence.
#[derive(Clone, Debug)]
pub struct Position {
    pub level: &'static str,
    pub value: Value,
    pub distance_m: Option<f64>,
    /// The points, one on each footprint, between which `distance_m` was measured, WGS 84.
    pub nearest: Option<[Coord<f64>; 2]>,
    pub shared_m: Option<f64>,
    /// Share of the shorter line or smaller area, 0 to 1.
    pub share: f64,
    pub shared: Vec<LineString<f64>>,
    /// Mean distance of two lines that run side by side, metres.
    pub beside_m: Option<f64>,
    /// The lines meet end to end.
    pub touches: bool,
    /// Number of other works on the place of one of the two, where the other stands alone, up to the size of a stack;
    /// else 0.
    pub crowd: usize,
    /// For two footprints of several parts: how many parts of the one with fewer coincide with a part of the other,
    /// and how many it has.
    pub parts: Option<(usize, usize)>,
    /// How far corners were moved to simplify geometries too complex to compare, metres; 0 if only pairs of parts
    /// were dropped.
    pub simplified_m: Option<f64>,
}

/// Lines that come nearer than this without sharing metres touch or cross, metres.
const TOUCH_M: f64 = 12.0;
/// Points no farther apart than this are the same place, metres: two fixes of one phone differ by as much.
const SAME_M: f64 = 6.0;
/// Points no farther apart than this indicate one place, metres: a work has an extent.
const NEAR_M: f64 = 15.0;
/// Sum of both accuracies up to which a place is certain, metres.
const CLEAR_M: f64 = 20.0;
/// Lines that keep this distance from each other are two sides, metres.
const BESIDE_M: f64 = 4.5;
/// A shorter shared stretch is a crossing, metres.
const LEAST_SHARED_M: f64 = 20.0;
/// Works farther apart than this plus their accuracies are unrelated, metres.
pub const APART_M: f64 = 80.0;

/// Maximum cost of comparing two footprints, in boxes and segments visited: some tens of milliseconds.
const MOST_WORK: u64 = 1_500_000;
/// Additional cost of a pair of parts.
const PAIR_WORK: u64 = 50;
const MOST_PAIRS: usize = (MOST_WORK / PAIR_WORK) as usize + 1;
/// Maximum corners of each footprint after simplification.
const MOST_CORNERS: usize = 500;
/// Maximum number of nearest parts that each part is compared with after simplification.
const MOST_NEAREST: usize = 3;

/// Compares two footprints part by part. `runs_once`: the objects are unlikely to exist twice side by side.
///
/// Degenerate input (the track of a device that lay in a bag for hours, thousands of parts in one place) would take
/// minutes. Once a budget of work is spent, both footprints are simplified, first within their accuracy, and
/// [`Position::simplified_m`] records it.
pub fn compare(a: &Facts, b: &Facts, runs_once: bool, context: &Context<'_>, settings: &Settings) -> Position {
    let (Some(parts_a), Some(parts_b)) = (bounded(a), bounded(b)) else { return nowhere("unknown") };
    let flat = Projection::between(parts_a.iter().chain(&parts_b).map(|part| part.bounds));
    let shapes = |parts: &[Bounded<'_>]| -> Vec<Shape> { parts.iter().map(|part| part.shape(&flat)).collect() };
    let both = Both {
        parts: (&parts_a, &parts_b),
        shapes: (shapes(&parts_a), shapes(&parts_b)),
        accuracy_m: accuracy(a) + accuracy(b),
        runs_once,
        settings,
        flat: &flat,
    };
    let budget = Budget::new(MOST_WORK);
    let exact = both.compare(&both.within_reach(), MOST_LOOKS_ALONG, &budget);
    let best = if budget.is_spent() { both.simplified(accuracy(a), accuracy(b), &exact) } else { exact };
    // The coordinate of the office, or one shared with many other works, does not locate the work.
    let office = a.how == Some(How::Office) || b.how == Some(How::Office);
    // One of many on a place, beside another that stands there alone: worth a share of what it would be.
    let one_of_many = context.one_stands_alone && rank(best.level) >= ONE_PLACE;
    if !office && context.same_place >= 2 && one_of_many {
        return Position { crowd: context.same_place.min(settings.stacked), ..best };
    }
    if office || context.same_place >= 2 {
        let (distance_m, nearest) = (best.distance_m, best.nearest);
        return Position {
            distance_m,
            nearest,
            value: json!({ "others": context.same_place, "metres": distance_m }),
            ..nowhere("pasted")
        };
    }
    best
}

/// Two footprints projected to metres.
struct Both<'a> {
    parts: (&'a [Bounded<'a>], &'a [Bounded<'a>]),
    shapes: (Vec<Shape>, Vec<Shape>),
    accuracy_m: f64,
    runs_once: bool,
    settings: &'a Settings,
    flat: &'a Projection,
}

/// Pairs of part indices: one footprint's, the other's.
type Pairs = Vec<(usize, usize)>;

impl Both<'_> {
    /// The pairs of parts that may be nearer than "far", and the nearest pair of all. O(n · m) in parts.
    fn within_reach(&self) -> Pairs {
        let gap_m = |at: usize, bt: usize| self.shapes.0[at].at_least_m(&self.shapes.1[bt]);
        let reach_m = APART_M + self.accuracy_m;
        let all = || (0..self.shapes.0.len()).flat_map(|at| (0..self.shapes.1.len()).map(move |bt| (at, bt)));
        // Upper bound of the distance of the nearest pair: the farthest corners of the nearest boxes. Of two points
        // both values are their distance, rounded differently.
        let most_m =
            all().map(|(at, bt)| self.shapes.0[at].at_most_m(&self.shapes.1[bt])).fold(f64::INFINITY, f64::min);
        let reach_m = reach_m.max(1.000_001 * most_m);
        let near = all().filter(|(at, bt)| gap_m(*at, *bt) <= reach_m);
        // Pairs beyond the budget need not be stored.
        near.take(MOST_PAIRS).collect()
    }

    /// For each part, the parts of the other footprint with the nearest boxes. O(n · m) in parts.
    fn nearest(&self) -> Pairs {
        let (a, b) = &self.shapes;
        let mut pairs: Pairs = Vec::new();
        let mut keep = |from: &[Shape], to: &[Shape], turned: bool| {
            for (at, one) in from.iter().enumerate() {
                let mut others: Vec<(f64, usize)> = to.iter().map(|two| one.at_least_m(two)).zip(0..).collect();
                let few = MOST_NEAREST.min(others.len());
                others.select_nth_unstable_by(few - 1, |x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
                pairs.extend(others[..few].iter().map(|(_, bt)| if turned { (*bt, at) } else { (at, *bt) }));
            }
        };
        keep(a, b, false);
        keep(b, a, true);
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// The same with fewer corners and pairs of parts. Footprints found to be near before remain near.
    fn simplified(mut self, accuracy_a: f64, accuracy_b: f64, before: &Position) -> Position {
        let mut moved_m: f64 = 0.0;
        let mut simplify = |shapes: &mut Vec<Shape>, accuracy_m: f64| {
            let most = MOST_CORNERS / shapes.len();
            for shape in shapes {
                let (simple, by_m) = shape.simplified(accuracy_m / 4.0, most);
                *shape = simple;
                moved_m = moved_m.max(by_m);
            }
        };
        simplify(&mut self.shapes.0, accuracy_a);
        simplify(&mut self.shapes.1, accuracy_b);
        let pairs = self.nearest();
        #[expect(clippy::cast_precision_loss, reason = "some thousand pairs")]
        let most_looks = (MOST_LOOKS_ALONG / pairs.len() as f64).max(16.0);
        let found = self.compare(&pairs, most_looks, &Budget::unlimited());
        let metres = |place: &Position| place.distance_m.unwrap_or(f64::INFINITY);
        let nearer = if metres(before) < metres(&found) { before } else { &found };
        let (distance_m, nearest) = (nearer.distance_m, nearer.nearest);
        Position { distance_m, nearest, simplified_m: Some(moved_m), ..found }
    }

    /// The pair of parts that most indicates one place. If the budget is spent, only its distance may be used.
    fn compare(&self, pairs: &Pairs, most_looks: f64, budget: &Budget) -> Position {
        let ((parts_a, parts_b), (shapes_a, shapes_b)) = (self.parts, &self.shapes);
        let (mut best, mut best_weight) = (None::<Position>, (0, f64::NEG_INFINITY, f64::NEG_INFINITY));
        let (mut nearest_m, mut ends) = (f64::INFINITY, None);
        let (mut met_a, mut met_b) = (vec![Met::No; shapes_a.len()], vec![Met::No; shapes_b.len()]);
        for (at, bt) in pairs.iter().copied() {
            if !budget.spend(PAIR_WORK) {
                break;
            }
            let (shape_a, shape_b) = (&shapes_a[at], &shapes_b[bt]);
            // Certainly "far" and not the nearest: skipped, whatever the order of the parts.
            let at_least_m = shape_a.at_least_m(shape_b);
            if best.is_some() && at_least_m > nearest_m && at_least_m > APART_M + self.accuracy_m {
                continue;
            }
            let near = shape_a.nearest(shape_b, budget);
            let distance_m = near.map_or(f64::INFINITY, |near| near.distance_m);
            if distance_m < nearest_m {
                (nearest_m, ends) = (distance_m, near.map(|near| near.ends));
            }
            let found = self.part(
                (parts_a[at].geometry, parts_b[bt].geometry),
                (shape_a, shape_b),
                distance_m,
                most_looks,
                budget,
            );
            let found = if self.runs_once { of_one_run(found) } else { found };
            let weight = (rank(found.level), found.share, -distance_m);
            let met = match weight.0 {
                ONE_PLACE.. => Met::Yes,
                UNDECIDED.. => Met::Perhaps,
                _ => Met::No,
            };
            (met_a[at], met_b[bt]) = (met_a[at].max(met), met_b[bt].max(met));
            if weight > best_weight {
                best_weight = weight;
                best = Some(found);
            }
        }
        let mut best = best.unwrap_or_else(|| nowhere("unknown"));
        best.distance_m = nearest_m.is_finite().then_some(nearest_m);
        best.nearest = ends.map(|ends| ends.map(|end| self.flat.degrees(end)));
        best.parts = parts_together(&met_a, &met_b);
        best
    }

    fn part(
        &self,
        (a, b): (&Geometry<f64>, &Geometry<f64>),
        (flat_a, flat_b): (&Shape, &Shape),
        distance_m: f64,
        most_looks: f64,
        budget: &Budget,
    ) -> Position {
        let accuracy_m = self.accuracy_m;
        let found = match (a, b) {
            (Geometry::LineString(_), Geometry::LineString(_)) => {
                self.lines((flat_a, flat_b), distance_m, most_looks, budget)
            }
            (Geometry::Polygon(_), Geometry::Polygon(_)) => {
                let smaller = flat_a.area_m2().min(flat_b.area_m2());
                let shared_m2 = flat_a.shared_area_m2(flat_b).unwrap_or_else(|| {
                    budget.spend(u64::MAX);
                    0.0
                });
                let share = if smaller > 0.0 { shared_m2 / smaller } else { 0.0 };
                let level = if share >= 0.5 {
                    "area_same"
                } else if share >= 0.1 {
                    "area_part"
                } else {
                    apart(distance_m, accuracy_m)
                };
                Position { share, ..position_at(level, json!({ "share": share, "metres": distance_m })) }
            }
            (Geometry::LineString(_), Geometry::Polygon(_)) => {
                line_in_area(flat_a, flat_b, distance_m, accuracy_m, budget)
            }
            (Geometry::Polygon(_), Geometry::LineString(_)) => {
                line_in_area(flat_b, flat_a, distance_m, accuracy_m, budget)
            }
            _ => position_at(point(distance_m, accuracy_m), json!({ "metres": distance_m, "accuracy": accuracy_m })),
        };
        if rank(found.level) >= ONE_PLACE && is_lost_in(flat_a, flat_b) {
            let hectares = (flat_a.area_m2().max(flat_b.area_m2()) / 10_000.0).round();
            return Position { distance_m: found.distance_m, ..position_at("wide", json!({ "hectares": hectares })) };
        }
        found
    }

    fn lines(&self, (a, b): (&Shape, &Shape), distance_m: f64, most_looks: f64, budget: &Budget) -> Position {
        let (settings, accuracy_m, flat) = (self.settings, self.accuracy_m, self.flat);
        let corridor = (settings.corridor_m, settings.angle_deg);
        let here = shared_line(a.line(), b.line(), corridor, most_looks, budget);
        let there = shared_line(b.line(), a.line(), corridor, most_looks, budget);
        // Each line is measured against the other, so that the order of the two does not matter.
        let shorter_m = here.length_m.min(there.length_m);
        // A crooked line has more metres beside a straight one than that one has in total.
        let shared_m = f64::midpoint(here.shared_m, there.shared_m).min(shorter_m);
        let share = if shorter_m > 0.0 { (shared_m / shorter_m).clamp(0.0, 1.0) } else { 0.0 };
        let beside_m = f64::midpoint(here.offset_m.abs(), there.offset_m.abs());
        let value = json!({
            "shared": shared_m.round(), "length": shorter_m.round(), "longer": here.length_m.max(there.length_m).round(),
            "share": share, "metres": distance_m, "beside": beside_m,
        });
        // One line drawn twice crosses to and fro over itself; the two sides of a road keep their distance, if both
        // are accurate enough to show it.
        let beside = match beside_m {
            _ if beside_m < BESIDE_M => None,
            _ if beside_m < accuracy_m / 2.0 => Some("line_unsure"),
            _ => Some("line_beside"),
        };
        let level = if share >= 0.6 && shared_m >= LEAST_SHARED_M.min(0.6 * shorter_m) {
            beside.unwrap_or("line_same")
        } else if shared_m >= LEAST_SHARED_M.max(2.0 * settings.corridor_m) && share >= 0.2 {
            beside.unwrap_or("line_part")
        } else if distance_m <= TOUCH_M {
            "line_touch"
        } else {
            apart(distance_m, 0.0)
        };
        let shared = if matches!(level, "line_same" | "line_part" | "line_beside" | "line_unsure") {
            here.intervals.iter().map(|interval| stretch(a, *interval, flat)).collect()
        } else {
            Vec::new()
        };
        let touches = level == "line_touch" && ends_gap_m(a.line(), b.line()) <= TOUCH_M;
        Position {
            shared_m: Some(shared_m),
            share,
            shared,
            touches,
            beside_m: Some(beside_m),
            ..position_at(level, value)
        }
    }
}

/// West, south, east, north of each part, degrees.
pub fn boxes(facts: &Facts) -> impl Iterator<Item = [f64; 4]> + '_ {
    facts.parts.iter().filter_map(|part| metres::bounds(&part.geometry))
}

/// The minimum distance of two footprints by their boxes, metres; `None` if either has none or does not locate the
/// work.
pub fn gap_m(a: &Prepared, b: &Prepared, context: &Context<'_>) -> Option<f64> {
    let office = a.facts.how == Some(How::Office) || b.facts.how == Some(How::Office);
    if office || context.same_place >= 2 {
        return None;
    }
    let others: Vec<[f64; 4]> = boxes(&b.facts).collect();
    let gaps = boxes(&a.facts).flat_map(|x| others.iter().map(move |y| box_gap_m(&x, y)));
    gaps.reduce(f64::min)
}

/// Whether footprints this far apart are at most neighbours: `apart` or `far`, whatever their shapes.
pub fn is_apart(gap_m: f64, a: &Facts, b: &Facts, settings: &Settings) -> bool {
    let accuracy_m = accuracy(a) + accuracy(b);
    gap_m > NEAR_M.max(TOUCH_M).max(settings.corridor_m).max(1.2 * accuracy_m + SAME_M)
}

/// Whether they are certainly farther apart than neighbours.
pub fn is_far(gap_m: f64, a: &Facts, b: &Facts) -> bool {
    gap_m > APART_M + accuracy(a) + accuracy(b)
}

/// A part that has a geometry.
struct Bounded<'a> {
    bounds: [f64; 4],
    geometry: &'a Geometry<f64>,
    /// The stretch of a line that the funding lines pay for, metres from its first corner.
    paid: Option<Interval>,
}

impl Bounded<'_> {
    /// The shape in metres. Of a line, the paid stretch if it is known: only those metres can be paid twice.
    fn shape(&self, flat: &Projection) -> Shape {
        let whole = Shape::new(flat, self.geometry);
        match (self.geometry, self.paid) {
            // Segments beyond the end of the line are measured from the beginning of the road, of which the record
            // draws only its own stretch.
            (Geometry::LineString(_), Some(paid)) if paid.to_m <= 1.1 * whole.length_m() => {
                Shape::of_line(metres::cut(whole.line(), paid))
            }
            _ => whole,
        }
    }
}

fn bounded(facts: &Facts) -> Option<Vec<Bounded<'_>>> {
    let parts = (1..).zip(facts.parts.iter());
    let parts: Vec<Bounded<'_>> = parts
        .filter_map(|(number, part)| {
            let bounds = metres::bounds(&part.geometry)?;
            Some(Bounded { bounds, geometry: &part.geometry, paid: paid(facts, number) })
        })
        .collect();
    (!parts.is_empty()).then_some(parts)
}

/// The stretch of this part (counted from 1) that is paid for: across the segments of all funding lines, if every
/// line has one.
fn paid(facts: &Facts, part: i64) -> Option<Interval> {
    if facts.funding.is_empty() || facts.funding.iter().any(|line| line.segment.is_none()) {
        return None;
    }
    let of_part = facts.funding.iter().filter_map(|line| line.segment.as_deref()).filter(|one| one.part == part);
    let interval = of_part.fold(None, |all: Option<Interval>, one| {
        let (from_m, to_m) =
            all.map_or((one.from_m, one.to_m), |all| (all.from_m.min(one.from_m), all.to_m.max(one.to_m)));
        Some(Interval { from_m, to_m })
    });
    interval.filter(|paid| paid.to_m > paid.from_m)
}

/// How far a record may be from its stated position, metres: that of its worst part. A place known to some hundred
/// metres speaks against nothing within them.
pub fn accuracy(facts: &Facts) -> f64 {
    facts.parts.iter().map(|part| part.accuracy_m).fold(0.0, f64::max)
}

impl Position {
    /// One photo shows one place: footprints that are not there contradict it, and decide nothing.
    pub fn under_one_photo(self) -> Self {
        let speaks_against = rank(self.level) < ONE_PLACE && !matches!(self.level, "unknown" | "pasted");
        if speaks_against { self.disputed() } else { self }
    }

    /// One contract, or one purchase by its sum, is far apart only by a coordinate that is wrong.
    pub fn under_one_purchase(self) -> Self {
        if self.level == "far" { self.disputed() } else { self }
    }

    fn disputed(self) -> Self {
        Self { level: "disputed", value: json!({ "metres": self.distance_m }), ..self }
    }

    /// For records of other names: the same corners to the last digit are copied, and no witness of one place.
    pub fn unless_copied(self, a: &Facts, b: &Facts) -> Self {
        if rank(self.level) < ONE_PLACE || !(are_corners_of(a, b) && are_corners_of(b, a)) {
            return self;
        }
        Self { level: "copied", value: json!({ "metres": self.distance_m }), ..self }
    }
}

/// Whether every corner of one is, to the last digit, a corner of the other. O(n · m) in corners, of which there are at
/// most [`MOST_COPIED`].
fn are_corners_of(one: &Facts, other: &Facts) -> bool {
    let corners = |facts: &Facts| -> Vec<Coord<f64>> {
        facts.parts.iter().flat_map(|part| part.geometry.coords_iter()).take(MOST_COPIED + 1).collect()
    };
    let (one, other) = (corners(one), corners(other));
    !one.is_empty()
        && one.len().max(other.len()) <= MOST_COPIED
        && one.iter().all(|corner| other.iter().any(|there| corner == there))
}

/// Corners up to which copies are looked for.
const MOST_COPIED: usize = 200;

fn nowhere(level: &'static str) -> Position {
    Position {
        level,
        value: json!({}),
        distance_m: None,
        nearest: None,
        shared_m: None,
        share: 0.0,
        shared: Vec::new(),
        beside_m: None,
        touches: false,
        crowd: 0,
        parts: None,
        simplified_m: None,
    }
}

/// Objects that run side by side and nearer than this are one road drawn twice, metres: separate roads keep more
/// distance.
const RUNS_APART_M: f64 = 10.0;

/// The same for objects that are unlikely to exist twice side by side. Drains and walls do exist on both sides of a
/// road.
fn of_one_run(place: Position) -> Position {
    let is_near = matches!(place.level, "line_beside" | "line_unsure")
        && place.beside_m.is_some_and(|metres| metres < RUNS_APART_M);
    if is_near { Position { level: "line_near", ..place } } else { place }
}

/// Whether a part coincides with one of the other footprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Met {
    No,
    Perhaps,
    Yes,
}

/// See [`Position::parts`]. Of two footprints with equally many parts the smaller number, so that the order of the
/// two does not matter. Also `None` if it depends on parts whose positions are too inaccurate.
fn parts_together(a: &[Met], b: &[Met]) -> Option<(usize, usize)> {
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
const ONE_PLACE: u8 = 8;
const UNDECIDED: u8 = 5;

/// The rank by which one level is chosen if parts differ: the one that most indicates one place.
fn rank(level: &str) -> u8 {
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
fn is_lost_in(a: &Shape, b: &Shape) -> bool {
    let (small, wide) = if a.area_m2() <= b.area_m2() { (a, b) } else { (b, a) };
    let filled_m2 = (WIDE_TIMES * small.area_m2()).max(WIDE_AROUND_M * small.length_m());
    wide.area_m2() > WIDE_M2.max(filled_m2)
}

fn position_at(level: &'static str, value: Value) -> Position {
    Position { value, ..nowhere(level) }
}

/// A point against another geometry. The distance alone decides whether it is evidence for or against one work; poor
/// accuracy only weakens it, down to neutral.
fn point(distance_m: f64, accuracy_m: f64) -> &'static str {
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

fn apart(distance_m: f64, accuracy_m: f64) -> &'static str {
    if distance_m <= APART_M + accuracy_m { "apart" } else { "far" }
}

fn line_in_area(line: &Shape, area: &Shape, distance_m: f64, accuracy_m: f64, budget: &Budget) -> Position {
    let length_m = line.length_m();
    let within_m = line.line_within_m(area, 3.0, budget);
    let share = if length_m > 0.0 { (within_m / length_m).clamp(0.0, 1.0) } else { 0.0 };
    let level = if share >= 0.6 {
        "inside"
    } else if share >= 0.25 {
        "line_part"
    } else {
        apart(distance_m, accuracy_m)
    };
    Position {
        share,
        shared_m: Some(within_m),
        ..position_at(level, json!({ "shared": within_m, "length": length_m, "share": share, "metres": distance_m }))
    }
}

/// Metres between the nearest ends of two lines.
fn ends_gap_m(a: &[Coord<f64>], b: &[Coord<f64>]) -> f64 {
    let ends = |line: &[Coord<f64>]| line.first().into_iter().chain(line.last()).copied().collect::<Vec<_>>();
    let gaps = ends(a).into_iter().flat_map(|p| ends(b).into_iter().map(move |q| (p.x - q.x).hypot(p.y - q.y)));
    gaps.fold(f64::INFINITY, f64::min)
}

fn stretch(line: &Shape, interval: Interval, flat: &Projection) -> LineString<f64> {
    flat.unproject(&LineString(metres::cut(line.line(), interval)))
}
