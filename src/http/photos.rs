//! Photos: taking in the bytes of an announced one, and handing out its pictures.

use super::answers::sees_place;
use super::body::PhotoBody;
use super::caller::{Action, Caller};
use super::input::Id;
use super::problem::Problem;
use crate::actions::receive_photo::{Received, receive_photo};
use crate::app::App;
use crate::domain::project::ProjectSummary;
use crate::photos::PhotoError;
use crate::photos::derive::Size;
use crate::spatial::metres;
use crate::store::photos::{self, PhotoRow};
use crate::store::{Tx, footprints, project_lists};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use geo::{Geometry, Point};
use serde::Serialize;
use uuid::Uuid;

/// Where and when the phone says that it was.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CaptureView {
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub accuracy_m: Option<f64>,
    pub heading_deg: Option<f64>,
    pub taken_at: Option<String>,
}

/// What the file says: a second witness.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExifView {
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub taken_at: Option<String>,
    pub camera: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhotoView {
    pub id: Uuid,
    pub position: i64,
    pub stage: Option<String>,
    pub station: Option<String>,
    /// The bytes are on disk.
    pub received: bool,
    /// The receipt.
    pub sha256: Option<String>,
    /// waiting, preparing, ready, failed.
    pub state: String,
    pub error: Option<String>,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub capture: Option<CaptureView>,
    pub exif: Option<ExifView>,
    /// Metres from the footprint, by the phone's position or else the file's.
    pub distance_m: Option<f64>,
    pub thumb: Option<String>,
    pub screen: Option<String>,
    pub original: Option<String>,
}

/// The photos of these reports, each with its report's id.
pub async fn photo_views(
    tx: &mut Tx,
    caller: &Caller,
    project: &ProjectSummary,
    reports: &[Uuid],
) -> Result<Vec<(Uuid, PhotoView)>, Problem> {
    let rows = photos::list_of_reports(tx, reports).await?;
    let parts = footprints::list_current(tx, &[project.id]).await?.remove(&project.id).unwrap_or_default();
    let staff = caller.sees_all_of(&project.village.code);
    let places = sees_place(caller, project);
    Ok(rows
        .into_iter()
        .map(|row| {
            let at = row.capture_lon.zip(row.capture_lat).or(row.exif_lon.zip(row.exif_lat));
            let distance_m = at.and_then(|(lon, lat)| {
                let here = Geometry::Point(Point::new(lon, lat));
                parts.iter().map(|part| metres::distance_m(&here, &part.geometry)).min_by(f64::total_cmp)
            });
            (row.report_id, view(row, distance_m, staff, places))
        })
        .collect())
}

fn view(row: PhotoRow, distance_m: Option<f64>, staff: bool, places: bool) -> PhotoView {
    let ready = row.state == "ready";
    let url = |size: &str| format!("/api/v1/photos/{}/{size}", row.id);
    let has_capture = row.capture_lon.is_some() || row.capture_at.is_some();
    let has_exif = row.exif_lon.is_some() || row.exif_at.is_some() || row.exif_camera.is_some();
    PhotoView {
        received: row.sha256.is_some(),
        thumb: ready.then(|| url("thumb")),
        screen: ready.then(|| url("screen")),
        original: (row.sha256.is_some() && staff).then(|| url("original")),
        id: row.id,
        position: row.position,
        stage: row.stage,
        station: row.station,
        sha256: row.sha256.filter(|_| staff),
        state: row.state,
        error: row.error,
        width: row.width,
        height: row.height,
        // The exact place and the device are nothing for the public.
        capture: (has_capture && staff && places).then_some(CaptureView {
            lon: row.capture_lon,
            lat: row.capture_lat,
            accuracy_m: row.capture_accuracy_m,
            heading_deg: row.capture_heading,
            taken_at: row.capture_at,
        }),
        exif: (has_exif && staff && places).then_some(ExifView {
            lon: row.exif_lon,
            lat: row.exif_lat,
            taken_at: row.exif_at,
            camera: row.exif_camera,
        }),
        distance_m,
    }
}

