//! The accounts of a region, for its administrator.

use super::caller::{Action, Caller};
use super::input::{Id, Page, Paging, Params, limit, page};
use super::post_view::HeldView;
use super::problem::Problem;
use crate::actions::manage_person::{disable_person, enable_person, end_sessions};
use crate::actions::note_reading::{Reading, note_reading};
use crate::actions::second_factor;
use crate::app::App;
use crate::domain::person::{Language, Person};
use crate::store::users::{self, StoredPerson};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use uuid::Uuid;

/// A person with an account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonView {
    pub id: Uuid,
    pub login: String,
    pub name: String,
    /// What this person holds at the moment.
    pub posts: Vec<HeldView>,
    pub email: Option<String>,
    pub language: Language,
    /// Since when the account is shut.
    pub disabled_at: Option<String>,
    /// Since when this person has been asked to choose a first password.
    pub invited_at: Option<String>,
    /// Where this person is signed in.
    pub sessions: i64,
    /// Whether the sign-in asks for a second factor.
    pub second_factor: bool,
    /// The one who asks.
    pub is_you: bool,
}

/// The people of the caller's region, by login.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", params(Paging),
    responses((status = 200, body = Page<PersonView>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(search): Params<Paging>,
) -> Result<Json<Page<PersonView>>, Problem> {
    let by = administrator(&caller)?;
    let limit = limit(search.limit, 100, 500)?;
    let mut tx = app.store.read().await?;
    let after = search.after.as_deref().unwrap_or_default();
    let rows = users::list_in(&mut tx, &by.scope_of(Action::ManagePeople), after, app.clock.now(), limit + 1).await?;
    drop(tx);
    let (items, next) = page(rows, limit, |row| row.person.login.clone());
    let others: Vec<Uuid> = items.iter().map(|row| row.person.id).filter(|id| *id != by.id).collect();
    note_reading(&app, by, Reading::People(others)).await?;
    Ok(Json(Page { items: items.into_iter().map(|row| view(row, by)).collect(), next }))
}

/// Shuts an account: its sessions end, it gets no mail, and its password is answered like a wrong one.
#[utoipa::path(post, path = "/api/v1/people/{id}/disable", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409)))]
pub async fn disable(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<StatusCode, Problem> {
    disable_person(&app, Some(administrator(&caller)?), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens an account again.
#[utoipa::path(post, path = "/api/v1/people/{id}/enable", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 204)))]
pub async fn enable(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<StatusCode, Problem> {
    enable_person(&app, Some(administrator(&caller)?), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all sessions of a person.
#[utoipa::path(delete, path = "/api/v1/people/{id}/sessions", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 204)))]
pub async fn end(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<StatusCode, Problem> {
    end_sessions(&app, Some(administrator(&caller)?), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes the second factor of somebody who lost their telephone and the recovery codes; their sessions end.
#[utoipa::path(delete, path = "/api/v1/people/{id}/second-factor", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409)))]
pub async fn remove_second_factor(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<StatusCode, Problem> {
    second_factor::manage::remove(&app, Some(administrator(&caller)?), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn administrator(caller: &Caller) -> Result<&Person, Problem> {
    caller.signed_in(Action::ManagePeople)
}

fn view(row: StoredPerson, by: &Person) -> PersonView {
    let person = row.person;
    PersonView {
        is_you: person.id == by.id,
        id: person.id,
        login: person.login,
        name: person.name,
        posts: person.rights.into_iter().map(HeldView::new).collect(),
        email: person.email,
        language: person.language,
        disabled_at: row.disabled_at,
        invited_at: row.invited_at,
        sessions: row.sessions,
        second_factor: row.second_factor,
    }
}
