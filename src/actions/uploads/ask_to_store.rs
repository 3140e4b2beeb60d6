//! Asks for a checked file to be stored; a job does it. Asked again, it is the same act.

use super::find_own;
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::job::JobKind;
use crate::domain::person::Person;
use crate::domain::upload::UploadState;
use crate::permission::Action;
use crate::store::Change;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::uploads::{self, Upload};
use uuid::Uuid;

/// How the rows are to be stored.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The revision that the person saw.
    pub revision: i64,
    /// Store the good rows where some are refused.
    pub keep_good: bool,
    /// Let the file win over what a person edited since.
    pub overwrite: bool,
}

pub async fn ask_to_store(app: &App, by: &Person, id: Uuid, wish: Wish) -> Result<Upload> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let upload = find_own(&mut tx, by, id).await?;
    if upload.revision != wish.revision {
        return Err(ActionError::Conflict("upload_changed"));
    }
    if matches!(upload.state, UploadState::Storing | UploadState::Stored) {
        return Ok(upload);
    }
    let outcome = upload.outcome.as_ref().filter(|_| upload.state == UploadState::Checked || upload.begun);
    let Some(outcome) = outcome else { return Err(ActionError::Conflict("upload_not_checked")) };
    if outcome.refused_cells > 0 && !wish.keep_good {
        return Err(ActionError::Conflict("upload_has_refused"));
    }
    if outcome.good == 0 {
        return Err(ActionError::Conflict("upload_without_rows"));
    }
    if !uploads::set_storing(&mut tx, id, wish.revision, (wish.keep_good, wish.overwrite), now).await? {
        return Err(ActionError::Conflict("upload_changed"));
    }
    enqueue(&mut tx, &[NewJob::new(&app.clock, JobKind::Upload, id, now)], now).await?;
    let asked = Diff::new().now("keep_good", wish.keep_good).now("overwrite", wish.overwrite);
    tx.record(
        Change::new(now, Entity::Upload, id, ChangeAction::Store, by.doer_of(Action::ImportProjects, &[])?).with(asked),
    );
    let upload = find_own(&mut tx, by, id).await?;
    tx.commit().await?;
    Ok(upload)
}
