//! Passes the second factor of a sign-in; and which rights wait for one.

use crate::accounts::code::Code;
use crate::accounts::second_factor::SecondFactor;
use crate::actions::manage_person::{change, log_and_tell};
use crate::actions::slow_guessing::Lanes;
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::config::SecondFactorRule;
use crate::domain::Time;
use crate::domain::change::ChangeAction;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::domain::post::Role;
use crate::store::{Tx, second_factors, users};

/// How a sign-in passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// This person has no second factor.
    NotAsked,
    ByCode,
    ByRecoveryCode,
}

/// Passes the second factor in a transaction that goes on with what it opens. One that opens nothing is counted in `lanes` as a
/// wrong password is, and what the transaction held is committed with that: nothing before it may be half done.
pub(in crate::actions) async fn pass_or_count(
    app: &App,
    mut tx: Tx,
    lanes: &Lanes,
    person: &Person,
    doer: Doer,
    typed: Option<&str>,
    now: Time,
) -> Result<(Tx, Passed)> {
    match pass(&mut tx, person, typed, now).await {
        Ok(passed) => {
            if passed == Passed::ByRecoveryCode {
                log_and_tell(&mut tx, app, change(person.id, ChangeAction::UseRecoveryCode, doer, now)).await?;
            }
            Ok((tx, passed))
        }
        Err(ActionError::WrongSecondFactor) => {
            let (failures, wait) = lanes.fail(&mut tx, now).await?;
            tx.commit().await?;
            tracing::warn!(failures, wait_s = wait.as_secs(), "a second factor was wrong");
            Err(ActionError::WrongSecondFactor)
        }
        Err(other) => Err(other),
    }
}

/// Takes a code that the telephone shows, or a recovery code; each opens once. [`ActionError::SecondFactorNeeded`] without
/// one, [`ActionError::WrongSecondFactor`] where it opens nothing.
async fn pass(tx: &mut Tx, person: &Person, typed: Option<&str>, now: Time) -> Result<Passed> {
    let Some(secret) = second_factors::find(tx, person.id).await?.and_then(|factor| factor.secret) else {
        return Ok(Passed::NotAsked);
    };
    let Some(typed) = typed.map(str::trim).filter(|typed| !typed.is_empty()) else {
        return Err(ActionError::SecondFactorNeeded);
    };
    let factor = SecondFactor::new(&person.login, secret).map_err(|e| ActionError::Internal(e.to_string()))?;
    if let Some(step) = factor.step_of(typed, now) {
        // Seen over somebody's shoulder, or caught on its way: it was used, and opens nothing any more.
        let is_fresh = second_factors::use_step(tx, person.id, step).await?;
        return if is_fresh { Ok(Passed::ByCode) } else { Err(ActionError::WrongSecondFactor) };
    }
    match Code::parse(typed) {
        Some(code) if second_factors::use_code(tx, person.id, &code.hash(), now).await? => Ok(Passed::ByRecoveryCode),
        _ => Err(ActionError::WrongSecondFactor),
    }
}

/// The person without the rights that wait for a second factor: those of inspectors and administrators, where the
/// settings require one and this person has none. Accounts of the demo, whose passwords everybody reads, have all theirs.
pub async fn awake(tx: &mut Tx, app: &App, person: Person) -> Result<Person> {
    if !needs_one(tx, app, &person).await? {
        return Ok(person);
    }
    let rights = person.rights.into_iter().filter(|right| !asks_for_one(right.role)).collect();
    Ok(Person { rights, ..person })
}

/// Whether rights of this person, who has all that the posts give, wait for a second factor.
pub async fn needs_one(tx: &mut Tx, app: &App, person: &Person) -> Result<bool> {
    Ok(app.config.second_factor == SecondFactorRule::Required
        && person.rights.iter().any(|right| asks_for_one(right.role))
        && !second_factors::is_on(tx, person.id).await?
        && !users::is_demo(tx, person.id).await?)
}

/// Whether a role decides about the works and accounts of others.
const fn asks_for_one(role: Role) -> bool {
    match role {
        Role::Inspector | Role::Administrator => true,
        Role::Officer | Role::VillageSecretary | Role::VillageHead | Role::DistrictOfficer => false,
    }
}
