//! What the audit chain tells of what people do, and who read what.

use crate::common::command::{tapak, text};
use crate::common::{
    Engine, PASSWORD, TestApp, WEST, draft, jpeg, new_id, on_both_engines, road,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use tapak::actions::erase_history::erase_history;
use tapak::actions::import_projects::{ImportOptions, import_projects};
use tapak::domain::change::ChangeAction;
use tapak::domain::job::JobKind;
use tapak::import::{Input, ReadOptions};
use tapak::store::audit_verify::verify;
use tapak::store::jobs::{NewJob, enqueue};
use tapak::store::{AuditEntry, audit};
use uuid::Uuid;

/// Reads the chain as it grows.
struct Chain<'a> {
    app: &'a TestApp,
    last: i64,
    seen: BTreeSet<String>,
}

impl<'a> Chain<'a> {
    fn new(app: &'a TestApp) -> Self {
        Self { app, last: 0, seen: BTreeSet::new() }
    }

    /// What was written since, with personal values shown: `action entity`, the changes, the reason.
    async fn told(&mut self) -> Vec<(String, Value, Value)> {
        let mut tx = self.app.app.store.read().await.unwrap();
        let entries = audit::list_after(&mut tx, self.last, 1_000).await.unwrap();
        let mut told = Vec::new();
        for entry in entries {
            self.last = entry.number;
            self.seen.insert(entry.action.clone());
            let (changes, reason) = shown(&mut tx, &entry).await;
            told.push((format!("{} {}", entry.action, entry.entity), changes, reason));
        }
        told
    }

    /// The one entry that was written since.
    async fn only(&mut self, expected: &str) -> (Value, Value) {
        let mut told = self.told().await;
        assert_eq!(told.len(), 1, "{expected}: {told:#?}");
        let (what, changes, reason) = told.remove(0);
        assert_eq!(what, expected);
        (changes, reason)
    }

    /// The kinds of entries that were written since.
    async fn kinds(&mut self) -> Vec<String> {
        self.told().await.into_iter().map(|(what, ..)| what).collect()
    }
}

/// The changes and the reason of an entry, with the values that their digests stand for.
async fn shown(tx: &mut tapak::store::Tx, entry: &AuditEntry) -> (Value, Value) {
    let mut changes: Value = serde_json::from_str(&entry.changes).unwrap();
    let reason: Vec<String> = entry.reason.clone().into_iter().collect();
    for sides in changes.as_object_mut().unwrap().values_mut() {
        for side in sides.as_array_mut().unwrap() {
            if let Some(digest) = side["hmac"].as_str().map(str::to_owned) {
                let found = audit::find_values(tx, &[digest.clone()]).await.unwrap();
                *side = json!({ "personal": found.get(&digest) });
            }
        }
    }
    let reasons = audit::find_values(tx, &reason).await.unwrap();
    (changes, reasons.into_values().next().unwrap_or_default())
}

fn path(project: &Value, rest: &str) -> String {
    format!("/api/v1/projects/{}{rest}", project["id"].as_str().unwrap())
}

fn uuid(value: &Value) -> Uuid {
    value["id"].as_str().unwrap().parse().unwrap()
}

async fn current(app: &TestApp, project: &Value) -> Value {
    app.get(&path(project, "")).await.is(StatusCode::OK)["row_version"].clone()
}

async fn patch(app: &TestApp, project: &Value, mut change: Value) -> Value {
    change["row_version"] = current(app, project).await;
    app.patch(&path(project, ""), &change).await.is(StatusCode::OK)
}

async fn put(app: &TestApp, path: &str, body: &Value) -> crate::common::Answer {
    app.send(app.request(Method::PUT, path).json(body)).await
}

