//! Odd geometries over HTTP: refused with what is wrong, never an error of the server.

use crate::common::{WEST, draft, odd, on_both_engines};
use rand::SeedableRng;
use rand::rngs::StdRng;
use reqwest::{Method, StatusCode};

on_both_engines!(no_odd_geometry_is_an_error_of_the_server, [("checks_per_minute", "100000")], |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let sound = draft(app.village(WEST).await, "Jalan Melati", "GEOMETRY".into()).to_string();
    let mut random = StdRng::seed_from_u64(3_514);
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..1_500 {
        let geometry = odd::geometry(&mut random);
        let request = app.request(Method::POST, "/api/v1/projects/check").header("content-type", "application/json");
        let answer = app.send(request.body(sound.replace("\"GEOMETRY\"", &geometry))).await;
        assert!(!answer.status.is_server_error(), "{} for {geometry}", answer.status);
        *seen.entry(answer.status).or_insert(0) += 1;
    }
    assert!(seen[&StatusCode::OK] > 100 && seen[&StatusCode::UNPROCESSABLE_ENTITY] > 100, "{seen:?}");
});
