//! Screening: compares projects with those near by, and writes pairs and findings.

use super::JobError;
use super::screen_write::{self, Screened};
use crate::app::App;
use crate::spatial::atlas::Atlas;
use crate::spatial::country::Country;
use crate::store::jobs::Job;
use crate::store::{changes, pairs, project_facts};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Projects judged and written together: a write stays far below a second.
const TOGETHER: usize = 200;
/// How long a screening waits for the Atlas before it lets others go first.
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
/// processes at least one sees the other), judges, and writes; the last write ends the jobs.
async fn screen(app: &App, jobs: &[Job], projects: Vec<Uuid>) -> Result<(), JobError> {
    let mut tx = app.store.read().await?;
    let seq = changes::last_seq(&mut tx).await?;
    drop(tx);
    tokio::time::timeout(PATIENCE, app.atlas.reach(seq))
        .await
        .map_err(|_| JobError::Postpone(Duration::from_secs(2), "the atlas"))?;
    let mut known: HashSet<Uuid> = projects.iter().copied().collect();
    let mut waiting = VecDeque::from(projects);
    loop {
        let group: Vec<Uuid> = waiting.drain(..waiting.len().min(TOGETHER)).collect();
        let screened = judge(app, group).await?;
        waiting.extend(screened.iter().flat_map(|seen| &seen.company).filter(|id| known.insert(**id)));
        let last = waiting.is_empty();
        screen_write::write(app, if last { jobs } else { &[] }, screened).await?;
        if last {
            return Ok(());
        }
    }
}

/// Judges each project against its neighbourhood and against whatever it was paired with before.
async fn judge(app: &App, group: Vec<Uuid>) -> Result<Vec<Screened>, JobError> {
    let mut tx = app.store.read().await?;
    let mut known = HashMap::new();
    for (project, pair) in pairs::list_of_many(&mut tx, &group).await? {
        known.entry(project).or_insert_with(Vec::new).push(pair);
    }
    drop(tx);
    let atlas = Arc::clone(&app.atlas);
    let (tolerance_m, country) = (app.config.border_tolerance_m, app.config.country.clone());
    tokio::task::spawn_blocking(move || {
        group
            .into_iter()
            .map(|id| judge_one(&atlas, id, known.remove(&id).unwrap_or_default(), tolerance_m, &country))
            .collect()
    })
    .await
    .map_err(|e| JobError::Retry(e.to_string()))
}

fn judge_one(atlas: &Atlas, id: Uuid, known: Vec<pairs::Pair>, tolerance_m: f64, country: &Country) -> Screened {
    let subject = atlas.look(|picture| picture.find(id));
    // Withdrawn, merged or not there: the action that did it closed its findings.
    let Some(subject) = subject else { return Screened::gone(id, atlas.seq()) };
    let further: Vec<Uuid> = known.iter().map(|pair| if pair.a_id == id { pair.b_id } else { pair.a_id }).collect();
    let (seq, judged) = atlas.screen(&subject, &further);
    atlas.look(|picture| {
        let facts = &subject.facts;
        let place = facts.village_id.and_then(|village| picture.villages.relation(village, &facts.parts, tolerance_m));
        let outside = facts.parts.iter().any(|part| !country.holds(&part.geometry));
        let actual = match (place, facts.parts.first()) {
            (Some((crate::domain::village::Relation::Outside, _)), Some(part)) => {
                picture.villages.nearest(&part.geometry, part.accuracy_m, tolerance_m, 1).into_iter().next()
            }
            _ => None,
        };
        Screened {
            id,
            seq,
            stack: picture.stack_of(facts),
            company: picture.company(facts, atlas.judge.settings().stacked),
            place,
            actual,
            outside_country: outside,
            subject: Some(subject.clone()),
            judged,
            known,
        }
    })
}
