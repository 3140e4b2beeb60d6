//! Files to records. Bad rows are left out and listed; villages are told apart by their codes.

use super::{Collection, Record};
use crate::import::{ImportError, Input, Progress, ProjectFile, ProjectRow, ReadOptions, RefusedCell, Row};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows between two reports of progress.
const STEP_ROWS: usize = 1_000;

/// A cell that kept its row out.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Which of [`Collection::files`].
    pub file: usize,
    pub cell: RefusedCell,
}

/// Reads all files; `step` hears how far the reading of which file is. Fails where a file as a whole cannot be read.
/// Memory: all records.
pub fn read(
    inputs: &[Input],
    options: &ReadOptions,
    mut step: impl FnMut(&Input, &Progress),
) -> Result<Collection, ImportError> {
    let mut collection = Collection::default();
    let mut villages: HashMap<String, Uuid> = HashMap::new();
    for (file, input) in inputs.iter().enumerate() {
        collection.files.push(input.name().to_owned());
        let first = collection.records.len();
        let mut rows: Vec<ProjectRow> = Vec::new();
        let mut open = ProjectFile::open(input, options)?;
        let progress = open.progress();
        for (at, read) in (&mut open).enumerate() {
            if at % STEP_ROWS == 0 {
                step(input, &progress);
            }
            match read? {
                Row::Good(row) => rows.push(*row),
                Row::Refused(cells) => {
                    collection.refused.extend(cells.into_iter().map(|cell| Refusal { file, cell }));
                }
            }
        }
        step(input, &progress);
        collection.understood.push(open.understood());
        // What a record continues is another record of its file.
        let numbers: HashMap<String, Uuid> =
            rows.iter().enumerate().map(|(at, row)| (row.external_id.clone(), number(first + at))).collect();
        for row in rows {
            let at = collection.records.len();
            let next_village = number(villages.len());
            let village =
                row.village_code.as_ref().map(|code| *villages.entry(code.to_string()).or_insert(next_village));
            let continues = row.continues_external.as_ref().and_then(|external| numbers.get(external)).copied();
            let (external_id, row_number) = (row.external_id.clone(), row.row);
            collection.by_external.entry(external_id.clone()).or_default().push(at);
            let facts = row.into_facts(number(at), village, continues);
            collection.records.push(Record { file, row: row_number, external_id, facts });
        }
    }
    Ok(collection)
}

fn number(at: usize) -> Uuid {
    Uuid::from_u128(at as u128 + 1)
}
