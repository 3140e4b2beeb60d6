//! Files that officers and administrators bring to be imported: sent, looked at, corrected, stored. Each is its person's own.

use super::body::{Body, SMALL_BYTES, Sent, UploadBody};
use super::caller::{Action, Caller};
use super::conditional::{IfMatch, Seen, Versioned};
use super::input::{Id, Page, Paging, Params, after, limit, page, text_and_id};
use super::problem::Problem;
use super::upload_view::{UploadSummary, UploadView};
use crate::actions::ActionError;
use crate::actions::uploads::ask_to_store::{Wish, ask_to_store};
use crate::actions::uploads::discard_upload::discard_upload;
use crate::actions::uploads::find_own;
use crate::actions::uploads::receive_upload::{Received, receive_upload, require_room};
use crate::actions::uploads::set_upload_options::set_upload_options;
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::text::required;
use crate::domain::upload::UploadOptions;
use crate::import::Field;
use crate::store::uploads::{self, Upload};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

/// The longest name of a file.
const FILE_NAME_CHARS: usize = 200;

/// What is said of a file, under the revision that was seen.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadChoice {
    /// Of the upload as it was seen; or `If-Match`.
    pub revision: Option<i64>,
    pub options: UploadOptions,
}

impl Sent for UploadChoice {
    const ACTION: Action = Action::ImportProjects;
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadStoring {
    /// Of the upload as it was seen; or `If-Match`.
    pub revision: Option<i64>,
    /// Store the good rows where some are refused.
    #[serde(default)]
    pub keep_good: bool,
    /// Let the file win over what a person edited since.
    #[serde(default)]
    pub overwrite: bool,
}

impl Sent for UploadStoring {
    const ACTION: Action = Action::ImportProjects;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// The caller's uploads, newest first.
#[utoipa::path(get, path = "/api/v1/uploads", tag = "uploads", params(Paging),
    responses((status = 200, body = Page<UploadSummary>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(search): Params<Paging>,
) -> Result<Json<Page<UploadSummary>>, Problem> {
    let by = caller.signed_in(Action::ImportProjects)?;
    let limit = limit(search.limit, 20, 100)?;
    let after = after(search.after.as_deref(), text_and_id)?;
    let mut tx = app.store.read().await?;
    let rows = uploads::list_of(&mut tx, by.id, after.as_ref(), limit + 1).await?;
    let (rows, next) = page(rows, limit, |row| format!("{}|{}", row.created_at, row.id));
    Ok(Json(Page { items: rows.into_iter().map(UploadSummary::new).collect(), next }))
}

/// The bytes of a file to be imported, with its name. Answered when they are on disk; the same id with the same bytes is the
/// same upload. What is in the file is read by a job.
#[utoipa::path(put, path = "/api/v1/uploads/{id}/file/{name}", tag = "uploads",
    params(("id" = Uuid, Path), ("name" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = UploadView), (status = 200, body = UploadView)))]
pub async fn send(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<(Uuid, String)>, PathRejection>,
    UploadBody(mut body): UploadBody,
) -> Result<Response, Problem> {
    let by = caller.signed_in(Action::ImportProjects)?;
    let Path((id, name)) = path.map_err(|_| Problem::not_found("page"))?;
    let bare = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = required("name", bare, FILE_NAME_CHARS)?;
    require_room(&app, by, id).await?;
    let most = app.config.upload_bytes;
    let too_large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large").with("most", most);
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
    if file.bytes() == 0 {
        return Err(Invalid::new("file_empty", "file").with("file", name).into());
    }
    let received = receive_upload(&app, by, id, &name, file.finish().await?).await?;
    let (status, upload) = match received {
        Received::New(upload) => (StatusCode::CREATED, upload),
        Received::Again(upload) => (StatusCode::OK, upload),
    };
    Ok((status, Json(UploadView::new(caller.language, upload))).into_response())
}

/// How far an upload is, and what was found in it.
#[utoipa::path(get, path = "/api/v1/uploads/{id}", tag = "uploads", params(("id" = Uuid, Path)),
    responses((status = 200, body = UploadView)))]
