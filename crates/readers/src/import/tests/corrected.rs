//! Refused rows, written to a file, corrected there and read again.

use super::made::geopackage;
use super::*;
use serde_json::{Value, json};

fn refused_rows(name: &str, bytes: &[u8], options: &ReadOptions) -> String {
    let (_, refused) = read_with(name, bytes, options).unwrap();
    let mut out = Vec::new();
    let message = |invalid: &crate::domain::Invalid| format!("({})", invalid.code);
    let input = Input::bytes(name, bytes);
    let file = ProjectFile::open(&input, options).unwrap();
    write_refused_rows(&mut out, &input, options, file.origin(), &refused, message).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn refused_rows_of_a_table_are_written_verbatim_after_their_reason() {
    let csv = "DAFTAR KEGIATAN\n\nNo;ID;Nama Paket;Kode Desa;TA;Volume;Catatan\n\
        1;A;Jalan;35.10.01.2001;2025;12.5;ya\n2;B;;35.10.01.2001;25;1.500;\"dua; \"\"kutip\"\"\"\n3;C;Talud; RT 3;35.10.01.2001;2025;9;x\n";
    let options = ReadOptions::default();
    let text = refused_rows("DPMD.csv", csv.as_bytes(), &options);
    let expected = "\u{FEFF}tapak_reason;tapak_source;tapak_decimal;tapak_taken_key;No;ID;Nama Paket;Kode Desa;TA;Volume;Catatan\n\
        Nama Paket: (missing) | TA: (not_a_year);file:DPMD;.;;2;B;;35.10.01.2001;25;1.500;\"dua; \"\"kutip\"\"\"\n\
        (too_many_cells);file:DPMD;.;;3;C;Talud; RT 3;35.10.01.2001;2025;9;x\n";
    assert_eq!(text, expected);
    // Corrected, it is read with the source of the first file and its decimal point, and ours are no columns of theirs.
    let corrected =
        text.replace(";B;;", ";B;Irigasi;").replace(";25;", ";2025;").replace("Talud; RT 3;", "Talud RT 3;");
    let mut file = ProjectFile::open(&Input::bytes("perbaikan.csv", corrected.as_bytes()), &options).unwrap();
    assert_eq!((file.source(), file.unread()), ("file:DPMD", vec!["No".to_owned(), "Catatan".to_owned()]));
    let rows: Vec<Row> = file.by_ref().map(Result::unwrap).collect();
    let [Row::Good(first), Row::Good(second)] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((first.external_id.as_str(), first.volume, second.volume), ("B", Some(1.5), Some(9.0)));
    // What is still wrong then is written without a second set of our columns.
    let again = refused_rows("perbaikan.csv", text.as_bytes(), &options);
    assert_eq!(again.replace("perbaikan", "DPMD"), text);
    let named = ReadOptions { source: Some("siskeudes".to_owned()), ..options };
    let file = ProjectFile::open(&Input::bytes("perbaikan.csv", corrected.as_bytes()), &named).unwrap();
    assert_eq!(file.source(), "siskeudes");
}

#[test]
fn a_refused_row_takes_the_village_of_its_chapter_with_it() {
    let csv = "No;Desa / Kegiatan;Tahun;Pagu\nI;DESA TAMBONG;;\n1;Talud;2026;40.000.000\n2;Gapura;besok;25.000.000\n\
        II;DESA PENDARUNGAN;;\n1;Drainase;kemarin;40.000.000\n;Jumlah;;105.000.000\n";
    let options = ReadOptions { key: vec!["Desa / Kegiatan".to_owned()], ..ReadOptions::default() };
    let text = refused_rows("dpmd.csv", csv.as_bytes(), &options);
    let lines: Vec<&str> = text.lines().map(|line| line.split_once(";;").map_or(line, |(_, theirs)| theirs)).collect();
    assert_eq!(
        lines[0],
        "\u{FEFF}tapak_reason;tapak_source;tapak_decimal;tapak_taken_key;DESA;No;Desa / Kegiatan;Tahun;Pagu"
    );
    assert_eq!(
        lines[1..],
        ["DESA TAMBONG;2;Gapura;besok;25.000.000", "DESA PENDARUNGAN;1;Drainase;kemarin;40.000.000"]
    );
    let corrected = text.replace("besok", "2026").replace("kemarin", "2026");
    let (rows, refused) = read_with("lagi.csv", corrected.as_bytes(), &options).unwrap();
    assert_eq!(refused, []);
    let villages: Vec<_> = rows.iter().map(|row| row.village_name.as_deref().unwrap_or_default()).collect();
    assert_eq!(villages, ["DESA TAMBONG", "DESA PENDARUNGAN"]);
}

#[test]
fn a_row_under_the_key_of_another_does_not_replace_it_until_someone_confirms_it() {
    let csv = "ID;Nama Paket;Kode Desa;TA\nA;Jalan;35.10.01.2001;2025\nA;Talud;35.10.01.2001;2025\nB;Irigasi;35.10.01.2001;2025\n";
    let options = ReadOptions::default();
    let text = refused_rows("dpmd.csv", csv.as_bytes(), &options);
    assert!(text.contains("ID: (duplicate_key);file:dpmd;;A;A;Talud;"), "{text}");
    let codes = |text: &str| -> Vec<&str> {
        let (_, refused) = read_with("lagi.csv", text.as_bytes(), &options).unwrap();
        refused.iter().map(|cell| cell.invalid.code).collect()
    };
    assert_eq!(codes(&text), ["key_of_another_row"]);
    // However often it is refused.
    let again = refused_rows("lagi.csv", text.as_bytes(), &options);
    assert_eq!(codes(&again), ["key_of_another_row"]);
    // With a key of its own, or when somebody says that this is the right one.
    for corrected in [again.replace(";A;A;Talud", ";A;C;Talud"), again.replace(";A;A;Talud", ";;A;Talud")] {
        assert_eq!(read_with("lagi.csv", corrected.as_bytes(), &options).unwrap().0[0].title, "Talud");
    }
    let feature = |title: &str| {
        json!({ "type": "Feature", "geometry": null, "properties": {
        "id": "A", "title": title, "village_code": "35.10.01.2001", "year": 2025 } })
    };
    let features = json!({ "type": "FeatureCollection", "features": [feature("Jalan"), feature("Talud")] }).to_string();
    let text = refused_rows("dpmd.geojson", features.as_bytes(), &options);
    let (good, refused) = read_with("lagi.geojson", text.as_bytes(), &options).unwrap();
    assert_eq!((good.len(), refused[0].invalid.code), (0, "key_of_another_row"));
}

const TAKEN: &str = "ID;Nama Paket;Kode Desa;TA\nA;Talud;35.10.01.2001;salah\nA;Jalan;35.10.01.2001;2025\n\
    A;Irigasi;35.10.01.2001;salah juga\nB;Drainase;35.10.01.2001;lama\n";

/// The titles of the good rows of a file, and the refusals by row.
fn rows_and_refusals(name: &str, bytes: &[u8], options: &ReadOptions) -> (Vec<String>, Vec<(u64, &'static str)>) {
    let (good, refused) = read_with(name, bytes, options).unwrap();
    let mut codes: Vec<_> = refused.iter().map(|cell| (cell.row, cell.invalid.code)).collect();
    codes.sort_unstable();
    (good.into_iter().map(|row| row.title).collect(), codes)
}

#[test]
fn a_corrected_row_does_not_replace_the_good_one_that_has_its_key() {
    let workbook = {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (row, line) in TAKEN.lines().enumerate() {
            for (column, cell) in line.split(';').enumerate() {
                sheet.write(row as u32, column as u16, cell).unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    };
    let options = ReadOptions::default();
    for (name, bytes) in [("dpmd.csv", TAKEN.as_bytes()), ("dpmd.xlsx", &workbook)] {
        let (good, codes) = rows_and_refusals(name, bytes, &options);
        assert_eq!(good, ["Jalan"]);
        let expected =
            [(2, "duplicate_key"), (2, "not_a_year"), (4, "duplicate_key"), (4, "not_a_year"), (5, "not_a_year")];
        assert_eq!(codes, expected, "{name}: both faults are reported, whichever row comes first");
        let text = refused_rows(name, bytes, &options);
        let corrected = text.replace(";salah juga", ";2025").replace(";salah", ";2025").replace(";lama", ";2025");
        let expected = (vec!["Drainase".to_owned()], vec![(2, "key_of_another_row"), (3, "key_of_another_row")]);
        assert_eq!(rows_and_refusals("lagi.csv", corrected.as_bytes(), &options), expected, "{name}: {corrected}");
        for right in [corrected.replace(";A;A;Talud", ";A;C;Talud"), corrected.replace(";A;A;Talud", ";;A;Talud")] {
            assert_eq!(rows_and_refusals("lagi.csv", right.as_bytes(), &options).0, ["Talud", "Drainase"], "{right}");
        }
    }
}

#[test]
fn a_corrected_feature_does_not_replace_the_good_one_that_has_its_key() {
    let feature = |id: &str, title: &str, year: &str| {
        json!({ "type": "Feature", "geometry": null, "properties": {
            "id": id, "title": title, "village_code": "35.10.01.2001", "year": year } })
    };
    let rows = [feature("A", "Talud", "salah"), feature("A", "Jalan", "2025"), feature("B", "Drainase", "salah")];
    let options = ReadOptions::default();
    let bytes = json!({ "type": "FeatureCollection", "features": rows }).to_string();
    let corrected = refused_rows("dpmd.geojson", bytes.as_bytes(), &options).replace("\"salah\"", "\"2025\"");
    let expected = (vec!["Drainase".to_owned()], vec![(1, "key_of_another_row")]);
    assert_eq!(rows_and_refusals("lagi.geojson", corrected.as_bytes(), &options), expected, "{corrected}");
    let right = corrected.replace("\"tapak_taken_key\":\"A\"", "\"tapak_taken_key\":\"\"");
    assert_eq!(rows_and_refusals("lagi.geojson", right.as_bytes(), &options).0, ["Talud", "Drainase"]);
}

#[test]
fn a_composed_key_is_reserved_too_but_never_built_from_a_faulty_cell() {
    let csv = "Nama Paket;Kode Desa;TA;Volume\nTalud;35.10.01.2001;2025;banyak\nTALUD;3510012001;TA 2025;9\n\
        Talud;35.10.01.2001;salah;9\nTalud;35.10.01.2001;salah;9\n";
    let key = ["village_code", "year", "title"].map(str::to_owned).to_vec();
    let options = ReadOptions { key, ..ReadOptions::default() };
    let expected = [(3, "duplicate_key"), (4, "not_a_year"), (5, "not_a_year")];
    assert_eq!(rows_and_refusals("dpmd.csv", csv.as_bytes(), &options), (vec!["Talud".to_owned()], expected.to_vec()));
    // What is unknown makes no key.
    let key = ["title", "volume"].map(str::to_owned).to_vec();
    let options = ReadOptions { key, ..ReadOptions::default() };
    let (good, _) = rows_and_refusals("dpmd.csv", csv.replace("salah", "2025").as_bytes(), &options);
    assert_eq!(good, ["TALUD"]);
}

#[test]
fn a_reserved_key_stays_reserved_when_its_row_has_another_fault() {
    let csv = "ID;Nama Paket;Kode Desa;TA\nA;Jalan;35.10.01.2001;2025\nA;Talud;35.10.01.2001;2025\n";
    let options = ReadOptions::default();
    let first = refused_rows("dpmd.csv", csv.as_bytes(), &options);
    // Somebody empties the id by mistake, or writes beyond the last column, and mends that the next time.
    for (broken, mended) in [
        ((";A;A;Talud", ";A;;Talud"), (";A;;Talud", ";A;A;Talud")),
        ((";2025\n", ";2025;x\n"), (";2025;x\n", ";2025\n")),
    ] {
        let second = refused_rows("lagi.csv", first.replace(broken.0, broken.1).as_bytes(), &options);
        let third = second.replace(mended.0, mended.1);
        assert_eq!(
            rows_and_refusals("lagi.csv", third.as_bytes(), &options),
            (vec![], vec![(2, "key_of_another_row")]),
            "{third}"
        );
    }
}

#[test]
fn features_are_written_as_geojson_in_their_own_coordinates() {
    let feature = |id: &str, title: Option<&str>, x: f64, y: f64| {
        json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [x, y] }, "properties": {
            "kode": id, "title": title, "village_code": "35.10.01.2001", "year": 2025 } })
    };
    let features = [
        feature("1", Some("Jalan"), 871_768.6, 9_090_556.5),
        feature("2", None, 871_768.6, 9_090_556.5),
        feature("3", Some("Talud"), 114.3735, -8.2133),
    ];
    let options = ReadOptions { key: vec!["kode".to_owned()], ..ReadOptions::default() };
    let bytes = geopackage(&[("kegiatan", &features, 32_749)]);
    let text = refused_rows("dinas.gpkg", &bytes, &options);
    let written: Value = serde_json::from_str(&text).unwrap();
    let rows = written["features"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["geometry"]["coordinates"], json!([871_768.6, 9_090_556.5]));
    assert_eq!(rows[0]["properties"]["tapak_reason"], "title: (missing)");
    let corrected =
        text.replace("\"title\":null", "\"title\":\"Irigasi\"").replace("[114.3735,-8.2133]", "[871770.0,9090557.0]");
    let mut file = ProjectFile::open(&Input::bytes("x.geojson", corrected.as_bytes()), &options).unwrap();
    assert_eq!(file.source(), "file:dinas");
    let rows: Vec<Row> = file.by_ref().map(Result::unwrap).collect();
    let [Row::Good(first), Row::Good(second)] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((first.external_id.as_str(), second.external_id.as_str()), ("2", "3"));
}

#[test]
fn a_geometry_that_cannot_be_read_is_kept_to_be_corrected() {
    let bytes = collection(&[
        feature("1", r#"{"type":"Point","coordinates":[114.25]}"#, ""),
        feature("2", r#"{"type":"Point","coordinates":[1;1]}"#, ""),
    ]);
    let text = refused_rows("a.geojson", &bytes, &ReadOptions::default());
    assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
    assert!(text.contains("\"coordinates\":[114.25]") && text.contains("tapak_text"), "{text}");
}

#[test]
fn no_spreadsheet_runs_a_refused_row_and_it_is_read_back_unchanged() {
    let titles =
        ["=1+1", "+jalan", "-8° 12' 30\"", "@nama", "'kutip", "''=dua", "\tberada", "\rkembali", "-8,21", "Jalan"];
    let mut csv = ::csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    csv.write_record(["ID", "Nama Paket", "Kode Desa", "TA", "=Catatan"]).unwrap();
    for (at, title) in titles.iter().enumerate() {
        csv.write_record([&at.to_string(), *title, "35.10.01.2001", "salah", "x"]).unwrap();
    }
    let bytes = csv.into_inner().unwrap();
    let options = ReadOptions::default();
    let text = refused_rows("a.csv", &bytes, &options);
    let mut written =
        ::csv::ReaderBuilder::new().delimiter(b';').from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    assert_eq!(&written.headers().unwrap()[8], "'=Catatan");
    for row in written.records().map(Result::unwrap) {
        for cell in row.iter().filter(|cell| cell.replace(',', ".").parse::<f64>().is_err()) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?} is run");
        }
    }
    let corrected = text.replace(";salah;", ";2025;");
    let rows = |name: &str, bytes: &[u8]| -> Vec<String> {
        let file = ProjectFile::open(&Input::bytes(name, bytes), &options).unwrap();
        let rows = file.map(Result::unwrap).map(|row| match row {
            Row::Good(row) => row.title,
            Row::Refused(cells) => panic!("{cells:?}"),
        });
        rows.collect()
    };
    let as_they_stood = String::from_utf8(bytes.clone()).unwrap().replace(";salah;", ";2025;");
    assert_eq!(rows("b.csv", corrected.as_bytes()), rows("a.csv", as_they_stood.as_bytes()));
}
