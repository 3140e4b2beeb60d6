//! A phone on a weak line sends again before the first answer is there: at one moment the same is still the same.

use crate::common::{Answer, Engine, TestApp, WEST, draft, new_id, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use tapak::store::{projects, screened};

/// The answers to this body sent many times at one moment: all are well and all say the same.
async fn all_at_once(app: &TestApp, path: &str, body: &Value) -> Value {
    let answers = send_at_once(app, path, &vec![body.clone(); 12]).await;
    for answer in &answers {
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, String::from_utf8_lossy(&answer.bytes));
        assert_eq!(answer.json(), answers[0].json(), "{path}");
    }
    answers[0].json()
}

async fn send_at_once(app: &TestApp, path: &str, bodies: &[Value]) -> Vec<Answer> {
    futures_util::future::join_all(bodies.iter().map(|body| app.post(path, body))).await
}

/// One of two bodies of one id is kept, the other one refused, whoever comes first.
async fn one_of_two(app: &TestApp, path: &str, bodies: [Value; 2]) {
    let mut words: Vec<(u16, Option<String>)> = send_at_once(app, path, &bodies)
        .await
        .iter()
        .map(|answer| (answer.status.as_u16(), answer.json()["code"].as_str().map(str::to_owned)))
        .collect();
    words.sort();
    assert!(words[0].0 < 300 && words[1].0 == 409, "{path}: {words:?}");
}

on_both_engines!(simultaneous_copies_of_a_request_are_stored_once_and_answered_alike, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let village = app.village(WEST).await;
    let mut project = draft(village, "Paving Gang Masjid RT 02", road(114.305, -8.21));
    project["id"] = json!(new_id());
    let stored = all_at_once(&app, "/api/v1/projects", &project).await;
    project["id"] = json!(new_id());
    let mut other = project.clone();
    other["title"] = json!("Pavingisasi gang masjid Rt.02");
    one_of_two(&app, "/api/v1/projects", [project, other]).await;
    let listed = app.get("/api/v1/projects").await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");

    let path = format!("/api/v1/projects/{}/reports", stored["id"].as_str().unwrap());
    let report = |percent: i64| {
        json!({ "id": new_id(), "reported_on": "2026-01-05", "percent": percent,
                "photos": [{ "id": new_id(), "position": 1, "bytes": 1_000 }] })
    };
    all_at_once(&app, &path, &report(40)).await;
    let first = report(50);
    let mut second = report(60);
    second["id"] = first["id"].clone();
    one_of_two(&app, &path, [first, second]).await;
    assert_eq!(app.get(&path).await.json()["items"].as_array().unwrap().len(), 2);

    app.work().await;
    let findings = app.get("/api/v1/findings?state=open&kind=duplicate").await.is(StatusCode::OK);
    let path = format!("/api/v1/findings/{}", findings["items"][0]["id"].as_str().unwrap());
    let comments = format!("{path}/comments");
    all_at_once(&app, &comments, &json!({ "id": new_id(), "text": "Ini dua lokasi berbeda." })).await;
    let id = new_id();
    one_of_two(&app, &comments, [json!({ "id": id, "text": "Satu." }), json!({ "id": id, "text": "Dua." })]).await;
    let finding = app.get(&path).await.json();
    assert_eq!(finding["comments"].as_array().unwrap().len(), 2, "{finding}");

    let decision = json!({ "id": new_id(), "row_version": finding["row_version"], "decision": "upkeep", "reason": "sudah dilihat" });
    all_at_once(&app, &format!("{path}/decision"), &decision).await;
    let decided = app.get(&path).await.json();
    assert_eq!(decided["decisions"].as_array().unwrap().len(), 1, "{decided}");
});

// Who merges holds the work and waits for the lock under which findings are made; who makes one names the work meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_work_may_still_be_referenced_by_others() {
    let Some(engine) = Engine::postgres().await else { return };
    let app = TestApp::start(engine, &[]).await;
    app.sign_in_as("inspector", Some("35.10")).await;
    let made = app.register(&draft(app.village(WEST).await, "Pos ronda", road(114.305, -8.21))).await;
    let id = made["id"].as_str().unwrap().parse().unwrap();
    let mut merging = app.app.store.write().await.unwrap();
    projects::lock(&mut merging, id).await.unwrap();
    let mut gathering = app.app.store.write().await.unwrap();
    let works = [id];
    let marked = screened::mark(&mut gathering, &works);
    tokio::time::timeout(Duration::from_secs(30), marked).await.expect("it waits for the one who holds it").unwrap();
    drop((merging, gathering));
    app.finish().await;
}
