//! What is looked for is what is shown: windows of the map, the first view, titles of houses.

use crate::common::{EAST, TestApp, WEST, draft, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};

async fn bounds(app: &TestApp) -> Value {
    app.get("/api/v1/session").await.is(StatusCode::OK)["map_bounds"].clone()
}

on_both_engines!(one_coordinate_in_another_country_moves_nobodys_first_map, |app| {
    app.sign_in_as("administrator", None).await;
    let both = bounds(&app).await;
    assert_eq!(both, json!([114.30, -8.22, 114.34, -8.20]));
    let mut far = draft(app.village(WEST).await, "Jalan jauh", road(10.0, 50.0));
    far["confirm_place"] = json!(true);
    app.register(&far).await;
    app.work().await;
    assert_eq!(bounds(&app).await, both);
    app.sign_in_as("inspector", Some("35.10")).await;
    assert_eq!(bounds(&app).await, both);
    app.sign_in_as("officer", Some(EAST)).await;
    assert_eq!(bounds(&app).await, json!([114.32, -8.22, 114.34, -8.20]), "the caller's own villages");
    app.sign_in_as("officer", None).await;
    assert_eq!(bounds(&app).await, both, "without a post: what everybody sees");
    app.sign_out().await;
    assert_eq!(bounds(&app).await, both);
});

on_both_engines!(a_page_of_a_window_of_findings_is_filled_with_what_the_window_holds, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    for (n, status) in ["planned", "running", "planned", "finished"].into_iter().enumerate() {
        let lat = -8.218 + 0.004 * f64::from(u32::try_from(n).unwrap());
        for title in ["Rabat beton Jalan Mawar", "Rabat beton jln. Mawar"] {
            let mut draft = draft(west, &format!("{title} {n}"), road(114.305, lat));
            draft["status"] = json!(status);
            app.register(&draft).await;
        }
    }
    app.work().await;
    let all = app.get("/api/v1/map/findings").await.is(StatusCode::OK);
    let mut every: Vec<&str> =
        all["features"].as_array().unwrap().iter().map(|f| f["properties"]["id"].as_str().unwrap()).collect();
    every.sort_unstable();
    every.dedup();
    assert_eq!(every.len(), 4);
    let mut seen = Vec::new();
    for n in 0..4 {
        let lat = -8.218 + 0.004 * f64::from(n);
        let window = format!("bbox=114.30,{:.4},114.32,{:.4}", lat - 0.001, lat + 0.001);
        // One finding a page: the page is full and the last, however many stand before it in the queue.
        let page = app.get(&format!("/api/v1/map/findings?{window}&limit=1")).await.is(StatusCode::OK);
        assert!(page["next"].is_null(), "{page}");
        let id = page["features"][0]["properties"]["id"].as_str().unwrap().to_owned();
        assert!(page["features"].as_array().unwrap().iter().all(|f| f["properties"]["id"] == id.as_str()));
        seen.push(id);
    }
    seen.sort_unstable();
    assert_eq!(seen, every);
    let running = app.get("/api/v1/map/findings?status=running&limit=1").await.is(StatusCode::OK);
    assert!(running["next"].is_null() && !running["features"].as_array().unwrap().is_empty());
    let none = app.get("/api/v1/map/findings?status=halted").await.is(StatusCode::OK);
    assert!(none["features"].as_array().unwrap().is_empty());
    let elsewhere = app.get("/api/v1/map/findings?bbox=114.33,-8.22,114.34,-8.20").await.is(StatusCode::OK);
    assert!(elsewhere["features"].as_array().unwrap().is_empty() && elsewhere["next"].is_null());
});

