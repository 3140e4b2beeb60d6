//! The backups that were tried, so that everybody sees how old the last one is. One row each; the last ones are kept.

use super::{Result, Tx, list, sql, to_text};
use crate::domain::Time;
use std::time::Duration;
use uuid::Uuid;

/// The migration that made the table.
pub const SINCE: i64 = 19;

/// Rows kept.
const KEPT: i64 = 200;

/// A backup that was tried.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct BackupRow {
    pub id: Uuid,
    /// Where it is, without secrets.
    pub target: String,
    pub began_at: String,
    /// `null`: under way, or broken off with its process.
    pub ended_at: Option<String>,
    /// Why it failed, as the program keeps it; `null` for one that is whole or under way.
    pub error: Option<String>,
    /// Bytes of the whole set, and those that were sent for it.
    pub bytes: i64,
    pub sent_bytes: i64,
    /// Photos that are in it, and those that were lost or damaged before.
    pub photos: i64,
    pub lost_photos: i64,
}

impl BackupRow {
    /// What it holds is as old as its beginning.
    pub fn age(&self, now: Time) -> Duration {
        let began = chrono::DateTime::parse_from_rfc3339(&self.began_at).map(|at| at.to_utc());
        began.ok().and_then(|began| (now - began).to_std().ok()).unwrap_or_default()
    }
}

/// What became of one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome<'a> {
    pub error: Option<&'a str>,
    pub bytes: u64,
    pub sent_bytes: u64,
    pub photos: u64,
    pub lost_photos: u64,
}

/// Begins one, and forgets the oldest.
pub async fn begin(tx: &mut Tx, id: Uuid, target: &str, now: Time) -> Result<()> {
    const BEGIN: &str = "INSERT INTO backups (id, target, began_at) VALUES ($1, $2, $3)";
    const FORGET: &str =
        "DELETE FROM backups WHERE id NOT IN (SELECT id FROM backups ORDER BY began_at DESC, id DESC LIMIT $1)";
    sql!(tx, BEGIN, [id, target, to_text(now)], execute)?;
    sql!(tx, FORGET, [KEPT], execute)?;
    Ok(())
}

/// Ends one.
pub async fn end(tx: &mut Tx, id: Uuid, outcome: Outcome<'_>, now: Time) -> Result<()> {
    const END: &str =
        "UPDATE backups SET ended_at = $2, error = $3, bytes = $4, sent_bytes = $5, photos = $6, lost_photos = $7
        WHERE id = $1";
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let (bytes, sent, photos, lost) = (outcome.bytes, outcome.sent_bytes, outcome.photos, outcome.lost_photos);
    let (bytes, sent) = (number(bytes), number(sent));
    sql!(tx, END, [id, to_text(now), outcome.error, bytes, sent, number(photos), number(lost)], execute)?;
    Ok(())
}

/// Forgets one that was not begun after all.
pub async fn forget(tx: &mut Tx, id: Uuid) -> Result<()> {
    sql!(tx, "DELETE FROM backups WHERE id = $1", [id], execute)?;
    Ok(())
}

/// The last ones, newest first.
pub async fn list_last(tx: &mut Tx, limit: i64) -> Result<Vec<BackupRow>> {
    Ok(list!(tx, BackupRow, |q| {
        q.push("SELECT id, target, began_at, ended_at, error, bytes, sent_bytes, photos, lost_photos FROM backups");
        q.push(" ORDER BY began_at DESC, id DESC LIMIT ").push_bind(limit);
    })?)
}

/// The last one that is whole.
pub async fn find_last_whole(tx: &mut Tx) -> Result<Option<BackupRow>> {
    const LAST: &str =
        "SELECT id, target, began_at, ended_at, error, bytes, sent_bytes, photos, lost_photos FROM backups
        WHERE ended_at IS NOT NULL AND error IS NULL ORDER BY began_at DESC, id DESC LIMIT 1";
    Ok(sql!(tx, LAST, [], fetch_optional as BackupRow)?)
}

/// The key by which names of encrypted pieces are made, the same for all backups of this database: `new` where there is
/// none yet.
pub async fn name_key(tx: &mut Tx, new: &str) -> Result<String> {
    const KEEP: &str = "INSERT INTO backup_key (one, name_key) VALUES (1, $1) ON CONFLICT (one) DO NOTHING";
    sql!(tx, KEEP, [new], execute)?;
    Ok(sql!(tx, "SELECT name_key FROM backup_key WHERE one = 1", [], fetch_one as (String,))?.0)
}
