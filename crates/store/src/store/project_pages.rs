//! The facts of all projects for the Atlas at start, on SQLite: a thousand projects in one row of JSON.
//!
//! SQLite runs in a thread of its own that hands over every row and every value by itself: for the 300,000 rows of
//! 100,000 projects that costs four times what reading them does. PostgreSQL sends rows in packets: see `project_facts`.
//!
//! A project that is not written to the last bit, or cannot be read here, is read from its rows: verdicts are kept
//! under a digest of the facts, so both ways must give the same facts, and faults of a row are reported in one place.

use super::footprints::CurrentPartRow;
use super::funding_lines::FundingRow;
use super::project_facts::{self, FactsRow, NAMES, ProjectChildren, VillageNames, facts, readable};
use super::sql::Columns;
use super::{Result, StoreError, Tx, list, merges};
use crate::domain::facts::Facts;
use crate::domain::names::Names;
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

/// Projects in one row.
const PAGE: i64 = 1_000;

/// How many projects there are, those that stand no more among them.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM projects";
    Ok(super::sql!(tx, COUNT, [], fetch_one as (i64,))?.0)
}

/// Ids behind which the parts of this many about equal shares of all projects begin, the first one aside.
pub async fn list_splits(tx: &mut Tx, count: i64, shares: i64) -> Result<Vec<Uuid>> {
    const NTH: &str = "SELECT id FROM projects ORDER BY id LIMIT 1 OFFSET $1";
    let mut splits = Vec::new();
    for share in 1..shares {
        splits.extend(super::sql!(tx, NTH, [count * share / shares], fetch_optional as (Uuid,))?.map(|(id,)| id));
    }
    Ok(splits)
}

/// Gives the facts of the standing projects behind `after` up to `last` by id to `take`, page by page. Nothing on PostgreSQL.
pub async fn read_between(
    tx: &mut Tx,
    villages: &VillageNames,
    mut after: Uuid,
    last: Uuid,
    mut take: impl FnMut(Vec<Facts>),
) -> Result<()> {
    let mut names = Names::default();
    let mut by_rows = Vec::new();
    while let Some((page, end)) = read_page(tx, after, last).await? {
        let page: Vec<(Uuid, &RawValue)> =
            serde_json::from_str(&page).map_err(|_| StoreError::Corrupt("a row on the page of projects", end))?;
        let mut items = Vec::with_capacity(page.len());
        for (id, item) in page {
            match serde_json::from_str::<Item>(item.get()) {
                Ok(item) => items.push(item),
                Err(_) => by_rows.push(id),
            }
        }
        let continued: Vec<Uuid> = items.iter().filter_map(|item| item.project.continues_id).collect();
        let standing = merges::standing_of(tx, &continued).await?;
        let mut read = Vec::with_capacity(items.len());
        for mut item in items {
            item.marks.sort_unstable();
            let project = &mut item.project;
            project.continues_id = project.continues_id.map(|id| standing.get(&id).copied().unwrap_or(id));
            let children = ProjectChildren {
                funding: in_order(item.funding).map(Into::into).collect(),
                photo_marks: item.marks,
                parts: in_order(item.parts).collect(),
            };
            read.extend(readable(facts(villages, &mut names, item.project, children))?);
        }
        take(read);
        after = end;
    }
    if !by_rows.is_empty() {
        take(project_facts::find_many(tx, villages, &by_rows).await?);
    }
    Ok(())
}

/// One project of a page: an array of these four.
#[derive(Deserialize)]
struct Item {
    project: FactsRow,
    funding: Vec<Numbered<FundingRow>>,
    marks: Vec<String>,
    parts: Vec<Numbered<CurrentPartRow>>,
}

type Numbered<T> = (i64, T);

/// Sorted here: an ORDER BY within each of the small lists makes SQLite build a table for every one of them.
fn in_order<T>(mut numbered: Vec<Numbered<T>>) -> impl Iterator<Item = T> {
    numbered.sort_unstable_by_key(|(number, _)| *number);
    numbered.into_iter().map(|(_, row)| row)
}

/// The next page and the last id on it; `None` behind the last page. A project without photos, as most are at first, costs
/// no table of their marks.
async fn read_page(tx: &mut Tx, after: Uuid, last: Uuid) -> Result<Option<(String, Uuid)>> {
    if tx.is_postgres() {
        return Ok(None);
    }
    let (project, line, part) = (FactsRow::json_array(), FundingRow::json_array(), CurrentPartRow::json_array());
    let item = format!(
        "json_array({project},
            (SELECT json_group_array(json_array(l.number, {line})) FROM funding_lines l WHERE l.project_id = p.id),
            CASE WHEN EXISTS (SELECT 1 FROM photo_marks m WHERE m.project_id = p.id)
                    OR EXISTS (SELECT 1 FROM progress_reports r WHERE r.project_id = p.id)
                THEN (SELECT json_group_array(k.mark) FROM (
                    SELECT m.mark AS mark FROM photo_marks m WHERE m.project_id = p.id
                    UNION SELECT h.sha256 FROM progress_reports r JOIN photos h ON h.report_id = r.id
                        WHERE r.project_id = p.id AND h.sha256 IS NOT NULL) k)
                ELSE json_array() END,
            (SELECT json_group_array(json_array(t.number, {part}))
                FROM footprints f JOIN footprint_parts t ON t.footprint_id = f.id
                WHERE f.project_id = p.id AND f.version = p.footprint_version))"
    );
    let rows = list!(tx, (String, Option<Uuid>), |q| {
        q.push("SELECT json_group_array(json_array(hex(p.id), ")
            .push(&item)
            .push(")), MAX(p.id) FROM (SELECT * FROM projects WHERE id > ")
            .push_bind(after)
            .push(" AND id <= ")
            .push_bind(last)
            .push(" AND withdrawn_at IS NULL AND merged_into_id IS NULL ORDER BY id LIMIT ")
            .push_bind(PAGE)
            .push(") p")
            .push(NAMES);
    })?;
    Ok(rows.into_iter().find_map(|(page, end)| Some((page, end?))))
}
