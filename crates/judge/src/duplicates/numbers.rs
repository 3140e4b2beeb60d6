//! The numbers in a title that distinguish works: RT 3, gang 10 A, blok C (not STA); lists and ranges of them; the
//! phase.

use super::folded;
use super::numeral::{MEASURES, UNITS, plain_number};
use super::tables::TABLES;
use super::word::{Word, spell};
use std::sync::Arc;

/// A name ("rt", "gang", "melati") and the number after it.
pub type Named = (Arc<str>, Arc<str>);

/// The numbers of a title.
#[derive(Debug, Default, PartialEq)]
pub struct Numbers {
    /// Ordered by name; a name may have several.
    pub named: Vec<Named>,
    pub phase: Option<u16>,
}

/// A wider range is not read as one: "Gang 1 - 80".
const WIDEST_RANGE: u16 = 30;
/// After "tahap", a greater number is a year; after "th", which is also short for the year, anything from 21 on is.
const LAST_PHASE: u16 = 99;
const LAST_SHORT_PHASE: u16 = 20;

/// Reads the numbers. O(words).
pub fn read_numbers(words: &[Arc<Word>]) -> Numbers {
    let mut found = Numbers::default();
    let mut at = 0;
    while at + 1 < words.len() {
        let name = &words[at];
        at += 1;
        if TABLES.phase.contains(&*name.text) {
            let next = if &*words[at].text == "ke" { at + 1 } else { at };
            let number = words.get(next).and_then(|word| word.number.as_ref()?.parse().ok());
            let last = if &*name.text == "th" { LAST_SHORT_PHASE } else { LAST_PHASE };
            found.phase = found.phase.or(number.filter(|number| *number <= last));
        } else if let Some(place) = &name.place {
            at = found.list(place, words, at);
        } else if is_a_name(name) {
            if let Some(list) = list_of_a_name(name, words, at) {
                found.named.extend(list);
            } else if let Some(number) = number_of_a_name(words, at) {
                found.add_number(&name.text, &number);
            }
        }
    }
    // A lone number or Roman numeral at the end of a name: "Gang Mawar II", "PJU titik 3", "Krajan 2".
    if let Some(number) = words.last().and_then(|last| last.number.as_ref())
        && !words.iter().any(|word| word.place.as_ref().is_some_and(|place| found.has(place)))
        && found.phase.is_none()
        && number.len() <= 2
    {
        found.add_number(&folded::intern("last"), number);
    }
    found.sort();
    found
}

/// Whether both have a number in common; `None` if either has none.
pub fn in_common<'a>(
    mut a: impl Iterator<Item = &'a str> + Clone,
    b: impl Iterator<Item = &'a str> + Clone,
) -> Option<bool> {
    a.clone().next().and(b.clone().next())?;
    Some(a.any(|x| b.clone().any(|y| x == y)))
}

impl Numbers {
    /// Records the number from a field of its own ("03", "RT 3", "1-3"), which overrides the title.
    pub fn record_number(&mut self, place: &str, given: &str) {
        let place = folded::intern(place);
        let words = spell(&given.to_lowercase());
        let mut of_field = Self::default();
        match words.iter().position(|word| word.number.is_some()) {
            Some(first) => _ = of_field.list(&place, &words, first),
            None => of_field.add_number(&place, &plain_number(given).into()),
        }
        of_field.named.retain(|(name, number)| *name == place && !number.is_empty());
        if !of_field.named.is_empty() {
            self.named.retain(|(name, _)| *name != place);
            self.named.append(&mut of_field.named);
            self.sort();
        }
    }

    fn add_number(&mut self, name: &Arc<str>, number: &Arc<str>) {
        self.named.push((Arc::clone(name), Arc::clone(number)));
    }

    fn has(&self, name: &str) -> bool {
        self.named.iter().any(|(known, _)| **known == *name)
    }

    fn sort(&mut self) {
        self.named.sort_unstable();
        self.named.dedup();
    }

