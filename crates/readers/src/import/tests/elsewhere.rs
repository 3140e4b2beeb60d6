//! Files in other coordinate systems than WGS 84, stated by the file or by the user.

use super::made::{flatgeobuf, geopackage};
use super::*;
use serde_json::{Value, json};

/// 114.3735 E, 8.2133 S in UTM 49S (EPSG:32749), by the series of `crs::tests`.
const EAST: f64 = 871_768.6;
const NORTH: f64 = 9_090_556.5;

fn in_crs(code: &str) -> ReadOptions {
    ReadOptions { crs: Some(Crs::parse(code).unwrap()), ..ReadOptions::default() }
}

fn feature_at(id: &str, x: f64, y: f64) -> Value {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [x, y] },
        "properties": { "id": id, "title": "Jalan", "village_code": "35.10.01.2001", "year": 2025 } })
}

/// Whether the only row of a file lies within a metre or two of the place.
fn is_there(good: &[ProjectRow]) -> bool {
    let [row] = good else { panic!("{good:?}") };
    let geometry = &row.footprint.as_ref().unwrap().parts[0].geometry;
    let point: geo::Point = geometry.clone().try_into().unwrap();
    (point.x() - 114.3735).abs() < 2e-5 && (point.y() + 8.2133).abs() < 2e-5
}

#[test]
fn coordinates_in_metres_are_read_in_every_notation() {
    let heads = "id;judul;kode desa;tahun";
    for (columns, cells) in [
        ("X;Y", "871768,6;9090556,5"),
        ("Easting;Northing", "871.768,6;9.090.556,5"),
        ("Koordinat", "871768.6, 9090556.5"),
        ("Koordinat", "871768,6 9090556,5"),
        ("WKT", "POINT(871768.6 9090556.5)"),
        ("WKT", "\"SRID=32749;POINT(871768.6 9090556.5)\""),
        ("WKT", "\"SRID=4326;POINT(114.3735 -8.2133)\""),
    ] {
        let csv = format!("{heads};{columns}\n1;Jalan;35.10.01.2001;2025;{cells}\n");
        let (good, refused) = read_with("a.csv", csv.as_bytes(), &in_crs("EPSG:32749")).unwrap();
        assert_eq!(refused, [], "{cells}");
        assert!(is_there(&good), "{cells}: {good:?}");
    }
}

#[test]
fn a_cell_outside_the_crs_is_refused_by_row_and_column_and_swapped_on_request() {
    let csv = "id;judul;kode desa;tahun;X;Y\n1;A;35.10.01.2001;2025;114,3735;-8,2133\n\
        2;B;35.10.01.2001;2025;9090556,5;871768,6\n3;C;35.10.01.2001;2025;871768,6;9090556,5\n4;D;35.10.01.2001;2025;E;N\n";
    let (good, refused) = read_with("a.csv", csv.as_bytes(), &in_crs("32749")).unwrap();
    assert!(is_there(&good));
    let faults: Vec<_> = refused.iter().map(|cell| (cell.row, cell.column.as_str(), cell.invalid.code)).collect();
    assert_eq!(faults, [(2, "Y, X", "outside_crs"), (3, "Y, X", "outside_crs"), (5, "Y", "not_metres")]);
    assert_eq!(refused[0].invalid.values["crs"], "EPSG:32749");
    let (good, _) = read_with("a.csv", csv.as_bytes(), &ReadOptions { swap: true, ..in_crs("32749") }).unwrap();
    assert_eq!(good.iter().map(|row| row.external_id.as_str()).collect::<Vec<_>>(), ["2", "3"]);
}

#[test]
fn what_a_file_states_of_its_system_holds_unless_the_user_says_otherwise() {
    let there = [feature_at("1", EAST, NORTH)];
    let named = |place: &str| {
        let crs = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32749"}}"#;
        let features = format!("\"features\":{}", Value::from(there.to_vec()));
        let members = if place == "before" { [crs, &features] } else { [&features, crs] };
        format!("{{\"type\":\"FeatureCollection\",{}}}", members.join(",")).into_bytes()
    };
    let files = [
        ("a.fgb", flatgeobuf(&there, 32_749, false)),
        ("a.gpkg", geopackage(&[("kegiatan", &there, 32_749)])),
        ("a.geojson", named("before")),
        ("a.geojson", named("behind")),
    ];
    for (name, bytes) in &files {
        for options in [ReadOptions::default(), in_crs("EPSG:32749")] {
            let (good, refused) = read_with(name, bytes, &options).unwrap();
            assert_eq!(refused, [], "{name}");
            assert!(is_there(&good), "{name}");
        }
        let mistaken = read_with(name, bytes, &in_crs("EPSG:32750")).unwrap().0;
        assert!(!is_there(&mistaken) && mistaken.len() == 1, "{name}: {mistaken:?}");
    }
    // Undefined in the file: the user says.
    for (name, bytes) in [("a.fgb", flatgeobuf(&there, 0, true)), ("a.gpkg", geopackage(&[("kegiatan", &there, -1)]))] {
        assert!(is_there(&read_with(name, &bytes, &in_crs("EPSG:32749")).unwrap().0), "{name}");
        assert_eq!(read(name, &bytes).unwrap().1[0].invalid.code, "metres_not_degrees", "{name}");
    }
    // A system that nobody knows is no guess.
    assert_eq!(read("a.fgb", &flatgeobuf(&there, 65_000, true)).unwrap_err().code(), "crs_not_supported");
}

