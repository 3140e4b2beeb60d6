//! What a record says about its place: its parts with their boxes, the stretches that are paid for, its accuracy.

use crate::domain::facts::Facts;
use crate::domain::footprint::How;
use crate::duplicates::{Context, Prepared};
use crate::spatial::metres::{self, Interval, Projection, Shape, box_gap_m};
use geo::Geometry;

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

/// A part that has a geometry.
pub(super) struct Bounded<'a> {
    pub bounds: [f64; 4],
    pub geometry: &'a Geometry<f64>,
    /// The stretch of a line that the funding lines pay for, metres from its first corner.
    pub paid: Option<Interval>,
}

impl Bounded<'_> {
    /// The shape in metres. Of a line, the paid stretch if it is known: only those metres can be paid twice.
    pub fn shape(&self, flat: &Projection) -> Shape {
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

pub(super) fn bounded(facts: &Facts) -> Option<Vec<Bounded<'_>>> {
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
