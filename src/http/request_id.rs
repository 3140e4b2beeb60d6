//! The id of a request: in its answer, in its refusal, and in every log line that is written while it is answered.

use crate::app::App;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use std::fmt;
use std::sync::Arc;
use tracing::{Instrument, debug, info, info_span};

/// The header that carries it, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is taken over from a client, letters.
const LONGEST: usize = 64;
/// The route of what is no operation of the API: files of the page, and addresses that are nothing.
const NO_ROUTE: &str = "page";

/// The id of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// An id that a client or a proxy gave. It goes into the log as it is, so that only what is short and plain is taken:
    /// 1 to 64 letters, digits, `-`, `_` and `.`; `None` for all else.
    pub fn parse(given: &HeaderValue) -> Option<Self> {
        let text = given.to_str().ok()?;
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        ((1..=LONGEST).contains(&text.len()) && text.bytes().all(is_plain)).then(|| Self(text.into()))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Middleware: gives the request its id, and every log line of it the id, the method and the route. Of the address only
/// the route is written: an id, a search or a login in it is nobody's business.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let given = request.headers().get(REQUEST_ID).and_then(RequestId::parse);
    let id = given.unwrap_or_else(|| RequestId(app.clock.id().to_string().into()));
    request.extensions_mut().insert(id.clone());
    let span = info_span!("request", %id, method = method(request.method()), route = route(&request));
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    if response.status().is_server_error() {
        span.in_scope(|| info!(status, "answered {status}"));
    } else {
        span.in_scope(|| debug!(status, "answered {status}"));
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The template of the path, such as `/api/v1/projects/{id}`.
pub(super) fn route(request: &Request) -> &str {
    request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str)
}

/// The method, or `other`: a client may make up any word.
pub(super) fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_short_plain_token_is_taken_over() {
        let taken = |text: &[u8]| RequestId::parse(&HeaderValue::from_bytes(text).unwrap()).is_some();
        assert!(taken(b"01J9Z-a_b.7") && taken(&[b'a'; 64]));
        for other in [&b""[..], &[b'a'; 65], b"a b", b"a\tb", b"a=b", b"<a>", b"a\"", "\u{e9}".as_bytes(), b"a,b"] {
            assert!(!taken(other), "{other:?}");
        }
    }
}
