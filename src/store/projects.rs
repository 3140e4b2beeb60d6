//! Projects: written whole, read whole. Lists are in `project_lists`, what the Atlas needs in `project_facts`.

use super::footprints::{self, NewVersion};
use super::names::{self, Register};
use super::{Result, StoreError, Tx, Which, insert_many, list_in, list_which, sql, to_day, to_text, to_time, which};
use crate::clock::Clock;
use crate::domain::Time;
use crate::domain::activity::ActivityCode;
use crate::domain::finding::ClosedBecause;
use crate::domain::project::{
    Authority, FundingLine, NewProject, Project, ProjectDetails, Segment, Sensitivity, Status, public_id,
};
use crate::domain::text::fold;
use crate::duplicates::shown_title;
use std::collections::HashMap;
use uuid::Uuid;

/// Who registers, and when.
#[derive(Clone, Debug)]
pub struct Registration {
    pub now: Time,
    pub by: Option<Uuid>,
    /// Of the body that was sent; `None` for an import, whose identity is the external id.
    pub digest: Option<String>,
}

/// Ids of the names that projects refer to.
struct NameIds(HashMap<Register, HashMap<String, Uuid>>);

impl NameIds {
    async fn resolve(tx: &mut Tx, ids: &Clock, all: &[&ProjectDetails]) -> Result<Self> {
        let mut known = HashMap::new();
        for (register, name) in [
            (Register::Executors, (|d| d.executor.as_deref()) as fn(&ProjectDetails) -> Option<&str>),
            (Register::Programmes, |d| d.programme.as_deref()),
            (Register::Agreements, |d| d.agreement.as_deref()),
        ] {
            let wanted: Vec<&str> = all.iter().filter_map(|details| name(details)).collect();
            known.insert(register, names::resolve(tx, ids, register, &wanted).await?);
        }
        Ok(Self(known))
    }

    fn find(&self, register: Register, name: Option<&str>) -> Option<Uuid> {
        self.0.get(&register)?.get(&fold(name?)).copied()
    }
}

/// Adds projects with footprints, money, people and marks, in a handful of statements for all of them.
pub async fn insert(tx: &mut Tx, ids: &Clock, registration: &Registration, projects: &[NewProject]) -> Result<()> {
    const INTO: &str =
        "INSERT INTO projects (id, public_id, title, title_key, village_id, activity_code, fiscal_year, status,
        authority, budget_rupiah, executor_id, programme_id, agreement_id, hamlet, rt, rw, start_on, finish_on, volume,
        volume_unit, sensitivity, continues_id, footprint_version, registered_at, registered_by, registered_digest,
        updated_at, shown_title, shown_title_key) ";
    let details: Vec<&ProjectDetails> = projects.iter().map(|project| &project.details).collect();
    let names = NameIds::resolve(tx, ids, &details).await?;
    insert_many!(tx, INTO, projects, |b, p| {
        let d = &p.details;
        b.push_bind(p.id)
            .push_bind(public_id(p.id))
            .push_bind(d.title.clone())
            .push_bind(fold(&d.title))
            .push_bind(d.village_id)
            .push_bind(d.activity_code.map(|code| code.to_string()))
            .push_bind(i64::from(d.fiscal_year))
            .push_bind(d.status.as_str())
            .push_bind(d.authority.map(Authority::as_str))
            .push_bind(d.budget_rupiah)
            .push_bind(names.find(Register::Executors, d.executor.as_deref()))
            .push_bind(names.find(Register::Programmes, d.programme.as_deref()))
            .push_bind(names.find(Register::Agreements, d.agreement.as_deref()))
            .push_bind(d.hamlet.clone())
            .push_bind(d.rt.clone())
            .push_bind(d.rw.clone())
            .push_bind(d.start_on.map(|day| day.to_string()))
            .push_bind(d.finish_on.map(|day| day.to_string()))
            .push_bind(d.volume)
            .push_bind(d.volume_unit.clone())
            .push_bind(d.sensitivity.as_str())
            .push_bind(d.continues)
            .push_bind(i64::from(p.footprint.is_some()))
            .push_bind(to_text(registration.now))
            .push_bind(registration.by)
            .push_bind(registration.digest.clone())
            .push_bind(to_text(registration.now))
            .push_bind(shown_title(d))
            .push_bind(shown_title(d).as_deref().map(fold));
    });
    let satellites: Vec<(Uuid, &ProjectDetails, i64)> =
        projects.iter().map(|p| (p.id, &p.details, i64::from(p.footprint.is_some()))).collect();
    insert_satellites(tx, ids, &satellites).await?;
    let versions: Vec<NewVersion> = projects
        .iter()
        .filter_map(|p| {
            let footprint = p.footprint.as_ref()?;
            Some(NewVersion { project_id: p.id, version: 1, footprint, made_by: registration.by, reason: None })
        })
        .collect();
    footprints::insert(tx, ids, registration.now, &versions).await
}

