//! Projects: written whole, read whole. Lists are in `project_lists`, what the Atlas needs in `project_facts`.

use super::footprints::{self, NewVersion};
use super::funding_lines::{self, NewLine};
use super::photo_marks;
use super::project_columns::{Column, NameIds, Value, bind_columns, columns};
use super::sql::Columns;
use super::{Result, StoreError, Tx, Which, columns, insert_many, list_in, sql, to_day, to_text, to_time, update_many};
use crate::clock::Clock;
use crate::domain::Time;
use crate::domain::activity::ActivityCode;
use crate::domain::project::{
    Authority, FundingLine, NewProject, Project, ProjectDetails, Sensitivity, Status, public_id,
};
use uuid::Uuid;

/// Who registers, and when.
#[derive(Clone, Debug)]
pub struct Registration {
    pub now: Time,
    pub by: Option<Uuid>,
    /// Of the body that was sent; `None` for an import, whose identity is the external id.
    pub digest: Option<String>,
}

/// Adds projects with footprints, money, people and marks, in a handful of statements for all of them.
pub async fn insert(tx: &mut Tx, ids: &Clock, registration: &Registration, projects: &[NewProject]) -> Result<()> {
    let details: Vec<&ProjectDetails> = projects.iter().map(|project| &project.details).collect();
    let names = NameIds::resolve(tx, ids, &details).await?;
    let rows: Vec<(&NewProject, Vec<Column>)> = projects.iter().map(|p| (p, columns(&p.details, &names))).collect();
    let Some((_, first)) = rows.first() else { return Ok(()) };
    let of_details: String = first.iter().map(|(column, _)| format!(", {column}")).collect();
    let into = format!(
        "INSERT INTO projects (id, public_id, footprint_version, registered_at, registered_by, registered_digest,
        updated_at{of_details}) "
    );
    insert_many!(tx, into.as_str(), rows, |b, row| {
        let (p, columns) = row;
        b.push_bind(p.id)
            .push_bind(public_id(p.id))
            .push_bind(i64::from(p.footprint.is_some()))
            .push_bind(to_text(registration.now))
            .push_bind(registration.by)
            .push_bind(registration.digest.clone())
            .push_bind(to_text(registration.now));
        bind_columns!(b, columns);
    });
    let children: Vec<NewChildren> = projects
        .iter()
        .map(|p| NewChildren { id: p.id, details: &p.details, footprint_version: i64::from(p.footprint.is_some()) })
        .collect();
    insert_children(tx, ids, &children).await?;
    let versions: Vec<NewVersion> = projects
        .iter()
        .filter_map(|p| {
            let footprint = p.footprint.as_ref()?;
            Some(NewVersion { project_id: p.id, version: 1, footprint, made_by: registration.by, reason: None })
        })
        .collect();
    footprints::insert(tx, ids, registration.now, &versions).await
}

/// A project with the rows that hang on it and are replaced whole with it: money, people and marks.
struct NewChildren<'a> {
    id: Uuid,
    details: &'a ProjectDetails,
    footprint_version: i64,
}

