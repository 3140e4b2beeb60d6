//! The audit chain: what the database refuses, and what a broken chain is called.

use crate::common::{Engine, TestApp, new_id, on_both_engines};
use std::collections::BTreeSet;
use tapak::domain::change::{ChangeAction, Entity};
use tapak::domain::diff::Diff;
use tapak::domain::doer::Doer;
use tapak::store::audit_verify::{AuditFault, Verified, verify};
use tapak::store::{Change, Store, Tx, audit};
use uuid::Uuid;

/// A change with everything that an entry can hold.
fn change(app: &TestApp, about: Uuid) -> Change {
    let by = Doer { address: Some("203.0.113.7".parse().unwrap()), ..Doer::terminal() };
    let diff = Diff::new().field("volume", 1.5, 2).personal("owner", "Mbok Nah", "Pak Slamet");
    Change::new(app.app.clock.now(), Entity::Project, about, ChangeAction::Correct, by)
        .with(diff)
        .noted(Some("diukur ulang".to_owned()))
}

async fn write(app: &TestApp, changes: impl IntoIterator<Item = Change>) {
    let mut tx = app.app.store.write().await.unwrap();
    for change in changes {
        tx.log(change);
    }
    tx.commit().await.unwrap();
}

async fn read(app: &TestApp) -> Tx {
    app.app.store.read().await.unwrap()
}

async fn verified(app: &TestApp, head: Option<&str>) -> Verified {
    verify(&mut read(app).await, head, |_| {}).await.unwrap()
}

/// The number of the last entry, and its hash.
async fn head(app: &TestApp) -> (i64, String) {
    let head = audit::find_head(&mut read(app).await).await.unwrap().unwrap();
    (head.number, head.hash)
}

/// Writes past the triggers, as somebody with all rights to the database can.
async fn tamper(app: &TestApp, sql: &str) {
    let sql = match app.engine {
        Engine::Sqlite => {
            let triggers = ["audit_in_order", "audit_not_updated", "audit_not_deleted", "audit_values_not_updated"];
            let drops: String = triggers.iter().map(|name| format!("DROP TRIGGER IF EXISTS {name};")).collect();
            format!("{drops}{sql}")
        }
        Engine::Postgres { .. } => {
            format!("ALTER TABLE audit DISABLE TRIGGER USER; ALTER TABLE audit_values DISABLE TRIGGER USER; {sql}")
        }
    };
    app.engine.execute(app.folder.path(), &sql).await;
}

/// The first broken entry.
async fn broken(app: &TestApp) -> Option<(i64, AuditFault)> {
    verified(app, None).await.broken.map(|broken| (broken.number, broken.fault))
}

on_both_engines!(the_database_itself_refuses_to_change_delete_or_truncate_the_chain, |app| {
    for _ in 0..3 {
        write(&app, [change(&app, new_id())]).await;
    }
    let whole = verified(&app, None).await;
    let copy = "SELECT number + 9, at, entity, entity_id, action, who, changes, reason, previous, hash FROM audit WHERE number = 2";
    let mut refused = vec![
        "UPDATE audit SET at = 'x' WHERE number = 2".to_owned(),
        "UPDATE audit SET number = number + 100".to_owned(),
        "DELETE FROM audit WHERE number = 2".to_owned(),
        "DELETE FROM audit".to_owned(),
        "UPDATE audit_values SET value = '\"x\"'".to_owned(),
        format!("INSERT INTO audit {copy}"),
        format!("INSERT INTO audit {}", copy.replace("number + 9", "number")),
    ];
    refused.extend(match app.engine {
        Engine::Sqlite => vec![
            format!("REPLACE INTO audit {}", copy.replace("number + 9", "number")),
            "REPLACE INTO audit_values SELECT digest, number, about_id, key, '\"x\"' FROM audit_values".to_owned(),
        ],
        Engine::Postgres { .. } => vec!["TRUNCATE audit".to_owned(), "TRUNCATE audit_values".to_owned()],
    });
    for sql in refused {
        let answer = app.engine.try_execute(app.folder.path(), &sql).await;
        let answer = answer.expect_err(&sql).to_string();
        assert!(answer.contains("audit chain"), "{sql}: {answer}");
    }
    assert_eq!(verified(&app, None).await, whole);
    assert!(whole.is_whole() && whole.entries >= 4, "{whole:?}");
});

