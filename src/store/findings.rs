//! Findings: what a person should look at. One row a deduplication key, opened again when its facts come back.

use super::finding_sight::{in_queue_of, join_villages, listed_with_projects, seen_by, shown_member};
use super::project_lists::near_window;
use super::sight::shows_place;
use super::{Result, StoreError, Tx, insert_many, list, list_in, sql, to_text};
use crate::domain::Time;
use crate::domain::finding::{ClosedBecause, FindingKind, FindingState, Severity};
use crate::domain::person::Scope;
use crate::domain::project::Status;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// A finding as the rules see it now; those about pairs are written by [`super::finding_pairs`].
#[derive(Clone, Debug)]
pub struct NewFinding {
    pub id: Uuid,
    pub kind: FindingKind,
    /// Two runs that see the same thing make the same key.
    pub dedup_key: String,
    pub severity: Severity,
    pub rupiah: i64,
    /// The values of its sentence, where it is not about a pair.
    pub details: Value,
    pub projects: Vec<Uuid>,
    pub villages: Vec<Uuid>,
}

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

/// SHA-256 of what a finding without pairs rests on: while it stays, a decision stands.
pub fn facts_digest(kind: FindingKind, details: &Value) -> String {
    crate::digest::sha256_hex(format!("{kind}:{details}"))
}

/// Writes a finding; one that was closed is opened again (its next round). Gives its id and whether it is news.
pub async fn upsert(tx: &mut Tx, finding: &NewFinding, now: Time) -> Result<(Uuid, bool)> {
    // News: it was not there, it was closed, or it became an alert.
    const UPSERT: &str =
        "INSERT INTO findings (id, kind, dedup_key, severity, queue_rank, state, rupiah, details, round, opened_at, updated_at)
        VALUES ($1, $2, $3, $4, $8, 'open', $5, $6, 1, $7, $7)
        ON CONFLICT (dedup_key) DO UPDATE SET
            round = findings.round + CASE WHEN findings.state = 'closed'
                OR (findings.severity <> 'alert' AND excluded.severity = 'alert') THEN 1 ELSE 0 END,
            facts_round = CASE WHEN findings.state = 'closed' THEN findings.round + 1 ELSE findings.facts_round END,
            opened_at = CASE WHEN findings.state = 'closed' THEN excluded.opened_at ELSE findings.opened_at END,
            severity = excluded.severity, queue_rank = excluded.queue_rank, state = 'open', closed_because = NULL,
            rupiah = excluded.rupiah,
            details = excluded.details, updated_at = excluded.updated_at, row_version = findings.row_version + 1
        RETURNING id, round";
    const CLEAR_MEMBERS: &str = "DELETE FROM finding_members WHERE finding_id = $1";
    const MEMBER: &str = "INSERT INTO finding_members (finding_id, number, project_id, village_id) ";
    const BEFORE: &str = "SELECT round FROM findings WHERE dedup_key = $1";
    let before = sql!(tx, BEFORE, [finding.dedup_key.as_str()], fetch_optional as (i64,))?;
    let (id, round) = sql!(
        tx,
        UPSERT,
        [
            finding.id,
            finding.kind.as_str(),
            finding.dedup_key.as_str(),
            finding.severity.as_str(),
            finding.rupiah,
            finding.details.to_string(),
            to_text(now),
            finding.severity.queue_rank()
        ],
        fetch_one as (Uuid, i64)
    )?;
    sql!(tx, CLEAR_MEMBERS, [id], execute)?;
    let projects = finding.projects.iter().map(|id| (Some(*id), None));
    let villages = finding.villages.iter().map(|id| (None, Some(*id)));
    let members: Vec<_> = projects.chain(villages).zip(1_i64..).collect();
    insert_many!(tx, MEMBER, members, |b, row| {
        let ((project, village), number) = *row;
        b.push_bind(id).push_bind(number).push_bind(project).push_bind(village);
    });
    Ok((id, before.is_none_or(|(old,)| old != round)))
}

/// Closes an open finding with this key; gives its id where it was open.
pub async fn close_by_key(tx: &mut Tx, dedup_key: &str, because: ClosedBecause, now: Time) -> Result<Option<Uuid>> {
    const CLOSE: &str =
        "UPDATE findings SET state = 'closed', closed_because = $2, updated_at = $3, row_version = row_version + 1
        WHERE dedup_key = $1 AND state = 'open' RETURNING id";
    Ok(sql!(tx, CLOSE, [dedup_key, because.as_str(), to_text(now)], fetch_optional as (Uuid,))?.map(|(id,)| id))
}

/// Closes the open findings that are about this project alone; gives their ids.
pub async fn close_of_project(tx: &mut Tx, project: Uuid, because: ClosedBecause, now: Time) -> Result<Vec<Uuid>> {
    const CLOSE: &str =
        "UPDATE findings SET state = 'closed', closed_because = $2, updated_at = $3, row_version = row_version + 1
        WHERE state = 'open' AND kind IN ('place_outside_village', 'outside_country')
            AND id IN (SELECT finding_id FROM finding_members WHERE project_id = $1) RETURNING id";
    let rows = sql!(tx, CLOSE, [project, because.as_str(), to_text(now)], fetch_all as (Uuid,))?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Closes a finding; `false` where it was closed already.
pub async fn close(tx: &mut Tx, id: Uuid, because: ClosedBecause, now: Time) -> Result<bool> {
    const CLOSE: &str =
        "UPDATE findings SET state = 'closed', closed_because = $2, updated_at = $3, row_version = row_version + 1
        WHERE id = $1 AND state = 'open'";
    Ok(sql!(tx, CLOSE, [id, because.as_str(), to_text(now)], execute)? == 1)
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

/// Alerts of this village that were opened since and stand under no summary, other than this one; counted up to `most`.
pub async fn count_alerts(tx: &mut Tx, village: Uuid, but: Uuid, since: &str, most: i64) -> Result<i64> {
    const COUNT: &str =
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM findings WHERE village_id = $1 AND severity = 'alert'
        AND opened_at >= $2 AND summary_id IS NULL AND id <> $3 ORDER BY opened_at LIMIT $4) AS these";
    Ok(sql!(tx, COUNT, [village, since, but, most], fetch_one as (i64,))?.0)
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

/// All projects of a finding, in order.
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
/// its undoing are no news.
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

/// The codes of the villages that are concerned by an open alert, each once.
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
