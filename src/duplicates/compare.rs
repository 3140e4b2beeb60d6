//! The comparisons. Each gives a level, the values of its sentence, and its bits.

use super::Prepared;
use super::likeness::likeness;
use super::numeral::numeral;
use super::owner;
use super::position::{Position, how_many};
use super::rarity::Rarity;
use super::tables::{SIDES, TABLES};
use super::title::TitleReading;
use super::weights::Weights;
use crate::domain::facts::{Facts, FundingFact};
use crate::domain::text::says_something;
use crate::domain::verdict::Evidence;
use serde_json::{Value, json};

/// The receiver of comparisons: a sum of bits, or a list for people. Values for the sentence are built only by a
/// receiver that keeps them.
trait Sink {
    fn add(&mut self, name: &'static str, level: &'static str, value: impl FnOnce() -> Value);
}

/// Evidence that records how shapes were compared; it carries no weight.
pub const SHAPES: &str = "shapes";

/// All comparisons in a fixed order, including those of no weight: the rules depend on their levels.
pub fn all(a: &Prepared, b: &Prepared, place: &Position, weights: &Weights, rarity: Option<&Rarity>) -> Vec<Evidence> {
    let mut list = List { weights, evidence: Vec::with_capacity(20) };
    list.add("position", place.level, || place.value.clone());
    parts(&mut list, place);
    if let Some(metres) = place.simplified_m {
        list.add(SHAPES, "simplified", || json!({ "metres": metres }));
    }
    title(&mut list, a, b, rarity);
    records(&mut list, a, b);
    list.evidence
}

/// The level of every comparison.
pub fn levels(
    a: &Prepared,
    b: &Prepared,
    place: &Position,
    rarity: Option<&Rarity>,
) -> Vec<(&'static str, &'static str)> {
    let mut levels = Levels(Vec::with_capacity(20));
    levels.add("position", place.level, || Value::Null);
    parts(&mut levels, place);
    title(&mut levels, a, b, rarity);
    records(&mut levels, a, b);
    levels.0
}

/// The bits of all comparisons except place and title: cheap to compute, and most of the upper bound.
pub fn record_bits(a: &Prepared, b: &Prepared, weights: &Weights) -> f64 {
    let mut sum = Sum { weights, bits: 0.0 };
    records(&mut sum, a, b);
    sum.bits
}

struct Sum<'a> {
    weights: &'a Weights,
    bits: f64,
}

impl Sink for Sum<'_> {
    fn add(&mut self, name: &'static str, level: &'static str, _: impl FnOnce() -> Value) {
        self.bits += self.weights.bits(name, level);
    }
}

struct Levels(Vec<(&'static str, &'static str)>);

impl Sink for Levels {
    fn add(&mut self, name: &'static str, level: &'static str, _: impl FnOnce() -> Value) {
        self.0.push((name, level));
    }
}

struct List<'a> {
    weights: &'a Weights,
    evidence: Vec<Evidence>,
}

impl Sink for List<'_> {
    fn add(&mut self, name: &'static str, level: &'static str, value: impl FnOnce() -> Value) {
        let bits = self.weights.bits(name, level);
        self.evidence.push(Evidence { name: name.to_owned(), level: level.to_owned(), value: value(), bits });
    }
}

/// Twenty lamps are not the same twenty for having one post in common.
fn parts(sink: &mut impl Sink, place: &Position) {
    let level = place.parts.map_or("unknown", |(together, of)| how_many(together, of));
    let (together, of) = place.parts.unwrap_or_default();
    sink.add("parts", level, || json!({ "together": together, "of": of }));
}

fn title(sink: &mut impl Sink, a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) {
    let (level, alike) = title_level(a, b, rarity);
    sink.add("title", level, || json!({ "percent": alike, "a": a.facts.title, "b": b.facts.title }));
}

