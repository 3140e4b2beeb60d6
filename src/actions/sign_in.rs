//! Sign-in: argon2id passwords, server-side sessions.

use super::second_factor::pass::{awake, pass_or_count};
use super::slow_guessing::{Lanes, Wait, come_again};
use super::{ActionError, Result};
use crate::accounts::password;
use crate::accounts::password_line::Who;
use crate::accounts::session_limits::SessionLimits;
use crate::accounts::token::{make_token, token_hash};
use crate::app::App;
use crate::domain::Time;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::store::Tx;
use crate::store::sign_ins::{self, ADDRESS, DEVICE};
use crate::store::users::{self, NewSession};
use chrono::TimeDelta;
use std::net::IpAddr;
use std::time::Duration;
use uuid::Uuid;

/// Letters that are kept of what a browser calls itself.
const AGENT_CHARS: usize = 200;

/// How exactly it is known when a session was used last: not every request writes.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(5);

/// Somebody who wants to sign in.
#[derive(Debug)]
pub struct Attempt {
    pub login: String,
    pub password: String,
    /// The code of the second factor, or a recovery code.
    pub second_factor: Option<String>,
    pub opening: Opening,
}

/// Where a session is to be opened.
#[derive(Clone, Debug)]
pub struct Opening {
    pub from: Peer,
    /// The token that this device got when somebody signed in on it.
    pub device: Option<String>,
    /// The browser as it names itself.
    pub agent: Option<String>,
    /// The token of the session that goes on here until then: it ends.
    pub before: Option<String>,
}

/// From where a request comes.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    pub address: IpAddr,
    /// What it is counted by: of IPv6 the network.
    pub counted: IpAddr,
}

/// A session as it goes into the cookie.
#[derive(Debug)]
pub struct Session {
    /// 256 random bits, hex. Only its hash is stored.
    pub token: String,
    /// From now on, however much it is used.
    pub lasts: Duration,
    pub person: Person,
    /// What this device is known by from now on. Only its hash is stored.
    pub device: String,
}

/// Opens a session. An unknown login takes as much time as a wrong password and gets the same answer.
pub async fn sign_in(app: &App, attempt: Attempt) -> Result<Session> {
    let login = attempt.login.trim().to_lowercase();
    let mut tx = app.store.read().await?;
    let found = users::find_by_login(&mut tx, &login, app.clock.now()).await?;
    let user = found.as_ref().map_or_else(Uuid::nil, |(person, _)| person.id);
    let now = app.clock.now();
    let address = token_hash(&attempt.opening.from.counted.to_string());
    let from_known_address = sign_ins::knows_place(&mut tx, user, ADDRESS, &address, now).await?;
    let device = attempt.opening.device.as_deref().map(token_hash).unwrap_or_default();
    let on_known_device = sign_ins::knows_place(&mut tx, user, DEVICE, &device, now).await?;
    drop(tx);
    let (lanes, who) = if on_known_device {
        (Lanes::device(&login, &device), Who::Known)
    } else {
        (Lanes::stranger(&login, attempt.opening.from.counted, from_known_address), Who::Stranger)
    };
    let stored = found.as_ref().map_or_else(|| app.decoy_hash.to_string(), |(_, hash)| hash.clone());
    let right = match verify(app, &lanes, who, stored, attempt.password).await? {
        Verified::Right => true,
        Verified::Wrong { failures, wait } => {
            tracing::warn!(failures, wait_s = wait.as_secs(), "a sign-in failed");
            false
        }
    };
    let Some((person, hash)) = found.filter(|_| right) else { return Err(ActionError::WrongLogin) };
    let now = app.clock.now();
    // A device that is not known gets a token of its own.
    let opening = Opening { device: attempt.opening.device.filter(|_| on_known_device), ..attempt.opening };
    let mut tx = app.store.write().await?;
    // What was right when it was looked up may have been changed or shut meanwhile.
    if users::find_by_login(&mut tx, &login, now).await?.is_none_or(|(_, current)| current != hash) {
        return Err(ActionError::WrongLogin);
    }
    let doer = Doer { address: Some(opening.from.address), ..Doer::oneself(&person) };
    let (mut tx, _) = pass_or_count(app, tx, &lanes, &person, doer, attempt.second_factor.as_deref(), now).await?;
    lanes.succeed(&mut tx).await?;
    let session = open(&mut tx, app, person, opening, now).await?;
    tx.commit().await?;
    Ok(session)
}

