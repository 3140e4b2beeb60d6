//! A project that is only checked: what registering it would meet.

use super::body::Body;
use super::caller::{Action, Caller};
use super::drafts::ProjectDraft;
use super::finding_view::{PairView, pair};
use super::footprint_input::left_out;
use super::place_doubt::PlaceDoubtView;
use super::problem::Problem;
use super::projects::{parse, village_code};
use super::villages::PlaceView;
use crate::actions::check_project;
use crate::app::App;
use crate::domain::footprint::LeftOut;
use crate::publish::ShownProject;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

/// A project near a draft, with the verdict on the two.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CandidateView {
    pub project: ShownProject,
    #[schema(value_type = Vec<Object>)]
    pub footprint: Vec<Value>,
    pub pair: PairView,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CheckView {
    /// Where the draft lies with respect to its village.
    pub place: Option<PlaceView>,
    /// Where it lies so far from its village that registering it needs `confirm_place`.
    pub place_doubt: Option<PlaceDoubtView>,
    /// Parts of the footprint that are no place and would be left out.
    pub left_out: Option<LeftOut>,
    /// Likeliest first.
    pub candidates: Vec<CandidateView>,
}

/// What a draft would meet, by the same code as the screening. Nothing is saved.
#[utoipa::path(post, path = "/api/v1/projects/check", tag = "projects", request_body = ProjectDraft,
    responses((status = 200, body = CheckView)))]
pub async fn check(
    State(app): State<App>,
    caller: Caller,
    Body(draft, _): Body<ProjectDraft>,
) -> Result<Json<CheckView>, Problem> {
    let person = caller.signed_in(Action::CheckProject)?;
    let _turn = app.checks_of_one.enter(person.id, Instant::now())?;
    let own = draft.id;
    let draft = parse(&app, draft).await?;
    let left_out = left_out(draft.footprint.as_ref());
    let village = village_code(&app, draft.details.village_id).await?;
    let village_name = village.1.clone();
    let checked = check_project::check_project(&app, person, draft, village, own).await?;
    let place_doubt = checked.doubt.map(|doubt| PlaceDoubtView::new(caller.language, doubt, &village_name));
    let place = checked.place.map(|(relation, distance_m)| PlaceView {
        village: checked.nearest.into_iter().next().map(|place| place.village),
        relation,
        distance_m,
    });
    let candidates = checked
        .candidates
        .into_iter()
        .map(|candidate| {
            let ids = (candidate.project.id, own.unwrap_or_default());
            CandidateView {
                footprint: candidate.project.shapes(&candidate.outline),
                pair: pair(caller.language, None, ids, &candidate.verdict),
                project: candidate.project,
            }
        })
        .collect();
    Ok(Json(CheckView { place, place_doubt, left_out, candidates }))
}
