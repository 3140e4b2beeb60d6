//! Names who holds a post: a holder, somebody who acts as one, or a substitute beside them for a time.

use super::{Term, administrator_of, appointed, ended, find_administered, own_right, post_change, refuse_other_holder};
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::action::Action;
use crate::domain::change::ChangeAction;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::domain::post::{Capacity, Grant};
use crate::domain::{Invalid, Time};
use crate::permission::may;
use crate::store::posts::{self, Holder, NewHolder, Post};
use crate::store::{Tx, users};
use chrono::{FixedOffset, TimeDelta};
use uuid::Uuid;

/// The longest time for which a holder may name a substitute: longer absences are for the administrator to decide.
pub const SUBSTITUTE_DAYS: i64 = 92;

/// Who is to hold what, and when.
#[derive(Clone, Debug)]
pub struct Appointment {
    /// Made by the client: the same again is the same appointment.
    pub id: Uuid,
    pub post: Uuid,
    /// The login of the person.
    pub login: String,
    pub capacity: Capacity,
    pub term: Term,
    /// Of a substitute: the only acts that are handed over.
    pub only: Option<Vec<Action>>,
    /// Whoever holds the post when this begins holds it no longer.
    pub replaces: bool,
}

/// `by`: an administrator of all that the post gives; whoever holds the post, for a substitute; or nobody at the terminal of
/// the server.
pub async fn appoint(app: &App, by: Option<&Person>, mut new: Appointment) -> Result<Holder> {
    let now = app.clock.now();
    if let Some(only) = &mut new.only {
        only.sort_unstable();
        only.dedup();
    }
    let mut tx = app.store.write().await?;
    // Of two who fill the same post at one moment the second finds it filled.
    tx.one_at_a_time(new.post).await?;
    let is_substitute = new.capacity == Capacity::Substitute;
    let right = by.filter(|_| is_substitute).and_then(|by| own_right(by, new.post).map(|right| (by, right)));
    let by_holder = right.map(|(by, _)| by);
    let (post, doer) = match right {
        Some((by, right)) => {
            let post = posts::find(&mut tx, new.post).await?.ok_or(ActionError::NotFound("post"))?;
            (post, Doer::of(by, &by.author(right)))
        }
        None => {
            if is_substitute {
                refuse_other_holder(by)?;
            }
            let post = find_administered(&mut tx, by, new.post).await?;
            let doer = administrator_of(by, post.grants.iter().map(|(grant, _)| grant))?;
            (post, doer)
        }
    };
    let user = users::find_id(&mut tx, &new.login.trim().to_lowercase()).await?;
    let unknown = || Invalid::new("unknown_person", "login").with("given", new.login.clone());
    let person = match user {
        Some(id) => users::find(&mut tx, id, now).await?.ok_or_else(unknown)?,
        None => return Err(unknown().into()),
    };
    let zone = post.zone();
    let (from, until) = new.term.moments(zone, now)?;
    if let Some(known) = posts::find_holder(&mut tx, new.id).await? {
        let is_same = known.post_id == post.id && known.user_id == person.id && known.capacity == new.capacity;
        return if is_same { Ok(known) } else { Err(ActionError::Conflict("id_taken")) };
    }
    if post.closed_at.is_some() {
        return Err(ActionError::Conflict("post_closed"));
    }
    match new.capacity {
        Capacity::Substitute => check_substitute(by_holder, &person, &post, &new, (from, until))?,
        Capacity::Holder | Capacity::Acting => {
            if new.only.is_some() {
                return Err(Invalid::new("only_for_substitutes", "only").into());
            }
            if let Some(left) = make_room(&mut tx, &new, zone, (from, until)).await? {
                tx.log(post_change(post.id, ChangeAction::EndHolding, doer.clone(), now).with(ended(&left, from)));
            }
        }
    }
    let holder = NewHolder {
        id: new.id,
        post_id: post.id,
        user_id: person.id,
        capacity: new.capacity,
        from,
        until,
        only: new.only,
        named_by: by.map(|by| by.id),
    };
    posts::insert_holder(&mut tx, &holder, now).await?;
    tx.log(post_change(post.id, ChangeAction::Appoint, doer, now).with(appointed(&holder)));
    let stored = posts::find_holder(&mut tx, new.id).await?.ok_or(ActionError::NotFound("holder"))?;
    tx.commit().await?;
    Ok(stored)
}

/// Refuses a substitute without an end, for what the post does not give, and, of a holder's own choice, for too long, beyond
/// their own time, or who has no post there.
fn check_substitute(
    by_holder: Option<&Person>,
    person: &Person,
    post: &Post,
    new: &Appointment,
    (from, until): (Time, Option<Time>),
) -> Result<()> {
    let until = until.ok_or_else(|| Invalid::new("missing", "last_day"))?;
    let gives =
        |act: Action| post.grants.iter().any(|(grant, _)| may(grant.role, act)) && act != Action::NameSubstitute;
    if let Some(act) = new.only.iter().flatten().find(|act| !gives(**act)) {
        return Err(Invalid::new("not_given_by_post", "only").with("given", act.as_str()).into());
    }
    let Some(by) = by_holder else { return Ok(()) };
    if by.id == person.id {
        return Err(Invalid::new("own_substitute", "login").into());
    }
    if until - from > TimeDelta::days(SUBSTITUTE_DAYS) {
        return Err(Invalid::new("substitute_too_long", "last_day").with("most", SUBSTITUTE_DAYS).into());
    }
    let own_end = by.rights.iter().filter(|right| right.post_id == post.id).find_map(|right| right.until);
    if own_end.is_some_and(|end| end < until) {
        return Err(Invalid::new("beyond_own_term", "last_day").into());
    }
    let scope = post.scope();
    if !person.rights.iter().any(|right| scope.contains(&right.scope())) {
        return Err(Invalid::new("no_colleague", "login").with("given", new.login.clone()).into());
    }
    Ok(())
}

/// Ends who holds the post when this begins, where that is asked for, and gives them; else one at a time.
async fn make_room(
    tx: &mut Tx,
    new: &Appointment,
    zone: FixedOffset,
    (from, until): (Time, Option<Time>),
) -> Result<Option<Holder>> {
    let Some(there) = posts::find_overlapping(tx, new.post, from, until).await? else { return Ok(None) };
    if new.replaces && there.from < from {
        posts::end_holder(tx, there.id, from).await?;
        // Somebody else may be named for later.
        if posts::find_overlapping(tx, new.post, from, until).await?.is_none() {
            return Ok(Some(there));
        }
    }
    let mut invalid = Invalid::new("post_is_held", "from").with("name", there.name.as_str());
    if let (_, Some(last)) = there.days(zone) {
        invalid = invalid.with("until", last.to_string());
    }
    Err(invalid.into())
}

/// What a substitute of this post may be given: all that its roles may do.
pub fn lendable(grants: &[Grant]) -> Vec<Action> {
    let gives = |act: &Action| *act != Action::NameSubstitute && grants.iter().any(|grant| may(grant.role, *act));
    Action::ALL.iter().copied().filter(gives).collect()
}
