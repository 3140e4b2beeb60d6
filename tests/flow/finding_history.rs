//! However much is said, decided and mailed about one finding: its answer stays small, and all of it is found by page.

use super::alerts::{add_person, claim_border_road};
use crate::common::{EAST, ELSEWHERE, TestApp, WEST, new_id, on_both_engines};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tapak::domain::post::Role;

/// A finding across two villages, of which the people of both were told.
async fn border_finding(app: &TestApp) -> String {
    for (login, region) in [("kades-barat", WEST), ("kades-timur", EAST)] {
        add_person(app, login, Role::VillageHead, region).await;
    }
    app.sign_in_as("inspector", Some("35.10")).await;
    claim_border_road(app).await;
    app.work().await;
    let found = app.get("/api/v1/findings?state=open&kind=duplicate").await.is(StatusCode::OK);
    format!("/api/v1/findings/{}", found["items"][0]["id"].as_str().unwrap())
}

/// The ids of all pages of `part`, `limit` a page, and where each page after the first began.
async fn pages(app: &TestApp, finding: &str, part: &str, limit: usize) -> (Vec<String>, Vec<String>) {
    let (mut ids, mut keys) = (Vec::new(), Vec::new());
    let mut query = format!("limit={limit}");
    loop {
        let page = app.get(&format!("{finding}/{part}?{query}")).await.is(StatusCode::OK);
        assert!(page["items"].as_array().unwrap().len() <= limit, "{page}");
        ids.extend(ids_of(&page["items"]));
        let Some(next) = page["next"].as_str() else { return (ids, keys) };
        keys.push(next.to_owned());
        query = format!("limit={limit}&after={next}");
    }
}

fn ids_of(items: &Value) -> Vec<String> {
    items.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

on_both_engines!(a_hundred_comments_are_read_by_page_the_newest_first, |app| {
    let finding = border_finding(&app).await;
    let mut said = Vec::new();
    for n in 0..103 {
        let comment = json!({ "id": new_id(), "text": format!("Keterangan ke-{n}") });
        app.post(&format!("{finding}/comments"), &comment).await.is(StatusCode::OK);
        said.push(comment["id"].as_str().unwrap().to_owned());
    }
    said.reverse();
    let shown = app.get(&finding).await.is(StatusCode::OK);
    assert_eq!(ids_of(&shown["comments"]), said[..50]);
    let key = shown["comments_next"].as_str().expect("there are older ones");
    let older = app.get(&format!("{finding}/comments?after={key}")).await.is(StatusCode::OK);
    assert_eq!(ids_of(&older["items"]), said[50..100]);
    assert_eq!(pages(&app, &finding, "comments", 10).await.0, said);
});

on_both_engines!(decisions_made_and_taken_back_many_times_are_read_by_page, |app| {
    let finding = border_finding(&app).await;
    let mut made = Vec::new();
    for _ in 0..12 {
        let row_version = app.get(&finding).await.is(StatusCode::OK)["row_version"].clone();
        let decision =
            json!({ "id": new_id(), "row_version": row_version, "decision": "different_works", "reason": "Lain." });
        let decided = app.post(&format!("{finding}/decision"), &decision).await.is(StatusCode::OK);
        assert_eq!(
            (&decided["decisions"][0]["id"], &decided["decisions"][0]["stands"]),
            (&decision["id"], &json!(true))
        );
        app.post(&format!("{finding}/decision/undo"), &json!({ "decision": decision["id"] })).await.is(StatusCode::OK);
        made.push(decision["id"].as_str().unwrap().to_owned());
    }
    made.reverse();
    let shown = app.get(&finding).await.is(StatusCode::OK);
    assert_eq!(ids_of(&shown["decisions"]), made[..10]);
    assert!(shown["decisions_next"].is_string());
    assert_eq!(pages(&app, &finding, "decisions", 5).await.0, made);
    // One far behind is known, and is not the last.
    let old = json!({ "decision": made[11] });
    let refused = app.post(&format!("{finding}/decision/undo"), &old).await.is(StatusCode::CONFLICT);
    assert_eq!(refused["code"], "not_the_last_decision");
});

on_both_engines!(recipients_of_a_finding_are_read_by_page_and_nobody_sees_more_than_before, |app| {
    let finding = border_finding(&app).await;
    let shown = app.get(&finding).await.is(StatusCode::OK);
    let told = ids_of(&shown["messages"]);
    assert!(told.len() >= 2 && shown["messages_next"].is_null(), "{shown}");
    let (paged, keys) = pages(&app, &finding, "messages", 1).await;
    assert_eq!((paged, keys.len()), (told.clone(), told.len() - 1));
    app.sign_in_as("village_head", Some(WEST)).await;
    let own: BTreeSet<String> = ids_of(&app.get(&finding).await.is(StatusCode::OK)["messages"]).into_iter().collect();
    let paged: BTreeSet<String> = pages(&app, &finding, "messages", 1).await.0.into_iter().collect();
    assert_eq!(paged, own);
    assert!(own.len() < told.len(), "a village head is shown whom others told: {own:?}");
    app.sign_in_as("officer", Some(ELSEWHERE)).await;
    for part in ["comments", "decisions", "messages"] {
        app.get(&format!("{finding}/{part}")).await.is(StatusCode::NOT_FOUND);
        app.sign_in_as("officer", Some(ELSEWHERE)).await;
    }
});
