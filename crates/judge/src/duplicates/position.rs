//! Relative position of two footprints: shared metres of lines, shared areas, points against their accuracy.

mod levels;
mod place;
mod witness;

pub use levels::{APART_M, how_many, is_apart, is_far};
pub use place::{accuracy, boxes, gap_m};

use super::{Context, Settings};
use crate::domain::facts::Facts;
use crate::domain::footprint::How;
use crate::spatial::metres::{self, Budget, Interval, MOST_LOOKS_ALONG, Projection, Shape, shared_line};
use geo::{Coord, Geometry, LineString};
use levels::{
    BESIDE_M, LEAST_SHARED_M, Met, ONE_PLACE, TOUCH_M, UNDECIDED, apart, is_lost_in, of_one_run, parts_together, point,
    rank,
};
use place::{Bounded, bounded};
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

fn position_at(level: &'static str, value: Value) -> Position {
    Position { value, ..nowhere(level) }
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
