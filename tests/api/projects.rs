use crate::common::{EAST, WEST, draft, new_id, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};

on_both_engines!(a_registered_project_is_found_by_id_in_the_list_and_on_the_map, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let village = app.village(WEST).await;
    let project = app.register(&draft(village, "  Rabat beton   Jalan Melati RT 03 ", road(114.305, -8.21))).await;
    assert_eq!(project["title"], "Rabat beton Jalan Melati RT 03");
    assert_eq!(project["budget_rupiah"], 150_000_000);
    assert_eq!(
        (project["place"]["relation"].as_str(), project["footprint"]["version"].as_i64()),
        (Some("in"), Some(1))
    );
    let id = project["id"].as_str().unwrap();
    assert_eq!(app.get(&format!("/api/v1/projects/{id}")).await.is(StatusCode::OK)["title"], project["title"]);
    let list = app.get("/api/v1/projects?q=jalan%20MELATI&year=2026&status=planned").await.is(StatusCode::OK);
    assert_eq!(list["items"][0]["id"], id);
    assert!(app.get("/api/v1/projects?year=2025").await.is(StatusCode::OK)["items"].as_array().unwrap().is_empty());
    let map = app.get("/api/v1/map/projects?bbox=114.30,-8.22,114.32,-8.20").await.is(StatusCode::OK);
    assert_eq!(map["features"][0]["geometry"]["type"], "LineString");
    let elsewhere = app.get("/api/v1/map/projects?bbox=114.33,-8.22,114.34,-8.20").await.is(StatusCode::OK);
    assert!(elsewhere["features"].as_array().unwrap().is_empty());
});

on_both_engines!(a_project_is_found_by_the_number_on_its_board_however_it_is_typed, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let village = app.village(WEST).await;
    let project = app.register(&draft(village, "Rabat beton Jalan Melati", road(114.305, -8.21))).await;
    app.register(&draft(village, "Talud Dusun Krajan", road(114.309, -8.213))).await;
    let number = project["public_id"].as_str().unwrap();
    let typed = number.to_lowercase().replace('0', "o").replace('1', "l");
    for q in [number.to_owned(), number.replace('-', ""), typed.replace('-', "%20"), format!("%20{typed}%20")] {
        let found = app.get(&format!("/api/v1/projects?q={q}")).await.is(StatusCode::OK);
        let ids: Vec<&Value> = found["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
        assert_eq!(ids, [&project["id"]], "{q}");
    }
    let part = app.get(&format!("/api/v1/projects?q={}", &number[..9])).await.is(StatusCode::OK);
    assert!(part["items"].as_array().unwrap().is_empty(), "{part}");
});

on_both_engines!(line_breaks_of_a_note_and_of_reasons_are_kept, |app| {
    const LINES: &str = "Hujan dua hari.\n\nBesok lanjut.";
    app.sign_in_as("inspector", Some("35.10")).await;
    let project = app.register(&draft(app.village(WEST).await, "Rabat beton Jalan Melati", road(114.305, -8.21))).await;
    let path = format!("/api/v1/projects/{}", project["id"].as_str().unwrap());
    let report = json!({ "id": new_id(), "percent": 30.0, "reported_on": "2026-01-15", "note": LINES });
    app.post(&format!("{path}/reports"), &report).await.is(StatusCode::CREATED);
    let moved = json!({ "how": "map", "parts": [{ "accuracy_m": 5.0, "geometry": road(114.306, -8.21) }] });
    let row_version = app.get(&path).await.json()["row_version"].clone();
    let change = json!({ "row_version": row_version, "footprint": moved, "reason": LINES });
    app.patch(&path, &change).await.is(StatusCode::OK);
    let row_version = app.get(&path).await.json()["row_version"].clone();
    app.post(&format!("{path}/withdraw"), &json!({ "row_version": row_version, "reason": LINES }))
        .await
        .is(StatusCode::OK);
    let shown = app.get(&path).await.is(StatusCode::OK);
    let reports = app.get(&format!("{path}/reports")).await.is(StatusCode::OK);
    assert_eq!(reports["items"][0]["note"], LINES, "{reports}");
    assert_eq!(shown["footprint_versions"][0]["reason"], LINES, "{shown}");
    assert_eq!(shown["history"][0]["note"], LINES, "{shown}");
});

