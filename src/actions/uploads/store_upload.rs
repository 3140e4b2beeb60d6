//! Stores the rows of a checked file, under the id of its upload: broken off, it goes on.

use super::file_options::{input, read_options};
use super::{Broken, Pace, outcome};
use crate::actions::import_projects::{ImportOptions, Step, import_copy};
use crate::app::App;
use crate::domain::person::Person;
use crate::domain::upload::{Lines, UploadOutcome, UploadState};
use crate::import::OwnCopy;
use crate::store::imports;
use crate::store::uploads::Upload;
use tokio::sync::watch;

/// What came of it.
#[derive(Debug)]
pub struct StoreOutcome {
    /// Nothing was stored where rows are refused by now that were good when they were checked.
    pub is_stored: bool,
    pub outcome: UploadOutcome,
    /// The cells that are refused, unknown or kept.
    pub lines: Lines,
}

pub async fn store_upload(app: &App, by: &Person, upload: &Upload) -> Result<StoreOutcome, Broken> {
    let copy = OwnCopy { input: input(app, upload), sha256: upload.sha256.clone() };
    let reading = read_options(app, &upload.options)?;
    let options = ImportOptions {
        dry_run: false,
        keep_good: upload.keep_good,
        overwrite: upload.overwrite,
        by: Some(by.clone()),
        id: Some(upload.id),
    };
    let (told, mut heard) = watch::channel((0, 0));
    let step = move |step| {
        told.send_replace(match step {
            Step::Reading(done, total) | Step::Checking(done, total) => (done, total.unwrap_or(done)),
            Step::Storing(done, total) => (done, total),
        });
    };
    let mut import = std::pin::pin!(import_copy(app, copy, reading, &options, step));
    let mut pace = Pace::new(app, upload, UploadState::Storing);
    let report = loop {
        tokio::select! {
            report = &mut import => break report?,
            Ok(()) = heard.changed() => {
                let (done, total) = *heard.borrow_and_update();
                // The import goes on meanwhile: it may hold the one writer.
                tokio::select! {
                    report = &mut import => break report?,
                    noted = pace.note(done, total) => noted?,
                }
            }
        }
    };
    let mut outcome = upload.outcome.clone().unwrap_or_default();
    let mut lines = Lines::new();
    outcome::add_cells(&mut outcome, &mut lines, &report.refused, &report.unknown);
    outcome::add_kept(&mut outcome, &mut lines, &report.kept);
    (outcome.rows, outcome.source) = (report.rows, report.source);
    if report.stored {
        let mut tx = app.store.read().await?;
        let (new, changed) = imports::find_counts(&mut tx, upload.id).await?;
        let [new, changed] = [new, changed].map(|count| u64::try_from(count).unwrap_or_default());
        (outcome.new, outcome.changed) = (new, changed);
        outcome.same = outcome.good.saturating_sub(new + changed);
    }
    Ok(StoreOutcome { is_stored: report.stored, outcome, lines })
}
