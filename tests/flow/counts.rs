//! Whoever reads a number of findings and follows it finds that many.

use crate::common::{
    EAST, ELSEWHERE, ELSEWHERE_LON, TestApp, WEST, draft, new_id, on_both_engines, road, three_villages,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Who reads numbers, with the region each answers for.
const READERS: [(&str, Option<&str>); 7] = [
    ("officer", Some(WEST)),
    ("village_head", Some(EAST)),
    ("inspector", Some(ELSEWHERE)),
    ("inspector", Some("35.10")),
    ("administrator", Some("35.09")),
    ("administrator", None),
    ("district_officer", Some("35.10.01")),
];

/// Registers the same work in each of these villages.
async fn same_work(app: &TestApp, villages: [&str; 2], title: &str, place: &Value) -> [Value; 2] {
    let first = app.register(&draft(app.village(villages[0]).await, title, place.clone())).await;
    let second = app.register(&draft(app.village(villages[1]).await, title, place.clone())).await;
    [first, second]
}

async fn withdraw(app: &TestApp, project: &Value) {
    let path = format!("/api/v1/projects/{}/withdraw", project["id"].as_str().unwrap());
    app.post(&path, &json!({ "row_version": 1, "reason": "salah catat" })).await.is(StatusCode::OK);
}

/// Findings of every kind and fate.
async fn findings_of_all_kinds(app: &TestApp) {
    app.import_villages(&three_villages()).await;
    app.sign_in_as("administrator", None).await;
    let lat = |n: i32| -8.2195 + 0.0012 * f64::from(n);
    same_work(app, [WEST, WEST], "Paving Gang Masjid RT 02", &road(114.303, lat(0))).await;
    same_work(app, [WEST, EAST], "Jalan usaha tani Sumber Waras", &road(114.3185, lat(1))).await;
    same_work(app, [WEST, ELSEWHERE], "Talud sungai Bedadung", &road(ELSEWHERE_LON - 0.001, lat(2))).await;
    app.work().await;
    // More alerts than are told one by one: they go under a summary of the village, those across its borders too.
    same_work(app, [WEST, WEST], "Rabat beton Gang Melati", &road(114.306, lat(3))).await;
    same_work(app, [WEST, EAST], "Drainase Jalan Kartini", &road(114.3185, lat(4))).await;
    let left =
        same_work(app, [ELSEWHERE, WEST], "Pagar makam Dusun Krajan", &road(ELSEWHERE_LON - 0.001, lat(5))).await;
    app.work().await;
    // Without a place; on the wrong side of a border; many on one point.
    let mut draft_of = draft(app.village(WEST).await, "Pengadaan tenda hajatan warga", Value::Null);
    draft_of.as_object_mut().unwrap().remove("footprint");
    for _ in 0..2 {
        draft_of["id"] = json!(new_id());
        app.register(&draft_of).await;
    }
    app.register(&draft(app.village(EAST).await, "Gapura batas desa", road(114.303, lat(7)))).await;
    let office = json!({ "type": "Point", "coordinates": [114.312, -8.2005] });
    let mut stacked = Vec::new();
    for title in
        ["Pelatihan kader", "Bibit kelapa", "Alat posyandu", "Seragam linmas", "Buku perpustakaan", "Lampu jalan"]
    {
        stacked.push(app.register(&draft(app.village(WEST).await, title, office.clone())).await);
    }
    app.work().await;
    // Settled by a withdrawal on the other side, by one at home, and by a decision.
    withdraw(app, &left[0]).await;
    withdraw(app, &stacked[0]).await;
    let done = same_work(app, [EAST, EAST], "Pos kamling Blok C", &road(114.33, lat(8))).await;
    app.work().await;
    let found = listed(app, &format!("project={}&state=open", done[0]["id"].as_str().unwrap())).await;
    let path = format!("/api/v1/findings/{}/decision", found[0]["id"].as_str().unwrap());
    let decision =
        json!({ "id": new_id(), "row_version": found[0]["row_version"], "decision": "upkeep", "reason": "uji" });
    app.post(&path, &decision).await.is(StatusCode::OK);
    app.work().await;
}

/// Everything of a list, by short pages.
async fn walk(app: &TestApp, path: &str, query: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("{path}?limit=3&{query}{after}")).await.is(StatusCode::OK);
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else { return all };
        after = format!("&after={next}");
    }
}

