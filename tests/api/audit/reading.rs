//! Who reads personal data of others is noted before they get it.

use super::{house, path};
use crate::common::chain::Chain;
use crate::common::command::text;
use crate::common::{Engine, WEST, new_id, on_both_engines};
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
