//! The responses of every operation besides its success, derived from the action it requires and the input it takes. A
//! handler describes its success, and by status alone the refusals that do not follow from these.

use super::caller::{Action, COOKIE};
use super::describe_words::{TAGS, example, parameter};
use super::permissions::ROUTES;
use super::problem_codes::CODES;
use crate::permission::permits;
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{OpenApi, Ref, RefOr};

/// The name of the one way to show who asks.
const SESSION: &str = "session";

/// Adds refusals and security to the description of every route.
pub fn complete(api: &mut OpenApi) {
    for (path, item) in &mut api.paths.paths {
        for (method, operation) in operations(item) {
            let route = ROUTES.iter().find(|route| route.0 == method && route.1 == path.as_str());
            let Some((_, _, action)) = route else { continue };
            let mut refusals = refusals(method, path, *action, operation);
            let described = operation.responses.responses.keys().filter_map(|status| status.parse::<u16>().ok());
            refusals.extend(described.filter(|status| *status >= 400));
            for status in refusals {
                let problem = Ref::from_response_name(name(status));
                operation.responses.responses.insert(status.to_string(), RefOr::Ref(problem));
            }
            operation.security = Some(security(*action));
            describe_conditions(method, operation);
            describe_input(operation);
        }
    }
    api.tags =
        Some(TAGS.iter().map(|(name, words)| from_json(json!({ "name": name, "description": words }))).collect());
    let components = api.components.get_or_insert_default();
    for (status, codes) in CODES {
        components.responses.insert(name(*status), RefOr::T(from_json(problem(*status, codes))));
    }
    let cookie = json!({
        "type": "apiKey", "in": "cookie", "name": COOKIE,
        "description": "Set by POST /api/v1/session, ended by DELETE.",
    });
    components.security_schemes.insert(SESSION.to_owned(), from_json(cookie));
}

/// An id of its own, words for parameters without any, an example of its body.
fn describe_input(operation: &mut Operation) {
    // The same verb stands in several groups: ids are of the whole document.
    if let (Some(tag), Some(id)) = (operation.tags.as_ref().and_then(|tags| tags.first()), &operation.operation_id) {
        operation.operation_id = Some(format!("{tag}_{id}"));
    }
    for given in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(given) = given
            && given.description.is_none()
        {
            given.description = parameter(&given.name).map(str::to_owned);
        }
    }
    let Some(RefOr::T(body)) = &mut operation.request_body else { return };
    for content in body.content.values_mut() {
        if let RefOr::T(content) = content
            && let Some(RefOr::Ref(schema)) = &content.schema
        {
            content.example = schema.ref_location.rsplit('/').next().and_then(example);
        }
    }
}

/// What goes with ETags: they are given and asked for by reads, and by changes that rest on a version.
fn describe_conditions(method: &str, operation: &mut Operation) {
    let header = |name: &str, description: &str| -> RefOr<Parameter> {
        RefOr::T(from_json(json!({
            "name": name, "in": "header", "required": false, "description": description, "schema": { "type": "string" },
        })))
    };
    let rests_on_version = operation.responses.responses.contains_key("412");
    let mut more = Vec::new();
    if rests_on_version {
        more.push(header(
            "If-Match",
            "The ETag of what was seen, in place of `row_version`: 412 where it has changed.",
        ));
    }
    let found = operation.responses.responses.get_mut("200");
    let json = found.and_then(|found| match found {
        RefOr::T(found) if found.content.keys().any(|kind| kind.ends_with("json")) => Some(found),
        _ => None,
    });
    if let Some(found) = json.filter(|_| method == "GET") {
        let tag = json!({ "description": "The hash of this answer.", "schema": { "type": "string" } });
        found.headers.insert("ETag".to_owned(), from_json(tag));
        more.push(header(
            "If-None-Match",
            "The ETag of an answer that is there already: 304 where it is the same still.",
        ));
        let same = json!({ "description": "The answer is the one that the client has." });
        operation.responses.responses.insert("304".to_owned(), RefOr::T(from_json(same)));
    }
    if !more.is_empty() {
        operation.parameters.get_or_insert_default().extend(more);
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("GET", &mut item.get),
        ("POST", &mut item.post),
        ("PUT", &mut item.put),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// The statuses from 400 that follow from what an operation is.
fn refusals(method: &str, path: &str, action: Action, operation: &Operation) -> Vec<u16> {
    let is_public = permits(None, action);
    let writes = method != "GET";
    let body = operation.request_body.is_some();
    let is_json = match &operation.request_body {
        Some(RefOr::T(body)) => body.content.contains_key("application/json"),
        _ => false,
    };
    let changes = body && !matches!(action, Action::SignIn | Action::CheckProject);
    let query = operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
        RefOr::Ref(_) => false,
    });
    [
        (400, query || body),
        (401, !is_public),
        // Another site's page is refused whatever it asks to be written.
        (403, !is_public || writes),
        (404, path.contains('{')),
        (408, body),
        // The same id with another body, or changed by somebody else meanwhile.
        (409, changes),
        (413, body),
        (415, is_json),
        (422, body),
        // Requests of one person or address in a minute.
        (429, true),
        (500, true),
        (503, true),
        (507, writes),
    ]
    .into_iter()
    .filter_map(|(status, comes)| comes.then_some(status))
    .collect()
}

/// Signed in, or not where that is not asked; nothing where it makes no difference.
fn security(action: Action) -> Vec<SecurityRequirement> {
    let session = SecurityRequirement::new(SESSION, [] as [&str; 0]);
    match action {
        Action::SignIn => vec![SecurityRequirement::default()],
        _ if permits(None, action) => vec![SecurityRequirement::default(), session],
        _ => vec![session],
    }
}

fn name(status: u16) -> String {
    format!("Problem{status}")
}

fn problem(status: u16, codes: &[&'static str]) -> Value {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let own = json!({
        "type": "object",
        "required": ["type", "status", "code"],
        "properties": {
            "type": { "type": "string", "enum": ["about:blank"] },
            "status": { "type": "integer", "enum": [status] },
            "code": { "type": "string", "enum": codes },
        },
    });
    let schema = json!({ "allOf": [{ "$ref": "#/components/schemas/ProblemBody" }, own] });
    let first = codes.first().copied().unwrap_or_default();
    let example = super::problem::example(status, first);
    let mut response = json!({
        "description": reason.unwrap_or_default(),
        "content": { "application/problem+json": { "schema": schema, "example": example } },
    });
    if matches!(status, 429 | 503) {
        response["headers"] = json!({
            "Retry-After": { "description": "Seconds after which to come again.", "schema": { "type": "integer" } },
        });
    }
    if status == 429 {
        // In every answer to who is counted; here for whoever was refused.
        let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
        response["headers"]["RateLimit-Policy"] = text(
            "The quota: `\"person\";q=3000;w=60` is 3,000 requests in 60 seconds. In every answer to who is counted.",
        );
        response["headers"]["RateLimit"] =
            text("What is left of it, and in how many seconds it is whole again: `\"person\";r=2999;t=1`.");
    }
    response
}

/// A piece of the description from the JSON that it is written as.
fn from_json<T: DeserializeOwned>(written: Value) -> T {
    serde_json::from_value(written).expect("it is written here, as OpenAPI requires")
}
