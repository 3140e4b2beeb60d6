//! The queue of findings, and one finding with everything that speaks for and against it.

use super::answers::shown_projects;
use super::caller::{Action, Caller};
use super::conditional::Versioned;
use super::decision_view::{CommentView, DecisionView};
use super::finding_history::{self, COMMENTS_A_PAGE, DECISIONS_A_PAGE, MESSAGES_A_PAGE, NotificationLine};
use super::finding_view::{
    FindingSummary, PairView, Shown, find_shown, pair, part_of, queue_key, read_queue_key, summaries,
};
use super::input::{Id, Page, Paging, Params, after, limit, page};
use super::problem::Problem;
use crate::actions::ActionError;
use crate::actions::decide_finding::require_all_of;
use crate::app::App;
use crate::domain::facts::Facts;
use crate::domain::finding::{FindingKind, FindingState, Severity};
use crate::publish::{ShownPair, ShownProject};
use crate::store::findings::{self, Filter};
use crate::store::pairs;
use crate::store::{Tx, footprints, project_facts, project_lists};
use crate::words::Words;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
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
    /// Only the findings of this summary.
    pub summary: Option<Uuid>,
    /// The findings about this project.
    pub project: Option<Uuid>,
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
    let after = after(queue.after.as_deref(), read_queue_key)?;
    let filter = Filter {
        state: queue.state,
        severity: queue.severity,
        kind: queue.kind,
        village_id: queue.village,
        year: queue.year,
        summary_id: queue.summary,
        project_id: queue.project,
        ..Filter::default()
    };
    let mut tx = app.store.read().await?;
    let rows = findings::list_queue(&mut tx, &caller.scope(), &filter, after, limit + 1).await?;
    let (rows, next) = page(rows, limit, queue_key);
    let items = summaries(&mut tx, &caller, rows, Shown::ROW).await?.into_iter().map(|(summary, _)| summary).collect();
    Ok(Json(Page { items, next }))
}

/// Where a member stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MemberFootprint {
    pub project_id: Uuid,
    /// Its outline, GeoJSON.
    #[schema(value_type = Vec<Object>)]
    pub parts: Vec<Value>,
    /// How far that may lie from the footprint, metres; `null` where it is the footprint.
    pub within_m: Option<f64>,
}

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
    fn new(facts: &Facts, member: &ShownProject) -> Self {
        let text = |text: Option<&Arc<str>>| text.map(|text| text.to_string());
        let contracts = facts.funding.iter().filter_map(|line| line.contract_number.as_deref());
        Self {
            project_id: facts.id,
            executor: text(facts.executor.as_ref()),
            hamlet: member.hamlet(text(facts.hamlet.as_ref())),
            rt: member.text(text(facts.rt.as_ref())),
            rw: member.text(text(facts.rw.as_ref())),
            volume: facts.volume,
            volume_unit: text(facts.volume_unit.as_ref()),
            contract_numbers: contracts.map(str::to_owned).collect(),
            photos: facts.photo_marks.len(),
        }
    }
}

/// Records of a finding with what is compared of them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Members {
    pub items: Vec<ShownProject>,
    pub footprints: Vec<MemberFootprint>,
    /// The compared facts that no list shows, in the order of the members.
    pub compared: Vec<MemberFacts>,
    /// Give it as `after` for the next page; `null` on the last one.
    pub next: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FindingDetail {
    #[serde(flatten)]
    pub summary: FindingSummary,
    /// The likeliest ones; the rest by page of `/findings/{id}/pairs`.
    pub pairs: Vec<PairView>,
    /// Its place in the queue: with this as `after` a list goes on behind it.
    pub queue_key: String,
    /// The number of its pairs.
    pub pairs_total: i64,
    /// The key of the next page of pairs.
    pub pairs_next: Option<String>,
    /// The key of the next page of members.
    pub members_next: Option<String>,
    pub footprints: Vec<MemberFootprint>,
    /// The compared facts that no list shows, in the order of the members.
    pub compared: Vec<MemberFacts>,
    /// Newest first; older ones by page of `/findings/{id}/messages`.
    pub messages: Vec<NotificationLine>,
    /// The key of the next page of messages.
    pub messages_next: Option<String>,
    /// Newest first; older ones by page of `/findings/{id}/decisions`.
    pub decisions: Vec<DecisionView>,
    /// The key of the next page of decisions.
    pub decisions_next: Option<String>,
    /// Newest first; older ones by page of `/findings/{id}/comments`.
    pub comments: Vec<CommentView>,
    /// The key of the next page of comments.
    pub comments_next: Option<String>,
    /// Whether this caller may decide it.
    pub may_decide: bool,
    /// Why not, where the role would and the region does not hold all of it.
    pub may_not_decide: Option<String>,
}

/// One finding.
#[utoipa::path(get, path = "/api/v1/findings/{id}", tag = "findings", params(("id" = Uuid, Path)),
    responses((status = 200, body = FindingDetail)))]
pub async fn show(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<Versioned<FindingDetail>, Problem> {
    caller.require(Action::ReadFindings)?;
    let finding = detail(&app, &caller, id).await?;
    Ok(Versioned(finding.summary.row_version, finding))
}

/// The records of a finding, in its order.
#[utoipa::path(get, path = "/api/v1/findings/{id}/members", tag = "findings", params(("id" = Uuid, Path), Paging),
    responses((status = 200, body = Members)))]
pub async fn members(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Params(asked): Params<Paging>,
) -> Result<Json<Members>, Problem> {
    let mut part = part_of(&app, &caller, id, &asked, (MEMBERS_A_PAGE, 100), |number| number.parse().ok()).await?;
    let kind = part.finding.kind;
    Ok(Json(members_page(&mut part.tx, &caller, (id, kind), part.after.unwrap_or(0), part.limit).await?))
}

