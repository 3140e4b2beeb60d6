//! Imports village boundaries: each new or changed village gets a dated version, and its projects are checked again.
//!
//! Villages are stored in shares, so that no other write waits for a country. A village is wholly as before or wholly
//! new: name, border and date change together. What is judged across villages waits for the last share: projects are
//! checked again, and alerts go out, when all of the file is there. A killed import is repeated: what is stored is the same.

use super::import_projects::ImportFailure;
use super::{ActionError, Result};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::job::JobKind;
use crate::domain::village::{Level, RegionCode};
use crate::domain::{Day, Invalid, Time};
use crate::import::{Input, Progress, RefusedCell, VillageColumns, VillageFile, VillageRow, read_villages};
use crate::store::footprints::to_wkb;
use crate::store::imports::{self, Counts, NewImport};
use crate::store::jobs::{NewJob, enqueue};
use crate::store::regions::{self, CurrentVersion, NewRegionVersion};
use crate::store::{Change, Tx, project_facts};
use chrono::TimeDelta;
use geo::{CoordsIter, Geometry};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Regions stored together in one transaction; whoever else writes waits for it.
pub const SHARE: usize = 500;
/// A share ends early at so many corners: some borders have a hundred thousand.
const SHARE_CORNERS: usize = 200_000;
/// Changed villages are checked again at the end of the import; so long after their share if it was killed before.
const RECHECK_UNLESS_ENDED: TimeDelta = TimeDelta::minutes(15);

/// How rows are to be stored.
#[derive(Clone, Debug)]
pub struct VillageImportOptions {
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

/// `step` hears how many regions are compared or stored, of so many.
pub async fn import_villages(
    app: &App,
    input: Input,
    options: &VillageImportOptions,
    mut step: impl FnMut(u64, u64) + Send,
) -> std::result::Result<Report, ImportFailure> {
    let today = app.clock.now().date_naive();
    if options.valid_from > today {
        let invalid =
            Invalid::new("valid_from_in_the_future", "valid_from").with("given", options.valid_from.to_string());
        return Err(ImportFailure::Action(invalid.into()));
    }
    let copy = input.into_own_copy(|_| {})?;
    let (columns, given) = (options.columns.clone(), copy.input.clone());
    let file = tokio::task::spawn_blocking(move || read_villages(&given, &columns, &Progress::default()))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))??;
    let mut report = Report { features: file.features, refused: file.refused.clone(), ..Report::default() };
    if options.dry_run || (!report.refused.is_empty() && !options.keep_good) {
        return Ok(report);
    }
    let source = copy.input.source().unwrap_or_else(|| copy.input.name().to_owned());
    let named = Named { source: &source, file_name: copy.input.name(), sha256: &copy.sha256 };
    store(app, &file, &named, options.valid_from, &mut report, &mut step).await?;
    report.stored = true;
    Ok(report)
}

/// By what a killed import of the same file is known.
struct Named<'a> {
    source: &'a str,
    file_name: &'a str,
    sha256: &'a str,
}

async fn store(
    app: &App,
    file: &VillageFile,
    named: &Named<'_>,
    valid_from: Day,
    report: &mut Report,
    step: &mut (impl FnMut(u64, u64) + Send),
) -> Result<()> {
    let shares = shares(file);
    let all: u64 = shares.iter().map(|share| share.len() as u64).sum();
    let mut parents = HashMap::new();
    // Compared first, with no write open: what is refused is refused as a whole, and what is the same locks nobody out.
    let (mut differing, mut compared) = (Vec::new(), 0);
    for share in shares {
        let wanted: Vec<Wanted> = share.wanted();
        if differs(app, &wanted, valid_from, &mut parents).await? {
            differing.push(share);
        } else {
            report.same += wanted.iter().filter(|wanted| wanted.is_village()).count();
        }
        compared += wanted.len() as u64;
        step(compared, 2 * all);
    }
    let unfinished = find_unfinished(app, named).await?;
    if differing.is_empty() && unfinished.is_none() {
        return Ok(());
    }
    let import = match unfinished {
        Some(import) => import,
        None => begin(app, named).await?,
    };
    let mut stored = all - differing.iter().map(|share| share.len() as u64).sum::<u64>();
    let mut changed = Vec::new();
    for (number, share) in (import.next_share..).zip(differing) {
        let place = Place { import_id: import.id, number, valid_from };
        changed.extend(store_share(app, &place, &share.wanted(), &mut parents, report).await?);
        stored += share.len() as u64;
        step(all + stored, 2 * all);
    }
    if import.is_continued {
        // What the killed one changed is not known any more.
        changed = known_villages(app, file).await?;
    }
    report.rechecked = check_again(app, &changed).await?;
    let mut tx = app.store.write().await?;
    imports::finish(&mut tx, import.id, report.refused.len() as i64, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Some regions of a file that are stored together.
enum Share<'a> {
    Above(Vec<(RegionCode, (Level, String))>),
    Villages(&'a [VillageRow]),
}

impl Share<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Above(regions) => regions.len(),
            Self::Villages(rows) => rows.len(),
        }
    }

    fn wanted(&self) -> Vec<Wanted> {
        match self {
            Self::Above(regions) => {
                regions.iter().map(|(code, (level, name))| Wanted::of_region(code, *level, name)).collect()
            }
            Self::Villages(rows) => rows.iter().map(Wanted::of_village).collect(),
        }
    }
}

