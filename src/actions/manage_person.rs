//! Shuts an account and opens it again, and ends sessions. `by` is an administrator of the region, or nobody at the terminal of
//! the server.

use super::{ActionError, Result};
use crate::app::App;
use crate::domain::Time;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::person::{Person, Role};
use crate::permission::{Action, unless_at_terminal};
use crate::store::{Change, Tx, sign_ins, users};
use uuid::Uuid;

/// Two who shut each other's account come one after another.
const ADMINISTRATORS: Uuid = Uuid::from_u128(0x7461_7061_6b61_646d_696e_6973_7472_6174);

/// Shuts an account: its sessions end at once, and it gets no mail. The last administrator of the country stays.
pub async fn disable_person(app: &App, by: Option<&Person>, id: Uuid) -> Result<Person> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    tx.one_at_a_time(ADMINISTRATORS).await?;
    let (person, disabled) = find_managed(&mut tx, by, id).await?;
    if disabled {
        return Ok(person);
    }
    let of_country = person.role == Role::Administrator && person.region_code.is_none();
    if of_country && users::count_country_administrators(&mut tx).await? <= 1 {
        return Err(ActionError::Conflict("last_administrator"));
    }
    users::set_disabled(&mut tx, id, Some(now)).await?;
    users::end_sessions(&mut tx, id, None).await?;
    sign_ins::forget_places(&mut tx, id).await?;
    let shut = Diff::new().field("disabled", false, true);
    tx.log(change(id, ChangeAction::Disable, Doer::or_terminal(by), now).with(shut));
    tx.commit().await?;
    Ok(person)
}

/// Opens an account again, with the password that it had.
pub async fn enable_person(app: &App, by: Option<&Person>, id: Uuid) -> Result<Person> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let (person, disabled) = find_managed(&mut tx, by, id).await?;
    if disabled {
        users::set_disabled(&mut tx, id, None).await?;
        let opened = Diff::new().field("disabled", true, false);
        tx.log(change(id, ChangeAction::Enable, Doer::or_terminal(by), now).with(opened));
        tx.commit().await?;
    }
    Ok(person)
}

/// Ends all sessions of somebody, and no device of theirs is known any more.
pub async fn end_sessions(app: &App, by: Option<&Person>, id: Uuid) -> Result<(Person, u64)> {
    let mut tx = app.store.write().await?;
    let (person, _) = find_managed(&mut tx, by, id).await?;
    let ended = users::end_sessions(&mut tx, id, None).await?;
    sign_ins::forget_places(&mut tx, id).await?;
    tx.log(change(id, ChangeAction::EndSessions, Doer::or_terminal(by), app.clock.now()).with(ended_sessions(ended)));
    tx.commit().await?;
    Ok((person, ended))
}

/// The person and whether their account is shut, where whoever asks answers for them. Others are as if they were not there.
pub(super) async fn find_managed(tx: &mut Tx, by: Option<&Person>, id: Uuid) -> Result<(Person, bool)> {
    unless_at_terminal(by, |by| by.require(Action::ManagePeople))?;
    let found = users::find_anyone(tx, id).await?.ok_or(ActionError::NotFound("person"))?;
    // Who has no region answers for the country, or for nothing: both are the country's to decide.
    let region = found.person.region_code.as_deref().unwrap_or_default();
    if by.is_some_and(|by| !by.scope().holds(region)) {
        return Err(ActionError::NotFound("person"));
    }
    Ok((found.person, found.disabled_at.is_some()))
}

/// An entry about an account.
pub(super) fn change(id: Uuid, action: ChangeAction, by: Doer, at: Time) -> Change {
    Change::new(at, Entity::User, id, action, by)
}

/// How many sessions were ended.
pub(super) fn ended_sessions(ended: u64) -> Diff {
    Diff::new().now("ended", ended)
}
