use crate::common::{Engine, PASSWORD, TestApp, WEST, on_both_engines};
use reqwest::{Method, StatusCode};
use serde_json::json;

on_both_engines!(who_signs_in_has_a_session_that_scripts_cannot_read, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let login = json!({ "login": "OFFICER-35.10.01.2001 ", "password": PASSWORD });
    let answer = app.post("/api/v1/session", &login).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    let session = app.get("/api/v1/session").await.is(StatusCode::OK);
    assert_eq!(
        (session["user"]["posts"][0]["role"].as_str(), session["user"]["posts"][0]["region_name"].as_str()),
        (Some("officer"), Some("Barat"))
    );
    app.sign_out().await;
    assert!(app.get("/api/v1/session").await.is(StatusCode::OK)["user"].is_null());
});

on_both_engines!(over_https_the_cookie_is_secure, [("base_url", "https://tapak.example.org")], |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let answer =
        app.post("/api/v1/session", &json!({ "login": format!("officer-{WEST}"), "password": PASSWORD })).await;
    assert!(answer.headers["set-cookie"].to_str().unwrap().contains("; Secure"));
});

on_both_engines!(a_wrong_password_and_an_unknown_login_get_the_same_answer, |app| {
    app.sign_in_as("officer", None).await;
    app.sign_out().await;
    let wrong = app.post("/api/v1/session", &json!({ "login": "officer-all", "password": "not this one" })).await;
    let unknown = app.post("/api/v1/session", &json!({ "login": "nobody", "password": "not this one" })).await;
    assert_eq!(wrong.refuses_alike(401, "wrong_login", None), unknown.refuses_alike(401, "wrong_login", None));
});

on_both_engines!(nothing_is_written_without_a_session, |app| {
    let api = app.get("/api/v1/openapi.json").await.is(StatusCode::OK);
    let mut tried = 0;
    for (path, methods) in api["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|method| *method != "get") {
            if path.starts_with("/api/v1/session") {
                continue; // signing in and out, by a code too, is what one does without one
            }
            let some = "01900000-0000-7000-8000-000000000000";
            let path = path.replace("{id}", some).replace("{holder}", some).replace("{size}", "thumb");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = app.send(app.request(method.clone(), &path).json(&json!({}))).await;
            // Before the body or the thing is looked at.
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            tried += 1;
        }
    }
    assert!(tried >= 9, "only {tried} writes are described");
});

on_both_engines!(another_site_cannot_write_with_our_cookie, |app| {
    app.sign_in_as("administrator", None).await;
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let request = app.request(Method::POST, "/api/v1/projects").header(name, value).json(&json!({}));
        app.send(request).await.refuses(403, "other_site", None);
    }
});

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_checked_at_production_cost_too() {
    let settings = [("password_memory_kib", "19456"), ("password_passes", "2")];
    let app = TestApp::start(Engine::sqlite(), &settings).await;
    app.sign_in_as("officer", None).await;
    app.finish().await;
}
