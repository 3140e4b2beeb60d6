//! The facts of projects for the Atlas: all of them in one ordered pass at start, a few after a change.

use super::footprints::{current_part_rows, from_wkb};
use super::projects::{list_funding, list_marks, parse_activity, parse_authority};
use super::{Result, StoreError, Tx, Which, list, merges, sql};
use crate::domain::facts::{Facts, Paid};
use crate::domain::footprint::{How, Part};
use crate::domain::names::Names;
use crate::domain::project::Status;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct FactsRow {
    id: Uuid,
    title: String,
    village_id: Uuid,
    activity_code: Option<String>,
    fiscal_year: i64,
    status: String,
    authority: Option<String>,
    executor: Option<String>,
    agreement: Option<String>,
    hamlet: Option<String>,
    rt: Option<String>,
    rw: Option<String>,
    owner: Option<String>,
    volume: Option<f64>,
    volume_unit: Option<String>,
    continues_id: Option<Uuid>,
    budget_rupiah: Option<i64>,
}

const FACTS: &str = "SELECT p.id AS id, p.title AS title, p.village_id AS village_id, p.activity_code AS activity_code,
        p.fiscal_year AS fiscal_year, p.status AS status, p.authority AS authority, e.name AS executor,
        a.name AS agreement, p.hamlet AS hamlet, p.rt AS rt, p.rw AS rw, o.name AS owner,
        p.volume AS volume, p.volume_unit AS volume_unit, p.continues_id AS continues_id, p.budget_rupiah AS budget_rupiah
    FROM projects p
    LEFT JOIN executors e ON e.id = p.executor_id
    LEFT JOIN agreements a ON a.id = p.agreement_id
    LEFT JOIN project_people o ON o.project_id = p.id AND o.part = 'owner'
    WHERE p.withdrawn_at IS NULL AND p.merged_into_id IS NULL";

/// Village code and name of today by id.
pub type VillageNames = HashMap<Uuid, (Arc<str>, Arc<str>)>;

/// Today's code and name of every village.
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
        q.push(FACTS).push(" AND p.id > ").push_bind(after).push(" ORDER BY p.id LIMIT ").push_bind(limit);
    })?;
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(Vec::new()) };
    complete(tx, villages, names, rows, Which::Between(after, last)).await
}

/// The facts of those of these projects that stand.
pub async fn find_many(tx: &mut Tx, villages: &VillageNames, wanted: &[Uuid]) -> Result<Vec<Facts>> {
    let (mut all, mut names) = (Vec::with_capacity(wanted.len()), Names::default());
    for chunk in wanted.chunks(500) {
        let rows = list!(tx, FactsRow, |q| {
            q.push(FACTS).push(" AND p.id IN (");
            let mut ids = q.separated(", ");
            for id in chunk {
                ids.push_bind(*id);
            }
            q.push(") ORDER BY p.id");
        })?;
        all.extend(complete(tx, villages, &mut names, rows, Which::These(chunk)).await?);
    }
    Ok(all)
}

async fn complete(
    tx: &mut Tx,
    villages: &VillageNames,
    names: &mut Names,
    rows: Vec<FactsRow>,
    which: Which<'_>,
) -> Result<Vec<Facts>> {
    let mut funding = list_funding(tx, which).await?;
    let mut marks = list_marks(tx, which).await?;
    let continued: Vec<Uuid> = rows.iter().filter_map(|row| row.continues_id).collect();
    let standing = merges::standing_of(tx, &continued).await?;
    let mut parts: HashMap<Uuid, (How, Vec<Part>)> = HashMap::with_capacity(rows.len());
    for row in current_part_rows(tx, which).await? {
        let how = How::parse(&row.how).ok_or(StoreError::Corrupt("footprints.how", row.project_id))?;
        let geometry = from_wkb(&row.geometry, "footprint_parts.geometry", row.project_id)?;
        let part = Part { label: row.label, accuracy_m: row.accuracy_m, geometry }.shrunk();
        parts.entry(row.project_id).or_insert_with(|| (how, Vec::with_capacity(1))).1.push(part);
    }
    rows.into_iter()
        .map(|row| {
            let id = row.id;
            let (how, parts) = parts.remove(&id).map_or((None, Vec::new()), |(how, parts)| (Some(how), parts));
            let village = villages.get(&row.village_id).cloned();
            let (village_code, village_name) = village.unwrap_or_else(|| (names.keep(""), names.keep("")));
            Ok(Facts {
                id,
                title: row.title.into(),
                village_id: Some(row.village_id),
                village_code,
                village_name,
                activity_code: parse_activity(row.activity_code.as_deref(), id)?,
                fiscal_year: Some(
                    i32::try_from(row.fiscal_year).map_err(|_| StoreError::Corrupt("projects.fiscal_year", id))?,
                ),
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
                continues: row.continues_id.map(|id| standing.get(&id).copied().unwrap_or(id)),
                budget_rupiah: row.budget_rupiah,
                funding: funding
                    .remove(&id)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|line| Paid::of(line, |fund| names.keep(fund)))
                    .collect(),
                photo_marks: marks.remove(&id).unwrap_or_default().into(),
                how,
                parts: parts.into(),
            })
        })
        .collect()
}

/// The standing projects of these villages, by id.
pub async fn ids_in_villages(tx: &mut Tx, villages: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut all = Vec::new();
    for chunk in villages.chunks(500) {
        all.extend(list!(tx, (Uuid,), |q| {
            q.push("SELECT id FROM projects WHERE withdrawn_at IS NULL AND merged_into_id IS NULL AND village_id IN (");
            let mut ids = q.separated(", ");
            for id in chunk {
                ids.push_bind(*id);
            }
            q.push(") ORDER BY id");
        })?);
    }
    Ok(all.into_iter().map(|(id,)| id).collect())
}

/// Every village that has standing projects, in order.
pub async fn villages_with_any_project(tx: &mut Tx) -> Result<Vec<Uuid>> {
    const LIST: &str = "SELECT DISTINCT village_id FROM projects
        WHERE withdrawn_at IS NULL AND merged_into_id IS NULL ORDER BY village_id";
    Ok(sql!(tx, LIST, [], fetch_all as (Uuid,))?.into_iter().map(|(id,)| id).collect())
}

/// Those of these villages that have standing projects.
pub async fn villages_with_projects(tx: &mut Tx, villages: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut found = Vec::new();
    for chunk in villages.chunks(500) {
        found.extend(list!(tx, (Uuid,), |q| {
            q.push("SELECT DISTINCT village_id FROM projects WHERE withdrawn_at IS NULL AND merged_into_id IS NULL AND village_id IN (");
            let mut ids = q.separated(", ");
            for id in chunk {
                ids.push_bind(*id);
            }
            q.push(")");
        })?);
    }
    Ok(found.into_iter().map(|(id,)| id).collect())
}
