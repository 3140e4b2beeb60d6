//! The comparisons. Each gives a level, the values of its sentence, and its bits.

use super::Prepared;
use super::agreement;
use super::lengths::{Size, contradicting, unit_of};
use super::likeness::likeness;
use super::numbers::in_common;
use super::numeral::numeral;
use super::owner;
use super::position::{Position, how_many};
use super::rarity::Rarity;
use super::tables::{SIDES, TABLES};
use super::title::{IN_A_NAME, TitleReading};
use super::weights::Weights;
use crate::domain::facts::{Facts, FundingFact};
use crate::domain::project::Status;
use crate::domain::text::says_something;
use crate::domain::verdict::Evidence;
use serde_json::{Value, json};

/// The receiver of comparisons: a sum of bits, or a list for people. Values for the sentence are built only by a
/// receiver that keeps them.
trait Sink {
    /// `more`: bits beside those of the level, for a value that is rarer or commoner than usual.
    fn add_with(
        &mut self,
        name: &'static str,
        level: &'static str,
        more: impl FnOnce() -> f64,
        value: impl FnOnce() -> Value,
    );

    fn add(&mut self, name: &'static str, level: &'static str, value: impl FnOnce() -> Value) {
        self.add_with(name, level, || 0.0, value);
    }
}

/// The bits of a level with what is added for its value. However common, agreement never speaks against; a level
/// without weight stays without.
fn adjusted(bits: f64, more: impl FnOnce() -> f64) -> f64 {
    if bits > 0.0 { (bits + more()).max(0.0) } else { bits }
}

/// Evidence that records how shapes were compared; it carries no weight.
pub const SHAPES: &str = "shapes";

/// All comparisons in a fixed order, including those of no weight: the rules depend on their levels.
pub fn all(
    a: &Prepared,
    b: &Prepared,
    place: &Position,
    titles: &Titles,
    weights: &Weights,
    rarity: Option<&Rarity>,
) -> Vec<Evidence> {
    let mut list = List { weights, evidence: Vec::with_capacity(24) };
    position(&mut list, place);
    if let Some(metres) = place.simplified_m {
        list.add(SHAPES, "simplified", || json!({ "metres": metres }));
    }
    title(&mut list, a, b, titles, rarity);
    packages(&mut list, a, b, place);
    records(&mut list, a, b, rarity);
    list.evidence
}

/// The level of every comparison.
pub fn levels(
    a: &Prepared,
    b: &Prepared,
    place: &Position,
    titles: &Titles,
    rarity: Option<&Rarity>,
) -> Vec<(&'static str, &'static str)> {
    let mut levels = Levels(Vec::with_capacity(24));
    position(&mut levels, place);
    title(&mut levels, a, b, titles, rarity);
    packages(&mut levels, a, b, place);
    records(&mut levels, a, b, rarity);
    levels.0
}

/// The bits of all comparisons that need no place: cheap to compute, and most of the upper bound.
pub fn bits_without_place(
    a: &Prepared,
    b: &Prepared,
    titles: &Titles,
    weights: &Weights,
    rarity: Option<&Rarity>,
) -> f64 {
    let mut sum = Sum { weights, bits: 0.0 };
    title(&mut sum, a, b, titles, rarity);
    records(&mut sum, a, b, rarity);
    sum.bits
}

/// Maximum bits that a pair may gain from its place.
pub fn most_bits_of_place(weights: &Weights) -> f64 {
    adjusted(weights.most("position"), || MOST_FOR_METRES) + weights.most("parts") + weights.most("package")
}

struct Sum<'a> {
    weights: &'a Weights,
    bits: f64,
}

impl Sink for Sum<'_> {
    fn add_with(
        &mut self,
        name: &'static str,
        level: &'static str,
        more: impl FnOnce() -> f64,
        _: impl FnOnce() -> Value,
    ) {
        self.bits += adjusted(self.weights.bits(name, level), more);
    }
}

struct Levels(Vec<(&'static str, &'static str)>);

impl Sink for Levels {
    fn add_with(
        &mut self,
        name: &'static str,
        level: &'static str,
        _: impl FnOnce() -> f64,
        _: impl FnOnce() -> Value,
    ) {
        self.0.push((name, level));
    }
}

struct List<'a> {
    weights: &'a Weights,
    evidence: Vec<Evidence>,
}

impl Sink for List<'_> {
    fn add_with(
        &mut self,
        name: &'static str,
        level: &'static str,
        more: impl FnOnce() -> f64,
        value: impl FnOnce() -> Value,
    ) {
        let bits = adjusted(self.weights.bits(name, level), more);
        self.evidence.push(Evidence { name: name.to_owned(), level: level.to_owned(), value: value(), bits });
    }
}

/// Shared metres for which the weights of the file apply; each doubling adds [`FOR_DOUBLE_METRES`] bits, up to
/// [`MOST_FOR_METRES`] and down to as many less for short ones.
const USUAL_SHARED_M: f64 = 150.0;
const FOR_DOUBLE_METRES: f64 = 0.75;
const MOST_FOR_METRES: f64 = 2.0;

