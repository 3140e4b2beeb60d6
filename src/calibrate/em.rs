//! Expectation–maximisation for the two-class model of Fellegi and Sunter (1969) with conditional independence, as in
//! Winkler (1988): the probability that a pair is one work follows from the weights, new weights follow from those
//! probabilities, until they converge.
//!
//! Against drift: it starts from the weights in force; these count as [`PRIOR_PAIRS`] pairs of each class, so that a
//! level seen a few times moves little; a pair explained by a rule is no duplicate whatever its bits; and a decided
//! pair counts as decided.

use super::platt::probability;
use crate::duplicates::{Level, Observation, Weights};
use std::collections::BTreeMap;

/// Levels without weight by definition: unknown is never equal and never different.
const SILENT: [&str; 2] = ["unknown", "no"];
/// Number of pairs of each class that the weights in force count as.
const PRIOR_PAIRS: f64 = 20.0;
const MOST_ROUNDS: usize = 100;
/// Convergence limit: the most bits that a level may move in the last round.
const SETTLED: f64 = 0.005;

/// The outcome for one level.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Count {
    /// Expected number of pairs of one work and of others with this level.
    pub same: f64,
    pub other: f64,
    /// The decided ones among them.
    pub decided: usize,
}

/// The outcome.
#[derive(Clone, Debug)]
pub struct Estimated {
    pub weights: Weights,
    pub counts: BTreeMap<Level, Count>,
    pub rounds: usize,
    /// Expected number of pairs of one work among those observed.
    pub same: f64,
}

/// Estimates weights named `version` from these pairs, starting from those in force. Independent of the order of the
/// pairs except for rounding. O(pairs · comparisons · rounds).
pub fn estimate(observed: &[Observation], now: &Weights, version: &str) -> Estimated {
    let mut weights = now.changed(version, now.prior, |_, _| None);
    let mut rounds = 0;
    loop {
        rounds += 1;
        let (counts, same) = expect(observed, &weights);
        let next = maximise(&counts, same, observed.len(), now, version);
        let moved = counts.keys().map(|(name, level)| (next.bits(name, level) - weights.bits(name, level)).abs());
        let settled = moved.fold((next.prior - weights.prior).abs(), f64::max) < SETTLED;
        weights = next;
        if settled || rounds == MOST_ROUNDS {
            return Estimated { weights, counts, rounds, same };
        }
    }
}

/// Expected number of pairs of each class for each level.
fn expect(observed: &[Observation], weights: &Weights) -> (BTreeMap<Level, Count>, f64) {
    let mut counts: BTreeMap<Level, Count> = BTreeMap::new();
    let mut all = 0.0;
    for pair in observed {
        let same = match (pair.decided, pair.explained) {
            (Some(decided), _) => f64::from(u8::from(decided)),
            (None, true) => 0.0,
            (None, false) => probability(pair.bits(weights)),
        };
        all += same;
        for level in pair.levels.iter().filter(|(_, level)| !SILENT.contains(level)) {
            let count = counts.entry(*level).or_default();
            count.same += same;
            count.other += 1.0 - same;
            count.decided += usize::from(pair.decided.is_some());
        }
    }
    (counts, all)
}

/// The maximum-likelihood weights for these counts, the weights in force counting as some pairs.
fn maximise(counts: &BTreeMap<Level, Count>, same: f64, pairs: usize, now: &Weights, version: &str) -> Weights {
    let mut totals: BTreeMap<&str, Count> = BTreeMap::new();
    for ((name, _), count) in counts {
        let total = totals.entry(name).or_default();
        total.same += count.same;
        total.other += count.other;
    }
    #[expect(clippy::cast_precision_loss, reason = "pairs are counted in millions")]
    let others = pairs as f64 - same;
    let odds = (same + 1.0) / (others + 1.0);
    now.changed(version, odds.log2(), |name, level| {
        let (key, count) = counts.iter().find(|((n, l), _)| *n == name && *l == level)?;
        let total = totals.get(key.0)?;
        // Of the pairs that stand for the weights in force, the level has the same share as in both classes together:
        // by themselves these then give exactly the bits in force.
        let share = (count.same + count.other) / (total.same + total.other);
        let (m_now, u_now) = shares_with_ratio(share, now.bits(name, level));
        let m = (count.same + PRIOR_PAIRS * m_now) / (total.same + PRIOR_PAIRS);
        let u = (count.other + PRIOR_PAIRS * u_now) / (total.other + PRIOR_PAIRS);
        Some((m / u).log2())
    })
}

