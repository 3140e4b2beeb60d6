//! One refusal of each kind, as `application/problem+json` says it.

use crate::common::kept::reads_as_kept;
use crate::common::{EAST, TestApp, WEST, draft, on_both_engines, road};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::time::Instant;

/// Asks in both languages; adds to each text what was asked and what was answered.
async fn refused(app: &TestApp, texts: &mut [String; 2], what: &str, request: RequestBuilder) {
    for (text, language) in texts.iter_mut().zip(["id", "en"]) {
        let request = request.try_clone().unwrap().header("accept-language", language).header("x-request-id", "contoh");
        let answer = app.send(request).await;
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{what}");
        *text += &format!("{what}\n{}\n\n", serde_json::to_string_pretty(&answer.json()).unwrap());
    }
}

on_both_engines!(a_refusal_of_each_kind_reads_as_it_is_kept, |app| {
    let mut texts = [String::new(), String::new()];
    let get = |path: &str| app.request(Method::GET, path);
    let post = |path: &str, body: &Value| app.request(Method::POST, path).json(body);
    let projects = "/api/v1/projects";
    let wrong = json!({ "login": "siapa", "password": "bukan yang ini" });
    refused(&app, &mut texts, "401, nobody is signed in", get("/api/v1/findings")).await;
    refused(&app, &mut texts, "401, a wrong password", post("/api/v1/session", &wrong)).await;

    app.sign_in_as("officer", Some(WEST)).await;
    let mut work = draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21));
    work["id"] = json!("01900000-0000-7000-8000-000000000001");
    app.register(&work).await;
    let with = |field: &str, value: Value| {
        let mut other = work.clone();
        *other.pointer_mut(field).unwrap() = value;
        other
    };
    refused(&app, &mut texts, "400, a filter that is none", get("/api/v1/projects?colour=red")).await;
    refused(&app, &mut texts, "400, a year that is none", get("/api/v1/projects?year=lalu")).await;
    refused(&app, &mut texts, "400, a status that is none", get("/api/v1/projects?status=selesai")).await;
    refused(&app, &mut texts, "400, a filter without its value", get("/api/v1/projects?village=")).await;
    refused(&app, &mut texts, "400, a filter twice", get("/api/v1/projects?year=2025&year=2026")).await;
    let next_village = with("/village_id", json!(app.village(EAST).await));
    refused(&app, &mut texts, "403, a work of another village", post(projects, &next_village)).await;
    let nowhere = get("/api/v1/projects/01900000-0000-7000-8000-000000000009");
    refused(&app, &mut texts, "404, a work that is not there", nowhere).await;
    let method = app.request(Method::DELETE, projects);
    refused(&app, &mut texts, "405, a method that is none here", method).await;
    refused(&app, &mut texts, "409, another work of that id", post(projects, &with("/title", json!("Talud")))).await;
    let huge = with("/title", json!("a".repeat(3_000_000)));
    refused(&app, &mut texts, "413, three million letters", post(projects, &huge)).await;
    let plain = app.request(Method::POST, projects).header("content-type", "text/plain").body("Jalan Melati");
    refused(&app, &mut texts, "415, text for JSON", plain).await;
    let cut =
        app.request(Method::POST, projects).header("content-type", "application/json").body("{\"title\": \"Jalan");
    refused(&app, &mut texts, "400, JSON that breaks off", cut).await;
    for (what, field, value) in [
        ("422, a number for a title", "/title", json!(7)),
        ("422, a status that is none", "/status", json!("selesai")),
        ("422, words for a sum", "/funding/0/amount_rupiah", json!("lima juta")),
        ("422, a list for a village", "/village_id", json!([1])),
    ] {
        refused(&app, &mut texts, what, post(projects, &with(field, value))).await;
    }
    refused(&app, &mut texts, "422, no title", post(projects, &with("/title", json!("")))).await;
    let exchanged = json!({ "type": "Point", "coordinates": [-8.21, 114.305] });
    let exchanged = with("/footprint/parts/0/geometry", exchanged);
    refused(&app, &mut texts, "422, latitude for longitude", post(projects, &exchanged)).await;

    let person = app.sign_in_as("inspector", Some("35.10")).await["user"]["id"].as_str().unwrap().parse().unwrap();
    // One is running already.
    let turn = app.app.whatifs_of_one.enter(person, Instant::now()).unwrap();
    refused(&app, &mut texts, "429, a second question at once", get("/api/v1/whatif?radius_m=200")).await;
    drop(turn);
    let line = app.app.whatif_line.clone().acquire_many_owned(4).await.unwrap();
    refused(&app, &mut texts, "503, others are being answered", get("/api/v1/whatif?radius_m=200")).await;
    drop(line);

    for (text, language) in texts.iter().zip(["id", "en"]) {
        reads_as_kept(&format!("problems_{language}"), text);
    }
});