on_both_engines!(sending_it_twice_makes_one_project, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let draft = draft(app.village(WEST).await, "Drainase Dusun Krajan", road(114.305, -8.21));
    let first = app.register(&draft).await;
    let again = app.post("/api/v1/projects", &draft).await.is(StatusCode::OK);
    assert_eq!(first["id"], again["id"]);
    let mut other = draft.clone();
    other["title"] = json!("Drainase Dusun Curahjati");
    app.post("/api/v1/projects", &other).await.refuses(409, "already_registered", None);
    assert_eq!(app.get("/api/v1/projects").await.json()["items"].as_array().unwrap().len(), 1);
});

on_both_engines!(twenty_lamps_are_one_project_with_twenty_parts, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let mut draft = draft(app.village(WEST).await, "Pengadaan PJU Dusun Krajan", Value::Null);
    let lamps: Vec<Value> = (0..20)
        .map(|n| json!({ "label": format!("Tiang {}", n + 1), "geometry": { "type": "Point", "coordinates": [114.305 + f64::from(n) * 2e-4, -8.21] } }))
        .collect();
    draft["footprint"] = json!({ "how": "gps", "parts": lamps });
    let project = app.register(&draft).await;
    assert_eq!(project["footprint"]["parts"].as_array().unwrap().len(), 20);
    assert_eq!(project["footprint"]["parts"][19]["label"], "Tiang 20");
});

on_both_engines!(a_correction_adds_a_footprint_version_and_can_be_undone, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&draft(app.village(WEST).await, "Paving Gang Masjid", road(114.305, -8.21))).await;
    let path = format!("/api/v1/projects/{}", project["id"].as_str().unwrap());
    let correction = json!({
        "row_version": project["row_version"], "reason": "salah tempat", "title": "Paving Gang Masjid Baiturrahman",
        "executor": "TPK Desa", "footprint": { "how": "gps", "parts": [{ "geometry": road(114.306, -8.211) }] },
    });
    let corrected = app.patch(&path, &correction).await.is(StatusCode::OK);
    assert_eq!(
        (corrected["footprint"]["version"].as_i64(), corrected["executor"].as_str()),
        (Some(2), Some("TPK Desa"))
    );
    assert_eq!(corrected["footprint_versions"][0]["reason"], "salah tempat");
    let told = &corrected["history"][0];
    assert_eq!((&told["action"], &told["changed"]), (&json!("correct"), &json!(["executor", "title", "parts"])));
    app.patch(&path, &correction).await.refuses(409, "changed_meanwhile", None);
    let undone =
        app.post(&format!("{path}/undo"), &json!({ "row_version": corrected["row_version"] })).await.is(StatusCode::OK);
    assert_eq!(undone["title"], "Paving Gang Masjid");
    assert!(undone["executor"].is_null());
    assert_eq!(undone["footprint"]["version"], 3);
    assert_eq!(undone["footprint"]["parts"][0]["geometry"], project["footprint"]["parts"][0]["geometry"]);
    let again = app.post(&format!("{path}/undo"), &json!({ "row_version": undone["row_version"] })).await;
    again.refuses(409, "nothing_to_undo", None);
});

on_both_engines!(a_project_says_whether_its_findings_are_those_of_now, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let village = app.village(WEST).await;
    let one = app.register(&draft(village, "Rabat beton Jalan Melati", road(114.305, -8.21))).await;
    app.work().await;
    let two = app.register(&draft(village, "Rabat beton Jalan Melati", road(114.305, -8.21))).await;
    let path = |of: &Value| format!("/api/v1/projects/{}", of["id"].as_str().unwrap());
    let told = |project: &Value| {
        (project["screening_pending"].as_bool().unwrap(), project["findings"].as_array().unwrap().len())
    };
    assert_eq!(told(&two), (true, 0), "registered a moment ago");
    app.sign_out().await;
    let public = app.get(&path(&two)).await.is(StatusCode::OK);
    assert_eq!(public["screening_pending"], false, "nobody waits for what they will not see");
    app.sign_in_as("inspector", Some("35.10")).await;
    app.work().await;
    assert_eq!(told(&app.get(&path(&two)).await.json()), (false, 1));
    let version = &two["row_version"];
    let merge = json!({ "row_version": version, "into": one["id"], "reason": "sama" });
    let merged = app.post(&format!("{}/merge", path(&two)), &merge).await.is(StatusCode::OK);
    assert!(told(&merged).0, "merged");
    assert!(told(&app.get(&path(&one)).await.json()).0, "merged into");
    app.work().await;
    assert!(!told(&app.get(&path(&two)).await.json()).0);
    let undo = json!({ "row_version": merged["row_version"] });
    assert!(told(&app.post(&format!("{}/undo", path(&two)), &undo).await.is(StatusCode::OK)).0, "taken back");
    app.work().await;
    assert_eq!(told(&app.get(&path(&two)).await.json()), (false, 1));
});

