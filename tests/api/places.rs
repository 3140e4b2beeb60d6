//! Places far from the village that a record names.

use crate::common::{WEST, draft, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};

fn point(lon: f64, lat: f64) -> Value {
    json!({ "type": "Point", "coordinates": [lon, lat] })
}

on_both_engines!(a_place_in_another_country_is_not_taken_in_one_click, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let village = app.village(WEST).await;
    let mut far = draft(village, "Sumur bor Krajan", point(114.31, 8.21));
    let doubt = app.post("/api/v1/projects/check", &far).await.is(StatusCode::OK)["place_doubt"].clone();
    assert_eq!((doubt["reading"]["slip"].as_str(), &doubt["given"]), (Some("sign_lost"), &json!([114.31, 8.21])));
    assert_eq!(doubt["reading"]["corrected"], json!([114.31, -8.21]));
    assert_eq!(doubt["reading"]["parts"][0]["coordinates"], json!([114.31, -8.21]));
    assert!(doubt["sentence"].as_str().unwrap().contains("Barat"), "{doubt}");
    let refused = app.post("/api/v1/projects", &far).await.refuses(422, "place_far", Some("footprint"));
    assert!((1_810_000.0..1_830_000.0).contains(&refused["distance_m"].as_f64().unwrap()), "{refused}");
    assert_eq!((&refused["corrected"], &refused["slip"]), (&json!([114.31, -8.21]), &json!("sign_lost")));
    assert!(refused["expected"].as_str().unwrap().contains("-8.21"), "{refused}");
    assert!(app.get("/api/v1/projects").await.json()["items"].as_array().unwrap().is_empty());
    // Who looked and says that it is right is believed, and asked no second time for the same request.
    far["confirm_place"] = json!(true);
    app.register(&far).await;
    app.post("/api/v1/projects", &far).await.is(StatusCode::OK);
});

on_both_engines!(a_correction_moves_nothing_far_away_unasked, |app| {
    app.sign_in_as("officer", Some("35.10")).await;
    let village = app.village(WEST).await;
    let project = app.register(&draft(village, "Paving Gang Masjid", road(114.305, -8.21))).await;
    let path = format!("/api/v1/projects/{}", project["id"].as_str().unwrap());
    let mut patch = json!({
        "row_version": project["row_version"],
        "footprint": { "how": "typed", "parts": [{ "geometry": road(114.805, -8.21) }] },
    });
    let refused = app.patch(&path, &patch).await.refuses(422, "place_far", Some("footprint"));
    assert_eq!((refused["slip"].as_str(), &refused["corrected"][1]), (Some("digit"), &json!(-8.21)));
    patch["confirm_place"] = json!(true);
    let moved = app.patch(&path, &patch).await.is(StatusCode::OK);
    // What was confirmed is not asked about again while neither place nor village changes.
    let title = json!({ "row_version": moved["row_version"], "title": "Paving Gang Masjid Baru" });
    app.patch(&path, &title).await.is(StatusCode::OK);
});

on_both_engines!(a_place_of_the_next_village_needs_no_confirming, |app| {
    app.sign_in_as("officer", Some("35.10")).await;
    let near = draft(app.village(WEST).await, "Jalan desa sebelah", road(114.335, -8.21));
    assert!(app.post("/api/v1/projects/check", &near).await.is(StatusCode::OK)["place_doubt"].is_null());
    app.register(&near).await;
});
