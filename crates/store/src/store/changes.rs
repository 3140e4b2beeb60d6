//! The change log: what happened, in the order of commits. Followers read it from the last entry they hold.

use super::{Result, Tx, insert_many, list_in, sql, to_text};
use crate::domain::Time;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// What was done to something, to be written with the transaction that did it: to the change log, which others follow, and to
/// the audit chain.
#[derive(Clone, Debug)]
pub struct Change {
    pub at: Time,
    pub entity: Entity,
    pub entity_id: Uuid,
    pub action: ChangeAction,
    pub by: Doer,
    /// The import chunk that made it.
    pub batch_id: Option<Uuid>,
    /// A person's reason.
    pub note: Option<String>,
    /// The earlier state, which undo restores.
    pub before: Option<Value>,
    /// The fields that changed, for the audit chain.
    pub diff: Diff,
}

impl Change {
    pub fn new(at: Time, entity: Entity, entity_id: Uuid, action: ChangeAction, by: Doer) -> Self {
        let diff = Diff::default();
        Self { at, entity, entity_id, action, by, batch_id: None, note: None, before: None, diff }
    }

    #[must_use]
    pub fn with(self, diff: Diff) -> Self {
        Self { diff, ..self }
    }

    #[must_use]
    pub fn noted(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }

    #[must_use]
    pub fn from_state(self, before: Option<Value>) -> Self {
        Self { before, ..self }
    }

    #[must_use]
    pub fn of_chunk(self, chunk: Uuid) -> Self {
        Self { batch_id: Some(chunk), ..self }
    }
}

/// An entry as a follower sees it.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Entry {
    pub seq: i64,
    pub entity: String,
    pub entity_id: Uuid,
}

/// An entry as a person reads it, or as undo needs it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HistoryEntry {
    pub seq: i64,
    pub at: String,
    pub action: String,
    pub actor: Option<String>,
    pub note: Option<String>,
    pub before: Option<String>,
    /// What its entry of the audit chain tells of it, canonical JSON; `None` before the chain began, and for what a file
    /// registered among many.
    pub changes: Option<String>,
    /// Who did it, as that entry tells it, canonical JSON; `None` before the chain began.
    pub who: Option<String>,
}

/// Appends these, each with the number of the entry of the audit chain that covers it.
pub(super) async fn append(tx: &mut Tx, changes: &[(Change, i64)]) -> Result<()> {
    const INTO: &str =
        "INSERT INTO change_log (at, entity, entity_id, action, actor_id, batch_id, note, before, audit) ";
    insert_many!(tx, INTO, changes, |b, row| {
        let (c, audit) = row;
        b.push_bind(to_text(c.at))
            .push_bind(c.entity.as_str())
            .push_bind(c.entity_id)
            .push_bind(c.action.as_str())
            .push_bind(c.by.person)
            .push_bind(c.batch_id)
            .push_bind(c.note.clone())
            .push_bind(c.before.as_ref().map(Value::to_string))
            .push_bind(*audit);
    });
    Ok(())
}

/// The number of the last entry; 0 for none.
pub async fn last_seq(tx: &mut Tx) -> Result<i64> {
    const LAST: &str = "SELECT COALESCE(MAX(seq), 0) FROM change_log";
    Ok(sql!(tx, LAST, [], fetch_one as (i64,))?.0)
}

/// The entry of this number as one text, which no other entry has; `None` if there is none.
pub async fn find_entry(tx: &mut Tx, seq: i64) -> Result<Option<String>> {
    const ENTRY: &str = "SELECT at, entity, entity_id, action, actor_id FROM change_log WHERE seq = $1";
    let entry = sql!(tx, ENTRY, [seq], fetch_optional as (String, String, Uuid, String, Option<Uuid>))?;
    Ok(entry
        .map(|(at, entity, id, action, actor)| format!("{at} {entity} {id} {action} {}", actor.unwrap_or_default())))
}

/// The entries behind `seq`, oldest first, at most `limit`.
pub async fn list_after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Entry>> {
    const AFTER: &str = "SELECT seq, entity, entity_id FROM change_log WHERE seq > $1 ORDER BY seq LIMIT $2";
    Ok(sql!(tx, AFTER, [seq, limit], fetch_all as Entry)?)
}

/// An entry for who is told that something changed.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Touched {
    pub entity: String,
    /// The thing itself; of a report its project.
    pub subject_id: Uuid,
    pub action: String,
    /// Of a correction of a project: the state before.
    pub before: Option<String>,
}

impl Touched {
    /// The village in which a project stood before this change, where that is known.
    pub fn village_before(&self) -> Option<Uuid> {
        let before: Value = serde_json::from_str(self.before.as_deref()?).ok()?;
        before["details"]["village_id"].as_str()?.parse().ok()
    }
}

/// The entries behind `seq` up to `last`, oldest first, at most `limit`. Photos are left out: they come with their projects.
pub async fn list_touched(tx: &mut Tx, seq: i64, last: i64, limit: i64) -> Result<Vec<Touched>> {
    const TOUCHED: &str = "SELECT c.entity, COALESCE(r.project_id, c.entity_id) AS subject_id, c.action,
            CASE WHEN c.entity = 'project' AND c.action IN ('correct', 'undo') THEN c.before END AS before
        FROM change_log c LEFT JOIN progress_reports r ON c.entity = 'report' AND r.id = c.entity_id
        WHERE c.seq > $1 AND c.seq <= $2 AND c.entity <> 'photo' ORDER BY c.seq LIMIT $3";
    Ok(sql!(tx, TOUCHED, [seq, last, limit], fetch_all as Touched)?)
}

