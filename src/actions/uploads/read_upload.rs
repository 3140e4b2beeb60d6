//! Reads a file and tells what storing it would bring. Nothing is stored.

use super::doubles::Doubles;
use super::file_options::{input, read_options};
use super::{Broken, Pace, outcome, problem};
use crate::actions::ActionError;
use crate::actions::import_projects::ImportFailure;
use crate::actions::import_projects::check::{Checked, Checking};
use crate::actions::known_list::find_elsewhere;
use crate::actions::known_villages::known_villages;
use crate::app::App;
use crate::domain::person::Person;
use crate::domain::upload::{Lines, UploadList, UploadOutcome, UploadProblem, UploadState};
use crate::import::{ImportError, ProjectFile, ReadOptions, look_and_open};
use crate::permission::Action;
use crate::store::uploads::Upload;
use std::sync::Arc;

/// What came of reading.
#[derive(Debug, Default)]
pub struct ReadUpload {
    /// As much as is known of the file, whatever else is wrong with it.
    pub outcome: Option<UploadOutcome>,
    pub lines: Lines,
    /// Why it cannot be read as it is.
    pub problem: Option<UploadProblem>,
}

impl ReadUpload {
    fn failed(outcome: Option<UploadOutcome>, problem: UploadProblem) -> Self {
        Self { outcome, lines: Lines::new(), problem: Some(problem) }
    }
}

type Looked = (UploadOutcome, Result<ProjectFile, ImportError>);

/// Looks at the file and opens it, off the threads that answer requests.
async fn look(app: &App, upload: &Upload, options: ReadOptions) -> Result<Result<Looked, UploadProblem>, Broken> {
    let file = input(app, upload);
    let looked = app.import_turns.run(move || look_and_open(&file, &options)).await;
    let looked = looked.map_err(|e| ActionError::Internal(e.to_string()))?;
    Ok(looked.map(|(look, opened)| (outcome::of_look(&look), opened)).map_err(|e| problem(&e)))
}

/// Memory: some thousand rows in transit, the facts of the first 20,000, and what is told. O(n log n).
pub async fn read_upload(app: &App, by: &Person, upload: &Upload) -> Result<ReadUpload, Broken> {
    by.require(Action::ImportProjects).map_err(ActionError::from)?;
    let mut pace = Pace::new(app, upload, UploadState::Reading);
    let size = u64::try_from(upload.bytes).unwrap_or_default();
    pace.note(0, size).await?;
    let villages = Arc::new(known_villages(app, Some(by)).await?);
    let looked = match read_options(app, &upload.options) {
        Ok(options) => look(app, upload, ReadOptions { villages: Some(Arc::clone(&villages)), ..options }).await?,
        Err(Broken::Problem(problem)) => Err(problem),
        Err(e) => return Err(e),
    };
    let (mut outcome, opened) = match looked {
        Ok(looked) => looked,
        // What was chosen is at fault, or the file: shown as it is by itself, so that something else can be chosen.
        Err(problem) => {
            let by_itself = look(app, upload, ReadOptions::default()).await?;
            return Ok(ReadUpload::failed(by_itself.ok().map(|(outcome, _)| outcome), problem));
        }
    };
    let file = match opened {
        Ok(file) => file,
        Err(e) => return Ok(ReadUpload::failed(Some(outcome), problem(&e))),
    };
    let mut checking = Checking::new(file, Arc::clone(&villages), Some(by));
    let mut doubles = Doubles::new(by);
    loop {
        let lot = match checking.next_lot(app).await {
            Ok(Some(lot)) => lot,
            Ok(None) => break,
            Err(ImportFailure::File(e)) => return Ok(ReadUpload::failed(Some(outcome), problem(&e))),
            Err(ImportFailure::Action(e)) => return Err(e.into()),
        };
        for good in &lot {
            match good.known {
                None => outcome.new += 1,
                Some((_, true)) => outcome.same += 1,
                Some((_, false)) => outcome.changed += 1,
            }
        }
        doubles.add(app, &villages, &lot).await?;
        pace.note(checking.progress().0, size).await?;
    }
    let Checked { source, head, understood, rows, good, refused, unknown, unused_corrections } = checking.finish()?;
    let mut lines = Lines::new();
    (outcome.source, outcome.rows, outcome.good) = (source, rows, good);
    outcome.unused_corrections = unused_corrections;
    outcome::add_understood(&mut outcome, &understood);
    outcome::add_cells(&mut outcome, &mut lines, &refused, &unknown);
    if let Some(head) = &head
        && let Some(known) = find_elsewhere(app, &upload.file_name, &outcome.source, head).await?
    {
        return Ok(ReadUpload::failed(Some(outcome), problem(&known)));
    }
    let found = doubles.finish(app).await?;
    (outcome.alerts, outcome.reviews, outcome.compared_rows) = (found.alerts, found.reviews, found.compared_rows);
    outcome::add(&mut lines, UploadList::Double, found.likeliest.into_iter());
    Ok(ReadUpload { outcome: Some(outcome), lines, problem: None })
}
