//! Progress reports of a project, and sending one.

use super::answers::{find_known, shown_projects};
use super::body::{Body, Sent};
use super::caller::{Action, Caller};
use super::input::{Id, Page, Paging, Params, after, limit, page, text_and_id};
use super::photos::photo_views;
use super::problem::Problem;
use crate::actions::report_progress::{find_report, report_progress};
use crate::app::App;
use crate::domain::footprint::position;
use crate::domain::progress::{Capture, NewPhoto, NewReport, PHOTOS_PER_REPORT, percent};
use crate::domain::project::ProjectSummary;
use crate::domain::text::{NAME_CHARS, NOTE_CHARS, line, lines};
use crate::domain::{Day, Invalid};
use crate::publish::{PhotoView, ReportView};
use crate::store::reports::{self, ReportRow};
use crate::store::{Tx, merges};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A photo announced; its bytes follow by `PUT /api/v1/photos/{id}/original`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhotoDraft {
    pub id: Uuid,
    /// Order within the report, from 1.
    pub position: i64,
    pub bytes: i64,
    #[serde(default)]
    pub station: Option<String>,
    #[serde(default)]
    pub capture: Option<Capture>,
}

/// A report. `id` is made by the phone, so that sending it twice makes one report.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportDraft {
    pub id: Uuid,
    pub percent: f64,
    pub reported_on: NaiveDate,
    #[serde(default)]
    pub stage: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
    #[serde(default)]
    pub photos: Vec<PhotoDraft>,
}

impl Sent for ReportDraft {
    const ACTION: Action = Action::ReportProgress;
}

impl ReportDraft {
    fn parse(self, project_id: Uuid, today: Day) -> Result<NewReport, Invalid> {
        if self.photos.len() > PHOTOS_PER_REPORT {
            return Err(Invalid::new("too_many_photos", "photos")
                .with("given", self.photos.len())
                .with("most", PHOTOS_PER_REPORT));
        }
        // A day ahead is a phone in another zone; more is a slip.
        if self.reported_on > today + chrono::Days::new(1) {
            return Err(Invalid::new("day_in_the_future", "reported_on").with("given", self.reported_on.to_string()));
        }
        let mut positions: Vec<i64> = self.photos.iter().map(|photo| photo.position).collect();
        positions.sort_unstable();
        positions.dedup();
        if positions.len() != self.photos.len() {
            return Err(Invalid::new("positions_repeat", "photos"));
        }
        let note = self.note.as_deref().map(|text| lines("note", text, NOTE_CHARS)).transpose()?.flatten();
        let stage = self.stage.as_deref().map(|text| line("stage", text, 40)).transpose()?.flatten();
        let photos =
            self.photos.into_iter().enumerate().map(|(at, photo)| parse_photo(at, photo)).collect::<Result<_, _>>()?;
        Ok(NewReport {
            id: self.id,
            project_id,
            percent: percent("percent", self.percent)?,
            reported_on: self.reported_on,
            stage,
            note,
            photos,
        })
    }
}

fn parse_photo(index: usize, draft: PhotoDraft) -> Result<NewPhoto, Invalid> {
    let field = |name: &str| format!("photos[{index}].{name}");
    if let Some(capture) = &draft.capture {
        match (capture.lon, capture.lat) {
            (Some(lon), Some(lat)) => position(&field("capture"), lon, lat)?,
            (None, None) => {}
            _ => return Err(Invalid::new("half_a_position", field("capture"))),
        }
        let numbers = [capture.accuracy_m, capture.heading_deg];
        if numbers.iter().flatten().any(|number| !number.is_finite() || *number < 0.0) {
            return Err(Invalid::new("capture_out_of_range", field("capture")));
        }
    }
    let station = draft.station.as_deref().map(|text| line(&field("station"), text, NAME_CHARS)).transpose()?.flatten();
    Ok(NewPhoto { id: draft.id, position: draft.position, bytes: draft.bytes.max(0), station, capture: draft.capture })
}

/// The reports of a project, newest first.
#[utoipa::path(get, path = "/api/v1/projects/{id}/reports", tag = "progress", params(("id" = Uuid, Path), Paging),
    responses((status = 200, body = Page<ReportView>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Params(search): Params<Paging>,
) -> Result<Json<Page<ReportView>>, Problem> {
    caller.require(Action::ReadPublic)?;
    let limit = limit(search.limit, 50, 200)?;
    let after = after(search.after.as_deref(), text_and_id)?;
    let mut tx = app.store.read().await?;
    let project = find_known(&mut tx, &caller, id).await?;
    let mut projects = merges::absorbed_by(&mut tx, id).await?;
    projects.push(id);
    let rows = reports::list_of(&mut tx, &projects, after.as_ref(), limit + 1).await?;
    let (rows, next) = page(rows, limit, |row| format!("{}|{}", row.reported_on, row.id));
    let items = report_views(&mut tx, &caller, project, rows).await?;
    Ok(Json(Page { items, next }))
}

/// Reports progress; the same id and body again gives the same answer.
#[utoipa::path(post, path = "/api/v1/projects/{id}/reports", tag = "progress", params(("id" = Uuid, Path)), request_body = ReportDraft,
    responses((status = 201, body = ReportView), (status = 200, body = ReportView)))]
pub async fn send(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Body(draft, receipt): Body<ReportDraft>,
) -> Result<Response, Problem> {
    caller.require(Action::ReportProgress)?;
    let mut tx = app.store.read().await?;
    let project = find_known(&mut tx, &caller, id).await?;
    drop(tx);
    let person = caller.require_in(Action::ReportProgress, &project.village.code)?;
    let report = draft.parse(id, app.clock.now().date_naive())?;
    let new = report_progress(&app, Some(person), &report, Some(&receipt.sent)).await?;
    let row = find_report(&app, report.id).await?;
    let mut tx = app.store.read().await?;
    let view = report_views(&mut tx, &caller, project, vec![row]).await?.pop();
    let view = view.ok_or_else(|| Problem::not_found("report"))?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view)).into_response())
}

/// Reports of a project and of the records that were merged into it, as this caller may see them.
async fn report_views(
    tx: &mut Tx,
    caller: &Caller,
    project: ProjectSummary,
    rows: Vec<ReportRow>,
) -> Result<Vec<ReportView>, Problem> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut merged: Vec<Uuid> = rows.iter().map(|row| row.project_id).filter(|id| *id != project.id).collect();
    merged.sort_unstable();
    merged.dedup();
    let eyes = caller.eyes();
    let project = eyes.project(project);
    let mut works = shown_projects(tx, &eyes, &merged).await?;
    works.insert(project.id, project.clone());
    let mut photos: HashMap<Uuid, Vec<PhotoView>> = HashMap::new();
    for (report, view) in photo_views(tx, &project, &works, &ids).await? {
        photos.entry(report).or_default().push(view);
    }
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let photos = photos.remove(&row.id).unwrap_or_default();
            Some(works.get(&row.project_id)?.report(row, photos))
        })
        .collect())
}
