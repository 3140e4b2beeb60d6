use crate::common::{BORDER_LON, EAST, Engine, TestApp, WEST, draft, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::HashMap;
use tapak::jobs::screen_write::{self, Screened, Ungathered};
use tapak::jobs::{retry, worker};
use tapak::store::pairs;
use uuid::Uuid;

async fn open_duplicates(app: &TestApp) -> Vec<Value> {
    let found = app.get("/api/v1/findings?kind=duplicate&state=open&limit=200").await.is(StatusCode::OK);
    found["items"].as_array().unwrap().clone()
}

on_both_engines!(a_road_claimed_on_both_sides_of_a_border_raises_one_cross_village_finding, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let (west, east) = (app.village(WEST).await, app.village(EAST).await);
    let from = BORDER_LON - 0.001;
    app.register(&draft(west, "Rabat beton jalan perbatasan Barat - Timur", road(from, -8.21))).await;
    assert!(open_duplicates(&app).await.is_empty());
    app.register(&draft(east, "Pembangunan Jalan Rabat Beton Batas Desa Timur", road(from, -8.21001))).await;
    app.work().await;
    let found = open_duplicates(&app).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0]["severity"].as_str(), found[0]["verdict_kind"].as_str()),
        (Some("alert"), Some("cross_village"))
    );
    assert_eq!(found[0]["cross_border"], true);
    assert!(found[0]["shared_m"].as_f64().unwrap() > 200.0);
    assert_eq!(found[0]["rupiah_at_stake"], 150_000_000);
    let detail = app.get(&format!("/api/v1/findings/{}", found[0]["id"].as_str().unwrap())).await.is(StatusCode::OK);
    let evidence = detail["pairs"][0]["evidence"].as_array().unwrap();
    assert!(
        evidence.iter().all(|item| item["sentence"].as_str().is_some_and(|text| text.contains(' '))),
        "{evidence:?}"
    );
    assert!(!detail["pairs"][0]["shared"].as_array().unwrap().is_empty());
    let map = app.get("/api/v1/map/findings").await.is(StatusCode::OK);
    let roles: Vec<_> =
        map["features"].as_array().unwrap().iter().map(|f| f["properties"]["role"].as_str().unwrap()).collect();
    assert!(roles.contains(&"link") && roles.contains(&"shared"), "{roles:?}");
});

on_both_engines!(the_map_links_two_works_where_they_touch_with_the_metres_between, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    // Nearest to each other at their western ends, three metres apart.
    let line =
        |start: f64, end: f64| json!({ "type": "LineString", "coordinates": [[114.301, start], [114.304, end]] });
    for geometry in [line(-8.21, -8.21), line(-8.21003, -8.21009)] {
        app.register(&draft(west, "Rabat beton Jalan Melati RT 03", geometry)).await;
    }
    app.work().await;
    let map = app.get("/api/v1/map/findings").await.is(StatusCode::OK);
    let link = map["features"].as_array().unwrap().iter().find(|f| f["properties"]["role"] == "link").unwrap();
    let apart = link["properties"]["pair"]["distance_m"].as_f64().unwrap();
    assert!((3.0..3.6).contains(&apart), "{apart} m");
    let lons = link["geometry"]["coordinates"].as_array().unwrap().iter().map(|at| at[0].as_f64().unwrap());
    assert!(lons.clone().all(|lon| (lon - 114.301).abs() < 1e-5), "{:?}", lons.collect::<Vec<_>>());
});

on_both_engines!(screening_again_updates_the_pair_and_repeats_nothing, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let a = app.register(&draft(west, "Drainase Jalan Melati", road(114.305, -8.21))).await;
    app.register(&draft(west, "Pembangunan saluran drainase Jl. Melati", road(114.305, -8.21))).await;
    app.work().await;
    let before = open_duplicates(&app).await;
    let path = format!("/api/v1/projects/{}", a["id"].as_str().unwrap());
    let version = app.get(&path).await.json()["row_version"].clone();
    app.patch(&path, &json!({ "row_version": version, "hamlet": "Krajan" })).await.is(StatusCode::OK);
    app.work().await;
    let after = open_duplicates(&app).await;
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_eq!(before[0]["id"], after[0]["id"]);
    let mails = app.get("/api/v1/messages").await.is(StatusCode::OK);
    assert_eq!(mails["items"].as_array().unwrap().len(), 1, "nobody is told twice");
});

