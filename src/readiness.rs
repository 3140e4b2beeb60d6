//! Whether this process can do its work now. Looked at once a second, however many ask.

use crate::atlas::Atlas;
use crate::domain::Time;
use crate::store::{Result, Store, readiness};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use tracing::warn;

/// How long an answer serves for others who ask.
const SERVES: Duration = Duration::from_secs(1);
/// How long the database may take: who waits longer is not ready.
const PATIENCE: Duration = Duration::from_secs(5);

/// The last look. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<Option<Look>>>);

/// When it was, and what was lacking.
type Look = (Instant, Vec<&'static str>);

impl Readiness {
    /// What is not ready: `database`, `database_write`, `atlas`. Empty where all is well.
    pub async fn lacks(&self, store: &Store, atlas: &Atlas, now: Time) -> Vec<&'static str> {
        let mut last = self.0.lock().await;
        if let Some((_, lacks)) = last.as_ref().filter(|(at, _)| at.elapsed() < SERVES) {
            return lacks.clone();
        }
        let mut lacks = Vec::new();
        if !works("read", readiness::try_read(store)).await {
            lacks.push("database");
        }
        if !works("written", readiness::try_write(store, now)).await {
            lacks.push("database_write");
        }
        if !atlas.is_loaded() {
            lacks.push("atlas");
        }
        *last = Some((Instant::now(), lacks.clone()));
        lacks
    }
}

async fn works(how: &str, attempt: impl Future<Output = Result<()>>) -> bool {
    match timeout(PATIENCE, attempt).await {
        Ok(Ok(())) => true,
        Ok(Err(e)) => {
            warn!("not ready: the database cannot be {how}: {e}");
            false
        }
        Err(_) => {
            warn!("not ready: the database was not {how} within {} s", PATIENCE.as_secs());
            false
        }
    }
}
