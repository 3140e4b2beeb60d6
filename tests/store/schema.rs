use crate::common::{Engine, TestApp, skipped};
use reqwest::StatusCode;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use tapak::http::problem::Problem;
use tapak::store::{Store, StoreError, jobs};

/// Tables and views with their columns in order.
type Schema = BTreeMap<String, Vec<String>>;

async fn sqlite_schema(file: &str) -> Schema {
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite:{file}")).await.unwrap();
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
         WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_sqlx_migrations' ORDER BY m.name, c.cid",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    gather(rows)
}

async fn postgres_schema(url: &str) -> Schema {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' ORDER BY table_name, ordinal_position",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    gather(rows)
}

fn gather(rows: Vec<(String, String)>) -> Schema {
    let mut schema = Schema::new();
    for (table, column) in rows {
        schema.entry(table).or_default().push(column);
    }
    schema
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_tables_and_columns() {
    let Some(engine) = Engine::empty_postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = engine.url(folder.path());
    Store::open(&url).await.unwrap().close().await;
    let postgres = postgres_schema(&url).await;
    engine.drop_database().await;
    let file = folder.path().join("a.db").display().to_string();
    Store::open(&format!("sqlite:{file}")).await.unwrap().close().await;
    let sqlite = sqlite_schema(&file).await;
    assert!(sqlite.len() > 25, "{:?}", sqlite.keys());
    assert_eq!(sqlite, postgres);
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine: &str| {
        let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

/// A list of values is as long as what somebody stored; the one place that writes such lists cuts them into parts.
#[test]
fn no_statement_binds_a_list_of_values_of_any_length() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/store/src/store")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let lists = text.matches(".separated(").count();
            let allowed = if path.ends_with("sql.rs") { 2 } else { 0 };
            assert_eq!(lists, allowed, "{}: use list_in! or list_which!", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_that_start_at_once_on_a_new_file_all_come_up() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("new.db").display());
    let starts: Vec<_> = (0..8)
        .map(|_| {
            tokio::spawn({
                let url = url.clone();
                async move { Store::open(&url).await }
            })
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_another_program_holds_is_busy_and_no_fault_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("held.db");
    Store::open(&format!("sqlite:{}", file.display())).await.unwrap().close().await;
    // As the store's own connections, but for the 30 s that those wait.
    let options = SqliteConnectOptions::new().filename(&file).busy_timeout(Duration::ZERO);
    let mut holds = options.connect().await.unwrap();
    let mut waits = options.connect().await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut holds).await.unwrap();
    let busy = sqlx::query("BEGIN IMMEDIATE").execute(&mut waits).await.unwrap_err();
    let problem = Problem::from(StoreError::from(busy));
    assert_eq!((problem.status, problem.code), (StatusCode::SERVICE_UNAVAILABLE, "database_away"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_known_is_named_without_its_secrets() {
    let wrong = Store::open("mysql://user:geheim@host/db").await.err().unwrap().to_string();
    assert!(wrong.contains("mysql") && !wrong.contains("geheim"), "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_is_a_clear_error_and_the_next_request_has_another_one() {
    let Some(engine) = Engine::postgres().await else {
        skipped("a database that goes away");
        return;
    };
    let test = TestApp::start(engine, &[]).await;
    // Every connection is cut, as by a restart, one of them in the middle of its work.
    let mut tx = test.app.store.read().await.unwrap();
    cut_all(&test).await;
    let cut = jobs::list(&mut tx, false, 1).await.unwrap_err();
    drop(tx);
    let problem = Problem::from(cut);
    assert_eq!((problem.status, problem.code), (StatusCode::SERVICE_UNAVAILABLE, "database_away"));
    test.get("/api/v1/years").await.is(StatusCode::OK);
    test.finish().await;
}

async fn a_database_that_is_away_says_when_to_come_again(engine: Engine) {
    let test = TestApp::start(engine, &[]).await;
    test.app.store.close().await;
    let answer = test.get("/api/v1/years").await;
    answer.refuses(503, "database_away", None);
    assert_eq!(answer.headers["retry-after"], "5");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_says_when_to_come_again_on_sqlite() {
    a_database_that_is_away_says_when_to_come_again(Engine::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_says_when_to_come_again_on_postgres() {
    if let Some(engine) = Engine::postgres().await {
        a_database_that_is_away_says_when_to_come_again(engine).await;
    }
}

/// Ends every connection to the database of this test, and waits until they are gone.
async fn cut_all(test: &TestApp) {
    let url = test.engine.url(test.folder.path());
    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
    let cut = "SELECT COUNT(*) FILTER (WHERE pg_terminate_backend(pid, 60000)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let (cut,): (i64,) = sqlx::query_as(cut).fetch_one(&mut connection).await.unwrap();
    assert!(cut > 0);
}
