//! The keys of the rows of a file: each is that of one project.

use super::rows::project_row::ProjectRow;
use rustc_hash::FxHashMap;
use std::hash::{BuildHasher, RandomState};

/// The keys met so far. Memory: about 40 bytes for each.
#[derive(Default)]
pub struct Keys {
    /// The first row of each key with the hash of its village, by its hash: two of 25 million keys are taken for one in 1 of 60,000 such files.
    first_rows: FxHashMap<u64, (u32, u64)>,
    hashing: RandomState,
    /// Of rows that were refused for a fault of their own: row and key, by the hash of a key that no good row has had yet.
    of_refused: FxHashMap<u64, Vec<(u64, String)>>,
    taken_later: Vec<Repeated>,
}

/// A row whose key is that of another row.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeated {
    pub row: u64,
    pub key: String,
    /// The good row that has it.
    pub first_row: u64,
    /// That row is of another village: the keys may be counted in each.
    pub is_elsewhere: bool,
}

impl Keys {
    /// Takes the key of a good row, unless an earlier good row has it.
    pub fn add_good(&mut self, row: &ProjectRow) -> Result<(), Repeated> {
        let id = self.hashing.hash_one(row.external_id.as_str());
        let village = self.hashing.hash_one((&row.village_code, &row.village_name));
        if let Some((first, of_village)) = self.first_rows.get(&id) {
            let (key, is_elsewhere) = (row.external_id.clone(), *of_village != village);
            return Err(Repeated { row: row.row, key, first_row: u64::from(*first), is_elsewhere });
        }
        self.first_rows.insert(id, (u32::try_from(row.row).unwrap_or(u32::MAX), village));
        for (refused, key) in self.of_refused.remove(&id).unwrap_or_default() {
            self.taken_later.push(Repeated { row: refused, key, first_row: row.row, is_elsewhere: false });
        }
        Ok(())
    }

    /// That a good row before a refused one has its key: corrected, it would replace the good one.
    /// [`Keys::taken_later`] tells of a good row that comes later.
    pub fn add_refused(&mut self, row: u64, key: String) -> Option<Repeated> {
        let id = self.hashing.hash_one(key.as_str());
        let Some((first, _)) = self.first_rows.get(&id) else {
            self.of_refused.entry(id).or_default().push((row, key));
            return None;
        };
        Some(Repeated { row, key, first_row: u64::from(*first), is_elsewhere: false })
    }

    /// Of rows that were refused already: that a good row behind them has their key. To be asked at the end of the file.
    pub fn taken_later(&mut self) -> Vec<Repeated> {
        std::mem::take(&mut self.taken_later)
    }
}