/// What lies above the villages comes first, from above.
fn shares(file: &VillageFile) -> Vec<Share<'_>> {
    let above: Vec<_> = above(&file.good).into_iter().collect();
    let mut shares: Vec<Share> = above.chunks(SHARE).map(|part| Share::Above(part.to_vec())).collect();
    let mut rest = file.good.as_slice();
    while !rest.is_empty() {
        let mut corners = 0;
        let fits = |row: &&VillageRow| {
            corners += row.boundary.coords_count();
            corners <= SHARE_CORNERS
        };
        let count = rest.iter().take(SHARE).take_while(fits).count().max(1);
        let (share, others) = rest.split_at(count);
        shares.push(Share::Villages(share));
        rest = others;
    }
    shares
}

/// A region as the file wants it.
struct Wanted {
    code: String,
    level: Level,
    /// Empty where the file does not name it.
    name: String,
    bps_code: Option<String>,
    kind: String,
    parent: Option<String>,
    boundary: Option<Vec<u8>>,
    centre: Option<[f64; 2]>,
    schematic: bool,
}

impl Wanted {
    fn of_region(code: &RegionCode, level: Level, name: &str) -> Self {
        Self {
            code: code.to_string(),
            level,
            name: name.to_owned(),
            bps_code: None,
            kind: "region".to_owned(),
            parent: code.parent().map(|code| code.to_string()),
            boundary: None,
            centre: None,
            schematic: false,
        }
    }

    fn of_village(row: &VillageRow) -> Self {
        Self {
            code: row.code.to_string(),
            level: Level::Village,
            name: row.name.clone(),
            bps_code: row.bps_code.clone(),
            kind: row.code.kind().to_owned(),
            parent: row.code.parent().map(|code| code.to_string()),
            boundary: Some(to_wkb(&Geometry::MultiPolygon(row.boundary.clone()))),
            centre: Some(row.centre),
            schematic: row.schematic,
        }
    }

    fn is_village(&self) -> bool {
        self.level == Level::Village
    }

    /// A file that does not name a region takes nothing from the name it has.
    fn is_same_as(&self, known: &CurrentVersion) -> bool {
        if self.is_village() {
            known.name == self.name && known.boundary == self.boundary
        } else {
            self.name.is_empty() || known.name == self.name
        }
    }

    fn version(&self, id: Uuid, region_id: Uuid, parent_id: Option<Uuid>) -> NewRegionVersion {
        NewRegionVersion {
            id,
            region_id,
            level: self.level.as_str(),
            code: self.code.clone(),
            bps_code: self.bps_code.clone(),
            name: if self.name.is_empty() { self.code.clone() } else { self.name.clone() },
            kind: self.kind.clone(),
            parent_id,
            boundary: self.boundary.clone(),
            centre: self.centre,
            schematic: self.schematic,
        }
    }
}

fn codes(wanted: &[Wanted]) -> Vec<String> {
    wanted.iter().map(|wanted| wanted.code.clone()).collect()
}

/// Whether any of these is to be stored; refuses what would begin before the version it follows.
async fn differs(app: &App, wanted: &[Wanted], valid_from: Day, parents: &mut HashMap<String, Uuid>) -> Result<bool> {
    let mut tx = app.store.read().await?;
    let current = regions::current_of(&mut tx, &codes(wanted)).await?;
    drop(tx);
    let mut differs = false;
    for wanted in wanted {
        let Some(known) = current.get(&wanted.code) else {
            differs = true;
            continue;
        };
        if !wanted.is_village() {
            parents.insert(wanted.code.clone(), known.region_id);
        }
        if !wanted.is_same_as(known) {
            refuse_older(known, valid_from)?;
            differs = true;
        }
    }
    Ok(differs)
}

fn refuse_older(known: &CurrentVersion, valid_from: Day) -> Result<()> {
    let day = valid_from.to_string();
    if known.valid_from <= day {
        return Ok(());
    }
    Err(Invalid::new("valid_from_before_current", "valid_from")
        .with("given", day)
        .with("code", known.code.clone())
        .with("current", known.valid_from.clone())
        .into())
}

/// An import under way.
struct Begun {
    id: Uuid,
    next_share: i64,
    is_continued: bool,
}

async fn find_unfinished(app: &App, named: &Named<'_>) -> Result<Option<Begun>> {
    let mut tx = app.store.read().await?;
    let Some(id) = imports::find_unfinished(&mut tx, "villages", named.source, named.sha256).await? else {
        return Ok(None);
    };
    let next_share = imports::count_chunks(&mut tx, id).await?;
    Ok(Some(Begun { id, next_share, is_continued: true }))
}