async fn listed(app: &TestApp, query: &str) -> Vec<Value> {
    walk(app, "/api/v1/findings", query).await
}

fn ids(items: &[Value]) -> BTreeSet<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_i64().unwrap_or_else(|| panic!("{value} is no count"))).unwrap()
}

/// The numbers of projects, in lists, on the map and on their pages.
async fn projects_say_what_their_lists_hold(app: &TestApp, who: &str) {
    let mut projects = walk(app, "/api/v1/projects", "").await;
    projects.extend(walk(app, "/api/v1/projects", "withdrawn=true").await);
    let map = app.get("/api/v1/map/projects").await.is(StatusCode::OK);
    for project in &projects {
        let id = project["id"].as_str().unwrap();
        let open = listed(app, &format!("project={id}&state=open")).await;
        let alerts = listed(app, &format!("project={id}&state=open&severity=alert")).await;
        let numbers = (count(&project["open_findings"]), count(&project["open_alerts"]));
        assert_eq!(numbers, (open.len(), alerts.len()), "{who}: {project}");
        let page = app.get(&format!("/api/v1/projects/{id}")).await.is(StatusCode::OK);
        let shown = page["findings"].as_array().unwrap();
        let shown: Vec<Value> = shown.iter().filter(|finding| finding["state"] == "open").cloned().collect();
        assert_eq!(
            (ids(&shown), count(&page["open_findings"])),
            (ids(&open), open.len()),
            "{who}: {}",
            project["title"]
        );
        let drawn = map["features"].as_array().unwrap().iter().find(|feature| feature["id"] == project["id"]);
        if let Some(drawn) = drawn.map(|feature| &feature["properties"]) {
            let says = (count(&drawn["findings"]), drawn["alert"].as_bool().unwrap());
            assert_eq!(says, (open.len(), !alerts.is_empty()), "{who}: {drawn}");
        }
    }
}

/// The numbers of findings, in the list and on their pages.
async fn findings_say_what_their_lists_hold(app: &TestApp, who: &str) {
    for finding in listed(app, "").await {
        let path = format!("/api/v1/findings/{}", finding["id"].as_str().unwrap());
        let page = app.get(&path).await.is(StatusCode::OK);
        let members = walk(app, &format!("{path}/members"), "").await;
        let pairs = walk(app, &format!("{path}/pairs"), "").await;
        assert_eq!(count(&finding["members_total"]), members.len(), "{who}: {finding}");
        assert_eq!(count(&page["members_total"]), members.len(), "{who}: {page}");
        assert_eq!(count(&page["pairs_total"]), pairs.len(), "{who}: {page}");
        if finding["kind"] == "many_alerts" && finding["state"] == "open" {
            let inside = listed(app, &format!("summary={}&state=open", finding["id"].as_str().unwrap())).await;
            let says = finding["sentence"].as_str().unwrap();
            assert!(says.contains(&inside.len().to_string()), "{who}: {says}, and there are {}", inside.len());
        }
    }
}

/// The findings of a village are those of the list that show a work of it, whoever asks.
async fn the_village_filter_finds_what_the_list_holds(app: &TestApp, who: &str, villages: &[Uuid]) {
    let mut of_village: Vec<BTreeSet<String>> = vec![BTreeSet::new(); villages.len()];
    for finding in listed(app, "").await {
        let id = finding["id"].as_str().unwrap();
        for member in walk(app, &format!("/api/v1/findings/{id}/members"), "").await {
            let village = villages.iter().position(|village| member["village"]["id"] == village.to_string());
            of_village[village.unwrap()].insert(id.to_owned());
        }
    }
    for (village, expected) in villages.iter().zip(&of_village) {
        let found = listed(app, &format!("village={village}")).await;
        let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
        assert_eq!(ids(&found), expected, "{who}, {village}");
        let map = app.get(&format!("/api/v1/map/findings?village={village}")).await.is(StatusCode::OK);
        let drawn: Vec<Value> =
            map["features"].as_array().unwrap().iter().map(|feature| feature["properties"].clone()).collect();
        let open: Vec<Value> = found.into_iter().filter(|finding| finding["state"] == "open").collect();
        assert_eq!(ids(&drawn), ids(&open), "{who}: the map of {village}");
    }
}