/// Similarity of the titles, as a level and from 0 to 1.
pub fn title_level(a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) -> (&'static str, f64) {
    let (ta, tb) = (&a.title, &b.title);
    let (alike, is_other_name) = likeness(ta, tb, rarity);
    // Two different names outweigh the words that "Posyandu Melati" and "Posyandu Mawar" have in common.
    let step = if is_other_name { 0.25 } else { 0.0 };
    let level = if ta.telling(None).min(tb.telling(None)) < 0.5 {
        "unknown"
    } else if alike >= 0.75 + step {
        "same"
    } else if alike >= 0.5 + step {
        "like"
    } else if alike >= 0.25 {
        "some"
    } else {
        "other"
    };
    (level, alike)
}

fn records(sink: &mut impl Sink, a: &Prepared, b: &Prepared) {
    let (fa, fb, ta, tb) = (&*a.facts, &*b.facts, &a.title, &b.title);
    sink.add("object", objects(&ta.objects, &tb.objects), || json!({ "a": ta.object(), "b": tb.object() }));
    numbers(sink, a, b);
    sink.add("side", side(&ta.sides, &tb.sides), || json!({}));
    let stations = match (ta.station, tb.station) {
        (Some(x), Some(y)) if x.0 < y.1 && y.0 < x.1 => "overlap",
        (Some(_), Some(_)) => "apart",
        _ => segments(fa, fb),
    };
    sink.add("station", stations, || json!({}));
    let years = fa.years_apart(fb);
    sink.add("phase", phase(a, b, years), || json!({ "a": ta.phase, "b": tb.phase }));
    let owner = match (&ta.owner, &tb.owner) {
        (Some(x), Some(y)) => owner::compare(x, y),
        (Some(x), None) if owner::stands_in(x, &tb.words) => "same",
        (None, Some(y)) if owner::stands_in(y, &ta.words) => "same",
        _ => "unknown",
    };
    sink.add("owner", owner, || json!({}));
    sink.add(
        "hamlet",
        hamlet(ta.hamlet.as_deref(), tb.hamlet.as_deref()),
        || json!({ "a": ta.hamlet, "b": tb.hamlet }),
    );
    let activity = match (fa.activity_code, fb.activity_code) {
        (Some(x), Some(y)) if x == y => "same",
        (Some(x), Some(y)) if x.0[0] == y.0[0] && (x.0[1] == y.0[1] || x.0[0] == 2) => "near",
        (Some(_), Some(_)) => "different",
        _ => "unknown",
    };
    sink.add(
        "activity",
        activity,
        || json!({ "a": fa.activity_code.map(|c| c.to_string()), "b": fb.activity_code.map(|c| c.to_string()) }),
    );
    let year = match years {
        None => "unknown",
        Some(0) => "same",
        Some(1) => "next",
        Some(_) => "apart",
    };
    sink.add(
        "year",
        year,
        || json!({ "a": fa.fiscal_year.min(fb.fiscal_year), "b": fa.fiscal_year.max(fb.fiscal_year) }),
    );
    sink.add("amount", amount(fa, fb), || json!({ "a": fa.budget_rupiah, "b": fb.budget_rupiah }));
    sink.add("dimensions", dimensions(a, b), || json!({}));
    sink.add("fund", fund(a, b), || json!({ "fund": fa.funding.first().map(|line| &*line.fund) }));
    let marks = |facts: &'_ Facts| facts.photo_marks.iter().filter(|mark| says_something(mark)).count();
    let shared_photos =
        || fa.photo_marks.iter().filter(|mark| says_something(mark) && fb.photo_marks.contains(mark)).count();
    let photo = if marks(fa) == 0 || marks(fb) == 0 {
        "unknown"
    } else if shared_photos() > 0 {
        "shared"
    } else {
        "none"
    };
    sink.add("photo", photo, || json!({ "count": shared_photos() }));
    sink.add("number", contract(a, b), || json!({}));
    let executor = same(a.names.executor.as_deref(), b.names.executor.as_deref());
    sink.add("executor", executor, || json!({ "a": fa.executor }));
    sink.add("void", if fa.is_cancelled() || fb.is_cancelled() { "yes" } else { "no" }, || json!({}));
    sink.add("upkeep", if is_upkeep(a, b) { "later" } else { "no" }, || json!({}));
    let agreement = same(a.names.agreement.as_deref(), b.names.agreement.as_deref()) == "same";
    let link = if fa.continues.as_deref() == Some(&fb.id) || fb.continues.as_deref() == Some(&fa.id) {
        "continues"
    } else if agreement {
        "agreement"
    } else if ta.is_revision != tb.is_revision && years == Some(0) && !fa.is_cross_border(fb) {
        "revision"
    } else {
        "no"
    };
    sink.add("link", link, || json!({ "agreement": fa.agreement }));
}

