//! Conditional requests (RFC 9110, section 13): an answer that the client has already is not sent again (`If-None-Match`, 304),
//! and a change is made only to what the client saw (`If-Match`, 412).
//!
//! The ETag is the hash of the answer as this caller is shown it, so that it tells nobody anything that the answer
//! would not. Where the thing has a row version, that stands before the hash: `"7-3f…"`; `If-Match` is the check of the row
//! version, as `row_version` in a body is.

use super::problem::Problem;
use crate::actions::ActionError;
use crate::domain::Invalid;
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// An answer is for who asked, and asked for anew each time; what it depends on beside the address.
const CACHING: HeaderValue = HeaderValue::from_static("private, no-cache");
const VARIES: HeaderValue = HeaderValue::from_static("cookie, authorization, accept-language");
/// Bytes of the hash in an ETag.
const HASH_BYTES: usize = 16;
/// The ends of ETags of compressed answers.
const ENCODINGS: [&str; 2] = ["br", "gzip"];
/// No thing has it: that of an ETag which is none of ours, or a weak one.
const NO_VERSION: i64 = -1;

/// The codes of a change that was made to another version.
const STALE: [&str; 3] = ["changed_meanwhile", "finding_changed", "upload_changed"];

/// Something as it was at this row version.
#[derive(Debug)]
pub struct Versioned<T>(pub i64, pub T);

#[derive(Clone, Copy, Debug)]
struct RowVersion(i64);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.1).into_response();
        response.extensions_mut().insert(RowVersion(self.0));
        response
    }
}

/// Middleware: gives answers in JSON their ETag, and 304 to who has them. O(bytes); they are in memory anyway.
pub async fn validate(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let reads = request.method() == Method::GET;
    let is_tagged = reads || request.method() == Method::PATCH;
    let known = request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect::<Vec<_>>();
    let response = next.run(request).await;
    let version = response.extensions().get::<RowVersion>().copied();
    if !is_tagged || response.status() != StatusCode::OK || !is_json(&response) || !(reads || version.is_some()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal").into_response();
    };
    let hash = hex::encode(&Sha256::digest(&bytes)[..HASH_BYTES]);
    let tag = version.map_or_else(|| format!("\"{hash}\""), |RowVersion(version)| format!("\"{version}-{hash}\""));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    parts.headers.entry(header::CACHE_CONTROL).or_insert(CACHING);
    parts.headers.append(header::VARY, VARIES);
    if reads && known.iter().any(|known| names(known, &tag)) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, bytes.into())
}

/// Names a compressed answer apart from the same one as it is: an ETag stands for bytes.
pub async fn name_encoding(mut response: Response) -> Response {
    let encoding = response.headers().get(header::CONTENT_ENCODING).and_then(|given| given.to_str().ok());
    let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let (Some(encoding), Some(bare)) = (encoding, tag.and_then(|tag| tag.strip_suffix('"'))) else { return response };
    if let Ok(tag) = HeaderValue::from_str(&format!("{bare}-{encoding}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Whether the client has this already, compressed or not.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().any(|known| names(known, tag))
}

/// Whether this list of ETags names this one, by weak comparison.
fn names(list: &HeaderValue, tag: &str) -> bool {
    let list = list.to_str().unwrap_or_default();
    list.split(',').map(str::trim).any(|one| one == "*" || opaque(one) == opaque(tag))
}

/// What stands between the quotes of an ETag, without the end of a compressed one.
fn opaque(tag: &str) -> &str {
    let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
    ENCODINGS.iter().find_map(|end| tag.strip_suffix(end)?.strip_suffix('-')).unwrap_or(tag)
}

fn is_json(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"json"))
}

/// The row version that a change rests on, as `If-Match` names it.
#[derive(Clone, Copy, Debug)]
pub struct IfMatch(Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut given = parts.headers.get_all(header::IF_MATCH).iter();
        let Some(first) = given.next() else { return Ok(Self(None)) };
        let text = first.to_str().unwrap_or_default().trim();
        if given.next().is_some() || text.contains(',') {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "several_if_match"));
        }
        if text == "*" {
            return Ok(Self(None));
        }
        let version = text.strip_prefix('"').and_then(|tag| tag.split_once('-')?.0.parse::<u32>().ok());
        Ok(Self(Some(version.map_or(NO_VERSION, i64::from))))
    }
}

/// The version that a person saw, and where they said so.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub row_version: i64,
    by_header: bool,
}

impl IfMatch {
    /// The version of the header or of this field of the body; where both are given they agree.
    pub fn or(self, (field, row_version): (&'static str, Option<i64>)) -> Result<Seen, Problem> {
        match (self.0, row_version) {
            (None, None) => Err(Invalid::new("missing_field", field).into()),
            (None, Some(row_version)) => Ok(Seen { row_version, by_header: false }),
            (Some(version), Some(other)) if version != NO_VERSION && version != other => {
                Err(Invalid::new("versions_differ", field).with("given", other).with("header", version).into())
            }
            (Some(row_version), _) => Ok(Seen { row_version, by_header: true }),
        }
    }
}

impl Seen {
    /// The refusal of a change that was made to another version than that: with the state of now, as this caller is shown it.
    pub async fn refuse<T: Serialize>(
        self,
        e: ActionError,
        current: impl Future<Output = Result<T, Problem>>,
    ) -> Problem {
        let code = match e {
            ActionError::Conflict(code) if STALE.contains(&code) => code,
            other => return other.into(),
        };
        // Whoever does not see it any more is told that.
        let current = match current.await {
            Ok(current) => serde_json::to_value(current).unwrap_or_default(),
            Err(gone) => return gone,
        };
        let (status, code) = if self.by_header {
            (StatusCode::PRECONDITION_FAILED, "precondition_failed")
        } else {
            (StatusCode::CONFLICT, code)
        };
        Problem::new(status, code).with("current", current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_names_one_weak_or_compressed_too() {
        let named = |list: &str| names(&HeaderValue::from_str(list).unwrap(), "\"7-ab\"");
        for list in ["\"7-ab\"", "W/\"7-ab\"", "\"x\", \"7-ab-br\"", "\"7-ab-gzip\",\"y\"", "*"] {
            assert!(named(list), "{list}");
        }
        for list in ["", "\"7\"", "\"7-abc\"", "\"6-ab\"", "\"br\""] {
            assert!(!named(list), "{list}");
        }
    }
}
