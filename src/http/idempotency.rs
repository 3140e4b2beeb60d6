//! The header `Idempotency-Key`, for what is made without an id of the client's own.

use super::problem::Problem;
use crate::actions::ActionError;
use crate::actions::once::{Earlier, Once};
use crate::domain::Time;
use crate::store::Tx;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// The header.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest key, letters.
const LONGEST: usize = 255;

/// The key of a request, where it has one: a string of structured fields, `"8e03978e-…"`, or the same without quotes.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut given = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(first) = given.next() else { return Ok(Self(None)) };
        let text = first.to_str().unwrap_or_default();
        let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
        let is_key = (1..=LONGEST).contains(&bare.len())
            && bare.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\'));
        if !is_key || given.next().is_some() {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "wrong_idempotency_key"));
        }
        Ok(Self(Some(bare.to_owned())))
    }
}

/// The answer of before, once more.
pub fn again(Earlier { status, body }: Earlier) -> Response {
    in_json(StatusCode::from_u16(status).unwrap_or(StatusCode::OK), body)
}

/// Commits what was done with its answer, and gives it.
pub async fn answer_once<T: Serialize>(
    mut tx: Tx,
    once: Once,
    (status, body): (StatusCode, &T),
    now: Time,
) -> Result<Response, Problem> {
    let body = serde_json::to_vec(body).map_err(|e| ActionError::Internal(e.to_string()))?;
    once.keep(&mut tx, status.as_u16(), &body, now).await?;
    tx.commit().await?;
    Ok(in_json(status, body))
}

fn in_json(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
