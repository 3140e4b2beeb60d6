//! Accounts, posts and jobs.

use super::{put, uuid};
use crate::common::chain::Chain;
use crate::common::{PASSWORD, TestApp, WEST, new_id};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tapak::actions::erase_history::erase_history;
use tapak::domain::job::JobKind;
use tapak::store::jobs::{NewJob, enqueue};

pub async fn leave_entries(app: &TestApp, chain: &mut Chain<'_>) {
    app.sign_in_as("administrator", None).await;
    chain.only("add user").await;
    let people = app.get("/api/v1/people").await.is(StatusCode::OK);
    let others: Vec<&Value> =
        people["items"].as_array().unwrap().iter().filter(|one| one["is_you"] == false).map(|one| &one["id"]).collect();
    let (read, _) = chain.only("read user").await;
    assert_eq!(read, json!({ "people": [null, others] }), "of whom they read, and not of themselves");
    let officer = people["items"].as_array().unwrap().iter().find(|one| one["role"] == "officer").unwrap();
    let person = format!("/api/v1/people/{}", officer["id"].as_str().unwrap());
    app.send(app.request(Method::DELETE, &format!("{person}/sessions"))).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("end_sessions user").await.0, json!({ "ended": [null, 1] }));
    app.post(&format!("{person}/disable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("disable user").await.0, json!({ "disabled": [false, true] }));
    app.post(&format!("{person}/disable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.kinds().await, [] as [&str; 0], "it is shut already");
    app.post(&format!("{person}/enable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("enable user").await.0, json!({ "disabled": [true, false] }));
    put(app, &format!("{person}/password"), &json!({ "password": "lima kuda di sawah" })).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("reset_password user").await.0, json!({ "ended": [null, 0] }));
    let change = json!({ "old": PASSWORD, "new": "enam kuda di sawah" });
    put(app, "/api/v1/account/password", &change).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("change_password user").await.0, json!({ "ended": [null, 0] }));
    app.send(app.request(Method::DELETE, "/api/v1/account/sessions")).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("end_sessions user").await.0, json!({ "ended": [null, 0] }));

    let (mut tx, now) = (app.app.store.write().await.unwrap(), app.app.clock.now());
    let job = NewJob { id: new_id(), kind: JobKind::SendMail, subject_id: new_id(), run_at: now };
    let id = job.id;
    enqueue(&mut tx, &[job], now).await.unwrap();
    tx.commit().await.unwrap();
    app.work().await;
    app.post(&format!("/api/v1/jobs/{id}/retry"), &json!({})).await.is(StatusCode::NO_CONTENT);
    chain.only("retry job").await;
    let erased = erase_history(&app.app, uuid(officer)).await.unwrap();
    assert_eq!(erased.values, 3, "login, name and address of mail");
    assert_eq!(chain.only("erase user").await.0, json!({ "values": [3, 0] }));
}