on_both_engines!(every_column_that_somebody_changes_is_noticed_at_its_entry, |app| {
    for _ in 0..4 {
        write(&app, [change(&app, new_id())]).await;
    }
    let (last, _) = head(&app).await;
    let at = last - 1;
    let id = if matches!(app.engine, Engine::Sqlite) { "zeroblob(16)" } else { "gen_random_uuid()" };
    let hash = "'".to_owned() + &"a".repeat(64) + "'";
    for (column, value, back) in [
        ("at", "'2020-01-01T00:00:00.000000Z'", None),
        ("entity", "'finding'", None),
        ("entity_id", id, None),
        ("action", "'merge'", None),
        ("who", "'{\"means\":\"job\"}'", None),
        ("changes", "'{}'", None),
        // The same in other bytes.
        ("changes", "changes || ' '", None),
        ("reason", "NULL", None),
        ("previous", hash.as_str(), None),
        ("hash", hash.as_str(), None),
        ("number", "1000", Some((last - 1, AuditFault::Missing))),
    ] {
        tamper(&app, "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT * FROM audit").await;
        tamper(&app, &format!("UPDATE audit SET {column} = {value} WHERE number = {at}")).await;
        assert_eq!(broken(&app).await, Some(back.unwrap_or((at, AuditFault::Content))), "{column} = {value}");
        tamper(&app, "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept ORDER BY number").await;
        assert_eq!(broken(&app).await, None);
    }
    tamper(&app, &format!("UPDATE audit_values SET value = '\"Pak Lain\"' WHERE number = {at} AND value LIKE '%Nah%'"))
        .await;
    assert_eq!(broken(&app).await, Some((at, AuditFault::Value)));
});

on_both_engines!(an_entry_that_is_gone_exchanged_or_rewritten_is_named, |app| {
    for _ in 0..5 {
        write(&app, [change(&app, new_id())]).await;
    }
    let (last, _) = head(&app).await;
    let (one, two) = (last - 2, last - 1);
    tamper(&app, "CREATE TABLE kept AS SELECT * FROM audit").await;
    let restore = "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept ORDER BY number";
    tamper(&app, &format!("DELETE FROM audit WHERE number = {one}")).await;
    assert_eq!(broken(&app).await, Some((one, AuditFault::Missing)));
    tamper(&app, &format!("DELETE FROM audit WHERE number <= {one}")).await;
    assert_eq!(broken(&app).await, Some((1, AuditFault::Missing)));
    tamper(&app, restore).await;
    let exchange = format!(
        "UPDATE audit SET number = -1 WHERE number = {one}; UPDATE audit SET number = {one} WHERE number = {two};
         UPDATE audit SET number = {two} WHERE number = -1"
    );
    tamper(&app, &exchange).await;
    assert_eq!(broken(&app).await, Some((one, AuditFault::Content)));
    tamper(&app, restore).await;
    // Somebody who knows how the hash is made writes another entry with the right one.
    let entries = audit::list_after(&mut read(&app).await, one - 1, 1).await.unwrap();
    let mut forged = entries[0].clone();
    forged.changes = r#"{"volume":[1.5,9]}"#.to_owned();
    tamper(
        &app,
        &format!("UPDATE audit SET changes = '{}', hash = '{}' WHERE number = {one}", forged.changes, forged.sealed()),
    )
    .await;
    assert_eq!(broken(&app).await, Some((two, AuditFault::Link)));
});

on_both_engines!(a_chain_whose_end_was_cut_off_is_whole_but_does_not_hold_the_hash_that_was_printed, |app| {
    for _ in 0..3 {
        write(&app, [change(&app, new_id())]).await;
    }
    let (last, printed) = head(&app).await;
    write(&app, [change(&app, new_id())]).await;
    assert_eq!(verified(&app, Some(&printed)).await.holds_head, Some(true));
    tamper(&app, &format!("DELETE FROM audit WHERE number >= {last}")).await;
    // What is written in its place has other hashes.
    write(&app, [change(&app, new_id()), change(&app, new_id())]).await;
    let found = verified(&app, Some(&printed)).await;
    assert_eq!((found.broken.clone(), found.holds_head), (None, Some(false)));
    assert!(!found.is_whole());
    assert!(verified(&app, None).await.is_whole(), "a chain alone cannot show it");
});