fn phase(a: &Prepared, b: &Prepared, years: Option<i32>) -> &'static str {
    let (ta, tb) = (&a.title, &b.title);
    let other_years = years.is_some_and(|years| years > 0);
    match (ta.phase, tb.phase) {
        (Some(x), Some(y)) if x == y => "same",
        (Some(_), Some(_)) => "different",
        // "Tahap II" beside a record without a phase in another year: the second of two phases.
        (Some(n), None) | (None, Some(n)) if n > 1 && other_years => "different",
        _ if ta.is_continuation != tb.is_continuation && other_years => "different",
        _ => "unknown",
    }
}

/// The first number that contradicts; agreeing numbers are weak evidence for one work. With several numbers (RT 1-3,
/// RT 3) one in common is agreement.
fn numbers(sink: &mut impl Sink, a: &Prepared, b: &Prepared) {
    let (a, b) = (&a.title, &b.title);
    let (mut agree, mut contradict) = (None, None);
    // A package number distinguishes packages, not works: see `kind`.
    for (name, _) in a.numbers.iter().filter(|(name, _)| **name != *"package") {
        match in_common(a.numbers_of(name), b.numbers_of(name)) {
            Some(true) => agree = agree.or(Some(&**name)),
            Some(false) => contradict = contradict.or(Some(&**name)),
            None => {}
        }
    }
    let level = match (contradict, agree) {
        (Some(_), _) => "different",
        (None, Some(_)) => "same",
        _ => "unknown",
    };
    let value = || {
        let of = |title: &TitleReading, name| title.numbers_of(name).collect::<Vec<_>>().join(", ");
        contradict
            .or(agree)
            .map_or_else(|| json!({}), |name| json!({ "name": name, "a": of(a, name), "b": of(b, name) }))
    };
    sink.add("place_number", level, value);
}

/// Whether both have a number in common; `None` if either has none.
pub fn in_common<'a>(
    mut a: impl Iterator<Item = &'a str> + Clone,
    b: impl Iterator<Item = &'a str> + Clone,
) -> Option<bool> {
    a.clone().next().and(b.clone().next())?;
    Some(a.any(|x| b.clone().any(|y| x == y)))
}

fn same(a: Option<&str>, b: Option<&str>) -> &'static str {
    match (a, b) {
        (Some(a), Some(b)) if a == b => "same",
        (Some(_), Some(_)) => "different",
        _ => "unknown",
    }
}

/// Compares hamlet names, ignoring spaces ("Sumber Agung") and one typing error. "Krajan I" equals "Krajan 1" but not
/// "Krajan II"; "Krajan A" differs from "Krajan B".
fn hamlet(a: Option<&str>, b: Option<&str>) -> &'static str {
    let (Some(a), Some(b)) = (a, b) else { return "unknown" };
    let (a, b) = (parted(a), parted(b));
    if a == b {
        return "same";
    }
    let is_slip = a.0.len().min(b.0.len()) >= 5 && a.1 == b.1 && strsim::osa_distance(&a.0, &b.0) == 1;
    if is_slip { "same" } else { "different" }
}

/// A name without its spaces, and its numbers in one notation.
fn parted(name: &str) -> (String, Vec<String>) {
    let (numbers, words): (Vec<&str>, Vec<&str>) =
        name.split(' ').filter(|word| !word.is_empty()).partition(|word| numeral(word).is_some());
    (words.concat(), numbers.into_iter().filter_map(numeral).collect())
}