async fn import(app: &TestApp, budget: i64) {
    let file = json!({ "type": "FeatureCollection", "features": [{
        "type": "Feature", "geometry": road(114.315, -8.205),
        "properties": { "id": "A1", "title": "Talud dua", "village_code": WEST, "year": 2026, "funds": "DD", "budget_rp": budget } }] });
    let input = Input::bytes("a.geojson", file.to_string().into_bytes());
    let report = import_projects(&app.app, input, ReadOptions::default(), &ImportOptions::default(), |_| {}).await.unwrap();
    assert!(report.stored);
}

/// Works, findings, reports, files, people, jobs: what is done to each leaves one entry, and nothing else does.
async fn projects_and_findings(app: &TestApp, chain: &mut Chain<'_>) {
    app.sign_in_as("inspector", Some("35.10")).await;
    let (added, _) = chain.only("add user").await;
    assert_eq!(added["login"], json!([null, { "personal": "inspector-35.10" }]));
    assert_eq!(added["name"], json!([null, { "personal": "Tes inspector" }]));
    assert_eq!(added["email"], json!([null, { "personal": "inspector@example.org" }]));
    assert_eq!(
        (&added["role"], &added["region_code"], &added["language"]),
        (&json!([null, "inspector"]), &json!([null, "35.10"]), &json!([null, "id"]))
    );
    let west = app.village(WEST).await;
    let a = app.register(&draft(west, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
    let (registered, _) = chain.only("register project").await;
    let parts = registered["parts"][1].as_str().unwrap().to_owned();
    assert_eq!(parts.len(), 64);
    assert_eq!(
        registered,
        json!({
            "title": [null, "Paving Gang Masjid RT 02"], "village_id": [null, west], "fiscal_year": [null, 2026],
            "status": [null, "planned"], "activity_code": [null, "02.03.10"], "authority": [null, "village"],
            "sensitivity": [null, "open"], "budget_rupiah": [null, 150_000_000],
            "funding": [null, [{ "fund": "DD", "amount_rupiah": 150_000_000, "budget_line": null, "contract_number": null, "segment": null }]],
            "footprint_version": [null, 1], "parts": [null, parts],
        })
    );
    let b = app.register(&draft(west, "Pavingisasi gang masjid Rt.02", road(114.305, -8.21))).await;
    chain.only("register project").await;
    app.work().await;
    let (opened, _) = chain.only("open finding").await;
    assert_eq!(opened, json!({ "state": [null, "open"] }));

    patch(app, &a, json!({ "executor": "TPK Barat", "reason": "Kata Pak Slamet" })).await;
    let (corrected, reason) = chain.only("correct project").await;
    assert_eq!((corrected, reason), (json!({ "executor": [null, "TPK Barat"] }), json!("Kata Pak Slamet")));
    patch(app, &a, json!({ "footprint": { "how": "map", "parts": [{ "accuracy_m": 5.0, "geometry": road(114.306, -8.21) }] } })).await;
    let (moved, reason) = chain.only("correct project").await;
    assert_eq!((&moved["footprint_version"], &moved["parts"][0], reason), (&json!([1, 2]), &json!(parts), Value::Null));
    assert_ne!(moved["parts"][1], moved["parts"][0]);
    app.post(&path(&a, "/undo"), &json!({ "row_version": current(app, &a).await })).await.is(StatusCode::OK);
    let (undone, _) = chain.only("undo project").await;
    assert_eq!(undone["parts"], json!([moved["parts"][1], parts]), "what was drawn at first is back");
    app.work().await;
    chain.told().await;

    let found = app.get("/api/v1/findings?state=open&kind=duplicate").await.is(StatusCode::OK)["items"][0].clone();
    let finding = format!("/api/v1/findings/{}", found["id"].as_str().unwrap());
    let comment = new_id();
    app.post(&format!("{finding}/comments"), &json!({ "id": comment, "text": "Satu pekerjaan?" })).await.is(StatusCode::OK);
    let (said, _) = chain.only("comment finding").await;
    assert_eq!(said, json!({ "comment": [null, comment], "text": [null, { "personal": "Satu pekerjaan?" }] }));
    let row_version = app.get(&finding).await.json()["row_version"].clone();
    let decision = new_id();
    let decide = json!({ "id": decision, "row_version": row_version, "decision": "different_works", "reason": "Dilihat." });
    app.post(&format!("{finding}/decision"), &decide).await.is(StatusCode::OK);
    let told = chain.told().await;
    assert_eq!(told.len(), 2, "{told:?}");
    let close = told.iter().find(|(what, ..)| what == "close finding").unwrap();
    assert_eq!(close.1, json!({ "state": ["open", "closed"] }));
    let decided = told.iter().find(|(what, ..)| what == "decide finding").unwrap();
    assert_eq!(decided.1, json!({ "id": [null, decision], "decision": [null, "different_works"] }));
    assert_eq!(decided.2, "Dilihat.");
    app.post(&format!("{finding}/decision/undo"), &json!({ "decision": decision })).await.is(StatusCode::OK);
    let told = chain.told().await;
    assert_eq!(told.len(), 2, "{told:?}");
    let reopened = told.iter().find(|(what, ..)| what == "reopen finding").unwrap();
    assert_eq!(reopened.1, json!({ "state": ["closed", "open"] }));
    let back = told.iter().find(|(what, ..)| what == "take_back finding").unwrap();
    assert_eq!(back.1, json!({ "id": [decision, null], "decision": ["different_works", null] }));

    let merge = json!({ "row_version": current(app, &b).await, "into": a["id"], "reason": "Sama." });
    app.post(&path(&b, "/merge"), &merge).await.is(StatusCode::OK);
    let told = chain.told().await;
    let merged = told.iter().find(|(what, ..)| what == "merge project").unwrap();
    assert_eq!((&merged.1, &merged.2), (&json!({ "merged_into": [null, a["id"]] }), &json!("Sama.")));
    assert_eq!(told.len(), 2, "and its finding is closed: {told:?}");
    let withdrawal = json!({ "row_version": current(app, &a).await, "reason": "Salah." });
    app.post(&path(&a, "/withdraw"), &withdrawal).await.is(StatusCode::OK);
    let (withdrawn, reason) = chain.only("withdraw project").await;
    assert_eq!((withdrawn, reason), (json!({ "withdrawn": [null, true] }), json!("Salah.")));
    app.work().await;
    chain.told().await;
}

async fn reports_and_files(app: &TestApp, chain: &mut Chain<'_>) {
    app.sign_in_as("officer", Some(WEST)).await;
    let west = app.village(WEST).await;
    let project = app.register(&draft(west, "Jalan Melati", road(114.311, -8.203))).await;
    chain.told().await;
    let (report, photo, bytes) = (new_id(), new_id(), jpeg(40, 30));
    let sent = json!({ "id": report, "percent": 50, "reported_on": "2026-01-15", "stage": "50", "note": "Bu Sri melihat",
        "photos": [{ "id": photo, "position": 1, "bytes": bytes.len() }] });
    app.post(&path(&project, "/reports"), &sent).await.is(StatusCode::CREATED);
    let (told, _) = chain.only("report report").await;
    assert_eq!(
        told,
        json!({ "project": [null, project["id"]], "percent": [null, 50], "reported_on": [null, "2026-01-15"],
            "stage": [null, "50"], "photos": [null, [photo]], "note": [null, { "personal": "Bu Sri melihat" }] })
    );
    let size = bytes.len();
    let original = format!("/api/v1/photos/{photo}/original");
    let receipt = app.put_bytes(&original, "image/jpeg", bytes).await.is(StatusCode::CREATED);
    let told = chain.told().await;
    assert_eq!(
        told.iter().map(|(what, changes, _)| (what.as_str(), changes.clone())).collect::<Vec<_>>(),
        [
            ("photo project", json!({ "photo": [null, photo] })),
            ("receive photo", json!({ "report": [null, report], "sha256": [null, receipt["sha256"]], "bytes": [null, size] })),
        ],
        "one of the work, one of the photo"
    );
    app.work().await;
    assert_eq!(chain.kinds().await, [] as [&str; 0]);

    import(app, 100_000_000).await;
    let (imported, _) = chain.only("import import_chunk").await;
    assert_eq!((&imported["rows"], imported["digest"][1].as_str().map(str::len)), (&json!([null, 1]), Some(64)));
    import(app, 120_000_000).await;
    let (changed, _) = chain.only("reimport project").await;
    assert_eq!(changed["budget_rupiah"], json!([100_000_000, 120_000_000]), "{changed}");
    assert!(changed.as_object().unwrap().keys().all(|field| ["budget_rupiah", "funding"].contains(&field.as_str())), "{changed}");
    import(app, 120_000_000).await;
    assert_eq!(chain.kinds().await, [] as [&str; 0], "the same again changes nothing");
    app.work().await;
    chain.told().await;

    let table = "id;judul;kode_desa;tahun;geometry\nB1;Jalan Kamboja;35.10.01.2001;2026;LINESTRING(114.3 -8.215, 114.302 -8.215)\n";
    let (upload, other) = (new_id(), new_id());
    let file = |id: Uuid| format!("/api/v1/uploads/{id}/file/Bu%20Sri.csv");
    app.put_bytes(&file(upload), "text/csv", table.as_bytes().to_vec()).await.is(StatusCode::CREATED);
    let (came, _) = chain.only("receive upload").await;
    assert_eq!(
        (&came["bytes"], &came["file_name"]),
        (&json!([null, table.len()]), &json!([null, { "personal": "Bu Sri.csv" }]))
    );
    app.work().await;
    let options = json!({ "revision": 1, "options": {} });
    put(app, &format!("/api/v1/uploads/{upload}/options"), &options).await.is(StatusCode::OK);
    let (chosen, _) = chain.only("choose upload").await;
    assert_eq!(chosen, json!({ "revision": [1, 2] }));
    app.work().await;
    let wish = json!({ "revision": 2, "keep_good": false });
    app.post(&format!("/api/v1/uploads/{upload}/store"), &wish).await.is(StatusCode::OK);
    let (asked, _) = chain.only("store upload").await;
    assert_eq!(asked, json!({ "keep_good": [null, false], "overwrite": [null, false] }));
    app.work().await;
    assert_eq!(chain.kinds().await, ["import import_chunk"]);
    app.put_bytes(&file(other), "text/csv", (table.to_owned() + "\n").into_bytes()).await.is(StatusCode::CREATED);
    chain.only("receive upload").await;
    app.send(app.request(Method::DELETE, &format!("/api/v1/uploads/{other}"))).await.is(StatusCode::NO_CONTENT);
    chain.only("discard upload").await;
}

async fn people_and_jobs(app: &TestApp, chain: &mut Chain<'_>) {
    app.sign_in_as("administrator", None).await;
    chain.only("add user").await;
    let people = app.get("/api/v1/people").await.is(StatusCode::OK);
    let others: Vec<&Value> =
        people["items"].as_array().unwrap().iter().filter(|one| one["is_you"] == false).map(|one| &one["id"]).collect();
    let (read, _) = chain.only("read user").await;
    assert_eq!(read, json!({ "people": [null, others] }), "of whom they read, and not of themselves");
    let officer = people["items"].as_array().unwrap().iter().find(|one| one["role"] == "officer").unwrap();
    let person = format!("/api/v1/people/{}", officer["id"].as_str().unwrap());
    app.send(app.request(Method::DELETE, &format!("{person}/sessions"))).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("end_sessions user").await.0, json!({ "ended": [null, 1] }));
    app.post(&format!("{person}/disable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("disable user").await.0, json!({ "disabled": [false, true] }));
    app.post(&format!("{person}/disable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.kinds().await, [] as [&str; 0], "it is shut already");
    app.post(&format!("{person}/enable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("enable user").await.0, json!({ "disabled": [true, false] }));
    put(app, &format!("{person}/password"), &json!({ "password": "lima kuda di sawah" })).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("reset_password user").await.0, json!({ "ended": [null, 0] }));
    let change = json!({ "old": PASSWORD, "new": "enam kuda di sawah" });
    put(app, "/api/v1/account/password", &change).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("change_password user").await.0, json!({ "ended": [null, 0] }));
    app.send(app.request(Method::DELETE, "/api/v1/account/sessions")).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("end_sessions user").await.0, json!({ "ended": [null, 0] }));

    let (mut tx, now) = (app.app.store.write().await.unwrap(), app.app.clock.now());
    let job = NewJob { id: new_id(), kind: JobKind::SendMail, subject_id: new_id(), run_at: now };
    let id = job.id;
    enqueue(&mut tx, &[job], now).await.unwrap();
    tx.commit().await.unwrap();
    app.work().await;
    app.post(&format!("/api/v1/jobs/{id}/retry"), &json!({})).await.is(StatusCode::NO_CONTENT);
    chain.only("retry job").await;
    let erased = erase_history(&app.app, uuid(officer)).await.unwrap();
    assert_eq!(erased.values, 3, "login, name and address of mail");
    assert_eq!(chain.only("erase user").await.0, json!({ "values": [3, 0] }));
}

async fn every_action_leaves_one_entry_with_what_it_changed(engine: Engine) {
    let app = TestApp::start(engine, &[]).await;
    let mut chain = Chain::new(&app);
    let began = chain.kinds().await;
    assert_eq!(began[0], "begin chain");
    assert!(began[1..].iter().all(|what| what == "import import_chunk") && began.len() > 1, "{began:?}");
    projects_and_findings(&app, &mut chain).await;
    reports_and_files(&app, &mut chain).await;
    people_and_jobs(&app, &mut chain).await;
    let known: BTreeSet<String> = ChangeAction::ALL.iter().map(|action| action.as_str().to_owned()).collect();
    assert_eq!(chain.seen, known, "an action that no step here does is told by nobody");
    // Every entry of the change log is covered by one of the chain.
    let mut tx = app.app.store.read().await.unwrap();
    assert_eq!(tapak::store::changes::count_uncovered(&mut tx).await.unwrap(), 0);
    assert!(verify(&mut tx, None, |_| {}).await.unwrap().is_whole());
    drop(tx);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_leaves_one_entry_with_what_it_changed_on_sqlite() {
    every_action_leaves_one_entry_with_what_it_changed(Engine::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_leaves_one_entry_with_what_it_changed_on_postgres() {
    if let Some(engine) = Engine::postgres().await {
        every_action_leaves_one_entry_with_what_it_changed(engine).await;
    }
}

on_both_engines!(what_is_refused_leaves_no_entry, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21))).await;
    let mut chain = Chain::new(&app);
    chain.told().await;
    app.patch(&path(&project, ""), &json!({ "row_version": 7, "title": "X" })).await.refuses(409, "changed_meanwhile", None);
    let withdrawal = json!({ "row_version": 1, "reason": "Salah." });
    app.post(&path(&project, "/withdraw"), &withdrawal).await.refuses(403, "not_allowed", None);
    app.patch(&path(&project, ""), &json!({ "row_version": 1, "village_id": new_id() })).await;
    app.get("/api/v1/people").await.refuses(403, "not_allowed", None);
    assert_eq!(chain.kinds().await, [] as [&str; 0]);
});

fn house(village: Uuid) -> Value {
    let mut house = draft(village, "Bedah rumah RT 05", json!({ "type": "Point", "coordinates": [114.305, -8.21] }));
    house["owner"] = json!("Mbok Nah Rahasia");
    house["sensitivity"] = json!("hamlet");
    house
}

on_both_engines!(who_reads_the_name_of_an_owner_is_noted_once_and_who_does_not_see_it_is_not, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&house(app.village(WEST).await)).await;
    let mut chain = Chain::new(&app);
    chain.told().await;
    let read = async || app.get(&path(&project, "")).await.is(StatusCode::OK)["owner"].clone();
    assert_eq!(read().await, "Mbok Nah Rahasia");
    assert_eq!(chain.only("read project").await.0, json!({ "fields": [null, ["owner"]] }));
    assert_eq!(read().await, "Mbok Nah Rahasia");
    assert_eq!(chain.kinds().await, [] as [&str; 0], "a page that asks again is the same reading");
    app.app.clock.advance(std::time::Duration::from_secs(11 * 60));
    read().await;
    chain.only("read project").await;
    app.sign_out().await;
    assert_eq!(read().await, Value::Null);
    assert_eq!(chain.kinds().await, [] as [&str; 0]);
    app.sign_in_as("inspector", Some("35.10")).await;
    chain.told().await;
    read().await;
    chain.only("read project").await;
    app.work().await;
});

on_both_engines!(what_cannot_be_noted_is_not_read, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&house(app.village(WEST).await)).await;
    app.work().await;
    let refuse = match app.engine {
        Engine::Sqlite => "CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END".to_owned(),
        Engine::Postgres { .. } => "ALTER TABLE audit ADD CONSTRAINT no CHECK (number < 0) NOT VALID".to_owned(),
    };
    app.engine.execute(app.folder.path(), &refuse).await;
    let answer = app.get(&path(&project, "")).await;
    assert!(answer.status.is_server_error() && !text(&answer.bytes).contains("Rahasia"), "{answer:?}");
});