on_both_engines!(a_field_left_out_of_a_correction_stays_and_null_clears_it, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let mut draft = draft(app.village(WEST).await, "Sumur bor", road(114.305, -8.21));
    draft["executor"] = json!("CV Tirta");
    draft["hamlet"] = json!("Krajan");
    let project = app.register(&draft).await;
    let path = format!("/api/v1/projects/{}", project["id"].as_str().unwrap());
    let patch = json!({ "row_version": project["row_version"], "hamlet": null });
    let corrected = app.patch(&path, &patch).await.is(StatusCode::OK);
    assert!(corrected["hamlet"].is_null());
    assert_eq!(corrected["executor"], "CV Tirta");
});

on_both_engines!(a_withdrawn_project_is_gone_from_lists_and_comes_back_by_undo, |app| {
    app.sign_in_as("village_head", Some(WEST)).await;
    let project = app.register(&draft(app.village(WEST).await, "Jembatan Kali Lo", road(114.305, -8.21))).await;
    let path = format!("/api/v1/projects/{}", project["id"].as_str().unwrap());
    let body = json!({ "row_version": project["row_version"], "reason": "terdaftar dua kali" });
    let withdrawn = app.post(&format!("{path}/withdraw"), &body).await.is(StatusCode::OK);
    assert_eq!((withdrawn["withdrawn"].as_bool(), withdrawn["may"]["correct"].as_bool()), (Some(true), Some(false)));
    assert!(app.get("/api/v1/projects").await.json()["items"].as_array().unwrap().is_empty());
    let undo = json!({ "row_version": withdrawn["row_version"] });
    assert_eq!(app.post(&format!("{path}/undo"), &undo).await.is(StatusCode::OK)["withdrawn"], false);
    assert_eq!(app.get("/api/v1/projects").await.json()["items"].as_array().unwrap().len(), 1);
});

on_both_engines!(a_merged_project_points_to_the_one_that_stays, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let village = app.village(WEST).await;
    let a = app.register(&draft(village, "Posyandu Melati", road(114.305, -8.21))).await;
    let b = app.register(&draft(village, "Balai RW", road(114.309, -8.215))).await;
    let path = format!("/api/v1/projects/{}", a["id"].as_str().unwrap());
    let merge = |into: &Value| json!({ "row_version": a["row_version"], "into": into, "reason": "sama" });
    app.post(&format!("{path}/merge"), &merge(&a["id"])).await.refuses(422, "merge_into_itself", Some("into"));
    app.post(&format!("{path}/merge"), &merge(&json!(new_id()))).await.refuses(
        422,
        "merge_target_not_standing",
        Some("into"),
    );
    let merged = app.post(&format!("{path}/merge"), &merge(&b["id"])).await.is(StatusCode::OK);
    assert_eq!((&merged["merged"]["id"], &merged["merged"]["title"]), (&b["id"], &b["title"]));
    assert_eq!(app.get("/api/v1/projects").await.json()["items"].as_array().unwrap().len(), 1);
});

on_both_engines!(lists_page_by_key_and_neither_skip_nor_repeat, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let village = app.village(WEST).await;
    for n in 0..7 {
        app.register(&draft(village, &format!("Lampu {n}"), road(114.305, -8.21))).await;
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("/api/v1/projects?limit=3{after}")).await.is(StatusCode::OK);
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()));
        // Something registered meanwhile goes in front and moves no page.
        app.register(&draft(village, "Baru", road(114.305, -8.21))).await;
        match page["next"].as_str() {
            Some(next) => after = format!("&after={}", next.replace('|', "%7C").replace(':', "%3A")),
            None => break,
        }
    }
    assert_eq!(seen, ["Lampu 6", "Lampu 5", "Lampu 4", "Lampu 3", "Lampu 2", "Lampu 1", "Lampu 0"]);
});

on_both_engines!(a_part_without_length_is_left_out_of_a_road, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let road = json!([[114.305, -8.21], [114.306, -8.21]]);
    let sliver = json!([[114.306, -8.21], [114.306, -8.21]]);
    let parts = json!({ "type": "MultiLineString", "coordinates": [road, sliver] });
    let made = app.register(&draft(app.village(WEST).await, "Jalan Barat", parts)).await;
    assert_eq!(made["footprint"]["parts"].as_array().map(Vec::len), Some(1), "{made}");
});

