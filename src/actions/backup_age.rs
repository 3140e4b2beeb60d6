//! How old the last whole backup is.

use super::Result;
use crate::app::App;
use crate::store::backups::{BackupRow, find_last_whole};
use std::time::Duration;

/// The last whole backup and its age by this process's clock; `None` if there never was one. One row is
/// read.
pub async fn backup_age(app: &App) -> Result<Option<(BackupRow, Duration)>> {
    let mut tx = app.store.read().await?;
    let Some(last) = find_last_whole(&mut tx).await? else { return Ok(None) };
    drop(tx);
    let age = last.age(app.clock.now());
    Ok(Some((last, age)))
}