on_both_engines!(a_window_shows_what_only_crosses_it_and_what_was_moved_into_it, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    // From far south to far north of the window, over its whole height and beyond.
    let tall = json!({ "type": "LineString", "coordinates": [[114.305, -8.50], [114.3051, -7.90]] });
    let mut tall = draft(west, "Pipa air bersih", tall);
    tall["confirm_place"] = json!(true);
    let tall = app.register(&tall).await["id"].clone();
    let moved = app.register(&draft(west, "Jembatan Kali Lo", road(114.330, -8.215))).await;
    let shown = async |bbox: &str| -> Vec<Value> {
        let map = app.get(&format!("/api/v1/map/projects?bbox={bbox}")).await.is(StatusCode::OK);
        map["features"].as_array().unwrap().iter().map(|feature| feature["id"].clone()).collect()
    };
    let window = "114.304,-8.2101,114.308,-8.2099";
    assert_eq!(shown(window).await, std::slice::from_ref(&tall));
    assert!(shown("114.311,-8.2101,114.312,-8.2099").await.is_empty());
    let there =
        json!({ "row_version": 1, "footprint": { "how": "gps", "parts": [{ "geometry": road(114.306, -8.21) }] } });
    let path = format!("/api/v1/projects/{}", moved["id"].as_str().unwrap());
    app.patch(&path, &there).await.is(StatusCode::OK);
    assert_eq!(shown(window).await, [tall, moved["id"].clone()]);
    assert!(shown("114.329,-8.216,114.333,-8.214").await.is_empty(), "where it was before");
    app.work().await;
});

fn house(village: uuid::Uuid, title: &str, owner: Option<&str>) -> Value {
    let mut house = draft(village, title, json!({ "type": "Point", "coordinates": [114.3012, -8.2031] }));
    house["owner"] = json!(owner);
    house
}

/// The projects that the public finds by this text.
async fn found(app: &TestApp, q: &str) -> Vec<Value> {
    app.sign_out().await;
    app.get(&format!("/api/v1/projects?q={q}")).await.is(StatusCode::OK)["items"].as_array().unwrap().clone()
}

on_both_engines!(
    a_house_stored_before_titles_were_kept_for_the_public_is_found_by_its_work_and_not_by_its_owner,
    |app| {
        app.sign_in_as("officer", Some(WEST)).await;
        let west = app.village(WEST).await;
        app.register(&house(west, "Bedah rumah Sumiati RT 03 Krajan", Some("Sumiati"))).await;
        let forget = "UPDATE projects SET shown_title = NULL, shown_title_key = NULL";
        let url = app.engine.url(app.folder.path());
        if app.app.store.is_postgres() {
            let mut old = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
            sqlx::query(forget).execute(&mut old).await.unwrap();
        } else {
            let mut old = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
            sqlx::query(forget).execute(&mut old).await.unwrap();
        }
        // Until the title is written nothing is found that should not be, and no name is shown.
        assert!(found(&app, "sumiati").await.is_empty() && found(&app, "bedah").await.is_empty());
        let shown = app.get("/api/v1/projects").await.is(StatusCode::OK);
        assert_eq!(shown["items"][0]["title"], "—");
        app.another(&[]).await.close().await;
        let found_by_work = found(&app, "bedah").await;
        assert_eq!(found_by_work[0]["title"], "Bedah rumah Krajan");
        assert!(found(&app, "sumiati").await.is_empty());
        app.sign_in_as("officer", Some(WEST)).await;
        let own = app.get("/api/v1/projects?q=sumiati").await.is(StatusCode::OK);
        assert_eq!(own["items"][0]["title"], "Bedah rumah Sumiati RT 03 Krajan");
    }
);

on_both_engines!(a_house_is_hidden_as_soon_as_somebody_names_its_owner, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let west = app.village(WEST).await;
    let in_title = app.register(&house(west, "Rehab RTLH a.n. Sumiati", None)).await;
    assert_eq!(in_title["sensitivity"], "hamlet");
    let unnamed = app.register(&house(west, "Rehab RTLH satu unit", None)).await;
    assert_eq!(unnamed["sensitivity"], "open");
    let path = format!("/api/v1/projects/{}", unnamed["id"].as_str().unwrap());
    let named = app.patch(&path, &json!({ "row_version": 1, "owner": "Kasinem" })).await.is(StatusCode::OK);
    assert_eq!(named["sensitivity"], "hamlet");
    // Who says otherwise is heard, and a later correction of something else does not unsay it.
    let open = json!({ "row_version": named["row_version"], "sensitivity": "open" });
    let open = app.patch(&path, &open).await.is(StatusCode::OK);
    let again = json!({ "row_version": open["row_version"], "volume": 1.5 });
    assert_eq!(app.patch(&path, &again).await.is(StatusCode::OK)["sensitivity"], "open");
    app.sign_out().await;
    let public = app.get(&format!("/api/v1/projects/{}", in_title["id"].as_str().unwrap())).await;
    assert!(!String::from_utf8_lossy(&public.bytes).contains("Sumiati"));
});
