//! The effect of other settings, before anybody changes them.

use super::find::Scanned;
use crate::collection::Collection;
use crate::domain::verdict::{Band, Verdict};
use crate::duplicates::Judge;
use std::collections::BTreeSet;

/// Two records and their verdict under one of the settings.
pub type Pair = (usize, usize, Verdict);

/// Alerts that would be added and removed.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub alerts_now: usize,
    pub alerts_then: usize,
    pub gained: Vec<Pair>,
    pub lost: Vec<Pair>,
}

/// Judges the collection with both judges, each as in a scan of its own, and compares. Nothing is saved. Twice the
/// cost of a scan, and the memory of one. Only alerts for which `concerns` is true are counted and listed.
pub fn whatif(
    collection: &mut Collection,
    now: &Judge,
    then: &Judge,
    concerns: impl Fn(usize, usize) -> bool,
    step: impl Fn(usize) + Sync,
) -> Change {
    let records = collection.records.len();
    let mut scanned = Scanned::new(collection, now);
    let alerts = |scanned: &Scanned<'_>, before: usize| -> BTreeSet<(usize, usize)> {
        let pairs = scanned.pairs(|done| step(before + done));
        pairs
            .into_iter()
            .filter(|pair| pair.band == Band::Alert && concerns(pair.a, pair.b))
            .map(|pair| (pair.a, pair.b))
            .collect()
    };
    let only = |scanned: &Scanned<'_>, these: &BTreeSet<(usize, usize)>, those: &BTreeSet<(usize, usize)>| {
        let pairs = these.difference(those);
        pairs.filter_map(|&(a, b)| Some((a, b, scanned.verdict(a, b)?))).collect::<Vec<Pair>>()
    };
    let alerts_now = alerts(&scanned, 0);
    scanned.set_judge(then);
    let alerts_then = alerts(&scanned, records);
    let gained = only(&scanned, &alerts_then, &alerts_now);
    scanned.set_judge(now);
    let lost = only(&scanned, &alerts_now, &alerts_then);
    Change { alerts_now: alerts_now.len(), alerts_then: alerts_then.len(), gained, lost }
}