async fn insert_children(tx: &mut Tx, ids: &Clock, projects: &[NewChildren<'_>]) -> Result<()> {
    const PEOPLE: &str = "INSERT INTO project_people (project_id, part, name) ";
    let (mut lines, mut owners, mut marks) = (Vec::new(), Vec::new(), Vec::new());
    for project in projects {
        let (project_id, footprint_version, details) = (project.id, project.footprint_version, project.details);
        let numbered = details.funding.iter().zip(1_i64..);
        lines.extend(numbered.map(|(line, number)| NewLine { project_id, number, footprint_version, line }));
        owners.extend(details.owner.as_deref().map(|owner| (project_id, owner)));
        marks.extend(details.photo_marks.iter().map(|mark| (project_id, mark.as_str())));
    }
    funding_lines::insert(tx, ids, &lines).await?;
    insert_many!(tx, PEOPLE, owners, |b, row| {
        b.push_bind(row.0).push_bind("owner").push_bind(row.1.to_owned());
    });
    photo_marks::insert(tx, &marks).await
}

/// Writes a changed project over the row version that was read; `false` where somebody else was faster.
pub async fn update(tx: &mut Tx, ids: &Clock, project: &Project, now: Time) -> Result<bool> {
    update_many(tx, ids, std::slice::from_ref(project), now).await
}

/// Writes changed projects over the row versions that were read, in a handful of statements for all of them; `false` where
/// somebody else was faster with one of them: then the transaction is to be given up.
/// Footprints are not touched but for their version number: versions are added by `footprints::insert`.
pub async fn update_many(tx: &mut Tx, ids: &Clock, projects: &[Project], now: Time) -> Result<bool> {
    let details: Vec<&ProjectDetails> = projects.iter().map(|project| &project.details).collect();
    let names = NameIds::resolve(tx, ids, &details).await?;
    let rows: Vec<(&Project, Vec<Column>)> = projects.iter().map(|p| (p, columns(&p.details, &names))).collect();
    let Some((_, first)) = rows.first() else { return Ok(true) };
    let of_details: String =
        first.iter().zip(7..).map(|((column, _), number)| format!(", {column} = v.column{number}")).collect();
    let set = format!(
        "UPDATE projects SET row_version = row_version + 1, merged_into_id = v.column3, withdrawn_at = v.column4,
        footprint_version = v.column5, updated_at = v.column6{of_details}"
    );
    let written = update_many!(
        tx,
        set,
        rows,
        |b, row| {
            let (p, columns) = row;
            b.push_bind(p.id)
                .push_bind(p.row_version)
                .push_bind(p.merged_into)
                .push_bind(p.withdrawn_at.map(to_text))
                .push_bind(p.footprint_version)
                .push_bind(to_text(now));
            bind_columns!(b, columns);
        },
        "projects.id = v.column1 AND projects.row_version = v.column2"
    );
    if written < rows.len() as u64 {
        return Ok(false);
    }
    let written: Vec<Uuid> = projects.iter().map(|project| project.id).collect();
    delete_hung(tx, &written).await?;
    let children: Vec<NewChildren> = projects
        .iter()
        .map(|p| NewChildren { id: p.id, details: &p.details, footprint_version: p.footprint_version })
        .collect();
    insert_children(tx, ids, &children).await?;
    Ok(true)
}

async fn delete_hung(tx: &mut Tx, projects: &[Uuid]) -> Result<()> {
    const FUNDING: &str = "DELETE FROM funding_lines WHERE project_id";
    const PEOPLE: &str = "DELETE FROM project_people WHERE project_id";
    const MARKS: &str = "DELETE FROM photo_marks WHERE project_id";
    for table in [FUNDING, PEOPLE, MARKS] {
        list_in!(tx, (Uuid,), table, projects, "RETURNING project_id");
    }
    Ok(())
}

columns! {
    #[derive(sqlx::FromRow)]
    struct ProjectRow {
        id: Uuid = "p.id",
        public_id: String = "p.public_id",
        title: String = "p.title",
        village_id: Uuid = "p.village_id",
        activity_code: Option<String> = "p.activity_code",
        fiscal_year: i64 = "p.fiscal_year",
        status: String = "p.status",
        authority: Option<String> = "p.authority",
        budget_rupiah: Option<i64> = "p.budget_rupiah",
        executor: Option<String> = "e.name",
        programme: Option<String> = "g.name",
        agreement: Option<String> = "a.name",
        hamlet: Option<String> = "p.hamlet",
        rt: Option<String> = "p.rt",
        rw: Option<String> = "p.rw",
        owner: Option<String> = "o.name",
        start_on: Option<String> = "p.start_on",
        finish_on: Option<String> = "p.finish_on",
        volume: Option<f64> = "p.volume",
        volume_unit: Option<String> = "p.volume_unit",
        sensitivity: String = "p.sensitivity",
        continues_id: Option<Uuid> = "p.continues_id",
        merged_into_id: Option<Uuid> = "p.merged_into_id",
        withdrawn_at: Option<String> = "p.withdrawn_at",
        footprint_version: i64 = "p.footprint_version",
        percent: Option<f64> = "p.percent",
        registered_at: String = "p.registered_at",
        registered_by: Option<String> = "u.name",
        registered_digest: Option<String> = "p.registered_digest",
        updated_at: String = "p.updated_at",
        row_version: i64 = "p.row_version",
    }
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
    const FROM: &str = " FROM projects p
        LEFT JOIN executors e ON e.id = p.executor_id
        LEFT JOIN programmes g ON g.id = p.programme_id
        LEFT JOIN agreements a ON a.id = p.agreement_id
        LEFT JOIN project_people o ON o.project_id = p.id AND o.part = 'owner'
        LEFT JOIN users u ON u.id = p.registered_by
        WHERE p.id";
    let before = format!("SELECT {}{FROM}", ProjectRow::COLUMNS);
    let rows = list_in!(tx, ProjectRow, &before, wanted, "ORDER BY p.id");
    let mut funding = funding_lines::list(tx, Which::These(wanted)).await?;
    let mut marks = photo_marks::list_declared(tx, Which::These(wanted)).await?;
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

/// Locks a project's row to the end of the transaction, so that what is decided on it holds. SQLite's write lock does already.
/// Other rows may go on naming it: who gathers findings holds a lock that its holder may be waiting for.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<()> {
    lock_many(tx, &[id]).await
}

/// As [`lock`], in the order of ids, so that two holders do not wait for each other in a ring.
pub async fn lock_many(tx: &mut Tx, sorted: &[Uuid]) -> Result<()> {
    if tx.is_postgres() {
        list_in!(tx, (Uuid,), "SELECT id FROM projects WHERE id", sorted, "ORDER BY id FOR NO KEY UPDATE");
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
