//! Words of the tables with a slip in them, as people type them. Looked for once a word.

use super::tables::TABLES;
use rustc_hash::FxHashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

/// Words that were asked for, with what they were meant to be.
static ASKED: LazyLock<RwLock<FxHashMap<Box<str>, Option<&'static str>>>> = LazyLock::new(RwLock::default);
/// Words from which on the memory of them begins anew.
const MOST_KNOWN: usize = 1 << 18;

/// The word that is meant: itself, or the one of the tables that it is with one slip.
pub fn mended(word: &str) -> &str {
    if word.len() < 5 {
        return word;
    }
    if let Some(meant) = ASKED.read().unwrap_or_else(PoisonError::into_inner).get(word) {
        return meant.unwrap_or(word);
    }
    let meant = TABLES.with_one_slip(word);
    let mut asked = ASKED.write().unwrap_or_else(PoisonError::into_inner);
    if asked.len() >= MOST_KNOWN {
        asked.clear();
    }
    asked.insert(word.into(), meant);
    meant.unwrap_or(word)
}
