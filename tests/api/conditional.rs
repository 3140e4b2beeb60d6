//! What is there already is not sent again, and what was changed meanwhile is not changed unseen.

use crate::common::{Answer, TestApp, WEST, draft, new_id, on_both_engines, road};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

fn tag(answer: &Answer) -> String {
    answer.headers.get("etag").expect("no ETag").to_str().unwrap().to_owned()
}

async fn get_if_new(app: &TestApp, client: &Client, path: &str, tag: &str) -> Answer {
    app.send(client.get(format!("{}{path}", app.url)).header("if-none-match", tag)).await
}

/// A work of the western village, and its path.
async fn registered(app: &TestApp) -> (Value, String) {
    app.sign_in_as("officer", Some(WEST)).await;
    let mut work = draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21));
    work["owner"] = json!("Siti Aminah");
    let work = app.register(&work).await;
    let path = format!("/api/v1/projects/{}", work["id"].as_str().unwrap());
    (work, path)
}

on_both_engines!(an_answer_that_the_client_has_is_not_sent_again_until_it_is_another_one, |app| {
    let (_, path) = registered(&app).await;
    app.work().await;
    for path in [path.as_str(), "/api/v1/projects", "/api/v1/session", "/api/v1/villages", "/api/v1/account/posts"] {
        let first = app.get(path).await;
        first.is(StatusCode::OK);
        assert_eq!(first.headers["cache-control"], "private, no-cache", "{path}");
        assert!(first.headers["vary"].to_str().unwrap().contains("cookie"), "{path}");
        for given in [tag(&first), format!("W/{}", tag(&first)), format!("\"x\", {}", tag(&first)), "*".to_owned()] {
            let again = get_if_new(&app, &app.client, path, &given).await;
            again.is(StatusCode::NOT_MODIFIED);
            assert!(again.bytes.is_empty() && tag(&again) == tag(&first), "{path} {given}");
        }
        get_if_new(&app, &app.client, path, "\"other\"").await.is(StatusCode::OK);
    }
    let (one, all) = (tag(&app.get(&path).await), tag(&app.get("/api/v1/projects").await));
    app.patch(&path, &json!({ "row_version": 1, "title": "Jalan Mawar" })).await.is(StatusCode::OK);
    assert_eq!(get_if_new(&app, &app.client, &path, &one).await.is(StatusCode::OK)["title"], "Jalan Mawar");
    get_if_new(&app, &app.client, "/api/v1/projects", &all).await.is(StatusCode::OK);
});

on_both_engines!(a_tag_of_what_one_is_shown_says_nothing_about_what_another_is_shown, |app| {
    let (_, path) = registered(&app).await;
    app.work().await;
    let stranger = Client::new();
    let (own, public) = (tag(&app.get(&path).await), tag(&app.send(stranger.get(format!("{}{path}", app.url))).await));
    assert_ne!(own, public, "the owner's name is in one and not in the other");
    assert_eq!(get_if_new(&app, &stranger, &path, &own).await.is(StatusCode::OK)["owner"], Value::Null);
    // What changes for who sees it stays the same for who does not.
    app.patch(&path, &json!({ "row_version": 1, "owner": "Budi Santoso" })).await.is(StatusCode::OK);
    app.work().await;
    get_if_new(&app, &app.client, &path, &own).await.is(StatusCode::OK);
    // Nobody is told "not modified" about what they may not ask for.
    app.sign_in_as("village_head", Some(WEST)).await;
    let end = json!({ "row_version": 2, "reason": "salah catat" });
    app.post(&format!("{path}/withdraw"), &end).await.is(StatusCode::OK);
    get_if_new(&app, &stranger, &path, "*").await.refuses(404, "not_found", None);
    get_if_new(&app, &stranger, "/api/v1/findings", "*").await.refuses(401, "sign_in_required", None);
});

on_both_engines!(a_compressed_answer_has_a_tag_of_its_own_and_is_known_by_it, |app| {
    let path = "/api/v1/villages";
    let plain = app.get(path).await;
    let ask = || app.request(Method::GET, path).header("accept-encoding", "gzip");
    let packed = app.send(ask()).await;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert_ne!(tag(&packed), tag(&plain));
    app.send(ask().header("if-none-match", tag(&packed))).await.is(StatusCode::NOT_MODIFIED);
});

async fn patch_if(app: &TestApp, path: &str, tag: &str, body: Value) -> Answer {
    app.send(app.request(Method::PATCH, path).header("if-match", tag).json(&body)).await
}

