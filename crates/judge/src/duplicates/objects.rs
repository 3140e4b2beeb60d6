//! The object of a work, by its title: "drainase jalan pasar" is a drain, not a road and not a market.

use super::tables::TABLES;
use super::word::Word;
use std::sync::Arc;

/// Conjunctions between objects: "pagar dan gapura".
const JOINING: &[&str] = &["dan", "serta", "beserta", "and", "with", "y"];

/// Words inside the name of one object: "tembok penahan tanah", "rumah tidak layak huni".
const WITHIN: &[&str] = &["tanah", "tidak", "layak"];

/// Objects that are built of road materials as well: "rabat beton jembatan".
const ALONG_A_ROAD: &[&str] = &["wall", "bridge", "culvert", "irrigation", "drain", "lamp"];

/// Objects that do not serve as the location of another.
const NO_PLACES: &[&str] =
    &["wall", "bridge", "culvert", "irrigation", "drain", "lamp", "house", "toilet", "well", "gate"];

/// Objects that either word may name: "saluran irigasi", "plengsengan saluran".
const CALLED_BOTH: &[(&str, &str)] = &[("drain", "irrigation"), ("wall", "irrigation"), ("wall", "drain")];

/// A kind of object with its rank.
type Object = (usize, &'static str);

/// The kinds of objects, most specific first: the first object in the title and those joined to it. What follows an
/// object is its location ("jalan makam", "MCK pasar") or owner ("pagar sekolah"); in a language that puts these
/// first ("market road drainage") the last object counts. If the title begins with an unknown object ("tugu jalan
/// Melati"), the result is empty. O(words).
pub fn objects(words: &[Arc<Word>]) -> Vec<&'static str> {
    let Some(first) = words.iter().position(|word| word.object.is_some()) else { return Vec::new() };
    if begins_with_another_thing(words, first) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = thing(words, first, &mut found);
    while at < words.len() {
        let joined = JOINING.contains(&&*words[at].text);
        at += 1;
        // "Jalan Melati dan pembangunan drainase".
        let next = at + usize::from(words.get(at).is_some_and(|word| word.work.is_some() && word.object.is_none()));
        if joined && words.get(next).is_some_and(|word| word.object.is_some()) {
            at = thing(words, next, &mut found);
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, kind)| kind).collect()
}

/// Reads one object starting at `from` into `found`; returns the index after it.
fn thing(words: &[Arc<Word>], from: usize, found: &mut Vec<Object>) -> usize {
    let behind = (from..words.len())
        .find(|at| words[*at].object.is_none() && !WITHIN.contains(&&*words[*at].text))
        .unwrap_or(words.len());
    let mut things = words[from..behind].iter().filter(|word| word.object.is_some());
    let Some(head) = things.next() else { return behind };
    let Some(mut object) = head.object else { return behind };
    let mut is_material = head.is_base || head.is_top;
    for word in things.take_while(|word| word.object_is_last == head.object_is_last) {
        let Some(next) = word.object else { continue };
        // "Drainage canal" is a drain, "school building" a school.
        if TABLES.wider.get(object.1).is_some_and(|wider| wider == next.1) {
            continue;
        }
        let is_wider = TABLES.wider.get(next.1).is_some_and(|wider| wider == object.1);
        let of_material = is_material && ALONG_A_ROAD.contains(&next.1);
        if CALLED_BOTH.contains(&(object.1, next.1)) || CALLED_BOTH.contains(&(next.1, object.1)) {
            found.push(object);
            object = next;
        } else if word.object_is_last || is_wider || of_material {
            object = next;
        }
        is_material &= word.is_base || word.is_top;
    }
    found.push(object);
    behind
}

