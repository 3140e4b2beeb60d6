use crate::common::{BORDER_LON, EAST, ELSEWHERE, Engine, TestApp, WEST, draft, new_id, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use tapak::domain::person::{Language, Person, Role};
use tapak::jobs::{kinds, worker};
use tapak::store::jobs::{NewJob, enqueue};
use tapak::store::users::{self, NewUser};

/// A person who gets mails and never signs in.
pub(super) async fn add_person(app: &TestApp, login: &str, role: Role, region: &str) {
    let person = Person {
        id: new_id(),
        login: login.to_owned(),
        name: format!("Tes {login}"),
        role,
        email: Some(if login == "tersesat" { "bukan alamat".to_owned() } else { format!("{login}@example.org") }),
        region_code: Some(region.to_owned()),
        language: Language::Id,
    };
    let mut tx = app.app.store.write().await.unwrap();
    let user = NewUser { person, password_hash: String::new(), demo: false };
    assert!(users::insert(&mut tx, &user, app.app.clock.now()).await.unwrap());
    tx.commit().await.unwrap();
}

/// All messages, newest first: to whom, and what they say.
async fn messages(app: &TestApp) -> Vec<(String, String)> {
    app.sign_in_as("administrator", None).await;
    let listed = app.get("/api/v1/messages").await.is(StatusCode::OK);
    let mut all = Vec::new();
    for message in listed["items"].as_array().unwrap() {
        let detail = app.get(&format!("/api/v1/messages/{}", message["id"].as_str().unwrap())).await.is(StatusCode::OK);
        all.push((message["to"].as_str().unwrap().to_owned(), detail["text"].as_str().unwrap().to_owned()));
    }
    all
}

/// One road on the border, claimed by both villages.
pub(super) async fn claim_border_road(app: &TestApp) -> Value {
    let (west, east) = (app.village(WEST).await, app.village(EAST).await);
    let from = BORDER_LON - 0.001;
    app.register(&draft(west, "Rabat beton jalan perbatasan Barat - Timur", road(from, -8.21))).await;
    app.register(&draft(east, "Pembangunan Jalan Rabat Beton Batas Desa Timur", road(from, -8.21001))).await
}

on_both_engines!(heads_and_officers_of_both_villages_are_notified_and_nobody_elsewhere, |app| {
    for (login, role, region) in [
        ("kades-barat", Role::VillageHead, WEST),
        ("kades-timur", Role::VillageHead, EAST),
        ("petugas-timur", Role::Officer, EAST),
        ("petugas-luar", Role::Officer, ELSEWHERE),
        ("inspektur", Role::Inspector, "35.10"),
    ] {
        add_person(&app, login, role, region).await;
    }
    app.sign_in_as("officer", Some("35.10")).await;
    claim_border_road(&app).await;
    app.work().await;
    let mut to: Vec<String> = messages(&app).await.into_iter().map(|(to, _)| to).collect();
    to.sort();
    assert_eq!(
        to,
        [
            "inspektur@example.org",
            "kades-barat@example.org",
            "kades-timur@example.org",
            "officer@example.org",
            "petugas-timur@example.org"
        ]
    );
});

async fn an_address_that_is_none_holds_up_nobody_and_is_seen_without_asking(engine: Engine) {
    let app = TestApp::start(engine, &[]).await;
    add_person(&app, "tersesat", Role::Inspector, "35.10").await;
    add_person(&app, "inspektur", Role::Inspector, "35.10").await;
    add_person(&app, "zz-kades", Role::VillageHead, WEST).await;
    app.sign_in_as("administrator", None).await;
    claim_border_road(&app).await;
    app.work().await;
    let mut to: Vec<String> = messages(&app).await.into_iter().map(|(to, _)| to).collect();
    to.sort();
    assert_eq!(to, ["inspektur@example.org", "zz-kades@example.org"]);
    let jobs = app.get("/api/v1/jobs").await.is(StatusCode::OK);
    let first = &jobs["items"][0];
    assert!(first["failed_at"].is_string(), "{jobs}");
    assert_eq!(first["kind"], "notify_recipient");
    assert!(first["last_error"].as_str().unwrap().contains("bukan alamat"), "{first}");
    // Not finished: the job that was given up is meant to be left over.
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none_holds_up_nobody_and_is_seen_without_asking_on_sqlite() {
    an_address_that_is_none_holds_up_nobody_and_is_seen_without_asking(Engine::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none_holds_up_nobody_and_is_seen_without_asking_on_postgres() {
    if let Some(engine) = Engine::postgres().await {
        an_address_that_is_none_holds_up_nobody_and_is_seen_without_asking(engine).await;
    }
}

on_both_engines!(registrations_that_stream_in_keep_no_alert_waiting, [("alert_settle_s", "60")], |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    claim_border_road(&app).await;
    worker::run_due(&app.app).await.unwrap();
    for _ in 0..3 {
        // One more screening that is not done yet, each time later than the alert.
        app.app.clock.advance(Duration::from_secs(20));
        screening_that_waits(&app).await;
        worker::run_due(&app.app).await.unwrap();
    }
    assert_eq!(messages(&app).await.len(), 1, "only what was there before it is waited for");
    forget_waiting(&app).await;
});

on_both_engines!(
    a_screening_that_does_not_end_keeps_alerts_waiting_for_twice_the_settling_time_at_most,
    [("alert_settle_s", "60")],
    |app| {
        app.sign_in_as("inspector", Some("35.10")).await;
        screening_that_waits(&app).await;
        app.app.clock.advance(Duration::from_secs(1));
        claim_border_road(&app).await;
        worker::run_due(&app.app).await.unwrap();
        app.app.clock.advance(Duration::from_secs(100));
        worker::run_due(&app.app).await.unwrap();
        assert!(messages(&app).await.is_empty(), "it may still bring something for the same mail");
        app.app.clock.advance(Duration::from_secs(21));
        worker::run_due(&app.app).await.unwrap();
        assert_eq!(messages(&app).await.len(), 1);
        forget_waiting(&app).await;
    }
);

/// A screening far in the future, as of a worker that never gets to it.
async fn screening_that_waits(app: &TestApp) {
    let now = app.app.clock.now();
    let run_at = now + Duration::from_secs(30 * 86_400);
    let mut tx = app.app.store.write().await.unwrap();
    let job = NewJob { id: new_id(), kind: kinds::SCREEN_PROJECT, subject_id: new_id(), run_at };
    enqueue(&mut tx, &[job], now).await.unwrap();
    tx.commit().await.unwrap();
}

/// Lets the screenings that wait come, so that no job is left.
async fn forget_waiting(app: &TestApp) {
    app.app.clock.advance(Duration::from_secs(31 * 86_400));
    app.work().await;
}

on_both_engines!(a_work_that_leaves_and_comes_again_is_told_once, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let on_road = |title: &str| draft(west, title, road(114.305, -8.21));
    app.register(&on_road("Rabat beton Jalan Mawar")).await;
    app.register(&on_road("Rabat Beton Jl. Mawar")).await;
    app.work().await;
    let third = app.register(&on_road("Pembangunan rabat beton jalan Mawar")).await;
    app.work().await;
    assert_eq!(messages(&app).await.len(), 2, "the third one is news");
    app.sign_in_as("inspector", Some("35.10")).await;
    let path = format!("/api/v1/projects/{}", third["id"].as_str().unwrap());
    let version = |body: Value| body["row_version"].clone();
    for _ in 0..2 {
        let now = version(app.get(&path).await.json());
        let body = json!({ "row_version": now, "reason": "Salah catat" });
        app.post(&format!("{path}/withdraw"), &body).await.is(StatusCode::OK);
        app.work().await;
        let now = version(app.get(&path).await.json());
        app.post(&format!("{path}/undo"), &json!({ "row_version": now })).await.is(StatusCode::OK);
        app.work().await;
    }
    let open = app.get("/api/v1/findings?state=open").await.is(StatusCode::OK);
    assert_eq!(open["items"][0]["members_total"], 3, "{open}");
    assert_eq!(messages(&app).await.len(), 2, "nothing of it was news");
});

on_both_engines!(a_merge_and_its_undoing_are_no_news, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let a = app.register(&draft(west, "Rabat beton Jalan Mawar", road(114.305, -8.21))).await;
    let b = app.register(&draft(west, "Rabat Beton Jl. Mawar", road(114.305, -8.21))).await;
    app.work().await;
    let path = format!("/api/v1/projects/{}", b["id"].as_str().unwrap());
    let now = app.get(&path).await.json()["row_version"].clone();
    let body = json!({ "row_version": now, "into": a["id"], "reason": "Tercatat dua kali" });
    app.post(&format!("{path}/merge"), &body).await.is(StatusCode::OK);
    app.work().await;
    let now = app.get(&path).await.json()["row_version"].clone();
    app.post(&format!("{path}/undo"), &json!({ "row_version": now })).await.is(StatusCode::OK);
    app.work().await;
    let open = app.get("/api/v1/findings?state=open").await.is(StatusCode::OK);
    assert_eq!(open["items"].as_array().unwrap().len(), 1, "{open}");
    assert_eq!(messages(&app).await.len(), 1, "nothing of it was news");
});

on_both_engines!(a_mail_says_what_speaks_against_too, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    app.register(&draft(west, "Rabat beton Jalan Mawar", road(114.305, -8.21))).await;
    let mut other = draft(west, "Rabat Beton Jl. Mawar", road(114.305, -8.21));
    other["funding"] = json!([{ "fund": "DD", "amount_rupiah": 20_000_000 }]);
    other["executor"] = json!("CV Lain");
    app.register(&other).await;
    app.work().await;
    let (_, text) = messages(&app).await.pop().unwrap();
    let (for_it, against) = text.split_once("Yang berlawanan:").unwrap_or_else(|| panic!("{text}"));
    assert!(for_it.contains("Yang mendukung:") && against.contains("   * "), "{text}");
});
