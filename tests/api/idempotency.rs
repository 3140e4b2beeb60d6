//! A request with a key of its own is done once, however often it comes.

use crate::common::{Answer, EAST, TestApp, WEST, draft, new_id, on_both_engines, road};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

/// A work without an id of its own.
async fn work(app: &TestApp, title: &str) -> Value {
    let mut work = draft(app.village(WEST).await, title, road(114.305, -8.21));
    work.as_object_mut().unwrap().remove("id");
    work
}

async fn send(app: &TestApp, key: &str, work: &Value) -> Answer {
    app.send(app.request(Method::POST, "/api/v1/projects").header("idempotency-key", key).json(work)).await
}

async fn count(app: &TestApp) -> usize {
    app.get("/api/v1/projects").await.json()["items"].as_array().unwrap().len()
}

on_both_engines!(the_same_request_again_gets_the_same_answer_and_is_not_done_twice, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let melati = work(&app, "Jalan Melati").await;
    let first = send(&app, "\"8e03978e-40d5\"", &melati).await;
    let made = first.is(StatusCode::CREATED);
    for key in ["\"8e03978e-40d5\"", "8e03978e-40d5"] {
        let again = send(&app, key, &melati).await;
        assert_eq!(again.is(StatusCode::CREATED), made, "{key}");
    }
    assert_eq!(count(&app).await, 1);
    // It is the answer of then, whatever became of it.
    let path = format!("/api/v1/projects/{}", made["id"].as_str().unwrap());
    app.patch(&path, &json!({ "row_version": 1, "title": "Jalan Mawar" })).await.is(StatusCode::OK);
    assert_eq!(send(&app, "8e03978e-40d5", &melati).await.json()["title"], "Jalan Melati");
    // Another body, another key, no key.
    let other = work(&app, "Talud Kenanga").await;
    let field = Some("Idempotency-Key");
    send(&app, "8e03978e-40d5", &other).await.refuses(422, "idempotency_key_reused", field);
    send(&app, "another", &other).await.is(StatusCode::CREATED);
    app.post("/api/v1/projects", &other).await.is(StatusCode::CREATED);
    assert_eq!(count(&app).await, 3);
    // Another person's key is another one.
    app.sign_in_as("inspector", Some("35.10")).await;
    let theirs = send(&app, "8e03978e-40d5", &other).await;
    assert_ne!(theirs.is(StatusCode::CREATED)["id"], made["id"]);
    for bad in ["", "\"\"", "a b", "\"a\"b\"", &"k".repeat(256)] {
        send(&app, bad, &melati).await.refuses(400, "wrong_idempotency_key", None);
    }
});

on_both_engines!(of_many_at_one_moment_one_is_done_and_all_are_answered_alike, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let melati = work(&app, "Jalan Melati").await;
    let all = futures_util::future::join_all((0..8).map(|_| send(&app, "k-1", &melati))).await;
    let first = all[0].is(StatusCode::CREATED);
    assert!(all.iter().all(|answer| answer.is(StatusCode::CREATED) == first));
    assert_eq!(count(&app).await, 1);
});

on_both_engines!(what_was_refused_may_be_tried_again_with_its_key, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let mut wrong = work(&app, "Jalan Melati").await;
    wrong["village_id"] = json!(app.village(EAST).await);
    send(&app, "k-2", &wrong).await.refuses(403, "not_allowed", None);
    send(&app, "k-2", &work(&app, "Jalan Melati").await).await.is(StatusCode::CREATED);
    // Somebody who is no longer allowed gets no answer of before.
    let cookies_gone = reqwest::Client::new().post(format!("{}/api/v1/projects", app.url));
    let stranger = cookies_gone.header("idempotency-key", "k-2").json(&work(&app, "Jalan Melati").await);
    app.send(stranger).await.refuses(401, "sign_in_required", None);
});

on_both_engines!(an_answer_is_kept_for_a_day_and_then_goes, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let melati = work(&app, "Jalan Melati").await;
    let first = send(&app, "k-3", &melati).await.is(StatusCode::CREATED);
    app.app.clock.advance(Duration::from_secs(24 * 3_600 - 60));
    send(&app, "k-4", &work(&app, "Talud Mawar").await).await.is(StatusCode::CREATED);
    assert_eq!(send(&app, "k-3", &melati).await.is(StatusCode::CREATED)["id"], first["id"]);
    app.app.clock.advance(Duration::from_secs(120));
    send(&app, "k-5", &work(&app, "Talud Kenanga").await).await.is(StatusCode::CREATED);
    let kept = app.engine.counts(app.folder.path()).await;
    assert!(kept.contains(&("kept_answers".to_owned(), 2)), "{kept:?}");
});

async fn give_code(app: &TestApp, person: &str, key: &str, by: &str) -> Answer {
    let path = format!("/api/v1/people/{person}/codes");
    app.send(app.request(Method::POST, &path).header("idempotency-key", key).json(&json!({ "by": by }))).await
}

on_both_engines!(a_code_whose_answer_was_lost_is_given_again_and_stands_nowhere_to_be_read, |app| {
    app.sign_in_as("administrator", Some("35.10")).await;
    let invited = json!({
        "id": new_id(), "login": "rina", "name": "Rina Wulandari", "email": "rina@example.org",
        "language": "id", "role": "officer", "region_code": WEST, "by": "card",
    });
    let person = app.post("/api/v1/people", &invited).await.is(StatusCode::OK)["person"].clone();
    let person = person.as_str().unwrap();
    let first = give_code(&app, person, "k-6", "card").await.is(StatusCode::OK);
    assert_eq!(give_code(&app, person, "k-6", "card").await.is(StatusCode::OK), first);
    let code = first["code"].as_str().unwrap();
    let typed = json!({ "code": code });
    let find = || app.post("/api/v1/session/code", &typed);
    assert_eq!(find().await.is(StatusCode::OK)["login"], "rina");
    // The answer is kept, and whoever reads the database reads no code in it.
    let mut tx = app.app.store.read().await.unwrap();
    let hash = tapak::digest::sha256_hex;
    let by = tapak::store::users::find_id(&mut tx, "administrator-35.10").await.unwrap().unwrap();
    let kept = tapak::store::answers::find(&mut tx, &hash(format!("{by}\nk-6"))).await.unwrap().unwrap();
    drop(tx);
    let is_in = |secret: &str| kept.body.windows(secret.len()).any(|part| part == secret.as_bytes());
    assert!(kept.body.len() > code.len() && !is_in(code) && !is_in("rina"));
    give_code(&app, person, "k-6", "mail").await.refuses(422, "idempotency_key_reused", Some("Idempotency-Key"));
    // Who may not give one is not told which one they gave.
    let disable = format!("/api/v1/people/{person}/disable");
    app.send(app.request(Method::POST, &disable)).await;
    give_code(&app, person, "k-6", "card").await.refuses(409, "account_disabled", None);
    app.sign_in_as("administrator", Some("35.09")).await;
    give_code(&app, person, "k-6", "card").await.refuses(404, "not_found", None);
    // Another key is another code, and the one before opens nothing.
    app.sign_in_as("administrator", Some("35.10")).await;
    app.send(app.request(Method::POST, &format!("/api/v1/people/{person}/enable"))).await;
    give_code(&app, person, "k-7", "card").await.is(StatusCode::OK);
    find().await.refuses(422, "code_opens_nothing", Some("code"));
});
