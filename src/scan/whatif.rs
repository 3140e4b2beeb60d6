//! What other settings would change, before anybody turns them.

use super::find::pairs;
use crate::collection::Collection;
use crate::domain::verdict::{Band, Verdict};
use crate::duplicates::Judge;
use std::collections::BTreeMap;

/// Two records and the verdict under one of the settings.
pub type Pair = (usize, usize, Verdict);

/// Alerts that come and go.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub alerts_now: usize,
    pub alerts_then: usize,
    pub gained: Vec<Pair>,
    pub lost: Vec<Pair>,
}

/// Judges the collection by both judges, each as a scan of its own would, and compares. Nothing is saved. Twice the
/// cost of a scan.
pub fn whatif(collection: &Collection, now: &Judge, then: &Judge, step: impl Fn(usize) + Sync) -> Change {
    let alerts = |judge: &Judge, offset: usize| -> BTreeMap<(usize, usize), Verdict> {
        let found = pairs(collection, judge, |done| step(offset + done));
        found
            .into_iter()
            .filter(|(_, _, verdict)| verdict.band == Band::Alert)
            .map(|(a, b, verdict)| ((a, b), verdict))
            .collect()
    };
    let (now, then) = (alerts(now, 0), alerts(then, collection.records.len()));
    let only = |these: &BTreeMap<(usize, usize), Verdict>, those: &BTreeMap<(usize, usize), Verdict>| {
        let kept = these.iter().filter(|(pair, _)| !those.contains_key(*pair));
        kept.map(|((a, b), verdict)| (*a, *b, verdict.clone())).collect()
    };
    Change { alerts_now: now.len(), alerts_then: then.len(), gained: only(&then, &now), lost: only(&now, &then) }
}
