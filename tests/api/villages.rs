use crate::common::{BORDER_LON, EAST, WEST, on_both_engines, village_feature};
use reqwest::{Method, StatusCode};
use serde_json::json;

on_both_engines!(a_village_is_found_by_a_part_of_its_name, |app| {
    let found = app.get("/api/v1/villages?q=bar").await.is(StatusCode::OK);
    assert_eq!((found["items"][0]["code"].as_str(), found["items"].as_array().unwrap().len()), (Some(WEST), 1));
    assert_eq!(found["items"][0]["regency"], "Kabupaten Banyuwangi");
});

on_both_engines!(boundaries_are_sent_once, |app| {
    let first = app.get("/api/v1/villages/boundaries").await;
    assert_eq!(first.is(StatusCode::OK)["features"].as_array().unwrap().len(), 2);
    let etag = first.headers["etag"].clone();
    let again = app.send(app.request(Method::GET, "/api/v1/villages/boundaries").header("if-none-match", etag)).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
});

on_both_engines!(a_place_near_a_border_is_in_one_village_and_near_the_other, |app| {
    let places = app.get("/api/v1/places?lon=114.3198&lat=-8.21").await.is(StatusCode::OK);
    let relation = |n: usize| (places["items"][n]["village"]["code"].as_str(), places["items"][n]["relation"].as_str());
    assert_eq!((relation(0), relation(1)), ((Some(WEST), Some("in")), (Some(EAST), Some("near"))));
    let distance = places["items"][1]["distance_m"].as_f64().unwrap();
    assert!((21.0..23.0).contains(&distance), "{distance}");
    app.get("/api/v1/places?lon=-8.21&lat=114.3").await.refuses(422, "coordinates_swapped", Some("lon"));
});

on_both_engines!(a_later_import_adds_a_dated_version_and_the_same_day_corrects_it, |app| {
    let id = app.village(WEST).await;
    let renamed =
        json!({ "type": "FeatureCollection", "features": [village_feature(WEST, "Barat Baru", 114.30, BORDER_LON)] });
    app.import_villages(&renamed.to_string()).await;
    let village = app.get(&format!("/api/v1/villages/{id}")).await.is(StatusCode::OK);
    assert_eq!(
        (village["name"].as_str(), village["versions"].as_array().unwrap().len()),
        (Some("Barat Baru"), 1),
        "the same day corrects"
    );
    app.app.clock.advance(std::time::Duration::from_secs(3 * 86_400));
    let again =
        json!({ "type": "FeatureCollection", "features": [village_feature(WEST, "Barat Lama", 114.30, BORDER_LON)] });
    app.import_villages(&again.to_string()).await;
    let village = app.get(&format!("/api/v1/villages/{id}")).await.is(StatusCode::OK);
    let names: Vec<_> = village["versions"].as_array().unwrap().iter().map(|v| v["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Barat Lama", "Barat Baru"]);
    assert_eq!(village["versions"][1]["valid_to"], village["versions"][0]["valid_from"]);
});