on_both_engines!(verdicts_on_facts_that_changed_meanwhile_are_not_stored, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let village = app.village(WEST).await;
    let mut works = Vec::new();
    for title in ["Paving Gang Masjid RT 02", "Pavingisasi gang masjid Rt.02"] {
        works.push(app.register(&draft(village, title, road(114.305, -8.21))).await);
    }
    let ids = [0, 1].map(|n| works[n]["id"].as_str().unwrap().parse::<Uuid>().unwrap());
    while app.app.follower().catch_up().await.unwrap() {}
    let judged = ids.map(|id| {
        let (neighbourhood, _) = app.app.atlas.find_neighbourhood(id, &[]).unwrap();
        let judged = neighbourhood.judge(&app.app.atlas.judge, &HashMap::new(), 10);
        assert_eq!(judged.len(), 1);
        Screened { judged, subject: Some(neighbourhood.subject), ..Screened::gone(id, neighbourhood.seq) }
    });
    let path = format!("/api/v1/projects/{}", works[1]["id"].as_str().unwrap());
    let change = json!({ "row_version": works[1]["row_version"], "reason": "Salah ketik", "title": "Sumur bor" });
    app.patch(&path, &change).await.is(StatusCode::OK);
    // The one compares itself with what changed, the other changed itself.
    for screened in judged {
        screen_write::write(&app.app, Some(&[]), &[screened], &mut Ungathered::new()).await.unwrap();
    }
    let mut tx = app.app.store.read().await.unwrap();
    assert!(pairs::list_known(&mut tx, &ids, 0).await.unwrap().is_empty());
});

on_both_engines!(a_finding_closes_when_its_place_is_corrected_and_opens_when_that_is_undone, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    app.register(&draft(west, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
    let b = app.register(&draft(west, "Pavingisasi gang masjid Rt.02", road(114.305, -8.21))).await;
    app.work().await;
    assert_eq!(open_duplicates(&app).await.len(), 1);
    let path = format!("/api/v1/projects/{}", b["id"].as_str().unwrap());
    let away = json!({ "row_version": 1, "reason": "salah gang", "title": "Gapura batas desa", "activity_code": "02.03.20",
        "footprint": { "how": "gps", "parts": [{ "geometry": road(114.316, -8.203) }] } });
    let moved = app.patch(&path, &away).await.is(StatusCode::OK);
    app.work().await;
    assert!(open_duplicates(&app).await.is_empty());
    let closed = app.get("/api/v1/findings?state=closed").await.json();
    assert_eq!(closed["items"][0]["closed_because"], "facts_changed");
    app.post(&format!("{path}/undo"), &json!({ "row_version": moved["row_version"] })).await.is(StatusCode::OK);
    app.work().await;
    assert_eq!(open_duplicates(&app).await.len(), 1);
});

on_both_engines!(merging_closes_the_finding_and_undo_opens_it, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let a = app.register(&draft(west, "Rabat beton Jl Kenanga", road(114.305, -8.21))).await;
    let b = app.register(&draft(west, "Rabat Beton Jalan Kenanga", road(114.305, -8.21))).await;
    app.work().await;
    assert_eq!(open_duplicates(&app).await.len(), 1);
    let path = format!("/api/v1/projects/{}", a["id"].as_str().unwrap());
    let merge = json!({ "row_version": 1, "into": b["id"], "reason": "tercatat dua kali" });
    let merged = app.post(&format!("{path}/merge"), &merge).await.is(StatusCode::OK);
    app.work().await;
    assert!(open_duplicates(&app).await.is_empty());
    app.post(&format!("{path}/undo"), &json!({ "row_version": merged["row_version"] })).await.is(StatusCode::OK);
    app.work().await;
    assert_eq!(open_duplicates(&app).await.len(), 1);
});

