//! What ends a project, and what takes that or a correction back.

use super::body::{Body, SMALL_BYTES, Sent};
use super::caller::{Action, Caller};
use super::conditional::{IfMatch, Versioned};
use super::input::Id;
use super::problem::Problem;
use super::project_view::ProjectView;
use super::projects::{changed, in_reach};
use crate::actions::merge_project::merge_project;
use crate::actions::undo_change::undo_change;
use crate::actions::withdraw_project::withdraw_project;
use crate::app::App;
use crate::domain::text::{NOTE_CHARS, required_lines};
use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Of the project as it was seen; or `If-Match`.
    pub row_version: Option<i64>,
    pub reason: String,
}

impl Sent for Withdrawal {
    const ACTION: Action = Action::WithdrawProject;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Withdraws a project that should not have been registered.
#[utoipa::path(post, path = "/api/v1/projects/{id}/withdraw", tag = "projects", params(("id" = Uuid, Path)), request_body = Withdrawal,
    responses((status = 200, body = ProjectView), (status = 412)))]
pub async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    seen: IfMatch,
    Body(body, _): Body<Withdrawal>,
) -> Result<Versioned<ProjectView>, Problem> {
    let seen = seen.or(("row_version", body.row_version))?;
    let person = in_reach(&app, &caller, Action::WithdrawProject, id).await?;
    let reason = required_lines("reason", &body.reason, NOTE_CHARS)?;
    let done = withdraw_project(&app, person, id, seen.row_version, reason).await;
    changed(&app, &caller, id, seen, done).await
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// Of the project as it was seen; or `If-Match`.
    pub row_version: Option<i64>,
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
    responses((status = 200, body = ProjectView), (status = 412)))]
pub async fn merge(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    seen: IfMatch,
    Body(body, _): Body<Merge>,
) -> Result<Versioned<ProjectView>, Problem> {
    let seen = seen.or(("row_version", body.row_version))?;
    let person = in_reach(&app, &caller, Action::MergeProject, id).await?;
    let reason = required_lines("reason", &body.reason, NOTE_CHARS)?;
    let done = merge_project(&app, person, id, seen.row_version, body.into, reason).await;
    changed(&app, &caller, id, seen, done).await
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    /// Of the project as it was seen; or `If-Match`.
    pub row_version: Option<i64>,
}

impl Sent for Undo {
    const ACTION: Action = Action::UndoChange;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Takes back the last correction, withdrawal or merge.
#[utoipa::path(post, path = "/api/v1/projects/{id}/undo", tag = "projects", params(("id" = Uuid, Path)), request_body = Undo,
    responses((status = 200, body = ProjectView), (status = 412)))]
pub async fn undo(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    seen: IfMatch,
    Body(body, _): Body<Undo>,
) -> Result<Versioned<ProjectView>, Problem> {
    let seen = seen.or(("row_version", body.row_version))?;
    let person = in_reach(&app, &caller, Action::UndoChange, id).await?;
    let done = undo_change(&app, person, id, seen.row_version).await;
    changed(&app, &caller, id, seen, done).await
}
