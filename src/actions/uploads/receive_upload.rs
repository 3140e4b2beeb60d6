//! Takes in a file: its bytes are on disk before it is acknowledged, and a job reads it.

use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::job::JobKind;
use crate::domain::person::Person;
use crate::domain::upload::UploadState;
use crate::permission::Action;
use crate::photos::PhotoError;
use crate::photos::incoming::Arrived;
use crate::store::Change;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::uploads::{self, NewUpload, Upload};
use std::time::Duration;
use tracing::warn;
use uuid::Uuid;

/// Files of one person that are on disk at once.
pub const MOST_OPEN: i64 = 20;
/// Left ones that are taken away with each new one.
const SWEPT: i64 = 50;

/// What came of it.
#[derive(Debug)]
pub enum Received {
    New(Upload),
    /// The same bytes with the same id had come before.
    Again(Upload),
}

/// Refuses a new file where too many of this person lie there already. Asked before its bytes are read, too.
pub async fn require_room(app: &App, by: &Person, id: Uuid) -> Result<()> {
    by.require(Action::ImportProjects)?;
    let mut tx = app.store.read().await?;
    if uploads::find(&mut tx, id).await?.is_none() && uploads::count_open(&mut tx, by.id).await? >= MOST_OPEN {
        return Err(ActionError::Conflict("too_many_uploads"));
    }
    Ok(())
}

/// The same id with the same bytes is the same upload, with others it is taken. Files that everybody left are taken away.
pub async fn receive_upload(app: &App, by: &Person, id: Uuid, file_name: &str, file: Arrived) -> Result<Received> {
    require_room(app, by, id).await?;
    // Before the row: no row is without its bytes. Those that no row names are swept.
    app.photos.keep_upload(&file, id).await?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    tx.one_at_a_time(id).await?;
    if let Some(known) = uploads::find(&mut tx, id).await? {
        drop(tx);
        let is_same = known.by == by.id && known.sha256 == file.sha256;
        // The bytes of the one that is there lie under its own hash, whoever sent them again.
        if known.sha256 != file.sha256 || known.state == UploadState::Stored {
            app.photos.remove_upload(id, &file.sha256).await?;
        }
        return if is_same { Ok(Received::Again(known)) } else { Err(ActionError::Conflict("id_taken")) };
    }
    let new = NewUpload { id, by: by.id, file_name, bytes: file.bytes, sha256: &file.sha256 };
    uploads::insert(&mut tx, &new, now).await?;
    enqueue(&mut tx, &[NewJob::new(&app.clock, JobKind::Upload, id, now)], now).await?;
    let came = Diff::new().now("sha256", &file.sha256).now("bytes", file.bytes).personal("file_name", (), file_name);
    tx.record(
        Change::new(now, Entity::Upload, id, ChangeAction::Receive, by.doer_of(Action::ImportProjects, &[])?)
            .with(came),
    );
    let stored = uploads::find(&mut tx, id).await?.ok_or(ActionError::NotFound("upload"))?;
    tx.commit().await?;
    discard_left(app).await;
    Ok(Received::New(stored))
}

/// Takes away what nobody went on with for as long as the setting says. A fault is logged: the next one tries again.
async fn discard_left(app: &App) {
    if let Err(e) = discard_left_of(app).await {
        warn!("left uploads cannot be taken away: {e}");
    }
}

async fn discard_left_of(app: &App) -> Result<()> {
    let since = app.clock.now() - app.config.upload_kept;
    let mut tx = app.store.read().await?;
    let left = uploads::list_left(&mut tx, since, SWEPT).await?;
    drop(tx);
    for (id, sha256) in left {
        let mut tx = app.store.write().await?;
        if uploads::delete(&mut tx, id).await? {
            let gone = Diff::new().field("sha256", &sha256, ());
            let now = app.clock.now();
            tx.record(Change::new(now, Entity::Upload, id, ChangeAction::Discard, Doer::job()).with(gone));
            tx.commit().await?;
            app.photos.remove_upload(id, &sha256).await?;
        }
    }
    Ok(())
}

/// Removes the bytes in the folder that no upload needs: of one that was stored, or whose row was not committed. At the start.
pub async fn sweep_uploads(app: &App) -> Result<usize> {
    const YOUNG: Duration = Duration::from_secs(3_600);
    type Entry = (Option<(Uuid, String)>, std::time::SystemTime);
    let folder = app.photos.path().join(crate::photos::keep::UPLOADS);
    let failed = |e: std::io::Error| ActionError::Photo(PhotoError::Storage(e.to_string()));
    let listed = tokio::task::spawn_blocking(move || -> std::io::Result<Vec<Entry>> {
        let entries = std::fs::read_dir(folder)?;
        entries
            .map(|entry| {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let parts = name.split_once('.').and_then(|(id, sha256)| Some((id.parse().ok()?, sha256.to_owned())));
                Ok((parts, entry.metadata()?.modified()?))
            })
            .collect()
    });
    let listed = listed.await.map_err(|e| ActionError::Internal(e.to_string()))?.map_err(failed)?;
    let now = std::time::SystemTime::from(app.clock.now());
    let old = listed.into_iter().filter(|(_, at)| now.duration_since(*at).is_ok_and(|age| age > YOUNG));
    let mut removed = 0;
    for (id, sha256) in old.filter_map(|(parts, _)| parts) {
        let mut tx = app.store.read().await?;
        let is_needed = uploads::needs_bytes(&mut tx, id, &sha256).await?;
        drop(tx);
        if !is_needed {
            app.photos.remove_upload(id, &sha256).await?;
            removed += 1;
        }
    }
    Ok(removed)
}
