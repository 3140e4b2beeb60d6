//! A small summary of a record, checked first: it rejects most pairs that come near each other.
#![expect(clippy::cast_possible_truncation, reason = "rounded towards the side that rejects no pair wrongly")]

use super::position::{self, APART_M};
use super::tables::{SIDES, TABLES};
use crate::domain::facts::Facts;
use crate::domain::footprint::How;
use crate::spatial::metres;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// The kinds of numbers that distinguish works; a package number does not (see `kind`).
const NUMBERS: [&str; 8] = ["rt", "rw", "gang", "block", "segment", "spot", "post", "last"];

/// The 64-byte summary of a record.
#[derive(Clone, Copy, Debug)]
pub struct Prefilter {
    /// West, south, east, north of all parts, degrees, rounded outwards; west is NaN without a footprint.
    bounds: [f32; 4],
    accuracy_m: f32,
    /// One bit for each kind of object in the title, and for their more general kinds.
    objects: u32,
    wider: u32,
    /// Hashes of the numbers; 0 for none or several.
    numbers: [u16; NUMBERS.len()],
    /// STA from–to, metres; NaN without.
    station: [f32; 2],
    /// Two bits for each pair of sides: one for each side that the title names.
    sides: u8,
    office: bool,
    /// Hash of sum and year; 0 without either. One purchase may be far apart by a wrong coordinate.
    purchase: u16,
}

impl Prefilter {
    pub fn new(facts: &Facts, title: &super::title::TitleReading) -> Self {
        let mut prefilter = Self {
            bounds: outward(position::boxes(facts)),
            accuracy_m: position::accuracy(facts).max(0.0) as f32 * 1.000_001,
            objects: 0,
            wider: 0,
            numbers: [0; NUMBERS.len()],
            station: title.station.map_or([f32::NAN; 2], |(from, to)| [from, to]),
            sides: 0,
            office: facts.how == Some(How::Office),
            purchase: facts.budget_rupiah.zip(facts.fiscal_year).map_or(0, hash),
        };
        for object in &title.objects {
            prefilter.objects |= TABLES.bit(object);
            prefilter.wider |= TABLES.wider.get(*object).map_or(0, |wider| TABLES.bit(wider));
        }
        for (kind, number) in NUMBERS.iter().zip(&mut prefilter.numbers) {
            let mut numbers = title.numbers_of(kind);
            *number = match (numbers.next(), numbers.next()) {
                (Some(one), None) => hash(one),
                _ => 0,
            };
        }
        for (pair, which) in &title.sides {
            if *pair < SIDES {
                prefilter.sides |= 1 << (2 * pair + u8::from(*which));
            }
        }
        prefilter
    }

    /// The middle of the box around all parts, degrees; `None` without a footprint.
    pub fn middle(&self) -> Option<[f32; 2]> {
        let [west, south, east, north] = self.bounds;
        (!west.is_nan()).then(|| [f32::midpoint(west, east), f32::midpoint(south, north)])
    }

    /// Whether the rules certainly explain the two or find them unrelated: other objects, a contradicting number,
    /// side or station, or too far apart. Never true for a pair in review or alert that shares no photo and no contract.
    /// `pasted`: the position of one of
    /// them is no evidence. Some 5 ns.
    pub fn is_surely_explained(&self, other: &Self, pasted: bool) -> bool {
        self.objects_differ(other)
            || self.numbers.iter().zip(&other.numbers).any(|(x, y)| *x != 0 && *y != 0 && x != y)
            || self.stations_part(other)
            || self.sides_differ(other)
            || (!pasted && !self.office && !other.office && self.is_far(other) && !self.may_be_one_purchase(other))
    }

    fn objects_differ(&self, other: &Self) -> bool {
        let known = self.objects != 0 && other.objects != 0;
        known && self.objects & (other.objects | other.wider) == 0 && other.objects & self.wider == 0
    }

    fn stations_part(&self, other: &Self) -> bool {
        let ([a, b], [c, d]) = (self.station, other.station);
        // Rounded to f32, stretches that only touch may seem to overlap: then the outcome is uncertain.
        !a.is_nan() && !c.is_nan() && (a > d || c > b)
    }

    fn sides_differ(&self, other: &Self) -> bool {
        (0..SIDES).any(|pair| {
            let of = |sides: u8| sides >> (2 * pair) & 3;
            matches!((of(self.sides), of(other.sides)), (1, 2) | (2, 1))
        })
    }

    fn may_be_one_purchase(&self, other: &Self) -> bool {
        self.purchase != 0 && self.purchase == other.purchase
    }

    fn is_far(&self, other: &Self) -> bool {
        if self.bounds[0].is_nan() || other.bounds[0].is_nan() {
            return false;
        }
        let (x, y) = (self.bounds.map(f64::from), other.bounds.map(f64::from));
        metres::box_gap_m(&x, &y) > APART_M + f64::from(self.accuracy_m) + f64::from(other.accuracy_m)
    }
}

fn hash(number: impl Hash) -> u16 {
    let mut hasher = FxHasher::default();
    number.hash(&mut hasher);
    let hash = hasher.finish();
    ((hash ^ (hash >> 32) ^ (hash >> 16)) as u16).max(1)
}

/// The box around all boxes in f32, each side rounded outwards.
fn outward(boxes: impl Iterator<Item = [f64; 4]>) -> [f32; 4] {
    let all = boxes.reduce(|all, one| [all[0].min(one[0]), all[1].min(one[1]), all[2].max(one[2]), all[3].max(one[3])]);
    let (down, up) = (|x: f64| (x as f32).next_down(), |x: f64| (x as f32).next_up());
    all.map_or([f32::NAN; 4], |all| [down(all[0]), down(all[1]), up(all[2]), up(all[3])])
}

const _: () = assert!(std::mem::size_of::<Prefilter>() <= 64);
