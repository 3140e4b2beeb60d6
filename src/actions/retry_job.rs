//! Runs a job again that was given up.

use super::{ActionError, Result};
use crate::accounts::permission::Action;
use crate::app::App;
use crate::domain::person::Person;
use crate::store::jobs;
use uuid::Uuid;

/// Puts a failed job back into the queue. `by`: an administrator, or nobody at the terminal of the server.
pub async fn retry_job(app: &App, by: Option<&Person>, id: Uuid) -> Result<()> {
    by.map_or(Ok(()), |by| by.require(Action::RetryJob))?;
    let mut tx = app.store.write().await?;
    if !jobs::revive(&mut tx, id, app.clock.now()).await? {
        return Err(ActionError::NotFound("job"));
    }
    Ok(tx.commit().await?)
}
