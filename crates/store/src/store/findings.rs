//! Findings as they are read: what a person should look at.

use super::finding_sight::{in_queue_of, join_villages, listed_with_projects, seen_by, shown_member};
use super::project_lists::near_window;
use super::sight::shows_place;
use super::{Result, StoreError, Tx, list, list_in, sql};
use crate::domain::finding::{ClosedBecause, FindingKind, FindingState, Severity};
use crate::domain::project::Status;
use crate::domain::scope::Scope;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// A stored finding.
#[derive(Clone, Debug)]
pub struct Finding {
    pub id: Uuid,
    pub kind: FindingKind,
    pub severity: Severity,
    pub state: FindingState,
    pub closed_because: Option<ClosedBecause>,
    pub rupiah: i64,
    pub details: Value,
    pub round: i64,
    pub row_version: i64,
    /// The summary that stands for this finding.
    pub summary_id: Option<Uuid>,
    pub opened_at: String,
    pub updated_at: String,
    /// Its first projects of those that are shown to who asked, in order, at most [`FIRST_MEMBERS`].
    pub projects: Vec<Uuid>,
    /// How many projects of it are shown to who asked.
    pub projects_total: i64,
}

/// How many of its projects a finding is read with: a page, a mail and a map show no more at once.
pub const FIRST_MEMBERS: i64 = 20;

/// The filter of a list of findings.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<FindingState>,
    pub severity: Option<Severity>,
    pub kind: Option<FindingKind>,
    pub village_id: Option<Uuid>,
    pub year: Option<i64>,
    /// Those about this project.
    pub project_id: Option<Uuid>,
    /// With a member of this status.
    pub status: Option<Status>,
    /// West, south, east, north: with a member whose middle is in this box as it is shown.
    pub window: Option<[f64; 4]>,
    /// Only the findings of this summary.
    pub summary_id: Option<Uuid>,
}

/// Where a page of the queue ended: severity rank, money, id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QueueKey {
    pub rank: i64,
    pub rupiah: i64,
    pub id: Uuid,
}

impl Finding {
    pub fn queue_key(&self) -> QueueKey {
        QueueKey { rank: self.severity.queue_rank(), rupiah: self.rupiah, id: self.id }
    }
}

#[derive(sqlx::FromRow)]
struct FindingRow {
    id: Uuid,
    kind: String,
    severity: String,
    state: String,
    closed_because: Option<String>,
    rupiah: i64,
    details: String,
    round: i64,
    row_version: i64,
    summary_id: Option<Uuid>,
    opened_at: String,
    updated_at: String,
}

impl FindingRow {
    fn parse(self) -> Result<Finding> {
        let id = self.id;
        let corrupt = |column| StoreError::Corrupt(column, id);
        Ok(Finding {
            id,
            kind: FindingKind::parse(&self.kind).ok_or_else(|| corrupt("findings.kind"))?,
            severity: Severity::parse(&self.severity).ok_or_else(|| corrupt("findings.severity"))?,
            state: FindingState::parse(&self.state).ok_or_else(|| corrupt("findings.state"))?,
            closed_because: parse_reason(self.closed_because.as_deref(), self.id)?,
            rupiah: self.rupiah,
            details: serde_json::from_str(&self.details).map_err(|_| corrupt("findings.details"))?,
            round: self.round,
            row_version: self.row_version,
            summary_id: self.summary_id,
            opened_at: self.opened_at,
            updated_at: self.updated_at,
            projects: Vec::new(),
            projects_total: 0,
        })
    }
}

/// The reason for which a finding was closed; `None` for one that was not.
pub(super) fn parse_reason(word: Option<&str>, finding: Uuid) -> Result<Option<ClosedBecause>> {
    let parse = |word| ClosedBecause::parse(word).ok_or(StoreError::Corrupt("findings.closed_because", finding));
    word.map(parse).transpose()
}

const FINDING: &str = "SELECT g.id AS id, g.kind AS kind, g.severity AS severity, g.state AS state,
    g.closed_because AS closed_because, g.rupiah AS rupiah, g.details AS details, g.round AS round,
    g.row_version AS row_version, g.summary_id AS summary_id, g.opened_at AS opened_at, g.updated_at AS updated_at
    FROM findings g";
/// Begins a condition on the members that are shown in this scope.
macro_rules! member {
    ($q:ident, $scope:expr) => {
        $q.push(
            " AND EXISTS (SELECT 1 FROM finding_members m JOIN projects p ON p.id = m.project_id
            JOIN region_versions v ON v.region_id = p.village_id AND v.valid_to IS NULL
            LEFT JOIN footprints f ON f.project_id = p.id AND f.version = p.footprint_version
            WHERE m.finding_id = g.id AND ",
        );
        shown_member!($q, $scope);
    };
}

