use crate::common::command::{tapak, text};
use crate::common::{Engine, TestApp, new_id, on_both_engines};
use reqwest::StatusCode;
use serde_json::json;
use std::time::Duration;
use tapak::domain::job::JobKind;
use tapak::store::jobs::{self, Lease, NewJob, enqueue};

async fn a_job_that_was_given_up_is_seen_and_runs_again(engine: Engine) {
    let app = TestApp::start(engine, &[]).await;
    app.sign_in_as("administrator", None).await;
    ask_for_mail(&app, new_id()).await;
    app.work().await;
    let failed = app.get("/api/v1/jobs?state=failed").await.is(StatusCode::OK);
    let job = &failed["items"][0];
    assert_eq!(job["last_error"], "the message does not exist");
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

async fn ask_for_mail(app: &TestApp, subject_id: uuid::Uuid) {
    let mut tx = app.app.store.write().await.unwrap();
    let now = app.app.clock.now();
    enqueue(&mut tx, &[NewJob { id: new_id(), kind: JobKind::SendMail, subject_id, run_at: now }], now).await.unwrap();
    tx.commit().await.unwrap();
}

on_both_engines!(what_was_given_up_is_counted_until_it_is_done, |app| {
    app.sign_in_as("administrator", None).await;
    assert_eq!(app.get("/api/v1/session").await.json()["failed_jobs"], 0);
    let (subject, another) = (new_id(), new_id());
    ask_for_mail(&app, subject).await;
    ask_for_mail(&app, another).await;
    app.work().await;
    assert_eq!(app.get("/api/v1/session").await.json()["failed_jobs"], 2);
    for (subject, left) in [(subject, 1), (another, 0)] {
        ask_for_mail(&app, subject).await;
        let mut tx = app.app.store.write().await.unwrap();
        let judge = app.app.atlas.judge.fingerprint();
        let lease =
            Lease { owner: app.app.process.id(), time: Duration::from_secs(60), kinds: &[JobKind::SendMail], judge };
        let job = jobs::claim(&mut tx, app.app.clock.now(), lease).await.unwrap().unwrap();
        jobs::finish(&mut tx, &job).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(app.get("/api/v1/session").await.json()["failed_jobs"], left);
    }
    app.sign_in_as("officer", Some("35.10.01.2001")).await;
    assert!(app.get("/api/v1/session").await.json()["failed_jobs"].is_null());
});

on_both_engines!(jobs_page_by_key_those_that_were_given_up_first, |app| {
    app.sign_in_as("administrator", None).await;
    for _ in 0..3 {
        ask_for_mail(&app, new_id()).await;
    }
    app.work().await;
    for _ in 0..2 {
        ask_for_mail(&app, new_id()).await;
    }
    for (query, expected) in [("", 5), ("state=failed&", 3), ("state=waiting&", 2)] {
        let whole = app.get(&format!("/api/v1/jobs?{query}limit=50")).await.is(StatusCode::OK);
        let whole = whole["items"].as_array().unwrap().clone();
        assert_eq!(whole.len(), expected, "{whole:?}");
        assert!(whole.is_sorted_by_key(|job| job["failed_at"].is_null()), "{whole:?}");
        let (mut paged, mut next) = (Vec::new(), String::new());
        loop {
            let page = app.get(&format!("/api/v1/jobs?{query}limit=2{next}")).await.is(StatusCode::OK);
            paged.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(key) = page["next"].as_str() else { break };
            next = format!("&after={}", key.replace('|', "%7C").replace('+', "%2B"));
        }
        assert_eq!(paged, whole, "{query}");
    }
    app.get("/api/v1/jobs?after=x").await.refuses(400, "wrong_after", Some("after"));
    app.engine.execute(app.folder.path(), "DELETE FROM jobs").await;
});

on_both_engines!(all_that_was_given_up_runs_again_by_one_command, |app| {
    ask_for_mail(&app, new_id()).await;
    ask_for_mail(&app, new_id()).await;
    app.work().await;
    let database = app.engine.url(app.folder.path());
    let run = tapak(app.folder.path(), &["--data", "data", "--database", &database, "jobs", "--retry", "all"]);
    assert_eq!(text(&run.stdout).trim(), "2 jobs queued again");
    let mut tx = app.app.store.read().await.unwrap();
    assert!(jobs::list(&mut tx, true, 9).await.unwrap().is_empty());
    assert_eq!(jobs::list(&mut tx, false, 9).await.unwrap().len(), 2);
    drop(tx);
    // There is no such mail: they would be given up again.
    app.engine.execute(app.folder.path(), "DELETE FROM jobs").await;
});
