//! A hundred grant houses, and everybody who must not find one: the public, and officers of other regions, by every route
//! that the description of the API names.

use crate::common::{EAST, ELSEWHERE, TestApp, WEST, draft, jpeg, new_id, on_both_engines, three_villages};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How near to a house an answer may not lead, metres.
const NEAR_M: f64 = 250.0;
/// The centre of the western village, which is shown instead of a house.
const CENTRE: [f64; 2] = [114.31, -8.21];
/// What no owner but ours is called.
const NAME: &str = "Zulaikhaq";
/// The house beside which a record of the other regency stands.
const AT_THE_BORDER: [f64; 2] = [114.3005, -8.2043];
/// That record.
const OWN: [f64; 2] = [114.300_52, -8.204_31];

struct House {
    id: String,
    at: [f64; 2],
    owner: String,
}

/// Everything that somebody may ask for.
struct Planted {
    houses: Vec<House>,
    photos: Vec<String>,
    findings: Vec<String>,
    messages: Vec<String>,
    villages: Vec<String>,
}

fn apart_m(a: [f64; 2], b: [f64; 2]) -> f64 {
    let east_m = (a[0] - b[0]) * 111_320.0 * a[1].to_radians().cos();
    let north_m = (a[1] - b[1]) * 110_574.0;
    east_m.hypot(north_m)
}

/// Places strewn over the village, away from its centre and its borders.
fn places() -> Vec<[f64; 2]> {
    let mut seed = 20_261_128_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(seed >> 33).unwrap()) / f64::from(1_u32 << 31)
    };
    let mut places = vec![AT_THE_BORDER];
    while places.len() < 100 {
        let at = [114.3035 + 0.013 * next(), -8.2165 + 0.013 * next()];
        if apart_m(at, CENTRE) > 300.0 {
            places.push(at);
        }
    }
    places
}

fn letters(mut n: usize) -> String {
    let mut text = String::new();
    for _ in 0..3 {
        text.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
        n /= 26;
    }
    text
}

fn house(village: uuid::Uuid, title: &str, owner: &str, at: [f64; 2]) -> Value {
    let mut house = draft(village, title, json!({ "type": "Point", "coordinates": at }));
    house["owner"] = json!(owner);
    house["hamlet"] = json!("Krajan");
    house["rt"] = json!("77");
    house["rw"] = json!("88");
    house
}

