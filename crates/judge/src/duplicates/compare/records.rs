//! The comparisons that need no place, in a fixed order.

use super::super::Prepared;
use super::super::agreement;
use super::super::owner;
use super::super::rarity::Rarity;
use super::Sink;
use super::money::{amount, contract, dimensions, fund, segments};
use super::words::{hamlet, numbers, objects, phase, side, sizes};
use crate::domain::facts::Facts;
use crate::domain::text::says_something;
use serde_json::json;

pub fn records(sink: &mut impl Sink, a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) {
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
    sink.add_with("dimensions", dimensions(a, b), || agreement::dimensions(a, b, rarity), || json!({}));
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
    let listed = || json!({ "id": fa.listed.as_deref().map(|listed| &*listed.id) });
    sink.add("entry", if are_one_entry(fa, fb) { "same" } else { "unknown" }, listed);
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

fn same(a: Option<&str>, b: Option<&str>) -> &'static str {
    match (a, b) {
        (Some(a), Some(b)) if a == b => "same",
        (Some(_), Some(_)) => "different",
        _ => "unknown",
    }
}

/// The photos that both show.
fn shared_photos<'a>(a: &'a Facts, b: &'a Facts) -> impl Iterator<Item = &'a String> {
    a.photo_marks.iter().filter(|mark| says_something(mark) && b.photo_marks.contains(mark))
}

/// Whether both show the same photo.
pub fn shares_photo(a: &Facts, b: &Facts) -> bool {
    shared_photos(a, b).next().is_some()
}

/// Whether one list has both under one number, which counts within the village.
pub fn are_one_entry(a: &Facts, b: &Facts) -> bool {
    a.listed.is_some() && a.listed == b.listed && a.village_id == b.village_id
}

/// Whether one contract, or one sum that few others have, was paid for both in one village and year, or both stand under one
/// number in their list.
pub fn is_bought_once(a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) -> bool {
    are_one_entry(&a.facts, &b.facts)
        || agreement::is_one_purchase(&a.facts, &b.facts, rarity)
        || (a.facts.village_id == b.facts.village_id && agreement::is_one_contract(a, b, rarity))
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
