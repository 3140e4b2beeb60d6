//! The description of the API says of every operation what it may answer. Every answer of every test is compared with it,
//! see `common/contract.rs`; here is what no other test asks for.

use crate::common::contract::{codes, described, description};
use crate::common::{TestApp, WEST, new_id, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tapak::domain::person::Language;
use tapak::http::permissions::ROUTES;
use tapak::http::problem_codes::CODES;
use tapak::permission::permits;
use tapak::words::Words;

fn operations() -> impl Iterator<Item = (String, &'static str, &'static Value)> {
    description()["paths"].as_object().unwrap().iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, said)| (method.to_uppercase(), path.as_str(), said))
    })
}

#[test]
fn every_operation_says_how_it_is_refused_and_who_may_ask() {
    let schemes = description()["components"]["securitySchemes"].as_object().unwrap();
    for (method, path, operation) in operations() {
        let who = format!("{method} {path}");
        let statuses = operation["responses"].as_object().unwrap();
        for status in statuses.keys().filter(|status| status.as_str() >= "400") {
            let said = described(operation, status).unwrap_or_else(|| panic!("{who}: {status} leads nowhere"));
            assert!(!codes(said).is_empty(), "{who}: {status} has no code");
            assert_eq!(said["headers"]["Retry-After"].is_object(), ["429", "503"].contains(&status.as_str()), "{who}");
        }
        assert!(statuses.contains_key("500") && statuses.contains_key("503"), "{who}");
        let action = ROUTES.iter().find(|route| route.0 == method && route.1 == path).unwrap().2;
        let security = operation["security"].as_array().unwrap();
        let anybody = security.iter().any(|way| way.as_object().unwrap().is_empty());
        assert_eq!(anybody, permits(None, action), "{who}: {security:?}");
        for way in security.iter().flat_map(|way| way.as_object().unwrap().keys()) {
            assert!(schemes.contains_key(way), "{who}: {way}");
        }
    }
}

#[test]
fn every_described_code_has_a_sentence_in_both_languages() {
    for language in [Language::Id, Language::En] {
        let known: BTreeSet<String> = Words::keys(language).into_iter().collect();
        for (status, codes) in CODES {
            assert!(known.contains(&format!("problem_title.{status}")), "{language:?}: no title for {status}");
            for code in *codes {
                assert!(known.contains(&format!("problem.{code}.detail")), "{language:?}: no sentence for {code}");
            }
        }
    }
}

/// The word behind each place where this stands in a source.
fn words_behind<'a>(source: &'a str, what: &str) -> Vec<(&'a str, &'a str)> {
    let after = source.split(what).skip(1);
    after
        .filter_map(|rest| {
            let (before, rest) = rest.split_once('"')?;
            Some((before, rest.split('"').next()?))
        })
        .collect()
}

fn sources(folder: &Path, read: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.path() {
            path if path.is_dir() && !path.ends_with("import") && !path.ends_with("cli") => sources(&path, read),
            path if path.extension().is_some_and(|end| end == "rs") => {
                read.push(std::fs::read_to_string(path).unwrap())
            }
            _ => {}
        }
    }
}

#[test]
fn no_code_of_the_source_is_left_out_of_the_description() {
    let listed: BTreeMap<&str, u16> =
        CODES.iter().flat_map(|(status, codes)| codes.iter().map(|code| (*code, *status))).collect();
    let mut read = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut read);
    let mut seen = 0;
    for source in &read {
        for (_, code) in
            words_behind(source, "ActionError::Conflict(").into_iter().filter(|(before, _)| before.trim().is_empty())
        {
            assert_eq!(listed.get(code), Some(&409), "{code}");
            seen += 1;
        }
        for (before, code) in words_behind(source, "Problem::new(") {
            let Some(name) = before.trim().strip_prefix("StatusCode::").and_then(|name| name.split(',').next()) else {
                continue;
            };
            let status = listed.get(code).and_then(|status| reqwest::StatusCode::from_u16(*status).ok());
            let said =
                status.and_then(|status| Some(status.canonical_reason()?.to_uppercase().replace([' ', '-'], "_")));
            assert_eq!(said.as_deref(), Some(name), "{code}");
            seen += 1;
        }
    }
    assert!(seen > 40, "the source is not written as this test reads it: {seen}");
}

/// A path of the description with something for each of its blanks.
fn filled(path: &str) -> String {
    let ids = ["{id}", "{holder}"].iter().fold(path.to_owned(), |path, id| path.replace(id, &new_id().to_string()));
    let filled = ids.replace("{size}", "thumb").replace("{name}", "works.csv");
    assert!(!filled.contains('{'), "nothing stands for a blank of {path}");
    filled
}

