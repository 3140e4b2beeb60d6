//! Files brought in the page: received, read, corrected, stored; by whom, and what is refused.

use crate::common::{
    EAST, ELSEWHERE, ELSEWHERE_LON, TestApp, WEST, draft, new_id, on_both_engines, road, three_villages,
};
use axum::body::Bytes;
use http_body_util::{BodyExt, Full};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use tapak::actions::uploads::Broken;
use tapak::actions::uploads::read_upload::read_upload;
use tapak::domain::upload::UploadState;
use tapak::jobs::{retry, worker};
use tapak::store::{imports, uploads, users};
use uuid::Uuid;

const HEADING: &str = "id;judul;kode_desa;tahun;pagu;geometry\n";

/// A row of a table with a road of 220 m.
fn row(id: &str, title: &str, village: &str, budget: &str, lon: f64) -> String {
    let (mid, end) = (lon + 0.001, lon + 0.002);
    format!("{id};{title};{village};2026;{budget};LINESTRING({lon} -8.21, {mid} -8.21, {end} -8.21)\n")
}

fn url(id: Uuid, rest: &str) -> String {
    format!("/api/v1/uploads/{id}{rest}")
}

/// Sends a file; gives its upload before it is read.
async fn send(app: &TestApp, name: &str, bytes: impl Into<Vec<u8>>) -> (Uuid, Value) {
    let id = new_id();
    let answer = app.put_bytes(&url(id, &format!("/file/{name}")), "application/octet-stream", bytes.into()).await;
    (id, answer.is(StatusCode::CREATED))
}

async fn show(app: &TestApp, id: Uuid) -> Value {
    app.get(&url(id, "")).await.is(StatusCode::OK)
}

/// Sends a file and has it read.
async fn read(app: &TestApp, name: &str, bytes: impl Into<Vec<u8>>) -> (Uuid, Value) {
    let (id, sent) = send(app, name, bytes).await;
    assert_eq!((sent["state"].as_str(), &sent["outcome"]), (Some("received"), &Value::Null), "{sent}");
    app.work().await;
    (id, show(app, id).await)
}

/// Says something of a file and has it read again.
async fn choose(app: &TestApp, id: Uuid, options: Value) -> Value {
    let revision = show(app, id).await["revision"].clone();
    let body = json!({ "revision": revision, "options": options });
    let said = app.send(app.request(reqwest::Method::PUT, &url(id, "/options")).json(&body)).await.is(StatusCode::OK);
    assert_eq!(said["state"], "received", "{said}");
    app.work().await;
    show(app, id).await
}

fn wish(upload: &Value, keep_good: bool) -> Value {
    json!({ "revision": upload["revision"], "keep_good": keep_good })
}

async fn store(app: &TestApp, id: Uuid, upload: &Value, keep_good: bool) -> Value {
    let asked = app.post(&url(id, "/store"), &wish(upload, keep_good)).await.is(StatusCode::OK);
    assert_eq!(asked["state"], "storing", "{asked}");
    app.work().await;
    show(app, id).await
}

