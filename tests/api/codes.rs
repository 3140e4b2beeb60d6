//! One-time codes: an invitation by card or mail, a password that was lost, and what opens nothing.

use crate::common::command::tapak_reads;
use crate::common::{Answer, PASSWORD, TestApp, WEST, new_id, on_both_engines};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

const CHOSEN: &str = "empat kuda di sawah";

fn invitation(login: &str, by: &str) -> Value {
    json!({
        "id": new_id(), "login": login, "name": "Rina Wulandari", "email": format!("{login}@example.org"),
        "language": "id", "role": "officer", "region_code": WEST, "by": by,
    })
}

/// From a browser of its own, which nobody signed in.
async fn use_code(app: &TestApp, code: &str, password: &str) -> (Client, Answer) {
    let client = Client::builder().cookie_store(true).build().unwrap();
    let body = json!({ "code": code, "password": password });
    let answer = app.send(client.put(format!("{}/api/v1/session/code", app.url)).json(&body)).await;
    (client, answer)
}

async fn find(app: &TestApp, code: &str) -> Answer {
    app.send(Client::new().post(format!("{}/api/v1/session/code", app.url)).json(&json!({ "code": code }))).await
}

async fn sign_in(app: &TestApp, login: &str, password: &str) -> Answer {
    let body = json!({ "login": login, "password": password });
    app.send(Client::new().post(format!("{}/api/v1/session", app.url)).json(&body)).await
}

/// Somebody's own browser, signed in.
async fn browser(app: &TestApp, login: &str) -> Client {
    let client = Client::builder().cookie_store(true).build().unwrap();
    let body = json!({ "login": login, "password": PASSWORD });
    app.send(client.post(format!("{}/api/v1/session", app.url)).json(&body)).await.is(StatusCode::OK);
    client
}

async fn may(app: &TestApp, client: &Client) -> Value {
    let answer = client.get(format!("{}/api/v1/session", app.url)).send().await.unwrap();
    answer.json::<Value>().await.unwrap()["may"].clone()
}

