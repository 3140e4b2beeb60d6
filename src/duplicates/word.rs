//! Words of titles, each kept once, and whether two of them are one word with a typing error.

use super::tables::TABLES;
use rustc_hash::FxHashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

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
    pub fn of(text: &str) -> Arc<Self> {
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

/// Letters that one of two words may have and the other not, where they are one word with a typing error.
const OTHER_LETTERS: u32 = 4;

/// How much two words are one: 1 for the same, 0.9 with a typing error, 0 otherwise.
pub fn same_word(a: &Word, b: &Word) -> f64 {
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
