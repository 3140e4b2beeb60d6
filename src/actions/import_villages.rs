//! Imports village boundaries: each new or changed village gets a dated version, and its projects are checked again.

use super::import_projects::ImportFailure;
use super::{ActionError, Result};
use crate::app::App;
use crate::domain::village::{Level, RegionCode};
use crate::domain::{Day, Invalid, Time};
use crate::import::{Input, Progress, RefusedCell, VillageColumns, VillageRow, read_villages};
use crate::jobs::kinds;
use crate::store::footprints::to_wkb;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::regions::{self, CurrentVersion, NewRegionVersion};
use crate::store::{Change, Tx, project_facts};
use geo::Geometry;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What the user wants.
#[derive(Clone, Debug)]
pub struct Wish {
    pub columns: VillageColumns,
    /// The day from which the file holds; the same day again corrects it.
    pub valid_from: Day,
    pub keep_good: bool,
    pub dry_run: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub features: u64,
    pub new: usize,
    pub changed: usize,
    pub same: usize,
    pub refused: Vec<RefusedCell>,
    pub stored: bool,
    /// Villages whose projects are checked again.
    pub rechecked: usize,
}

pub async fn import_villages(app: &App, input: Input, wish: &Wish) -> std::result::Result<Report, ImportFailure> {
    let today = app.clock.now().date_naive();
    if wish.valid_from > today {
        let invalid = Invalid::new("valid_from_in_the_future", "valid_from").with("given", wish.valid_from.to_string());
        return Err(ImportFailure::Action(invalid.into()));
    }
    let columns = wish.columns.clone();
    let file = tokio::task::spawn_blocking(move || read_villages(&input, &columns, &Progress::default()))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))??;
    let mut report = Report { features: file.features, refused: file.refused, ..Report::default() };
    if wish.dry_run || (!report.refused.is_empty() && !wish.keep_good) {
        return Ok(report);
    }
    store(app, &file.good, wish.valid_from, &mut report).await?;
    report.stored = true;
    Ok(report)
}

async fn store(app: &App, rows: &[VillageRow], valid_from: Day, report: &mut Report) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let mut current = regions::current_by_code(&mut tx).await?;
    let mut parents = Parents::default();
    let mut versions = Vec::with_capacity(rows.len());
    let mut identities = Vec::new();
    let mut touched = Vec::new();
    let mut known_ids = Vec::new();
    for (code, (level, name)) in above(rows) {
        let known = current.remove(code.as_str());
        let parent_id = code.parent().and_then(|code| parents.find(code.as_str()));
        let id = known.as_ref().map_or_else(|| app.clock.id(), |version| version.region_id);
        parents.0.insert(code.to_string(), id);
        // A file that does not name a region takes nothing from the name it has.
        if known.as_ref().is_some_and(|version| version.name == name || name.is_empty()) {
            continue;
        }
        let version = NewRegionVersion {
            id: app.clock.id(),
            region_id: id,
            level: level.as_str(),
            code: code.to_string(),
            bps_code: None,
            name: if name.is_empty() { code.to_string() } else { name },
            kind: "region".to_owned(),
            parent_id,
            boundary: None,
            centre: None,
            schematic: false,
        };
        begin(&mut tx, known.as_ref(), valid_from).await?;
        if known.is_none() {
            identities.push(id);
        }
        versions.push(version);
    }
    for row in rows {
        let known = current.remove(row.code.as_str());
        if let Some(version) = &known
            && version.name == row.name
            && version.boundary.as_deref() == Some(&to_wkb(&Geometry::MultiPolygon(row.boundary.clone())))
        {
            report.same += 1;
            continue;
        }
        let id = known.as_ref().map_or_else(|| app.clock.id(), |version| version.region_id);
        begin(&mut tx, known.as_ref(), valid_from).await?;
        if known.is_some() {
            report.changed += 1;
            known_ids.push(id);
        } else {
            report.new += 1;
            identities.push(id);
        }
        touched.push(id);
        versions.push(NewRegionVersion {
            id: app.clock.id(),
            region_id: id,
            level: Level::Village.as_str(),
            code: row.code.to_string(),
            bps_code: row.bps_code.clone(),
            name: row.name.clone(),
            kind: row.code.kind().to_owned(),
            parent_id: row.code.parent().and_then(|code| parents.find(code.as_str())),
            boundary: Some(row.boundary.clone()),
            centre: Some(row.centre),
            schematic: row.schematic,
        });
    }
    regions::insert_regions(&mut tx, &identities, now).await?;
    regions::insert_versions(&mut tx, &versions, &valid_from.to_string()).await?;
    report.rechecked = check_again(&mut tx, app, &known_ids, now).await?;
    for id in touched {
        tx.log(Change {
            at: now,
            entity: "region",
            entity_id: id,
            action: "import",
            actor_id: None,
            batch_id: None,
            note: None,
            before: None,
        });
    }
    Ok(tx.commit().await?)
}

/// Region ids of districts and regencies by code.
#[derive(Default)]
struct Parents(HashMap<String, Uuid>);

impl Parents {
    fn find(&self, code: &str) -> Option<Uuid> {
        self.0.get(code).copied()
    }
}

/// The provinces, regencies and districts above the villages with the names that the file gives them, from above.
fn above(rows: &[VillageRow]) -> BTreeMap<RegionCode, (Level, String)> {
    let mut regions: BTreeMap<RegionCode, (Level, String)> = BTreeMap::new();
    for row in rows {
        let mut code = row.code.parent();
        while let Some(above) = code {
            let name = match above.level() {
                Level::District => row.district.clone(),
                Level::Regency => row.regency.clone(),
                _ => String::new(),
            };
            let entry = regions.entry(above.clone()).or_insert_with(|| (above.level(), String::new()));
            if entry.1.is_empty() {
                entry.1 = name;
            }
            code = above.parent();
        }
    }
    regions
}

/// Makes room for a version from this day on: ends the one before, or takes away the one of the same day.
async fn begin(tx: &mut Tx, known: Option<&CurrentVersion>, valid_from: Day) -> Result<()> {
    let Some(version) = known else { return Ok(()) };
    let day = valid_from.to_string();
    match version.valid_from.as_str().cmp(day.as_str()) {
        std::cmp::Ordering::Less => regions::end_version(tx, version.id, &day).await?,
        std::cmp::Ordering::Equal => regions::delete_version(tx, version.id).await?,
        std::cmp::Ordering::Greater => {
            return Err(Invalid::new("valid_from_before_current", "valid_from")
                .with("given", day)
                .with("code", version.code.clone())
                .with("current", version.valid_from.clone())
                .into());
        }
    }
    Ok(())
}

/// One screening job for each changed village that has projects; gives how many.
async fn check_again(tx: &mut Tx, app: &App, villages: &[Uuid], now: Time) -> Result<usize> {
    let mut with_projects = project_facts::villages_with_projects(tx, villages).await?;
    with_projects.sort_unstable();
    let jobs: Vec<NewJob> = with_projects
        .into_iter()
        .map(|subject_id| NewJob { id: app.clock.id(), kind: kinds::SCREEN_VILLAGE, subject_id, run_at: now })
        .collect();
    enqueue(tx, &jobs, now).await?;
    Ok(jobs.len())
}
