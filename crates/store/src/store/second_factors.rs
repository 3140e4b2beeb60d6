//! Second factors of sign-ins, and recovery codes. Of those only hashes are stored; a secret is stored as it is, since codes
//! are made from it.

use super::{Result, Tx, sql, to_text, to_time};
use crate::domain::Time;
use uuid::Uuid;

/// What is kept of a person's second factor.
#[derive(Clone)]
pub struct StoredFactor {
    /// `None`: the first one was not confirmed yet.
    pub secret: Option<Vec<u8>>,
    /// Shown, and not confirmed yet.
    pub pending: Option<Vec<u8>>,
    pub since: Option<Time>,
}

#[derive(sqlx::FromRow)]
struct FactorRow {
    secret: Option<Vec<u8>>,
    pending: Option<Vec<u8>>,
    since: Option<String>,
}

pub async fn find(tx: &mut Tx, user: Uuid) -> Result<Option<StoredFactor>> {
    const FIND: &str = "SELECT secret, pending, since FROM second_factors WHERE user_id = $1";
    let Some(row) = sql!(tx, FIND, [user], fetch_optional as FactorRow)? else { return Ok(None) };
    let since = row.since.map(|since| to_time(&since, "second_factors.since", user)).transpose()?;
    Ok(Some(StoredFactor { secret: row.secret, pending: row.pending, since }))
}

/// Whether this person's sign-in asks for a second factor.
pub async fn is_on(tx: &mut Tx, user: Uuid) -> Result<bool> {
    Ok(find(tx, user).await?.is_some_and(|factor| factor.secret.is_some()))
}

/// Keeps a secret until it is confirmed; the one of before goes on until then.
pub async fn begin(tx: &mut Tx, user: Uuid, secret: &[u8]) -> Result<()> {
    const BEGIN: &str = "INSERT INTO second_factors (user_id, pending) VALUES ($1, $2)
        ON CONFLICT (user_id) DO UPDATE SET pending = excluded.pending";
    sql!(tx, BEGIN, [user, secret], execute)?;
    Ok(())
}

/// Puts the pending secret, where it is this one still, in the place of the one of before; `step` is that of the code by which it
/// was confirmed.
pub async fn confirm(tx: &mut Tx, user: Uuid, secret: &[u8], step: i64, now: Time) -> Result<bool> {
    const CONFIRM: &str = "UPDATE second_factors SET secret = pending, pending = NULL, last_step = $3, since = $4
        WHERE user_id = $1 AND pending = $2";
    Ok(sql!(tx, CONFIRM, [user, secret, step, to_text(now)], execute)? == 1)
}

/// Takes a step; `false` where its code, or that of a later one, was used before.
pub async fn use_step(tx: &mut Tx, user: Uuid, step: i64) -> Result<bool> {
    const USE: &str = "UPDATE second_factors SET last_step = $2 WHERE user_id = $1 AND last_step < $2";
    Ok(sql!(tx, USE, [user, step], execute)? == 1)
}

/// Removes the second factor with its recovery codes; `false` where there is none.
pub async fn remove(tx: &mut Tx, user: Uuid) -> Result<bool> {
    const REMOVE: &str = "DELETE FROM second_factors WHERE user_id = $1 AND secret IS NOT NULL";
    const FORGET: &str = "DELETE FROM recovery_codes WHERE user_id = $1";
    let was_on = sql!(tx, REMOVE, [user], execute)? == 1;
    sql!(tx, FORGET, [user], execute)?;
    Ok(was_on)
}

/// Stores new recovery codes; those of before open nothing any more.
pub async fn replace_codes(tx: &mut Tx, user: Uuid, hashes: &[String]) -> Result<()> {
    const FORGET: &str = "DELETE FROM recovery_codes WHERE user_id = $1";
    const ADD: &str = "INSERT INTO recovery_codes (code_hash, user_id) VALUES ($1, $2)";
    sql!(tx, FORGET, [user], execute)?;
    for hash in hashes {
        sql!(tx, ADD, [hash.as_str(), user], execute)?;
    }
    Ok(())
}

/// Takes a recovery code; `false` where this person has none such, or used it before.
pub async fn use_code(tx: &mut Tx, user: Uuid, hash: &str, now: Time) -> Result<bool> {
    const USE: &str =
        "UPDATE recovery_codes SET used_at = $3 WHERE code_hash = $2 AND user_id = $1 AND used_at IS NULL";
    Ok(sql!(tx, USE, [user, hash, to_text(now)], execute)? == 1)
}

/// How many recovery codes this person has left.
pub async fn count_codes(tx: &mut Tx, user: Uuid) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL";
    Ok(sql!(tx, COUNT, [user], fetch_one as (i64,))?.0)
}