on_both_engines!(a_change_with_if_match_is_made_to_what_was_seen_or_refused_with_what_is_there, |app| {
    let (_, path) = registered(&app).await;
    let seen = tag(&app.get(&path).await);
    assert!(seen.starts_with("\"1-"), "{seen}");
    let changed = patch_if(&app, &path, &seen, json!({ "title": "Jalan Mawar" })).await;
    assert_eq!(changed.is(StatusCode::OK)["row_version"], 2);
    assert!(tag(&changed).starts_with("\"2-"));
    for stale in [seen.as_str(), "\"other\"", "W/\"2-ab\"", "\"-1-a\""] {
        let refused = patch_if(&app, &path, stale, json!({ "title": "Jalan Kenanga" })).await;
        let problem = refused.refuses(412, "precondition_failed", None);
        assert_eq!(
            (&problem["current"]["title"], &problem["current"]["row_version"]),
            (&json!("Jalan Mawar"), &json!(2))
        );
    }
    // The body says it too, as before: the same check, with 409.
    let refused = app.patch(&path, &json!({ "row_version": 1, "title": "Jalan Kenanga" })).await;
    assert_eq!(refused.refuses(409, "changed_meanwhile", None)["current"]["title"], "Jalan Mawar");
    let both = json!({ "row_version": 1, "title": "Jalan Kenanga" });
    let now = tag(&app.get(&path).await);
    patch_if(&app, &path, &now, both).await.refuses(422, "versions_differ", Some("row_version"));
    app.patch(&path, &json!({ "title": "Jalan Kenanga" })).await.refuses(422, "missing_field", Some("row_version"));
    patch_if(&app, &path, "*", json!({ "title": "x" })).await.refuses(422, "missing_field", Some("row_version"));
    patch_if(&app, &path, "\"1-a\", \"2-b\"", json!({ "title": "x" })).await.refuses(400, "several_if_match", None);
    assert_eq!(app.get(&path).await.json()["title"], "Jalan Mawar", "nothing of it was done");
    let agree = json!({ "row_version": 2, "title": "Jalan Kenanga" });
    assert_eq!(patch_if(&app, &path, &now, agree).await.is(StatusCode::OK)["row_version"], 3);
    app.sign_in_as("village_head", Some(WEST)).await;
    let end = |tag: &str, reason: &str| {
        let request = app.request(Method::POST, &format!("{path}/withdraw")).header("if-match", tag.to_owned());
        app.send(request.json(&json!({ "reason": reason })))
    };
    end(&now, "salah catat").await.refuses(412, "precondition_failed", None);
    end("\"3-\"", "salah catat").await.is(StatusCode::OK);
});

on_both_engines!(a_decision_on_another_state_of_the_finding_is_refused_with_the_state_of_now, |app| {
    app.register_doubles().await;
    app.work().await;
    let open = app.get("/api/v1/findings?state=open").await.json();
    let id = open["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/findings/{id}");
    let seen = tag(&app.get(&path).await);
    let decide = |tag: &str| {
        let body = json!({ "id": new_id(), "decision": "different_works", "reason": "Dua ruas" });
        app.send(app.request(Method::POST, &format!("{path}/decision")).header("if-match", tag.to_owned()).json(&body))
    };
    let problem = decide("\"99-a\"").await.refuses(412, "precondition_failed", None);
    assert_eq!(problem["current"]["id"], id.as_str());
    decide(&seen).await.is(StatusCode::OK);
});

on_both_engines!(what_is_said_of_a_file_rests_on_the_revision_that_was_seen, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let path = format!("/api/v1/uploads/{}", new_id());
    let file = format!("id;judul;kode_desa;tahun;pagu\n1;Gapura;{WEST};2026;1000000\n").into_bytes();
    app.put_bytes(&format!("{path}/file/gapura.csv"), "text/csv", file).await.is(StatusCode::CREATED);
    app.work().await;
    let seen = tag(&app.get(&path).await);
    assert!(seen.starts_with("\"1-"), "{seen}");
    let say = |tag: &str, body: Value| {
        app.send(app.request(Method::PUT, &format!("{path}/options")).header("if-match", tag.to_owned()).json(&body))
    };
    let said = say(&seen, json!({ "options": { "source": "Dinas" } })).await;
    assert_eq!(said.is(StatusCode::OK)["revision"], 2);
    let refused = say(&seen, json!({ "options": {} })).await.refuses(412, "precondition_failed", None);
    assert_eq!((&refused["current"]["revision"], &refused["current"]["id"]), (&json!(2), &said.json()["id"]));
    // The answer to a PUT is not what was put, and carries no tag (RFC 9110, section 9.3.4).
    let second = tag(&app.get(&path).await);
    say(&second, json!({ "revision": 1, "options": {} })).await.refuses(422, "versions_differ", Some("revision"));
    app.work().await;
    let store = |tag: &str| {
        app.send(
            app.request(Method::POST, &format!("{path}/store")).header("if-match", tag.to_owned()).json(&json!({})),
        )
    };
    store(&seen).await.refuses(412, "precondition_failed", None);
    app.post(&format!("{path}/store"), &json!({})).await.refuses(422, "missing_field", Some("revision"));
    let now = tag(&app.get(&path).await);
    assert_eq!(store(&now).await.is(StatusCode::OK)["revision"], 2);
    app.work().await;
});
