//! Collects new findings into one message for each person concerned. The findings of one import share a mail.
//!
//! One job determines the recipients and enqueues a job for each of them, so that a bad address delays nobody else.

use super::recipients::{Recipient, find_configured, recipients};
use super::{JobError, alert_content, message};
use crate::app::App;
use crate::domain::Time;
use crate::domain::job::JobKind;
use crate::mail;
use crate::store::findings;
use crate::store::imports;
use crate::store::jobs::{self, Job, NewJob};
use crate::store::messages;
use crate::store::users;
use std::time::Duration;
use uuid::Uuid;

/// Maximum delay of alerts by an import: one that was killed must not block them for ever.
const IMPORT_PATIENCE: Duration = Duration::from_secs(600);
/// Pause before the next check whether imports and screenings are done.
const PAUSE: Duration = Duration::from_secs(2);

/// Waits for imports and screenings older than the request, within their patience, then enqueues one job a recipient.
pub async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let asked_at = job.written_at;
    let import_begun_after = now - IMPORT_PATIENCE;
    if now < asked_at + IMPORT_PATIENCE && imports::count_running(&mut tx, import_begun_after, asked_at).await? > 0 {
        return Err(JobError::Postpone(PAUSE, "an import"));
    }
    // A stream of registrations must not delay alerts: only screenings due before the request are awaited.
    let patience = 2 * app.config.alert_settle;
    if now < asked_at + patience && jobs::count_due(&mut tx, JobKind::SCREENING, asked_at).await? > 0 {
        return Err(JobError::Postpone(PAUSE, "screenings"));
    }
    let people = users::list(&mut tx, now).await?;
    let villages = findings::list_alert_villages(&mut tx).await?;
    drop(tx);
    let mut all = recipients(&app.config.alerts, people);
    // In a whole country, only recipients with an alert in their region get a job.
    all.retain(|recipient| villages.iter().any(|code| recipient.scope.holds(code)));
    // Recipients that share an address are notified one after another, each of what is left.
    let shares = |at: usize| at > 0 && all[at - 1].key() == all[at].key();
    let notify = |(at, recipient): (usize, &Recipient)| {
        NewJob::new(&app.clock, JobKind::NotifyRecipient, recipient.id(), if shares(at) { now + PAUSE } else { now })
    };
    let mut notify: Vec<NewJob> = all.iter().enumerate().map(notify).collect();
    notify.sort_unstable_by_key(|job| job.subject_id);
    let mut tx = app.store.write().await?;
    jobs::enqueue(&mut tx, &notify, now).await?;
    jobs::finish(&mut tx, job).await?;
    Ok(tx.commit().await?)
}

/// Writes the message to one recipient, unless the recipient has gone.
pub async fn notify(app: &App, job: &Job) -> Result<(), JobError> {
    let mut tx = app.store.read().await?;
    let person = users::find(&mut tx, job.subject_id, app.clock.now()).await?;
    drop(tx);
    let recipient = match person {
        Some(person) => Recipient::of_person(person),
        None => find_configured(&app.config.alerts, job.subject_id),
    };
    if let Some(recipient) = recipient {
        compose(app, &recipient, app.clock.now()).await?;
    }
    let mut tx = app.store.write().await?;
    jobs::finish(&mut tx, job).await?;
    Ok(tx.commit().await?)
}

/// One message about everything new to this recipient.
async fn compose(app: &App, recipient: &Recipient, now: Time) -> Result<(), JobError> {
    let key = recipient.key();
    let mut tx = app.store.read().await?;
    let news = findings::list_news(&mut tx, &recipient.scope, &key).await?;
    if news.is_empty() {
        return Ok(());
    }
    let notified: Vec<(Uuid, i64)> = news.iter().map(|finding| (finding.id, finding.round)).collect();
    let alert = alert_content::compose(app, &mut tx, recipient, news).await?;
    drop(tx);
    let mut message = message::write(app, recipient, None, now, move |head| mail::compose_alert(&alert, head)).await?;
    message.findings = notified;
    let mut tx = app.store.write().await?;
    if !messages::insert(&mut tx, &message, now).await? {
        // Another worker reported some of it meanwhile: the next try covers the rest.
        return Err(JobError::Postpone(PAUSE, "another message"));
    }
    message::send(&mut tx, app, message.id, now).await?;
    Ok(tx.commit().await?)
}
