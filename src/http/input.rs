//! Reading requests: JSON whose wrong field is named, paging, ids. Bodies: `body.rs`.

use super::problem::Problem;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A value from the bytes of a body.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let path = e.path().to_string();
        let reason = e.inner().to_string();
        if e.inner().is_syntax() || e.inner().is_eof() {
            return not_json(e.inner());
        }
        let code = if reason.starts_with("missing field") {
            "missing_field"
        } else if reason.starts_with("unknown field") {
            "unknown_field"
        } else {
            "wrong_type"
        };
        let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code);
        problem.field = Some(place(&path, &reason, code != "wrong_type"));
        if code == "wrong_type" {
            let (found, wanted) = reason.rsplit_once(", expected ").unwrap_or(("", &reason));
            problem = problem
                .with("found", found.strip_prefix("invalid type: ").and_then(|found| kind_of(&FOUND, found)))
                .with("kind", kind_of(&KINDS, wanted))
                .with("accepted", accepted(&reason));
        }
        problem
    })?;
    reader.end().map_err(|e| not_json(&e))?;
    Ok(value)
}

fn not_json(cause: &serde_json::Error) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "not_json").with("line", cause.line()).with("column", cause.column())
}

/// The place of a fault. serde names a missing, an unknown and a repeated field in its sentence only.
fn place(path: &str, reason: &str, is_named: bool) -> String {
    let named = reason.split('`').nth(1).filter(|_| is_named);
    match (path, named) {
        (".", Some(named)) => named.to_owned(),
        (path, Some(named)) if !path.ends_with(named) => format!("{path}.{named}"),
        (path, _) => path.to_owned(),
    }
}

/// How much of a wrong parameter is shown, characters.
const SHOWN_CHARS: usize = 60;

/// The beginnings of serde's sentences about a parameter itself, and what the catalogue calls them.
const CAUSES: [(&str, &str); 3] =
    [("missing field", "missing"), ("unknown field", "unknown"), ("duplicate field", "repeated")];

/// The kinds of value, by what serde, the parsers of the standard library, of ids and of days write where they get another.
const KINDS: [(&str, &str); 19] = [
    ("UUID", "id"),
    ("integer", "whole"),
    ("digit", "whole"),
    ("number too", "whole"),
    ("i64", "whole"),
    ("i32", "whole"),
    ("u32", "whole"),
    ("float", "number"),
    ("f64", "number"),
    ("`true`", "yes_or_no"),
    ("bool", "yes_or_no"),
    ("string", "text"),
    ("sequence", "list"),
    ("array", "list"),
    ("struct", "object"),
    ("map", "object"),
    ("invalid characters", "day"),
    ("end of input", "day"),
    ("out of range", "day"),
];

/// The kinds of value, by what serde calls the one that it got.
const FOUND: [(&str, &str); 7] = [
    ("null", "null"),
    ("string", "text"),
    ("boolean", "yes_or_no"),
    ("integer", "number"),
    ("floating", "number"),
    ("sequence", "list"),
    ("map", "object"),
];

/// The catalogue words it: serde's sentences are English, and say nothing to somebody who reads Indonesian.
fn wrong_parameter(field: &str, cause: &str) -> Problem {
    let mut problem = Problem::new(StatusCode::BAD_REQUEST, "wrong_parameter").with("cause", cause);
    problem.field = Some(field.to_owned());
    problem
}

/// The names or values that serde lists behind `expected`.
fn accepted(reason: &str) -> Vec<&str> {
    let listed = reason.rsplit_once(", expected ").map_or("", |(_, listed)| listed);
    listed.split('`').skip(1).step_by(2).collect()
}

