//! All pairs of a collection in alert or review, gathered into findings.

use crate::atlas::Atlas;
use crate::collection::{Collection, Record, id_of, index_of};
use crate::cores::on_all_cores;
use crate::domain::verdict::{Band, Verdict, VerdictKind};
use crate::duplicates::{Judge, Score};
use crate::groups::{RecordGroup, RecordLink, at_stake, beyond_limit, groups};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Records claimed by a thread at a time.
const SHARE: usize = 256;

/// Two or more records of one work.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The kind of its strongest pair, as are probability, band and evidence.
    pub kind: VerdictKind,
    pub probability: f64,
    pub band: Band,
    /// Indices in [`Collection::records`], sorted.
    pub members: Vec<usize>,
    /// See [`at_stake`].
    pub rupiah: Option<i64>,
    /// Whether a [`Flood`] covers it.
    pub in_flood: bool,
    pub verdict: Verdict,
    /// The two records of the verdict.
    pub pair: (usize, usize),
}

impl Finding {
    /// Number of its works.
    pub fn works(&self) -> i64 {
        i64::try_from(self.members.len()).unwrap_or(i64::MAX)
    }
}

/// Alerts of one village beyond those reported one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct Flood {
    /// Its name with its code.
    pub village: String,
    pub findings: usize,
    pub rupiah: i64,
}

/// The result of a scan, highest amounts first.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub findings: Vec<Finding>,
    pub floods: Vec<Flood>,
    /// Every pair in alert or review, by the indices of its records.
    pub pairs: Vec<Scored>,
}

/// A pair without its evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    pub a: usize,
    pub b: usize,
    pub kind: VerdictKind,
    pub band: Band,
    pub probability: f64,
}

impl Outcome {
    pub fn alerts(&self) -> usize {
        self.findings.iter().filter(|finding| finding.band == Band::Alert).count()
    }
}

/// Compares every record with its candidates, on all cores; the outcome does not depend on their number. `step`
/// receives the number of finished records. At most `per_village` alerts of one village are reported one by one. O(n
/// log n) plus the sizes of the neighbourhoods; works on one place are compared through their titles only.
pub fn scan(collection: &mut Collection, judge: &Judge, per_village: usize, step: impl Fn(usize) + Sync) -> Outcome {
    let scanned = Scanned::new(collection, judge);
    let pairs = scanned.pairs(step);
    let links: Vec<RecordLink> =
        pairs.iter().map(|pair| RecordLink { a: pair.a, b: pair.b, probability: pair.probability }).collect();
    let mut findings = gather(&scanned, &pairs, &groups(&links));
    let floods = limit_per_village(scanned.collection, &mut findings, per_village);
    Outcome { findings, floods, pairs }
}

/// A collection loaded for a judge.
pub(super) struct Scanned<'a> {
    collection: &'a Collection,
    atlas: Atlas,
}

impl<'a> Scanned<'a> {
    /// O(n log n). The records are packed meanwhile: collection and Atlas share what is left of them.
    pub fn new(collection: &'a mut Collection, judge: &Judge) -> Self {
        let atlas = Atlas::new(judge.clone());
        let loading = atlas.loading(collection.records.len());
        let shares = Mutex::new(collection.records.chunks_mut(SHARE));
        on_all_cores(|| {
            let next = || shares.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some(share) = next() {
                let packed = loading.add(share.iter().map(Record::facts));
                for (record, packed) in share.iter_mut().zip(packed) {
                    record.keep_packed(packed, Arc::clone(loading.lexicon()));
                }
            }
        });
        atlas.replace(loading, Arc::clone(&collection.villages), 0);
        Self { collection, atlas }
    }

    /// Loads it for another judge.
    pub fn set_judge(&mut self, judge: &Judge) {
        self.atlas.judge = judge.clone();
    }

    /// All pairs in alert or review, sorted. See [`scan`].
    pub fn pairs(&self, step: impl Fn(usize) + Sync) -> Vec<Scored> {
        all_pairs(&self.atlas, self.collection.records.len(), step)
    }

    /// The verdict on two records, with its evidence.
    pub fn verdict(&self, a: usize, b: usize) -> Option<Verdict> {
        self.atlas.judge_pair(id_of(a), id_of(b))
    }
}

