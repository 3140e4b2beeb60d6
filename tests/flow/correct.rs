//! `tapak import projects` as somebody runs it: bad rows are written to a file, corrected there and imported again.

use crate::common::command::{self, text};
use serde_json::json;
use std::path::Path;
use std::process::Output;

fn tapak(folder: &Path, arguments: &[&str]) -> Output {
    command::tapak(folder, &[&["--data", "data"][..], arguments].concat())
}

#[test]
fn refused_rows_corrected_in_their_file_are_imported_once() {
    let folder = tempfile::tempdir().unwrap();
    let square = json!({ "type": "Polygon", "coordinates": [[[114.3, -8.3], [114.4, -8.3], [114.4, -8.2], [114.3, -8.2], [114.3, -8.3]]] });
    let village = json!({ "type": "FeatureCollection", "features": [{ "type": "Feature", "geometry": square,
        "properties": { "code": "35.10.01.2001", "name": "Krajan", "district": "Barat", "regency": "Banyuwangi" } }] });
    std::fs::write(folder.path().join("desa.geojson"), village.to_string()).unwrap();
    let done = tapak(folder.path(), &["import", "villages", "desa.geojson"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let csv = "No;Nama Paket;Kode Desa;TA;X;Y\nA;Sumur bor;35.10.01.2001;2025;871768,6;9090556,5\n\
        B;;35.10.01.2001;2025;871800,6;9090556,5\nC;Talud;35.10.99.2999;2025;871900,6;9090556,5\n\
        D;Irigasi;35.10.01.2001;2025;114,3735;-8,2133\n";
    std::fs::write(folder.path().join("dpmd.csv"), csv).unwrap();
    let options = ["--map", "external_id=No", "--crs", "EPSG:32749"];
    let first = ["import", "projects", "dpmd.csv", "--keep-good", "--refused", "salah dinas.csv"];
    let done = tapak(folder.path(), &[&first[..], &options].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stdout).contains("4 rows from file:dpmd: 1 new, 0 changed, 0 unchanged, 3 refused"));
    let told = text(&done.stderr);
    assert!(told.contains("Nama Paket = title"), "{told}");
    assert!(told.contains("tapak import projects 'salah dinas.csv' --map external_id=No --crs EPSG:32749"), "{told}");
    let refused = std::fs::read_to_string(folder.path().join("salah dinas.csv")).unwrap();
    assert_eq!(refused.lines().count(), 4, "{refused}");
    let corrected = refused
        .replace(";B;;", ";B;Jembatan;")
        .replace("35.10.99.2999", "35.10.01.2001")
        .replace("114,3735;-8,2133", "871700,6;9090556,5");
    std::fs::write(folder.path().join("salah dinas.csv"), corrected).unwrap();
    let again = ["import", "projects", "salah dinas.csv"];
    let done = tapak(folder.path(), &[&again[..], &options].concat());
    assert!(
        text(&done.stdout).contains("3 rows from file:dpmd: 3 new, 0 changed, 0 unchanged, 0 refused"),
        "{}",
        text(&done.stdout)
    );
    // Both files again change nothing: each project is there once.
    let done = tapak(folder.path(), &[&again[..], &options].concat());
    assert!(text(&done.stdout).contains("0 new, 0 changed, 3 unchanged"), "{}", text(&done.stdout));
    let done = tapak(folder.path(), &[&["import", "projects", "dpmd.csv", "--keep-good"][..], &options].concat());
    assert!(text(&done.stdout).contains("0 new, 0 changed, 1 unchanged, 3 refused"), "{}", text(&done.stdout));
}

#[test]
fn an_unwritable_file_of_refused_rows_leaves_the_earlier_one_intact() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), "id;judul;kode desa;tahun\n1;;35.10.01.2001;2025\n").unwrap();
    let done = tapak(folder.path(), &["import", "projects", "a.csv", "--refused", "no/such/folder/r.csv"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("no/such/folder/r.csv"), "{}", text(&done.stderr));
}