/// The bytes of an announced photo. Answered only when they are on disk; the answer is the receipt.
#[utoipa::path(put, path = "/api/v1/photos/{id}/original", tag = "progress", params(("id" = Uuid, Path)),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 201, body = PhotoView), (status = 200, body = PhotoView), (status = 409, body = super::problem::ProblemBody), (status = 422, body = super::problem::ProblemBody)))]
pub async fn put_original(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    mut body: PhotoBody,
) -> Result<Response, Problem> {
    let (row, project) = find(&app, &caller, id).await?;
    caller.require_in(Action::ReportProgress, &project.village.code)?;
    let most = app.config.photo_bytes;
    let too_large = || Problem::from(PhotoError::too_large(most));
    if body.announced.is_some_and(|bytes| bytes > most) {
        return Err(too_large()); // refused before a byte of it is read
    }
    let mut file = app.photos.begin(app.clock.id()).await?;
    while let Some(bytes) = body.bytes.next().await? {
        if file.bytes() + bytes.len() as u64 > most as u64 {
            drop(file);
            body.bytes.drop_rest(most).await?;
            return Err(too_large());
        }
        file.write(&bytes).await?;
    }
    let received = receive_photo(&app, &row, &project.village.code, file.finish().await?).await?;
    let mut tx = app.store.read().await?;
    let view = photo_views(&mut tx, &caller, &project, &[row.report_id]).await?;
    let view = view.into_iter().find(|(_, view)| view.id == id).ok_or_else(|| Problem::not_found("photo"))?.1;
    let status = if received == Received::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view)).into_response())
}

/// The file as it was taken, for staff.
#[utoipa::path(get, path = "/api/v1/photos/{id}/original", tag = "progress", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404, body = super::problem::ProblemBody)))]
pub async fn original(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<Response, Problem> {
    let (row, project) = find(&app, &caller, id).await?;
    caller.require_in(Action::ReadOriginal, &project.village.code)?;
    let sha256 = row.sha256.ok_or_else(|| Problem::not_found("photo"))?;
    let bytes = app.photos.open(&sha256).await?.ok_or_else(|| Problem::not_found("photo"))?;
    Ok(picture(bytes, row.media_type.as_deref().unwrap_or("application/octet-stream")))
}

/// A picture of a photo without any metadata: `thumb` (320 px) or `screen` (1600 px).
#[utoipa::path(get, path = "/api/v1/photos/{id}/{size}", tag = "progress", params(("id" = Uuid, Path), ("size" = String, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404, body = super::problem::ProblemBody)))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Path((id, size)): Path<(Uuid, String)>,
) -> Result<Response, Problem> {
    let (row, _) = find(&app, &caller, id).await?;
    let size = Size::parse(&size).ok_or_else(|| Problem::not_found("photo"))?;
    let sha256 = row.sha256.ok_or_else(|| Problem::not_found("photo"))?;
    let bytes = app.photos.open_derivative(&sha256, size).await?.ok_or_else(|| Problem::not_found("photo"))?;
    Ok(picture(bytes, "image/jpeg"))
}

/// The bytes under a name never change, but only who may see them keeps them.
fn picture(bytes: axum::body::Bytes, kind: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// A photo and its project, where the caller may see them.
async fn find(app: &App, caller: &Caller, id: Uuid) -> Result<(PhotoRow, ProjectSummary), Problem> {
    caller.require(Action::ReadPublic)?;
    let mut tx = app.store.read().await?;
    let row = photos::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("photo"))?;
    let project = project_lists::find_many(&mut tx, &[row.project_id]).await?.pop();
    let project = project.ok_or_else(|| Problem::not_found("photo"))?;
    if !caller.eyes().knows_of(&project) {
        return Err(Problem::not_found("photo"));
    }
    Ok((row, project))
}
