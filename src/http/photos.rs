//! Photos: taking in the bytes of an announced one, and handing out its pictures.

use super::body::PhotoBody;
use super::caller::{Action, Caller};
use super::input::Id;
use super::problem::Problem;
use crate::actions::derive_photo::{derive_again, note_fault};
use crate::actions::note_reading::{Reading, note_reading};
use crate::actions::receive_photo::{Received, receive_photo, refuse_photo};
use crate::app::App;
use crate::photos::PhotoError;
use crate::photos::derive::Size;
use crate::publish::{PhotoView, ShownProject};
use crate::store::photos::{self, PhotoRow};
use crate::store::{Tx, footprints, project_lists};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use tracing::error;
use uuid::Uuid;

/// The photos of these reports, each with its report's id. `works` are the project and the records that were merged
/// into it: the photo's own record decides how much of it is shown, the project where it should have been taken.
pub async fn photo_views(
    tx: &mut Tx,
    project: &ShownProject,
    works: &HashMap<Uuid, ShownProject>,
    reports: &[Uuid],
) -> Result<Vec<(Uuid, PhotoView)>, Problem> {
    let rows = photos::list_of_reports(tx, reports).await?;
    let parts = footprints::list_current(tx, &[project.id]).await?.remove(&project.id).unwrap_or_default();
    let shown = project.shows_place().then_some(parts.as_slice());
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let work = works.get(&row.project_id)?;
            Some((row.report_id, work.photo(shown, row)))
        })
        .collect())
}

/// The bytes of an announced photo. Answered only when they are on disk; the answer is the receipt.
#[utoipa::path(put, path = "/api/v1/photos/{id}/original", tag = "progress", params(("id" = Uuid, Path)),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 201, body = PhotoView), (status = 200, body = PhotoView)))]
pub async fn put_original(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    PhotoBody(mut body): PhotoBody,
) -> Result<Response, Problem> {
    let (row, project) = find_shown(&app, &caller, id).await?;
    let person = caller.require_in(Action::ReportProgress, &project.village.code)?;
    let most = app.config.photo_bytes;
    let too_large = async || refuse_photo(&app, &row, PhotoError::too_large(most)).await;
    if body.announced.is_some_and(|bytes| bytes > most) {
        return Err(too_large().await?.into()); // refused before a byte of it is read
    }
    let mut file = app.photos.begin(app.clock.id()).await?;
    while let Some(bytes) = body.bytes.next().await? {
        if file.bytes() + bytes.len() as u64 > most as u64 {
            drop(file);
            body.bytes.drop_rest(most).await?;
            return Err(too_large().await?.into());
        }
        file.write(&bytes).await?;
    }
    let received = receive_photo(&app, Some(person), &row, &project.village.code, file.finish().await?).await?;
    let mut tx = app.store.read().await?;
    let works = HashMap::from([(project.id, project.clone())]);
    let view = photo_views(&mut tx, &project, &works, &[row.report_id]).await?;
    let view = view.into_iter().find(|(_, view)| view.id == id).ok_or_else(|| Problem::not_found("photo"))?.1;
    let status = if received == Received::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view)).into_response())
}

/// The file as it was taken, for staff.
#[utoipa::path(get, path = "/api/v1/photos/{id}/original", tag = "progress", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 410), (status = 507)))]
pub async fn original(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<Response, Problem> {
    let (row, project) = find_shown(&app, &caller, id).await?;
    let person = caller.require_in(Action::ReadOriginal, &project.village.code)?;
    let sha256 = row.sha256.ok_or_else(|| Problem::not_found("photo"))?;
    let file = match app.photos.open(&sha256).await {
        Ok(file) => file,
        Err(e) => return Err(note_fault(&app, &sha256, e).await?.into()),
    };
    note_reading(&app, person, Reading::Original { photo: id, village: project.village.code }).await?;
    let kind = row.media_type.as_deref().unwrap_or("application/octet-stream");
    let length = file.bytes;
    let mut answer = picture(Body::from_stream(file.into_stream()), kind);
    answer.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    Ok(answer)
}

/// A picture of a photo without any metadata: `thumb` (320 px) or `screen` (1600 px).
#[utoipa::path(get, path = "/api/v1/photos/{id}/{size}", tag = "progress", params(("id" = Uuid, Path), ("size" = String, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 507)))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<(Uuid, String)>, PathRejection>,
) -> Result<Response, Problem> {
    let Path((id, size)) = path.map_err(|_| Problem::not_found("photo"))?;
    let (row, _) = find_shown(&app, &caller, id).await?;
    let size = Size::parse(&size).ok_or_else(|| Problem::not_found("photo"))?;
    let sha256 = row.sha256.ok_or_else(|| Problem::not_found("photo"))?;
    let mut tx = app.store.read().await?;
    let known = photos::list_derivatives(&mut tx, &sha256).await?;
    drop(tx);
    let digest = known.iter().find(|(name, _)| name == size.as_str()).map(|(_, digest)| digest.as_str());
    match app.photos.open_derivative(&sha256, size, digest).await {
        Ok(Some(bytes)) => Ok(picture(bytes.into(), "image/jpeg")),
        Ok(None) if digest.is_none() => Err(Problem::not_found("photo")),
        Err(e) if e.file_fault().is_none() => Err(e.into()),
        lost_or_damaged => {
            error!("photos: the {} picture of {sha256} is made anew: {lost_or_damaged:?}", size.as_str());
            derive_again(&app, row.id).await?;
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "picture_made_anew"))
        }
    }
}

/// The bytes under a name never change, but only who may see them keeps them.
fn picture(body: Body, kind: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    (headers, body).into_response()
}

/// A photo and its project, where the caller may see them.
async fn find_shown(app: &App, caller: &Caller, id: Uuid) -> Result<(PhotoRow, ShownProject), Problem> {
    caller.require(Action::ReadPublic)?;
    let mut tx = app.store.read().await?;
    let row = photos::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("photo"))?;
    let project = project_lists::find_many(&mut tx, &[row.project_id]).await?.pop();
    let project = caller.eyes().projects(project.into_iter().collect()).next();
    Ok((row, project.ok_or_else(|| Problem::not_found("photo"))?))
}
