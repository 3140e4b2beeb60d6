//! The judge of duplicates: whether two records are one work, or part of one, recorded or paid twice; of which kind,
//! and why.
//!
//! Its interface is [`Judge`]: [`Judge::prepare`] reads a record once, [`Judge::judge`] compares two. Inside, `title`
//! reads, `compare` weighs, and `kind` decides the relation by rules that fit on one page.

mod agreement;
mod compare;
mod counters;
mod folded;
mod frequency;
mod kind;
mod lengths;
mod lexicon;
mod likeness;
mod numbers;
mod numeral;
mod objects;
mod observation;
mod owner;
mod packed;
mod position;
mod prefilter;
mod rarity;
mod settings;
mod tables;
mod title;
mod weights;
mod without_person;
mod word;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod properties;

pub use lexicon::Lexicon;
pub use observation::{Level, Observation};
pub use packed::Packed;
pub use prefilter::Prefilter;
pub use rarity::Rarity;
pub use settings::Settings;
pub use weights::{Weights, WeightsError};
pub use without_person::{NOTHING, shown_title, without_person};

use crate::digest::sha256_hex;
use crate::domain::facts::Facts;
use crate::domain::outline::drawn_lines;
use crate::domain::text::fold;
use crate::domain::verdict::{Band, Verdict, VerdictKind};
use compare::Titles;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use title::TitleReading;

/// The version of the comparisons and rules in code. Incremented with each change of them, so that a newer program
/// judges again what an older one judged.
const RULES: u32 = 14;

/// Facts about a pair that are in neither record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Number of other works on the same point as either of the two (the larger count).
    pub same_place: usize,
    /// Only one of the two stands on that point, the other on a place of its own.
    pub one_stands_alone: bool,
    /// Rarity of words in the collection; without it the weights of the tables apply.
    pub rarity: Option<&'a Rarity>,
}

/// A record ready for comparison: its facts, and the reading of its title.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub facts: Arc<Facts>,
    title: TitleReading,
    names: FoldedNames,
}

/// Folded names.
#[derive(Clone, Debug)]
struct FoldedNames {
    executor: Option<Arc<str>>,
    agreement: Option<Arc<str>>,
    funds: Box<[Arc<str>]>,
    contracts: Box<[Box<str>]>,
}

impl FoldedNames {
    fn new(facts: &Facts) -> Self {
        let contracts = facts.funding.iter().filter_map(|line| line.contract_number.as_deref());
        Self {
            executor: Self::known(facts.executor.as_deref().map(folded::intern)),
            agreement: Self::known(facts.agreement.as_deref().map(folded::intern)),
            funds: Self::of_funds(facts.funding.iter().map(|line| folded::intern(&line.fund))),
            contracts: Self::of_contracts(contracts),
        }
    }

    /// "-" and "…" are placeholders: two of them are not the same firm.
    fn known(name: Option<Arc<str>>) -> Option<Arc<str>> {
        name.filter(|folded| !folded.is_empty())
    }

    /// A funding line that has only a contract number names no fund.
    fn of_funds(funds: impl Iterator<Item = Arc<str>>) -> Box<[Arc<str>]> {
        funds.filter(|fund| !fund.is_empty()).collect()
    }

    fn of_contracts<'a>(contracts: impl Iterator<Item = &'a str>) -> Box<[Box<str>]> {
        contracts.map(fold).filter(|folded| !folded.is_empty()).map(Into::into).collect()
    }
}

impl Prepared {
    /// The 64-byte summary for a first pass.
    pub fn prefilter(&self) -> Prefilter {
        Prefilter::new(&self.facts, &self.title)
    }

    /// Hash of the title with abbreviations, spelling and word order folded: equal for near-identical titles.
    pub fn title_key(&self) -> u64 {
        self.title.key()
    }
}

/// A verdict without its evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    pub kind: VerdictKind,
    pub probability: f64,
    pub band: Band,
}

/// A pair compared, before anybody reads of it.
struct Weighed {
    score: Score,
    place: position::Position,
    evidence: Vec<compare::Item>,
}

/// Settings and weights, fixed at construction.
#[derive(Clone, Debug)]
pub struct Judge {
    settings: Settings,
    weights: Weights,
    /// Lower bound of the bits at which a pair reaches review.
    needed_bits: f64,
    /// Maximum bits of positions that are apart, and of any.
    apart_bits: f64,
    place_bits: f64,
    rules: u32,
    fingerprint: Arc<str>,
}