/// Those of these things that have an entry behind `seq`.
pub async fn changed_since(tx: &mut Tx, seq: i64, entities: &[Uuid]) -> Result<Vec<Uuid>> {
    const ANY: &str = "SELECT COUNT(*) FROM (SELECT seq FROM change_log WHERE seq > $1 LIMIT 1) AS later";
    if sql!(tx, ANY, [seq], fetch_one as (i64,))?.0 == 0 {
        return Ok(Vec::new());
    }
    const CHANGED: &str = "SELECT DISTINCT entity_id FROM change_log WHERE entity = 'project' AND entity_id";
    let changed = list_in!(tx, (Uuid,), CHANGED, entities, |q| {
        q.push(" AND seq > ").push_bind(seq);
    });
    Ok(changed.into_iter().map(|(id,)| id).collect())
}

/// The projects that an import chunk touched. No limit: a chunk has some hundred rows.
pub async fn list_batch(tx: &mut Tx, batch_id: Uuid) -> Result<Vec<Uuid>> {
    const BATCH: &str =
        "SELECT DISTINCT entity_id FROM change_log WHERE batch_id = $1 AND entity = 'project' ORDER BY entity_id";
    Ok(sql!(tx, BATCH, [batch_id], fetch_all as (Uuid,))?.into_iter().map(|(id,)| id).collect())
}

/// The changes of one thing, newest first. Photos stand with their reports.
pub async fn list_history(tx: &mut Tx, entity_id: Uuid, limit: i64) -> Result<Vec<HistoryEntry>> {
    const HISTORY: &str =
        "SELECT c.seq AS seq, c.at AS at, c.action AS action, u.name AS actor, c.note AS note, c.before AS before,
            CASE WHEN a.entity_id = c.entity_id THEN a.changes END AS changes, a.who AS who
        FROM change_log c LEFT JOIN users u ON u.id = c.actor_id LEFT JOIN audit a ON a.number = c.audit
        WHERE c.entity_id = $1 AND c.action <> 'photo' ORDER BY c.seq DESC LIMIT $2";
    Ok(sql!(tx, HISTORY, [entity_id, limit], fetch_all as HistoryEntry)?)
}

/// What was done to an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AccountChange {
    pub at: String,
    pub action: String,
    pub actor_id: Option<Uuid>,
    /// `None`: at the terminal of the server.
    pub actor: Option<String>,
}

/// What was done to the security of this person's account since then, oldest first. No limit: since one mail.
pub async fn list_security(tx: &mut Tx, person: Uuid, since: Time) -> Result<Vec<AccountChange>> {
    const CHANGES: &str = "SELECT c.at AS at, c.action AS action, c.actor_id AS actor_id, u.name AS actor
        FROM change_log c LEFT JOIN users u ON u.id = c.actor_id
        WHERE c.entity_id = $1 AND c.entity = 'user' AND c.at >= $2 ORDER BY c.seq";
    let mut changes = sql!(tx, CHANGES, [person, to_text(since)], fetch_all as AccountChange)?;
    changes.retain(|change| ChangeAction::SECURITY.iter().any(|action| action.as_str() == change.action));
    Ok(changes)
}

/// The state before one change, as text of JSON.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StateBefore {
    pub entity_id: Uuid,
    pub action: String,
    pub before: String,
}

/// What every change of these things found, newest first.
pub async fn list_states(tx: &mut Tx, entities: &[Uuid]) -> Result<HashMap<Uuid, Vec<StateBefore>>> {
    const STATES: &str = "SELECT entity_id, action, before FROM change_log WHERE before IS NOT NULL AND entity_id";
    let mut states: HashMap<Uuid, Vec<StateBefore>> = HashMap::new();
    for state in list_in!(tx, StateBefore, STATES, entities, "ORDER BY entity_id, seq DESC") {
        states.entry(state.entity_id).or_default().push(state);
    }
    Ok(states)
}

/// Entries that no entry of the audit chain covers: those of before it began.
pub async fn count_uncovered(tx: &mut Tx) -> Result<i64> {
    Ok(sql!(tx, "SELECT COUNT(*) FROM change_log WHERE audit IS NULL", [], fetch_one as (i64,))?.0)
}

/// Takes a person's words out of the log of one thing.
pub async fn erase_notes(tx: &mut Tx, entity_id: Uuid) -> Result<u64> {
    const ERASE: &str = "UPDATE change_log SET note = NULL WHERE entity_id = $1 AND note IS NOT NULL";
    Ok(sql!(tx, ERASE, [entity_id], execute)?)
}

/// The states before the changes of one thing, by the number of the entry. No limit: all of them are erased from.
pub async fn list_states_by_seq(tx: &mut Tx, entity_id: Uuid) -> Result<Vec<(i64, String)>> {
    const STATES: &str = "SELECT seq, before FROM change_log WHERE entity_id = $1 AND before IS NOT NULL ORDER BY seq";
    Ok(sql!(tx, STATES, [entity_id], fetch_all as (i64, String))?)
}

/// Writes another state before a change: one from which was erased.
pub async fn set_state(tx: &mut Tx, seq: i64, before: &Value) -> Result<()> {
    const SET: &str = "UPDATE change_log SET before = $2 WHERE seq = $1";
    sql!(tx, SET, [seq, before.to_string()], execute)?;
    Ok(())
}