    /// Reads one number or several: "1", "1, 2 dan 4", "1-5", "1 s/d 5"; after RT, "01/02" is RT 1 of RW 2. Returns
    /// the index of the first word after them.
    fn list(&mut self, place: &Arc<str>, words: &[Arc<Word>], at: usize) -> usize {
        let at = if words.get(at).is_some_and(|word| &*word.text == "ke") { at + 1 } else { at };
        let Some((mut number, mut at)) = one(place, words, at) else { return at };
        self.add_number(place, &number);
        loop {
            let Some((join, behind)) = join(words, at) else { return at };
            // "RT 1 s/d RT 3"
            let is_named_again = words.get(behind).is_some_and(|word| word.place.as_ref() == Some(place));
            let behind = behind + usize::from(is_named_again);
            let Some((next, end)) = one(place, words, behind) else { return at };
            if words.get(end).is_some_and(|word| UNITS.contains(&&*word.text)) {
                return at; // "RT 3, 100 m"
            }
            match join {
                Join::Slash if **place == *"rt" => {
                    self.add_number(&folded::intern("rw"), &next);
                    return end;
                }
                Join::Range => self.fill(place, &number, &next),
                Join::Slash | Join::And => {}
            }
            self.add_number(place, &next);
            (number, at) = (next, end);
        }
    }

    /// Adds the numbers between the two, if they are a range.
    fn fill(&mut self, place: &Arc<str>, from: &str, to: &str) {
        let (Ok(from), Ok(to)) = (from.parse::<u16>(), to.parse::<u16>()) else { return };
        if from < to && to < 100 && to - from <= WIDEST_RANGE {
            (from + 1..to).for_each(|number| self.add_number(place, &number.to_string().into()));
        }
    }
}

/// The separator between two numbers of a list.
#[derive(Clone, Copy)]
enum Join {
    And,
    Range,
    Slash,
}

/// The separator at `at`, and the index after it.
fn join(words: &[Arc<Word>], at: usize) -> Option<(Join, usize)> {
    let text = |at: usize| words.get(at).map(|word| &*word.text);
    let join = match (text(at)?, text(at + 1)) {
        ("s", Some("d")) => return Some((Join::Range, at + 2)),
        ("sampai", Some("dengan")) => return Some((Join::Range, at + 2)),
        ("-" | "sd" | "sampai" | "hingga" | "to", _) => Join::Range,
        ("/", _) => Join::Slash,
        ("," | "dan" | "and" | "y" | "e", _) => Join::And,
        _ => return None,
    };
    Some((join, at + 1))
}

/// The number at `at`, and the index after it: "10", "10 A" (which is not 10), "III", "A", and "A 4" of a block.
fn one(place: &str, words: &[Arc<Word>], at: usize) -> Option<(Arc<str>, usize)> {
    let word = words.get(at)?;
    let Some(number) = &word.number else {
        let of_block = place == "block" && is_letter_and_digits(&word.text);
        return of_block.then(|| (word.text.as_ref().into(), at + 1));
    };
    // "lotes 2 e 3" are two
    let is_joined = words.get(at + 2).is_some_and(|word| word.number.is_some());
    let next = words.get(at + 1).map(|next| &*next.text).filter(|next| *next != "e" || !is_joined);
    match next {
        Some(letter @ ("a" | "b" | "c" | "d" | "e")) if word.is_digits => {
            Some((format!("{number}{letter}").into(), at + 2))
        }
        Some(digits) if place == "block" && word.text.len() == 1 && !word.is_digits && is_short_number(digits) => {
            Some((format!("{number}{}", plain_number(digits)).into(), at + 2))
        }
        _ => Some((Arc::clone(number), at + 1)),
    }
}

fn is_letter_and_digits(text: &str) -> bool {
    let digits = text.strip_prefix(|c: char| c.is_ascii_lowercase());
    digits.is_some_and(is_short_number) && !UNITS.contains(&text)
}

