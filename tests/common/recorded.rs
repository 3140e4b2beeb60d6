//! What people recorded in a service, and whether all of it is in another one: for backups, restores and moves.

use super::command::text;
use super::{Answer, Engine, TestApp, WEST, draft, jpeg, new_id, road};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use uuid::Uuid;

/// Works with their answers, and photos with their bytes.
#[derive(Clone, Default)]
pub struct Recorded {
    pub projects: Vec<(Uuid, Value)>,
    pub photos: Vec<(Uuid, Vec<u8>)>,
}

/// An announced photo of a new report on this project; gives its id.
pub async fn announce(app: &TestApp, project: Uuid, bytes: usize) -> Result<Uuid, Answer> {
    let photo = new_id();
    let report = json!({ "id": new_id(), "percent": 50, "reported_on": "2026-01-15", "stage": "50",
        "photos": [{ "id": photo, "position": 1, "bytes": bytes }] });
    let answer = app.post(&format!("/api/v1/projects/{project}/reports"), &report).await;
    if answer.status == StatusCode::CREATED { Ok(photo) } else { Err(answer) }
}

pub fn id(value: &Value) -> Uuid {
    value["id"].as_str().unwrap().parse().unwrap()
}

impl Recorded {
    /// So many works, each with a photo of its own, the first two doubles of one another; screened, and with mails written.
    pub async fn make(app: &TestApp, works: u32) -> Self {
        app.sign_in_as("officer", Some(WEST)).await;
        let village = app.village(WEST).await;
        let mut recorded = Self::default();
        for at in 0..works {
            let lat = if at == 1 { -8.21 } else { -8.21 + f64::from(at) * 0.0005 };
            let title = format!("Rabat beton Gang {}", if at == 1 { 0 } else { at });
            let project = id(&app.register(&draft(village, &title, road(114.305, lat))).await);
            recorded.photograph(app, project, jpeg(64 + at, 48)).await;
            recorded.projects.push((project, Value::Null));
        }
        recorded.settle(app).await;
        recorded
    }

    /// What follows from what was recorded is done, and looked at.
    pub async fn settle(&mut self, app: &TestApp) {
        app.work().await;
        for (project, shown) in &mut self.projects {
            *shown = app.get(&format!("/api/v1/projects/{project}")).await.is(StatusCode::OK);
        }
    }

    pub async fn photograph(&mut self, app: &TestApp, project: Uuid, bytes: Vec<u8>) {
        let photo = announce(app, project, bytes.len()).await.unwrap();
        let path = format!("/api/v1/photos/{photo}/original");
        app.put_bytes(&path, "image/jpeg", bytes.clone()).await.is(StatusCode::CREATED);
        self.photos.push((photo, bytes));
    }

    /// Fails where one work is not as it was answered, or one photo has other bytes.
    pub async fn is_in(&self, app: &TestApp) {
        app.sign_in_as("officer", Some(WEST)).await;
        for (project, shown) in &self.projects {
            let now = app.get(&format!("/api/v1/projects/{project}")).await.is(StatusCode::OK);
            assert_eq!(now, *shown);
        }
        for (photo, bytes) in &self.photos {
            let original = app.get(&format!("/api/v1/photos/{photo}/original")).await;
            assert_eq!((original.status, original.bytes == *bytes), (StatusCode::OK, true), "{photo}");
        }
    }
}

/// Where a service is or will be: a folder, and a database.
pub struct Home {
    pub folder: TempDir,
    pub engine: Engine,
}

impl Home {
    /// An empty one on an engine of this kind.
    pub async fn empty(like: &Engine) -> Self {
        let engine = match like {
            Engine::Sqlite => Engine::sqlite(),
            Engine::Postgres { .. } => Engine::empty_postgres().await.unwrap(),
        };
        Self { folder: tempfile::tempdir().unwrap(), engine }
    }

    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        run(self.folder.path(), &self.engine, arguments)
    }

    /// The service on what is here.
    pub async fn open(self) -> TestApp {
        TestApp::start_in(self.folder, self.engine, &[]).await
    }
}

/// Runs `tapak --language en ARGUMENTS` on the data and the database of a test; gives its exit code and all that it writes.
pub fn run(folder: &Path, engine: &Engine, arguments: &[&str]) -> (Option<i32>, String) {
    let done = command(folder, engine, arguments).output().unwrap();
    (done.status.code(), text(&done.stdout) + &text(&done.stderr))
}

pub fn command(folder: &Path, engine: &Engine, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tapak"));
    command.current_dir(folder).args(["--language", "en", "--data", "data", "--database", &engine.url(folder)]);
    command.args(arguments);
    command
}

impl TestApp {
    /// Runs the program beside the service, on its data and database.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        run(self.folder.path(), &self.engine, arguments)
    }

    /// The same, where it must succeed.
    #[track_caller]
    pub fn runs(&self, arguments: &[&str]) -> String {
        succeeds(self.run(arguments))
    }
}

#[track_caller]
pub fn succeeds((code, said): (Option<i32>, String)) -> String {
    assert_eq!(code, Some(0), "{said}");
    said
}

/// Exit code 1 and this in what it writes.
#[track_caller]
pub fn refuses((code, said): (Option<i32>, String), why: &str) {
    assert_eq!((code, said.contains(why)), (Some(1), true), "{why:?} is not in: {said}");
}