#[test]
fn a_crs_declared_after_many_features_is_refused() {
    let features: Vec<Value> = (0..1_500).map(|n| feature_at(&n.to_string(), 114.3735, -8.2133)).collect();
    let crs = r#"{"type":"name","properties":{"name":"EPSG:32749"}}"#;
    let text = format!(r#"{{"type":"FeatureCollection","features":{},"crs":{crs}}}"#, Value::from(features));
    assert_eq!(read("a.geojson", text.as_bytes()).unwrap_err().code(), "crs_not_supported");
    // Where the user had said the same, nothing was read wrongly.
    assert!(read_with("a.geojson", text.as_bytes(), &in_crs("EPSG:32749")).is_ok());
}

#[test]
fn the_matched_columns_of_a_file_are_reported() {
    let csv = "ID;Nama Paket;kode desa;fiscal_year;Keterangan\n1;A;35.10.01.2001;2025;x\n";
    let options = ReadOptions { map: vec![("title".into(), "Nama Paket".into())], ..ReadOptions::default() };
    let understood = ProjectFile::open(&Input::bytes("a.csv", csv.as_bytes()), &options).unwrap().understood();
    let matched: Vec<_> = understood.matched.iter().map(|m| (m.field.as_str(), m.column.as_str(), m.by)).collect();
    let expected = [
        ("external_id", "ID", MatchedBy::Guess),
        ("title", "Nama Paket", MatchedBy::User),
        ("village_code", "kode desa", MatchedBy::Guess),
        ("fiscal_year", "fiscal_year", MatchedBy::Name),
    ];
    assert_eq!(matched, expected);
    assert_eq!(understood.unread, ["Keterangan"]);
}

#[test]
fn boundaries_in_another_crs_are_converted_to_degrees() {
    let ring = json!([[
        [871_768.6, 9_090_556.5],
        [872_768.6, 9_090_556.5],
        [872_768.6, 9_091_556.5],
        [871_768.6, 9_090_556.5]
    ]]);
    let village = json!({ "type": "Feature", "geometry": { "type": "Polygon", "coordinates": ring },
        "properties": { "code": "35.10.01.2001", "name": "Krajan" } });
    let crs = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32749"}}"#;
    let read = |text: String| {
        read_villages(&Input::bytes("v.geojson", text.into_bytes()), &VillageReading::default(), &Progress::default())
    };
    let before = read(format!(r#"{{"type":"FeatureCollection",{crs},"features":[{village}]}}"#)).unwrap();
    let corner = before.good[0].border.boundary.0[0].exterior().0[0];
    assert!((corner.x - 114.3735).abs() < 2e-5 && (corner.y + 8.2133).abs() < 2e-5, "{corner:?}");
    let behind = read(format!(r#"{{"type":"FeatureCollection","features":[{village}],{crs}}}"#)).unwrap_err();
    assert_eq!(behind.code(), "crs_not_supported");
}

#[test]
fn a_system_that_a_file_states_wrongly_is_overruled() {
    // Degrees that a program has called web Mercator.
    let crs = r#""crs":{"type":"name","properties":{"name":"EPSG:3857"}}"#;
    let there = feature_at("1", 114.3735, -8.2133);
    let text = format!(r#"{{"type":"FeatureCollection",{crs},"features":[{there}]}}"#);
    assert_eq!(read("a.geojson", text.as_bytes()).unwrap().1[0].invalid.code, "outside_crs");
    assert!(is_there(&read_with("a.geojson", text.as_bytes(), &in_crs("EPSG:4326")).unwrap().0));
}

#[test]
fn systems_of_indonesia_and_of_arcgis_are_known_by_every_name() {
    for (name, x, y) in [
        ("urn:ogc:def:crs:EPSG::9470", 114.3735, -8.2133),
        ("urn:ogc:def:crs:EPSG::9489", EAST, NORTH),
        ("ESRI:102100", 12_731_999.780, -917_447.879),
        ("EPSG:900913", 12_731_999.780, -917_447.879),
        ("WGS_1984_UTM_Zone_49S", EAST, NORTH),
    ] {
        let crs = json!({ "type": "name", "properties": { "name": name } });
        let there = [feature_at("1", x, y)];
        let text = json!({ "type": "FeatureCollection", "crs": crs, "features": there }).to_string();
        let (good, refused) = read("a.geojson", text.as_bytes()).unwrap();
        assert_eq!(refused, [], "{name}");
        assert!(is_there(&good), "{name}: {good:?}");
    }
}