fn position(sink: &mut impl Sink, place: &Position) {
    let for_metres = || match (place.level, place.shared_m) {
        ("line_same" | "line_part" | "line_near", Some(metres)) => {
            let more = FOR_DOUBLE_METRES * (metres.max(1.0) / USUAL_SHARED_M).log2();
            more.clamp(-MOST_FOR_METRES, MOST_FOR_METRES)
        }
        _ => 0.0,
    };
    // Any of the crowd may be the one.
    #[expect(clippy::cast_precision_loss, reason = "works on one place")]
    let for_crowd = || -((place.crowd + 1) as f64).log2();
    sink.add_with("position", place.level, || for_metres() + for_crowd(), || place.value.clone());
    parts(sink, place);
}

/// Twenty lamps are not the same twenty for having one post in common.
fn parts(sink: &mut impl Sink, place: &Position) {
    let level = place.parts.map_or("unknown", |(together, of)| how_many(together, of));
    let (together, of) = place.parts.unwrap_or_default();
    sink.add("parts", level, || json!({ "together": together, "of": of }));
}

/// How alike two titles are.
#[derive(Clone, Copy, Debug)]
pub struct Titles {
    pub level: &'static str,
    /// From 0 to 1.
    pub alike: f64,
    /// They name different works: each has a name that the other lacks, or they have little in common.
    pub are_of_others: bool,
}

/// Likeness from which two titles are the same, alike, and partly so; a name that each has and the other lacks asks
/// for [`FOR_OTHER_NAMES`] more.
const SAME: f64 = 0.75;
const ALIKE: f64 = 0.5;
const SOME: f64 = 0.25;
const FOR_OTHER_NAMES: f64 = 0.25;
/// Titles with less telling words than this ("Drainase") say little.
const LEAST_TELLING: f64 = 0.5;

impl Titles {
    pub fn compare(a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) -> Self {
        let (ta, tb) = (&a.title, &b.title);
        let (alike, is_other_name) = likeness(ta, tb, rarity);
        // Two different names outweigh the words that "Posyandu Melati" and "Posyandu Mawar" have in common.
        let step = if is_other_name { FOR_OTHER_NAMES } else { 0.0 };
        let level = if ta.telling(None).min(tb.telling(None)) < LEAST_TELLING {
            if alike >= ALIKE && !is_other_name { "plain" } else { "unknown" }
        } else if alike >= SAME + step {
            "same"
        } else if alike >= ALIKE + step {
            "like"
        } else if alike >= SOME {
            "some"
        } else {
            "other"
        };
        Self { level, alike, are_of_others: is_other_name || matches!(level, "some" | "other") }
    }

    /// They may well be two titles of one work.
    pub fn may_be_of_one(&self) -> bool {
        matches!(self.level, "same" | "like" | "plain")
    }

    pub fn are_word_for_word(&self) -> bool {
        self.level == "same" && agreement::is_word_for_word(self.alike)
    }
}

fn title(sink: &mut impl Sink, a: &Prepared, b: &Prepared, titles: &Titles, rarity: Option<&Rarity>) {
    let more = || if titles.level == "same" { agreement::title(a, b, titles.alike, SAME, rarity) } else { 0.0 };
    let value = || {
        let (only_a, only_b) = other_numbers(&a.facts.title, &b.facts.title);
        json!({
            "percent": titles.alike, "a": a.facts.title, "b": b.facts.title, "only_a": only_a, "only_b": only_b,
        })
    };
    sink.add_with("title", titles.level, more, value);
}

/// The numbers that only one of the two titles has.
fn other_numbers(a: &str, b: &str) -> (Vec<String>, Vec<String>) {
    let numbers = |title: &str| -> Vec<String> {
        let digits = title.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
        digits.map(|digits| digits.trim_start_matches('0').to_owned()).collect()
    };
    let (of_a, of_b) = (numbers(a), numbers(b));
    let without = |some: &[String], others: &[String]| {
        some.iter().filter(|number| !others.contains(number)).cloned().collect::<Vec<_>>()
    };
    (without(&of_a, &of_b), without(&of_b, &of_a))
}

/// Other packages are other works, unless they share metres: then one work was cut in two.
fn packages(sink: &mut impl Sink, a: &Prepared, b: &Prepared, place: &Position) {
    let level = match a.title.is_one_package(&b.title) {
        Some(true) => "same",
        Some(false) if !place.shared_m.is_some_and(|metres| metres >= 1.0) => "different",
        _ => "unknown",
    };
    let of = |record: &Prepared| record.title.numbers_of("package").collect::<Vec<_>>().join(", ");
    sink.add("package", level, || json!({ "a": of(a), "b": of(b) }));
}

