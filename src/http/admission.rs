//! Which requests are answered at all: as many at once as the process bears, each for a bounded time.

use super::problem::Problem;
use crate::app::App;
use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tokio::time::timeout;

/// Middleware. A request that takes too long is dropped where it stands: what it wrote is rolled back.
pub async fn admit(State(app): State<App>, request: Request, next: Next) -> Response {
    let limits = &app.config.limits;
    let Ok(_turn) = app.requests.try_acquire() else {
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy").into_response();
    };
    let expected = request.body().size_hint().upper().and_then(|bytes| usize::try_from(bytes).ok());
    // The body of a GET, HEAD or OPTIONS is never read, so its announced length earns no more time.
    let body = match expected {
        Some(0) => Duration::ZERO,
        _ if request.method().is_safe() => Duration::ZERO,
        bytes => limits.body(bytes.unwrap_or(usize::MAX).min(app.config.photo_bytes.max(app.config.upload_bytes))),
    };
    timeout(limits.request + body, next.run(request)).await.unwrap_or_else(|_| {
        tracing::warn!("a request was given up after {} s", (limits.request + body).as_secs());
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "took_too_long").into_response()
    })
}