fn is_short_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// For each word whether it is the number of a place, alone or in a list: then it is no measure, whatever follows it.
pub fn of_places(words: &[Arc<Word>]) -> Vec<bool> {
    let mut of_place = vec![false; words.len()];
    for (at, word) in words.iter().enumerate() {
        if let Some(place) = &word.place {
            let end = Numbers::default().list(place, words, at + 1);
            of_place[at + 1..end].fill(true);
        }
    }
    of_place
}

/// Whether a number after this word may be part of a name. False for verbs, for objects with many synonyms or names
/// of materials ("rabat beton 3 lokasi"), and for words common to all titles.
fn is_a_name(word: &Word) -> bool {
    let is_measure = MEASURES.contains(&&*word.text);
    let is_thing = word.is_base || word.is_top || word.is_synonym() || &*word.text == "tanah";
    word.text.len() > 2 && word.number.is_none() && !word.is_stop && word.work.is_none() && !is_measure && !is_thing
}

/// The number of a name: at most two digits, with or without a letter after them, or a Roman numeral; not a measure.
fn number_of_a_name(words: &[Arc<Word>], at: usize) -> Option<Arc<str>> {
    let word = &words[at];
    let digits = word.text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let is_short = !digits.is_empty() && digits.trim_start_matches('0').len() <= 2;
    let is_number = is_short && word.text.len() - digits.len() <= 1;
    if word.number.is_none() || !(is_number || word.is_roman()) {
        return None;
    }
    let (number, behind) = one("", words, at)?;
    (!measures(words, behind)).then_some(number)
}

/// Several numbers after a name: "Krajan 1 & 2", "Melati 3 dan 4". `None` for one number and for measures.
fn list_of_a_name(name: &Word, words: &[Arc<Word>], at: usize) -> Option<Vec<Named>> {
    let mut found = Numbers::default();
    let end = found.list(&name.text, words, at);
    let is_short = |(_, number): &Named| number.trim_end_matches(|c: char| c.is_ascii_lowercase()).len() <= 2;
    (found.named.len() > 1 && found.named.iter().all(is_short) && !measures(words, end)).then_some(found.named)
}

