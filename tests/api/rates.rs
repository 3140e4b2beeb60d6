//! How many requests one person or one address may make in a minute, and what every answer says about it.

use crate::common::{Answer, TestApp, WEST, on_both_engines};
use reqwest::{Client, Method, StatusCode};

async fn from(app: &TestApp, address: &str, path: &str) -> Answer {
    let client = Client::new();
    app.send(client.get(format!("{}{path}", app.url)).header("x-forwarded-for", address)).await
}

fn told<'a>(answer: &'a Answer, header: &str) -> &'a str {
    answer.headers.get(header).unwrap_or_else(|| panic!("no {header}")).to_str().unwrap()
}

on_both_engines!(
    a_person_has_a_quota_of_their_own_and_every_answer_says_what_is_left,
    [("requests_per_person", "4")],
    |app| {
        app.sign_in_as("officer", Some(WEST)).await;
        for left in [3, 2, 1, 0] {
            let answer = app.get("/api/v1/funds").await;
            answer.is(StatusCode::OK);
            assert_eq!(told(&answer, "ratelimit-policy"), "\"person\";q=4;w=60");
            assert!(told(&answer, "ratelimit").starts_with(&format!("\"person\";r={left};t=")));
        }
        let answer = app.get("/api/v1/funds").await;
        let problem = answer.refuses(429, "rate_limited", None);
        assert_eq!(told(&answer, "retry-after"), problem["retry_after_s"].to_string());
        assert!(told(&answer, "ratelimit").starts_with("\"person\";r=0;t="));
        assert_eq!(told(&answer, "ratelimit-policy"), "\"person\";q=4;w=60");
        // Whatever they ask of the API, and nothing else.
        app.send(app.request(Method::DELETE, "/api/v1/session")).await.refuses(429, "rate_limited", None);
        assert_eq!(app.get("/healthz").await.status, StatusCode::OK);
        // Who is not signed in, and another person, are not concerned.
        let stranger = app.send(Client::new().get(format!("{}/api/v1/funds", app.url))).await;
        stranger.is(StatusCode::OK);
        assert!(!stranger.headers.contains_key("ratelimit"), "this machine speaks for many");
    }
);

on_both_engines!(
    an_address_has_a_quota_for_who_is_not_signed_in,
    [("requests_per_address", "2"), ("trusted_proxies", "127.0.0.1")],
    |app| {
        for _ in 0..2 {
            let answer = from(&app, "203.0.113.7", "/api/v1/funds").await;
            answer.is(StatusCode::OK);
            assert_eq!(told(&answer, "ratelimit-policy"), "\"address\";q=2;w=60");
        }
        from(&app, "203.0.113.7", "/api/v1/funds").await.refuses(429, "rate_limited", None);
        from(&app, "203.0.113.8", "/api/v1/funds").await.is(StatusCode::OK);
        for n in 0..2 {
            from(&app, &format!("2001:db8::{n}"), "/api/v1/funds").await.is(StatusCode::OK);
        }
        from(&app, "2001:db8::9", "/api/v1/funds").await.refuses(429, "rate_limited", None);
        // Colleagues behind that address who are signed in go on.
        app.sign_in_as("officer", Some(WEST)).await;
        for _ in 0..4 {
            app.send(app.request(Method::GET, "/api/v1/funds").header("x-forwarded-for", "203.0.113.7"))
                .await
                .is(StatusCode::OK);
        }
    }
);
