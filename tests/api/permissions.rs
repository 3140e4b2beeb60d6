//! Every route, tried by every role in every region: what it answers is what the table of permissions says.

use crate::common::people::{a_person, keep, right};
use crate::common::{EAST, ELSEWHERE, TestApp, WEST, draft, jpeg, new_id, on_both_engines, road, three_villages};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tapak::accounts::password;
use tapak::domain::person::Person;
use tapak::domain::post::{Capacity, Right, Role};
use tapak::http::permissions::ROUTES;
use tapak::permission::{Action, permits};

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

/// A caller: nobody, or somebody with these posts.
struct Caller {
    /// What a failure calls them.
    name: String,
    /// `None`: nobody is signed in.
    person: Option<Person>,
}

impl Caller {
    fn of(name: &str, rights: impl IntoIterator<Item = Right>) -> Self {
        let person = Person { rights: rights.into_iter().collect(), ..a_person(name) };
        Self { name: name.to_owned(), person: Some(person) }
    }
}

/// Everybody that the table is tried with: each role in its own, a sibling and a foreign region; several posts; somebody who
/// stands in with limits; somebody whose post is over, or was closed. The last two are made by [`outlast`].
fn callers() -> Vec<Caller> {
    let mut all = vec![Caller { name: "nobody".to_owned(), person: None }];
    let villages = [Role::Officer, Role::VillageSecretary, Role::VillageHead];
    for (roles, regions) in [
        (&villages[..], [WEST, EAST, ELSEWHERE]),
        (&[Role::DistrictOfficer][..], ["35.10.01", "35.10.02", "35.09"]),
        (&[Role::Inspector, Role::Administrator][..], ["35.10", "35.09", "35.10.02"]),
    ] {
        for role in roles {
            all.extend(regions.map(|region| Caller::of(&format!("{role}-{region}"), right(*role, Some(region)))));
        }
    }
    all.push(Caller::of("administrator-everywhere", right(Role::Administrator, None)));
    all.push(Caller::of("no-post", None));
    let two = [right(Role::Officer, Some(WEST)), right(Role::Inspector, Some("35.09"))];
    all.push(Caller::of("officer-here-inspector-elsewhere", two.into_iter().flatten()));
    let lent = |only: Option<Vec<Action>>| {
        let right = right(Role::VillageHead, Some(WEST)).unwrap();
        let until = Some("2100-01-01T00:00:00Z".parse().unwrap());
        Right { capacity: Capacity::Substitute, only, until, ..right }
    };
    all.push(Caller::of("stands-in-for-all", [lent(None)]));
    all.push(Caller::of("stands-in-for-comments", [lent(Some(vec![Action::CommentFinding]))]));
    all
}

/// Keeps two more people in the western village, whose posts end before they are tried: one by its last day, one closed.
async fn outlast(app: &TestApp) -> Vec<Caller> {
    let now = app.app.clock.now();
    let ends =
        right(Role::VillageHead, Some(WEST)).map(|right| Right { until: Some(now + Duration::from_secs(60)), ..right });
    let over = Caller::of("post-is-over", ends);
    let closed = Caller::of("post-was-closed", right(Role::VillageHead, Some(WEST)));
    let mut after = Vec::new();
    for caller in [over, closed] {
        let person = caller.person.unwrap();
        let post = person.rights[0].post_id;
        sign_in(app, &person).await;
        if caller.name == "post-was-closed" {
            tapak::actions::posts::close_post::close_post(&app.app, None, post).await.unwrap();
        }
        after.push(Caller { name: caller.name, person: Some(Person { rights: Vec::new(), ..person }) });
    }
    app.app.clock.advance(Duration::from_secs(120));
    after
}

/// Signs in, with an account that is made where there is none.
async fn sign_in(app: &TestApp, person: &Person) {
    let hash = password::hash(crate::common::PASSWORD, app.app.config.password_cost).unwrap();
    keep(app, person.clone(), hash).await;
    let login = json!({ "login": person.login, "password": crate::common::PASSWORD });
    app.post("/api/v1/session", &login).await.is(StatusCode::OK);
}

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
    post: String,
    holder: String,
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
    let mut tx = app.app.store.read().await.unwrap();
    let held = tapak::store::posts::list_of_people(&mut tx, &[person.parse().unwrap()]).await.unwrap().remove(0);
    drop(tx);
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
        post: held.post_id.to_string(),
        holder: held.id.to_string(),
        person,
        decision: visit["id"].clone(),
    }
}

