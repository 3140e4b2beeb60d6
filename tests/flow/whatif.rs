//! `tapak whatif`: what other settings would bring and take away, on files and on a database.

use crate::common::command::tapak;
use crate::common::{ELSEWHERE, ELSEWHERE_LON, WEST, draft, on_both_engines, road, three_villages};
use reqwest::StatusCode;
use serde_json::Value;
use std::process::Output;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data");

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn count(change: &Value, list: &str) -> usize {
    change[list].as_array().unwrap().len()
}

#[test]
fn a_higher_threshold_only_takes_away_and_a_lower_one_only_brings() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("{SAMPLE}/projects.geojson");
    let ask = |set: &str| json(&tapak(folder.path(), &["whatif", "--set", set, &file, "--json"]));
    let same = ask("alert=0.8");
    assert_eq!((count(&same, "gained"), count(&same, "lost")), (0, 0));
    assert_eq!(same["alerts_now"], same["alerts_then"]);
    let strict = ask("alert=0.99");
    let lost = count(&strict, "lost");
    assert!(lost > 0 && count(&strict, "gained") == 0);
    assert_eq!(strict["alerts_now"].as_u64().unwrap() - strict["alerts_then"].as_u64().unwrap(), lost as u64);
    // Two wells that only somebody can tell apart: worth a look, and an alert where less is asked.
    let wells = "id,title,village_code,year,fund,budget_rp,lat,lon,accuracy_m\n\
        3,Sumur bor Mawar,35.10.01.2001,2025,DD,100000000,-8.3,114.3,5\n\
        4,Sumur bor dangkal Mawar,35.10.01.2001,2025,DD,60000000,-8.3,114.30008,5\n";
    std::fs::write(folder.path().join("wells.csv"), wells).unwrap();
    let loose = json(&tapak(folder.path(), &["whatif", "--set", "alert=0.4", "wells.csv", "--json"]));
    assert_eq!((count(&loose, "lost"), count(&loose, "gained")), (0, 1));
    // What was lost is what a scan calls an alert and no longer would.
    let scanned: Vec<Value> = serde_json::from_slice(&tapak(folder.path(), &["scan", &file, "--json"]).stdout).unwrap();
    let alerts = scanned.iter().filter(|finding| finding["band"] == "alert").count() as u64;
    assert_eq!(same["alerts_now"].as_u64(), Some(alerts));
    let weak =
        scanned.iter().filter(|finding| finding["band"] == "alert" && finding["probability"].as_f64().unwrap() < 0.99);
    assert_eq!(weak.count(), lost);
}

#[test]
fn the_projects_of_a_database_are_judged_where_no_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let done = tapak(folder.path(), arguments);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done
    };
    run(&["import", "villages", &format!("{SAMPLE}/villages.geojson")]);
    let file = format!("{SAMPLE}/projects.geojson");
    run(&["import", "projects", &file]);
    let of_database = json(&run(&["whatif", "--set", "corridor_m=5", "--json"]));
    let of_file = json(&run(&["whatif", "--set", "corridor_m=5", &file, "--json"]));
    for figure in ["projects", "alerts_now", "alerts_then"] {
        assert_eq!(of_database[figure], of_file[figure], "{figure}");
    }
    assert_eq!(
        (count(&of_database, "gained"), count(&of_database, "lost")),
        (count(&of_file, "gained"), count(&of_file, "lost"))
    );
}

#[test]
fn an_unknown_setting_is_refused_listing_the_known_ones() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, said) in [
        (&["whatif", "x.csv"][..], "corridor_m"),
        (&["whatif", "--set", "corridor_m=wide", "x.csv"], "from 1 to 200"),
        (&["whatif", "--set", "colour=red", "x.csv"], "colour"),
    ] {
        let done = tapak(folder.path(), arguments);
        assert_eq!(done.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&done.stderr).contains(said), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

on_both_engines!(an_inspector_asks_what_other_settings_would_change_and_nothing_is_saved, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    app.register(&draft(west, "Rabat beton Jl Kenanga", road(114.305, -8.21))).await;
    let mut other = draft(west, "Rabat Beton Kenanga dan Melati", road(114.305, -8.21));
    other["funding"][0]["amount_rupiah"] = 60_000_000.into();
    app.register(&other).await;
    app.work().await;
    let strict = app.get("/api/v1/whatif?alert=0.999&review=0.999").await.is(StatusCode::OK);
    assert_eq!(
        (strict["alerts_now"].as_u64(), strict["alerts_then"].as_u64(), strict["lost_count"].as_u64()),
        (Some(1), Some(0), Some(1))
    );
    assert_eq!(strict["lost"][0]["members"].as_array().unwrap().len(), 2);
    let open = app.get("/api/v1/findings?state=open").await.json();
    assert_eq!(open["items"].as_array().unwrap().len(), 1, "nothing was saved");
    app.get("/api/v1/whatif?corridor_m=wide").await.refuses(422, "wrong_setting", Some("corridor_m"));
    app.sign_in_as("officer", Some(WEST)).await;
    app.get("/api/v1/whatif?alert=0.9").await.is(StatusCode::FORBIDDEN);
});

on_both_engines!(each_inspector_sees_the_what_if_alerts_of_their_own_region, |app| {
    app.import_villages(&three_villages()).await;
    app.sign_in_as("administrator", None).await;
    // Each region has one of its own, and one on the border is of both.
    let border = ELSEWHERE_LON - 0.001;
    for (codes, lon) in [([WEST, WEST], 114.305), ([ELSEWHERE, ELSEWHERE], 114.285), ([WEST, ELSEWHERE], border)] {
        let [first, second] = [app.village(codes[0]).await, app.village(codes[1]).await];
        app.register(&draft(first, "Rabat beton Jl Kenanga", road(lon, -8.21))).await;
        let mut other = draft(second, "Rabat Beton Kenanga dan Melati", road(lon, -8.21));
        other["funding"][0]["amount_rupiah"] = 60_000_000.into();
        app.register(&other).await;
    }
    app.work().await;
    for (region, code) in [("35.10", WEST), ("35.09", ELSEWHERE)] {
        app.sign_in_as("inspector", Some(region)).await;
        let strict = app.get("/api/v1/whatif?alert=0.999&review=0.999").await.is(StatusCode::OK);
        assert_eq!((strict["projects"].as_u64(), strict["lost_count"].as_u64()), (Some(3), Some(2)));
        for alert in strict["lost"].as_array().unwrap() {
            let members = alert["members"].as_array().unwrap();
            assert!(members.iter().any(|member| member["village"]["code"] == code), "{members:?}");
        }
    }
});
