//! What a database of an earlier version holds, and how it stands after the update.

use crate::common::Engine;
use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::path::Path;
use tapak::store::Store;

/// A folder with the migrations of an engine up to this number.
fn migrations_until(engine: &str, number: &str, folder: &Path) {
    for entry in std::fs::read_dir(format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"))).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.as_str() < number {
            std::fs::copy(entry.path(), folder.join(name)).unwrap();
        }
    }
}

/// Findings of every severity with their money, and the two pairs of the first one.
fn rows(blob: impl Fn(u8) -> String) -> Vec<String> {
    let findings = [(1, "note", 900), (2, "alert", 5), (3, "review", 700), (4, "alert", 50), (5, "alert", 50)];
    let mut rows: Vec<String> = findings
        .iter()
        .map(|(n, severity, rupiah)| {
            format!(
                "INSERT INTO findings (id, kind, dedup_key, severity, state, rupiah, details, round, opened_at, updated_at)
                 VALUES ({}, 'duplicate', 'k{n}', '{severity}', 'open', {rupiah}, 'null', 1, 'x', 'x')",
                blob(*n)
            )
        })
        .collect();
    for (n, probability) in [(11, 0.75), (12, 0.96)] {
        rows.push(format!(
            "INSERT INTO pairs (id, a_id, b_id, kind, probability, band, cross_border, evidence, facts_digest, weights_version, judged_at)
             VALUES ({}, {}, {}, 'double_entry', {probability}, 'alert', 0, '[]', '', '', 'x')",
            blob(n),
            blob(n),
            blob(n + 100)
        ));
        rows.push(format!("INSERT INTO finding_pairs (finding_id, pair_id) VALUES ({}, {})", blob(2), blob(n)));
    }
    rows
}

const QUEUE: &str = "SELECT dedup_key FROM findings WHERE state = 'open' ORDER BY queue_rank, rupiah DESC, id";
const LIKELIEST: &str = "SELECT probability FROM finding_pairs ORDER BY probability DESC";

fn check(queue: &[(String,)], likeliest: &[(f64,)]) {
    let queue: Vec<&str> = queue.iter().map(|(key,)| key.as_str()).collect();
    assert_eq!(queue, ["k4", "k5", "k2", "k3", "k1"], "alerts first, then by money");
    assert_eq!(likeliest, [(0.96,), (0.75,)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_of_an_earlier_version_keeps_its_order_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    migrations_until("sqlite", "0004", folder.path());
    let url = format!("sqlite:{}", folder.path().join("old.db").display());
    let mut old = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
    Migrator::new(folder.path()).await.unwrap().run(&mut old).await.unwrap();
    sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut old).await.unwrap();
    for row in rows(|n| format!("x'{n:032x}'")) {
        sqlx::query(sqlx::AssertSqlSafe(row)).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();
    Store::open(&url).await.unwrap().close().await;
    let mut now = SqliteConnection::connect(&url).await.unwrap();
    let queue: Vec<(String,)> = sqlx::query_as(QUEUE).fetch_all(&mut now).await.unwrap();
    let likeliest: Vec<(f64,)> = sqlx::query_as(LIKELIEST).fetch_all(&mut now).await.unwrap();
    check(&queue, &likeliest);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_of_an_earlier_version_keeps_its_order_on_postgres() {
    let Some(engine) = Engine::empty_postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    migrations_until("postgres", "0004", folder.path());
    let url = engine.url(folder.path());
    let mut old = PgConnection::connect(&url).await.unwrap();
    Migrator::new(folder.path()).await.unwrap().run(&mut old).await.unwrap();
    sqlx::query("SET session_replication_role = replica").execute(&mut old).await.unwrap();
    for row in rows(|n| format!("'{n:032x}'::uuid")) {
        sqlx::query(sqlx::AssertSqlSafe(row)).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();
    Store::open(&url).await.unwrap().close().await;
    let mut now = PgConnection::connect(&url).await.unwrap();
    let queue: Vec<(String,)> = sqlx::query_as(QUEUE).fetch_all(&mut now).await.unwrap();
    let likeliest: Vec<(f64,)> = sqlx::query_as(LIKELIEST).fetch_all(&mut now).await.unwrap();
    check(&queue, &likeliest);
    now.close().await.unwrap();
    engine.drop_database().await;
}

/// Two judges one after another, as the change log told of them.
fn judges(nil: &str) -> Vec<String> {
    let told = |note: &str, at: &str| {
        format!(
            "INSERT INTO change_log (at, entity, entity_id, action, note) VALUES ('{at}', 'judge', {nil}, 'change', '{note}')"
        )
    };
    vec![told("first", "2026-01-01"), told("second", "2026-02-01")]
}

const JUDGES: &str = "SELECT number, rules, fingerprint, began_at FROM judges";

fn check_judges(judges: &[(i64, i64, String, String)]) {
    assert_eq!(judges, [(1, 0, "second".to_owned(), "2026-02-01".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_judge_of_an_earlier_version_stays_at_work_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    migrations_until("sqlite", "0012", folder.path());
    let url = format!("sqlite:{}", folder.path().join("old.db").display());
    let mut old = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
    Migrator::new(folder.path()).await.unwrap().run(&mut old).await.unwrap();
    for row in judges("zeroblob(16)") {
        sqlx::query(sqlx::AssertSqlSafe(row)).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();
    Store::open(&url).await.unwrap().close().await;
    let mut now = SqliteConnection::connect(&url).await.unwrap();
    check_judges(&sqlx::query_as(JUDGES).fetch_all(&mut now).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_judge_of_an_earlier_version_stays_at_work_on_postgres() {
    let Some(engine) = Engine::empty_postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    migrations_until("postgres", "0012", folder.path());
    let url = engine.url(folder.path());
    let mut old = PgConnection::connect(&url).await.unwrap();
    Migrator::new(folder.path()).await.unwrap().run(&mut old).await.unwrap();
    for row in judges("'00000000-0000-0000-0000-000000000000'::uuid") {
        sqlx::query(sqlx::AssertSqlSafe(row)).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();
    Store::open(&url).await.unwrap().close().await;
    let mut now = PgConnection::connect(&url).await.unwrap();
    check_judges(&sqlx::query_as(JUDGES).fetch_all(&mut now).await.unwrap());
    now.close().await.unwrap();
    engine.drop_database().await;
}