/// Money, people and marks of projects: rows that hang on a project and are replaced whole with it.
async fn insert_satellites(tx: &mut Tx, ids: &Clock, projects: &[(Uuid, &ProjectDetails, i64)]) -> Result<()> {
    const FUNDING: &str =
        "INSERT INTO funding_lines (id, project_id, number, fund, amount_rupiah, budget_line, contract_number,
        footprint_version, segment_part, segment_from_m, segment_to_m) ";
    const PEOPLE: &str = "INSERT INTO project_people (project_id, part, name) ";
    const MARKS: &str = "INSERT INTO photo_marks (project_id, mark) ";
    let funding: Vec<(Uuid, i64, &FundingLine, i64)> = projects
        .iter()
        .flat_map(|(id, d, version)| d.funding.iter().zip(1_i64..).map(move |(line, n)| (*id, n, line, *version)))
        .collect();
    insert_many!(tx, FUNDING, funding, |b, row| {
        let (project, number, line, version) = row;
        let segment: Option<Segment> = line.segment;
        b.push_bind(ids.id())
            .push_bind(*project)
            .push_bind(*number)
            .push_bind(line.fund.clone())
            .push_bind(line.amount_rupiah)
            .push_bind(line.budget_line.clone())
            .push_bind(line.contract_number.clone())
            .push_bind(segment.map(|_| *version))
            .push_bind(segment.map(|s| s.part))
            .push_bind(segment.map(|s| s.from_m))
            .push_bind(segment.map(|s| s.to_m));
    });
    let owners: Vec<(Uuid, &str)> = projects.iter().filter_map(|(id, d, _)| Some((*id, d.owner.as_deref()?))).collect();
    insert_many!(tx, PEOPLE, owners, |b, row| {
        b.push_bind(row.0).push_bind("owner").push_bind(row.1.to_owned());
    });
    let marks: Vec<(Uuid, &str)> =
        projects.iter().flat_map(|(id, d, _)| d.photo_marks.iter().map(move |mark| (*id, mark.as_str()))).collect();
    insert_many!(
        tx,
        MARKS,
        marks,
        |b, row| {
            b.push_bind(row.0).push_bind(row.1.to_owned());
        },
        " ON CONFLICT (project_id, mark) DO NOTHING"
    );
    Ok(())
}

/// Writes a changed project over the row version that was read; `false` where somebody else was faster.
/// The footprint is not touched but for its version number: versions are added by `footprints::insert`.
pub async fn update(tx: &mut Tx, ids: &Clock, project: &Project, now: Time) -> Result<bool> {
    const UPDATE: &str =
        "UPDATE projects SET title = $3, title_key = $4, village_id = $5, activity_code = $6, fiscal_year = $7,
        status = $8, authority = $9, budget_rupiah = $10, executor_id = $11, programme_id = $12, agreement_id = $13,
        hamlet = $14, rt = $15, rw = $16, start_on = $17, finish_on = $18, volume = $19, volume_unit = $20,
        sensitivity = $21, continues_id = $22, merged_into_id = $23, withdrawn_at = $24, footprint_version = $25,
        updated_at = $26, shown_title = $27, shown_title_key = $28, row_version = row_version + 1 WHERE id = $1 AND row_version = $2";
    let d = &project.details;
    let names = NameIds::resolve(tx, ids, &[d]).await?;
    let shown = shown_title(d);
    let written = sql!(
        tx,
        UPDATE,
        [
            project.id,
            project.row_version,
            d.title.as_str(),
            fold(&d.title),
            d.village_id,
            d.activity_code.map(|code| code.to_string()),
            i64::from(d.fiscal_year),
            d.status.as_str(),
            d.authority.map(Authority::as_str),
            d.budget_rupiah,
            names.find(Register::Executors, d.executor.as_deref()),
            names.find(Register::Programmes, d.programme.as_deref()),
            names.find(Register::Agreements, d.agreement.as_deref()),
            d.hamlet.as_deref(),
            d.rt.as_deref(),
            d.rw.as_deref(),
            d.start_on.map(|day| day.to_string()),
            d.finish_on.map(|day| day.to_string()),
            d.volume,
            d.volume_unit.as_deref(),
            d.sensitivity.as_str(),
            d.continues,
            project.merged_into,
            project.withdrawn_at.map(to_text),
            project.footprint_version,
            to_text(now),
            shown.as_deref(),
            shown.as_deref().map(fold)
        ],
        execute
    )?;
    if written == 0 {
        return Ok(false);
    }
    const FUNDING: &str = "DELETE FROM funding_lines WHERE project_id = $1";
    const PEOPLE: &str = "DELETE FROM project_people WHERE project_id = $1";
    const MARKS: &str = "DELETE FROM photo_marks WHERE project_id = $1";
    sql!(tx, FUNDING, [project.id], execute)?;
    sql!(tx, PEOPLE, [project.id], execute)?;
    sql!(tx, MARKS, [project.id], execute)?;
    insert_satellites(tx, ids, &[(project.id, d, project.footprint_version)]).await?;
    Ok(true)
}

