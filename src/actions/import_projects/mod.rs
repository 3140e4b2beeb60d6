//! Imports projects from a file: rows are checked with no write open, then stored under an import id in chunks, so
//! that a killed import is continued and other writers never wait long. One screening job a chunk.

pub(super) mod check;
mod chunk;
mod edited_fields;
mod merge_rows;
mod order;

use self::check::{Checked, Checking};
use self::chunk::Import;
use self::order::GoodRows;
use super::ActionError;
use super::known_list::find_elsewhere;
use super::known_villages::known_villages;
use crate::app::App;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::import::{
    ImportError, Input, KnownVillages, OwnCopy, ProjectFile, ReadOptions, RefusedCell, Understood,
    refuse_ignored_in_vain,
};
use crate::permission::{Action, Denied, doer_of, unless_at_terminal};
use crate::store::imports::{self, Counts, NewImport};
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

/// Rows stored together: some 100 ms of write lock.
pub const CHUNK: usize = 1_000;

/// How rows are to be stored.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// Check and report, store nothing.
    pub dry_run: bool,
    /// Store the good rows where some are refused.
    pub keep_good: bool,
    /// Let the file win over what a person edited since.
    pub overwrite: bool,
    /// Who imports it, into the own regions alone; nobody at the terminal of the server.
    pub by: Option<Person>,
    /// The id of the import, for one that is asked for again by it. Without one an import of the same bytes that was broken
    /// off goes on.
    pub id: Option<Uuid>,
}

impl ImportOptions {
    fn by_id(&self) -> Option<Uuid> {
        self.by.as_ref().map(|by| by.id)
    }

    /// Who imports what lies in these regions.
    fn doer(&self, region_codes: &[String]) -> std::result::Result<Doer, Denied> {
        doer_of(self.by.as_ref(), Action::ImportProjects, region_codes)
    }
}

/// A cell that the file changed and that a person had edited: it was left as the person wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub row: u64,
    pub external_id: String,
    pub field: String,
    pub ours: String,
    pub file: String,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub import_id: Option<Uuid>,
    pub source: String,
    /// How the file was understood.
    pub understood: Option<Understood>,
    pub rows: u64,
    pub counts: Counts,
    pub refused: Vec<RefusedCell>,
    /// Cells of good rows that are not understood; what was known of them before stays.
    pub unknown: Vec<RefusedCell>,
    pub kept: Vec<Kept>,
    /// An earlier import of this very file was broken off, and this one went on with it.
    pub continued: bool,
    /// Nothing was stored: a dry run, or refused rows without `keep_good`.
    pub stored: bool,
    /// The bytes that were checked, for whoever writes the refused rows.
    pub file: Option<Input>,
}

/// Where the import stands, for a progress bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Bytes of the file copied, of so many where that is known.
    Reading(u64, Option<u64>),
    /// Bytes of the copy checked, of so many where that is known.
    Checking(u64, Option<u64>),
    /// Rows stored, of so many.
    Storing(u64, u64),
}

