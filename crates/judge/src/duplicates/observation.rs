//! The levels of a pair, independent of their weights: weights are estimated from many of these.

use super::weights::Weights;

/// A comparison and one of its levels.
pub type Level = (&'static str, &'static str);

/// The levels of one pair, and what is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    pub levels: Vec<Level>,
    /// Decided by a person as one work (`true`) or not.
    pub decided: Option<bool>,
    /// Explained by a rule: not a duplicate.
    pub explained: bool,
}

impl Observation {
    /// The bits of its levels with the prior, without what rarity adds.
    pub fn bits(&self, weights: &Weights) -> f64 {
        weights.prior + self.levels.iter().map(|(name, level)| weights.bits(name, level)).sum::<f64>()
    }
}
