//! The relation of two records: rules in order, the first match decides.

use super::compare::{Item, Titles, is_upkeep, shares_photo};
use super::position::Position;
use super::{Prepared, Settings};
use crate::domain::project::Authority;
use crate::domain::text::fold;
use crate::domain::verdict::VerdictKind;

/// The kind of the pair. Explaining kinds come first: an explained pair is no duplicate.
pub fn decide(
    a: &Prepared,
    b: &Prepared,
    place: &Position,
    titles: &Titles,
    evidence: &[Item],
    settings: &Settings,
) -> VerdictKind {
    let level = |name: &str| level_of(evidence, name);
    let one_place = matches!(
        place.level,
        "line_same"
            | "line_near"
            | "line_unsure"
            | "line_part"
            | "area_same"
            | "area_part"
            | "inside"
            | "point_same"
            | "point_near"
            | "point_unsure"
            | "disputed"
    );
    let alike = matches!(titles.level, "same" | "like");
    let one_village = !a.facts.is_cross_border(&b.facts);
    // If the position is no evidence, only nearly identical titles indicate one work.
    let by_title = alike && matches!(place.level, "pasted" | "copied" | "wide" | "unknown");
    let near = one_place
        || matches!(place.level, "line_beside" | "line_touch" | "apart" | "pasted" | "copied" | "wide")
        || (by_title && one_village);
    let one_object = level("object") == "same";
    // If the tables know no object, similar titles stand in for it.
    let perhaps_one_object = one_object || (level("object") == "unknown" && alike);
    let years = a.facts.years_apart(&b.facts).unwrap_or_default();
    // Objects that are often built one by one along a street.
    let single = |p: &Prepared| matches!(p.title.object(), Some("house" | "lamp" | "well" | "toilet"));
    let singles = one_object && single(a) && single(b);
    // 1. The first was cancelled: its replacement is the same work, built once.
    if level("void") == "yes" && near {
        return VerdictKind::Retender;
    }
    // 2. A person recorded how the two relate.
    match level("link") {
        "continues" => return VerdictKind::Continuation,
        "agreement" => return VerdictKind::CoFunded,
        "revision" if one_place || titles.level == "same" => return VerdictKind::Revision,
        _ => {}
    }
    // 3. Another phase of one work, or its second tender.
    if level("phase") == "different" && near {
        return VerdictKind::Continuation;
    }
    if level("phase") == "again" && near {
        return VerdictKind::Retender;
    }
    // 4. Numbers, sides and stations that contradict.
    if level("owner") == "different" || level("place_number") == "different" {
        return if perhaps_one_object && (singles || !near) && (one_village || place.level != "far") {
            VerdictKind::Sibling
        } else if near {
            if place.touches { VerdictKind::Adjoining } else { VerdictKind::Sibling }
        } else {
            VerdictKind::Unrelated
        };
    }
    if level("station") == "apart" && years > 0 && near && alike {
        // The next stretch of the same road in a later year is its next phase.
        return VerdictKind::Continuation;
    }
    if singles && one_village && is_one_of_many(a, b, place, titles, evidence) {
        return VerdictKind::Sibling;
    }
    if level("side") == "different" || level("station") == "apart" {
        return if near { VerdictKind::Adjoining } else { VerdictKind::Unrelated };
    }
    // Twenty lamps and another twenty in one street are siblings, even if two posts are near each other.
    if singles && level("parts") == "few" {
        return VerdictKind::Sibling;
    }
    let one_place_for_sure = one_place && place.level != "line_unsure";
    if level("side") == "direction" && !one_place_for_sure && singles && near {
        return VerdictKind::Sibling;
    }
    if level("side") == "direction" && !one_place_for_sure {
        return if near && perhaps_one_object { VerdictKind::Adjoining } else { VerdictKind::Unrelated };
    }
    // "Penambahan PJU": more of the same.
    if singles && years > 0 && (a.title.work == Some("add")) != (b.title.work == Some("add")) {
        return VerdictKind::Sibling;
    }
    // 5. A road and its drain, a drain and its wall.
    if level("object") == "different" {
        return if near
            && (place.level.starts_with("line") || place.level == "inside" || (alike && are_companions(a, b)))
        {
            VerdictKind::Companion
        } else {
            VerdictKind::Unrelated
        };
    }
    // 6. Upkeep of an existing work.
    if is_upkeep(a, b) && near {
        return VerdictKind::Maintenance;
    }
    // 7. Beside each other, without overlap.
    if matches!(place.level, "line_touch" | "line_beside") {
        // Lines that only cross share nothing but one place; neighbours share an end or run side by side.
        let neighbours = place.level == "line_beside" || place.touches;
        return if one_object && neighbours { VerdictKind::Adjoining } else { VerdictKind::Unrelated };
    }
    let is_other_single = singles && !is_one_purchase(a, b, titles);
    if place.level == "apart" && one_object && (is_other_single || titles.level != "same") {
        return VerdictKind::Sibling;
    }
    let same_apart = place.level == "apart" && titles.level == "same";
    if !(one_place || by_title || same_apart) {
        return VerdictKind::Unrelated;
    }
    // Services are paid every year in every village: they match only within one year and village, and never match a
    // construction work.
    if a.title.is_service != b.title.is_service || (a.title.is_service && (years > 0 || !one_village)) {
        return VerdictKind::Unrelated;
    }
    match alerting(a, b) {
        // 8. A work older than its useful life is built anew.
        VerdictKind::RepeatWork if years > settings.life_years => VerdictKind::Maintenance,
        kind => kind,
    }
}

fn level_of(evidence: &[Item], name: &str) -> &'static str {
    evidence.iter().find(|item| item.name == name).map_or("unknown", |item| item.level)
}