/// A request to this route with this body, from whoever is signed in.
async fn ask(app: &TestApp, method: &str, path: &str, body: &str) -> u16 {
    let filled = filled(path);
    let kind = if path.contains("/photos/") { "image/jpeg" } else { "application/json" };
    let request = app.request(Method::from_bytes(method.as_bytes()).unwrap(), &filled);
    let request = if method == "GET" { request } else { request.header("content-type", kind).body(body.to_owned()) };
    app.send(request).await.status.as_u16()
}

on_both_engines!(what_every_route_answers_to_bad_requests_is_described, |app| {
    let mut answered: BTreeMap<u16, usize> = BTreeMap::new();
    for role in [None, Some("officer"), Some("inspector"), Some("administrator")] {
        if let Some(role) = role {
            app.sign_in_as(role, Some(WEST)).await;
        }
        for (method, path, _) in
            ROUTES.iter().filter(|(method, path, _)| !(*method == "DELETE" && path.ends_with("session")))
        {
            for body in ["", "{", "{}", "{\"colour\":1}", "[]"] {
                *answered.entry(ask(&app, method, path, body).await).or_default() += 1;
            }
            let other_site = app.request(Method::from_bytes(method.as_bytes()).unwrap(), path);
            let other_site = app.send(other_site.header("sec-fetch-site", "cross-site")).await;
            *answered.entry(other_site.status.as_u16()).or_default() += 1;
        }
    }
    for status in [400, 401, 403, 404, 422] {
        assert!(answered.contains_key(&status), "{status} was never answered: {answered:?}");
    }
    assert!(!answered.contains_key(&500), "{answered:?}");
});

/// A value that this parameter cannot have; `None` where any text is right.
fn bad_value(path: &str, parameter: &Value) -> Option<&'static str> {
    let schema = &parameter["schema"];
    let kind = schema["type"].as_array().map_or(schema["type"].clone(), |kinds| kinds[0].clone());
    match (parameter["name"].as_str().unwrap(), kind.as_str()) {
        ("q", _) => None,
        // A login, whatever it is.
        ("after", _) if path.ends_with("/people") => None,
        ("year", _) if path.ends_with("map/projects") => Some("99999999999999999999"),
        ("after" | "bbox", _) => Some("x"),
        _ => Some("ganti"),
    }
}

on_both_engines!(a_bad_value_of_a_query_is_refused_with_the_name_of_its_parameter, |app| {
    app.sign_in_as("administrator", None).await;
    let mut tried = 0;
    for (method, path, operation) in operations() {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let of_query: Vec<&Value> = parameters.filter(|parameter| parameter["in"] == "query").collect();
        if of_query.is_empty() {
            continue;
        }
        let filled = filled(path);
        // What must be there is there.
        let others = if path == "/api/v1/places" { "&lon=114.31&lat=-8.21" } else { "" };
        for parameter in of_query {
            let name = parameter["name"].as_str().unwrap();
            let others = others.replace(&format!("&{name}={}", if name == "lon" { "114.31" } else { "-8.21" }), "");
            if let Some(bad) = bad_value(path, parameter) {
                let answer = app.get(&format!("{filled}?{name}={bad}{others}")).await;
                let problem = answer.json();
                assert!([400, 422].contains(&answer.status.as_u16()), "{method} {path} {name}={bad}: {problem}");
                assert_eq!(problem["field"], json!(name), "{method} {path} {name}={bad}: {problem}");
                assert!(problem["detail"].is_string(), "{problem}");
            }
            // Twice, and a letter that no text holds: never a fault of ours.
            for query in [format!("{name}=1&{name}=2"), format!("{name}=%00"), format!("{name}=%00|{}", new_id())] {
                let answer = app.get(&format!("{filled}?{query}{others}")).await;
                answer.refuses(400, "wrong_parameter", Some(name));
            }
            tried += 1;
        }
        app.get(&format!("{filled}?colour=red{others}")).await.refuses(400, "wrong_parameter", Some("colour"));
    }
    assert!(tried > 30, "{tried}");
    app.get("/api/v1/places?lat=-8.21").await.refuses(400, "wrong_parameter", Some("lon"));
});

#[test]
fn every_operation_has_an_id_of_its_own_and_words_for_all_that_it_takes() {
    let mut ids = BTreeSet::new();
    let tags: BTreeSet<&str> =
        description()["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    for (method, path, operation) in operations() {
        let who = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{who}: its id is taken");
        assert!(tags.contains(operation["tags"][0].as_str().unwrap()), "{who}: nothing is said of its group");
        assert!(operation["summary"].is_string(), "{who}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{who}: no words for {}", parameter["name"]);
        }
    }
}

