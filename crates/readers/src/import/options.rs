//! The user's options for reading a file of projects.

use super::corrections::Correction;
use super::crs::Crs;
use super::error::ImportError;
use super::known_villages::KnownVillages;
use super::rows::columns::Columns;
use super::rows::headings::Headings;
use super::rows::raw::{Needs, OwnerOf};
use std::sync::Arc;

/// The user's options for reading a file.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Whose ids the external ids are; by default what refused rows carry of the file that they come from, else `file:` and
    /// the file's name; a pipe has none.
    pub source: Option<String>,
    /// (our field, the file's column), where the headings are not recognized.
    pub map: Vec<(String, String)>,
    /// Columns or fields that make the external id, for a file without a column for it.
    pub key: Vec<String>,
    /// Columns that nothing is read from.
    pub ignore: Vec<String>,
    /// (our field, its text) in every row, whatever columns there are.
    pub values: Vec<(String, String)>,
    /// Headings beside those that the program knows.
    pub headings: Headings,
    /// The coordinate system, whatever the file states; by default what it states, else WGS 84 lon/lat.
    pub crs: Option<Crs>,
    /// The layer of a file with several: a sheet, a table.
    pub layer: Option<String>,
    /// Takes exchanged coordinates the other way round instead of refusing them.
    pub swap: bool,
    /// Cells that a person corrected.
    pub corrections: Vec<Correction>,
    /// Rows whose place, if it is far from their village, is read as the one that fits.
    pub readings: Vec<u64>,
    /// The villages that rows may lie in. Where their borders are known, a row with a place needs no village.
    pub villages: Option<Arc<KnownVillages>>,
    pub needs: Needs,
    pub owner_of: OwnerOf,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            source: None,
            map: Vec::new(),
            key: Vec::new(),
            ignore: Vec::new(),
            values: Vec::new(),
            headings: Headings::default(),
            crs: None,
            layer: None,
            swap: false,
            corrections: Vec::new(),
            readings: Vec::new(),
            villages: None,
            needs: Needs::default(),
            owner_of: |title| (title.to_owned(), None),
        }
    }
}

impl ReadOptions {
    /// What they say of columns, for one layer.
    pub fn columns(&self) -> Result<Columns, ImportError> {
        let columns = Columns::new(&self.map, &self.key)?.with_headings(&self.headings).without(&self.ignore);
        columns.with_values(&self.values)
    }

    /// Whether a place may tell its village.
    pub(super) fn has_borders(&self) -> bool {
        self.villages.as_ref().is_some_and(|villages| !villages.outlines().is_empty())
    }
}
