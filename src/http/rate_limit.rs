//! How many requests of the API one person or one address may make, with the headers `RateLimit` and `RateLimit-Policy`
//! (draft-ietf-httpapi-ratelimit-headers-11) in each answer, and 429 beyond.
//!
//! Whoever is signed in counts as a person, however many share their address; everybody else by address. This is for all
//! requests alike; what costs more has turns and waits of its own (`allowance.rs`, `slow_guessing.rs`).

use super::caller::Caller;
use super::peer::{Peer, is_in};
use super::problem::Problem;
use crate::app::App;
use crate::rates::{Key, Left};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The quotas: `"person";q=3000;w=60`.
pub const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// What is left of one: `"person";r=2999;t=1`.
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// What is counted; pages and pictures of the page are served from memory.
const COUNTED: &str = "/api/";

/// Middleware.
pub async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(COUNTED) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Some(key) = key(&mut parts, &app).await else { return next.run(Request::from_parts(parts, body)).await };
    let (left, mut response) = match app.rates.take(key) {
        Ok(left) => (left, next.run(Request::from_parts(parts, body)).await),
        Err(spent) => {
            let refusal = Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited")
                .with("retry_after_s", spent.retry_after_s)
                .with("most", spent.left.quota);
            (spent.left, refusal.into_response())
        }
    };
    write(response.headers_mut(), left);
    response
}

/// Whom this request counts for; `None` for this machine itself and for proxies, which speak for many.
async fn key(parts: &mut Parts, app: &App) -> Option<Key> {
    // A fault of the look-up is told by the handler, which asks again.
    if let Ok(Caller { person: Some(person), .. }) = Caller::from_request_parts(parts, app).await {
        return Some(Key::Person(person.id));
    }
    let peer = Peer::from_request_parts(parts, app).await.ok()?;
    let speaks_for_many = peer.address().is_loopback() || is_in(&app.config.limits.trusted_proxies, peer.address());
    (!speaks_for_many).then(|| Key::Address(peer.counted()))
}

/// Whom a request counts for.
#[derive(Clone, Copy, Debug)]
pub struct Counted(pub Option<Key>);

impl FromRequestParts<App> for Counted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self(key(parts, app).await))
    }
}

fn write(headers: &mut HeaderMap, left: Left) {
    let Left { name, quota, window_s, remaining, reset_s } = left;
    for (header, text) in [
        (POLICY, format!("\"{name}\";q={quota};w={window_s}")),
        (RATE_LIMIT, format!("\"{name}\";r={remaining};t={reset_s}")),
    ] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(header, value);
        }
    }
}
