//! Findings as they are written: opened, changed and closed here alone, of every kind. One row a deduplication key, opened
//! again when its facts come back. Whoever writes holds [`super::finding_pairs::lock`].

use super::{Result, StoreError, Tx, insert_many, list_in, sql, to_text};
use crate::domain::Time;
use crate::domain::finding::{ClosedBecause, FindingKind, FindingState, Severity};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A finding that is not about pairs, as the rules see it now.
#[derive(Clone, Debug)]
pub struct NewFinding {
    pub id: Uuid,
    pub kind: FindingKind,
    /// Two runs that see the same thing make the same key.
    pub dedup_key: String,
    pub severity: Severity,
    pub rupiah: i64,
    /// The values of its sentence.
    pub details: Value,
    pub projects: Vec<Uuid>,
    pub villages: Vec<Uuid>,
}

/// SHA-256 of what a finding without pairs rests on: while it stays, a decision stands.
pub fn facts_digest(kind: FindingKind, details: &Value) -> String {
    crate::digest::sha256_hex(format!("{kind}:{details}"))
}

/// The row of a finding of any kind.
pub(super) struct FindingRow<'a> {
    pub id: Uuid,
    pub kind: FindingKind,
    pub dedup_key: &'a str,
    pub severity: Severity,
    pub state: FindingState,
    pub closed_because: Option<ClosedBecause>,
    pub rupiah: i64,
    pub details: &'a Value,
    pub round: i64,
    pub village_id: Option<Uuid>,
    pub summary_id: Option<Uuid>,
    /// It is open as of now.
    pub is_news: bool,
    /// This round rests on other facts than the one before.
    pub has_new_facts: bool,
}

/// Writes a finding over what was there.
pub(super) async fn write(tx: &mut Tx, row: &FindingRow<'_>, now: Time) -> Result<()> {
    const WRITE: &str =
        "INSERT INTO findings (id, kind, dedup_key, severity, queue_rank, state, closed_because, rupiah,
            details, round, facts_round, opened_at, updated_at, village_id, summary_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $11, $12, $13)
        ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, queue_rank = excluded.queue_rank,
            state = excluded.state, closed_because = excluded.closed_because, rupiah = excluded.rupiah,
            details = excluded.details, round = excluded.round,
            facts_round = CASE WHEN $15 = 1 THEN excluded.round ELSE findings.facts_round END,
            opened_at = CASE WHEN $14 = 1 THEN excluded.opened_at ELSE findings.opened_at END,
            updated_at = excluded.updated_at, village_id = excluded.village_id, summary_id = excluded.summary_id,
            row_version = findings.row_version + 1";
    sql!(
        tx,
        WRITE,
        [
            row.id,
            row.kind.as_str(),
            row.dedup_key,
            row.severity.as_str(),
            row.severity.queue_rank(),
            row.state.as_str(),
            row.closed_because.map(ClosedBecause::as_str),
            row.rupiah,
            row.details.to_string(),
            row.round,
            to_text(now),
            row.village_id,
            row.summary_id,
            i64::from(row.is_news),
            i64::from(row.has_new_facts)
        ],
        execute
    )?;
    Ok(())
}

/// Writes the members of a finding, projects before villages, over those that were there.
pub(super) async fn write_members(tx: &mut Tx, id: Uuid, projects: &[Uuid], villages: &[Uuid]) -> Result<()> {
    const CLEAR: &str = "DELETE FROM finding_members WHERE finding_id = $1";
    const MEMBER: &str = "INSERT INTO finding_members (finding_id, number, project_id, village_id) ";
    sql!(tx, CLEAR, [id], execute)?;
    let projects = projects.iter().map(|id| (Some(*id), None));
    let villages = villages.iter().map(|id| (None, Some(*id)));
    let members: Vec<_> = projects.chain(villages).zip(1_i64..).collect();
    insert_many!(tx, MEMBER, members, |b, row| {
        let ((project, village), number) = *row;
        b.push_bind(id).push_bind(number).push_bind(project).push_bind(village);
    });
    Ok(())
}

