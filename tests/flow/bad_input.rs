//! Files as they should not be: each is answered with what is wrong and where, and leaves nothing half-written.

use crate::common::command::{tapak, text};
use crate::common::made::{flatgeobuf, geopackage, workbook};
use serde_json::{Value, json};
use std::path::Path;

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::write(folder.join(name), bytes).unwrap();
}

/// What a scan of a file finds; it must end well.
fn scan(folder: &Path, arguments: &[&str]) -> (Vec<Value>, String) {
    let done = tapak(folder, &[&["scan"][..], arguments, &["--json"]].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    (serde_json::from_slice(&done.stdout).unwrap(), text(&done.stderr))
}

/// What is said of a file that as a whole is none.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let report = ["scan", "--html", "report.html"];
    let done = tapak(folder, &[&report[..], arguments].concat());
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stdout));
    let left: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("report")), "half-written: {left:?}");
    text(&done.stderr)
}

fn point(id: &str, x: f64, y: f64) -> Value {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [x, y] },
        "properties": { "id": id, "title": "Pembangunan Sumur Bor", "village_code": "35.10.01.2001", "year": 2025 } })
}

#[test]
fn a_file_with_a_single_project_is_scanned() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.csv", "title;lat;lon\nJalan;-8,2;114,3\n");
    assert_eq!(scan(folder.path(), &["a.csv"]).0, Vec::<Value>::new());
}

#[test]
fn works_on_one_point_are_compared_and_a_million_equal_titles_end() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = ["Sumur Bor", "Rehab Atap", "Pos Ronda", "Lampu Jalan", "Gapura", "Jamban", "Drainase", "Talud"];
    let row = |n: usize| format!("{n};{} nomor {n};35.10.01.2001;2025;-8,2;114,3\n", kinds[n % kinds.len()]);
    let heading = "id;judul;kode desa;tahun;lat;lon\n";
    write(folder.path(), "point.csv", format!("{heading}{}", (0..500).map(row).collect::<String>()));
    scan(folder.path(), &["point.csv"]);
    // A fiftieth of a million: the time grows with the rows, not with their pairs.
    let same = "Pembangunan Jalan Desa;35.10.01.2001;2025\n".repeat(20_000);
    write(folder.path(), "title.csv", format!("judul;kode desa;tahun\n{same}"));
    scan(folder.path(), &["title.csv"]);
}

#[test]
fn collections_are_taken_apart_and_a_coordinate_that_is_not_a_number_costs_only_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let csv = "id;judul;volume;wkt\n\
        1;Sumur bor Krajan;1;GEOMETRYCOLLECTION(POINT(114.3 -8.2), GEOMETRYCOLLECTION(POINT(114.31 -8.2)))\n\
        2;Sumur bor Krajan;1;GEOMETRYCOLLECTION(POINT(114.3 -8.2), LINESTRING EMPTY)\n\
        3;Talud;inf;POINT(114.4 -8.2)\n4;Talud;1;POINT(NaN -8.2)\n5;Talud;1;POINT(inf -8.2)\n6;Talud;1e999;\n7;Talud;1;GEOMETRYCOLLECTION EMPTY\n";
    write(folder.path(), "a.csv", csv);
    let (_, told) = scan(folder.path(), &["a.csv"]);
    for (row, column) in [(3, "geometry"), (4, "volume"), (5, "wkt"), (6, "wkt"), (7, "volume"), (8, "wkt")] {
        let is_told = |line: &str| line.split_whitespace().take(2).eq([row.to_string().as_str(), column]);
        assert!(told.lines().any(is_told), "row {row}, {column}:\n{told}");
    }
    // In the formats that can write them.
    let features = [point("1", f64::MAX, -8.2), point("2", 114.3, -8.2)];
    write(folder.path(), "a.gpkg", geopackage(&[("kegiatan", &features, 4326)]));
    assert!(scan(folder.path(), &["a.gpkg"]).1.contains("a.gpkg: 1 cell not understood, taken as unknown"));
    write(
        folder.path(),
        "a.geojson",
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1e999,1]},"properties":{"title":"a"}}"#,
    );
    assert!(scan(folder.path(), &["a.geojson"]).1.contains("a.geojson: 1 cell not understood, taken as unknown"));
}

#[test]
fn a_truncated_file_is_refused_naming_the_feature_and_leaves_no_report() {
    let folder = tempfile::tempdir().unwrap();
    let features = [point("1", 114.3, -8.2), point("2", 114.3, -8.2), point("3", 114.3, -8.2)];
    let whole = flatgeobuf(&features, 4326, true);
    write(folder.path(), "cut.fgb", &whole[..whole.len() - 9]);
    let told = refused(folder.path(), &["cut.fgb"]);
    assert!(told.contains("cut.fgb") && told.contains("feature 3"), "{told}");
    let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
    write(folder.path(), "cut.geojson", &text[..text.len() - 20]);
    let told = refused(folder.path(), &["cut.geojson"]);
    assert!(told.contains("cut.geojson") && told.contains("feature 3") && told.contains("line 1"), "{told}");
    let whole = geopackage(&[("kegiatan", &features, 4326)]);
    write(folder.path(), "cut.gpkg", &whole[..whole.len() / 2]);
    assert!(refused(folder.path(), &["cut.gpkg"]).contains("cut.gpkg"));
    let sheet = r#"<worksheet><dimension ref="Q1:D3"/></worksheet>"#;
    write(folder.path(), "cut.xlsx", workbook(sheet.as_bytes()));
    assert!(refused(folder.path(), &["cut.xlsx"]).contains("cut.xlsx"));
    // The second file is bad: of the first nothing is told either.
    write(folder.path(), "good.csv", "title;lat;lon\nJalan;-8,2;114,3\n");
    assert!(refused(folder.path(), &["good.csv", "cut.fgb"]).contains("cut.fgb"));
}

#[test]
fn a_wrong_option_is_answered_with_the_available_values() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.csv", "Pekerjaan;lat;lon\nJalan;-8,2;114,3\n");
    for (arguments, said) in [
        (["a.csv", "--map", "titel=Pekerjaan"], "titel"),
        (["a.csv", "--map", "title=Nama"], "Pekerjaan"),
        (["a.csv", "--map", "Pekerjaan"], "FIELD=COLUMN"),
        (["a.csv", "--crs", "EPSG:1"], "23830"),
        (["a.csv", "--crs", "UTM 49S"], "EPSG"),
        (["absent.csv", "--crs", "4326"], "absent.csv"),
    ] {
        let told = refused(folder.path(), &arguments);
        assert!(told.contains(said), "{arguments:?}: {told}");
    }
    let features = [point("1", 114.3, -8.2)];
    write(folder.path(), "a.gpkg", geopackage(&[("2024", &features, 4326), ("2025", &features, 4326)]));
    assert!(refused(folder.path(), &["a.gpkg", "--layer", "2023"]).contains("2024, 2025"));
    write(folder.path(), "other.gpkg", geopackage(&[]));
    assert!(refused(folder.path(), &["other.gpkg"]).contains("other.gpkg"));
}

#[test]
fn an_unwritable_output_is_refused_before_any_work() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.csv", "title;lat;lon\nJalan;-8,2;114,3\n");
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    for path in ["folder", "no/such/r.html", "a.csv/r.html"] {
        let done = tapak(folder.path(), &["scan", "a.csv", "--html", path]);
        assert_eq!(done.status.code(), Some(1), "{path}");
        assert!(
            text(&done.stderr).contains(path) && !text(&done.stderr).contains("a.csv: title"),
            "{}",
            text(&done.stderr)
        );
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}
