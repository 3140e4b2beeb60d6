//! A disk that is full: the person is told so, and nothing of what was refused is there.

use crate::common::{Engine, TestApp, WEST, draft, road, skipped};
use reqwest::StatusCode;
use serde_json::json;
use std::process::Command;

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
async fn a_full_disk_is_said_and_what_was_refused_is_not_there() {
    let disk = tempfile::tempdir().unwrap();
    if !mount(disk.path()) {
        skipped("a full disk for the database: a tmpfs cannot be mounted here");
        return;
    }
    let _mounted = Mounted(disk.path().to_owned());
    let file = format!("sqlite:{}", disk.path().join("tapak.db").display());
    let app = TestApp::start(Engine::sqlite(), &[("database", file.as_str())]).await;
    app.sign_in_as("officer", Some(WEST)).await;
    let village = app.village(WEST).await;
    let mut stored = 0;
    let refusal = loop {
        let mut body = draft(village, &format!("Kegiatan {stored}"), road(114.301, -8.205));
        body["executor"] = json!("x".repeat(190));
        let answer = app.post("/api/v1/projects", &body).await;
        if answer.status != StatusCode::CREATED {
            break answer;
        }
        stored += 1;
        assert!(stored < 5_000, "the disk is never full");
    };
    refusal.refuses(507, "storage_full", None);
    assert!(stored > 10);
    let mut tx = app.app.store.read().await.unwrap();
    assert_eq!(tapak::store::project_lists::count_all(&mut tx).await.unwrap(), stored);
    drop(tx);
    app.stop().await;
}