async fn titles(app: &TestApp) -> Vec<String> {
    let found = app.get("/api/v1/projects?limit=100").await.is(StatusCode::OK);
    let mut titles: Vec<String> =
        found["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

async fn refused(app: &TestApp, id: Uuid) -> Vec<Value> {
    app.get(&url(id, "/cells")).await.is(StatusCode::OK)["items"].as_array().unwrap().clone()
}

fn codes(cells: &[Value]) -> Vec<(u64, &str)> {
    cells.iter().map(|cell| (cell["row"].as_u64().unwrap(), cell["code"].as_str().unwrap())).collect()
}

fn is_on_disk(app: &TestApp, id: Uuid) -> bool {
    let folder = std::fs::read_dir(app.app.photos.path().join("uploads")).unwrap();
    folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).any(|name| name.starts_with(&id.to_string()))
}

on_both_engines!(a_file_tells_the_doubles_it_would_bring_and_is_stored_once, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let known = app.register(&draft(app.village(WEST).await, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
    app.work().await;
    let table = [
        HEADING,
        &row("A1", "Pavingisasi gang masjid Rt.02", WEST, "150000000", 114.305),
        &row("A2", "Talud Kali Setail", WEST, "80000000", 114.311),
        &row("A3", "Pembangunan talud Kali Setail", WEST, "80000000", 114.311),
    ];
    let (id, upload) = read(&app, "Daftar%20DPMD.csv", table.concat()).await;
    let outcome = &upload["outcome"];
    assert_eq!((&upload["state"], &upload["file_name"]), (&json!("checked"), &json!("Daftar DPMD.csv")), "{upload}");
    assert_eq!((&outcome["rows"], &outcome["new"], &outcome["refused_cells"]), (&json!(3), &json!(3), &json!(0)));
    assert_eq!(outcome["source"], "file:Daftar DPMD");
    let column = outcome["columns"].as_array().unwrap().iter().find(|column| column["name"] == "judul").unwrap();
    assert_eq!((&column["field"], &column["samples"][1]), (&json!("title"), &json!("Talud Kali Setail")));
    assert_eq!(titles(&app).await.len(), 1, "nothing is stored yet");

    let doubles = app.get(&url(id, "/doubles")).await.is(StatusCode::OK)["items"].as_array().unwrap().clone();
    let told: Vec<(u64, &Value, &Value)> = doubles
        .iter()
        .map(|double| (double["row"].as_u64().unwrap(), &double["project"]["id"], &double["other_row"]))
        .collect();
    assert!(told.contains(&(2, &known["id"], &Value::Null)), "{told:?}");
    assert!(told.contains(&(4, &Value::Null, &json!(3))), "{told:?}");
    assert!(doubles.iter().all(|double| double["pair"]["evidence"][0]["sentence"].is_string()), "{doubles:?}");
    assert_eq!(outcome["alerts"].as_u64().unwrap() + outcome["reviews"].as_u64().unwrap(), doubles.len() as u64);

    let stored = store(&app, id, &upload, false).await;
    assert_eq!((&stored["state"], &stored["outcome"]["new"]), (&json!("stored"), &json!(3)), "{stored}");
    assert_eq!(titles(&app).await.len(), 4);
    let again = app.post(&url(id, "/store"), &wish(&upload, false)).await.is(StatusCode::OK);
    assert_eq!((again["state"].as_str(), app.work().await), (Some("stored"), 0), "the same act");
    let found = app.get("/api/v1/projects?q=setail").await.json();
    let path = format!("/api/v1/projects/{}", found["items"][0]["id"].as_str().unwrap());
    let project = app.get(&path).await.is(StatusCode::OK);
    assert_eq!(project["history"][0]["by"], "Tes officer", "{project}");
    assert!(!is_on_disk(&app, id), "the bytes are not needed any more");

    // The same list once more: nothing is new.
    let (_, second) = read(&app, "Daftar%20DPMD.csv", table.concat()).await;
    let outcome = &second["outcome"];
    assert_eq!((&outcome["new"], &outcome["same"], &outcome["alerts"]), (&json!(0), &json!(3), &json!(0)), "{second}");
});

on_both_engines!(columns_and_values_are_corrected_by_hand, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let table = "ID;Ihwal;Keterangan;Pelaksana\n1;Talud Kali Lo;lama;CV Maju\n2;Jalan Melati;baru;CV Maju\n";
    let (id, upload) = read(&app, "a.csv", table).await;
    assert_eq!(
        (&upload["state"], &upload["problem"]["code"]),
        (&json!("failed"), &json!("missing_column")),
        "{upload}"
    );
    assert!(!upload["problem"]["expected"].as_str().unwrap().contains("--"), "{upload}");
    assert_eq!(upload["outcome"]["columns"][1]["samples"], json!(["Talud Kali Lo", "Jalan Melati"]));
    app.post(&url(id, "/store"), &wish(&upload, false)).await.refuses(409, "upload_not_checked", None);
    let options = json!({
        "columns": [{ "column": "Ihwal", "field": "title" }, { "column": "Keterangan", "field": null }],
        "values": [{ "field": "village_code", "text": WEST }, { "field": "fiscal_year", "text": "2026" }],
    });
    let upload = choose(&app, id, options).await;
    assert_eq!((&upload["state"], &upload["outcome"]["new"]), (&json!("checked"), &json!(2)), "{upload}");
    assert_eq!(upload["outcome"]["columns"][1]["by_hand"], true);
    store(&app, id, &upload, false).await;
    assert_eq!(titles(&app).await, ["Jalan Melati", "Talud Kali Lo"]);
    // What was stored stands.
    let body = json!({ "revision": 2, "options": {} });
    let again = app.send(app.request(reqwest::Method::PUT, &url(id, "/options")).json(&body)).await;
    again.refuses(409, "upload_stored", None);
});

on_both_engines!(cells_are_corrected_in_place_and_the_file_stays_as_it_came, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let table = [
        HEADING,
        &row("A1", "Jalan satu", WEST, "100000000", 114.305),
        &row("A2", "Jalan dua", "35.10.01.20X1", "100000000", 114.307),
        &row("A3", "Jalan tiga", WEST, "100000000", 114.309).replace(";2026;", ";dua ribu;"),
    ]
    .concat();
    let (id, upload) = read(&app, "a.csv", table).await;
    let cells = refused(&app, id).await;
    assert_eq!(cells.iter().map(|cell| cell["row"].as_u64().unwrap()).collect::<Vec<_>>(), [3, 4], "{cells:?}");
    assert_eq!((&cells[0]["column"], &cells[0]["given"]), (&json!("kode_desa"), &json!("35.10.01.20X1")));
    assert!(cells[1]["detail"].as_str().unwrap().contains("dua ribu"), "{cells:?}");
    app.post(&url(id, "/store"), &wish(&upload, false)).await.refuses(409, "upload_has_refused", None);
    let cells = json!([
        { "row": 3, "column": "kode_desa", "text": WEST },
        { "row": 4, "column": "tahun", "text": "2026" },
        { "row": 77, "column": "tahun", "text": "2026" },
    ]);
    let upload = choose(&app, id, json!({ "cells": cells })).await;
    assert_eq!((&upload["outcome"]["good"], &upload["outcome"]["refused_cells"]), (&json!(3), &json!(0)), "{upload}");
    assert!(upload["outcome"]["notes"][0].as_str().unwrap().contains("77"), "{upload}");
    store(&app, id, &upload, false).await;
    assert_eq!(titles(&app).await, ["Jalan dua", "Jalan satu", "Jalan tiga"]);
});

