//! Names that come again and again (firms, hamlets, funds, units), each kept once.

use rustc_hash::FxHashSet;
use std::sync::Arc;

/// A table of names, so that records with the same name share its text: most of a million records have one of some
/// thousand names.
#[derive(Debug, Default)]
pub struct Names(FxHashSet<Arc<str>>);

impl Names {
    /// The name as it is kept. O(length).
    pub fn keep(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.0.insert(Arc::clone(&name));
        name
    }

    pub fn keep_some(&mut self, name: Option<String>) -> Option<Arc<str>> {
        name.map(|name| self.keep(&name))
    }
}
