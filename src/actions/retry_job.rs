//! Runs jobs again that were given up. `by`: an administrator, or nobody at the terminal of the server.

use super::{ActionError, Result};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::permission::{Action, doer_of};
use crate::store::{Change, jobs};
use uuid::Uuid;

/// Maximum number of jobs that are put back at once.
const MAX_JOBS: i64 = 10_000;

/// Puts a failed job back into the queue.
pub async fn retry_job(app: &App, by: Option<&Person>, id: Uuid) -> Result<()> {
    let doer = doer_of(by, Action::RetryJob, &[])?;
    let mut tx = app.store.write().await?;
    if !jobs::revive(&mut tx, id, app.clock.now()).await? {
        return Err(ActionError::NotFound("job"));
    }
    tx.record(retried(app, doer, id));
    Ok(tx.commit().await?)
}

/// Puts all failed jobs back in one transaction. Returns their number.
pub async fn retry_all_jobs(app: &App, by: Option<&Person>) -> Result<usize> {
    let doer = doer_of(by, Action::RetryJob, &[])?;
    let mut tx = app.store.write().await?;
    let failed = jobs::list(&mut tx, true, MAX_JOBS).await?;
    for job in &failed {
        jobs::revive(&mut tx, job.id, app.clock.now()).await?;
        tx.record(retried(app, doer.clone(), job.id));
    }
    tx.commit().await?;
    Ok(failed.len())
}

fn retried(app: &App, by: Doer, id: Uuid) -> Change {
    Change::new(app.clock.now(), Entity::Job, id, ChangeAction::Retry, by)
}
