//! The facts of projects for the Atlas: all of them in one ordered pass at start, a few after a change.

use super::footprints::{CurrentPartRow, current_part_rows, from_wkb};
use super::projects::{parse_activity, parse_authority};
use super::sql::{Columns, OfProject};
use super::{Result, StoreError, Tx, Which, columns, funding_lines, list, list_in, merges, photo_marks, sql};
use crate::domain::facts::{Facts, FundingFact};
use crate::domain::footprint::{How, Part};
use crate::domain::names::Names;
use crate::domain::project::{FundingLine, Status};
use geo::Geometry;
use std::collections::HashMap;
use std::sync::Arc;
use tracing::error;
use uuid::Uuid;

columns! {
    /// A project without what hangs on it.
    #[derive(sqlx::FromRow, serde::Deserialize)]
    pub(super) struct FactsRow {
        id: Uuid = "p.id",
        title: String = "p.title",
        village_id: Uuid = "p.village_id",
        activity_code: Option<String> = "p.activity_code",
        fiscal_year: i64 = "p.fiscal_year",
        status: String = "p.status",
        authority: Option<String> = "p.authority",
        executor: Option<String> = "e.name",
        agreement: Option<String> = "a.name",
        hamlet: Option<String> = "p.hamlet",
        rt: Option<String> = "p.rt",
        rw: Option<String> = "p.rw",
        owner: Option<String> = "o.name",
        #[serde(deserialize_with = "super::exact_json::some_number")]
        volume: Option<f64> = "p.volume",
        volume_unit: Option<String> = "p.volume_unit",
        pub(super) continues_id: Option<Uuid> = "p.continues_id",
        budget_rupiah: Option<i64> = "p.budget_rupiah",
    }
}

/// The tables of [`FactsRow`] beside that of the projects.
pub(super) const NAMES: &str = " LEFT JOIN executors e ON e.id = p.executor_id
    LEFT JOIN agreements a ON a.id = p.agreement_id
    LEFT JOIN project_people o ON o.project_id = p.id AND o.part = 'owner'";
/// Of these, those that are neither withdrawn nor merged.
const STANDING: &str = " AND p.withdrawn_at IS NULL AND p.merged_into_id IS NULL";

fn select() -> String {
    format!("SELECT {} FROM projects p{NAMES}", FactsRow::COLUMNS)
}

/// Village code and name of today by id.
pub type VillageNames = HashMap<Uuid, (Arc<str>, Arc<str>)>;

/// Today's code and name of every village. No limit: the villages of the country.
pub async fn village_names(tx: &mut Tx) -> Result<VillageNames> {
    const LIST: &str = "SELECT region_id, code, name FROM region_versions WHERE level = 'village' AND valid_to IS NULL";
    Ok(sql!(tx, LIST, [], fetch_all as (Uuid, String, String))?
        .into_iter()
        .map(|(id, code, name)| (id, (code.into(), name.into())))
        .collect())
}

/// The facts of projects that stand (neither withdrawn nor merged), behind `after` by id, at most `limit`.
/// Names are kept in `names`, which the whole pass shares.
pub async fn list_after(
    tx: &mut Tx,
    villages: &VillageNames,
    names: &mut Names,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Facts>> {
    let rows = list!(tx, FactsRow, |q| {
        q.push(select())
            .push(" WHERE p.id > ")
            .push_bind(after)
            .push(STANDING)
            .push(" ORDER BY p.id LIMIT ")
            .push_bind(limit);
    })?;
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(Vec::new()) };
    complete(tx, villages, names, rows, Which::Between(after, last)).await
}

/// The facts of those of these projects that stand.
pub async fn find_many(tx: &mut Tx, villages: &VillageNames, wanted: &[Uuid]) -> Result<Vec<Facts>> {
    find_where(tx, villages, wanted, STANDING).await
}

