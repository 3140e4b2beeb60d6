//! Reads a title: words without their spelling, what is done to what, and the numbers and sides that tell works apart.

use super::folded;
use super::rarity::Rarity;
use super::slips;
use super::tables::TABLES;
use crate::domain::facts::Facts;
use crate::domain::text::fold;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

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

/// A word that may tell works apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Of this word alone, as long as it is known.
    pub id: u32,
    text: Box<str>,
    /// 0 to 1, by the tables: what half of all titles have weighs little.
    pub weight: f32,
    /// Which letters it has, one bit each: words that differ in many letters need no closer look.
    letters: u32,
}

/// Every word that some title has, once: a million titles are made of some ten thousand words.
static WORDS: LazyLock<RwLock<FxHashMap<Box<str>, Arc<Word>>>> = LazyLock::new(RwLock::default);
static NEXT_WORD: AtomicU32 = AtomicU32::new(0);
/// Words from which on those that no title has any more are let go.
const MOST_KNOWN: usize = 1 << 20;

impl Word {
    fn of(text: &str) -> Arc<Self> {
        if let Some(known) = WORDS.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Arc::clone(known);
        }
        let mut words = WORDS.write().unwrap_or_else(PoisonError::into_inner);
        if words.len() >= MOST_KNOWN {
            words.retain(|_, word| Arc::strong_count(word) > 1);
        }
        let new = || Arc::new(Self::new(text.into()));
        Arc::clone(words.entry(text.into()).or_insert_with(new))
    }

    fn new(text: Box<str>) -> Self {
        let weight = if TABLES.common.contains(&*text) { 0.25 } else { 1.0 };
        let letters = text.bytes().fold(0, |mask, byte| mask | 1 << (byte % 32));
        Self { id: NEXT_WORD.fetch_add(1, Ordering::Relaxed), text, weight, letters }
    }
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

