//! One-time codes. Only their hashes are stored.

use super::{Result, StoreError, Tx, sql, to_text, to_time};
use crate::domain::Time;
use crate::domain::account::{CodeChannel, CodePurpose};
use uuid::Uuid;

/// A code to be stored.
#[derive(Clone, Debug)]
pub struct NewCode {
    pub id: Uuid,
    pub user_id: Uuid,
    pub purpose: CodePurpose,
    pub channel: CodeChannel,
    /// `None`: it is made when the mail is written.
    pub code_hash: Option<String>,
    pub made_by: Option<Uuid>,
    pub expires_at: Time,
}

/// A code that was not used.
#[derive(Clone, Debug)]
pub struct OpenCode {
    pub id: Uuid,
    pub user_id: Uuid,
    pub purpose: CodePurpose,
    /// Whoever made it has it; else a mail carries it.
    pub by_card: bool,
    pub made_at: Time,
    pub expires_at: Time,
}

#[derive(sqlx::FromRow)]
struct CodeRow {
    id: Uuid,
    user_id: Uuid,
    purpose: String,
    channel: String,
    made_at: String,
    expires_at: String,
}

impl CodeRow {
    fn parse(self) -> Result<OpenCode> {
        Ok(OpenCode {
            id: self.id,
            user_id: self.user_id,
            purpose: CodePurpose::parse(&self.purpose).ok_or(StoreError::Corrupt("account_codes.purpose", self.id))?,
            by_card: self.channel == CodeChannel::Card.as_str(),
            made_at: to_time(&self.made_at, "account_codes.made_at", self.id)?,
            expires_at: to_time(&self.expires_at, "account_codes.expires_at", self.id)?,
        })
    }
}

/// Stores a code; those before it open nothing any more.
pub async fn replace(tx: &mut Tx, new: &NewCode, now: Time) -> Result<()> {
    const FORGET: &str = "DELETE FROM account_codes WHERE user_id = $1 AND used_at IS NULL";
    const ADD: &str =
        "INSERT INTO account_codes (id, user_id, purpose, channel, code_hash, made_by, made_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    sql!(tx, FORGET, [new.user_id], execute)?;
    sql!(
        tx,
        ADD,
        [
            new.id,
            new.user_id,
            new.purpose.as_str(),
            new.channel.as_str(),
            new.code_hash.as_deref(),
            new.made_by,
            to_text(now),
            to_text(new.expires_at)
        ],
        execute
    )?;
    Ok(())
}

/// Whose code this is, where it still opens the account.
pub async fn find(tx: &mut Tx, code_hash: &str, now: Time) -> Result<Option<OpenCode>> {
    const FIND: &str = "SELECT id, user_id, purpose, channel, made_at, expires_at FROM account_codes
        WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2";
    sql!(tx, FIND, [code_hash, to_text(now)], fetch_optional as CodeRow)?.map(CodeRow::parse).transpose()
}

/// The code with this id, where it was neither used nor replaced.
pub async fn find_open(tx: &mut Tx, id: Uuid) -> Result<Option<OpenCode>> {
    const FIND: &str = "SELECT id, user_id, purpose, channel, made_at, expires_at FROM account_codes
        WHERE id = $1 AND used_at IS NULL";
    sql!(tx, FIND, [id], fetch_optional as CodeRow)?.map(CodeRow::parse).transpose()
}

/// The code of this person that was neither used nor replaced.
pub async fn find_open_of(tx: &mut Tx, user: Uuid) -> Result<Option<OpenCode>> {
    const FIND: &str = "SELECT id, user_id, purpose, channel, made_at, expires_at FROM account_codes
        WHERE user_id = $1 AND used_at IS NULL";
    sql!(tx, FIND, [user], fetch_optional as CodeRow)?.map(CodeRow::parse).transpose()
}

/// Keeps the hash of the code that a mail carries.
pub async fn set_hash(tx: &mut Tx, id: Uuid, code_hash: &str) -> Result<()> {
    const SET: &str = "UPDATE account_codes SET code_hash = $2 WHERE id = $1 AND used_at IS NULL";
    sql!(tx, SET, [id, code_hash], execute)?;
    Ok(())
}

/// Takes it; `false` where somebody else was first, or another code came in its place.
pub async fn take(tx: &mut Tx, id: Uuid, now: Time) -> Result<bool> {
    const TAKE: &str = "UPDATE account_codes SET used_at = $2 WHERE id = $1 AND used_at IS NULL";
    Ok(sql!(tx, TAKE, [id, to_text(now)], execute)? == 1)
}