/// Whether an unknown object precedes the first known one, in a language where the object comes first: after the
/// verb, or at the beginning.
fn begins_with_another_thing(words: &[Arc<Word>], first: usize) -> bool {
    // A drain or a wall stands at a place; a road, a school or a market may be that place.
    let is_a_place = words[first].object.is_some_and(|(_, kind)| !NO_PLACES.contains(&kind));
    if words[first].object_is_last || words[first].is_base || words[first].is_top || !is_a_place {
        return false;
    }
    let after_work = words[..first].iter().rposition(|word| word.work.is_some()).map_or(0, |at| at + 1);
    let may_be_a_thing = |word: &&Arc<Word>| (!word.is_stop || &*word.text == "dusun") && !is_doing(&word.text);
    let begins = words[after_work..first].iter().find(may_be_a_thing);
    begins.is_some_and(|word| {
        let is_plain = word.number.is_none() && word.place.is_none() && word.side.is_none();
        is_plain && !word.is_stop && !TABLES.common.contains(&*word.text) && !TABLES.neutral.contains(&*word.text)
    })
}

/// Whether an Indonesian word is a verbal noun by its affixes: "pengeboran", "penyelenggaraan".
fn is_doing(word: &str) -> bool {
    word.len() >= 8 && word.starts_with("pe") && word.ends_with("an")
}

#[cfg(test)]
mod tests {
    use super::super::word::spell;
    use super::*;

    #[track_caller]
    fn names(title: &str, kinds: &[&str]) {
        assert_eq!(objects(&spell(&title.to_lowercase())), kinds, "{title}");
    }

    #[test]
    fn the_first_object_of_a_title_is_its_subject() {
        names("Gorong-gorong dan selokan permukiman", &["culvert", "drain"]);
        names("TPT Jalan Mawar", &["wall"]);
        names("Jalan Makam Lama", &["road"]);
        names("Jalan Masjid", &["road"]);
        names("Posyandu Jalan Masjid", &["health_post"]);
        names("MCK pasar desa", &["toilet"]);
        names("Pagar dan Gapura Makam", &["gate"]);
        names("Pengaspalan Jalan depan Lapangan", &["road"]);
        names("Sumur Bor Lapangan Krajan", &["well"]);
        names("Sumur bor masjid", &["well"]);
        names("Pembangunan Gedung PAUD", &["school"]);
        names("Rehab Rumah Tidak Layak Huni", &["house"]);
        names("Rabat beton jembatan Kali Lo", &["bridge"]);
        names("Paving halaman masjid", &["road"]);
        names("Saluran irigasi tersier", &["irrigation", "drain"]);
    }

    #[test]
    fn a_joined_object_counts_too() {
        names("Rabat beton Jalan Melati dan pembangunan drainase", &["drain", "road"]);
        names("Peningkatan jalan serta TPT", &["wall", "road"]);
        names("Jalan Melati RT 1 dan RT 2", &["road"]);
    }

    #[test]
    fn a_thing_that_the_tables_do_not_know_is_not_the_road_behind_it() {
        names("Pembangunan tugu jalan Melati", &[]);
        names("Insentif kader posyandu", &[]);
        names("PKTD drainase Jalan Melati", &["drain"]);
        names("Padat karya tunai jalan Melati", &["road"]);
        names("Krajan Wetan rabat beton", &["road"]);
        names("Kanopi balai desa", &[]);
        names("Pembangunan infrastruktur jalan Melati", &["road"]);
        names("Pengeboran sumur Rejo Makmur", &["well"]);
        names("Plengsengan saluran tersier", &["wall", "irrigation", "drain"]);
        names("Dusun Krajan rabat beton", &["road"]);
        names("Pembangunan box culvert Jalan Melati", &["culvert"]);
    }

    #[test]
    fn in_english_the_last_of_a_row_of_nouns_is_the_object() {
        names("Market road drainage", &["drain"]);
        names("Construction of drainage along Market road", &["drain"]);
        names("Roadside drainage Koperasi street", &["drain"]);
        names("Concreting of Purok 2 road", &["road"]);
        names("Road and drainage improvement", &["drain", "road"]);
        names("Construction of drainage canal Purok 2", &["drain"]);
        names("Lined canal Purok 2", &["canal"]);
        names("Construction of Multi-Purpose Building", &["building"]);
        names("Farm-to-market roads", &["road"]);
        names("Installation of street lights", &["lamp"]);
        names("Irigasi saluran tersier", &["irrigation", "drain"]);
    }
}