/// "same" if the titles share an object. A more general word ("gedung") does not contradict a more specific one.
fn objects(a: &[&str], b: &[&str]) -> &'static str {
    if a.is_empty() || b.is_empty() {
        return "unknown";
    }
    if a.iter().any(|object| b.contains(object)) {
        return "same";
    }
    let wider = |narrow: &[&str], wide: &[&str]| {
        narrow.iter().any(|object| TABLES.wider.get(*object).is_some_and(|wider| wide.contains(&wider.as_str())))
    };
    if wider(a, b) || wider(b, a) { "unknown" } else { "different" }
}

/// A side counts where the title names only one of its pair. Right against left and upstream against downstream are
/// different sides. East against west is often part of a name that each village gives from its own position.
fn side(a: &[(u8, bool)], b: &[(u8, bool)]) -> &'static str {
    let mut level = "unknown";
    for (pair, which) in a {
        let one =
            |sides: &[(u8, bool)], which: bool| sides.contains(&(*pair, which)) && !sides.contains(&(*pair, !which));
        if one(a, *which) && one(b, !which) {
            if *pair < SIDES {
                return "different";
            }
            level = "direction";
        }
        if one(a, *which) && one(b, *which) && level == "unknown" {
            level = "same";
        }
    }
    level
}

/// Compares funding segments, if every line of both records has one.
fn segments(a: &Facts, b: &Facts) -> &'static str {
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

#[expect(clippy::cast_precision_loss, reason = "a ratio of budgets needs no more digits")]
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

/// Compares the measures in the titles, or else volumes in the same unit.
fn dimensions(a: &Prepared, b: &Prepared) -> &'static str {
    let ratio = |x: f64, y: f64| if x.max(y) > 0.0 { x.min(y) / x.max(y) } else { 1.0 };
    let worst = match (a.title.measures, b.title.measures) {
        (Some(x), Some(y)) => {
            let both = x.iter().zip(&y).filter(|(x, y)| **x > 0.0 && **y > 0.0);
            both.map(|(x, y)| ratio(f64::from(*x), f64::from(*y))).fold(1.0, f64::min)
        }
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
    } else if worst < 0.7 {
        "different"
    } else {
        "unknown"
    }
}

fn fund(a: &Prepared, b: &Prepared) -> &'static str {
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
fn contract(a: &Prepared, b: &Prepared) -> &'static str {
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

/// Whether one record is upkeep and the other is not. Either by its title, in a later year or under an upkeep code
/// (x.x.01–09 against 10 and above); or by road codes alone (2.3.01–09 against 10 and above), in a later year and if
/// its title names no construction.
pub fn is_upkeep(a: &Prepared, b: &Prepared) -> bool {
    let by_title = |p: &Prepared| p.title.work == Some("maintain");
    let by_code = |p: &Prepared| p.facts.activity_code.is_some_and(|code| code.0[0] == 2 && code.0[2] < 10);
    let later = |kept: &Prepared, built: &Prepared| matches!((kept.facts.fiscal_year, built.facts.fiscal_year), (Some(x), Some(y)) if x > y);
    match (by_title(a), by_title(b)) {
        (true, true) => false,
        (true, false) => later(a, b) || (by_code(a) && !by_code(b)),
        (false, true) => later(b, a) || (by_code(b) && !by_code(a)),
        (false, false) => {
            let of_roads = |p: &Prepared| p.facts.activity_code.filter(|code| code.0[0] == 2 && code.0[1] == 3);
            let (Some(x), Some(y)) = (of_roads(a), of_roads(b)) else { return false };
            let (kept, built) = if x.0[2] < y.0[2] { (a, b) } else { (b, a) };
            let builds = matches!(kept.title.work, Some("build" | "raise" | "add") | None);
            by_code(kept) && !by_code(built) && !builds && later(kept, built)
        }
    }
}
