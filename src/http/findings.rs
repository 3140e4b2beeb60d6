//! The queue of findings, and one finding with everything that speaks for and against it.

use super::answers::{geojson, sees_place};
use super::caller::{Action, Caller};
use super::decision_view::{self, CommentView, DecisionView, Now};
use super::finding_view::{FindingSummary, PairView, pair, summaries};
use super::input::{Id, Page, Params, limit, page, wrong_after};
use super::messages::told;
use super::problem::Problem;
use crate::actions::ActionError;
use crate::actions::decide_finding::require_all_of;
use crate::app::App;
use crate::domain::facts::Facts;
use crate::domain::finding::{FindingKind, FindingState, Severity};
use crate::domain::project::ProjectSummary;
use crate::store::findings::{self, Filter, Finding, QueueKey};
use crate::store::pairs::{self, Pair};
use crate::store::{self, Tx, comments, footprints, messages, project_facts};
use crate::words::Words;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Queue {
    pub state: Option<FindingState>,
    pub severity: Option<Severity>,
    pub kind: Option<FindingKind>,
    pub village: Option<Uuid>,
    pub year: Option<i64>,
    /// The findings that this summary tells of.
    pub summary: Option<Uuid>,
    pub after: Option<String>,
    pub limit: Option<i64>,
}

/// Findings: alerts first, then by money at stake.
#[utoipa::path(get, path = "/api/v1/findings", tag = "findings", params(Queue), responses((status = 200, body = Page<FindingSummary>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(queue): Params<Queue>,
) -> Result<Json<Page<FindingSummary>>, Problem> {
    caller.require(Action::ReadFindings)?;
    let limit = limit(queue.limit, 50, 200)?;
    let after = queue.after.as_deref().map(|text| read_key(text).ok_or_else(wrong_after)).transpose()?;
    let filter = Filter {
        state: queue.state,
        severity: queue.severity,
        kind: queue.kind,
        village_id: queue.village,
        year: queue.year,
        project_id: None,
        summary_id: queue.summary,
    };
    let mut tx = app.store.read().await?;
    let rows = findings::list_queue(&mut tx, &caller.scope(), &filter, after, limit + 1).await?;
    let (rows, next) = page(rows, limit, |finding| {
        let key = finding.queue_key();
        format!("{}|{}|{}", key.rank, key.rupiah, key.id)
    });
    let items = summaries(&app, &mut tx, &caller, rows).await?.into_iter().map(|(summary, _)| summary).collect();
    Ok(Json(Page { items, next }))
}

fn read_key(text: &str) -> Option<QueueKey> {
    let mut parts = text.split('|');
    let key = QueueKey {
        rank: parts.next()?.parse().ok()?,
        rupiah: parts.next()?.parse().ok()?,
        id: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(key)
}

/// Where a member stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MemberFootprint {
    pub project_id: Uuid,
    #[schema(value_type = Vec<Object>)]
    pub parts: Vec<Value>,
}

/// A mail that told of this finding.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Told {
    pub id: Uuid,
    pub to: String,
    pub state: String,
    pub sent_at: Option<String>,
}

/// Members whose facts are told; a stack has hundreds.
const MOST_COMPARED: usize = 20;

/// Facts of a member that comparisons rest on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MemberFacts {
    pub project_id: Uuid,
    pub executor: Option<String>,
    pub hamlet: Option<String>,
    pub rt: Option<String>,
    pub rw: Option<String>,
    pub volume: Option<f64>,
    pub volume_unit: Option<String>,
    pub contract_numbers: Vec<String>,
    /// Pictures of its reports, and those that a file declared.
    pub photos: usize,
}