on_both_engines!(the_history_shows_what_changed_until_it_is_erased, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&house(app.village(WEST).await)).await;
    patch(&app, &project, json!({ "owner": null, "volume": 12.5, "volume_unit": "m", "reason": "Minta Mbok Nah Rahasia" })).await;
    let history = async || app.get(&path(&project, "")).await.is(StatusCode::OK)["history"].clone();
    let change = |history: &Value, field: &str| {
        let changes = history[0]["changes"].as_array().unwrap().clone();
        changes.into_iter().find(|one| one["field"] == field).unwrap_or_else(|| panic!("no {field} in {history}"))
    };
    let told = history().await;
    assert_eq!(
        change(&told, "owner"),
        json!({ "field": "owner", "before": "Mbok Nah Rahasia", "after": null, "is_erased": false })
    );
    assert_eq!(change(&told, "volume"), json!({ "field": "volume", "before": null, "after": 12.5, "is_erased": false }));
    assert_eq!((&told[0]["note"], &told[1]["changes"]), (&json!("Minta Mbok Nah Rahasia"), &json!([])));
    let printed = { audit::find_head(&mut app.app.store.read().await.unwrap()).await.unwrap().unwrap().hash };
    let erased = erase_history(&app.app, uuid(&project)).await.unwrap();
    assert!(!erased.names_owner && erased.states == 1 && erased.notes == 1, "{erased:?}");
    let told = history().await;
    assert_eq!(change(&told, "owner"), json!({ "field": "owner", "before": null, "after": null, "is_erased": true }));
    assert_eq!(told[0]["note"], Value::Null);
    let found = verify(&mut app.app.store.read().await.unwrap(), Some(&printed), |_| {}).await.unwrap();
    assert!(found.is_whole() && found.holds_head == Some(true), "{found:?}");
    app.work().await;
    assert_eq!(places_of(&app, "Rahasia").await, [] as [String; 0], "in the database");
    // The rest of the correction can still be taken back.
    app.post(&path(&project, "/undo"), &json!({ "row_version": current(&app, &project).await })).await.is(StatusCode::OK);
    let now = app.get(&path(&project, "")).await.json();
    assert_eq!((&now["owner"], &now["volume"]), (&Value::Null, &Value::Null));
});

