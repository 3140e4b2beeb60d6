//! The history of a project, and what is erased from it.

use super::{current, house, patch, path, uuid};
use crate::common::{Engine, TestApp, WEST, on_both_engines};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::path::Path;
use tapak::actions::erase_history::erase_history;
use tapak::store::audit;
use tapak::store::audit_verify::verify;

on_both_engines!(the_history_shows_what_changed_until_it_is_erased, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&house(app.village(WEST).await)).await;
    patch(
        &app,
        &project,
        json!({ "owner": null, "volume": 12.5, "volume_unit": "m", "reason": "Minta Mbok Nah Rahasia" }),
    )
    .await;
    let history = async || app.get(&path(&project, "")).await.is(StatusCode::OK)["history"].clone();
    let change = |history: &Value, field: &str| {
        let changes = history[0]["changes"].as_array().unwrap().clone();
        changes.into_iter().find(|one| one["field"] == field).unwrap_or_else(|| panic!("no {field} in {history}"))
    };
    let told = history().await;
    assert_eq!(
        change(&told, "owner"),
        json!({ "field": "owner", "before": "Mbok Nah Rahasia", "after": null, "is_erased": false })
    );
    assert_eq!(
        change(&told, "volume"),
        json!({ "field": "volume", "before": null, "after": 12.5, "is_erased": false })
    );
    assert_eq!((&told[0]["role"], &told[0]["region"]), (&json!("officer"), &json!("Barat")), "by which post");
    assert_eq!((&told[0]["note"], &told[1]["changes"]), (&json!("Minta Mbok Nah Rahasia"), &json!([])));
    let printed = { audit::find_head(&mut app.app.store.read().await.unwrap()).await.unwrap().unwrap().hash };
    let erased = erase_history(&app.app, uuid(&project)).await.unwrap();
    assert!(!erased.names_owner && erased.states == 1 && erased.notes == 1, "{erased:?}");
    let told = history().await;
    assert_eq!(change(&told, "owner"), json!({ "field": "owner", "before": null, "after": null, "is_erased": true }));
    assert_eq!(told[0]["note"], Value::Null);
    let found = verify(&mut app.app.store.read().await.unwrap(), Some(&printed), |_| {}).await.unwrap();
    assert!(found.is_whole() && found.holds_head == Some(true), "{found:?}");
    app.work().await;
    assert_eq!(places_of(&app, "Rahasia").await, [] as [String; 0], "in the database");
    // The rest of the correction can still be taken back.
    app.post(&path(&project, "/undo"), &json!({ "row_version": current(&app, &project).await }))
        .await
        .is(StatusCode::OK);
    let now = app.get(&path(&project, "")).await.json();
    assert_eq!((&now["owner"], &now["volume"]), (&Value::Null, &Value::Null));
});

/// Where a text is in the database: the bytes of SQLite's files, the columns of PostgreSQL.
async fn places_of(app: &TestApp, text: &str) -> Vec<String> {
    let url = app.engine.url(app.folder.path());
    let Engine::Postgres { .. } = app.engine else {
        let files = ["test.db", "test.db-wal"].map(|name| app.folder.path().join(name));
        let holds = |file: &Path| {
            let bytes = std::fs::read(file).unwrap_or_default();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        };
        return files.iter().filter(|file| holds(file)).map(|file| file.display().to_string()).collect();
    };
    use sqlx::Connection;
    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
    let tables: Vec<(String,)> = sqlx::query_as("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let mut found = Vec::new();
    for (table,) in tables {
        let count = format!("SELECT COUNT(*) FROM {table} AS t WHERE t::text LIKE '%{text}%'");
        let (count,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(count)).fetch_one(&mut connection).await.unwrap();
        if count > 0 {
            found.push(table);
        }
    }
    found
}