on_both_engines!(a_number_of_findings_is_the_length_of_the_list_that_it_leads_to, [("village_alerts", "2")], |app| {
    findings_of_all_kinds(&app).await;
    let everything = listed(&app, "").await;
    for (name, value) in [
        ("kind", "duplicate"),
        ("kind", "many_alerts"),
        ("kind", "place_outside_village"),
        ("kind", "stacked_coordinates"),
        ("severity", "note"),
        ("severity", "alert"),
        ("state", "closed"),
    ] {
        assert!(everything.iter().any(|finding| finding[name] == value), "no finding of {name} {value}");
    }
    let mut villages = Vec::new();
    for code in [WEST, EAST, ELSEWHERE] {
        villages.push(app.village(code).await);
    }
    for (role, region) in READERS {
        let who = format!("{role} of {region:?}");
        app.sign_in_as(role, region).await;
        let open = listed(&app, "state=open").await;
        assert_eq!(count(&app.get("/api/v1/session").await.json()["open_findings"]), open.len(), "{who}: the rail");
        let map = app.get("/api/v1/map/findings").await.is(StatusCode::OK);
        let drawn: Vec<Value> =
            map["features"].as_array().unwrap().iter().map(|feature| feature["properties"].clone()).collect();
        assert_eq!(ids(&drawn), ids(&open), "{who}: the map");
        projects_say_what_their_lists_hold(&app, &who).await;
        findings_say_what_their_lists_hold(&app, &who).await;
        the_village_filter_finds_what_the_list_holds(&app, &who, &villages).await;
        let messages = app.get("/api/v1/messages").await;
        for message in messages.json()["items"].as_array().into_iter().flatten() {
            let page = app.get(&format!("/api/v1/messages/{}", message["id"].as_str().unwrap())).await.json();
            assert_eq!(count(&message["findings"]), page["findings"].as_array().unwrap().len(), "{message}");
        }
    }
    // The public reads no number of findings.
    app.sign_out().await;
    assert_eq!(app.get("/api/v1/session").await.json()["open_findings"], Value::Null);
    for project in walk(&app, "/api/v1/projects", "").await {
        assert_eq!((&project["open_findings"], &project["open_alerts"]), (&json!(0), &json!(0)));
    }
});

on_both_engines!(
    alerts_folded_into_one_villages_summary_still_reach_the_other_side,
    [("village_alerts", "1")],
    |app| {
        app.import_villages(&three_villages()).await;
        app.sign_in_as("administrator", None).await;
        same_work(&app, [WEST, WEST], "Paving Gang Masjid RT 02", &road(114.303, -8.2195)).await;
        app.work().await;
        let [across, _] = same_work(&app, [WEST, EAST], "Drainase Jalan Kartini", &road(114.3185, -8.215)).await;
        app.work().await;
        let of_west = ["35.10", WEST];
        for region in of_west {
            app.sign_in_as("inspector", Some(region)).await;
            let open = listed(&app, "state=open").await;
            assert!(open.iter().any(|finding| finding["kind"] == "many_alerts"), "{open:?}");
            let about =
                |finding: &Value| finding["members"].as_array().unwrap().iter().any(|m| m["id"] == across["id"]);
            assert!(!open.iter().any(|finding| finding["kind"] == "duplicate" && about(finding)), "told twice");
        }
        app.sign_in_as("inspector", Some(EAST)).await;
        let open = listed(&app, "state=open").await;
        let kinds: Vec<&Value> = open.iter().map(|finding| &finding["kind"]).collect();
        assert_eq!(kinds, ["duplicate"], "{open:?}");
    }
);
