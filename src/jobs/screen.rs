//! Screening: compares projects with those near by, and writes pairs and findings.

use super::JobError;
use super::screen_write::{self, Screened, Ungathered};
use crate::app::App;
use crate::atlas::Atlas;
use crate::domain::verdict::Kept;
use crate::domain::village::Relation;
use crate::spatial::country::Country;
use crate::store::jobs::Job;
use crate::store::{changes, judges, pairs, project_facts, screened};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Projects judged and written together: a write takes far less than a second.
const TOGETHER: usize = 200;
/// Verdicts held and written together: a group of a thousand records has a thousand for each.
const MOST_VERDICTS: usize = 5_000;
/// Maximum number of projects screened along with others. A larger group may be reported in parts until the
/// screenings of the rest.
const MOST_PARTNERS: usize = 1_000;
/// How long a screening waits for the Atlas before it gives way to other jobs.
const PATIENCE: Duration = Duration::from_secs(20);

/// Screens the project of each of these jobs.
pub async fn projects(app: &App, jobs: &[Job]) -> Result<(), JobError> {
    screen(app, jobs, jobs.iter().map(|job| job.subject_id).collect()).await
}

/// Screens the projects of an import chunk.
pub async fn chunk(app: &App, job: &Job) -> Result<(), JobError> {
    let mut tx = app.store.read().await?;
    let projects = changes::list_batch(&mut tx, job.subject_id).await?;
    drop(tx);
    screen(app, std::slice::from_ref(job), projects).await
}

/// Screens the projects of a village.
pub async fn village(app: &App, job: &Job) -> Result<(), JobError> {
    let mut tx = app.store.read().await?;
    let projects = project_facts::ids_in_villages(&mut tx, &[job.subject_id]).await?;
    drop(tx);
    screen(app, std::slice::from_ref(job), projects).await
}

/// Waits until the Atlas holds everything committed so far (so of two projects written at the same moment by two
/// processes at least one sees the other), judges, and writes; the last write finishes the jobs.
async fn screen(app: &App, jobs: &[Job], projects: Vec<Uuid>) -> Result<(), JobError> {
    let mut tx = app.store.read().await?;
    let seq = changes::last_seq(&mut tx).await?;
    drop(tx);
    tokio::time::timeout(PATIENCE, app.atlas.reach(seq))
        .await
        .map_err(|_| JobError::Postpone(Duration::from_secs(2), "the atlas"))?;
    let mut known: HashSet<Uuid> = projects.iter().copied().collect();
    let mut waiting = VecDeque::from(projects);
    let mut partners = Partners::new(jobs);
    let mut ungathered = Ungathered::new();
    loop {
        if waiting.is_empty() {
            waiting.extend(partners.next(app).await?.into_iter().filter(|id| known.insert(*id)));
        }
        let screened = judge(app, &mut waiting).await?;
        refuse_unreadable(app, jobs, &screened).await?;
        partners.add(&screened);
        waiting.extend(screened.iter().flat_map(|seen| &seen.others_on_same_spot).filter(|id| known.insert(**id)));
        let end = (waiting.is_empty() && partners.is_empty()).then_some(jobs);
        if screen_write::write(app, end, &screened, &mut ungathered).await? {
            return Ok(());
        }
    }
}

/// The partners of screened projects; those that were never screened are screened along. Otherwise a group would
/// first produce many small findings from some of its pairs, all closed once the others are known.
struct Partners {
    waiting: VecDeque<Uuid>,
    seen: HashSet<Uuid>,
    /// How many more may be screened along.
    room: usize,
}

impl Partners {
    /// A retried screening goes without: one of them may have caused the failure.
    fn new(jobs: &[Job]) -> Self {
        let is_first = jobs.iter().all(|job| job.attempt == 1 && job.deaths == 0);
        Self { waiting: VecDeque::new(), seen: HashSet::new(), room: if is_first { MOST_PARTNERS } else { 0 } }
    }

    fn add(&mut self, screened: &[Screened]) {
        let new = screened.iter().flat_map(|seen| seen.partners.iter().copied()).filter(|id| self.seen.insert(*id));
        self.waiting.extend(new);
    }

    fn is_empty(&self) -> bool {
        self.waiting.is_empty() || self.room == 0
    }

    /// The next partners that were never screened: queried late, since another worker may be screening them
    /// meanwhile.
    async fn next(&mut self, app: &App) -> Result<Vec<Uuid>, JobError> {
        let mut never = Vec::new();
        while never.is_empty() && !self.is_empty() {
            let some: Vec<Uuid> = self.waiting.drain(..self.waiting.len().min(TOGETHER)).collect();
            let mut tx = app.store.read().await?;
            never = screened::list_never(&mut tx, &some).await?;
            never.truncate(self.room);
            self.room -= never.len();
        }
        Ok(never)
    }
}

