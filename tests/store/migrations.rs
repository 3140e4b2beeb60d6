//! What a database of an earlier version holds, and how it stands after the update.

use crate::common::{Engine, TestApp};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::collections::BTreeSet;
use tapak::jobs::rejudge;
use tapak::store::Store;

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
    let engine = Engine::sqlite();
    engine.fill_as_earlier(folder.path(), "0004", &rows(|n| format!("x'{n:032x}'")).join(";")).await;
    let url = engine.url(folder.path());
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
    engine.fill_as_earlier(folder.path(), "0004", &rows(|n| format!("'{n:032x}'::uuid")).join(";")).await;
    let url = engine.url(folder.path());
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
    let engine = Engine::sqlite();
    engine.fill_as_earlier(folder.path(), "0012", &judges("zeroblob(16)").join(";")).await;
    let url = engine.url(folder.path());
    Store::open(&url).await.unwrap().close().await;
    let mut now = SqliteConnection::connect(&url).await.unwrap();
    check_judges(&sqlx::query_as(JUDGES).fetch_all(&mut now).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_judge_of_an_earlier_version_stays_at_work_on_postgres() {
    let Some(engine) = Engine::empty_postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let nil = "'00000000-0000-0000-0000-000000000000'::uuid";
    engine.fill_as_earlier(folder.path(), "0012", &judges(nil).join(";")).await;
    let url = engine.url(folder.path());
    Store::open(&url).await.unwrap().close().await;
    let mut now = PgConnection::connect(&url).await.unwrap();
    check_judges(&sqlx::query_as(JUDGES).fetch_all(&mut now).await.unwrap());
    now.close().await.unwrap();
    engine.drop_database().await;
}

/// What the program of migration 0011 stored of the story that `tools/keep-earlier` plays.
const KEPT_ON_SQLITE: &str = include_str!("earlier/0011.sqlite.sql");
const KEPT_ON_POSTGRES: &str = include_str!("earlier/0011.postgres.sql");

/// An id that the client made in that story.
fn id(number: u32) -> String {
    format!("01900000-0000-7000-8000-{number:012}")
}

/// The parts of a list that are this field of its items.
fn field(page: &Value, name: &str) -> BTreeSet<String> {
    page["items"].as_array().unwrap().iter().map(|item| item[name].as_str().unwrap().to_owned()).collect()
}

fn set<const N: usize>(words: [&str; N]) -> BTreeSet<String> {
    words.map(str::to_owned).into()
}

async fn what_an_earlier_version_kept_is_there_after_the_update(engine: Engine, kept: &str) {
    let folder = tempfile::tempdir().unwrap();
    engine.fill_as_earlier(folder.path(), "0012", kept).await;
    let app = TestApp::start_in(folder, engine, &[]).await;
    // As the program does when it starts: with its own rules it judges everything anew.
    rejudge::ask(&app.app).await.unwrap();
    // The account with its password, and what it may see.
    let sign_in = json!({ "login": "inspektur", "password": "empat kuda di sawah" });
    let session = app.post("/api/v1/session", &sign_in).await.is(StatusCode::OK);
    // Role and region of an account became a post that this person holds.
    let posts = session["user"]["posts"].as_array().unwrap();
    assert_eq!(posts.len(), 1);
    assert_eq!(
        (&posts[0]["role"], &posts[0]["region_code"], &posts[0]["capacity"], &posts[0]["until"]),
        (&json!("inspector"), &json!("35.10"), &json!("holder"), &Value::Null)
    );
    let standing = app.get("/api/v1/projects").await.is(StatusCode::OK);
    assert_eq!(
        field(&standing, "title"),
        set([
            "Pembangunan Balai Dusun Krajan",
            "Rabat beton jalan perbatasan Barat - Timur",
            "Pembangunan Jalan Rabat Beton Batas Desa Timur",
            "Penerangan jalan RT 03",
            "Bedah rumah a.n. Mbok Nah RT 05",
            "Paving Gang Masjid RT 02",
            "Pavingisasi gang masjid Rt.02",
        ])
    );

    // A work with its parts, money, correction and report.
    let path = format!("/api/v1/projects/{}", id(3));
    let lamps = app.get(&path).await.is(StatusCode::OK);
    let labels: Vec<&Value> =
        lamps["footprint"]["parts"].as_array().unwrap().iter().map(|part| &part["label"]).collect();
    assert_eq!(labels, ["Tiang 1", "Tiang 2", "Tiang 3"]);
    assert_eq!(lamps["footprint"]["parts"][0]["geometry"]["coordinates"], json!([114.3102, -8.204]));
    let versions: Vec<&Value> =
        lamps["footprint_versions"].as_array().unwrap().iter().map(|one| &one["reason"]).collect();
    assert_eq!(versions, [&json!("Diukur ulang."), &Value::Null]);
    let money: Vec<&Value> = lamps["funding"].as_array().unwrap().iter().map(|line| &line["amount_rupiah"]).collect();
    assert_eq!(money, [10_000_000, 5_000_000]);
    assert_eq!(
        (&lamps["executor"], &lamps["volume"], &lamps["percent"]),
        (&json!("TPK Barat"), &json!(3.0), &json!(50.0))
    );
    let history = &lamps["history"];
    assert!(
        history
            .as_array()
            .unwrap()
            .iter()
            .any(|entry| entry["note"] == "Diukur ulang." && entry["by"] == "Dewi Anggraini"),
        "{history}"
    );
    let photo = app.get(&format!("{path}/reports")).await.is(StatusCode::OK)["items"][0]["photos"][0].clone();
    assert_eq!(
        (&photo["id"], &photo["station"], &photo["capture"]["accuracy_m"]),
        (&json!(id(12)), &json!("awal"), &json!(6.5))
    );
    // Its file is not in this folder: the same bytes are known again, others are not.
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/photos/25-0270-100-1.jpg")).unwrap();
    app.put_bytes(&format!("/api/v1/photos/{}/original", id(12)), "image/jpeg", bytes).await.is(StatusCode::OK);

    // An owner, a key of a file, and what the change log must hold to put a work back.
    assert_eq!(app.get(&format!("/api/v1/projects/{}", id(4))).await.json()["owner"], "Mbok Nah");
    let imported = standing["items"].as_array().unwrap().iter().find(|one| one["fiscal_year"] == 2025).unwrap();
    let imported = app.get(&format!("/api/v1/projects/{}", imported["id"].as_str().unwrap())).await.json();
    assert_eq!(
        (&imported["references"][0]["source"], &imported["references"][0]["external_id"]),
        (&json!("file:kegiatan"), &json!("K-7"))
    );
    let path = format!("/api/v1/projects/{}", id(5));
    let withdrawn = app.get(&path).await.is(StatusCode::OK);
    let back = app.post(&format!("{path}/undo"), &json!({ "row_version": withdrawn["row_version"] })).await;
    assert_eq!(back.is(StatusCode::OK)["status"], "running");

    // An alert that was not told yet is told now; nothing else becomes news, and what was decided stays decided.
    let own = async || app.get("/api/v1/messages").await.is(StatusCode::OK)["items"].as_array().unwrap().len();
    assert_eq!(own().await, 2, "an alert and a comment");
    app.work().await;
    assert_eq!(own().await, 3);
    let listed = async |state: &str| {
        app.get(&format!("/api/v1/findings?kind=duplicate&state={state}")).await.json()["items"].clone()
    };
    let (open, closed) = (listed("open").await, listed("closed").await);
    assert_eq!((open.as_array().unwrap().len(), closed.as_array().unwrap().len()), (1, 1));
    assert_eq!(open[0]["members_total"], 2);

    // What people said and decided, whom it was told, and that it can still be taken back.
    let path = format!("/api/v1/findings/{}", closed[0]["id"].as_str().unwrap());
    let decided = app.get(&path).await.is(StatusCode::OK);
    assert_eq!(decided["comments"][0]["text"], "Ruas kami berhenti di gapura. Sisanya milik Timur.");
    let decision = &decided["decisions"][0];
    assert_eq!(
        (&decision["decision"], &decision["reason"], &decision["by"], &decision["stands"]),
        (&json!("different_works"), &json!("Dilihat di lapangan: dua ruas."), &json!("Dewi Anggraini"), &json!(true))
    );
    let told: BTreeSet<&str> =
        decided["messages"].as_array().unwrap().iter().map(|one| one["to"].as_str().unwrap()).collect();
    assert_eq!(told, ["barat@example.org", "inspektur@example.org"].into());
    app.post(&format!("{path}/decision/undo"), &json!({ "decision": decision["id"] })).await.is(StatusCode::OK);
    app.work().await;
    assert_eq!(listed("open").await.as_array().unwrap().len(), 2);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_version_kept_is_there_after_the_update_on_sqlite() {
    what_an_earlier_version_kept_is_there_after_the_update(Engine::sqlite(), KEPT_ON_SQLITE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_version_kept_is_there_after_the_update_on_postgres() {
    let Some(engine) = Engine::empty_postgres().await else { return };
    what_an_earlier_version_kept_is_there_after_the_update(engine, KEPT_ON_POSTGRES).await;
}
