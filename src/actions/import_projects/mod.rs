//! Imports projects from a file: rows are checked with no write open, then stored under an import id in chunks, so
//! that a killed import is continued and other writers never wait long. One screening job a chunk.

mod chunk;
mod edited_fields;
mod merge_rows;
mod order;

use self::chunk::Import;
use self::order::GoodRows;
use super::ActionError;
use super::known_list::{Head, find_elsewhere};
use super::known_villages::known_villages;
use crate::app::App;
use crate::import::{
    ImportError, Input, KnownVillages, Limits, OwnCopy, ProjectFile, ReadOptions, RefusedCell, Row, Understood,
    refuse_ignored_in_vain,
};
use crate::store::imports::{self, Counts, NewImport};
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
    pub by: Option<Uuid>,
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

/// What is known of a checked file; its rows are read again from our copy when they are stored, so that no file is too
/// large for the memory.
struct Checked {
    source: String,
    /// Its first rows, where nobody named its source.
    head: Option<Head>,
    understood: Understood,
    rows: u64,
    good: u64,
    refused: Vec<RefusedCell>,
    unknown: Vec<RefusedCell>,
}

pub async fn import_projects(
    app: &App,
    input: Input,
    mut reading: ReadOptions,
    options: &ImportOptions,
    mut step: impl FnMut(Step) + Send,
) -> std::result::Result<Report, ImportFailure> {
    let mut tx = app.store.read().await?;
    let limits = Limits { far_m: app.config.far_place_m, border_m: app.config.border_tolerance_m };
    let villages = Arc::new(known_villages(&mut tx, limits).await?);
    drop(tx);
    reading.villages = Some(Arc::clone(&villages));
    let size = input.size();
    let copy = input.into_own_copy(|bytes| step(Step::Reading(bytes, size)))?;
    let Checked { source, head, understood, rows, good, refused, unknown } = check(&copy.input, &reading, &mut step)?;
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
    let rows = GoodRows::open(&copy.input, &reading)?;
    store(app, &copy, &villages, (rows, good), options, &mut report, &mut step).await?;
    report.stored = true;
    Ok(report)
}

/// Reads and checks the whole file with no transaction open.
fn check(
    input: &Input,
    reading: &ReadOptions,
    step: &mut impl FnMut(Step),
) -> std::result::Result<Checked, ImportError> {
    let mut file = ProjectFile::open(input, reading)?;
    let (size, progress) = (file.size(), file.progress());
    let (mut rows, mut good, mut refused, mut unknown) = (0, 0, Vec::new(), Vec::new());
    let mut head = file.source_is_assumed().then(Head::default);
    while let Some(read) = file.next() {
        rows += 1;
        if rows % 500 == 0 {
            step(Step::Checking(progress.bytes(), size));
        }
        match read? {
            Row::Refused(cells) => refused.extend(cells),
            Row::Good(mut row) => match file.place(&mut row) {
                Ok(()) => {
                    good += 1;
                    unknown.append(&mut row.unknown);
                    if let Some(head) = &mut head {
                        head.add(&row);
                    }
                }
                Err(cell) => refused.push(cell),
            },
        }
    }
    refused.extend(file.taken_later());
    refused.sort_by_key(|cell| cell.row);
    let (source, understood) = (file.source().to_owned(), file.understood());
    refuse_ignored_in_vain([&understood])?;
    Ok(Checked { source, head, understood, rows, good, refused, unknown })
}

async fn store(
    app: &App,
    copy: &OwnCopy,
    villages: &KnownVillages,
    (mut rows, total): (GoodRows, u64),
    options: &ImportOptions,
    report: &mut Report,
    step: &mut (impl FnMut(Step) + Send),
) -> std::result::Result<(), ImportFailure> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let unfinished = imports::find_unfinished(&mut tx, "projects", &report.source, &copy.sha256).await?;
    let import_id = match unfinished {
        Some(id) => id,
        None => {
            let id = app.clock.id();
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
    report.continued = unfinished.is_some();
    let source = report.source.clone();
    let import = Import { app, id: import_id, source: &source, villages, options };
    let mut stored = 0;
    for number in first.. {
        let chunk = rows.take_chunk()?;
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
