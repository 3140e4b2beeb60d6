//! Interned names in folded form: of a million records most name one of a few thousand firms and funds.

use crate::domain::text::fold;
use rustc_hash::FxHashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

static FOLDED: LazyLock<RwLock<Known>> = LazyLock::new(RwLock::default);
/// Number of names above which unused ones are dropped: some tens of megabytes.
const MOST_KNOWN: usize = 1 << 17;

/// Folded names by their written form.
#[derive(Default)]
struct Known {
    names: FxHashMap<Box<str>, Arc<str>>,
    /// Number of names that remained after the last cleanup.
    stayed: usize,
}

/// The folded name. O(length).
pub fn intern(name: &str) -> Arc<str> {
    if let Some(known) = FOLDED.read().unwrap_or_else(PoisonError::into_inner).names.get(name) {
        return Arc::clone(known);
    }
    FOLDED.write().unwrap_or_else(PoisonError::into_inner).learn(name)
}

impl Known {
    /// Cleanup runs once per that many new names, so its cost is amortised however many are in use.
    fn learn(&mut self, name: &str) -> Arc<str> {
        if self.names.len() >= MOST_KNOWN.max(2 * self.stayed) {
            self.names.retain(|_, folded| Arc::strong_count(folded) > 1);
            self.stayed = self.names.len();
        }
        Arc::clone(self.names.entry(name.into()).or_insert_with(|| fold(name).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_no_longer_in_use_are_dropped() {
        let mut known = Known::default();
        let used: Vec<Arc<str>> = (0..10).map(|n| known.learn(&format!("CV {n}"))).collect();
        for n in 0..MOST_KNOWN + 100 {
            known.learn(&format!("Toko {n}"));
            assert!(known.names.len() <= MOST_KNOWN);
        }
        assert!(used.iter().enumerate().all(|(n, name)| Arc::ptr_eq(name, &known.learn(&format!("CV {n}")))));
    }
}
