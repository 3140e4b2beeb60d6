//! Boundary files as offices have them: attributes of BIG and BPS, codes as numbers, villages of several features.

use super::*;
use serde_json::{Value, json};
use std::collections::HashMap;

fn square(west: f64) -> Value {
    let (east, south, north) = (west + 0.01, -8.5, -8.49);
    json!({ "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]] })
}

fn village(properties: Value, west: f64) -> Value {
    json!({ "type": "Feature", "properties": properties, "geometry": square(west) })
}

fn read_with(features: &[Value], reading: &VillageReading) -> Result<VillageFile, ImportError> {
    let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
    read_villages(&Input::bytes("batas.geojson", text.into_bytes()), reading, &Progress::default())
}

fn read(features: &[Value]) -> VillageFile {
    read_with(features, &VillageReading::default()).unwrap()
}

/// Code, name, district, regency and code of BPS of each good village.
fn told(file: &VillageFile) -> Vec<[String; 5]> {
    let told = |VillageRow { code, border }: &VillageRow| {
        let bps_code = border.bps_code.clone().unwrap_or_default();
        [code.to_string(), border.name.clone(), border.district.clone(), border.regency.clone(), bps_code]
    };
    file.good.iter().map(told).collect()
}

#[test]
fn attributes_of_every_maker_are_known() {
    for properties in [
        json!({ "OBJECTID": 7, "NAMOBJ": "Krajan", "KDCPUM": "35.10.01", "KDEPUM": "35.10.01.2001", "KDPKAB": "35.10",
            "WADMKC": "Pesanggaran", "WADMKD": "Krajan", "WADMKK": "Banyuwangi", "WADMPR": "Jawa Timur" }),
        json!({ "KODE_DESA": "3510012001", "DESA": "Krajan", "KECAMATAN": "Pesanggaran", "KAB_KOTA": "Banyuwangi" }),
        json!({ "kode_kemendagri": "35.10.01.2001", "nama_desa": "Krajan", "nama_kecamatan": "Pesanggaran",
            "nama_kabupaten": "Banyuwangi" }),
        // A program that keeps the code as a number with a fraction.
        json!({ "code": 3_510_012_001.0, "name": "Krajan", "district": "Pesanggaran", "regency": "Banyuwangi" }),
    ] {
        let file = read(&[village(properties.clone(), 114.0)]);
        let expected = ["35.10.01.2001", "Krajan", "Pesanggaran", "Banyuwangi", ""].map(str::to_owned);
        assert_eq!(told(&file), [expected], "{properties}");
    }
}

#[test]
fn an_empty_attribute_gives_way_to_the_next_and_the_users_choice_comes_first() {
    let properties =
        json!({ "KDEPUM": "35.10.01.2001", "WADMKD": null, "NAMOBJ": "Krajan", "wilayah": "Dusun Krajan" });
    assert_eq!(read(&[village(properties.clone(), 114.0)]).good[0].border.name, "Krajan");
    let columns = VillageColumns { name: Some("WILAYAH".to_owned()), ..VillageColumns::default() };
    let file =
        read_with(&[village(properties, 114.0)], &VillageReading { columns, ..VillageReading::default() }).unwrap();
    assert_eq!(file.good[0].border.name, "Dusun Krajan");
    let matched: Vec<_> = file.matched.iter().map(|(field, column)| (field.as_str(), column.as_str())).collect();
    assert_eq!(matched, [("code", "KDEPUM"), ("name", "wilayah")]);
}

fn of_bps(id: &str, name: &str, west: f64) -> Value {
    village(json!({ "idkab": "3510", "idkec": &id[..7], "iddesa": id, "nmkec": "Pesanggaran", "nmdesa": name }), west)
}

#[test]
fn codes_of_bps_are_no_codes_of_kemendagri() {
    let features = [of_bps("3510010001", "Krajan", 114.0), of_bps("3510011002", "Tambong", 114.02)];
    let unknown = [(1, "iddesa", "unknown_bps_code"), (2, "iddesa", "unknown_bps_code")];
    let refused = |file: &VillageFile| -> Vec<(u64, String, &'static str)> {
        file.refused.iter().map(|cell| (cell.row, cell.column.clone(), cell.invalid.code)).collect()
    };
    let expected = unknown.map(|(row, column, code)| (row, column.to_owned(), code));
    assert_eq!(refused(&read(&features)), expected);
    // Also where the user takes them for codes: 3510011002 alone would be the kelurahan 35.10.01.1002.
    let columns = VillageColumns { code: Some("iddesa".to_owned()), ..VillageColumns::default() };
    let features = [features.as_slice(), &[of_bps("3510010003", "Lor", 114.04)]].concat();
    let reading = VillageReading { columns, ..VillageReading::default() };
    assert_eq!(refused(&read_with(&features, &reading).unwrap()).len(), 3);
    // The database knows what they mean.
    let known = [("3510010001", "35.10.01.2001"), ("3510011002", "35.10.02.2002"), ("3510010003", "35.10.01.2003")]
        .map(|(bps_code, code)| (bps_code.to_owned(), domain_code(code)));
    let file = read_with(&features, &VillageReading { by_bps_code: HashMap::from(known), ..reading }).unwrap();
    assert_eq!((file.refused.as_slice(), file.by_bps_code), (&[][..], 3));
    assert_eq!(
        told(&file)[1].each_ref().map(String::as_str),
        ["35.10.02.2002", "Tambong", "Pesanggaran", "", "3510011002"]
    );
}

fn domain_code(code: &str) -> crate::domain::village::RegionCode {
    crate::domain::village::RegionCode::parse_village("code", code).unwrap()
}

#[test]
fn both_codes_side_by_side_are_both_kept() {
    let both = village(json!({ "KDEPUM": "35.10.01.2001", "KDEBPS": "3510010001", "WADMKD": "Krajan" }), 114.0);
    assert_eq!(told(&read(&[both]))[0][4], "3510010001");
    // An id of another kind is none.
    let other = village(json!({ "KDEPUM": "35.10.01.2001", "iddesa": 17, "WADMKD": "Krajan" }), 114.0);
    assert_eq!(told(&read(&[other]))[0][4], "");
}

#[test]
fn one_wrong_code_among_others_is_refused_alone() {
    let of = |code: &str, west| village(json!({ "code": code, "name": "Desa" }), west);
    let file = read(&[of("3510012001", 114.0), of("3510010002", 114.02), of("3510012003", 114.04)]);
    assert_eq!((file.good.len(), file.refused[0].row, file.refused[0].invalid.code), (2, 2, "unknown_bps_code"));
}

#[test]
fn a_village_of_several_features_is_one_and_one_code_of_two_names_is_refused() {
    let of = |code: &str, name: &str, west| village(json!({ "code": code, "name": name }), west);
    let file = read(&[
        of("35.10.01.2001", "Krajan", 114.0),
        of("35.10.01.2002", "Tambong", 114.2),
        of("35.10.01.2001", "KRAJAN", 114.1),
        // Half over the first one.
        of("35.10.01.2001", "Krajan", 114.005),
        of("35.10.01.2003", "Lor", 114.3),
        of("35.10.01.2003", "Kidul", 114.4),
    ]);
    assert_eq!(file.good.iter().map(|row| row.border.feature).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(file.merged.iter().map(|merged| merged.features.clone()).collect::<Vec<_>>(), [[1, 3, 4]]);
    let area = &file.good[0].border.boundary;
    assert_eq!(area.0.len(), 2);
    use geo::Area;
    assert!((area.unsigned_area() - 0.00025).abs() < 1e-9, "{}", area.unsigned_area());
    let refused: Vec<_> = file.refused.iter().map(|cell| (cell.row, cell.invalid.code)).collect();
    assert_eq!(refused, [(5, "duplicate_code"), (6, "duplicate_code")]);
}

#[test]
fn a_boundary_file_that_states_its_system_wrongly_is_overruled() {
    let crs = json!({ "type": "name", "properties": { "name": "EPSG:32749" } });
    let feature = village(json!({ "code": "35.10.01.2001", "name": "Krajan" }), 114.0);
    let text = json!({ "type": "FeatureCollection", "crs": crs, "features": [feature] }).to_string();
    let input = Input::bytes("batas.geojson", text.into_bytes());
    assert_eq!(read_villages(&input, &VillageReading::default(), &Progress::default()).unwrap().good, []);
    let reading = VillageReading { crs: Some(Crs::wgs84()), ..VillageReading::default() };
    let file = read_villages(&input, &reading, &Progress::default()).unwrap();
    assert_eq!(file.good.len(), 1);
    assert_eq!(file.stated_crs.unwrap().code, Some(32_749));
}

#[test]
fn a_crosswalk_is_a_table_of_both_codes() {
    let table = "kode_bps;nama_bps;kode_dagri;nama_dagri\n3510010001;KRAJAN;35.10.01.2001;KRAJAN\n\
        3510010;PESANGGARAN;;\n3510010002;TAMBONG;35.10.01.2002;TAMBONG\n3510010003;A;35.10.01.2003;A\n\
        3510010004;B;35.10.01.2003;B\n351001;C;35.10.01.2005;C\n";
    let read = |text: &str| {
        read_crosswalk(&Input::bytes("kode.csv", text.as_bytes().to_vec()), &VillageColumns::default(), None)
    };
    let found = read(table).unwrap();
    let good: Vec<_> = found.good.iter().map(|(row, code, bps)| (*row, code.as_str(), bps.as_str())).collect();
    assert_eq!(good, [(2, "35.10.01.2001", "3510010001"), (4, "35.10.01.2002", "3510010002")]);
    let refused: Vec<_> =
        found.refused.iter().map(|cell| (cell.row, cell.column.as_str(), cell.invalid.code)).collect();
    let expected =
        [(5, "kode_dagri", "repeated_code"), (6, "kode_dagri", "repeated_code"), (7, "kode_bps", "not_a_bps_code")];
    assert_eq!(refused, expected);
    assert_eq!(read("kode_bps;nama\n3510010001;A\n").unwrap_err().code(), "unknown_column");
    assert_eq!(read("{\"type\":\"FeatureCollection\",\"features\":[]}").unwrap_err().code(), "not_crosswalk");
}

#[test]
fn codes_of_borders_are_read_as_people_and_programs_write_them() {
    let codes = ["3573011002,0", "3573011003.00", "3,573,011,004", "'3573011005", "357301.1006", "35-73-01-1007"];
    let features: Vec<Value> = (1_u8..)
        .zip(codes)
        .map(|(at, code)| village(json!({ "kode_desa": code, "nama": "A" }), 112.0 + f64::from(at)))
        .collect();
    let file = read(&features);
    let found: Vec<&str> = file.good.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(file.refused, []);
    let expected = (2..8).map(|last| format!("35.73.01.100{last}")).collect::<Vec<_>>();
    assert_eq!(found, expected);
    let cut = read(&[village(json!({ "kode_desa": "3,573E+09", "nama": "A" }), 112.0)]);
    assert_eq!(cut.refused[0].invalid.code, "code_cut_by_spreadsheet");
    // Codes of the United Nations are those of BPS.
    let reading = VillageReading {
        by_bps_code: HashMap::from([("3573010002".to_owned(), village_code("35.73.01.1002"))]),
        ..VillageReading::default()
    };
    let properties = json!({ "ADM4_PCODE": "ID3573010002", "ADM4_EN": "Arjosari", "ADM3_EN": "Blimbing" });
    let file = read_with(&[village(properties, 112.0)], &reading).unwrap();
    let expected = ["35.73.01.1002", "Arjosari", "Blimbing", "", "3573010002"].map(str::to_owned);
    assert_eq!(told(&file), [expected]);
}

fn village_code(code: &str) -> crate::domain::village::RegionCode {
    crate::domain::village::RegionCode::parse_village("code", code).unwrap()
}
