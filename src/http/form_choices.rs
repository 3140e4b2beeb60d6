//! What the form and the filters of projects offer to choose from.

use super::caller::{Action, Caller};
use super::problem::Problem;
use crate::app::App;
use crate::store::project_lists;
use axum::Json;
use axum::extract::State;
use serde::Serialize;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Years {
    pub items: Vec<i64>,
}

/// The fiscal years of the projects that the caller sees.
#[utoipa::path(get, path = "/api/v1/years", tag = "projects", responses((status = 200, body = Years)))]
pub async fn years(State(app): State<App>, caller: Caller) -> Result<Json<Years>, Problem> {
    caller.require(Action::ReadPublic)?;
    let mut tx = app.store.read().await?;
    Ok(Json(Years { items: project_lists::list_years(&mut tx, &caller.scope()).await? }))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Names {
    pub items: Vec<String>,
}

/// The funds that every village knows; more come with the data.
const USUAL_FUNDS: &[&str] =
    &["DD", "ADD", "PAD", "PBH", "PBK", "PBP", "BKK Kabupaten", "BKK Provinsi", "APBD", "APBN", "DAK", "Swadaya"];

/// The usual funds and those in use.
#[utoipa::path(get, path = "/api/v1/funds", tag = "projects", responses((status = 200, body = Names)))]
pub async fn funds(State(app): State<App>, caller: Caller) -> Result<Json<Names>, Problem> {
    caller.require(Action::ReadPublic)?;
    let mut tx = app.store.read().await?;
    let mut items: Vec<String> = USUAL_FUNDS.iter().map(|fund| (*fund).to_owned()).collect();
    items.extend(
        project_lists::list_funds(&mut tx).await?.into_iter().filter(|fund| !USUAL_FUNDS.contains(&fund.as_str())),
    );
    Ok(Json(Names { items }))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Activity {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Activities {
    pub items: Vec<Activity>,
}

/// The activity codes of the village budget (Permendagri 20/2018).
#[utoipa::path(get, path = "/api/v1/activities", tag = "projects", responses((status = 200, body = Activities)))]
pub async fn activities() -> Json<Activities> {
    let items = crate::domain::activity::list()
        .iter()
        .map(|(code, name)| Activity { code: (*code).to_owned(), name: (*name).to_owned() })
        .collect();
    Json(Activities { items })
}
