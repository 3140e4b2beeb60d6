//! The second factor: set up by whoever must or may, asked for at each way in, recovered from, removed.

use crate::common::telephone::{ACCOUNT, Telephone};
use crate::common::{Answer, PASSWORD, TestApp, WEST, on_both_engines};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

async fn put(app: &TestApp, path: &str, body: &Value) -> Answer {
    app.send(app.request(Method::PUT, path).json(body)).await
}

/// From a browser of its own.
async fn sign_in(app: &TestApp, login: &str, second: Option<&str>) -> (Client, Answer) {
    let client = Client::builder().cookie_store(true).build().unwrap();
    let body = json!({ "login": login, "password": PASSWORD, "second_factor": second });
    let answer = app.send(client.post(format!("{}/api/v1/session", app.url)).json(&body)).await;
    (client, answer)
}

/// The status of a page of this client.
async fn asks(app: &TestApp, client: &Client, path: &str) -> StatusCode {
    app.send(client.get(format!("{}{path}", app.url))).await.status
}

on_both_engines!(
    rights_of_inspectors_and_administrators_sleep_until_they_have_one,
    [("second_factor", "required")],
    |app| {
        for (role, region, sleeps) in [
            ("administrator", None, true),
            ("inspector", Some("35.10"), true),
            ("district_officer", Some("35.10.01"), false),
            ("officer", Some(WEST), false),
        ] {
            let session = app.sign_in_as(role, region).await;
            assert_eq!(session["user"]["second_factor_needed"], sleeps, "{role}");
            assert_eq!(session["user"]["posts"].as_array().unwrap().is_empty(), sleeps, "{role}");
        }
        app.sign_in_as("administrator", None).await;
        app.get("/api/v1/people").await.refuses(403, "not_allowed", None);
        app.get("/api/v1/account/sessions").await.is(StatusCode::OK);
        let (telephone, _) = Telephone::set_up(&app).await;
        app.get("/api/v1/people").await.is(StatusCode::OK);
        let session = app.get("/api/v1/session").await.is(StatusCode::OK);
        assert_eq!(session["user"]["second_factor_needed"], false);
        // Taken away, they sleep again, in a session that goes on too.
        let proof = json!({ "password": PASSWORD, "code": telephone.next_code(&app) });
        app.post(&format!("{ACCOUNT}/remove"), &proof).await.is(StatusCode::NO_CONTENT);
        app.get("/api/v1/people").await.refuses(403, "not_allowed", None);
    }
);

on_both_engines!(a_sign_in_asks_for_a_code_and_takes_each_once, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let login = "inspector-35.10";
    let (other, _) = sign_in(&app, login, None).await;
    let (telephone, _) = Telephone::set_up(&app).await;
    assert_eq!(asks(&app, &other, "/api/v1/account/sessions").await, StatusCode::UNAUTHORIZED, "other sessions end");
    let shown = app.get(ACCOUNT).await.is(StatusCode::OK);
    assert_eq!((shown["since"].is_string(), &shown["recovery_codes_left"]), (true, &10.into()));

    // The right password says that one step is missing; a wrong one says nothing of it.
    for missing in [None, Some(""), Some(" ")] {
        sign_in(&app, login, missing).await.1.refuses(401, "second_factor_needed", Some("second_factor"));
    }
    let wrong = json!({ "login": login, "password": "bukan kata sandinya" });
    app.send(Client::new().post(format!("{}/api/v1/session", app.url)).json(&wrong)).await.refuses(
        401,
        "wrong_login",
        None,
    );
    // The one by which it was set up was used.
    let code = telephone.code(&app);
    sign_in(&app, login, Some(&code)).await.1.refuses(401, "wrong_second_factor", Some("second_factor"));
    let code = telephone.next_code(&app);
    let typed = format!(" {} {}", &code[..3], &code[3..]);
    let (client, answer) = sign_in(&app, login, Some(&typed)).await;
    answer.is(StatusCode::OK);
    assert_eq!(asks(&app, &client, "/api/v1/findings").await, StatusCode::OK);
    sign_in(&app, login, Some(&code)).await.1.refuses(401, "wrong_second_factor", Some("second_factor"));
    let old = telephone.code(&app);
    app.app.clock.advance(Duration::from_secs(90));
    sign_in(&app, login, Some(&old)).await.1.refuses(401, "wrong_second_factor", Some("second_factor"));
});

on_both_engines!(wrong_codes_slow_the_next_as_wrong_passwords_do, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let (telephone, _) = Telephone::set_up(&app).await;
    let right = telephone.next_code(&app);
    let mut tried = 0;
    loop {
        let (_, answer) = sign_in(&app, "inspector-35.10", Some(&telephone.wrong_code(&app))).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            answer.refuses(429, "sign_in_wait", None);
            break;
        }
        answer.refuses(401, "wrong_second_factor", Some("second_factor"));
        tried += 1;
        assert!(tried < 20, "nobody is slowed");
    }
    // The right code waits too, and so does the page of the account.
    sign_in(&app, "inspector-35.10", Some(&right)).await.1.refuses(429, "sign_in_wait", None);
    let mut waits = false;
    for _ in 0..20 {
        let proof = json!({ "password": PASSWORD, "code": telephone.wrong_code(&app) });
        waits |= app.post(&format!("{ACCOUNT}/recovery-codes"), &proof).await.status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(waits, "nobody is slowed at the page of the account");
});