fn all_pairs(atlas: &Atlas, records: usize, step: impl Fn(usize) + Sync) -> Vec<Scored> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let found = on_all_cores(|| {
        let mut found = Vec::new();
        loop {
            let from = next.fetch_add(SHARE, Ordering::Relaxed);
            if from >= records {
                return found;
            }
            let to = (from + SHARE).min(records);
            for at in from..to {
                for (record, other, score) in atlas.score_onward(u32::try_from(at).unwrap_or(u32::MAX)) {
                    let (record, other) = (index_of(record), index_of(other));
                    let Score { kind, band, probability } = score;
                    found.push(Scored { a: record.min(other), b: record.max(other), kind, band, probability });
                }
            }
            step(done.fetch_add(to - from, Ordering::Relaxed) + to - from);
        }
    });
    let mut found: Vec<Scored> = found.into_iter().flatten().collect();
    found.sort_by_key(|pair| (pair.a, pair.b));
    found.dedup_by_key(|pair| (pair.a, pair.b));
    found
}

/// One finding a group, with the verdict of its strongest pair: alerts before reviews, then by amount.
fn gather(scanned: &Scanned<'_>, pairs: &[Scored], groups: &[RecordGroup]) -> Vec<Finding> {
    let found = |group: &RecordGroup| {
        let pair = strongest(group.links.iter().filter_map(|at| pairs.get(*at)))?;
        let verdict = scanned.verdict(pair.a, pair.b)?;
        let members = group.members.iter().copied().collect();
        Some(finding(scanned.collection, members, (pair.a, pair.b), verdict))
    };
    let next = AtomicUsize::new(0);
    let gathered = on_all_cores(|| {
        let claimed = std::iter::from_fn(|| groups.get(next.fetch_add(1, Ordering::Relaxed)));
        claimed.filter_map(found).collect::<Vec<Finding>>()
    });
    let mut findings: Vec<Finding> = gathered.into_iter().flatten().collect();
    findings.sort_by(|x, y| {
        let rank = |finding: &Finding| (finding.band != Band::Alert, -finding.rupiah.unwrap_or_default());
        rank(x).cmp(&rank(y)).then(x.members.cmp(&y.members))
    });
    findings
}

/// An alert before a review, then the likeliest; the first of equals.
fn strongest<'a>(pairs: impl Iterator<Item = &'a Scored>) -> Option<&'a Scored> {
    let strength = |pair: &Scored| (pair.band == Band::Alert, pair.probability);
    pairs.reduce(|best, pair| if strength(pair) > strength(best) { pair } else { best })
}

fn finding(collection: &Collection, members: Vec<usize>, pair: (usize, usize), verdict: Verdict) -> Finding {
    let budgets =
        members.iter().filter_map(|at| collection.records.get(*at)).map(|record| record.facts().budget_rupiah);
    let rupiah = at_stake(budgets);
    Finding {
        kind: verdict.kind,
        probability: verdict.probability,
        band: verdict.band,
        members,
        rupiah,
        in_flood: false,
        verdict,
        pair,
    }
}

/// Sums up the alerts of each village beyond the first `per_village`, which a boiler-plate title soon exceeds. They
/// remain findings, listed after those reported one by one.
fn limit_per_village(collection: &Collection, findings: &mut [Finding], per_village: usize) -> Vec<Flood> {
    let mut alerts: Vec<&mut Finding> = findings.iter_mut().filter(|finding| finding.band == Band::Alert).collect();
    let first = |finding: &Finding| finding.members.first().and_then(|at| collection.records.get(*at));
    let villages: Vec<Option<Uuid>> = alerts.iter().map(|finding| first(finding)?.facts().village_id).collect();
    let beyond = beyond_limit(&villages, HashMap::new(), per_village);
    let mut floods: HashMap<Uuid, Flood> = HashMap::new();
    for ((finding, village), is_beyond) in alerts.iter_mut().zip(villages).zip(beyond) {
        let (Some(first), Some(village), true) = (first(finding), village, is_beyond) else { continue };
        finding.in_flood = true;
        let new = || Flood { village: first.village(), findings: 0, rupiah: 0 };
        let flood = floods.entry(village).or_insert_with(new);
        flood.findings += 1;
        flood.rupiah = flood.rupiah.saturating_add(finding.rupiah.unwrap_or_default());
    }
    findings.sort_by_key(|finding| finding.in_flood);
    let mut floods: Vec<Flood> = floods.into_values().collect();
    floods.sort_by(|x, y| y.findings.cmp(&x.findings).then(x.village.cmp(&y.village)));
    floods
}
