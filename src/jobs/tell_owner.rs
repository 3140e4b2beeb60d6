//! Writes to the owner of an account what was done to its security: whoever did it, it was the owner, or the owner should know.

use super::JobError;
use crate::app::App;
use crate::domain::Time;
use crate::mail::account::{AccountAct, AccountMail};
use crate::mail::message::{build, message_id};
use crate::mail::transport::Outcome;
use crate::mail::{Head, MailError};
use crate::spatial::zone::zone_of_person;
use crate::store::changes::{self, AccountChange};
use crate::store::jobs::{self, Job};
use crate::store::users;
use chrono::FixedOffset;
use uuid::Uuid;

/// All since the job was asked for, in one mail. Nobody is told whose account was shut or who has no address.
pub async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let owner = users::find(&mut tx, job.subject_id, now).await?;
    let acts = changes::list_security(&mut tx, job.subject_id, job.written_at).await?;
    let Some((owner, to)) = owner.and_then(|owner| owner.email.clone().map(|to| (owner, to))) else {
        jobs::finish(&mut tx, job).await?;
        return Ok(tx.commit().await?);
    };
    drop(tx);
    let zone = zone_of_person(&owner);
    let mail = AccountMail {
        name: owner.name.clone(),
        login: owner.login.clone(),
        language: owner.language,
        base_url: app.config.base_url.clone(),
        acts: acts.into_iter().map(|act| shown(act, owner.id, zone)).collect::<Result<_, _>>()?,
    };
    let head = Head {
        from: app.config.mail_from.clone(),
        to: to.clone(),
        name: Some(owner.name),
        message_id: message_id(job.id, &app.config.mail_from),
        answers: None,
        at: now,
    };
    let bytes = write(&mail, &head).map_err(|e| JobError::Fail(e.to_string()))?;
    match app.mailer.send(&to, &app.config.mail_from, &head.message_id, &bytes).await {
        Outcome::Sent | Outcome::Kept => {}
        Outcome::Retry(reason) => return Err(JobError::Retry(reason)),
        Outcome::Refused(reason) => return Err(JobError::Fail(reason)),
    }
    let mut tx = app.store.write().await?;
    jobs::finish(&mut tx, job).await?;
    Ok(tx.commit().await?)
}

fn shown(act: AccountChange, owner: Uuid, zone: FixedOffset) -> Result<AccountAct, JobError> {
    let at: Time = act.at.parse().map_err(|e| JobError::Fail(format!("{}: {e}", act.at)))?;
    let by_owner = act.actor_id == Some(owner);
    Ok(AccountAct { action: act.action, at: at.with_timezone(&zone), by: act.actor, by_owner })
}

fn write(mail: &AccountMail, head: &Head) -> Result<Vec<u8>, MailError> {
    build(head, &mail.subject(), &mail.text()?, mail.html()?, Vec::new())
}
