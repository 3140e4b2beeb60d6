//! What was recorded comes back: on the same engine and on the other one, from the newest backup and from an older one.

use super::target::{lists, pieces};
use crate::common::recorded::{Home, Recorded, refuses, succeeds};
use crate::common::{Engine, TestApp, WEST, draft, jpeg, new_id, on_both_engines, road};
use reqwest::StatusCode;
use tapak::news::Marks;

/// Counts of all tables, but of those that a restore changes on purpose.
async fn counts(app: &TestApp) -> Vec<(String, i64)> {
    let mut counts = app.engine.counts(app.folder.path()).await;
    counts.retain(|(table, _)| !matches!(table.as_str(), "sessions" | "backups" | "event_seal" | "_sqlx_migrations"));
    counts
}

async fn all_comes_back(app: &TestApp, to: Home) {
    let recorded = Recorded::make(app, 4).await;
    let upload = new_id();
    let file = b"id;judul;kode_desa;tahun;pagu\n1;Gapura;35.10.01.2001;2026;1000000\n".to_vec();
    let sent = app.put_bytes(&format!("/api/v1/uploads/{upload}/file/gapura.csv"), "text/csv", file.clone()).await;
    sent.is(StatusCode::CREATED);
    app.work().await;
    let mark = Marks::of(&app.app.store).await.unwrap().seal(1);
    let place = app.folder.path().join("cadangan");
    let said = app.runs(&["backup", place.to_str().unwrap()]);
    assert!(said.contains("4 photos"), "{said}");
    let before = counts(app).await;
    assert!(before.iter().any(|(table, rows)| table == "findings" && *rows > 0), "{before:?}");

    let said = succeeds(to.run(&["restore", place.to_str().unwrap()]));
    assert!(said.contains("4 photos, 1 file to be imported"), "{said}");
    let other = to.open().await;
    // Nobody is signed in: a session that was ended since the backup must not come back.
    assert_eq!(
        other.engine.counts(other.folder.path()).await.iter().find(|(table, _)| table == "sessions").unwrap().1,
        0
    );
    assert_eq!(counts(&other).await, before);
    // Whoever listened to what came after the backup is told that all may have changed.
    assert_eq!(Marks::of(&other.app.store).await.unwrap().open(&mark), None);
    recorded.is_in(&other).await;
    let shown = other.get(&format!("/api/v1/uploads/{upload}")).await.is(StatusCode::OK);
    assert_eq!(shown["file_name"], app.get(&format!("/api/v1/uploads/{upload}")).await.json()["file_name"]);
    // Small pictures are no part of it: they are made anew when somebody looks.
    let thumb = format!("/api/v1/photos/{}/thumb", recorded.photos[0].0);
    other.get(&thumb).await.refuses(503, "picture_made_anew", None);
    other.work().await;
    other.get(&thumb).await.is(StatusCode::OK);
    // It goes on: new rows have numbers of their own, new doubles are found.
    let mut further = recorded.clone();
    let project = draft(other.village(WEST).await, "Talud Kali Baru", road(114.311, -8.215));
    let project = crate::common::recorded::id(&other.register(&project).await);
    further.photograph(&other, project, jpeg(90, 90)).await;
    further.settle(&other).await;
    further.is_in(&other).await;
    let checked = other.run(&["photos", "check", "--repair"]);
    succeeds(checked);
    other.finish().await;
}

on_both_engines!(what_was_recorded_comes_back, |app| {
    let to = Home::empty(&app.engine).await;
    all_comes_back(&app, to).await;
});

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_sqlite_comes_back_in_postgres() {
    let Some(engine) = Engine::empty_postgres().await else { return };
    let app = TestApp::start(Engine::sqlite(), &[]).await;
    all_comes_back(&app, Home { folder: tempfile::tempdir().unwrap(), engine }).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_postgres_comes_back_in_sqlite() {
    let Some(engine) = Engine::postgres().await else { return };
    let app = TestApp::start(engine, &[]).await;
    all_comes_back(&app, Home::empty(&Engine::sqlite()).await).await;
    app.finish().await;
}

on_both_engines!(a_second_backup_sends_what_is_new_and_the_first_comes_back_all_the_same, |app| {
    let mut recorded = Recorded::make(&app, 3).await;
    let place = app.folder.path().join("cadangan");
    let target = place.to_str().unwrap();
    app.runs(&["backup", target]);
    let first = pieces(&place);
    let earlier = recorded.clone();
    recorded.photograph(&app, recorded.projects[0].0, jpeg(200, 150)).await;
    recorded.settle(&app).await;
    app.runs(&["backup", target]);
    let second = pieces(&place);
    let new = second.iter().filter(|piece| !first.contains(piece));
    let photos = new.filter(|piece| piece.starts_with(place.join("files"))).count();
    assert_eq!(photos, 1, "photos that were there are sent again");
    assert!(first.iter().all(|piece| second.contains(piece)), "a backup changes one before it");

    let [first, _] = lists(&place).try_into().unwrap();
    let name = first.file_name().unwrap().to_str().unwrap().to_owned();
    let to = Home::empty(&app.engine).await;
    refuses(to.run(&["restore", target, "--backup", "20010101"]), "no backup whose name begins with 20010101");
    succeeds(to.run(&["restore", target, "--backup", &name]));
    let other = to.open().await;
    earlier.is_in(&other).await;
    let late = recorded.photos.last().unwrap().0;
    other.get(&format!("/api/v1/photos/{late}/original")).await.refuses(404, "not_found", None);
    other.finish().await;
});

on_both_engines!(old_backups_go_and_those_that_stay_are_whole, |app| {
    let recorded = Recorded::make(&app, 2).await;
    let place = app.folder.path().join("cadangan");
    let target = place.to_str().unwrap();
    for _ in 0..3 {
        app.runs(&["backup", target]);
    }
    // What a backup that was killed left half written, and a piece that no backup names.
    std::fs::create_dir_all(place.join("rows/ab")).unwrap();
    let (half, forgotten) = (place.join("rows/ab/abcd#1"), place.join("rows/ab").join("ab".repeat(32)));
    std::fs::write(&half, b"half").unwrap();
    std::fs::write(&forgotten, b"of nobody").unwrap();
    let said = app.runs(&["backup", "prune", target, "--keep", "1"]);
    assert!(said.contains("2 backups removed, 1 left"), "{said}");
    assert!(!half.exists() && !forgotten.exists());
    assert_eq!(lists(&place).len(), 1);
    let said = app.runs(&["backup", "verify", target]);
    assert!(said.contains("Everything is as it was stored"), "{said}");
    let to = Home::empty(&app.engine).await;
    succeeds(to.run(&["restore", target]));
    let other = to.open().await;
    recorded.is_in(&other).await;
    other.finish().await;
});

on_both_engines!(a_photo_that_is_lost_already_is_said_and_holds_up_no_backup, |app| {
    let recorded = Recorded::make(&app, 3).await;
    let sha256 = tapak::digest::sha256_hex(&recorded.photos[0].1);
    let shelf = app.folder.path().join("data/photos/originals").join(&sha256[..2]).join(&sha256[2..4]);
    std::fs::remove_file(shelf.join(&sha256)).unwrap();
    let (code, said) = app.run(&["backup", "cadangan"]);
    assert_eq!((code, said.contains("1 photo could not be backed up")), (Some(3), true), "{said}");
    let said = app.runs(&["backup", "verify", "cadangan"]);
    assert!(said.contains("2 photos; 1 photo were lost") || said.contains("1 photo"), "{said}");
});
