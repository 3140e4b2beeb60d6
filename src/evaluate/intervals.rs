//! 95 % intervals of shares and of F1.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Serialize;

/// The normal quantile of 97.5 %.
const Z: f64 = 1.959_963_985;
/// Resamples of a bootstrap: enough for two digits of a 95 % interval.
const RESAMPLES: usize = 1_000;
const SEED: u64 = 1969;

/// Lower bound, estimate and upper bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(into = "[f64; 3]")]
pub struct Estimate {
    pub low: f64,
    pub estimate: f64,
    pub high: f64,
}

impl From<Estimate> for [f64; 3] {
    fn from(e: Estimate) -> Self {
        [e.low, e.estimate, e.high]
    }
}

/// A share of weighted cases with the score interval of Wilson (1927); with weights, the number of cases is the
/// effective one of Kish (1965), the squared sum over the sum of squares. Without cases it is 0 to 1.
pub fn share(hits: impl Iterator<Item = (bool, f64)>) -> Estimate {
    let (mut hit, mut all, mut squares) = (0.0, 0.0, 0.0);
    for (is_hit, weight) in hits {
        hit += if is_hit { weight } else { 0.0 };
        all += weight;
        squares += weight * weight;
    }
    if all <= 0.0 {
        return Estimate { low: 0.0, estimate: 0.0, high: 1.0 };
    }
    let (p, n) = (hit / all, all * all / squares);
    let denominator = 1.0 + Z * Z / n;
    let centre = (p + Z * Z / (2.0 * n)) / denominator;
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt() / denominator;
    Estimate { low: (centre - half).max(0.0).min(p), estimate: p, high: (centre + half).min(1.0).max(p) }
}

/// A figure of cases with its percentile bootstrap interval (Efron 1979), from a fixed seed.
pub fn bootstrap<T: Copy>(cases: &[T], figure: impl Fn(&[T]) -> f64) -> Estimate {
    let estimate = figure(cases);
    if cases.is_empty() {
        return Estimate { low: 0.0, estimate, high: 1.0 };
    }
    let mut random = StdRng::seed_from_u64(SEED);
    let mut sample = cases.to_vec();
    let mut figures: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            for case in &mut sample {
                *case = cases[random.random_range(0..cases.len())];
            }
            figure(&sample)
        })
        .collect();
    figures.sort_unstable_by(f64::total_cmp);
    Estimate { low: figures[RESAMPLES / 40], estimate, high: figures[RESAMPLES - 1 - RESAMPLES / 40] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_the_interval_of_the_textbook() {
        // 8 of 10: Wilson gives 0.490 to 0.943.
        let e = share((0..10).map(|n| (n < 8, 1.0)));
        assert!(
            (e.estimate - 0.8).abs() < 1e-9 && (e.low - 0.490).abs() < 1e-3 && (e.high - 0.943).abs() < 1e-3,
            "{e:?}"
        );
        let all = share((0..20).map(|_| (true, 1.0)));
        assert!((all.low - 0.839).abs() < 1e-3 && (all.high - 1.0).abs() < 1e-9, "{all:?}");
        assert_eq!(share(std::iter::empty()), Estimate { low: 0.0, estimate: 0.0, high: 1.0 });
    }

    #[test]
    fn weights_count_as_many_cases_and_do_not_narrow_the_interval() {
        let one = share([(true, 3.0), (false, 1.0)].into_iter());
        assert!((one.estimate - 0.75).abs() < 1e-12);
        let many = share([(true, 1.0), (true, 1.0), (true, 1.0), (false, 1.0)].into_iter());
        assert!(one.low < many.low, "two cases know less than four");
    }

    #[test]
    fn a_bootstrap_is_the_same_each_time_and_holds_its_estimate() {
        let cases: Vec<f64> = (0..50).map(f64::from).collect();
        let mean = |sample: &[f64]| sample.iter().sum::<f64>() / 50.0;
        let (x, y) = (bootstrap(&cases, mean), bootstrap(&cases, mean));
        assert_eq!(x, y);
        assert!(x.low < x.estimate && x.estimate < x.high && (x.high - x.low - 8.0).abs() < 1.5, "{x:?}");
    }
}
