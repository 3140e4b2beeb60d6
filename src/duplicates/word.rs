//! Words of titles, each kept once with what the tables say of it, and whether two of them are one word with a typing error.

use super::numeral::numeral;
use super::tables::TABLES;
use super::{folded, tables};
use rustc_hash::FxHashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// A word as titles are read by it.
#[derive(Debug, PartialEq)]
pub struct Word {
    /// Of this word alone, as long as it is known.
    pub id: u32,
    pub text: Arc<str>,
    /// 0 to 1, by the tables: what half of all titles have weighs little.
    pub weight: f32,
    /// Which letters it has, one bit each: words that differ in many letters need no closer look.
    letters: u32,
    /// Says nothing about which work is meant.
    pub is_stop: bool,
    /// Digits and nothing else.
    pub is_digits: bool,
    /// What joins two numbers: - / and the comma.
    pub is_mark: bool,
    pub is_service: bool,
    pub is_base: bool,
    pub is_top: bool,
    /// What is done, and what to: rank and kind.
    pub work: Option<(usize, &'static str)>,
    pub object: Option<(usize, &'static str)>,
    /// The number of its object, where all words for it say the same.
    synonym_of: Option<u8>,
    /// Of a language in which a row of objects ends with what it is about.
    pub object_is_last: bool,
    /// The number that it is, whatever its writing; `None` for what is none.
    pub number: Option<Arc<str>>,
    /// What a number behind it is a number of, where it names a place or a piece: its numbers may stand in a list.
    pub place: Option<Arc<str>>,
    /// The pair of sides that it is one of, and which of the two.
    pub side: Option<(u8, bool)>,
}

/// Every word that some title has, once, and what runs of letters stand for: a million titles are made of some ten thousand.
#[derive(Default)]
struct Vocabulary {
    words: FxHashMap<Box<str>, Arc<Word>>,
    /// A run of letters and digits as it is typed → the words that it stands for: abbreviations written out, slips mended.
    spelled: FxHashMap<Box<str>, Box<[Arc<Word>]>>,
    next_id: u32,
    /// As many words stayed the last time when others were let go.
    stayed: usize,
}

static VOCABULARY: LazyLock<RwLock<Vocabulary>> = LazyLock::new(RwLock::default);
/// Words from which on those that no title has any more are let go: some tens of megabytes.
const MOST_KNOWN: usize = 1 << 17;

/// The words of a title in lower case, abbreviations written out; "rt.03/rw.12" comes apart. O(length), once the words are
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

/// Letters and digits that stand together, and what joins two numbers ("1-5", "03 / 12"). Only behind rt and rw a digit
/// begins a run of its own: rt03, but not a4.
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

/// What joins the number before this to the number behind it, and what comes then: - for every dash, / and the comma (& too).
fn mark(rest: &str) -> Option<(&'static str, &str)> {
    let mut characters = rest.trim_start().chars();
    let mark = match characters.next()? {
        '-' | '–' | '—' => "-",
        '/' => "/",
        ',' | '&' => ",",
        _ => return None,
    };
    let behind = characters.as_str();
    behind.trim_start().starts_with(|c: char| c.is_ascii_digit()).then_some((mark, behind))
}

impl Vocabulary {
    fn learn(&mut self, run: &str) -> Vec<Arc<Word>> {
        if let Some(known) = self.spelled.get(run) {
            return known.to_vec();
        }
        // Looking through all words is paid for by as many new ones, however many are in use.
        if self.words.len().max(self.spelled.len()) >= MOST_KNOWN.max(2 * self.stayed) {
            self.spelled.clear();
            self.words.retain(|_, word| Arc::strong_count(word) > 1);
            self.stayed = self.words.len();
        }
        let meant = TABLES.singular(run).or_else(|| TABLES.with_one_slip(run)).unwrap_or(run);
        let words: Vec<Arc<Word>> = match TABLES.spelling.get(meant) {
            Some(spelled) => spelled.split_whitespace().map(|word| self.keep(word)).collect(),
            None => vec![self.keep(meant)],
        };
        self.spelled.insert(run.into(), words.clone().into());
        words
    }

    fn keep(&mut self, text: &str) -> Arc<Word> {
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
    /// One of many words for one thing.
    pub const fn is_synonym(&self) -> bool {
        self.synonym_of.is_some()
    }

    /// Not what is done, to what, with what; no word of every title.
    pub fn may_be_a_name(&self) -> bool {
        let is_known = self.work.is_some() || self.object.is_some() || self.is_base || self.is_top || self.is_service;
        !is_known && !self.is_stop && !self.is_digits && self.weight >= 1.0 && !TABLES.neutral.contains(&*self.text)
    }

    /// A number in Roman figures.
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
            place: TABLES.places.get(text).map(|place| folded::keep(place)),
            side: TABLES.sides.get(text).copied(),
        }
    }
}

/// Letters that one of two words may have and the other not, where they are one word with a typing error.
const OTHER_LETTERS: u32 = 4;

/// How much two words are one: 1 for the same, 0.9 with a typing error, 0 otherwise.
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
    fn words_that_no_title_has_any_more_are_let_go() {
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
