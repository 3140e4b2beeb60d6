//! Collects comments and decisions on findings into one message for each person concerned; those within a short time
//! share a mail.
//!
//! One job determines the recipients and enqueues a job for each of them; that job reads the current state and what
//! its recipient may still see, and writes the message.

use super::recipients::{Recipient, find_configured, notified_of};
use super::{JobError, act_content, message};
use crate::app::App;
use crate::domain::act::ActKind;
use crate::domain::job::JobKind;
use crate::domain::person::Person;
use crate::domain::scope::Scope;
use crate::mail;
use crate::store::acts::{self, Addressee, WaitingAct};
use crate::store::jobs::{self, Job, NewJob};
use crate::store::{Tx, findings, messages, users};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;
use uuid::Uuid;

/// Acts handled in one transaction; further ones get a job of their own.
const TOGETHER: i64 = 500;
/// Pause before the next check for remaining acts.
const PAUSE: Duration = Duration::from_secs(2);

/// After a message about acts, further ones to the same recipient are gathered this many settling times: an inspector who
/// decides thirty findings in a row sends few mails.
const GATHERED: u32 = 15;

/// Stores the addressees of comments and decisions, and enqueues one job for each of them.
pub async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let waiting = acts::list_waiting(&mut tx, TOGETHER).await?;
    let concerned = Concerned::load(app, &mut tx, &waiting).await?;
    let pause = GATHERED * app.config.alert_settle;
    let last_messages = acts::list_last_messages(&mut tx, now - pause).await?;
    drop(tx);
    let mut tx = app.store.write().await?;
    let ids: Vec<Uuid> = waiting.iter().map(|act| act.id).collect();
    acts::mark_addressed(&mut tx, &ids).await?;
    let addressees: Vec<Addressee> = waiting.iter().flat_map(|act| concerned.addressees(act)).collect();
    acts::address(&mut tx, &addressees).await?;
    let subjects: BTreeSet<Uuid> = addressees.iter().map(|one| one.recipient_id).collect();
    let notify = |subject_id: Uuid| {
        // Never longer than the pause, whatever the clock was when the last message was written.
        let run_at = last_messages.get(&subject_id).map_or(now, |last| (*last + pause).min(now + pause));
        NewJob::new(&app.clock, JobKind::NotifyOfActs, subject_id, run_at)
    };
    jobs::enqueue(&mut tx, &subjects.into_iter().map(notify).collect::<Vec<_>>(), now).await?;
    if has_more(&waiting) {
        let rest = NewJob::new(&app.clock, JobKind::ComposeActs, Uuid::nil(), now);
        jobs::enqueue(&mut tx, &[rest], now).await?;
    }
    jobs::finish(&mut tx, job).await?;
    Ok(tx.commit().await?)
}

/// As many as were asked for: there may be further ones.
fn has_more<T>(listed: &[T]) -> bool {
    i64::try_from(listed.len()).is_ok_and(|count| count >= TOGETHER)
}

/// Writes the message to one recipient. None is needed if the recipient has gone or nothing is left to report.
pub async fn notify(app: &App, job: &Job) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let recipient = match users::find(&mut tx, job.subject_id, app.clock.now()).await? {
        Some(person) => Recipient::of_participant(person),
        None => find_configured(&app.config.alerts, job.subject_id),
    };
    let unsent = acts::list_unsent(&mut tx, job.subject_id, TOGETHER).await?;
    let composed = match &recipient {
        Some(recipient) => act_content::compose(app, &mut tx, recipient, &unsent).await?,
        None => None,
    };
    let answers = match (&recipient, &composed) {
        (Some(recipient), Some(composed)) => answered(&mut tx, recipient, &composed.findings).await?,
        _ => None,
    };
    drop(tx);
    let obsolete: Vec<Uuid> = {
        let mentioned: HashSet<Uuid> = composed.iter().flat_map(|composed| composed.acts.iter().copied()).collect();
        unsent.iter().map(|act| act.id).filter(|act| !mentioned.contains(act)).collect()
    };
    let message = match (recipient, &composed) {
        (Some(recipient), Some(composed)) => {
            let mail = composed.mail.clone();
            Some(message::write(app, &recipient, answers, now, move |head| mail::compose_acts(&mail, head)).await?)
        }
        _ => None,
    };
    let mut tx = app.store.write().await?;
    acts::settle(&mut tx, job.subject_id, &obsolete, None).await?;
    if let (Some(message), Some(composed)) = (&message, &composed) {
        messages::insert(&mut tx, message, now).await?;
        if acts::settle(&mut tx, job.subject_id, &composed.acts, Some(message.id)).await? < composed.acts.len() {
            // Another worker reported some of it meanwhile: the next try covers the rest.
            return Err(JobError::Postpone(PAUSE, "another message"));
        }
        message::send(&mut tx, app, message.id, now).await?;
    }
    if has_more(&unsent) {
        let rest = NewJob::new(&app.clock, JobKind::NotifyOfActs, job.subject_id, now);
        jobs::enqueue(&mut tx, &[rest], now).await?;
    }
    jobs::finish(&mut tx, job).await?;
    Ok(tx.commit().await?)
}

