//! Writes the result of a screening: pairs, findings, and the request for mail, in one transaction.

use super::JobError;
use crate::app::App;
use crate::atlas::Judged;
use crate::atlas::picture::Stack;
use crate::domain::Time;
use crate::domain::doer::Doer;
use crate::domain::finding::{ClosedBecause, FindingKind, FindingState, Severity};
use crate::domain::job::JobKind;
use crate::domain::village::Relation;
use crate::duplicates::Prepared;
use crate::findings::{self, keyed};
use crate::spatial::places::Place;
use crate::store::finding_writes::{self, NewFinding};
use crate::store::jobs::{Job, NewJob, enqueue, enqueue_for_judge, finish};
use crate::store::judges::{self, Standing};
use crate::store::pairs::{self, Digests, NewPair};
use crate::store::{Tx, changes, finding_pairs, projects, screened};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Projects whose pairs are gathered into findings in one transaction.
const GATHERED: usize = 200;
/// Maximum number of members listed in a finding about a stacked coordinate.
const STACK_MEMBERS: usize = 50;

/// The result for one project.
#[derive(Debug)]
pub struct Screened {
    pub id: Uuid,
    /// The log entry that the picture held.
    pub seq: i64,
    pub subject: Option<Prepared>,
    /// Verdicts not stored yet.
    pub judged: Vec<Judged>,
    /// No verdicts are left for later.
    pub is_complete: bool,
    /// Earlier and present partners.
    pub partners: Vec<Uuid>,
    /// Whether it had stored pairs before.
    pub was_paired: bool,
    pub place: Option<(Relation, f64)>,
    /// The village that contains it or is nearest, if it is outside its own.
    pub actual: Option<Place>,
    pub outside_country: bool,
    pub stack: Option<Stack>,
    /// Others on its place, whose position its arrival may make doubtful: they are screened again.
    pub others_on_same_spot: Vec<Uuid>,
}

impl Screened {
    pub fn gone(id: Uuid, seq: i64) -> Self {
        Self {
            id,
            seq,
            subject: None,
            judged: Vec::new(),
            is_complete: true,
            partners: Vec::new(),
            was_paired: false,
            place: None,
            actual: None,
            outside_country: false,
            stack: None,
            others_on_same_spot: Vec::new(),
        }
    }
}

/// Projects whose pairs changed but whose findings are not updated yet. If a screening is interrupted, its rerun
/// gathers whatever is paired.
pub type Ungathered = BTreeSet<Uuid>;

/// Stores everything about these projects. After the last of them (`end`), also updates findings, some projects in
/// each transaction; the last such transaction finishes these jobs and returns `true`. After `false` it must be
/// called again.
pub async fn write(
    app: &App,
    end: Option<&[Job]>,
    screened: &[Screened],
    ungathered: &mut Ungathered,
) -> Result<bool, JobError> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let mut run = Run {
        app,
        now,
        tx: &mut tx,
        states: HashMap::new(),
        alerts: false,
        done: BTreeSet::new(),
        pairs: BTreeSet::new(),
        ungathered,
    };
    if !screened.is_empty() {
        run.write_all(screened).await?;
    }
    if end.is_some() {
        run.gather().await?;
    }
    if run.alerts {
        let due = now + app.config.alert_settle;
        let compose = NewJob::new(&app.clock, JobKind::ComposeAlerts, Uuid::nil(), due);
        enqueue(&mut tx, &[compose], now).await?;
    }
    let jobs = end.filter(|_| ungathered.is_empty());
    for job in jobs.unwrap_or_default() {
        finish(&mut tx, job).await?;
    }
    tx.commit().await?;
    Ok(jobs.is_some())
}

/// The state of one transaction.
struct Run<'a> {
    app: &'a App,
    now: Time,
    tx: &'a mut Tx,
    /// State and severity of findings by deduplication key, as stored.
    states: HashMap<String, (FindingState, Severity)>,
    alerts: bool,
    /// Keys written in this run.
    done: BTreeSet<String>,
    /// Pairs written in this run: both members of a pair are often screened together.
    pairs: BTreeSet<(Uuid, Uuid)>,
    ungathered: &'a mut Ungathered,
}

