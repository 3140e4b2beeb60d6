//! Receivers of comparisons: a sum of bits, levels alone, or a list for people.

use super::super::weights::Weights;
use crate::domain::verdict::Evidence;
use serde_json::Value;

/// The receiver of comparisons: a sum of bits, or a list for people. Values for the sentence are built only by a
/// receiver that keeps them.
pub trait Sink {
    /// `more`: bits beside those of the level, for a value that is rarer or commoner than usual.
    fn add_with(
        &mut self,
        name: &'static str,
        level: &'static str,
        more: impl FnOnce() -> f64,
        value: impl FnOnce() -> Value,
    );

    fn add(&mut self, name: &'static str, level: &'static str, value: impl FnOnce() -> Value) {
        self.add_with(name, level, || 0.0, value);
    }
}

/// The bits of a level with what is added for its value. However common, agreement never speaks against; a level
/// without weight stays without.
pub fn adjusted(bits: f64, more: impl FnOnce() -> f64) -> f64 {
    if bits > 0.0 { (bits + more()).max(0.0) } else { bits }
}

pub struct Sum<'a> {
    pub weights: &'a Weights,
    pub bits: f64,
}

impl Sink for Sum<'_> {
    fn add_with(
        &mut self,
        name: &'static str,
        level: &'static str,
        more: impl FnOnce() -> f64,
        _: impl FnOnce() -> Value,
    ) {
        self.bits += adjusted(self.weights.bits(name, level), more);
    }
}

pub struct Levels(pub Vec<(&'static str, &'static str)>);

impl Sink for Levels {
    fn add_with(
        &mut self,
        name: &'static str,
        level: &'static str,
        _: impl FnOnce() -> f64,
        _: impl FnOnce() -> Value,
    ) {
        self.0.push((name, level));
    }
}

/// A level with its bits, and the values of its sentence where somebody will read it.
pub struct Item {
    pub name: &'static str,
    pub level: &'static str,
    pub value: Value,
    pub bits: f64,
}

impl From<Item> for Evidence {
    fn from(Item { name, level, value, bits }: Item) -> Self {
        Self { name: name.to_owned(), level: level.to_owned(), value, bits }
    }
}

pub struct List<'a> {
    pub weights: &'a Weights,
    pub items: Vec<Item>,
    /// Whether the values are kept: they cost more than all comparisons together.
    pub with_values: bool,
}

impl Sink for List<'_> {
    fn add_with(
        &mut self,
        name: &'static str,
        level: &'static str,
        more: impl FnOnce() -> f64,
        value: impl FnOnce() -> Value,
    ) {
        let bits = adjusted(self.weights.bits(name, level), more);
        let value = if self.with_values { value() } else { Value::Null };
        self.items.push(Item { name, level, value, bits });
    }
}
