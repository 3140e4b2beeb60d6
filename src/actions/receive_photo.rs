//! Takes in the bytes of an announced photo. They are on disk before the row records it, and the row is stored before the receipt.

use super::{ActionError, Result};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::job::JobKind;
use crate::domain::person::Person;
use crate::permission::{Action, doer_of, unless_at_terminal};
use crate::photos::PhotoError;
use crate::photos::incoming::Arrived;
use crate::spatial::zone::{exif_moment, zone_of};
use crate::store::Change;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::photos::{self, Exif, PhotoRow, StoredFile};
use std::time::Duration;
use tracing::warn;

/// How long a photo waits for others to be decoded. The page gives up a line on which nothing moves for a minute.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    New,
    /// The same bytes had come before.
    Again,
}

/// `by`: nobody for the sample data. `region_code` is the region of the project and gives the zone of an EXIF time that has none.
pub async fn receive_photo(
    app: &App,
    by: Option<&Person>,
    photo: &PhotoRow,
    region_code: &str,
    file: Arrived,
) -> Result<Received> {
    unless_at_terminal(by, |by| by.require_in(Action::ReportProgress, region_code).map(drop))?;
    let doer = doer_of(by, Action::ReportProgress, &[region_code.to_owned()])?;
    let sha256 = file.sha256.clone();
    if let Some(known) = &photo.sha256 {
        return if *known == sha256 {
            keep_again(app, photo, file).await
        } else {
            Err(ActionError::Conflict("other_bytes"))
        };
    }
    let read = match app.pictures.check(file.open()?, PATIENCE).await {
        Ok(read) => read,
        Err(e) => return Err(refuse_photo(app, photo, e).await?.into()),
    };
    let size = i64::try_from(file.bytes).unwrap_or(i64::MAX);
    app.photos.keep_arrived(file).await?;
    let file = StoredFile {
        sha256: &sha256,
        bytes: size,
        media_type: read.media_type,
        width: i64::from(read.width),
        height: i64::from(read.height),
    };
    let exif = Exif {
        lon: read.exif.position.map(|(lon, _)| lon),
        lat: read.exif.position.map(|(_, lat)| lat),
        at: read.exif.taken_local.and_then(|local| exif_moment(local, read.exif.offset, zone_of(region_code))),
        camera: read.exif.camera,
    };
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    if !photos::receive(&mut tx, photo.id, &file, &exif, now).await? {
        // The same photo came twice at the same moment: what the other one stored decides.
        let stored = photos::find(&mut tx, photo.id).await?.and_then(|row| row.sha256);
        return if stored.as_ref() == Some(&sha256) {
            Ok(Received::Again)
        } else {
            Err(ActionError::Conflict("other_bytes"))
        };
    }
    photos::mark_fault(&mut tx, &sha256, None, now).await?; // another photo of the same file may have found it damaged
    let job = |kind, subject_id| NewJob::new(&app.clock, kind, subject_id, now);
    // The same picture may stand in a report of another project: the project is screened again.
    let jobs = [job(JobKind::PreparePhoto, photo.id), job(JobKind::ScreenProject, photo.project_id)];
    enqueue(&mut tx, &jobs, now).await?;
    let has = Diff::new().now("photo", photo.id);
    tx.log(Change::new(now, Entity::Project, photo.project_id, ChangeAction::Photo, doer.clone()).with(has));
    let came = Diff::new().now("report", photo.report_id).now("sha256", &sha256).now("bytes", size);
    tx.log(Change::new(now, Entity::Photo, photo.id, ChangeAction::Receive, doer).with(came));
    tx.commit().await?;
    Ok(Received::New)
}

/// Remembers that the bytes of a photo were refused, where they are at fault, and gives the error back: who looks at the
/// report later learns that nothing is on its way.
pub async fn refuse_photo(app: &App, photo: &PhotoRow, e: PhotoError) -> Result<PhotoError> {
    if e.is_of_bytes() {
        let mut tx = app.store.write().await?;
        photos::refuse(&mut tx, photo.id, e.code()).await?;
        tx.commit().await?;
    }
    Ok(e)
}

/// The same bytes once more. Where the stored file was lost or damaged meanwhile, these take its place.
async fn keep_again(app: &App, photo: &PhotoRow, file: Arrived) -> Result<Received> {
    let sha256 = file.sha256.clone();
    match app.photos.open(&sha256).await {
        Ok(_) if photo.fault.is_none() => return Ok(Received::Again),
        Ok(_) => {}
        Err(e) if e.file_fault().is_some() => {
            app.photos.keep_arrived(file).await?;
            warn!(photo.id = %photo.id, "{e}; it was sent again and is whole now");
        }
        Err(e) => return Err(e.into()),
    }
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    photos::mark_fault(&mut tx, &sha256, None, now).await?;
    let job = NewJob::new(&app.clock, JobKind::PreparePhoto, photo.id, now);
    enqueue(&mut tx, &[job], now).await?;
    tx.commit().await?;
    Ok(Received::Again)
}
