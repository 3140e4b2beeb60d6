//! Answers to requests with an `Idempotency-Key`, kept in the transaction that did what was asked.

use super::{Result, Tx, sql, to_text};
use crate::domain::Time;
use std::time::Duration;

/// How long an answer is kept at least.
pub const KEPT: Duration = Duration::from_secs(24 * 3_600);

/// What was answered, and to what.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KeptAnswer {
    /// The digest of the request.
    pub sent: String,
    pub status: i64,
    /// JSON, sealed.
    pub body: Vec<u8>,
}

/// What was answered to this key of this person; `key` is a hash of both.
pub async fn find(tx: &mut Tx, key: &str) -> Result<Option<KeptAnswer>> {
    const FIND: &str = "SELECT sent, status, body FROM kept_answers WHERE key = $1";
    Ok(sql!(tx, FIND, [key], fetch_optional as KeptAnswer)?)
}

/// Keeps one, and takes those away that are old enough.
pub async fn keep(tx: &mut Tx, key: &str, answer: &KeptAnswer, now: Time) -> Result<()> {
    const SWEEP: &str = "DELETE FROM kept_answers WHERE kept_at < $1";
    const KEEP: &str = "INSERT INTO kept_answers (key, sent, status, body, kept_at) VALUES ($1, $2, $3, $4, $5)";
    sql!(tx, SWEEP, [to_text(now - KEPT)], execute)?;
    sql!(tx, KEEP, [key, answer.sent.as_str(), answer.status, answer.body.clone(), to_text(now)], execute)?;
    Ok(())
}
