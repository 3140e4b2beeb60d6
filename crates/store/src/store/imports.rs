//! Imports and their chunks: a killed import is continued behind its last stored chunk.

use super::{Result, Tx, sql, to_text};
use crate::domain::Time;
use uuid::Uuid;

/// An import to be begun.
#[derive(Clone, Debug)]
pub struct NewImport<'a> {
    pub id: Uuid,
    /// `projects` or `villages`.
    pub kind: &'static str,
    pub source: &'a str,
    pub file_name: &'a str,
    pub file_sha256: &'a str,
}

/// How many rows had which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    pub new: i64,
    pub changed: i64,
    pub same: i64,
    pub refused: i64,
}

pub async fn begin(tx: &mut Tx, import: &NewImport<'_>, now: Time) -> Result<()> {
    const BEGIN: &str =
        "INSERT INTO imports (id, kind, source, file_name, file_sha256, started_at) VALUES ($1, $2, $3, $4, $5, $6)";
    sql!(
        tx,
        BEGIN,
        [import.id, import.kind, import.source, import.file_name, import.file_sha256, to_text(now)],
        execute
    )?;
    Ok(())
}

/// The import of this very file that was begun and not ended.
pub async fn find_unfinished(tx: &mut Tx, kind: &str, source: &str, file_sha256: &str) -> Result<Option<Uuid>> {
    const FIND: &str =
        "SELECT id FROM imports WHERE kind = $1 AND source = $2 AND file_sha256 = $3 AND finished_at IS NULL
        ORDER BY started_at DESC LIMIT 1";
    Ok(sql!(tx, FIND, [kind, source, file_sha256], fetch_optional as (Uuid,))?.map(|(id,)| id))
}

/// The import with this id, if it was begun.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Uuid>> {
    Ok(sql!(tx, "SELECT id FROM imports WHERE id = $1", [id], fetch_optional as (Uuid,))?.map(|(id,)| id))
}

/// How many rows an import made or changed, over all times that it was gone on with.
pub async fn find_counts(tx: &mut Tx, id: Uuid) -> Result<(i64, i64)> {
    const FIND: &str = "SELECT rows_new, rows_changed FROM imports WHERE id = $1";
    Ok(sql!(tx, FIND, [id], fetch_one as (i64, i64))?)
}

/// SHA-256 of the bytes that were imported, hex.
pub async fn find_digest(tx: &mut Tx, id: Uuid) -> Result<String> {
    const FIND: &str = "SELECT file_sha256 FROM imports WHERE id = $1";
    Ok(sql!(tx, FIND, [id], fetch_one as (String,))?.0)
}

/// Whether projects were imported from any other source than this one, or villages from a file with another SHA-256.
pub async fn is_of_others(tx: &mut Tx, source: &str, villages_sha256: &str) -> Result<bool> {
    const FIND: &str = "SELECT COUNT(*) FROM imports
        WHERE (kind = 'projects' AND source <> $1) OR (kind = 'villages' AND file_sha256 <> $2)";
    Ok(sql!(tx, FIND, [source, villages_sha256], fetch_one as (i64,))?.0 > 0)
}

/// The sources that projects were imported from. No limit: as many as there were files of other names, and whoever asks
/// looks into each.
pub async fn list_sources(tx: &mut Tx) -> Result<Vec<String>> {
    const LIST: &str = "SELECT DISTINCT source FROM imports WHERE kind = 'projects' ORDER BY source";
    Ok(sql!(tx, LIST, [], fetch_all as (String,))?.into_iter().map(|(source,)| source).collect())
}

/// How many chunks of an import are stored.
pub async fn count_chunks(tx: &mut Tx, import_id: Uuid) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM import_chunks WHERE import_id = $1";
    Ok(sql!(tx, COUNT, [import_id], fetch_one as (i64,))?.0)
}

/// Records a chunk with the rows that it stored.
pub async fn store_chunk(
    tx: &mut Tx,
    chunk_id: Uuid,
    import_id: Uuid,
    number: i64,
    counts: Counts,
    now: Time,
) -> Result<()> {
    const CHUNK: &str =
        "INSERT INTO import_chunks (id, import_id, number, rows, stored_at) VALUES ($1, $2, $3, $4, $5)";
    const COUNT: &str = "UPDATE imports SET rows_new = rows_new + $2, rows_changed = rows_changed + $3,
        rows_same = rows_same + $4 WHERE id = $1";
    let rows = counts.new + counts.changed + counts.same;
    sql!(tx, CHUNK, [chunk_id, import_id, number, rows, to_text(now)], execute)?;
    sql!(tx, COUNT, [import_id, counts.new, counts.changed, counts.same], execute)?;
    Ok(())
}

pub async fn finish(tx: &mut Tx, import_id: Uuid, refused: i64, now: Time) -> Result<()> {
    const FINISH: &str = "UPDATE imports SET finished_at = $2, rows_refused = $3 WHERE id = $1";
    sql!(tx, FINISH, [import_id, to_text(now), refused], execute)?;
    Ok(())
}

/// Imports begun by `until`, at work since `since`, and not ended: their alerts wait for one mail.
pub async fn count_running(tx: &mut Tx, since: Time, until: Time) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM imports i WHERE i.finished_at IS NULL AND i.started_at <= $2
        AND (i.started_at > $1 OR EXISTS (SELECT 1 FROM import_chunks c WHERE c.import_id = i.id AND c.stored_at > $1))";
    Ok(sql!(tx, COUNT, [to_text(since), to_text(until)], fetch_one as (i64,))?.0)
}
