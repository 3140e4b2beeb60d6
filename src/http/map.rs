//! The data of the map: footprints, and findings as links between them.

use super::caller::{Action, Caller};
use super::finding_view::{FindingSummary, Shown, queue_key, read_queue_key, summaries};
use super::input::{Params, after, bbox, limit, page};
use super::problem::Problem;
use crate::app::App;
use crate::domain::finding::FindingState;
use crate::domain::project::Status;
use crate::publish::{ShownPair, ShownProject, geojson};
use crate::store::findings;
use crate::store::footprints::{self, Drawn};
use crate::store::project_lists::{self, Filter};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use geo::Geometry;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct View {
    /// west,south,east,north
    pub bbox: Option<String>,
    pub year: Option<i64>,
    pub village: Option<Uuid>,
    pub status: Option<Status>,
    pub after: Option<String>,
    pub limit: Option<i64>,
}

/// GeoJSON with the key of the next page.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Features {
    #[serde(rename = "type")]
    pub kind: String,
    #[schema(value_type = Vec<Object>)]
    pub features: Vec<Box<RawValue>>,
    pub next: Option<String>,
}

fn features(features: Vec<Box<RawValue>>, next: Option<String>) -> Json<Features> {
    Json(Features { kind: "FeatureCollection".to_owned(), features, next })
}

/// A feature as text: what many corners take in memory, they take once.
fn text(feature: &Value) -> Result<Box<RawValue>, Problem> {
    to_raw_value(feature).map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"))
}

/// Projects whose outlines are read together.
const TOGETHER: usize = 100;
/// Corners of a page: beyond, it ends early.
const CORNERS_A_PAGE: usize = 50_000;

/// The outlines of projects. A page ends early where its outlines have many corners.
#[utoipa::path(get, path = "/api/v1/map/projects", tag = "map", params(View), responses((status = 200, body = Features)))]
pub async fn projects(
    State(app): State<App>,
    caller: Caller,
    Params(asked): Params<View>,
) -> Result<Json<Features>, Problem> {
    caller.require(Action::ReadPublic)?;
    let limit = limit(asked.limit, 2_000, 5_000)?;
    let after = after(asked.after.as_deref(), |id| id.parse::<Uuid>().ok())?;
    let filter = Filter {
        title_key: None,
        public_id: None,
        year: asked.year,
        village_id: asked.village,
        status: asked.status,
        withdrawn: false,
        bbox: bbox(asked.bbox.as_deref())?,
    };
    let mut tx = app.store.read().await?;
    let eyes = caller.eyes();
    let rows = project_lists::list_for_map(&mut tx, eyes.sight(), &filter, after, limit + 1).await?;
    let (mut rows, mut next) = page(rows, limit, |row| row.id.to_string());
    let mut found = Vec::with_capacity(rows.len());
    let mut corners = 0;
    while !rows.is_empty() {
        let behind = rows.split_off(rows.len().min(TOGETHER));
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut drawn = footprints::list_drawn(&mut tx, &ids).await?;
        corners += drawn.values().map(Drawn::corners).sum::<usize>();
        for project in eyes.projects(std::mem::replace(&mut rows, behind)) {
            if let Some(feature) = project_feature(&project, drawn.remove(&project.id).unwrap_or_default()) {
                found.push(text(&feature)?);
            }
        }
        if corners > CORNERS_A_PAGE && !rows.is_empty() {
            next = ids.last().map(Uuid::to_string);
            break;
        }
    }
    Ok(features(found, next))
}

fn project_feature(row: &ShownProject, drawn: Drawn) -> Option<Value> {
    let within_m = drawn.within_m.filter(|_| row.shows_place());
    let geometry = row.drawn(drawn)?;
    Some(json!({
        "type": "Feature",
        "id": row.id,
        "geometry": geometry,
        "properties": {
            "id": row.id, "title": row.title, "status": row.status, "year": row.fiscal_year,
            "village": row.village.name, "percent": row.percent, "findings": row.open_findings, "alert": row.open_alerts > 0,
            "centre": row.centre,
            // How far the outline may lie from the footprint; null where it is the footprint.
            "within_m": within_m,
        },
    }))
}

