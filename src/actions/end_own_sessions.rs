//! Signs a person out on other devices.

use super::manage_person::{change, ended_sessions};
use super::{ActionError, Result};
use crate::accounts::token::token_hash;
use crate::app::App;
use crate::domain::change::ChangeAction;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::permission::Action;
use crate::store::{Change, users};
use uuid::Uuid;

/// Ends all sessions of this person but the one with this token.
pub async fn end_other_sessions(app: &App, by: &Person, token: &str) -> Result<()> {
    by.require(Action::ManageOwnAccount)?;
    let mut tx = app.store.write().await?;
    let ended = users::end_sessions(&mut tx, by.id, Some(&token_hash(token))).await?;
    tx.record(ended_by_owner(app, by, ended));
    Ok(tx.commit().await?)
}

/// Ends one session of this person.
pub async fn end_own_session(app: &App, by: &Person, session: Uuid) -> Result<()> {
    by.require(Action::ManageOwnAccount)?;
    let mut tx = app.store.write().await?;
    if !users::end_session(&mut tx, by.id, session).await? {
        return Err(ActionError::NotFound("session"));
    }
    tx.record(ended_by_owner(app, by, 1));
    Ok(tx.commit().await?)
}

fn ended_by_owner(app: &App, by: &Person, ended: u64) -> Change {
    change(by.id, ChangeAction::EndSessions, Doer::oneself(by), app.clock.now()).with(ended_sessions(ended))
}
