//! Reads or stores a file that somebody brought in the page.

use super::JobError;
use crate::actions::ActionError;
use crate::actions::uploads::Broken;
use crate::actions::uploads::read_upload::read_upload;
use crate::actions::uploads::store_upload::store_upload;
use crate::app::App;
use crate::domain::person::Person;
use crate::domain::upload::{Lines, UploadList, UploadOutcome, UploadProblem, UploadState};
use crate::store::jobs::{self, Job};
use crate::store::uploads::{self, Ended, Upload};
use crate::store::users;
use serde_json::Map;
use tracing::warn;

/// What is written at the end.
struct End {
    state: UploadState,
    outcome: Option<UploadOutcome>,
    problem: Option<UploadProblem>,
    lists: &'static [UploadList],
    lines: Lines,
}

pub async fn run(app: &App, job: &Job) -> Result<(), JobError> {
    let mut tx = app.store.read().await?;
    let upload = uploads::find(&mut tx, job.subject_id).await?;
    let by = match &upload {
        Some(upload) => {
            users::find_anyone(&mut tx, upload.by, app.clock.now()).await?.filter(|by| by.disabled_at.is_none())
        }
        None => None,
    };
    drop(tx);
    let end = match (&upload, by) {
        (Some(upload), Some(by)) => work(app, &by.person, upload).await?,
        // Whose account was shut has nothing imported.
        (Some(_), None) => Some(failed(None, plain_problem("not_allowed"))),
        // It was discarded.
        (None, _) => None,
    };
    let mut tx = app.store.write().await?;
    let mut is_stored = false;
    if let (Some(upload), Some(end)) = (&upload, end) {
        let ended = Ended { state: end.state, outcome: end.outcome.as_ref(), problem: end.problem.as_ref() };
        if uploads::end(&mut tx, upload.id, upload.revision, &ended, app.clock.now()).await? {
            uploads::replace_lines(&mut tx, upload.id, end.lists, &end.lines).await?;
            is_stored = end.state == UploadState::Stored;
        }
    }
    jobs::finish(&mut tx, job).await?;
    tx.commit().await?;
    if let Some(upload) = upload.filter(|_| is_stored) {
        // What is left is swept at the next start.
        if let Err(e) = app.photos.remove_upload(upload.id, &upload.sha256).await {
            warn!("the bytes of the stored upload {} are still there: {e}", upload.id);
        }
    }
    Ok(())
}

/// A reason without values.
pub fn plain_problem(code: &str) -> UploadProblem {
    UploadProblem { code: code.to_owned(), values: Map::new() }
}

fn failed(outcome: Option<UploadOutcome>, problem: UploadProblem) -> End {
    End { state: UploadState::Failed, outcome, problem: Some(problem), lists: UploadList::ALL, lines: Lines::new() }
}

/// `None` where nothing is to be done, or nobody waits for it any more.
async fn work(app: &App, by: &Person, upload: &Upload) -> Result<Option<End>, JobError> {
    let done = match upload.state {
        UploadState::Received | UploadState::Reading => read(app, by, upload).await,
        UploadState::Storing => store(app, by, upload).await,
        UploadState::Checked | UploadState::Stored | UploadState::Failed => return Ok(None),
    };
    match done {
        Ok(end) => Ok(Some(end)),
        Err(Broken::Obsolete) => Ok(None),
        Err(Broken::Problem(problem)) => Ok(Some(failed(None, problem))),
        Err(Broken::Action(ActionError::Denied(_))) => Ok(Some(failed(None, plain_problem("not_allowed")))),
        Err(Broken::Action(ActionError::Store(e))) => Err(e.into()),
        // A work that was edited at the same moment, a full disk: it may succeed later.
        Err(Broken::Action(e)) => Err(JobError::Retry(e.to_string())),
    }
}

async fn read(app: &App, by: &Person, upload: &Upload) -> Result<End, Broken> {
    let found = read_upload(app, by, upload).await?;
    let state = if found.problem.is_some() { UploadState::Failed } else { UploadState::Checked };
    let (outcome, problem, lines) = (found.outcome, found.problem, found.lines);
    Ok(End { state, outcome, problem, lists: UploadList::ALL, lines })
}

async fn store(app: &App, by: &Person, upload: &Upload) -> Result<End, Broken> {
    let done = store_upload(app, by, upload).await?;
    let (state, problem) = match done.is_stored {
        true => (UploadState::Stored, None),
        false => (UploadState::Checked, Some(plain_problem("upload_has_refused"))),
    };
    let lists = &[UploadList::Refused, UploadList::Unknown, UploadList::Kept];
    Ok(End { state, outcome: Some(done.outcome), problem, lists, lines: done.lines })
}
