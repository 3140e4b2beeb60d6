//! A disk that is full: the person is told so, and nothing of what was refused is there.

use crate::common::{Engine, TestApp, WEST, draft, road, skipped};
use reqwest::StatusCode;
use serde_json::json;
use std::io::Write;
use std::process::Command;
use tapak::store::{Trouble, readiness};

/// A disk of 4 MiB at this folder; `false` where this user may not mount one.
fn mount(folder: &std::path::Path) -> bool {
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "none"]).arg(folder).output();
    mount.is_ok_and(|answer| answer.status.success())
}

struct Mounted(std::path::PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_once_there_is_room_everything_goes_on_without_a_restart() {
    let disk = tempfile::tempdir().unwrap();
    if !mount(disk.path()) {
        skipped("a full disk for the database: a tmpfs cannot be mounted here");
        return;
    }
    let _mounted = Mounted(disk.path().to_owned());
    let ballast = disk.path().join("ballast");
    std::fs::write(&ballast, vec![1; 1 << 20]).unwrap();
    let file = format!("sqlite:{}", disk.path().join("tapak.db").display());
    let app = TestApp::start(Engine::sqlite(), &[("database", file.as_str())]).await;
    app.get("/readyz").await.is(StatusCode::OK);
    app.sign_in_as("officer", Some(WEST)).await;
    let village = app.village(WEST).await;
    let body = |number: i64| {
        let mut body = draft(village, &format!("Kegiatan {number}"), road(114.301, -8.205));
        body["executor"] = json!("x".repeat(190));
        body
    };
    let mut stored: i64 = 0;
    let refusal = loop {
        let answer = app.post("/api/v1/projects", &body(stored)).await;
        if answer.status != StatusCode::CREATED {
            break answer;
        }
        stored += 1;
        assert!(stored < 5_000, "the disk is never full");
    };
    refusal.refuses(507, "storage_full", None);
    assert!(stored > 10);
    assert_eq!(count(&app).await, stored);
    // To the last byte.
    let rest = disk.path().join("rest");
    while std::fs::OpenOptions::new().create(true).append(true).open(&rest).unwrap().write_all(&[1; 512]).is_ok() {}
    // What was refused left room in SQLite's log: the smallest writes still fit in for a while, and are not what is tried.
    let refusal = readiness::try_write(&app.app.store, app.app.clock.now()).await.unwrap_err();
    assert_eq!(refusal.trouble(), Trouble::Full, "{refusal}");

    let lacks = until_ready(&app, false).await;
    assert_eq!(lacks["not_ready"], json!(["database_write"]));
    app.get("/healthz").await.is(StatusCode::OK);
    for _ in 0..3 {
        app.post("/api/v1/projects", &body(stored)).await.refuses(507, "storage_full", None);
    }

    // Room for the smallest writes alone is no room: whoever watches is not told that all is well.
    std::fs::OpenOptions::new().write(true).open(&ballast).unwrap().set_len((1 << 20) - 64 * 1024).unwrap();
    app.sign_in_as("officer", Some(WEST)).await;
    let refusal = readiness::try_write(&app.app.store, app.app.clock.now()).await.unwrap_err();
    assert_eq!(refusal.trouble(), Trouble::Full, "{refusal}");
    until_ready(&app, false).await;

    std::fs::remove_file(&ballast).unwrap();
    std::fs::remove_file(&rest).unwrap();
    until_ready(&app, true).await;
    app.sign_in_as("inspector", Some(WEST)).await;
    app.sign_in_as("officer", Some(WEST)).await;
    app.register(&body(stored)).await;
    assert_eq!(count(&app).await, stored + 1);
    app.finish().await;
}

async fn count(app: &TestApp) -> i64 {
    let mut tx = app.app.store.read().await.unwrap();
    tapak::store::project_lists::count_all(&mut tx).await.unwrap()
}

/// The answer of `/readyz` once it is ready, or is not.
async fn until_ready(app: &TestApp, ready: bool) -> serde_json::Value {
    for _ in 0..200 {
        let answer = app.get("/readyz").await;
        if answer.status.is_success() == ready {
            return answer.json();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("/readyz never says ready: {ready}");
}
