//! Makes the small pictures of a photo.

use super::JobError;
use crate::app::App;
use crate::photos::{PhotoError, decoding};
use crate::store::jobs::{self, Job};
use crate::store::photos;
use std::time::Duration;

/// How long a picture waits for others to be decoded: less than the lease of a job.
const PATIENCE: Duration = Duration::from_secs(120);

pub async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    let mut tx = app.store.read().await?;
    let photo = photos::find(&mut tx, job.subject_id).await?;
    drop(tx);
    let sha256 =
        photo.and_then(|photo| photo.sha256).ok_or_else(|| JobError::Fail("there is no such photo".to_owned()))?;
    let original = app.photos.open_file(&sha256).await.map_err(retry)?;
    let original = original.ok_or_else(|| JobError::Retry(format!("the file {sha256} is not there")))?;
    let made = decoding::derive(original, &app.pictures, PATIENCE).await.map_err(|e| match e {
        PhotoError::Busy | PhotoError::Storage(_) => retry(e),
        other => JobError::Fail(other.to_string()),
    })?;
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
