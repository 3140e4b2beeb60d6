//! Files that officers and administrators bring in the page: received, read, corrected, stored or discarded. Each belongs to
//! who brought it; nobody else sees it.
//!
//! A file is read and stored by a job (`jobs/upload.rs`), however large it is and whatever becomes of the page.

pub mod ask_to_store;
pub mod discard_upload;
mod doubles;
mod file_options;
mod outcome;
pub mod read_upload;
pub mod receive_upload;
pub mod set_upload_options;
pub mod store_upload;

use super::import_projects::ImportFailure;
use super::{ActionError, Result};
use crate::app::App;
use crate::domain::person::Person;
use crate::domain::upload::{UploadProblem, UploadState};
use crate::import::ImportError;
use crate::permission::Action;
use crate::store::uploads::{self, Upload};
use crate::store::{StoreError, Tx};
use std::time::Duration;
use uuid::Uuid;

/// How far the work must have gone on before it is written down again.
const NOTED_AFTER: Duration = Duration::from_millis(500);

/// An upload of this person.
pub async fn find_own(tx: &mut Tx, by: &Person, id: Uuid) -> Result<Upload> {
    by.require(Action::ImportProjects)?;
    let found = uploads::find(tx, id).await?.filter(|upload| upload.by == by.id);
    found.ok_or(ActionError::NotFound("upload"))
}

/// Why the work on an upload ended early.
#[derive(Debug)]
pub enum Broken {
    /// The file cannot be read or stored as it is.
    Problem(UploadProblem),
    /// Something else was said of it meanwhile, or it was discarded: the result would be of no use.
    Obsolete,
    Action(ActionError),
}

impl From<ImportFailure> for Broken {
    fn from(e: ImportFailure) -> Self {
        match e {
            ImportFailure::File(e) => e.into(),
            ImportFailure::Action(e) => Self::Action(e),
        }
    }
}

impl From<ImportError> for Broken {
    fn from(e: ImportError) -> Self {
        Self::Problem(problem(&e))
    }
}

impl From<ActionError> for Broken {
    fn from(e: ActionError) -> Self {
        Self::Action(e)
    }
}

impl From<StoreError> for Broken {
    fn from(e: StoreError) -> Self {
        Self::Action(e.into())
    }
}

fn problem(e: &ImportError) -> UploadProblem {
    UploadProblem { code: e.code().to_owned(), values: e.values() }
}

/// Writes down now and then how far the work is, and notices when nobody wants it any more.
struct Pace<'a> {
    app: &'a App,
    upload: &'a Upload,
    state: UploadState,
    noted: Option<tokio::time::Instant>,
}

impl<'a> Pace<'a> {
    fn new(app: &'a App, upload: &'a Upload, state: UploadState) -> Self {
        Self { app, upload, state, noted: None }
    }

    async fn note(&mut self, done: u64, total: u64) -> std::result::Result<(), Broken> {
        if self.noted.is_some_and(|noted| noted.elapsed() < NOTED_AFTER) {
            return Ok(());
        }
        let mut tx = self.app.store.write().await?;
        let step = (self.state, done.min(total), total);
        if !uploads::set_progress(&mut tx, self.upload.id, self.upload.revision, step).await? {
            return Err(Broken::Obsolete);
        }
        tx.commit().await?;
        self.noted = Some(tokio::time::Instant::now());
        Ok(())
    }
}