/// Why nothing was imported at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    #[error(transparent)]
    File(#[from] ImportError),
    #[error(transparent)]
    Action(#[from] ActionError),
}

impl From<crate::store::StoreError> for ImportFailure {
    fn from(e: crate::store::StoreError) -> Self {
        Self::Action(e.into())
    }
}

/// Imports a file of which nobody else changes the bytes meanwhile.
pub async fn import_projects(
    app: &App,
    input: Input,
    reading: ReadOptions,
    options: &ImportOptions,
    mut step: impl FnMut(Step) + Send,
) -> Result<Report, ImportFailure> {
    let size = input.size();
    let copy = input.into_own_copy(|bytes| step(Step::Reading(bytes, size)))?;
    import_copy(app, copy, reading, options, step).await
}

/// As [`import_projects`], from a copy of our own.
pub async fn import_copy(
    app: &App,
    copy: OwnCopy,
    mut reading: ReadOptions,
    options: &ImportOptions,
    mut step: impl FnMut(Step) + Send,
) -> Result<Report, ImportFailure> {
    unless_at_terminal(options.by.as_ref(), |by| by.require(Action::ImportProjects)).map_err(ActionError::from)?;
    let villages = Arc::new(known_villages(app, options.by.as_ref()).await?);
    reading.villages = Some(Arc::clone(&villages));
    let file = open(app, &copy.input, &reading).await?;
    let mut checking = Checking::new(file, Arc::clone(&villages), options.by.as_ref());
    while checking.next_lot(app).await?.is_some() {
        let (bytes, size) = checking.progress();
        step(Step::Checking(bytes, size));
    }
    let Checked { source, head, understood, rows, good, refused, unknown, .. } = checking.finish()?;
    refuse_ignored_in_vain([&understood])?;
    if let Some(head) = &head
        && let Some(known) = find_elsewhere(app, copy.input.name(), &source, head).await?
    {
        return Err(known.into());
    }
    let file = Some(copy.input.clone());
    let mut report = Report { source, understood: Some(understood), rows, refused, unknown, file, ..Report::default() };
    if options.dry_run || (!report.refused.is_empty() && !options.keep_good) {
        return Ok(report);
    }
    let left_out: HashSet<u64> = report.refused.iter().map(|cell| cell.row).collect();
    let file = open(app, &copy.input, &reading).await?;
    let rows = GoodRows::new(file, Arc::clone(&villages), left_out);
    store(app, &copy, &villages, (rows, good), options, &mut report, &mut step).await?;
    report.stored = true;
    Ok(report)
}

/// Opens a file away from the threads that answer requests: a workbook is unpacked by it.
async fn open(app: &App, input: &Input, reading: &ReadOptions) -> Result<ProjectFile, ImportFailure> {
    let (input, reading) = (input.clone(), reading.clone());
    let opened = app.import_turns.run(move || ProjectFile::open(&input, &reading)).await;
    Ok(opened.map_err(|e| ActionError::Internal(e.to_string()))??)
}

async fn store(
    app: &App,
    copy: &OwnCopy,
    villages: &KnownVillages,
    (mut rows, total): (GoodRows, u64),
    options: &ImportOptions,
    report: &mut Report,
    step: &mut (impl FnMut(Step) + Send),
) -> Result<(), ImportFailure> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let begun = match options.id {
        Some(id) => imports::find(&mut tx, id).await?,
        None => imports::find_unfinished(&mut tx, "projects", &report.source, &copy.sha256).await?,
    };
    let import_id = match begun {
        Some(id) => id,
        None => {
            let id = options.id.unwrap_or_else(|| app.clock.id());
            let import = NewImport {
                id,
                kind: "projects",
                source: &report.source,
                file_name: copy.input.name(),
                file_sha256: &copy.sha256,
            };
            imports::begin(&mut tx, &import, now).await?;
            id
        }
    };
    let first = imports::count_chunks(&mut tx, import_id).await?;
    tx.commit().await?;
    report.import_id = Some(import_id);
    report.continued = begun.is_some();
    let source = report.source.clone();
    let import = Import { app, id: import_id, source: &source, villages, options };
    let mut stored = 0;
    for number in first.. {
        let chunk = rows.take_chunk(app).await?;
        if chunk.is_empty() {
            break;
        }
        let (counts, kept) = import.store_chunk(number, &chunk).await?;
        report.counts.new += counts.new;
        report.counts.changed += counts.changed;
        report.counts.same += counts.same;
        report.kept.extend(kept);
        stored += chunk.len() as u64;
        step(Step::Storing(stored, total));
    }
    let mut tx = app.store.write().await?;
    imports::finish(&mut tx, import_id, report.refused.len() as i64, app.clock.now()).await?;
    Ok(tx.commit().await?)
}
