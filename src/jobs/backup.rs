//! The backup of every night, once over all processes: one job waits for it, and whoever is free takes it.

use super::JobError;
use crate::app::App;
use crate::backup::{BackupError, Source, Target, make, prune};
use crate::domain::job::JobKind;
use crate::store::jobs::{self, Job, NewJob, enqueue};
use crate::store::{Result, Tx};
use std::time::Duration;
use tracing::{info, warn};
use uuid::Uuid;

/// Pause while somebody else makes one.
const BUSY: Duration = Duration::from_secs(300);

/// At the start: one waits for the next night, where a place for backups is set.
pub async fn ask(app: &App) -> Result<()> {
    let mut tx = app.store.write().await?;
    ask_again(app, &mut tx).await?;
    tx.commit().await
}

/// The next night; one that waits already serves for both.
pub async fn ask_again(app: &App, tx: &mut Tx) -> Result<()> {
    if app.config.backup.is_none() {
        return Ok(());
    }
    let now = app.clock.now();
    let next = NewJob::new(&app.clock, JobKind::Backup, Uuid::nil(), app.config.backup_at.next(now));
    enqueue(tx, &[next], now).await
}

/// Makes the backup, removes old ones, and asks for the next in the transaction that ends this one.
pub async fn run(app: &App, job: &Job) -> std::result::Result<(), JobError> {
    let address = app.config.backup.as_deref().unwrap_or_default();
    let s3 = &app.config.s3;
    let source = Source { store: app.store.clone(), photos: app.photos.clone(), clock: app.clock.clone() };
    let made = make(&source, address, s3, &app.config.backup_recipients, &|_, _| {}).await?;
    info!("backup {} made: {} rows, {} photos, {} bytes sent", made.name, made.rows, made.photos, made.sent_bytes);
    if !made.lost.is_empty() {
        warn!("{} photos were lost or damaged before the backup: `tapak photos check` lists them", made.lost.len());
    }
    prune(&Target::open(address, s3)?, app.config.backup_keep, &app.clock.id().to_string()).await?;
    let mut tx = app.store.write().await?;
    jobs::finish(&mut tx, job).await?;
    ask_again(app, &mut tx).await?;
    Ok(tx.commit().await?)
}

impl From<BackupError> for JobError {
    fn from(e: BackupError) -> Self {
        match e {
            BackupError::Store(e) => e.into(),
            BackupError::Busy(_) => Self::Postpone(BUSY, "another backup"),
            other => Self::Retry(other.to_string()),
        }
    }
}
