//! How old the last whole backup is.

use super::Result;
use crate::app::App;
use crate::store::backups::{BackupRow, find_last_whole};
use std::time::Duration;

/// The last whole backup and its age by this process's clock; `None` if there never was one. What it holds is as old as its
/// beginning. One row is read.
pub async fn backup_age(app: &App) -> Result<Option<(BackupRow, Duration)>> {
    let mut tx = app.store.read().await?;
    let Some(last) = find_last_whole(&mut tx).await? else { return Ok(None) };
    drop(tx);
    let began = chrono::DateTime::parse_from_rfc3339(&last.began_at).map(|at| at.to_utc());
    let age = began.ok().and_then(|began| (app.clock.now() - began).to_std().ok()).unwrap_or_default();
    Ok(Some((last, age)))
}
