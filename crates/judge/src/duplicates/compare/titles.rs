//! How alike two titles are.

use super::super::Prepared;
use super::super::agreement;
use super::super::likeness::likeness;
use super::super::rarity::Rarity;
use super::Sink;
use serde_json::json;

/// How alike two titles are.
#[derive(Clone, Copy, Debug)]
pub struct Titles {
    pub level: &'static str,
    /// From 0 to 1.
    pub alike: f64,
    /// They name different works: each has a name that the other lacks, or they have little in common.
    pub are_of_others: bool,
}

/// Likeness from which two titles are the same, alike, and partly so; a name that each has and the other lacks asks
/// for [`FOR_OTHER_NAMES`] more.
const SAME: f64 = 0.75;
const ALIKE: f64 = 0.5;
const SOME: f64 = 0.25;
const FOR_OTHER_NAMES: f64 = 0.25;
/// Titles with less telling words than this ("Drainase") say little.
const LEAST_TELLING: f64 = 0.5;

impl Titles {
    pub fn compare(a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) -> Self {
        let (ta, tb) = (&a.title, &b.title);
        let (alike, is_other_name) = likeness(ta, tb, rarity);
        // Two different names outweigh the words that "Posyandu Melati" and "Posyandu Mawar" have in common.
        let step = if is_other_name { FOR_OTHER_NAMES } else { 0.0 };
        let level = if ta.telling(None).min(tb.telling(None)) < LEAST_TELLING {
            if alike >= ALIKE && !is_other_name { "plain" } else { "unknown" }
        } else if alike >= SAME + step {
            "same"
        } else if alike >= ALIKE + step {
            "like"
        } else if alike >= SOME {
            "some"
        } else {
            "other"
        };
        Self { level, alike, are_of_others: is_other_name || matches!(level, "some" | "other") }
    }

    /// They may well be two titles of one work.
    pub fn may_be_of_one(&self) -> bool {
        matches!(self.level, "same" | "like" | "plain")
    }

    pub fn are_word_for_word(&self) -> bool {
        self.level == "same" && agreement::is_word_for_word(self.alike)
    }
}

pub fn title(sink: &mut impl Sink, a: &Prepared, b: &Prepared, titles: &Titles, rarity: Option<&Rarity>) {
    let more = || if titles.level == "same" { agreement::title(a, b, titles.alike, SAME, rarity) } else { 0.0 };
    let value = || {
        let (only_a, only_b) = other_numbers(&a.facts.title, &b.facts.title);
        json!({
            "percent": titles.alike, "a": a.facts.title, "b": b.facts.title, "only_a": only_a, "only_b": only_b,
        })
    };
    sink.add_with("title", titles.level, more, value);
}

/// The numbers that only one of the two titles has.
fn other_numbers(a: &str, b: &str) -> (Vec<String>, Vec<String>) {
    let numbers = |title: &str| -> Vec<String> {
        let digits = title.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
        digits.map(|digits| digits.trim_start_matches('0').to_owned()).collect()
    };
    let (of_a, of_b) = (numbers(a), numbers(b));
    let without = |some: &[String], others: &[String]| {
        some.iter().filter(|number| !others.contains(number)).cloned().collect::<Vec<_>>()
    };
    (without(&of_a, &of_b), without(&of_b, &of_a))
}
