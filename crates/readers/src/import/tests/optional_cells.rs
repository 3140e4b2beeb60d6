//! Cells that cost their own value and not the row; rows that are only compared.

use super::*;
use crate::domain::project::Status;

fn compared() -> ReadOptions {
    ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() }
}

fn unknown(row: &ProjectRow) -> Vec<(&str, &'static str)> {
    row.unknown.iter().map(|cell| (cell.column.as_str(), cell.invalid.code)).collect()
}

#[test]
fn a_doubtful_cell_costs_its_value_and_not_the_row() {
    let long = "Kelompok ".repeat(30);
    let csv = format!(
        "id;judul;kode_desa;tahun;status;opd;pagu;sumber_dana;volume;rt/rw;mulai;dusun;akurasi;kode kegiatan\n\
         1;Jalan;35.10.01.2001;2026;1;PT Maju;banyak;{long};luas;sekitar;kemarin;{long};baik;99.99.99.99\n"
    );
    let rows = good("a.csv", csv.as_bytes());
    let row = &rows[0];
    let mut told = unknown(row);
    told.sort_unstable();
    let expected = [
        ("akurasi", "not_an_accuracy"),
        ("dusun", "too_long"),
        ("kode kegiatan", "not_an_activity_code"),
        ("mulai", "not_a_day"),
        ("opd", "unknown_authority"),
        ("pagu", "not_money"),
        ("rt/rw", "not_rt_rw"),
        ("status", "unknown_status"),
        ("sumber_dana", "too_long"),
        ("volume", "not_a_quantity"),
    ];
    assert_eq!(told, expected);
    assert_eq!((row.status, row.budget_rupiah, row.hamlet.as_deref()), (None, None, None));
    // What is stored of it stays: the row says nothing of these fields.
    for field in ["status", "budget_rupiah", "hamlet", "funding", "start_on"] {
        assert!(!row.cells.contains_key(field), "{field}");
    }
    assert_eq!(row.cells["fiscal_year"], "2026");
}

#[test]
fn what_identifies_a_row_is_never_doubtful() {
    let csv =
        "id;judul;kode_desa;tahun\n;A;35.10.01.2001;2026\n2;;35.10.01.2001;2026\n3;A;99;2026\n4;A;35.10.01.2001;x\n";
    let (good, refused) = read("a.csv", csv.as_bytes()).unwrap();
    assert_eq!(good, []);
    let codes: Vec<_> = refused.iter().map(|cell| (cell.row, cell.invalid.code)).collect();
    assert_eq!(codes, [(2, "missing"), (3, "missing"), (4, "not_a_village_code"), (5, "not_a_year")]);
}

#[test]
fn a_row_without_a_title_and_one_with_an_endless_title_are_compared() {
    let endless = "Saluran irigasi ".repeat(100);
    let csv = format!("id;judul;pagu;tahun\n1;;5000000;2026\n2;{endless};5000000;2026\n");
    let (rows, refused) = read_with("a.csv", csv.as_bytes(), &compared()).unwrap();
    assert_eq!((rows.len(), refused.len()), (2, 0));
    assert_eq!((rows[0].title.as_str(), rows[0].budget_rupiah), ("", Some(5_000_000)));
    assert_eq!(rows[1].title.chars().count(), 1_000);
    assert_eq!(unknown(&rows[1]), [("judul", "title_cut")]);
    // It is registered with up to a thousand characters.
    let of = |chars: usize| format!("id;judul;kode_desa;tahun\n1;{};35.10.01.2001;2026\n", "a".repeat(chars));
    assert_eq!(read("a.csv", of(1_000).as_bytes()).unwrap().0.len(), 1);
    assert_eq!(read("a.csv", of(1_001).as_bytes()).unwrap().1[0].invalid.code, "too_long");
}

