//! Imports village boundaries: each new or changed village gets a dated version, and its projects are checked again.
//!
//! Villages are stored in shares, so that no other write waits for a country. A village is wholly as before or wholly
//! new: name, border and date change together. What is judged across villages waits for the last share: projects are
//! checked again, and alerts go out, when all of the file is there. A killed import is repeated: what is stored is the same.

mod recheck;
mod shares;
mod store_share;

use self::recheck::check_again;
use self::shares::{Wanted, shares};
use self::store_share::{ShareOfImport, differs, store_share};
use super::import_projects::ImportFailure;
use super::{ActionError, Result};
use crate::app::App;
use crate::domain::village::RegionCode;
use crate::domain::{Day, Invalid};
use crate::import::{
    ByBpsCode, Crs, Input, Merged, Progress, RefusedCell, Stated, VillageField, VillageFile, VillageReading,
    read_villages,
};
use crate::store::imports::{self, NewImport};
use crate::store::regions;
use chrono::TimeDelta;
use std::collections::HashMap;
use uuid::Uuid;

/// Regions stored together in one transaction; whoever else writes waits for it.
pub const SHARE: usize = 500;
/// Changed villages are checked again at the end of the import; so long after their share if it was killed before.
const RECHECK_UNLESS_ENDED: TimeDelta = TimeDelta::minutes(15);

/// How rows are to be stored.
#[derive(Clone, Debug)]
pub struct VillageImportOptions {
    /// Codes of BPS are those of the database.
    pub reading: VillageReading,
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
    /// Villages that stood in several features.
    pub merged: Vec<Merged>,
    /// Features found by their code of BPS.
    pub by_bps_code: u64,
    /// Which attribute is read as what.
    pub matched: Vec<(VillageField, String)>,
    pub crs: Option<Crs>,
    pub stated_crs: Option<Stated>,
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
    let by_bps_code = known_bps_codes(app).await.map_err(ImportFailure::Action)?;
    let (reading, given) = (VillageReading { by_bps_code, ..options.reading.clone() }, copy.input.clone());
    let file = tokio::task::spawn_blocking(move || read_villages(&given, &reading, &Progress::default()))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))??;
    let mut report = Report {
        features: file.features,
        refused: file.refused.clone(),
        merged: file.merged.clone(),
        by_bps_code: file.by_bps_code,
        matched: file.matched.clone(),
        crs: file.crs.clone(),
        stated_crs: file.stated_crs.clone(),
        ..Report::default()
    };
    if options.dry_run || (!report.refused.is_empty() && !options.keep_good) {
        return Ok(report);
    }
    let source = copy.input.source().unwrap_or_else(|| copy.input.name().to_owned());
    let named = Named { source: &source, file_name: copy.input.name(), sha256: &copy.sha256 };
    store(app, &file, &named, options.valid_from, &mut report, &mut step).await?;
    report.stored = true;
    Ok(report)
}

async fn known_bps_codes(app: &App) -> Result<ByBpsCode> {
    let mut tx = app.store.read().await?;
    let pairs = regions::codes_by_bps_code(&mut tx).await?;
    pairs.into_iter().map(|(bps_code, code)| Ok((bps_code, RegionCode::parse_village("code", &code)?))).collect()
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
        let of_import = ShareOfImport { import_id: import.id, number, valid_from };
        changed.extend(store_share(app, &of_import, &share.wanted(), &mut parents, report).await?);
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

async fn known_villages(app: &App, file: &VillageFile) -> Result<Vec<Uuid>> {
    let codes: Vec<String> = file.good.iter().map(|row| row.code.to_string()).collect();
    let mut tx = app.store.read().await?;
    Ok(regions::ids_of(&mut tx, &codes).await?)
}
