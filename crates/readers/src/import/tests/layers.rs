//! Files of several layers: sheets of a workbook, tables of a GeoPackage.

use super::made::{flatgeobuf, geopackage};
use super::*;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

/// A workbook of sheets with a heading in their first row.
fn book(sheets: &[(&str, &[[&str; 4]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

const HEADING: [&str; 4] = ["ID", "Nama Kegiatan", "Kode Desa", "Tahun"];

fn two_funds() -> Vec<u8> {
    book(&[
        ("Petunjuk", &[["Isi kedua lembar", "", "", ""]]),
        ("DD", &[HEADING, ["1", "Talud Krajan", "35.10.01.2001", "2025"]]),
        ("ADD", &[HEADING, ["1", "Talud Krajan", "35.10.01.2001", "2025"], ["2", "Gapura", "35.10.01.2001", "2025"]]),
    ])
}

fn of_layer(layer: &str) -> ReadOptions {
    ReadOptions { layer: Some(layer.to_owned()), ..ReadOptions::default() }
}

#[test]
fn every_sheet_with_titles_is_compared_and_the_others_are_named() {
    let input = Input::bytes("lembar.xlsx", two_funds());
    let files = ProjectFile::open_each(&input, &ReadOptions::default()).unwrap();
    let found: Vec<(String, Vec<String>, usize)> = files
        .into_iter()
        .map(|file| (file.name().to_owned(), file.understood().unread_layers, file.map(Result::unwrap).count()))
        .collect();
    let first = ("lembar.xlsx (DD)".to_owned(), vec!["Petunjuk".to_owned()], 1);
    assert_eq!(found, [first, ("lembar.xlsx (ADD)".to_owned(), vec![], 2)]);
}

#[test]
fn one_of_equal_sheets_is_imported_when_it_is_named_and_its_ids_are_its_own() {
    let input = Input::bytes("lembar.xlsx", two_funds());
    let told = ProjectFile::open(&input, &ReadOptions::default()).map(|_| ()).unwrap_err();
    assert_eq!((told.code(), &told.values()["layers"]), ("many_layers", &json!(["Petunjuk", "DD", "ADD"])));
    let sources = ["DD", "ADD"].map(|layer| {
        let file = ProjectFile::open(&input, &of_layer(layer)).unwrap();
        assert_eq!(file.understood().unread_layers.len(), 2);
        file.source().to_owned()
    });
    // Id 1 stands on both sheets: of one source, the second import would change the project of the first.
    assert_eq!(sources, ["file:lembar/DD", "file:lembar/ADD"]);
    let named = ReadOptions { source: Some("desa".to_owned()), ..of_layer("DD") };
    assert_eq!(ProjectFile::open(&input, &named).unwrap().source(), "desa");
}

#[test]
fn a_sheet_that_names_more_fields_is_preferred_and_an_empty_list_is_no_fault() {
    let summary = ("Rekap", &[["Kegiatan", "", "", ""], ["Talud", "", "", ""]][..]);
    let list = ("Data", &[HEADING, ["1", "Talud Krajan", "35.10.01.2001", "2025"]][..]);
    let input = Input::bytes("a.xlsx", book(&[summary, list]));
    let file = ProjectFile::open(&input, &ReadOptions::default()).unwrap();
    assert_eq!(file.understood().unread_layers, ["Rekap"]);
    let empty = Input::bytes("a.xlsx", book(&[("2024", &[HEADING][..]), list]));
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let files = ProjectFile::open_each(&empty, &options).unwrap();
    assert_eq!(files.iter().map(ProjectFile::name).collect::<Vec<_>>(), ["a.xlsx (Data)"]);
    assert_eq!(files[0].understood().unread_layers, ["2024"]);
}

#[test]
fn layers_of_a_geopackage_are_compared_with_each_other() {
    let feature = |id: &str| {
        json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [114.25, -8.5] },
            "properties": { "id": id, "title": "Talud", "village_code": "35.10.01.2001", "year": 2025 } })
    };
    let two = geopackage(&[("2024", &[feature("1")], 4326), ("2025", &[feature("1"), feature("2")], 4326)]);
    let files = ProjectFile::open_each(&Input::bytes("a.gpkg", two), &ReadOptions::default()).unwrap();
    assert_eq!(files.into_iter().map(|file| file.map(Result::unwrap).count()).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn borders_are_read_from_every_format_with_features() {
    let ring = json!([[[114, -8], [114.1, -8], [114.1, -8.1], [114, -8]]]);
    let features: Vec<Value> = ["35.10.01.2001", "35.10.01.2002"]
        .map(|code| {
            json!({ "type": "Feature", "properties": { "code": code, "name": "Desa" },
                "geometry": { "type": "Polygon", "coordinates": ring } })
        })
        .to_vec();
    let other = [json!({ "type": "Feature", "properties": { "ruas": "1" }, "geometry": null })];
    let geojson = json!({ "type": "FeatureCollection", "features": features }).to_string().into_bytes();
    let read = |bytes: Vec<u8>, layer: Option<&str>| {
        let reading = VillageReading { layer: layer.map(str::to_owned), ..VillageReading::default() };
        read_villages(&Input::bytes("batas", bytes), &reading, &Progress::default())
    };
    let expected = read(geojson, None).unwrap().good;
    assert_eq!(expected.len(), 2);
    assert_eq!(read(geopackage(&[("jalan", &other, 4326), ("desa", &features, 4326)]), None).unwrap().good, expected);
    assert_eq!(read(flatgeobuf(&features, 4326, false), None).unwrap().good, expected);
    let twice = geopackage(&[("2024", &features, 4326), ("2025", &features, 4326)]);
    assert_eq!(read(twice.clone(), None).unwrap_err().code(), "many_layers");
    assert_eq!(read(twice, Some("2025")).unwrap().good, expected);
    assert_eq!(read(b"code;name\n".to_vec(), None).unwrap_err().code(), "not_borders");
}
