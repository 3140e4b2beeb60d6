//! The facts of all projects for the Atlas at start, on SQLite: a thousand projects in one row of JSON.
//!
//! SQLite runs in a thread of its own that hands over every row and every value by itself: for the 300,000 rows of
//! 100,000 projects that costs four times what reading them does. PostgreSQL sends rows in packets: see `project_facts`.
//!
//! SQLite writes a number with 15 digits. Where they are not all of it (0.1 + 0.2), the project is read by its rows:
//! verdicts are remembered under a digest of the facts, so they must be the same to the last bit whoever reads them.

use super::footprints::CurrentPartRow;
use super::project_facts::{self, FactsRow, Hung, VillageNames, facts, readable};
use super::projects::FundingRow;
use super::{Result, StoreError, Tx, merges};
use crate::domain::facts::Facts;
use crate::domain::names::Names;
use serde::Deserialize;
use std::collections::HashMap;
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
    let mut inexact = Vec::new();
    while let Some((page, end)) = read_page(tx, after, last).await? {
        let items: Vec<Item> =
            serde_json::from_str(&page).map_err(|_| StoreError::Corrupt("a row on the page of projects", end))?;
        let continued: Vec<Uuid> = items.iter().filter_map(|item| item.project.continues_id).collect();
        let standing = if continued.is_empty() { HashMap::new() } else { merges::standing_of(tx, &continued).await? };
        let mut exact = Vec::with_capacity(items.len());
        for mut item in items {
            item.marks.sort_unstable();
            let project = &mut item.project;
            project.continues_id = project.continues_id.map(|id| standing.get(&id).copied().unwrap_or(id));
            let hung = Hung {
                funding: in_order(item.funding).map(Into::into).collect(),
                photo_marks: item.marks,
                parts: in_order(item.parts).collect(),
            };
            let Some(facts) = readable(facts(villages, &mut names, item.project, hung))? else { continue };
            if is_exact(&facts) { exact.push(facts) } else { inexact.push(facts.id) }
        }
        take(exact);
        after = end;
    }
    if !inexact.is_empty() {
        take(project_facts::find_many(tx, villages, &inexact).await?);
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

/// A number as text, all of whose digits are there; `?` where 15 are too few. Most are whole, and those are written fastest.
macro_rules! exact {
    ($column:literal) => {
        concat!(
            "CASE WHEN ",
            $column,
            " IS NULL THEN NULL WHEN ",
            $column,
            " = CAST(",
            $column,
            " AS INTEGER) THEN CAST(CAST(",
            $column,
            " AS INTEGER) AS TEXT) WHEN CAST(CAST(",
            $column,
            " AS TEXT) AS REAL) = ",
            $column,
            " THEN CAST(",
            $column,
            " AS TEXT) ELSE '?' END"
        )
    };
}

/// The next page and the last id on it; `None` behind the last page. A project without photos, as most are at first, costs
/// no table of their marks.
async fn read_page(tx: &mut Tx, after: Uuid, last: Uuid) -> Result<Option<(String, Uuid)>> {
    const ROWS: &str = concat!(
        "SELECT json_group_array(json_array(
            json_array(hex(p.id), p.title, hex(p.village_id), p.activity_code, p.fiscal_year, p.status, p.authority,
                e.name, a.name, p.hamlet, p.rt, p.rw, o.name, ",
        exact!("p.volume"),
        ", p.volume_unit, CASE WHEN p.continues_id IS NOT NULL THEN hex(p.continues_id) END, p.budget_rupiah),
            (SELECT json_group_array(json_array(l.number, json_array(l.fund, l.amount_rupiah, l.budget_line,
                    l.contract_number, l.segment_part, ",
        exact!("l.segment_from_m"),
        ", ",
        exact!("l.segment_to_m"),
        "))) FROM funding_lines l WHERE l.project_id = p.id),
            CASE WHEN EXISTS (SELECT 1 FROM photo_marks m WHERE m.project_id = p.id)
                    OR EXISTS (SELECT 1 FROM progress_reports r WHERE r.project_id = p.id)
                THEN (SELECT json_group_array(k.mark) FROM (
                    SELECT m.mark AS mark FROM photo_marks m WHERE m.project_id = p.id
                    UNION SELECT h.sha256 FROM progress_reports r JOIN photos h ON h.report_id = r.id
                        WHERE r.project_id = p.id AND h.sha256 IS NOT NULL) k)
                ELSE json_array() END,
            (SELECT json_group_array(json_array(t.number, json_array(f.how, t.label, ",
        exact!("t.accuracy_m"),
        ", hex(t.geometry)))) FROM footprints f JOIN footprint_parts t ON t.footprint_id = f.id
                WHERE f.project_id = p.id AND f.version = p.footprint_version))), MAX(p.id)
        FROM (SELECT id, title, village_id, activity_code, fiscal_year, status, authority, executor_id, agreement_id, hamlet,
                rt, rw, volume, volume_unit, continues_id, budget_rupiah, footprint_version
              FROM projects WHERE id > $1 AND id <= $2 AND withdrawn_at IS NULL AND merged_into_id IS NULL
              ORDER BY id LIMIT $3) p
        LEFT JOIN executors e ON e.id = p.executor_id
        LEFT JOIN agreements a ON a.id = p.agreement_id
        LEFT JOIN project_people o ON o.project_id = p.id AND o.part = 'owner'"
    );
    if tx.is_postgres() {
        return Ok(None);
    }
    let (page, end) = super::sql!(tx, ROWS, [after, last, PAGE], fetch_one as (String, Option<Uuid>))?;
    Ok(end.map(|end| (page, end)))
}

/// Whether all digits of all numbers came with the page.
fn is_exact(facts: &Facts) -> bool {
    let segments = facts.funding.iter().filter_map(|line| line.segment.as_deref()).flat_map(|s| [s.from_m, s.to_m]);
    let mut numbers = facts.volume.into_iter().chain(segments).chain(facts.parts.iter().map(|part| part.accuracy_m));
    !numbers.any(f64::is_nan)
}
