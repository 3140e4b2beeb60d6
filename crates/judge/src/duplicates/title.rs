//! Reads a title: normalised words, work and object, and the numbers and sides that distinguish works.

use super::folded;
use super::lengths::{Size, measures, sizes, station};
use super::numbers::{self, Named};
use super::numeral::UNITS;
use super::objects::objects;
use super::owner::{called, extract_owner};
use super::rarity::Rarity;
use super::rarity::weight;
use super::tables::{SIDES, TABLES};
use super::word::{Word, spell};
use crate::domain::facts::Facts;
use crate::domain::text::{fold, says_something};
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The reading of a title.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TitleReading {
    /// Words that may distinguish works, each once, sorted.
    pub words: Box<[Arc<Word>]>,
    /// add, continue, maintain, repair, raise, build.
    pub work: Option<&'static str>,
    /// The objects of the work, most specific first: see [`objects`].
    pub objects: Box<[&'static str]>,
    /// RT, RW, gang, blok, paket … or any other name ("Melati 2", "SDN 3") with the number after it, ordered by name;
    /// "RT 1-3" is three.
    pub numbers: Box<[Named]>,
    pub phase: Option<u16>,
    pub is_continuation: bool,
    pub is_revision: bool,
    /// A yearly service, not a work: allowances, courses, the running of a post.
    pub is_service: bool,
    pub is_base: bool,
    pub is_top: bool,
    /// Tendered or built once more: "tender ulang", "pembangunan ulang".
    pub is_again: bool,
    /// The road serves houses; fields. Both or neither where the title says so.
    pub is_settlement: bool,
    pub is_farm: bool,
    /// Kanan, hulu, utara …: index of the pair and which of the two; in the name of a place [`IN_A_NAME`] is added to
    /// the index.
    pub sides: Box<[(u8, bool)]>,
    /// STA from–to in metres, if the title has it.
    pub station: Option<(f32, f32)>,
    /// "P 74 x L 4 x T 0,15 m": measures in metres, greatest first, 0 for a missing one.
    pub measures: Option<[f32; 3]>,
    /// "80 M", "5 titik".
    pub sizes: Box<[Size]>,
    pub hamlet: Option<Arc<str>>,
    pub owner: Option<Box<str>>,
}

/// Added to the index of a pair of sides if the word belongs to the name of a place: "Desa Karangrejo Wetan".
pub const IN_A_NAME: u8 = 16;

impl TitleReading {
    /// The main object of the work: road, drain, wall ….
    pub fn object(&self) -> Option<&'static str> {
        self.objects.first().copied()
    }

    /// Hash of the sorted words: equal for titles that differ only in spelling and word order. O(words).
    pub fn key(&self) -> u64 {
        let mut hasher = FxHasher::default();
        self.words.iter().for_each(|word| word.text.hash(&mut hasher));
        hasher.finish()
    }

    /// The same with the numbers of the title: "Sumur Melati 2" is another title than "Sumur Melati 3"; `None` where it
    /// has none. O(words).
    pub fn numbered_key(&self) -> Option<u64> {
        if self.numbers.is_empty() {
            return None;
        }
        let mut hasher = FxHasher::default();
        self.key().hash(&mut hasher);
        self.numbers.hash(&mut hasher);
        Some(hasher.finish())
    }

    /// The numbers under this name (RT, gang, block …).
    pub fn numbers_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + Clone {
        self.numbers.iter().filter(move |(known, _)| **known == *name).map(|(_, number)| &**number)
    }

    /// Whether both have a package number in common; `None` if either names none.
    pub fn is_one_package(&self, other: &Self) -> Option<bool> {
        numbers::in_common(self.numbers_of("package"), other.numbers_of("package"))
    }

    /// The total weight of the words.
    pub fn telling(&self, rarity: Option<&Rarity>) -> f64 {
        self.words.iter().map(|word| weight(word, rarity)).sum()
    }
}

