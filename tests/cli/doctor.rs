//! What is wrong with an installation, and what to do.

use crate::common::command::{in_both_languages, tapak, text};
use crate::common::recorded::Recorded;
use crate::common::{TestApp, new_id, on_both_engines};
use serde_json::Value;
use tapak::domain::job::JobKind;
use tapak::store::jobs::{NewJob, enqueue};

/// The code of a check, and its sentence; the last of several.
fn found(said: &str, check: &str) -> (String, String, String) {
    let json: Value = serde_json::from_str(said).unwrap_or_else(|e| panic!("{e}: {said}"));
    let checks = json["checks"].as_array().unwrap();
    let line = checks.iter().rfind(|line| line["check"] == check).unwrap_or_else(|| panic!("no {check}: {said}"));
    let text = |key: &str| line[key].as_str().unwrap().to_owned();
    (text("state"), text("code"), text("sentence"))
}

/// What doctor finds of a check with these settings.
fn doctor(app: &TestApp, settings: &[&str], check: &str) -> (String, String, String) {
    let sets = settings.iter().flat_map(|setting| ["--set", setting]);
    let arguments: Vec<&str> = sets.chain(["doctor", "--json"]).collect();
    found(&app.run(&arguments).1, check)
}

#[track_caller]
fn is(found: (String, String, String), state: &str, code: &str, sentence: &str) {
    assert_eq!((found.0.as_str(), found.1.as_str()), (state, code), "{}", found.2);
    assert!(found.2.contains(sentence), "{sentence:?} is not in: {}", found.2);
}

async fn execute(app: &TestApp, sql: &str) {
    app.engine.execute(app.folder.path(), sql).await;
}

on_both_engines!(what_is_well_is_said_and_the_exit_code_tells, |app| {
    Recorded::make(&app, 1).await;
    app.runs(&["backup", "cadangan"]);
    let said = app.runs(&["doctor"]);
    for line in
        ["Database", "fit each other", "2 villages, all with a border", "No job was given up", "Last whole backup"]
    {
        assert!(said.contains(line), "{line:?} is not in: {said}");
    }
    assert!(!said.contains("WRONG"), "{said}");
    is(doctor(&app, &[], "photos"), "ok", "writable", "can be written to");
    is(doctor(&app, &[], "clock"), "ok", "right", "not behind the newest change");
    is(doctor(&app, &[], "backup"), "note", "by_hand", "none is made by itself");
    is(doctor(&app, &["backup=cadangan"], "backup"), "ok", "fresh", "Last whole backup");
});

on_both_engines!(each_matter_that_is_wrong_is_named_with_what_to_do, |app| {
    is(doctor(&app, &[], "backup"), "wrong", "never", "run `tapak backup` now");
    is(doctor(&app, &[], "mail"), "note", "outbox", "Set smtp");
    is(doctor(&app, &["smtp=smtp://127.0.0.1:1"], "mail"), "wrong", "silent", "Mails wait until it can");
    is(doctor(&app, &["listen=0.0.0.0:80"], "settings"), "wrong", "no_tls", "Set tls_cert and tls_key");
    let proxied = ["listen=0.0.0.0:80", "trusted_proxies=10.0.0.1", "base_url=http://127.0.0.1"];
    is(doctor(&app, &proxied, "settings"), "note", "loopback_url", "Set base_url");
    is(doctor(&app, &["s3_access_key_id=x"], "settings"), "wrong", "half_s3", "Set both");
    is(doctor(&app, &[], "accounts"), "wrong", "none", "tapak user add");
    app.sign_in_as("administrator", None).await;
    is(doctor(&app, &[], "accounts"), "ok", "own", "1 account");
    execute(&app, "UPDATE users SET demo = 1").await;
    is(doctor(&app, &["listen=0.0.0.0:80"], "accounts"), "wrong", "demo_open", "`tapak user disable NAME` now");
    // A job that was given up, and one for which nobody is there.
    let mut tx = app.app.store.write().await.unwrap();
    let now = app.app.clock.now();
    let due = NewJob { id: new_id(), kind: JobKind::SendMail, subject_id: new_id(), run_at: now };
    enqueue(&mut tx, &[due], now).await.unwrap();
    tx.commit().await.unwrap();
    execute(&app, "UPDATE jobs SET run_at = '2026-01-01T00:00:00.000000Z'").await;
    is(doctor(&app, &[], "jobs"), "wrong", "waiting", "Is `tapak serve` running?");
    app.work().await;
    is(doctor(&app, &[], "jobs"), "wrong", "failed", "`tapak jobs` says why");
    execute(&app, "DELETE FROM jobs").await;
    // Works that cannot be placed.
    execute(&app, "UPDATE region_versions SET boundary = NULL WHERE code = '35.10.01.2001'").await;
    is(doctor(&app, &[], "borders"), "wrong", "missing", "1 of 2 villages without a border");
    // A clock that stands, a program that is behind, a backup of long ago.
    execute(&app, "UPDATE change_log SET at = '2999-01-01T00:00:00.000000Z'").await;
    is(doctor(&app, &[], "clock"), "wrong", "behind", "Set the clock");
    app.runs(&["backup", "cadangan"]);
    execute(&app, "UPDATE backups SET began_at = '2026-01-01T00:00:00.000000Z'").await;
    is(doctor(&app, &[], "backup"), "wrong", "old", "too old");
    execute(
        &app,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'later', true, 'x', 0)",
    )
    .await;
    is(doctor(&app, &[], "versions"), "wrong", "later", "is of a later program than this one");
    let (code, _) = app.run(&["doctor"]);
    assert_eq!(code, Some(3));
});

on_both_engines!(a_photo_folder_that_cannot_be_written_to_is_named, |app| {
    let photos = app.folder.path().join("data/photos");
    std::fs::rename(&photos, app.folder.path().join("away")).unwrap();
    is(doctor(&app, &[], "photos"), "note", "none", "not there yet");
    std::fs::write(&photos, b"no folder").unwrap();
    is(doctor(&app, &[], "photos"), "wrong", "not_writable", "photos are refused");
    std::fs::remove_file(&photos).unwrap();
    std::fs::rename(app.folder.path().join("away"), &photos).unwrap();
});

#[test]
fn where_nothing_is_yet_doctor_says_so_in_both_languages_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let [(code, indonesian), (_, english)] = in_both_languages(folder.path(), &["doctor"]);
    assert_eq!(code, Some(3), "{indonesian}");
    assert!(indonesian.contains("SALAH") && !indonesian.contains("terminal."), "{indonesian}");
    assert!(english.contains("WRONG") && english.contains("has no tables yet"), "{english}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "doctor makes files");
    let unknown = text(&tapak(folder.path(), &["--database", "mysql://x", "doctor"]).stdout);
    assert!(unknown.contains("The database mysql is not known"), "{unknown}");
}