/// A file of that colleague.
async fn an_upload(app: &TestApp) -> String {
    let mut tx = app.app.store.read().await.unwrap();
    let (by, _) = tapak::store::users::find_by_login(&mut tx, "rekan", app.app.clock.now()).await.unwrap().unwrap();
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
    };
    let password = crate::common::PASSWORD.to_owned();
    tapak::actions::add_user::add_user(&app.app, input, password, false).await.unwrap().id.to_string()
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
        "posts" => &things.post,
        "account" if path.contains("/posts/") => &things.post,
        _ => &things.village.to_string(),
    };
    let filled = path.replace("{id}", id).replace("{size}", "thumb").replace("{name}", "a.csv");
    let filled = filled.replace("{holder}", &things.holder);
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
        ("POST" | "PUT", "/session/code") => {
            let body = if method == "PUT" { json!({ "code": "salah", "password": "salah" }) } else { json!({ "code": "salah" }) };
            sent.json(&body)
        }
        ("POST", "/session/forgotten") => sent.json(&json!({ "login": "tidak-ada" })),
        ("POST", "/people") => sent.json(&json!({
            "id": new_id(), "login": "rekan", "name": "Lain", "language": "id", "role": "officer", "region_code": WEST, "by": "card",
        })),
        (_, "/people/{id}/codes") => sent.json(&json!({ "by": "card" })),
        ("PUT", "/account/password") => sent.json(&json!({ "old": "salah", "new": "salah" })),
        // Nothing that would count as a guess.
        (_, path) if path.starts_with("/account/second-factor") => sent.json(&json!({})),
        ("PUT", "/uploads/{id}/options") => sent.json(&json!({ "revision": 1, "options": {} })),
        (_, "/uploads/{id}/store") => sent.json(&json!({ "revision": 1 })),
        // Of nobody, or with an end that comes before the beginning.
        (_, "/posts/{id}/holders") => sent.json(&json!({ "id": new_id(), "login": "tidak-ada", "capacity": "holder" })),
        (_, "/account/posts/{id}/substitutes") => sent.json(&json!({ "id": new_id(), "login": "tidak-ada" })),
        (_, path) if path.ends_with("/holders/{holder}/end") || path.ends_with("/substitutes/{holder}/end") => {
            sent.json(&json!({ "last_day": "1800-01-01" }))
        }
        ("POST", "/posts") => {
            sent.json(&json!({ "id": things.post, "grants": [{ "role": "village_head", "region_code": WEST }] }))
        }
        (_, "/posts/{id}/close") => sent,
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
fn is_of_a_region(method: &str, path: &str, action: Action) -> bool {
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
    !looks
        && (path.contains("{id}")
            || action == Action::RegisterProject
            || matches!((method, path), ("POST", "/api/v1/posts" | "/api/v1/people")))
}

/// What a request must not change that is denied: rows of all tables, jobs and change log among them, and the Atlas.
async fn state(app: &TestApp) -> (Vec<(String, i64)>, usize) {
    (app.engine.counts(app.folder.path()).await, app.app.atlas.with_picture(|picture| picture.len()))
}

/// What this caller is answered to this request, and whether the table says so.
async fn check(app: &TestApp, things: &Things, caller: &Caller, (method, path, action): (&str, &str, Action)) {
    let person = caller.person.as_ref();
    let answer = app.send(request(app, things, method, path)).await;
    let status = answer.status.as_u16();
    let holds = |action: Action| person.is_some_and(|person| person.scope_of(action).holds(WEST));
    // Who undoes must be somebody who could have withdrawn it.
    let act = if action == Action::UndoChange { Action::WithdrawProject } else { action };
    let here = !is_of_a_region(method, path, action) || (holds(action) && (holds(act) || !permits(person, act)));
    let own_mail = action != Action::ReadMessages || !path.contains("{id}") || {
        // It went to the inspector of 35.10, whose administrator reads it, and that of the country.
        caller.name == "inspector-35.10"
            || person.is_some_and(|person| person.scope_of(Action::ManagePeople).holds("35.10"))
    };
    let what = format!("{method} {path} by {}: {}", caller.name, String::from_utf8_lossy(&answer.bytes));
    match (person, permits(person, action)) {
        (None, false) => assert_eq!(status, 401, "{what}"),
        (Some(_), false) => assert_eq!(status, 403, "{what}"),
        // An upload, and a post in which somebody is to stand in, is its person's own.
        (_, true) if action == Action::ImportProjects && path.contains("{id}") => {
            assert!(matches!(status, 404 | 409), "{what}");
        }
        (_, true) if action == Action::NameSubstitute => assert!(matches!(status, 404 | 422), "{what}"),
        (_, true) if !here || !own_mail => assert!(matches!(status, 403 | 404), "{what}"),
        // A job or a session of one's own with this id was never there.
        (_, true) if action == Action::RetryJob || path == "/api/v1/account/sessions/{id}" => {
            assert_eq!(status, 404, "{what}")
        }
        // There is no such decision: asked after whether it may be taken back.
        (_, true) if path.ends_with("/decision/undo") => {
            assert_eq!((status, answer.json()["what"].as_str()), (404, Some("decision")), "{what}");
        }
        (_, true) if !permits(person, act) => assert_eq!(status, 403, "{what}"),
        (_, true) => assert!(!matches!(status, 401 | 403 | 404 | 500..), "{what}"),
    }
}

on_both_engines!(each_role_in_each_region_does_by_each_route_what_the_table_says_and_nothing_else, |app| {
    let things = things(&app).await;
    let (mut tried, mut denied) = (0, 0);
    let mut callers = callers();
    callers.extend(outlast(&app).await);
    for caller in &callers {
        match &caller.person {
            Some(person) => sign_in(&app, person).await,
            None => app.sign_out().await,
        }
        let person = caller.person.as_ref();
        let routes = || ROUTES.iter().copied().filter(|(_, path, _)| *path != "/api/v1/session");
        let before = state(&app).await;
        for route in routes().filter(|route| !permits(person, route.2)) {
            check(&app, &things, caller, route).await;
            denied += 1;
        }
        assert_eq!(state(&app).await, before, "what was denied to {} left something", caller.name);
        for route in routes().filter(|route| permits(person, route.2)) {
            // Of a post that is closed nothing is left to try.
            if route.1 != "/api/v1/posts/{id}/close" {
                check(&app, &things, caller, route).await;
                tried += 1;
            }
        }
    }
    assert!(tried > 400 && denied > 400, "{tried} tried, {denied} denied");
    app.sign_in_as("administrator", None).await;
    let finding = app.get(&format!("/api/v1/findings/{}", things.finding)).await.is(StatusCode::OK);
    assert_eq!(
        (finding["comments"].as_array().unwrap().len(), &finding["decisions"][0]["id"]),
        (0, &things.decision),
        "the tries changed nothing"
    );
});