#[derive(sqlx::FromRow)]
struct ProjectRow {
    id: Uuid,
    public_id: String,
    title: String,
    village_id: Uuid,
    activity_code: Option<String>,
    fiscal_year: i64,
    status: String,
    authority: Option<String>,
    budget_rupiah: Option<i64>,
    executor: Option<String>,
    programme: Option<String>,
    agreement: Option<String>,
    hamlet: Option<String>,
    rt: Option<String>,
    rw: Option<String>,
    owner: Option<String>,
    start_on: Option<String>,
    finish_on: Option<String>,
    volume: Option<f64>,
    volume_unit: Option<String>,
    sensitivity: String,
    continues_id: Option<Uuid>,
    merged_into_id: Option<Uuid>,
    withdrawn_at: Option<String>,
    footprint_version: i64,
    percent: Option<f64>,
    registered_at: String,
    registered_by: Option<String>,
    registered_digest: Option<String>,
    updated_at: String,
    row_version: i64,
}

impl ProjectRow {
    fn parse(self, funding: Vec<FundingLine>, photo_marks: Vec<String>) -> Result<Project> {
        let id = self.id;
        let corrupt = |column| StoreError::Corrupt(column, id);
        let details = ProjectDetails {
            title: self.title,
            village_id: self.village_id,
            activity_code: parse_activity(self.activity_code.as_deref(), id)?,
            fiscal_year: i32::try_from(self.fiscal_year).map_err(|_| corrupt("projects.fiscal_year"))?,
            status: Status::parse(&self.status).ok_or_else(|| corrupt("projects.status"))?,
            authority: parse_authority(self.authority.as_deref(), id)?,
            executor: self.executor,
            programme: self.programme,
            agreement: self.agreement,
            hamlet: self.hamlet,
            rt: self.rt,
            rw: self.rw,
            owner: self.owner,
            start_on: self.start_on.map(|day| to_day(&day, "projects.start_on", id)).transpose()?,
            finish_on: self.finish_on.map(|day| to_day(&day, "projects.finish_on", id)).transpose()?,
            volume: self.volume,
            volume_unit: self.volume_unit,
            sensitivity: Sensitivity::parse(&self.sensitivity).ok_or_else(|| corrupt("projects.sensitivity"))?,
            continues: self.continues_id,
            budget_rupiah: self.budget_rupiah,
            funding,
            photo_marks,
        };
        Ok(Project {
            id,
            public_id: self.public_id,
            details,
            merged_into: self.merged_into_id,
            withdrawn_at: self.withdrawn_at.map(|at| to_time(&at, "projects.withdrawn_at", id)).transpose()?,
            footprint_version: self.footprint_version,
            percent: self.percent,
            registered_at: to_time(&self.registered_at, "projects.registered_at", id)?,
            registered_by: self.registered_by,
            registered_digest: self.registered_digest,
            updated_at: to_time(&self.updated_at, "projects.updated_at", id)?,
            row_version: self.row_version,
        })
    }
}

pub(super) fn parse_activity(code: Option<&str>, id: Uuid) -> Result<Option<ActivityCode>> {
    code.map(|code| ActivityCode::parse("activity_code", code))
        .transpose()
        .map_err(|_| StoreError::Corrupt("projects.activity_code", id))
}

pub(super) fn parse_authority(word: Option<&str>, id: Uuid) -> Result<Option<Authority>> {
    word.map(|word| Authority::parse(word).ok_or(StoreError::Corrupt("projects.authority", id))).transpose()
}

