//! Background work: the worker that takes jobs from the outbox.

pub mod act_content;
pub mod alert_content;
pub mod backup;
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
pub mod send_code;
pub mod send_mail;
pub mod tell_owner;
pub mod upload;
pub mod worker;

use crate::actions::ActionError;
use crate::store::{StoreError, Trouble};
use std::time::Duration;

/// Pause before the next try on a database that is full, locked or unreachable.
const AWAY: Duration = Duration::from_secs(5);

/// Why a job is not done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JobError {
    /// May succeed later: network, lock, a full disk.
    #[error("{0}")]
    Retry(String),
    /// Will never succeed: the row is gone, the address is invalid.
    #[error("{0}")]
    Fail(String),
    /// A prerequisite is missing; this does not count as a try.
    #[error("waiting for {1} ({0:?})")]
    Postpone(Duration, &'static str),
    /// Another worker has the job: nothing of this run was stored.
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
