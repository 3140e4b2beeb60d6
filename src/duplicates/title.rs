//! Reads a title: words without their spelling, what is done to what, and the numbers and sides that tell works apart.

use super::folded;
use super::lengths::{measures, station};
use super::likeness::weight;
use super::owner::extract_owner;
use super::rarity::Rarity;
use super::slips;
use super::tables::TABLES;
use super::word::Word;
use crate::domain::facts::Facts;
use crate::domain::text::fold;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What a title says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TitleReading {
    /// Hash of the words in order of the alphabet: equal for titles that differ in spelling and order only.
    pub key: u64,
    /// Words that may tell works apart, each once, with their weight.
    pub words: Box<[Arc<Word>]>,
    /// build, raise, repair, maintain, continue.
    pub work: Option<&'static str>,
    /// All that the title names, the most telling first; a road only where nothing else is named: "drain of road X".
    pub objects: Box<[&'static str]>,
    /// RT, RW, gang, blok, nomor, segmen, paket …: what kind of number, and which.
    pub numbers: Box<[(&'static str, Box<str>)]>,
    pub phase: Option<u16>,
    pub is_continuation: bool,
    pub is_revision: bool,
    pub is_base: bool,
    pub is_top: bool,
    /// Kanan, hulu, utara …: index of the pair and which of the two.
    pub sides: Box<[(u8, bool)]>,
    /// STA from–to in metres, where the title says it.
    pub station: Option<(f32, f32)>,
    /// "P 74 x L 4 x T 0,15 m": measures in metres, the greatest first, 0 for one that is not told.
    pub measures: Option<[f32; 3]>,
    pub hamlet: Option<Arc<str>>,
    pub owner: Option<Box<str>>,
}

impl TitleReading {
    /// road, drain, wall …: what the work is about.
    pub fn object(&self) -> Option<&'static str> {
        self.objects.first().copied()
    }

    /// Which RT, gang, block … it names.
    pub fn number(&self, name: &str) -> Option<&str> {
        self.numbers.iter().find(|(known, _)| *known == name).map(|(_, number)| &**number)
    }

    /// The weight of all words together.
    pub fn telling(&self, rarity: Option<&Rarity>) -> f64 {
        self.words.iter().map(|word| weight(word, rarity)).sum()
    }
}

/// Words before a number that name a place or a piece, as they are kept.
const NUMBERED: &[(&str, &str)] = &[
    ("rt", "rt"),
    ("rw", "rw"),
    ("gang", "gang"),
    ("blok", "block"),
    ("segmen", "segment"),
    ("ruas", "segment"),
    ("titik", "spot"),
    ("paket", "package"),
    ("pos", "post"),
    ("tiang", "post"),
];

/// Reads the title of a record with the fields beside it.
pub fn read(facts: &Facts) -> TitleReading {
    let (plain, owner) = extract_owner(&facts.title);
    let lower = plain.to_lowercase();
    let mut reading = TitleReading { station: station(&lower), measures: measures(&lower), ..TitleReading::default() };
    let words = without_volume(spell(&lower));
    let mut found = Vec::new();
    reading.phase = numbers(&words, &mut found);
    let number_of = |given: Option<&str>| given.map(plain_number).filter(|number| !number.is_empty());
    for (name, given) in [("rt", facts.rt.as_deref()), ("rw", facts.rw.as_deref())] {
        if let Some(number) = number_of(given) {
            // What a field of its own says goes before the title.
            found.retain(|(known, _)| *known != name);
            keep(&mut found, name, &number);
        }
    }
    found.sort_unstable_by_key(|(name, _)| *name);
    reading.numbers = found.into();
    reading.work = first(&words, &TABLES.works);
    reading.objects = objects(&words).into();
    reading.is_continuation = reading.work == Some("continue");
    reading.is_revision = is_revision(&words);
    reading.is_base = words.iter().any(|word| TABLES.base.contains(word));
    reading.is_top = words.iter().any(|word| TABLES.top.contains(word));
    reading.sides = sides(&words).into();
    reading.hamlet = facts
        .hamlet
        .as_deref()
        .map(folded::keep)
        .or_else(|| after(&words, "dusun").map(|hamlet| folded::keep(&hamlet)));
    reading.owner = facts.owner.as_deref().or(owner.as_deref()).map(|name| fold(name).into());
    let mut telling: Vec<String> = words
        .into_iter()
        .filter(|word| !TABLES.stop.contains(word) && (word.len() > 2 || !word.chars().all(|c| c.is_ascii_digit())))
        .collect();
    telling.sort_unstable();
    telling.dedup();
    let mut hasher = FxHasher::default();
    telling.hash(&mut hasher);
    reading.key = hasher.finish();
    reading.words = telling.iter().map(|word| Word::of(word)).collect();
    reading
}

/// Lower case words with abbreviations written out; "rt.03/rw.12" comes apart.
fn spell(lower: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut parts = String::with_capacity(lower.len() + 8);
    let mut before = ' ';
    for c in lower.chars() {
        // rt03 → rt 03, but A4 and 2a stay: only a letter before a digit comes apart after rt or rw.
        if c.is_ascii_digit() && before.is_alphabetic() && (parts.ends_with("rt") || parts.ends_with("rw")) {
            parts.push(' ');
        }
        parts.push(if c.is_alphanumeric() { c } else { ' ' });
        before = c;
    }
    for word in parts.split_whitespace() {
        let word = slips::mended(word);
        match TABLES.spelling.get(word) {
            Some(spelled) => words.extend(spelled.split_whitespace().map(str::to_owned)),
            None => words.push(word.to_owned()),
        }
    }
    words
}

/// Keeps a number of this name; the first of a name stays.
fn keep(found: &mut Vec<(&'static str, Box<str>)>, name: &'static str, number: &str) {
    if !found.iter().any(|(known, _)| *known == name) {
        found.push((name, number.into()));
    }
}

/// The numbers of a title into `found`; gives the phase.
fn numbers(words: &[String], found: &mut Vec<(&'static str, Box<str>)>) -> Option<u16> {
    let mut phase = None;
    for pair in words.windows(2) {
        let [name, value] = pair else { continue };
        let Some(number) = number(value) else { continue };
        if name == "tahap" || name == "phase" {
            phase = number.parse().ok();
        } else if let Some((_, kept)) = NUMBERED.iter().find(|(word, _)| word == name) {
            keep(found, kept, &number);
        }
    }
    // A lone number or Roman figure at the end of a name: "Gang Mawar II", "PJU titik 3", "Krajan 2".
    if let Some(last) = words.last()
        && found.is_empty()
        && phase.is_none()
        && let Some(number) = number(last)
        && number.len() <= 2
    {
        keep(found, "last", &number);
    }
    phase
}

/// `3`, `03`, `iii` and `tiga` are one number; `10` and `10a` are two.
fn number(word: &str) -> Option<String> {
    let roman = match word {
        "i" => "1",
        "ii" => "2",
        "iii" => "3",
        "iv" => "4",
        "v" => "5",
        "vi" => "6",
        "vii" => "7",
        "viii" => "8",
        "ix" => "9",
        "x" => "10",
        _ => "",
    };
    if !roman.is_empty() {
        return Some(roman.to_owned());
    }
    let starts = word.starts_with(|c: char| c.is_ascii_digit());
    let short = word.len() <= 4 && (starts || (word.len() == 1 && !UNITS.contains(&word)));
    short.then(|| plain_number(word))
}

fn plain_number(text: &str) -> String {
    let folded = fold(text);
    let bare = folded.trim_start_matches("rt ").trim_start_matches("rw ").trim_start_matches('0');
    if bare.is_empty() && !folded.is_empty() { "0".to_owned() } else { bare.to_owned() }
}

fn first(words: &[String], kinds: &'static std::collections::HashMap<String, (usize, String)>) -> Option<&'static str> {
    words.iter().filter_map(|word| kinds.get(word)).min_by_key(|(rank, _)| *rank).map(|(_, kind)| kind.as_str())
}

/// Words that stand between two words of one thing: "tembok penahan tanah", "rumah tidak layak huni", "pagar dan gapura".
const JOINING: &[&str] = &["dan", "serta", "beserta", "and", "with", "tanah", "tidak", "layak"];

/// What is built along a road, or over it: beside one of these the road says where.
const ALONG_A_ROAD: &[&str] = &["wall", "bridge", "culvert", "irrigation", "drain", "lamp"];

/// What the work is done to, by rank: the first object and those joined to it. What comes behind other words says where:
/// "jalan depan lapangan" is a road, "sumur bor lapangan" a well. "Drainase jalan" is a drain, "jalan makam lama" a road;
/// a building is only one where it is not said which.
fn objects(words: &[String]) -> Vec<&'static str> {
    let kind = |word: &String| -> Option<&'static (usize, String)> { TABLES.objects.get(word) };
    let run: Vec<&'static (usize, String)> = words
        .iter()
        .skip_while(|word| kind(word).is_none())
        .take_while(|word| kind(word).is_some() || JOINING.contains(&word.as_str()))
        .filter_map(kind)
        .collect();
    let mut found: Vec<(usize, &'static str)> = run.iter().map(|(rank, kind)| (*rank, kind.as_str())).collect();
    found.sort_unstable();
    found.dedup();
    let mut found: Vec<&'static str> = found.into_iter().map(|(_, kind)| kind).collect();
    if found.len() > 1 && found.contains(&"road") {
        if found.iter().any(|object| ALONG_A_ROAD.contains(object)) {
            found.retain(|object| ALONG_A_ROAD.contains(object));
        } else if run.first().is_some_and(|(_, kind)| kind == "road") {
            found.retain(|object| *object == "road");
        } else {
            found.retain(|object| *object != "road");
        }
    }
    let said: Vec<&str> = found.iter().filter_map(|object| TABLES.wider.get(*object)).map(String::as_str).collect();
    found.retain(|object| !said.contains(object));
    found
}

/// A change of the budget of one activity: "perubahan", "(PAK)", "P-APBDes". "Pak Slamet" is a man.
fn is_revision(words: &[String]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let next = words.get(at + 1).map(String::as_str);
        match word.as_str() {
            "perubahan" | "revisi" | "revised" | "papbdes" => true,
            "pak" => next.is_none_or(|next| next.starts_with(|c: char| c.is_ascii_digit()) || next.starts_with("apbd")),
            "p" => next.is_some_and(|next| next.starts_with("apbd")),
            "apbdes" => next == Some("p"),
            _ => false,
        }
    })
}

/// Units behind a number: together they say how much, not which.
const UNITS: &[&str] = &[
    "m", "m1", "m2", "m3", "km", "cm", "mm", "ha", "meter", "metre", "metres", "unit", "units", "bh", "buah", "ls",
    "titik", "ttk", "kk",
];

/// The words without "74 x 4 m", "P 74 x L 4 x T 0 15 m", "20 titik": a volume is not what a work is called.
fn without_volume(words: Vec<String>) -> Vec<String> {
    let is_number = |word: &String| word.chars().all(|c| c.is_ascii_digit());
    let is_letter = |word: &String| matches!(word.as_str(), "p" | "l" | "t" | "x");
    let mut keep = vec![true; words.len()];
    for at in 0..words.len() {
        let (word, next) = (&words[at], words.get(at + 1));
        let named = at > 0 && NUMBERED.iter().any(|(name, _)| *name == words[at - 1]);
        if is_number(word) && !named && next.is_some_and(|next| UNITS.contains(&next.as_str())) {
            keep[at] = false;
            keep[at + 1] = false;
            // Back over "x 4", "0,15" and the letters of the dimensions.
            let mut before = at;
            while before > 0 && (is_letter(&words[before - 1]) || is_number(&words[before - 1])) {
                let part_of_name = before > 1 && NUMBERED.iter().any(|(name, _)| *name == words[before - 2]);
                if part_of_name {
                    break;
                }
                before -= 1;
                keep[before] = false;
            }
        }
    }
    words.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(word, _)| word).collect()
}

fn sides(words: &[String]) -> Vec<(u8, bool)> {
    let mut found = Vec::new();
    for (at, pair) in TABLES.sides.iter().enumerate() {
        for (which, side) in [(false, &pair[0]), (true, &pair[1])] {
            if words.contains(side) {
                found.push((u8::try_from(at).unwrap_or(u8::MAX), which));
            }
        }
    }
    found
}

fn after(words: &[String], name: &str) -> Option<String> {
    let at = words.iter().position(|word| word == name)?;
    words.get(at + 1).filter(|word| number(word).is_none() && !TABLES.stop.contains(*word)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_and_spelling_are_one() {
        let key = |title: &str| {
            let mut words = spell(&title.to_lowercase());
            words.sort();
            words
        };
        assert_eq!(key("Pemb. Jl. Melati Gg. 3"), key("pembangunan jalan melati gang 3"));
        assert_eq!(key("TPT"), key("tembok penahan tanah"));
    }

    #[test]
    fn a_word_of_the_tables_is_known_with_a_slip_and_a_name_stays_a_name() {
        let of = |title: &str| objects(&spell(&title.to_lowercase()));
        for drain in ["Pemb. selokkan jalan Melati", "Pembangunan draianse", "Saluarn air", "Drainse"] {
            assert_eq!(of(drain), ["drain"], "{drain}");
        }
        let work = |title: &str| first(&spell(&title.to_lowercase()), &TABLES.works);
        assert_eq!(work("Perawtaan jalan Kamboja"), Some("maintain"));
        assert_eq!(work("Lnajutan rabat jalan"), Some("continue"));
        // Names of places that are near to words: a short one, another first letter, two slips.
        for name in ["jalan talun", "jalan tulang bawang", "jalan kandangan", "jalan bertulang"] {
            assert_eq!(of(name), ["road"], "{name}");
            assert_eq!(work(name), None, "{name}");
        }
    }

    #[test]
    fn rt_and_rw_are_read_in_all_their_writings() {
        for title in ["RT 003 RW 012", "Rt.03/Rw.12", "rt03 rw12", "RT. 3 RW. 12"] {
            let mut found = Vec::new();
            numbers(&spell(&title.to_lowercase()), &mut found);
            let of = |name: &str| found.iter().find(|(known, _)| *known == name).map(|(_, number)| &**number);
            assert_eq!((of("rt"), of("rw")), (Some("3"), Some("12")), "{title}");
        }
    }

    #[test]
    fn a_volume_is_no_name_and_pak_is_a_man_or_a_budget() {
        let words = |title: &str| without_volume(spell(&title.to_lowercase())).join(" ");
        assert_eq!(words("Rabat beton P 74 x L 4 x T 0,15 m RT 2"), "beton beton rt 2");
        assert_eq!(words("Jembatan Krajan I (bentang 6 m)"), "jembatan krajan i bentang");
        assert_eq!(words("Paving Gang 3 RT 4 20 m"), "paving gang 3 rt 4");
        let revision = |title: &str| is_revision(&spell(&title.to_lowercase()));
        assert!(revision("Posyandu Sakura (P-APBDes)") && revision("Drainase PAK 2025") && revision("Talud Perubahan"));
        assert!(!revision("Rabat Gang Pak Slamet RT 04"));
    }

    #[test]
    fn what_a_title_names_beside_its_road_is_what_it_is_about() {
        let of = |title: &str| objects(&spell(&title.to_lowercase()));
        assert_eq!(of("Gorong-gorong dan selokan permukiman"), ["culvert", "drain"]);
        assert_eq!(of("TPT Jalan Mawar"), ["wall"]);
        assert_eq!(of("Jalan Makam Lama"), ["road"]);
        assert_eq!(of("Pagar dan Gapura Makam"), ["gate", "field"]);
        assert_eq!(of("Pengaspalan Jalan depan Lapangan"), ["road"]);
        assert_eq!(of("Sumur Bor Lapangan Krajan"), ["well"]);
        assert_eq!(of("Pembangunan Gedung PAUD"), ["school"]);
        assert_eq!(of("Rehab Rumah Tidak Layak Huni"), ["house"]);
    }

    #[test]
    fn ten_is_not_ten_a() {
        assert_ne!(number("10"), number("10a"));
        assert_eq!(number("ii"), number("02"));
    }
}