/// Writes a finding; one that was closed is opened again (its next round). Gives its id and whether it is news.
pub async fn upsert(tx: &mut Tx, finding: &NewFinding, now: Time) -> Result<(Uuid, bool)> {
    const BEFORE: &str = "SELECT id, state, severity, round FROM findings WHERE dedup_key = $1";
    let before = sql!(tx, BEFORE, [finding.dedup_key.as_str()], fetch_optional as (Uuid, String, String, i64))?;
    let was_closed = before.as_ref().is_some_and(|(_, state, ..)| state == FindingState::Closed.as_str());
    // News: it was not there, it was closed, or it became an alert.
    let is_news = was_closed
        || before.as_ref().is_none_or(|(_, _, severity, _)| {
            finding.severity == Severity::Alert && severity != Severity::Alert.as_str()
        });
    let (id, round) = before.map_or((finding.id, 0), |(id, _, _, round)| (id, round));
    let row = FindingRow {
        id,
        kind: finding.kind,
        dedup_key: &finding.dedup_key,
        severity: finding.severity,
        state: FindingState::Open,
        closed_because: None,
        rupiah: finding.rupiah,
        details: &finding.details,
        round: round + i64::from(is_news),
        village_id: None,
        summary_id: None,
        is_news,
        has_new_facts: was_closed,
    };
    write(tx, &row, now).await?;
    write_members(tx, id, &finding.projects, &finding.villages).await?;
    Ok((id, is_news))
}

/// The text that closes the open findings of this condition, and gives their ids.
macro_rules! closing {
    ($condition:literal) => {
        concat!(
            "UPDATE findings SET state = 'closed', closed_because = $1, updated_at = $2, row_version = row_version + 1
            WHERE state = 'open' AND ",
            $condition,
            " RETURNING id"
        )
    };
}

/// Closes an open finding with this key; gives its id where it was open.
pub async fn close_by_key(tx: &mut Tx, dedup_key: &str, because: ClosedBecause, now: Time) -> Result<Option<Uuid>> {
    const CLOSE: &str = closing!("dedup_key = $3");
    Ok(sql!(tx, CLOSE, [because.as_str(), to_text(now), dedup_key], fetch_optional as (Uuid,))?.map(|(id,)| id))
}

