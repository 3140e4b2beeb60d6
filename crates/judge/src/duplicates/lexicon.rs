//! The values that packed records refer to, each stored once.

use super::folded;
use super::word::{self, Word};
use crate::domain::facts::Facts;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// Names that may come after the first ones, beside as many as those, before most are likely those of records that changed.
const MORE_NAMES: usize = 10_000;

/// Names, words and villages by number. Only grows: unused values stay until it is rebuilt.
#[derive(Debug, Default)]
pub struct Lexicon {
    names: Vec<Name>,
    name_at: FxHashMap<Arc<str>, u32>,
    words: Vec<Arc<Word>>,
    word_at: FxHashMap<u32, u32>,
    villages: Vec<Village>,
    village_at: FxHashMap<Village, u32>,
    /// Number of names when all records had been read.
    first_names: Option<usize>,
}

/// A name as written and as compared.
#[derive(Debug)]
struct Name {
    written: Arc<str>,
    folded: Arc<str>,
}

/// Id, code and name.
type Village = (Option<Uuid>, Arc<str>, Arc<str>);

/// A lexicon as serialised.
#[derive(Serialize, Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    names: Vec<&'a str>,
    words: Vec<&'a str>,
    villages: Vec<(Option<Uuid>, &'a str, &'a str)>,
    first_names: Option<usize>,
}

impl Lexicon {
    pub(super) fn name(&mut self, name: &Arc<str>) -> u32 {
        if let Some(at) = self.name_at.get(name) {
            return *at;
        }
        self.add_name(Arc::clone(name))
    }

    pub(super) fn some_name(&mut self, name: Option<&Arc<str>>) -> Option<u32> {
        name.map(|name| self.name(name))
    }

    fn add_name(&mut self, name: Arc<str>) -> u32 {
        let at = to_u32(self.names.len());
        self.names.push(Name { written: Arc::clone(&name), folded: folded::intern(&name) });
        self.name_at.insert(name, at);
        at
    }

    pub(super) fn word(&mut self, word: &Arc<Word>) -> u32 {
        *self.word_at.entry(word.id).or_insert_with(|| {
            self.words.push(Arc::clone(word));
            to_u32(self.words.len() - 1)
        })
    }

    pub(super) fn village(&mut self, facts: &Facts) -> u32 {
        let village = (facts.village_id, Arc::clone(&facts.village_code), Arc::clone(&facts.village_name));
        if let Some(at) = self.village_at.get(&village) {
            return *at;
        }
        self.add_village(village)
    }

    fn add_village(&mut self, village: Village) -> u32 {
        let at = to_u32(self.villages.len());
        self.villages.push(village.clone());
        self.village_at.insert(village, at);
        at
    }

    pub(super) fn written(&self, at: u32) -> Arc<str> {
        Arc::clone(&self.names[at as usize].written)
    }

    pub(super) fn some_written(&self, at: Option<u32>) -> Option<Arc<str>> {
        at.map(|at| self.written(at))
    }

    pub(super) fn folded(&self, at: u32) -> Arc<str> {
        Arc::clone(&self.names[at as usize].folded)
    }

    pub(super) fn word_at(&self, at: u32) -> Arc<Word> {
        Arc::clone(&self.words[at as usize])
    }

    pub(super) fn village_at(&self, at: u32) -> Village {
        self.villages[at as usize].clone()
    }

    /// Tells it that all records have been read.
    pub fn settle(&mut self) {
        self.first_names.get_or_insert(self.names.len());
    }

    /// Whether most of its names came after all records had been read: those of records that changed since.
    pub fn has_outgrown(&self) -> bool {
        self.first_names.is_some_and(|first| self.names.len() > 2 * first + MORE_NAMES)
    }

    /// O(names).
    pub fn to_bytes(&self) -> Vec<u8> {
        let listed = Listed {
            names: self.names.iter().map(|name| &*name.written).collect(),
            words: self.words.iter().map(|word| &*word.text).collect(),
            villages: self.villages.iter().map(|(id, code, name)| (*id, &**code, &**name)).collect(),
            first_names: self.first_names,
        };
        postcard::to_allocvec(&listed).expect("a lexicon has no unbounded lists")
    }

    /// The lexicon of which [`Lexicon::to_bytes`] gave these bytes: each value has its number again. `None` for other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let listed: Listed<'_> = postcard::from_bytes(bytes).ok()?;
        let mut lexicon = Self { first_names: listed.first_names, ..Self::default() };
        for name in listed.names {
            lexicon.add_name(name.into());
        }
        for text in listed.words {
            let word = word::known(text);
            lexicon.word_at.entry(word.id).or_insert(to_u32(lexicon.words.len()));
            lexicon.words.push(word);
        }
        for (id, code, name) in listed.villages {
            lexicon.add_village((id, code.into(), name.into()));
        }
        Some(lexicon)
    }
}

pub(super) fn to_u32(at: usize) -> u32 {
    u32::try_from(at).expect("four billion names do not fit in memory")
}
