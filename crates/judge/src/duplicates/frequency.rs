//! How often each value occurs in the collection: a sum that one other record has says much, a round ceiling that forty
//! have says nothing (term-frequency adjustment, Winkler 1989; the same as Splink's).

use super::Prepared;
use super::counters::Counters;
use crate::domain::facts::Facts;
use crate::domain::text::says_something;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};
use uuid::Uuid;

/// Counters, shared by all values: of a million records some twenty more are counted for a value than have it, which
/// moves no share that matters. One megabyte, whatever the collection.
const COUNTERS: usize = 1 << 18;
/// Number of records that the share expected of a value without any counts as.
const EXPECTED_AS: f64 = 50.0;

/// A value that two records may have in common.
#[derive(Clone, Copy, Debug, Hash)]
pub enum Value<'a> {
    /// See `TitleReading::key`.
    Title(u64),
    /// See `TitleReading::numbered_key`.
    NumberedTitle(u64),
    Amount(i64),
    /// The bits of the volume, and its unit.
    Volume(u64, &'a str),
    /// The bits of the measures of the title.
    Measures([u32; 3]),
    Contract(&'a str),
    Photo(&'a str),
    /// A firm, and its works in one village: an office that carries out all of those is rare elsewhere.
    Executor(&'a str),
    ExecutorIn(Option<Uuid>, &'a str),
    Village(Option<Uuid>),
}

/// Number of records with each value.
#[derive(Clone, Debug, Default)]
pub struct Frequency {
    records: u32,
    counters: Counters,
}

impl Frequency {
    /// O(values of the record).
    pub fn add(&mut self, record: &Prepared) {
        self.records += 1;
        each_value(record, |value| *self.counters.get_mut(counter(value)) += 1);
    }

    /// O(values of the record).
    pub fn remove(&mut self, record: &Prepared) {
        self.records = self.records.saturating_sub(1);
        each_value(record, |value| {
            let count = self.counters.get_mut(counter(value));
            *count = count.saturating_sub(1);
        });
    }

    /// Adds the counts of other records. O(values in use).
    pub fn add_all(&mut self, other: &Self) {
        self.records += other.records;
        self.counters.add_all(&other.counters);
    }

    fn count(&self, value: Value<'_>) -> u32 {
        self.counters.get(counter(value))
    }

    /// The share of other records that have the value, besides the two that are compared; `expected` is the share of
    /// a value of this kind in any collection. O(1).
    pub fn share(&self, value: Value<'_>, expected: f64) -> f64 {
        share(self.count(value), self.records, expected)
    }

    /// The same among the works of one village, where these have it more often.
    pub fn share_of_executor(&self, executor: &str, villages: [Option<Uuid>; 2], expected: f64) -> f64 {
        let within = villages.map(|village| {
            share(self.count(Value::ExecutorIn(village, executor)), self.count(Value::Village(village)), expected)
        });
        within.into_iter().fold(self.share(Value::Executor(executor), expected), f64::max)
    }
}

fn share(count: u32, all: u32, expected: f64) -> f64 {
    let others = |count: u32| f64::from(count.saturating_sub(2));
    (others(count) + EXPECTED_AS * expected) / (others(all) + EXPECTED_AS)
}

fn counter(value: Value<'_>) -> usize {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    let hash = hasher.finish();
    #[expect(clippy::cast_possible_truncation, reason = "a place in a table")]
    let at = (hash ^ (hash >> 32)) as usize;
    at % COUNTERS
}

fn each_value(record: &Prepared, mut take: impl FnMut(Value<'_>)) {
    let facts = &*record.facts;
    take(Value::Title(record.title_key()));
    if let Some(key) = record.title.numbered_key() {
        take(Value::NumberedTitle(key));
    }
    if let Some(rupiah) = facts.budget_rupiah {
        take(Value::Amount(rupiah));
    }
    if let Some(volume) = volume(facts) {
        take(volume);
    }
    if let Some(measures) = record.title.measures {
        take(Value::Measures(measures.map(f32::to_bits)));
    }
    record.names.contracts.iter().for_each(|number| take(Value::Contract(number)));
    facts.photo_marks.iter().filter(|mark| says_something(mark)).for_each(|mark| take(Value::Photo(mark)));
    take(Value::Village(facts.village_id));
    if let Some(executor) = &record.names.executor {
        take(Value::Executor(executor));
        take(Value::ExecutorIn(facts.village_id, executor));
    }
}

/// The volume with its unit.
pub fn volume(facts: &Facts) -> Option<Value<'_>> {
    Some(Value::Volume(facts.volume?.to_bits(), facts.volume_unit.as_deref().unwrap_or_default()))
}

/// How many digits of a number say something: 3 of 147,000,000, and 1 of 200.
pub fn telling_digits(number: f64) -> i32 {
    // In thousandths, so that decimals count.
    let mut rest = (number.abs() * 1_000.0).round();
    if !(1.0..=1e18).contains(&rest) {
        return 0;
    }
    while rest % 10.0 == 0.0 {
        rest /= 10.0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most 18")]
    let digits = rest.log10().floor() as i32 + 1;
    digits
}

#[cfg(test)]
mod tests {
    use super::super::{Judge, Settings};
    use super::*;

    fn record(rupiah: i64) -> Prepared {
        let facts = Facts { title: "Jalan Anggrek".into(), budget_rupiah: Some(rupiah), ..Facts::unknown() };
        Judge::new(Settings::default()).prepare(facts)
    }

    #[test]
    fn a_value_that_many_have_is_common_and_one_taken_away_is_rare_again() {
        let mut frequency = Frequency::default();
        let share = |frequency: &Frequency| frequency.share(Value::Amount(200_000_000), 0.001);
        let before = share(&frequency);
        (0..40).for_each(|_| frequency.add(&record(200_000_000)));
        (0..60).for_each(|n| frequency.add(&record(100_000_000 + n)));
        assert!((share(&frequency) - 38.05 / 148.0).abs() < 1e-9, "{}", share(&frequency));
        (0..40).for_each(|_| frequency.remove(&record(200_000_000)));
        (0..60).for_each(|n| frequency.remove(&record(100_000_000 + n)));
        assert!((share(&frequency) - before).abs() < 1e-12);
    }

    #[test]
    fn trailing_zeros_say_nothing() {
        for (number, digits) in [(200_000_000.0, 1), (147_130_000.0, 5), (1.0, 1), (147.35, 5), (0.0, 0)] {
            assert_eq!(telling_digits(number), digits, "{number}");
        }
    }
}