impl Judge {
    /// With the built-in weights.
    pub fn new(settings: Settings) -> Self {
        Self::with(settings, Weights::shipped())
    }

    pub fn with(settings: Settings, weights: Weights) -> Self {
        Self {
            rules: RULES,
            fingerprint: fingerprint(RULES, &weights, &settings),
            needed_bits: log_odds(settings.review.min(settings.alert)) - BOUND_SLACK,
            apart_bits: weights.bits("position", "apart").max(weights.bits("position", "far")),
            place_bits: compare::most_bits_of_place(&weights),
            settings,
            weights,
        }
    }

    /// Sets another rules version, to reproduce two program versions side by side.
    pub fn counted_as(self, rules: u32) -> Self {
        Self { rules, fingerprint: fingerprint(rules, &self.weights, &self.settings), ..self }
    }

    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Reads a record once. Some 20 µs. A title that cannot be read is logged and counts as empty: one record must
    /// not take down the million beside it.
    pub fn prepare(&self, facts: impl Into<Arc<Facts>>) -> Prepared {
        let facts = facts.into();
        let title = std::panic::catch_unwind(|| title::read_title(&facts)).unwrap_or_else(|_| {
            // Titles contain personal names: only the id is logged.
            tracing::error!("the title of {} cannot be read, please report it", facts.id);
            TitleReading::default()
        });
        Prepared { names: FoldedNames::new(&facts), facts, title }
    }

    /// Whether [`Judge::judge`] would certainly return silent, from cheap facts: rejects most pairs that
    /// [`Prefilter`] leaves. Never true for a pair in review or alert. Some 0.5 µs.
    pub fn is_surely_silent(&self, a: &Prepared, b: &Prepared, context: &Context<'_>) -> bool {
        let gap_m = position::gap_m(a, b, context);
        let far = gap_m.is_some_and(|gap_m| position::is_far(gap_m, &a.facts, &b.facts));
        let apart = far || gap_m.is_some_and(|gap_m| position::is_apart(gap_m, &a.facts, &b.facts, &self.settings));
        // One photo, contract or purchase is one place, whatever the footprints say.
        // The footprints may be far apart where their boxes are not.
        let bought_once = apart && compare::is_bought_once(a, b, context.rarity);
        let apart = apart && !bought_once && !compare::shares_photo(&a.facts, &b.facts);
        if far && apart {
            return true; // by the rules, distant works are unrelated
        }
        let titles = Titles::compare(a, b, context.rarity);
        if apart && titles.level != "same" {
            return true; // by the rules, neighbours are one work only if their titles are nearly the same
        }
        let place = if apart { self.apart_bits + self.weights.most("package") } else { self.place_bits };
        let needed = self.needed_bits - self.weights.prior - self.weights.most("parts");
        place + compare::bits_without_place(a, b, &titles, &self.weights, context.rarity) < needed
    }

    /// The rules version; higher is newer.
    pub const fn rules(&self) -> u32 {
        self.rules
    }

    /// SHA-256 of rules version, weights and settings: the same fingerprint gives the same verdicts.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The level of every comparison, including those of no weight: the input of `tapak calibrate`.
    pub fn levels(&self, a: &Prepared, b: &Prepared, context: &Context<'_>) -> Vec<(&'static str, &'static str)> {
        let titles = Titles::compare(a, b, context.rarity);
        compare::levels(a, b, &self.place(a, b, context, &titles), &titles, context.rarity)
    }

    fn place(&self, a: &Prepared, b: &Prepared, context: &Context<'_>, titles: &Titles) -> position::Position {
        let place = position::compare(&a.facts, &b.facts, runs_once(a, b), context, &self.settings);
        if compare::shares_photo(&a.facts, &b.facts) {
            place.under_one_photo()
        } else if titles.may_be_of_one() && compare::is_bought_once(a, b, context.rarity) {
            place.under_one_purchase()
        } else if titles.are_of_others {
            place.unless_copied(&a.facts, &b.facts)
        } else {
            place
        }
    }

    /// Compares two records. Symmetric except for the shared stretches, which are those of `a`. Some 10 µs for short
    /// lines.
    pub fn judge(&self, a: &Prepared, b: &Prepared, context: &Context<'_>) -> Verdict {
        let Weighed { score, place, evidence } = self.weigh(a, b, context, true);
        Verdict {
            kind: score.kind,
            probability: score.probability,
            band: score.band,
            cross_border: a.facts.is_cross_border(&b.facts),
            distance_m: place.distance_m,
            shared_m: place.shared_m,
            shared: drawn_lines(place.shared),
            nearest: place.nearest,
            evidence: evidence.into_iter().map(Into::into).collect(),
            weights_version: self.weights.version.clone(),
        }
    }

