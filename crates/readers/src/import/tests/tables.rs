//! Tables as spreadsheets write them.

use super::*;
use crate::domain::footprint::How;
use crate::domain::project::{Sensitivity, Status};
use geo::Geometry;

fn refused(csv: &str) -> Vec<(u64, String, &'static str)> {
    let (_, refused) = read("a.csv", csv.as_bytes()).unwrap();
    refused.into_iter().map(|cell| (cell.row, cell.column, cell.invalid.code)).collect()
}

const HABITS: &str = "DAFTAR KEGIATAN DESA;;;;;;;;;;;;\r\n\
    ;;;;;;;;;;;;\r\n\
    ID Kegiatan;Nama Paket;Kode Desa;Tahun Anggaran;Sumber Dana;Pagu (Rp);Volume;Lintang;Bujur;Tgl Mulai;Tgl Selesai;RT/RW;Status\r\n\
    (1);(2);(3);(4);(5);(6);(7);(8);(9);(10);(11);(12);(13)\r\n\
    K-1;\"Rabat Beton\r\nJalan Melati\";3510012001;TA 2025;DD + ADD;Rp 150.000.000,00;P 74 x L 4 m;-8,4531;114,1732;17/08/2025;45900;04/02;Selesai\r\n\
    \r\n\
    K-2;Drainase;35.10.01.2001;2025;DD;328,5 Jt;120,5 m;8°27'11\"S;114°10'24\"E;17 Agustus 2025;-;RT 03;gagal tender\r\n\
    K-3;TPT;35.10.01.2001;2025;DD;1,25 miliar;;;;;;;\r\n\
    K-4;;99;MMXXV;DD;banyak;;-8,4;;kemarin;;;\r\n";

#[test]
fn a_spreadsheet_with_all_its_quirks_is_read() {
    let (good, refused) = read("Data Desa.csv", HABITS.as_bytes()).unwrap();
    let [first, second, third] = good.as_slice() else { panic!("{good:?} {refused:?}") };
    assert_eq!((first.row, first.external_id.as_str(), first.title.as_str()), (5, "K-1", "Rabat Beton Jalan Melati"));
    assert_eq!(
        (first.village_code.as_deref(), first.fiscal_year, first.budget_rupiah),
        (Some("35.10.01.2001"), Some(2025), Some(150_000_000))
    );
    assert_eq!(first.funding.iter().map(|line| line.fund.as_str()).collect::<Vec<_>>(), ["DD", "ADD"]);
    assert_eq!((first.volume, first.volume_unit.as_deref()), (Some(74.0), Some("m")));
    assert_eq!(
        (first.rt.as_deref(), first.rw.as_deref(), first.status),
        (Some("04"), Some("02"), Some(Status::Finished))
    );
    assert_eq!(
        first.start_on.zip(first.finish_on).map(|(a, b)| (a.to_string(), b.to_string())),
        Some(("2025-08-17".into(), "2025-08-31".into()))
    );
    let place = first.footprint.as_ref().unwrap();
    assert_eq!(
        (place.how, &place.parts[0].geometry),
        (How::Import, &Geometry::Point(geo::Point::new(114.1732, -8.4531)))
    );
    assert_eq!(
        (second.row, second.budget_rupiah, second.volume, second.rt.as_deref()),
        (7, Some(328_500_000), Some(120.5), Some("03"))
    );
    assert_eq!((second.status, second.funding[0].amount_rupiah), (Some(Status::TenderFailed), Some(328_500_000)));
    assert_eq!(
        (third.row, third.budget_rupiah, third.status, third.footprint.is_none()),
        (8, Some(1_250_000_000), None, true)
    );
    let faults: Vec<_> = refused.iter().map(|cell| (cell.row, cell.column.as_str(), cell.invalid.code)).collect();
    let expected = [
        (9, "Nama Paket", "missing"),
        (9, "Kode Desa", "not_a_village_code"),
        (9, "Tahun Anggaran", "not_a_year"),
        (9, "Bujur", "coordinate_missing"),
    ];
    assert_eq!(faults, expected);
}

