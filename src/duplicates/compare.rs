//! The comparisons: each gives a level, the values of its sentence, and its bits.

use super::Prepared;
use super::position::Position;
use super::title::likeness;
use super::weights::Weights;
use crate::domain::facts::Facts;
use crate::domain::text::fold;
use crate::domain::verdict::Evidence;
use serde_json::{Value, json};

/// All comparisons that say something, in a fixed order.
pub fn all(a: &Prepared, b: &Prepared, place: &Position, weights: &Weights) -> Vec<Evidence> {
    let mut list = List { weights, evidence: Vec::with_capacity(16) };
    let (fa, fb, ta, tb) = (&*a.facts, &*b.facts, &a.title, &b.title);
    list.add("position", place.level, place.value.clone());
    let alike = likeness(ta, tb);
    let telling = |words: &[(String, f32)]| words.iter().map(|(_, weight)| f64::from(*weight)).sum::<f64>();
    let title = if telling(&ta.words).min(telling(&tb.words)) < 0.5 {
        "unknown"
    } else if alike >= 0.75 {
        "same"
    } else if alike >= 0.5 {
        "like"
    } else if alike >= 0.25 {
        "some"
    } else {
        "other"
    };
    list.add("title", title, json!({ "percent": alike, "a": fa.title, "b": fb.title }));
    list.add("object", same(ta.object, tb.object), json!({ "a": ta.object, "b": tb.object }));
    numbers(&mut list, a, b);
    list.add("side", side(&ta.sides, &tb.sides), json!({}));
    let stations = match (ta.station, tb.station) {
        (Some(x), Some(y)) if x.0 < y.1 && y.0 < x.1 => "overlap",
        (Some(_), Some(_)) => "apart",
        _ => segments(fa, fb),
    };
    list.add("station", stations, json!({}));
    let years = fa.years_apart(fb);
    let other_years = years.is_some_and(|years| years > 0);
    let phase = match (ta.phase, tb.phase) {
        (Some(x), Some(y)) => {
            if x == y {
                "same"
            } else {
                "different"
            }
        }
        // "Tahap II" beside a record without a phase in another year: the second of two.
        (Some(n), None) | (None, Some(n)) if n > 1 && other_years => "different",
        _ if ta.is_continuation != tb.is_continuation && other_years => "different",
        _ => "unknown",
    };
    list.add("phase", phase, json!({ "a": ta.phase, "b": tb.phase }));
    let owner = match (&ta.owner, &tb.owner) {
        (Some(x), Some(y)) if x == y || strsim::jaro_winkler(x, y) > 0.9 => "same",
        (Some(_), Some(_)) => "different",
        _ => "unknown",
    };
    list.add("owner", owner, json!({}));
    list.add("hamlet", same(ta.hamlet.as_deref(), tb.hamlet.as_deref()), json!({ "a": ta.hamlet, "b": tb.hamlet }));
    let activity = match (fa.activity_code, fb.activity_code) {
        (Some(x), Some(y)) if x == y => "same",
        (Some(x), Some(y)) if x.0[0] == y.0[0] && (x.0[1] == y.0[1] || x.0[0] == 2) => "near",
        (Some(_), Some(_)) => "different",
        _ => "unknown",
    };
    list.add(
        "activity",
        activity,
        json!({ "a": fa.activity_code.map(|c| c.to_string()), "b": fb.activity_code.map(|c| c.to_string()) }),
    );
    list.add(
        "year",
        match years {
            None => "unknown",
            Some(0) => "same",
            Some(1) => "next",
            Some(_) => "apart",
        },
        json!({ "a": fa.fiscal_year.min(fb.fiscal_year), "b": fa.fiscal_year.max(fb.fiscal_year) }),
    );
    list.add("amount", amount(fa, fb), json!({ "a": fa.budget_rupiah, "b": fb.budget_rupiah }));
    let photo = if fa.photo_marks.is_empty() || fb.photo_marks.is_empty() {
        "unknown"
    } else if fa.photo_marks.iter().any(|mark| fb.photo_marks.contains(mark)) {
        "shared"
    } else {
        "none"
    };
    list.add(
        "photo",
        photo,
        json!({ "count": fa.photo_marks.iter().filter(|mark| fb.photo_marks.contains(mark)).count() }),
    );
    list.add("number", contract(fa, fb), json!({}));
    list.add("executor", same_folded(fa.executor.as_deref(), fb.executor.as_deref()), json!({ "a": fa.executor }));
    list.add("void", if fa.is_void() || fb.is_void() { "yes" } else { "no" }, json!({}));
    list.add("upkeep", if is_upkeep(a, b) { "later" } else { "no" }, json!({}));
    let link = if fa.continues == Some(fb.id) || fb.continues == Some(fa.id) {
        "continues"
    } else if fa.agreement.is_some() && same_folded(fa.agreement.as_deref(), fb.agreement.as_deref()) == "same" {
        "agreement"
    } else if ta.is_revision != tb.is_revision && years == Some(0) && !fa.is_cross_border(fb) {
        "revision"
    } else {
        "no"
    };
    list.add("link", link, json!({ "agreement": fa.agreement }));
    // What says nothing is left out of what a person reads, but the place always stands there.
    list.evidence.retain(|item| item.bits != 0.0 || item.name == "position");
    list.evidence
}