on_both_engines!(good_rows_alone_are_stored_where_that_is_asked_for, |app| {
    app.sign_in_as("administrator", None).await;
    let table = [HEADING, &row("A1", "Jalan satu", WEST, "1", 114.305), &row("A2", "Jalan dua", "x", "1", 114.307)];
    let (id, upload) = read(&app, "a.csv", table.concat()).await;
    let stored = store(&app, id, &upload, true).await;
    assert_eq!((&stored["state"], &stored["outcome"]["new"]), (&json!("stored"), &json!(1)), "{stored}");
    assert_eq!((refused(&app, id).await.len(), titles(&app).await), (1, vec!["Jalan satu".to_owned()]));
});

on_both_engines!(a_place_far_from_its_village_is_taken_as_it_was_meant_where_a_person_says_so, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let lost_sign = row("A1", "Jalan satu", WEST, "100000000", 114.305).replace("-8.21", "8.21");
    let (id, _) = read(&app, "a.csv", [HEADING, &lost_sign].concat()).await;
    let cells = refused(&app, id).await;
    assert_eq!(codes(&cells), [(2, "row_far_from_village")]);
    assert_eq!(cells[0]["fitting"][1], json!(-8.21), "{cells:?}");
    let upload = choose(&app, id, json!({ "readings": [2] })).await;
    assert_eq!(upload["outcome"]["good"], 1, "{upload}");
    store(&app, id, &upload, false).await;
    let found = app.get("/api/v1/projects").await.json();
    assert_eq!(found["items"][0]["centre"][1], json!(-8.21), "{found}");
});

