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
    let slots = atlas.look(|picture| picture.slots());
    // A look at some projects tells how many pairs there are.
    let looks = slots.min(200);
    let sample: usize = (0..looks).map(|n| atlas.observe_onward(n * (slots / looks.max(1)).max(1)).len()).sum();
    let expected = sample as f64 / f64::from(looks.max(1)) * f64::from(slots);
    let stride = (expected / most.max(1) as f64).ceil().clamp(1.0, f64::from(slots.max(1)));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to the number of slots")]
    let stride = stride as usize;
    for (done, slot) in (0..slots).step_by(stride).enumerate() {
        if done % 500 == 0 {
            step(slot as usize, slots as usize);
        }
        for (a, b, seen) in atlas.observe_onward(slot) {
            if decided.remove(&(a.min(b), a.max(b))).is_none() {
                observed.push(seen);
            }
        }
    }
    observed
}