/// Closes the open findings that are about this project alone; gives their ids. No limit: one of each kind.
pub async fn close_of_project(tx: &mut Tx, project: Uuid, because: ClosedBecause, now: Time) -> Result<Vec<Uuid>> {
    const CLOSE: &str = closing!(
        "kind IN ('place_outside_village', 'outside_country')
            AND id IN (SELECT finding_id FROM finding_members WHERE project_id = $3)"
    );
    let rows = sql!(tx, CLOSE, [because.as_str(), to_text(now), project], fetch_all as (Uuid,))?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Closes a finding; `false` where it was closed already.
pub async fn close(tx: &mut Tx, id: Uuid, because: ClosedBecause, now: Time) -> Result<bool> {
    const CLOSE: &str = closing!("id = $3");
    Ok(sql!(tx, CLOSE, [because.as_str(), to_text(now), id], fetch_optional as (Uuid,))?.is_some())
}

/// Opens a closed finding again without making it news: a decision was taken back.
pub async fn reopen(tx: &mut Tx, id: Uuid, now: Time) -> Result<bool> {
    const REOPEN: &str =
        "UPDATE findings SET state = 'open', closed_because = NULL, updated_at = $2, row_version = row_version + 1
        WHERE id = $1 AND state = 'closed'";
    Ok(sql!(tx, REOPEN, [id, to_text(now)], execute)? == 1)
}

/// Marks a finding as changed by a decision or its reversal, so that an action on an earlier view of it is refused.
pub async fn touch(tx: &mut Tx, id: Uuid, now: Time) -> Result<()> {
    const TOUCH: &str = "UPDATE findings SET updated_at = $2, row_version = row_version + 1 WHERE id = $1";
    sql!(tx, TOUCH, [id, to_text(now)], execute)?;
    Ok(())
}

/// The open finding with this key.
pub async fn find_open(tx: &mut Tx, dedup_key: &str) -> Result<Option<Uuid>> {
    const FIND: &str = "SELECT id FROM findings WHERE dedup_key = $1 AND state = 'open'";
    Ok(sql!(tx, FIND, [dedup_key], fetch_optional as (Uuid,))?.map(|(id,)| id))
}

/// Alerts of this village that were opened since and stand under no summary, other than these; counted up to `most`.
pub async fn count_alerts(
    tx: &mut Tx,
    village: Uuid,
    others: &HashSet<Uuid>,
    since: Time,
    most: usize,
) -> Result<usize> {
    const ALERTS: &str = "SELECT id FROM findings WHERE village_id = $1 AND severity = 'alert'
        AND opened_at >= $2 AND summary_id IS NULL ORDER BY opened_at LIMIT $3";
    let enough = i64::try_from(most.saturating_add(others.len())).unwrap_or(i64::MAX);
    let rows = sql!(tx, ALERTS, [village, to_text(since), enough], fetch_all as (Uuid,))?;
    Ok(rows.into_iter().filter(|(id,)| !others.contains(id)).take(most).count())
}

/// The keys of open findings of one kind of which these projects are members.
pub async fn open_keys_of(tx: &mut Tx, projects: &[Uuid], kind: FindingKind) -> Result<Vec<(Uuid, String)>> {
    const KEYS: &str = "SELECT m.project_id, g.dedup_key FROM finding_members m
        JOIN findings g ON g.id = m.finding_id WHERE g.state = 'open' AND m.project_id";
    let keys = list_in!(tx, (Uuid, String), KEYS, projects, |q| {
        q.push(" AND g.kind = ").push_bind(kind.as_str());
    });
    Ok(keys)
}

/// State and severity of the findings with these keys.
pub async fn states(tx: &mut Tx, keys: &[String]) -> Result<HashMap<String, (FindingState, Severity)>> {
    let mut states = HashMap::new();
    const STATES: &str = "SELECT id, dedup_key, state, severity FROM findings WHERE dedup_key";
    for (id, key, state, severity) in list_in!(tx, (Uuid, String, String, String), STATES, keys) {
        let state = FindingState::parse(&state).ok_or(StoreError::Corrupt("findings.state", id))?;
        let severity = Severity::parse(&severity).ok_or(StoreError::Corrupt("findings.severity", id))?;
        states.insert(key, (state, severity));
    }
    Ok(states)
}

/// Writes how many open findings stand under a summary, their money and their first members; gives how many there are.
pub async fn sum_up(tx: &mut Tx, summary: Uuid, members: usize, now: Time) -> Result<i64> {
    const OPEN: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(rupiah), 0) AS BIGINT) FROM findings WHERE summary_id = $1 AND state = 'open'";
    const DETAILS: &str = "SELECT details FROM findings WHERE id = $1";
    const WRITE: &str =
        "UPDATE findings SET rupiah = $2, details = $3, updated_at = $4, row_version = row_version + 1 WHERE id = $1";
    const CLEAR: &str = "DELETE FROM finding_members WHERE finding_id = $1 AND project_id IS NOT NULL";
    const MEMBERS: &str = "SELECT DISTINCT m.project_id FROM finding_members m JOIN findings g ON g.id = m.finding_id
        WHERE g.summary_id = $1 AND g.state = 'open' AND m.project_id IS NOT NULL ORDER BY m.project_id LIMIT $2";
    const MEMBER: &str = "INSERT INTO finding_members (finding_id, number, project_id) ";
    let (count, rupiah) = sql!(tx, OPEN, [summary], fetch_one as (i64, i64))?;
    let Some((details,)) = sql!(tx, DETAILS, [summary], fetch_optional as (String,))? else { return Ok(count) };
    if count == 0 {
        return Ok(0); // its last members stay to be read
    }
    let mut details: Value =
        serde_json::from_str(&details).map_err(|_| StoreError::Corrupt("findings.details", summary))?;
    if let Some(details) = details.as_object_mut() {
        details.insert("count".to_owned(), count.into());
        details.insert("rupiah".to_owned(), rupiah.into());
    }
    sql!(tx, WRITE, [summary, rupiah, details.to_string(), to_text(now)], execute)?;
    sql!(tx, CLEAR, [summary], execute)?;
    let most = i64::try_from(members).unwrap_or(i64::MAX);
    let found = sql!(tx, MEMBERS, [summary, most], fetch_all as (Uuid,))?;
    // The village is member number 2 of a new summary: projects stand behind it.
    let members: Vec<(i64, Uuid)> = (1_000..).zip(found.into_iter().map(|(project,)| project)).collect();
    insert_many!(tx, MEMBER, members, |b, row| {
        b.push_bind(summary).push_bind(row.0).push_bind(row.1);
    });
    Ok(count)
}
