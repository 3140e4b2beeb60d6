use crate::common::{NEVER, TestApp, new_id, on_both_engines};
use std::time::Duration;
use tapak::domain::change::{ChangeAction, Entity};
use tapak::domain::doer::Doer;
use tapak::store::imports::{self, NewImport};
use tapak::store::{Change, changes};
use uuid::Uuid;

fn change(test: &TestApp, entity_id: Uuid) -> Change {
    Change::new(test.app.clock.now(), Entity::Project, entity_id, ChangeAction::Register, Doer::job())
}

on_both_engines!(a_reader_of_the_change_log_never_skips_a_slow_writer, |app| {
    let mut tx = app.app.store.read().await.unwrap();
    let start = changes::last_seq(&mut tx).await.unwrap();
    drop(tx);
    let writers: Vec<_> = (0..40_u64)
        .map(|n| {
            let (store, change) = (app.app.store.clone(), change(&app, new_id()));
            let id = change.entity_id;
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                tx.log(change);
                // Some are slow between their writes and their commit.
                tokio::time::sleep(Duration::from_millis(if n % 7 == 0 { 30 } else { 1 })).await;
                tx.commit().await.unwrap();
                id
            })
        })
        .collect();
    // A follower that reads all the while sees each entry once, in order.
    let (mut seen, mut held) = (Vec::new(), start);
    let reading = async {
        while seen.len() < 40 {
            let mut tx = app.app.store.read().await.unwrap();
            for entry in changes::list_after(&mut tx, held, 10).await.unwrap() {
                assert!(entry.seq > held);
                held = entry.seq;
                seen.push(entry.entity_id);
            }
            drop(tx);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(NEVER, reading).await.expect("an entry was skipped: it never comes");
    let mut wrote = Vec::new();
    for writer in writers {
        wrote.push(writer.await.unwrap());
    }
    seen.sort();
    wrote.sort();
    assert_eq!(seen, wrote);
});

on_both_engines!(what_is_rolled_back_leaves_no_entry, |app| {
    let mut tx = app.app.store.write().await.unwrap();
    let before = changes::last_seq(&mut tx).await.unwrap();
    tx.log(change(&app, new_id()));
    drop(tx);
    let mut tx = app.app.store.read().await.unwrap();
    assert_eq!(changes::last_seq(&mut tx).await.unwrap(), before);
});

on_both_engines!(a_transaction_in_which_a_statement_failed_commits_nothing, |app| {
    let begin = |id: Uuid| NewImport { id, kind: "projects", source: "s", file_name: "s.csv", file_sha256: "" };
    let (now, twice, after) = (app.app.clock.now(), begin(new_id()), begin(new_id()));
    let mut tx = app.app.store.write().await.unwrap();
    imports::begin(&mut tx, &twice, now).await.unwrap();
    imports::begin(&mut tx, &twice, now).await.unwrap_err();
    imports::begin(&mut tx, &after, now).await.unwrap_err();
    tx.commit().await.unwrap_err();
    let mut tx = app.app.store.read().await.unwrap();
    assert!(imports::list_sources(&mut tx).await.unwrap().is_empty());
});