/// Whether the number before `behind` counts or measures what follows it: "3 x", "40 m", "2 jembatan".
fn measures(words: &[Arc<Word>], behind: usize) -> bool {
    let Some(next) = words.get(behind) else { return false };
    let counts = words[behind - 1].is_digits && next.object.is_some() && !next.object_is_last;
    next.is_mark || next.number.is_some() || UNITS.contains(&&*next.text) || counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers_of(title: &str) -> Numbers {
        read_numbers(&spell(&title.to_lowercase()))
    }

    #[track_caller]
    fn assert_numbers(title: &str, kind: &str, numbers: &[&str]) {
        let found = numbers_of(title);
        let mut read: Vec<&str> =
            found.named.iter().filter(|(known, _)| **known == *kind).map(|(_, number)| &**number).collect();
        read.sort_unstable_by_key(|number| (number.len(), number.to_string()));
        assert_eq!(read, numbers, "{title}: {kind}");
    }

    #[test]
    fn rt_and_rw_are_read_in_all_their_writings() {
        for title in ["RT 003 RW 012", "Rt.03/Rw.12", "rt03 rw12", "RT. 3 RW. 12", "RT 03/12", "RT 3 / 012"] {
            assert_numbers(title, "rt", &["3"]);
            assert_numbers(title, "rw", &["12"]);
        }
    }

    #[test]
    fn a_list_and_a_range_are_all_their_numbers() {
        for title in
            ["RT 1, 2 dan 3", "RT 01-03", "Paving RT 1 s/d 3", "RT 1 s.d. 3", "RT 1 sampai dengan RT 3, 2 dan 1"]
        {
            let found = numbers_of(title);
            assert!(found.named.iter().any(|(name, number)| &**name == "rt" && &**number == "1"), "{title}: {found:?}");
        }
        assert_numbers("RT 1, 2 dan 3", "rt", &["1", "2", "3"]);
        assert_numbers("RT 01-03 RW 2", "rt", &["1", "2", "3"]);
        assert_numbers("RT 1 s/d 3", "rt", &["1", "2", "3"]);
        assert_numbers("RT 1 dan RT 4", "rt", &["1", "4"]);
        for title in ["RT 1 s/d RT 3", "RT 1 - RT 3", "RT.01-RT.03", "RT 1 sampai dengan RT 3"] {
            assert_numbers(title, "rt", &["1", "2", "3"]);
        }
        assert_numbers("Gang 2 dan Gang 5", "gang", &["2", "5"]);
        assert_numbers("RT 1 dan RW 3", "rt", &["1"]);
        assert_numbers("Drainage canal, Puroks 4 and 5", "purok", &["4", "5"]);
        assert_numbers("Pavimento lotes 2 e 3", "package", &["2", "3"]);
        assert_numbers("Gang 3 & 5 RT 2", "gang", &["3", "5"]);
        assert_numbers("Gang 1 - 80", "gang", &["1", "80"]);
        assert_numbers("Gang 5 - 2", "gang", &["2", "5"]);
        assert_numbers("RT 2 dan drainase", "rt", &["2"]);
        assert_numbers("RT 3, 100 m", "rt", &["3"]);
    }

    #[test]
    fn a_letter_belongs_to_its_number() {
        assert_numbers("Gang 10 A", "gang", &["10a"]);
        assert_numbers("Gang 10A", "gang", &["10a"]);
        assert_numbers("Gang 10", "gang", &["10"]);
        assert_numbers("Blok A4", "block", &["a4"]);
        assert_numbers("Blok A 04", "block", &["a4"]);
        assert_numbers("Blok C", "block", &["c"]);
    }

    #[test]
    fn a_phase_is_a_small_number_in_any_writing() {
        for title in ["Jalan Melati tahap II", "Jalan Melati Tahap ke-2", "Jalan Melati thp kedua", "Road phase two"] {
            assert_eq!(numbers_of(title).phase, Some(2), "{title}");
        }
        assert_eq!(numbers_of("Jalan Melati th 2025").phase, None);
        assert_eq!(numbers_of("Jalan Melati tahap XII").phase, Some(12));
        assert_eq!(numbers_of("Road improvement (Phase XXII)").phase, Some(22));
        assert_eq!(numbers_of("Jalan Melati th 25").phase, None);
    }

    #[test]
    fn a_number_belongs_to_the_name_before_it() {
        let named = |title: &str| {
            let found = numbers_of(title);
            let names = found.named.iter().filter(|(name, _)| &**name != "last");
            names.map(|(name, number)| format!("{name} {number}")).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(named("Jembatan Melati II Dusun Krajan"), "melati 2");
        assert_eq!(named("Pagar SDN 3 Sumberagung"), "sdn 3");
        assert_eq!(named("Purok 2 road concreting"), "purok 2");
        assert_eq!(named("Drainage canal, Purok 4 & 5, Barangay Anahaw"), "purok 4, purok 5");
        assert_eq!(named("Jalan Krajan 1 & 2"), "krajan 1, krajan 2");
        assert_eq!(named("Paving Melati 3 dan 4 Dusun II"), "dusun 2, melati 3, melati 4");
        assert_eq!(named("Sumur Paket 1/2/3"), "package 1, package 2, package 3");
        assert_eq!(named("Pipa 3/4 inci"), "");
        assert_eq!(named("Rabat Gang Kenanga 2 B RT 11"), "kenanga 2b, rt 11");
        assert_eq!(named("Rabat Gang Kenanga 02B RT 11"), "kenanga 2b, rt 11");
        assert_eq!(named("Rabat Gang Kenanga 10 RT 11"), "kenanga 10, rt 11");
        assert_eq!(named("Jalan lingkungan 0 RT 06"), "lingkungan 0, rt 6");
        for none in [
            "Rabat beton 3 lokasi",
            "Bantuan RTLH 5 rumah",
            "Krajan 2 jembatan",
            "Pembangunan 2 jembatan",
            "Rabat 40 x 3 m",
            "Jalan Melati 2025",
            "Tahap 2",
        ] {
            assert_eq!(named(none), "", "{none}");
        }
    }
}
