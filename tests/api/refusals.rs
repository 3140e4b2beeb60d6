use crate::common::{WEST, draft, on_both_engines, road, skipped};
use base64::Engine;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

on_both_engines!(what_is_wrong_with_a_draft_is_named_with_its_field, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let village = app.village(WEST).await;
    let good = draft(village, "Jalan", road(114.305, -8.21));
    let with = |path: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(path).unwrap() = value;
        body
    };
    let point = |lon: f64, lat: f64| json!({ "type": "Point", "coordinates": [lon, lat] });
    let second = |geometry: Value| json!([{ "geometry": road(114.305, -8.21) }, { "geometry": geometry }]);
    let two_lines =
        |amount: Value| json!([{ "fund": "DD", "amount_rupiah": 1 }, { "fund": "ADD", "amount_rupiah": amount }]);
    let bow = json!({ "type": "Polygon", "coordinates": [[[114.30, -8.20], [114.31, -8.21], [114.31, -8.20], [114.30, -8.21], [114.30, -8.20]]] });
    let long: Vec<[f64; 2]> = (0..30_000).map(|n| [114.30 + f64::from(n) * 1e-6, -8.21]).collect();
    let geometry = "/footprint/parts/0/geometry";
    for (body, code, field) in [
        (with("/title", json!(7)), "wrong_type", "title"),
        (with("/title", json!("")), "missing", "title"),
        (with("/title", json!("a".repeat(10_000))), "too_long", "title"),
        (with("/title", json!("Jalan \u{202e}malaM")), "direction_mark", "title"),
        (with("/village_id", json!("01900000-0000-7000-8000-000000000000")), "unknown_village", "village_id"),
        (with("/fiscal_year", json!(20_260)), "year_out_of_range", "fiscal_year"),
        (with("/status", json!("done")), "wrong_type", "status"),
        (with("/activity_code", json!("jalan")), "not_an_activity_code", "activity_code"),
        (with("/funding/0/amount_rupiah", json!(-1)), "money_out_of_range", "funding[0].amount_rupiah"),
        (with("/funding/0/amount_rupiah", json!("x")), "wrong_type", "funding[0].amount_rupiah"),
        (with("/funding", two_lines(json!(-1))), "money_out_of_range", "funding[1].amount_rupiah"),
        (with("/funding", two_lines(json!("x"))), "wrong_type", "funding[1].amount_rupiah"),
        (with(geometry, point(-8.21, 114.305)), "coordinates_swapped", "footprint.parts[0].geometry"),
        (with(geometry, point(0.0, 0.0)), "null_island", "footprint.parts[0].geometry"),
        (with(geometry, point(190.0, 1.0)), "off_the_earth", "footprint.parts[0].geometry"),
        (with(geometry, bow), "polygon_not_simple", "footprint.parts[0].geometry"),
        (with(geometry, json!({ "type": "LineString", "coordinates": long })), "too_many_vertices", "footprint.parts"),
        (
            with(geometry, json!({ "type": "Point", "coordinates": [1] })),
            "not_a_geometry",
            "footprint.parts[0].geometry",
        ),
        (with(geometry, json!({ "type": "Circle" })), "not_a_geometry", "footprint.parts[0].geometry"),
        (with("/footprint/parts/0/accuracy_m", json!(-1)), "accuracy_out_of_range", "footprint.parts[0].accuracy_m"),
        (with("/footprint/parts", second(point(0.0, 0.0))), "null_island", "footprint.parts[1].geometry"),
        (
            with("/footprint/parts", second(json!({ "type": "Point", "coordinates": [1] }))),
            "not_a_geometry",
            "footprint.parts[1].geometry",
        ),
        (with("/footprint/parts", json!([])), "empty_geometry", "footprint.parts"),
    ] {
        app.post("/api/v1/projects", &body).await.refuses(422, code, Some(field));
    }
    let mut unknown = good.clone();
    unknown["colour"] = json!("red");
    app.post("/api/v1/projects", &unknown).await.refuses(422, "unknown_field", Some("colour"));
    let mut missing = good.clone();
    missing.as_object_mut().unwrap().remove("title");
    app.post("/api/v1/projects", &missing).await.refuses(422, "missing_field", Some("title"));
    assert!(app.get("/api/v1/projects").await.json()["items"].as_array().unwrap().is_empty(), "nothing was kept");
});