async fn plant(app: &TestApp) -> Planted {
    app.import_villages(&three_villages()).await;
    // The one who is told of findings beyond the border.
    app.sign_in_as("inspector", Some("35.09")).await;
    app.sign_in_as("administrator", None).await;
    let (west, elsewhere) = (app.village(WEST).await, app.village(ELSEWHERE).await);
    let (mut houses, mut photos) = (Vec::new(), Vec::new());
    for (n, at) in places().into_iter().enumerate() {
        let owner = format!("{NAME}{}", letters(n));
        let title = match n % 2 {
            0 => format!("Rehab RTLH a.n. {owner} RT 77 RW 88"),
            _ => format!("Bedah rumah Bu {owner} RT 77"),
        };
        let project = app.register(&house(west, &title, &owner, at)).await;
        let id = project["id"].as_str().unwrap().to_owned();
        if n < 3 {
            let bytes = jpeg(64 + u32::try_from(n).unwrap(), 48);
            let photo = new_id();
            let report = json!({ "id": new_id(), "percent": 50.0, "reported_on": "2026-11-01", "stage": "50",
                "note": format!("Rumah {owner} di belakang masjid"),
                "photos": [{ "id": photo, "position": 1, "bytes": bytes.len(), "station": format!("depan rumah {owner}"),
                    "capture": { "lon": at[0], "lat": at[1], "accuracy_m": 4.0 } }] });
            app.post(&format!("/api/v1/projects/{id}/reports"), &report).await.is(StatusCode::CREATED);
            let path = format!("/api/v1/photos/{photo}/original");
            app.put_bytes(&path, "image/jpeg", bytes).await.is(StatusCode::CREATED);
            photos.push(photo.to_string());
        }
        houses.push(House { id, at, owner });
    }
    let owner = houses[0].owner.clone();
    app.register(&house(elsewhere, &format!("Rehab RTLH a.n. {owner} RT 77 RW 88"), &owner, OWN)).await;
    app.work().await;
    let ids = |found: Value| -> Vec<String> {
        found["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let findings = ids(app.get("/api/v1/findings?limit=200").await.is(StatusCode::OK));
    for finding in &findings {
        let comment = json!({ "id": new_id(), "text": "Mohon diperiksa bersama." });
        app.post(&format!("/api/v1/findings/{finding}/comments"), &comment).await.is(StatusCode::OK);
    }
    app.work().await;
    let messages = ids(app.get("/api/v1/messages").await.is(StatusCode::OK));
    let villages = ids(app.get("/api/v1/villages").await.is(StatusCode::OK));
    assert!(!findings.is_empty() && !messages.is_empty(), "the house at the border is a finding that was told");
    Planted { houses, photos, findings, messages, villages }
}

/// What the walk asks of a route: its paths with every id, and its parameters that narrow.
fn paths(planted: &Planted, path: &str, operation: &Value) -> Vec<String> {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let required: Vec<String> = parameters
        .iter()
        .filter(|one| one["in"] == "query" && one["required"] == true)
        .map(|one| match one["name"].as_str().unwrap() {
            "lon" => "lon=114.3121".to_owned(),
            "lat" => "lat=-8.2077".to_owned(),
            name => panic!("{path} needs {name}: say here what to ask for"),
        })
        .collect();
    let query = if required.is_empty() { String::new() } else { format!("?{}", required.join("&")) };
    let of_houses = || planted.houses.iter().map(|house| house.id.clone()).collect::<Vec<_>>();
    let unknown = || vec![new_id().to_string()];
    let ids = match path.strip_prefix("/api/v1/").unwrap().split('/').next().unwrap() {
        _ if !path.contains("{id}") => unknown(),
        "projects" => of_houses(),
        "findings" => planted.findings.clone(),
        "photos" => planted.photos.clone(),
        "messages" => planted.messages.clone(),
        "villages" => planted.villages.clone(),
        // Each is of who brought it; what somebody reads of doubles in one is tried in `tests/api/uploads.rs`.
        "uploads" => unknown(),
        noun => panic!("{path}: say here which ids {noun} has"),
    };
    let sizes = if path.contains("{size}") { vec!["thumb", "screen"] } else { vec![""] };
    let filled = |id: &String| {
        let path = path.replace("{id}", id);
        sizes.iter().map(|size| format!("{}{query}", path.replace("{size}", size))).collect::<Vec<_>>()
    };
    let paths: Vec<String> = ids.iter().flat_map(filled).collect();
    assert!(paths.iter().all(|path| !path.contains('{')), "{path} has a part that this test does not know");
    paths
}

/// Fails where an answer leads to a house.
fn scan(planted: &Planted, who: &str, path: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lower = text.to_lowercase();
    // The record of the other regency is that of its own people: they know its owner, who is that of the house beside it.
    let known = format!("{NAME}{}", letters(0)).to_lowercase();
    let known = if who.contains("35.09") { lower.matches(&known).count() } else { 0 };
    assert!(lower.matches(&NAME.to_lowercase()).count() == known, "{who} reads an owner by {path}: {text}");
    assert!(who.contains("35.09") || !lower.contains("rt 77"), "{who} reads the door by {path}: {text}");
    if let Ok(answer) = serde_json::from_slice::<Value>(bytes) {
        walk(planted, who, path, &answer, false);
    }
}

/// `within`: what it lies in names a house, or a photo of one.
fn walk(planted: &Planted, who: &str, path: &str, value: &Value, within: bool) {
    let check = |x: Option<f64>, y: Option<f64>| {
        let (Some(x), Some(y)) = (x, y) else { return };
        for house in &planted.houses {
            let led = apart_m([x, y], house.at) < NEAR_M || apart_m([y, x], house.at) < NEAR_M;
            assert!(!led || [x, y] == OWN, "{who} is led to {} m of a house by {path}: {x}, {y}", NEAR_M);
        }
    };
    match value {
        Value::Array(items) => {
            for pair in items.windows(2) {
                check(pair[0].as_f64(), pair[1].as_f64());
            }
            items.iter().for_each(|item| walk(planted, who, path, item, within));
        }
        Value::Object(fields) => {
            check(value["lon"].as_f64(), value["lat"].as_f64());
            let text = value.to_string();
            let is_named = fields.values().filter_map(Value::as_str).any(|named| {
                planted.houses.iter().any(|house| house.id == named) || planted.photos.iter().any(|id| id == named)
            });
            let within = within || is_named;
            let is_about = within || planted.houses.iter().any(|house| text.contains(&house.id));
            let id = value["project_id"].as_str().or(value["id"].as_str());
            let of_house = id.is_some_and(|id| planted.houses.iter().any(|house| house.id == id));
            for (name, inner) in fields {
                let measured = ["distance_m", "shared_m", "metres", "beside", "probability"].contains(&name.as_str());
                assert!(
                    !(is_about && measured && inner.is_number()),
                    "{who} measures a house by {path}: {name} {inner}"
                );
                let leads = ["rt", "rw", "owner", "footprint", "note", "place"].contains(&name.as_str());
                assert!(!(of_house && leads && !inner.is_null()), "{who} reads {name} by {path}: {inner}");
                walk(planted, who, path, inner, within);
            }
        }
        _ => {}
    }
}

/// Where windows that become smaller and smaller say that each house is, and how wide the last of them is.
async fn hunt(app: &TestApp, houses: &[House], route: &str, look: impl Fn(&[u8])) -> Vec<Option<([f64; 2], f64)>> {
    let whole = [114.29, -8.23, 114.33, -8.19];
    let mut windows: Vec<Option<[f64; 4]>> = vec![Some(whole); houses.len()];
    let mut found: Vec<Option<([f64; 2], f64)>> = vec![None; houses.len()];
    for _ in 0..20 {
        let distinct: BTreeSet<[u64; 4]> = windows.iter().flatten().map(|w| w.map(f64::to_bits)).collect();
        let mut next: Vec<Option<[f64; 4]>> = vec![None; houses.len()];
        for window in distinct {
            let [west, south, east, north] = window.map(f64::from_bits);
            let (lon, lat) = (f64::midpoint(west, east), f64::midpoint(south, north));
            for quarter in
                [[west, south, lon, lat], [lon, south, east, lat], [west, lat, lon, north], [lon, lat, east, north]]
            {
                let text = quarter.map(|x| format!("{x:.9}")).join(",");
                let answer = app.get(&format!("{route}?bbox={text}")).await;
                if answer.status != StatusCode::OK {
                    return found;
                }
                look(&answer.bytes);
                let body = String::from_utf8_lossy(&answer.bytes);
                for (n, house) in houses.iter().enumerate() {
                    let here = windows[n].is_some_and(|own| own.map(f64::to_bits) == window);
                    if here && next[n].is_none() && body.contains(&house.id) {
                        next[n] = Some(quarter);
                        let middle = [f64::midpoint(quarter[0], quarter[2]), f64::midpoint(quarter[1], quarter[3])];
                        let wide_m = apart_m([quarter[0], quarter[1]], [quarter[2], quarter[3]]);
                        found[n] = Some((middle, wide_m));
                    }
                }
            }
        }
        windows = next;
    }
    found
}

async fn description(app: &TestApp) -> Vec<(String, Value)> {
    let api = app.get("/api/v1/openapi.json").await.is(StatusCode::OK);
    let paths = api["paths"].as_object().unwrap().clone();
    paths.into_iter().filter_map(|(path, methods)| Some((path, methods.get("get")?.clone()))).collect()
}

fn takes(operation: &Value, name: &str) -> bool {
    operation["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == name))
}

async fn nobody_finds_one(app: &TestApp, planted: &Planted, who: &str) {
    for (path, operation) in description(app).await {
        for asked in paths(planted, &path, &operation) {
            let answer = app.get(&asked).await;
            assert!(!answer.status.is_server_error(), "{who} {asked}: {}", answer.status);
            if !answer.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"image/")) {
                scan(planted, who, &asked, &answer.bytes);
            }
        }
        if takes(&operation, "q") {
            for house in planted.houses.iter().step_by(9) {
                for q in [house.owner.as_str(), &house.owner.to_uppercase()[..6], "rt%2077"] {
                    let answer = app.get(&format!("{path}?q={q}&limit=200")).await;
                    let body = String::from_utf8_lossy(&answer.bytes);
                    assert!(!body.contains(&house.id), "{who} finds a house by its owner or door: {path}?q={q}");
                }
            }
        }
        if takes(&operation, "bbox") {
            let found = hunt(app, &planted.houses, &path, |bytes| scan(planted, who, &path, bytes)).await;
            for (house, found) in planted.houses.iter().zip(found) {
                let Some((at, wide_m)) = found else { continue };
                let apart_m = apart_m(at, house.at);
                assert!(apart_m - wide_m > NEAR_M, "{who} finds a house to {wide_m} m by {path}, {apart_m} m away");
            }
        }
    }
}

/// A draft on the very place, with the very owner, is told nothing of a house that is not theirs.
async fn no_draft_meets_one(app: &TestApp, planted: &Planted, village: uuid::Uuid, who: &str) {
    for house in planted.houses.iter().step_by(9) {
        let mut draft =
            self::house(village, &format!("Rehab RTLH a.n. {} RT 77 RW 88", house.owner), &house.owner, house.at);
        draft["confirm_place"] = json!(true);
        let answer = app.post("/api/v1/projects/check", &draft).await;
        answer.is(StatusCode::OK);
        let body = String::from_utf8_lossy(&answer.bytes);
        assert!(
            planted.houses.iter().all(|house| !body.contains(&house.id)),
            "{who} meets a house with a draft: {body}"
        );
    }
}

on_both_engines!(no_hidden_house_is_found_by_the_public_or_by_another_region, |app| {
    let planted = plant(&app).await;
    // The hunter is worth something: who answers for the village finds each to the metre.
    app.sign_in_as("officer", Some(WEST)).await;
    let some = &planted.houses[..5];
    for (house, found) in some.iter().zip(hunt(&app, some, "/api/v1/map/projects", |_| {}).await) {
        let (at, wide_m) = found.expect("its own officer sees it");
        assert!(apart_m(at, house.at) < 1.0 && wide_m < 1.0, "{} m", apart_m(at, house.at));
    }
    app.sign_out().await;
    nobody_finds_one(&app, &planted, "the public").await;
    for (role, region) in
        [("officer", Some(EAST)), ("officer", Some(ELSEWHERE)), ("inspector", Some("35.09")), ("inspector", None)]
    {
        app.sign_in_as(role, region).await;
        let who = format!("{role} {region:?}");
        nobody_finds_one(&app, &planted, &who).await;
        if region.is_none() {
            continue; // without a post: what the public sees, and nothing to ask
        }
        let village = app.village(region.filter(|code| code.len() > 5).unwrap_or(ELSEWHERE)).await;
        no_draft_meets_one(&app, &planted, village, &who).await;
        if role == "inspector" {
            for corridor in [1, 5, 12, 40] {
                let path = format!("/api/v1/whatif?corridor_m={corridor}&radius_m=400");
                let answer = app.get(&path).await.is(StatusCode::OK);
                let told = answer.to_string();
                assert!(planted.houses.iter().all(|house| !told.contains(&house.id)), "{who} measures by settings");
                assert_eq!((&answer["alerts_now"], &answer["alerts_then"]), (&json!(0), &json!(0)), "{who}");
            }
        }
    }
});
