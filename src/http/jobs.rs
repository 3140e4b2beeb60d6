//! The jobs that wait or were given up, for the administrator.

use super::caller::{Action, Caller};
use super::input::{Id, Page, Params, after, limit, page, text_and_id};
use super::problem::Problem;
use crate::actions::retry_job::retry_job;
use crate::app::App;
use crate::domain::closed_set;
use crate::store::jobs::{self, JobKey, JobView};
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
    /// The `next` of the page before.
    pub after: Option<String>,
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
    let after = after(search.after.as_deref(), job_key)?;
    let failed = search.state.map(|state| state == JobState::Failed);
    let mut tx = app.store.read().await?;
    let rows = jobs::list_page(&mut tx, failed, after.as_ref(), limit + 1).await?;
    let (items, next) = page(rows, limit, |row| {
        let (waits, run_at, id) = row.key();
        format!("{waits}|{run_at}|{id}")
    });
    Ok(Json(Page { items, next }))
}

fn job_key(key: &str) -> Option<JobKey> {
    let (waits, rest) = key.split_once('|')?;
    let (run_at, id) = text_and_id(rest)?;
    Some((waits.parse().ok()?, run_at, id))
}

/// A job that was given up runs again.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/retry", tag = "jobs", params(("id" = uuid::Uuid, Path)),
    responses((status = 204)))]
pub async fn retry(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<StatusCode, Problem> {
    retry_job(&app, Some(caller.signed_in(Action::RetryJob)?), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
