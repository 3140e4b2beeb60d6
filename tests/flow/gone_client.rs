//! A request whose client has gone commits or rolls back as a whole, wherever it was.

use crate::common::{NEVER, PASSWORD, TestApp, WEST, draft, new_id, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::Connection;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// As the store takes it for the change log: who holds it keeps every change on PostgreSQL in the midst of its commit.
const CHANGE_LOG_LOCK: i64 = 0x7461_7061_6b01;

/// Sends the registration of this work, and gives the connection on which its answer would come.
async fn begin(app: &TestApp, cookie: &str, work: &Value) -> TcpStream {
    let body = work.to_string();
    let head = format!(
        "POST /api/v1/projects HTTP/1.1\r\nHost: tapak\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Cookie: {cookie}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap();
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    stream
}

/// Waits until this holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let waited = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(NEVER, waited).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// Waits until no request and no transaction is left.
async fn until_idle(app: &TestApp) {
    let all = app.app.config.limits.requests;
    until("no request is left", || app.app.requests.available_permits() == all).await;
    until("no connection is used", || {
        let (open, idle) = app.app.store.connections();
        // One listens for what other processes change.
        open - idle <= usize::from(app.app.store.is_postgres())
    })
    .await;
}

async fn counts(app: &TestApp) -> BTreeMap<String, i64> {
    app.engine.counts(app.folder.path()).await.into_iter().collect()
}

fn less(more: &BTreeMap<String, i64>, before: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    more.iter().map(|(table, count)| (table.clone(), count - before[table])).collect()
}

/// Signs in and gives the cookie, what a whole registration adds to each table, and the village.
async fn prepare(app: &TestApp) -> (String, BTreeMap<String, i64>, uuid::Uuid) {
    app.sign_in_as("officer", Some(WEST)).await;
    let login = json!({ "login": format!("officer-{WEST}"), "password": PASSWORD });
    let answer = app.post("/api/v1/session", &login).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let village = app.village(WEST).await;
    let before = counts(app).await;
    app.register(&draft(village, "Jalan Melati", road(114.305, -8.21))).await;
    let whole = less(&counts(app).await, &before);
    assert!(["projects", "footprints", "funding_lines", "change_log", "jobs"].iter().all(|table| whole[*table] > 0));
    (cookie, whole, village)
}

on_both_engines!(a_client_that_goes_while_its_work_waits_to_be_written_leaves_nothing, |app| {
    let (cookie, _, village) = prepare(&app).await;
    let before = counts(&app).await;
    // On SQLite the request waits for the one writer; on PostgreSQL its rows are written and it waits in its commit.
    let mut held = None;
    let mut holder = None;
    if app.app.store.is_postgres() {
        let mut lock = sqlx::PgConnection::connect(&app.engine.url(app.folder.path())).await.unwrap();
        sqlx::query("SELECT pg_advisory_lock($1)").bind(CHANGE_LOG_LOCK).execute(&mut lock).await.unwrap();
        holder = Some(lock);
    } else {
        held = Some(app.app.store.write().await.unwrap());
    }
    let all = app.app.config.limits.requests;
    let work = draft(village, "Talud Mawar", road(114.306, -8.21));
    let stream = begin(&app, &cookie, &work).await;
    until("the request is there", || app.app.requests.available_permits() < all).await;
    if let Some(lock) = &mut holder {
        let mut waiting = 0_i64;
        while waiting == 0 {
            const WAITING: &str =
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'";
            waiting = sqlx::query_scalar(WAITING).fetch_one(&mut *lock).await.unwrap();
        }
    }
    drop(stream);
    until("the request is given up", || app.app.requests.available_permits() == all).await;
    drop(held);
    if let Some(lock) = holder {
        lock.close().await.unwrap();
    }
    until_idle(&app).await;
    assert!(less(&counts(&app).await, &before).values().all(|more| *more == 0), "something of it is there");
    app.post("/api/v1/projects", &work).await.is(StatusCode::CREATED);
});

on_both_engines!(of_forty_clients_that_go_at_some_time_each_leaves_all_or_nothing, |app| {
    let (cookie, whole, village) = prepare(&app).await;
    let before = counts(&app).await;
    let mut works = Vec::new();
    for n in 0..40_u32 {
        let mut work = draft(village, &format!("Talud {n}"), road(114.305 + f64::from(n) * 1e-4, -8.21));
        work["id"] = json!(new_id());
        let stream = begin(&app, &cookie, &work).await;
        tokio::time::sleep(Duration::from_micros(u64::from(n) * 400)).await;
        drop(stream);
        works.push(work);
    }
    until_idle(&app).await;
    let more = less(&counts(&app).await, &before);
    let stored = more["projects"];
    let wanted: BTreeMap<String, i64> = whole.iter().map(|(table, rows)| (table.clone(), rows * stored)).collect();
    assert_eq!(more, wanted, "{stored} works are there");
    // Whoever does not know asks again, with the same id.
    for work in &works {
        let answer = app.post("/api/v1/projects", work).await;
        assert!([StatusCode::CREATED, StatusCode::OK].contains(&answer.status), "{:?}", answer.json());
    }
    let more = less(&counts(&app).await, &before);
    assert_eq!(more, whole.iter().map(|(table, rows)| (table.clone(), rows * 40)).collect());
});
