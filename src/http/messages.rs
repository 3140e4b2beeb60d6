//! The mails that went out, or wait in the outbox: a list, one, and how it looks.

use super::caller::{Action, Caller};
use super::input::{Id, Page, Paging, Params, after, limit, page, text_and_id};
use super::problem::Problem;
use crate::actions::note_reading::{Reading, note_reading};
use crate::app::App;
use crate::domain::Time;
use crate::domain::person::Person;
use crate::domain::scope::Scope;
use crate::store::messages::{self, MessageView, Reader};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

/// Messages, newest first: one's own and those to whoever held one's posts before, for an administrator those to everybody of
/// the region.
#[utoipa::path(get, path = "/api/v1/messages", tag = "messages", params(Paging), responses((status = 200, body = Page<MessageView>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(search): Params<Paging>,
) -> Result<Json<Page<MessageView>>, Problem> {
    let person = caller.signed_in(Action::ReadMessages)?;
    let limit = limit(search.limit, 50, 200)?;
    let after = after(search.after.as_deref(), text_and_id)?;
    let mut tx = app.store.read().await?;
    let rows = messages::list_recent(&mut tx, &reader(&caller, app.clock.now())?, after.as_ref(), limit + 1).await?;
    let (items, next) = page(rows, limit, |row| format!("{}|{}", row.created_at, row.id));
    drop(tx);
    note_reading(&app, person, Reading::Messages(to_others(person, &items))).await?;
    Ok(Json(Page { items, next }))
}

/// Whose messages this caller may read: a mail contains all that its recipient may see.
fn reader(caller: &Caller, now: Time) -> Result<Reader, Problem> {
    caller.require(Action::ReadMessages)?;
    let person = caller.person.as_ref().ok_or_else(Problem::sign_in_required)?;
    let administered = person.scope_of(Action::ManagePeople);
    Ok(if administered == Scope::all() {
        Reader::Everything
    } else if administered == Scope::none() {
        Reader::Own(person.id, now)
    } else {
        Reader::Region(person.id, administered)
    })
}

/// The messages about a finding that are listed for this caller: a colleague's of the region too, without their text.
pub fn listing_reader(person: &Person) -> Reader {
    let everywhere = person.scope_of(Action::ManagePeople) == Scope::all();
    if everywhere { Reader::Everything } else { Reader::Region(person.id, person.scope()) }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MessageDetail {
    #[serde(flatten)]
    pub message: MessageView,
    pub text: String,
    pub finding_ids: Vec<Uuid>,
}

async fn find_shown(app: &App, caller: &Caller, id: Uuid) -> Result<(MessageView, String, String, Vec<Uuid>), Problem> {
    let reader = reader(caller, app.clock.now())?;
    let mut tx = app.store.read().await?;
    let found = messages::find(&mut tx, &reader, id).await?.ok_or_else(|| Problem::not_found("message"))?;
    drop(tx);
    let person = caller.signed_in(Action::ReadMessages)?;
    note_reading(app, person, Reading::Messages(to_others(person, std::slice::from_ref(&found.0)))).await?;
    Ok(found)
}

/// The ids of those that went to another address than this person's own.
fn to_others(person: &Person, messages: &[MessageView]) -> Vec<Uuid> {
    let is_own = |message: &&MessageView| person.email.as_deref() == Some(message.recipient.as_str());
    messages.iter().filter(|message| !is_own(message)).map(|message| message.id).collect()
}

/// One message.
#[utoipa::path(get, path = "/api/v1/messages/{id}", tag = "messages", params(("id" = Uuid, Path)),
    responses((status = 200, body = MessageDetail)))]
pub async fn show(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<Json<MessageDetail>, Problem> {
    let (message, text, _, finding_ids) = find_shown(&app, &caller, id).await?;
    Ok(Json(MessageDetail { message, text, finding_ids }))
}

/// The mail as its reader sees it: a document of its own, without scripts.
#[utoipa::path(get, path = "/api/v1/messages/{id}/preview", tag = "messages", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "text/html", body = String)))]
pub async fn preview(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<Response, Problem> {
    let (_, _, html, _) = find_shown(&app, &caller, id).await?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, html).into_response())
}
