//! The jobs that wait or were given up, for the administrator.

use super::caller::{Action, Caller};
use super::input::{Id, Page, Params, limit};
use super::problem::Problem;
use crate::actions::retry_job::retry_job;
use crate::app::App;
use crate::domain::closed_set;
use crate::store::jobs::{self, JobView};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

closed_set! {
    /// Of a job that is not done.
    JobState { Waiting = "waiting", Failed = "failed" }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Both where it is left out, the failed ones first.
    pub state: Option<JobState>,
    pub limit: Option<i64>,
}

/// Jobs, those that were given up first, longest due first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "jobs", params(Search), responses((status = 200, body = Page<JobView>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(search): Params<Search>,
) -> Result<Json<Page<JobView>>, Problem> {
    caller.require(Action::ReadJobs)?;
    let limit = limit(search.limit, 100, 500)?;
    let mut tx = app.store.read().await?;
    let items = match search.state {
        None => jobs::list_all(&mut tx, limit).await?,
        Some(state) => jobs::list(&mut tx, state == JobState::Failed, limit).await?,
    };
    Ok(Json(Page { items, next: None }))
}

/// A job that was given up runs again.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/retry", tag = "jobs", params(("id" = uuid::Uuid, Path)),
    responses((status = 204)))]
pub async fn retry(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<StatusCode, Problem> {
    retry_job(&app, Some(caller.signed_in(Action::RetryJob)?), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