/// The pairs of a finding, the likeliest first.
#[utoipa::path(get, path = "/api/v1/findings/{id}/pairs", tag = "findings", params(("id" = Uuid, Path), Paging),
    responses((status = 200, body = Page<PairView>)))]
pub async fn pairs(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Params(asked): Params<Paging>,
) -> Result<Json<Page<PairView>>, Problem> {
    let mut part = part_of(&app, &caller, id, &asked, (PAIRS_A_PAGE, 100), |pair| pair.parse().ok()).await?;
    Ok(Json(pairs_page(&mut part.tx, &caller, id, part.after, part.limit).await?))
}

/// Records of a finding that are shown at once.
const MEMBERS_A_PAGE: i64 = findings::FIRST_MEMBERS;
/// Pairs of a finding that are shown at once, each with all its evidence.
const PAIRS_A_PAGE: i64 = 20;

/// A finding with everything about it, as this caller may see it.
pub async fn detail(app: &App, caller: &Caller, id: Uuid) -> Result<FindingDetail, Problem> {
    let mut tx = app.store.read().await?;
    let finding = find_shown(&mut tx, caller, id).await?;
    let queue_key = queue_key(&finding);
    let refused = why_not(&mut tx, caller, id).await?;
    let kind = finding.kind;
    let (mut summary, _) = summaries(&mut tx, caller, vec![finding], Shown::ROW)
        .await?
        .pop()
        .ok_or_else(|| Problem::not_found("finding"))?;
    let first = members_page(&mut tx, caller, (id, kind), 0, MEMBERS_A_PAGE).await?;
    summary.members = first.items;
    let pairs = pairs_page(&mut tx, caller, id, None, PAIRS_A_PAGE).await?;
    let pairs_total = pairs::count_of_finding(&mut tx, &caller.scope(), id).await?;
    let decisions = finding_history::decisions_page(&mut tx, caller, id, None, DECISIONS_A_PAGE).await?;
    let comments = finding_history::comments_page(&mut tx, id, None, COMMENTS_A_PAGE).await?;
    let messages = finding_history::messages_page(&mut tx, caller, id, None, MESSAGES_A_PAGE).await?;
    let may_decide = caller.may(Action::DecideFinding) && refused.is_none() && summary.kind != FindingKind::ManyAlerts;
    finding_history::note_recipients(app, tx, caller, id, &messages.items).await?;
    Ok(FindingDetail {
        summary,
        pairs: pairs.items,
        queue_key,
        pairs_total,
        pairs_next: pairs.next,
        members_next: first.next,
        footprints: first.footprints,
        compared: first.compared,
        messages: messages.items,
        messages_next: messages.next,
        decisions: decisions.items,
        decisions_next: decisions.next,
        comments: comments.items,
        comments_next: comments.next,
        may_decide,
        may_not_decide: refused,
    })
}

/// Why a person whose role decides may not decide this finding.
async fn why_not(tx: &mut Tx, caller: &Caller, finding: Uuid) -> Result<Option<String>, Problem> {
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

async fn members_page(
    tx: &mut Tx,
    caller: &Caller,
    (finding, kind): (Uuid, FindingKind),
    after: i64,
    limit: i64,
) -> Result<Members, Problem> {
    let rows = findings::list_members(tx, finding, after, limit + 1).await?;
    let (rows, next) = page(rows, limit, |(number, _)| number.to_string());
    let ids: Vec<Uuid> = rows.into_iter().map(|(_, project)| project).collect();
    let found = project_lists::find_many(tx, &ids).await?;
    let items: Vec<ShownProject> = caller.eyes().projects(found).filter(|member| member.is_shown_in(kind)).collect();
    let drawn = footprints::list_drawn(tx, &ids).await?;
    let facts: HashMap<Uuid, Facts> = project_facts::find_merged_too(tx, &HashMap::new(), &ids)
        .await?
        .into_iter()
        .map(|facts| (facts.id, facts))
        .collect();
    let compared = items.iter().filter_map(|member| Some(MemberFacts::new(facts.get(&member.id)?, member))).collect();
    let footprints = items
        .iter()
        .filter(|member| member.shows_place())
        .filter_map(|member| {
            let drawn = drawn.get(&member.id)?;
            Some(MemberFootprint { project_id: member.id, parts: member.shapes(drawn), within_m: drawn.within_m })
        })
        .collect();
    Ok(Members { items, footprints, compared, next })
}

async fn pairs_page(
    tx: &mut Tx,
    caller: &Caller,
    finding: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Page<PairView>, Problem> {
    let rows = pairs::list_page_of_finding(tx, finding, after, limit + 1).await?;
    let (rows, next) = page(rows, limit, |pair| pair.id.to_string());
    let ends: Vec<Uuid> =
        rows.iter().flat_map(|pair| [pair.a_id, pair.b_id]).collect::<BTreeSet<_>>().into_iter().collect();
    let known = shown_projects(tx, &caller.eyes(), &ends).await?;
    let numbers = findings::list_numbers(tx, finding, &ends).await?;
    let items = ShownPair::of_members(rows, &known)
        .iter()
        .map(|shown| PairView {
            numbers: numbers.get(&shown.a_id).zip(numbers.get(&shown.b_id)).map(|(a, b)| [*a, *b]),
            ..pair(caller.language, Some(shown.id), (shown.a_id, shown.b_id), &shown.verdict)
        })
        .collect();
    Ok(Page { items, next })
}