/// Two shares around `share` whose ratio is 2^bits, neither over 1.
fn shares_with_ratio(share: f64, bits: f64) -> (f64, f64) {
    let share = share.clamp(1e-6, 1.0);
    let (m, u) = (share * (bits / 2.0).exp2(), share * (-bits / 2.0).exp2());
    let over = m.max(u).max(1.0);
    (m / over, u / over)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(levels: &[Level]) -> Observation {
        Observation { levels: levels.to_vec(), decided: None, explained: false }
    }

    /// 20,000 pairs of which 2,000 are one work: of those 90 % have the same title, 80 % one place and 70 % the same amount,
    /// of the others 5 %, 2 % and 10 %.
    fn world() -> Vec<Observation> {
        use rand::{RngExt, SeedableRng};
        let mut chance = rand::rngs::StdRng::seed_from_u64(1);
        (0..20_000)
            .map(|n| {
                let same = n % 10 == 0;
                let mut of =
                    |same_share: f64, other_share: f64| chance.random_bool(if same { same_share } else { other_share });
                let title = if of(0.9, 0.05) { "same" } else { "other" };
                let place = if of(0.8, 0.02) { "line_same" } else { "apart" };
                let amount = if of(0.7, 0.1) { "same" } else { "different" };
                pair(&[("title", title), ("position", place), ("amount", amount), ("hamlet", "unknown")])
            })
            .collect()
    }

    #[test]
    fn the_parameters_of_a_synthetic_world_are_recovered() {
        let found = estimate(&world(), &Weights::shipped(), "test");
        // log2(0.9 / 0.05) = 4.2, log2(0.1 / 0.95) = -3.2, log2(0.8 / 0.02) = 5.3; odds 1 : 9.
        let of = |name: &str, level: &str| found.weights.bits(name, level);
        assert!((of("title", "same") - 4.2).abs() < 0.3, "{}", of("title", "same"));
        assert!((of("title", "other") + 3.2).abs() < 0.5, "{}", of("title", "other"));
        assert!((of("position", "line_same") - 5.3).abs() < 0.5, "{}", of("position", "line_same"));
        assert!((found.same - 2_000.0).abs() < 200.0, "{}", found.same);
        assert!((of("hamlet", "unknown")).abs() < 1e-9, "unknown is no evidence");
        assert!((of("owner", "different") - Weights::shipped().bits("owner", "different")).abs() < 1e-9, "never seen");
    }

    #[test]
    fn decided_and_explained_pairs_are_not_estimated() {
        let levels: &[Level] = &[("title", "same"), ("position", "line_same")];
        let explained = Observation { explained: true, ..pair(levels) };
        let found = estimate(&vec![explained; 50], &Weights::shipped(), "test");
        assert!(found.same < 1e-9);
        let decided = Observation { decided: Some(true), ..pair(&[("title", "other")]) };
        let found = estimate(&vec![decided; 50], &Weights::shipped(), "test");
        assert!((found.same - 50.0).abs() < 1e-9);
        assert_eq!(found.counts[&("title", "other")].decided, 50);
    }

    #[test]
    fn a_level_seen_once_hardly_moves_and_nothing_is_ever_not_a_number() {
        let now = Weights::shipped();
        let found = estimate(&[pair(&[("title", "same")])], &now, "test");
        assert!((found.weights.bits("title", "same") - now.bits("title", "same")).abs() < 1.0);
        for (name, level) in found.weights.levels() {
            assert!(found.weights.bits(&name, &level).is_finite(), "{name} {level}");
        }
        assert!(estimate(&[], &now, "test").weights.prior.is_finite());
    }
}
