use crate::common::people::{a_person, keep, right};
use crate::common::{BORDER_LON, EAST, ELSEWHERE, Engine, TestApp, WEST, draft, new_id, on_both_engines, road, told};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use tapak::actions::manage_person::disable_person;
use tapak::domain::job::JobKind;
use tapak::domain::post::Role;
use tapak::domain::scope::Scope;
use tapak::jobs::worker;
use tapak::store::imports::{self, NewImport};
use tapak::store::jobs::{NewJob, enqueue};
use tapak::store::messages;
use tapak::store::users;

/// A person who gets mails and never signs in.
pub(super) async fn add_person(app: &TestApp, login: &str, role: Role, region: &str) {
    let mut person = a_person(login);
    if login == "tersesat" {
        person.email = Some("bukan alamat".to_owned());
    }
    person.rights = right(role, Some(region)).into_iter().collect();
    keep(app, person, String::new()).await;
}

/// All messages, newest first: to whom, and what they say.
async fn written(app: &TestApp) -> Vec<(String, String)> {
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
    let mut to: Vec<String> = written(&app).await.into_iter().map(|(to, _)| to).collect();
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

on_both_engines!(a_person_disabled_before_the_alert_is_written_gets_none, |app| {
    for (login, region) in
        [("kades-barat", WEST), ("kades-timur", EAST), ("kades-lama", EAST), ("kades-luar", ELSEWHERE)]
    {
        add_person(&app, login, Role::VillageHead, region).await;
    }
    let disable = async |login: &str| {
        let mut tx = app.app.store.read().await.unwrap();
        let head = users::find_id(&mut tx, login).await.unwrap().unwrap();
        drop(tx);
        disable_person(&app.app, None, head).await.unwrap();
    };
    app.sign_in_as("administrator", None).await;
    disable("kades-lama").await;
    claim_border_road(&app).await;
    let asked = async || {
        let mut tx = app.app.store.read().await.unwrap();
        let waiting = tapak::store::jobs::list(&mut tx, false, 100).await.unwrap();
        waiting.iter().filter(|job| job.kind == JobKind::NotifyRecipient.as_str()).count()
    };
    while asked().await == 0 {
        app.app.clock.advance(Duration::from_secs(1));
        worker::run_one(&app.app).await.unwrap();
    }
    assert_eq!(asked().await, 2, "neither whoever was disabled before nor whoever has nothing to do with it");
    disable("kades-timur").await;
    app.work().await;
    let to: Vec<String> = written(&app).await.into_iter().map(|(to, _)| to).collect();
    assert_eq!(to, ["kades-barat@example.org"], "none is written that is not sent");
});

async fn an_invalid_address_delays_nobody_and_shows_among_the_failed_jobs(engine: Engine) {
    let app = TestApp::start(engine, &[]).await;
    add_person(&app, "tersesat", Role::Inspector, "35.10").await;
    add_person(&app, "inspektur", Role::Inspector, "35.10").await;
    add_person(&app, "zz-kades", Role::VillageHead, WEST).await;
    app.sign_in_as("administrator", None).await;
    claim_border_road(&app).await;
    app.work().await;
    let mut to: Vec<String> = written(&app).await.into_iter().map(|(to, _)| to).collect();
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
async fn an_invalid_address_delays_nobody_and_shows_among_the_failed_jobs_on_sqlite() {
    an_invalid_address_delays_nobody_and_shows_among_the_failed_jobs(Engine::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_address_delays_nobody_and_shows_among_the_failed_jobs_on_postgres() {
    if let Some(engine) = Engine::postgres().await {
        an_invalid_address_delays_nobody_and_shows_among_the_failed_jobs(engine).await;
    }
}

on_both_engines!(a_stream_of_registrations_does_not_delay_alerts, [("alert_settle_s", "60")], |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    claim_border_road(&app).await;
    worker::run_due(&app.app).await.unwrap();
    for _ in 0..3 {
        // One more screening that is not done yet, each time later than the alert.
        app.app.clock.advance(Duration::from_secs(20));
        screening_that_waits(&app).await;
        worker::run_due(&app.app).await.unwrap();
    }
    assert_eq!(written(&app).await.len(), 1, "only what was there before it is waited for");
    forget_waiting(&app).await;
});

on_both_engines!(
    an_endless_screening_delays_alerts_by_at_most_twice_the_settling_time,
    [("alert_settle_s", "60")],
    |app| {
        app.sign_in_as("inspector", Some("35.10")).await;
        screening_that_waits(&app).await;
        app.app.clock.advance(Duration::from_secs(1));
        claim_border_road(&app).await;
        worker::run_due(&app.app).await.unwrap();
        app.app.clock.advance(Duration::from_secs(100));
        worker::run_due(&app.app).await.unwrap();
        assert!(written(&app).await.is_empty(), "it may still bring something for the same mail");
        app.app.clock.advance(Duration::from_secs(21));
        worker::run_due(&app.app).await.unwrap();
        assert_eq!(written(&app).await.len(), 1);
        forget_waiting(&app).await;
    }
);

on_both_engines!(an_import_delays_alerts_by_at_most_ten_minutes, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let import = NewImport { id: new_id(), kind: "projects", source: "s", file_name: "s.csv", file_sha256: "" };
    let mut tx = app.app.store.write().await.unwrap();
    imports::begin(&mut tx, &import, app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    claim_border_road(&app).await;
    worker::run_due(&app.app).await.unwrap();
    for minute in 0..10 {
        assert!(written(&app).await.is_empty(), "minute {minute}: they are to be one mail");
        app.app.clock.advance(Duration::from_secs(60));
        let (mut tx, counts) = (app.app.store.write().await.unwrap(), imports::Counts::default());
        imports::store_chunk(&mut tx, new_id(), import.id, minute, counts, app.app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        worker::run_due(&app.app).await.unwrap();
    }
    app.app.clock.advance(app.app.config.alert_settle);
    worker::run_due(&app.app).await.unwrap();
    assert_eq!(written(&app).await.len(), 1, "it goes on and on");
});

on_both_engines!(an_alert_scheduled_by_a_fast_clock_is_not_delayed_until_then, [("alert_settle_s", "60")], |app| {
    let there = app.another(&[("alert_settle_s", "60")]).await;
    let now = there.clock.now();
    let mut tx = there.store.write().await.unwrap();
    let run_at = now + Duration::from_secs(30 * 86_400);
    let waits = NewJob { id: new_id(), kind: JobKind::ScreenProject, subject_id: new_id(), run_at };
    enqueue(&mut tx, &[waits], now).await.unwrap();
    tx.commit().await.unwrap();
    app.app.clock.advance(Duration::from_secs(86_400));
    app.sign_in_as("inspector", Some("35.10")).await;
    claim_border_road(&app).await;
    worker::run_due(&app.app).await.unwrap();
    assert!(written(&app).await.is_empty());
    // The same day by a clock that was not ahead.
    worker::run_due(&there).await.unwrap();
    there.clock.advance(Duration::from_secs(121));
    worker::run_due(&there).await.unwrap();
    there.close().await;
    assert_eq!(written(&app).await.len(), 1);
    forget_waiting(&app).await;
});

/// A screening far in the future, as of a worker that never gets to it.
async fn screening_that_waits(app: &TestApp) {
    let now = app.app.clock.now();
    let run_at = now + Duration::from_secs(30 * 86_400);
    let mut tx = app.app.store.write().await.unwrap();
    let job = NewJob { id: new_id(), kind: JobKind::ScreenProject, subject_id: new_id(), run_at };
    enqueue(&mut tx, &[job], now).await.unwrap();
    tx.commit().await.unwrap();
}

/// Lets the screenings that wait come, so that no job is left.
async fn forget_waiting(app: &TestApp) {
    app.app.clock.advance(Duration::from_secs(31 * 86_400));
    app.work().await;
}

on_both_engines!(a_work_withdrawn_and_put_back_is_alerted_once, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let on_road = |title: &str| draft(west, title, road(114.305, -8.21));
    app.register(&on_road("Rabat beton Jalan Mawar")).await;
    app.register(&on_road("Rabat Beton Jl. Mawar")).await;
    app.work().await;
    let third = app.register(&on_road("Pembangunan rabat beton jalan Mawar")).await;
    app.work().await;
    assert_eq!(written(&app).await.len(), 2, "the third one is news");
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
    assert_eq!(written(&app).await.len(), 2, "nothing of it was news");
});

on_both_engines!(a_merge_and_its_undoing_raise_no_new_alert, |app| {
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
    assert_eq!(written(&app).await.len(), 1, "nothing of it was news");
});

on_both_engines!(a_decided_finding_is_alerted_again_when_its_facts_change, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let first = app.register(&draft(west, "Rabat beton Jalan Mawar", road(114.305, -8.21))).await;
    app.register(&draft(west, "Rabat Beton Jl. Mawar", road(114.305, -8.21))).await;
    app.work().await;
    let found = app.get("/api/v1/findings?state=open").await.is(StatusCode::OK);
    let finding = &found["items"][0];
    let decision = json!({ "id": new_id(), "row_version": finding["row_version"], "decision": "different_works",
        "reason": "Sudah dilihat di lapangan." });
    let path = format!("/api/v1/findings/{}/decision", finding["id"].as_str().unwrap());
    app.post(&path, &decision).await.is(StatusCode::OK);
    app.work().await;
    let path = format!("/api/v1/projects/{}", first["id"].as_str().unwrap());
    let change =
        json!({ "row_version": app.get(&path).await.json()["row_version"], "reason": "Salah ketik", "volume": 77.5 });
    app.patch(&path, &change).await.is(StatusCode::OK);
    app.work().await;
    assert_eq!(written(&app).await.len(), 2, "it was decided on other facts");
    // What was told of a round is kept once, whichever worker was first.
    let mut tx = app.app.store.write().await.unwrap();
    let id = finding["id"].as_str().unwrap().parse().unwrap();
    let round = tapak::store::findings::find(&mut tx, &Scope::all(), id).await.unwrap().unwrap().round;
    let again = told("inspector@example.org", id, round);
    assert!(!messages::insert(&mut tx, &again, app.app.clock.now()).await.unwrap());
});

on_both_engines!(a_mail_about_a_grant_house_shows_no_location_since_mails_are_forwarded, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    for title in ["Rehab RTLH a.n. Zulaikhaq RT 07", "Bedah rumah a.n. Zulaikhaq Rt.07"] {
        let mut house = draft(west, title, json!({ "type": "Point", "coordinates": [114.305, -8.21] }));
        house["owner"] = json!("Zulaikhaq");
        app.register(&house).await;
    }
    app.work().await;
    let mut outbox = std::fs::read_dir(app.folder.path().join("data/outbox")).unwrap();
    let mail = std::fs::read_to_string(outbox.next().unwrap().unwrap().path()).unwrap();
    assert!(mail.contains("multipart/") && !mail.contains("image/png"), "{mail}");
});

on_both_engines!(a_mail_shows_the_evidence_against_too, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    app.register(&draft(west, "Rabat beton Jalan Mawar", road(114.305, -8.21))).await;
    let mut other = draft(west, "Rabat Beton Jl. Mawar", road(114.305, -8.21));
    other["funding"] = json!([{ "fund": "DD", "amount_rupiah": 20_000_000 }]);
    other["executor"] = json!("CV Lain");
    app.register(&other).await;
    app.work().await;
    let (_, text) = written(&app).await.pop().unwrap();
    let (for_it, against) = text.split_once("Yang berlawanan:").unwrap_or_else(|| panic!("{text}"));
    assert!(for_it.contains("Yang mendukung:") && against.contains("   * "), "{text}");
});
