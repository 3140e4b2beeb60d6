//! Reports progress. The photos are announced with it; their bytes follow one by one, so that on a weak line
//! the small data is safe first.

use super::{ActionError, BodyDigest, Result, require_on};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::domain::progress::NewReport;
use crate::permission::Action;
use crate::store::{Change, StoreError, merges, projects, reports};
use uuid::Uuid;

/// Keeps the report; `Ok(false)` where the very same one had come before. `sent`: the digest of the body as it came.
pub async fn report_progress(app: &App, by: Option<&Person>, report: &NewReport, sent: Option<&str>) -> Result<bool> {
    let now = app.clock.now();
    let photos: Vec<_> = report.photos.iter().map(|p| (p.id, p.position, p.bytes, &p.station, &p.capture)).collect();
    let read = (report.project_id, report.percent, report.reported_on, &report.stage, &report.note, photos);
    let body = BodyDigest::new(sent, &read);
    let mut tx = app.store.write().await?;
    let doer = match by {
        Some(by) => require_on(&mut tx, by, Action::ReportProgress, &[report.project_id]).await?,
        None => Doer::terminal(),
    };
    // A phone that was without a signal does not know that its record was merged: the one that stands takes the report.
    let standing = merges::standing_of(&mut tx, &[report.project_id]).await?.remove(&report.project_id);
    let report = &NewReport { project_id: standing.unwrap_or(report.project_id), ..report.clone() };
    projects::lock(&mut tx, report.project_id).await?;
    let project = projects::find(&mut tx, report.project_id).await?.ok_or(ActionError::NotFound("project"))?;
    let inserted = match reports::insert(&mut tx, report, by.map(|person| person.id), &body.text(), now).await {
        Err(e) if StoreError::is_unique_violation(&e) => return Err(ActionError::Conflict("photo_id_taken")),
        other => other?,
    };
    if !inserted {
        let known = reports::find(&mut tx, report.id).await?.ok_or(ActionError::NotFound("report"))?;
        return if body.is_that_of(&known.body_digest) {
            Ok(false)
        } else {
            Err(ActionError::Conflict("already_reported"))
        };
    }
    if project.withdrawn_at.is_some() || project.merged_into.is_some() {
        return Err(ActionError::Conflict("not_standing"));
    }
    projects::refresh_percent(&mut tx, report.project_id, now).await?;
    let photos = Some(report.photos.iter().map(|photo| photo.id).collect::<Vec<_>>()).filter(|ids| !ids.is_empty());
    let said = Diff::new()
        .now("project", report.project_id)
        .now("percent", report.percent)
        .now("reported_on", report.reported_on)
        .now("stage", &report.stage)
        .now("photos", photos)
        .personal("note", (), &report.note);
    tx.log(Change::new(now, Entity::Report, report.id, ChangeAction::Report, doer).with(said));
    tx.commit().await?;
    Ok(true)
}

/// A report of this id, for the answer.
pub async fn find_report(app: &App, id: Uuid) -> Result<reports::ReportRow> {
    let mut tx = app.store.read().await?;
    reports::find(&mut tx, id).await?.ok_or(ActionError::NotFound("report"))
}
