//! Every error as `application/problem+json` (RFC 9457): a stable `code`, the field at fault, what would be right.
//!
//! Handlers return a [`Problem`]; [`render`] writes it in the language that the request asks for.

use super::request_id::RequestId;
use crate::actions::ActionError;
use crate::allowance::TooOften;
use crate::domain::Invalid;
use crate::domain::person::Language;
use crate::permission::Denied;
use crate::photos::PhotoError;
use crate::store::{StoreError, Trouble};
use crate::words::Words;
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tracing::error;

/// When to come again to a service that is busy, unless the refusal knows better, seconds.
const RETRY_AFTER_S: u64 = 5;

/// When to come again where too many passwords wait to be hashed, seconds.
const PASSWORDS_RETRY_S: u64 = 2;

/// A refusal, not yet in words.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub field: Option<String>,
    pub values: Map<String, Value>,
}

/// A refusal in words.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// The problem in one sentence.
    pub detail: String,
    /// Stable: programs may depend on it.
    pub code: String,
    /// The field at fault, where there is one.
    pub field: Option<String>,
    /// The expected input.
    pub expected: Option<String>,
    /// As in the header `X-Request-Id`: the lines of the log that belong to it carry it too.
    pub request_id: String,
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, field: None, values: Map::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    pub fn not_found(what: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found").with("what", what)
    }

    pub fn sign_in_required() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign_in_required")
    }

    pub fn not_allowed() -> Self {
        Self::new(StatusCode::FORBIDDEN, "not_allowed")
    }

    fn body(&self, language: Language, request_id: String) -> ProblemBody {
        let mut with_field = self.values.clone();
        with_field.insert("field".to_owned(), json!(self.field));
        let words = |part: &str| {
            let key = format!("problem.{}.{part}", self.code);
            Words::try_render(language, &key, &Value::Object(with_field.clone()))
        };
        ProblemBody {
            kind: "about:blank".to_owned(),
            title: words("title").unwrap_or_else(|| {
                Words::render(language, &format!("problem_title.{}", self.status.as_u16()), &Value::Null)
            }),
            status: self.status.as_u16(),
            detail: words("detail").unwrap_or_else(|| self.code.to_owned()),
            code: self.code.to_owned(),
            field: self.field.clone(),
            expected: words("expected"),
            request_id,
            more: self.values.clone(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            let seconds = self.values.get("retry_after_s").and_then(Value::as_u64).unwrap_or(RETRY_AFTER_S);
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A refusal as it may come, for the description of the API.
pub fn example(status: u16, code: &'static str) -> Value {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut problem = Problem::new(status, code);
    match code {
        "not_json" => problem = problem.with("line", 1).with("column", 12),
        "not_found" => problem = problem.with("what", "project"),
        "json_expected" => problem = problem.with("given", "text/plain"),
        "too_often" => problem = problem.with("retry_after_s", 5),
        "missing" => problem.field = Some("title".to_owned()),
        _ => {}
    }
    let body = problem.body(Language::En, "01920000-0000-7000-8000-000000000003".to_owned());
    serde_json::to_value(body).unwrap_or_default()
}

/// Middleware: puts problems into words, and turns the framework's own refusals into problems.
pub async fn render(request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let request_id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let api = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        None if api && response.status().is_client_error() && !is_json(&response) => match response.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            StatusCode::METHOD_NOT_ALLOWED => Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            StatusCode::NOT_FOUND => Problem::not_found("page"),
            status => Problem::new(status, "bad_request"),
        },
        None if api && response.status() == StatusCode::INTERNAL_SERVER_ERROR && !is_json(&response) => {
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
        }
        None => return response,
    };
    let mut rendered = (problem.status, Json(problem.body(language, request_id))).into_response();
    rendered.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            rendered.headers_mut().insert(name, value.clone());
        }
    }
    rendered
}

fn is_json(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"json"))
}

/// The first language of `Accept-Language` that we speak; Indonesian otherwise.
pub fn language(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    wanted
        .split(',')
        .filter_map(|item| Language::parse(item.trim().get(..2)?.to_lowercase().as_str()))
        .next()
        .unwrap_or(Language::Id)
}

impl From<TooOften> for Problem {
    fn from(again: TooOften) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_often").with("retry_after_s", again.retry_after_s)
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: invalid.code,
            field: Some(invalid.field),
            values: invalid.values,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(e: StoreError) -> Self {
        error!("store: {e}");
        match e.trouble() {
            Trouble::Full => Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage_full"),
            Trouble::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, "database_away"),
            Trouble::Fault => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }
}

impl From<PhotoError> for Problem {
    fn from(e: PhotoError) -> Self {
        let status = match e.code() {
            "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
            "storage_full" => StatusCode::INSUFFICIENT_STORAGE,
            "busy" => return Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy"),
            // It was there and is not any more, or not as it was: that is never handed out.
            "photo_lost" | "photo_damaged" => StatusCode::GONE,
            "storage" => {
                error!("photo store: {e}");
                StatusCode::SERVICE_UNAVAILABLE
            }
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self { status, code: e.code(), field: Some("photo".to_owned()), values: e.values() }
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Role => Self::not_allowed(),
            Denied::Region { codes, names } => {
                let text = |all: Vec<String>| (!all.is_empty()).then(|| all.join(", "));
                Self::not_allowed().with("region", text(codes)).with("region_name", text(names))
            }
        }
    }
}

impl From<ActionError> for Problem {
    fn from(e: ActionError) -> Self {
        match e {
            ActionError::Invalid(invalid) => invalid.into(),
            ActionError::NotFound(what) => Self::not_found(what),
            ActionError::Conflict(code) => Self::new(StatusCode::CONFLICT, code),
            ActionError::Denied(denied) => denied.into(),
            ActionError::OtherSide(villages) => {
                Self::new(StatusCode::FORBIDDEN, "other_side").with("villages", villages)
            }
            ActionError::Decided { finding, decision } => Self::new(StatusCode::CONFLICT, "undo_by_decision")
                .with("finding", finding.to_string())
                .with("decision", decision.to_string()),
            ActionError::WrongLogin => Self::new(StatusCode::UNAUTHORIZED, "wrong_login"),
            // Not signed in yet: the password was right, the second factor is not.
            ActionError::SecondFactorNeeded => {
                Self::new(StatusCode::UNAUTHORIZED, "second_factor_needed").at("second_factor")
            }
            ActionError::WrongSecondFactor => {
                Self::new(StatusCode::UNAUTHORIZED, "wrong_second_factor").at("second_factor")
            }
            ActionError::SignInWait { retry_after_s } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "sign_in_wait").with("retry_after_s", retry_after_s)
            }
            ActionError::PasswordsBusy => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "sign_in_busy").with("retry_after_s", PASSWORDS_RETRY_S)
            }
            ActionError::Photo(e) => e.into(),
            ActionError::Store(e) => e.into(),
            ActionError::Internal(reason) => {
                error!("{reason}");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
            }
        }
    }
}
