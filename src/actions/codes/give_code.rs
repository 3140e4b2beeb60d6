//! Gives somebody a one-time code: by mail, or shown once to the administrator who prints it or reads it out.

use super::{CARD_HOURS, MAIL_HOURS, invitation};
use crate::accounts::code::Code;
use crate::actions::manage_person::{Managed, change, find_managed};
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::account::{CodeChannel, CodePurpose};
use crate::domain::change::ChangeAction;
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::job::JobKind;
use crate::domain::person::Person;
use crate::domain::{Invalid, Time};
use crate::store::codes::{self, NewCode};
use crate::store::jobs::{NewJob, enqueue};
use crate::store::{Tx, to_text, users};
use chrono::TimeDelta;
use uuid::Uuid;

/// A code that was given.
#[derive(Clone, Debug)]
pub struct GivenCode {
    pub person: Person,
    pub purpose: CodePurpose,
    pub channel: CodeChannel,
    /// Shown this once; `None` where a mail carries it.
    pub code: Option<Code>,
    pub expires_at: Time,
}

/// Somebody who may be given a code, and who gives it.
#[derive(Debug)]
pub struct Receiver {
    person: Person,
    doer: Doer,
}

/// A code for a first or another password. Earlier ones open nothing any more; the password of before stays until the code is
/// used. `by`: an administrator of all that this person holds, or nobody at the terminal of the server.
pub async fn give_code(app: &App, by: Option<&Person>, id: Uuid, channel: CodeChannel) -> Result<GivenCode> {
    let mut tx = app.store.write().await?;
    let to = find_receiver(&mut tx, app, by, id).await?;
    let given = give_in(&mut tx, app, to, channel).await?;
    tx.commit().await?;
    Ok(given)
}

/// Whom a code may be given to by this person.
pub async fn find_receiver(tx: &mut Tx, app: &App, by: Option<&Person>, id: Uuid) -> Result<Receiver> {
    let Managed { person, is_disabled, doer } = find_managed(tx, by, id, app.clock.now()).await?;
    if by.is_some_and(|by| by.id == id) {
        // They have the old password, and would need none here.
        return Err(ActionError::Conflict("own_account"));
    }
    if is_disabled {
        return Err(ActionError::Conflict("account_disabled"));
    }
    Ok(Receiver { person, doer })
}

/// Gives it, in the transaction of whoever asks.
pub async fn give_in(tx: &mut Tx, app: &App, to: Receiver, channel: CodeChannel) -> Result<GivenCode> {
    let Receiver { person, doer } = to;
    give(tx, app, doer, person, channel, app.clock.now()).await
}

/// Stores a code for this person, and asks for the mail that carries it. The audit chain tells that, and never the code.
pub(super) async fn give(
    tx: &mut Tx,
    app: &App,
    doer: Doer,
    person: Person,
    channel: CodeChannel,
    now: Time,
) -> Result<GivenCode> {
    if channel == CodeChannel::Mail && person.email.is_none() {
        return Err(Invalid::new("no_mail_address", "by").with("name", person.name).into());
    }
    tx.one_at_a_time(person.id).await?;
    let (purpose, lasts) = if users::is_invited(tx, person.id).await? {
        (CodePurpose::Invitation, invitation())
    } else {
        let hours = if channel == CodeChannel::Mail { MAIL_HOURS } else { CARD_HOURS };
        (CodePurpose::Reset, TimeDelta::hours(hours))
    };
    let code = (channel == CodeChannel::Card).then(Code::make);
    let new = NewCode {
        id: app.clock.id(),
        user_id: person.id,
        purpose,
        channel,
        code_hash: code.as_ref().map(Code::hash),
        made_by: doer.person,
        expires_at: now + lasts,
    };
    codes::replace(tx, &new, now).await?;
    let told = Diff::new().now("purpose", purpose).now("by", channel).now("until", to_text(new.expires_at));
    tx.log(change(person.id, ChangeAction::GiveCode, doer, now).with(told));
    if channel == CodeChannel::Mail {
        enqueue(tx, &[NewJob::new(&app.clock, JobKind::SendCode, new.id, now)], now).await?;
    }
    Ok(GivenCode { person, purpose, channel, code, expires_at: new.expires_at })
}
