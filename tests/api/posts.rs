//! Posts: a successor goes on, a substitute does what was handed over, and nobody gives what they do not administer.

use crate::common::people::{a_person, keep, right};
use crate::common::{EAST, ELSEWHERE, PASSWORD, TestApp, WEST, draft, new_id, on_both_engines, road, three_villages};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use tapak::accounts::password;
use tapak::domain::person::Person;
use tapak::domain::post::Role;

/// Keeps somebody of this login, with a post of this role in this region, or without any; gives the post.
async fn add(app: &TestApp, login: &str, role: Role, region: Option<&str>) -> String {
    let rights: Vec<_> = right(role, region).into_iter().collect();
    let post = rights.first().map(|right| right.post_id.to_string()).unwrap_or_default();
    let hash = password::hash(PASSWORD, app.app.config.password_cost).unwrap();
    keep(app, Person { rights, ..a_person(login) }, hash).await;
    post
}

async fn sign_in(app: &TestApp, login: &str) -> Value {
    app.post("/api/v1/session", &json!({ "login": login, "password": PASSWORD })).await.is(StatusCode::OK)
}

async fn may(app: &TestApp) -> Vec<String> {
    let session = app.get("/api/v1/session").await.is(StatusCode::OK);
    session["may"].as_array().unwrap().iter().map(|act| act.as_str().unwrap().to_owned()).collect()
}

