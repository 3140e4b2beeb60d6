//! Loads the sample data into an empty database: villages, projects, progress with photos, and the demo's people last,
//! so that a load that was broken off goes on at the next start. Every step may run twice.

use super::add_user::{UserInput, add_user};
use super::import_projects::{self, import_projects};
use super::import_villages::{self, import_villages};
use super::receive_photo::receive_photo;
use super::report_progress::report_progress;
use super::{ActionError, digest};
use crate::app::App;
use crate::domain::progress::{Capture, NewPhoto, NewReport};
use crate::duplicates::extract_owner;
use crate::import::{Input, ReadOptions, VillageReading};
use crate::store::{imports, photos, project_lists, references, users};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use tokio::task::spawn_blocking;
use uuid::Uuid;

/// The password of every account of the demo. Accounts made otherwise need one of their own.
pub const DEMO_PASSWORD: &str = "demo-tapak";
/// The source of the sample's projects.
const SOURCE: &str = "sample";

/// What was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loaded {
    pub villages: usize,
    pub projects: i64,
    pub reports: usize,
    pub photos: usize,
}

#[derive(Debug, Deserialize)]
struct ReportRow {
    project: String,
    report: String,
    date: chrono::NaiveDate,
    percent: f64,
    stage: Option<String>,
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
struct PhotoRow {
    report: String,
    position: i64,
    file: String,
    station: Option<String>,
    device_lon: Option<f64>,
    device_lat: Option<f64>,
    device_accuracy_m: Option<f64>,
    heading_deg: Option<f64>,
    taken_at: Option<chrono::DateTime<chrono::FixedOffset>>,
}

#[derive(Debug, Deserialize)]
struct PersonRow {
    login: String,
    name: String,
    role: String,
    region_code: Option<String>,
    email: Option<String>,
    language: String,
}

/// What became of the request for sample data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample {
    Loaded(Loaded),
    /// It was loaded at an earlier start, and stays as people changed it since.
    LoadedBefore,
    /// There is data of somebody's own: nothing is mixed into it.
    OwnData,
}

/// Loads the folder where the database holds nothing of other origin.
pub async fn load_sample(app: &App, folder: &Path) -> Result<Sample, import_projects::ImportFailure> {
    let villages = Input::path(folder.join("villages.geojson"));
    let copy = spawn_blocking(|| villages.into_own_copy(|_| {})).await;
    let villages = copy.map_err(|e| ActionError::Internal(e.to_string()))??;
    if let Some(known) = look(app, &villages.sha256).await? {
        return Ok(known);
    }
    let villages = load_villages(app, villages.input).await?;
    let projects = load_projects(app, folder).await?;
    let (reports, photos) = load_progress(app, folder).await?;
    load_people(app, folder).await?;
    Ok(Sample::Loaded(Loaded { villages, projects, reports, photos }))
}

/// Whether the sample is there, or data of somebody's own; `None` where it is to be loaded, or a load goes on.
async fn look(app: &App, villages_sha256: &str) -> Result<Option<Sample>, ActionError> {
    let mut tx = app.store.read().await?;
    if !users::list_demo(&mut tx, app.clock.now()).await?.is_empty() {
        return Ok(Some(Sample::LoadedBefore));
    }
    if users::count(&mut tx).await? > 0 {
        return Ok(Some(Sample::OwnData));
    }
    // Own villages are distinguished from those of a load that was broken off by the bytes of their file.
    let is_own = imports::is_of_others(&mut tx, SOURCE, villages_sha256).await?;
    Ok(is_own.then_some(Sample::OwnData))
}

async fn load_villages(app: &App, villages: Input) -> Result<usize, import_projects::ImportFailure> {
    let options = import_villages::VillageImportOptions {
        reading: VillageReading::default(),
        valid_from: app.clock.now().date_naive(),
        keep_good: false,
        dry_run: false,
    };
    let report = import_villages(app, villages, &options, |_, _| {}).await?;
    refuse(&report.refused)?;
    Ok(report.new + report.changed + report.same)
}

async fn load_projects(app: &App, folder: &Path) -> Result<i64, import_projects::ImportFailure> {
    let options = ReadOptions { source: Some(SOURCE.to_owned()), owner_of: extract_owner, ..ReadOptions::default() };
    let input = Input::path(folder.join("projects.geojson"));
    let report = import_projects(app, input, options, &import_projects::ImportOptions::default(), |_| {}).await?;
    refuse(&report.refused)?;
    Ok(report.counts.new + report.counts.changed + report.counts.same)
}

fn refuse(refused: &[crate::import::RefusedCell]) -> Result<(), ActionError> {
    match refused.first() {
        None => Ok(()),
        Some(cell) => Err(ActionError::Internal(format!("row {}, {}: {}", cell.row, cell.column, cell.invalid))),
    }
}