/// The mail to reply to: for a single finding, the last mail to this recipient that covered it.
async fn answered(tx: &mut Tx, recipient: &Recipient, findings: &[Uuid]) -> Result<Option<String>, JobError> {
    match findings {
        [finding] => Ok(messages::find_last_about(tx, &recipient.key(), *finding).await?),
        _ => Ok(None),
    }
}

/// The data that determine the addressees of an act.
struct Concerned<'a> {
    /// Addresses from the settings.
    configured: &'a [String],
    people: Vec<Person>,
    /// The villages through which each finding is visible.
    villages: HashMap<Uuid, Vec<String>>,
    /// Everybody who commented on or decided each finding.
    participants: HashMap<Uuid, Vec<Uuid>>,
    /// The addresses that received an alert about each finding.
    alerted: HashMap<Uuid, HashSet<String>>,
}

impl<'a> Concerned<'a> {
    async fn load(app: &'a App, tx: &mut Tx, acts: &[WaitingAct]) -> Result<Self, JobError> {
        let findings: Vec<Uuid> = acts.iter().map(|act| act.finding_id).collect::<BTreeSet<_>>().into_iter().collect();
        Ok(Self {
            configured: &app.config.alerts,
            people: users::list(tx, app.clock.now()).await?,
            villages: findings::list_villages(tx, &findings).await?,
            participants: acts::list_participants(tx, &findings).await?,
            alerted: messages::list_alerted(tx, &findings).await?,
        })
    }

    /// The addressees of this act: those responsible for a village of the finding, and those who took part and may
    /// see it. An address from the settings is notified of decisions on findings it was alerted to, but not of
    /// comments. The author is left out, and so is anyone who shares the author's address.
    fn addressees(&self, act: &WaitingAct) -> Vec<Addressee> {
        let nothing = Vec::new();
        let villages = self.villages.get(&act.finding_id).unwrap_or(&nothing);
        let participants = self.participants.get(&act.finding_id);
        let own_address = act.by_address.as_ref().map(|address| address.to_lowercase());
        let is_concerned = |person: &Person| {
            let about = |scope: &Scope| villages.iter().any(|code| scope.holds(code));
            let took_part = || participants.is_some_and(|all| all.contains(&person.id));
            about(&notified_of(person)) || (took_part() && about(&person.scope()))
        };
        let people =
            self.people.iter().filter(|person| is_concerned(person)).cloned().filter_map(Recipient::of_participant);
        let alerted = self.alerted.get(&act.finding_id).filter(|_| act.kind != ActKind::Comment);
        let configured = self
            .configured
            .iter()
            .map(|address| Recipient::of_address(address))
            .filter(|one| alerted.is_some_and(|alerted| alerted.contains(&one.key())));
        people
            .chain(configured)
            .map(|one| Addressee { act_id: act.id, recipient: one.key(), recipient_id: one.id() })
            .filter(|one| Some(&one.recipient) != own_address.as_ref())
            .collect()
    }
}
