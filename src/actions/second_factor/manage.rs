//! Takes a second factor away: one's own, or that of somebody who lost their telephone and the recovery codes.

use super::pass::Passed;
use super::set_up::prove;
use crate::actions::manage_person::{Managed, change, ended_sessions, find_managed, log_and_tell};
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::change::ChangeAction;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::store::{second_factors, users};
use uuid::Uuid;

/// Removes one's own second factor with its recovery codes.
pub async fn remove_own(app: &App, by: &Person, password: String, code: Option<&str>) -> Result<()> {
    if prove(app, by, password, code).await? == Passed::NotAsked {
        return Err(ActionError::Conflict("second_factor_off"));
    }
    let mut tx = app.store.write().await?;
    second_factors::remove(&mut tx, by.id).await?;
    let removed = change(by.id, ChangeAction::RemoveSecondFactor, Doer::oneself(by), app.clock.now());
    log_and_tell(&mut tx, app, removed).await?;
    Ok(tx.commit().await?)
}

/// Removes that of somebody else; their sessions end. `by` is an administrator of the region, or nobody at the terminal of the
/// server. Where they have none, nothing is done.
pub async fn remove(app: &App, by: Option<&Person>, id: Uuid) -> Result<Person> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let Managed { person, doer, .. } = find_managed(&mut tx, by, id, now).await?;
    // One's own asks for password and code: whoever sits at a session that was left open has neither.
    if by.is_some_and(|by| by.id == id) {
        return Err(ActionError::Conflict("own_account"));
    }
    if second_factors::remove(&mut tx, id).await? {
        let ended = users::end_sessions(&mut tx, id, None).await?;
        let removed = change(id, ChangeAction::RemoveSecondFactor, doer, now).with(ended_sessions(ended));
        log_and_tell(&mut tx, app, removed).await?;
        tx.commit().await?;
    }
    Ok(person)
}
