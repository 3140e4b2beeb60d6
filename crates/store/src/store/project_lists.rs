//! Lists of projects: every one carries the caller's sight into SQL and pages by key. What the caller may not see is neither
//! looked for nor compared: a grant house stands at its village's centre, under the title that is shown.

use super::finding_sight::listed_with_projects;
use super::projects::parse_authority;
use super::sight::{in_regions, shows_place, within};
use super::{Result, StoreError, Tx, Which, funding_lines, list, list_in, newest_first, sql};
use crate::domain::project::{ProjectSummary, Sensitivity, Status, VillageRef};
use crate::domain::scope::{Scope, Sight};
use std::collections::HashSet;
use uuid::Uuid;

/// The filter of a list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Folded text that the title holds, as it is shown.
    pub title_key: Option<String>,
    /// Or the number on its board.
    pub public_id: Option<String>,
    pub year: Option<i64>,
    pub village_id: Option<Uuid>,
    pub status: Option<Status>,
    /// Those that were withdrawn, instead of those that stand.
    pub withdrawn: bool,
    /// West, south, east, north: what touches this box as it is shown.
    pub bbox: Option<[f64; 4]>,
}

#[derive(sqlx::FromRow)]
struct SummaryRow {
    id: Uuid,
    public_id: String,
    title: String,
    shown_title: Option<String>,
    village_id: Uuid,
    village_code: String,
    village_name: String,
    district: Option<String>,
    activity_code: Option<String>,
    fiscal_year: i64,
    status: String,
    authority: Option<String>,
    budget_rupiah: Option<i64>,
    percent: Option<f64>,
    open_findings: i64,
    open_alerts: i64,
    lon: Option<f64>,
    lat: Option<f64>,
    village_lon: Option<f64>,
    village_lat: Option<f64>,
    withdrawn_at: Option<String>,
    merged_into_id: Option<Uuid>,
    updated_at: String,
    sensitivity: String,
}

impl SummaryRow {
    fn parse(self, funds: Vec<String>) -> Result<ProjectSummary> {
        let id = self.id;
        Ok(ProjectSummary {
            id,
            public_id: self.public_id,
            title: self.title,
            shown_title: self.shown_title,
            village: VillageRef {
                id: self.village_id,
                code: self.village_code,
                name: self.village_name,
                district: self.district.unwrap_or_default(),
            },
            activity_code: self.activity_code,
            fiscal_year: self.fiscal_year,
            status: Status::parse(&self.status).ok_or(StoreError::Corrupt("projects.status", id))?,
            authority: parse_authority(self.authority.as_deref(), id)?,
            budget_rupiah: self.budget_rupiah,
            funds,
            percent: self.percent,
            open_findings: self.open_findings,
            open_alerts: self.open_alerts,
            centre: self.lon.zip(self.lat).map(|(lon, lat)| [lon, lat]),
            village_centre: self.village_lon.zip(self.village_lat).map(|(lon, lat)| [lon, lat]),
            withdrawn: self.withdrawn_at.is_some(),
            merged_into: self.merged_into_id,
            updated_at: self.updated_at,
            sensitivity: Sensitivity::parse(&self.sensitivity)
                .ok_or(StoreError::Corrupt("projects.sensitivity", id))?,
        })
    }
}

