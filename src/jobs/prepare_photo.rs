//! Makes the small pictures of a photo.

use super::JobError;
use crate::app::App;
use crate::photos::{PhotoError, derive};
use crate::store::jobs::{self, Job};
use crate::store::photos;

pub async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    let mut tx = app.store.read().await?;
    let photo = photos::find(&mut tx, job.subject_id).await?;
    drop(tx);
    let sha256 =
        photo.and_then(|photo| photo.sha256).ok_or_else(|| JobError::Fail("there is no such photo".to_owned()))?;
    let original = app.photos.open(&sha256).await.map_err(retry)?;
    let original = original.ok_or_else(|| JobError::Retry(format!("the file {sha256} is not there")))?;
    let made = tokio::task::spawn_blocking(move || derive::derive(&original))
        .await
        .map_err(|e| JobError::Retry(e.to_string()))?
        .map_err(|e| JobError::Fail(e.to_string()))?;
    for (size, jpeg) in made {
        app.photos.keep_derivative(&sha256, size, jpeg.into()).await.map_err(retry)?;
    }
    let mut tx = app.store.write().await?;
    photos::mark(&mut tx, job.subject_id, "ready", None).await?;
    jobs::finish(&mut tx, job).await?;
    Ok(tx.commit().await?)
}

fn retry(e: PhotoError) -> JobError {
    JobError::Retry(e.to_string())
}
