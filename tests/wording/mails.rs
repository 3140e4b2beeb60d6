//! The mails of one story: a road that two villages claim, a comment on the finding, a decision.

use crate::common::kept::reads_as_kept;
use crate::common::{BORDER_LON, EAST, PASSWORD, TestApp, WEST, draft, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tapak::actions::add_user::{UserInput, add_user};

/// Somebody who can sign in, and reads this language.
async fn add(app: &TestApp, login: &str, name: &str, role: &str, region: &str, language: &str) {
    let person = UserInput {
        login: login.to_owned(),
        name: name.to_owned(),
        role: role.to_owned(),
        region_code: Some(region.to_owned()),
        email: Some(format!("{login}@example.org")),
        language: language.to_owned(),
    };
    add_user(&app.app, person, PASSWORD.to_owned(), false).await.unwrap();
}

async fn sign_in(app: &TestApp, login: &str) {
    app.post("/api/v1/session", &json!({ "login": login, "password": PASSWORD })).await.is(StatusCode::OK);
}

/// An id that a phone made, so that the links of the mails are always the same.
fn id(number: u32) -> String {
    format!("01900000-0000-7000-8000-{number:012}")
}

/// The newest mail to this person: subject, text and HTML, without what differs each time or is no text.
async fn newest_mail(app: &TestApp, login: &str, finding: &str) -> String {
    app.sign_in_as("administrator", None).await;
    let listed = app.get("/api/v1/messages").await.is(StatusCode::OK);
    let to = format!("{login}@example.org");
    let message = listed["items"].as_array().unwrap().iter().find(|message| message["to"] == to.as_str()).unwrap();
    let path = format!("/api/v1/messages/{}", message["id"].as_str().unwrap());
    let mail = app.get(&path).await.is(StatusCode::OK);
    let html = String::from_utf8(app.get(&format!("{path}/preview")).await.bytes).unwrap();
    // The template engine writes every slash as a reference.
    let html = html.replace("&#x2f;", "/");
    let whole = format!("{}\n\n{}\n\n{html}", mail["subject"].as_str().unwrap(), mail["text"].as_str().unwrap());
    without_picture(&whole).replace(finding, "FINDING")
}

fn without_picture(text: &str) -> String {
    match text.split_once("data:image/png;base64,") {
        Some((before, rest)) => format!("{before}PICTURE{}", &rest[rest.find('"').unwrap()..]),
        None => text.to_owned(),
    }
}

async fn finding(app: &TestApp) -> Value {
    let found = app.get("/api/v1/findings?kind=duplicate").await.is(StatusCode::OK);
    found["items"][0].clone()
}

on_both_engines!(mails_about_a_finding_a_comment_and_a_decision_read_as_they_are_kept, |app| {
    add(&app, "barat", "Slamet Riyadi", "village_head", WEST, "id").await;
    add(&app, "timur", "Endang Lestari", "village_head", EAST, "en").await;
    add(&app, "inspektur", "Dewi Anggraini", "inspector", "35.10", "id").await;
    sign_in(&app, "inspektur").await;
    let from = BORDER_LON - 0.001;
    for (number, village, title, lat) in [
        (1, WEST, "Rabat beton jalan perbatasan Barat - Timur", -8.21),
        (2, EAST, "Pembangunan Jalan Rabat Beton Batas Desa Timur", -8.21001),
    ] {
        let mut work = draft(app.village(village).await, title, road(from, lat));
        work["id"] = json!(id(number));
        app.register(&work).await;
    }
    app.work().await;
    let found = finding(&app).await;
    let finding_id = found["id"].as_str().unwrap();
    for (login, language) in [("barat", "id"), ("timur", "en")] {
        reads_as_kept(&format!("mail_alert_{language}"), &newest_mail(&app, login, finding_id).await);
    }

    sign_in(&app, "barat").await;
    let comment = json!({ "id": id(3), "text": "Ruas kami berhenti di gapura.\nSisanya milik Timur." });
    app.post(&format!("/api/v1/findings/{finding_id}/comments"), &comment).await.is(StatusCode::OK);
    app.work().await;
    for (login, language) in [("inspektur", "id"), ("timur", "en")] {
        reads_as_kept(&format!("mail_comment_{language}"), &newest_mail(&app, login, finding_id).await);
    }

    sign_in(&app, "inspektur").await;
    let decision = json!({ "id": id(4), "row_version": finding(&app).await["row_version"], "decision": "same_work",
        "keep": id(1), "reason": "Dilihat di lapangan: satu ruas, dicatat oleh dua desa." });
    app.post(&format!("/api/v1/findings/{finding_id}/decision"), &decision).await.is(StatusCode::OK);
    app.work().await;
    for (login, language) in [("barat", "id"), ("timur", "en")] {
        reads_as_kept(&format!("mail_decision_{language}"), &newest_mail(&app, login, finding_id).await);
    }
});
