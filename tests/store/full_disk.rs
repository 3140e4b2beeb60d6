//! A disk that is full: the person is told so, and nothing of what was refused is there.

use crate::common::{Engine, TestApp, WEST, draft, road, skipped};
use reqwest::StatusCode;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tapak::store::{Trouble, readiness};
use tempfile::TempDir;

/// A disk of 32 MiB, kept full but for the room that is left on purpose.
struct Disk(TempDir);

impl Disk {
    /// `None` (said aloud) where this user may not mount one.
    fn mount(of: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=32m", "none"]).arg(folder.path()).output();
        if mount.is_ok_and(|answer| answer.status.success()) {
            return Some(Self(folder));
        }
        skipped(&format!("a full disk for {of}: a tmpfs cannot be mounted here"));
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    fn leave(&self, room: u64) {
        let mut ballast = std::fs::OpenOptions::new().create(true).append(true).open(self.ballast()).unwrap();
        while ballast.write_all(&[1; 4_096]).is_ok() {}
        ballast.set_len(ballast.metadata().unwrap().len() - room).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_once_there_is_room_everything_goes_on_without_a_restart_on_sqlite() {
    let Some(disk) = Disk::mount("SQLite") else { return };
    let file = format!("sqlite:{}", disk.path().join("tapak.db").display());
    let app = TestApp::start(Engine::sqlite(), &[("database", file.as_str())]).await;
    // Its log takes the most of it, and stays below what is written back into the file: that would take the rest.
    is_full_and_has_room_again(app, &disk, 2 << 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_once_there_is_room_everything_goes_on_without_a_restart_on_postgres() {
    let Some(disk) = Disk::mount("PostgreSQL") else { return };
    let Some(engine) = Engine::postgres_on(disk.path()).await else { return };
    let disk = Arc::new(disk);
    let story = tokio::spawn({
        let (engine, disk) = (engine.clone(), disk.clone());
        async move { is_full_and_has_room_again(TestApp::start(engine, &[]).await, &disk, 512 * 1024).await }
    });
    let ended = story.await;
    // However it ended, the database goes before its disk does: the server could save no other one any more.
    engine.drop_database().await;
    ended.unwrap();
}

async fn is_full_and_has_room_again(app: TestApp, disk: &Disk, room: u64) {
    app.get("/readyz").await.is(StatusCode::OK);
    app.sign_in_as("officer", Some(WEST)).await;
    let village = app.village(WEST).await;
    let body = |number: i64| {
        let mut body = draft(village, &format!("Kegiatan {number}"), road(114.301, -8.205));
        body["executor"] = json!("x".repeat(190));
        body
    };
    let mut stored: i64 = 0;
    // What was refused leaves room on some pages: one that needs no new page may still be kept.
    let mut register_until_refused = async || {
        let refusal = loop {
            let answer = app.post("/api/v1/projects", &body(stored)).await;
            if answer.status != StatusCode::CREATED {
                break answer;
            }
            stored += 1;
            assert!(stored < 5_000, "the disk is never full");
        };
        refusal.refuses(507, "storage_full", None);
        assert_eq!(count(&app).await, stored);
        stored
    };
    disk.leave(room);
    assert!(register_until_refused().await > 10);
    disk.leave(0);
    // What was refused left room in SQLite's log: the smallest writes still fit in for a while, and are not what is tried.
    let refusal = readiness::try_write(&app.app.store, app.app.clock.now()).await.unwrap_err();
    assert_eq!(refusal.trouble(), Trouble::Full, "{refusal}");

    let lacks = until_ready(&app, false).await;
    assert_eq!(lacks["not_ready"], json!(["database_write"]));
    app.get("/healthz").await.is(StatusCode::OK);
    for _ in 0..3 {
        register_until_refused().await;
    }

    // Room for the smallest writes alone is no room: whoever watches is not told that all is well.
    disk.leave(128 * 1024);
    app.sign_in_as("officer", Some(WEST)).await;
    let refusal = readiness::try_write(&app.app.store, app.app.clock.now()).await.unwrap_err();
    assert_eq!(refusal.trouble(), Trouble::Full, "{refusal}");
    until_ready(&app, false).await;

    std::fs::remove_file(disk.ballast()).unwrap();
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
