//! Sets up one's own second factor, in two steps: a secret is shown, and goes into force once a code of it was typed.

use super::pass::{Passed, pass_or_count};
use crate::accounts::code::Code;
use crate::accounts::password_line::Who;
use crate::accounts::second_factor::{RECOVERY_CODES, SecondFactor};
use crate::accounts::token::token_hash;
use crate::actions::manage_person::{change, ended_sessions, log_and_tell};
use crate::actions::sign_in::{Verified, verify};
use crate::actions::slow_guessing::Lanes;
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::change::ChangeAction;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::permission::Action;
use crate::store::{Tx, second_factors, users};

/// A secret to be taken into an app, after the password was typed once more. The second factor of before goes on until the
/// new one is confirmed, and its code is asked for too.
pub async fn begin(app: &App, by: &Person, password: String, code: Option<&str>) -> Result<SecondFactor> {
    prove(app, by, password, code).await?;
    let factor = SecondFactor::make(&by.login).map_err(|e| ActionError::Internal(e.to_string()))?;
    let mut tx = app.store.write().await?;
    second_factors::begin(&mut tx, by.id, factor.secret()).await?;
    tx.commit().await?;
    Ok(factor)
}

/// Puts the secret that was shown into force, by a code of it. All other sessions end. Recovery codes, shown this once;
/// those of before open nothing any more.
pub async fn confirm(app: &App, by: &Person, token: &str, typed: &str) -> Result<Vec<Code>> {
    by.require(Action::ManageOwnAccount)?;
    let now = app.clock.now();
    let lanes = Lanes::session(by.id);
    let mut tx = app.store.write().await?;
    lanes.refuse_waiting(&mut tx, now).await?;
    let pending = second_factors::find(&mut tx, by.id).await?.and_then(|factor| factor.pending);
    let secret = pending.ok_or(ActionError::Conflict("second_factor_not_begun"))?;
    let factor = SecondFactor::new(&by.login, secret).map_err(|e| ActionError::Internal(e.to_string()))?;
    let Some(step) = factor.step_of(typed, now) else {
        lanes.fail(&mut tx, now).await?;
        tx.commit().await?;
        return Err(Invalid::new("wrong_code", "code").into());
    };
    lanes.succeed(&mut tx).await?;
    if !second_factors::confirm(&mut tx, by.id, factor.secret(), step, now).await? {
        return Err(ActionError::Conflict("changed_meanwhile"));
    }
    let codes = replace_codes(&mut tx, by).await?;
    let ended = users::end_sessions(&mut tx, by.id, Some(&token_hash(token))).await?;
    let set = change(by.id, ChangeAction::SetSecondFactor, Doer::oneself(by), now).with(ended_sessions(ended));
    log_and_tell(&mut tx, app, set).await?;
    tx.commit().await?;
    Ok(codes)
}

/// New recovery codes, shown this once; those of before open nothing any more.
pub async fn make_codes(app: &App, by: &Person, password: String, code: Option<&str>) -> Result<Vec<Code>> {
    if prove(app, by, password, code).await? == Passed::NotAsked {
        return Err(ActionError::Conflict("second_factor_off"));
    }
    let mut tx = app.store.write().await?;
    let codes = replace_codes(&mut tx, by).await?;
    let made = change(by.id, ChangeAction::MakeRecoveryCodes, Doer::oneself(by), app.clock.now());
    log_and_tell(&mut tx, app, made).await?;
    tx.commit().await?;
    Ok(codes)
}

async fn replace_codes(tx: &mut Tx, by: &Person) -> Result<Vec<Code>> {
    let codes: Vec<Code> = (0..RECOVERY_CODES).map(|_| Code::make()).collect();
    let hashes: Vec<String> = codes.iter().map(Code::hash).collect();
    second_factors::replace_codes(tx, by.id, &hashes).await?;
    Ok(codes)
}

/// Whoever sits at a session that was left open changes nothing here: the password is asked for, and the second factor
/// where there is one. Wrong ones slow the next.
pub(super) async fn prove(app: &App, by: &Person, password: String, code: Option<&str>) -> Result<Passed> {
    by.require(Action::ManageOwnAccount)?;
    let mut tx = app.store.read().await?;
    let (_, stored) =
        users::find_by_login(&mut tx, &by.login, app.clock.now()).await?.ok_or(ActionError::NotFound("person"))?;
    drop(tx);
    let lanes = Lanes::session(by.id);
    if let Verified::Wrong { failures, .. } = verify(app, &lanes, Who::Known, stored, password).await? {
        tracing::warn!(user = %by.id, failures, "the password was wrong");
        return Err(Invalid::new("wrong_password", "password").into());
    }
    let now = app.clock.now();
    let tx = app.store.write().await?;
    let (mut tx, passed) =
        pass_or_count(app, tx, &lanes, by, Doer::oneself(by), code, now).await.map_err(|e| match e {
            ActionError::SecondFactorNeeded => Invalid::new("missing_field", "code").into(),
            ActionError::WrongSecondFactor => Invalid::new("wrong_code", "code").into(),
            other => other,
        })?;
    lanes.succeed(&mut tx).await?;
    tx.commit().await?;
    Ok(passed)
}
