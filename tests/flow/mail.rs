use crate::common::{Engine, TestApp, WEST, draft, on_both_engines, road, skipped, variable};
use reqwest::StatusCode;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The mail sink that `make test` installs: a real SMTP server that others wrote.
struct Sink {
    child: Child,
    url: String,
    folder: tempfile::TempDir,
}

impl Sink {
    fn start(more: &[&str]) -> Option<Self> {
        let Some(python) = variable("TAPAK_TEST_SMTP_PYTHON") else {
            skipped("mail over SMTP: TAPAK_TEST_SMTP_PYTHON is not set");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tools/smtp-sink"))
            .arg("--folder")
            .arg(folder.path())
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        Some(Self { child, url: format!("smtp://{address}"), folder })
    }

    fn mails(&self) -> Vec<String> {
        let mut files: Vec<_> =
            std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|e| e == "eml"));
        files.sort();
        files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) async fn register_twice(app: &TestApp, street: &str, lat: f64) {
    let west = app.village(WEST).await;
    app.register(&draft(west, &format!("Rabat beton Jalan {street}"), road(114.305, lat))).await;
    app.register(&draft(west, &format!("Rabat Beton Jl. {street}"), road(114.305, lat))).await;
}

on_both_engines!(
    two_findings_make_one_mail_a_person_in_the_outbox,
    [("alerts", "camat@example.org, Inspector@example.org")],
    |app| {
        app.sign_in_as("inspector", Some("35.10")).await;
        register_twice(&app, "Mawar", -8.21).await;
        register_twice(&app, "Kenanga", -8.204).await;
        app.work().await;
        let outbox: Vec<_> = std::fs::read_dir(app.folder.path().join("data/outbox")).unwrap().collect();
        assert_eq!(outbox.len(), 2, "one for the inspector, one for the address of the configuration, none twice");
        let own = app.get("/api/v1/messages").await.is(StatusCode::OK);
        let message = &own["items"][0];
        assert_eq!((own["items"].as_array().unwrap().len(), message["findings"].as_i64()), (1, Some(2)));
        assert_eq!(
            (message["to"].as_str(), message["state"].as_str()),
            (Some("inspector@example.org"), Some("outbox"))
        );
        let id = message["id"].as_str().unwrap();
        let detail = app.get(&format!("/api/v1/messages/{id}")).await.is(StatusCode::OK);
        let text = detail["text"].as_str().unwrap();
        assert!(
            text.contains("Rabat beton Jalan Mawar") && text.contains("http://tapak.example.org/findings/"),
            "{text}"
        );
        let preview = app.get(&format!("/api/v1/messages/{id}/preview")).await;
        assert!(preview.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        // The template engine writes every slash of an attribute as a reference.
        let html = String::from_utf8_lossy(&preview.bytes).replace("&#x2f;", "/");
        assert!(html.contains("data:image/png;base64,"));
    }
);

on_both_engines!(evidence_in_a_mail_about_four_works_names_the_two_it_compares, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    for amount in [150_000_000, 148_500_000, 121_000_000, 150_000_000] {
        let mut work = draft(west, "Rabat beton Jalan Mawar", road(114.305, -8.21));
        work["funding"][0]["amount_rupiah"] = amount.into();
        app.register(&work).await;
    }
    app.work().await;
    let found = app.get("/api/v1/findings").await.is(StatusCode::OK)["items"][0].clone();
    assert_eq!((found["members_total"].as_i64(), found["verdict_kind"].as_str()), (Some(4), Some("double_entry")));
    assert_eq!(found["headline"], "Mungkin tercatat lebih dari sekali");
    let sentence = found["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("Di antara 4 catatan ini"), "true of all four: {sentence}");

    let detail = app.get(&format!("/api/v1/findings/{}", found["id"].as_str().unwrap())).await.is(StatusCode::OK);
    let letter = |number: &serde_json::Value| ["A", "B", "C", "D"][number.as_u64().unwrap() as usize - 1];
    let [a, b] = [0, 1].map(|end| letter(&detail["pairs"][0]["numbers"][end]));
    let own = app.get("/api/v1/messages").await.is(StatusCode::OK);
    let id = own["items"][0]["id"].as_str().unwrap();
    let message = app.get(&format!("/api/v1/messages/{id}")).await.is(StatusCode::OK);
    let html = String::from_utf8(app.get(&format!("/api/v1/messages/{id}/preview")).await.bytes).unwrap();
    for mail in [message["text"].as_str().unwrap(), &html] {
        assert!(mail.contains(sentence), "the mail says what the page says: {mail}");
        assert!(mail.contains(&format!("Yang mendukung bahwa {a} dan {b} satu pekerjaan")), "{mail}");
        for of_two in ["kedua catatan", "dua kali"] {
            assert!(!mail.contains(of_two), "{of_two}: {mail}");
        }
    }
    assert!(html.contains(&format!(r#"alt="{a}: garis penuh hijau tua. {b}: garis putus jingga."#)), "{html}");
});

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_sent_over_smtp_with_a_fixed_message_id_and_a_picture() {
    let Some(sink) = Sink::start(&[]) else { return };
    let app = TestApp::start(
        Engine::sqlite(),
        &[("smtp", sink.url.as_str()), ("mail_from", "Tapak <tapak@tapak.example.org>")],
    )
    .await;
    app.sign_in_as("inspector", Some("35.10")).await;
    register_twice(&app, "Mawar", -8.21).await;
    app.work().await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    for header in [
        "Message-ID: <",
        "Auto-Submitted: auto-generated",
        "Content-Type: image/png",
        "Content-ID: <finding-1@tapak>",
        "X-RcptTo: inspector@example.org",
    ] {
        assert!(mails[0].contains(header), "{header} is missing:\n{}", &mails[0][..1_500.min(mails[0].len())]);
    }
    assert_eq!(app.get("/api/v1/messages").await.json()["items"][0]["state"], "sent");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_answers_451_gets_the_mail_later_and_once() {
    let Some(sink) = Sink::start(&["--refuse-first", "2"]) else { return };
    let app = TestApp::start(Engine::sqlite(), &[("smtp", sink.url.as_str())]).await;
    app.sign_in_as("inspector", Some("35.10")).await;
    register_twice(&app, "Mawar", -8.21).await;
    app.work().await;
    assert_eq!(sink.mails().len(), 1);
    let message = app.get("/api/v1/messages").await.json()["items"][0].clone();
    assert_eq!((message["state"].as_str(), message["attempts"].as_i64()), (Some("sent"), Some(3)));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hanging_mail_server_delays_nobody_and_the_mail_stays_queued() {
    for stage in ["greeting", "data"] {
        let Some(sink) = Sink::start(&["--hang", stage]) else { return };
        let settings = [("smtp", sink.url.as_str()), ("smtp_timeout_s", "1")];
        let app = TestApp::start(Engine::sqlite(), &settings).await;
        app.sign_in_as("inspector", Some("35.10")).await;
        register_twice(&app, "Mawar", -8.21).await;
        tapak::jobs::worker::run_due(&app.app).await.unwrap();
        app.app.clock.advance(std::time::Duration::from_secs(30));
        tapak::jobs::worker::run_due(&app.app).await.unwrap();
        let message = app.get("/api/v1/messages").await.json()["items"][0].clone();
        assert!(!matches!(message["state"].as_str(), Some("sent" | "failed")), "{stage}: {message}");
        let mut tx = app.app.store.read().await.unwrap();
        let waiting = tapak::store::jobs::list(&mut tx, false, 10).await.unwrap();
        drop(tx);
        let reason = waiting[0].last_error.clone().unwrap_or_default();
        assert!(waiting[0].kind == "send_mail" && reason.contains("mail server"), "{stage}: {waiting:?}");
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_during_sending_repeats_the_same_mail_but_never_a_sent_one() {
    let Some(sink) = Sink::start(&[]) else { return };
    let app = TestApp::start(Engine::sqlite(), &[("smtp", sink.url.as_str())]).await;
    app.sign_in_as("inspector", Some("35.10")).await;
    register_twice(&app, "Mawar", -8.21).await;
    app.work().await;
    let id: uuid::Uuid = app.get("/api/v1/messages").await.json()["items"][0]["id"].as_str().unwrap().parse().unwrap();
    let again = |state: &'static str| {
        let app = &app;
        async move {
            let mut tx = app.app.store.write().await.unwrap();
            tapak::store::messages::mark(
                &mut tx,
                id,
                tapak::domain::message::MessageState::parse(state).unwrap(),
                None,
                None,
            )
            .await
            .unwrap();
            let job = tapak::store::jobs::NewJob {
                id: crate::common::new_id(),
                kind: tapak::domain::job::JobKind::SendMail,
                subject_id: id,
                run_at: app.app.clock.now(),
            };
            tapak::store::jobs::enqueue(&mut tx, &[job], app.app.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
            app.work().await;
        }
    };
    again("sent").await;
    assert_eq!(sink.mails().len(), 1, "known to be sent: never again");
    again("sending").await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 2, "not known: sent rather than lost");
    let message_id = |mail: &str| mail.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    assert_eq!(message_id(&mails[0]), message_id(&mails[1]), "and the receiver can tell that it is the same");
    app.finish().await;
}

on_both_engines!(a_mail_that_waits_is_not_sent_to_somebody_who_was_disabled, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    register_twice(&app, "Mawar", -8.21).await;
    let outbox = app.folder.path().join("data/outbox");
    // Written, and not sent yet.
    app.work_until(tapak::domain::job::JobKind::SendMail).await;
    let mut tx = app.app.store.read().await.unwrap();
    let inspector = tapak::store::users::find_id(&mut tx, "inspector-35.10").await.unwrap().unwrap();
    drop(tx);
    tapak::actions::manage_person::disable_person(&app.app, None, inspector).await.unwrap();
    app.work().await;
    assert!(std::fs::read_dir(outbox).map_or(true, |files| files.count() == 0), "nothing went out");
    app.sign_in_as("administrator", None).await;
    let message = app.get("/api/v1/messages").await.json()["items"][0].clone();
    assert_eq!(message["state"], "failed", "{message}");
    assert_eq!(message["last_error"], "the account of the recipient was disabled");
});

on_both_engines!(a_mail_about_a_comment_joins_the_thread_of_the_alert, |app| {
    app.sign_in_as("administrator", None).await;
    app.sign_in_as("inspector", Some("35.10")).await;
    register_twice(&app, "Mawar", -8.21).await;
    app.work().await;
    app.sign_in_as("administrator", None).await;
    let found = app.get("/api/v1/findings").await.is(StatusCode::OK);
    let path = format!("/api/v1/findings/{}/comments", found["items"][0]["id"].as_str().unwrap());
    let mut before = BTreeSet::new();
    let mut followed = None;
    for text in ["Mohon dicek.", "Sudah dicek?"] {
        app.post(&path, &serde_json::json!({ "id": crate::common::new_id(), "text": text })).await.is(StatusCode::OK);
        before = mails_in(&app);
        app.work().await;
        let new: Vec<String> = mails_in(&app).difference(&before).cloned().collect();
        assert_eq!(new.len(), 1);
        let unfolded = new[0].replace("\r\n ", " ");
        let header = |name: &str| {
            let line = unfolded.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("no {name}"));
            line.trim().to_owned()
        };
        let answers = header("In-Reply-To:");
        assert_eq!(header("References:"), answers);
        let expected = match &followed {
            Some(id) => id == &answers,
            None => before.iter().any(|mail| mail.contains(&format!("Message-ID: {answers}"))),
        };
        assert!(expected, "{answers}");
        followed = Some(header("Message-ID:"));
    }
    assert_eq!(before.len(), 2);
});

fn mails_in(app: &TestApp) -> BTreeSet<String> {
    let files = std::fs::read_dir(app.folder.path().join("data/outbox")).unwrap();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}
