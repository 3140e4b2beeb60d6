//! A database moved to the other engine: every row, compared; taken up again where it broke off.

use crate::common::command::{tapak, text};
use crate::common::recorded::{Home, Recorded, command, refuses, succeeds};
use crate::common::{Engine, TestApp};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// A service with something recorded, and where it is to be moved to: the other engine.
async fn from_and_to(from: Engine, to: Engine) -> (TestApp, Recorded, Engine) {
    let app = TestApp::start(from, &[]).await;
    let recorded = Recorded::make(&app, 3).await;
    (app, recorded, to)
}

/// `tapak move` from one database to another one, each in this folder where it is a file.
fn moves(folder: &Path, from: &Engine, to: &Engine) -> (Option<i32>, String) {
    let arguments = ["move", "--from", &from.url(folder), "--to", &target(folder, to)].map(str::to_owned);
    crate::common::recorded::run(folder, from, &arguments.each_ref().map(String::as_str))
}

/// The address of a database to move to: beside the one of the service.
fn target(folder: &Path, to: &Engine) -> String {
    match to {
        Engine::Sqlite => format!("sqlite:{}", folder.join("moved").join("test.db").display()),
        Engine::Postgres { .. } => to.url(folder),
    }
}

async fn counts(folder: &Path, engine: &Engine) -> Vec<(String, i64)> {
    let mut counts = engine.counts(folder).await;
    counts.retain(|(table, _)| table != "_sqlx_migrations");
    counts
}

/// Moves while the service runs (which is refused), then when it is stopped; and looks at what is there.
async fn every_row_is_moved(from: Engine, to: Engine) {
    let (app, recorded, to) = from_and_to(from, to).await;
    std::fs::create_dir(app.folder.path().join("moved")).unwrap();
    refuses(moves(app.folder.path(), &app.engine, &to), "Stop it, then run this again");
    let home = app.rest().await;
    let folder = home.folder.path();
    let before = counts(folder, &home.engine).await;
    let said = succeeds(moves(folder, &home.engine, &to));
    assert!(said.contains("row by row"), "{said}");
    assert_eq!(counts(folder, &home.engine).await, before, "the source is not as it was");
    refuses(moves(folder, &home.engine, &to), "is not empty");
    // On SQLite the file is put where the next service looks for it; photos stay where they are.
    let moved = folder.join("moved/test.db");
    if moved.exists() {
        std::fs::rename(moved, folder.join("test.db")).unwrap();
    }
    let source = home.engine;
    let app = Home { folder: home.folder, engine: to }.open().await;
    let now = counts(app.folder.path(), &app.engine).await;
    assert_eq!(now, before);
    recorded.is_in(&app).await;
    app.finish().await;
    source.drop_database().await;
}

/// Kills a move once the works are copied.
async fn break_off(folder: &Path, from: &Engine, to: &Engine) {
    let arguments = ["move", "--from", &from.url(folder), "--to", &target(folder, to)].map(str::to_owned);
    let mut command = command(folder, from, &arguments.each_ref().map(String::as_str));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !has_copied(&target(folder, to)).await {
        assert!(child.try_wait().unwrap().is_none(), "it was done before it could be killed");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success(), "it was done before it could be killed");
}

/// Whether the works are there. Where the database is not there yet, they are not.
async fn has_copied(url: &str) -> bool {
    const COPIED: &str = "SELECT COUNT(*) FROM copy_under_way WHERE name = 'rows:projects'";
    let counted: Result<(i64,), sqlx::Error> = if url.starts_with("sqlite:") {
        let Ok(mut connection) = SqliteConnection::connect(url).await else { return false };
        sqlx::query_as(COPIED).fetch_one(&mut connection).await
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::query_as(COPIED).fetch_one(&mut connection).await
    };
    counted.is_ok_and(|(count,)| count > 0)
}

async fn change(url: &str, sql: &'static str) {
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
}

/// Killed and taken up again; what was changed meanwhile is noticed.
async fn goes_on(from: Engine, to: Engine) {
    let (app, recorded, to) = from_and_to(from, to).await;
    let home = app.rest().await;
    let folder = home.folder.path();
    std::fs::create_dir(folder.join("moved")).unwrap();
    break_off(folder, &home.engine, &to).await;
    let address = target(folder, &to);
    let half = tapak(folder, &["--data", "data", "--database", &address, "user", "list"]);
    refuses((half.status.code(), text(&half.stderr)), "restore or move");
    change(&address, "UPDATE projects SET title = title || '!'").await;
    refuses(moves(folder, &home.engine, &to), "The table projects does not hold what was copied");
    change(&address, "UPDATE projects SET title = substr(title, 1, length(title) - 1)").await;
    let before = counts(folder, &home.engine).await;
    succeeds(moves(folder, &home.engine, &to));
    let moved = folder.join("moved/test.db");
    if moved.exists() {
        std::fs::rename(moved, folder.join("test.db")).unwrap();
    }
    let source = home.engine;
    let app = Home { folder: home.folder, engine: to }.open().await;
    let now = counts(app.folder.path(), &app.engine).await;
    assert_eq!(now, before);
    recorded.is_in(&app).await;
    app.finish().await;
    source.drop_database().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_sqlite_is_moved_to_postgres() {
    let Some(to) = Engine::empty_postgres().await else { return };
    every_row_is_moved(Engine::sqlite(), to).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_postgres_is_moved_to_sqlite() {
    let Some(from) = Engine::postgres().await else { return };
    every_row_is_moved(from, Engine::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_to_postgres_that_is_killed_goes_on() {
    let Some(to) = Engine::empty_postgres().await else { return };
    goes_on(Engine::sqlite(), to).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_to_sqlite_that_is_killed_goes_on() {
    let Some(from) = Engine::postgres().await else { return };
    goes_on(from, Engine::sqlite()).await;
}