const SUMMARY: &str = concat!(
    "SELECT p.id AS id, p.public_id AS public_id, p.title AS title, p.shown_title AS shown_title,
        p.village_id AS village_id, v.code AS village_code, v.name AS village_name, d.name AS district, p.activity_code AS activity_code,
        p.fiscal_year AS fiscal_year, p.status AS status, p.authority AS authority, p.budget_rupiah AS budget_rupiah,
        p.percent AS percent,
        (SELECT COUNT(*) FROM finding_members m JOIN findings g ON g.id = m.finding_id
          WHERE m.project_id = p.id AND g.state = 'open' AND ",
    listed_with_projects!(),
    ") AS open_findings,
        (SELECT COUNT(*) FROM finding_members m JOIN findings g ON g.id = m.finding_id
          WHERE m.project_id = p.id AND g.state = 'open' AND g.severity = 'alert' AND ",
    listed_with_projects!(),
    ") AS open_alerts,
        (f.west + f.east) / 2 AS lon, (f.south + f.north) / 2 AS lat, v.centre_lon AS village_lon, v.centre_lat AS village_lat,
        p.withdrawn_at AS withdrawn_at, p.merged_into_id AS merged_into_id, p.updated_at AS updated_at,
        p.sensitivity AS sensitivity
    FROM projects p
    JOIN region_versions v ON v.region_id = p.village_id AND v.valid_to IS NULL
    LEFT JOIN region_versions d ON d.region_id = v.parent_id AND d.valid_to IS NULL
    LEFT JOIN footprints f ON f.project_id = p.id AND f.version = p.footprint_version"
);

/// Adds the ids of all projects that a window may show, and of some that it does not: by the edges of their footprints, or of
/// houses by their villages' centres. Both are found by an index: a footprint in the window begins no further south of it than
/// the tallest of all is tall.
macro_rules! near_window {
    ($q:ident, $window:expr) => {
        let [west, south, east, north]: [f64; 4] = $window;
        $q.push("(SELECT b.project_id FROM footprints b WHERE b.south <= ").push_bind(north);
        $q.push(" AND b.south >= ").push_bind(south);
        $q.push(" - (SELECT MAX(t.north - t.south) FROM footprints t) - 1e-9 AND b.north >= ").push_bind(south);
        $q.push(" AND b.west <= ").push_bind(east).push(" AND b.east >= ").push_bind(west);
        $q.push(" UNION ALL SELECT h.id FROM region_versions c JOIN projects h ON h.village_id = c.region_id");
        $q.push(" WHERE c.valid_to IS NULL AND h.sensitivity = 'hamlet' AND c.centre_lat BETWEEN ").push_bind(south);
        $q.push(" AND ").push_bind(north).push(" AND c.centre_lon BETWEEN ").push_bind(west);
        $q.push(" AND ").push_bind(east).push(")");
    };
}
pub(super) use near_window;

/// Adds sight and filter to a query whose `p`, `v` and `f` are project, village and footprint.
macro_rules! narrow {
    ($q:ident, $sight:expr, $filter:expr) => {
        let (sight, filter): (&Sight, &Filter) = ($sight, $filter);
        // What was withdrawn is seen where it was registered.
        let scope = if filter.withdrawn { &sight.whole } else { &sight.listed };
        $q.push(if filter.withdrawn {
            " WHERE p.withdrawn_at IS NOT NULL"
        } else {
            " WHERE p.withdrawn_at IS NULL AND p.merged_into_id IS NULL"
        });
        if *scope != Scope::all() {
            $q.push(" AND ");
            within!($q, "v", scope);
        }
        if let Some(year) = filter.year {
            $q.push(" AND p.fiscal_year = ").push_bind(year);
        }
        if let Some(village) = filter.village_id {
            $q.push(" AND p.village_id = ").push_bind(village);
        }
        if let Some(status) = filter.status {
            $q.push(" AND p.status = ").push_bind(status.as_str());
        }
        if let Some(key) = &filter.title_key {
            $q.push(" AND (CASE WHEN ");
            shows_place!($q, sight.whole);
            $q.push(" THEN p.title_key ELSE p.shown_title_key END LIKE ").push_bind(format!("%{key}%"));
            if let Some(number) = &filter.public_id {
                $q.push(" OR p.public_id = ").push_bind(number.clone());
            }
            $q.push(")");
        }
        if let Some([west, south, east, north]) = filter.bbox {
            $q.push(" AND p.id IN ");
            near_window!($q, [west, south, east, north]);
            for (edge, centre, is, bound) in [
                ("f.west", "v.centre_lon", " <= ", east),
                ("f.east", "v.centre_lon", " >= ", west),
                ("f.south", "v.centre_lat", " <= ", north),
                ("f.north", "v.centre_lat", " >= ", south),
            ] {
                $q.push(" AND CASE WHEN ");
                shows_place!($q, sight.whole);
                $q.push(" THEN ").push(edge).push(" ELSE ").push(centre).push(" END").push(is).push_bind(bound);
            }
        }
    };
}

/// Projects that stand, newest change first; `after` is the (updated_at, id) last seen.
pub async fn list_recent(
    tx: &mut Tx,
    sight: &Sight,
    filter: &Filter,
    after: Option<&(String, Uuid)>,
    limit: i64,
) -> Result<Vec<ProjectSummary>> {
    let rows = list!(tx, SummaryRow, |q| {
        q.push(SUMMARY);
        narrow!(q, sight, filter);
        newest_first!(q, "p.updated_at", "p.id", after, limit);
    })?;
    with_funds(tx, rows).await
}

/// Projects for the map, by id; `after` is the id last seen.
pub async fn list_for_map(
    tx: &mut Tx,
    sight: &Sight,
    filter: &Filter,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<ProjectSummary>> {
    let rows = list!(tx, SummaryRow, |q| {
        q.push(SUMMARY);
        narrow!(q, sight, filter);
        q.push(" AND p.footprint_version > 0");
        if let Some(id) = after {
            q.push(" AND p.id > ").push_bind(id);
        }
        q.push(" ORDER BY p.id LIMIT ").push_bind(limit);
    })?;
    rows.into_iter().map(|row| row.parse(Vec::new())).collect()
}

/// These projects in short, withdrawn and merged ones too, in the order asked for.
pub async fn find_many(tx: &mut Tx, wanted: &[Uuid]) -> Result<Vec<ProjectSummary>> {
    let before = format!("{SUMMARY} WHERE p.id");
    let rows = list_in!(tx, SummaryRow, &before, wanted);
    let mut found = with_funds(tx, rows).await?;
    let place: std::collections::HashMap<Uuid, usize> = wanted.iter().zip(0..).map(|(id, at)| (*id, at)).collect();
    found.sort_by_key(|summary| place.get(&summary.id).copied());
    Ok(found)
}

async fn with_funds(tx: &mut Tx, rows: Vec<SummaryRow>) -> Result<Vec<ProjectSummary>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut funding = funding_lines::list(tx, Which::These(&ids)).await?;
    rows.into_iter()
        .map(|row| {
            let lines = funding.remove(&row.id).unwrap_or_default();
            row.parse(lines.into_iter().map(|line| line.fund).collect())
        })
        .collect()
}

/// The fiscal years of the projects in the scope, newest first. No limit: years.
pub async fn list_years(tx: &mut Tx, scope: &Scope) -> Result<Vec<i64>> {
    const LIST: &str = "SELECT DISTINCT p.fiscal_year FROM projects p
        JOIN region_versions v ON v.region_id = p.village_id AND v.valid_to IS NULL
        WHERE p.withdrawn_at IS NULL AND p.merged_into_id IS NULL AND ";
    let rows = list!(tx, (i64,), |q| {
        q.push(LIST);
        within!(q, "v", scope);
        q.push(" ORDER BY p.fiscal_year DESC");
    })?;
    Ok(rows.into_iter().map(|(year,)| year).collect())
}

/// The funds of projects that stand, by name.
pub async fn list_funds(tx: &mut Tx) -> Result<Vec<String>> {
    const LIST: &str = "SELECT DISTINCT l.fund FROM funding_lines l JOIN projects p ON p.id = l.project_id
        WHERE p.withdrawn_at IS NULL AND p.merged_into_id IS NULL ORDER BY l.fund LIMIT 200";
    Ok(sql!(tx, LIST, [], fetch_all as (String,))?.into_iter().map(|(fund,)| fund).collect())
}

/// The active grant houses outside these regions, whose place is hidden from the people of these regions. No limit: a set of
/// ids in which all projects of a comparison are looked up, 16 bytes each.
pub async fn list_hidden(tx: &mut Tx, whole: &Scope) -> Result<HashSet<Uuid>> {
    const LIST: &str = "SELECT p.id FROM projects p
        LEFT JOIN region_versions v ON v.region_id = p.village_id AND v.valid_to IS NULL
        WHERE p.sensitivity = 'hamlet' AND p.withdrawn_at IS NULL AND p.merged_into_id IS NULL
            AND NOT ";
    let rows = list!(tx, (Uuid,), |q| {
        q.push(LIST);
        in_regions!(q, "COALESCE(v.code, '')", whole);
    })?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many projects are stored, withdrawn and merged ones too.
pub async fn count_all(tx: &mut Tx) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM projects";
    Ok(sql!(tx, COUNT, [], fetch_one as (i64,))?.0)
}
