//! Files that people brought in the page, how far each is, and the lists of what was found in them.

use super::{Result, StoreError, Tx, insert_many, list, sql, to_text};
use crate::domain::Time;
use crate::domain::upload::{Lines, UploadList, UploadOptions, UploadOutcome, UploadProblem, UploadState};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// An upload to be kept; its bytes are on disk.
#[derive(Clone, Debug)]
pub struct NewUpload<'a> {
    pub id: Uuid,
    pub by: Uuid,
    pub file_name: &'a str,
    pub bytes: u64,
    pub sha256: &'a str,
}

/// An upload.
#[derive(Clone, Debug)]
pub struct Upload {
    pub id: Uuid,
    pub by: Uuid,
    pub file_name: String,
    pub bytes: i64,
    pub sha256: String,
    pub state: UploadState,
    /// Counts what was said of the file.
    pub revision: i64,
    pub options: UploadOptions,
    pub keep_good: bool,
    pub overwrite: bool,
    /// Bytes read or rows stored, of so many.
    pub done: i64,
    pub total: i64,
    pub outcome: Option<UploadOutcome>,
    pub problem: Option<UploadProblem>,
    /// Its import, which has its id, has begun: what was said of it stands.
    pub begun: bool,
    pub created_at: String,
    pub changed_at: String,
}

#[derive(sqlx::FromRow)]
struct UploadRow {
    id: Uuid,
    by_id: Uuid,
    file_name: String,
    bytes: i64,
    sha256: String,
    state: String,
    revision: i64,
    options: String,
    keep_good: i64,
    overwrite: i64,
    done: i64,
    total: i64,
    outcome: Option<String>,
    problem: Option<String>,
    begun: i64,
    created_at: String,
    changed_at: String,
}

impl UploadRow {
    fn parse(self) -> Result<Upload> {
        let id = self.id;
        let state = UploadState::parse(&self.state).ok_or(StoreError::Corrupt("uploads.state", id))?;
        Ok(Upload {
            id,
            by: self.by_id,
            file_name: self.file_name,
            bytes: self.bytes,
            sha256: self.sha256,
            state,
            revision: self.revision,
            options: from_json(&self.options, "uploads.options", id)?,
            keep_good: self.keep_good != 0,
            overwrite: self.overwrite != 0,
            done: self.done,
            total: self.total,
            outcome: self.outcome.map(|text| from_json(&text, "uploads.outcome", id)).transpose()?,
            problem: self.problem.map(|text| from_json(&text, "uploads.problem", id)).transpose()?,
            begun: self.begun != 0,
            created_at: self.created_at,
            changed_at: self.changed_at,
        })
    }
}

fn from_json<T: DeserializeOwned>(text: &str, column: &'static str, id: Uuid) -> Result<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt(column, id))
}

fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain data is JSON")
}

const UPLOAD: &str = "SELECT id, by_id, file_name, bytes, sha256, state, revision, options, keep_good, overwrite, done,
    total, outcome, problem, created_at, changed_at,
    (SELECT COUNT(*) FROM imports i WHERE i.id = uploads.id) AS begun FROM uploads";

pub async fn insert(tx: &mut Tx, new: &NewUpload<'_>, now: Time) -> Result<()> {
    const INSERT: &str =
        "INSERT INTO uploads (id, by_id, file_name, bytes, sha256, state, options, total, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, 'received', $6, $4, $7, $7)";
    let bytes = i64::try_from(new.bytes).unwrap_or(i64::MAX);
    let options = to_json(&UploadOptions::default());
    sql!(tx, INSERT, [new.id, new.by, new.file_name, bytes, new.sha256, options, to_text(now)], execute)?;
    Ok(())
}

/// The upload with this id, whoever brought it.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Upload>> {
    let rows = list!(tx, UploadRow, |q| {
        q.push(UPLOAD).push(" WHERE id = ").push_bind(id);
    })?;
    rows.into_iter().next().map(UploadRow::parse).transpose()
}