/// Where a text is in the database: the bytes of SQLite's files, the columns of PostgreSQL.
async fn places_of(app: &TestApp, text: &str) -> Vec<String> {
    let url = app.engine.url(app.folder.path());
    let Engine::Postgres { .. } = app.engine else {
        let files = ["test.db", "test.db-wal"].map(|name| app.folder.path().join(name));
        let holds = |file: &Path| {
            let bytes = std::fs::read(file).unwrap_or_default();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        };
        return files.iter().filter(|file| holds(file)).map(|file| file.display().to_string()).collect();
    };
    use sqlx::Connection;
    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
    let tables: Vec<(String,)> =
        sqlx::query_as("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'").fetch_all(&mut connection).await.unwrap();
    let mut found = Vec::new();
    for (table,) in tables {
        let count = format!("SELECT COUNT(*) FROM {table} AS t WHERE t::text LIKE '%{text}%'");
        let (count,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(count)).fetch_one(&mut connection).await.unwrap();
        if count > 0 {
            found.push(table);
        }
    }
    found
}

on_both_engines!(the_terminal_prints_the_head_verifies_the_chain_and_exits_with_3_where_it_is_broken, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21))).await;
    app.work().await;
    let url = app.engine.url(app.folder.path());
    let run = |arguments: &[&str]| {
        let done = tapak(app.folder.path(), &[&["--database", &url], arguments].concat());
        (done.status.code(), text(&done.stdout) + &text(&done.stderr))
    };
    let (code, printed) = run(&["audit", "head"]);
    assert_eq!(code, Some(0), "{printed}");
    let kept = app.folder.path().join("kept.txt");
    std::fs::write(&kept, &printed).unwrap();
    let kept = kept.display().to_string();
    let (_, as_json) = run(&["audit", "head", "--json"]);
    let head: Value = serde_json::from_str(&as_json).unwrap();
    let hash = head["hash"].as_str().unwrap();
    let groups: Vec<&str> = (0..8).map(|n| &hash[8 * n..8 * n + 8]).collect();
    assert!(printed.contains(&groups.join(" ")), "{printed}");
    for given in [kept.as_str(), hash] {
        let (code, told) = run(&["audit", "verify", "--head", given]);
        assert_eq!((code, told.contains("the chain is whole"), told.contains("nothing was cut off")), (Some(0), true, true), "{told}");
    }
    let (code, told) = run(&["audit", "verify", "--head", &"0".repeat(64)]);
    assert!(code == Some(3) && told.contains("were cut off at the end"), "{told}");
    let (code, told) = run(&["audit", "verify", "--head", "nowhere.txt"]);
    assert!(code == Some(1) && told.contains("nowhere.txt"), "{told}");
    let (code, told) = run(&["audit", "show", project["id"].as_str().unwrap()]);
    assert!(code == Some(0) && told.contains("register") && !told.contains("Tes officer"), "{told}");
    let (code, told) = run(&["audit", "erase", "officer-35.10.01.2001"]);
    assert!(code == Some(0) && told.contains("3 values of the audit chain"), "{told}");
    let (code, told) = run(&["audit", "erase", &new_id().to_string()]);
    assert!(code == Some(1) && told.contains("knows nothing about"), "{told}");
    let drop = match app.engine {
        Engine::Sqlite => "DROP TRIGGER audit_not_updated;",
        Engine::Postgres { .. } => "ALTER TABLE audit DISABLE TRIGGER USER;",
    };
    app.engine.execute(app.folder.path(), &format!("{drop} UPDATE audit SET action = 'merge' WHERE number = 2")).await;
    let (code, told) = run(&["audit", "verify"]);
    assert!(code == Some(3) && told.contains("broken at entry 2: it is not what it was"), "{told}");
    let (code, told) = run(&["audit", "verify", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, &told["broken"]), (Some(3), &json!({ "number": 2, "fault": "content" })));
});
