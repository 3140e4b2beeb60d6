//! What the titles say besides their likeness: object, numbers, sizes, sides, phase, hamlet.

use super::super::Prepared;
use super::super::lengths::{Size, contradicting, unit_of};
use super::super::numbers::in_common;
use super::super::numeral::numeral;
use super::super::tables::{SIDES, TABLES};
use super::super::title::{IN_A_NAME, TitleReading};
use super::Sink;
use crate::domain::facts::Facts;
use crate::domain::project::Status;
use serde_json::json;

/// A side counts where the title names only one of its pair, and agreement only outside of names: every work of *Desa
/// Karangrejo Wetan* is there. Right against left and upstream against downstream are
/// different sides. East against west is often part of a name that each village gives from its own position.
pub fn side(a: &[(u8, bool)], b: &[(u8, bool)]) -> &'static str {
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

/// "same" if the titles share an object. A more general word ("gedung") does not contradict a more specific one. A road
/// of houses and one of fields are two roads.
pub fn objects(ta: &TitleReading, tb: &TitleReading) -> &'static str {
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

/// Compares hamlet names, ignoring spaces ("Sumber Agung") and one typing error. "Krajan I" equals "Krajan 1" but not
/// "Krajan II"; "Krajan A" differs from "Krajan B".
pub fn hamlet(a: Option<&str>, b: Option<&str>) -> &'static str {
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

/// A phase, a continuation or a second tender in one title alone is another phase too, but for works of one year: in
/// that a work may well be told as its own continuation.
pub fn phase(a: &Prepared, b: &Prepared, years: Option<i32>) -> &'static str {
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
pub fn sizes(sink: &mut impl Sink, a: &TitleReading, b: &TitleReading) {
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
pub fn numbers(sink: &mut impl Sink, a: &Prepared, b: &Prepared) {
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
