//! The Atlas is filled from rows, or on SQLite from pages of JSON: both must say the same.

use crate::common::{Engine, TestApp, WEST, draft, new_id, road};
use serde_json::json;
use tapak::actions::import_projects::{ImportOptions, import_projects};
use tapak::domain::names::Names;
use tapak::duplicates::extract_owner;
use tapak::import::{Input, ReadOptions};
use tapak::store::{project_facts, project_pages};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_what_the_rows_say_of_every_project() {
    let test = TestApp::start(Engine::sqlite(), &[]).await;
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data");
    test.import_villages(&std::fs::read_to_string(format!("{sample}/villages.geojson")).unwrap()).await;
    let options = ReadOptions { owner_of: extract_owner, ..ReadOptions::default() };
    let file = Input::path(format!("{sample}/projects.geojson"));
    assert!(import_projects(&test.app, file, options, &ImportOptions::default(), |_| {}).await.unwrap().stored);
    test.sign_in_as("administrator", None).await;
    let mut odd = draft(test.village(WEST).await, "Jalan \"Melati\" \\ RT 03 – 50 % ✓", road(114.3012345, -8.2));
    odd["volume"] = json!(0.1 + 0.2);
    odd["owner"] = json!("Sumiati");
    odd["funding"] = json!([
        { "fund": "DD", "amount_rupiah": 999_999_999_999_999_i64, "budget_line": "5.3.1", "contract_number": "1/SPK",
          "segment": { "part": 1, "from_m": 0.1, "to_m": 33.333_333_333_333_336 } },
        { "fund": "ADD" },
    ]);
    odd["footprint"]["parts"][0]["accuracy_m"] = json!(4.1);
    odd["confirm_place"] = json!(true);
    let first = test.register(&odd).await;
    odd["id"] = json!(new_id());
    odd["continues"] = first["id"].clone();
    odd["footprint"] = json!(null);
    test.register(&odd).await;

    let mut tx = test.app.store.read().await.unwrap();
    let villages = project_facts::village_names(&mut tx).await.unwrap();
    let rows = project_facts::list_after(&mut tx, &villages, &mut Names::default(), Uuid::nil(), 10_000).await.unwrap();
    assert!(rows.len() > 500 && rows.iter().any(|facts| facts.continues.is_some()));
    let mut pages = Vec::new();
    let everything = |page| pages.extend::<Vec<_>>(page);
    project_pages::read_between(&mut tx, &villages, Uuid::nil(), Uuid::max(), everything).await.unwrap();
    for (row, page) in rows.iter().zip(&pages) {
        assert_eq!(row, page);
    }
    assert_eq!(rows.len(), pages.len());
    let count = project_pages::count(&mut tx).await.unwrap();
    let splits = project_pages::list_splits(&mut tx, count, 3).await.unwrap();
    let mut shares = Vec::new();
    for (after, last) in [(Uuid::nil(), splits[0]), (splits[0], splits[1]), (splits[1], Uuid::max())] {
        let share = |page| shares.extend::<Vec<_>>(page);
        project_pages::read_between(&mut tx, &villages, after, last, share).await.unwrap();
    }
    drop(tx);
    assert_eq!(shares, pages);
    while test.app.follower().catch_up().await.unwrap() {}
    test.finish().await;
}
