//! Whether this process can do its work now. Checked at most once a second, however many ask.

use crate::atlas::Atlas;
use crate::domain::Time;
use crate::photos::keep::PhotoStore;
use crate::store::{Store, readiness};
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use tracing::warn;

/// What must work.
pub const PARTS: [&str; 5] = ["database", "database_write", "atlas", "storage", "jobs"];

/// How long a result is reused.
const SERVES: Duration = Duration::from_secs(1);
/// Response time of database and storage beyond which they are not ready.
const PATIENCE: Duration = Duration::from_secs(5);
/// Without a beat for so long, the jobs stand still. Six rounds of the worker.
const STILL: Duration = Duration::from_secs(60);

/// The last result. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<Option<Look>>>);

/// Its time, and what was not ready.
type Look = (Instant, Vec<&'static str>);

/// Where to look.
#[derive(Clone, Copy)]
pub struct Subjects<'a> {
    pub store: &'a Store,
    pub atlas: &'a Atlas,
    pub photos: &'a PhotoStore,
    pub pulse: &'a Pulse,
}

impl Readiness {
    /// Those of [`PARTS`] that are not ready. Empty if all is well.
    pub async fn lacks(&self, of: Subjects<'_>, now: Time) -> Vec<&'static str> {
        let mut last = self.0.lock().await;
        if let Some((_, lacks)) = last.as_ref().filter(|(at, _)| at.elapsed() < SERVES) {
            return lacks.clone();
        }
        let (read, written, kept) = tokio::join!(
            works("the database cannot be read", readiness::try_read(of.store)),
            works("the database cannot be written", readiness::try_write(of.store, now)),
            works("no file can be kept", of.photos.try_keep()),
        );
        let is_ready = [read, written, of.atlas.is_loaded(), kept, !of.pulse.is_still(Instant::now())];
        let lacks: Vec<_> = PARTS.into_iter().zip(is_ready).filter_map(|(part, is)| (!is).then_some(part)).collect();
        *last = Some((Instant::now(), lacks.clone()));
        lacks
    }
}

async fn works<E: Display>(fault: &str, attempt: impl Future<Output = Result<(), E>>) -> bool {
    match timeout(PATIENCE, attempt).await {
        Ok(Ok(())) => true,
        Ok(Err(e)) => {
            warn!("not ready: {fault}: {e}");
            false
        }
        Err(_) => {
            warn!("not ready: {fault} within {} s", PATIENCE.as_secs());
            false
        }
    }
}

/// A sign of life of who does the jobs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pulse {
    begun: Instant,
    /// Milliseconds since then of the last beat, from 1; 0: nobody began.
    last: Arc<AtomicU64>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { begun: Instant::now(), last: Arc::default() }
    }
}

impl Pulse {
    /// The jobs go on.
    pub fn beat(&self, now: Instant) {
        let after = now.saturating_duration_since(self.begun).as_millis();
        self.last.store(u64::try_from(after).unwrap_or(u64::MAX).max(1), Ordering::Relaxed);
    }

    /// They went on once, and for a minute do not. Where nobody does jobs (commands, tests), nothing stands still.
    pub fn is_still(&self, now: Instant) -> bool {
        let last = self.last.load(Ordering::Relaxed);
        last > 0 && now.saturating_duration_since(self.begun + Duration::from_millis(last)) > STILL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_that_beat_once_and_then_no_more_stand_still() {
        let (pulse, start) = (Pulse::default(), Instant::now());
        assert!(!pulse.is_still(start + 2 * STILL), "nobody began");
        pulse.beat(start);
        assert!(!pulse.is_still(start + STILL));
        assert!(pulse.is_still(start + STILL + Duration::from_secs(1)));
        pulse.beat(start + STILL);
        assert!(!pulse.is_still(start + STILL + Duration::from_secs(1)));
    }
}