async fn load_progress(app: &App, folder: &Path) -> Result<(usize, usize), ActionError> {
    let reports: Vec<ReportRow> = read_table(folder.join("reports.csv")).await?;
    let mut photos: HashMap<String, Vec<PhotoRow>> = HashMap::new();
    for photo in read_table::<PhotoRow>(folder.join("photos.csv")).await? {
        photos.entry(photo.report.clone()).or_default().push(photo);
    }
    let ids: Vec<&str> = reports.iter().map(|row| row.project.as_str()).collect();
    let mut tx = app.store.read().await?;
    let projects = references::find_many(&mut tx, SOURCE, &ids).await?;
    drop(tx);
    let (mut stored, mut kept) = (0, 0);
    for row in reports {
        let (project_id, _) = projects
            .get(&row.project)
            .ok_or_else(|| ActionError::Internal(format!("reports.csv: there is no project {}", row.project)))?;
        let photos = photos.remove(&row.report).unwrap_or_default();
        let mut announced = Vec::new();
        for photo in &photos {
            announced.push(announce(photo, folder).await);
        }
        let report = NewReport {
            id: fixed_id("report", &row.report),
            project_id: *project_id,
            percent: row.percent,
            reported_on: row.date,
            stage: row.stage,
            note: row.note,
            photos: announced,
        };
        report_progress(app, None, &report, None).await?;
        stored += 1;
        for photo in photos {
            let path = folder.join("photos").join(&photo.file);
            let bytes =
                tokio::fs::read(&path).await.map_err(|e| ActionError::Internal(format!("{}: {e}", path.display())))?;
            let mut tx = app.store.read().await?;
            let project = project_lists::find_many(&mut tx, &[*project_id]).await?.pop();
            let village = project.ok_or(ActionError::NotFound("project"))?.village.code;
            let row = photos::find(&mut tx, photo_id(&photo)).await?.ok_or(ActionError::NotFound("photo"))?;
            drop(tx);
            let mut file = app.photos.begin(app.clock.id()).await?;
            file.write(&bytes).await?;
            receive_photo(app, None, &row, &village, file.finish().await?).await?;
            kept += 1;
        }
    }
    Ok((stored, kept))
}

async fn announce(photo: &PhotoRow, folder: &Path) -> NewPhoto {
    let bytes = tokio::fs::metadata(folder.join("photos").join(&photo.file)).await.map_or(0, |meta| meta.len());
    let capture = Capture {
        lon: photo.device_lon,
        lat: photo.device_lat,
        accuracy_m: photo.device_accuracy_m,
        heading_deg: photo.heading_deg,
        taken_at: photo.taken_at.map(|at| at.to_utc()),
    };
    NewPhoto {
        id: photo_id(photo),
        position: photo.position,
        bytes: i64::try_from(bytes).unwrap_or(0),
        station: photo.station.clone(),
        capture: Some(capture),
    }
}

fn photo_id(photo: &PhotoRow) -> Uuid {
    fixed_id("photo", &format!("{}/{}", photo.report, photo.position))
}

/// The same id at every load.
fn fixed_id(kind: &str, key: &str) -> Uuid {
    let text = digest(&("tapak sample", kind, key));
    let bits = u128::from_str_radix(&text[..32], 16).unwrap_or_default();
    uuid::Builder::from_custom_bytes(bits.to_be_bytes()).into_uuid()
}

async fn load_people(app: &App, folder: &Path) -> Result<(), ActionError> {
    for row in read_table::<PersonRow>(folder.join("people.csv")).await? {
        let input = UserInput {
            login: row.login,
            name: row.name,
            role: row.role,
            region_code: row.region_code,
            email: row.email,
            language: row.language,
        };
        match add_user(app, input, DEMO_PASSWORD.to_owned(), true).await {
            Err(ActionError::Invalid(invalid)) if invalid.code == "login_taken" => {}
            other => {
                other?;
            }
        }
    }
    Ok(())
}

/// Read where nobody's request waits for the disk.
async fn read_table<T>(path: PathBuf) -> Result<Vec<T>, ActionError>
where
    T: for<'de> Deserialize<'de> + Send + 'static,
{
    let read = move || {
        let failed = |e: csv::Error| ActionError::Internal(format!("{}: {e}", path.display()));
        let mut reader = csv::Reader::from_path(&path).map_err(failed)?;
        reader.deserialize().collect::<Result<_, _>>().map_err(failed)
    };
    tokio::task::spawn_blocking(read).await.map_err(|e| ActionError::Internal(e.to_string()))?
}
