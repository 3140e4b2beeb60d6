//! How the comparisons of a pair came out, apart from what they weigh: weights are estimated from many of these.

/// A comparison and one of its levels.
pub type Level = (&'static str, &'static str);

/// One pair: how its comparisons came out, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    pub levels: Vec<Level>,
    /// A person said that it is one work, or that it is not.
    pub decided: Option<bool>,
    /// A rule explains it: it is no double.
    pub explained: bool,
}
