//! Records from files, compared without a server or a database: the input of `tapak scan` and `tapak evaluate`.

mod far_places;
mod read;
mod record;

pub use far_places::drop_far_places;
pub use read::{Refusal, read_collection};
pub use record::Record;

use crate::domain::facts::Facts;
use crate::import::Understood;
use crate::spatial::places::Places;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// All records of some files.
#[derive(Clone, Default)]
pub struct Collection {
    /// Names of the files in the given order.
    pub files: Vec<String>,
    /// The interpretation of each file; empty for projects of a database.
    pub understood: Vec<Understood>,
    pub records: Vec<Record>,
    /// The outlines of villages, to compare those that touch; of files where boundaries were given beside them.
    pub villages: Arc<Places>,
    /// Cells that caused their rows to be refused.
    pub refused: Vec<Refusal>,
    /// Cells that are not understood and count as unknown.
    pub unknown: Vec<Refusal>,
}

impl Collection {
    /// The projects of a database, each with its own id as external id.
    pub fn of_projects(name: &str, villages: Arc<Places>, projects: &[Arc<Facts>]) -> Self {
        let numbers: HashMap<Uuid, Uuid> =
            projects.iter().enumerate().map(|(at, facts)| (facts.id, id_of(at))).collect();
        let record = |(at, facts): (usize, &Arc<Facts>)| {
            let continues = facts.continues.as_deref().and_then(|id| numbers.get(id)).copied().map(Box::new);
            let external_id = facts.id.to_string().into();
            let facts = Arc::new(Facts { id: id_of(at), continues, ..(**facts).clone() });
            Record::new(0, at as u64 + 1, external_id, facts)
        };
        let records = projects.iter().enumerate().map(record).collect();
        Self { files: vec![name.to_owned()], records, villages, ..Self::default() }
    }

    /// Number of total rows skipped in all files.
    pub fn count_totals(&self) -> usize {
        self.understood.iter().map(|understood| understood.totals.len()).sum()
    }

    /// Adds a record that has only a title; returns its id.
    pub fn add_title(&mut self, row: u64, title: &str) -> Uuid {
        let id = id_of(self.records.len());
        let facts = Facts { id, title: title.into(), ..Facts::unknown() };
        let external_id = row.to_string().into();
        let file = self.files.len().saturating_sub(1);
        self.records.push(Record::new(file, row, external_id, Arc::new(facts)));
        id
    }

    /// The record with this id of [`Facts`].
    pub fn record(&self, id: Uuid) -> Option<&Record> {
        let at = usize::try_from(id.as_u128()).ok()?.checked_sub(1)?;
        self.records.get(at)
    }

    /// Every record by the id of its file, in the order of the files. O(n).
    pub fn by_external_id(&self) -> HashMap<&str, Vec<&Record>> {
        let mut found: HashMap<&str, Vec<&Record>> = HashMap::with_capacity(self.records.len());
        for record in &self.records {
            found.entry(&record.external_id).or_default().push(record);
        }
        found
    }

    /// The facts of all records.
    pub fn facts(&self) -> Vec<Arc<Facts>> {
        self.records.iter().map(Record::facts).collect()
    }
}

/// The id in [`Facts`] of the record at this index.
pub fn id_of(at: usize) -> Uuid {
    Uuid::from_u128(at as u128 + 1)
}

/// The index of the record with this id.
pub fn index_of(id: Uuid) -> usize {
    usize::try_from(id.as_u128()).unwrap_or_default().saturating_sub(1)
}
