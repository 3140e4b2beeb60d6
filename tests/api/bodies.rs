//! Bodies of requests: none is read for who may not send it, none holds more memory than came of it.

use super::limits::{connect, until_closed};
use crate::common::{NEVER, PASSWORD, TestApp, WEST, draft, new_id, on_both_engines, road};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Every route that takes a body, from the description: method, path with an id, kind of the body.
fn routes_with_bodies() -> Vec<(String, String, String)> {
    let description = serde_json::to_value(tapak::http::routes::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, route) in methods.as_object().unwrap() {
            let Some(kinds) = route["requestBody"]["content"].as_object() else { continue };
            let kind = kinds.keys().next().unwrap().clone();
            let path = path.replace("{id}", &new_id().to_string()).replace("{holder}", &new_id().to_string());
            routes.push((method.to_uppercase(), path, kind));
        }
    }
    assert!(routes.len() >= 11, "{routes:?}");
    routes
}

/// The cookie of an account made by `sign_in_as`.
async fn cookie(app: &TestApp, login: &str) -> String {
    let answer = app.post("/api/v1/session", &json!({ "login": login, "password": PASSWORD })).await;
    answer.is(StatusCode::OK);
    answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// The head of a request that announces 50,000 bytes, and as many as are given of them.
async fn begin(app: &TestApp, [method, path, kind]: [&str; 3], cookie: &str, bytes: &str) -> TcpStream {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: tapak\r\nContent-Type: {kind}\r\nContent-Length: 50000\r\nCookie: {cookie}\r\n\
         Connection: close\r\n\r\n{bytes}"
    );
    connect(app, "127.0.0.1", head.as_bytes()).await
}

/// The status of the answer, although the body never ends.
async fn status(mut stream: impl AsyncRead + Unpin) -> u16 {
    let mut head = [0; 12];
    let read = tokio::time::timeout(NEVER, stream.read_exact(&mut head)).await;
    read.expect("no answer before the end of the body").unwrap();
    String::from_utf8_lossy(&head[9..]).parse().unwrap()
}

on_both_engines!(a_stranger_s_body_is_not_read_whatever_is_in_it, |app| {
    for (method, path, kind) in routes_with_bodies() {
        if path.starts_with("/api/v1/session") {
            continue; // signing in is for strangers
        }
        for body in ["{\"id\": 7", "{}", ""] {
            let request = app.request(Method::from_bytes(method.as_bytes()).unwrap(), &path);
            let answer = app.send(request.header("content-type", &kind).body(body)).await;
            assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (401, &json!("sign_in_required")), "{path}");
        }
        // Answered while the body is still on its way: none of it was waited for.
        assert_eq!(status(begin(&app, [&method, &path, &kind], "", "{").await).await, 401, "{method} {path}");
    }
});

on_both_engines!(who_may_not_do_a_thing_anywhere_is_refused_before_the_body_is_read, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let cookie = cookie(&app, &format!("officer-{WEST}")).await;
    let id = new_id();
    for path in [
        format!("/api/v1/projects/{id}/withdraw"),
        format!("/api/v1/projects/{id}/merge"),
        format!("/api/v1/findings/{id}/decision"),
        format!("/api/v1/findings/{id}/decision/undo"),
    ] {
        let begun = begin(&app, ["POST", &path, "application/json"], &cookie, "{").await;
        assert_eq!(status(begun).await, 403, "{path}");
    }
});

on_both_engines!(a_sign_in_of_more_than_4_kib_is_none, |app| {
    let body = json!({ "login": "a", "password": "b".repeat(5_000) });
    app.post("/api/v1/session", &body).await.refuses(413, "too_large", None);
});

on_both_engines!(
    bodies_that_stand_still_hold_what_came_of_them_and_are_given_up,
    [("body_memory", "500000"), ("bodies_per_person", "30"), ("body_idle_s", "2")],
    |app| {
        app.sign_in_as("officer", Some(WEST)).await;
        let cookie = cookie(&app, &format!("officer-{WEST}")).await;
        let register = ["POST", "/api/v1/projects", "application/json"];
        let free = app.app.requests.available_permits();
        let mut silent = Vec::new();
        for _ in 0..25 {
            silent.push(begin(&app, register, &cookie, "{\"title\": \"").await);
        }
        while app.app.requests.available_permits() > free - 25 {
            tokio::task::yield_now().await;
        }
        // Twenty-five bodies of which 50,000 bytes were announced each: there is room for this one all the same.
        app.register(&draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21))).await;
        // After a minute they would be too slow, moving or not.
        for stream in silent {
            let received = tokio::time::timeout(NEVER / 2, until_closed(stream)).await.expect("it is waited for");
            assert!(received.starts_with("HTTP/1.1 408") && received.contains("body_too_slow"), "{received}");
        }
    }
);