/// Opens a session under a new token, in the place of the one that went on here.
pub(super) async fn open(tx: &mut Tx, app: &App, person: Person, opening: Opening, now: Time) -> Result<Session> {
    let (token, device) = (make_token(), opening.device.unwrap_or_else(make_token));
    if let Some(before) = opening.before {
        users::close_session(tx, &token_hash(&before)).await?;
    }
    let address = token_hash(&opening.from.counted.to_string());
    sign_ins::remember_place(tx, person.id, ADDRESS, &address, now).await?;
    sign_ins::remember_place(tx, person.id, DEVICE, &token_hash(&device), now).await?;
    let agent: Option<String> = opening.agent.map(|agent| agent.chars().take(AGENT_CHARS).collect());
    let lasts = limits(app, &person).most;
    let opened = NewSession {
        token_hash: &token_hash(&token),
        user_id: person.id,
        until: now + lasts,
        address: &opening.from.address.to_string(),
        agent: agent.as_deref(),
    };
    users::open_session(tx, &opened, now).await?;
    let person = awake(tx, app, person).await?;
    Ok(Session { token, lasts, person, device })
}

/// How long a session of this person lasts.
fn limits(app: &App, person: &Person) -> SessionLimits {
    SessionLimits::of(person, app.config.session, app.config.staff_session)
}

/// What came of looking at a password.
pub(super) enum Verified {
    Right,
    Wrong { failures: i64, wait: Duration },
}

/// Compares a password with the stored hash, unless these lanes have to wait; a wrong one is counted.
pub(super) async fn verify(app: &App, lanes: &Lanes, who: Who, stored: String, given: String) -> Result<Verified> {
    refuse_early(app, lanes).await?;
    let turn = app.passwords.enter(who).await.map_err(|_| ActionError::PasswordsBusy)?;
    // Those who stood before in the line may have failed: no more are looked at beyond a limit than there are turns.
    refuse_early(app, lanes).await?;
    let right = tokio::task::spawn_blocking(move || password::is_right(&given, &stored))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    if right {
        return Ok(Verified::Right);
    }
    let mut tx = app.store.write().await?;
    let (failures, wait) = lanes.fail(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    drop(turn);
    Ok(Verified::Wrong { failures, wait })
}

async fn refuse_early(app: &App, lanes: &Lanes) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let wait = lanes.wait(&mut tx, now).await?;
    drop(tx);
    match wait {
        Wait::None => Ok(()),
        Wait::Until(wait) => Err(come_again(wait)),
        Wait::Begins(wait) => {
            let mut tx = app.store.write().await?;
            lanes.begin(&mut tx, wait, now).await?;
            tx.commit().await?;
            Err(come_again(wait))
        }
    }
}

/// The hash of a new password, made in line with all others.
pub(super) async fn hash_in_line(app: &App, password: String) -> Result<String> {
    let _turn = app.passwords.enter(Who::Known).await.map_err(|_| ActionError::PasswordsBusy)?;
    hash_apart(app, password).await
}

/// The hash of a password, made off the async threads.
pub(super) async fn hash_apart(app: &App, given: String) -> Result<String> {
    let cost = app.config.password_cost;
    tokio::task::spawn_blocking(move || password::hash(&given, cost))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| ActionError::Internal(e.to_string()))
}

pub async fn sign_out(app: &App, token: &str) -> Result<()> {
    let mut tx = app.store.write().await?;
    users::close_session(&mut tx, &token_hash(token)).await?;
    Ok(tx.commit().await?)
}

/// Who holds this token and shows it from this address, which is a use of the session.
pub async fn find_caller(app: &App, token: &str, address: IpAddr) -> Result<Option<Person>> {
    let Some((person, used_at)) = find_session(app, token).await? else { return Ok(None) };
    let now = app.clock.now();
    if now - used_at > NOTED_EVERY {
        let mut tx = app.store.write().await?;
        users::use_session(&mut tx, &token_hash(token), now).await?;
        tx.commit().await?;
    }
    Ok(Some(Person { address: Some(address), ..person }))
}

/// Who holds this token still, where nobody uses it: a stream that goes on in an office at night keeps no session from ending.
pub async fn find_listener(app: &App, token: &str, address: Option<IpAddr>) -> Result<Option<Person>> {
    Ok(find_session(app, token).await?.map(|(person, _)| Person { address, ..person }))
}

/// Whose session it is, and when it was used. One that was not used for longer than its person's posts allow is over.
async fn find_session(app: &App, token: &str) -> Result<Option<(Person, Time)>> {
    let (now, hash) = (app.clock.now(), token_hash(token));
    let mut tx = app.store.read().await?;
    let Some((person, used_at)) = users::find_by_session(&mut tx, &hash, now).await? else { return Ok(None) };
    // By what the posts give: those of whose rights some wait for a second factor are bound as they would be with it.
    if limits(app, &person).is_over(used_at, now) {
        drop(tx);
        let mut tx = app.store.write().await?;
        users::close_session(&mut tx, &hash).await?;
        tx.commit().await?;
        return Ok(None);
    }
    Ok(Some((awake(&mut tx, app, person).await?, used_at)))
}
