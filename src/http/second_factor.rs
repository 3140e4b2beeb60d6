//! One's own second factor: codes that a telephone shows, and recovery codes.

use super::account::own;
use super::body::{Body, SMALL_BYTES, Sent};
use super::caller::{Action, Caller};
use super::problem::Problem;
use super::qr::QrView;
use crate::accounts::code::Code;
use crate::actions::ActionError;
use crate::actions::second_factor::manage::remove_own;
use crate::actions::second_factor::set_up::{begin, confirm, make_codes};
use crate::app::App;
use crate::store::second_factors;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

/// What shows that the account's owner asks, who sits at a session that may have been left open.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    pub password: String,
    /// Of the second factor in force, or a recovery code; not asked for where there is none.
    pub code: Option<String>,
}

impl Sent for Proof {
    const ACTION: Action = Action::ManageOwnAccount;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// A code that the telephone shows.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownCode {
    /// Six digits.
    pub code: String,
}

impl Sent for ShownCode {
    const ACTION: Action = Action::ManageOwnAccount;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// The second factor of one's own account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SecondFactorView {
    /// Since when the sign-in asks for it; `null`: there is none.
    pub since: Option<String>,
    /// Recovery codes that were not used.
    pub recovery_codes_left: i64,
}

/// A secret to be taken into an authenticator app. In force once a code of it was confirmed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SecretView {
    /// Base 32 (RFC 4648), in groups of four, to be typed.
    pub secret: String,
    /// `otpauth://totp/…`
    pub url: String,
    /// The same address as a picture for a telephone.
    pub qr: Option<QrView>,
}

/// Recovery codes, shown this once. Each opens the account once in the place of a code of the telephone.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

impl RecoveryCodes {
    fn new(codes: &[Code]) -> Json<Self> {
        Json(Self { recovery_codes: codes.iter().map(ToString::to_string).collect() })
    }
}

/// Whether one's own sign-in asks for a second factor.
#[utoipa::path(get, path = "/api/v1/account/second-factor", tag = "account", responses((status = 200, body = SecondFactorView)))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Json<SecondFactorView>, Problem> {
    let (person, _) = own(&caller, &headers)?;
    let mut tx = app.store.read().await?;
    let factor = second_factors::find(&mut tx, person.id).await?;
    Ok(Json(SecondFactorView {
        since: factor.and_then(|factor| factor.since).map(|since| since.to_rfc3339()),
        recovery_codes_left: second_factors::count_codes(&mut tx, person.id).await?,
    }))
}

/// Shows a new secret, to be confirmed by a code of it. The second factor of before goes on until then.
#[utoipa::path(post, path = "/api/v1/account/second-factor", tag = "account", request_body = Proof,
    responses((status = 200, body = SecretView), (status = 429)))]
pub async fn start(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Body(proof, _): Body<Proof>,
) -> Result<Json<SecretView>, Problem> {
    let (person, _) = own(&caller, &headers)?;
    let factor = begin(&app, person, proof.password, proof.code.as_deref()).await?;
    let url = factor.url().map_err(|e| ActionError::Internal(e.to_string()))?;
    Ok(Json(SecretView { secret: factor.shown(), qr: QrView::new(&url), url }))
}

/// Puts the secret that was shown into force. All other sessions end.
#[utoipa::path(put, path = "/api/v1/account/second-factor", tag = "account", request_body = ShownCode,
    responses((status = 200, body = RecoveryCodes), (status = 409), (status = 429)))]
pub async fn set(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Body(shown, _): Body<ShownCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let (person, token) = own(&caller, &headers)?;
    Ok(RecoveryCodes::new(&confirm(&app, person, &token, &shown.code).await?))
}

/// New recovery codes; those of before open nothing any more.
#[utoipa::path(post, path = "/api/v1/account/second-factor/recovery-codes", tag = "account", request_body = Proof,
    responses((status = 200, body = RecoveryCodes), (status = 409), (status = 429)))]
pub async fn renew_codes(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Body(proof, _): Body<Proof>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let (person, _) = own(&caller, &headers)?;
    Ok(RecoveryCodes::new(&make_codes(&app, person, proof.password, proof.code.as_deref()).await?))
}

/// Removes one's own second factor. Where the settings require one, the rights that wait for it sleep again.
#[utoipa::path(post, path = "/api/v1/account/second-factor/remove", tag = "account", request_body = Proof,
    responses((status = 204), (status = 409), (status = 429)))]
pub async fn remove(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Body(proof, _): Body<Proof>,
) -> Result<StatusCode, Problem> {
    let (person, _) = own(&caller, &headers)?;
    remove_own(&app, person, proof.password, proof.code.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