async fn id_of(app: &TestApp, login: &str) -> String {
    let people = app.get("/api/v1/people").await.is(StatusCode::OK);
    let found = people["items"].as_array().unwrap().iter().find(|one| one["login"] == login);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

fn code_in(mail: &str) -> String {
    let at = mail.find("/enter#").expect("an address with a code") + "/enter#".len();
    mail[at..].chars().take(19).collect()
}

on_both_engines!(a_card_lets_somebody_in_once_and_they_choose_their_own_password, |app| {
    app.sign_in_as("administrator", Some("35.10")).await;
    let wanted = invitation("rina", "card");
    let given = app.post("/api/v1/people", &wanted).await.is(StatusCode::OK);
    let code = given["code"].as_str().unwrap();
    assert!(given["url"].as_str().unwrap().ends_with(&format!("/enter#{code}")), "{given}");
    assert!(given["qr"]["path"].as_str().unwrap().starts_with("M0 0h1v1h-1z"), "the corner of a QR code is dark");
    let listed = app.get("/api/v1/people").await.is(StatusCode::OK);
    let row = listed["items"].as_array().unwrap().iter().find(|one| one["login"] == "rina").unwrap().clone();
    assert!(row["invited_at"].is_string(), "{row}");
    // No password opens the account until one is chosen.
    for guess in ["", "a password that nobody has", PASSWORD] {
        sign_in(&app, "rina", guess).await.refuses(401, "wrong_login", None);
    }
    let owner = find(&app, &code.to_lowercase().replace('-', " ")).await.is(StatusCode::OK);
    assert_eq!((&owner["login"], &owner["purpose"]), (&json!("rina"), &json!("invitation")));
    for (password, refusal) in [
        ("pendek", "password_too_short"),
        ("rinawulandari", "password_holds_name"),
        ("password123", "password_too_common"),
    ] {
        use_code(&app, code, password).await.1.refuses(422, refusal, Some("password"));
    }
    let (client, opened) = use_code(&app, code, CHOSEN).await;
    assert_eq!(opened.is(StatusCode::OK)["user"]["login"], "rina");
    assert!(may(&app, &client).await.as_array().unwrap().contains(&json!("register_project")));
    // Once.
    find(&app, code).await.refuses(422, "code_opens_nothing", Some("code"));
    use_code(&app, code, "kapur lonceng perahu tua").await.1.refuses(422, "code_opens_nothing", Some("code"));
    sign_in(&app, "rina", CHOSEN).await.is(StatusCode::OK);
    app.post("/api/v1/people", &wanted).await.refuses(409, "id_taken", None);
});

on_both_engines!(an_invitation_sent_again_is_the_same_account_and_only_the_last_code_opens_it, |app| {
    app.sign_in_as("administrator", Some("35.10")).await;
    let wanted = invitation("rina", "card");
    let first = app.post("/api/v1/people", &wanted).await.is(StatusCode::OK);
    let second = app.post("/api/v1/people", &wanted).await.is(StatusCode::OK);
    assert_eq!((&first["person"], &first["login"]), (&second["person"], &second["login"]));
    find(&app, first["code"].as_str().unwrap()).await.refuses(422, "code_opens_nothing", Some("code"));
    find(&app, second["code"].as_str().unwrap()).await.is(StatusCode::OK);
    app.post("/api/v1/people", &invitation("rina", "card")).await.refuses(422, "login_taken", Some("login"));
    let mut outside = invitation("lain", "card");
    outside["region_code"] = json!("35.09");
    app.post("/api/v1/people", &outside).await.refuses(403, "not_allowed", None);
    let mut silent = invitation("lain", "mail");
    silent["email"] = Value::Null;
    app.post("/api/v1/people", &silent).await.refuses(422, "no_mail_address", Some("by"));
    assert!(!app.get("/api/v1/people").await.json().to_string().contains("\"lain\""), "nothing of a refused one stays");
});

on_both_engines!(a_code_by_mail_is_in_the_mail_and_nowhere_else, |app| {
    app.sign_in_as("administrator", Some("35.10")).await;
    let given = app.post("/api/v1/people", &invitation("rina", "mail")).await.is(StatusCode::OK);
    assert_eq!((&given["code"], &given["url"], &given["qr"]), (&Value::Null, &Value::Null, &Value::Null));
    app.work().await;
    let mails = app.mails_to("rina@example.org");
    assert_eq!(mails.len(), 1);
    let code = code_in(&mails[0]);
    assert_eq!(
        app.get("/api/v1/messages").await.json()["items"],
        json!([]),
        "whoever reads mails of others reads no code"
    );
    assert_eq!(use_code(&app, &code, CHOSEN).await.1.is(StatusCode::OK)["user"]["login"], "rina");
});

on_both_engines!(whoever_lost_their_password_gets_a_code_by_telephone_and_keeps_the_old_one_until_then, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let login = format!("officer-{WEST}");
    let before = browser(&app, &login).await;
    app.sign_in_as("administrator", Some("35.10")).await;
    let (id, own) = (id_of(&app, &login).await, id_of(&app, "administrator-35.10").await);
    app.post(&format!("/api/v1/people/{own}/codes"), &json!({ "by": "card" })).await.refuses(409, "own_account", None);
    let path = format!("/api/v1/people/{id}/codes");
    let given = app.post(&path, &json!({ "by": "card" })).await.is(StatusCode::OK);
    assert_eq!(given["purpose"], "reset");
    sign_in(&app, &login, PASSWORD).await.is(StatusCode::OK);
    let code = given["code"].as_str().unwrap();
    let (client, _) = use_code(&app, code, CHOSEN).await;
    sign_in(&app, &login, PASSWORD).await.refuses(401, "wrong_login", None);
    sign_in(&app, &login, CHOSEN).await.is(StatusCode::OK);
    assert_eq!(may(&app, &before).await, json!(["read_public", "sign_in"]), "sessions of before ended");
    assert!(may(&app, &client).await.as_array().unwrap().len() > 2);
    // Of a disabled account, and one that is over.
    let given = app.post(&path, &json!({ "by": "card" })).await.is(StatusCode::OK);
    let code = given["code"].as_str().unwrap();
    app.post(&format!("/api/v1/people/{id}/disable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    find(&app, code).await.refuses(422, "code_opens_nothing", Some("code"));
    app.post(&path, &json!({ "by": "card" })).await.refuses(409, "account_disabled", None);
    app.post(&format!("/api/v1/people/{id}/enable"), &json!({})).await.is(StatusCode::NO_CONTENT);
    find(&app, code).await.is(StatusCode::OK);
    app.app.clock.advance(Duration::from_secs(24 * 3_600));
    find(&app, code).await.refuses(422, "code_opens_nothing", Some("code"));
    // Another region's administrator finds nobody.
    app.sign_in_as("administrator", Some("35.09")).await;
    app.post(&path, &json!({ "by": "card" })).await.refuses(404, "not_found", None);
});

on_both_engines!(a_forgotten_password_is_answered_alike_whether_there_is_such_an_account_or_not, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    app.sign_out().await;
    let ask = async |name: &str| app.post("/api/v1/session/forgotten", &json!({ "login": name })).await;
    let login = format!("officer-{WEST}");
    let (known, unknown) = (ask(&login.to_uppercase()).await, ask("tidak-ada").await);
    assert_eq!((known.status, unknown.status), (StatusCode::NO_CONTENT, StatusCode::NO_CONTENT));
    assert_eq!(known.bytes, unknown.bytes);
    // The mail is prepared behind the answer.
    let mails = async || {
        for _ in 0..200 {
            app.work().await;
            let mails = app.mails_to("officer@example.org");
            if !mails.is_empty() {
                return mails;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no mail came");
    };
    let code = code_in(&mails().await[0]);
    // Asked for again at once, it is the same mail: nobody's inbox is filled.
    ask("officer@example.org").await.is(StatusCode::NO_CONTENT);
    tokio::time::sleep(Duration::from_millis(200)).await;
    app.work().await;
    assert_eq!(mails().await.len(), 1);
    use_code(&app, &code, CHOSEN).await.1.is(StatusCode::OK);
    // Who asks without end is asked to wait.
    for _ in 0..2 {
        ask("tidak-ada").await.is(StatusCode::NO_CONTENT);
    }
    ask("tidak-ada").await.refuses(429, "sign_in_wait", None);
});

on_both_engines!(codes_are_not_guessed_without_end, |app| {
    for n in 0..5 {
        find(&app, &format!("0000-0000-0000-000{n}")).await.refuses(422, "code_opens_nothing", Some("code"));
    }
    find(&app, "0000-0000-0000-0009").await.refuses(429, "sign_in_wait", None);
    use_code(&app, "0000-0000-0000-0009", CHOSEN).await.1.refuses(429, "sign_in_wait", None);
});

on_both_engines!(of_two_who_use_a_code_at_once_one_is_let_in, |app| {
    app.sign_in_as("administrator", Some("35.10")).await;
    let given = app.post("/api/v1/people", &invitation("rina", "card")).await.is(StatusCode::OK);
    let code = given["code"].as_str().unwrap();
    let (one, two) = tokio::join!(use_code(&app, code, CHOSEN), use_code(&app, code, "kapur lonceng perahu tua"));
    let let_in = [one.1.status, two.1.status].iter().filter(|status| status.is_success()).count();
    assert_eq!(let_in, 1, "{} {}", one.1.status, two.1.status);
});

on_both_engines!(a_session_ends_unused_after_as_long_as_the_post_allows_and_a_new_one_ends_the_one_before, |app| {
    let hours = |n: u64| Duration::from_secs(n * 3_600);
    app.sign_in_as("officer", Some(WEST)).await;
    app.sign_in_as("inspector", Some("35.10")).await;
    let officer = browser(&app, &format!("officer-{WEST}")).await;
    let inspector = browser(&app, "inspector-35.10").await;
    let signed_in = async |client: &Client| may(&app, client).await.as_array().unwrap().len() > 2;
    app.app.clock.advance(hours(11));
    assert!(signed_in(&inspector).await && signed_in(&officer).await);
    app.app.clock.advance(hours(11));
    assert!(signed_in(&inspector).await, "it was used in between");
    app.app.clock.advance(hours(13));
    assert!(!signed_in(&inspector).await && signed_in(&officer).await);
    app.app.clock.advance(hours(24 * 29));
    assert!(signed_in(&officer).await, "the phone that lay for a month");
    app.app.clock.advance(hours(24 * 31));
    assert!(!signed_in(&officer).await);
    // A new sign-in in the same browser ends the session of before.
    let cookie = |answer: &reqwest::Response| {
        let set = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
        set.filter_map(|one| one.strip_prefix("tapak_session=").map(|rest| rest.split(';').next().unwrap().to_owned()))
            .next()
            .unwrap()
    };
    let body = json!({ "login": format!("officer-{WEST}"), "password": PASSWORD });
    let url = format!("{}/api/v1/session", app.url);
    let first = cookie(&Client::new().post(&url).json(&body).send().await.unwrap());
    let again = Client::new().post(&url).header("cookie", format!("tapak_session={first}")).json(&body);
    let second = cookie(&again.send().await.unwrap());
    let with = async |token: &str| {
        let sent = Client::new().get(&url).header("cookie", format!("tapak_session={token}"));
        sent.send().await.unwrap().json::<Value>().await.unwrap()["user"].is_object()
    };
    assert!(first != second && !with(&first).await && with(&second).await);
});

on_both_engines!(at_the_terminal_somebody_is_invited_and_given_a_code, |app| {
    let folder = app.folder.path();
    let database = format!("database={}", app.engine.url(folder));
    let run = |arguments: &[&str]| tapak_reads(folder, &[&["--set", &database], arguments].concat(), "");
    let said = run(&["user", "invite", "rina", "--name", "Rina", "--role", "officer", "--region", WEST]);
    let code = code_in(&said);
    assert!(said.contains("rina") && said.contains(&code), "{said}");
    assert_eq!(use_code(&app, &code, CHOSEN).await.1.is(StatusCode::OK)["user"]["login"], "rina");
    let given = run(&["user", "code", "rina"]);
    find(&app, &code_in(&given)).await.is(StatusCode::OK);
    let wrong = run(&["user", "code", "rina", "--by", "pigeon"]);
    assert!(wrong.contains("pigeon") && wrong.contains("card, mail") || wrong.contains("mail, card"), "{wrong}");
});