impl MemberFacts {
    /// Of a house the way to it only for those who may see where it stands.
    fn of(facts: &Facts, sees_place: bool) -> Self {
        let text = |text: Option<&Arc<str>>| text.map(|text| text.to_string());
        let contracts = facts.funding.iter().filter_map(|line| line.contract_number.as_deref());
        Self {
            project_id: facts.id,
            executor: text(facts.executor.as_ref()),
            hamlet: text(facts.hamlet.as_ref()),
            rt: text(facts.rt.as_ref().filter(|_| sees_place)),
            rw: text(facts.rw.as_ref().filter(|_| sees_place)),
            volume: facts.volume,
            volume_unit: text(facts.volume_unit.as_ref()),
            contract_numbers: contracts.map(str::to_owned).collect(),
            photos: facts.photo_marks.len(),
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FindingDetail {
    #[serde(flatten)]
    pub summary: FindingSummary,
    pub pairs: Vec<PairView>,
    pub footprints: Vec<MemberFootprint>,
    /// What the evidence speaks of and no list shows, in the order of the members.
    pub compared: Vec<MemberFacts>,
    pub messages: Vec<Told>,
    /// Newest first.
    pub decisions: Vec<DecisionView>,
    /// Oldest first.
    pub comments: Vec<CommentView>,
    /// Whether this caller may decide it.
    pub may_decide: bool,
    /// Why not, where the role would and the region does not hold all of it.
    pub may_not_decide: Option<String>,
}

/// One finding.
#[utoipa::path(get, path = "/api/v1/findings/{id}", tag = "findings", params(("id" = Uuid, Path)),
    responses((status = 200, body = FindingDetail), (status = 404, body = super::problem::ProblemBody)))]
pub async fn show(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<Json<FindingDetail>, Problem> {
    caller.require(Action::ReadFindings)?;
    detail(&app, &caller, id).await
}

/// A finding with everything about it, as this caller may see it.
pub async fn detail(app: &App, caller: &Caller, id: Uuid) -> Result<Json<FindingDetail>, Problem> {
    let mut tx = app.store.read().await?;
    let finding = findings::find(&mut tx, &caller.scope(), id).await?.ok_or_else(|| Problem::not_found("finding"))?;
    let projects = finding.projects.clone();
    let refused = why_not(&mut tx, caller, &finding).await?;
    let mut current = footprints::list_current(&mut tx, &projects).await?;
    let told = match caller.person.as_ref().filter(|person| person.may(Action::ReadMessages)) {
        Some(person) => messages::list_of_finding(&mut tx, &told(person), id).await?,
        None => Vec::new(),
    };
    let (summary, pairs) =
        summaries(app, &mut tx, caller, vec![finding]).await?.pop().ok_or_else(|| Problem::not_found("finding"))?;
    let decisions = decisions(&mut tx, caller, id, &summary.members).await?;
    let comments = comments::list_of_finding(&mut tx, id).await?;
    let comments = comments.into_iter().map(decision_view::comment).collect::<Result<_, _>>()?;
    let shown = &summary.members[..summary.members.len().min(MOST_COMPARED)];
    let ids: Vec<Uuid> = shown.iter().map(|member| member.id).collect();
    let facts = project_facts::find_merged_too(&mut tx, &HashMap::new(), &ids).await?;
    let compared = shown
        .iter()
        .filter_map(|member| {
            let facts = facts.iter().find(|facts| facts.id == member.id)?;
            Some(MemberFacts::of(facts, sees_place(caller, member)))
        })
        .collect();
    let footprints = summary
        .members
        .iter()
        .filter(|member| sees_place(caller, member))
        .filter_map(|member| {
            let parts = current.remove(&member.id)?.iter().map(|part| geojson(&part.geometry)).collect();
            Some(MemberFootprint { project_id: member.id, parts })
        })
        .collect();
    let pairs = pairs
        .iter()
        .map(|stored| pair(caller.language, Some(stored.id), (stored.a_id, stored.b_id), &stored.verdict))
        .collect();
    let messages = told
        .into_iter()
        .map(|message| Told { id: message.id, to: message.recipient, state: message.state, sent_at: message.sent_at })
        .collect();
    let may_decide = caller.may(Action::DecideFinding) && refused.is_none() && summary.kind != FindingKind::ManyAlerts;
    Ok(Json(FindingDetail {
        summary,
        pairs,
        footprints,
        compared,
        messages,
        decisions,
        comments,
        may_decide,
        may_not_decide: refused,
    }))
}

/// Why a person whose role decides may not decide this finding.
async fn why_not(tx: &mut Tx, caller: &Caller, finding: &Finding) -> Result<Option<String>, Problem> {
    let Some(person) = caller.person.as_ref().filter(|person| person.may(Action::DecideFinding)) else {
        return Ok(None);
    };
    match require_all_of(tx, person, finding).await {
        Ok(()) => Ok(None),
        Err(ActionError::OtherSide(villages)) => {
            let values = json!({ "villages": villages });
            Ok(Some(Words::render(caller.language, "problem.other_side.detail", &values)))
        }
        Err(other) => Err(other.into()),
    }
}

async fn decisions(
    tx: &mut Tx,
    caller: &Caller,
    finding: Uuid,
    members: &[ProjectSummary],
) -> Result<Vec<DecisionView>, Problem> {
    let stored = store::decisions::list_of_findings(tx, &[finding]).await?;
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = stored.iter().flat_map(|one| one.pairs.iter().map(|pair| pair.pair_id)).collect();
    let pairs: HashMap<Uuid, Pair> =
        pairs::find_many(tx, &ids).await?.into_iter().map(|pair| (pair.id, pair)).collect();
    let projects: Vec<Uuid> = pairs.values().flat_map(|pair| [pair.a_id, pair.b_id]).collect();
    let villages = project_facts::village_names(tx).await?;
    let facts: HashMap<Uuid, Facts> =
        project_facts::find_many(tx, &villages, &projects).await?.into_iter().map(|facts| (facts.id, facts)).collect();
    let now = Now { pairs: &pairs, facts: &facts, members, villages: &villages };
    Ok(decision_view::decisions(caller, stored, &now))
}