/// Open findings: links between members where they come nearest to each other, each with the distance or the shared metres
/// of its pair, the metres that two lines share,
/// and marks for findings about one project. One without a place has no geometry.
#[utoipa::path(get, path = "/api/v1/map/findings", tag = "map", params(View), responses((status = 200, body = Features)))]
pub async fn findings(
    State(app): State<App>,
    caller: Caller,
    Params(asked): Params<View>,
) -> Result<Json<Features>, Problem> {
    caller.require(Action::ReadFindings)?;
    let limit = limit(asked.limit, 1_000, 2_000)?;
    let after = after(asked.after.as_deref(), read_queue_key)?;
    let filter = findings::Filter {
        state: Some(FindingState::Open),
        village_id: asked.village,
        year: asked.year,
        status: asked.status,
        window: bbox(asked.bbox.as_deref())?,
        ..findings::Filter::default()
    };
    let mut tx = app.store.read().await?;
    let rows = findings::list_queue(&mut tx, &caller.scope(), &filter, after, limit + 1).await?;
    let (rows, next) = page(rows, limit, queue_key);
    let shown = summaries(&mut tx, &caller, rows, Shown::PAGE).await?;
    drop(tx);
    let found = shown.into_iter().flat_map(|(finding, pairs)| finding_features(&finding, &pairs));
    Ok(features(found.map(|feature| text(&feature)).collect::<Result<_, _>>()?, next))
}

fn finding_features(finding: &FindingSummary, pairs: &[ShownPair]) -> Vec<Value> {
    let centres: HashMap<Uuid, [f64; 2]> =
        finding.members.iter().filter_map(|member| Some((member.id, member.centre?))).collect();
    let members: Vec<Uuid> = finding.members.iter().map(|member| member.id).collect();
    let mut villages: Vec<&str> = finding.members.iter().map(|member| member.village.name.as_str()).collect();
    villages.dedup();
    let common = |role: &str| {
        json!({
            "role": role, "id": finding.id, "kind": finding.kind, "severity": finding.severity,
            "verdict_kind": finding.verdict_kind, "distance_m": finding.distance_m, "shared_m": finding.shared_m,
            "headline": finding.headline, "rupiah": finding.rupiah_at_stake, "members": members,
            "titles": finding.members.iter().map(|member| &member.title).collect::<Vec<_>>(),
            "villages": villages,
        })
    };
    let mut found = Vec::new();
    for pair in pairs {
        if let (Some(a), Some(b)) = (centres.get(&pair.a_id), centres.get(&pair.b_id)) {
            // Drawn where the works come nearest to each other; between their centres where they meet, or that is not to be seen.
            let apart = pair.verdict.nearest.filter(|[from, to]| from != to);
            let ends = apart.map_or([*a, *b], |ends| ends.map(|end| [end.x, end.y]));
            let line = json!({ "type": "LineString", "coordinates": ends });
            let mut properties = common("link");
            properties["pair"] = json!({ "distance_m": pair.verdict.distance_m, "shared_m": pair.verdict.shared_m });
            found.push(json!({ "type": "Feature", "geometry": line, "properties": properties }));
        }
        for shared in &pair.verdict.shared {
            let geometry = geojson(&Geometry::LineString(shared.clone()));
            found.push(json!({ "type": "Feature", "geometry": geometry, "properties": common("shared") }));
        }
    }
    if found.is_empty() {
        // Where no place is known or to be seen, it is listed beside the map all the same.
        let centre = finding.members.iter().find_map(|member| member.centre);
        let point = centre.map(|centre| json!({ "type": "Point", "coordinates": centre }));
        found.push(json!({ "type": "Feature", "geometry": point, "properties": common("mark") }));
    }
    found
}