on_both_engines!(an_officer_imports_for_the_own_region_alone, |app| {
    app.import_villages(&three_villages()).await;
    app.sign_in_as("administrator", None).await;
    let here = [HEADING, &row("A1", "Jalan satu", WEST, "1", 114.305), &row("A2", "Jalan dua", EAST, "1", 114.325)];
    let (id, upload) = read(&app, "a.csv", here.concat()).await;
    store(&app, id, &upload, false).await;

    app.sign_in_as("officer", Some(WEST)).await;
    // A village elsewhere, and a work elsewhere that would be drawn into the own village.
    let table = [
        HEADING,
        &row("A1", "Jalan satu", WEST, "1", 114.305),
        &row("A2", "Jalan dua", WEST, "1", 114.307),
        &row("A3", "Jalan tiga", ELSEWHERE, "1", ELSEWHERE_LON - 0.01),
    ];
    let (id, upload) = read(&app, "a.csv", table.concat()).await;
    let cells = refused(&app, id).await;
    assert_eq!(codes(&cells), [(3, "record_of_other_region"), (4, "village_of_other_region")]);
    assert_eq!((&cells[0]["column"], &cells[1]["column"]), (&json!("id"), &json!("kode_desa")));
    store(&app, id, &upload, true).await;
    app.sign_in_as("administrator", None).await;
    let found = app.get("/api/v1/projects?q=dua").await.json();
    assert_eq!(found["items"][0]["village"]["code"], EAST, "{found}");
    assert_eq!(titles(&app).await, ["Jalan dua", "Jalan satu"]);
});

on_both_engines!(a_double_that_the_person_may_not_see_is_neither_told_nor_counted, |app| {
    app.import_villages(&three_villages()).await;
    app.sign_in_as("administrator", None).await;
    let mut house = draft(
        app.village(ELSEWHERE).await,
        "Rehab RTLH a.n. Sumiati",
        json!({ "type": "Point", "coordinates": [114.29998, -8.21] }),
    );
    (house["activity_code"], house["owner"]) = (json!("02.04.01"), json!("Sumiati"));
    app.register(&house).await;
    app.work().await;
    let row = format!("A1;Rehab RTLH a.n. Sumiati;{WEST};2026;150000000;POINT(114.30001 -8.21)\n");
    let file = [HEADING, &row].concat();
    let (id, upload) = read(&app, "a.csv", file.clone()).await;
    let both = |outcome: &Value| outcome["alerts"].as_u64().unwrap() + outcome["reviews"].as_u64().unwrap();
    assert!(both(&upload["outcome"]) > 0, "who answers for both is told: {upload}");
    assert_eq!(app.get(&url(id, "/doubles")).await.json()["items"].as_array().unwrap().len(), 1);
    app.sign_in_as("officer", Some(WEST)).await;
    let (id, upload) = read(&app, "a.csv", file).await;
    assert_eq!((both(&upload["outcome"]), &upload["state"]), (0, &json!("checked")), "{upload}");
    assert_eq!(app.get(&url(id, "/doubles")).await.json()["items"], json!([]));
});

