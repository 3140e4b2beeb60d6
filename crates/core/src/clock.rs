//! The only place that reads the time or creates ids. Functions elsewhere take `now` and ids from their callers.

use crate::domain::Time;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

/// The source of the time. Tests advance it without waiting.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the only place for the time and ids")]
    pub fn now(&self) -> Time {
        chrono::Utc::now() + chrono::TimeDelta::milliseconds(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// A new id, ordered by time (UUIDv7).
    #[expect(clippy::disallowed_methods, reason = "the only place for the time and ids")]
    pub fn id(&self) -> Uuid {
        Uuid::now_v7()
    }

    /// Advances this clock: for tests of settling times and leases.
    pub fn advance(&self, by: std::time::Duration) {
        self.ahead_ms.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}