/// These projects, in the order of their ids; those not there are left out.
pub async fn find_many(tx: &mut Tx, wanted: &[Uuid]) -> Result<Vec<Project>> {
    let mut projects = Vec::with_capacity(wanted.len());
    const PROJECTS: &str = "SELECT p.id AS id, p.public_id AS public_id, p.title AS title, p.village_id AS village_id,
        p.activity_code AS activity_code, p.fiscal_year AS fiscal_year, p.status AS status,
        p.authority AS authority, p.budget_rupiah AS budget_rupiah, e.name AS executor, g.name AS programme,
        a.name AS agreement, p.hamlet AS hamlet, p.rt AS rt, p.rw AS rw, o.name AS owner,
        p.start_on AS start_on, p.finish_on AS finish_on, p.volume AS volume, p.volume_unit AS volume_unit,
        p.sensitivity AS sensitivity, p.continues_id AS continues_id, p.merged_into_id AS merged_into_id,
        p.withdrawn_at AS withdrawn_at, p.footprint_version AS footprint_version, p.percent AS percent,
        p.registered_at AS registered_at, u.name AS registered_by, p.registered_digest AS registered_digest,
        p.updated_at AS updated_at, p.row_version AS row_version
     FROM projects p
     LEFT JOIN executors e ON e.id = p.executor_id
     LEFT JOIN programmes g ON g.id = p.programme_id
     LEFT JOIN agreements a ON a.id = p.agreement_id
     LEFT JOIN project_people o ON o.project_id = p.id AND o.part = 'owner'
     LEFT JOIN users u ON u.id = p.registered_by
     WHERE p.id";
    let rows = list_in!(tx, ProjectRow, PROJECTS, wanted, "ORDER BY p.id");
    let mut funding = list_funding(tx, Which::These(wanted)).await?;
    let mut marks = list_marks(tx, Which::These(wanted)).await?;
    for row in rows {
        let (funding, marks) = (funding.remove(&row.id).unwrap_or_default(), marks.remove(&row.id).unwrap_or_default());
        projects.push(row.parse(funding, marks)?);
    }
    Ok(projects)
}

/// One project, withdrawn and merged ones too.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Project>> {
    Ok(find_many(tx, &[id]).await?.into_iter().next())
}

/// What findings need to know of a project.
#[derive(Clone, Debug)]
pub struct Stake {
    pub village_id: Uuid,
    pub village_code: String,
    pub village_name: String,
    pub budget_rupiah: Option<i64>,
    /// Why it stands no more: `merged` or `withdrawn`.
    pub gone: Option<ClosedBecause>,
}

/// The stakes of these projects, those that stand no more too.
pub async fn list_stakes(tx: &mut Tx, wanted: &[Uuid]) -> Result<HashMap<Uuid, Stake>> {
    type Row = (Uuid, Uuid, Option<String>, Option<String>, Option<i64>, Option<Uuid>, Option<String>);
    let mut stakes = HashMap::new();
    const STAKES: &str =
        "SELECT p.id, p.village_id, v.code, v.name, p.budget_rupiah, p.merged_into_id, p.withdrawn_at FROM projects p
        LEFT JOIN region_versions v ON v.region_id = p.village_id AND v.valid_to IS NULL WHERE p.id";
    for (id, village_id, code, name, budget_rupiah, merged, withdrawn) in list_in!(tx, Row, STAKES, wanted) {
        let gone =
            if merged.is_some() { Some(ClosedBecause::Merged) } else { withdrawn.map(|_| ClosedBecause::Withdrawn) };
        let (village_code, village_name) = (code.unwrap_or_default(), name.unwrap_or_default());
        stakes.insert(id, Stake { village_id, village_code, village_name, budget_rupiah, gone });
    }
    Ok(stakes)
}

/// Locks a project's row to the end of the transaction, so that what is decided on it holds. SQLite's write lock does already.
/// Other rows may go on naming it: who gathers findings holds a lock that its holder may be waiting for.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<()> {
    if tx.is_postgres() {
        const LOCK: &str = "SELECT id FROM projects WHERE id = $1 FOR NO KEY UPDATE";
        sql!(tx, LOCK, [id], fetch_optional as (Uuid,))?;
    }
    Ok(())
}

/// Holds the rows of these projects against changes to the end of the transaction, others may hold them too.
/// In the order of ids, so that two holders do not wait for each other in a ring.
pub async fn lock_shared(tx: &mut Tx, sorted: &[Uuid]) -> Result<()> {
    if !tx.is_postgres() {
        return Ok(());
    }
    list_in!(tx, (Uuid,), "SELECT id FROM projects WHERE id", sorted, "ORDER BY id FOR SHARE");
    Ok(())
}

