//! Derives the smaller pictures of a photo.

use super::JobError;
use crate::actions::ActionError;
use crate::actions::derive_photo::derive_photo;
use crate::app::App;
use crate::domain::progress::PhotoState;
use crate::photos::PhotoError;
use crate::store::jobs::{self, Job};
use crate::store::photos;

pub async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    let mut tx = app.store.read().await?;
    let photo = photos::find(&mut tx, job.subject_id).await?;
    drop(tx);
    let sha256 =
        photo.and_then(|photo| photo.sha256).ok_or_else(|| JobError::Fail("the photo does not exist".to_owned()))?;
    derive_photo(app, &sha256).await.map_err(|e| match e {
        ActionError::Store(e) => e.into(),
        // The folder may be unavailable or full for a while, and a missing file may be on an unmounted disk.
        ActionError::Photo(
            e @ (PhotoError::Storage(_) | PhotoError::StorageFull | PhotoError::Lost(_) | PhotoError::Busy),
        ) => JobError::Retry(e.to_string()),
        ActionError::Photo(e) => JobError::Fail(e.to_string()),
        other => JobError::Retry(other.to_string()),
    })?;
    let mut tx = app.store.write().await?;
    photos::mark(&mut tx, job.subject_id, PhotoState::Ready, None).await?;
    jobs::finish(&mut tx, job).await?;
    Ok(tx.commit().await?)
}
