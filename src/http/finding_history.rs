//! Comments, decisions and mails about a finding, by page: their number is unbounded over the years.

use super::caller::{Action, Caller};
use super::decision_view::{self, CommentView, DecisionView, Now};
use super::finding_view::part_of;
use super::input::{Id, Page, Paging, Params, page, text_and_id};
use super::messages::listing_reader;
use super::problem::Problem;
use crate::actions::decide_finding::village_codes;
use crate::actions::note_reading::{Reading, note_reading};
use crate::app::App;
use crate::domain::facts::Facts;
use crate::domain::message::MessageState;
use crate::publish::ShownProject;
use crate::store::{self, Tx, comments, messages, pairs, project_facts, project_lists};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Comments that are shown at once.
pub const COMMENTS_A_PAGE: i64 = 50;
/// Decisions that are shown at once, each with what changed since.
pub const DECISIONS_A_PAGE: i64 = 10;
/// Mails that are named at once.
pub const MESSAGES_A_PAGE: i64 = 50;

/// Where a page ended: the time and the id of its last row.
type Key = (String, Uuid);

/// A mail about this finding.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NotificationLine {
    pub id: Uuid,
    pub to: String,
    pub state: MessageState,
    pub sent_at: Option<String>,
}

/// The comments on a finding, newest first.
#[utoipa::path(get, path = "/api/v1/findings/{id}/comments", tag = "findings", params(("id" = Uuid, Path), Paging),
    responses((status = 200, body = Page<CommentView>)))]
pub async fn comments(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Params(asked): Params<Paging>,
) -> Result<Json<Page<CommentView>>, Problem> {
    let mut part = part_of(&app, &caller, id, &asked, (COMMENTS_A_PAGE, 200), text_and_id).await?;
    Ok(Json(comments_page(&mut part.tx, id, part.after.as_ref(), part.limit).await?))
}

/// The decisions on a finding, newest first.
#[utoipa::path(get, path = "/api/v1/findings/{id}/decisions", tag = "findings", params(("id" = Uuid, Path), Paging),
    responses((status = 200, body = Page<DecisionView>)))]
pub async fn decisions(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Params(asked): Params<Paging>,
) -> Result<Json<Page<DecisionView>>, Problem> {
    let mut part = part_of(&app, &caller, id, &asked, (DECISIONS_A_PAGE, 50), text_and_id).await?;
    Ok(Json(decisions_page(&mut part.tx, &caller, id, part.after.as_ref(), part.limit).await?))
}

/// The mails about a finding, newest first; none for a caller who may not read messages.
#[utoipa::path(get, path = "/api/v1/findings/{id}/messages", tag = "findings", params(("id" = Uuid, Path), Paging),
    responses((status = 200, body = Page<NotificationLine>)))]
pub async fn messages(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Params(asked): Params<Paging>,
) -> Result<Json<Page<NotificationLine>>, Problem> {
    let mut part = part_of(&app, &caller, id, &asked, (MESSAGES_A_PAGE, 200), text_and_id).await?;
    let found = messages_page(&mut part.tx, &caller, id, part.after.as_ref(), part.limit).await?;
    note_recipients(&app, part.tx, &caller, id, &found.items).await?;
    Ok(Json(found))
}

pub async fn comments_page(
    tx: &mut Tx,
    finding: Uuid,
    after: Option<&Key>,
    limit: i64,
) -> Result<Page<CommentView>, Problem> {
    let rows = comments::list_page_of_finding(tx, finding, after, limit + 1).await?;
    let (rows, next) = page(rows, limit, |row| format!("{}|{}", row.written_at, row.id));
    Ok(Page { items: rows.into_iter().map(decision_view::comment).collect(), next })
}

/// Decisions with what changed since.
pub async fn decisions_page(
    tx: &mut Tx,
    caller: &Caller,
    finding: Uuid,
    after: Option<&Key>,
    limit: i64,
) -> Result<Page<DecisionView>, Problem> {
    let stored = store::decisions::list_page_of_finding(tx, finding, after, limit + 1).await?;
    let (stored, next) = page(stored, limit, |one| format!("{}|{}", one.decided_at, one.id));
    if stored.is_empty() {
        return Ok(Page { items: Vec::new(), next });
    }
    let ids: Vec<Uuid> = stored.iter().flat_map(|one| one.pairs.iter().map(|pair| pair.pair_id)).collect();
    let pairs = pairs::list_ends(tx, &ids).await?;
    let projects: Vec<Uuid> = pairs.values().flat_map(|(a, b)| [*a, *b]).collect::<BTreeSet<_>>().into_iter().collect();
    let members = project_lists::find_many(tx, &projects).await?;
    let members: Vec<ShownProject> = caller.eyes().projects(members).collect();
    let villages = project_facts::village_names(tx).await?;
    let facts: HashMap<Uuid, Facts> =
        project_facts::find_many(tx, &villages, &projects).await?.into_iter().map(|facts| (facts.id, facts)).collect();
    let now = Now { pairs: &pairs, facts: &facts, members: &members, villages: &villages };
    Ok(Page { items: decision_view::decisions(stored, &now), next })
}

/// Notes that this caller reads to which addresses of others mails about a finding went, before they get them.
pub async fn note_recipients(
    app: &App,
    mut tx: Tx,
    caller: &Caller,
    finding: Uuid,
    lines: &[NotificationLine],
) -> Result<(), Problem> {
    let Some(person) = &caller.person else { return Ok(()) };
    if lines.iter().all(|line| person.email.as_ref() == Some(&line.to)) {
        return Ok(());
    }
    let villages = village_codes(&mut tx, finding).await?;
    drop(tx);
    Ok(note_reading(app, person, Reading::Recipients { finding, villages }).await?)
}

pub async fn messages_page(
    tx: &mut Tx,
    caller: &Caller,
    finding: Uuid,
    after: Option<&Key>,
    limit: i64,
) -> Result<Page<NotificationLine>, Problem> {
    let Some(person) = caller.person.as_ref().filter(|person| person.may(Action::ReadMessages)) else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let rows = messages::list_page_of_finding(tx, &listing_reader(person), finding, after, limit + 1).await?;
    let (rows, next) = page(rows, limit, |row| format!("{}|{}", row.created_at, row.id));
    let items = rows
        .into_iter()
        .map(|message| NotificationLine {
            id: message.id,
            to: message.recipient,
            state: message.state,
            sent_at: message.sent_at,
        })
        .collect();
    Ok(Page { items, next })
}