/// A person's uploads behind the (time, id) last seen, newest first.
pub async fn list_of(tx: &mut Tx, by: Uuid, after: Option<&(String, Uuid)>, limit: i64) -> Result<Vec<Upload>> {
    let rows = list!(tx, UploadRow, |q| {
        q.push(UPLOAD).push(" WHERE by_id = ").push_bind(by);
        super::newest_first!(q, "created_at", "id", after, limit);
    })?;
    rows.into_iter().map(UploadRow::parse).collect()
}

/// The file of an upload.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UploadFile {
    pub id: Uuid,
    pub sha256: String,
    pub bytes: i64,
}

/// Those whose bytes are on disk, by id, behind `after`.
pub async fn list_files(tx: &mut Tx, after: Uuid, limit: i64) -> Result<Vec<UploadFile>> {
    const FILES: &str =
        "SELECT id, sha256, bytes FROM uploads WHERE id > $1 AND state <> 'stored' ORDER BY id LIMIT $2";
    Ok(sql!(tx, FILES, [after, limit], fetch_all as UploadFile)?)
}

/// How many of a person's uploads have their bytes on disk.
pub async fn count_open(tx: &mut Tx, by: Uuid) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM uploads WHERE by_id = $1 AND state <> 'stored'";
    Ok(sql!(tx, COUNT, [by], fetch_one as (i64,))?.0)
}

/// Says something else of a file: what was found under the last revision is forgotten. `false` where that is not
/// `revision` any more, or the import has begun.
pub async fn set_options(tx: &mut Tx, id: Uuid, revision: i64, options: &UploadOptions, now: Time) -> Result<bool> {
    const SET: &str =
        "UPDATE uploads SET options = $3, revision = revision + 1, state = 'received', outcome = NULL, problem = NULL,
            done = 0, total = bytes, changed_at = $4
        WHERE id = $1 AND revision = $2 AND state IN ('received', 'reading', 'checked', 'failed')
            AND NOT EXISTS (SELECT 1 FROM imports i WHERE i.id = uploads.id)";
    let is_set = sql!(tx, SET, [id, revision, to_json(options), to_text(now)], execute)? == 1;
    if is_set {
        sql!(tx, "DELETE FROM upload_lines WHERE upload_id = $1", [id], execute)?;
    }
    Ok(is_set)
}

/// Asks for a file to be stored that was read under this revision, or whose storing broke off. `false` where it is neither.
pub async fn set_storing(
    tx: &mut Tx,
    id: Uuid,
    revision: i64,
    (keep_good, overwrite): (bool, bool),
    now: Time,
) -> Result<bool> {
    const SET: &str =
        "UPDATE uploads SET state = 'storing', keep_good = $3, overwrite = $4, problem = NULL, done = 0, total = bytes,
            changed_at = $5
        WHERE id = $1 AND revision = $2 AND (state = 'checked' OR (state = 'failed' AND EXISTS (SELECT 1 FROM imports i WHERE i.id = uploads.id)))";
    let (keep_good, overwrite) = (i64::from(keep_good), i64::from(overwrite));
    Ok(sql!(tx, SET, [id, revision, keep_good, overwrite, to_text(now)], execute)? == 1)
}

/// Notes how far the work on this revision is; `false` where something else was said meanwhile, or it is gone.
pub async fn set_progress(
    tx: &mut Tx,
    id: Uuid,
    revision: i64,
    (state, done, total): (UploadState, u64, u64),
) -> Result<bool> {
    const SET: &str = "UPDATE uploads SET state = $3, done = $4, total = $5
        WHERE id = $1 AND revision = $2 AND state IN ('received', 'reading', 'storing')";
    let [done, total] = [done, total].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    Ok(sql!(tx, SET, [id, revision, state.as_str(), done, total], execute)? == 1)
}

/// What came of the work.
#[derive(Clone, Debug)]
pub struct Ended<'a> {
    pub state: UploadState,
    pub outcome: Option<&'a UploadOutcome>,
    pub problem: Option<&'a UploadProblem>,
}

