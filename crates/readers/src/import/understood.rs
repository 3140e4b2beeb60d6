//! How a file of projects was understood, to show it to the user.

use super::crs::{Crs, Stated};
use super::error::ImportError;
use super::rows::columns::Matched;
use super::rows::fields::Field;
use super::rows::notes::Note;

/// How a file is understood, to show it to the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
    /// Its name for messages.
    pub file: String,
    /// All columns, as the file calls them.
    pub columns: Vec<String>,
    /// Columns that the user sets aside and that the file does not have.
    pub ignored_in_vain: Vec<String>,
    /// Which column is read as what.
    pub matched: Vec<Matched>,
    /// What the user states for every row.
    pub values: Vec<(Field, String)>,
    /// Columns that nothing is read from.
    pub unread: Vec<String>,
    pub crs: Crs,
    /// What the file states of its coordinate system; the user's option comes before it.
    pub stated_crs: Option<Stated>,
    /// Rows of totals, which are no works and are passed over.
    pub totals: Vec<u64>,
    /// Other layers of the file, whose rows are not read.
    pub unread_layers: Vec<String>,
    /// What else to know about how the file was read.
    pub notes: Vec<Note>,
}

/// The error that the user sets columns aside that no row had; to be asked behind the last row of the last of these files.
pub fn refuse_ignored_in_vain<'a>(files: impl IntoIterator<Item = &'a Understood>) -> Result<(), ImportError> {
    let files: Vec<&Understood> = files.into_iter().collect();
    let Some((first, others)) = files.split_first() else { return Ok(()) };
    let in_vain = |column: &&String| others.iter().all(|other| other.ignored_in_vain.contains(column));
    let Some(column) = first.ignored_in_vain.iter().find(in_vain) else { return Ok(()) };
    let mut columns: Vec<String> = Vec::new();
    for name in files.iter().flat_map(|file| &file.columns) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    let file = files.iter().map(|file| file.file.as_str()).collect::<Vec<_>>().join(", ");
    Err(ImportError::UnknownColumn { file, field: "--ignore".to_owned(), column: column.clone(), columns })
}
