//! What other settings would change, before anybody turns them.

use super::find::Scanned;
use crate::collection::Collection;
use crate::domain::verdict::{Band, Verdict};
use crate::duplicates::Judge;
use std::collections::BTreeSet;

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
    let now = Scanned::new(collection, now, &step);
    let then = Scanned::new(collection, then, |done| step(collection.records.len() + done));
    let alerts = |scanned: &Scanned| -> BTreeSet<(usize, usize)> {
        let alerts = scanned.pairs.iter().filter(|pair| pair.band == Band::Alert);
        alerts.map(|pair| (pair.a, pair.b)).collect()
    };
    let (alerts_now, alerts_then) = (alerts(&now), alerts(&then));
    let only = |scanned: &Scanned, others: &BTreeSet<(usize, usize)>| -> Vec<Pair> {
        let alerts = scanned.pairs.iter().filter(|pair| pair.band == Band::Alert);
        let kept = alerts.filter(|pair| !others.contains(&(pair.a, pair.b)));
        kept.filter_map(|pair| Some((pair.a, pair.b, scanned.verdict(collection, pair)?))).collect()
    };
    let (gained, lost) = (only(&then, &alerts_now), only(&now, &alerts_then));
    Change { alerts_now: alerts_now.len(), alerts_then: alerts_then.len(), gained, lost }
}
