//! Records of files, compared without a server or a database: what `tapak scan` and `tapak evaluate` work on.

mod read;

pub use read::{Refusal, read};

use crate::domain::facts::Facts;
use crate::import::Understood;
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
    /// How each file was understood; nothing for projects of a database.
    pub understood: Vec<Understood>,
    pub records: Vec<Record>,
    pub refused: Vec<Refusal>,
    by_external: HashMap<String, Vec<usize>>,
}

impl Collection {
    /// The projects of a database, each under its own id as external id.
    pub fn of_projects(name: &str, projects: Vec<Facts>) -> Self {
        let number = |at: usize| Uuid::from_u128(at as u128 + 1);
        let numbers: HashMap<Uuid, Uuid> =
            projects.iter().enumerate().map(|(at, facts)| (facts.id, number(at))).collect();
        let mut collection = Self { files: vec![name.to_owned()], ..Self::default() };
        for (at, facts) in projects.into_iter().enumerate() {
            let external_id = facts.id.to_string();
            let continues = facts.continues.and_then(|id| numbers.get(&id)).copied();
            collection.by_external.entry(external_id.clone()).or_default().push(at);
            let facts = Facts { id: number(at), continues, ..facts };
            collection.records.push(Record { file: 0, row: at as u64 + 1, external_id, facts });
        }
        collection
    }

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