/// The queue: alerts first, then by money.
pub async fn list_queue(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    after: Option<QueueKey>,
    limit: i64,
) -> Result<Vec<Finding>> {
    let rows = list!(tx, FindingRow, |q| {
        q.push(FINDING).push(" WHERE ");
        match filter {
            Filter { summary_id: Some(summary), .. } => {
                seen_by!(q, scope);
                q.push(" AND g.summary_id = ").push_bind(*summary);
            }
            Filter { project_id: Some(project), .. } => {
                seen_by!(q, scope);
                // By its own index, not by a look at every finding.
                q.push(" AND ").push(listed_with_projects!());
                q.push(" AND g.id IN (SELECT o.finding_id FROM finding_members o WHERE o.project_id = ");
                q.push_bind(*project).push(")");
                member!(q, scope);
                q.push(" AND p.id = ").push_bind(*project).push(")");
            }
            _ => {
                in_queue_of!(q, scope);
            }
        }
        if let Some(state) = filter.state {
            q.push(" AND g.state = ").push_bind(state.as_str());
        }
        if let Some(severity) = filter.severity {
            q.push(" AND g.severity = ").push_bind(severity.as_str());
        }
        if let Some(kind) = filter.kind {
            q.push(" AND g.kind = ").push_bind(kind.as_str());
        }
        if let Some(village) = filter.village_id {
            member!(q, scope);
            q.push(" AND p.village_id = ").push_bind(village).push(")");
        }
        if let Some(year) = filter.year {
            member!(q, scope);
            q.push(" AND p.fiscal_year = ").push_bind(year).push(")");
        }
        if let Some(status) = filter.status {
            member!(q, scope);
            q.push(" AND p.status = ").push_bind(status.as_str()).push(")");
        }
        if let Some([west, south, east, north]) = filter.window {
            q.push(" AND g.id IN (SELECT n.finding_id FROM finding_members n WHERE n.project_id IN ");
            near_window!(q, [west, south, east, north]);
            q.push(")");
            member!(q, scope);
            for (middle, centre, from, to) in [
                ("(f.west + f.east) / 2", "v.centre_lon", west, east),
                ("(f.south + f.north) / 2", "v.centre_lat", south, north),
            ] {
                q.push(" AND f.id IS NOT NULL AND CASE WHEN ");
                shows_place!(q, scope);
                q.push(" THEN ").push(middle).push(" ELSE ").push(centre).push(" END BETWEEN ").push_bind(from);
                q.push(" AND ").push_bind(to);
            }
            q.push(")");
        }
        if let Some(key) = after {
            q.push(" AND (g.queue_rank > ").push_bind(key.rank);
            q.push(" OR (g.queue_rank = ").push_bind(key.rank);
            q.push(" AND (g.rupiah < ").push_bind(key.rupiah);
            q.push(" OR (g.rupiah = ").push_bind(key.rupiah).push(" AND g.id > ").push_bind(key.id).push("))))");
        }
        q.push(" ORDER BY g.queue_rank, g.rupiah DESC, g.id LIMIT ").push_bind(limit);
    })?;
    with_members(tx, scope, rows).await
}

