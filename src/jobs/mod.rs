//! What happens later, by itself: the worker that takes jobs from the outbox.

pub mod act_content;
pub mod alert_content;
pub mod compose_acts;
pub mod compose_alerts;
pub mod finding_words;
pub mod message;
pub mod prepare_photo;
pub mod recipients;
pub mod rejudge;
pub mod retry;
pub mod screen;
pub mod screen_write;
pub mod send_mail;
pub mod worker;

use crate::actions::ActionError;
use crate::store::{StoreError, Trouble};
use std::time::Duration;

/// The pause before a database that is full, locked or away is asked again.
const AWAY: Duration = Duration::from_secs(5);

/// Why a job is not done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JobError {
    /// It may work later: network, lock, a full disk.
    #[error("{0}")]
    Retry(String),
    /// It will never work: the row is gone, the address is none.
    #[error("{0}")]
    Fail(String),
    /// Something it needs is not there yet; this was no try.
    #[error("waits for {1} ({0:?})")]
    Postpone(Duration, &'static str),
    /// Another worker has it: nothing of this run was kept.
    #[error("the lease ended")]
    LeaseLost,
}

impl From<StoreError> for JobError {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::LeaseLost(_) => Self::LeaseLost,
            corrupt @ StoreError::Corrupt(..) => Self::Fail(corrupt.to_string()),
            away if away.trouble() != Trouble::Fault => Self::Postpone(AWAY, "the database"),
            other => Self::Retry(other.to_string()),
        }
    }
}

impl From<ActionError> for JobError {
    fn from(e: ActionError) -> Self {
        match e {
            ActionError::Store(e) => e.into(),
            other => Self::Fail(other.to_string()),
        }
    }
}
