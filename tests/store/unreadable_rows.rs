//! A row that another tool wrote, and no part of Tapak can read.

use crate::common::{Engine, TestApp, WEST, draft, new_id, road};
use reqwest::StatusCode;
use tapak::http::drafts::ProjectDraft;
use tapak::store::projects::{self, Registration};

async fn a_project_that_cannot_be_read_keeps_no_other_away(engine: Engine) {
    let app = TestApp::start(engine, &[]).await;
    app.sign_in_as("inspector", Some("35.10")).await;
    let village = app.village(WEST).await;
    let mut unreadable = serde_json::from_value::<ProjectDraft>(draft(village, "Jalan rusak", road(114.305, -8.21)))
        .unwrap()
        .parse(new_id)
        .unwrap();
    let corner = geo::Point::new(114.305, -8.21);
    for part in &mut unreadable.footprint.as_mut().unwrap().parts {
        part.geometry = geo::MultiPoint(vec![corner, corner]).into();
    }
    let registration = Registration { now: app.app.clock.now(), by: None, digest: None };
    let mut tx = app.app.store.write().await.unwrap();
    projects::insert(&mut tx, &app.app.clock, &registration, std::slice::from_ref(&unreadable)).await.unwrap();
    tx.commit().await.unwrap();
    let first = app.register(&draft(village, "Rabat beton Jalan Melati RT 03", road(114.309, -8.21))).await;

    // Another process starts without it, and goes on following what comes since.
    let there = app.another(&[]).await;
    assert_eq!(there.atlas.with_picture(|picture| picture.len()), 1);
    let second = app.register(&draft(village, "Pemb. rabat beton Jl. Melati RT 3", road(114.309, -8.21))).await;
    while there.follower().catch_up().await.unwrap() {}
    assert_eq!(there.atlas.with_picture(|picture| picture.len()), 2);
    app.work().await;
    let found = app.get("/api/v1/findings?kind=duplicate").await.is(StatusCode::OK);
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{first} {second}: {found}");

    // An administrator sees which one it is.
    app.sign_in_as("administrator", None).await;
    let failed = app.get("/api/v1/jobs?state=failed").await.is(StatusCode::OK);
    assert_eq!(failed["items"].as_array().unwrap().len(), 1, "{failed}");
    assert_eq!(failed["items"][0]["subject_id"], unreadable.id.to_string());
    assert_eq!(failed["items"][0]["last_error"], "its rows cannot be read");
    // It is looked at again at each start, and stays one.
    for _ in 0..2 {
        let again = app.another(&[]).await;
        app.work().await;
        let failed = app.get("/api/v1/jobs?state=failed").await.is(StatusCode::OK);
        assert_eq!(failed["items"].as_array().unwrap().len(), 1, "{failed}");
        again.store.close().await;
    }
    there.store.close().await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_that_cannot_be_read_keeps_no_other_away_on_sqlite() {
    a_project_that_cannot_be_read_keeps_no_other_away(Engine::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_that_cannot_be_read_keeps_no_other_away_on_postgres() {
    if let Some(engine) = Engine::postgres().await {
        a_project_that_cannot_be_read_keeps_no_other_away(engine).await;
    }
}