/// Judges the next projects, as many as are written together, each against its neighbourhood and its earlier
/// partners. A project with more verdicts than fit stays in the queue: verdicts stored by then are not judged again.
async fn judge(app: &App, waiting: &mut VecDeque<Uuid>) -> Result<Vec<Screened>, JobError> {
    let (mut all, mut verdicts) = (Vec::new(), 0);
    // Number of pairs of the largest earlier project: similar records are stored together and read in that order.
    let mut usual = MOST_VERDICTS / TOGETHER;
    while all.len() < TOGETHER && verdicts < MOST_VERDICTS && !waiting.is_empty() {
        let some = (MOST_VERDICTS / usual.max(1)).clamp(1, TOGETHER - all.len());
        let group: Vec<Uuid> = waiting.iter().take(some).copied().collect();
        let mut tx = app.store.read().await?;
        let standing = judges::find_standing(&mut tx, app.atlas.judge.fingerprint()).await?;
        let mut known = pairs::list_known(&mut tx, &group, standing.own).await?;
        drop(tx);
        for id in group {
            let (atlas, known) = (Arc::clone(&app.atlas), known.remove(&id).unwrap_or_default());
            let (tolerance_m, country) = (app.config.border_tolerance_m, app.config.country.clone());
            let (paired, room) = (known.len(), MOST_VERDICTS - verdicts);
            // A turn for each project, so that one crowded place does not block everything else.
            let screened =
                app.screening_turns.run(move || judge_one(&atlas, id, known, room, tolerance_m, &country)).await;
            let screened = screened.map_err(|e| JobError::Retry(e.to_string()))?;
            usual = usual.max(paired).max(screened.judged.len());
            verdicts += screened.judged.len();
            let is_complete = verdicts < MOST_VERDICTS;
            all.push(Screened { is_complete, ..screened });
            if !is_complete {
                break; // it stays in the queue
            }
            waiting.pop_front();
        }
    }
    Ok(all)
}

/// Copies the project, its neighbourhood, its surroundings and the log entry under one read lock, then judges, up to
/// `room` verdicts.
fn judge_one(
    atlas: &Atlas,
    id: Uuid,
    known: HashMap<Uuid, Kept>,
    room: usize,
    tolerance_m: f64,
    country: &Country,
) -> Screened {
    let further: Vec<Uuid> = known.keys().copied().collect();
    let seq = atlas.seq();
    // Withdrawn, merged or unknown: the action that caused it closed the findings.
    let Some((neighbourhood, surroundings)) = atlas.find_neighbourhood(id, &further) else {
        return Screened::gone(id, seq);
    };
    let (facts, villages) = (&neighbourhood.subject.facts, &surroundings.villages);
    let judged = neighbourhood.judge(&atlas.judge, &known, room);
    let place = facts.village_id.and_then(|village| villages.relation(village, &facts.parts, tolerance_m));
    let actual = match (place, facts.parts.first()) {
        (Some((Relation::Outside, _)), Some(part)) => {
            villages.nearest(&part.geometry, part.accuracy_m, tolerance_m, 1).into_iter().next()
        }
        _ => None,
    };
    Screened {
        id,
        seq: neighbourhood.seq,
        outside_country: facts.parts.iter().any(|part| !country.holds(&part.geometry)),
        partners: further.into_iter().chain(judged.iter().map(|judged| judged.other)).collect(),
        judged,
        is_complete: true,
        stack: surroundings.stack,
        others_on_same_spot: surroundings.others_on_same_spot,
        place,
        actual,
        was_paired: !known.is_empty(),
        subject: Some(neighbourhood.subject),
    }
}

/// An active project that is missing in the Atlas has rows that cannot be read: its screening fails visibly. In a
/// batch each project is then retried by itself, so that the others are screened.
async fn refuse_unreadable(app: &App, jobs: &[Job], screened: &[Screened]) -> Result<(), JobError> {
    let missing: Vec<Uuid> = screened.iter().filter(|seen| seen.subject.is_none()).map(|seen| seen.id).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut tx = app.store.read().await?;
    let standing = project_facts::find_unreadable(&mut tx, &missing).await?;
    match jobs {
        _ if standing.is_empty() => Ok(()),
        [job] if standing.contains(&job.subject_id) => Err(JobError::Fail("its rows cannot be read".to_owned())),
        // A chunk or a village is screened without it.
        [_] => Ok(()),
        _ => Err(JobError::Retry("the rows of one of them cannot be read".to_owned())),
    }
}
