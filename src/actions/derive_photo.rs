//! Makes the small pictures of a stored file, of bytes that were found whole, and remembers their digests.

use super::Result;
use crate::app::App;
use crate::digest::sha256_hex;
use crate::domain::job::JobKind;
use crate::photos::PhotoError;
use crate::photos::derive::Size;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::photos;
use std::time::Duration;
use uuid::Uuid;

/// How long a picture waits for others to be decoded: less than the lease of a job.
const PATIENCE: Duration = Duration::from_secs(120);

pub async fn derive_photo(app: &App, sha256: &str) -> Result<()> {
    let original = match app.photos.open(sha256).await {
        Err(e) => return Err(note_fault(app, sha256, e).await?.into()),
        Ok(original) => original.into_file(),
    };
    let made = app.pictures.derive(original, PATIENCE).await?;
    let mut digests: Vec<(Size, String)> = Vec::new();
    for (size, jpeg) in made {
        digests.push((size, sha256_hex(&jpeg)));
        app.photos.keep_derivative(sha256, size, jpeg.into()).await?;
    }
    let mut tx = app.store.write().await?;
    for (size, digest) in &digests {
        photos::mark_derivative(&mut tx, sha256, size.as_str(), digest).await?;
    }
    photos::mark_fault(&mut tx, sha256, None, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Asks for the small pictures of a photo whose files were lost or damaged.
pub async fn derive_again(app: &App, photo: Uuid) -> Result<()> {
    let now = app.clock.now();
    let job = NewJob::new(&app.clock, JobKind::PreparePhoto, photo, now);
    let mut tx = app.store.write().await?;
    enqueue(&mut tx, &[job], now).await?;
    Ok(tx.commit().await?)
}

/// Remembers a fault of a stored file where it is one, and gives the error back.
pub async fn note_fault(app: &App, sha256: &str, e: PhotoError) -> Result<PhotoError> {
    if let Some(fault) = e.file_fault() {
        tracing::error!("photos: {e}");
        let mut tx = app.store.write().await?;
        photos::mark_fault(&mut tx, sha256, Some(fault), app.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(e)
}
