//! The backup that is made by itself, and how old the last one is.

use super::target::lists;
use crate::common::recorded::{Recorded, refuses};
use crate::common::{Engine, TestApp};
use reqwest::StatusCode;
use std::time::Duration;
use tapak::jobs::{backup, worker};

const DAY: Duration = Duration::from_secs(24 * 3_600);

async fn night(app: &TestApp) {
    app.app.clock.advance(DAY);
    worker::run_due(&app.app).await.unwrap();
}

async fn every_night_one_is_made_and_its_age_is_shown(engine: Engine) {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("cadangan");
    let shown = target.to_str().unwrap();
    // Whoever looks stays signed in over these nights.
    let settings = [("backup", shown), ("backup_keep", "2"), ("staff_idle_hours", "480"), ("staff_session_days", "30")];
    let app = TestApp::start(engine, &settings).await;
    Recorded::make(&app, 2).await;
    app.get("/api/v1/backups").await.refuses(403, "not_allowed", None);
    app.sign_in_as("administrator", None).await;
    let none = app.get("/api/v1/backups").await.is(StatusCode::OK);
    assert!(none["last_whole"].is_null() && none["age_s"].is_null() && none["last"].is_null(), "{none}");
    // At the start of each process; one job waits for all of them.
    backup::ask(&app.app).await.unwrap();
    backup::ask(&app.app).await.unwrap();
    // A process without a place leaves it to one that has one.
    let other = app.another(&[]).await;
    other.clock.advance(DAY);
    worker::run_due(&other).await.unwrap();
    other.close().await;
    let waiting = app.get("/api/v1/jobs").await.is(StatusCode::OK);
    assert_eq!(
        (waiting["items"].as_array().map(Vec::len), &waiting["items"][0]["attempts"]),
        (Some(1), &0.into()),
        "{waiting}"
    );
    for _ in 0..3 {
        night(&app).await;
    }
    assert_eq!(lists(&target).len(), 2, "old ones stay");
    let last = app.get("/api/v1/backups").await.is(StatusCode::OK);
    assert_eq!(last["last_whole"]["target"], shown);
    assert_eq!((&last["last_whole"]["photos"], &last["last_whole"]["error"]), (&2.into(), &serde_json::Value::Null));
    assert!(last["age_s"].as_u64().is_some_and(|age| age < 3_600), "{last}");
    let said = app.runs(&["backup", "verify", shown]);
    assert!(said.contains("2 backups"), "{said}");

    // One that fails is seen, and the next night is asked for all the same.
    std::fs::rename(&target, place.path().join("elsewhere")).unwrap();
    std::fs::write(&target, b"no folder").unwrap();
    night(&app).await;
    let missed = app.get("/api/v1/backups").await.is(StatusCode::OK);
    assert_eq!(missed["last_whole"]["id"], last["last_whole"]["id"]);
    let error = missed["last"]["error"].as_str().unwrap();
    assert!(error.starts_with(&format!("Tempat cadangan {shown} tidak dapat dipakai")), "{error}");
    assert!(missed["age_s"].as_u64().is_some_and(|age| age >= 24 * 3_600), "{missed}");
    let waiting = app.get("/api/v1/jobs").await.is(StatusCode::OK);
    assert_eq!(waiting["items"].as_array().unwrap().len(), 1, "{waiting}");
    std::fs::remove_file(&target).unwrap();
    std::fs::rename(place.path().join("elsewhere"), &target).unwrap();
    night(&app).await;
    let made = app.get("/api/v1/backups").await.is(StatusCode::OK);
    assert_ne!(made["last_whole"]["id"], last["last_whole"]["id"], "{made}");
    assert!(made["next_at"].as_str().is_some_and(|at| at.ends_with("18:00:00.000000Z")), "{made}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_night_one_is_made_and_its_age_is_shown_on_sqlite() {
    every_night_one_is_made_and_its_age_is_shown(Engine::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_night_one_is_made_and_its_age_is_shown_on_postgres() {
    let Some(engine) = Engine::postgres().await else { return };
    every_night_one_is_made_and_its_age_is_shown(engine).await;
}

/// What a backup by hand failed of is said in the language of who asks.
#[tokio::test(flavor = "multi_thread")]
async fn why_the_last_one_failed_is_said_in_words() {
    let app = TestApp::start(Engine::sqlite(), &[]).await;
    app.sign_in_as("administrator", None).await;
    app.runs(&["backup", "cadangan"]);
    std::fs::remove_dir_all(app.folder.path().join("cadangan/rows")).unwrap();
    std::fs::write(app.folder.path().join("cadangan/rows"), b"no folder").unwrap();
    refuses(app.run(&["backup", "cadangan"]), "cadangan");
    let failed = app.get("/api/v1/backups").await.is(StatusCode::OK);
    let error = failed["last"]["error"].as_str().unwrap();
    assert!(error.starts_with("Tempat cadangan cadangan tidak dapat dipakai"), "{error}");
    assert!(failed["last_whole"]["error"].is_null() && failed["next_at"].is_null(), "{failed}");
    app.finish().await;
}
