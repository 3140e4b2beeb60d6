//! Projects: lists, one, registered and corrected.

use super::answers::find_known;
use super::body::Body;
use super::caller::{Action, Caller};
use super::conditional::{IfMatch, Seen, Versioned};
use super::drafts::{ProjectDraft, ProjectPatch};
use super::footprint_input::{FootprintInput, left_out, parse_footprint};
use super::idempotency::{IdempotencyKey, again, answer_once};
use super::input::{Id, Page, Params, after, limit, page, text_and_id};
use super::problem::Problem;
use super::project_history::HistoryView;
use super::project_view::{ProjectView, view};
use crate::actions::ActionError;
use crate::actions::correct_project::{Correction, correct_project};
use crate::actions::note_reading::{Reading, note_reading};
use crate::actions::once::Once;
use crate::actions::register_project::{Registered, register_in, register_project};
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::project::{NewProject, Project, Status, read_public_id};
use crate::domain::text::{NOTE_CHARS, fold, lines};
use crate::publish::ShownProject;
use crate::store::project_lists::{self, Filter};
use crate::store::{projects, regions};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Part of a title, or the number on the board.
    pub q: Option<String>,
    pub year: Option<i64>,
    pub village: Option<Uuid>,
    pub status: Option<Status>,
    /// `true`: the withdrawn projects instead, within the caller's own regions.
    pub withdrawn: Option<bool>,
    pub after: Option<String>,
    pub limit: Option<i64>,
}

/// Projects that stand, newest change first; with `withdrawn=true` those of the caller's regions that were withdrawn.
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", params(Search),
    responses((status = 200, body = Page<ShownProject>), (status = 401)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(search): Params<Search>,
) -> Result<Json<Page<ShownProject>>, Problem> {
    caller.require(Action::ReadPublic)?;
    let withdrawn = search.withdrawn.unwrap_or(false);
    if withdrawn && caller.person.is_none() {
        return Err(Problem::sign_in_required());
    }
    let limit = limit(search.limit, 50, 500)?;
    let after = after(search.after.as_deref(), text_and_id)?;
    let filter = Filter {
        title_key: search.q.as_deref().map(fold).filter(|key| !key.is_empty()),
        public_id: search.q.as_deref().and_then(read_public_id),
        year: search.year,
        village_id: search.village,
        status: search.status,
        withdrawn,
        bbox: None,
    };
    let mut tx = app.store.read().await?;
    let eyes = caller.eyes();
    let rows = project_lists::list_recent(&mut tx, eyes.sight(), &filter, after.as_ref(), limit + 1).await?;
    let (rows, next) = page(rows, limit, |row| format!("{}|{}", row.updated_at, row.id));
    Ok(Json(Page { items: eyes.projects(rows).collect(), next }))
}

/// One project.
#[utoipa::path(get, path = "/api/v1/projects/{id}", tag = "projects", params(("id" = Uuid, Path)),
    responses((status = 200, body = ProjectView)))]
pub async fn show(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<Versioned<ProjectView>, Problem> {
    caller.require(Action::ReadPublic)?;
    let project = current(&app, &caller, id).await?;
    Ok(Versioned(project.row_version, project))
}

/// Registers a project. The same id and body again gives the same answer; without an id of its own, an `Idempotency-Key` does.
#[utoipa::path(post, path = "/api/v1/projects", tag = "projects", request_body = ProjectDraft,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = ProjectView), (status = 200, body = ProjectView)))]
pub async fn register(
    State(app): State<App>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Body(draft, receipt): Body<ProjectDraft>,
) -> Result<Response, Problem> {
    caller.require(Action::RegisterProject)?;
    let confirmed = draft.confirm_place;
    let project = parse(&app, draft).await?;
    let left_out = left_out(project.footprint.as_ref());
    let village = village_code(&app, project.details.village_id).await?;
    let person = caller.require_in(Action::RegisterProject, &village.0)?;
    let answer = |registered| match registered {
        Registered::New(project) => (StatusCode::CREATED, project),
        Registered::Again(project) => (StatusCode::OK, project),
    };
    // Who registers it wrote the name of its owner: that is not noted as read.
    let Some(key) = key else {
        let (status, project) = answer(register_project(&app, person, project, confirmed, Some(&receipt.sent)).await?);
        let mut tx = app.store.read().await?;
        let project = ProjectView { left_out, ..view(&app, &mut tx, &caller, project).await? };
        return Ok((status, Json(project)).into_response());
    };
    let once = Once::new(person.id, &key, &receipt.sent);
    let mut tx = app.store.write().await?;
    if let Some(earlier) = once.find_earlier(&mut tx).await? {
        return Ok(again(earlier));
    }
    let (status, project) = answer(register_in(&mut tx, &app, person, project, confirmed, Some(&receipt.sent)).await?);
    let project = ProjectView { left_out, ..view(&app, &mut tx, &caller, project).await? };
    answer_once(tx, once, (status, &project), app.clock.now()).await
}

/// Corrects details, or gives the footprint a new version.
#[utoipa::path(patch, path = "/api/v1/projects/{id}", tag = "projects", params(("id" = Uuid, Path)), request_body = ProjectPatch,
    responses((status = 200, body = ProjectView), (status = 412)))]