fn appointment(login: &str, capacity: &str, more: Value) -> Value {
    let mut body = json!({ "id": new_id(), "login": login, "capacity": capacity });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

on_both_engines!(a_successor_goes_on_at_once_and_whoever_left_does_nothing_more, |app| {
    let post = add(&app, "kades-lama", Role::VillageHead, Some(WEST)).await;
    add(&app, "kades-baru", Role::Officer, None).await;
    sign_in(&app, "kades-lama").await;
    let village = app.village(WEST).await;
    let project = app.register(&draft(village, "Rabat beton Gang Melati", road(114.305, -8.21))).await;
    let left = app.client.clone();
    app.sign_in_as("administrator", Some("35.10")).await;
    let holders = format!("/api/v1/posts/{post}/holders");
    let twice = appointment("kades-baru", "holder", json!({}));
    let refused = app.post(&holders, &twice).await.refuses(422, "post_is_held", Some("from"));
    assert!(refused["detail"].as_str().unwrap().contains("Tes kades-lama"), "{refused}");
    let acting = appointment("kades-baru", "acting", json!({ "replaces": true }));
    let held = app.post(&holders, &acting).await.is(StatusCode::OK);
    assert_eq!(app.post(&holders, &acting).await.is(StatusCode::OK), held, "the same again");
    let posts = app.get(&format!("/api/v1/posts?region={WEST}&role=village_head")).await.is(StatusCode::OK);
    let holders: Vec<_> = posts["items"][0]["holders"].as_array().unwrap().iter().map(|one| &one["login"]).collect();
    assert_eq!(holders, ["kades-baru", "kades-lama"], "newest first");
    let new = sign_in(&app, "kades-baru").await;
    assert_eq!(new["user"]["posts"][0]["capacity"], "acting");
    let path = format!("/api/v1/projects/{}", project["id"].as_str().unwrap());
    let seen = app.get(&path).await.is(StatusCode::OK);
    let body = json!({ "row_version": seen["row_version"], "volume": 12.5 });
    app.patch(&path, &body).await.is(StatusCode::OK);
    // The account of whoever left is there, and gives nothing.
    drop(left);
    sign_in(&app, "kades-lama").await;
    assert_eq!(may(&app).await, ["read_public", "manage_own_account", "sign_in"]);
    app.patch(&path, &body).await.refuses(403, "not_allowed", None);
    app.get("/api/v1/findings").await.refuses(403, "not_allowed", None);
});

on_both_engines!(a_post_is_held_from_the_first_moment_of_its_day_to_the_last_one_in_its_own_zone, |app| {
    let post = add(&app, "kades", Role::VillageHead, Some(WEST)).await;
    add(&app, "pengganti", Role::Officer, Some(WEST)).await;
    let wib = chrono::FixedOffset::east_opt(7 * 3_600).unwrap();
    let now = app.app.clock.now();
    let tomorrow = now.with_timezone(&wib).date_naive() + chrono::Days::new(1);
    let midnight = tomorrow.and_time(chrono::NaiveTime::MIN).and_local_timezone(wib).unwrap();
    let until_midnight = (midnight.to_utc() - now).to_std().unwrap();
    sign_in(&app, "kades").await;
    let path = format!("/api/v1/account/posts/{post}/substitutes");
    let only = json!(["withdraw_project"]);
    let body = json!({ "id": new_id(), "login": "pengganti", "from": tomorrow, "last_day": tomorrow, "only": only });
    let named = app.post(&path, &body).await.is(StatusCode::OK);
    assert_eq!((&named["first_day"], &named["last_day"]), (&json!(tomorrow), &json!(tomorrow)), "as they were said");
    sign_in(&app, "pengganti").await;
    let withdraws = async || may(&app).await.contains(&"withdraw_project".to_owned());
    assert!(!withdraws().await, "not yet");
    app.app.clock.advance(until_midnight + Duration::from_millis(1));
    assert!(withdraws().await, "from midnight on");
    app.app.clock.advance(Duration::from_secs(86_400) - Duration::from_secs(60));
    assert!(withdraws().await, "to the end of the day");
    app.app.clock.advance(Duration::from_secs(61));
    assert!(!withdraws().await, "no longer");
});

on_both_engines!(a_substitute_has_an_end_limits_and_a_post_in_the_region, |app| {
    let post = add(&app, "kades", Role::VillageHead, Some(WEST)).await;
    add(&app, "sekdes", Role::VillageSecretary, Some(WEST)).await;
    add(&app, "tetangga", Role::Officer, Some(EAST)).await;
    sign_in(&app, "kades").await;
    let path = format!("/api/v1/account/posts/{post}/substitutes");
    let name = |login: &str, more: Value| {
        let mut body = json!({ "id": new_id(), "login": login });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (login, more, code, field) in [
        ("sekdes", json!({}), "missing", "last_day"),
        ("sekdes", json!({ "last_day": "2020-01-01" }), "ends_before_it_begins", "last_day"),
        ("sekdes", json!({ "last_day": "2099-01-01" }), "substitute_too_long", "last_day"),
        ("kades", json!({ "from": "2030-01-01", "last_day": "2030-01-07" }), "own_substitute", "login"),
        ("tetangga", json!({ "from": "2030-01-01", "last_day": "2030-01-07" }), "no_colleague", "login"),
        ("siapa", json!({ "from": "2030-01-01", "last_day": "2030-01-07" }), "unknown_person", "login"),
        (
            "sekdes",
            json!({ "from": "2030-01-01", "last_day": "2030-01-07", "only": ["decide_finding"] }),
            "not_given_by_post",
            "only",
        ),
    ] {
        app.post(&path, &name(login, more)).await.refuses(422, code, Some(field));
    }
    let own = app.get("/api/v1/account/posts").await.is(StatusCode::OK);
    assert_eq!(own["items"][0]["colleagues"], json!([{ "login": "sekdes", "name": "Tes sekdes" }]));
    assert!(!own["items"][0]["lendable"].as_array().unwrap().contains(&json!("name_substitute")));
    let body = name("sekdes", json!({ "from": "2030-01-01", "last_day": "2030-01-07" }));
    let held = app.post(&path, &body).await.is(StatusCode::OK);
    // A colleague takes no post of another's back, and its holder does.
    let end = format!("{path}/{}/end", held["id"].as_str().unwrap());
    sign_in(&app, "sekdes").await;
    app.post(&end, &json!({})).await.refuses(404, "not_found", None);
    sign_in(&app, "kades").await;
    let ended = app.post(&end, &json!({})).await.is(StatusCode::OK);
    assert_eq!(ended["until"], ended["from"], "it never began");
});

on_both_engines!(an_administrator_gives_what_they_administer_and_nothing_beyond, |app| {
    app.import_villages(&three_villages()).await;
    let foreign = add(&app, "kades-jauh", Role::VillageHead, Some(ELSEWHERE)).await;
    add(&app, "orang", Role::Officer, None).await;
    app.sign_in_as("administrator", Some("35.10")).await;
    let post = |grants: Value| json!({ "id": new_id(), "grants": grants });
    for (grants, status, code) in [
        (json!([{ "role": "administrator", "region_code": null }]), 403, "not_allowed"),
        (json!([{ "role": "officer", "region_code": ELSEWHERE }]), 403, "not_allowed"),
        (json!([{ "role": "officer", "region_code": null }]), 422, "region_missing"),
        (json!([{ "role": "officer", "region_code": "35.10.01.2999" }]), 422, "unknown_region"),
        (json!([{ "role": "officer", "region_code": "barat" }]), 422, "not_a_region_code"),
        (json!([]), 422, "missing"),
        (
            json!([{ "role": "officer", "region_code": WEST }, { "role": "inspector", "region_code": "35" }]),
            403,
            "not_allowed",
        ),
    ] {
        let refused = app.post("/api/v1/posts", &post(grants)).await;
        assert_eq!((refused.status.as_u16(), refused.json()["code"].as_str()), (status, Some(code)));
    }
    let holders = format!("/api/v1/posts/{foreign}/holders");
    app.post(&holders, &appointment("orang", "holder", json!({ "replaces": true }))).await.refuses(
        404,
        "not_found",
        None,
    );
    let listed = app.get("/api/v1/posts").await.is(StatusCode::OK);
    assert!(!listed.to_string().contains("kades-jauh"), "{listed}");
    let two = json!([{ "role": "village_head", "region_code": WEST }, { "role": "inspector", "region_code": EAST }]);
    let mut body = post(two);
    body["name"] = json!("Kepala desa dan pemeriksa");
    let made = app.post("/api/v1/posts", &body).await.is(StatusCode::OK);
    assert_eq!(app.post("/api/v1/posts", &body).await.is(StatusCode::OK), made, "the same again");
    body["name"] = json!("Lain");
    app.post("/api/v1/posts", &body).await.refuses(409, "id_taken", None);
    let held = appointment("orang", "holder", json!({}));
    app.post(&format!("/api/v1/posts/{}/holders", made["id"].as_str().unwrap()), &held).await.is(StatusCode::OK);
    // Rights of both grants add up, each in its own region.
    let session = sign_in(&app, "orang").await;
    assert_eq!(session["user"]["posts"].as_array().unwrap().len(), 2);
    app.get(&format!("/api/v1/villages/{}", app.village(EAST).await)).await.is(StatusCode::OK);
    app.sign_in_as("administrator", Some("35.10")).await;
    let close = format!("/api/v1/posts/{}/close", made["id"].as_str().unwrap());
    app.post(&close, &json!({})).await.is(StatusCode::NO_CONTENT);
    sign_in(&app, "orang").await;
    assert_eq!(may(&app).await, ["read_public", "manage_own_account", "sign_in"]);
});

on_both_engines!(who_holds_a_post_elsewhere_is_not_reset_by_the_administrator_of_their_first_one, |app| {
    app.import_villages(&three_villages()).await;
    add(&app, "dua-jabatan", Role::Officer, Some(WEST)).await;
    let second = add(&app, "pemeriksa", Role::Inspector, Some("35.09")).await;
    app.sign_in_as("administrator", None).await;
    let holders = format!("/api/v1/posts/{second}/holders");
    let replaces = appointment("dua-jabatan", "holder", json!({ "replaces": true }));
    app.post(&holders, &replaces).await.is(StatusCode::OK);
    let people = app.get("/api/v1/people").await.is(StatusCode::OK);
    let find = |login: &str| people["items"].as_array().unwrap().iter().find(|one| one["login"] == login).cloned();
    let id = find("dua-jabatan").unwrap()["id"].as_str().unwrap().to_owned();
    app.sign_in_as("administrator", Some("35.10")).await;
    let path = format!("/api/v1/people/{id}/codes");
    app.post(&path, &json!({ "by": "card" })).await.refuses(404, "not_found", None);
});

on_both_engines!(the_last_administrator_of_the_country_is_not_ended_nor_their_post_closed, |app| {
    app.sign_in_as("administrator", None).await;
    let posts = app.get("/api/v1/posts?role=administrator").await.is(StatusCode::OK);
    let (post, holder) = (&posts["items"][0]["id"], &posts["items"][0]["holders"][0]["id"]);
    let base = format!("/api/v1/posts/{}", post.as_str().unwrap());
    let end = format!("{base}/holders/{}/end", holder.as_str().unwrap());
    app.post(&end, &json!({})).await.refuses(409, "last_administrator", None);
    app.post(&format!("{base}/close"), &json!({})).await.refuses(409, "last_administrator", None);
    assert!(may(&app).await.contains(&"manage_people".to_owned()));
});
