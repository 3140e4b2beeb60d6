//! Planted cases: each stands for a line of the two lists of the field ("is a duplicate", "is not").

mod alike;
mod duplicates;
mod elsewhere;
mod in_time;
mod next_to;
mod unclear;

use crate::record::Record;
use crate::world::World;

/// A planted pair, not yet kept.
pub struct Planted {
    pub first: Record,
    pub second: Record,
}

impl Planted {
    pub fn new(first: Record, second: Record) -> Self {
        Self { first, second }
    }
}

/// What noise may do to a case without turning its truth round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bears {
    /// Writing and what is missing.
    Words,
    /// Those, and places some metres off.
    Places,
    /// Those, and slips in village, year and amount.
    All,
}

/// A kind of case.
pub struct Case {
    pub name: &'static str,
    /// duplicate, distinct, continuation, retender, unclear.
    pub label: &'static str,
    /// The verdict that the facts name; empty where they name none.
    pub kind: &'static str,
    /// The line of the field that it stands for.
    pub line: &'static str,
    /// How many of a hundred pairs.
    pub share: usize,
    pub bears: Bears,
    pub plant: fn(&mut World) -> Planted,
}

/// Every case.
pub fn all() -> Vec<Case> {
    [duplicates::CASES, next_to::CASES, in_time::CASES, alike::CASES, elsewhere::CASES, unclear::CASES]
        .into_iter()
        .flat_map(|cases| cases.iter())
        .map(|case| Case { ..*case })
        .collect()
}