impl Run<'_> {
    async fn write_all(&mut self, screened: &[Screened]) -> Result<(), JobError> {
        let wanted: Vec<&Screened> = screened.iter().filter(|seen| seen.subject.is_some()).collect();
        let fresh = self.still_fresh(&wanted).await?;
        finding_pairs::lock(self.tx).await?;
        let standing = judges::find_standing(self.tx, self.app.atlas.judge.fingerprint()).await?;
        let keys: Vec<String> = wanted.iter().flat_map(|seen| seen.keys()).collect();
        self.states = finding_writes::states(self.tx, &keys).await?;
        for seen in wanted {
            let Some(subject) = &seen.subject else { continue };
            if !fresh.contains(&seen.id) {
                continue; // it changed since: that change has its own screening
            }
            let fresh = seen.judged.iter().filter(|judged| fresh.contains(&judged.other));
            let new: Vec<NewPair<'_>> = fresh.filter_map(|judged| self.pair(subject.facts.id, judged)).collect();
            pairs::upsert_many(self.tx, &new, standing.own, self.now).await?;
            self.place(subject, seen).await?;
            self.stack(seen).await?;
        }
        // A project that is no longer active loses its pairs.
        let concerned = screened.iter().filter(|seen| seen.subject.is_none() || seen.was_paired);
        self.ungathered.extend(concerned.map(|seen| seen.id));
        // Projects changed since have their own screening.
        let complete = screened.iter().filter(|seen| seen.is_complete && fresh.contains(&seen.id));
        screened::mark(self.tx, &complete.map(|seen| seen.id).collect::<Vec<_>>()).await?;
        self.leave_stacks(screened).await?;
        self.ask_later_judge(screened, standing).await
    }

    /// If a later judge is at work, it decides: enqueues its screening of these projects, both those with verdicts
    /// and the silent ones.
    async fn ask_later_judge(&mut self, screened: &[Screened], standing: Standing) -> Result<(), JobError> {
        if !standing.is_superseded() {
            return Ok(());
        }
        let mut ids: Vec<Uuid> = screened.iter().filter(|seen| seen.subject.is_some()).map(|seen| seen.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let screening = |subject_id| NewJob::new(&self.app.clock, JobKind::ScreenProject, subject_id, self.now);
        let screenings: Vec<NewJob> = ids.into_iter().map(screening).collect();
        Ok(enqueue_for_judge(self.tx, &screenings, standing.last, self.now).await?)
    }

    /// Updates findings from the pairs of some projects.
    async fn gather(&mut self) -> Result<(), JobError> {
        let touched: Vec<Uuid> = self.ungathered.iter().copied().take(GATHERED).collect();
        if !touched.is_empty() {
            finding_pairs::lock(self.tx).await?;
            let gathered = findings::gather(self.tx, self.app.gathering(self.now, &Doer::job()), &touched).await?;
            self.alerts |= gathered.needs_alert;
            self.ungathered.retain(|project| !gathered.done.contains(project));
        }
        Ok(())
    }

    /// Removes a moved project from the stack that it belonged to.
    async fn leave_stacks(&mut self, screened: &[Screened]) -> Result<(), JobError> {
        let ids: Vec<Uuid> = screened.iter().map(|seen| seen.id).collect();
        for (project, old) in finding_writes::open_keys_of(self.tx, &ids, FindingKind::StackedCoordinates).await? {
            let now_on =
                screened.iter().find(|seen| seen.id == project).and_then(|seen| seen.stack.as_ref()).map(stack_key);
            if now_on.as_ref() != Some(&old) && self.done.insert(old.clone()) {
                self.states.insert(old.clone(), (FindingState::Open, Severity::Note));
                self.close(&old, ClosedBecause::FactsChanged).await?;
            }
        }
        Ok(())
    }

    /// Locks the rows of everything compared, and returns those unchanged since they were judged: a verdict on older
    /// facts must not overwrite one on newer facts.
    async fn still_fresh(&mut self, wanted: &[&Screened]) -> Result<BTreeSet<Uuid>, JobError> {
        let mut ids: BTreeSet<Uuid> = BTreeSet::new();
        let mut seq = i64::MAX;
        for seen in wanted {
            seq = seq.min(seen.seq);
            ids.insert(seen.id);
            ids.extend(seen.judged.iter().map(|judged| judged.other));
        }
        let all: Vec<Uuid> = ids.iter().copied().collect();
        projects::lock_shared(self.tx, &all).await?;
        for changed in changes::changed_since(self.tx, seq, &all).await? {
            ids.remove(&changed);
        }
        Ok(ids)
    }

    /// The pair to write; gathering turns pairs into findings.
    fn pair<'j>(&mut self, own: Uuid, judged: &'j Judged) -> Option<NewPair<'j>> {
        let (a_id, b_id) = (own.min(judged.other), own.max(judged.other));
        if !self.pairs.insert((a_id, b_id)) {
            return None;
        }
        self.ungathered.extend([a_id, b_id]);
        let digests = Digests { facts: judged.facts_digest.clone(), verdict: judged.verdict_digest.clone() };
        Some(NewPair { id: self.app.clock.id(), a_id, b_id, verdict: &judged.verdict, digests })
    }

    async fn place(&mut self, subject: &Prepared, seen: &Screened) -> Result<(), JobError> {
        let facts = &subject.facts;
        let key = format!("place:{}", facts.id);
        match seen.place {
            Some((Relation::Outside, distance_m)) => {
                let actual = seen.actual.as_ref();
                let details = json!({
                    "distance_m": distance_m.round(),
                    "village": facts.village_name,
                    "actual": actual.map(|place| place.village.name.clone()),
                    "actual_district": actual.map(|place| place.village.district.clone()),
                    "actual_relation": actual.map(|place| place.relation.as_str()),
                });
                let villages = actual.map(|place| place.village.id).into_iter().collect();
                self.about_one(key, FindingKind::PlaceOutsideVillage, facts.id, facts.budget_rupiah, details, villages)
                    .await?;
            }
            _ => self.close(&key, ClosedBecause::FactsChanged).await?,
        }
        let key = format!("country:{}", facts.id);
        if seen.outside_country {
            self.about_one(key, FindingKind::OutsideCountry, facts.id, facts.budget_rupiah, json!({}), Vec::new()).await
        } else {
            self.close(&key, ClosedBecause::FactsChanged).await
        }
    }

    async fn about_one(
        &mut self,
        dedup_key: String,
        kind: FindingKind,
        project: Uuid,
        budget: Option<i64>,
        details: Value,
        villages: Vec<Uuid>,
    ) -> Result<(), JobError> {
        self.open(NewFinding {
            id: self.app.clock.id(),
            kind,
            dedup_key,
            severity: Severity::Review,
            rupiah: budget.unwrap_or(0),
            details,
            projects: vec![project],
            villages,
        })
        .await
    }

    async fn stack(&mut self, seen: &Screened) -> Result<(), JobError> {
        let least = self.app.atlas.judge.settings().stacked;
        let stack = seen.stack.as_ref();
        let key = stack.map(stack_key);
        let (Some(stack), Some(key)) = (stack, key) else { return Ok(()) };
        if !self.done.insert(key.clone()) {
            return Ok(());
        }
        if stack.projects.len() < least {
            return self.close(&key, ClosedBecause::FactsChanged).await;
        }
        let details = json!({ "count": stack.projects.len(), "lon": stack.lon, "lat": stack.lat });
        self.open(NewFinding {
            id: self.app.clock.id(),
            kind: FindingKind::StackedCoordinates,
            dedup_key: key,
            severity: Severity::Note,
            rupiah: 0,
            details,
            projects: stack.projects.iter().copied().take(STACK_MEMBERS).collect(),
            villages: Vec::new(),
        })
        .await
    }

    async fn open(&mut self, finding: NewFinding) -> Result<(), JobError> {
        if self.is_settled(&finding).await? {
            return Ok(());
        }
        let (_, is_news) = keyed::open(self.tx, self.app.gathering(self.now, &Doer::job()), &finding).await?;
        self.alerts |= is_news && finding.severity == Severity::Alert;
        Ok(())
    }

    /// Whether a person decided this finding and it still has the same facts.
    async fn is_settled(&mut self, finding: &NewFinding) -> Result<bool, JobError> {
        let closed = self.states.get(&finding.dedup_key).is_some_and(|(state, _)| *state == FindingState::Closed);
        Ok(closed && keyed::is_settled(self.tx, finding).await?)
    }

    async fn close(&mut self, key: &str, because: ClosedBecause) -> Result<(), JobError> {
        // Most keys never had a finding: only those known as open need a statement.
        let open = self.states.get(key).is_some_and(|(state, _)| *state == FindingState::Open);
        if open {
            keyed::close_by_key(self.tx, self.app.gathering(self.now, &Doer::job()), key, because).await?;
        }
        Ok(())
    }
}

impl Screened {
    /// The keys of findings that this project may have.
    fn keys(&self) -> Vec<String> {
        let own = [format!("place:{}", self.id), format!("country:{}", self.id)];
        own.into_iter().chain(self.stack.as_ref().map(stack_key)).collect()
    }
}

fn stack_key(stack: &Stack) -> String {
    format!("stacked:{:.7},{:.7}", stack.lon, stack.lat)
}