/// Whether two of the things that are granted or built one by one have nothing of their own to be known by: no place,
/// owner, number, contract, photo or name, but a hamlet and a kind. A list of many units at once is no single one.
fn is_one_of_many(a: &Prepared, b: &Prepared, place: &Position, titles: &Titles, evidence: &[Item]) -> bool {
    let level = |name: &str| level_of(evidence, name);
    let is_nowhere = matches!(place.level, "unknown" | "pasted" | "wide");
    let is_known = matches!(level("owner"), "same" | "near")
        || [level("place_number"), level("number"), level("photo")].iter().any(|one| matches!(*one, "same" | "shared"));
    let is_list = |p: &Prepared| p.facts.volume.is_some_and(|volume| volume > 1.0);
    is_nowhere && !is_known && !(is_list(a) && is_list(b)) && titles.alike > 0.0 && !share_a_name(a, b)
}

/// Whether the titles have a name in common that is neither their village's nor their hamlet's.
fn share_a_name(a: &Prepared, b: &Prepared) -> bool {
    let is_of_place = |p: &Prepared, word: &str| {
        let names = [Some(&*p.facts.village_name), p.facts.hamlet.as_deref(), p.title.hamlet.as_deref()];
        names.into_iter().flatten().any(|name| fold(name).split(' ').any(|part| part == word))
    };
    a.title.words.iter().filter(|word| word.may_be_a_name()).any(|word| {
        let is_shared = b.title.words.iter().any(|other| other.text == word.text);
        is_shared && !is_of_place(a, &word.text) && !is_of_place(b, &word.text)
    })
}

/// One title with a name of its own, one year and one sum: bought once, wherever the two are drawn.
fn is_one_purchase(a: &Prepared, b: &Prepared, titles: &Titles) -> bool {
    let one_sum = a.facts.budget_rupiah.is_some() && a.facts.budget_rupiah == b.facts.budget_rupiah;
    let one_year = a.facts.years_apart(&b.facts) == Some(0);
    one_sum && one_year && titles.are_word_for_word() && share_a_name(a, b)
}

/// Both titles name packages, with different numbers.
fn are_packages(a: &Prepared, b: &Prepared) -> bool {
    a.title.is_one_package(&b.title) == Some(false)
}

/// The kind of duplicate it would be: split, cross-village, funding, entry or repeat, the first that fits.
fn alerting(a: &Prepared, b: &Prepared) -> VerdictKind {
    let (fa, fb) = (&*a.facts, &*b.facts);
    // An unknown year is not a different year.
    let years = fa.years_apart(fb).unwrap_or_default();
    let one_village = !fa.is_cross_border(fb);
    let funds = shares_fund(a, b);
    if years == 0 && one_village && same_executor(a, b) && are_packages(a, b) {
        return VerdictKind::SplitPackage;
    }
    if !one_village {
        return VerdictKind::CrossVillage;
    }
    // Asphalt by the works office on top of the village's hardening or concrete is a separate work, but a failure of
    // coordination.
    let (x, y) = (surface(a), surface(b));
    let on_top = x != y && x.min(y) > 0 && x.max(y) > 1;
    let offices = matches!((fa.authority, fb.authority), (Some(x), Some(y)) if x != y && (x == Authority::Village || y == Authority::Village));
    if on_top && offices {
        return VerdictKind::RepeatWork;
    }
    if funds == Some(false) && years <= 1 {
        return VerdictKind::DoubleFunding;
    }
    if years == 0 {
        return if offices && funds != Some(true) { VerdictKind::DoubleFunding } else { VerdictKind::DoubleEntry };
    }
    VerdictKind::RepeatWork
}

/// A road, bridge or canal with the structures that usually accompany it.
fn are_companions(a: &Prepared, b: &Prepared) -> bool {
    let leads = |p: &Prepared| p.title.objects.iter().any(|one| matches!(*one, "road" | "bridge" | "irrigation"));
    let goes_along = |p: &Prepared| p.title.objects.iter().any(|one| matches!(*one, "wall" | "drain" | "culvert"));
    (leads(a) && goes_along(b)) || (leads(b) && goes_along(a))
}

/// The surface material of a road, bottom to top: 1 unbound, 2 concrete or paving, 3 asphalt; 0 if unknown.
fn surface(p: &Prepared) -> u8 {
    if p.title.words.iter().any(|word| &*word.text == "aspal" || &*word.text == "asphalt") {
        3
    } else if p.title.is_top {
        2
    } else {
        u8::from(p.title.is_base)
    }
}

/// Packages without shared metres, lines that may be two sides of one road, and works far apart that only their sum
/// makes one purchase, never exceed review.
pub fn is_review_at_most(a: &Prepared, b: &Prepared, place: &Position) -> bool {
    let is_disputed = place.level == "disputed"
        && !shares_photo(&a.facts, &b.facts)
        && !a.names.contracts.iter().any(|number| b.names.contracts.contains(number));
    is_disputed
        || place.level == "line_unsure"
        || are_packages(a, b) && place.shared_m.is_none_or(|metres| metres < 1.0)
}

fn same_executor(a: &Prepared, b: &Prepared) -> bool {
    matches!((&a.names.executor, &b.names.executor), (Some(x), Some(y)) if x == y)
}

/// Whether the two share a fund; `None` if either is unknown.
fn shares_fund(a: &Prepared, b: &Prepared) -> Option<bool> {
    let (x, y) = (&a.names.funds, &b.names.funds);
    (!x.is_empty() && !y.is_empty()).then(|| x.iter().any(|fund| y.contains(fund)))
}
