//! Odd geometries over HTTP: refused with what is wrong, never an error of the server.

use crate::common::{WEST, draft, new_id, odd, on_both_engines, road, variable};
use rand::SeedableRng;
use rand::rngs::StdRng;
use reqwest::{Method, StatusCode};
use serde_json::json;

/// `TAPAK_TEST_ODD=100000` tries that many: some minutes.
fn many() -> usize {
    variable("TAPAK_TEST_ODD").map_or(1_500, |many| many.parse().unwrap())
}

on_both_engines!(no_odd_geometry_is_an_error_of_the_server, [("checks_per_minute", "10000000")], |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let village = app.village(WEST).await;
    let made = app.register(&draft(village, "Jalan Melati", road(114.305, -8.21))).await;
    let path = format!("/api/v1/projects/{}", made["id"].as_str().unwrap());
    let mut version = made["row_version"].clone();
    let sound = draft(village, "Jalan Melati", "GEOMETRY".into());
    let mut random = StdRng::seed_from_u64(3_514);
    let mut seen = std::collections::BTreeMap::new();
    for n in 0..many() {
        let geometry = odd::geometry(&mut random);
        let mut body = sound.clone();
        let (method, route) = match n % 10 {
            0 => {
                body["id"] = json!(new_id());
                (Method::POST, "/api/v1/projects")
            }
            1 => {
                body = json!({ "row_version": version, "reason": "survei", "footprint": sound["footprint"] });
                (Method::PATCH, path.as_str())
            }
            _ => (Method::POST, "/api/v1/projects/check"),
        };
        let request = app.request(method.clone(), route).header("content-type", "application/json");
        let answer = app.send(request.body(body.to_string().replace("\"GEOMETRY\"", &geometry))).await;
        assert!(!answer.status.is_server_error(), "{method} {route}: {} for {geometry}", answer.status);
        if method == Method::PATCH && answer.status == StatusCode::OK {
            version = answer.json()["row_version"].clone();
        }
        *seen.entry((method.to_string(), answer.status)).or_insert(0) += 1;
    }
    for method in ["POST", "PATCH"] {
        let told = |status| seen.get(&(method.to_owned(), status)).copied().unwrap_or(0);
        assert!(told(StatusCode::OK) + told(StatusCode::CREATED) > 10, "{seen:?}");
        assert!(told(StatusCode::UNPROCESSABLE_ENTITY) > 10, "{seen:?}");
    }
});
