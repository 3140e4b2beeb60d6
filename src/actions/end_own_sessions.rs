//! Signs a person out on other devices.

use super::{ActionError, Result};
use crate::accounts::token::token_hash;
use crate::app::App;
use crate::domain::person::Person;
use crate::permission::Action;
use crate::store::users;
use uuid::Uuid;

/// Ends all sessions of this person but the one with this token.
pub async fn end_other_sessions(app: &App, by: &Person, token: &str) -> Result<()> {
    by.require(Action::ManageOwnAccount)?;
    let mut tx = app.store.write().await?;
    users::end_sessions(&mut tx, by.id, Some(&token_hash(token))).await?;
    Ok(tx.commit().await?)
}

/// Ends one session of this person.
pub async fn end_own_session(app: &App, by: &Person, session: Uuid) -> Result<()> {
    by.require(Action::ManageOwnAccount)?;
    let mut tx = app.store.write().await?;
    if !users::end_session(&mut tx, by.id, session).await? {
        return Err(ActionError::NotFound("session"));
    }
    Ok(tx.commit().await?)
}
