//! The thresholds that fit probabilities: from which on enough of the pairs are expected to be one work.

use super::platt::probability;
use crate::duplicates::{Observation, Settings, Weights};
use serde::Serialize;

/// Suggested thresholds, and the pairs at or over each.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Thresholds {
    pub alert: f64,
    pub review: f64,
    pub alerts: usize,
    pub reviews: usize,
}

/// Share of alerts that should be right, and of all doubles that alerts and reviews together should hold.
const RIGHT: f64 = 0.95;
const FOUND: f64 = 0.98;
/// An alert must be likelier than not, and a review worth a look.
const LEAST_ALERT: f64 = 0.6;
const LEAST_REVIEW: f64 = 0.1;

/// As low as the share that should be right allows; the settings in force where no pair comes so high. O(n log n).
pub fn suggest(observed: &[Observation], weights: &Weights, settings: &Settings) -> Thresholds {
    let open = observed.iter().filter(|pair| !pair.explained);
    let mut all: Vec<f64> = open.map(|pair| probability(pair.bits(weights))).collect();
    all.sort_unstable_by(|x, y| y.total_cmp(x));
    let expected: f64 = all.iter().sum();
    let (mut sum, mut alert, mut review) = (0.0, None, None);
    for (taken, p) in (1..).zip(&all) {
        sum += p;
        if sum >= RIGHT * f64::from(taken) && *p >= LEAST_ALERT {
            alert = Some(*p);
        }
        if review.is_none() && sum >= FOUND * expected {
            review = Some(*p);
        }
    }
    // Rounded down, so that the last pair is in.
    let percent = |p: f64| (p * 100.0).floor() / 100.0;
    let alert = alert.map_or(settings.alert, percent).clamp(LEAST_ALERT, 0.99);
    let review = review.map_or(settings.review, percent).clamp(LEAST_REVIEW, alert);
    let over = |least: f64| all.iter().filter(|p| **p >= least).count();
    Thresholds { alert, review, alerts: over(alert), reviews: over(review) - over(alert) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_are_as_many_as_the_share_of_right_ones_allows() {
        let weights = Weights::shipped();
        let pair = |levels: &[crate::duplicates::Level]| Observation {
            levels: levels.to_vec(),
            decided: None,
            explained: false,
        };
        // 99 %, some 75 %, and next to nothing.
        let mut observed = vec![pair(&[("position", "line_same"), ("title", "same"), ("object", "same")]); 20];
        observed.extend(vec![pair(&[("position", "line_same"), ("object", "unknown")]); 2]);
        observed.extend(vec![pair(&[("position", "apart")]); 200]);
        let found = suggest(&observed, &weights, &Settings::default());
        assert_eq!((found.alerts, found.reviews), (22, 0), "{found:?}");
        assert!(found.alert > 0.6 && found.review <= found.alert);
        let none = suggest(&[], &weights, &Settings::default());
        assert_eq!((none.alert, none.review, none.alerts), (0.8, 0.35, 0));
    }
}
