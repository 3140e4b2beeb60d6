//! A message to one recipient: composed off the request threads, stored with the job that sends it.

use super::JobError;
use super::recipients::Recipient;
use crate::app::App;
use crate::domain::Time;
use crate::domain::job::JobKind;
use crate::mail::{Composed, Head, MailError, message::message_id};
use crate::store::jobs::{NewJob, enqueue};
use crate::store::messages::NewMessage;
use crate::store::{Result, Tx};
use uuid::Uuid;

/// Composes a mail to this recipient. `answers`: the `Message-ID` of the mail that it replies to.
pub async fn write(
    app: &App,
    recipient: &Recipient,
    answers: Option<String>,
    now: Time,
    compose: impl FnOnce(&Head) -> std::result::Result<Composed, MailError> + Send + 'static,
) -> std::result::Result<NewMessage, JobError> {
    let id = app.clock.id();
    let message_id = message_id(id, &app.config.mail_from);
    let head = Head {
        from: app.config.mail_from.clone(),
        to: recipient.address.clone(),
        name: recipient.name.clone(),
        message_id: message_id.clone(),
        answers,
        at: now,
    };
    let key = recipient.key();
    let composed = tokio::task::spawn_blocking(move || compose(&head))
        .await
        .map_err(|e| JobError::Retry(e.to_string()))?
        .map_err(|e| JobError::Fail(format!("the mail to {key} cannot be composed: {e}")))?;
    Ok(NewMessage {
        id,
        message_id,
        recipient: key,
        user_id: recipient.user_id,
        language: recipient.language.as_str(),
        subject: composed.subject,
        text: composed.text,
        html: composed.html,
        eml: composed.eml,
        findings: Vec::new(),
    })
}

/// Enqueues the sending of a message.
pub async fn send(tx: &mut Tx, app: &App, message: Uuid, now: Time) -> Result<()> {
    let send = NewJob::new(&app.clock, JobKind::SendMail, message, now);
    enqueue(tx, &[send], now).await
}