on_both_engines!(others_do_not_import_and_do_not_see_the_upload_of_somebody_else, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let file = [HEADING, &row("A1", "Jalan satu", WEST, "1", 114.305)].concat();
    let (id, upload) = read(&app, "a.csv", file.clone()).await;
    let again = app.put_bytes(&url(id, "/file/a.csv"), "application/octet-stream", file.clone().into_bytes()).await;
    assert_eq!(again.is(StatusCode::OK)["id"], upload["id"]);
    let other = app.put_bytes(&url(id, "/file/a.csv"), "application/octet-stream", b"id;judul\n".to_vec()).await;
    other.refuses(409, "id_taken", None);
    assert_eq!(show(&app, id).await["state"], "checked", "what came first stands");
    for (role, region) in [("officer", Some(EAST)), ("administrator", None)] {
        app.sign_in_as(role, region).await;
        let taken = app.put_bytes(&url(id, "/file/a.csv"), "application/octet-stream", file.clone().into_bytes()).await;
        taken.refuses(409, "id_taken", None);
        for path in ["", "/cells", "/doubles"] {
            app.get(&url(id, path)).await.refuses(404, "not_found", None);
        }
        app.post(&url(id, "/store"), &wish(&upload, false)).await.refuses(404, "not_found", None);
        app.send(app.request(reqwest::Method::DELETE, &url(id, ""))).await.refuses(404, "not_found", None);
        assert_eq!(app.get("/api/v1/uploads").await.json()["items"], json!([]));
    }
    for role in ["village_head", "inspector"] {
        app.sign_in_as(role, Some(WEST)).await;
        app.get("/api/v1/uploads").await.refuses(403, "not_allowed", None);
        let sent = app.put_bytes(&url(new_id(), "/file/a.csv"), "application/octet-stream", b"x".to_vec()).await;
        sent.refuses(403, "not_allowed", None);
    }
    app.sign_in_as("officer", Some(WEST)).await;
    assert!(is_on_disk(&app, id));
    assert_eq!(app.get("/api/v1/uploads").await.json()["items"][0]["id"], json!(id));
    app.send(app.request(reqwest::Method::DELETE, &url(id, ""))).await.is(StatusCode::NO_CONTENT);
    app.get(&url(id, "")).await.refuses(404, "not_found", None);
    assert!(!is_on_disk(&app, id));
});

on_both_engines!(a_file_of_another_kind_says_what_it_is_and_what_would_be_read, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let (_, upload) = read(&app, "daftar.pdf", b"%PDF-1.7 x".to_vec()).await;
    assert_eq!((&upload["state"], &upload["problem"]["code"]), (&json!("failed"), &json!("file_of_other_kind")));
    let problem = &upload["problem"];
    assert!(problem["detail"].as_str().unwrap().contains("PDF") && problem["expected"].is_string(), "{problem}");
    let empty = app.put_bytes(&url(new_id(), "/file/a.csv"), "application/octet-stream", Vec::new()).await;
    empty.refuses(422, "file_empty", Some("file"));
    let nameless = app.put_bytes(&url(new_id(), "/file/%20"), "application/octet-stream", b"x".to_vec()).await;
    nameless.refuses(422, "missing", Some("name"));
});

on_both_engines!(a_file_that_is_too_large_is_refused_and_leaves_nothing, [("upload_bytes", "1000")], |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let large = app.put_bytes(&url(new_id(), "/file/a.csv"), "application/octet-stream", vec![b'x'; 1_001]).await;
    assert_eq!(large.refuses(413, "too_large", None)["most"], 1_000);
    // A body that does not say how long it is.
    let silent = Full::new(Bytes::from_static(&[b'x'; 1_500])).map_frame(|frame| frame);
    let unannounced = reqwest::Body::wrap(silent);
    let sent = app.request(reqwest::Method::PUT, &url(new_id(), "/file/a.csv")).body(unannounced);
    app.send(sent).await.refuses(413, "too_large", None);
    assert_eq!(app.get("/api/v1/uploads").await.json()["items"], json!([]));
    for folder in ["uploads", "incoming"] {
        assert_eq!(std::fs::read_dir(app.app.photos.path().join(folder)).unwrap().count(), 0, "{folder}");
    }
});

