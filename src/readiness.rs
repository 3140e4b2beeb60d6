//! Whether this process can do its work now. Checked at most once a second, however many ask.

use crate::atlas::Atlas;
use crate::domain::Time;
use crate::store::{Result, Store, readiness};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use tracing::warn;

/// How long a result is reused.
const SERVES: Duration = Duration::from_secs(1);
/// Response time of the database beyond which it is not ready.
const PATIENCE: Duration = Duration::from_secs(5);

/// The last result. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<Option<Look>>>);

/// Its time, and what was not ready.
type Look = (Instant, Vec<&'static str>);

impl Readiness {
    /// The parts that are not ready: `database`, `database_write`, `atlas`. Empty if all is well.
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
