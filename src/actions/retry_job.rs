//! Runs jobs again that were given up. `by`: an administrator, or nobody at the terminal of the server.

use super::{ActionError, Result};
use crate::app::App;
use crate::domain::person::Person;
use crate::permission::{Action, unless_at_terminal};
use crate::store::jobs;
use uuid::Uuid;

/// Maximum number of jobs that are put back at once.
const MAX_JOBS: i64 = 10_000;

/// Puts a failed job back into the queue.
pub async fn retry_job(app: &App, by: Option<&Person>, id: Uuid) -> Result<()> {
    unless_at_terminal(by, |by| by.require(Action::RetryJob))?;
    let mut tx = app.store.write().await?;
    if !jobs::revive(&mut tx, id, app.clock.now()).await? {
        return Err(ActionError::NotFound("job"));
    }
    Ok(tx.commit().await?)
}

/// Puts all failed jobs back in one transaction. Returns their number.
pub async fn retry_all_jobs(app: &App, by: Option<&Person>) -> Result<usize> {
    unless_at_terminal(by, |by| by.require(Action::RetryJob))?;
    let mut tx = app.store.write().await?;
    let failed = jobs::list(&mut tx, true, MAX_JOBS).await?;
    for job in &failed {
        jobs::revive(&mut tx, job.id, app.clock.now()).await?;
    }
    tx.commit().await?;
    Ok(failed.len())
}
