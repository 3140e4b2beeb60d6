//! How old the last backup is, for the administrator.

use super::caller::{Action, Caller};
use super::problem::Problem;
use crate::actions::backup_age::backup_age;
use crate::app::App;
use crate::backup::sentence;
use crate::domain::person::Language;
use crate::store::backups::{self, BackupRow};
use crate::store::to_text;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use uuid::Uuid;

/// The backups of this service.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Backups {
    /// When the next one is made by itself; `null` where no place for backups is set.
    pub next_at: Option<String>,
    /// The last one that is whole; `null` if there never was one.
    pub last_whole: Option<Backup>,
    /// Seconds since that one began.
    pub age_s: Option<u64>,
    /// The last one that was tried.
    pub last: Option<Backup>,
}

/// A backup that was tried.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Backup {
    pub id: Uuid,
    /// Where it is, without secrets.
    pub target: String,
    pub began_at: String,
    /// `null`: under way, or broken off with its process.
    pub ended_at: Option<String>,
    /// Why it failed, in words; `null` for one that is whole or under way.
    pub error: Option<String>,
    /// Bytes of the whole set, and those that were sent for it.
    pub bytes: i64,
    pub sent_bytes: i64,
    /// Photos that are in it, and those that were lost or damaged before.
    pub photos: i64,
    pub lost_photos: i64,
}

impl Backup {
    fn of(row: BackupRow, language: Language) -> Self {
        let BackupRow { id, target, began_at, ended_at, error, bytes, sent_bytes, photos, lost_photos } = row;
        let error = error.map(|kept| sentence(language, &kept));
        Self { id, target, began_at, ended_at, error, bytes, sent_bytes, photos, lost_photos }
    }
}

/// The last backups. What one lacks is what was changed since it began.
#[utoipa::path(get, path = "/api/v1/backups", tag = "jobs", responses((status = 200, body = Backups)))]
pub async fn show(State(app): State<App>, caller: Caller) -> Result<Json<Backups>, Problem> {
    caller.require(Action::ReadJobs)?;
    let (last_whole, age) = backup_age(&app).await?.unzip();
    let mut tx = app.store.read().await?;
    let last = backups::list_last(&mut tx, 1).await?.pop();
    let next_at = app.config.backup.as_ref().map(|_| to_text(app.config.backup_at.next(app.clock.now())));
    let shown = |row| Backup::of(row, caller.language);
    let (last_whole, last) = (last_whole.map(shown), last.map(shown));
    Ok(Json(Backups { next_at, last_whole, age_s: age.map(|age| age.as_secs()), last }))
}
