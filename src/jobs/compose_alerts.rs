//! Gathers what is new into one message for each person responsible. The findings of one import make one mail.

use super::{JobError, alert_content, kinds};
use crate::app::App;
use crate::domain::Time;
use crate::domain::person::{Language, Person, Scope};
use crate::mail;
use crate::store::findings;
use crate::store::imports;
use crate::store::jobs::{self, Job, NewJob};
use crate::store::messages;
use crate::store::users;
use std::time::Duration;
use uuid::Uuid;

/// How long an import may keep alerts waiting: one that was killed must not hold them back for ever.
const IMPORT_PATIENCE: Duration = Duration::from_secs(600);
/// How long alerts wait for screenings that are still to be done, after the settling time.
const PAUSE: Duration = Duration::from_secs(2);

/// Somebody who is told.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub address: String,
    pub name: Option<String>,
    pub user_id: Option<Uuid>,
    pub language: Language,
    pub scope: Scope,
}

pub async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    if imports::count_running(&mut tx, now - IMPORT_PATIENCE).await? > 0 {
        return Err(JobError::Postpone(PAUSE, "an import"));
    }
    if jobs::count_due(&mut tx, kinds::SCREENING, now - IMPORT_PATIENCE).await? > 0 {
        return Err(JobError::Postpone(PAUSE, "screenings"));
    }
    let people = users::list(&mut tx).await?;
    drop(tx);
    for recipient in recipients(&app.config.alerts, people) {
        tell(app, &recipient, now).await?;
    }
    let mut tx = app.store.write().await?;
    jobs::finish(&mut tx, job).await?;
    Ok(tx.commit().await?)
}

/// For now: inspectors with an address, and the addresses of the configuration. One mail an address.
fn recipients(configured: &[String], people: Vec<Person>) -> Vec<Recipient> {
    let mut all: Vec<Recipient> = people
        .into_iter()
        .filter(|person| person.role == crate::domain::person::Role::Inspector)
        .filter_map(|person| {
            let scope = person.scope();
            Some(Recipient {
                address: person.email?,
                name: Some(person.name),
                user_id: Some(person.id),
                language: person.language,
                scope,
            })
        })
        .collect();
    all.extend(configured.iter().map(|address| Recipient {
        address: address.clone(),
        name: None,
        user_id: None,
        language: Language::Id,
        scope: Scope::all(),
    }));
    all.sort_by_key(|recipient| recipient.address.to_lowercase());
    all.dedup_by_key(|recipient| recipient.address.to_lowercase());
    all
}

/// One message about everything that this recipient was not told of.
async fn tell(app: &App, recipient: &Recipient, now: Time) -> Result<(), JobError> {
    let key = recipient.address.to_lowercase();
    let mut tx = app.store.read().await?;
    let untold = findings::list_untold(&mut tx, &recipient.scope, &key).await?;
    if untold.is_empty() {
        return Ok(());
    }
    let told: Vec<(Uuid, i64)> = untold.iter().map(|finding| (finding.id, finding.round)).collect();
    let alert = alert_content::read(app, &mut tx, recipient, untold).await?;
    drop(tx);
    let id = app.clock.id();
    let message_id = mail::message::message_id(id, &app.config.mail_from);
    let from = app.config.mail_from.clone();
    let composed = tokio::task::spawn_blocking({
        let message_id = message_id.clone();
        move || mail::compose(&alert, &from, &message_id, now)
    })
    .await
    .map_err(|e| JobError::Retry(e.to_string()))?
    .map_err(|e| JobError::Fail(format!("the mail to {key} cannot be written: {e}")))?;
    let message = messages::NewMessage {
        id,
        message_id,
        recipient: key,
        user_id: recipient.user_id,
        language: recipient.language.as_str(),
        subject: composed.subject,
        text: composed.text,
        html: composed.html,
        eml: composed.eml,
        findings: told,
    };
    let mut tx = app.store.write().await?;
    if !messages::insert(&mut tx, &message, now).await? {
        // Another worker told of some of it meanwhile: what is left comes with the next try.
        return Err(JobError::Postpone(PAUSE, "another message"));
    }
    let send = NewJob { id: app.clock.id(), kind: kinds::SEND_MAIL, subject_id: id, run_at: now };
    jobs::enqueue(&mut tx, &[send]).await?;
    Ok(tx.commit().await?)
}
