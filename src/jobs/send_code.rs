//! Makes a one-time code and sends it. The code is nowhere but in the mail: a retry makes another one, which ends the one
//! before, so that of two mails the later one opens the account.

use super::JobError;
use crate::accounts::code::Code;
use crate::app::App;
use crate::domain::account::CodePurpose;
use crate::mail::code::CodeMail;
use crate::mail::message::{build, message_id};
use crate::mail::transport::Outcome;
use crate::mail::{Head, MailError};
use crate::spatial::zone::zone_of_person;
use crate::store::jobs::{self, Job};
use crate::store::{codes, users};

pub async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let open = codes::find_open(&mut tx, job.subject_id).await?.filter(|open| open.expires_at > now);
    // Used, replaced, or too late: an account that was shut meanwhile gets nothing.
    let person = match &open {
        Some(open) => users::find(&mut tx, open.user_id, now).await?,
        None => None,
    };
    let (Some(open), Some(person)) = (open, person) else {
        jobs::finish(&mut tx, job).await?;
        return Ok(tx.commit().await?);
    };
    let Some(to) = person.email.clone() else {
        return Err(JobError::Fail("the person has no mail address any more".to_owned()));
    };
    let code = Code::make();
    codes::set_hash(&mut tx, open.id, &code.hash()).await?;
    tx.commit().await?;
    let mail = CodeMail {
        name: person.name.clone(),
        login: person.login.clone(),
        language: person.language,
        base_url: app.config.base_url.clone(),
        invites: open.purpose == CodePurpose::Invitation,
        code,
        until: open.expires_at.with_timezone(&zone_of_person(&person)),
    };
    let head = Head {
        from: app.config.mail_from.clone(),
        to: to.clone(),
        name: Some(person.name),
        message_id: message_id(open.id, &app.config.mail_from),
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

fn write(mail: &CodeMail, head: &Head) -> Result<Vec<u8>, MailError> {
    build(head, &mail.subject(), &mail.text()?, mail.html()?, Vec::new())
}
