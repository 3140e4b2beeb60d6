//! Guessing passwords is slowed; whoever has the right one gets in.

use crate::common::{Answer, PASSWORD, TestApp, WEST, attempt, client, on_both_engines};
use reqwest::{Client, Method, StatusCode};
use serde_json::json;
use std::time::Duration;
use tapak::actions::sign_in::Attempt;
use tapak::store::sign_ins::{self, Failures};

const LOGIN: &str = "officer-35.10.01.2001";
/// Each test says itself where its requests come from.
const PROXY: (&str, &str) = ("trusted_proxies", "127.0.0.1");
const GUESSER: &str = "203.0.113.7";

/// Signs in from an address, on a device that holds no cookie.
async fn try_from(app: &TestApp, address: &str, login: &str, password: &str) -> Answer {
    send(&client().build().unwrap(), app, address, login, password).await
}

async fn send(client: &Client, app: &TestApp, address: &str, login: &str, password: &str) -> Answer {
    let request = client.request(Method::POST, format!("{}/api/v1/session", app.url));
    app.send(request.header("x-forwarded-for", address).json(&json!({ "login": login, "password": password }))).await
}

/// Seconds to wait, of a refusal that says so in header and body.
#[track_caller]
fn told_wait(answer: &Answer) -> u64 {
    let body = answer.refuses(429, "sign_in_wait", None);
    let seconds: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(body["retry_after_s"], seconds);
    assert!(body["expected"].as_str().unwrap().contains(&seconds.to_string()), "{body}");
    seconds
}

/// Guesses until it has to wait; gives how many were looked at, and the wait.
async fn guess(app: &TestApp, address: &str, login: &str) -> (usize, u64) {
    for tried in 0..100 {
        let answer = try_from(app, address, login, "a wrong password").await;
        if answer.status != StatusCode::UNAUTHORIZED {
            return (tried, told_wait(&answer));
        }
    }
    panic!("nobody slows this guesser");
}

async fn an_officer(app: &TestApp) {
    app.sign_in_as("officer", Some(WEST)).await;
    app.sign_out().await;
}

on_both_engines!(guessing_at_an_account_is_slowed_more_and_more_up_to_a_minute, [PROXY], |app| {
    an_officer(&app).await;
    let (tried, mut wait) = guess(&app, GUESSER, LOGIN).await;
    assert_eq!(tried, 5);
    let mut waits = vec![wait];
    for _ in 0..6 {
        app.app.clock.advance(Duration::from_secs(wait + 1));
        try_from(&app, GUESSER, LOGIN, "a wrong password").await.refuses(401, "wrong_login", None);
        wait = told_wait(&try_from(&app, GUESSER, LOGIN, PASSWORD).await);
        waits.push(wait);
    }
    assert!(waits.is_sorted() && waits[0] <= 2 && waits.iter().all(|wait| *wait <= 60), "{waits:?}");
    assert!(waits[6] > 55, "{waits:?}");
    app.app.clock.advance(Duration::from_secs(wait));
    try_from(&app, GUESSER, LOGIN, PASSWORD).await.is(StatusCode::OK);
});

on_both_engines!(
    the_owner_of_an_attacked_account_gets_in_from_where_they_signed_in_before_and_elsewhere_after_the_wait,
    [PROXY],
    |app| {
        an_officer(&app).await;
        let home = "198.51.100.1";
        let device = client().cookie_store(true).build().unwrap();
        send(&device, &app, home, LOGIN, PASSWORD).await.is(StatusCode::OK);
        for guesser in 1..=8 {
            guess(&app, &format!("203.0.113.{guesser}"), LOGIN).await;
        }
        // Mistyped there it is a first failure, whatever is done elsewhere.
        try_from(&app, home, LOGIN, "a wrong password").await.refuses(401, "wrong_login", None);
        try_from(&app, home, LOGIN, PASSWORD).await.is(StatusCode::OK);
        // The same device from the guesser's own network, which has to wait.
        let (_, wait) = guess(&app, GUESSER, LOGIN).await;
        assert!(wait > 0);
        send(&device, &app, GUESSER, LOGIN, PASSWORD).await.is(StatusCode::OK);
        // Elsewhere: one wait, which goes on ending while others go on guessing.
        let elsewhere = "198.51.100.200";
        let wait = told_wait(&try_from(&app, elsewhere, LOGIN, PASSWORD).await);
        app.app.clock.advance(Duration::from_secs(wait / 2));
        guess(&app, "203.0.113.99", LOGIN).await;
        app.app.clock.advance(Duration::from_secs(wait / 2 + 1));
        try_from(&app, elsewhere, LOGIN, PASSWORD).await.is(StatusCode::OK);
    }
);

on_both_engines!(guessing_at_many_accounts_from_one_address_is_slowed_and_other_addresses_are_not, [PROXY], |app| {
    an_officer(&app).await;
    let mut looked_at = 0;
    for n in 0..60 {
        let answer = try_from(&app, GUESSER, &format!("petugas{n}"), "a wrong password").await;
        // On a slow machine the wait that begins here is over before the last of them.
        if answer.status != StatusCode::UNAUTHORIZED {
            break;
        }
        looked_at += 1;
    }
    assert_eq!(looked_at, 20);
    told_wait(&try_from(&app, GUESSER, LOGIN, PASSWORD).await);
    try_from(&app, "198.51.100.1", LOGIN, PASSWORD).await.is(StatusCode::OK);
});

