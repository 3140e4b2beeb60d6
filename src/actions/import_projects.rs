//! Imports projects from a file: rows are checked with no write open, then stored under an import id in chunks, so
//! that a killed import is continued and other writers never wait long. One screening job a chunk.

use super::correct_project::Before;
use super::known_list::{Head, find_elsewhere};
use super::known_villages::KnownVillages;
use super::{ActionError, Result};
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::footprint::NewFootprint;
use crate::domain::job::JobKind;
use crate::domain::project::{NewProject, Project, ProjectDetails, Sensitivity};
use crate::import::{ImportError, Input, OwnCopy, ProjectFile, ProjectRow, ReadOptions, RefusedCell, Row, Understood};
use crate::store::footprints::{self, NewVersion};
use crate::store::imports::{self, Counts, NewImport};
use crate::store::jobs::{NewJob, enqueue};
use crate::store::projects::{self, Registration};
use crate::store::references::{self, Cells, NewReference};
use crate::store::{Change, Tx};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Rows stored together: some 100 ms of write lock.
pub const CHUNK: usize = 1_000;

/// The cell of a row that is no field of [`ProjectDetails`].
const FOOTPRINT: &str = "footprint";

/// How rows are to be stored.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// Look, tell, store nothing.
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
    /// Its first rows, where nobody said which source it is.
    head: Option<Head>,
    understood: Understood,
    rows: u64,
    good: u64,
    refused: Vec<RefusedCell>,
}

pub async fn import_projects(
    app: &App,
    input: Input,
    reading: ReadOptions,
    options: &ImportOptions,
    mut step: impl FnMut(Step) + Send,
) -> std::result::Result<Report, ImportFailure> {
    let mut tx = app.store.read().await?;
    let villages = KnownVillages::read(&mut tx).await?;
    drop(tx);
    let size = input.size();
    let copy = input.into_own_copy(|bytes| step(Step::Reading(bytes, size)))?;
    let Checked { source, head, understood, rows, good, refused } = check(&copy.input, &reading, &villages, &mut step)?;
    if let Some(head) = &head
        && let Some(known) = find_elsewhere(app, copy.input.name(), &source, head).await?
    {
        return Err(known.into());
    }
    let file = Some(copy.input.clone());
    let mut report = Report { source, understood: Some(understood), rows, refused, file, ..Report::default() };
    if options.dry_run || (!report.refused.is_empty() && !options.keep_good) {
        return Ok(report);
    }
    let rows = GoodRows::open(&copy.input, &reading, &villages)?;
    store(app, &copy, &villages, (rows, good), options, &mut report, &mut step).await?;
    report.stored = true;
    Ok(report)
}

/// Reads and checks the whole file with no transaction open.
fn check(
    input: &Input,
    reading: &ReadOptions,
    villages: &KnownVillages,
    step: &mut impl FnMut(Step),
) -> std::result::Result<Checked, ImportError> {
    let mut file = ProjectFile::open(input, reading)?;
    let (size, progress) = (file.size(), file.progress());
    let (mut rows, mut good, mut refused) = (0, 0, Vec::new());
    let mut head = file.source_is_assumed().then(Head::default);
    while let Some(read) = file.next() {
        rows += 1;
        if rows % 500 == 0 {
            step(Step::Checking(progress.bytes(), size));
        }
        match read? {
            Row::Refused(cells) => refused.extend(cells),
            Row::Good(mut row) => match villages.place(&mut row) {
                Ok(_) => {
                    good += 1;
                    if let Some(head) = &mut head {
                        head.add(&row);
                    }
                }
                Err((field, invalid, given)) => {
                    let column = file.column_of(field);
                    let invalid = Invalid { field: column.clone(), ..invalid };
                    refused.push(RefusedCell::new(row.row, &column, invalid, &given));
                }
            },
        }
    }
    refused.extend(file.taken_later());
    refused.sort_by_key(|cell| cell.row);
    let (source, understood) = (file.source().to_owned(), file.understood());
    Ok(Checked { source, head, understood, rows, good, refused })
}

