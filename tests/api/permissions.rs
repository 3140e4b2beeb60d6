//! Every route, tried by every role in every region: what it answers is what the table of permissions says.

use crate::common::{EAST, ELSEWHERE, TestApp, WEST, draft, jpeg, new_id, on_both_engines, road, three_villages};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tapak::domain::person::{Role, Scope};
use tapak::http::permissions::ROUTES;
use tapak::permission::{Action, may};

#[test]
fn every_route_of_the_description_names_what_it_asks_for() {
    let api = serde_json::to_value(tapak::http::routes::openapi()).unwrap();
    let described: BTreeSet<(String, String)> = api["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    let named: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described, named, "a route without a permission, or a permission without a route");
    assert_eq!(named.len(), ROUTES.len(), "a route stands twice");
}

/// A caller: nobody, or a role with its region.
const CALLERS: [Option<(Role, Option<&str>)>; 13] = [
    None,
    Some((Role::Officer, Some(WEST))),
    Some((Role::Officer, Some(EAST))),
    Some((Role::Officer, Some(ELSEWHERE))),
    Some((Role::Officer, None)),
    Some((Role::VillageHead, Some(WEST))),
    Some((Role::VillageHead, Some(EAST))),
    Some((Role::Inspector, Some("35.10"))),
    Some((Role::Inspector, Some("35.09"))),
    Some((Role::Inspector, None)),
    Some((Role::Administrator, Some("35.10"))),
    Some((Role::Administrator, Some("35.09"))),
    Some((Role::Administrator, None)),
];

/// What stands in the western village.
struct Things {
    village: uuid::Uuid,
    project: String,
    withdrawn: String,
    finding: String,
    photo: String,
    message: String,
    person: String,
    upload: String,
    decision: Value,
}

async fn things(app: &TestApp) -> Things {
    app.import_villages(&three_villages()).await;
    app.sign_in_as("inspector", Some("35.10")).await;
    let village = app.village(WEST).await;
    let a = app.register(&draft(village, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
    app.register(&draft(village, "Pavingisasi gang masjid Rt.02", road(114.305, -8.21))).await;
    let gone = app.register(&draft(village, "Jembatan Kali Lo", road(114.312, -8.214))).await;
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let (photo, bytes) = (new_id(), jpeg(64, 48));
    let report = json!({ "id": new_id(), "percent": 20.0, "reported_on": "2026-11-01",
        "photos": [{ "id": photo, "position": 1, "bytes": bytes.len() }] });
    app.post(&format!("/api/v1/projects/{}/reports", id(&a)), &report).await.is(StatusCode::CREATED);
    app.put_bytes(&format!("/api/v1/photos/{photo}/original"), "image/jpeg", bytes).await.is(StatusCode::CREATED);
    app.work().await;
    let body = json!({ "row_version": gone["row_version"], "reason": "terdaftar dua kali" });
    app.post(&format!("/api/v1/projects/{}/withdraw", id(&gone)), &body).await.is(StatusCode::OK);
    let finding = app.get("/api/v1/findings?kind=duplicate").await.is(StatusCode::OK)["items"][0].clone();
    let person = a_colleague(app).await;
    let visit = json!({ "id": new_id(), "row_version": finding["row_version"], "decision": "need_visit", "reason": "perlu dilihat" });
    app.post(&format!("/api/v1/findings/{}/decision", id(&finding)), &visit).await.is(StatusCode::OK);
    let message = app.get("/api/v1/messages").await.is(StatusCode::OK)["items"][0].clone();
    Things {
        village,
        project: id(&a),
        withdrawn: id(&gone),
        finding: id(&finding),
        photo: photo.to_string(),
        message: id(&message),
        upload: an_upload(app).await,
        person,
        decision: visit["id"].clone(),
    }
}

/// A file of that colleague.
async fn an_upload(app: &TestApp) -> String {
    let mut tx = app.app.store.read().await.unwrap();
    let (by, _) = tapak::store::users::find_by_login(&mut tx, "rekan").await.unwrap().unwrap();
    drop(tx);
    let mut file = app.app.photos.begin(new_id()).await.unwrap();
    file.write(b"id;judul\n").await.unwrap();
    let (id, file) = (new_id(), file.finish().await.unwrap());
    tapak::actions::uploads::receive_upload::receive_upload(&app.app, &by, id, "a.csv", file).await.unwrap();
    id.to_string()
}

/// Somebody of the western village whom nobody of the callers is.
async fn a_colleague(app: &TestApp) -> String {
    let input = tapak::actions::add_user::UserInput {
        login: "rekan".to_owned(),
        name: "Rekan".to_owned(),
        role: "officer".to_owned(),
        region_code: Some(WEST.to_owned()),
        email: None,
        language: "id".to_owned(),
        password: crate::common::PASSWORD.to_owned(),
        demo: false,
    };
    tapak::actions::add_user::add_user(&app.app, input).await.unwrap().id.to_string()
}

/// A sound request to this route about the western village, that changes nothing: where it is allowed it is too late, or the
/// same again.
fn request(app: &TestApp, things: &Things, method: &str, path: &str) -> reqwest::RequestBuilder {
    let id = match path.split('/').nth(3).unwrap() {
        // Of a withdrawal there is something to undo.
        "projects" if path.ends_with("/undo") => &things.withdrawn,
        "projects" => &things.project,
        "findings" => &things.finding,
        "photos" => &things.photo,
        "messages" => &things.message,
        "people" => &things.person,
        "uploads" => &things.upload,
        _ => &things.village.to_string(),
    };
    let filled = path.replace("{id}", id).replace("{size}", "thumb").replace("{name}", "a.csv");
    let filled = if path == "/api/v1/places" { format!("{filled}?lon=114.31&lat=-8.21") } else { filled };
    let sent = app.request(Method::from_bytes(method.as_bytes()).unwrap(), &filled);
    let late = |more: Value| {
        let mut body = json!({ "row_version": 0 });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let mut again = draft(things.village, "Paving lain", road(114.305, -8.21));
    again["id"] = json!(things.project);
    match (method, path.strip_prefix("/api/v1").unwrap()) {
        ("GET", _) => sent,
        // What nobody may have; whoever may ask for it is told so.
        ("PUT", "/account/password") => sent.json(&json!({ "old": "salah", "new": "salah" })),
        ("PUT", "/people/{id}/password") => sent.json(&json!({ "password": "salah" })),
        ("PUT", "/uploads/{id}/options") => sent.json(&json!({ "revision": 1, "options": {} })),
        (_, "/uploads/{id}/store") => sent.json(&json!({ "revision": 1 })),
        ("DELETE", _) | (_, "/people/{id}/disable" | "/people/{id}/enable") => sent,
        ("PUT", _) => sent.header("content-type", "image/jpeg").body(jpeg(32, 32)),
        (_, "/projects") => sent.json(&again),
        (_, "/projects/check") => sent.json(&draft(things.village, "Paving lain", road(114.305, -8.21))),
        ("PATCH", _) => sent.json(&late(json!({ "volume": 5.5 }))),
        (_, "/projects/{id}/withdraw") => sent.json(&late(json!({ "reason": "salah" }))),
        (_, "/projects/{id}/merge") => sent.json(&late(json!({ "into": things.withdrawn, "reason": "salah" }))),
        (_, "/projects/{id}/undo") => sent.json(&late(json!({}))),
        (_, "/projects/{id}/reports") => {
            let photos = json!([{ "id": things.photo, "position": 1, "bytes": 10 }]);
            sent.json(&json!({ "id": new_id(), "percent": 30.0, "reported_on": "2026-11-02", "photos": photos }))
        }
        (_, "/findings/{id}/decision") => {
            sent.json(&late(json!({ "id": new_id(), "decision": "upkeep", "reason": "salah" })))
        }
        (_, "/findings/{id}/decision/undo") => sent.json(&json!({ "decision": new_id() })),
        ("POST", "/findings/{id}/comments") => {
            sent.json(&json!({ "id": new_id(), "text": "Belum jelas.", "answers": new_id() }))
        }
        (_, "/jobs/{id}/retry") => sent,
        (method, path) => panic!("{method} {path}: say here how it is asked"),
    }
}

/// Whether what the action is done to must lie in the region of who does it.
fn is_of_a_region(path: &str, action: Action) -> bool {
    let looks = matches!(
        action,
        Action::ReadPublic
            | Action::CheckProject
            | Action::ReadJobs
            | Action::RetryJob
            | Action::AskWhatIf
            | Action::ManageOwnAccount
    );
    // Lists answer with what is theirs, be it nothing.
    !looks && (path.contains("{id}") || action == Action::RegisterProject)
}

on_both_engines!(each_role_in_each_region_does_by_each_route_what_the_table_says_and_nothing_else, |app| {
    let things = things(&app).await;
    let mut tried = 0;
    for caller in CALLERS {
        match caller {
            Some((role, region)) => drop(app.sign_in_as(role.as_str(), region).await),
            None => app.sign_out().await,
        }
        let scope = match caller {
            Some((_, Some(region))) => Scope::region(region),
            Some((Role::Administrator, None)) => Scope::all(),
            _ => Scope::none(),
        };
        for (method, path, action) in ROUTES.iter().filter(|(_, path, _)| *path != "/api/v1/session") {
            let answer = app.send(request(&app, &things, method, path)).await;
            let status = answer.status.as_u16();
            let role = caller.map(|(role, _)| role);
            let here = !is_of_a_region(path, *action) || scope.holds(WEST);
            // Who undoes must be somebody who could have withdrawn it.
            let act = if *action == Action::UndoChange { Action::WithdrawProject } else { *action };
            let own_mail = *action != Action::ReadMessages || !path.contains("{id}") || {
                matches!(caller, Some((Role::Inspector, Some("35.10")) | (Role::Administrator, _)))
            };
            let what = format!("{method} {path} by {caller:?}: {}", String::from_utf8_lossy(&answer.bytes));
            match (role, may(role, *action)) {
                (None, false) => assert_eq!(status, 401, "{what}"),
                (Some(_), false) => assert_eq!(status, 403, "{what}"),
                // An upload is its person's own.
                (_, true) if *action == Action::ImportProjects && path.contains("{id}") => {
                    assert!(matches!(status, 404 | 409), "{what}");
                }
                (_, true) if !here || !own_mail => assert!(matches!(status, 403 | 404), "{what}"),
                // A job or a session of one's own with this id was never there.
                (_, true) if *action == Action::RetryJob || *path == "/api/v1/account/sessions/{id}" => {
                    assert_eq!(status, 404, "{what}")
                }
                // There is no such decision: asked after whether it may be taken back.
                (_, true) if path.ends_with("/decision/undo") => {
                    assert_eq!((status, answer.json()["what"].as_str()), (404, Some("decision")), "{what}");
                }
                (_, true) if !may(role, act) => assert_eq!(status, 403, "{what}"),
                (_, true) => assert!(!matches!(status, 401 | 403 | 404 | 500..), "{what}"),
            }
            tried += 1;
        }
    }
    assert_eq!(tried, CALLERS.len() * (ROUTES.len() - 3));
    app.sign_in_as("administrator", None).await;
    let finding = app.get(&format!("/api/v1/findings/{}", things.finding)).await.is(StatusCode::OK);
    assert_eq!(
        (finding["comments"].as_array().unwrap().len(), &finding["decisions"][0]["id"]),
        (0, &things.decision),
        "the tries changed nothing"
    );
});