pub async fn show(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<Versioned<UploadView>, Problem> {
    current(&app, &caller, id).await
}

/// Says something else of the file: it is read again.
#[utoipa::path(put, path = "/api/v1/uploads/{id}/options", tag = "uploads", params(("id" = Uuid, Path)),
    request_body = UploadChoice, responses((status = 200, body = UploadView), (status = 412)))]
pub async fn choose(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    seen: IfMatch,
    Body(choice, _receipt): Body<UploadChoice>,
) -> Result<Versioned<UploadView>, Problem> {
    let by = caller.signed_in(Action::ImportProjects)?;
    let seen = seen.or(("revision", choice.revision))?;
    let options = choice.options.checked()?;
    require_fields(&options)?;
    changed(&app, &caller, id, seen, set_upload_options(&app, by, id, seen.row_version, &options).await).await
}

/// Stores the rows of a checked file, by a job. Asked again, it is the same act.
#[utoipa::path(post, path = "/api/v1/uploads/{id}/store", tag = "uploads", params(("id" = Uuid, Path)),
    request_body = UploadStoring, responses((status = 200, body = UploadView), (status = 412)))]
pub async fn store(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    seen: IfMatch,
    Body(wish, _receipt): Body<UploadStoring>,
) -> Result<Versioned<UploadView>, Problem> {
    let by = caller.signed_in(Action::ImportProjects)?;
    let UploadStoring { revision, keep_good, overwrite } = wish;
    let seen = seen.or(("revision", revision))?;
    let wish = Wish { revision: seen.row_version, keep_good, overwrite };
    changed(&app, &caller, id, seen, ask_to_store(&app, by, id, wish).await).await
}

/// Takes an upload away with its bytes. What was stored of it stays.
#[utoipa::path(delete, path = "/api/v1/uploads/{id}", tag = "uploads", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409)))]
pub async fn discard(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<StatusCode, Problem> {
    let by = caller.signed_in(Action::ImportProjects)?;
    discard_upload(&app, by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The upload as it is now.
async fn current(app: &App, caller: &Caller, id: Uuid) -> Result<Versioned<UploadView>, Problem> {
    let by = caller.signed_in(Action::ImportProjects)?;
    let mut tx = app.store.read().await?;
    let upload = find_own(&mut tx, by, id).await?;
    Ok(Versioned(upload.revision, UploadView::new(caller.language, upload)))
}

/// The answer to a change of an upload: as it is now, or why it is as it was.
async fn changed(
    app: &App,
    caller: &Caller,
    id: Uuid,
    seen: Seen,
    done: Result<Upload, ActionError>,
) -> Result<Versioned<UploadView>, Problem> {
    match done {
        Ok(upload) => Ok(Versioned(upload.revision, UploadView::new(caller.language, upload))),
        Err(e) => {
            let now = async { current(app, caller, id).await.map(|Versioned(_, upload)| upload) };
            Err(seen.refuse(e, now).await)
        }
    }
}

/// Refuses the name of a field that there is none of.
fn require_fields(options: &UploadOptions) -> Result<(), Invalid> {
    let chosen =
        options.columns.iter().enumerate().filter_map(|(at, choice)| Some(("columns", at, choice.field.as_ref()?)));
    let stated = options.values.iter().enumerate().map(|(at, value)| ("values", at, &value.field));
    for (list, at, field) in chosen.chain(stated) {
        if Field::parse(field).is_none() {
            let accepted: Vec<&str> = Field::ALL.iter().map(|field| field.as_str()).collect();
            let invalid = Invalid::new("unknown_import_field", format!("{list}[{at}].field"));
            return Err(invalid.with("given", field.as_str()).with("accepted", accepted));
        }
    }
    Ok(())
}