struct List<'a> {
    weights: &'a Weights,
    evidence: Vec<Evidence>,
}

impl List<'_> {
    fn add(&mut self, name: &str, level: &str, value: Value) {
        let bits = self.weights.of(name, level);
        self.evidence.push(Evidence { name: name.to_owned(), level: level.to_owned(), value, bits });
    }
}

/// The first number that contradicts; agreeing numbers speak for it weakly.
fn numbers(list: &mut List<'_>, a: &Prepared, b: &Prepared) {
    let (mut agree, mut contradict) = (None, None);
    for (name, x) in &a.title.numbers {
        // The number of a package tells packages apart, not works: see `kind`.
        if *name == "package" {
            continue;
        }
        match b.title.numbers.get(name) {
            Some(y) if x == y => agree = agree.or(Some((*name, x, y))),
            Some(y) => contradict = contradict.or(Some((*name, x, y))),
            None => {}
        }
    }
    let (level, found) = match (contradict, agree) {
        (Some(found), _) => ("different", Some(found)),
        (None, Some(found)) => ("same", Some(found)),
        _ => ("unknown", None),
    };
    let value = found.map_or_else(|| json!({}), |(name, x, y)| json!({ "name": name, "a": x, "b": y }));
    list.add("place_number", level, value);
}

fn same(a: Option<&str>, b: Option<&str>) -> &'static str {
    match (a, b) {
        (Some(a), Some(b)) if a == b => "same",
        (Some(_), Some(_)) => "different",
        _ => "unknown",
    }
}

fn same_folded(a: Option<&str>, b: Option<&str>) -> &'static str {
    match (a, b) {
        (Some(a), Some(b)) if fold(a) == fold(b) => "same",
        (Some(_), Some(_)) => "different",
        _ => "unknown",
    }
}

/// Right against left, upstream against downstream: of one pair of words each title has only one.
fn side(a: &[(u8, bool)], b: &[(u8, bool)]) -> &'static str {
    let mut level = "unknown";
    for (pair, which) in a {
        let one =
            |sides: &[(u8, bool)], which: bool| sides.contains(&(*pair, which)) && !sides.contains(&(*pair, !which));
        if one(a, *which) && one(b, !which) {
            return "different";
        }
        if one(a, *which) && one(b, *which) {
            level = "same";
        }
    }
    level
}

/// Funding segments, where every line of both records has one.
fn segments(a: &Facts, b: &Facts) -> &'static str {
    let of = |facts: &Facts| -> Option<Vec<(f64, f64)>> {
        let all: Vec<_> = facts.funding.iter().map(|line| line.segment.map(|s| (s.from_m, s.to_m))).collect();
        if all.is_empty() { None } else { all.into_iter().collect() }
    };
    match (of(a), of(b)) {
        (Some(x), Some(y)) if x.iter().any(|p| y.iter().any(|q| p.0 < q.1 && q.0 < p.1)) => "overlap",
        (Some(_), Some(_)) => "apart",
        _ => "unknown",
    }
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of sums needs no more digits")]
fn amount(a: &Facts, b: &Facts) -> &'static str {
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

fn contract(a: &Facts, b: &Facts) -> &'static str {
    let numbers = |facts: &Facts| -> Vec<String> {
        facts.funding.iter().filter_map(|line| line.contract_number.as_deref()).map(fold).collect()
    };
    let (x, y) = (numbers(a), numbers(b));
    if x.is_empty() || y.is_empty() {
        "unknown"
    } else if x.iter().any(|number| y.contains(number)) {
        "same"
    } else {
        "different"
    }
}

/// One is upkeep and the other is not, in another year or under an upkeep code (x.x.01–09 against 10 and more).
pub fn is_upkeep(a: &Prepared, b: &Prepared) -> bool {
    let upkeep = |p: &Prepared| p.title.work == Some("maintain");
    let by_code = |p: &Prepared| p.facts.activity_code.is_some_and(|code| code.0[0] == 2 && code.0[2] < 10);
    if upkeep(a) == upkeep(b) {
        return false;
    }
    let (kept, built) = if upkeep(a) { (a, b) } else { (b, a) };
    let later = matches!((kept.facts.fiscal_year, built.facts.fiscal_year), (Some(x), Some(y)) if x > y);
    later || (by_code(kept) && !by_code(built))
}
