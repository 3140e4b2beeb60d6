//! Shuts an account and opens it again, and ends sessions. `by` is an administrator of the region, or nobody at the terminal of
//! the server.

use super::{ActionError, Result};
use crate::app::App;
use crate::domain::Time;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::job::JobKind;
use crate::domain::person::Person;
use crate::domain::post::Role;
use crate::domain::scope::Scope;
use crate::permission::{Action, doer_of, unless_at_terminal};
use crate::store::jobs::{NewJob, enqueue};
use crate::store::{Change, Tx, posts, sign_ins, users};
use uuid::Uuid;

/// Two who shut each other's account come one after another.
pub(super) const ADMINISTRATORS: Uuid = Uuid::from_u128(0x7461_7061_6b61_646d_696e_6973_7472_6174);

/// Shuts an account: its sessions end at once, and it gets no mail. The last administrator of the country stays.
pub async fn disable_person(app: &App, by: Option<&Person>, id: Uuid) -> Result<Person> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    tx.one_at_a_time(ADMINISTRATORS).await?;
    let Managed { person, is_disabled, doer } = find_managed(&mut tx, by, id, now).await?;
    if is_disabled {
        return Ok(person);
    }
    if administers_country(&person) {
        require_another_administrator(&mut tx, id, now).await?;
    }
    users::set_disabled(&mut tx, id, Some(now)).await?;
    users::end_sessions(&mut tx, id, None).await?;
    sign_ins::forget_places(&mut tx, id).await?;
    let shut = Diff::new().field("disabled", false, true);
    tx.log(change(id, ChangeAction::Disable, doer, now).with(shut));
    tx.commit().await?;
    Ok(person)
}

/// Opens an account again, with the password that it had.
pub async fn enable_person(app: &App, by: Option<&Person>, id: Uuid) -> Result<Person> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let Managed { person, is_disabled, doer } = find_managed(&mut tx, by, id, now).await?;
    if is_disabled {
        users::set_disabled(&mut tx, id, None).await?;
        let opened = Diff::new().field("disabled", true, false);
        tx.log(change(id, ChangeAction::Enable, doer, now).with(opened));
        tx.commit().await?;
    }
    Ok(person)
}

/// Ends all sessions of somebody, and no device of theirs is known any more.
pub async fn end_sessions(app: &App, by: Option<&Person>, id: Uuid) -> Result<(Person, u64)> {
    let mut tx = app.store.write().await?;
    let Managed { person, doer, .. } = find_managed(&mut tx, by, id, app.clock.now()).await?;
    let ended = users::end_sessions(&mut tx, id, None).await?;
    sign_ins::forget_places(&mut tx, id).await?;
    tx.log(change(id, ChangeAction::EndSessions, doer, app.clock.now()).with(ended_sessions(ended)));
    tx.commit().await?;
    Ok((person, ended))
}

/// Logs what was done to the security of an account, and has its owner told by mail: whoever did it in the owner's place is found
/// out.
pub(super) async fn log_and_tell(tx: &mut Tx, app: &App, change: Change) -> Result<()> {
    debug_assert!(ChangeAction::SECURITY.contains(&change.action), "the mail has no words for {:?}", change.action);
    let job = NewJob::new(&app.clock, JobKind::TellOwner, change.entity_id, change.at);
    enqueue(tx, &[job], change.at).await?;
    tx.log(change);
    Ok(())
}

/// Somebody whose account is managed.
pub(super) struct Managed {
    pub person: Person,
    pub is_disabled: bool,
    /// Who manages it.
    pub doer: Doer,
}

/// The person, where whoever asks answers for all that this person holds or will hold; for
/// whoever holds nothing any more, where they once held something there. Others are as if they were not there.
pub(super) async fn find_managed(tx: &mut Tx, by: Option<&Person>, id: Uuid, now: Time) -> Result<Managed> {
    unless_at_terminal(by, |by| by.require(Action::ManagePeople))?;
    let found = users::find_anyone(tx, id, now).await?.ok_or(ActionError::NotFound("person"))?;
    let ever = posts::list_regions_ever(tx, id).await?;
    if let Some(by) = by {
        let managed = by.scope_of(Action::ManagePeople);
        let held = posts::list_grants_from(tx, id, now).await?;
        let answers_for_all = held.iter().all(|grant| managed.contains(&grant.scope()));
        // Who never held a post is the country's to decide about.
        let knows = managed == Scope::all() || ever.iter().any(|code| managed.contains(&Scope::region(code)));
        if !(answers_for_all && knows) {
            return Err(ActionError::NotFound("person"));
        }
    }
    let doer = doer_of(by, Action::ManagePeople, &ever)?;
    Ok(Managed { person: found.person, is_disabled: found.disabled_at.is_some(), doer })
}

/// Whether this person administers the whole country.
pub(super) fn administers_country(person: &Person) -> bool {
    person.rights.iter().any(|right| right.role == Role::Administrator && right.region_code.is_none())
}

/// Refuses to take from the country the last person who administers it. Under [`ADMINISTRATORS`].
pub(super) async fn require_another_administrator(tx: &mut Tx, but: Uuid, now: Time) -> Result<()> {
    if posts::count_country_administrators(tx, but, now).await? == 0 {
        return Err(ActionError::Conflict("last_administrator"));
    }
    Ok(())
}

/// An entry about an account.
pub(super) fn change(id: Uuid, action: ChangeAction, by: Doer, at: Time) -> Change {
    Change::new(at, Entity::User, id, action, by)
}

/// How many sessions were ended.
pub(super) fn ended_sessions(ended: u64) -> Diff {
    Diff::new().now("ended", ended)
}