pub async fn correct(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    seen: IfMatch,
    Body(mut patch, _): Body<ProjectPatch>,
) -> Result<Versioned<ProjectView>, Problem> {
    let seen = seen.or(("row_version", patch.row_version))?;
    let person = in_reach(&app, &caller, Action::CorrectProject, id).await?;
    if let Some(village) = patch.village_id {
        caller.require_in(Action::CorrectProject, &village_code(&app, village).await?.0)?;
    }
    let footprint = match patch.footprint.take() {
        Some(given) if given.is_large() => Some(in_turn(&app, move || parse_footprint(given)).await?),
        given => given.map(parse_footprint).transpose()?,
    };
    let reason = patch.reason.take().map(|text| lines("reason", &text, NOTE_CHARS)).transpose()?.flatten();
    let left_out = left_out(footprint.as_ref());
    let correction =
        Correction { row_version: seen.row_version, reason, footprint, confirm_place: patch.confirm_place };
    let done =
        correct_project(&app, person, id, correction, |details| patch.apply(details).map_err(ActionError::from)).await;
    let Versioned(version, project) = changed(&app, &caller, id, seen, done).await?;
    Ok(Versioned(version, ProjectView { left_out, ..project }))
}

/// A draft parsed; a large one when its turn has come, so that it keeps nobody waiting who asks for something small.
pub(super) async fn parse(app: &App, draft: ProjectDraft) -> Result<NewProject, Problem> {
    let id = app.clock.id();
    if draft.footprint.as_ref().is_some_and(FootprintInput::is_large) {
        return in_turn(app, move || draft.parse(|| id)).await;
    }
    Ok(draft.parse(|| id)?)
}

async fn in_turn<T: Send + 'static>(
    app: &App,
    parse: impl FnOnce() -> Result<T, Invalid> + Send + 'static,
) -> Result<T, Problem> {
    let parsed = app.live_turns.run(parse).await;
    Ok(parsed.map_err(|e| ActionError::Internal(e.to_string()))??)
}

/// The project as this caller is shown it now.
async fn current(app: &App, caller: &Caller, id: Uuid) -> Result<ProjectView, Problem> {
    let mut tx = app.store.read().await?;
    find_known(&mut tx, caller, id).await?;
    let project = projects::find(&mut tx, id).await?.ok_or_else(|| Problem::not_found("project"))?;
    let view = view(app, &mut tx, caller, project).await?;
    drop(tx);
    note_owner(app, caller, view).await
}

/// The answer to a change of a project: as it is now, or why it is as it was.
pub(super) async fn changed(
    app: &App,
    caller: &Caller,
    id: Uuid,
    seen: Seen,
    done: Result<Project, ActionError>,
) -> Result<Versioned<ProjectView>, Problem> {
    match done {
        Ok(project) => {
            let mut tx = app.store.read().await?;
            let view = view(app, &mut tx, caller, project).await?;
            drop(tx);
            let view = note_owner(app, caller, view).await?;
            Ok(Versioned(view.row_version, view))
        }
        Err(e) => Err(seen.refuse(e, current(app, caller, id)).await),
    }
}

/// Notes that this caller reads the name of an owner, or what the history says of one, before they get it.
async fn note_owner(app: &App, caller: &Caller, view: ProjectView) -> Result<ProjectView, Problem> {
    let names_owner = view.owner.is_some() || view.history.iter().any(HistoryView::is_personal);
    if let (Some(person), true) = (&caller.person, names_owner) {
        let village = view.summary.village.code.clone();
        note_reading(app, person, Reading::Owner { project: view.summary.id, village }).await?;
    }
    Ok(view)
}

/// Code and name of a village, or a refusal that names the field.
pub(super) async fn village_code(app: &App, id: Uuid) -> Result<(String, String), Problem> {
    let mut tx = app.store.read().await?;
    let village = regions::find_village(&mut tx, id).await?;
    let unknown = || crate::domain::Invalid::new("unknown_village", "village_id").with("given", id.to_string());
    let village = village.ok_or_else(unknown)?;
    Ok((village.code, village.name))
}

/// The caller, where this may be done to this project.
pub(super) async fn in_reach<'a>(
    app: &App,
    caller: &'a Caller,
    action: Action,
    id: Uuid,
) -> Result<&'a crate::domain::person::Person, Problem> {
    caller.require(action)?;
    let mut tx = app.store.read().await?;
    let short = find_known(&mut tx, caller, id).await?;
    caller.require_in(action, &short.village.code)
}
