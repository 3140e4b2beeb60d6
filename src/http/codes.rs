//! One-time codes: giving them to people, and using one.

use super::body::{Body, SMALL_BYTES, Sent};
use super::caller::{Action, Caller};
use super::idempotency::{IdempotencyKey, again, answer_once};
use super::input::Id;
use super::peer::Peer;
use super::problem::Problem;
use super::qr::QrView;
use super::session::{Session, opening, with_cookies};
use crate::actions::add_user::UserInput;
use crate::actions::codes::give_code::{GivenCode, find_receiver, give_code, give_in};
use crate::actions::codes::invite::invite as invite_person;
use crate::actions::codes::request_reset::request_reset;
use crate::actions::codes::use_code::{find_code, use_code};
use crate::actions::once::Once;
use crate::app::App;
use crate::domain::account::{CodeChannel, CodePurpose};
use crate::mail::code::enter_url;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Somebody to be invited.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Made by the client: the same again is the same account, with another code.
    pub id: Uuid,
    pub login: String,
    pub name: String,
    pub email: Option<String>,
    /// `id` or `en`.
    pub language: String,
    /// What the post that they are to hold gives.
    pub role: String,
    /// With all below it; the country, for an administrator, without one.
    pub region_code: Option<String>,
    /// How the code comes to them.
    pub by: CodeChannel,
}

impl Sent for Invitation {
    const ACTION: Action = Action::ManagePeople;
    const MOST_BYTES: usize = SMALL_BYTES;
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeWanted {
    /// How the code comes to its person.
    pub by: CodeChannel,
}

impl Sent for CodeWanted {
    const ACTION: Action = Action::ManagePeople;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// A one-time code that was given. Of one that a mail carries nobody else sees the letters.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CodeView {
    pub person: Uuid,
    pub login: String,
    pub name: String,
    pub purpose: CodePurpose,
    pub by: CodeChannel,
    /// Shown this once.
    pub code: Option<String>,
    /// Where it is used, with the code behind `#`.
    pub url: Option<String>,
    /// The same address as a picture for a telephone.
    pub qr: Option<QrView>,
    pub expires_at: String,
}

impl CodeView {
    fn new(app: &App, given: GivenCode) -> Self {
        let url = given.code.as_ref().map(|code| enter_url(&app.config.base_url, code));
        Self {
            person: given.person.id,
            login: given.person.login,
            name: given.person.name,
            purpose: given.purpose,
            by: given.channel,
            code: given.code.map(|code| code.to_string()),
            qr: url.as_deref().and_then(QrView::new),
            url,
            expires_at: given.expires_at.to_rfc3339(),
        }
    }
}

/// A code as it was typed, in any spelling.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedCode {
    pub code: String,
}

impl Sent for TypedCode {
    const ACTION: Action = Action::SignIn;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Whom a code lets in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CodeOwner {
    pub login: String,
    pub name: String,
    pub purpose: CodePurpose,
    pub expires_at: String,
    /// Whether the sign-in asks for a second factor too.
    pub second_factor: bool,
}

/// A code with the password that its person chooses.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenPassword {
    pub code: String,
    /// At least 10 characters, none of the commonest, and not made of the account's name.
    pub password: String,
    /// A code of the second factor or a recovery code, where the account has one.
    pub second_factor: Option<String>,
}

impl Sent for ChosenPassword {
    const ACTION: Action = Action::SignIn;
    const MOST_BYTES: usize = SMALL_BYTES;
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    /// The user name, or the address to which this person's mails go.
    pub login: String,
}

impl Sent for Forgotten {
    const ACTION: Action = Action::SignIn;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Invites somebody: an account with a post, and a one-time code by which they choose their password.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", request_body = Invitation,
    responses((status = 200, body = CodeView), (status = 409)))]
pub async fn invite(
    State(app): State<App>,
    caller: Caller,
    Body(input, _): Body<Invitation>,
) -> Result<Json<CodeView>, Problem> {
    let by = caller.signed_in(Action::ManagePeople)?;
    let person = UserInput {
        login: input.login,
        name: input.name,
        role: input.role,
        region_code: input.region_code,
        email: input.email,
        language: input.language,
    };
    let given = invite_person(&app, Some(by), input.id, person, input.by).await?;
    Ok(Json(CodeView::new(&app, given)))
}

/// Gives somebody a one-time code for a first or another password; earlier ones open nothing any more. Until it is used, the
/// password of before stays. The same again is another code, but for one with the same `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/people/{id}/codes", tag = "people",
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CodeWanted, responses((status = 200, body = CodeView), (status = 409)))]
pub async fn give(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    IdempotencyKey(key): IdempotencyKey,
    Body(wanted, receipt): Body<CodeWanted>,
) -> Result<Response, Problem> {
    let by = caller.signed_in(Action::ManagePeople)?;
    let Some(key) = key else {
        let given = give_code(&app, Some(by), id, wanted.by).await?;
        return Ok(Json(CodeView::new(&app, given)).into_response());
    };
    let once = Once::new(by.id, &key, &receipt.sent);
    let mut tx = app.store.write().await?;
    // Who may not give one is not told either which one they gave before.
    let to = find_receiver(&mut tx, &app, Some(by), id).await?;
    if let Some(earlier) = once.find_earlier(&mut tx).await? {
        return Ok(again(earlier));
    }
    let given = CodeView::new(&app, give_in(&mut tx, &app, to, wanted.by).await?);
    answer_once(tx, once, (StatusCode::OK, &given), app.clock.now()).await
}

/// Whom a code lets in. Nothing is used yet.
#[utoipa::path(post, path = "/api/v1/session/code", tag = "session", request_body = TypedCode,
    responses((status = 200, body = CodeOwner), (status = 429)))]
pub async fn find(
    State(app): State<App>,
    caller: Caller,
    peer: Peer,
    Body(typed, _): Body<TypedCode>,
) -> Result<Json<CodeOwner>, Problem> {
    caller.require(Action::SignIn)?;
    let from = super::session::from(peer);
    let found = find_code(&app, &typed.code, from).await?;
    Ok(Json(CodeOwner {
        login: found.person.login,
        name: found.person.name,
        purpose: found.code.purpose,
        expires_at: found.code.expires_at.to_rfc3339(),
        second_factor: found.second_factor,
    }))
}

/// Chooses a password by a code, which opens nothing any more, and signs in.
#[utoipa::path(put, path = "/api/v1/session/code", tag = "session", request_body = ChosenPassword,
    responses((status = 200, body = Session), (status = 401), (status = 409), (status = 429)))]
pub async fn choose(
    State(app): State<App>,
    caller: Caller,
    peer: Peer,
    headers: HeaderMap,
    Body(chosen, _): Body<ChosenPassword>,
) -> Result<Response, Problem> {
    caller.require(Action::SignIn)?;
    let opened =
        use_code(&app, &chosen.code, chosen.password, chosen.second_factor.as_deref(), opening(peer, &headers)).await?;
    with_cookies(&app, opened).await
}

/// Asks for a mail with a one-time code, for whoever forgot their password. The answer is the same where there is no such
/// account, or none with an address.
#[utoipa::path(post, path = "/api/v1/session/forgotten", tag = "session", request_body = Forgotten,
    responses((status = 204), (status = 429)))]
pub async fn forgotten(
    State(app): State<App>,
    caller: Caller,
    peer: Peer,
    Body(who, _): Body<Forgotten>,
) -> Result<StatusCode, Problem> {
    caller.require(Action::SignIn)?;
    request_reset(&app, &who.login, super::session::from(peer)).await?;
    Ok(StatusCode::NO_CONTENT)
}
