//! Decisions about a finding, their reversal, and comments.

use super::body::{Body, SMALL_BYTES, Sent};
use super::caller::{Action, Caller};
use super::conditional::IfMatch;
use super::findings::{FindingDetail, detail};
use super::input::Id;
use super::problem::Problem;
use crate::actions::comment_on_finding::{Remark, comment_on_finding};
use crate::actions::decide_finding::{DecisionRequest, decide_finding};
use crate::actions::take_back_decision::take_back_decision;
use crate::app::App;
use crate::domain::decision::Decision;
use crate::domain::text::{NOTE_CHARS, required_lines};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

/// The longest comment, letters.
const COMMENT_CHARS: usize = 2_000;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionDraft {
    /// Made by the client: the same again is the same decision.
    pub id: Uuid,
    /// Of the finding as the person saw it; or `If-Match`.
    pub row_version: Option<i64>,
    pub decision: Decision,
    /// Why, for whoever asks later.
    pub reason: String,
    /// The pairs that it is about; all of the finding without it.
    #[serde(default)]
    pub pairs: Vec<Uuid>,
    /// With `same_work`: the record that stays; the others are merged into it.
    #[serde(default)]
    pub keep: Option<Uuid>,
}

impl Sent for DecisionDraft {
    const ACTION: Action = Action::DecideFinding;
}

/// Decides a finding. It stands until the facts that it rests on change.
#[utoipa::path(post, path = "/api/v1/findings/{id}/decision", tag = "findings", params(("id" = Uuid, Path)), request_body = DecisionDraft,
    responses((status = 200, body = FindingDetail), (status = 412)))]
pub async fn decide(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    seen: IfMatch,
    Body(body, receipt): Body<DecisionDraft>,
) -> Result<Json<FindingDetail>, Problem> {
    let person = caller.signed_in(Action::DecideFinding)?;
    let seen = seen.or(("row_version", body.row_version))?;
    let request = DecisionRequest {
        id: body.id,
        finding: id,
        row_version: seen.row_version,
        decision: body.decision,
        reason: required_lines("reason", &body.reason, NOTE_CHARS)?,
        pairs: body.pairs,
        keep: body.keep,
    };
    match decide_finding(&app, person, &request, Some(&receipt.sent)).await {
        Ok(()) => Ok(Json(detail(&app, &caller, id).await?)),
        Err(e) => Err(seen.refuse(e, detail(&app, &caller, id)).await),
    }
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBack {
    /// The decision to be taken back: the last one of the finding.
    pub decision: Uuid,
}

impl Sent for TakeBack {
    const ACTION: Action = Action::DecideFinding;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Takes the last decision back; what it merged is parted again.
#[utoipa::path(post, path = "/api/v1/findings/{id}/decision/undo", tag = "findings", params(("id" = Uuid, Path)), request_body = TakeBack,
    responses((status = 200, body = FindingDetail)))]
pub async fn take_back(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Body(body, _): Body<TakeBack>,
) -> Result<Json<FindingDetail>, Problem> {
    let person = caller.signed_in(Action::DecideFinding)?;
    take_back_decision(&app, person, id, body.decision).await?;
    Ok(Json(detail(&app, &caller, id).await?))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentDraft {
    /// Made by the client: the same again is the same comment.
    pub id: Uuid,
    pub text: String,
    /// The comment that it answers.
    #[serde(default)]
    pub answers: Option<Uuid>,
}

impl Sent for CommentDraft {
    const ACTION: Action = Action::CommentFinding;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Says something to a finding: whoever sees it may.
#[utoipa::path(post, path = "/api/v1/findings/{id}/comments", tag = "findings", params(("id" = Uuid, Path)), request_body = CommentDraft,
    responses((status = 200, body = FindingDetail)))]
pub async fn comment(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Body(body, receipt): Body<CommentDraft>,
) -> Result<Json<FindingDetail>, Problem> {
    let person = caller.signed_in(Action::CommentFinding)?;
    let text = required_lines("text", &body.text, COMMENT_CHARS)?;
    let remark = Remark { id: body.id, finding: id, text, answers: body.answers };
    comment_on_finding(&app, person, &remark, Some(&receipt.sent)).await?;
    Ok(Json(detail(&app, &caller, id).await?))
}
