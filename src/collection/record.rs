//! One record of one file, with its facts whole or packed.

use super::id_of;
use crate::domain::facts::Facts;
use crate::duplicates::{Lexicon, Packed};
use std::sync::{Arc, PoisonError, RwLock};

/// One record of one file. Its id in [`Facts`] is its number in the collection: the first is 1.
#[derive(Clone, Debug)]
pub struct Record {
    /// Index in [`Collection::files`](super::Collection::files).
    pub file: usize,
    /// The row number in the file: see [`crate::import::RawRow`].
    pub row: u64,
    pub external_id: Box<str>,
    held: Held,
}

/// Whole while it is read, some 600 bytes; packed, and shared with the Atlas, from when that has it.
#[derive(Clone, Debug)]
enum Held {
    Whole(Arc<Facts>),
    Packed { packed: Packed, lexicon: Arc<RwLock<Lexicon>>, at: u32 },
}

impl Record {
    pub fn new(file: usize, row: u64, external_id: Box<str>, facts: Arc<Facts>) -> Self {
        Self { file, row, external_id, held: Held::Whole(facts) }
    }

    /// Its facts. Some 2 µs once they are packed.
    pub fn facts(&self) -> Arc<Facts> {
        match &self.held {
            Held::Whole(facts) => Arc::clone(facts),
            Held::Packed { packed, lexicon, at } => {
                let lexicon = lexicon.read().unwrap_or_else(PoisonError::into_inner);
                packed.unpack(id_of(*at as usize), &lexicon).facts
            }
        }
    }

    pub(super) fn change_facts(&mut self, change: impl FnOnce(&mut Facts)) {
        if let Held::Packed { .. } = self.held {
            self.held = Held::Whole(self.facts());
        }
        if let Held::Whole(facts) = &mut self.held {
            change(Arc::make_mut(facts));
        }
    }

    /// Keeps these, which are its facts packed, in their place.
    pub fn keep_packed(&mut self, packed: Packed, lexicon: Arc<RwLock<Lexicon>>) {
        let at = self.facts().id.as_u128().saturating_sub(1);
        // Of a number beyond there are no records in memory.
        if let Ok(at) = u32::try_from(at) {
            self.held = Held::Packed { packed, lexicon, at };
        }
    }

    /// The name of the village with its code.
    pub fn village(&self) -> String {
        let facts = self.facts();
        match (&*facts.village_name, &*facts.village_code) {
            ("", code) => code.to_owned(),
            (name, "") => name.to_owned(),
            (name, code) => format!("{name} ({code})"),
        }
    }
}
