//! Records of files, compared without a server or a database: what `tapak scan` and `tapak evaluate` work on.

mod read;

pub use read::{Refusal, read};

use crate::domain::facts::Facts;
use std::collections::HashMap;
use uuid::Uuid;

/// One record of one file. Its id in [`Facts`] is its number in the collection: the first is 1.
#[derive(Clone, Debug)]
pub struct Record {
    /// Which of [`Collection::files`].
    pub file: usize,
    /// As the file counts it: see [`crate::import::RawRow`].
    pub row: u64,
    pub external_id: String,
    pub facts: Facts,
}

/// Everything that was read from some files.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    /// Names of the files, in the order in which they were given.
    pub files: Vec<String>,
    pub records: Vec<Record>,
    pub refused: Vec<Refusal>,
    by_external: HashMap<String, Vec<usize>>,
}

impl Collection {
    /// The record with this id of [`Facts`].
    pub fn record(&self, id: Uuid) -> Option<&Record> {
        let at = usize::try_from(id.as_u128()).ok()?.checked_sub(1)?;
        self.records.get(at)
    }

    /// Records with this id of their file, in the order of the files.
    pub fn find_external(&self, external_id: &str) -> impl Iterator<Item = &Record> {
        self.by_external.get(external_id).into_iter().flatten().filter_map(|at| self.records.get(*at))
    }
}
