//! The pairs that weights are estimated from: all that come near each other, or so many of them as are asked for.

use super::em::Observed;
use crate::spatial::atlas::Atlas;
use std::collections::HashMap;
use uuid::Uuid;

/// A pair that a person decided: the smaller id, the greater, whether it is one work.
pub type Decided = (Uuid, Uuid, bool);

/// How the comparisons of pairs near each other come out, at most about `most` of them: then of every so many projects
/// one. Decided pairs are always among them. `step` hears how many projects of how many are done.
pub fn observe(atlas: &Atlas, decided: &[Decided], most: usize, mut step: impl FnMut(usize, usize)) -> Vec<Observed> {
    let mut decided: HashMap<(Uuid, Uuid), bool> =
        decided.iter().map(|(a, b, same)| ((*a.min(b), *a.max(b)), *same)).collect();
    let mut observed = Vec::new();
    for (&(a, b), &same) in &decided {
        if let Some(seen) = atlas.observe_pair(a, b) {
            observed.push(Observed { decided: Some(same), ..seen });
        }
    }
    observed.sort_by(|x, y| x.levels.cmp(&y.levels));
    let ids: Vec<Uuid> = atlas.look(|picture| picture.ids()).into_iter().collect();
    // A look at some projects tells how many pairs there are.
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
            if decided.remove(&(*id, other)).is_none() {
                observed.push(seen);
            }
        }
    }
    observed
}
