//! Who may do what, where: undoing, deciding across regions, what was withdrawn, whose mails.

use crate::common::{
    EAST, ELSEWHERE, ELSEWHERE_LON, TestApp, WEST, draft, jpeg, new_id, on_both_engines, road, three_villages,
};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Everybody there is, with the region each answers for.
const CALLERS: [(&str, Option<&str>); 9] = [
    ("officer", Some(WEST)),
    ("village_head", Some(WEST)),
    ("inspector", Some(WEST)),
    ("inspector", Some("35.10")),
    ("administrator", None),
    ("officer", Some(EAST)),
    ("village_head", Some(ELSEWHERE)),
    ("inspector", Some("35.09")),
    ("inspector", None),
];

fn url(project: &Value, rest: &str) -> String {
    format!("/api/v1/projects/{}{rest}", project["id"].as_str().unwrap())
}

fn finding_url(finding: &Value, rest: &str) -> String {
    format!("/api/v1/findings/{}{rest}", finding["id"].as_str().unwrap())
}

/// A project of the western village that somebody else did this to; gives it as it is then.
async fn done_to(app: &TestApp, act: &str, n: usize) -> Value {
    app.sign_in_as("inspector", Some("35.10")).await;
    let lat = -8.2195 + 0.0004 * f64::from(u32::try_from(n).unwrap());
    let project = app.register(&draft(app.village(WEST).await, &format!("Jalan nomor {n}"), road(114.302, lat))).await;
    match act {
        "correct" => {
            let patch = json!({ "row_version": 1, "reason": "volume dari lapangan", "volume": 12.5 });
            app.patch(&url(&project, ""), &patch).await.is(StatusCode::OK)
        }
        "withdraw" => {
            let body = json!({ "row_version": 1, "reason": "tercatat dua kali" });
            app.post(&url(&project, "/withdraw"), &body).await.is(StatusCode::OK)
        }
        _ => {
            let (code, lon) = if act == "merge" { (WEST, 114.312) } else { (EAST, 114.326) };
            let title = format!("Ruas penerima {n}");
            let target = app.register(&draft(app.village(code).await, &title, road(lon, lat))).await;
            let body = json!({ "row_version": 1, "into": target["id"], "reason": "tercatat dua kali" });
            app.post(&url(&project, "/merge"), &body).await.is(StatusCode::OK)
        }
    }
}

on_both_engines!(a_work_goes_back_to_another_village_by_who_answers_for_both_alone, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let project = app.register(&draft(app.village(WEST).await, "Jalan batas", road(114.319, -8.21))).await;
    let moved = json!({ "row_version": 1, "reason": "milik Timur", "village_id": app.village(EAST).await });
    let moved = app.patch(&url(&project, ""), &moved).await.is(StatusCode::OK);
    let undo = json!({ "row_version": moved["row_version"] });
    app.sign_in_as("officer", Some(EAST)).await;
    app.post(&url(&project, "/undo"), &undo).await.refuses(403, "not_allowed", None);
    app.sign_in_as("inspector", Some("35.10")).await;
    let back = app.post(&url(&project, "/undo"), &undo).await.is(StatusCode::OK);
    assert_eq!(back["village"]["code"], WEST, "{back}");
});

on_both_engines!(nobody_takes_back_what_they_could_not_have_done, |app| {
    app.import_villages(&three_villages()).await;
    // For each act: which of the callers above may take it back.
    let table = [
        ("correct", [true, true, true, true, true, false, false, false, false]),
        ("withdraw", [false, true, true, true, true, false, false, false, false]),
        ("merge", [false, false, true, true, true, false, false, false, false]),
        ("merge into another village", [false, false, false, true, true, false, false, false, false]),
    ];
    let mut n = 0;
    for (act, may) in table {
        for ((role, region), may) in CALLERS.into_iter().zip(may) {
            n += 1;
            let project = done_to(&app, act, n).await;
            app.sign_in_as(role, region).await;
            let seen = app.get(&url(&project, "")).await;
            let shown = seen.json()["may"]["undo"].as_bool().unwrap_or(false);
            assert_eq!(shown, may, "{act}: what is shown to {role} {region:?}");
            let undo = json!({ "row_version": project["row_version"] });
            let answer = app.post(&url(&project, "/undo"), &undo).await;
            let expected: &[u16] = if may { &[200] } else { &[403, 404] };
            assert!(expected.contains(&answer.status.as_u16()), "{act} by {role} {region:?}: {}", answer.status);
            app.sign_in_as("administrator", None).await;
            let now = app.get(&url(&project, "")).await.is(StatusCode::OK);
            let stands = now["row_version"] == project["row_version"];
            assert_eq!(stands, !may, "{act} by {role} {region:?}");
        }
    }
});