on_both_engines!(
    a_body_of_a_byte_now_and_then_is_given_up_though_it_never_stands_still,
    [("body_grace_s", "1"), ("body_idle_s", "3600")],
    |app| {
        app.sign_in_as("officer", Some(WEST)).await;
        let cookie = cookie(&app, &format!("officer-{WEST}")).await;
        let slow = begin(&app, ["POST", "/api/v1/projects", "application/json"], &cookie, "{\"title\": \"").await;
        let (answer, mut body) = slow.into_split();
        let sent = tokio::spawn(async move {
            while body.write_all(b"a").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        assert_eq!(status(answer).await, 408);
        sent.abort();
    }
);

on_both_engines!(without_memory_for_a_body_its_sender_is_asked_to_come_again, [("body_memory", "100000")], |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let body = draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21));
    let cookie = cookie(&app, &format!("officer-{WEST}")).await;
    // Not enough for its first bytes: answered while the rest is still on its way.
    let mut others = app.app.bodies.open();
    assert!(others.grow(96_000, NEVER).await);
    let begun = begin(&app, ["POST", "/api/v1/projects", "application/json"], &cookie, "{").await;
    assert_eq!(status(begun).await, 503);
    drop(others);
    // Enough for its bytes, and not for what is read from them.
    let mut others = app.app.bodies.open();
    assert!(others.grow(90_000, NEVER).await);
    app.post("/api/v1/projects", &body).await.refuses(503, "busy", None);
    drop(others);
    let mut others = app.app.bodies.open();
    assert!(others.grow(100_000, NEVER).await);
    let answer = app.post("/api/v1/projects", &body).await;
    answer.refuses(503, "busy", None);
    assert_eq!(answer.headers["retry-after"], "5");
    drop(others);
    app.register(&body).await;
});

on_both_engines!(
    one_person_cannot_send_many_bodies_at_once,
    [("bodies_per_person", "2"), ("body_idle_s", "3600")],
    |app| {
        app.sign_in_as("officer", Some(WEST)).await;
        let cookie = cookie(&app, &format!("officer-{WEST}")).await;
        let register = ["POST", "/api/v1/projects", "application/json"];
        let three = [(); 3].map(|()| begin(&app, register, &cookie, "{"));
        let streams = futures_util::future::join_all(three).await;
        // Two are waited for; the one that came last is answered.
        let (answered, ..) =
            futures_util::future::select_all(streams.into_iter().map(|one| Box::pin(status(one)))).await;
        assert_eq!(answered, 429);
        app.sign_in_as("inspector", Some(WEST)).await;
        app.register(&draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21))).await;
    }
);

on_both_engines!(the_same_registration_is_known_again_after_an_update_and_in_other_bytes, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let mut body = draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21));
    body["id"] = json!(new_id());
    app.register(&body).await;
    let send = |text: String| {
        app.send(app.request(Method::POST, "/api/v1/projects").header("content-type", "application/json").body(text))
    };
    send(body.to_string()).await.is(StatusCode::OK);
    send(serde_json::to_string_pretty(&body).unwrap()).await.is(StatusCode::OK);
    let mut other = body.clone();
    other["title"] = json!("Jalan Mawar");
    send(other.to_string()).await.refuses(409, "already_registered", None);
    // What an earlier version stored: of what was read alone.
    let mut tx = app.app.store.read().await.unwrap();
    let id: uuid::Uuid = body["id"].as_str().unwrap().parse().unwrap();
    let stored = tapak::store::projects::find_digest(&mut tx, id).await.unwrap().unwrap().unwrap();
    drop(tx);
    let (_, read) = stored.split_once(' ').unwrap();
    app.engine.execute(app.folder.path(), &format!("UPDATE projects SET registered_digest = '{read}'")).await;
    send(body.to_string()).await.is(StatusCode::OK);
    send(other.to_string()).await.refuses(409, "already_registered", None);
});

on_both_engines!(the_same_report_in_other_bytes_is_known_again_and_for_another_project_it_is_another_one, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let village = app.village(WEST).await;
    let path = |project: &Value| format!("/api/v1/projects/{}/reports", project["id"].as_str().unwrap());
    let first = path(&app.register(&draft(village, "Jalan Melati", road(114.305, -8.21))).await);
    let second = path(&app.register(&draft(village, "Balai desa", road(114.309, -8.215))).await);
    let report = json!({ "id": new_id(), "percent": 50, "reported_on": "2026-01-15" });
    app.post(&first, &report).await.is(StatusCode::CREATED);
    let spaced = serde_json::to_string_pretty(&report).unwrap();
    let request = app.request(Method::POST, &first).header("content-type", "application/json").body(spaced);
    app.send(request).await.is(StatusCode::OK);
    app.post(&second, &report).await.refuses(409, "already_reported", None);
});