on_both_engines!(a_recovery_code_opens_once_in_the_place_of_the_telephone, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let login = "inspector-35.10";
    let (telephone, codes) = Telephone::set_up(&app).await;
    let (client, answer) = sign_in(&app, login, Some(&codes[3].to_lowercase())).await;
    answer.is(StatusCode::OK);
    sign_in(&app, login, Some(&codes[3])).await.1.refuses(401, "wrong_second_factor", Some("second_factor"));
    let left = app.send(client.get(format!("{}{ACCOUNT}", app.url))).await.is(StatusCode::OK);
    assert_eq!(left["recovery_codes_left"], 9);
    // Somebody else's opens nothing.
    app.sign_in_as("administrator", None).await;
    let (_, of_another) = Telephone::set_up(&app).await;
    sign_in(&app, login, Some(&of_another[0])).await.1.refuses(401, "wrong_second_factor", Some("second_factor"));
    // New ones, and those of before open nothing any more.
    let proof = json!({ "password": PASSWORD, "code": telephone.next_code(&app) });
    let renew = client.post(format!("{}{ACCOUNT}/recovery-codes", app.url)).json(&proof);
    let fresh = app.send(renew).await.is(StatusCode::OK)["recovery_codes"].clone();
    sign_in(&app, login, Some(&codes[4])).await.1.refuses(401, "wrong_second_factor", Some("second_factor"));
    sign_in(&app, login, fresh[0].as_str()).await.1.is(StatusCode::OK);
});

on_both_engines!(a_session_left_open_changes_no_second_factor, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    put(&app, ACCOUNT, &json!({ "code": "123456" })).await.refuses(409, "second_factor_not_begun", None);
    let (nothing, wrong) = (json!({ "password": PASSWORD }), json!({ "password": "bukan kata sandinya" }));
    app.post(ACCOUNT, &wrong).await.refuses(422, "wrong_password", Some("password"));
    for path in ["remove", "recovery-codes"] {
        app.post(&format!("{ACCOUNT}/{path}"), &nothing).await.refuses(409, "second_factor_off", None);
    }
    // Shown, and not in force before a code of it was typed.
    let shown = app.post(ACCOUNT, &nothing).await.is(StatusCode::OK);
    let telephone = Telephone::new(&shown);
    let refused = put(&app, ACCOUNT, &json!({ "code": telephone.wrong_code(&app) })).await;
    refused.refuses(422, "wrong_code", Some("code"));
    assert!(app.get(ACCOUNT).await.is(StatusCode::OK)["since"].is_null());
    sign_in(&app, &format!("officer-{WEST}"), None).await.1.is(StatusCode::OK);
    put(&app, ACCOUNT, &json!({ "code": telephone.code(&app) })).await.is(StatusCode::OK);
    // From now on the password alone does nothing; another telephone takes its place when it is confirmed.
    for path in ["", "/remove", "/recovery-codes"] {
        let path = format!("{ACCOUNT}{path}");
        app.post(&path, &nothing).await.refuses(422, "missing_field", Some("code"));
        let wrong = json!({ "password": PASSWORD, "code": telephone.wrong_code(&app) });
        app.post(&path, &wrong).await.refuses(422, "wrong_code", Some("code"));
    }
    let proof = json!({ "password": PASSWORD, "code": telephone.next_code(&app) });
    let other = Telephone::new(&app.post(ACCOUNT, &proof).await.is(StatusCode::OK));
    sign_in(&app, &format!("officer-{WEST}"), Some(&telephone.next_code(&app))).await.1.is(StatusCode::OK);
    put(&app, ACCOUNT, &json!({ "code": other.code(&app) })).await.is(StatusCode::OK);
    let of_before = telephone.next_code(&app);
    sign_in(&app, &format!("officer-{WEST}"), Some(&of_before)).await.1.refuses(
        401,
        "wrong_second_factor",
        Some("second_factor"),
    );
});

on_both_engines!(a_code_for_a_lost_password_does_not_go_around_it, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let (telephone, codes) = Telephone::set_up(&app).await;
    let administrator = app.sign_in_as("administrator", None).await;
    let people = app.get("/api/v1/people").await.is(StatusCode::OK);
    let inspector = people["items"].as_array().unwrap().iter().find(|one| one["login"] == "inspector-35.10").unwrap();
    assert_eq!(inspector["second_factor"], true);
    let path = format!("/api/v1/people/{}", inspector["id"].as_str().unwrap());
    let given = app.post(&format!("{path}/codes"), &json!({ "by": "card" })).await.is(StatusCode::OK);
    let door = format!("{}/api/v1/session/code", app.url);
    let owner = app.send(Client::new().post(&door).json(&json!({ "code": given["code"] }))).await.is(StatusCode::OK);
    assert_eq!(owner["second_factor"], true);
    let choose = |second: Option<String>| {
        let body = json!({ "code": given["code"], "password": "lima kuda di sawah", "second_factor": second });
        app.send(Client::new().put(&door).json(&body))
    };
    choose(None).await.refuses(401, "second_factor_needed", Some("second_factor"));
    choose(Some(telephone.wrong_code(&app))).await.refuses(401, "wrong_second_factor", Some("second_factor"));
    choose(Some(codes[0].clone())).await.is(StatusCode::OK);

    // Whoever lost the telephone and the codes asks an administrator; nobody removes their own so.
    let own = format!("/api/v1/people/{}/second-factor", administrator["user"]["id"].as_str().unwrap());
    app.send(app.request(Method::DELETE, &own)).await.refuses(409, "own_account", None);
    for _ in 0..2 {
        app.send(app.request(Method::DELETE, &format!("{path}/second-factor"))).await.is(StatusCode::NO_CONTENT);
    }
    let body = json!({ "login": "inspector-35.10", "password": "lima kuda di sawah" });
    app.send(Client::new().post(format!("{}/api/v1/session", app.url)).json(&body)).await.is(StatusCode::OK);
});
