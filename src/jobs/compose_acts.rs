//! Gathers comments and decisions on findings into one message for each person concerned. Those of a short time make one mail.
//!
//! One job looks up who is to hear of what and makes one job for each of them; that one writes what is still so, to who may
//! still see it.

use super::recipients::{Recipient, answers_for_works, find_configured};
use super::{JobError, act_content, message};
use crate::app::App;
use crate::domain::act::ActKind;
use crate::domain::job::JobKind;
use crate::domain::person::Person;
use crate::mail;
use crate::store::acts::{self, Addressee, WaitingAct};
use crate::store::jobs::{self, Job, NewJob};
use crate::store::{Tx, findings, messages, users};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;
use uuid::Uuid;

/// Acts that are looked up in one transaction; further ones have a job of their own.
const TOGETHER: i64 = 500;
/// The pause before it is looked again what is left to tell.
const PAUSE: Duration = Duration::from_secs(2);

/// Keeps who is to hear of what was said and decided, and makes one job for each of them.
pub async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let waiting = acts::list_waiting(&mut tx, TOGETHER).await?;
    let concerned = Concerned::load(app, &mut tx, &waiting).await?;
    drop(tx);
    let mut tx = app.store.write().await?;
    let ids: Vec<Uuid> = waiting.iter().map(|act| act.id).collect();
    acts::mark_addressed(&mut tx, &ids).await?;
    let addressees: Vec<Addressee> = waiting.iter().flat_map(|act| concerned.addressees(act)).collect();
    acts::address(&mut tx, &addressees).await?;
    let subjects: BTreeSet<Uuid> = addressees.iter().map(|one| one.recipient_id).collect();
    let notify = |subject_id: Uuid| NewJob { id: app.clock.id(), kind: JobKind::NotifyOfActs, subject_id, run_at: now };
    jobs::enqueue(&mut tx, &subjects.into_iter().map(notify).collect::<Vec<_>>(), now).await?;
    if i64::try_from(waiting.len()).is_ok_and(|count| count >= TOGETHER) {
        let rest = NewJob { id: app.clock.id(), kind: JobKind::ComposeActs, subject_id: Uuid::nil(), run_at: now };
        jobs::enqueue(&mut tx, &[rest], now).await?;
    }
    jobs::finish(&mut tx, job).await?;
    Ok(tx.commit().await?)
}

/// Writes the message to one recipient. One who has gone meanwhile, or to whom nothing is left to tell, needs none.
pub async fn notify(app: &App, job: &Job) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let recipient = match users::find(&mut tx, job.subject_id).await? {
        Some(person) => Recipient::of_participant(person),
        None => find_configured(&app.config.alerts, job.subject_id),
    };
    let unheard = acts::list_unheard(&mut tx, job.subject_id).await?;
    let composed = match &recipient {
        Some(recipient) => act_content::compose(app, &mut tx, recipient, &unheard).await?,
        None => None,
    };
    let answers = match (&recipient, &composed) {
        (Some(recipient), Some(composed)) => answered(&mut tx, recipient, &composed.findings).await?,
        _ => None,
    };
    drop(tx);
    let void: Vec<Uuid> = {
        let mentioned: HashSet<Uuid> = composed.iter().flat_map(|composed| composed.acts.iter().copied()).collect();
        unheard.iter().map(|act| act.id).filter(|act| !mentioned.contains(act)).collect()
    };
    let message = match (recipient, &composed) {
        (Some(recipient), Some(composed)) => {
            let mail = composed.mail.clone();
            Some(message::write(app, &recipient, answers, now, move |head| mail::compose_acts(&mail, head)).await?)
        }
        _ => None,
    };
    let mut tx = app.store.write().await?;
    acts::settle(&mut tx, job.subject_id, &void, None).await?;
    if let (Some(message), Some(composed)) = (&message, &composed) {
        messages::insert(&mut tx, message, now).await?;
        if acts::settle(&mut tx, job.subject_id, &composed.acts, Some(message.id)).await? < composed.acts.len() {
            // Another worker told of some of it meanwhile: what is left comes with the next try.
            return Err(JobError::Postpone(PAUSE, "another message"));
        }
        message::send(&mut tx, app, message.id, now).await?;
    }
    jobs::finish(&mut tx, job).await?;
    Ok(tx.commit().await?)
}

/// The mail that one about a single finding follows: the last one to this recipient that told of it.
async fn answered(tx: &mut Tx, recipient: &Recipient, findings: &[Uuid]) -> Result<Option<String>, JobError> {
    match findings {
        [finding] => Ok(messages::find_last_about(tx, &recipient.key(), *finding).await?),
        _ => Ok(None),
    }
}

/// What says who is to hear of an act.
struct Concerned<'a> {
    /// Addresses of the settings.
    configured: &'a [String],
    people: Vec<Person>,
    /// The villages by which each finding is seen.
    villages: HashMap<Uuid, Vec<String>>,
    /// Who ever said or decided something about each finding.
    participants: HashMap<Uuid, Vec<Uuid>>,
    /// The addresses that an alert told of each finding.
    alerted: HashMap<Uuid, HashSet<String>>,
}

impl<'a> Concerned<'a> {
    async fn load(app: &'a App, tx: &mut Tx, acts: &[WaitingAct]) -> Result<Self, JobError> {
        let findings: Vec<Uuid> = acts.iter().map(|act| act.finding_id).collect::<BTreeSet<_>>().into_iter().collect();
        Ok(Self {
            configured: &app.config.alerts,
            people: users::list(tx).await?,
            villages: findings::list_villages(tx, &findings).await?,
            participants: acts::list_participants(tx, &findings).await?,
            alerted: messages::list_alerted(tx, &findings).await?,
        })
    }

    /// Who is to hear of this act: who answers for a village of the finding, and whoever took part and sees it. An address of
    /// the settings hears how a finding ended that it was told of; what people say to each other it does not read. Whoever did
    /// it knows, and so does who shares their address.
    fn addressees(&self, act: &WaitingAct) -> Vec<Addressee> {
        let nothing = Vec::new();
        let villages = self.villages.get(&act.finding_id).unwrap_or(&nothing);
        let participants = self.participants.get(&act.finding_id);
        let own_address = act.by_address.as_ref().map(|address| address.to_lowercase());
        let is_concerned = |person: &Person| {
            let scope = person.scope();
            let took_part = || participants.is_some_and(|all| all.contains(&person.id));
            villages.iter().any(|code| scope.holds(code)) && (answers_for_works(person) || took_part())
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
