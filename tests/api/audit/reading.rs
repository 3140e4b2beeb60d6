//! Who reads personal data of others is noted before they get it.

use super::{house, path};
use crate::common::chain::Chain;
use crate::common::command::text;
use crate::common::{Engine, WEST, draft, jpeg, new_id, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};

on_both_engines!(who_reads_the_name_of_an_owner_is_noted_once_and_who_does_not_see_it_is_not, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&house(app.village(WEST).await)).await;
    let mut chain = Chain::new(&app);
    chain.told().await;
    let read = async || app.get(&path(&project, "")).await.is(StatusCode::OK)["owner"].clone();
    assert_eq!(read().await, "Mbok Nah Rahasia");
    assert_eq!(chain.only("read project").await.0, json!({ "fields": [null, ["owner"]] }));
    assert_eq!(read().await, "Mbok Nah Rahasia");
    assert_eq!(chain.kinds().await, [] as [&str; 0], "a page that asks again is the same reading");
    app.app.clock.advance(std::time::Duration::from_secs(11 * 60));
    read().await;
    chain.only("read project").await;
    app.sign_out().await;
    assert_eq!(read().await, Value::Null);
    assert_eq!(chain.kinds().await, [] as [&str; 0]);
    app.sign_in_as("inspector", Some("35.10")).await;
    chain.told().await;
    read().await;
    chain.only("read project").await;
    app.work().await;
});

on_both_engines!(what_cannot_be_noted_is_not_read, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&house(app.village(WEST).await)).await;
    app.work().await;
    let refuse = match app.engine {
        Engine::Sqlite => "CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END".to_owned(),
        Engine::Postgres { .. } => "ALTER TABLE audit ADD CONSTRAINT no CHECK (number < 0) NOT VALID".to_owned(),
    };
    app.engine.execute(app.folder.path(), &refuse).await;
    let answer = app.get(&path(&project, "")).await;
    assert!(answer.status.is_server_error() && !text(&answer.bytes).contains("Rahasia"), "{answer:?}");
});

on_both_engines!(a_holder_names_a_substitute_and_that_is_told_by_the_post_that_they_lend, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let head = app.sign_in_as("village_head", Some(WEST)).await["user"].clone();
    let mut chain = Chain::new(&app);
    chain.told().await;
    app.get("/api/v1/account/posts").await.is(StatusCode::OK);
    let (read, _) = chain.only("read user").await;
    assert_eq!(read["colleagues"][1].as_array().unwrap().len(), 1, "the one colleague: {read}");
    let post = head["posts"][0]["post"].as_str().unwrap();
    let path = format!("/api/v1/account/posts/{post}/substitutes");
    let last_day = (app.app.clock.now() + chrono::TimeDelta::days(7)).date_naive();
    let body = json!({ "id": new_id(), "login": format!("officer-{WEST}"), "last_day": last_day, "only": ["comment_finding"] });
    let named = app.post(&path, &body).await.is(StatusCode::OK);
    let (told, _) = chain.only("appoint post").await;
    assert_eq!((&told["capacity"][1], &told["only"][1]), (&json!("substitute"), &json!(["comment_finding"])));
    assert_eq!(
        (&chain.who["person"], &chain.who["post"], &chain.who["role"], &chain.who["region"]),
        (&head["id"], &json!(post), &json!("village_head"), &json!(WEST))
    );
    app.post(&format!("{path}/{}/end", named["id"].as_str().unwrap()), &json!({})).await.is(StatusCode::OK);
    assert_eq!(chain.only("end_holding post").await.0["holder"][1], named["id"]);
});

on_both_engines!(who_reads_mails_to_others_or_their_addresses_is_noted_and_of_ones_own_nobody_is, |app| {
    let alike = ["Paving Gang Masjid RT 02", "Pavingisasi gang masjid Rt.02"];
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    for title in alike {
        app.register(&draft(west, title, road(114.305, -8.21))).await;
    }
    app.work().await;
    let mut chain = Chain::new(&app);
    chain.told().await;
    let mails = app.get("/api/v1/messages").await.is(StatusCode::OK);
    assert_eq!(mails["items"].as_array().unwrap().len(), 1, "{mails}");
    let finding = app.get("/api/v1/findings").await.is(StatusCode::OK)["items"][0]["id"].as_str().unwrap().to_owned();
    app.get(&format!("/api/v1/findings/{finding}")).await.is(StatusCode::OK);
    assert_eq!(chain.kinds().await, [] as [&str; 0], "one's own");
    app.sign_in_as("administrator", None).await;
    chain.told().await;
    app.get("/api/v1/messages").await.is(StatusCode::OK);
    let id = &mails["items"][0]["id"];
    assert_eq!(chain.only("read message").await.0, json!({ "messages": [null, [id]] }));
    app.get(&format!("/api/v1/messages/{}/preview", id.as_str().unwrap())).await;
    assert_eq!(chain.kinds().await, [] as [&str; 0], "the same a moment later is one reading");
    app.get(&format!("/api/v1/findings/{finding}")).await.is(StatusCode::OK);
    assert_eq!(chain.only("read finding").await.0, json!({ "fields": [null, ["recipients"]] }));
    app.get(&format!("/api/v1/findings/{finding}/messages")).await.is(StatusCode::OK);
    assert_eq!(chain.kinds().await, [] as [&str; 0]);
});

on_both_engines!(who_downloads_a_photo_as_it_was_taken_is_noted, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&draft(app.village(WEST).await, "Jalan Melati", road(114.311, -8.203))).await;
    let (report, photo, bytes) = (new_id(), new_id(), jpeg(40, 30));
    let sent = json!({ "id": report, "percent": 50, "reported_on": "2026-01-15", "stage": "50",
        "photos": [{ "id": photo, "position": 1, "bytes": bytes.len() }] });
    app.post(&path(&project, "/reports"), &sent).await.is(StatusCode::CREATED);
    let original = format!("/api/v1/photos/{photo}/original");
    app.put_bytes(&original, "image/jpeg", bytes).await.is(StatusCode::CREATED);
    app.work().await;
    let mut chain = Chain::new(&app);
    chain.told().await;
    let got = app.get(&original).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(chain.only("read photo").await.0, json!({ "fields": [null, ["original"]] }));
    assert_eq!(chain.who["role"], "officer");
    app.sign_out().await;
    app.get(&original).await.refuses(401, "sign_in_required", None);
    assert_eq!(chain.kinds().await, [] as [&str; 0]);
});