/// Reads the title of a record together with its other fields. Some 2 µs, once its words are known.
pub fn read_title(facts: &Facts) -> TitleReading {
    let (plain, owner) = extract_owner(&facts.title);
    let lower = without_accents(plain.to_lowercase());
    let words = without_volume(spell(&lower));
    let mut numbers = numbers::read_numbers(&words);
    for (name, given) in [("rt", facts.rt.as_deref()), ("rw", facts.rw.as_deref())] {
        if let Some(given) = given {
            numbers.record_number(name, given);
        }
    }
    let work = words.iter().filter_map(|word| word.work).min_by_key(|(rank, _)| *rank).map(|(_, kind)| kind);
    let given = facts.hamlet.as_deref().filter(|name| says_something(name));
    let hamlet = given.or_else(|| after(&words, "dusun")).map(folded::intern);
    let objects = objects(&words);
    // "Gang Pak Slamet" is named after a man, "rumah Pak Slamet" is his house.
    let called = || objects.contains(&"house").then(|| called(&words)).flatten();
    let given = facts.owner.as_deref().filter(|name| says_something(name));
    let owner = given.map(str::to_owned).or(owner).or_else(called);
    let measures = measures(&lower);
    let is_road = objects.contains(&"road");
    let mut reading = TitleReading {
        station: station(&lower),
        measures,
        sizes: sizes(&lower, measures.is_some()).into(),
        is_again: words.iter().any(|word| TABLES.again.contains(&*word.text)),
        is_settlement: is_road && is_settlement(&words),
        is_farm: is_road && words.iter().any(|word| TABLES.farm.contains(&*word.text)),
        phase: numbers.phase,
        numbers: numbers.named.into(),
        work,
        objects: objects.into(),
        is_continuation: work == Some("continue") || facts.funding.iter().any(|line| is_carried_over(&line.fund)),
        is_revision: is_revision(&words),
        is_service: work.is_none() && words.iter().any(|word| word.is_service),
        is_base: words.iter().any(|word| word.is_base),
        is_top: words.iter().any(|word| word.is_top),
        sides: sides(&words, facts).into(),
        hamlet,
        owner: owner.map(|name| fold(&name).into()),
        ..TitleReading::default()
    };
    // The numbers of a place are compared as such, however they are written: "RT 003", "RT 1 s/d RT 3".
    let of_places = numbers::of_places(&words);
    let is_word = |word: &Word| !word.is_stop && (word.text.len() > 2 || !word.is_digits) && !word.is_roman();
    let kept = words.into_iter().zip(of_places).filter(|(word, of_place)| !of_place && is_word(word));
    let mut telling: Vec<_> = kept.map(|(word, _)| word).collect();
    telling.sort_unstable_by(|x, y| x.text.cmp(&y.text));
    telling.dedup_by(|x, y| x.text == y.text);
    reading.words = telling.into();
    reading
}

/// "Construcción" is typed with and without its accent.
fn without_accents(lower: String) -> String {
    if lower.is_ascii() { lower } else { lower.nfkd().filter(|c| !is_combining_mark(*c)).collect() }
}

/// A budget revision of one activity: "perubahan", "(PAK)", "P-APBDes". "Pak Slamet" is a man.
fn is_revision(words: &[Arc<Word>]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let next = || words.get(at + 1).map(|word| &*word.text);
        match &*word.text {
            "perubahan" | "revisi" | "revised" | "papbdes" | "dppa" | "pergeseran" => true,
            "pak" => {
                next().is_none_or(|next| next.starts_with(|c: char| c.is_ascii_digit()) || next.starts_with("apbd"))
            }
            "p" => next().is_some_and(|next| next.starts_with("apbd")),
            "apbdes" => next() == Some("p"),
            _ => false,
        }
    })
}

/// Money carried over from last year's budget, by the name of the fund: "DPAL 2024".
fn is_carried_over(fund: &str) -> bool {
    // Common names such as "DD" and "ADD" carry no such mark.
    fund.len() > 3
        && spell(&fund.to_lowercase()).iter().any(|word| word.work.is_some_and(|(_, kind)| kind == "continue"))
}

/// The words without "74 x 4 m", "P 74 x L 4 x T 0 15 m", "20 titik": a quantity is not part of the name.
fn without_volume(words: Vec<Arc<Word>>) -> Vec<Arc<Word>> {
    let is_letter = |word: &Word| matches!(&*word.text, "p" | "l" | "t" | "x") || word.is_mark;
    let is_measured =
        |at: &usize| words[*at].is_digits && words.get(at + 1).is_some_and(|next| UNITS.contains(&&*next.text));
    let mut volumes: Vec<usize> = (0..words.len()).filter(is_measured).collect();
    let lettered = lettered_measures(&words);
    if volumes.is_empty() && lettered.is_empty() {
        return words;
    }
    let of_places = numbers::of_places(&words);
    volumes.retain(|at| !of_places[*at]);
    let mut keep = vec![true; words.len()];
    lettered.into_iter().for_each(|range| keep[range].fill(false));
    for at in volumes {
        keep[at] = false;
        keep[at + 1] = false;
        // Back over "x 4", "0,15" and the letters of the dimensions.
        let mut before = at;
        while before > 0 && !of_places[before - 1] && (is_letter(&words[before - 1]) || words[before - 1].is_digits) {
            before -= 1;
            keep[before] = false;
        }
    }
    words.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(word, _)| word).collect()
}

/// "P 80 L 2", "p=80, l=2, t=0.15": letters of dimensions with their numbers, two or more of them, without a unit.
fn lettered_measures(words: &[Arc<Word>]) -> Vec<Range<usize>> {
    let is_letter = |at: usize| words.get(at).is_some_and(|word| matches!(&*word.text, "p" | "l" | "t"));
    let is_number = |at: usize| words.get(at).is_some_and(|word| word.is_digits);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (first, mut pairs) = (at, 0);
        while is_letter(at) && is_number(at + 1) {
            pairs += 1;
            at += 2;
            while words.get(at).is_some_and(|word| word.is_mark) && is_number(at + 1) {
                at += 2; // decimals
            }
            at += usize::from(words.get(at).is_some_and(|word| &*word.text == "x") && is_letter(at + 1));
        }
        if pairs > 1 {
            found.push(first..at);
        }
        at = at.max(first + 1);
    }
    found
}

