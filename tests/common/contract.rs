//! Every answer that a test gets is one that the description of the API names: its status, and the code of its problem.

use super::Answer;
use serde_json::Value;
use std::sync::LazyLock;

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(tapak::http::routes::openapi()).unwrap());

/// The description of the API.
pub fn description() -> &'static Value {
    &DESCRIPTION
}

/// What is described of this answer of an operation, its reference followed; `None` where it is not.
pub fn described(operation: &'static Value, status: &str) -> Option<&'static Value> {
    let said = operation["responses"].get(status)?;
    match said["$ref"].as_str() {
        Some(place) => DESCRIPTION.pointer(place.strip_prefix('#').unwrap()),
        None => Some(said),
    }
}

/// The codes that a described problem may have.
pub fn codes(problem: &Value) -> Vec<&str> {
    let codes = &problem["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]["code"]["enum"];
    codes.as_array().map(|codes| codes.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// Fails where this answer is not described. What is no operation of the API is let through.
#[track_caller]
pub fn keeps(method: &str, path: &str, answer: &Answer) {
    let Some(operation) = operation(method, path) else { return };
    let status = answer.status.as_str();
    let problem = answer.json();
    let Some(said) = described(operation, status) else {
        panic!("{method} {path} answers {status}, and the description does not say so: {problem}");
    };
    if answer.status.is_client_error() || answer.status.is_server_error() {
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{method} {path}");
        let code = problem["code"].as_str().unwrap_or_default();
        assert!(codes(said).contains(&code), "{method} {path} answers {status} with the undescribed code {code:?}");
        let again = said["headers"]["Retry-After"].is_object();
        assert_eq!(answer.headers.contains_key("retry-after"), again, "{method} {path}: {status} and Retry-After");
    }
}

/// The operation behind this path: of two that fit the one with fewer blanks.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let asked: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        parts.len() == asked.len()
            && parts.iter().zip(&asked).all(|(part, asked)| part.starts_with('{') || part == asked)
    };
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    let found =
        paths.iter().filter(|(template, _)| fits(template)).min_by_key(|(template, _)| template.matches('{').count());
    found?.1.get(method.to_lowercase())
}