/// The facts of these projects, of those too that were merged into another since.
pub async fn find_merged_too(tx: &mut Tx, villages: &VillageNames, wanted: &[Uuid]) -> Result<Vec<Facts>> {
    find_where(tx, villages, wanted, " AND p.withdrawn_at IS NULL").await
}

async fn find_where(
    tx: &mut Tx,
    villages: &VillageNames,
    wanted: &[Uuid],
    condition: &'static str,
) -> Result<Vec<Facts>> {
    let before = format!("{} WHERE p.id", select());
    let rows = list_in!(tx, FactsRow, &before, wanted, |q| {
        q.push(condition).push(" ORDER BY p.id");
    });
    complete(tx, villages, &mut Names::default(), rows, Which::These(wanted)).await
}

async fn complete(
    tx: &mut Tx,
    villages: &VillageNames,
    names: &mut Names,
    rows: Vec<FactsRow>,
    which: Which<'_>,
) -> Result<Vec<Facts>> {
    let mut funding = funding_lines::list(tx, which).await?;
    let mut marks = photo_marks::list_all(tx, which).await?;
    let continued: Vec<Uuid> = rows.iter().filter_map(|row| row.continues_id).collect();
    let standing = merges::standing_of(tx, &continued).await?;
    let mut parts: HashMap<Uuid, Vec<CurrentPartRow>> = HashMap::with_capacity(rows.len());
    for OfProject { project_id, row } in current_part_rows(tx, which).await? {
        parts.entry(project_id).or_insert_with(|| Vec::with_capacity(1)).push(row);
    }
    rows.into_iter()
        .filter_map(|mut row| {
            let id = row.id;
            row.continues_id = row.continues_id.map(|id| standing.get(&id).copied().unwrap_or(id));
            let children = ProjectChildren {
                funding: funding.remove(&id).unwrap_or_default(),
                photo_marks: marks.remove(&id).unwrap_or_default(),
                parts: parts.remove(&id).unwrap_or_default(),
            };
            readable(facts(villages, names, row, children)).transpose()
        })
        .collect()
}

/// Leaves out a project one of whose rows cannot be read: it must not keep all others away. Its screening is given up, where
/// an administrator sees it.
pub(super) fn readable(facts: Result<Facts>) -> Result<Option<Facts>> {
    match facts {
        Err(StoreError::Corrupt(column, id)) => {
            error!(project.id = %id, "the project {id} is left out: its {column} cannot be read");
            Ok(None)
        }
        other => other.map(Some),
    }
}

/// The rows of other tables that belong to a project.
pub(super) struct ProjectChildren {
    pub funding: Vec<FundingLine>,
    pub photo_marks: Vec<String>,
    pub parts: Vec<CurrentPartRow>,
}

/// The facts of one project from its rows.
pub(super) fn facts(
    villages: &VillageNames,
    names: &mut Names,
    row: FactsRow,
    children: ProjectChildren,
) -> Result<Facts> {
    const COLUMN: &str = "footprint_parts.geometry";
    let id = row.id;
    let how = children.parts.first().map(|part| How::parse(&part.how).ok_or(StoreError::Corrupt("footprints.how", id)));
    let parts = children.parts.into_iter().map(|part| {
        let geometry = from_wkb(&part.geometry, COLUMN, id)?;
        // Multi-geometries are taken apart before they are stored.
        if !matches!(geometry, Geometry::Point(_) | Geometry::LineString(_) | Geometry::Polygon(_)) {
            return Err(StoreError::Corrupt(COLUMN, id));
        }
        Ok(Part { label: part.label, accuracy_m: part.accuracy_m, geometry }.shrunk())
    });
    let village = villages.get(&row.village_id).cloned();
    let (village_code, village_name) = village.unwrap_or_else(|| (names.keep(""), names.keep("")));
    let fiscal_year = i32::try_from(row.fiscal_year).map_err(|_| StoreError::Corrupt("projects.fiscal_year", id))?;
    Ok(Facts {
        id,
        title: row.title.into(),
        village_id: Some(row.village_id),
        village_code,
        village_name,
        activity_code: parse_activity(row.activity_code.as_deref(), id)?,
        fiscal_year: Some(fiscal_year),
        status: Some(Status::parse(&row.status).ok_or(StoreError::Corrupt("projects.status", id))?),
        authority: parse_authority(row.authority.as_deref(), id)?,
        executor: names.keep_some(row.executor),
        agreement: names.keep_some(row.agreement),
        hamlet: names.keep_some(row.hamlet),
        rt: names.keep_some(row.rt),
        rw: names.keep_some(row.rw),
        owner: row.owner.map(Into::into),
        volume: row.volume,
        volume_unit: names.keep_some(row.volume_unit),
        continues: row.continues_id.map(Box::new),
        budget_rupiah: row.budget_rupiah,
        funding: children.funding.into_iter().map(|line| FundingFact::new(line, |fund| names.keep(fund))).collect(),
        photo_marks: children.photo_marks.into(),
        listed: None,
        how: how.transpose()?,
        parts: parts.collect::<Result<_>>()?,
    })
}