fn sides(words: &[Arc<Word>], facts: &Facts) -> Vec<(u8, bool)> {
    let read = words.iter().enumerate().filter_map(|(at, word)| {
        let (pair, which) = word.side?;
        Some((if is_in_a_name(words, at, facts) { pair + IN_A_NAME } else { pair }, which))
    });
    let mut found: Vec<(u8, bool)> = read.collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Words before the name of a place in which a direction is no side of a work.
const BEFORE_NAMES: [&str; 8] =
    ["desa", "dusun", "kecamatan", "kelurahan", "kampung", "lingkungan", "kabupaten", "barangay"];
/// Words from there to the direction, that one included: "Desa Karang Rejo Wetan".
const LONGEST_NAME: usize = 3;

/// Whether the direction at `at` belongs to a name: "Dusun Krajan Timur", or the village or hamlet is called so.
fn is_in_a_name(words: &[Arc<Word>], at: usize, facts: &Facts) -> bool {
    if words[at].side.is_none_or(|(pair, _)| pair < SIDES) {
        return false; // left and right, upstream and downstream
    }
    let before = &words[at.saturating_sub(LONGEST_NAME)..at];
    let is_of_a_name = |word: &Arc<Word>| !word.is_stop && !word.is_digits && word.object.is_none();
    let after_place = before.iter().rposition(|word| BEFORE_NAMES.contains(&&*word.text));
    if after_place.is_some_and(|place| before[place + 1..].iter().all(is_of_a_name)) {
        return true;
    }
    let Some(first) = before.last() else { return false };
    let is_called = |name: &str| {
        let name = fold(name);
        let mut parts = name.split(' ');
        parts.any(|part| part == &*first.text) && parts.next() == Some(&*words[at].text)
    };
    is_called(&facts.village_name) || facts.hamlet.as_deref().is_some_and(is_called)
}

/// Whether the road is one of houses: "jalan permukiman", "jalan lingkungan"; "Lingkungan Krajan" is a part of a town.
fn is_settlement(words: &[Arc<Word>]) -> bool {
    let is_road = |word: &Arc<Word>| word.object.is_some_and(|(_, kind)| kind == "road");
    words.iter().enumerate().any(|(at, word)| {
        let behind_a_road = || at > 0 && is_road(&words[at - 1]);
        TABLES.settlement.contains(&*word.text) && (&*word.text != "lingkungan" || behind_a_road())
    })
}

/// The name after this word.
fn after<'a>(words: &'a [Arc<Word>], name: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| &*word.text == name)?;
    words.get(at + 1).filter(|word| word.number.is_none() && !word.is_stop).map(|word| &*word.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_tables_is_known_with_a_slip_and_a_name_stays_a_name() {
        let of = |title: &str| objects(&spell(&title.to_lowercase()));
        for drain in ["Pemb. selokkan jalan Melati", "Pembangunan draianse", "Saluarn air", "Drainse"] {
            assert_eq!(of(drain), ["drain"], "{drain}");
        }
        let work = |title: &str| read_title(&Facts { title: title.into(), ..Facts::unknown() }).work;
        assert_eq!(work("Perawtaan jalan Kamboja"), Some("maintain"));
        assert_eq!(work("Lnajutan rabat jalan"), Some("continue"));
        // Place names that resemble table words: a short one, another first letter, two typing errors.
        for name in ["jalan talun", "jalan tulang bawang", "jalan kandangan", "jalan bertulang"] {
            assert_eq!(of(name), ["road"], "{name}");
            assert_eq!(work(name), None, "{name}");
        }
    }

    #[test]
    fn a_volume_is_no_name_and_pak_is_a_man_or_a_budget() {
        let words = |title: &str| {
            let words = without_volume(spell(&title.to_lowercase()));
            words.iter().map(|word| &*word.text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(words("Rabat beton P 74 x L 4 x T 0,15 m RT 2"), "beton beton rt 2");
        assert_eq!(words("Jembatan Krajan I (bentang 6 m)"), "jembatan krajan i bentang");
        assert_eq!(words("Paving Gang 3 RT 4 20 m"), "paving gang 3 rt 4");
        assert_eq!(words("Rabat Gg. Mawar (P=80, L=2)"), "beton gang mawar");
        assert_eq!(words("Rabat Gg. Mawar P. 80,5 x L. 2,5 RT 3"), "beton gang mawar rt 3");
        assert_eq!(words("Gang Pak T 2 RT 3"), "gang pak t 2 rt 3");
        assert_eq!(words("Paving RT 1-3 100 m"), "paving rt 1 - 3");
        assert_eq!(words("Paving RT 01/02 120 m"), "paving rt 01 / 02");
        assert_eq!(words("Paving RT 1, 2 dan 3 150 m"), "paving rt 1 , 2 dan 3");
        let revision = |title: &str| is_revision(&spell(&title.to_lowercase()));
        assert!(revision("Posyandu Sakura (P-APBDes)") && revision("Drainase PAK 2025") && revision("Talud Perubahan"));
        assert!(!revision("Rabat Gang Pak Slamet RT 04"));
    }
}
