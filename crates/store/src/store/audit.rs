//! Appends to the audit chain, by the last statements of a transaction and under the lock of the change log: see
//! docs/decisions/016-audit-chain.md.

use super::audit_entry::{AuditEntry, HiddenValue, NO_HASH, Unsealed, chunk_digest};
use super::changes::{self, Change};
use super::{Result, Tx, insert_many, list_in, sql};
use crate::domain::Time;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::doer::Doer;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// The newest entry: what is published or printed.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow, serde::Serialize)]
pub struct Head {
    pub number: i64,
    pub at: String,
    pub hash: String,
}

/// Entries to be sealed, and which of them covers each change.
pub(super) struct Entries {
    unsealed: Vec<Unsealed>,
    of_change: Vec<usize>,
}

impl Entries {
    /// One entry a change, but one for all that an import chunk registered: their ids by a digest. Made before the lock is
    /// taken. O(changes).
    pub fn of(changes: &[Change]) -> Self {
        let mut entries = Self { unsealed: Vec::new(), of_change: Vec::with_capacity(changes.len()) };
        let mut chunks: HashMap<Uuid, (usize, Vec<Uuid>)> = HashMap::new();
        for change in changes {
            let at = match change.batch_id.filter(|_| change.action == ChangeAction::Import) {
                Some(chunk) => {
                    let at = entries.unsealed.len();
                    let (at, ids) = chunks.entry(chunk).or_insert_with(|| (at, Vec::new()));
                    ids.push(change.entity_id);
                    if ids.len() == 1 {
                        let head = (change.at, Entity::ImportChunk, chunk, change.action);
                        entries.unsealed.push(Unsealed::new(head, &json!(change.by), &Value::Null));
                    }
                    *at
                }
                None => {
                    entries.unsealed.push(Unsealed::of(change));
                    entries.unsealed.len() - 1
                }
            };
            entries.of_change.push(at);
        }
        for (at, ids) in chunks.into_values() {
            let registered = json!({ "rows": [null, ids.len()], "digest": [null, chunk_digest(ids)] });
            entries.unsealed[at].entry.changes = crate::canonical_json::canonical(&registered);
        }
        entries
    }
}

/// Appends the entries, under the lock of the change log; gives the number of that which covers each change.
pub(super) async fn append(tx: &mut Tx, entries: Entries, now: Time) -> Result<Vec<i64>> {
    let Entries { mut unsealed, of_change } = entries;
    let head = find_head(tx).await?;
    let is_first = head.is_none();
    if is_first {
        // What is in the change log already was written before there was a chain.
        let last = changes::last_seq(tx).await?;
        let begin = (now, Entity::Chain, Uuid::nil(), ChangeAction::Begin);
        unsealed.insert(0, Unsealed::new(begin, &json!(Doer::job()), &json!({ "changes_before": [null, last] })));
    }
    let (mut number, mut previous) = head.map_or((0, NO_HASH.to_owned()), |head| (head.number, head.hash));
    let mut values: Vec<(i64, HiddenValue)> = Vec::new();
    let mut sealed: Vec<AuditEntry> = Vec::with_capacity(unsealed.len());
    for Unsealed { mut entry, values: hidden } in unsealed {
        number += 1;
        entry.number = number;
        entry.previous = previous;
        entry.hash = entry.sealed();
        previous = entry.hash.clone();
        values.extend(hidden.into_iter().map(|value| (number, value)));
        sealed.push(entry);
    }
    let first = sealed.first().map_or(0, |entry| entry.number) + i64::from(is_first);
    insert(tx, &sealed, &values).await?;
    Ok(of_change.into_iter().map(|at| first + i64::try_from(at).unwrap_or(i64::MAX)).collect())
}

async fn insert(tx: &mut Tx, entries: &[AuditEntry], values: &[(i64, HiddenValue)]) -> Result<()> {
    const ENTRIES: &str =
        "INSERT INTO audit (number, at, entity, entity_id, action, who, changes, reason, previous, hash) ";
    const VALUES: &str = "INSERT INTO audit_values (digest, number, about_id, key, value) ";
    insert_many!(tx, ENTRIES, entries, |b, entry| {
        b.push_bind(entry.number)
            .push_bind(entry.at.clone())
            .push_bind(entry.entity.clone())
            .push_bind(entry.entity_id)
            .push_bind(entry.action.clone())
            .push_bind(entry.who.clone())
            .push_bind(entry.changes.clone())
            .push_bind(entry.reason.clone())
            .push_bind(entry.previous.clone())
            .push_bind(entry.hash.clone());
    });
    insert_many!(tx, VALUES, values, |b, row| {
        let (number, value) = row;
        b.push_bind(value.digest.clone())
            .push_bind(*number)
            .push_bind(value.about_id)
            .push_bind(value.key.clone())
            .push_bind(value.value.clone());
    });
    Ok(())
}

/// The newest entry; `None` where the chain has not begun.
pub async fn find_head(tx: &mut Tx) -> Result<Option<Head>> {
    const HEAD: &str = "SELECT number, at, hash FROM audit ORDER BY number DESC LIMIT 1";
    Ok(sql!(tx, HEAD, [], fetch_optional as Head)?)
}

/// The entries behind this number, oldest first, at most `limit`.
pub async fn list_after(tx: &mut Tx, number: i64, limit: i64) -> Result<Vec<AuditEntry>> {
    const AFTER: &str = "SELECT number, at, entity, entity_id, action, who, changes, reason, previous, hash
        FROM audit WHERE number > $1 ORDER BY number LIMIT $2";
    Ok(sql!(tx, AFTER, [number, limit], fetch_all as AuditEntry)?)
}

/// The last entries about one thing, newest first.
pub async fn list_about(tx: &mut Tx, entity_id: Uuid, limit: i64) -> Result<Vec<AuditEntry>> {
    const ABOUT: &str = "SELECT number, at, entity, entity_id, action, who, changes, reason, previous, hash
        FROM audit WHERE entity_id = $1 ORDER BY number DESC LIMIT $2";
    Ok(sql!(tx, ABOUT, [entity_id, limit], fetch_all as AuditEntry)?)
}

/// What these digests stand for; of those that were erased, nothing.
pub async fn find_values(tx: &mut Tx, digests: &[String]) -> Result<HashMap<String, Value>> {
    const VALUES: &str = "SELECT digest, value FROM audit_values WHERE digest";
    let found = list_in!(tx, (String, String), VALUES, digests);
    Ok(found.into_iter().map(|(digest, value)| (digest, serde_json::from_str(&value).unwrap_or_default())).collect())
}

/// Erases what the chain can show of one thing or person: the digests stay. Gives how many values.
pub async fn erase_values(tx: &mut Tx, about_id: Uuid) -> Result<u64> {
    Ok(sql!(tx, "DELETE FROM audit_values WHERE about_id = $1", [about_id], execute)?)
}
