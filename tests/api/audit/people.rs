//! Accounts, posts and jobs.

use super::{put, uuid};
use crate::common::chain::Chain;
use crate::common::telephone::{ACCOUNT, Telephone};
use crate::common::{PASSWORD, TestApp, WEST, new_id};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use tapak::actions::change_password::reset_password;
use tapak::actions::erase_history::erase_history;
use tapak::domain::job::JobKind;
use tapak::store::jobs::{NewJob, enqueue};

pub async fn leave_entries(app: &TestApp, chain: &mut Chain<'_>) {
    let administrator = app.sign_in_as("administrator", None).await["user"].clone();
    chain.told().await;
    let people = app.get("/api/v1/people").await.is(StatusCode::OK);
    let people = people["items"].as_array().unwrap();
    let others: Vec<&Value> = people.iter().filter(|one| one["is_you"] == false).map(|one| &one["id"]).collect();
    let (read, _) = chain.only("read user").await;
    assert_eq!(read, json!({ "people": [null, others] }), "of whom they read, and not of themselves");
    let officer = people.iter().find(|one| one["login"] == format!("officer-{WEST}").as_str()).unwrap();
    let person = format!("/api/v1/people/{}", officer["id"].as_str().unwrap());
    // A browser of their own.
    let login = json!({ "login": officer["login"], "password": PASSWORD });
    app.send(Client::new().post(format!("{}/api/v1/session", app.url)).json(&login)).await.is(StatusCode::OK);
    app.send(app.request(Method::DELETE, &format!("{person}/sessions"))).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("end_sessions user").await.0, json!({ "ended": [null, 1] }));
    app.post(&format!("{person}/disable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("disable user").await.0, json!({ "disabled": [false, true] }));
    app.post(&format!("{person}/disable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.kinds().await, [] as [&str; 0], "it is shut already");
    app.post(&format!("{person}/enable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("enable user").await.0, json!({ "disabled": [true, false] }));
    let given = app.post(&format!("{person}/codes"), &json!({ "by": "card" })).await.is(StatusCode::OK);
    let (told, _) = chain.only("give_code user").await;
    assert_eq!((&told["purpose"], &told["by"]), (&json!([null, "reset"]), &json!([null, "card"])));
    assert!(!told.to_string().contains(given["code"].as_str().unwrap()), "no entry holds a code");
    let chosen = json!({ "code": given["code"], "password": "lima kuda di sawah" });
    app.send(Client::new().put(format!("{}/api/v1/session/code", app.url)).json(&chosen)).await.is(StatusCode::OK);
    assert_eq!(chain.only("use_code user").await.0, json!({ "ended": [null, 0] }));
    assert_eq!(chain.who["person"], officer["id"]);
    reset_password(&app.app, uuid(officer), "enam kuda di sawah".to_owned()).await.unwrap();
    assert_eq!(chain.only("reset_password user").await.0, json!({ "ended": [null, 1] }));
    let change = json!({ "old": PASSWORD, "new": "enam kuda di sawah" });
    put(app, "/api/v1/account/password", &change).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("change_password user").await.0, json!({ "ended": [null, 0] }));
    app.send(app.request(Method::DELETE, "/api/v1/account/sessions")).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("end_sessions user").await.0, json!({ "ended": [null, 0] }));

    second_factor(app, chain).await;
    posts(app, chain, (administrator["id"].as_str().unwrap(), officer)).await;

    let (mut tx, now) = (app.app.store.write().await.unwrap(), app.app.clock.now());
    let job = NewJob { id: new_id(), kind: JobKind::SendMail, subject_id: new_id(), run_at: now };
    let id = job.id;
    enqueue(&mut tx, &[job], now).await.unwrap();
    tx.commit().await.unwrap();
    app.work().await;
    app.post(&format!("/api/v1/jobs/{id}/retry"), &json!({})).await.is(StatusCode::NO_CONTENT);
    chain.only("retry job").await;
    let erased = erase_history(&app.app, uuid(officer)).await.unwrap();
    assert!(erased.values > 3, "login, name, address of mail, and from where they acted: {erased:?}");
    assert_eq!(chain.only("erase user").await.0, json!({ "values": [erased.values, 0] }));
}

async fn second_factor(app: &TestApp, chain: &mut Chain<'_>) {
    let officer = json!({ "login": format!("officer-{WEST}"), "password": "enam kuda di sawah" });
    let client = Client::builder().cookie_store(true).build().unwrap();
    let session = app.send(client.post(format!("{}/api/v1/session", app.url)).json(&officer)).await.is(StatusCode::OK);
    let begin = client.post(format!("{}{ACCOUNT}", app.url)).json(&json!({ "password": "enam kuda di sawah" }));
    let telephone = Telephone::new(&app.send(begin).await.is(StatusCode::OK));
    assert_eq!(chain.kinds().await, [] as [&str; 0], "it is not in force yet");
    let confirm = client.put(format!("{}{ACCOUNT}", app.url)).json(&json!({ "code": telephone.code(app) }));
    let codes = app.send(confirm).await.is(StatusCode::OK)["recovery_codes"].clone();
    assert_eq!(chain.only("set_second_factor user").await.0, json!({ "ended": [null, 0] }));
    assert_eq!(chain.who["person"], session["user"]["id"]);
    let proof = json!({ "password": "enam kuda di sawah", "code": codes[0] });
    let renew = client.post(format!("{}{ACCOUNT}/recovery-codes", app.url)).json(&proof);
    app.send(renew).await.is(StatusCode::OK);
    assert_eq!(chain.kinds().await, ["use_recovery_code user", "make_recovery_codes user"]);
    let path = format!("/api/v1/people/{}/second-factor", session["user"]["id"].as_str().unwrap());
    for _ in 0..2 {
        app.send(app.request(Method::DELETE, &path)).await.is(StatusCode::NO_CONTENT);
    }
    assert_eq!(chain.only("remove_second_factor user").await.0, json!({ "ended": [null, 1] }));
}

async fn posts(app: &TestApp, chain: &mut Chain<'_>, (administrator, officer): (&str, &Value)) {
    let id = new_id();
    let grants = json!([{ "role": "village_head", "region_code": WEST }]);
    let new = json!({ "id": id, "name": "Kepala desa", "grants": grants });
    for _ in 0..2 {
        app.post("/api/v1/posts", &new).await.is(StatusCode::OK);
    }
    let (made, _) = chain.only("create post").await;
    let told = json!([null, [{ "role": "village_head", "region": WEST }]]);
    assert_eq!(made, json!({ "name": [null, "Kepala desa"], "grants": told }));
    assert_eq!((&chain.who["person"], &chain.who["role"]), (&json!(administrator), &json!("administrator")));
    let holders = format!("/api/v1/posts/{id}/holders");
    let name = |login: &Value, replaces: bool| json!({ "id": new_id(), "login": login, "capacity": "holder", "replaces": replaces });
    let first = app.post(&holders, &name(&officer["login"], false)).await.is(StatusCode::OK);
    let (appointed, _) = chain.only("appoint post").await;
    assert_eq!(
        (&appointed["holder"], &appointed["person"], &appointed["capacity"]),
        (&json!([null, first["id"]]), &json!([null, officer["id"]]), &json!([null, "holder"]))
    );
    app.app.clock.advance(Duration::from_secs(60));
    let second = app.post(&holders, &name(&json!("inspector-35.10"), true)).await.is(StatusCode::OK);
    let told = chain.told().await;
    let kinds: Vec<&str> = told.iter().map(|(what, ..)| what.as_str()).collect();
    assert_eq!(kinds, ["end_holding post", "appoint post"], "whoever is replaced is told of, too");
    assert_eq!((&told[0].1["holder"][1], &told[0].1["person"][1]), (&first["id"], &officer["id"]));
    assert!(told[0].1["until"][0].is_null() && told[0].1["until"][1].is_string(), "{:?}", told[0]);
    let end = format!("{holders}/{}/end", second["id"].as_str().unwrap());
    app.post(&end, &json!({})).await.is(StatusCode::OK);
    assert_eq!(chain.only("end_holding post").await.0["holder"][1], second["id"]);
    app.get("/api/v1/posts").await.is(StatusCode::OK);
    chain.only("read user").await;
    app.post(&format!("/api/v1/posts/{id}/close"), &json!({})).await.is(StatusCode::NO_CONTENT);
    assert_eq!(chain.only("close post").await.0, json!({ "closed": [false, true] }));
}