    /// What [`Judge::judge`] comes to, without the sentences for it: a third of its time.
    pub fn score(&self, a: &Prepared, b: &Prepared, context: &Context<'_>) -> Score {
        self.weigh(a, b, context, false).score
    }

    fn weigh(&self, a: &Prepared, b: &Prepared, context: &Context<'_>, with_values: bool) -> Weighed {
        let titles = Titles::compare(a, b, context.rarity);
        let place = self.place(a, b, context, &titles);
        let mut evidence = compare::all(a, b, &place, &titles, &self.weights, context.rarity, with_values);
        let kind = kind::decide(a, b, &place, &titles, &evidence, &self.settings);
        // Evidence of no weight is not shown, except the position and how it was compared. The rules have already
        // used it: a weight of 0 means that a level is no evidence, not that it did not occur.
        evidence.retain(|item| item.bits != 0.0 || item.name == "position" || item.name == compare::SHAPES);
        let bits = self.weights.prior + evidence.iter().map(|item| item.bits).sum::<f64>();
        let probability = 1.0 / (1.0 + (-bits.clamp(-60.0, 60.0)).exp2());
        let band = if !kind.alerts() {
            Band::Silent
        } else if probability >= self.settings.alert && !kind::is_review_at_most(a, b, &place) {
            Band::Alert
        } else if probability >= self.settings.review {
            Band::Review
        } else {
            Band::Silent
        };
        Weighed { score: Score { kind, probability, band }, place, evidence }
    }

    /// SHA-256 of every input of this verdict: facts, context, weights and settings. While it is unchanged, judging
    /// again gives the same verdict.
    pub fn verdict_digest(&self, facts_digest: &str, context: &Context<'_>) -> String {
        let same_place = context.same_place.min(self.settings.stacked);
        sha256(&(facts_digest, same_place, context.one_stands_alone, &*self.fingerprint))
    }
}

/// The facts of a project that a decision depends on, serialised once for all its comparisons.
pub struct DecisionBasis<'a> {
    json: Vec<u8>,
    photo_marks: &'a [String],
}

impl<'a> DecisionBasis<'a> {
    /// O(corners).
    pub fn new(facts: &'a Facts) -> Self {
        let mut weighed = facts.weighed();
        weighed.remove("photo_marks");
        Self { json: serde_json::to_vec(&weighed).expect("facts are plain data"), photo_marks: &facts.photo_marks }
    }

    /// SHA-256 of the facts of two projects, smaller id first: a decision about them holds while it is unchanged.
    /// Only photos in common count: otherwise each new photo of a running work would reopen every decision about it.
    pub fn digest_with(&self, other: &DecisionBasis<'_>) -> String {
        let mut shared: Vec<&String> =
            self.photo_marks.iter().filter(|mark| other.photo_marks.contains(mark)).collect();
        shared.sort_unstable();
        let shared = serde_json::to_vec(&shared).expect("marks are plain text");
        // The same bytes as a JSON list of the three.
        let mut hash = Sha256::new();
        for part in [b"[".as_slice(), &self.json, b",", &other.json, b",", &shared, b"]"] {
            hash.update(part);
        }
        hex::encode(hash.finalize())
    }
}

fn fingerprint(rules: u32, weights: &Weights, settings: &Settings) -> Arc<str> {
    sha256(&(rules, weights.to_toml(""), settings)).into()
}

fn sha256(of: &impl serde::Serialize) -> String {
    let text = serde_json::to_vec(of).expect("facts are plain data");
    sha256_hex(text)
}

/// Whether the objects of both are unlikely to exist twice side by side: a road, or on a border, where each village
/// draws it from its own side, any object for which neither title names a side.
fn runs_once(a: &Prepared, b: &Prepared) -> bool {
    let object = a.title.object().filter(|object| b.title.object() == Some(object));
    let no_sides = a.title.sides.is_empty() && b.title.sides.is_empty();
    object == Some("road") || (object.is_some() && a.facts.is_cross_border(&b.facts) && no_sides)
}

/// Tolerance for rounding, in bits.
const BOUND_SLACK: f64 = 1e-6;

/// log2 of the odds of a probability.
fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}

/// Removes the house owner's name from a title ("Rehab RTLH a.n. Sumiati RT 03"): the remaining title, and the name.
pub fn extract_owner(title: &str) -> (String, Option<String>) {
    owner::extract_owner(title)
}