#[test]
fn the_source_is_the_file_unless_the_user_names_another() {
    let open = |options| ProjectFile::open(&Input::bytes("/up/Data Desa.csv", HABITS.as_bytes()), &options).unwrap();
    assert_eq!(open(ReadOptions::default()).source(), "file:Data Desa");
    assert_eq!(open(ReadOptions { source: Some("siskeudes".into()), ..ReadOptions::default() }).source(), "siskeudes");
}

#[test]
fn every_encoding_and_delimiter_gives_the_same_rows() {
    let text = "id;title;village_code;year\n1;Jalan Münster – Desa;35.10.01.2001;2025\n";
    let windows = text.replace('ü', "\u{1}").replace('–', "\u{2}").into_bytes();
    let windows: Vec<u8> = windows
        .into_iter()
        .map(|b| match b {
            1 => 0xFC,
            2 => 0x96,
            b => b,
        })
        .collect();
    let utf16: Vec<u8> =
        format!("\u{FEFF}{}", text.replace(';', "\t")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files = [
        windows,
        format!("\u{FEFF}{text}").into_bytes(),
        text.replace(';', ",").into_bytes(),
        text.replace(';', "\t").replace('\n', "\r\n").into_bytes(),
        format!("sep=;\n{text}").into_bytes(),
        utf16,
        text.trim_end().to_owned().into_bytes(),
    ];
    for bytes in files {
        let rows = good("a.csv", &bytes);
        assert_eq!(
            (rows.len(), rows[0].row, rows[0].title.as_str()),
            (1, 2, "Jalan Münster – Desa"),
            "{}",
            String::from_utf8_lossy(&bytes)
        );
    }
}

#[test]
fn a_file_without_an_id_column_suggests_columns_for_its_key() {
    let csv = "Kode Desa,Tahun,Nama Kegiatan,No\n35.10.01.2001,2025,Rabat Beton a.n. Misnan,1\n3510012001,TA 2025,Rabat Beton a.n. Jumari,2\n35.10.01.2001,2025,rabat  beton a.n. MISNAN,3\n,2025,x,4\n";
    let error = read("a.csv", csv.as_bytes()).unwrap_err();
    assert_eq!(error.code(), "no_key_column");
    assert_eq!(error.values()["suggested"], serde_json::json!(["Kode Desa", "Tahun", "Nama Kegiatan"]));
    let options = ReadOptions {
        key: ["village_code", "year", "title"].map(str::to_owned).to_vec(),
        owner_of,
        ..ReadOptions::default()
    };
    let (good, refused) = read_with("a.csv", csv.as_bytes(), &options).unwrap();
    assert_eq!(good.len(), 2);
    assert!(good.iter().all(
        |row| row.external_id.starts_with("35.10.01.2001|2025|rabat beton~") && !row.external_id.contains("misnan")
    ));
    assert_eq!(good[0].sensitivity, Sensitivity::Hamlet);
    let faults: Vec<_> = refused.iter().map(|cell| (cell.row, cell.invalid.code)).collect();
    assert_eq!(faults, [(4, "duplicate_key"), (5, "missing")]);
    assert_eq!(refused[0].invalid.values["first_row"], 2);
    let by_column = ReadOptions { key: vec!["no".to_owned()], ..ReadOptions::default() };
    assert_eq!(read_with("a.csv", csv.as_bytes(), &by_column).unwrap().0[1].external_id, "2");
    let wrong = ReadOptions { key: vec!["nomor".to_owned()], ..ReadOptions::default() };
    assert_eq!(read_with("a.csv", csv.as_bytes(), &wrong).unwrap_err().code(), "unknown_column");
}

#[test]
fn a_wrong_map_names_the_columns_that_exist() {
    let csv = b"id,Uraian Lengkap,village_code,year\n1,Rabat,35.10.01.2001,2025\n";
    let with = |map: &[(&str, &str)]| {
        let map = map.iter().map(|(field, column)| ((*field).to_owned(), (*column).to_owned())).collect();
        read_with("a.csv", csv, &ReadOptions { map, ..ReadOptions::default() })
    };
    assert_eq!(with(&[("title", "uraian lengkap")]).unwrap().0[0].title, "Rabat");
    assert_eq!(with(&[("judul", "Uraian Lengkap")]).unwrap().0[0].title, "Rabat");
    let wrong = with(&[("title", "Nama Paket")]).unwrap_err();
    assert_eq!(
        (wrong.code(), &wrong.values()["columns"]),
        ("unknown_column", &serde_json::json!(["id", "Uraian Lengkap", "village_code", "year"]))
    );
    assert_eq!(with(&[("titel", "Uraian Lengkap")]).unwrap_err().code(), "unknown_field");
    assert_eq!(with(&[("title", "id"), ("owner", "ID")]).unwrap_err().code(), "column_mapped_twice");
    assert_eq!(with(&[]).unwrap_err().code(), "missing_column");
}

#[test]
fn places_come_from_every_kind_of_cell() {
    let row = |columns: &str, cells: &str| {
        let csv = format!("id;title;village_code;year;{columns}\n1;Jalan;35.10.01.2001;2025;{cells}\n");
        good("a.csv", csv.as_bytes())
            .remove(0)
            .footprint
            .map(|footprint| footprint.parts.into_iter().map(|part| part.geometry).collect::<Vec<_>>())
    };
    let point = Geometry::Point(geo::Point::new(114.25, -8.5));
    let line = Geometry::LineString(vec![(114.25, -8.5), (114.26, -8.51)].into());
    assert_eq!(row("lat;lon", "-8,5;114,25"), Some(vec![point.clone()]));
    assert_eq!(row("Koordinat", "-8.5, 114.25"), Some(vec![point.clone()]));
    assert_eq!(row("lat_awal;lon_awal;lat_akhir;lon_akhir", "-8.5;114.25;-8.51;114.26"), Some(vec![line.clone()]));
    assert_eq!(row("lat1;lon1;lat2;lon2", "-8.5;114.25;;"), Some(vec![point.clone()]));
    assert_eq!(row("koordinat awal;koordinat akhir", "-8.5,114.25;114.26,-8.51"), Some(vec![line.clone()]));
    assert_eq!(row("wkt", "LINESTRING (114.25 -8.5, 114.26 -8.51)"), Some(vec![line.clone()]));
    assert_eq!(
        row("geometry", "\"SRID=4326;MULTIPOINT Z ((114.25 -8.5 3), (114.25 -8.5 4))\"").map(|parts| parts.len()),
        Some(2)
    );
    assert_eq!(row("geom", "\"{\"\"type\"\":\"\"Point\"\",\"\"coordinates\"\":[114.25,-8.5]}\""), Some(vec![point]));
    assert_eq!(row("lat;lon", "-;-"), None);
}

#[test]
fn swapped_coordinates_are_refused_and_corrected_on_request() {
    let csv =
        "id,title,village_code,year,lat,lon\n1,A,35.10.01.2001,2025,114.25,-8.5\n2,B,35.10.01.2001,2025,-8.5,114.25\n";
    let (good, refused) = read("a.csv", csv.as_bytes()).unwrap();
    assert_eq!(
        (good.len(), refused[0].row, refused[0].column.as_str(), refused[0].given.as_str()),
        (1, 2, "lat, lon", "114.25, -8.5")
    );
    assert_eq!(refused[0].invalid.code, "coordinates_swapped");
    assert_eq!(refused[0].invalid.values["readings"]["swapped"], serde_json::json!([114.25, -8.5]));
    let (good, refused) =
        read_with("a.csv", csv.as_bytes(), &ReadOptions { swap: true, ..ReadOptions::default() }).unwrap();
    assert_eq!((good.len(), refused.len()), (2, 0));
    assert_eq!(
        good[0].footprint.as_ref().map(|f| &f.parts[0].geometry),
        good[1].footprint.as_ref().map(|f| &f.parts[0].geometry)
    );
}

#[test]
fn bad_cells_are_reported_by_row_and_column() {
    let heading = "id,title,village_code,year,budget,lat,lon,wkt\n";
    let cases = [
        ("1,A,35.10.01.2001,2025,,-8.5,200,", "lat, lon", "off_the_earth"),
        ("1,A,35.10.01.2001,2025,,,,POLYGON((114 -8))", "wkt", "polygon_not_simple"),
        ("1,A,35.10.01.2001,2025,,,,CIRCLE(1)", "wkt", "geometry_not_readable"),
        ("1,A,35.10.01.2001,2025,,,,SRID=32750;POINT(1 2)", "wkt", "outside_crs"),
        ("1,A,35.10.01.2001,2025,,,,SRID=99999;POINT(1 2)", "wkt", "crs_not_supported"),
        ("1,A,35.10.01.2001,2025,1,2,3,4,5", "", "too_many_cells"),
        ("1,A,35.10.01.2001,1850,,,,", "year", "year_out_of_range"),
        ("1,A,35.10.01,2025,,,,", "village_code", "not_a_village_code"),
        ("1,\u{202E}A,35.10.01.2001,2025,,,,", "title", "direction_mark"),
        (",A,35.10.01.2001,2025,,,,", "id", "missing"),
        ("1,\"A,35.10.01.2001,2025,,,,\n2,B,35.10.01.2001,2025,,,,", "title", "quote_not_closed"),
    ];
    for (row, column, code) in cases {
        let refusals = refused(&format!("{heading}{row}\n"));
        assert!(refusals.first().is_some_and(|(row, _, found)| (*row, *found) == (2, code)), "{row}: {refusals:?}");
        assert!(code == "quote_not_closed" || refusals[0].1 == column, "{row}: {refusals:?}");
    }
    let long = refused(&format!("{heading}1,{},35.10.01.2001,2025,,,,\n", "a".repeat(10_000)));
    assert_eq!(long, [(2, "title".to_owned(), "too_long")]);
}

#[test]
fn changed_cells_are_recognised_by_their_canonical_text() {
    let row = |budget: &str, status: &str| {
        let csv = format!(
            "id;title;village_code;year;pagu;status;sumber_dana\n1;Jalan;35.10.01.2001;2025;{budget};{status};DD\n"
        );
        good("a.csv", csv.as_bytes()).remove(0).cells
    };
    let before = row("Rp 1.000.000", "Selesai");
    assert_eq!(before, row("1000000", "finished"));
    let after = row("2 jt", "selesai");
    let changed: Vec<&str> =
        before.iter().filter(|(name, text)| after[*name] != **text).map(|(name, _)| name.as_str()).collect();
    assert_eq!(changed, ["budget_rupiah"]);
    assert!(!before.contains_key("footprint") && !before.contains_key("volume"));
}

#[test]
fn rows_of_totals_are_skipped_and_listed_but_a_work_whose_title_begins_alike_is_kept() {
    let csv = "No;ID;Nama Paket;Kode Desa;TA;Pagu;Volume;Satuan\n\
        1;A;Total Station pengukuran jalan;35.10.01.2001;2025;50.000.000;;\n\
        2;B;Jumlah lampu ditambah 4 titik;35.10.01.2001;2025;60.000.000;4;titik\n\
        JUMLAH;;;;;110.000.000;;\n\
        ;;Sub Total A;;2025;Rp 110.000.000,-;12;paket\n\
        3;C;Jumlah;35.10.01.2001;2025;1;;\n\
        ;;Jumlah;;;;;;x\n";
    let read = |needs| {
        let options = ReadOptions { needs, ..ReadOptions::default() };
        let mut file = ProjectFile::open(&Input::bytes("a.csv", csv.as_bytes()), &options).unwrap();
        let (mut good, mut refused) = (Vec::new(), Vec::new());
        for row in &mut file {
            match row.unwrap() {
                Row::Good(row) => good.push(row.external_id),
                Row::Refused(cells) => refused.extend(cells.into_iter().map(|cell| (cell.row, cell.invalid.code))),
            }
        }
        (good, refused, file.understood().totals)
    };
    // Compared and imported alike; a row with a village is no total, one with a cell too many is reported as such.
    let expected = (["A", "B", "C"].map(str::to_owned).to_vec(), vec![(7, "too_many_cells")], vec![4, 5]);
    assert_eq!((read(Needs::Registration), read(Needs::Comparison)), (expected.clone(), expected));
    let total = |geometry: &str, title: &str| {
        format!(r#"{{"type":"Feature","geometry":{geometry},"properties":{{"fid":3,"title":"{title}","pagu":5}}}}"#)
    };
    let point = r#"{"type":"Point","coordinates":[114.25,-8.5]}"#;
    let bytes = collection(&[feature("1", point, ""), total("null", "TOTAL"), total(point, "TOTAL")]);
    let mut file = ProjectFile::open(&Input::bytes("a.geojson", bytes), &ReadOptions::default()).unwrap();
    assert_eq!((file.by_ref().count(), file.understood().totals), (2, vec![2]));
}
