//! What is done to the security of an account is told to its owner by mail.

use crate::common::command::tapak_reads;
use crate::common::telephone::{ACCOUNT, Telephone};
use crate::common::{PASSWORD, TestApp, WEST, on_both_engines};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

const CHOSEN: &str = "empat kuda di sawah";

async fn change_password(app: &TestApp) {
    let body = json!({ "old": PASSWORD, "new": CHOSEN });
    app.send(app.request(Method::PUT, "/api/v1/account/password").json(&body)).await.is(StatusCode::NO_CONTENT);
}

async fn row(app: &TestApp, login: &str) -> Value {
    let people = app.get("/api/v1/people").await.is(StatusCode::OK);
    people["items"].as_array().unwrap().iter().find(|one| one["login"] == login).unwrap().clone()
}

on_both_engines!(the_owner_hears_of_a_changed_password_and_what_to_do_if_it_was_somebody_else, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    change_password(&app).await;
    app.work().await;
    let mails = app.mails_to("officer@example.org");
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    for said in ["Kata sandi diganti", "dari akun Anda sendiri", "/forgotten", "telepon admin"] {
        assert!(mail.contains(said), "{said} is missing in {mail}");
    }
    for secret in [PASSWORD, CHOSEN] {
        assert!(!mail.contains(secret), "{mail}");
    }
});

on_both_engines!(what_was_done_at_once_stands_in_one_mail_in_its_order, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let (telephone, _) = Telephone::set_up(&app).await;
    let proof = json!({ "password": PASSWORD, "code": telephone.next_code(&app) });
    app.post(&format!("{ACCOUNT}/recovery-codes"), &proof).await.is(StatusCode::OK);
    let proof = json!({ "password": PASSWORD, "code": telephone.next_code(&app) });
    app.post(&format!("{ACCOUNT}/remove"), &proof).await.is(StatusCode::NO_CONTENT);
    app.work().await;
    let mails = app.mails_to("officer@example.org");
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    let at = |said: &str| mail.find(said).unwrap_or_else(|| panic!("{said} is missing in {mail}"));
    assert!(at("dua langkah dipasang") < at("pemulihan baru dibuat"));
    assert!(at("pemulihan baru dibuat") < at("dua langkah dihapus"));
    // What comes later is told alone.
    change_password(&app).await;
    app.work().await;
    let mails = app.mails_to("officer@example.org");
    let later: Vec<_> = mails.iter().filter(|mail| mail.contains("sandi diganti")).collect();
    assert!(mails.len() == 2 && later.len() == 1 && !later[0].contains("dihapus"), "{mails:?}");
});

on_both_engines!(the_owner_hears_who_did_it_in_their_place, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    Telephone::set_up(&app).await;
    app.work().await;
    app.sign_in_as("administrator", None).await;
    let inspector = row(&app, "inspector-35.10").await;
    let path = format!("/api/v1/people/{}/second-factor", inspector["id"].as_str().unwrap());
    app.send(app.request(Method::DELETE, &path)).await.is(StatusCode::NO_CONTENT);
    app.work().await;
    let told = |said: &str| app.mails_to("inspector@example.org").iter().filter(|mail| mail.contains(said)).count();
    assert_eq!(told("oleh Tes administrator"), 1);

    let database = app.engine.url(app.folder.path());
    let run = ["--data", "data", "--database", &database, "user", "passwd", "inspector-35.10"];
    tapak_reads(app.folder.path(), &run, &format!("{CHOSEN}\n"));
    app.work().await;
    assert_eq!(told("di server Tapak"), 1);
});

on_both_engines!(a_lost_password_that_was_chosen_anew_is_told_and_the_first_one_is_not, |app| {
    app.sign_in_as("administrator", Some("35.10")).await;
    let invitation = json!({
        "id": crate::common::new_id(), "login": "rina", "name": "Rina Wulandari", "email": "rina@example.org",
        "language": "en", "role": "officer", "region_code": WEST, "by": "card",
    });
    let given = app.post("/api/v1/people", &invitation).await.is(StatusCode::OK);
    let door = format!("{}/api/v1/session/code", app.url);
    let choose = |code: &Value, password: &str| {
        app.send(Client::new().put(&door).json(&json!({ "code": code, "password": password })))
    };
    choose(&given["code"], CHOSEN).await.is(StatusCode::OK);
    app.work().await;
    assert!(app.mails_to("rina@example.org").is_empty());

    let path = format!("/api/v1/people/{}/codes", row(&app, "rina").await["id"].as_str().unwrap());
    let given = app.post(&path, &json!({ "by": "card" })).await.is(StatusCode::OK);
    choose(&given["code"], "lima sapi di ladang").await.is(StatusCode::OK);
    app.work().await;
    let mails = app.mails_to("rina@example.org");
    assert!(mails.len() == 1 && mails[0].contains("Password chosen with a one-time code"), "{mails:?}");
});

on_both_engines!(nobody_is_told_who_has_no_address, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    app.engine.execute(app.folder.path(), "UPDATE users SET email = NULL").await;
    change_password(&app).await;
    app.work().await;
    assert!(app.mails_to("example.org").is_empty());
});
