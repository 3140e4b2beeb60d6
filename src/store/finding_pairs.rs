//! Findings about duplicates as grouping writes them: one finding tells of one or more pairs, and a pair is told by one.

use super::{Result, StoreError, Tx, list, sql, to_text};
use crate::domain::Time;
use crate::domain::finding::{FindingState, Severity};
use std::collections::HashMap;
use uuid::Uuid;

/// The key of the PostgreSQL advisory lock under which pairs are gathered into findings.
const FINDINGS_LOCK: i64 = 0x7461_7061_6b02;

/// What stands about one group of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: Uuid,
    pub severity: Severity,
    pub state: FindingState,
    pub closed_because: Option<String>,
    pub rupiah: i64,
    pub round: i64,
    pub village_id: Option<Uuid>,
    pub summary_id: Option<Uuid>,
    /// In order.
    pub projects: Vec<Uuid>,
    /// In order.
    pub pairs: Vec<Uuid>,
}

/// Lets one transaction at a time gather pairs into findings: each sees what the other wrote. Taken after the rows of
/// projects and before the change log; SQLite's write lock does it already.
pub async fn lock(tx: &mut Tx) -> Result<()> {
    if let super::Conn::Postgres(tx) = &mut tx.conn {
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(FINDINGS_LOCK).execute(&mut **tx).await?;
    }
    Ok(())
}

/// The findings about duplicates of which one of these projects is a member, open and closed, in order.
pub async fn list_groups(tx: &mut Tx, projects: &[Uuid]) -> Result<Vec<Group>> {
    let mut found: HashMap<Uuid, Group> = HashMap::new();
    for chunk in projects.chunks(500) {
        type Row = (Uuid, String, String, Option<String>, i64, i64, Option<Uuid>, Option<Uuid>);
        let rows = list!(tx, Row, |q| {
            q.push("SELECT id, severity, state, closed_because, rupiah, round, village_id, summary_id FROM findings WHERE kind = 'duplicate' AND id IN (SELECT finding_id FROM finding_members WHERE project_id IN (");
            let mut ids = q.separated(", ");
            for id in chunk {
                ids.push_bind(*id);
            }
            q.push("))");
        })?;
        for (id, severity, state, closed_because, rupiah, round, village_id, summary_id) in rows {
            let severity = Severity::parse(&severity).ok_or(StoreError::Corrupt("findings.severity", id))?;
            let state = FindingState::parse(&state).ok_or(StoreError::Corrupt("findings.state", id))?;
            let (projects, pairs) = (Vec::new(), Vec::new());
            let group =
                Group { id, severity, state, closed_because, rupiah, round, village_id, summary_id, projects, pairs };
            found.insert(id, group);
        }
    }
    let mut ids: Vec<Uuid> = found.keys().copied().collect();
    ids.sort_unstable();
    for chunk in ids.chunks(500) {
        for (table, column) in [("finding_members", "project_id"), ("finding_pairs", "pair_id")] {
            let rows = list!(tx, (Uuid, Uuid), |q| {
                q.push("SELECT finding_id, ").push(column).push(" FROM ").push(table);
                q.push(" WHERE ").push(column).push(" IS NOT NULL AND finding_id IN (");
                let mut list = q.separated(", ");
                for id in chunk {
                    list.push_bind(*id);
                }
                q.push(") ORDER BY ").push(column);
            })?;
            for (finding, one) in rows {
                let Some(group) = found.get_mut(&finding) else { continue };
                if table == "finding_members" { group.projects.push(one) } else { group.pairs.push(one) }
            }
        }
    }
    Ok(ids.into_iter().filter_map(|id| found.remove(&id)).collect())
}

/// Lets go of the pairs of these findings, before some of them are told by others.
pub async fn release(tx: &mut Tx, findings: &[Uuid]) -> Result<()> {
    const RELEASE: &str = "DELETE FROM finding_pairs WHERE finding_id = $1";
    for id in findings {
        sql!(tx, RELEASE, [*id], execute)?;
    }
    Ok(())
}

/// Writes a finding with its members and pairs over what was there; `is_news` opens it as of now.
pub async fn put(tx: &mut Tx, group: &Group, is_news: bool, now: Time) -> Result<()> {
    const PUT: &str = "INSERT INTO findings
            (id, kind, dedup_key, severity, state, closed_because, rupiah, details, round, opened_at, updated_at, village_id, summary_id)
        VALUES ($1, 'duplicate', $2, $3, $4, $5, $6, 'null', $7, $8, $8, $9, $10)
        ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, state = excluded.state,
            closed_because = excluded.closed_because, rupiah = excluded.rupiah, round = excluded.round,
            opened_at = CASE WHEN $11 = 1 THEN excluded.opened_at ELSE findings.opened_at END,
            updated_at = excluded.updated_at, village_id = excluded.village_id, summary_id = excluded.summary_id,
            row_version = findings.row_version + 1";
    const CLEAR_MEMBERS: &str = "DELETE FROM finding_members WHERE finding_id = $1";
    const MEMBER: &str = "INSERT INTO finding_members (finding_id, number, project_id) VALUES ($1, $2, $3)";
    const PAIR: &str = "INSERT INTO finding_pairs (finding_id, pair_id) VALUES ($1, $2)";
    sql!(
        tx,
        PUT,
        [
            group.id,
            format!("duplicate:{}", group.id),
            group.severity.as_str(),
            group.state.as_str(),
            group.closed_because.as_deref(),
            group.rupiah,
            group.round,
            to_text(now),
            group.village_id,
            group.summary_id,
            i64::from(is_news)
        ],
        execute
    )?;
    sql!(tx, CLEAR_MEMBERS, [group.id], execute)?;
    for (project, number) in group.projects.iter().zip(1_i64..) {
        sql!(tx, MEMBER, [group.id, number, *project], execute)?;
    }
    for pair in &group.pairs {
        sql!(tx, PAIR, [group.id, *pair], execute)?;
    }
    Ok(())
}
