//! FlatGeobuf and GeoPackage: whole, cut off, and telling what is not so.

use super::made::{flatgeobuf, geopackage};
use super::*;
use crate::words::Words;
use serde_json::{Value, json};

fn features() -> Vec<Value> {
    let feature = |id: &str, year: Option<i64>, geometry: Value| {
        json!({ "type": "Feature", "geometry": geometry, "properties": {
            "id": id, "title": format!("Jalan {id}"), "village_code": "35.10.01.2001", "year": year, "lain": "x" } })
    };
    vec![
        feature("P", Some(2025), json!({ "type": "Point", "coordinates": [114.25, -8.5] })),
        feature("L", Some(2024), json!({ "type": "LineString", "coordinates": [[114.25, -8.5], [114.26, -8.5]] })),
        feature(
            "A",
            Some(2025),
            json!({ "type": "MultiPolygon", "coordinates": [[[[114.2, -8.5], [114.3, -8.5], [114.3, -8.4], [114.2, -8.5]]]] }),
        ),
        feature("M", Some(2025), json!({ "type": "MultiPoint", "coordinates": [[114.25, -8.5], [114.26, -8.5]] })),
        feature("S", None, json!({ "type": "Point", "coordinates": [114.25, -8.5] })),
        feature("X", Some(2025), json!({ "type": "Point", "coordinates": [-8.5, 114.25] })),
        feature(
            "C",
            Some(2025),
            json!({ "type": "GeometryCollection", "geometries": [
                { "type": "Point", "coordinates": [114.25, -8.5] },
                { "type": "LineString", "coordinates": [[114.25, -8.5], [114.26, -8.5]] }
            ] }),
        ),
    ]
}

/// What the rows of a file are, however the file is written: in the order of their ids.
fn described(name: &str, bytes: &[u8]) -> Vec<String> {
    let (good, refused) = read(name, bytes).unwrap();
    let mut described: Vec<String> = good
        .iter()
        .map(|row| format!("{} {:?} {}", row.external_id, row.fiscal_year, row.footprint.as_ref().unwrap().parts.len()))
        .chain(
            refused
                .iter()
                .map(|cell| format!("{} {} {:?}", cell.column, cell.invalid.code, cell.invalid.values.get("reason"))),
        )
        .collect();
    described.sort();
    described
}

#[test]
fn the_same_features_read_the_same_in_every_format() {
    let features = features();
    let geojson = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let expected = described("a.geojson", geojson.as_bytes());
    assert_eq!(expected.len(), 7, "{expected:?}");
    assert_eq!(described("a.fgb", &flatgeobuf(&features, 0, true)), expected);
    assert_eq!(described("a.fgb", &flatgeobuf(&features, 4326, false)), expected);
    assert_eq!(described("a.gpkg", &geopackage(&[("kegiatan", &features, 4326)])), expected);
    // What a file is decides its content, not its name.
    assert_eq!(described("a.csv", &geopackage(&[("kegiatan", &features, 4326)])), expected);
}

#[test]
fn a_truncated_flatgeobuf_is_refused_naming_the_feature() {
    let whole = flatgeobuf(&features(), 4326, false);
    let mut last = 0;
    for cut in (0..whole.len()).rev() {
        let error = read("a.fgb", &whole[..cut]).unwrap_err();
        let code = error.code();
        // Its first letters alone are a text.
        let is_text = cut < 4 && code == "file_of_other_kind";
        assert!(is_text || matches!(code, "file_truncated" | "file_without_rows" | "file_empty"), "{cut}: {code}");
        if cut == whole.len() - 1 {
            last = error.values()["feature"].as_u64().unwrap();
        }
    }
    assert_eq!(last, 7);
}

