//! An inspector decides, villages answer, facts change: what stands, what comes back, and why.

use crate::common::{EAST, TestApp, WEST, draft, jpeg, new_id, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Two records of one paved lane and the finding about them.
async fn double(app: &TestApp) -> (Value, Value, Value) {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let a = app.register(&draft(west, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
    let b = app.register(&draft(west, "Pavingisasi gang masjid Rt.02", road(114.305, -8.21))).await;
    app.work().await;
    let open = open(app).await;
    assert_eq!(open.len(), 1, "{open:?}");
    let finding = show(app, &open[0]).await;
    (a, b, finding)
}

async fn open(app: &TestApp) -> Vec<Value> {
    listed(app, "state=open&kind=duplicate").await
}

async fn listed(app: &TestApp, query: &str) -> Vec<Value> {
    app.get(&format!("/api/v1/findings?{query}")).await.is(StatusCode::OK)["items"].as_array().unwrap().clone()
}

async fn show(app: &TestApp, finding: &Value) -> Value {
    app.get(&format!("/api/v1/findings/{}", finding["id"].as_str().unwrap())).await.is(StatusCode::OK)
}

fn path(finding: &Value, rest: &str) -> String {
    format!("/api/v1/findings/{}/{rest}", finding["id"].as_str().unwrap())
}

fn decision(finding: &Value, word: &str) -> Value {
    json!({ "id": new_id(), "row_version": finding["row_version"], "decision": word, "reason": "sudah dilihat di lapangan" })
}

async fn decide(app: &TestApp, finding: &Value, word: &str) -> Value {
    app.post(&path(finding, "decision"), &decision(finding, word)).await.is(StatusCode::OK)
}

async fn correct(app: &TestApp, project: &Value, change: Value) -> Value {
    let url = format!("/api/v1/projects/{}", project["id"].as_str().unwrap());
    let now = app.get(&url).await.is(StatusCode::OK);
    let mut patch = json!({ "row_version": now["row_version"], "reason": "perbaikan" });
    patch.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let corrected = app.patch(&url, &patch).await.is(StatusCode::OK);
    app.work().await;
    corrected
}

on_both_engines!(a_dismissed_pair_comes_back_only_when_its_facts_change_and_shows_both_states, |app| {
    let (a, _, finding) = double(&app).await;
    let decided = decide(&app, &finding, "upkeep").await;
    assert_eq!((decided["state"].as_str(), decided["closed_because"].as_str()), (Some("closed"), Some("decided")));
    assert_eq!(decided["decisions"][0]["stands"], true);
    // Progress, and another screening of all that is near, are no facts of the pair.
    correct(&app, &a, json!({ "status": "finished" })).await;
    let west = app.village(WEST).await;
    app.register(&draft(west, "Gapura batas desa", road(114.3051, -8.2101))).await;
    app.work().await;
    assert!(open(&app).await.is_empty());
    assert_eq!(show(&app, &finding).await["decisions"][0]["stands"], true);

    correct(&app, &a, json!({ "volume": 77.5 })).await;
    let back = open(&app).await;
    assert_eq!(back.len(), 1);
    assert_eq!(back[0]["id"], finding["id"], "the same finding, with its history");
    let back = show(&app, &back[0]).await;
    let before = &back["decisions"][0];
    assert_eq!(before["stands"], false);
    let change = &before["changes"][0];
    assert_eq!((change["field"].as_str(), &change["project_id"]), (Some("volume"), &a["id"]));
    assert_eq!((&change["before"], &change["now"]), (&a["volume"], &json!(77.5)));
    assert_eq!(before["changes"].as_array().unwrap().len(), 1, "{before}");
    // Put back, it is what was decided: closed again.
    correct(&app, &a, json!({ "volume": a["volume"] })).await;
    assert!(open(&app).await.is_empty());
});

on_both_engines!(a_decision_is_taken_back_and_the_finding_is_open_again_without_a_new_mail, |app| {
    let (_, _, finding) = double(&app).await;
    let mails = app.get("/api/v1/messages").await.json()["items"].as_array().unwrap().len();
    let decided = decide(&app, &finding, "different_works").await;
    let undo = json!({ "decision": decided["decisions"][0]["id"] });
    let undone = app.post(&path(&finding, "decision/undo"), &undo).await.is(StatusCode::OK);
    assert_eq!(undone["state"], "open");
    assert!(undone["decisions"][0]["taken_back_by"].is_string() && undone["decisions"][0]["stands"] == false);
    app.work().await;
    assert_eq!(app.get("/api/v1/messages").await.json()["items"].as_array().unwrap().len(), mails);
    let again = app.post(&path(&finding, "decision/undo"), &undo).await.is(StatusCode::CONFLICT);
    assert_eq!(again["code"], "not_the_last_decision");
});

on_both_engines!(deciding_same_work_merges_the_records_and_taking_it_back_unmerges_them, |app| {
    let (a, b, finding) = double(&app).await;
    let mut same = decision(&finding, "same_work");
    same["keep"] = a["id"].clone();
    let decided = app.post(&path(&finding, "decision"), &same).await.is(StatusCode::OK);
    assert_eq!(decided["state"], "closed");
    let of = |project: &Value| format!("/api/v1/projects/{}", project["id"].as_str().unwrap());
    assert_eq!(app.get(&of(&b)).await.json()["merged_into"], a["id"]);
    // Sent twice, as a phone does that heard no answer: done once.
    app.post(&path(&finding, "decision"), &same).await.is(StatusCode::OK);
    let undo = json!({ "decision": same["id"] });
    let undone = app.post(&path(&finding, "decision/undo"), &undo).await.is(StatusCode::OK);
    assert_eq!(undone["state"], "open", "{undone}");
    assert!(app.get(&of(&b)).await.json()["merged_into"].is_null());
    app.work().await;
    assert_eq!(open(&app).await.len(), 1);
});

on_both_engines!(of_two_inspectors_deciding_at_once_the_second_gets_a_conflict, |app| {
    let (_, _, finding) = double(&app).await;
    let (first, second) = (decision(&finding, "same_work"), decision(&finding, "upkeep"));
    let url = path(&finding, "decision");
    let (x, y) = tokio::join!(app.post(&url, &first), app.post(&url, &second));
    let codes = [x.status.as_u16(), y.status.as_u16()];
    assert!(codes == [200, 409] || codes == [409, 200], "{codes:?}");
    assert_eq!(show(&app, &finding).await["decisions"].as_array().unwrap().len(), 1);
    let third = app.post(&url, &decision(&show(&app, &finding).await, "upkeep")).await.is(StatusCode::CONFLICT);
    assert_eq!(third["code"], "already_decided");
});

on_both_engines!(a_decision_on_facts_that_changed_meanwhile_is_refused, |app| {
    let (a, _, finding) = double(&app).await;
    let url = format!("/api/v1/projects/{}", a["id"].as_str().unwrap());
    let patch = json!({ "row_version": 1, "reason": "salah ketik", "volume": 5.5 });
    app.patch(&url, &patch).await.is(StatusCode::OK);
    // The screening of that change is still to come; what the inspector saw is old already.
    let refused = app.post(&path(&finding, "decision"), &decision(&finding, "upkeep")).await.is(StatusCode::CONFLICT);
    assert_eq!(refused["code"], "finding_changed");
    assert!(show(&app, &finding).await["decisions"].as_array().unwrap().is_empty());
});

on_both_engines!(a_pending_visit_keeps_the_finding_in_the_queue, |app| {
    let (_, _, finding) = double(&app).await;
    let visit = decide(&app, &finding, "need_visit").await;
    assert_eq!((visit["state"].as_str(), visit["decisions"][0]["stands"].as_bool()), (Some("open"), Some(true)));
    let done = decide(&app, &visit, "different_works").await;
    assert_eq!(done["state"], "closed");
    let stands: Vec<_> = done["decisions"].as_array().unwrap().iter().map(|one| one["stands"].clone()).collect();
    assert_eq!(stands, [json!(true), json!(false)]);
});

on_both_engines!(villages_comment_on_a_finding_and_get_answers, |app| {
    let (_, _, finding) = double(&app).await;
    let question = json!({ "id": new_id(), "text": "Apakah ini paving yang sama?" });
    app.post(&path(&finding, "comments"), &question).await.is(StatusCode::OK);
    app.sign_in_as("village_head", Some(WEST)).await;
    let answer = json!({ "id": new_id(), "text": "Bukan, yang kedua gang sebelah.", "answers": question["id"] });
    let told = app.post(&path(&finding, "comments"), &answer).await.is(StatusCode::OK);
    app.post(&path(&finding, "comments"), &answer).await.is(StatusCode::OK);
    let comments = told["comments"].as_array().unwrap();
    assert_eq!((comments.len(), &comments[0]["answers"]), (2, &question["id"]));
    assert_eq!(comments[0]["role"], "village_head");
    // A village head says its side, and decides nothing.
    app.post(&path(&finding, "decision"), &decision(&finding, "upkeep")).await.is(StatusCode::FORBIDDEN);
    app.sign_in_as("village_head", Some(EAST)).await;
    app.post(&path(&finding, "comments"), &question).await.is(StatusCode::NOT_FOUND);
    let wrong = json!({ "id": new_id(), "text": "x", "answers": new_id() });
    app.sign_in_as("inspector", Some("35.10")).await;
    assert_eq!(
        app.post(&path(&finding, "comments"), &wrong).await.is(StatusCode::UNPROCESSABLE_ENTITY)["code"],
        "no_such_comment"
    );
});

on_both_engines!(a_third_record_joins_the_finding_and_leaves_it_when_it_is_withdrawn, |app| {
    let (a, b, finding) = double(&app).await;
    let west = app.village(WEST).await;
    let c = app.register(&draft(west, "Paving Gang Masjid RT.2", road(114.305, -8.21))).await;
    app.work().await;
    let open_now = open(&app).await;
    assert_eq!(open_now.len(), 1, "one finding with three members");
    assert_eq!(open_now[0]["id"], finding["id"]);
    let group = show(&app, &finding).await;
    let members: std::collections::BTreeSet<&str> =
        group["members"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect();
    assert_eq!(members, [&a, &b, &c].iter().map(|p| p["id"].as_str().unwrap()).collect());
    assert_eq!(group["pairs"].as_array().unwrap().len(), 3);
    let withdraw = json!({ "row_version": 1, "reason": "salah catat" });
    app.post(&format!("/api/v1/projects/{}/withdraw", b["id"].as_str().unwrap()), &withdraw).await.is(StatusCode::OK);
    app.work().await;
    let left = open(&app).await;
    assert_eq!((left.len(), &left[0]["id"]), (1, &finding["id"]), "the others are still one work twice");
    assert_eq!(show(&app, &finding).await["members"].as_array().unwrap().len(), 2);
});

on_both_engines!(a_flood_of_alerts_is_one_summary_that_lists_them_all, [("village_alerts", "3")], |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    for n in 0..8 {
        let title = format!("Rabat beton jalan nomor {n}");
        let at = road(114.302, -8.219 + f64::from(n) * 0.0012);
        app.register(&draft(west, &title, at.clone())).await;
        app.register(&draft(west, &title, at)).await;
    }
    app.work().await;
    assert_eq!(open(&app).await.len(), 3, "told one by one");
    let summary = listed(&app, "state=open&kind=many_alerts").await;
    assert_eq!(summary.len(), 1);
    let all = listed(&app, &format!("summary={}", summary[0]["id"].as_str().unwrap())).await;
    assert_eq!(all.len(), 5, "the rest, opened by the summary");
    let money: i64 = all.iter().map(|one| one["rupiah_at_stake"].as_i64().unwrap()).sum();
    assert_eq!(summary[0]["rupiah_at_stake"], money);
    // One mail tells of three and the summary.
    let mails = app.get("/api/v1/messages").await.json();
    let detail = app.get(&format!("/api/v1/messages/{}", mails["items"][0]["id"].as_str().unwrap())).await.json();
    assert!(detail["text"].as_str().unwrap().contains("ada 5 peringatan lagi"), "{detail}");
    // One more is told by the summary, of which they know.
    for _ in 0..2 {
        app.register(&draft(west, "Rabat beton jalan nomor 8", road(114.302, -8.2094))).await;
    }
    app.work().await;
    let all = listed(&app, &format!("summary={}", summary[0]["id"].as_str().unwrap())).await;
    assert_eq!(all.len(), 6);
    let mails = async || app.get("/api/v1/messages").await.json()["items"].as_array().unwrap().len();
    assert_eq!(mails().await, 1);
    // What is news elsewhere does not wait for it.
    let east = app.village(EAST).await;
    for _ in 0..2 {
        app.register(&draft(east, "Talud Dusun Krajan", road(114.325, -8.21))).await;
    }
    app.work().await;
    assert_eq!(mails().await, 2);
    // As its findings are decided it tells of fewer, and at last of none.
    for one in &all {
        let one = show(&app, one).await;
        decide(&app, &one, "different_works").await;
    }
    assert!(listed(&app, "state=open&kind=many_alerts").await.is_empty());
});

on_both_engines!(a_decided_wrong_place_is_reopened_when_the_work_is_moved, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let project = app
        .register(&draft(west, "Gapura batas desa", json!({ "type": "Point", "coordinates": [114.36, -8.21] })))
        .await;
    app.work().await;
    let found = listed(&app, "state=open&kind=place_outside_village").await;
    let finding = show(&app, &found[0]).await;
    let refused = app.post(&path(&finding, "decision"), &decision(&finding, "same_work")).await;
    assert_eq!(refused.is(StatusCode::UNPROCESSABLE_ENTITY)["code"], "decision_not_for_this");
    assert_eq!(decide(&app, &finding, "wrong_coordinate").await["state"], "closed");
    correct(&app, &project, json!({ "volume": 1.5 })).await;
    assert!(listed(&app, "state=open&kind=place_outside_village").await.is_empty(), "the place is the same");
    let moved = json!({ "footprint": { "how": "gps", "parts": [{ "geometry": { "type": "Point", "coordinates": [114.40, -8.21] } }] } });
    correct(&app, &project, moved).await;
    assert_eq!(listed(&app, "state=open&kind=place_outside_village").await.len(), 1);
});

on_both_engines!(references_to_a_merged_record_lead_to_the_surviving_one, |app| {
    let (a, b, _) = double(&app).await;
    let url = |project: &Value| format!("/api/v1/projects/{}", project["id"].as_str().unwrap());
    let report =
        |percent: f64| json!({ "id": new_id(), "percent": percent, "reported_on": "2026-11-01", "photos": [] });
    app.post(&format!("{}/reports", url(&b)), &report(40.0)).await.is(StatusCode::CREATED);
    let merge = json!({ "row_version": 1, "into": a["id"], "reason": "tercatat dua kali" });
    let merged = app.post(&format!("{}/merge", url(&b)), &merge).await.is(StatusCode::OK);
    // A phone that was without a signal reports to the record that it knows: nothing is lost.
    app.post(&format!("{}/reports", url(&b)), &report(50.0)).await.is(StatusCode::CREATED);
    let kept = app.get(&url(&a)).await.is(StatusCode::OK);
    assert_eq!(kept["absorbed"][0]["id"], b["id"]);
    assert_eq!(kept["percent"], 50.0);
    let reports = app.get(&format!("{}/reports", url(&a))).await.is(StatusCode::OK);
    assert_eq!(reports["items"].as_array().unwrap().len(), 2);
    app.post(&format!("{}/undo", url(&b)), &json!({ "row_version": merged["row_version"] })).await.is(StatusCode::OK);
    assert_eq!(app.get(&url(&b)).await.json()["percent"], 40.0, "its own report is its own again");
});

on_both_engines!(one_photo_in_reports_of_two_projects_is_evidence_and_different_photos_open_nothing, |app| {
    let (a, b, finding) = double(&app).await;
    let send = async |project: &Value, bytes: &[u8]| {
        let photo = new_id();
        let report = json!({ "id": new_id(), "percent": 50.0, "reported_on": "2026-11-01",
            "photos": [{ "id": photo, "position": 1, "bytes": bytes.len() }] });
        let url = format!("/api/v1/projects/{}/reports", project["id"].as_str().unwrap());
        app.post(&url, &report).await.is(StatusCode::CREATED);
        let sent = app.put_bytes(&format!("/api/v1/photos/{photo}/original"), "image/jpeg", bytes.to_vec()).await;
        assert!(sent.status.is_success(), "{:?}", sent.json());
        app.work().await;
    };
    decide(&app, &finding, "different_works").await;
    send(&a, &jpeg(640, 480)).await;
    send(&b, &jpeg(480, 640)).await;
    assert!(open(&app).await.is_empty(), "pictures of their own are no new facts");
    send(&b, &jpeg(640, 480)).await;
    let back = open(&app).await;
    assert_eq!(back.len(), 1, "the very same picture is");
    let evidence = show(&app, &back[0]).await["pairs"][0]["evidence"].clone();
    let photo = evidence.as_array().unwrap().iter().find(|one| one["name"] == "photo").unwrap();
    assert_eq!(photo["level"], "shared");
});

on_both_engines!(nobody_merges_a_record_into_one_of_another_village, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let (west, east) = (app.village(WEST).await, app.village(EAST).await);
    let mine = app.register(&draft(west, "Rabat beton jalan perbatasan", road(114.318, -8.21))).await;
    let theirs = app.register(&draft(east, "Rabat beton jalan batas desa", road(114.318, -8.21))).await;
    app.sign_in_as("inspector", Some(WEST)).await;
    let url = format!("/api/v1/projects/{}", mine["id"].as_str().unwrap());
    let merge = json!({ "row_version": 1, "into": theirs["id"], "reason": "tercatat dua kali" });
    let refused = app.post(&format!("{url}/merge"), &merge).await.is(StatusCode::FORBIDDEN);
    assert_eq!(refused["code"], "not_allowed");
    assert!(app.get(&url).await.is(StatusCode::OK)["merged_into"].is_null());
});