/// The standing projects of these villages, by id.
pub async fn ids_in_villages(tx: &mut Tx, villages: &[Uuid]) -> Result<Vec<Uuid>> {
    const IDS: &str = "SELECT id FROM projects WHERE withdrawn_at IS NULL AND merged_into_id IS NULL AND village_id";
    let all = list_in!(tx, (Uuid,), IDS, villages, "ORDER BY id");
    Ok(all.into_iter().map(|(id,)| id).collect())
}

/// Those of these projects that stand and of which a row cannot be read.
pub async fn find_unreadable(tx: &mut Tx, projects: &[Uuid]) -> Result<Vec<Uuid>> {
    const STANDING: &str = "SELECT id FROM projects WHERE withdrawn_at IS NULL AND merged_into_id IS NULL AND id";
    let mut standing: Vec<Uuid> = list_in!(tx, (Uuid,), STANDING, projects).into_iter().map(|(id,)| id).collect();
    let read = find_many(tx, &VillageNames::new(), &standing).await?;
    standing.retain(|id| read.iter().all(|facts| facts.id != *id));
    Ok(standing)
}

/// How many projects stand.
pub async fn count_standing(tx: &mut Tx) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM projects WHERE withdrawn_at IS NULL AND merged_into_id IS NULL";
    Ok(sql!(tx, COUNT, [], fetch_one as (i64,))?.0)
}

/// Every project that stands. No limit: the Atlas holds each of them in memory, with more than its id.
pub async fn list_standing(tx: &mut Tx) -> Result<Vec<Uuid>> {
    const LIST: &str = "SELECT id FROM projects WHERE withdrawn_at IS NULL AND merged_into_id IS NULL";
    Ok(sql!(tx, LIST, [], fetch_all as (Uuid,))?.into_iter().map(|(id,)| id).collect())
}

/// Every village that has standing projects, in order. No limit: the villages of the country.
pub async fn villages_with_any_project(tx: &mut Tx) -> Result<Vec<Uuid>> {
    const LIST: &str = "SELECT DISTINCT village_id FROM projects
        WHERE withdrawn_at IS NULL AND merged_into_id IS NULL ORDER BY village_id";
    Ok(sql!(tx, LIST, [], fetch_all as (Uuid,))?.into_iter().map(|(id,)| id).collect())
}

/// Those of these villages that have standing projects.
pub async fn villages_with_projects(tx: &mut Tx, villages: &[Uuid]) -> Result<Vec<Uuid>> {
    const LIST: &str = "SELECT DISTINCT village_id FROM projects
        WHERE withdrawn_at IS NULL AND merged_into_id IS NULL AND village_id";
    let found = list_in!(tx, (Uuid,), LIST, villages);
    Ok(found.into_iter().map(|(id,)| id).collect())
}
