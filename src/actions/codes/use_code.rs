//! Uses a one-time code: who it is for, and the password that they choose.

use crate::accounts::code::Code;
use crate::accounts::password;
use crate::actions::manage_person::{change, ended_sessions, log_and_tell};
use crate::actions::second_factor::pass::pass_or_count;
use crate::actions::sign_in::{self, Opening, Session, hash_in_line};
use crate::actions::slow_guessing::Lanes;
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::account::CodePurpose;
use crate::domain::change::ChangeAction;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::domain::{Invalid, Time};
use crate::store::codes::{self, OpenCode};
use crate::store::{Tx, second_factors, sign_ins, users};

/// Whom a code lets in.
#[derive(Clone, Debug)]
pub struct Invited {
    pub person: Person,
    pub code: OpenCode,
    /// Whether a second factor is asked for too.
    pub second_factor: bool,
}

/// Looks a code up; nothing is used yet. One that opens nothing is counted, as a wrong password is.
pub async fn find_code(app: &App, typed: &str, from: sign_in::Peer) -> Result<Invited> {
    let now = app.clock.now();
    let lanes = Lanes::code(from.counted);
    let mut tx = app.store.write().await?;
    lanes.refuse_waiting(&mut tx, now).await?;
    if let Some(found) = look_up(&mut tx, typed, now).await? {
        return Ok(found);
    }
    let (failures, wait) = lanes.fail(&mut tx, now).await?;
    tx.commit().await?;
    tracing::warn!(failures, wait_s = wait.as_secs(), "a one-time code opened nothing");
    Err(Invalid::new("code_opens_nothing", "code").into())
}

/// Chooses the password. The code opens nothing any more, all sessions end, and one begins here.
pub async fn use_code(
    app: &App,
    typed: &str,
    new: String,
    second_factor: Option<&str>,
    opening: Opening,
) -> Result<Session> {
    let Invited { person, .. } = find_code(app, typed, opening.from).await?;
    password::check("password", &new, &person)?;
    let hash = hash_in_line(app, new).await?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    // Used or replaced meanwhile.
    let again = look_up(&mut tx, typed, now).await?;
    let Some(Invited { person, code, .. }) = again.filter(|again| again.person.id == person.id) else {
        return Err(Invalid::new("code_opens_nothing", "code").into());
    };
    // Whoever found a card or reads somebody's mail has no second factor of theirs.
    let doer = Doer { address: Some(opening.from.address), ..Doer::oneself(&person) };
    let lanes = Lanes::code(opening.from.counted);
    let (mut tx, _) = pass_or_count(app, tx, &lanes, &person, doer.clone(), second_factor, now).await?;
    if !codes::take(&mut tx, code.id, now).await? || !users::change_password(&mut tx, person.id, None, &hash).await? {
        return Err(ActionError::Conflict("changed_meanwhile"));
    }
    let ended = users::end_sessions(&mut tx, person.id, None).await?;
    sign_ins::forget_places(&mut tx, person.id).await?;
    let used = change(person.id, ChangeAction::UseCode, doer, now).with(ended_sessions(ended));
    // The first password is no news to whoever was invited.
    if code.purpose == CodePurpose::Invitation {
        tx.log(used)
    } else {
        log_and_tell(&mut tx, app, used).await?
    }
    // Whatever token the device sends: a new password begins with new ones.
    let session = sign_in::open(&mut tx, app, person, Opening { device: None, ..opening }, now).await?;
    tx.commit().await?;
    Ok(session)
}

async fn look_up(tx: &mut Tx, typed: &str, now: Time) -> Result<Option<Invited>> {
    let Some(code) = Code::parse(typed) else { return Ok(None) };
    let Some(code) = codes::find(tx, &code.hash(), now).await? else { return Ok(None) };
    // An account that was shut meanwhile is opened by nothing.
    let Some(person) = users::find(tx, code.user_id, now).await? else { return Ok(None) };
    let second_factor = second_factors::is_on(tx, person.id).await?;
    Ok(Some(Invited { person, code, second_factor }))
}