/// One finding, where this scope sees it.
pub async fn find(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<Option<Finding>> {
    let rows = list!(tx, FindingRow, |q| {
        q.push(FINDING).push(" WHERE g.id = ").push_bind(id).push(" AND ");
        seen_by!(q, scope);
    })?;
    Ok(with_members(tx, scope, rows).await?.into_iter().next())
}

/// Those of these findings that this scope sees.
pub async fn list_seen(tx: &mut Tx, scope: &Scope, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let seen = list_in!(tx, (Uuid,), "SELECT g.id FROM findings g WHERE g.id", ids, |q| {
        q.push(" AND ");
        seen_by!(q, scope);
    });
    Ok(seen.into_iter().map(|(id,)| id).collect())
}

/// All projects of a finding, in order. No limit: a group has an end (`findings/gather.rs`), and who decides decides about
/// all of it.
pub async fn list_projects(tx: &mut Tx, id: Uuid) -> Result<Vec<Uuid>> {
    const LIST: &str =
        "SELECT project_id FROM finding_members WHERE finding_id = $1 AND project_id IS NOT NULL ORDER BY number";
    Ok(sql!(tx, LIST, [id], fetch_all as (Uuid,))?.into_iter().map(|(project,)| project).collect())
}

/// A page of the projects of a finding, behind the member `after`: the number of each with its project.
pub async fn list_members(tx: &mut Tx, id: Uuid, after: i64, limit: i64) -> Result<Vec<(i64, Uuid)>> {
    const PAGE: &str = "SELECT number, project_id FROM finding_members
        WHERE finding_id = $1 AND project_id IS NOT NULL AND number > $2 ORDER BY number LIMIT $3";
    Ok(sql!(tx, PAGE, [id, after, limit], fetch_all as (i64, Uuid))?)
}

/// Which members of a finding these projects are.
pub async fn list_numbers(tx: &mut Tx, id: Uuid, projects: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    const NUMBERS: &str = "SELECT project_id, number FROM finding_members WHERE project_id";
    let rows = list_in!(tx, (Uuid, i64), NUMBERS, projects, |q| {
        q.push(" AND finding_id = ").push_bind(id);
    });
    Ok(rows.into_iter().collect())
}

/// Open alerts that are news to this recipient, most money first: one not notified in this round in which there is a member
/// of which no mail about this finding spoke yet, or whose facts changed since. A work that left and came again, a merge and
/// its undoing are no news. No limit: a village has so many alerts a day, and a mail counts all that it stands for.
pub async fn list_news(tx: &mut Tx, scope: &Scope, recipient: &str) -> Result<Vec<Finding>> {
    let rows = list!(tx, FindingRow, |q| {
        q.push(FINDING).push(" WHERE g.state = 'open' AND g.severity = 'alert' AND ");
        in_queue_of!(q, scope);
        q.push(" AND NOT EXISTS (SELECT 1 FROM message_findings t WHERE t.finding_id = g.id AND t.round = g.round AND t.recipient = ");
        q.push_bind(recipient.to_owned()).push(") AND (NOT EXISTS (SELECT 1 FROM message_findings t WHERE t.finding_id = g.id AND t.round >= g.facts_round AND t.recipient = ");
        q.push_bind(recipient.to_owned()).push(")");
        q.push(" OR EXISTS (SELECT 1 FROM finding_members m WHERE m.finding_id = g.id AND m.project_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM message_members s WHERE s.finding_id = g.id AND s.project_id = m.project_id AND s.recipient = ");
        q.push_bind(recipient.to_owned()).push("))) ORDER BY g.rupiah DESC, g.id");
    })?;
    with_members(tx, scope, rows).await
}

/// The codes of the villages that are concerned by an open alert, each once. No limit: as many as there are villages.
pub async fn list_alert_villages(tx: &mut Tx) -> Result<Vec<String>> {
    const LIST: &str = "SELECT DISTINCT v.code FROM findings g JOIN finding_members m ON m.finding_id = g.id
        JOIN projects p ON p.id = m.project_id JOIN region_versions v ON v.region_id = p.village_id AND v.valid_to IS NULL
        WHERE g.state = 'open' AND g.severity = 'alert'";
    Ok(sql!(tx, LIST, [], fetch_all as (String,))?.into_iter().map(|(code,)| code).collect())
}

/// The codes of the villages by which each of these findings is seen.
pub async fn list_villages(tx: &mut Tx, findings: &[Uuid]) -> Result<HashMap<Uuid, Vec<String>>> {
    const LIST: &str = concat!(
        "SELECT DISTINCT g.id, v.code FROM findings g JOIN finding_members m ON m.finding_id = g.id",
        join_villages!(),
        " WHERE g.id"
    );
    let mut villages: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (finding, code) in list_in!(tx, (Uuid, String), LIST, findings) {
        villages.entry(finding).or_default().push(code);
    }
    Ok(villages)
}

/// How far open findings are counted: beyond it "more than 999" is enough, and the count has an end.
pub const COUNTED: i64 = 1_000;

/// How many open findings the queue of this scope holds, at most [`COUNTED`]. It reads open findings in the order of an index
/// until it has that many: what it costs grows with the open findings of other regions alone, a few index lookups for each.
pub async fn count_open(tx: &mut Tx, scope: &Scope) -> Result<i64> {
    let rows = list!(tx, (i64,), |q| {
        q.push("SELECT COUNT(*) FROM (SELECT g.id FROM findings g WHERE g.state = 'open' AND ");
        in_queue_of!(q, scope);
        q.push(" LIMIT ").push_bind(COUNTED).push(") AS queued");
    })?;
    Ok(rows.first().map_or(0, |(n,)| *n))
}

/// The findings with their first members, of those that are shown to this scope.
async fn with_members(tx: &mut Tx, scope: &Scope, rows: Vec<FindingRow>) -> Result<Vec<Finding>> {
    const FIRST: &str = "SELECT finding_id, project_id, place, total FROM (SELECT m.finding_id AS finding_id,
        m.project_id AS project_id, ROW_NUMBER() OVER (PARTITION BY m.finding_id ORDER BY m.number) AS place,
        COUNT(*) OVER (PARTITION BY m.finding_id) AS total
        FROM finding_members m JOIN findings g ON g.id = m.finding_id JOIN projects p ON p.id = m.project_id
        JOIN region_versions v ON v.region_id = p.village_id AND v.valid_to IS NULL WHERE m.finding_id";
    let mut findings: Vec<Finding> = rows.into_iter().map(FindingRow::parse).collect::<Result<_>>()?;
    let ids: Vec<Uuid> = findings.iter().map(|finding| finding.id).collect();
    let mut first: HashMap<Uuid, (Vec<Uuid>, i64)> = HashMap::new();
    let members = list_in!(tx, (Uuid, Uuid, i64, i64), FIRST, ids, |q| {
        q.push(" AND ");
        shown_member!(q, scope);
        q.push(") AS numbered WHERE place <= ").push_bind(FIRST_MEMBERS).push(" ORDER BY finding_id, place");
    });
    for (finding, project, _, total) in members {
        let (projects, known) = first.entry(finding).or_default();
        projects.push(project);
        *known = total;
    }
    for finding in &mut findings {
        (finding.projects, finding.projects_total) = first.remove(&finding.id).unwrap_or_default();
    }
    Ok(findings)
}
