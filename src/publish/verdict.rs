//! What two works are to each other, as somebody sees it who may not see all of one of them.

use super::ShownProject;
use crate::domain::verdict::{Evidence, Verdict};
use crate::store::pairs::Pair;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::ops::Deref;
use uuid::Uuid;

/// Comparisons that say nothing of where a house stands or whose it is. What is not listed is left out: a new comparison is
/// hidden until somebody has thought about it.
const HARMLESS: &[&str] = &[
    "object",
    "phase",
    "activity",
    "year",
    "amount",
    "fund",
    "number",
    "executor",
    "void",
    "upkeep",
    "link",
    "photo",
    "dimensions",
];

/// A verdict as somebody sees it: to the millimetre for who sees both places; else without distances, shared metres and
/// whatever leads to a house or its owner. Only this module makes one.
#[derive(Clone, Debug)]
pub struct ShownVerdict {
    verdict: Verdict,
    /// Both places are seen.
    is_exact: bool,
}

impl ShownVerdict {
    /// How likely it is one work. Not for who may not see a place: less the evidence that they see it would say how near the
    /// hidden place is.
    pub fn probability(&self) -> Option<f64> {
        self.is_exact.then_some(self.verdict.probability)
    }
}

impl Deref for ShownVerdict {
    type Target = Verdict;

    fn deref(&self) -> &Verdict {
        &self.verdict
    }
}

/// A pair of a finding as somebody sees it.
#[derive(Clone, Debug)]
pub struct ShownPair {
    pub id: Uuid,
    pub a_id: Uuid,
    pub b_id: Uuid,
    pub verdict: ShownVerdict,
}

impl ShownVerdict {
    /// The verdict on two works as who sees them so sees it.
    pub fn of(a: &ShownProject, b: &ShownProject, mut verdict: Verdict) -> Self {
        let is_exact = a.shows_place() && b.shows_place();
        if !is_exact {
            // Every field by its name: a new one is thought about here before it is shown.
            verdict = Verdict {
                kind: verdict.kind,
                probability: f64::NAN,
                band: verdict.band,
                cross_border: verdict.cross_border,
                distance_m: None,
                shared_m: None,
                shared: Vec::new(),
                nearest: None,
                evidence: verdict.evidence.into_iter().filter_map(|item| coarse(a, b, item)).collect(),
                weights_version: verdict.weights_version,
            };
        }
        if !(a.shows_all() && b.shows_all()) {
            verdict.evidence.retain(|item| item.name != "owner");
        }
        Self { verdict, is_exact }
    }
}

impl ShownPair {
    /// These pairs, those left out of which one work is not among the members that are seen.
    pub fn of_members(pairs: Vec<Pair>, members: &HashMap<Uuid, ShownProject>) -> Vec<Self> {
        let shown = |pair: Pair| {
            let (a, b) = (members.get(&pair.a_id)?, members.get(&pair.b_id)?);
            let verdict = ShownVerdict::of(a, b, pair.verdict);
            Some(Self { id: pair.id, a_id: pair.a_id, b_id: pair.b_id, verdict })
        };
        pairs.into_iter().filter_map(shown).collect()
    }
}

/// A comparison without what leads to a house: of the place only that it was compared.
fn coarse(a: &ShownProject, b: &ShownProject, mut item: Evidence) -> Option<Evidence> {
    match item.name.as_str() {
        "position" => Some(Evidence { level: "hidden".to_owned(), value: json!({}), bits: 0.0, ..item }),
        "title" => {
            if let Value::Object(value) = &mut item.value {
                value.insert("a".to_owned(), json!(a.title));
                value.insert("b".to_owned(), json!(b.title));
            }
            Some(item)
        }
        "hamlet" => Some(Evidence { value: json!({}), ..item }),
        name => HARMLESS.contains(&name).then_some(item),
    }
}
