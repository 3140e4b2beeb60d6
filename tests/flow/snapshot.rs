//! A start takes the Atlas from its snapshot, and from nothing that is not of this database as it stands.

use crate::common::{Engine, TestApp, WEST, draft, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::json;
use std::path::PathBuf;
use tapak::app::App;
use uuid::Uuid;

/// A service whose snapshot says "Jalan Melati" of its first work, and whose database, past the log, "Jalan Kenanga".
struct Kept {
    first: Uuid,
    second: Uuid,
    file: PathBuf,
}

async fn keep(app: &TestApp) -> Kept {
    app.sign_in_as("officer", Some(WEST)).await;
    let village = app.village(WEST).await;
    let (mut ids, places) = (Vec::new(), [("Jalan Melati", 114.305), ("Sumur bor RT 3", 114.307)]);
    for (title, lon) in places {
        let project = app.register(&draft(village, title, road(lon, -8.21))).await;
        ids.push(project["id"].as_str().unwrap().parse().unwrap());
    }
    app.work().await;
    while app.app.follower().catch_up().await.unwrap() {}
    assert!(app.app.follower().keep().await.unwrap());
    execute(app, "UPDATE projects SET title = 'Jalan Kenanga' WHERE title = 'Jalan Melati'").await;
    Kept { first: ids[0], second: ids[1], file: tapak::atlas::snapshot::path(&app.app.config.data) }
}

async fn execute(app: &TestApp, sql: &str) {
    app.engine.execute(app.folder.path(), sql).await;
}

fn title(app: &App, id: Uuid) -> Option<String> {
    let project = app.atlas.with_picture(|picture| picture.find_project(id));
    project.map(|project| project.facts.title.to_string())
}

/// The title of the first work in the Atlas of a process that starts now: Melati from the snapshot.
async fn title_at_start(app: &TestApp, id: Uuid) -> String {
    let there = app.another(&[]).await;
    let title = title(&there, id).expect("it stands");
    there.close().await;
    title
}

const FROM_SNAPSHOT: &str = "Jalan Melati";
const FROM_DATABASE: &str = "Jalan Kenanga";

on_both_engines!(a_start_takes_the_snapshot_and_what_came_since, |app| {
    let kept = keep(&app).await;
    assert_eq!(title_at_start(&app, kept.first).await, FROM_SNAPSHOT);
    // What comes since is read from the database.
    let third = app.register(&draft(app.village(WEST).await, "Talud Mawar", road(114.308, -8.21))).await;
    let third: Uuid = third["id"].as_str().unwrap().parse().unwrap();
    app.sign_in_as("inspector", Some("35.10")).await;
    withdraw(&app, kept.second).await;
    let there = app.another(&[]).await;
    assert_eq!(title(&there, kept.first).as_deref(), Some(FROM_SNAPSHOT));
    assert_eq!(title(&there, third).as_deref(), Some("Talud Mawar"));
    assert_eq!(title(&there, kept.second), None);
    // A renamed village changes the facts of its works.
    app.import_villages(&crate::common::two_villages().replace("Barat", "Kulon")).await;
    while there.follower().catch_up().await.unwrap() {}
    let at_start = app.another(&[]).await;
    for here in [&there, &at_start] {
        let project = here.atlas.with_picture(|picture| picture.find_project(kept.first)).unwrap();
        assert_eq!((&*project.facts.title, &*project.facts.village_name), (FROM_DATABASE, "Kulon"));
    }
    there.close().await;
    at_start.close().await;
    app.work().await;
});

on_both_engines!(a_damaged_snapshot_is_passed_over, |app| {
    let kept = keep(&app).await;
    let whole = std::fs::read(&kept.file).unwrap();
    let mut damaged = whole.clone();
    damaged[60] ^= 1;
    for bytes in [
        &damaged[..],
        &whole[..whole.len() - 9],
        &whole[..20],
        b"",
        b"something else altogether, long enough to have a tail of its own",
    ] {
        std::fs::write(&kept.file, bytes).unwrap();
        assert_eq!(title_at_start(&app, kept.first).await, FROM_DATABASE);
    }
    std::fs::write(&kept.file, &whole).unwrap();
    assert_eq!(title_at_start(&app, kept.first).await, FROM_SNAPSHOT);
    app.work().await;
});

on_both_engines!(a_snapshot_of_another_judge_is_passed_over, |app| {
    let kept = keep(&app).await;
    let older = app.another_version(1, &[]).await;
    assert_eq!(title(&older, kept.first).as_deref(), Some(FROM_DATABASE));
    // Its own one is none for the others.
    assert!(older.follower().keep().await.unwrap());
    assert_eq!(title_at_start(&app, kept.first).await, FROM_DATABASE);
    older.close().await;
    app.work().await;
});

on_both_engines!(a_snapshot_of_another_database_is_passed_over, |app| {
    let kept = keep(&app).await;
    let elsewhere = TestApp::start(Engine::sqlite(), &[]).await;
    let theirs = keep(&elsewhere).await;
    std::fs::copy(&theirs.file, &kept.file).unwrap();
    assert_eq!(title_at_start(&app, kept.first).await, FROM_DATABASE);
    elsewhere.finish().await;
});

on_both_engines!(a_snapshot_that_is_ahead_of_a_restored_database_is_passed_over, |app| {
    let kept = keep(&app).await;
    // The backup has neither the second work nor what was logged of it.
    execute(
        &app,
        &format!(
            "DELETE FROM change_log WHERE seq >= (SELECT MIN(seq) FROM change_log WHERE entity_id = {})",
            literal(&app, kept.second)
        ),
    )
    .await;
    assert_eq!(title_at_start(&app, kept.first).await, FROM_DATABASE);
    app.work().await;
});

on_both_engines!(a_snapshot_of_a_log_that_went_on_differently_is_passed_over, |app| {
    let kept = keep(&app).await;
    execute(
        &app,
        "UPDATE change_log SET at = '2026-01-02T03:04:05.000000Z' WHERE seq = (SELECT MAX(seq) FROM change_log)",
    )
    .await;
    assert_eq!(title_at_start(&app, kept.first).await, FROM_DATABASE);
});

on_both_engines!(a_snapshot_that_lacks_a_project_is_passed_over, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let project = app.register(&draft(app.village(WEST).await, "Gapura", road(114.309, -8.21))).await;
    let id: Uuid = project["id"].as_str().unwrap().parse().unwrap();
    withdraw(&app, id).await;
    let kept = keep(&app).await;
    assert_eq!(title_at_start(&app, kept.first).await, FROM_SNAPSHOT);
    // Taken back by hand, past the log.
    execute(&app, "UPDATE projects SET withdrawn_at = NULL").await;
    let there = app.another(&[]).await;
    assert_eq!(title(&there, id).as_deref(), Some("Gapura"));
    there.close().await;
    app.work().await;
});

async fn withdraw(app: &TestApp, id: Uuid) {
    let project = app.get(&format!("/api/v1/projects/{id}")).await.is(StatusCode::OK);
    let body = json!({ "row_version": project["row_version"], "reason": "salah catat" });
    app.post(&format!("/api/v1/projects/{id}/withdraw"), &body).await.is(StatusCode::OK);
}

/// An id as SQL.
fn literal(app: &TestApp, id: Uuid) -> String {
    match app.engine {
        Engine::Sqlite => format!("x'{}'", id.simple()),
        Engine::Postgres { .. } => format!("'{id}'"),
    }
}
