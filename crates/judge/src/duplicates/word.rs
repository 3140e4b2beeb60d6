//! Interned words of titles with their table entries, and whether two words differ by a typing error only.

use super::numeral::numeral;
use super::tables::TABLES;
use super::{folded, tables};
use rustc_hash::FxHashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// A word of a title.
#[derive(Debug, PartialEq)]
pub struct Word {
    /// Unique to this word while it is in use.
    pub id: u32,
    pub text: Arc<str>,
    /// 0 to 1, by the tables: a word that occurs in half of all titles weighs little.
    pub weight: f32,
    /// One bit for each letter: words that differ in many letters need no closer comparison.
    letters: u32,
    /// Does not help to identify a work.
    pub is_stop: bool,
    /// Digits and nothing else.
    pub is_digits: bool,
    /// A separator of two numbers: - / and the comma.
    pub is_mark: bool,
    pub is_service: bool,
    pub is_base: bool,
    pub is_top: bool,
    /// Work and object: rank and kind.
    pub work: Option<(usize, &'static str)>,
    pub object: Option<(usize, &'static str)>,
    /// The number of its object, if all words for that object are synonyms.
    synonym_of: Option<u8>,
    /// From a language in which the last of a row of nouns is the object.
    pub object_is_last: bool,
    /// Its numeric value, whatever the notation; `None` if it is no number.
    pub number: Option<Arc<str>>,
    /// The name for the numbers after it, if it names a place or piece: these may be a list.
    pub place: Option<Arc<str>>,
    /// Its pair of sides, and which of the two.
    pub side: Option<(u8, bool)>,
}

/// Every word in use, once, and the words of each run of letters: a million titles consist of some ten thousand.
#[derive(Default)]
struct Vocabulary {
    words: FxHashMap<Box<str>, Arc<Word>>,
    /// A run of letters and digits as typed → its words: abbreviations expanded, typing errors corrected.
    spelled: FxHashMap<Box<str>, Box<[Arc<Word>]>>,
    next_id: u32,
    /// Number of words that remained after the last cleanup.
    stayed: usize,
}

static VOCABULARY: LazyLock<RwLock<Vocabulary>> = LazyLock::new(RwLock::default);
/// Number of words above which unused ones are dropped: some tens of megabytes.
const MOST_KNOWN: usize = 1 << 17;

/// The words of a lower-case title, abbreviations expanded; "rt.03/rw.12" is split. O(length), once the words are
/// known.
pub fn spell(lower: &str) -> Vec<Arc<Word>> {
    let known = |vocabulary: &Vocabulary| -> Option<Vec<Arc<Word>>> {
        let mut words = Vec::with_capacity(16);
        for run in runs(lower) {
            words.extend_from_slice(vocabulary.spelled.get(run)?);
        }
        Some(words)
    };
    if let Some(words) = known(&VOCABULARY.read().unwrap_or_else(PoisonError::into_inner)) {
        return words;
    }
    let mut vocabulary = VOCABULARY.write().unwrap_or_else(PoisonError::into_inner);
    runs(lower).flat_map(|run| vocabulary.learn(run)).collect()
}

/// The word of this text, which is spelled already.
pub fn known(text: &str) -> Arc<Word> {
    VOCABULARY.write().unwrap_or_else(PoisonError::into_inner).intern(text)
}

/// Runs of letters and digits, and the separators of two numbers ("1-5", "03 / 12"). A digit begins a new run only
/// after rt and rw: rt03, but not a4.
fn runs(lower: &str) -> impl Iterator<Item = &str> {
    let mut rest = lower;
    let mut behind_number = false;
    std::iter::from_fn(move || {
        if std::mem::take(&mut behind_number)
            && let Some((mark, behind)) = mark(rest)
        {
            rest = behind;
            return Some(mark);
        }
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let mut before = ' ';
        let end = rest.char_indices().find(|&(at, c)| {
            let parts = c.is_ascii_digit()
                && before.is_alphabetic()
                && (rest[..at].ends_with("rt") || rest[..at].ends_with("rw"));
            before = c;
            parts || !c.is_alphanumeric()
        });
        let (run, behind) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = behind;
        behind_number = run.bytes().all(|byte| byte.is_ascii_digit());
        (!run.is_empty()).then_some(run)
    })
}

/// The separator between the number before and the one after, and the rest: - for every dash, / and the comma (&
/// too).
fn mark(rest: &str) -> Option<(&'static str, &str)> {
    let mut characters = rest.trim_start().chars();
    let mark = match characters.next()? {
        '-' | '–' | '—' => "-",
        '/' => "/",
        ',' | '&' => ",",
        _ => return None,
    };
    let behind = characters.as_str();
    let next = behind.trim_start();
    // "RT 1 - RT 3"
    let names_again = mark == "-"
        && ["rt", "rw"]
            .iter()
            .any(|name| next.strip_prefix(name).is_some_and(|rest| !rest.starts_with(char::is_alphabetic)));
    (names_again || next.starts_with(|c: char| c.is_ascii_digit())).then_some((mark, behind))
}

impl Vocabulary {
    fn learn(&mut self, run: &str) -> Vec<Arc<Word>> {
        if let Some(known) = self.spelled.get(run) {
            return known.to_vec();
        }
        // Cleanup runs once per that many new words, so its cost is amortised however many are in use.
        if self.words.len().max(self.spelled.len()) >= MOST_KNOWN.max(2 * self.stayed) {
            self.spelled.clear();
            self.words.retain(|_, word| Arc::strong_count(word) > 1);
            self.stayed = self.words.len();
        }
        let meant = TABLES.singular(run).or_else(|| TABLES.with_one_slip(run)).unwrap_or(run);
        let words: Vec<Arc<Word>> = match TABLES.spelling.get(meant) {
            Some(spelled) => spelled.split_whitespace().map(|word| self.intern(word)).collect(),
            None => vec![self.intern(meant)],
        };
        self.spelled.insert(run.into(), words.clone().into());
        words
    }

    fn intern(&mut self, text: &str) -> Arc<Word> {
        if let Some(known) = self.words.get(text) {
            return Arc::clone(known);
        }
        let word = Arc::new(Word::new(text, self.next_id));
        self.next_id += 1;
        self.words.insert(text.into(), Arc::clone(&word));
        word
    }
}

impl Word {
    /// One of several synonyms of its object.
    pub const fn is_synonym(&self) -> bool {
        self.synonym_of.is_some()
    }

    /// Neither work, object nor material, and not common to all titles.
    pub fn may_be_a_name(&self) -> bool {
        let is_known = self.work.is_some() || self.object.is_some() || self.is_base || self.is_top || self.is_service;
        let is_size = self.text.starts_with(|c: char| c.is_ascii_digit()); // "3m"
        !is_known && !self.is_stop && !is_size && self.weight >= 1.0 && !TABLES.neutral.contains(&*self.text)
    }

    /// A number in Roman numerals.
    pub fn is_roman(&self) -> bool {
        let number = self.number.as_ref().filter(|_| !self.is_digits);
        number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    }

    fn new(text: &str, id: u32) -> Self {
        let kind = |kinds: &'static std::collections::HashMap<String, (usize, String)>| {
            kinds.get(text).map(|(rank, kind)| (*rank, kind.as_str()))
        };
        let is_mark = !text.contains(char::is_alphanumeric);
        let object = kind(&TABLES.objects);
        let synonym_of =
            object.filter(|(_, kind)| TABLES.synonyms.contains(*kind)).map(|(_, kind)| tables::number_of(kind));
        Self {
            id,
            text: text.into(),
            weight: if TABLES.common.contains(text) { 0.25 } else { 1.0 },
            letters: text.bytes().fold(0, |mask, byte| mask | 1 << (byte % 32)),
            is_stop: TABLES.stop.contains(text) || is_mark,
            is_mark,
            is_digits: text.chars().all(|c| c.is_ascii_digit()),
            is_service: TABLES.service.contains(text),
            is_base: TABLES.base.contains(text),
            is_top: TABLES.top.contains(text),
            work: kind(&TABLES.works),
            object,
            synonym_of,
            object_is_last: TABLES.last.contains(text),
            number: numeral(text).map(Into::into),
            place: TABLES.places.get(text).map(|place| folded::intern(place)),
            side: TABLES.sides.get(text).copied(),
        }
    }
}

/// Letters in which two words may differ and still be one word with a typing error.
const OTHER_LETTERS: u32 = 4;

/// Similarity of two words: 1 for the same, 0.9 with a typing error, 0 otherwise.
pub fn same_word(a: &Word, b: &Word) -> f64 {
    if std::ptr::eq(a, b)
        || (a.letters == b.letters && a.text == b.text)
        || (a.synonym_of.is_some() && a.synonym_of == b.synonym_of)
    {
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

    fn texts(title: &str) -> Vec<String> {
        spell(&title.to_lowercase()).iter().map(|word| word.text.to_string()).collect()
    }

    #[test]
    fn words_no_longer_in_use_are_dropped() {
        let mut vocabulary = Vocabulary::default();
        let used: Vec<Arc<Word>> = (0..10).flat_map(|n| vocabulary.learn(&format!("melati{n}x"))).collect();
        for n in 0..MOST_KNOWN + 100 {
            vocabulary.learn(&format!("x{n}x"));
            assert!(vocabulary.words.len().max(vocabulary.spelled.len()) <= MOST_KNOWN);
        }
        for word in used {
            assert!(vocabulary.learn(&word.text).iter().all(|again| again.id == word.id), "{}", word.text);
        }
    }

    #[test]
    fn abbreviations_and_spelling_are_one() {
        let sorted = |title: &str| {
            let mut words = texts(title);
            words.sort();
            words
        };
        assert_eq!(sorted("Pemb. Jl. Melati Gg. 3"), sorted("pembangunan jalan melati gang 3"));
        assert_eq!(sorted("TPT"), sorted("tembok penahan tanah"));
    }

    #[test]
    fn a_digit_comes_apart_behind_rt_and_rw_alone() {
        assert_eq!(texts("rt03/rw.12 A4 2a smart3"), ["rt", "03", "rw", "12", "a4", "2a", "smart", "3"]);
        assert_eq!(texts(" – "), Vec::<String>::new());
        assert_eq!(texts("RT 1–3 , 5 / a - 4"), ["rt", "1", "-", "3", ",", "5", "a", "4"]);
    }
}
