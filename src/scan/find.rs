//! All pairs of a collection that are worth an alert or a look, gathered into findings.

use crate::collection::Collection;
use crate::domain::verdict::{Band, Verdict, VerdictKind};
use crate::duplicates::{Judge, Link, groups};
use crate::spatial::atlas::Atlas;
use crate::spatial::places::Places;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

/// Records that one thread takes at a time.
const SHARE: usize = 256;

/// Two or more records of one work.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Of its strongest pair, as are probability, band and evidence.
    pub kind: VerdictKind,
    pub probability: f64,
    pub band: Band,
    /// Numbers in [`Collection::records`], in order.
    pub members: Vec<usize>,
    /// The money that may have been paid twice: what all members cost, less the dearest.
    pub rupiah: i64,
    pub verdict: Verdict,
    /// The two records that the verdict is about.
    pub pair: (usize, usize),
}

/// Alerts of one village beyond what is told one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct Flood {
    pub village_code: String,
    pub findings: usize,
    pub rupiah: i64,
}

/// What a scan found, most money first.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub findings: Vec<Finding>,
    pub floods: Vec<Flood>,
    /// Every pair in alert or review, by the numbers of its records.
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

/// Compares every record with those it may have to do with, on all cores; the outcome does not depend on their number.
/// `step` hears how many records are done. At most `per_village` alerts of one village are told one by one. O(n log n)
/// and what the neighbourhoods hold; works on one coordinate cost no more than their titles.
pub fn scan(collection: &Collection, judge: &Judge, per_village: usize, step: impl Fn(usize) + Sync) -> Outcome {
    let pairs = pairs(collection, judge, step);
    let links: Vec<Link> =
        pairs.iter().map(|(a, b, verdict)| Link { a: *a, b: *b, probability: verdict.probability }).collect();
    let scored = pairs
        .iter()
        .map(|&(a, b, Verdict { kind, band, probability, .. })| Scored { a, b, kind, band, probability })
        .collect();
    let findings = gather(collection, pairs, &groups(&links));
    let (findings, floods) = dam(collection, findings, per_village);
    Outcome { findings, floods, pairs: scored }
}

/// The pairs of a collection in alert or review, by the numbers of their records, in order. See [`scan`].
pub fn pairs(collection: &Collection, judge: &Judge, step: impl Fn(usize) + Sync) -> Vec<(usize, usize, Verdict)> {
    let atlas = Atlas::new(judge.clone());
    atlas.load(Places::default(), &collection.facts(), 0);
    all_pairs(&atlas, collection.records.len(), step)
}

fn all_pairs(atlas: &Atlas, records: usize, step: impl Fn(usize) + Sync) -> Vec<(usize, usize, Verdict)> {
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
                    found.push((record.min(other), record.max(other), verdict));
                }
            }
            step(done.fetch_add(to - from, Ordering::Relaxed) + to - from);
        }
    };
    let mut found: Vec<_> = std::thread::scope(|scope| {
        let tasks: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        tasks
            .into_iter()
            .flat_map(|task| task.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    found.sort_by_key(|(a, b, _)| (*a, *b));
    found.dedup_by_key(|(a, b, _)| (*a, *b));
    found
}

fn number(id: Uuid) -> usize {
    usize::try_from(id.as_u128()).unwrap_or_default().saturating_sub(1)
}

/// One finding a group, with the verdict of its strongest pair: alerts before reviews, then by probability. A pair that no
/// group took in is a finding of its own.
fn gather(collection: &Collection, pairs: Vec<(usize, usize, Verdict)>, groups: &[Vec<usize>]) -> Vec<Finding> {
    let group_of: HashMap<usize, usize> =
        groups.iter().enumerate().flat_map(|(at, group)| group.iter().map(move |record| (*record, at))).collect();
    let mut best: HashMap<usize, (usize, usize, Verdict)> = HashMap::new();
    let mut findings = Vec::new();
    for (a, b, verdict) in pairs {
        match (group_of.get(&a), group_of.get(&b)) {
            (Some(x), Some(y)) if x == y => {
                let stronger = best.get(x).is_none_or(|(_, _, known)| strength(&verdict) > strength(known));
                if stronger {
                    best.insert(*x, (a, b, verdict));
                }
            }
            _ => findings.push(finding(collection, vec![a, b], (a, b), verdict)),
        }
    }
    for (at, group) in groups.iter().enumerate() {
        if let Some((a, b, verdict)) = best.remove(&at) {
            findings.push(finding(collection, group.clone(), (a, b), verdict));
        }
    }
    findings.sort_by(|x, y| {
        let rank = |finding: &Finding| (finding.band != Band::Alert, -finding.rupiah);
        rank(x).cmp(&rank(y)).then(x.members.cmp(&y.members))
    });
    findings
}

fn strength(verdict: &Verdict) -> (bool, f64) {
    (verdict.band == Band::Alert, verdict.probability)
}

fn finding(collection: &Collection, members: Vec<usize>, pair: (usize, usize), verdict: Verdict) -> Finding {
    let budgets: Vec<i64> = members.iter().filter_map(|at| collection.records.get(*at)?.facts.budget_rupiah).collect();
    let all = budgets.iter().fold(0_i64, |sum, rupiah| sum.saturating_add(*rupiah));
    let dearest = if budgets.len() > 1 { budgets.iter().copied().max().unwrap_or_default() } else { 0 };
    Finding {
        kind: verdict.kind,
        probability: verdict.probability,
        band: verdict.band,
        members,
        rupiah: all - dearest,
        verdict,
        pair,
    }
}

/// Keeps the first `per_village` alerts of each village and sums up the others: a boiler-plate title makes no flood.
fn dam(collection: &Collection, findings: Vec<Finding>, per_village: usize) -> (Vec<Finding>, Vec<Flood>) {
    let mut told: HashMap<String, usize> = HashMap::new();
    let mut floods: HashMap<String, Flood> = HashMap::new();
    let mut kept = Vec::with_capacity(findings.len());
    for finding in findings {
        let village = finding.members.first().and_then(|at| collection.records.get(*at));
        let code = village.map(|record| record.facts.village_code.to_string()).unwrap_or_default();
        let count = told.entry(code.clone()).or_default();
        // Without a village there is nobody whom it could be too much for.
        if code.is_empty() || finding.band != Band::Alert || *count < per_village {
            *count += usize::from(finding.band == Band::Alert);
            kept.push(finding);
            continue;
        }
        let flood = floods.entry(code.clone()).or_insert(Flood { village_code: code, findings: 0, rupiah: 0 });
        flood.findings += 1;
        flood.rupiah = flood.rupiah.saturating_add(finding.rupiah);
    }
    let mut floods: Vec<Flood> = floods.into_values().collect();
    floods.sort_by(|x, y| y.findings.cmp(&x.findings).then(x.village_code.cmp(&y.village_code)));
    (kept, floods)
}