fn records(sink: &mut impl Sink, a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) {
    let (fa, fb, ta, tb) = (&*a.facts, &*b.facts, &a.title, &b.title);
    sink.add("object", objects(ta, tb), || json!({ "a": ta.object(), "b": tb.object() }));
    numbers(sink, a, b);
    sizes(sink, ta, tb);
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
    let rupiah = || json!({ "a": fa.budget_rupiah, "b": fb.budget_rupiah });
    sink.add_with("amount", amount(fa, fb), || agreement::amount(fa, fb, rarity), rupiah);
    sink.add_with("dimensions", dimensions(a, b), || agreement::volumes(fa, fb, rarity), || json!({}));
    sink.add("fund", fund(a, b), || json!({ "fund": fa.funding.first().map(|line| &*line.fund) }));
    let says = |facts: &Facts| facts.photo_marks.iter().any(|mark| says_something(mark));
    let photo = if !says(fa) || !says(fb) {
        "unknown"
    } else if shares_photo(fa, fb) {
        "shared"
    } else {
        "none"
    };
    let count = || json!({ "count": shared_photos(fa, fb).count() });
    sink.add_with("photo", photo, || agreement::photo(fa, fb, rarity), count);
    sink.add_with("number", contract(a, b), || agreement::contract(a, b, rarity), || json!({}));
    let executor = same(a.names.executor.as_deref(), b.names.executor.as_deref());
    sink.add_with("executor", executor, || agreement::executor(a, b, rarity), || json!({ "a": fa.executor }));
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

/// The photos that both show.
fn shared_photos<'a>(a: &'a Facts, b: &'a Facts) -> impl Iterator<Item = &'a String> {
    a.photo_marks.iter().filter(|mark| says_something(mark) && b.photo_marks.contains(mark))
}

/// Whether both show the same photo.
pub fn shares_photo(a: &Facts, b: &Facts) -> bool {
    shared_photos(a, b).next().is_some()
}

/// Whether one contract, or one sum that few others have, was paid for both in one village and year.
pub fn is_bought_once(a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) -> bool {
    agreement::is_one_purchase(&a.facts, &b.facts, rarity)
        || (a.facts.village_id == b.facts.village_id && agreement::is_one_contract(a, b, rarity))
}

/// A phase, a continuation or a second tender in one title alone is another phase too, but for works of one year: in
/// that a work may well be told as its own continuation.
fn phase(a: &Prepared, b: &Prepared, years: Option<i32>) -> &'static str {
    let (ta, tb) = (&a.title, &b.title);
    let alone = if years == Some(0) { "alone" } else { "different" };
    match (ta.phase, tb.phase) {
        (Some(x), Some(y)) if x == y => "same",
        (Some(_), Some(_)) => "different",
        // "Tahap II" beside a record without a phase: the second of two phases.
        (Some(n), None) | (None, Some(n)) if n > 1 => alone,
        _ if ta.is_continuation != tb.is_continuation => alone,
        // What was tendered again was not built the first time, unless both say that they were.
        _ if ta.is_again != tb.is_again && is_built(&a.facts) && is_built(&b.facts) => "alone",
        _ if ta.is_again != tb.is_again => "again",
        _ => "unknown",
    }
}

fn is_built(facts: &Facts) -> bool {
    matches!(facts.status, Some(Status::Running | Status::Finished | Status::HandedOver))
}

/// Sizes and counts in the titles: other numbers under one unit are a difference.
fn sizes(sink: &mut impl Sink, a: &TitleReading, b: &TitleReading) {
    let (level, only) = match contradicting(&a.sizes, &b.sizes) {
        Some((x, y)) if !x.is_empty() && !y.is_empty() => ("different", (x, y)),
        Some(_) => ("same", Default::default()),
        None => ("unknown", Default::default()),
    };
    let written = |sizes: &[Size]| {
        sizes.iter().map(|size| json!({ "number": size.1, "unit": unit_of(*size) })).collect::<Vec<_>>()
    };
    sink.add("size", level, || json!({ "a": written(&only.0), "b": written(&only.1) }));
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

/// "same" if the titles share an object. A more general word ("gedung") does not contradict a more specific one. A road
/// of houses and one of fields are two roads.
fn objects(ta: &TitleReading, tb: &TitleReading) -> &'static str {
    let (a, b) = (&ta.objects, &tb.objects);
    if a.is_empty() || b.is_empty() {
        return "unknown";
    }
    if a.iter().any(|object| b.contains(object)) {
        let serves_only = |houses: &TitleReading, fields: &TitleReading| {
            houses.is_settlement && !houses.is_farm && fields.is_farm && !fields.is_settlement
        };
        return if serves_only(ta, tb) || serves_only(tb, ta) { "other_use" } else { "same" };
    }
    let wider = |narrow: &[&str], wide: &[&str]| {
        narrow.iter().any(|object| TABLES.wider.get(*object).is_some_and(|wider| wide.contains(&wider.as_str())))
    };
    if wider(a, b) || wider(b, a) { "unknown" } else { "different" }
}

/// A side counts where the title names only one of its pair, and agreement only outside of names: every work of *Desa
/// Karangrejo Wetan* is there. Right against left and upstream against downstream are
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
        if *pair < IN_A_NAME && one(a, *which) && one(b, *which) && level == "unknown" {
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
