//! Changes a password: one's own with the old one, or that of somebody who lost theirs.

use super::sign_in::{Verified, hash_in_line, verify};
use super::slow_guessing::Lanes;
use super::{ActionError, Result, manage_person};
use crate::accounts::password;
use crate::accounts::password_line::Who;
use crate::accounts::token::token_hash;
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::change::ChangeAction;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::permission::Action;
use crate::store::{sign_ins, users};
use uuid::Uuid;

/// Changes one's own password. All other sessions end, and no device is known any more; `token` goes on.
pub async fn change_own_password(app: &App, by: &Person, token: &str, old: String, new: String) -> Result<()> {
    by.require(Action::ManageOwnAccount)?;
    password::check("new", &new, by)?;
    let mut tx = app.store.read().await?;
    let (_, stored) =
        users::find_by_login(&mut tx, &by.login, app.clock.now()).await?.ok_or(ActionError::NotFound("person"))?;
    drop(tx);
    let lanes = Lanes::session(by.id);
    if let Verified::Wrong { failures, .. } = verify(app, &lanes, Who::Known, stored.clone(), old).await? {
        tracing::warn!(user = %by.id, failures, "the old password was wrong");
        return Err(Invalid::new("wrong_password", "old").into());
    }
    let hash = hash_in_line(app, new).await?;
    let mut tx = app.store.write().await?;
    lanes.succeed(&mut tx).await?;
    // Changed or disabled meanwhile: the old password was the right one of a moment ago.
    if !users::change_password(&mut tx, by.id, Some(&stored), &hash).await? {
        return Err(ActionError::Conflict("changed_meanwhile"));
    }
    let ended = users::end_sessions(&mut tx, by.id, Some(&token_hash(token))).await?;
    sign_ins::forget_places(&mut tx, by.id).await?;
    let change = manage_person::change(by.id, ChangeAction::ChangePassword, Doer::oneself(by), app.clock.now());
    manage_person::log_and_tell(&mut tx, app, change.with(manage_person::ended_sessions(ended))).await?;
    Ok(tx.commit().await?)
}

/// Gives somebody another password, at the terminal of the server; their sessions end.
pub async fn reset_password(app: &App, id: Uuid, new: String) -> Result<Person> {
    let mut tx = app.store.read().await?;
    let person = manage_person::find_managed(&mut tx, None, id, app.clock.now()).await?.person;
    drop(tx);
    password::check("password", &new, &person)?;
    let hash = hash_in_line(app, new).await?;
    let mut tx = app.store.write().await?;
    let doer = manage_person::find_managed(&mut tx, None, id, app.clock.now()).await?.doer;
    users::change_password(&mut tx, id, None, &hash).await?;
    let ended = users::end_sessions(&mut tx, id, None).await?;
    sign_ins::forget_places(&mut tx, id).await?;
    let change = manage_person::change(id, ChangeAction::ResetPassword, doer, app.clock.now());
    manage_person::log_and_tell(&mut tx, app, change.with(manage_person::ended_sessions(ended))).await?;
    tx.commit().await?;
    Ok(person)
}