#[derive(sqlx::FromRow, serde::Deserialize)]
pub(super) struct FundingRow {
    #[serde(skip)]
    project_id: Uuid,
    fund: String,
    amount_rupiah: Option<i64>,
    budget_line: Option<String>,
    contract_number: Option<String>,
    segment_part: Option<i64>,
    #[serde(deserialize_with = "super::exact_json::some_number")]
    segment_from_m: Option<f64>,
    #[serde(deserialize_with = "super::exact_json::some_number")]
    segment_to_m: Option<f64>,
}

impl From<FundingRow> for FundingLine {
    fn from(row: FundingRow) -> Self {
        let segment = match (row.segment_part, row.segment_from_m, row.segment_to_m) {
            (Some(part), Some(from_m), Some(to_m)) => Some(Segment { part, from_m, to_m }),
            _ => None,
        };
        Self {
            fund: row.fund,
            amount_rupiah: row.amount_rupiah,
            budget_line: row.budget_line,
            contract_number: row.contract_number,
            segment,
        }
    }
}

/// The funding lines of these projects, in order.
pub async fn list_funding(tx: &mut Tx, projects: Which<'_>) -> Result<HashMap<Uuid, Vec<FundingLine>>> {
    let rows = list_which!(tx, FundingRow, projects, |q, part| {
        q.push(
            "SELECT project_id, fund, amount_rupiah, budget_line, contract_number, segment_part, segment_from_m, segment_to_m
             FROM funding_lines WHERE ",
        );
        which!(q, "project_id", part);
        q.push(" ORDER BY project_id, number");
    });
    let mut lines: HashMap<Uuid, Vec<FundingLine>> = HashMap::new();
    for row in rows {
        // Most works have one line, and the Atlas holds them all.
        lines.entry(row.project_id).or_insert_with(|| Vec::with_capacity(1)).push(row.into());
    }
    Ok(lines)
}

/// The declared photo marks of these projects.
pub async fn list_marks(tx: &mut Tx, projects: Which<'_>) -> Result<HashMap<Uuid, Vec<String>>> {
    let rows = list_which!(tx, (Uuid, String), projects, |q, part| {
        q.push("SELECT project_id, mark FROM photo_marks WHERE ");
        which!(q, "project_id", part);
        q.push(" ORDER BY project_id, mark");
    });
    let mut marks: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (project, mark) in rows {
        marks.entry(project).or_default().push(mark);
    }
    Ok(marks)
}

/// The marks of the photos of these projects: those that a file declared, and the digests of those that came.
pub async fn list_photo_marks(tx: &mut Tx, projects: Which<'_>) -> Result<HashMap<Uuid, Vec<String>>> {
    let rows = list_which!(tx, (Uuid, String), projects, |q, part| {
        q.push("SELECT project_id, mark FROM photo_marks WHERE ");
        which!(q, "project_id", part);
        q.push(" UNION SELECT r.project_id, h.sha256 FROM progress_reports r JOIN photos h ON h.report_id = r.id WHERE h.sha256 IS NOT NULL AND ");
        which!(q, "r.project_id", part);
        q.push(" ORDER BY 1, 2");
    });
    let mut marks: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (project, mark) in rows {
        marks.entry(project).or_default().push(mark);
    }
    Ok(marks)
}

/// Sets the progress shown in lists to that of the latest report by its day.
pub async fn refresh_percent(tx: &mut Tx, id: Uuid, now: Time) -> Result<()> {
    // Reports of records that were merged into it count as its own.
    const REFRESH: &str = "UPDATE projects SET updated_at = $2, percent = (SELECT r.percent FROM progress_reports r
        WHERE r.project_id = $1 OR r.project_id IN (SELECT m.id FROM projects m WHERE m.merged_into_id = $1) ORDER BY r.reported_on DESC, r.id DESC LIMIT 1) WHERE id = $1";
    sql!(tx, REFRESH, [id, to_text(now)], execute)?;
    Ok(())
}

/// The digest of the body that registered a project; the outer `None` is "no such project".
pub async fn find_digest(tx: &mut Tx, id: Uuid) -> Result<Option<Option<String>>> {
    const FIND: &str = "SELECT registered_digest FROM projects WHERE id = $1";
    Ok(sql!(tx, FIND, [id], fetch_optional as (Option<String>,))?.map(|(digest,)| digest))
}