/// Takes "a.n. Sumiati" out of a title: the name ends before a place word, a number or a bracket.
pub fn extract_owner(title: &str) -> (String, Option<String>) {
    // Most titles have nothing that could be such a mark: then nothing else is looked at.
    let is_mark = |w: &[u8]| {
        matches!(w, [b'a' | b'A', b'.' | b'/', b'n' | b'N'] | [b'a' | b'A', b'n' | b'N', b'.'])
            || matches!(w, [b'a' | b'A', b't' | b'T', b'a' | b'A'])
    };
    if !title.as_bytes().windows(3).any(is_mark) {
        return (title.to_owned(), None);
    }
    let lower = title.to_lowercase();
    for mark in ["a.n. ", "a.n ", "an. ", "a/n ", "a/n. ", "atas nama "] {
        // A title that grew or shrank in lower case has other byte positions: then it is left alone.
        let Some(at) = lower.find(mark).filter(|_| lower.len() == title.len()) else { continue };
        if at > 0 && !lower[..at].ends_with([' ', '(', ',']) {
            continue;
        }
        let rest = &title[at + mark.len()..];
        let mut name = Vec::new();
        let mut used = 0;
        for word in rest.split_inclusive(' ') {
            let bare = word.trim().trim_end_matches([',', ')', ';']);
            let ends = matches!(
                bare.to_lowercase().trim_end_matches('.'),
                "rt" | "rw" | "dusun" | "dsn" | "desa" | "di" | "dk" | "kp" | "blok" | "alamat" | "tahap" | ""
            ) || bare.starts_with(|c: char| c.is_ascii_digit() || c == '(')
                || bare.to_lowercase().starts_with("rt.")
                || bare.starts_with(['-', '–', '/']);
            if ends || name.len() == 4 {
                break;
            }
            name.push(bare.to_owned());
            used += word.len();
            if word.trim() != bare {
                break; // a comma or a bracket ends the name
            }
        }
        if name.is_empty() {
            continue;
        }
        let before = title[..at].trim_end_matches([' ', '(', ',']);
        let behind = rest[used..].trim_start_matches([' ', ')', ',']);
        let left = format!("{before} {behind}").split_whitespace().collect::<Vec<_>>().join(" ");
        return (left, Some(name.join(" ")));
    }
    (title.to_owned(), None)
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

/// `STA 0+150 - 0+300`, `sta 150 s/d 300`: metres from–to.
fn station(lower: &str) -> Option<(f32, f32)> {
    let at = lower.find("sta")?;
    let bounded = at == 0 || !lower.as_bytes()[at - 1].is_ascii_alphabetic();
    let rest = &lower[at + 3..];
    if !bounded || rest.starts_with(|c: char| c.is_alphabetic()) {
        return None;
    }
    let mut metres = Vec::new();
    for word in rest.split(|c: char| !(c.is_ascii_digit() || c == '+')).filter(|word| !word.is_empty()).take(2) {
        let value = match word.split_once('+') {
            Some((km, m)) => km.parse::<f32>().ok()? * 1_000.0 + m.parse::<f32>().ok()?,
            None => word.parse().ok()?,
        };
        metres.push(value);
    }
    match metres.as_slice() {
        [from, to] if to > from => Some((*from, *to)),
        _ => None,
    }
}

/// Two or three numbers with an x or a × between them, each with or without its letter and unit, and metres behind one of
/// them: "74 x 4 x 0,15 m", "443 m × 3 m", "p=12 l=1.5 m" are measures; "4 x 100" is not.
fn measures(lower: &str) -> Option<[f32; 3]> {
    let mut found: Vec<f32> = Vec::new();
    let (mut joined, mut metres) = (false, false);
    let words = lower.split(|c: char| c.is_whitespace() || matches!(c, '=' | ':' | '(' | ')'));
    for word in words.flat_map(|word| word.split_inclusive(['x', '×', '*'])) {
        let (word, joins) = match word.strip_suffix(['x', '×', '*']) {
            Some(word) => (word, true),
            None => (word, false),
        };
        let bare = word.trim_matches(['.', ';']);
        let digits = bare.trim_start_matches(['p', 'l', 't']).trim_end_matches('m').trim_end_matches(',');
        match (digits.replace(',', ".").parse::<f32>().ok(), bare) {
            (Some(number), _)
                if number > 0.0 && number < 100_000.0 && (found.is_empty() || joined) && found.len() < 3 =>
            {
                found.push(number);
                metres |= bare.ends_with('m');
                joined = joins;
            }
            // A unit or a letter between the numbers joins nothing and parts nothing.
            (None, "" | "p" | "l" | "t" | "m" | "meter") => {
                metres |= matches!(bare, "m" | "meter") && !found.is_empty();
                joined |= joins || matches!(bare, "l" | "t");
            }
            _ if found.len() > 1 => break,
            (Some(number), _) if number > 0.0 => {
                found = vec![number];
                joined = joins;
            }
            _ => {
                found.clear();
                joined = false;
            }
        }
    }
    if found.len() < 2 || !metres {
        return None;
    }
    found.sort_unstable_by(|x, y| y.total_cmp(x));
    found.resize(3, 0.0);
    found.try_into().ok()
}

/// How alike two titles are, 0 to 1: shared weight over all weight, words with a typing error counted as the same.
/// O(words of a · words of b), most of them passed over by their letters.
pub fn likeness(a: &TitleReading, b: &TitleReading, rarity: Option<&Rarity>) -> f64 {
    let (all_a, all_b) = (a.telling(rarity), b.telling(rarity));
    if all_a == 0.0 || all_b == 0.0 {
        return 0.0;
    }
    let mut best_of_b = [0.0_f64; MOST_WORDS];
    let mut shared = 0.0;
    for word in a.words.iter().take(MOST_WORDS) {
        let mut best = 0.0_f64;
        for (other, best_of_b) in b.words.iter().zip(&mut best_of_b) {
            let alike = same_word(word, other);
            best = best.max(alike);
            *best_of_b = best_of_b.max(alike);
        }
        shared += best * weight(word, rarity);
    }
    let back: f64 = b.words.iter().zip(best_of_b).map(|(word, best)| best * weight(word, rarity)).sum();
    ((shared + back) / (all_a + all_b)).clamp(0.0, 1.0)
}

fn weight(word: &Word, rarity: Option<&Rarity>) -> f64 {
    rarity.map_or_else(|| f64::from(word.weight), |rarity| rarity.weight(word))
}

/// Words of a title that are compared: a title of 300 characters has fewer.
const MOST_WORDS: usize = 64;
/// Letters that one of two words may have and the other not, where they are one word with a typing error.
const OTHER_LETTERS: u32 = 4;

fn same_word(a: &Word, b: &Word) -> f64 {
    if std::ptr::eq(a, b) || (a.letters == b.letters && a.text == b.text) {
        return 1.0;
    }
    let (short, long) = (a.text.len().min(b.text.len()), a.text.len().max(b.text.len()));
    let is_near = short >= 5
        && long - short <= 3
        && (a.letters ^ b.letters).count_ones() <= OTHER_LETTERS
        && !a.text.ends_with(|c: char| c.is_ascii_digit())
        && !b.text.ends_with(|c: char| c.is_ascii_digit());
    if is_near && strsim::jaro_winkler(&a.text, &b.text) >= 0.92 { 0.9 } else { 0.0 }
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
    fn an_owner_is_taken_out_and_the_rest_stays() {
        assert_eq!(
            extract_owner("Rehab RTLH a.n. Sumiati RT 03"),
            ("Rehab RTLH RT 03".to_owned(), Some("Sumiati".to_owned()))
        );
        assert_eq!(
            extract_owner("Bedah rumah a/n Pak Slamet Riyadi, Dusun Krajan"),
            ("Bedah rumah Dusun Krajan".to_owned(), Some("Pak Slamet Riyadi".to_owned()))
        );
        assert_eq!(extract_owner("Pembangunan jalan an Melati").1, None);
        assert_eq!(extract_owner("Jalan Tulang Bawang"), ("Jalan Tulang Bawang".to_owned(), None));
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
    fn measures_are_read_in_their_writings() {
        assert_eq!(measures("rabat beton p 74 x l 4 x t 0,15 m"), Some([74.0, 4.0, 0.15]));
        assert_eq!(measures("pengaspalan jalan 443 m × 3 m"), Some([443.0, 3.0, 0.0]));
        assert_eq!(measures("paving (120x2,5m) gang 3"), Some([120.0, 2.5, 0.0]));
        assert_eq!(measures("paving p=12 l=1.5 m"), Some([12.0, 1.5, 0.0]));
        for none in ["pju 4 x 100", "gang 3 rt 4", "drainase l=1,5 m", "jalan 2 x", ""] {
            assert_eq!(measures(none), None, "{none}");
        }
    }

    #[test]
    fn stations_are_metres() {
        assert_eq!(station("jalan sta 0+150 - 0+300"), Some((150.0, 300.0)));
        assert_eq!(station("jalan stasiun 1 2"), None);
    }

    #[test]
    fn ten_is_not_ten_a() {
        assert_ne!(number("10"), number("10a"));
        assert_eq!(number("ii"), number("02"));
    }
}
