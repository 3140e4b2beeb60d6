//! What the audit chain tells of what people do, and who read what.

mod files;
mod history;
mod people;
mod projects;
mod reading;

use crate::common::chain::Chain;
use crate::common::{Engine, TestApp, WEST, draft, new_id, on_both_engines, road};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tapak::domain::change::ChangeAction;
use tapak::store::audit_verify::verify;
use uuid::Uuid;

fn path(project: &Value, rest: &str) -> String {
    format!("/api/v1/projects/{}{rest}", project["id"].as_str().unwrap())
}

fn uuid(value: &Value) -> Uuid {
    value["id"].as_str().unwrap().parse().unwrap()
}

async fn current(app: &TestApp, project: &Value) -> Value {
    app.get(&path(project, "")).await.is(StatusCode::OK)["row_version"].clone()
}

async fn patch(app: &TestApp, project: &Value, mut change: Value) -> Value {
    change["row_version"] = current(app, project).await;
    app.patch(&path(project, ""), &change).await.is(StatusCode::OK)
}

async fn put(app: &TestApp, path: &str, body: &Value) -> crate::common::Answer {
    app.send(app.request(Method::PUT, path).json(body)).await
}

fn house(village: Uuid) -> Value {
    let mut house = draft(village, "Bedah rumah RT 05", json!({ "type": "Point", "coordinates": [114.305, -8.21] }));
    house["owner"] = json!("Mbok Nah Rahasia");
    house["sensitivity"] = json!("hamlet");
    house
}

async fn every_action_leaves_one_entry_with_what_it_changed(engine: Engine) {
    let app = TestApp::start(engine, &[]).await;
    let mut chain = Chain::new(&app);
    let began = chain.kinds().await;
    assert_eq!(began[0], "begin chain");
    assert!(began[1..].iter().all(|what| what == "import import_chunk") && began.len() > 1, "{began:?}");
    projects::leave_entries(&app, &mut chain).await;
    files::leave_entries(&app, &mut chain).await;
    people::leave_entries(&app, &mut chain).await;
    let known: BTreeSet<String> = ChangeAction::ALL.iter().map(|action| action.as_str().to_owned()).collect();
    assert_eq!(chain.seen, known, "an action that no step here does is told by nobody");
    // Every entry of the change log is covered by one of the chain.
    let mut tx = app.app.store.read().await.unwrap();
    assert_eq!(tapak::store::changes::count_uncovered(&mut tx).await.unwrap(), 0);
    assert!(verify(&mut tx, None, |_| {}).await.unwrap().is_whole());
    drop(tx);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_leaves_one_entry_with_what_it_changed_on_sqlite() {
    every_action_leaves_one_entry_with_what_it_changed(Engine::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_leaves_one_entry_with_what_it_changed_on_postgres() {
    if let Some(engine) = Engine::postgres().await {
        every_action_leaves_one_entry_with_what_it_changed(engine).await;
    }
}

on_both_engines!(what_is_refused_leaves_no_entry, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21))).await;
    let mut chain = Chain::new(&app);
    chain.told().await;
    app.patch(&path(&project, ""), &json!({ "row_version": 7, "title": "X" })).await.refuses(
        409,
        "changed_meanwhile",
        None,
    );
    let withdrawal = json!({ "row_version": 1, "reason": "Salah." });
    app.post(&path(&project, "/withdraw"), &withdrawal).await.refuses(403, "not_allowed", None);
    app.patch(&path(&project, ""), &json!({ "row_version": 1, "village_id": new_id() })).await;
    app.get("/api/v1/people").await.refuses(403, "not_allowed", None);
    assert_eq!(chain.kinds().await, [] as [&str; 0]);
});