/// The good rows of a file, read one by one. What continues another project of the file needs that one to be there first:
/// such rows wait and come at the end.
struct GoodRows<'a> {
    file: ProjectFile,
    villages: &'a KnownVillages,
    waiting: Vec<ProjectRow>,
    last: std::vec::IntoIter<ProjectRow>,
}

impl<'a> GoodRows<'a> {
    fn open(
        input: &Input,
        reading: &ReadOptions,
        villages: &'a KnownVillages,
    ) -> std::result::Result<Self, ImportError> {
        let file = ProjectFile::open(input, reading)?;
        Ok(Self { file, villages, waiting: Vec::new(), last: Vec::new().into_iter() })
    }

    fn take_chunk(&mut self) -> std::result::Result<Vec<ProjectRow>, ImportError> {
        let mut chunk = Vec::new();
        while chunk.len() < CHUNK {
            match self.file.next() {
                Some(read) => match read? {
                    Row::Good(mut row) => match self.villages.place(&mut row) {
                        Err(_) => {}
                        Ok(_) if row.continues_external.is_some() => self.waiting.push(*row),
                        Ok(_) => chunk.push(*row),
                    },
                    Row::Refused(_) => {}
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

async fn store(
    app: &App,
    copy: &OwnCopy,
    villages: &KnownVillages,
    (mut rows, total): (GoodRows<'_>, u64),
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
    let mut stored = 0;
    for number in first.. {
        let chunk = rows.take_chunk()?;
        if chunk.is_empty() {
            break;
        }
        store_chunk(app, import_id, number, villages, &chunk, options, report).await?;
        stored += chunk.len() as u64;
        step(Step::Storing(stored, total));
    }
    let mut tx = app.store.write().await?;
    imports::finish(&mut tx, import_id, report.refused.len() as i64, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// The village of a row that was checked.
fn village_of(villages: &KnownVillages, row: &ProjectRow) -> Result<Uuid> {
    let found = row.village_code.as_ref().and_then(|code| villages.by_code(code));
    found.ok_or_else(|| ActionError::Internal(format!("row {} was stored unchecked", row.row)))
}

/// The details of a row that was checked.
fn details_of(
    row: &ProjectRow,
    village_id: Uuid,
    continues: Option<Uuid>,
) -> Result<(ProjectDetails, Option<NewFootprint>)> {
    let details = row.clone().into_details(village_id, continues);
    details.ok_or_else(|| ActionError::Internal(format!("row {} was stored unchecked", row.row)))
}

/// One chunk in one transaction: rows already there are compared, the others inserted together.
async fn store_chunk(
    app: &App,
    import_id: Uuid,
    number: i64,
    villages: &KnownVillages,
    rows: &[ProjectRow],
    options: &ImportOptions,
    report: &mut Report,
) -> Result<()> {
    let now = app.clock.now();
    let chunk_id = app.clock.id();
    let source = report.source.clone();
    let mut tx = app.store.write().await?;
    let mut ids: Vec<&str> = rows.iter().map(|row| row.external_id.as_str()).collect();
    ids.extend(rows.iter().filter_map(|row| row.continues_external.as_deref()));
    let known = references::find_many(&mut tx, &source, &ids).await?;
    let mut fresh: HashMap<&str, Uuid> = HashMap::new();
    for row in rows.iter().filter(|row| !known.contains_key(&row.external_id)) {
        fresh.insert(&row.external_id, app.clock.id());
    }
    let mut counts = Counts::default();
    let (mut new, mut cells): (Vec<NewProject>, Vec<(&str, Uuid, &Cells)>) = (Vec::new(), Vec::new());
    let mut touched = Vec::new();
    for row in rows {
        let village_id = village_of(villages, row)?;
        let continues = row
            .continues_external
            .as_deref()
            .and_then(|external| known.get(external).map(|(id, _)| *id).or_else(|| fresh.get(external).copied()));
        if let Some((id, last)) = known.get(&row.external_id) {
            if *last == row.cells {
                counts.same += 1;
                continue;
            }
            let changed =
                update(&mut tx, app, *id, row, last, village_id, continues, chunk_id, options, report).await?;
            if changed {
                counts.changed += 1;
                touched.push(*id);
            } else {
                counts.same += 1;
            }
            cells.push((&row.external_id, *id, &row.cells));
        } else {
            let id = fresh[row.external_id.as_str()];
            let (details, footprint) = details_of(row, village_id, continues)?;
            new.push(NewProject { id, details, footprint });
            cells.push((&row.external_id, id, &row.cells));
            touched.push(id);
            counts.new += 1;
        }
    }
    // A project that continues another of this chunk is written behind it: rows come in that order.
    let registration = Registration { now, by: options.by, digest: None };
    projects::insert(&mut tx, &app.clock, &registration, &new).await?;
    for project in &new {
        tx.log(entry(project.id, ChangeAction::Import, chunk_id, options, now, None));
    }
    let references: Vec<NewReference> = cells
        .iter()
        .map(|(external_id, project_id, cells)| NewReference {
            source: &source,
            external_id,
            project_id: *project_id,
            cells,
        })
        .collect();
    references::upsert(&mut tx, &references).await?;
    imports::store_chunk(&mut tx, chunk_id, import_id, number, counts, now).await?;
    if !touched.is_empty() {
        let job = NewJob { id: app.clock.id(), kind: JobKind::ScreenChunk, subject_id: chunk_id, run_at: now };
        enqueue(&mut tx, &[job], now).await?;
    }
    tx.commit().await?;
    report.counts.new += counts.new;
    report.counts.changed += counts.changed;
    report.counts.same += counts.same;
    Ok(())
}

fn entry(
    entity_id: Uuid,
    action: ChangeAction,
    batch_id: Uuid,
    options: &ImportOptions,
    at: crate::domain::Time,
    before: Option<serde_json::Value>,
) -> Change {
    Change {
        at,
        entity: Entity::Project,
        entity_id,
        action,
        actor_id: options.by,
        batch_id: Some(batch_id),
        note: None,
        before,
    }
}

/// Takes over the cells that the file changed, but none that a person edited since; `true` where anything changed.
#[expect(clippy::too_many_arguments, reason = "one step of one function, split for reading")]
async fn update(
    tx: &mut Tx,
    app: &App,
    id: Uuid,
    row: &ProjectRow,
    last: &Cells,
    village_id: Uuid,
    continues: Option<Uuid>,
    chunk_id: Uuid,
    options: &ImportOptions,
    report: &mut Report,
) -> Result<bool> {
    let now = app.clock.now();
    projects::lock(tx, id).await?;
    let Some(mut project) = projects::find(tx, id).await? else { return Err(ActionError::NotFound("project")) };
    let before = Before::of(&project);
    let differing: Vec<&str> = row
        .cells
        .iter()
        .filter(|(field, text)| last.get(*field) != Some(*text))
        .map(|(field, _)| field.as_str())
        .collect();
    // Who lets the file win need not know what was edited.
    let edited = edited_fields(tx, &project, if options.overwrite { &[] } else { &differing }).await?;
    let (file, footprint) = details_of(row, village_id, continues)?;
    let mut changed = false;
    let mut new_footprint = None;
    for (field, text) in &row.cells {
        if last.get(field) == Some(text) {
            continue;
        }
        if edited.contains(field.as_str()) {
            report.kept.push(Kept {
                row: row.row,
                external_id: row.external_id.clone(),
                field: field.clone(),
                ours: field_text(&project.details, field),
                file: text.clone(),
            });
            continue;
        }
        if field == FOOTPRINT {
            new_footprint = footprint.as_ref();
            changed |= new_footprint.is_some();
        } else {
            changed |= take_over(&mut project.details, &file, field);
        }
    }
    if !changed {
        return Ok(false);
    }
    if let Some(footprint) = new_footprint {
        let next = footprints::list_versions(tx, id).await?.first().map_or(0, |version| version.version) + 1;
        project.footprint_version = next;
        let version =
            NewVersion { project_id: id, version: next, footprint, made_by: options.by, reason: Some("import") };
        footprints::insert(tx, &app.clock, now, &[version]).await?;
    }
    if !projects::update(tx, &app.clock, &project, now).await? {
        return Err(ActionError::Conflict("changed_meanwhile"));
    }
    tx.log(entry(id, ChangeAction::Reimport, chunk_id, options, now, Some(Before::naming_changes(before, &project))));
    Ok(true)
}

/// Those of these cells that are not as the file last brought them: a person edited them since. What was edited and put
/// back is as the file brought it. O(entries of the project), and nothing is read where no cell is asked about.
async fn edited_fields<'a>(tx: &mut Tx, project: &Project, wanted: &[&'a str]) -> Result<HashSet<&'a str>> {
    if wanted.is_empty() {
        return Ok(HashSet::new());
    }
    let now = State(Before::of(project));
    let mut brought: HashMap<&str, Value> = HashMap::new();
    let mut after = now.clone();
    for entry in crate::store::changes::list_states(tx, project.id).await? {
        let Ok(before) = serde_json::from_str::<Before>(&entry.before) else { continue };
        let before = State(serde_json::to_value(before).unwrap_or_default());
        if entry.action == "reimport" {
            for field in wanted.iter().filter(|field| before.cell(field) != after.cell(field)) {
                brought.entry(field).or_insert_with(|| after.cell(field).clone());
            }
        }
        after = before;
    }
    // What no later file changed is as the first one registered it.
    let brought = |field: &str| brought.get(field).unwrap_or(after.cell(field));
    let mut edited: HashSet<&str> = wanted.iter().copied().filter(|field| now.cell(field) != brought(field)).collect();
    if edited.contains(FOOTPRINT) {
        // A footprint that was put back is a version of its own.
        let version = brought(FOOTPRINT).as_i64().unwrap_or_default();
        let parts = async |tx: &mut Tx, version| -> Result<Vec<_>> {
            let stored = footprints::list_parts(tx, project.id, version).await?;
            Ok(stored.into_iter().map(|stored| stored.part).collect())
        };
        if parts(tx, version).await? == parts(tx, project.footprint_version).await? {
            edited.remove(FOOTPRINT);
        }
    }
    Ok(edited)
}

/// What a project was at some time, as the change log holds it.
#[derive(Clone)]
struct State(Value);

impl State {
    fn cell(&self, field: &str) -> &Value {
        if field == FOOTPRINT { &self.0["footprint_version"] } else { &self.0["details"][json_name(field)] }
    }
}

/// The name that a cell has in [`ProjectDetails`].
fn json_name(field: &str) -> &str {
    if field == "village_code" { "village_id" } else { field }
}

/// A field as a person reads it.
fn field_text(details: &ProjectDetails, field: &str) -> String {
    match &serde_json::to_value(details).unwrap_or_default()[json_name(field)] {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Takes one field from the file; `true` where it differs.
fn take_over(details: &mut ProjectDetails, file: &ProjectDetails, field: &str) -> bool {
    let before = details.clone();
    match field {
        "title" => details.title.clone_from(&file.title),
        "village_code" => details.village_id = file.village_id,
        "activity_code" => details.activity_code = file.activity_code,
        "fiscal_year" => details.fiscal_year = file.fiscal_year,
        "status" => details.status = file.status,
        "authority" => details.authority = file.authority,
        "executor" => details.executor.clone_from(&file.executor),
        "programme" => details.programme.clone_from(&file.programme),
        "agreement" => details.agreement.clone_from(&file.agreement),
        "hamlet" => details.hamlet.clone_from(&file.hamlet),
        "rt" => details.rt.clone_from(&file.rt),
        "rw" => details.rw.clone_from(&file.rw),
        "owner" => {
            details.owner.clone_from(&file.owner);
            if details.owner.is_some() {
                details.sensitivity = Sensitivity::Hamlet;
            }
        }
        "start_on" => details.start_on = file.start_on,
        "finish_on" => details.finish_on = file.finish_on,
        "volume" => details.volume = file.volume,
        "volume_unit" => details.volume_unit.clone_from(&file.volume_unit),
        "continues" => details.continues = file.continues,
        "budget_rupiah" => details.budget_rupiah = file.budget_rupiah,
        "funding" => details.funding.clone_from(&file.funding),
        "photo_marks" => details.photo_marks.clone_from(&file.photo_marks),
        _ => {}
    }
    *details != before
}
