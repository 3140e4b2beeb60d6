//! Findings about duplicates as grouping writes them: each has one or more pairs, and a pair belongs to one finding.

use super::finding_writes::{FindingRow, write, write_members};
use super::findings::parse_reason;
use super::{Result, StoreError, Tx, list_in};
use crate::domain::Time;
use crate::domain::finding::{ClosedBecause, FindingKind, FindingState, Severity};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// The key of the PostgreSQL advisory lock under which pairs are gathered into findings.
const FINDINGS_LOCK: i64 = 0x7461_7061_6b02;

/// The stored finding of one group of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: Uuid,
    pub severity: Severity,
    pub state: FindingState,
    pub closed_because: Option<ClosedBecause>,
    pub rupiah: i64,
    pub round: i64,
    pub village_id: Option<Uuid>,
    pub summary_id: Option<Uuid>,
    /// In order.
    pub projects: Vec<Uuid>,
    /// In order.
    pub pairs: Vec<Uuid>,
}

impl Group {
    /// Closed, by a decision or by itself, because of facts: open again, it rests on other ones. One that was closed because a
    /// member was merged or withdrawn is open again with the same.
    fn rested_on_facts(&self) -> bool {
        self.state == FindingState::Closed
            && matches!(self.closed_because, Some(ClosedBecause::Decided | ClosedBecause::FactsChanged))
    }
}

/// Lets one transaction at a time gather pairs into findings: each sees what the other wrote. Taken after the rows of
/// projects and before the change log; SQLite's write lock does it already.
pub async fn lock(tx: &mut Tx) -> Result<()> {
    tx.lock_on_postgres(FINDINGS_LOCK).await
}

/// The findings about duplicates of which one of these projects is a member, open and closed, in order.
pub async fn list_groups(tx: &mut Tx, projects: &[Uuid]) -> Result<Vec<Group>> {
    type Row = (Uuid, String, String, Option<String>, i64, i64, Option<Uuid>, Option<Uuid>);
    const GROUPS: &str =
        "SELECT DISTINCT g.id, g.severity, g.state, g.closed_because, g.rupiah, g.round, g.village_id, g.summary_id
        FROM findings g JOIN finding_members m ON m.finding_id = g.id WHERE g.kind = 'duplicate' AND m.project_id";
    const PROJECTS: &str =
        "SELECT finding_id, project_id FROM finding_members WHERE project_id IS NOT NULL AND finding_id";
    const PAIRS: &str = "SELECT finding_id, pair_id FROM finding_pairs WHERE finding_id";
    let mut found: HashMap<Uuid, Group> = HashMap::new();
    for (id, severity, state, closed_because, rupiah, round, village_id, summary_id) in
        list_in!(tx, Row, GROUPS, projects)
    {
        let severity = Severity::parse(&severity).ok_or(StoreError::Corrupt("findings.severity", id))?;
        let state = FindingState::parse(&state).ok_or(StoreError::Corrupt("findings.state", id))?;
        let closed_because = parse_reason(closed_because.as_deref(), id)?;
        let (projects, pairs) = (Vec::new(), Vec::new());
        let group =
            Group { id, severity, state, closed_because, rupiah, round, village_id, summary_id, projects, pairs };
        found.insert(id, group);
    }
    let mut ids: Vec<Uuid> = found.keys().copied().collect();
    ids.sort_unstable();
    for (finding, project) in list_in!(tx, (Uuid, Uuid), PROJECTS, ids, "ORDER BY project_id") {
        if let Some(group) = found.get_mut(&finding) {
            group.projects.push(project);
        }
    }
    for (finding, pair) in list_in!(tx, (Uuid, Uuid), PAIRS, ids, "ORDER BY pair_id") {
        if let Some(group) = found.get_mut(&finding) {
            group.pairs.push(pair);
        }
    }
    Ok(ids.into_iter().filter_map(|id| found.remove(&id)).collect())
}

/// The projects that stand in one finding about duplicates with one of these, they themselves too.
pub async fn list_together(tx: &mut Tx, projects: &[Uuid]) -> Result<Vec<Uuid>> {
    const TOGETHER: &str = "SELECT DISTINCT o.project_id FROM finding_members m JOIN findings g ON g.id = m.finding_id
        JOIN finding_members o ON o.finding_id = m.finding_id
        WHERE g.kind = 'duplicate' AND o.project_id IS NOT NULL AND m.project_id";
    Ok(list_in!(tx, (Uuid,), TOGETHER, projects).into_iter().map(|(id,)| id).collect())
}

/// Removes pairs from a finding, before some of them go to others.
pub async fn detach_pairs(tx: &mut Tx, finding: Uuid, pairs: &[Uuid]) -> Result<()> {
    const DETACH: &str = "DELETE FROM finding_pairs WHERE pair_id";
    list_in!(tx, (Uuid,), DETACH, pairs, |q| {
        q.push(" AND finding_id = ").push_bind(finding).push(" RETURNING pair_id");
    });
    Ok(())
}

/// Writes a finding with its members and `new` pairs over what was there; `is_news` opens it as of now.
pub async fn upsert_group(
    tx: &mut Tx,
    group: &Group,
    before: Option<&Group>,
    new: &[Uuid],
    is_news: bool,
    now: Time,
) -> Result<()> {
    const PAIR: &str = "INSERT INTO finding_pairs (finding_id, pair_id, probability) SELECT g.id, r.id, r.probability
        FROM findings g CROSS JOIN pairs r WHERE r.id";
    let row = FindingRow {
        id: group.id,
        kind: FindingKind::Duplicate,
        dedup_key: &format!("duplicate:{}", group.id),
        severity: group.severity,
        state: group.state,
        closed_because: group.closed_because,
        rupiah: group.rupiah,
        details: &Value::Null,
        round: group.round,
        village_id: group.village_id,
        summary_id: group.summary_id,
        is_news,
        has_new_facts: is_news && before.is_some_and(Group::rested_on_facts),
    };
    write(tx, &row, now).await?;
    if before.is_none_or(|before| before.projects != group.projects) {
        write_members(tx, group.id, &group.projects, &[]).await?;
    }
    list_in!(tx, (Uuid,), PAIR, new, |q| {
        q.push(" AND g.id = ").push_bind(group.id).push(" RETURNING pair_id");
    });
    Ok(())
}
