//! Rows that name no village: the border that holds their place tells it, or they are told what is near.

use crate::common::{EAST, TestApp, WEST, on_both_engines, two_villages};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use tapak::actions::import_projects::{ImportOptions, Report, import_projects};
use tapak::import::{Input, ReadOptions};

async fn import(app: &TestApp, name: &str, text: &str, options: &ImportOptions) -> Report {
    let input = Input::bytes(name, text.as_bytes().to_vec());
    import_projects(&app.app, input, ReadOptions::default(), options, |_| {}).await.unwrap()
}

/// A work without a village at this longitude.
fn feature(id: &str, lon: f64) -> Value {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [lon, -8.21] },
        "properties": { "id": id, "title": format!("Talud {id}"), "year": 2026 } })
}

fn collection(features: &[Value]) -> String {
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn told(report: &Report) -> Vec<(u64, &'static str)> {
    report.refused.iter().map(|cell| (cell.row, cell.invalid.code)).collect()
}

/// The villages that places told, with the rows.
fn placed(report: &Report) -> Vec<(String, Value)> {
    let notes = &report.understood.as_ref().unwrap().notes;
    let note = notes.iter().find(|note| note.code == "by_place");
    let villages = note.and_then(|note| note.values["villages"].as_array()).into_iter().flatten();
    villages.map(|village| (village["code"].as_str().unwrap().to_owned(), village["rows"].clone())).collect()
}

on_both_engines!(a_row_without_a_village_is_of_the_one_whose_border_holds_its_place_and_that_is_told, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let nowhere =
        json!({ "type": "Feature", "geometry": null, "properties": { "id": "E", "title": "Talud", "year": 2026 } });
    let file = collection(&[
        feature("A", 114.305),
        feature("B", 114.325),
        // 30 m from the border of the two.
        feature("C", 114.3197),
        feature("D", 114.36),
        nowhere,
        feature("F", 114.306),
    ]);
    let dry = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let report = import(&app, "a.geojson", &file, &dry).await;
    let unclear = "village_unclear_by_place";
    assert_eq!(told(&report), [(3, unclear), (4, unclear), (5, "neither_village_nor_place")]);
    let near = |at: usize| {
        let near = report.refused[at].invalid.values["near"].as_array().unwrap();
        near.iter().map(|place| place["code"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((near(0), near(1)[0]), (vec![WEST, EAST], EAST));
    assert_eq!(placed(&report), [(WEST.to_owned(), json!([1, 6])), (EAST.to_owned(), json!([2]))]);
    let keep = ImportOptions { keep_good: true, ..ImportOptions::default() };
    assert_eq!(import(&app, "a.geojson", &file, &keep).await.counts.new, 3);
    let stored = app.get("/api/v1/projects?limit=500").await.json();
    let mut villages: Vec<_> =
        stored["items"].as_array().unwrap().iter().map(|item| item["village"]["code"].as_str()).collect();
    villages.sort_unstable();
    assert_eq!(villages, [Some(WEST), Some(WEST), Some(EAST)]);
    // A later file that states the code changes nothing.
    let mut same = feature("A", 114.305);
    same["properties"]["village_code"] = json!(WEST);
    assert_eq!(import(&app, "a.geojson", &collection(&[same]), &keep).await.counts.same, 1);
});

on_both_engines!(
    an_empty_cell_of_a_village_is_filled_by_the_place_and_a_table_without_places_needs_the_column,
    |app| {
        let table =
            format!("id;judul;kode_desa;tahun;lintang;bujur\n1;Talud;;2026;-8,21;114,305\n2;Jalan;{EAST};2026;;\n");
        let report = import(&app, "a.csv", &table, &ImportOptions::default()).await;
        assert_eq!((report.counts.new, placed(&report)), (2, vec![(WEST.to_owned(), json!([2]))]));
        let input = Input::bytes("b.csv", b"id;judul;tahun\n1;Talud;2026\n".to_vec());
        let refused = import_projects(&app.app, input, ReadOptions::default(), &ImportOptions::default(), |_| {})
            .await
            .unwrap_err();
        assert!(refused.to_string().contains("village_code"), "{refused}");
    }
);

fn tapak(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tapak"));
    command.current_dir(folder).args(["--language", "en"]).args(arguments).output().unwrap()
}

#[test]
fn refused_rows_of_a_file_without_villages_are_written_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("batas.geojson"), two_villages()).unwrap();
    std::fs::write(path("a.geojson"), collection(&[feature("A", 114.305), feature("C", 114.3197)])).unwrap();
    assert!(tapak(folder.path(), &["import", "villages", "batas.geojson"]).status.success());
    let import = ["import", "projects", "a.geojson", "--keep-good", "--refused", "b.geojson"];
    let done = tapak(folder.path(), &import);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(said.contains("1 row without a village") && said.contains(&format!("({WEST}): 1 row, namely 1")), "{said}");
    assert!(said.contains(&format!("({WEST}), ")) && said.contains(&format!("({EAST})")), "{said}");
    let written = std::fs::read_to_string(path("b.geojson")).unwrap();
    let corrected = written.replace("\"title\"", &format!("\"village_code\":\"{EAST}\",\"title\""));
    std::fs::write(path("b.geojson"), corrected).unwrap();
    let done = tapak(folder.path(), &["import", "projects", "b.geojson"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn a_scan_beside_borders_knows_villages_by_place_and_names_what_lies_far_from_its_village() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("batas.geojson"), two_villages()).unwrap();
    let rows = format!(
        "Talud Melati;;-8,21;114,305\nTalud Melati;{WEST};-8,21;114,305\nPaving;;-8,21;114,3197\n\
         Gapura;{WEST};-8,21;115,305\nSumur;92.01.01.2001;-8,21;114,305\n"
    );
    std::fs::write(path("a.csv"), format!("judul;kode desa;lintang;bujur\n{rows}")).unwrap();
    let done = tapak(folder.path(), &["scan", "a.csv", "--villages", "batas.geojson", "--json"]);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains(&format!("({WEST}): 1 row, namely 2")), "{said}");
    assert!(said.contains("30 m from") || said.contains(&format!("({EAST})")), "{said}");
    assert!(said.contains("115.305") && said.contains("114.305"), "{said}");
    let findings: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_ne!(findings[0]["kind"], "cross_village");
    let villages: Vec<_> =
        findings[0]["members"].as_array().unwrap().iter().map(|one| one["village_code"].as_str()).collect();
    assert!(villages == [Some(WEST), Some(WEST)], "{villages:?}");
}
