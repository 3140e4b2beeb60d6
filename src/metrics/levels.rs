//! The levels of this moment: what is not counted as it happens, but looked at when somebody asks.

use crate::atlas::Atlas;
use crate::readiness::PARTS;
use crate::store::{Result, Store, changes, jobs};
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
    pub connections: usize,
    pub connections_idle: usize,
    /// Each part of the readiness.
    pub ready: Vec<(&'static str, bool)>,
    pub memory_bytes: Option<usize>,
}

impl Levels {
    /// Looks. Two queries, the second of which counts all jobs.
    pub async fn look(store: &Store, atlas: &Atlas, lacks: &[&'static str], requests_running: usize) -> Self {
        let (connections, connections_idle) = store.connections();
        let stored = timeout(PATIENCE, of_store(store)).await.ok().and_then(Result::ok);
        let seq = atlas.seq();
        Self {
            requests_running,
            atlas_projects: atlas.with_picture(|picture| picture.len()),
            atlas_lag: stored.as_ref().map(|(last, _)| (last - seq).max(0)),
            jobs: stored.map(|(_, jobs)| jobs),
            connections,
            connections_idle,
            ready: PARTS.map(|part| (part, !lacks.contains(&part))).to_vec(),
            memory_bytes: memory_stats::memory_stats().map(|memory| memory.physical_mem),
        }
    }
}

async fn of_store(store: &Store) -> Result<(i64, Vec<(String, String, i64)>)> {
    let mut tx = store.read().await?;
    Ok((changes::last_seq(&mut tx).await?, jobs::count_by_kind(&mut tx).await?))
}
