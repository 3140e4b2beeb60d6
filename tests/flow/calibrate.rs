//! `tapak calibrate` and weights from a file; `tapak evaluate --titles-only`.

use crate::common::command::{tapak, text};
use crate::common::{TestApp, WEST, draft, new_id, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tapak::calibrate::observe;
use tapak::jobs::rejudge;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data");

#[test]
fn weights_are_estimated_beside_those_in_force_and_adopted_only_by_a_setting() {
    let folder = tempfile::tempdir().unwrap();
    let (projects, pairs) = (format!("{SAMPLE}/projects.geojson"), format!("{SAMPLE}/pairs.csv"));
    let run = |arguments: &[&str]| {
        let done = tapak(folder.path(), arguments);
        assert!(done.status.success(), "{}", text(&done.stderr));
        text(&done.stdout)
    };
    let before = run(&["scan", &projects, "--json"]);
    let told = run(&["calibrate", &projects, "--labelled", &projects, &pairs, "--name", "ours", "--out", "ours.toml"]);
    assert!(told.contains("| start-") && told.contains(" ours |"), "{told}");
    assert!(told.contains("best F1") && told.contains("| title ") && told.contains("| same "), "{told}");
    assert_eq!(run(&["scan", &projects, "--json"]), before, "nothing was adopted");
    let after: Vec<Value> =
        serde_json::from_str(&run(&["scan", &projects, "--json", "--set", "judge_weights=ours.toml"])).unwrap();
    let before: Vec<Value> = serde_json::from_str(&before).unwrap();
    assert_ne!(after[0]["probability"], before[0]["probability"], "put in force by the setting");
    let wrong = tapak(folder.path(), &["scan", &projects, "--set", "judge_weights=/nowhere.toml"]);
    assert!(!wrong.status.success() && text(&wrong.stderr).contains("/nowhere.toml"));
    std::fs::write(folder.path().join("bad.toml"), "version = 'a'\nprior = -6.0\n[title]\nequal = 1.0\n").unwrap();
    let wrong = tapak(folder.path(), &["scan", &projects, "--set", "judge_weights=bad.toml"]);
    assert!(!wrong.status.success() && text(&wrong.stderr).contains("title.equal"), "{}", text(&wrong.stderr));
}

#[test]
fn titles_alone_are_measured_without_a_file_of_projects() {
    let folder = tempfile::tempdir().unwrap();
    let pairs = "title_a,title_b,label\n\
        Pemb. Jl. Melati RT 03,Pembangunan jalan melati rt.3,duplicate\n\
        Rabat Gang Mawar,Rabat beton gg. mawar,duplicate\n\
        Rabat Gang Mawar RT 01,Rabat Gang Mawar RT 02,distinct\n\
        Jembatan Krajan,Drainase Krajan,distinct\n";
    std::fs::write(folder.path().join("titles.csv"), pairs).unwrap();
    let done = tapak(folder.path(), &["evaluate", "--titles-only", "--pairs", "titles.csv", "--json"]);
    let figures: Value = serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{}", text(&done.stderr)));
    assert_eq!(figures["pairs"], 4);
    assert_eq!(figures["best"]["f1"], 1.0, "{figures:#}");
    assert!(figures["baselines"]["title"]["best"]["f1"].as_f64().unwrap() < 1.0, "a plain test does as well");
    std::fs::write(folder.path().join("titles.csv"), pairs.replace(',', ";")).unwrap();
    let semicolons = tapak(folder.path(), &["evaluate", "--titles-only", "--pairs", "titles.csv", "--json"]);
    assert_eq!(semicolons.stdout, done.stdout, "{}", text(&semicolons.stderr));
    std::fs::write(folder.path().join("titles.csv"), "title_a,label\nx,duplicate\n").unwrap();
    let wrong = tapak(folder.path(), &["evaluate", "--titles-only", "--pairs", "titles.csv"]);
    assert!(!wrong.status.success() && text(&wrong.stderr).contains("title_b"));
    assert!(!tapak(folder.path(), &["evaluate", "--pairs", "titles.csv"]).status.success(), "projects are needed");
}

async fn decided(app: &TestApp, word: &str) -> Value {
    let open = app.get("/api/v1/findings?state=open&kind=duplicate").await.json();
    let id = open["items"][0]["id"].as_str().unwrap().to_owned();
    let version = &open["items"][0]["row_version"];
    let body = json!({ "id": new_id(), "row_version": version, "decision": word, "reason": "dilihat" });
    app.post(&format!("/api/v1/findings/{id}/decision"), &body).await.is(StatusCode::OK)
}

on_both_engines!(calibration_learns_from_decisions_in_force_only, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let a = app.register(&draft(west, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
    app.register(&draft(west, "Pavingisasi gang masjid Rt.02", road(114.305, -8.21))).await;
    app.work().await;
    let finding = decided(&app, "same_work").await;
    let labelled = async || {
        let mut tx = app.app.store.read().await.unwrap();
        tapak::calibrate::decided(&mut tx).await.unwrap()
    };
    let learnt = labelled().await;
    assert_eq!((learnt.len(), learnt[0].2), (1, true));
    let observed = observe(&app.app.atlas, &learnt, 1_000, |_, _| {});
    assert_eq!(observed.iter().filter(|pair| pair.decided == Some(true)).count(), 1);
    assert_eq!(observed.len(), 1, "a decided pair is counted once");
    let undo = json!({ "decision": finding["decisions"][0]["id"] });
    let url = format!("/api/v1/findings/{}/decision/undo", finding["id"].as_str().unwrap());
    app.post(&url, &undo).await.is(StatusCode::OK);
    assert!(labelled().await.is_empty());
    decided(&app, "upkeep").await;
    assert_eq!(labelled().await.first().map(|one| one.2), Some(false));
    let patch = json!({ "row_version": 1, "reason": "salah ketik", "volume": 5.5 });
    app.patch(&format!("/api/v1/projects/{}", a["id"].as_str().unwrap()), &patch).await.is(StatusCode::OK);
    app.work().await;
    assert!(labelled().await.is_empty(), "the facts are others now");
});

on_both_engines!(calibration_learns_from_merged_doubles_too, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let a = app.register(&draft(west, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
    app.register(&draft(west, "Pavingisasi gang masjid Rt.02", road(114.305, -8.21))).await;
    app.work().await;
    let open = app.get("/api/v1/findings?state=open&kind=duplicate").await.json();
    let finding = &open["items"][0];
    let body = json!({ "id": new_id(), "row_version": finding["row_version"], "decision": "same_work",
        "reason": "dilihat", "keep": a["id"] });
    let url = format!("/api/v1/findings/{}/decision", finding["id"].as_str().unwrap());
    app.post(&url, &body).await.is(StatusCode::OK);
    app.work().await;
    let mut tx = app.app.store.read().await.unwrap();
    let learnt = tapak::calibrate::decided(&mut tx).await.unwrap();
    drop(tx);
    assert_eq!(learnt.len(), 1);
    let observed = observe(&app.app.atlas, &learnt, 1_000, |_, _| {});
    let pair = observed.iter().find(|pair| pair.decided == Some(true)).expect("the merged record is read too");
    assert!(pair.levels.contains(&("position", "line_same")) && pair.levels.contains(&("title", "same")), "{pair:?}");
});

on_both_engines!(a_new_judge_screens_again_what_an_earlier_one_judged, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    app.register(&draft(west, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
    let mut other = draft(west, "Paving Gang Masjid dan Mawar", road(114.305, -8.21));
    other["funding"][0]["amount_rupiah"] = 60_000_000.into();
    app.register(&other).await;
    app.work().await;
    rejudge::ask(&app.app).await.unwrap();
    app.work().await;
    rejudge::ask(&app.app).await.unwrap();
    assert_eq!(app.work().await, 0, "the same judge has nothing to do");
    let strict = app.another(&[("judge_alert", "0.999"), ("judge_review", "0.999")]).await;
    rejudge::ask(&strict).await.unwrap();
    while strict.follower().catch_up().await.unwrap() {}
    while tapak::jobs::worker::run_due(&strict).await.unwrap() > 0 {}
    let open = app.get("/api/v1/findings?state=open&kind=duplicate").await.json();
    assert!(open["items"].as_array().unwrap().is_empty(), "{open}");
    strict.store.close().await;
});