async fn begin(app: &App, named: &Named<'_>) -> Result<Begun> {
    let id = app.clock.id();
    let import =
        NewImport { id, kind: "villages", source: named.source, file_name: named.file_name, file_sha256: named.sha256 };
    let mut tx = app.store.write().await?;
    imports::begin(&mut tx, &import, app.clock.now()).await?;
    tx.commit().await?;
    Ok(Begun { id, next_share: 0, is_continued: false })
}

/// Where a share stands.
struct Place {
    import_id: Uuid,
    number: i64,
    valid_from: Day,
}

/// One share in one transaction; gives the villages that were there before and are changed.
async fn store_share(
    app: &App,
    place: &Place,
    wanted: &[Wanted],
    parents: &mut HashMap<String, Uuid>,
    report: &mut Report,
) -> Result<Vec<Uuid>> {
    let (now, day, chunk_id) = (app.clock.now(), place.valid_from.to_string(), app.clock.id());
    let mut tx = app.store.write().await?;
    let current = regions::current_of(&mut tx, &codes(wanted)).await?;
    let (mut ended, mut corrected, mut identities) = (Vec::new(), Vec::new(), Vec::new());
    let (mut versions, mut changed) = (Vec::new(), Vec::new());
    let mut counts = Counts::default();
    for wanted in wanted {
        let known = current.get(&wanted.code);
        let id = known.map_or_else(|| app.clock.id(), |version| version.region_id);
        if !wanted.is_village() {
            parents.insert(wanted.code.clone(), id);
        }
        match known {
            Some(known) if wanted.is_same_as(known) => {
                counts.same += i64::from(wanted.is_village());
                continue;
            }
            Some(known) => {
                refuse_older(known, place.valid_from)?;
                if known.valid_from == day {
                    corrected.push(known.id)
                } else {
                    ended.push(known.id)
                }
                if wanted.is_village() {
                    counts.changed += 1;
                    changed.push(id);
                }
            }
            None => {
                counts.new += i64::from(wanted.is_village());
                identities.push(id);
            }
        }
        let parent = wanted.parent.as_ref().and_then(|code| parents.get(code).copied());
        versions.push(wanted.version(app.clock.id(), id, parent));
    }
    regions::end_versions(&mut tx, &ended, &day).await?;
    regions::delete_versions(&mut tx, &corrected).await?;
    regions::insert_regions(&mut tx, &identities, now).await?;
    regions::insert_versions(&mut tx, &versions, &day).await?;
    imports::store_chunk(&mut tx, chunk_id, place.import_id, place.number, counts, now).await?;
    recheck(app, &mut tx, &changed, now + RECHECK_UNLESS_ENDED).await?;
    for version in &versions {
        tx.log(Change {
            at: now,
            entity: Entity::Region,
            entity_id: version.region_id,
            action: ChangeAction::Import,
            actor_id: None,
            batch_id: Some(chunk_id),
            note: None,
            before: None,
        });
    }
    tx.commit().await?;
    report.new += usize::try_from(counts.new).unwrap_or_default();
    report.changed += usize::try_from(counts.changed).unwrap_or_default();
    report.same += usize::try_from(counts.same).unwrap_or_default();
    Ok(changed)
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

async fn known_villages(app: &App, file: &VillageFile) -> Result<Vec<Uuid>> {
    let codes: Vec<String> = file.good.iter().map(|row| row.code.to_string()).collect();
    let mut tx = app.store.read().await?;
    Ok(regions::ids_of(&mut tx, &codes).await?)
}

/// One screening job for each of these villages that has projects; gives how many.
async fn check_again(app: &App, villages: &[Uuid]) -> Result<usize> {
    let (mut villages, mut rechecked) = (villages.to_vec(), 0);
    // Jobs are enqueued in one order of subjects everywhere, so that no two of us wait for each other.
    villages.sort_unstable();
    for share in villages.chunks(SHARE) {
        let now = app.clock.now();
        let mut tx = app.store.write().await?;
        rechecked += recheck(app, &mut tx, share, now).await?;
        tx.commit().await?;
    }
    Ok(rechecked)
}

/// Enqueues the screening of those of these villages that have projects; gives how many.
async fn recheck(app: &App, tx: &mut Tx, villages: &[Uuid], run_at: Time) -> Result<usize> {
    let mut with_projects = project_facts::villages_with_projects(tx, villages).await?;
    with_projects.sort_unstable();
    let job = |id: &Uuid| NewJob { id: app.clock.id(), kind: JobKind::ScreenVillage, subject_id: *id, run_at };
    let jobs: Vec<NewJob> = with_projects.iter().map(job).collect();
    enqueue(tx, &jobs, app.clock.now()).await?;
    Ok(jobs.len())
}