on_both_engines!(parts_that_are_no_place_are_named_to_whoever_sent_them, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let mut work = draft(app.village(WEST).await, "Jalan Barat", road(114.305, -8.21));
    let sliver = json!({ "accuracy_m": 5.0, "geometry": {
        "type": "LineString", "coordinates": [[114.306, -8.21], [114.306, -8.21]] } });
    let two = json!({ "accuracy_m": 5.0, "geometry": { "type": "MultiLineString", "coordinates": [
        [[114.305, -8.21], [114.306, -8.21]], [[114.306, -8.21], [114.306, -8.21]]] } });
    work["footprint"]["parts"] = json!([sliver, two]);
    let expected = json!({ "count": 2, "parts": ["footprint.parts[0].geometry", "footprint.parts[1].geometry[1]"] });
    assert_eq!(app.post("/api/v1/projects/check", &work).await.is(StatusCode::OK)["left_out"], expected);
    let made = app.post("/api/v1/projects", &work).await.is(StatusCode::CREATED);
    assert_eq!(made["left_out"], expected);
    // Sent again, as a phone does that heard no answer.
    assert_eq!(app.post("/api/v1/projects", &work).await.is(StatusCode::OK)["left_out"], expected);
    let path = format!("/api/v1/projects/{}", made["id"].as_str().unwrap());
    assert!(app.get(&path).await.is(StatusCode::OK)["left_out"].is_null());
    let correction = json!({ "row_version": 1, "footprint": work["footprint"] });
    assert_eq!(app.patch(&path, &correction).await.is(StatusCode::OK)["left_out"], expected);
    let title = json!({ "row_version": 2, "title": "Jalan Barat Laut" });
    assert!(app.patch(&path, &title).await.is(StatusCode::OK)["left_out"].is_null());
});

on_both_engines!(an_officer_sees_and_writes_only_in_the_own_village, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let east = app.village(EAST).await;
    let theirs = app.register(&draft(east, "Jalan Timur", road(114.325, -8.21))).await;
    app.sign_in_as("officer", Some(WEST)).await;
    app.register(&draft(app.village(WEST).await, "Jalan Barat", road(114.305, -8.21))).await;
    let list = app.get("/api/v1/projects").await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["title"], "Jalan Barat");
    app.post("/api/v1/projects", &draft(east, "Jalan", road(114.325, -8.21))).await.refuses(403, "not_allowed", None);
    let path = format!("/api/v1/projects/{}", theirs["id"].as_str().unwrap());
    app.patch(&path, &json!({ "row_version": 1, "title": "x" })).await.refuses(403, "not_allowed", None);
});

on_both_engines!(the_public_sees_a_grant_house_at_the_village_and_no_owner, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let mut house =
        draft(app.village(WEST).await, "Rehab RTLH", json!({ "type": "Point", "coordinates": [114.3012, -8.2031] }));
    house["owner"] = json!("Sumiati");
    house["rt"] = json!("03");
    let house = app.register(&house).await;
    assert_eq!((house["owner"].as_str(), house["sensitivity"].as_str()), (Some("Sumiati"), Some("hamlet")));
    app.sign_out().await;
    let path = format!("/api/v1/projects/{}", house["id"].as_str().unwrap());
    let seen = app.get(&path).await;
    let text = String::from_utf8_lossy(&seen.bytes).into_owned();
    assert!(!text.contains("Sumiati") && !text.contains("114.3012") && !text.contains("8.2031"), "{text}");
    assert!(seen.json()["rt"].is_null());
    let map = app.get("/api/v1/map/projects").await;
    assert!(!String::from_utf8_lossy(&map.bytes).contains("114.3012"));
});

on_both_engines!(a_place_outside_its_village_is_stored_with_a_finding_that_says_where, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    app.register(&draft(west, "Jalan di timur", road(114.330, -8.21))).await;
    app.register(&draft(west, "Jalan di batas", road(114.3201, -8.215))).await;
    app.work().await;
    let found = app.get("/api/v1/findings?kind=place_outside_village").await.is(StatusCode::OK);
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "11 m outside is near, not outside: {found}");
    let sentence = found["items"][0]["sentence"].as_str().unwrap();
    assert!(sentence.contains("1,1 km di luar batas Barat") && sentence.contains("di dalam Timur"), "{sentence}");
});

on_both_engines!(a_place_outside_the_country_is_a_finding, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let mut far = draft(app.village(WEST).await, "Jalan jauh", road(10.0, 50.0));
    far["confirm_place"] = json!(true);
    app.register(&far).await;
    app.work().await;
    let found = app.get("/api/v1/findings?kind=outside_country").await.is(StatusCode::OK);
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
});
