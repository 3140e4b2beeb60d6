//! Names as they are compared, folded and kept once: of a million records most name one of some thousand firms and funds.

use crate::domain::text::fold;
use rustc_hash::FxHashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// By the name as it is written.
static FOLDED: LazyLock<RwLock<FxHashMap<Box<str>, Arc<str>>>> = LazyLock::new(RwLock::default);
/// Names from which on those that no record says any more are let go.
const MOST_KNOWN: usize = 1 << 20;

/// The folded name. O(length).
pub fn keep(name: &str) -> Arc<str> {
    if let Some(known) = FOLDED.read().unwrap_or_else(PoisonError::into_inner).get(name) {
        return Arc::clone(known);
    }
    let mut names = FOLDED.write().unwrap_or_else(PoisonError::into_inner);
    if names.len() >= MOST_KNOWN {
        names.retain(|_, folded| Arc::strong_count(folded) > 1);
    }
    let folded = names.entry(name.into()).or_insert_with(|| fold(name).into());
    Arc::clone(folded)
}