#[test]
fn parts_without_size_are_left_out_and_said() {
    let sliver =
        r#"{"type":"MultiLineString","coordinates":[[[114.35,-8.25],[114.36,-8.26]],[[114.36,-8.26],[114.36,-8.26]]]}"#;
    let rows = good("a.geojson", &collection(&[feature("1", sliver, "")]));
    assert_eq!(rows[0].footprint.as_ref().map(|footprint| footprint.parts.len()), Some(1));
    assert_eq!(unknown(&rows[0]), [("geometry", "parts_without_size")]);
    let point = r#"{"type":"LineString","coordinates":[[114.36,-8.26],[114.36,-8.26]]}"#;
    let rows = good("a.geojson", &collection(&[feature("1", point, "")]));
    assert_eq!((rows[0].footprint.is_none(), unknown(&rows[0])), (true, vec![("geometry", "line_without_length")]));
}

#[test]
fn ids_that_begin_anew_in_each_village_count_with_it() {
    let csv = "desa_id,id,judul,tahun\n35.10.01.2001,1,Drainase,2026\n35.10.01.2002,1,Jalan,2026\n";
    let rows = good("opendk.csv", csv.as_bytes());
    let ids: Vec<&str> = rows.iter().map(|row| row.external_id.as_str()).collect();
    assert_eq!(ids, ["35.10.01.2001|1", "35.10.01.2002|1"]);
    // Of another file the refusal names the key.
    let (_, refused) = read("a.csv", csv.replace("desa_id", "Kode Desa").as_bytes()).unwrap();
    assert_eq!(
        (refused[0].invalid.code, &refused[0].invalid.values["with_village"]),
        ("duplicate_key", &"Kode Desa,id".into())
    );
    let (_, refused) = read("a.csv", csv.replace("desa_id", "Kode Desa").replace("2002", "2001").as_bytes()).unwrap();
    assert!(refused[0].invalid.values["with_village"].is_null());
}

#[test]
fn a_code_that_a_spreadsheet_has_cut_stops_the_row() {
    let csv = "id;judul;kode_desa;tahun\nK-1;Jalan;3,51014E+09;2026\n3,51E+09;Jalan;35.10.01.2001;2026\n";
    let (_, refused) = read("a.csv", csv.as_bytes()).unwrap();
    let codes: Vec<_> = refused.iter().map(|cell| (cell.column.as_str(), cell.invalid.code)).collect();
    assert_eq!(codes, [("kode_desa", "code_cut_by_spreadsheet"), ("id", "code_cut_by_spreadsheet")]);
}

#[test]
fn a_status_of_a_tender_is_none_of_the_work() {
    let csv = "kd_tender,nama_paket,kode_desa,tahun_anggaran,status_tender\n1,Jalan,35.10.01.2001,2026,Selesai\n\
               2,Talud,35.10.01.2001,2026,Gagal/Batal\n";
    let statuses: Vec<_> = good("spse.csv", csv.as_bytes()).into_iter().map(|row| row.status).collect();
    assert_eq!(statuses, [Some(Status::Approved), Some(Status::TenderFailed)]);
}

#[test]
fn a_name_in_the_column_of_the_code_and_a_code_in_that_of_the_name_are_read() {
    let csv = "id;judul;kode desa;tahun\n1;Talud;Tambong;2026\n2;Talud;35.10.14.2014;2026\n";
    let villages = |rows: &[ProjectRow]| {
        rows.iter().map(|row| (row.village_code.clone(), row.village_name.clone())).collect::<Vec<_>>()
    };
    let (name, code) = (Some("Tambong".to_owned()), Some("35.10.14.2014".to_owned()));
    assert_eq!(villages(&good("a.csv", csv.as_bytes())), [(None, name), (code.clone(), None)]);
    let csv = "id;judul;desa;tahun\n1;Talud;35.10.14.2014 - Tambong;2026\n";
    assert_eq!(good("a.csv", csv.as_bytes())[0].village_code, code);
}
