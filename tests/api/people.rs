//! Accounts: one's own password and sessions, and what an administrator does to those of the region.

use crate::common::command::tapak_reads;
use crate::common::{PASSWORD, TestApp, WEST, client, on_both_engines};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tapak::accounts::token::token_hash;
use tapak::actions::ActionError;
use tapak::actions::manage_person::disable_person;
use tapak::domain::Time;
use tapak::store::{sign_ins, users};

const OFFICER: &str = "officer-35.10.01.2001";
const NEW: &str = "empat kuda di sawah";

/// Somebody else's browser, signed in.
async fn browser(app: &TestApp, login: &str, password: &str) -> Client {
    let client = client().cookie_store(true).build().unwrap();
    let sent =
        client.post(format!("{}/api/v1/session", app.url)).json(&json!({ "login": login, "password": password }));
    assert_eq!(sent.send().await.unwrap().status(), StatusCode::OK);
    client
}

async fn is_signed_in(app: &TestApp, client: &Client) -> bool {
    let answer = client.get(format!("{}/api/v1/account/sessions", app.url)).send().await.unwrap();
    answer.status() == StatusCode::OK
}

async fn sign_in(app: &TestApp, login: &str, password: &str) -> crate::common::Answer {
    let sent = client()
        .build()
        .unwrap()
        .post(format!("{}/api/v1/session", app.url))
        .json(&json!({ "login": login, "password": password }));
    app.send(sent).await
}

async fn put(app: &TestApp, path: &str, body: &Value) -> crate::common::Answer {
    app.send(app.request(Method::PUT, path).json(body)).await
}

async fn id_of(app: &TestApp, login: &str) -> String {
    let people = app.get("/api/v1/people").await.is(StatusCode::OK);
    let found = people["items"].as_array().unwrap().iter().find(|one| one["login"] == login);
    found.unwrap_or_else(|| panic!("no {login} in {people}"))["id"].as_str().unwrap().to_owned()
}

on_both_engines!(a_changed_password_needs_the_old_one_and_ends_every_other_session, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let other = browser(&app, OFFICER, PASSWORD).await;
    let change = |old: &str, new: &str| json!({ "old": old, "new": new });
    let path = "/api/v1/account/password";
    put(&app, path, &change("not this one", NEW)).await.refuses(422, "wrong_password", Some("old"));
    put(&app, path, &change(PASSWORD, "short")).await.refuses(422, "password_too_short", Some("new"));
    put(&app, path, &change(PASSWORD, "Officer 35.10.01.2001!")).await.refuses(422, "password_holds_name", Some("new"));
    put(&app, path, &change(PASSWORD, "aaaaaaaaaaaa")).await.refuses(422, "password_too_simple", Some("new"));
    assert!(is_signed_in(&app, &other).await);
    put(&app, path, &change(PASSWORD, NEW)).await.is(StatusCode::NO_CONTENT);
    assert!(!is_signed_in(&app, &other).await, "a session opened with the old password goes on");
    assert!(is_signed_in(&app, &app.client).await, "the one that changed it goes on");
    sign_in(&app, OFFICER, PASSWORD).await.refuses(401, "wrong_login", None);
    sign_in(&app, OFFICER, NEW).await.is(StatusCode::OK);
});

on_both_engines!(whoever_holds_a_session_does_not_guess_the_password_with_it, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let guess = json!({ "old": "not this one", "new": NEW });
    for _ in 0..5 {
        put(&app, "/api/v1/account/password", &guess).await.refuses(422, "wrong_password", Some("old"));
    }
    put(&app, "/api/v1/account/password", &guess).await.refuses(429, "sign_in_wait", None);
});