/// Ends the work on this revision. What an earlier step found stays where this one found nothing. `false` where something
/// else was said meanwhile, or it is gone.
pub async fn end(tx: &mut Tx, id: Uuid, revision: i64, ended: &Ended<'_>, now: Time) -> Result<bool> {
    const END: &str = "UPDATE uploads SET state = $3, outcome = COALESCE($4, outcome), problem = $5, changed_at = $6
        WHERE id = $1 AND revision = $2 AND state IN ('received', 'reading', 'storing')";
    let (outcome, problem) = (ended.outcome.map(to_json), ended.problem.map(to_json));
    Ok(sql!(tx, END, [id, revision, ended.state.as_str(), outcome, problem, to_text(now)], execute)? == 1)
}

/// Fails what is still at work, whatever the revision.
pub async fn fail(tx: &mut Tx, id: Uuid, problem: &UploadProblem, now: Time) -> Result<()> {
    const FAIL: &str = "UPDATE uploads SET state = 'failed', problem = $2, changed_at = $3
        WHERE id = $1 AND state IN ('received', 'reading', 'storing')";
    sql!(tx, FAIL, [id, to_json(problem), to_text(now)], execute)?;
    Ok(())
}

/// Replaces these lists of an upload, each in the given order.
pub async fn replace_lines(tx: &mut Tx, id: Uuid, lists: &[UploadList], lines: &Lines) -> Result<()> {
    const INTO: &str = "INSERT INTO upload_lines (upload_id, kind, number, line) ";
    const DELETE: &str = "DELETE FROM upload_lines WHERE upload_id = $1 AND kind = $2";
    for list in lists {
        sql!(tx, DELETE, [id, list.as_str()], execute)?;
    }
    let mut numbers = [0_i64; UploadList::ALL.len()];
    let mut rows = Vec::with_capacity(lines.len());
    for (list, line) in lines {
        if let Some(number) = UploadList::ALL.iter().position(|known| known == list).and_then(|at| numbers.get_mut(at))
        {
            *number += 1;
            rows.push((list.as_str(), *number, line.to_string()));
        }
    }
    insert_many!(tx, INTO, rows, |b, row| {
        b.push_bind(id).push_bind(row.0).push_bind(row.1).push_bind(row.2.clone());
    });
    Ok(())
}

/// The lines of a list behind this number, each with its own.
pub async fn list_lines<T: DeserializeOwned>(
    tx: &mut Tx,
    id: Uuid,
    of: UploadList,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, T)>> {
    const LIST: &str = "SELECT number, line FROM upload_lines WHERE upload_id = $1 AND kind = $2 AND number > $3
        ORDER BY number LIMIT $4";
    let rows = sql!(tx, LIST, [id, of.as_str(), after, limit], fetch_all as (i64, String))?;
    let parse = |(number, line): (i64, String)| Ok((number, from_json(&line, "upload_lines.line", id)?));
    rows.into_iter().map(parse).collect()
}

/// Uploads that nobody went on with since, at most `limit`.
/// Each with the SHA-256 of its bytes.
pub async fn list_left(tx: &mut Tx, since: Time, limit: i64) -> Result<Vec<(Uuid, String)>> {
    const LIST: &str =
        "SELECT id, sha256 FROM uploads WHERE state IN ('received', 'checked', 'failed') AND changed_at < $1
        ORDER BY changed_at LIMIT $2";
    Ok(sql!(tx, LIST, [to_text(since), limit], fetch_all as (Uuid, String))?)
}

/// Whether these bytes of this upload are still needed.
pub async fn needs_bytes(tx: &mut Tx, id: Uuid, sha256: &str) -> Result<bool> {
    const FIND: &str = "SELECT COUNT(*) FROM uploads WHERE id = $1 AND sha256 = $2 AND state <> 'stored'";
    Ok(sql!(tx, FIND, [id, sha256], fetch_one as (i64,))?.0 > 0)
}

/// Takes an upload away that is not at work; `false` where it is being stored.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<bool> {
    const LINES: &str = "DELETE FROM upload_lines WHERE upload_id IN
        (SELECT id FROM uploads WHERE id = $1 AND state <> 'storing')";
    const DELETE: &str = "DELETE FROM uploads WHERE id = $1 AND state <> 'storing'";
    sql!(tx, LINES, [id], execute)?;
    Ok(sql!(tx, DELETE, [id], execute)? == 1)
}
