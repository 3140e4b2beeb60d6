//! The keys of projects: point, marks, title, village and year.

use crate::domain::facts::Facts;
use crate::domain::text::says_something;
use crate::duplicates::Prepared;
use geo::{CoordsIter, Geometry};
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};
use uuid::Uuid;

/// Maximum by which a box grows for its accuracy, metres: a greater one would propose everything. Greater than the
/// reach of the judge (`duplicates::position`), so that no pair within it is missed.
pub const MOST_GROWN_M: f64 = 100.0;

/// A hash in two halves, which needs no alignment padding. Two that collide by chance only propose each other.
pub type Key = [u32; 2];

/// Longitude and latitude in units of 1e-7 degrees: some 11 mm.
pub type Place = (i32, i32);

/// A point with its accuracy in decimetres.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PointKey {
    pub place: Place,
    pub accuracy_dm: u16,
}

/// The exact place of a project, which others may share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ground {
    /// A single point.
    Point(PointKey),
    /// Any other footprint, corner by corner: the outline of the village, a road drawn once and copied.
    Shape(Key),
}

/// The key that works on the same place share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroundKey {
    Point(Place),
    Shape(Key),
}

/// What the lists know a record by.
pub struct ListKeys {
    pub title: Key,
    pub village: Key,
    pub marks: Vec<Key>,
    pub ground: Option<Ground>,
}

impl ListKeys {
    /// O(words and corners).
    pub fn new(record: &Prepared) -> Self {
        let facts = &*record.facts;
        Self {
            title: title_key(record, facts.village_id),
            village: village_key(facts),
            marks: marks(facts),
            ground: Ground::from_facts(facts),
        }
    }
}

impl Ground {
    /// `None` if a project has no footprint.
    pub fn from_facts(facts: &Facts) -> Option<Self> {
        if facts.parts.is_empty() {
            return None;
        }
        point_key(facts).map(Self::Point).or_else(|| Some(Self::Shape(shape_key(facts))))
    }

    /// The key regardless of the accuracy.
    pub const fn key(self) -> GroundKey {
        match self {
            Self::Point(point) => GroundKey::Point(point.place),
            Self::Shape(shape) => GroundKey::Shape(shape),
        }
    }
}

/// A hash of every corner as stored.
fn shape_key(facts: &Facts) -> Key {
    let corners = facts.parts.iter().flat_map(|part| part.geometry.coords_iter());
    let bits: Vec<[u64; 2]> = corners.map(|corner| [corner.x.to_bits(), corner.y.to_bits()]).collect();
    hash(&bits)
}

/// The point of a project whose footprint is a single point.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "180 degrees × 1e7 fit in 31 bits, 100 m × 10 in 16; values off the earth saturate, they do not wrap"
)]
pub fn point_key(facts: &Facts) -> Option<PointKey> {
    let [part] = &*facts.parts else { return None };
    let Geometry::Point(point) = &part.geometry else { return None };
    let accuracy_dm = (part.accuracy_m.clamp(0.0, MOST_GROWN_M) * 10.0).ceil() as u16;
    Some(PointKey { place: ((point.x() * 1e7).round() as i32, (point.y() * 1e7).round() as i32), accuracy_dm })
}

/// Keys that identify the same thing wherever it is: photos, contracts, budget lines of a village and year.
pub fn marks(facts: &Facts) -> Vec<Key> {
    let lines = facts.funding.iter().filter_map(|line| line.budget_line.as_deref());
    let lines = lines.filter(|line| says_something(line));
    let lines = lines.map(|line| mark_key(3, line, Some((facts.village_id, facts.fiscal_year))));
    let mut all = witnesses(facts);
    all.extend(lines);
    all.sort_unstable();
    all.dedup();
    all
}

/// Keys of the marks that tell one work whatever the places: photos, contracts, and the number in a list that two records have.
pub fn witnesses(facts: &Facts) -> Vec<Key> {
    let photos = facts.photo_marks.iter().map(String::as_str).filter(|mark| says_something(mark));
    let photos = photos.map(|mark| mark_key(1, mark, None));
    let contracts = facts.funding.iter().filter_map(|line| line.contract_number.as_deref());
    let contracts = contracts.filter(|number| says_something(number)).map(|number| mark_key(2, number, None));
    let listed = facts.listed.as_deref();
    let listed = listed.map(|listed| hash(&(4_u8, listed, facts.village_id)));
    photos.chain(contracts).chain(listed).collect()
}

fn mark_key(kind: u8, text: &str, within: Option<(Option<Uuid>, Option<i32>)>) -> Key {
    hash(&(kind, text.trim().to_lowercase(), within))
}

/// Village and year.
pub fn village_key(facts: &Facts) -> Key {
    hash(&(facts.village_id, facts.fiscal_year))
}

/// Key of this village, year and folded title.
pub fn title_key(record: &Prepared, village: Option<Uuid>) -> Key {
    hash(&(village, record.facts.fiscal_year, record.title_key()))
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves")]
fn hash(what: &impl Hash) -> Key {
    let mut hasher = FxHasher::default();
    what.hash(&mut hasher);
    let hash = hasher.finish();
    [(hash >> 32) as u32, hash as u32]
}