on_both_engines!(somebody_sees_where_they_are_signed_in_and_ends_it_and_nobody_else_s, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let (lost, other) = (browser(&app, OFFICER, PASSWORD).await, browser(&app, OFFICER, PASSWORD).await);
    let listed = app.get("/api/v1/account/sessions").await.is(StatusCode::OK);
    let items = listed["items"].as_array().unwrap();
    assert_eq!((items.len(), items.iter().filter(|one| one["current"] == true).count()), (3, 1), "{listed}");
    assert!(items.iter().all(|one| one["address"] == "127.0.0.1"), "{listed}");
    let of_lost: Value =
        lost.get(format!("{}/api/v1/account/sessions", app.url)).send().await.unwrap().json().await.unwrap();
    let mine = of_lost["items"].as_array().unwrap().iter().find(|one| one["current"] == true).unwrap();
    let path = format!("/api/v1/account/sessions/{}", mine["id"].as_str().unwrap());
    app.sign_in_as("village_head", Some(WEST)).await;
    app.send(app.request(Method::DELETE, &path)).await.refuses(404, "not_found", None);
    assert!(is_signed_in(&app, &lost).await);
    app.sign_in_as("officer", Some(WEST)).await;
    app.send(app.request(Method::DELETE, &path)).await.is(StatusCode::NO_CONTENT);
    assert!(!is_signed_in(&app, &lost).await && is_signed_in(&app, &other).await);
    app.send(app.request(Method::DELETE, "/api/v1/account/sessions")).await.is(StatusCode::NO_CONTENT);
    assert!(!is_signed_in(&app, &other).await && is_signed_in(&app, &app.client).await);
});

on_both_engines!(a_disabled_person_is_out_at_once_and_answered_like_a_wrong_password, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let officer = browser(&app, OFFICER, PASSWORD).await;
    app.sign_in_as("administrator", Some("35.10")).await;
    let id = id_of(&app, OFFICER).await;
    app.post(&format!("/api/v1/people/{id}/disable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    assert!(!is_signed_in(&app, &officer).await);
    let right = sign_in(&app, OFFICER, PASSWORD).await.refuses_alike(401, "wrong_login", None);
    let nobody = sign_in(&app, "nobody", PASSWORD).await.refuses_alike(401, "wrong_login", None);
    assert_eq!(right, nobody);
    let listed = app.get("/api/v1/people").await.is(StatusCode::OK);
    let row = listed["items"].as_array().unwrap().iter().find(|one| one["login"] == OFFICER).unwrap().clone();
    assert!(row["disabled_at"].is_string() && row["sessions"] == 0, "{row}");
    app.post(&format!("/api/v1/people/{id}/enable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    sign_in(&app, OFFICER, PASSWORD).await.is(StatusCode::OK);
    assert!(!is_signed_in(&app, &officer).await, "a session of before comes back");
});

on_both_engines!(whoever_was_disabled_is_known_from_no_place_any_more, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let address = token_hash("127.0.0.1");
    let is_known = async || {
        let mut tx = app.app.store.read().await.unwrap();
        let id = users::find_id(&mut tx, OFFICER).await.unwrap().unwrap();
        let known = sign_ins::knows_place(&mut tx, id, sign_ins::ADDRESS, &address, app.app.clock.now()).await.unwrap();
        (id, known)
    };
    let (id, known) = is_known().await;
    assert!(known);
    disable_person(&app.app, None, id).await.unwrap();
    assert_eq!(is_known().await, (id, false));
});

on_both_engines!(a_session_of_a_shut_account_and_one_that_is_over_open_nothing, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let set = async |at: Option<Time>| {
        let mut tx = app.app.store.write().await.unwrap();
        let id = users::find_id(&mut tx, OFFICER).await.unwrap().unwrap();
        users::set_disabled(&mut tx, id, at).await.unwrap();
        tx.commit().await.unwrap();
    };
    // One that was opened at the very moment of the shutting, as it were.
    set(Some(app.app.clock.now())).await;
    assert!(!is_signed_in(&app, &app.client).await);
    set(None).await;
    assert!(is_signed_in(&app, &app.client).await);
    app.app.clock.advance(app.app.config.session.most);
    assert!(!is_signed_in(&app, &app.client).await);
});

on_both_engines!(an_administrator_ends_sessions_in_the_region_and_nowhere_else, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let officer = browser(&app, OFFICER, PASSWORD).await;
    app.sign_in_as("administrator", Some("35.10")).await;
    let id = id_of(&app, OFFICER).await;
    app.send(app.request(Method::DELETE, &format!("/api/v1/people/{id}/sessions"))).await.is(StatusCode::NO_CONTENT);
    assert!(!is_signed_in(&app, &officer).await);
    app.sign_in_as("administrator", None).await;
    let of_country = id_of(&app, "administrator-all").await;
    // Another region's, and the country's, are as if they were not there.
    app.sign_in_as("administrator", Some("35.09")).await;
    assert_eq!(app.get("/api/v1/people").await.is(StatusCode::OK)["items"].as_array().unwrap().len(), 1);
    for other in [&id, &of_country] {
        app.post(&format!("/api/v1/people/{other}/disable"), &json!({})).await.refuses(404, "not_found", None);
        app.send(app.request(Method::DELETE, &format!("/api/v1/people/{other}/sessions"))).await.refuses(
            404,
            "not_found",
            None,
        );
    }
});