#[test]
fn sizes_that_a_flatgeobuf_declares_are_not_trusted() {
    let whole = flatgeobuf(&features(), 4326, false);
    // The size of the header.
    let mut header = whole.clone();
    header[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(read("a.fgb", &header).unwrap_err().code(), "not_flatgeobuf");
    // The size of the first feature.
    let at = 12 + u32::from_le_bytes(whole[8..12].try_into().unwrap()) as usize;
    let mut feature = whole.clone();
    feature[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let error = read("a.fgb", &feature).unwrap_err();
    assert_eq!((error.code(), error.values()["row"].as_u64()), ("row_too_large", Some(1)));
    // Nonsense inside of one feature costs that feature only.
    let mut inside = whole;
    inside[at + 4..at + 8].copy_from_slice(&u32::MAX.to_le_bytes());
    let (good, refused) = read("a.fgb", &inside).unwrap();
    assert_eq!((good.len(), refused[0].row, refused[0].invalid.code), (4, 1, "feature_not_readable"));
}

#[test]
fn of_several_layers_the_one_with_titles_is_read_or_the_one_named_by_the_user() {
    let features = features();
    let other = [json!({ "type": "Feature", "geometry": null, "properties": { "kode": "x" } })];
    let one = geopackage(&[("batas", &other, 4326), ("kegiatan", &features, 4326)]);
    assert_eq!(read("a.gpkg", &one).unwrap().0.len(), 5);
    let two = geopackage(&[("2024", &features, 4326), ("2025", &features[..1], 4326)]);
    let error = read("a.gpkg", &two).unwrap_err();
    assert_eq!((error.code(), &error.values()["layers"]), ("many_layers", &json!(["2024", "2025"])));
    let layer = |name: &str| ReadOptions { layer: Some(name.to_owned()), ..ReadOptions::default() };
    assert_eq!(read_with("a.gpkg", &two, &layer("2025")).unwrap().0.len(), 1);
    assert_eq!(read_with("a.gpkg", &two, &layer("2023")).unwrap_err().code(), "unknown_layer");
}

#[test]
fn a_database_that_is_not_a_geopackage_is_named_as_such() {
    let whole = geopackage(&[("kegiatan", &features(), 4326)]);
    assert_eq!(read("a.gpkg", &whole[..100]).unwrap_err().code(), "not_geopackage");
    assert_eq!(read("a.gpkg", &whole[..whole.len() / 2]).unwrap_err().code(), "not_geopackage");
    assert_eq!(read("a.gpkg", &geopackage(&[])).unwrap_err().code(), "not_geopackage");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gpkg");
    std::fs::write(&path, &whole).unwrap();
    assert!(ProjectFile::open(&Input::path(&path), &ReadOptions::default()).is_ok());
    // Another program has it open: the newest rows are not in the file itself.
    std::fs::write(folder.path().join("a.gpkg-wal"), "x").unwrap();
    let error = ProjectFile::open(&Input::path(&path), &ReadOptions::default()).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "not_geopackage");
    // Nothing was written beside it.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn every_error_of_a_file_has_a_sentence_in_both_languages() {
    use crate::domain::person::Language;
    let codes = [
        "file_unreadable",
        "file_of_other_kind",
        "not_borders",
        "not_crosswalk",
        "file_unsound",
        "not_geojson",
        "not_workbook",
        "not_flatgeobuf",
        "not_geopackage",
        "many_layers",
        "unknown_layer",
        "file_truncated",
        "crs_not_supported",
        "crs_unknown",
        "file_empty",
        "file_without_rows",
        "no_key_column",
        "unknown_column",
        "unknown_field",
        "column_mapped_twice",
        "missing_column",
        "row_too_large",
        "too_many_refused",
        "outside_crs",
        "not_metres",
    ];
    for code in codes {
        for language in Language::ALL {
            let key = format!("problem.{code}.detail");
            assert!(Words::keys(*language).contains(&key), "{key}");
        }
    }
    for kind in Kind::ALL {
        for (language, part) in Language::ALL.iter().flat_map(|language| [(language, "is"), (language, "right")]) {
            let key = format!("terminal.file.{kind}.{part}");
            assert!(Words::keys(*language).contains(&key), "{key}");
        }
    }
}
