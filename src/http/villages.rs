//! Villages: search, one with its versions, all outlines for the map, and which village a place lies in.

use super::caller::{Action, Caller};
use super::input::{Id, Page, Params, after, limit, page, text_and_id};
use super::problem::Problem;
use crate::app::App;
use crate::domain::footprint::{accuracy, position};
use crate::domain::village::{Relation, Village, VillageVersion};
use crate::publish::geojson;
use crate::store::regions;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Part of a name or code.
    pub q: Option<String>,
    pub after: Option<String>,
    pub limit: Option<i64>,
}

/// Villages by name.
#[utoipa::path(get, path = "/api/v1/villages", tag = "villages", params(Search), responses((status = 200, body = Page<Village>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(search): Params<Search>,
) -> Result<Json<Page<Village>>, Problem> {
    caller.require(Action::ReadPublic)?;
    let limit = limit(search.limit, 50, 500)?;
    let after = after(search.after.as_deref(), text_and_id)?;
    let mut tx = app.store.read().await?;
    let rows = regions::list_villages(&mut tx, &caller.scope(), search.q.as_deref(), after.as_ref(), limit + 1).await?;
    let (rows, next) = page(rows, limit, |(village, key)| format!("{key}|{}", village.id));
    Ok(Json(Page { items: rows.into_iter().map(|(village, _)| village).collect(), next }))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VillageDetail {
    #[serde(flatten)]
    pub village: Village,
    /// Its codes and names with their dates, newest first.
    pub versions: Vec<VillageVersion>,
}

/// One village with its dated versions.
#[utoipa::path(get, path = "/api/v1/villages/{id}", tag = "villages", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = VillageDetail)))]
pub async fn show(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<Json<VillageDetail>, Problem> {
    caller.require(Action::ReadPublic)?;
    let mut tx = app.store.read().await?;
    let village = regions::find_village(&mut tx, id).await?.ok_or_else(|| Problem::not_found("village"))?;
    let versions = regions::list_versions(&mut tx, id).await?;
    Ok(Json(VillageDetail { village, versions }))
}

/// All outlines as GeoJSON, simplified to some 5 m.
#[utoipa::path(get, path = "/api/v1/villages/boundaries", tag = "villages",
    responses((status = 200, content_type = "application/geo+json", body = Object)))]
pub async fn boundaries(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.require(Action::ReadPublic)?;
    let scope = caller.scope();
    let villages = app.atlas.villages();
    let body = tokio::task::spawn_blocking(move || {
        let features: Vec<serde_json::Value> = villages
            .drawn()
            .enumerate()
            .map(|(at, (village, outline))| {
                json!({
                    "type": "Feature",
                    "id": at + 1,
                    "geometry": geojson(outline),
                    "properties": {
                        "id": village.id, "code": village.code, "name": village.name, "district": village.district,
                        "kind": village.kind, "schematic": village.schematic, "lit": scope.holds(&village.code),
                        "centre": village.centre,
                    },
                })
            })
            .collect();
        json!({ "type": "FeatureCollection", "features": features }).to_string()
    })
    .await
    .map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"))?;
    Ok(([(header::CONTENT_TYPE, "application/geo+json")], body).into_response())
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Position {
    pub lon: f64,
    pub lat: f64,
    pub accuracy_m: Option<f64>,
}

/// Where a place lies with respect to a village.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlaceView {
    pub village: Option<Village>,
    pub relation: Relation,
    pub distance_m: f64,
}

/// The villages nearest to a place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Places {
    pub items: Vec<PlaceView>,
}

/// The villages that a place lies in or near, nearest first.
#[utoipa::path(get, path = "/api/v1/places", tag = "villages", params(Position),
    responses((status = 200, body = Places), (status = 422)))]
pub async fn places(
    State(app): State<App>,
    caller: Caller,
    Params(at): Params<Position>,
) -> Result<Json<Places>, Problem> {
    caller.require(Action::ReadPublic)?;
    position("lon", at.lon, at.lat)?;
    let point = geo::Geometry::Point(geo::Point::new(at.lon, at.lat));
    let accuracy_m = accuracy("accuracy_m", at.accuracy_m)?;
    let near = app.atlas.villages().nearest(&point, accuracy_m, app.config.border_tolerance_m, 5);
    let items = near
        .into_iter()
        .map(|place| PlaceView { village: Some(place.village), relation: place.relation, distance_m: place.distance_m })
        .collect();
    Ok(Json(Places { items }))
}
