//! Says something else of a file: it is read again with its columns, values and cells as a person chose them.

use super::find_own;
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::job::JobKind;
use crate::domain::person::Person;
use crate::domain::upload::UploadOptions;
use crate::permission::Action;
use crate::store::Change;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::uploads::{self, Upload};
use uuid::Uuid;

/// `revision` is the one that the person saw.
pub async fn set_upload_options(
    app: &App,
    by: &Person,
    id: Uuid,
    revision: i64,
    options: &UploadOptions,
) -> Result<Upload> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let upload = find_own(&mut tx, by, id).await?;
    if !uploads::set_options(&mut tx, id, revision, options, now).await? {
        let is_fixed = upload.begun || upload.revision == revision;
        return Err(ActionError::Conflict(if is_fixed { "upload_stored" } else { "upload_changed" }));
    }
    enqueue(&mut tx, &[NewJob::new(&app.clock, JobKind::Upload, id, now)], now).await?;
    let chosen = Diff::new().field("revision", revision, revision + 1);
    tx.record(
        Change::new(now, Entity::Upload, id, ChangeAction::Choose, by.doer_of(Action::ImportProjects, &[])?)
            .with(chosen),
    );
    let upload = find_own(&mut tx, by, id).await?;
    tx.commit().await?;
    Ok(upload)
}