on_both_engines!(an_example_of_a_body_is_read_as_it_stands, |app| {
    let mut tried = 0;
    for (method, path, operation) in operations() {
        let Some(content) = operation["requestBody"]["content"].get("application/json") else { continue };
        let example = &content["example"];
        assert!(example.is_object(), "{method} {path} has no example of its body");
        if path.ends_with("/session") {
            continue; // it would sign in
        }
        app.sign_in_as("administrator", None).await;
        let filled = filled(path);
        let request = app.request(Method::from_bytes(method.as_bytes()).unwrap(), &filled);
        let answer = app.send(request.json(example)).await;
        let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
        let unread = ["not_json", "missing_field", "unknown_field", "wrong_type"];
        assert!(!unread.contains(&code.as_str()), "{method} {path}: {}", answer.json());
        tried += 1;
    }
    assert!(tried > 15, "{tried}");
});

/// What a schema of the description is, its reference followed.
fn schema_of(content: &'static Value) -> &'static Value {
    let schema = &content["schema"];
    schema["$ref"].as_str().map_or(schema, |place| description().pointer(place.strip_prefix('#').unwrap()).unwrap())
}

fn takes(operation: &Value, place: &str, name: &str) -> bool {
    operation["parameters"].as_array().into_iter().flatten().any(|one| one["in"] == place && one["name"] == name)
}

#[test]
fn whatever_is_posted_twice_is_known_by_an_id_a_key_or_a_version() {
    // What is none of these, and why the second makes no other thing.
    let others: BTreeMap<&str, &str> = [
        ("/api/v1/session", "each is a session of its own, and its token is kept nowhere"),
        ("/api/v1/session/code", "looks a code up"),
        ("/api/v1/session/forgotten", "a mail that was just sent is not sent again"),
        (
            "/api/v1/account/second-factor",
            "the newer secret takes the place of the one before, until a code of it was typed",
        ),
        ("/api/v1/account/second-factor/recovery-codes", "the newer codes take the place of those before"),
        ("/api/v1/account/second-factor/remove", "a state"),
        ("/api/v1/people/{id}/disable", "a state"),
        ("/api/v1/people/{id}/enable", "a state"),
        ("/api/v1/posts/{id}/close", "a state"),
        ("/api/v1/posts/{id}/holders/{holder}/end", "a state"),
        ("/api/v1/account/posts/{id}/substitutes/{holder}/end", "a state"),
        ("/api/v1/findings/{id}/decision/undo", "names the decision, which is taken back once"),
        ("/api/v1/projects/check", "nothing is kept"),
        ("/api/v1/jobs/{id}/retry", "a state"),
    ]
    .into();
    let mut left = others.clone();
    for (_, path, operation) in operations().filter(|(method, ..)| method == "POST") {
        let body = schema_of(&operation["requestBody"]["content"]["application/json"]);
        let is_required = body["required"].as_array().is_some_and(|fields| fields.contains(&json!("id")));
        let is_known =
            is_required || takes(operation, "header", "Idempotency-Key") || takes(operation, "header", "If-Match");
        assert!(is_known != others.contains_key(path), "POST {path}: {is_known}");
        left.remove(path);
    }
    assert_eq!(left, BTreeMap::new(), "no such route");
}

#[test]
fn whatever_rests_on_a_version_takes_it_as_if_match_and_is_refused_with_the_state_of_now() {
    let mut seen = 0;
    for (method, path, operation) in operations() {
        let body = schema_of(&operation["requestBody"]["content"]["application/json"]);
        let rests = ["row_version", "revision"].iter().any(|field| body["properties"][field].is_object());
        let who = format!("{method} {path}");
        assert_eq!(takes(operation, "header", "If-Match"), rests, "{who}");
        assert_eq!(operation["responses"]["412"].is_object(), rests, "{who}");
        seen += usize::from(rests);
    }
    assert_eq!(seen, 7);
}

#[test]
fn every_list_pages_by_key_or_is_short_by_what_it_is() {
    // Those of one person, the choices of a form, and the villages at one place.
    let short = [
        "/api/v1/account/posts",
        "/api/v1/account/sessions",
        "/api/v1/activities",
        "/api/v1/funds",
        "/api/v1/places",
        "/api/v1/years",
    ];
    let mut paged = 0;
    for (_, path, operation) in operations().filter(|(method, ..)| method == "GET") {
        let body = schema_of(&operation["responses"]["200"]["content"]["application/json"]);
        if !body["properties"]["items"].is_object() || short.contains(&path) {
            continue;
        }
        assert!(body["properties"]["next"].is_object(), "GET {path} does not say how to go on");
        for parameter in ["after", "limit"] {
            assert!(takes(operation, "query", parameter), "GET {path} takes no {parameter}");
        }
        paged += 1;
    }
    assert!(paged > 10, "{paged}");
}