/// Two records of one lane of the western village, decided by an inspector to be one work, the first to be kept.
async fn decided(app: &TestApp) -> (Value, Value, Value) {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let a = app.register(&draft(west, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
    let b = app.register(&draft(west, "Pavingisasi gang masjid Rt.02", road(114.305, -8.21))).await;
    app.work().await;
    let finding = open(app).await.pop().unwrap();
    let body = json!({ "id": new_id(), "row_version": finding["row_version"], "decision": "same_work",
        "reason": "satu pekerjaan", "keep": a["id"] });
    let finding = app.post(&finding_url(&finding, "/decision"), &body).await.is(StatusCode::OK);
    (a, b, finding)
}

async fn open(app: &TestApp) -> Vec<Value> {
    let found = app.get("/api/v1/findings?state=open&kind=duplicate").await.is(StatusCode::OK);
    found["items"].as_array().unwrap().clone()
}

on_both_engines!(a_merge_that_a_decision_made_ends_with_the_decision_alone, |app| {
    let (a, b, finding) = decided(&app).await;
    for (role, region) in CALLERS.into_iter().filter(|(_, region)| *region != Some(ELSEWHERE)) {
        app.sign_in_as(role, region).await;
        let merged = app.get(&url(&b, "")).await.is(StatusCode::OK);
        assert_eq!((merged["may"]["undo"].as_bool(), &merged["merged_into"]), (Some(false), &a["id"]), "{role}");
        let undo = app.post(&url(&b, "/undo"), &json!({ "row_version": merged["row_version"] })).await;
        match (role, region) {
            ("administrator", _) | ("inspector", Some(WEST | "35.10")) => {
                let refused = undo.refuses(409, "undo_by_decision", None);
                assert_eq!(
                    (&refused["finding"], &refused["decision"]),
                    (&finding["id"], &finding["decisions"][0]["id"])
                );
                assert_eq!(merged["undo"]["finding"], finding["id"]);
            }
            _ => {
                undo.refuses(403, "not_allowed", None);
            }
        }
        // Nor is it undone by a correction after which it could not be parted any more.
        let patch = json!({ "row_version": merged["row_version"], "volume": 3.5 });
        assert!(matches!(app.patch(&url(&b, ""), &patch).await.status.as_u16(), 403 | 409), "{role}");
    }
    app.sign_in_as("officer", Some(WEST)).await;
    let back = json!({ "decision": finding["decisions"][0]["id"] });
    app.post(&finding_url(&finding, "/decision/undo"), &back).await.refuses(403, "not_allowed", None);
    app.sign_in_as("inspector", Some("35.10")).await;
    let again = app.post(&finding_url(&finding, "/decision/undo"), &back).await.is(StatusCode::OK);
    assert_eq!((again["state"].as_str(), again["decisions"][0]["stands"].as_bool()), (Some("open"), Some(false)));
    assert!(app.get(&url(&b, "")).await.json()["merged_into"].is_null());
});

on_both_engines!(a_finding_of_two_regencies_is_decided_by_who_answers_for_both, |app| {
    app.import_villages(&three_villages()).await;
    app.sign_in_as("administrator", None).await;
    let at = road(ELSEWHERE_LON - 0.001, -8.21);
    let (west, elsewhere) = (app.village(WEST).await, app.village(ELSEWHERE).await);
    app.register(&draft(elsewhere, "Rabat beton jalan perbatasan", at.clone())).await;
    let here = app.register(&draft(west, "Pembangunan jalan rabat beton perbatasan", at)).await;
    app.work().await;
    let finding = open(&app).await.pop().unwrap();
    let wish = |finding: &Value, decision: &str| {
        json!({ "id": new_id(), "row_version": finding["row_version"], "decision": decision, "reason": "dua pekerjaan",
            "keep": if decision == "same_work" { here["id"].clone() } else { Value::Null } })
    };
    for region in ["35.10", "35.09"] {
        app.sign_in_as("inspector", Some(region)).await;
        let seen = app.get(&finding_url(&finding, "")).await.is(StatusCode::OK);
        let why = seen["may_not_decide"].as_str().unwrap();
        assert!(seen["may_decide"] == false && why.contains(if region == "35.10" { "Luar" } else { "Barat" }), "{why}");
        for word in ["different_works", "same_work"] {
            app.post(&finding_url(&finding, "/decision"), &wish(&seen, word)).await.refuses(403, "other_side", None);
        }
        let comment = json!({ "id": new_id(), "text": "Menurut kami ini dua ruas." });
        app.post(&finding_url(&finding, "/comments"), &comment).await.is(StatusCode::OK);
    }
    app.sign_in_as("inspector", Some("35")).await;
    let seen = app.get(&finding_url(&finding, "")).await.is(StatusCode::OK);
    assert_eq!((seen["may_decide"].as_bool(), &seen["may_not_decide"]), (Some(true), &Value::Null));
    let body = wish(&seen, "different_works");
    let decided = app.post(&finding_url(&finding, "/decision"), &body).await.is(StatusCode::OK);
    assert_eq!(decided["state"], "closed");
    let back = json!({ "decision": body["id"] });
    app.sign_in_as("inspector", Some("35.10")).await;
    app.post(&finding_url(&finding, "/decision/undo"), &back).await.refuses(403, "other_side", None);
    app.sign_in_as("inspector", Some("35")).await;
    let open = app.post(&finding_url(&finding, "/decision/undo"), &back).await.is(StatusCode::OK);
    assert_eq!(open["state"], "open");
});

on_both_engines!(what_was_withdrawn_is_found_by_those_who_answer_for_it_and_by_nobody_else, |app| {
    app.sign_in_as("village_head", Some(WEST)).await;
    let project = app.register(&draft(app.village(WEST).await, "Jembatan Kali Lo", road(114.305, -8.21))).await;
    let (photo, bytes) = (new_id(), jpeg(64, 48));
    let report = json!({ "id": new_id(), "percent": 20.0, "reported_on": "2026-11-01",
        "photos": [{ "id": photo, "position": 1, "bytes": bytes.len() }] });
    app.post(&url(&project, "/reports"), &report).await.is(StatusCode::CREATED);
    app.put_bytes(&format!("/api/v1/photos/{photo}/original"), "image/jpeg", bytes).await.is(StatusCode::CREATED);
    app.work().await;
    let version = app.get(&url(&project, "")).await.json()["row_version"].clone();
    let body = json!({ "row_version": version, "reason": "terdaftar dua kali" });
    let withdrawn = app.post(&url(&project, "/withdraw"), &body).await.is(StatusCode::OK);
    let paths = [
        url(&project, ""),
        url(&project, "/reports"),
        format!("/api/v1/photos/{photo}/thumb"),
        format!("/api/v1/photos/{photo}/screen"),
    ];
    for (role, region) in CALLERS {
        if region == Some(ELSEWHERE) {
            continue;
        }
        app.sign_in_as(role, region).await;
        let theirs = matches!(region, Some(WEST | "35.10")) || role == "administrator";
        let status = if theirs { StatusCode::OK } else { StatusCode::NOT_FOUND };
        for path in &paths {
            app.get(path).await.is(status);
        }
        let listed = app.get("/api/v1/projects?withdrawn=true").await.is(StatusCode::OK);
        let ids: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
        assert_eq!(ids.contains(&&project["id"]), theirs, "{role} {region:?}");
        assert!(app.get("/api/v1/projects").await.json()["items"].as_array().unwrap().is_empty());
    }
    app.sign_out().await;
    for path in &paths {
        app.get(path).await.is(StatusCode::NOT_FOUND);
    }
    app.get("/api/v1/projects?withdrawn=true").await.refuses(401, "sign_in_required", None);
    app.sign_in_as("village_head", Some(WEST)).await;
    let listed = app.get("/api/v1/projects?withdrawn=true").await.is(StatusCode::OK);
    assert_eq!(listed["items"][0]["withdrawn"], true);
    app.post(&url(&project, "/undo"), &json!({ "row_version": withdrawn["row_version"] })).await.is(StatusCode::OK);
    assert!(app.get("/api/v1/projects?withdrawn=true").await.json()["items"].as_array().unwrap().is_empty());
});

on_both_engines!(who_holds_no_post_sees_what_the_public_sees_and_does_nothing, |app| {
    let (_, b, finding) = decided(&app).await;
    let gone = app.register(&draft(app.village(WEST).await, "Jembatan Kali Lo", road(114.312, -8.214))).await;
    let body = json!({ "row_version": gone["row_version"], "reason": "terdaftar dua kali" });
    app.post(&url(&gone, "/withdraw"), &body).await.is(StatusCode::OK);
    app.sign_out().await;
    let public = app.get("/api/v1/projects").await.is(StatusCode::OK);
    app.sign_in_as("inspector", None).await;
    assert_eq!(app.get("/api/v1/projects").await.is(StatusCode::OK), public);
    let withdrawn = app.get("/api/v1/projects?withdrawn=true").await.is(StatusCode::OK);
    assert_eq!(withdrawn["items"], json!([]));
    assert_eq!(app.get("/api/v1/session").await.json()["open_findings"], Value::Null);
    app.get("/api/v1/findings").await.refuses(403, "not_allowed", None);
    app.get(&finding_url(&finding, "")).await.refuses(403, "not_allowed", None);
    let west = app.village(WEST).await;
    app.post("/api/v1/projects", &draft(west, "Jalan", road(114.31, -8.21))).await.refuses(403, "not_allowed", None);
    app.patch(&url(&b, ""), &json!({ "row_version": 1, "title": "x" })).await.refuses(403, "not_allowed", None);
    app.sign_in_as("administrator", None).await;
    assert_eq!(app.get("/api/v1/projects").await.json()["items"].as_array().unwrap().len(), 1);
});

on_both_engines!(
    a_mail_is_read_by_its_reader_and_by_the_administrator_of_the_region,
    [("alerts", "camat@example.org")],
    |app| {
        decided(&app).await;
        let finding = {
            let west = app.village(WEST).await;
            app.register(&draft(west, "Rabat beton Jalan Mawar RT 01", road(114.305, -8.204))).await;
            app.register(&draft(west, "Rabat beton jln. Mawar Rt.01", road(114.305, -8.204))).await;
            app.work().await;
            open(&app).await.pop().unwrap()
        };
        app.sign_in_as("administrator", None).await;
        let all = app.get("/api/v1/messages").await.is(StatusCode::OK);
        let all = all["items"].as_array().unwrap();
        assert!(all.len() > 1, "{all:?}");
        for (role, region, reads) in [
            ("inspector", Some("35.10"), &["inspector@example.org"][..]),
            ("administrator", Some("35.10"), &["inspector@example.org"]),
            ("administrator", Some("35.09"), &[]),
            ("administrator", None, &["inspector@example.org", "camat@example.org"]),
        ] {
            app.sign_in_as(role, region).await;
            let listed = app.get("/api/v1/messages").await.is(StatusCode::OK);
            let listed: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
            for message in all {
                let may = reads.contains(&message["to"].as_str().unwrap());
                assert_eq!(listed.contains(&&message["id"]), may, "{role} {region:?}: {message}");
                for rest in ["", "/preview"] {
                    let path = format!("/api/v1/messages/{}{rest}", message["id"].as_str().unwrap());
                    app.get(&path).await.is(if may { StatusCode::OK } else { StatusCode::NOT_FOUND });
                }
            }
        }
        app.sign_in_as("administrator", Some("35.10")).await;
        let seen = app.get(&finding_url(&finding, "")).await.is(StatusCode::OK);
        let told: Vec<&str> = seen["messages"].as_array().unwrap().iter().map(|m| m["to"].as_str().unwrap()).collect();
        assert_eq!(told, ["inspector@example.org"], "whom the whole country told is not theirs to know");
    }
);
