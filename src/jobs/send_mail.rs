//! Sends one message to one person. Its bytes and Message-ID are fixed, so a retry after a crash between the server's
//! acceptance and our record of it sends the same mail, which the receiver can recognise.

use super::JobError;
use crate::app::App;
use crate::domain::message::MessageState;
use crate::mail::transport::Outcome;
use crate::store::jobs::{self, Job};
use crate::store::messages;

/// The reason why a message is not sent.
const DISABLED: &str = "the account of the recipient was disabled";

pub async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    let mut tx = app.store.write().await?;
    let Some(envelope) = messages::find_envelope(&mut tx, job.subject_id).await? else {
        return Err(JobError::Fail("the message does not exist".to_owned()));
    };
    if matches!(envelope.state, MessageState::Sent | MessageState::Outbox) {
        jobs::finish(&mut tx, job).await?;
        return Ok(tx.commit().await?);
    }
    // An account disabled meanwhile receives nothing more.
    if messages::is_to_disabled(&mut tx, envelope.id).await? {
        messages::mark(&mut tx, envelope.id, MessageState::Failed, Some(DISABLED), None).await?;
        jobs::finish(&mut tx, job).await?;
        return Ok(tx.commit().await?);
    }
    messages::mark_sending(&mut tx, envelope.id).await?;
    tx.commit().await?;
    let outcome =
        app.mailer.send(&envelope.recipient, &app.config.mail_from, &envelope.message_id, &envelope.eml).await;
    let state = match outcome {
        Outcome::Sent => MessageState::Sent,
        Outcome::Kept => MessageState::Outbox,
        Outcome::Retry(reason) => {
            let mut tx = app.store.write().await?;
            messages::mark(&mut tx, envelope.id, MessageState::Waiting, Some(&reason), None).await?;
            tx.commit().await?;
            return Err(JobError::Retry(reason));
        }
        Outcome::Refused(reason) => return Err(JobError::Fail(reason)),
    };
    let mut tx = app.store.write().await?;
    messages::mark(&mut tx, envelope.id, state, None, Some(app.clock.now())).await?;
    jobs::finish(&mut tx, job).await?;
    Ok(tx.commit().await?)
}
