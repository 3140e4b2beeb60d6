//! What ends a project, and what takes that or a correction back.

use super::body::{Body, SMALL_BYTES, Sent};
use super::caller::{Action, Caller};
use super::input::Id;
use super::problem::Problem;
use super::project_view::ProjectView;
use super::projects::{answer, in_reach};
use crate::actions::merge_project::merge_project;
use crate::actions::undo_change::undo_change;
use crate::actions::withdraw_project::withdraw_project;
use crate::app::App;
use crate::domain::text::{NOTE_CHARS, required_lines};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    pub row_version: i64,
    pub reason: String,
}

impl Sent for Withdrawal {
    const ACTION: Action = Action::WithdrawProject;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Withdraws a project that should not have been registered.
#[utoipa::path(post, path = "/api/v1/projects/{id}/withdraw", tag = "projects", params(("id" = Uuid, Path)), request_body = Withdrawal,
    responses((status = 200, body = ProjectView)))]
pub async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Body(body, _): Body<Withdrawal>,
) -> Result<Json<ProjectView>, Problem> {
    let person = in_reach(&app, &caller, Action::WithdrawProject, id).await?;
    let reason = required_lines("reason", &body.reason, NOTE_CHARS)?;
    let project = withdraw_project(&app, person, id, body.row_version, reason).await?;
    answer(&app, &caller, project).await
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    pub row_version: i64,
    /// The project that stays.
    pub into: Uuid,
    pub reason: String,
}

impl Sent for Merge {
    const ACTION: Action = Action::MergeProject;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Merges a project into another.
#[utoipa::path(post, path = "/api/v1/projects/{id}/merge", tag = "projects", params(("id" = Uuid, Path)), request_body = Merge,
    responses((status = 200, body = ProjectView)))]
pub async fn merge(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Body(body, _): Body<Merge>,
) -> Result<Json<ProjectView>, Problem> {
    let person = in_reach(&app, &caller, Action::MergeProject, id).await?;
    let reason = required_lines("reason", &body.reason, NOTE_CHARS)?;
    let project = merge_project(&app, person, id, body.row_version, body.into, reason).await?;
    answer(&app, &caller, project).await
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    pub row_version: i64,
}

impl Sent for Undo {
    const ACTION: Action = Action::UndoChange;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Takes back the last correction, withdrawal or merge.
#[utoipa::path(post, path = "/api/v1/projects/{id}/undo", tag = "projects", params(("id" = Uuid, Path)), request_body = Undo,
    responses((status = 200, body = ProjectView)))]
pub async fn undo(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Body(body, _): Body<Undo>,
) -> Result<Json<ProjectView>, Problem> {
    let person = in_reach(&app, &caller, Action::UndoChange, id).await?;
    let project = undo_change(&app, person, id, body.row_version).await?;
    answer(&app, &caller, project).await
}
