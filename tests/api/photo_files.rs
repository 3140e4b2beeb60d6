//! What happens when the files of photos are not what they were: nothing false is shown, and the same photo repairs it.

use crate::common::command::{tapak, text};
use crate::common::{TestApp, WEST, draft, jpeg, new_id, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::json;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use tapak::actions::check_photos::{Fault, check_photos};

/// A photo that was received and prepared: its path and its file's hash.
async fn received(app: &TestApp, bytes: &[u8]) -> (String, String) {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21))).await;
    let photo = new_id();
    let report = json!({ "id": new_id(), "percent": 50, "reported_on": "2026-01-15",
        "photos": [{ "id": photo, "position": 1, "bytes": bytes.len() }] });
    let reports = format!("/api/v1/projects/{}/reports", project["id"].as_str().unwrap());
    app.post(&reports, &report).await.is(StatusCode::CREATED);
    let path = format!("/api/v1/photos/{photo}");
    let receipt = app.put_bytes(&format!("{path}/original"), "image/jpeg", bytes.to_vec()).await;
    let sha256 = receipt.is(StatusCode::CREATED)["sha256"].as_str().unwrap().to_owned();
    app.work().await;
    (path, sha256)
}

fn file(app: &TestApp, part: &str, name: &str) -> PathBuf {
    app.app.photos.path().join(part).join(&name[..2]).join(&name[2..4]).join(name)
}

fn flip(path: &PathBuf) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

async fn faults(app: &TestApp, repair: bool) -> Vec<(Fault, bool)> {
    let report = check_photos(&app.app, repair, |_, _| {}).await.unwrap();
    report.wrong.iter().map(|wrong| (wrong.fault, wrong.repaired)).collect()
}

on_both_engines!(a_flipped_bit_of_a_photo_is_never_shown_and_the_same_photo_repairs_it, |app| {
    let bytes = jpeg(500, 300);
    let (photo, sha256) = received(&app, &bytes).await;
    let original = format!("{photo}/original");
    assert_eq!(app.get(&original).await.bytes, bytes);
    flip(&file(&app, "originals", &sha256));
    app.get(&original).await.refuses(410, "photo_damaged", Some("photo"));
    assert_eq!(faults(&app, true).await, [(Fault::Damaged, false)], "an original is not made up");
    let again = app.put_bytes(&original, "image/jpeg", bytes.clone()).await.is(StatusCode::OK);
    assert!(again["fault"].is_null(), "{again}");
    assert_eq!(app.get(&original).await.bytes, bytes);
    app.work().await;
    assert_eq!(faults(&app, false).await, []);
});

on_both_engines!(a_lost_photo_is_told_and_sent_again_it_is_there, |app| {
    let bytes = jpeg(500, 300);
    let (photo, sha256) = received(&app, &bytes).await;
    let original = format!("{photo}/original");
    std::fs::remove_file(file(&app, "originals", &sha256)).unwrap();
    app.get(&original).await.refuses(410, "photo_lost", Some("photo"));
    app.put_bytes(&original, "image/jpeg", bytes.clone()).await.is(StatusCode::OK);
    assert_eq!(std::fs::read(file(&app, "originals", &sha256)).unwrap(), bytes);
    assert_eq!(app.get(&original).await.bytes, bytes);
});

on_both_engines!(a_photo_that_came_back_from_a_backup_is_known_to_be_whole_when_it_is_sent_again, |app| {
    let bytes = jpeg(500, 300);
    let (photo, sha256) = received(&app, &bytes).await;
    let original = format!("{photo}/original");
    let path = file(&app, "originals", &sha256);
    flip(&path);
    app.get(&original).await.refuses(410, "photo_damaged", Some("photo"));
    std::fs::write(&path, &bytes).unwrap();
    let again = app.put_bytes(&original, "image/jpeg", bytes).await.is(StatusCode::OK);
    assert!(again["fault"].is_null(), "{again}");
});

on_both_engines!(a_damaged_small_picture_is_not_shown_and_made_anew, |app| {
    let (photo, sha256) = received(&app, &jpeg(500, 300)).await;
    let thumb = format!("{photo}/thumb");
    let shown = app.get(&thumb).await.bytes;
    for break_it in [true, false] {
        let path = file(&app, "derived", &format!("{sha256}-thumb.jpg"));
        if break_it {
            flip(&path)
        } else {
            std::fs::remove_file(&path).unwrap()
        }
        app.get(&thumb).await.refuses(503, "picture_made_anew", None);
        app.work().await;
        assert_eq!(app.get(&thumb).await.bytes, shown);
    }
});

on_both_engines!(a_check_finds_every_kind_of_fault_and_repairs_what_can_be, |app| {
    let (_, sha256) = received(&app, &jpeg(500, 300)).await;
    let (_, cut) = received(&app, &jpeg(300, 300)).await;
    assert_eq!(faults(&app, false).await, []);
    flip(&file(&app, "derived", &format!("{sha256}-screen.jpg")));
    std::fs::write(file(&app, "originals", &cut), b"cut").unwrap();
    let old = SystemTime::from(app.app.clock.now()) - Duration::from_secs(2 * 86_400);
    let orphan = "ab".repeat(32);
    for path in [file(&app, "originals", &orphan), app.app.photos.path().join("incoming/dead.part")] {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, b"left").unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
    }
    let fresh = file(&app, "originals", &"cd".repeat(32));
    std::fs::create_dir_all(fresh.parent().unwrap()).unwrap();
    std::fs::write(&fresh, b"its row is being written").unwrap();
    let found = [Fault::WrongSize, Fault::Picture, Fault::Orphan, Fault::Unfinished];
    assert_eq!(faults(&app, false).await, found.map(|fault| (fault, false)));
    assert_eq!(faults(&app, true).await, found.map(|fault| (fault, fault != Fault::WrongSize)));
    assert_eq!(faults(&app, false).await, [(Fault::WrongSize, false)]);
    assert!(app.app.photos.path().join("lost+found").join(&orphan).exists(), "what may be evidence is kept");
    assert!(fresh.exists());
});

on_both_engines!(the_check_at_the_terminal_ends_with_3_where_something_is_left, |app| {
    let (_, sha256) = received(&app, &jpeg(300, 300)).await;
    let database = app.engine.url(app.folder.path());
    let check = async || {
        let folder = app.folder.path().to_owned();
        let arguments = ["--data", "data", "--database", &database, "photos", "check"].map(str::to_owned);
        let run = move || tapak(&folder, &arguments.each_ref().map(String::as_str));
        let done = tokio::task::spawn_blocking(run).await.unwrap();
        (done.status.code(), text(&done.stdout))
    };
    assert_eq!(check().await.0, Some(0));
    std::fs::write(file(&app, "originals", &sha256), b"cut").unwrap();
    let (code, said) = check().await;
    assert_eq!(code, Some(3));
    assert!(said.contains(&sha256), "{said}");
});