on_both_engines!(a_draft_is_checked_against_nearby_works_before_it_is_saved, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let west = app.village(WEST).await;
    let stored = app.register(&draft(west, "Rabat beton Jalan Mawar", road(114.305, -8.21))).await;
    app.work().await;
    let draft = draft(west, "Cor beton jl. Mawar", road(114.305, -8.21001));
    let check = app.post("/api/v1/projects/check", &draft).await.is(StatusCode::OK);
    assert_eq!(check["candidates"][0]["project"]["id"], stored["id"]);
    assert_eq!(check["candidates"][0]["pair"]["band"], "alert");
    assert_eq!(check["place"]["relation"], "in");
    assert_eq!(app.get("/api/v1/projects").await.json()["items"].as_array().unwrap().len(), 1, "nothing was saved");
});

/// Two processes on one PostgreSQL each register half of 200 duplicate pairs at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_pairs_registered_in_two_processes_at_once_all_are_found() {
    let Some(engine) = Engine::postgres().await else { return };
    let test = TestApp::start(engine, &[("alert_settle_s", "600"), ("village_alerts", "1000")]).await;
    test.sign_in_as("inspector", Some("35.10")).await;
    let (here, there) =
        (test.app.clone(), test.another(&[("alert_settle_s", "600"), ("village_alerts", "1000")]).await);
    let by = tapak::actions::sign_in::sign_in(&here, crate::common::attempt("inspector-35.10", "127.0.0.1"))
        .await
        .unwrap()
        .person;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let follower = tokio::spawn(there.follower().run(stopped.clone()));
    let workers = [
        tokio::spawn(worker::run(here.clone(), retry::LEASE, stopped.clone())),
        tokio::spawn(worker::run(there.clone(), retry::LEASE, stopped)),
    ];
    let village = test.village(WEST).await;
    let registrations: Vec<_> = (0..400)
        .map(|n| {
            let app = if n % 2 == 0 { here.clone() } else { there.clone() };
            let by = by.clone();
            // Pair number n / 2 has a street of its own, 40 m from the next.
            let (pair, lat) = (n / 2, -8.2195 + f64::from(n / 2 % 50) * 0.00037);
            let lon = 114.3005 + f64::from(n / 100) * 0.0045;
            let title = format!("Rabat beton jalan nomor {pair}");
            tokio::spawn(async move {
                let body = draft(village, &title, road(lon, lat));
                let parsed: tapak::http::drafts::ProjectDraft = serde_json::from_value(body).unwrap();
                let project = parsed.parse(crate::common::new_id).unwrap();
                tapak::actions::register_project::register_project(&app, &by, project, false, None).await.unwrap();
            })
        })
        .collect();
    for registration in registrations {
        registration.await.unwrap();
    }
    let mut found = std::collections::BTreeSet::new();
    for _ in 0..600 {
        found = twins(&test).await;
        if found.len() >= 200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    stop.send_replace(true);
    for task in workers {
        task.await.unwrap();
    }
    follower.await.unwrap();
    there.store.close().await;
    assert_eq!(found.len(), 200, "lost: {:?}", (0..200).filter(|n| !found.contains(n)).collect::<Vec<_>>());
    test.stop().await;
}

/// The numbers of the pairs whose two records are joined by an open finding.
async fn twins(test: &TestApp) -> std::collections::BTreeSet<u32> {
    let mut twins = std::collections::BTreeSet::new();
    let mut after = String::new();
    loop {
        let page =
            test.get(&format!("/api/v1/findings?kind=duplicate&state=open&limit=200{after}")).await.is(StatusCode::OK);
        for finding in page["items"].as_array().unwrap() {
            let titles: Vec<_> =
                finding["members"].as_array().unwrap().iter().map(|m| m["title"].as_str().unwrap()).collect();
            if titles.len() == 2 && titles[0] == titles[1] {
                twins.insert(titles[0].rsplit(' ').next().unwrap().parse().unwrap());
            }
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={}", next.replace('|', "%7C")),
            None => return twins,
        }
    }
}
