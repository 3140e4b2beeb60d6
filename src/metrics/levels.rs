//! The levels of this moment: what is not counted as it happens, but looked at when somebody asks.

use crate::atlas::Atlas;
use crate::domain::Time;
use crate::readiness::PARTS;
use crate::store::{Result, Store, backups, changes, jobs};
use std::time::Duration;
use tokio::time::timeout;

/// A database that says nothing for so long leaves the levels that come from it out.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is there now.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    pub requests_running: usize,
    /// Kind, `waiting` or `failed`, number; `None` where the database does not say.
    pub jobs: Option<Vec<(String, String, i64)>>,
    pub atlas_projects: usize,
    /// Entries of the change log that the Atlas has not taken in.
    pub atlas_lag: Option<i64>,
    /// Of the last whole backup, `Some(None)` where there never was one; `None` where the database does not say.
    pub backup_age: Option<Option<Duration>>,
    pub connections: usize,
    pub connections_idle: usize,
    /// Each part of the readiness.
    pub ready: Vec<(&'static str, bool)>,
    pub memory_bytes: Option<usize>,
}

impl Levels {
    /// Looks. Three queries, one of which counts all jobs.
    pub async fn look(
        store: &Store,
        atlas: &Atlas,
        lacks: &[&'static str],
        requests_running: usize,
        now: Time,
    ) -> Self {
        let (connections, connections_idle) = store.connections();
        let stored = timeout(PATIENCE, of_store(store)).await.ok().and_then(Result::ok);
        let seq = atlas.seq();
        Self {
            requests_running,
            atlas_projects: atlas.with_picture(|picture| picture.len()),
            atlas_lag: stored.as_ref().map(|stored| (stored.last_seq - seq).max(0)),
            backup_age: stored.as_ref().map(|stored| stored.backup.as_ref().map(|last| last.age(now))),
            jobs: stored.map(|stored| stored.jobs),
            connections,
            connections_idle,
            ready: PARTS.map(|part| (part, !lacks.contains(&part))).to_vec(),
            memory_bytes: memory_stats::memory_stats().map(|memory| memory.physical_mem),
        }
    }
}

struct Stored {
    last_seq: i64,
    jobs: Vec<(String, String, i64)>,
    backup: Option<backups::BackupRow>,
}

async fn of_store(store: &Store) -> Result<Stored> {
    let mut tx = store.read().await?;
    Ok(Stored {
        last_seq: changes::last_seq(&mut tx).await?,
        jobs: jobs::count_by_kind(&mut tx).await?,
        backup: backups::find_last_whole(&mut tx).await?,
    })
}
