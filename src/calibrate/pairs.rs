//! The pairs that weights are estimated from: all that come near each other, or a sample of them.

use crate::atlas::Atlas;
use crate::domain::facts::Facts;
use crate::duplicates::Observation;
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

/// A decided pair: the two records, one of which may have been merged into the other since, and whether they are one
/// work.
pub type Decided = (Arc<Facts>, Arc<Facts>, bool);

/// The levels of pairs near each other, about `most` at most: beyond that, those of every n-th project. Decided pairs
/// are always included. `step` receives the number of finished projects and of all.
pub fn observe(
    atlas: &Atlas,
    decided: &[Decided],
    most: usize,
    mut step: impl FnMut(usize, usize),
) -> Vec<Observation> {
    let mut observed = Vec::new();
    let mut known = HashSet::new();
    for (a, b, same) in decided {
        let (x, y) = (atlas.judge.prepare(Arc::clone(a)), atlas.judge.prepare(Arc::clone(b)));
        observed.push(Observation { decided: Some(*same), ..atlas.observe_pair(&x, &y) });
        known.insert((a.id.min(b.id), a.id.max(b.id)));
    }
    observed.sort_by(|x, y| x.levels.cmp(&y.levels));
    let ids: Vec<Uuid> = atlas.with_picture(|picture| picture.ids()).into_iter().collect();
    // Estimates the number of pairs from a sample of projects.
    let looks = ids.iter().step_by(ids.len().div_ceil(200).max(1));
    let each =
        looks.clone().map(|id| atlas.observe_onward(*id).len()).sum::<usize>() as f64 / looks.len().max(1) as f64;
    let stride = (each * ids.len() as f64 / most.max(1) as f64).ceil().clamp(1.0, ids.len().max(1) as f64);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to the number of projects")]
    let stride = stride as usize;
    for (done, (at, id)) in ids.iter().enumerate().step_by(stride).enumerate() {
        if done % 500 == 0 {
            step(at, ids.len());
        }
        for (other, seen) in atlas.observe_onward(*id) {
            if !known.contains(&(*id, other)) {
                observed.push(seen);
            }
        }
    }
    observed
}
