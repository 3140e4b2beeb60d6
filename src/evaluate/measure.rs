//! Evaluates the judge on labelled pairs, beside two plain tests.

use super::figures::{Best, Case, Figures, Reliability, average_precision, best, brier, figures, reliability};
use super::pairs::{Label, Labelled};
use crate::atlas::Atlas;
use crate::collection::Collection;
use crate::domain::text::fold;
use crate::domain::verdict::{Band, Verdict, VerdictKind};
use crate::duplicates::Judge;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// A labelled pair with its verdict.
#[derive(Clone, Debug)]
pub struct Judged {
    pub pair: Labelled,
    pub verdict: Verdict,
}

/// Figures if alerts count as duplicates, and if alerts and reviews do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bands {
    pub alert: Figures,
    /// Alert and review together.
    pub review: Figures,
}

/// A wrongly judged pair, by its index in [`Evaluation::judged`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wrong {
    pub at: usize,
    /// A duplicate without an alert, or an alert for another pair.
    pub band: bool,
    /// The kind differs from the one in the file.
    pub kind: bool,
}

/// All measurements.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// Without unclear pairs.
    pub judged: Vec<Judged>,
    pub unclear: usize,
    pub bands: Bands,
    pub best: Best,
    pub average_precision: f64,
    pub brier: f64,
    pub reliability: Vec<Reliability>,
    /// Number of pairs by label and kind.
    pub kinds: BTreeMap<(Label, VerdictKind), usize>,
    /// Number of right kinds and of all, among pairs with a kind in the file.
    pub kinds_right: (usize, usize),
    pub wrong: Vec<Wrong>,
    /// Distance alone, and title similarity alone.
    pub by_distance: (Best, f64),
    pub by_title: (Best, f64),
}

/// Judges each pair within its collection. O(n log n) in records, plus one comparison a pair.
pub fn evaluate(collection: &Collection, pairs: Vec<Labelled>, judge: &Judge) -> Evaluation {
    let atlas = Atlas::new(judge.clone());
    atlas.load(Arc::clone(&collection.villages), &collection.facts(), 0);
    let all = pairs.len();
    let judged: Vec<Judged> = pairs
        .into_iter()
        .filter(|pair| pair.label != Label::Unclear)
        .filter_map(|pair| Some(Judged { verdict: atlas.judge_pair(pair.a, pair.b)?, pair }))
        .collect();
    let cases = |score: &dyn Fn(&Judged) -> f64| -> Vec<Case> {
        judged
            .iter()
            .map(|one| Case {
                is_duplicate: one.pair.label == Label::Duplicate,
                score: score(one),
                weight: one.pair.weight,
            })
            .collect()
    };
    let scored = cases(&|one| score(&one.verdict));
    let band = |band: &dyn Fn(Band) -> bool| {
        // The figures only see a case, so the band is passed as its score.
        figures(&cases(&|one| f64::from(u8::from(band(one.verdict.band)))), |case| case.score > 0.5)
    };
    let near = cases(&|one| -one.verdict.distance_m.unwrap_or(f64::MAX));
    let titles = cases(&|one| title_likeness(collection, one.pair.a, one.pair.b));
    let mut kinds = BTreeMap::new();
    let (mut right, mut named) = (0, 0);
    let mut wrong = Vec::new();
    for (at, one) in judged.iter().enumerate() {
        *kinds.entry((one.pair.label, one.verdict.kind)).or_default() += 1;
        let other_kind = one.pair.kind.is_some_and(|kind| kind != one.verdict.kind);
        named += usize::from(one.pair.kind.is_some());
        right += usize::from(one.pair.kind.is_some() && !other_kind);
        let other_band = (one.pair.label == Label::Duplicate) != (one.verdict.band == Band::Alert);
        if other_band || other_kind {
            wrong.push(Wrong { at, band: other_band, kind: other_kind });
        }
    }
    Evaluation {
        unclear: all - judged.len(),
        bands: Bands { alert: band(&|band| band == Band::Alert), review: band(&|band| band != Band::Silent) },
        best: best(&scored),
        average_precision: average_precision(&scored),
        brier: brier(&scored),
        reliability: reliability(&scored),
        kinds,
        kinds_right: (right, named),
        wrong,
        by_distance: (best(&near), average_precision(&near)),
        by_title: (best(&titles), average_precision(&titles)),
        judged,
    }
}

/// The probability that one work is recorded or paid twice. If a rule explains the pair it is small whatever the
/// bits: the rules know what single comparisons do not.
fn score(verdict: &Verdict) -> f64 {
    if verdict.kind.alerts() { verdict.probability } else { verdict.probability.min(EXPLAINED) }
}

/// Maximum probability of an explained pair.
const EXPLAINED: f64 = 0.05;

/// Shared words of two titles over all their words (Jaccard): a baseline without knowledge of the domain.
fn title_likeness(collection: &Collection, a: Uuid, b: Uuid) -> f64 {
    let words = |id: Uuid| -> BTreeSet<String> {
        let title = collection.record(id).map(|record| fold(&record.facts().title)).unwrap_or_default();
        title.split(' ').map(str::to_owned).collect()
    };
    let (a, b) = (words(a), words(b));
    #[expect(clippy::cast_precision_loss, reason = "a title has some dozens of words")]
    let likeness = a.intersection(&b).count() as f64 / a.union(&b).count().max(1) as f64;
    likeness
}
