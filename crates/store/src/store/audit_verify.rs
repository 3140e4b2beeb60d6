//! Verifies the audit chain from its first entry to its last.

use super::audit::{self, Head};
use super::audit_entry::{AuditEntry, NO_HASH, chunk_digest, keyed_digest};
use super::{Tx, sql};
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::closed_set;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// Entries held at once.
const PAGE: i64 = 500;

closed_set! {
    /// What is wrong with an entry.
    AuditFault {
        /// An entry is missing before this number.
        Missing = "missing",
        /// It does not name the hash of the entry before it.
        Link = "link",
        /// Its hash is not that of its content.
        Content = "content",
        /// A value that is shown for it is not the one of its digest.
        Value = "value",
        /// What an import chunk registered, as the change log tells it, is not what it was.
        Rows = "rows",
    }
}

/// The first entry that is broken.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Broken {
    pub number: i64,
    pub fault: AuditFault,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Verified {
    /// Entries that are right, up to the first that is not.
    pub entries: i64,
    /// The last of them.
    pub head: Option<Head>,
    pub broken: Option<Broken>,
    /// Whether the hash that was asked for is that of one of them; `None` where none was.
    pub holds_head: Option<bool>,
}

impl Verified {
    pub fn is_whole(&self) -> bool {
        self.broken.is_none() && self.holds_head != Some(false)
    }
}

/// Verifies every entry, in the memory of some hundred. `wanted`: a hash printed earlier, hex; where no entry has it, the end of
/// the chain was cut off or another one took its place. `step` hears how many were verified. O(entries).
pub async fn verify(tx: &mut Tx, wanted: Option<&str>, mut step: impl FnMut(i64)) -> super::Result<Verified> {
    let mut found = Verified { holds_head: wanted.map(|_| false), ..Verified::default() };
    let mut previous = NO_HASH.to_owned();
    loop {
        let page = audit::list_after(tx, found.entries, PAGE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        let values = list_values(tx, found.entries, last.number).await?;
        let mut values = values.into_iter().peekable();
        for entry in page {
            let mut fault = chain_fault(&entry, found.entries + 1, &previous);
            while let Some(row) = values.next_if(|row| row.number <= entry.number) {
                let is_right = keyed_digest(&row.key, &row.value) == row.digest;
                fault = fault.or((!is_right).then_some(AuditFault::Value));
            }
            if fault.is_none() && !holds_rows(tx, &entry).await? {
                fault = Some(AuditFault::Rows);
            }
            if let Some(fault) = fault {
                let number = if fault == AuditFault::Missing { found.entries + 1 } else { entry.number };
                found.broken = Some(Broken { number, fault });
                return Ok(found);
            }
            if wanted == Some(entry.hash.as_str()) {
                found.holds_head = Some(true);
            }
            found.entries = entry.number;
            previous.clone_from(&entry.hash);
            found.head = Some(Head { number: entry.number, at: entry.at, hash: entry.hash });
        }
        step(found.entries);
    }
}

fn chain_fault(entry: &AuditEntry, number: i64, previous: &str) -> Option<AuditFault> {
    if entry.number != number {
        Some(AuditFault::Missing)
    } else if entry.hash != entry.sealed() || !entry.is_canonical() {
        Some(AuditFault::Content)
    } else if entry.previous != previous {
        Some(AuditFault::Link)
    } else {
        None
    }
}

#[derive(sqlx::FromRow)]
struct ValueRow {
    digest: String,
    number: i64,
    key: String,
    value: String,
}

/// The values of these entries that were not erased. No limit: an entry has as many as its change had fields.
async fn list_values(tx: &mut Tx, after: i64, last: i64) -> super::Result<Vec<ValueRow>> {
    const VALUES: &str =
        "SELECT digest, number, key, value FROM audit_values WHERE number > $1 AND number <= $2 ORDER BY number";
    Ok(sql!(tx, VALUES, [after, last], fetch_all as ValueRow)?)
}

/// Whether the change log still tells what an import chunk registered; true for every other entry.
async fn holds_rows(tx: &mut Tx, entry: &AuditEntry) -> super::Result<bool> {
    if entry.entity != Entity::ImportChunk.as_str() {
        return Ok(true);
    }
    let ids = list_registered(tx, entry.entity_id).await?;
    let changes: Value = serde_json::from_str(&entry.changes).unwrap_or_default();
    Ok(changes == json!({ "rows": [null, ids.len()], "digest": [null, chunk_digest(ids)] }))
}

/// What an import chunk registered. No limit: a chunk has some hundred rows.
async fn list_registered(tx: &mut Tx, chunk: Uuid) -> super::Result<Vec<Uuid>> {
    const IDS: &str = "SELECT entity_id FROM change_log WHERE batch_id = $1 AND action = $2";
    let found = sql!(tx, IDS, [chunk, ChangeAction::Import.as_str()], fetch_all as (Uuid,))?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
