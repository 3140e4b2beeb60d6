//! All pairs of a collection in alert or review, gathered into findings.

use crate::atlas::Atlas;
use crate::collection::Collection;
use crate::domain::verdict::{Band, Verdict, VerdictKind};
use crate::duplicates::{Judge, RecordLink, groups};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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
    /// The amount that may have been paid twice: the sum of all budgets less the highest; `None` if fewer than two
    /// are known.
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
pub fn scan(collection: &Collection, judge: &Judge, per_village: usize, step: impl Fn(usize) + Sync) -> Outcome {
    let scanned = Scanned::new(collection, judge);
    let pairs = scanned.pairs(step);
    let links: Vec<RecordLink> =
        pairs.iter().map(|pair| RecordLink { a: pair.a, b: pair.b, probability: pair.probability }).collect();
    let mut findings = gather(&scanned, &pairs, &groups(&links));
    let floods = limit_per_village(collection, &mut findings, per_village);
    Outcome { findings, floods, pairs }
}

/// A collection loaded for a judge.
pub(super) struct Scanned<'a> {
    collection: &'a Collection,
    atlas: Atlas,
}

impl<'a> Scanned<'a> {
    /// O(n log n).
    pub fn new(collection: &'a Collection, judge: &Judge) -> Self {
        let atlas = Atlas::new(judge.clone());
        atlas.load(Arc::clone(&collection.villages), &collection.facts(), 0);
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
        let id = |at: usize| Some(self.collection.records.get(at)?.facts.id);
        self.atlas.judge_pair(id(a)?, id(b)?)
    }
}

fn all_pairs(atlas: &Atlas, records: usize, step: impl Fn(usize) + Sync) -> Vec<Scored> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let mut found = Vec::new();
        loop {
            let from = next.fetch_add(SHARE, Ordering::Relaxed);
            if from >= records {
                return found;
            }
            let to = (from + SHARE).min(records);
            for at in from..to {
                for (record, other, verdict) in atlas.screen_onward(u32::try_from(at).unwrap_or(u32::MAX)) {
                    let (record, other) = (number(record), number(other));
                    let Verdict { kind, band, probability, .. } = verdict;
                    found.push(Scored { a: record.min(other), b: record.max(other), kind, band, probability });
                }
            }
            step(done.fetch_add(to - from, Ordering::Relaxed) + to - from);
        }
    };
    let mut found: Vec<Scored> = std::thread::scope(|scope| {
        let tasks: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        tasks
            .into_iter()
            .flat_map(|task| task.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    found.sort_by_key(|pair| (pair.a, pair.b));
    found.dedup_by_key(|pair| (pair.a, pair.b));
    found
}

fn number(id: Uuid) -> usize {
    usize::try_from(id.as_u128()).unwrap_or_default().saturating_sub(1)
}

/// One finding a group, with the verdict of its strongest pair: alerts before reviews, then by amount. A pair that is
/// not within one group is a finding of its own.
fn gather(scanned: &Scanned<'_>, pairs: &[Scored], groups: &[Vec<usize>]) -> Vec<Finding> {
    let group_of: HashMap<usize, usize> =
        groups.iter().enumerate().flat_map(|(at, group)| group.iter().map(move |record| (*record, at))).collect();
    let mut best: HashMap<usize, &Scored> = HashMap::new();
    let mut between = Vec::new();
    for pair in pairs {
        match (group_of.get(&pair.a), group_of.get(&pair.b)) {
            (Some(x), Some(y)) if x == y => {
                let known = best.entry(*x).or_insert(pair);
                if strength(pair) > strength(known) {
                    *known = pair;
                }
            }
            _ => between.push(pair),
        }
    }
    let of_groups = groups.iter().enumerate().filter_map(|(at, group)| Some((group.clone(), *best.get(&at)?)));
    let of_pairs = between.into_iter().map(|pair| (vec![pair.a, pair.b], pair));
    let mut findings: Vec<Finding> = of_groups
        .chain(of_pairs)
        .filter_map(|(members, pair)| {
            let verdict = scanned.verdict(pair.a, pair.b)?;
            Some(finding(scanned.collection, members, (pair.a, pair.b), verdict))
        })
        .collect();
    findings.sort_by(|x, y| {
        let rank = |finding: &Finding| (finding.band != Band::Alert, -finding.rupiah.unwrap_or_default());
        rank(x).cmp(&rank(y)).then(x.members.cmp(&y.members))
    });
    findings
}

fn strength(pair: &Scored) -> (bool, f64) {
    (pair.band == Band::Alert, pair.probability)
}

fn finding(collection: &Collection, members: Vec<usize>, pair: (usize, usize), verdict: Verdict) -> Finding {
    let budgets: Vec<i64> = members.iter().filter_map(|at| collection.records.get(*at)?.facts.budget_rupiah).collect();
    let all = budgets.iter().fold(0_i64, |sum, rupiah| sum.saturating_add(*rupiah));
    let dearest = budgets.iter().copied().max().unwrap_or_default();
    Finding {
        kind: verdict.kind,
        probability: verdict.probability,
        band: verdict.band,
        members,
        rupiah: (budgets.len() > 1).then_some(all - dearest),
        in_flood: false,
        verdict,
        pair,
    }
}

/// Sums up the alerts of each village beyond the first `per_village`, which a boiler-plate title soon exceeds. They
/// remain findings, listed after those reported one by one.
fn limit_per_village(collection: &Collection, findings: &mut [Finding], per_village: usize) -> Vec<Flood> {
    let mut listed: HashMap<Uuid, usize> = HashMap::new();
    let mut floods: HashMap<Uuid, Flood> = HashMap::new();
    for finding in findings.iter_mut().filter(|finding| finding.band == Band::Alert) {
        // Without a village there is no recipient to protect from a flood.
        let Some(first) = finding.members.first().and_then(|at| collection.records.get(*at)) else { continue };
        let Some(village) = first.facts.village_id else { continue };
        let count = listed.entry(village).or_default();
        if *count < per_village {
            *count += 1;
            continue;
        }
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
