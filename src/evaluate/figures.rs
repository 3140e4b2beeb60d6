//! Figures of a score against labels: precision, recall, F1, average precision, Brier score, reliability.

use super::intervals::{Estimate, bootstrap, share};
use serde::Serialize;

/// One case: whether it is a duplicate, its score and its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Case {
    pub is_duplicate: bool,
    pub score: f64,
    pub weight: f64,
}

/// Figures of a classification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    pub precision: Estimate,
    pub recall: Estimate,
    pub f1: Estimate,
}

/// The threshold with the highest F1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Best {
    pub threshold: f64,
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

/// One row of a reliability table: for cases with scores in a range, the mean score and the observed frequency.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reliability {
    pub from: f64,
    pub to: f64,
    pub cases: usize,
    pub mean_score: f64,
    pub duplicates: f64,
}

/// `taken` classifies a case as duplicate.
pub fn figures(cases: &[Case], taken: impl Fn(&Case) -> bool) -> Figures {
    let taken_ones = cases.iter().filter(|case| taken(case));
    let duplicates = cases.iter().filter(|case| case.is_duplicate);
    Figures {
        precision: share(taken_ones.map(|case| (case.is_duplicate, case.weight))),
        recall: share(duplicates.map(|case| (taken(case), case.weight))),
        f1: bootstrap(cases, |sample| f1(sample, &taken)),
    }
}

/// 2·TP / (2·TP + FP + FN); 0 if there are no duplicates and none are predicted.
fn f1(cases: &[Case], taken: impl Fn(&Case) -> bool) -> f64 {
    let (mut hit, mut wrong) = (0.0, 0.0);
    for case in cases {
        match (taken(case), case.is_duplicate) {
            (true, true) => hit += case.weight,
            (true, false) | (false, true) => wrong += case.weight,
            (false, false) => {}
        }
    }
    if hit > 0.0 { 2.0 * hit / (2.0 * hit + wrong) } else { 0.0 }
}

/// Over all thresholds that separate cases. O(n log n).
pub fn best(cases: &[Case]) -> Best {
    let all: f64 = cases.iter().filter(|case| case.is_duplicate).map(|case| case.weight).sum();
    let mut best = Best::default();
    for (threshold, hit, taken) in steps(cases) {
        let (precision, recall) = (hit / taken, if all > 0.0 { hit / all } else { 0.0 });
        let f1 = if hit > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
        if f1 > best.f1 {
            best = Best { threshold, precision, recall, f1 };
        }
    }
    best
}

/// Σ (Rₙ − Rₙ₋₁) Pₙ over falling thresholds, equal scores together.
pub fn average_precision(cases: &[Case]) -> f64 {
    let all: f64 = cases.iter().filter(|case| case.is_duplicate).map(|case| case.weight).sum();
    if all <= 0.0 {
        return 0.0;
    }
    let (mut sum, mut before) = (0.0, 0.0);
    for (_, hit, taken) in steps(cases) {
        sum += (hit - before) / all * (hit / taken);
        before = hit;
    }
    sum
}

/// For each score, in descending order: the weight of duplicates and of all cases with that score or more.
fn steps(cases: &[Case]) -> Vec<(f64, f64, f64)> {
    let mut sorted = cases.to_vec();
    sorted.sort_unstable_by(|x, y| y.score.total_cmp(&x.score));
    let (mut steps, mut hit, mut taken): (Vec<(f64, f64, f64)>, f64, f64) = (Vec::new(), 0.0, 0.0);
    for case in sorted {
        hit += if case.is_duplicate { case.weight } else { 0.0 };
        taken += case.weight;
        match steps.last_mut() {
            Some(last) if last.0 == case.score => *last = (case.score, hit, taken),
            _ => steps.push((case.score, hit, taken)),
        }
    }
    steps
}

/// The weighted mean of (score − outcome)² (Brier 1950); scores are probabilities.
pub fn brier(cases: &[Case]) -> f64 {
    let all: f64 = cases.iter().map(|case| case.weight).sum();
    let error = |case: &Case| case.score - f64::from(u8::from(case.is_duplicate));
    if all > 0.0 { cases.iter().map(|case| case.weight * error(case).powi(2)).sum::<f64>() / all } else { 0.0 }
}

/// In five ranges of equal width; empty ones are left out.
pub fn reliability(cases: &[Case]) -> Vec<Reliability> {
    const RANGES: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
    let of = |from: f64, to: f64| {
        let within: Vec<&Case> =
            cases.iter().filter(|case| case.score >= from && (case.score < to || to >= 1.0)).collect();
        let all: f64 = within.iter().map(|case| case.weight).sum();
        let sum = |value: fn(&Case) -> f64| within.iter().map(|case| case.weight * value(case)).sum::<f64>() / all;
        (!within.is_empty()).then(|| Reliability {
            from,
            to,
            cases: within.len(),
            mean_score: sum(|case| case.score),
            duplicates: sum(|case| f64::from(u8::from(case.is_duplicate))),
        })
    };
    RANGES.windows(2).filter_map(|range| of(range[0], range[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four duplicates and two others, by falling score: D D o D o D.
    fn cases() -> Vec<Case> {
        [(0.9, true), (0.8, true), (0.7, false), (0.6, true), (0.3, false), (0.2, true)]
            .map(|(score, is_duplicate)| Case { is_duplicate, score, weight: 1.0 })
            .to_vec()
    }

    #[test]
    fn figures_are_those_counted_by_hand() {
        let at = figures(&cases(), |case| case.score >= 0.5);
        assert_eq!((at.precision.estimate, at.recall.estimate), (0.75, 0.75));
        assert!((at.f1.estimate - 0.75).abs() < 1e-12 && at.f1.low < 0.75 && at.f1.high > 0.75);
        // Predicting all six: precision 4/6, recall 1, F1 0.8: more than 0.75 at 0.6.
        let best = best(&cases());
        assert!((best.f1 - 0.8).abs() < 1e-12 && (best.threshold - 0.2).abs() < 1e-12, "{best:?}");
        // (1 + 1 + 3/4 + 4/6) / 4
        assert!((average_precision(&cases()) - 0.854_166_666).abs() < 1e-6);
        // (0.01 + 0.04 + 0.49 + 0.16 + 0.09 + 0.64) / 6
        assert!((brier(&cases()) - 1.43 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn a_reliability_table_holds_each_case_once() {
        let table = reliability(&cases());
        assert_eq!(table.iter().map(|row| row.cases).sum::<usize>(), 6);
        let last = table.last().unwrap();
        assert_eq!((last.from, last.cases, last.duplicates), (0.8, 2, 1.0));
    }

    #[test]
    fn nothing_to_measure_gives_no_invalid_number() {
        for cases in [vec![], vec![Case { is_duplicate: false, score: 0.1, weight: 1.0 }]] {
            let at = figures(&cases, |case| case.score >= 0.5);
            assert!([at.f1.estimate, average_precision(&cases), brier(&cases)].iter().all(|figure| figure.is_finite()));
            assert_eq!(best(&cases).f1, 0.0);
        }
    }
}
