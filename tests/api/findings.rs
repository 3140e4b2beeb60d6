//! The queue of findings.

use crate::common::{WEST, draft, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::Value;

on_both_engines!(findings_of_one_rank_and_one_amount_are_paged_each_once_and_in_one_order, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    for (street, lat) in
        [("Mawar", -8.202), ("Kenanga", -8.206), ("Melati", -8.21), ("Cempaka", -8.214), ("Anggrek", -8.218)]
    {
        for title in [format!("Rabat beton Jalan {street}"), format!("Rabat Beton Jl. {street}")] {
            app.register(&draft(west, &title, road(114.305, lat))).await;
        }
    }
    app.work().await;
    let whole = app.get("/api/v1/findings?state=open").await.is(StatusCode::OK);
    let items = |page: &Value| page["items"].as_array().unwrap().clone();
    let keys: Vec<(Value, Value)> =
        items(&whole).iter().map(|one| (one["severity"].clone(), one["rupiah"].clone())).collect();
    assert_eq!(keys.len(), 5);
    assert!(keys.windows(2).all(|two| two[0] == two[1]), "nothing but the id tells them apart: {keys:?}");
    let (mut paged, mut after) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("/api/v1/findings?state=open&limit=2{after}")).await.is(StatusCode::OK);
        paged.extend(items(&page));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(paged, items(&whole));
});
