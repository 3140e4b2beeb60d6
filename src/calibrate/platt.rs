//! Platt's scaling (1999): expectation–maximisation moves weights apart or together, so that its sums are no
//! probabilities any more. A straight line over the sums makes them so again, and goes into the weights themselves.

use crate::duplicates::{Observation, Weights};

/// The line: bits become `slope · bits + shift`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling {
    pub slope: f64,
    /// Bits.
    pub shift: f64,
}

/// Pairs that nobody decided count together as so many decided ones.
const UNDECIDED_AS: f64 = 100.0;
/// A line that is steeper, or flatter than one over this, rests on too few pairs.
const STEEPEST: f64 = 4.0;
const MOST_ROUNDS: usize = 100;

/// A pair: its bits by the new weights, the probability that it should have, and how much it counts.
#[derive(Clone, Copy, Debug)]
struct Point {
    bits: f64,
    target: f64,
    weight: f64,
}

/// Scales these weights so that decided pairs come out as they were decided, and undecided ones, on the whole, as by the
/// weights in force. Pairs that a rule explains are silent whatever their bits, and do not count.
pub fn scaled(observed: &[Observation], estimated: &Weights, now: &Weights) -> (Weights, Scaling) {
    let scaling = fit(&points(observed, estimated, now));
    let Scaling { slope, shift } = scaling;
    let weights = estimated.changed(&estimated.version, slope * estimated.prior + shift, |name, level| {
        Some(slope * estimated.bits(name, level))
    });
    (weights, scaling)
}

fn points(observed: &[Observation], estimated: &Weights, now: &Weights) -> Vec<Point> {
    let open = || observed.iter().filter(|pair| !pair.explained || pair.decided.is_some());
    let count = |is: bool| open().filter(|pair| pair.decided == Some(is)).count() as f64;
    let (same, other) = (count(true), count(false));
    let undecided = open().filter(|pair| pair.decided.is_none()).count().max(1) as f64;
    // Platt's targets: a decision is nearly certain, the more so the more there are.
    let decided = |is: bool| if is { (same + 1.0) / (same + 2.0) } else { 1.0 / (other + 2.0) };
    let point = |pair: &Observation| Point {
        bits: pair.bits(estimated),
        target: pair.decided.map_or_else(|| probability(pair.bits(now)), decided),
        weight: if pair.decided.is_some() { 1.0 } else { (UNDECIDED_AS / undecided).min(1.0) },
    };
    open().map(point).collect()
}

/// The probability of a sum of bits, the prior among them.
pub fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits.clamp(-60.0, 60.0)).exp2())
}

/// Logistic regression by Newton's method, damped. Without two different sums the line stays as it is.
fn fit(points: &[Point]) -> Scaling {
    let loss = |line: Scaling| -> f64 {
        let of = |point: &Point| {
            let p = probability(line.slope * point.bits + line.shift).clamp(1e-12, 1.0 - 1e-12);
            -point.weight * (point.target * p.ln() + (1.0 - point.target) * (1.0 - p).ln())
        };
        points.iter().map(of).sum()
    };
    let mut line = Scaling { slope: 1.0, shift: 0.0 };
    let mut now = loss(line);
    for _ in 0..MOST_ROUNDS {
        let (mut g, mut h) = ([0.0; 2], [1e-9, 0.0, 1e-9]);
        for point in points {
            let p = probability(line.slope * point.bits + line.shift);
            let (error, spread) = (point.weight * (p - point.target), point.weight * p * (1.0 - p));
            g = [g[0] + error * point.bits, g[1] + error];
            h = [h[0] + spread * point.bits * point.bits, h[1] + spread * point.bits, h[2] + spread];
        }
        let determinant = h[0] * h[2] - h[1] * h[1];
        if determinant.abs() < 1e-12 {
            break;
        }
        // The gradient is in natural logarithms, the line in bits.
        let step = [
            (h[2] * g[0] - h[1] * g[1]) / determinant / std::f64::consts::LN_2,
            (h[0] * g[1] - h[1] * g[0]) / determinant / std::f64::consts::LN_2,
        ];
        let halved = (0..30).map(|n| 0.5_f64.powi(n)).find_map(|part| {
            let slope = (line.slope - part * step[0]).clamp(1.0 / STEEPEST, STEEPEST);
            let next = Scaling { slope, shift: line.shift - part * step[1] };
            (loss(next) < now).then_some(next)
        });
        let Some(next) = halved else { break };
        line = next;
        now = loss(line);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(of: impl Fn(f64) -> f64) -> Vec<Point> {
        (-40..40).map(|n| f64::from(n) / 2.0).map(|bits| Point { bits, target: of(bits), weight: 1.0 }).collect()
    }

    #[test]
    fn a_line_is_found_again() {
        let found = fit(&points(|bits| probability(0.5 * bits + 2.0)));
        assert!((found.slope - 0.5).abs() < 0.01 && (found.shift - 2.0).abs() < 0.05, "{found:?}");
        let stays = fit(&points(probability));
        assert!((stays.slope - 1.0).abs() < 0.01 && stays.shift.abs() < 0.05, "{stays:?}");
    }

    #[test]
    fn pairs_of_one_sum_or_none_give_no_wild_line() {
        for points in [Vec::new(), vec![Point { bits: 3.0, target: 0.9, weight: 1.0 }; 5]] {
            let found = fit(&points);
            assert!(found.slope.is_finite() && found.shift.is_finite() && found.slope > 0.0, "{found:?}");
        }
    }

    #[test]
    fn alerts_there_were_stay_alerts_where_new_weights_would_leave_none() {
        // All weights of title and place gone, as after a file in which nearly all is alike.
        let now = Weights::shipped();
        let flat = now.changed("flat", -12.0, |name, level| Some(0.3 * now.bits(name, level)));
        let pair = |levels: &[crate::duplicates::Level]| Observation {
            levels: levels.to_vec(),
            decided: None,
            explained: false,
        };
        let alike = pair(&[("position", "line_same"), ("title", "same"), ("object", "same")]);
        let other = pair(&[("position", "apart"), ("title", "some"), ("object", "same")]);
        let mut observed = vec![alike.clone(); 10];
        observed.extend(vec![other.clone(); 90]);
        assert!(probability(alike.bits(&flat)) < 0.5, "the case is none");
        let (scaled, _) = scaled(&observed, &flat, &now);
        assert!(probability(alike.bits(&scaled)) > 0.8, "{}", probability(alike.bits(&scaled)));
        assert!(probability(other.bits(&scaled)) < 0.35, "{}", probability(other.bits(&scaled)));
    }

    #[test]
    fn decided_pairs_outweigh_what_the_weights_in_force_say() {
        let now = Weights::shipped();
        let pair = |decided| Observation {
            levels: vec![("position", "line_part"), ("title", "like"), ("object", "same")],
            decided,
            explained: false,
        };
        let mut observed = vec![pair(Some(false)); 300];
        observed.extend(vec![pair(None); 50]);
        let (scaled, _) = scaled(&observed, &now, &now);
        assert!(probability(pair(None).bits(&scaled)) < probability(pair(None).bits(&now)));
    }
}
