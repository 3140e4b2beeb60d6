//! GeoJSON, of projects and of villages.

use super::*;
use crate::domain::footprint::How;

#[test]
fn geojson_of_every_kind_is_read_and_bad_geometries_are_reported() {
    let point = r#"{"type":"Point","coordinates":[114.25,-8.5,12]}"#;
    let bytes = collection(&[
        feature(
            "1",
            point,
            r#","budget_rp":1500000.0,"volume":1.500,"photo_sha256":["b","a","b"],"location_source":"kantor desa""#,
        ),
        feature("2", r#"{"type":"MultiPoint","coordinates":[[114.25,-8.5],[114.26,-8.5]]}"#, r#","accuracy_m":3.5"#),
        feature(
            "3",
            &format!(
                r#"{{"type":"GeometryCollection","geometries":[{point},{{"type":"LineString","coordinates":[[114.25,-8.5],[114.26,-8.5]]}}]}}"#
            ),
            "",
        ),
        feature("4", "null", ""),
        feature("5", r#"{"type":"Point","coordinates":[114.25]}"#, ""),
        feature("6", r#"{"type":"LineString","coordinates":[[114.25],[1]]}"#, ""),
        feature("7", r#"{"type":"Circle","coordinates":[114.25,-8.5]}"#, ""),
        feature("8", r#"{"type":"Point","coordinates":[NaN,-8.5]}"#, ""),
        feature("9", r#"{"type":"Point","coordinates":[-8.5,114.25]}"#, ""),
        feature("4", "null", ""),
    ]);
    let (good, refused) = read("a.geojson", &bytes).unwrap();
    assert_eq!(good.iter().map(|row| row.external_id.as_str()).collect::<Vec<_>>(), ["1", "2", "3", "4"]);
    assert_eq!((good[0].budget_rupiah, good[0].volume), (Some(1_500_000), Some(1.5)));
    assert_eq!(good[0].photo_marks, ["b", "a"]);
    let first = good[0].footprint.as_ref().unwrap();
    assert_eq!((first.how, first.parts[0].accuracy_m), (How::Office, 500.0));
    assert_eq!(
        good[1].footprint.as_ref().map(|footprint| (footprint.parts.len(), footprint.parts[0].accuracy_m)),
        Some((2, 3.5))
    );
    assert_eq!(good[2].footprint.as_ref().map(|footprint| footprint.parts.len()), Some(2));
    assert!(good[3].footprint.is_none() && good[3].cells["footprint"].is_empty());
    let faults: Vec<_> = refused.iter().map(|cell| (cell.row, cell.column.as_str(), cell.invalid.code)).collect();
    let expected = [
        (5, "geometry", "geometry_not_readable"),
        (6, "geometry", "geometry_not_readable"),
        (7, "geometry", "geometry_not_readable"),
        (8, "geometry", "geometry_not_readable"),
        (9, "geometry", "coordinates_swapped"),
        (10, "id", "duplicate_key"),
    ];
    assert_eq!(faults, expected);
}

#[test]
fn a_feature_may_carry_its_id_outside_its_properties() {
    let bytes = br#"{"type":"Feature","id":7,"geometry":null,"properties":{"title":"A","village_code":3510012001,"year":"2025"}}"#;
    let rows = good("a.json", bytes);
    assert_eq!((rows[0].external_id.as_str(), rows[0].village_code.as_deref()), ("7", Some("35.10.01.2001")));
}

#[test]
fn a_line_of_200_000_corners_is_refused() {
    let corners: Vec<String> = (0..200_000).map(|i| format!("[{:.6},-8.5]", 114.0 + f64::from(i) * 1e-6)).collect();
    let bytes =
        collection(&[feature("1", &format!(r#"{{"type":"LineString","coordinates":[{}]}}"#, corners.join(",")), "")]);
    let (_, refused) = read("a.geojson", &bytes).unwrap();
    assert_eq!((refused[0].row, refused[0].invalid.code), (1, "too_many_vertices"));
}

#[test]
fn empty_and_truncated_files_are_named_as_such() {
    let code = |name: &str, bytes: &[u8]| read(name, bytes).unwrap_err().code();
    assert_eq!(code("a.csv", b""), "file_empty");
    assert_eq!(code("a.csv", b"id,title,village_code,year\n"), "file_without_rows");
    assert_eq!(code("a.geojson", b"{\"type\":\"FeatureCollection\",\"features\":[]}"), "file_without_rows");
    assert_eq!(code("a.xlsx", b"PK\x03\x04..."), "file_of_other_kind");
    let whole = collection(&[feature("1", "null", ""), feature("2", "null", "")]);
    assert_eq!(code("a.geojson", &whole[..whole.len() - 40]), "file_truncated");
    assert_eq!(code("a.geojson", &whole[..60]), "file_truncated");
}

#[test]
fn faulty_villages_are_reported_by_their_numbers() {
    let village = |code: &str, geometry: &str| {
        format!(r#"{{"type":"Feature","properties":{{"code":{code},"name":"Desa"}},"geometry":{geometry}}}"#)
    };
    let square = r#"{"type":"Polygon","coordinates":[[[114,-8],[114.1,-8],[114.1,-8.1],[114,-8]]]}"#;
    let bytes = collection(&[
        village("\"35.10.01.2001\"", square),
        village("\"35.10.1\"", square),
        village("null", square),
        village("3510012002", r#"{"type":"Polygon","coordinates":[]}"#),
        village(
            "3510012003",
            r#"{"type":"Polygon","coordinates":[[[114,-8],[114.1,-8.1],[114.1,-8],[114,-8.2],[114,-8]]]}"#,
        ),
        village("3510012004", r#"{"type":"Point","coordinates":[114,-8]}"#),
        village("3510012005", r#"{"type":"Polygon","coordinates":[[[-8,114],[-8,114.1],[-8.1,114.1],[-8,114]]]}"#),
        village("\"35.10.01.2006\"", square),
        village("3510012006", square).replace("Desa", "Desa Lain"),
        village("3510012007", "null"),
    ]);
    let file =
        read_villages(&Input::bytes("v.geojson", bytes), &VillageReading::default(), &Progress::default()).unwrap();
    assert_eq!(file.good.iter().map(|row| row.border.feature).collect::<Vec<_>>(), [1]);
    let faults: Vec<_> = file.refused.iter().map(|cell| (cell.row, cell.column.as_str(), cell.invalid.code)).collect();
    let expected = [
        (2, "code", "not_a_village_code"),
        (3, "code", "missing"),
        (4, "geometry", "empty_geometry"),
        (5, "geometry", "polygon_not_simple"),
        (6, "geometry", "not_a_polygon"),
        (7, "geometry", "coordinates_swapped"),
        (8, "code", "duplicate_code"),
        (9, "code", "duplicate_code"),
        (10, "geometry", "empty_geometry"),
    ];
    assert_eq!(faults, expected);
    assert_eq!(file.refused[6].invalid.values["features"], serde_json::json!([8, 9]));
    let columns = VillageColumns { code: Some("KDEPUM".to_owned()), ..VillageColumns::default() };
    let wrong = read_villages(
        &Input::bytes("v.geojson", collection(&[village("1", square)])),
        &VillageReading { columns, ..VillageReading::default() },
        &Progress::default(),
    )
    .unwrap_err();
    assert_eq!((wrong.code(), &wrong.values()["columns"]), ("unknown_column", &serde_json::json!(["code", "name"])));
}