on_both_engines!(the_last_administrator_of_the_country_stays_also_when_two_shut_each_other_out, |app| {
    app.sign_in_as("administrator", Some("35.10")).await;
    app.sign_in_as("administrator", None).await;
    let own = id_of(&app, "administrator-all").await;
    app.post(&format!("/api/v1/people/{own}/disable"), &json!({})).await.refuses(409, "last_administrator", None);
    let second = tapak::actions::add_user::UserInput {
        login: "kedua".to_owned(),
        name: "Admin Lain".to_owned(),
        role: "administrator".to_owned(),
        region_code: None,
        email: None,
        language: "id".to_owned(),
    };
    let second = tapak::actions::add_user::add_user(&app.app, second, PASSWORD.to_owned(), false).await.unwrap();
    let first = own.parse().unwrap();
    let (a, b) = tokio::join!(disable_person(&app.app, None, first), disable_person(&app.app, None, second.id));
    let refused: Vec<_> = [a, b].into_iter().filter_map(Result::err).collect();
    assert!(matches!(refused[..], [ActionError::Conflict("last_administrator")]), "{refused:?}");
});

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_kept_in_order_at_the_terminal() {
    let app = TestApp::start(crate::common::Engine::sqlite(), &[]).await;
    app.sign_in_as("officer", Some(WEST)).await;
    let database = app.engine.url(app.folder.path());
    let run = |arguments: &[&str], input: &str| {
        let settings = ["--database", &database, "--set", "password_memory_kib=8"];
        tapak_reads(app.folder.path(), &[&settings, arguments].concat(), input)
    };
    let add = |region: &[&str]| {
        let officer = ["user", "add", "petugas", "--name", "Petugas", "--role", "officer"];
        run(&[&officer[..], region].concat(), &format!("{NEW}\n"))
    };
    for (region, said) in [(&[][..], "35.10 (a regency)"), (&["--region", "35.10.01.2009"], "35.10.01.2001")] {
        let refused = add(region);
        assert!(refused.contains(said) && !refused.contains("petugas is"), "{refused}");
    }
    assert!(!run(&["user", "list"], "").contains("petugas"));
    let shut = run(&["user", "disable", "OFFICER-35.10.01.2001"], "");
    assert!(shut.contains("is disabled"), "{shut}");
    assert!(!is_signed_in(&app, &app.client).await);
    assert!(run(&["user", "list"], "").contains("(disabled)"));
    run(&["user", "enable", OFFICER], "");
    let changed = run(&["user", "passwd", OFFICER], &format!("{NEW}\n"));
    assert!(changed.contains("new password"), "{changed}");
    let browser = browser(&app, OFFICER, NEW).await;
    run(&["user", "end-sessions", OFFICER], "");
    assert!(!is_signed_in(&app, &browser).await);
    assert!(run(&["user", "passwd", OFFICER], "short\n").contains("At least 10"));
    assert!(run(&["user", "disable", "nobody"], "").contains("no account"));
    app.finish().await;
}