fn kind_of(kinds: &[(&str, &'static str)], reason: &str) -> Option<&'static str> {
    kinds.iter().find(|(word, _)| reason.contains(word)).map(|(_, kind)| *kind)
}

/// Query parameters; a wrong one is named.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let given = |name: &str| {
            let pair = form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name);
            pair.map(|(_, value)| value.chars().take(SHOWN_CHARS).collect::<String>())
        };
        // No text holds it, and PostgreSQL takes none that does.
        let nul = form_urlencoded::parse(query.as_bytes()).find(|(_, value)| value.contains('\0'));
        if let Some((name, _)) = nul {
            return Err(wrong_parameter(&name, "control"));
        }
        let read = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        let params = serde_path_to_error::deserialize(read).map_err(|e| {
            let reason = e.inner().to_string();
            let cause = CAUSES.iter().find(|(start, _)| reason.starts_with(start)).map(|(_, cause)| *cause);
            let field = place(&e.path().to_string(), &reason, cause.is_some());
            match cause {
                Some(cause) => wrong_parameter(&field, cause).with("accepted", accepted(&reason)),
                None => wrong_parameter(&field, "value")
                    .with("given", given(&field))
                    .with("accepted", accepted(&reason))
                    .with("kind", kind_of(&KINDS, &reason)),
            }
        })?;
        Ok(Self(params))
    }
}

/// An id in the path; what is none is not found.
#[derive(Clone, Copy, Debug)]
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(id) = Path::<Uuid>::from_request_parts(parts, state).await.map_err(|_| Problem::not_found("page"))?;
        Ok(Self(id))
    }
}

/// Two ids in the path; what is none is not found.
#[derive(Clone, Copy, Debug)]
pub struct TwoIds(pub Uuid, pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for TwoIds {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(Uuid, Uuid)>::from_request_parts(parts, state).await;
        let Path((first, second)) = path.map_err(|_| Problem::not_found("page"))?;
        Ok(Self(first, second))
    }
}

/// Which page of a list that has no other filter.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    pub after: Option<String>,
    pub limit: Option<i64>,
}

/// One page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `after` for the next page; `null` on the last one.
    pub next: Option<String>,
}

/// How many rows a page may have.
pub fn limit(given: Option<i64>, usual: i64, most: i64) -> Result<i64, Problem> {
    match given {
        None => Ok(usual),
        Some(n) if (1..=most).contains(&n) => Ok(n),
        Some(n) => {
            let mut problem =
                Problem::new(StatusCode::BAD_REQUEST, "limit_out_of_range").with("given", n).with("most", most);
            problem.field = Some("limit".to_owned());
            Err(problem)
        }
    }
}

/// Reads the key that a page gave as `next`.
pub fn after<K>(given: Option<&str>, read: impl FnOnce(&str) -> Option<K>) -> Result<Option<K>, Problem> {
    let wrong = || {
        let mut problem = Problem::new(StatusCode::BAD_REQUEST, "wrong_after");
        problem.field = Some("after".to_owned());
        problem
    };
    given.map(|text| read(text).ok_or_else(wrong)).transpose()
}

/// A key `text|uuid`.
pub fn text_and_id(key: &str) -> Option<(String, Uuid)> {
    let (text, id) = key.rsplit_once('|')?;
    Some((text.to_owned(), id.parse().ok()?))
}

/// The page and the key behind it: `rows` was asked with one row more than `limit`.
pub fn page<T>(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(key) } else { None };
    (rows, next)
}

/// `west,south,east,north` in degrees.
pub fn bbox(given: Option<&str>) -> Result<Option<[f64; 4]>, Problem> {
    let Some(given) = given else { return Ok(None) };
    let numbers: Vec<f64> = given.split(',').filter_map(|part| part.trim().parse().ok()).collect();
    match <[f64; 4]>::try_from(numbers) {
        Ok(bbox @ [w, s, e, n]) if bbox.iter().all(|x| x.is_finite()) && w <= e && s <= n => Ok(Some(bbox)),
        _ => {
            let mut problem = Problem::new(StatusCode::BAD_REQUEST, "wrong_bbox").with("given", given);
            problem.field = Some("bbox".to_owned());
            Err(problem)
        }
    }
}