on_both_engines!(exchanged_coordinates_come_back_with_both_readings_in_the_asked_language, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let body = draft(app.village(WEST).await, "Jalan", json!({ "type": "Point", "coordinates": [-8.21, 114.305] }));
    let request = app.request(Method::POST, "/api/v1/projects").header("accept-language", "en-GB,en;q=0.8").json(&body);
    let problem = app.send(request).await.refuses(422, "coordinates_swapped", Some("footprint.parts[0].geometry"));
    assert_eq!(problem["readings"]["swapped"], json!([114.305, -8.21]));
    assert!(problem["detail"].as_str().unwrap().starts_with("Latitude and longitude look exchanged"), "{problem}");
    let indonesian = app.post("/api/v1/projects", &body).await.refuses(
        422,
        "coordinates_swapped",
        Some("footprint.parts[0].geometry"),
    );
    assert!(indonesian["detail"].as_str().unwrap().starts_with("Lintang dan bujur"), "{indonesian}");
});

on_both_engines!(what_is_no_json_or_too_much_of_it_is_refused, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let post = |body: String, kind: &str| {
        app.request(Method::POST, "/api/v1/projects").header("content-type", kind).body(body)
    };
    app.send(post("{\"title\": ".to_owned(), "application/json")).await.refuses(400, "not_json", None);
    app.send(post("{}".to_owned(), "text/plain")).await.refuses(415, "json_expected", None);
    let huge = format!("{{\"title\": \"{}\"}}", "a".repeat(3_000_000));
    app.send(post(huge, "application/json")).await.refuses(413, "too_large", None);
    let line: Vec<String> = (0..200_000).map(|n| format!("[{},-8.21]", 114.30 + f64::from(n) * 1e-7)).collect();
    let body = format!("{{\"geometry\": [{}]}}", line.join(","));
    app.send(post(body, "application/json")).await.refuses(413, "too_large", None);
});

on_both_engines!(addresses_that_are_none_are_problems_too, |app| {
    app.get("/api/v1/nothing").await.refuses(404, "not_found", None);
    app.get("/api/v1/projects/not-an-id").await.refuses(404, "not_found", None);
    app.get("/api/v1/projects?colour=red").await.refuses(400, "wrong_parameter", Some("colour"));
    app.get("/api/v1/projects?limit=100000").await.refuses(400, "limit_out_of_range", Some("limit"));
    app.get("/api/v1/projects?after=xyz").await.refuses(400, "wrong_after", Some("after"));
    for accuracy_m in ["-1", "NaN", "1e9"] {
        let places = format!("/api/v1/places?lon=114.3&lat=-8.2&accuracy_m={accuracy_m}");
        app.get(&places).await.refuses(422, "accuracy_out_of_range", Some("accuracy_m"));
    }
    app.get("/api/v1/map/projects?bbox=1,2,3").await.refuses(400, "wrong_bbox", Some("bbox"));
    app.send(app.request(Method::DELETE, "/api/v1/projects")).await.refuses(405, "method_not_allowed", None);
    app.get("/api/v1/findings").await.refuses(401, "sign_in_required", None);
});

on_both_engines!(the_page_carries_a_policy_that_allows_no_script_but_its_own, |app| {
    let page = app.get("/").await;
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    if page.status == StatusCode::NOT_FOUND {
        skipped("the policy of the page: web/build is empty, `make page` fills it");
    } else {
        page.is(StatusCode::OK);
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        let directive = |name: &str| {
            policy.split("; ").find_map(|one| one.strip_prefix(name)).unwrap_or_else(|| panic!("{name}: {policy}"))
        };
        let scripts: Vec<&str> = directive("script-src ").split(' ').collect();
        let html = String::from_utf8(page.bytes.clone()).unwrap();
        let mut own = BTreeSet::from(["'self'".to_owned()]);
        for inline in html.split("<script>").skip(1) {
            let hash = Sha256::digest(inline.split_once("</script>").unwrap().0);
            own.insert(format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(hash)));
        }
        assert!(own.len() > 1, "the page starts by a script of its own: {html}");
        assert_eq!(scripts.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), own);
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");
        for closed in ["object-src 'none'", "base-uri 'self'", "frame-ancestors 'none'", "default-src 'self'"] {
            assert!(policy.contains(closed), "{closed}: {policy}");
        }
    }
});
