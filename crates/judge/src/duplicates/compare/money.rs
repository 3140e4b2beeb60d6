//! Sums, volumes, funds, contracts and what each funding line pays for.

use super::super::Prepared;
use super::super::lengths::{OTHER_DIMENSIONS, least_ratio};
use crate::domain::facts::{Facts, FundingFact};
use crate::domain::text::says_something;

#[expect(clippy::cast_precision_loss, reason = "a ratio of budgets needs no more digits")]
pub fn amount(a: &Facts, b: &Facts) -> &'static str {
    let (Some(x), Some(y)) = (a.budget_rupiah.filter(|n| *n > 0), b.budget_rupiah.filter(|n| *n > 0)) else {
        return "unknown";
    };
    let ratio = x.min(y) as f64 / x.max(y) as f64;
    if ratio >= 0.98 {
        "same"
    } else if ratio >= 0.7 {
        "like"
    } else {
        "different"
    }
}

/// Compares the measures in the titles, or else volumes in the same unit.
pub fn dimensions(a: &Prepared, b: &Prepared) -> &'static str {
    let ratio = |x: f64, y: f64| if x.max(y) > 0.0 { x.min(y) / x.max(y) } else { 1.0 };
    let worst = match (a.title.measures, b.title.measures) {
        (Some(x), Some(y)) => least_ratio(x, y),
        _ => {
            let unit = |p: &Prepared| p.facts.volume_unit.as_deref().map(str::to_lowercase);
            match (a.facts.volume, b.facts.volume, unit(a), unit(b)) {
                (Some(x), Some(y), Some(u), Some(v)) if u == v && x > 0.0 && y > 0.0 => ratio(x, y),
                _ => return "unknown",
            }
        }
    };
    if worst >= 0.95 {
        "same"
    } else if worst < OTHER_DIMENSIONS {
        "different"
    } else {
        "unknown"
    }
}

pub fn fund(a: &Prepared, b: &Prepared) -> &'static str {
    let (x, y) = (&a.names.funds, &b.names.funds);
    if x.is_empty() || y.is_empty() {
        "unknown"
    } else if x.iter().any(|fund| y.contains(fund)) {
        "same"
    } else {
        "different"
    }
}

/// Compares contract numbers, or budget lines within one village and year. One budget line may pay for many works, so
/// different lines contradict nothing.
pub fn contract(a: &Prepared, b: &Prepared) -> &'static str {
    let (x, y) = (&a.names.contracts, &b.names.contracts);
    if x.iter().any(|number| y.contains(number)) {
        "same"
    } else if shares_budget_line(&a.facts, &b.facts) {
        "budget_line"
    } else if x.is_empty() || y.is_empty() {
        "unknown"
    } else {
        "different"
    }
}

fn budget_line(line: &FundingFact) -> Option<&str> {
    line.budget_line.as_deref().map(str::trim).filter(|line| says_something(line))
}

fn shares_budget_line(a: &Facts, b: &Facts) -> bool {
    let mut x = a.funding.iter().filter_map(budget_line);
    let shares = x.any(|line| b.funding.iter().filter_map(budget_line).any(|other| line.eq_ignore_ascii_case(other)));
    shares && a.years_apart(b) == Some(0) && !a.is_cross_border(b)
}

/// Compares funding segments, if every line of both records has one.
pub fn segments(a: &Facts, b: &Facts) -> &'static str {
    let of = |facts: &Facts| -> Option<Vec<(f64, f64)>> {
        let all: Vec<_> = facts.funding.iter().map(|line| line.segment.as_ref().map(|s| (s.from_m, s.to_m))).collect();
        if all.is_empty() { None } else { all.into_iter().collect() }
    };
    match (of(a), of(b)) {
        (Some(x), Some(y)) if x.iter().any(|p| y.iter().any(|q| p.0 < q.1 && q.0 < p.1)) => "overlap",
        (Some(_), Some(_)) => "apart",
        _ => "unknown",
    }
}