on_both_engines!(an_account_that_is_not_there_is_slowed_like_one_that_is, [PROXY], |app| {
    an_officer(&app).await;
    let mut answers = Vec::new();
    for (login, here) in [(LOGIN, "203.0.113.1"), ("nobody", "203.0.113.2")] {
        let mut seen = Vec::new();
        for at in 0..12 {
            let from = if at < 8 { here } else { "203.0.113.3" };
            let answer = try_from(&app, from, login, "a wrong password").await;
            seen.push((answer.status, answer.headers.contains_key("set-cookie"), answer.json()["code"].clone()));
        }
        answers.push(seen);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0][11].0, StatusCode::TOO_MANY_REQUESTS);
});

on_both_engines!(a_sign_in_that_failed_is_in_the_log_and_names_nobody, |app| {
    an_officer(&app).await;
    let log = app.folder.path().join("log");
    let writer = std::sync::Arc::new(std::fs::File::create(&log).unwrap());
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(writer).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let wrong = Attempt { password: "not the right one".to_owned(), ..attempt(LOGIN, GUESSER) };
    tapak::actions::sign_in::sign_in(&app.app, wrong).await.unwrap_err();
    drop(guard);
    let said = std::fs::read_to_string(log).unwrap();
    assert!(said.contains("WARN") && said.contains("a sign-in failed") && said.contains("failures=1"), "{said}");
    for secret in ["officer-35.1", GUESSER, "not the right one"] {
        assert!(!said.contains(secret), "{said}");
    }
});

on_both_engines!(a_restart_and_another_process_know_who_has_to_wait, [PROXY], |app| {
    an_officer(&app).await;
    guess(&app, GUESSER, LOGIN).await;
    let another = app.another(&[PROXY]).await;
    let refused = tapak::actions::sign_in::sign_in(&another, attempt(LOGIN, GUESSER)).await.unwrap_err();
    assert!(matches!(refused, tapak::actions::ActionError::SignInWait { .. }), "{refused}");
    another.close().await;
});

on_both_engines!(a_clock_that_is_set_back_shuts_nobody_out_until_then, [PROXY], |app| {
    let there = app.another(&[PROXY]).await;
    an_officer(&app).await;
    app.app.clock.advance(Duration::from_secs(86_400));
    guess(&app, GUESSER, LOGIN).await;
    let signed_in = tapak::actions::sign_in::sign_in(&there, attempt(LOGIN, GUESSER)).await;
    assert!(signed_in.is_ok(), "{signed_in:?}");
    there.close().await;
});

on_both_engines!(four_hundred_wrong_sign_ins_at_once_leave_the_service_usable, [PROXY], |app| {
    an_officer(&app).await;
    let mut all = tokio::task::JoinSet::new();
    for n in 0..400 {
        let (client, url) = (app.client.clone(), app.url.clone());
        all.spawn(async move {
            let login = json!({ "login": format!("petugas{n}"), "password": "a wrong password" });
            client
                .post(format!("{url}/api/v1/session"))
                .header("x-forwarded-for", GUESSER)
                .json(&login)
                .send()
                .await
                .unwrap()
        });
    }
    app.get("/api/v1/years").await.is(StatusCode::OK);
    let mut looked_at = 0;
    while let Some(answer) = all.join_next().await {
        let answer = answer.unwrap();
        match answer.status().as_u16() {
            401 => looked_at += 1,
            429 | 503 => assert!(answer.headers().contains_key("retry-after")),
            other => panic!("{other}"),
        }
    }
    // On a slow machine some lost their turn to a busy database: guesses that are then still free are looked at now.
    while looked_at <= 22 {
        let later = try_from(&app, GUESSER, &format!("later{looked_at}"), "a wrong password").await;
        if later.status != StatusCode::UNAUTHORIZED {
            told_wait(&later);
            break;
        }
        looked_at += 1;
    }
    // As many as are free, and no more beyond than are hashed at once.
    assert!((20..=22).contains(&looked_at), "{looked_at} passwords were looked at");
    try_from(&app, "198.51.100.1", LOGIN, PASSWORD).await.is(StatusCode::OK);
    let wait = told_wait(&try_from(&app, GUESSER, LOGIN, PASSWORD).await);
    app.app.clock.advance(Duration::from_secs(wait));
    try_from(&app, GUESSER, LOGIN, PASSWORD).await.is(StatusCode::OK);
});

on_both_engines!(what_is_kept_of_failures_is_bounded_and_forgotten, |app| {
    let now = app.app.clock.now();
    let mut tx = app.app.store.write().await.unwrap();
    for n in 0..50 {
        let failed_at = now - Duration::from_secs(5 * 3_600);
        let old = Failures { failures: 9, failed_at, wait_until: failed_at };
        sign_ins::keep(&mut tx, &format!("old {n}"), old).await.unwrap();
    }
    tx.commit().await.unwrap();
    app.post("/api/v1/session", &json!({ "login": "nobody", "password": "wrong" })).await.is(StatusCode::UNAUTHORIZED);
    let mut tx = app.app.store.read().await.unwrap();
    for n in 0..50 {
        assert_eq!(sign_ins::find(&mut tx, &format!("old {n}")).await.unwrap(), None);
    }
});
