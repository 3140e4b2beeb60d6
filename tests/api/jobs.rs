use crate::common::{Engine, TestApp, new_id};
use reqwest::StatusCode;
use serde_json::json;
use tapak::store::jobs::{NewJob, enqueue};

async fn a_job_that_was_given_up_is_seen_and_runs_again(engine: Engine) {
    let app = TestApp::start(engine, &[]).await;
    app.sign_in_as("administrator", None).await;
    let subject_id = new_id();
    let mut tx = app.app.store.write().await.unwrap();
    let now = app.app.clock.now();
    enqueue(&mut tx, &[NewJob { id: new_id(), kind: "send_mail", subject_id, run_at: now }], now).await.unwrap();
    tx.commit().await.unwrap();
    app.work().await;
    let failed = app.get("/api/v1/jobs?state=failed").await.is(StatusCode::OK);
    let job = &failed["items"][0];
    assert_eq!(job["last_error"], "there is no such message");
    let retry = format!("/api/v1/jobs/{}/retry", job["id"].as_str().unwrap());
    app.sign_in_as("officer", None).await;
    app.get("/api/v1/jobs").await.refuses(403, "not_allowed", None);
    app.post(&retry, &json!({})).await.refuses(403, "not_allowed", None);
    app.sign_in_as("administrator", None).await;
    app.post(&retry, &json!({})).await.is(StatusCode::NO_CONTENT);
    assert_eq!(app.get("/api/v1/jobs").await.json()["items"].as_array().unwrap().len(), 1);
    app.post(&retry, &json!({})).await.refuses(404, "not_found", None);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_given_up_is_seen_and_runs_again_on_sqlite() {
    a_job_that_was_given_up_is_seen_and_runs_again(Engine::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_given_up_is_seen_and_runs_again_on_postgres() {
    if let Some(engine) = Engine::postgres().await {
        a_job_that_was_given_up_is_seen_and_runs_again(engine).await;
    }
}
