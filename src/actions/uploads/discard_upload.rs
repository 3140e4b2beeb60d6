//! Takes an upload away with its bytes. What was stored of it stays.

use super::find_own;
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::person::Person;
use crate::permission::Action;
use crate::store::{Change, uploads};
use uuid::Uuid;

pub async fn discard_upload(app: &App, by: &Person, id: Uuid) -> Result<()> {
    let mut tx = app.store.write().await?;
    let upload = find_own(&mut tx, by, id).await?;
    if !uploads::delete(&mut tx, id).await? {
        return Err(ActionError::Conflict("upload_stored"));
    }
    let gone = Diff::new().field("sha256", &upload.sha256, ());
    tx.record(
        Change::new(
            app.clock.now(),
            Entity::Upload,
            id,
            ChangeAction::Discard,
            by.doer_of(Action::ImportProjects, &[])?,
        )
        .with(gone),
    );
    tx.commit().await?;
    Ok(app.photos.remove_upload(id, &upload.sha256).await?)
}
