//! In which order the good rows of a file are stored: what continues another project of the file needs that one to be there
//! first.

use super::{CHUNK, ImportFailure};
use crate::actions::ActionError;
use crate::app::App;
use crate::import::{ImportError, KnownVillages, ProjectFile, ProjectRow, Row};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The good rows of a file, read chunk by chunk away from the threads that answer requests. Rows that continue another wait
/// and come at the end.
pub(super) struct GoodRows(Option<Box<Reading>>);

struct Reading {
    file: ProjectFile,
    villages: Arc<KnownVillages>,
    /// Rows that the check refused.
    left_out: HashSet<u64>,
    waiting: Vec<ProjectRow>,
    last: std::vec::IntoIter<ProjectRow>,
}

impl GoodRows {
    pub fn new(file: ProjectFile, villages: Arc<KnownVillages>, left_out: HashSet<u64>) -> Self {
        let last = Vec::new().into_iter();
        Self(Some(Box::new(Reading { file, villages, left_out, waiting: Vec::new(), last })))
    }

    /// The next rows that are stored together; none behind the last.
    pub async fn take_chunk(&mut self, app: &App) -> Result<Vec<ProjectRow>, ImportFailure> {
        let Some(mut reading) = self.0.take() else { return Ok(Vec::new()) };
        let work = move || {
            let chunk = reading.take_chunk();
            (reading, chunk)
        };
        let (reading, chunk) = app.import_turns.run(work).await.map_err(|e| ActionError::Internal(e.to_string()))?;
        self.0 = Some(reading);
        Ok(chunk?)
    }
}

impl Reading {
    fn take_chunk(&mut self) -> Result<Vec<ProjectRow>, ImportError> {
        let mut chunk = Vec::new();
        while chunk.len() < CHUNK {
            match self.file.next() {
                Some(read) => match read? {
                    Row::Good(mut row) if !self.left_out.contains(&row.row) => {
                        match self.file.place(&self.villages, &mut row) {
                            Err(_) => {}
                            Ok(_) if row.continues_external.is_some() => self.waiting.push(*row),
                            Ok(_) => chunk.push(*row),
                        }
                    }
                    Row::Good(_) | Row::Refused(_) => {}
                },
                None => {
                    if !self.waiting.is_empty() {
                        self.last = predecessors_first(std::mem::take(&mut self.waiting)).into_iter();
                    }
                    match self.last.next() {
                        Some(row) => chunk.push(row),
                        None => break,
                    }
                }
            }
        }
        Ok(chunk)
    }
}

/// Rows that continue another, each behind the one that it continues; circles come last. O(n).
fn predecessors_first(rows: Vec<ProjectRow>) -> Vec<ProjectRow> {
    let mut followers: HashMap<String, Vec<ProjectRow>> = HashMap::new();
    let names: HashSet<String> = rows.iter().map(|row| row.external_id.clone()).collect();
    let mut first = Vec::with_capacity(rows.len());
    for row in rows {
        match row.continues_external.as_ref().filter(|before| names.contains(*before)) {
            Some(before) => followers.entry(before.clone()).or_default().push(row),
            None => first.push(row),
        }
    }
    let mut at = 0;
    while let Some(row) = first.get(at) {
        let behind = followers.remove(&row.external_id);
        first.extend(behind.into_iter().flatten());
        at += 1;
    }
    let mut circles: Vec<ProjectRow> = followers.into_values().flatten().collect();
    circles.sort_by_key(|row| row.row);
    first.extend(circles);
    first
}
