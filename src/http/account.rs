//! One's own account: the password, and where one is signed in.

use super::body::{Body, SMALL_BYTES, Sent};
use super::caller::{Action, Caller, token};
use super::input::Id;
use super::problem::Problem;
use crate::accounts::token::token_hash;
use crate::actions::change_password::change_own_password;
use crate::actions::end_own_sessions::{end_other_sessions, end_own_session};
use crate::app::App;
use crate::domain::person::Person;
use crate::store::users::{self, StoredSession};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    pub old: String,
    /// At least 10 characters, and not made of the account's name.
    pub new: String,
}

impl Sent for PasswordChange {
    const ACTION: Action = Action::ManageOwnAccount;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// A session of one's own.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionView {
    pub id: Uuid,
    pub created_at: String,
    /// To some minutes.
    pub used_at: String,
    pub expires_at: String,
    /// From where it was opened; of older ones nobody knows.
    pub address: Option<String>,
    /// The browser as it named itself.
    pub agent: Option<String>,
    /// The one that asks.
    pub current: bool,
}

/// The sessions of one's own account, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Sessions {
    pub items: Vec<SessionView>,
}

/// Changes one's own password; all other sessions end.
#[utoipa::path(put, path = "/api/v1/account/password", tag = "account", request_body = PasswordChange,
    responses((status = 204)))]
pub async fn change_password(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Body(change, _): Body<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let (person, token) = own(&caller, &headers)?;
    change_own_password(&app, person, &token, change.old, change.new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where one is signed in.
#[utoipa::path(get, path = "/api/v1/account/sessions", tag = "account",
    responses((status = 200, body = Sessions)))]
pub async fn sessions(State(app): State<App>, caller: Caller, headers: HeaderMap) -> Result<Json<Sessions>, Problem> {
    let (person, token) = own(&caller, &headers)?;
    let current = token_hash(&token);
    let mut tx = app.store.read().await?;
    let rows = users::list_sessions(&mut tx, person.id, app.clock.now()).await?;
    let view = |row: StoredSession| SessionView {
        id: row.id,
        current: row.token_hash == current,
        created_at: row.created_at,
        used_at: row.used_at,
        expires_at: row.expires_at,
        address: row.address,
        agent: row.agent,
    };
    Ok(Json(Sessions { items: rows.into_iter().map(view).collect() }))
}

/// Ends all sessions of one's own account but the one that asks.
#[utoipa::path(delete, path = "/api/v1/account/sessions", tag = "account",
    responses((status = 204)))]
pub async fn end_others(State(app): State<App>, caller: Caller, headers: HeaderMap) -> Result<StatusCode, Problem> {
    let (person, token) = own(&caller, &headers)?;
    end_other_sessions(&app, person, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one session of one's own account.
#[utoipa::path(delete, path = "/api/v1/account/sessions/{id}", tag = "account", params(("id" = Uuid, Path)),
    responses((status = 204)))]
pub async fn end_one(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    let (person, _) = own(&caller, &headers)?;
    end_own_session(&app, person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who asks about their own account, and the session that asks.
pub(super) fn own<'a>(caller: &'a Caller, headers: &HeaderMap) -> Result<(&'a Person, String), Problem> {
    let person = caller.signed_in(Action::ManageOwnAccount)?;
    Ok((person, token(headers).ok_or_else(Problem::sign_in_required)?))
}