on_both_engines!(a_person_keeps_few_files_and_what_everybody_left_is_taken_away, [("upload_days", "7")], |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let mut first = None;
    for n in 0..20 {
        let (id, _) = send(&app, "a.csv", format!("id;judul\n{n};Jalan\n")).await;
        first.get_or_insert(id);
    }
    app.work().await;
    let more = app.put_bytes(&url(new_id(), "/file/a.csv"), "application/octet-stream", b"id\n".to_vec()).await;
    more.refuses(409, "too_many_uploads", None);
    app.app.clock.advance(Duration::from_secs(8 * 86_400));
    app.sign_in_as("administrator", None).await;
    send(&app, "a.csv", "id;judul\n1;Jalan\n").await;
    app.sign_in_as("officer", Some(WEST)).await;
    assert_eq!(app.get("/api/v1/uploads").await.json()["items"], json!([]));
    assert!(!is_on_disk(&app, first.unwrap()));
});

/// The upload as the job finds it, with its person.
async fn kept(app: &TestApp, id: Uuid) -> (uploads::Upload, tapak::domain::person::Person) {
    let mut tx = app.app.store.read().await.unwrap();
    let upload = uploads::find(&mut tx, id).await.unwrap().unwrap();
    let by = users::find(&mut tx, upload.by, app.app.clock.now()).await.unwrap().unwrap();
    (upload, by)
}

on_both_engines!(what_is_found_under_an_earlier_choice_is_not_written_over_a_later_one, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let file = [HEADING, &row("A1", "Jalan satu", WEST, "1", 114.305)].concat();
    let (id, _) = send(&app, "a.csv", file).await;
    let (before, by) = kept(&app, id).await;
    let body = json!({ "revision": 1, "options": { "source": "Sumber lain" } });
    let put = || app.send(app.request(reqwest::Method::PUT, &url(id, "/options")).json(&body));
    assert_eq!(put().await.is(StatusCode::OK)["revision"], 2);
    put().await.refuses(409, "upload_changed", None);
    let late = read_upload(&app.app, &by, &before).await;
    assert!(matches!(late, Err(Broken::Obsolete)), "{late:?}");
    app.work().await;
    assert_eq!(show(&app, id).await["outcome"]["source"], "Sumber lain");
    let wrong = json!({ "revision": 2, "options": { "values": [{ "field": "warna", "text": "merah" }] } });
    let wrong = app.send(app.request(reqwest::Method::PUT, &url(id, "/options")).json(&wrong)).await;
    wrong.refuses(422, "unknown_import_field", Some("values[0].field"));
});

on_both_engines!(a_job_that_is_killed_while_it_stores_goes_on_and_stores_each_row_once, |app| {
    app.sign_in_as("administrator", None).await;
    let rows: String =
        (0..2_500).map(|n| format!("A{n};Sumur resapan nomor {n};{WEST};2026;{};\n", 1_000_000 + n)).collect();
    let (id, upload) = read(&app, "a.csv", [HEADING, &rows].concat()).await;
    assert_eq!(upload["outcome"]["new"], 2_500, "{upload}");
    app.post(&url(id, "/store"), &wish(&upload, false)).await.is(StatusCode::OK);
    let work = tokio::spawn({
        let app = app.app.clone();
        async move { worker::run_one(&app).await.unwrap() }
    });
    let chunks = async || {
        let mut tx = app.app.store.read().await.unwrap();
        imports::count_chunks(&mut tx, id).await.unwrap()
    };
    while chunks().await == 0 && !work.is_finished() {
        tokio::task::yield_now().await;
    }
    work.abort();
    let _ = work.await;
    assert_eq!(kept(&app, id).await.0.state, UploadState::Storing, "it was stopped too late");
    // While it is being stored nothing else is said of it.
    app.send(app.request(reqwest::Method::DELETE, &url(id, ""))).await.refuses(409, "upload_stored", None);
    app.app.clock.advance(retry::LEASE + Duration::from_secs(1));
    app.work().await;
    let stored = show(&app, id).await;
    assert_eq!((&stored["state"], &stored["outcome"]["new"]), (&json!("stored"), &json!(2_500)), "{stored}");
    let mut tx = app.app.store.read().await.unwrap();
    let count = tapak::store::project_pages::count(&mut tx).await.unwrap();
    assert_eq!(count, 2_500);
});