on_both_engines!(fifty_who_write_at_once_leave_one_chain, |app| {
    let (before, _) = head(&app).await;
    let writers: Vec<_> = (0..50)
        .map(|n| {
            let (store, changes) = (app.app.store.clone(), vec![change(&app, new_id()); 1 + n % 3]);
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                for change in changes {
                    tx.log(change);
                }
                tx.commit().await.unwrap();
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let found = verified(&app, None).await;
    let written: i64 = (0..50).map(|n| 1 + n % 3).sum();
    assert_eq!((found.broken, found.entries), (None, before + written));
});

on_both_engines!(what_is_rolled_back_leaves_no_entry_and_no_value, |app| {
    let before = head(&app).await;
    let mut tx = app.app.store.write().await.unwrap();
    tx.log(change(&app, new_id()));
    tx.record(change(&app, new_id()));
    drop(tx);
    assert_eq!(head(&app).await, before);
});

on_both_engines!(what_an_import_registers_is_covered_and_no_row_can_be_taken_from_it_or_added, |app| {
    let (chunk, one) = (new_id(), new_id());
    let import = |id| {
        Change::new(app.app.clock.now(), Entity::Project, id, ChangeAction::Import, Doer::terminal()).of_chunk(chunk)
    };
    let (before, _) = head(&app).await;
    write(&app, (0..999).map(|_| import(new_id())).chain([import(one)])).await;
    assert_eq!(head(&app).await.0, before + 1, "one entry covers them");
    assert_eq!(broken(&app).await, None);
    tamper(&app, "CREATE TABLE kept AS SELECT * FROM change_log").await;
    let id = match app.engine {
        Engine::Sqlite => format!("x'{}'", one.simple()),
        Engine::Postgres { .. } => format!("'{one}'"),
    };
    for sql in [
        format!("DELETE FROM change_log WHERE entity_id = {id}"),
        format!("UPDATE change_log SET action = 'reimport' WHERE entity_id = {id}"),
    ] {
        tamper(&app, &sql).await;
        assert_eq!(broken(&app).await, Some((before + 1, AuditFault::Rows)), "{sql}");
    }
});

on_both_engines!(an_erased_value_is_nowhere_and_the_chain_verifies, |app| {
    let (about, other) = (new_id(), new_id());
    write(&app, [change(&app, about), change(&app, other)]).await;
    let whole = verified(&app, None).await;
    let mut tx = app.app.store.write().await.unwrap();
    // The owner before and after, the reason, and the address of whoever has no account.
    assert_eq!(audit::erase_values(&mut tx, about).await.unwrap(), 4);
    tx.commit().await.unwrap();
    assert_eq!(verified(&app, None).await, whole);
    let entries = audit::list_about(&mut read(&app).await, about, 10).await.unwrap();
    let digests: Vec<String> =
        entries[0].changes.split('"').filter(|word| word.len() == 64).map(str::to_owned).collect();
    assert_eq!(digests.len(), 2, "{}", entries[0].changes);
    assert!(audit::find_values(&mut read(&app).await, &digests).await.unwrap().is_empty());
    let entries = audit::list_about(&mut read(&app).await, other, 10).await.unwrap();
    let digests: Vec<String> =
        entries[0].changes.split('"').filter(|word| word.len() == 64).map(str::to_owned).collect();
    let shown: BTreeSet<String> =
        audit::find_values(&mut read(&app).await, &digests).await.unwrap().values().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        ["\"Mbok Nah\"".to_owned(), "\"Pak Slamet\"".to_owned()].into(),
        "what others are is still shown"
    );
});

async fn a_database_of_an_earlier_version_begins_its_chain_at_what_is_there(engine: Engine, nil: &str) {
    let folder = tempfile::tempdir().unwrap();
    let row = format!(
        "INSERT INTO change_log (at, entity, entity_id, action) VALUES ('2026-01-01', 'project', {nil}, 'register');"
    );
    engine.fill_as_earlier(folder.path(), "0018", &row.repeat(3)).await;
    let store = Store::open(&engine.url(folder.path())).await.unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(audit::find_head(&mut tx).await.unwrap(), None);
    assert!(verify(&mut tx, None, |_| {}).await.unwrap().is_whole());
    drop(tx);
    let at = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let mut tx = store.write().await.unwrap();
    tx.log(Change::new(at, Entity::Project, new_id(), ChangeAction::Withdraw, Doer::terminal()));
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let first = audit::list_after(&mut tx, 0, 10).await.unwrap();
    let told: Vec<(&str, &str)> = first.iter().map(|entry| (entry.action.as_str(), entry.changes.as_str())).collect();
    assert_eq!(told, [("begin", r#"{"changes_before":[null,3]}"#), ("withdraw", "{}")]);
    assert!(verify(&mut tx, None, |_| {}).await.unwrap().is_whole());
    drop(tx);
    store.close().await;
    engine.drop_database().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_an_earlier_version_begins_its_chain_at_what_is_there_on_sqlite() {
    a_database_of_an_earlier_version_begins_its_chain_at_what_is_there(Engine::sqlite(), "zeroblob(16)").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_an_earlier_version_begins_its_chain_at_what_is_there_on_postgres() {
    let Some(engine) = Engine::empty_postgres().await else { return };
    let nil = "'00000000-0000-0000-0000-000000000000'";
    a_database_of_an_earlier_version_begins_its_chain_at_what_is_there(engine, nil).await;
}
