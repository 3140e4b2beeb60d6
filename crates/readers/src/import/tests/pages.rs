//! Lists over many pages and sheets: sums of every page and village, headings again, sheets beyond the first, columns of forms.

use super::*;
use crate::import::Needs;
use rust_xlsxwriter::Workbook;
use serde_json::json;

fn compared(name: &str, bytes: &[u8]) -> (Vec<ProjectRow>, Understood) {
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let mut file = ProjectFile::open(&Input::bytes(name, bytes), &options).unwrap();
    let mut rows = Vec::new();
    for row in &mut file {
        let Row::Good(row) = row.unwrap() else { panic!("a row is refused") };
        rows.push(*row);
    }
    (rows, file.understood())
}

fn titles(rows: &[ProjectRow]) -> Vec<&str> {
    rows.iter().map(|row| row.title.as_str()).collect()
}

#[test]
fn sums_of_pages_and_villages_and_headings_again_are_no_works() {
    let table = "No;Nama Kegiatan;Kode Desa;Tahun;Pagu\n\
        1;Talud;35.10.14.2014;2026;40.000.000\n2;Gapura;35.10.14.2014;2026;25.000.000\n\
        ;Jumlah Desa Tambong;;;65.000.000\n\
        Jumlah dipindahkan;;;;65.000.000\nNo;Nama Kegiatan;Kode Desa;Tahun;Pagu\nJumlah pindahan;;;;65.000.000\n\
        3;Drainase;35.10.14.2015;2026;30.000.000\n4;Pos kamling;35.10.14.2015;2026;5.000.000\n\
        ;Total Dana Desa Pendarungan;;;35.000.000\n;;;;100.000.000\n\
        ;Sub Jumlah Kecamatan Kabat;;;100.000.000\n;PPN 11 %;;;11.000.000\n;Dibulatkan;;;111.000.000\n";
    let (rows, understood) = compared("a.csv", table.as_bytes());
    assert_eq!(titles(&rows), ["Talud", "Gapura", "Drainase", "Pos kamling"]);
    assert_eq!(understood.totals, [4, 5, 7, 10, 11, 12, 13, 14]);
    let again = understood.notes.iter().find(|note| note.code == "headings_again").unwrap();
    assert_eq!(again.values["rows"], json!([6]));
    // What is called a sum and is none is a work.
    let table = "Nama Kegiatan;Tahun;Pagu\nTalud;2026;40.000.000\nGapura;2026;25.000.000\nJumlah lampu ditambah;2026;9.000.000\n";
    assert_eq!(titles(&compared("a.csv", table.as_bytes()).0), ["Talud", "Gapura", "Jumlah lampu ditambah"]);
}

#[test]
fn every_sheet_is_read_or_named_and_a_hidden_one_is_read_by_its_name_alone() {
    let mut book = Workbook::new();
    for village in 1..=25 {
        let sheet = book.add_worksheet();
        sheet.set_name(format!("Desa {village}")).unwrap().set_hidden(village == 7);
        for (row, cells) in [(0, ["Nama Kegiatan", "Tahun"]), (1, ["Talud", "2026"])] {
            sheet.write_row(row, 0, cells).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let files = ProjectFile::open_each(&Input::bytes("a.xlsx", bytes.clone()), &options).unwrap();
    assert_eq!((files.len(), files[0].understood().unread_layers), (24, vec!["Desa 7".to_owned()]));
    let named = ReadOptions { layer: Some("Desa 7".to_owned()), ..options };
    let files = ProjectFile::open_each(&Input::bytes("a.xlsx", bytes), &named).unwrap();
    assert_eq!(files.len(), 1);
}

#[test]
fn columns_of_forms_are_known_by_their_question_and_the_state_of_a_record_is_no_status() {
    let csv = "ec5_uuid,1_Judul,2_Tahun,3. Kode Desa,lat_4_Lokasi,long_4_Lokasi,accuracy_4_Lokasi\n\
        a,Talud,2026,35.10.14.2014,-8.247,114.295,5\n";
    let (rows, _) = compared("a.csv", csv.as_bytes());
    let footprint = rows[0].footprint.as_ref().unwrap();
    assert_eq!(
        (rows[0].title.as_str(), rows[0].fiscal_year, footprint.parts[0].accuracy_m),
        ("Talud", Some(2026), 5.0)
    );
    assert_eq!(rows[0].village_code.as_deref(), Some("35.10.14.2014"));
    let csv = "_id,judul,tahun,_status,_submission_time\n1,Talud,2026,submitted_via_web,2026-03-01T01:30:00\n";
    let (rows, understood) = compared("a.csv", csv.as_bytes());
    assert_eq!((rows[0].status, rows[0].unknown.len()), (None, 0));
    assert!(understood.unread.contains(&"_status".to_owned()));
    // A sum whose heading says rupiah is money, one that does not may be anything.
    let of =
        |heading: &str| compared("a.csv", format!("judul,{heading}\nTalud,5000000\n").as_bytes()).0[0].budget_rupiah;
    assert_eq!((of("Jumlah (Rp)"), of("Jumlah")), (Some(5_000_000), None));
}

#[test]
fn villages_that_stand_in_the_chapters_of_a_list_are_those_of_its_works() {
    let table = "DAFTAR KEGIATAN;;;;\nNo;Desa / Kegiatan;Tahun;Volume;Pagu\n\
        I;DESA TAMBONG;;;65.000.000\n1;Talud;2026;10 m;40.000.000\n2;Gapura;2026;1 unit;25.000.000\n\
        II;DESA PENDARUNGAN;;;\n1;Talud;2026;10 m;40.000.000\n;Jumlah;;;105.000.000\n";
    let (rows, understood) = compared("a.csv", table.as_bytes());
    let villages: Vec<_> = rows.iter().map(|row| row.village_name.as_deref().unwrap_or_default()).collect();
    assert_eq!(
        (titles(&rows), villages),
        (vec!["Talud", "Gapura", "Talud"], vec!["DESA TAMBONG", "DESA TAMBONG", "DESA PENDARUNGAN"])
    );
    assert_eq!(understood.totals, [8]);
    assert!(understood.matched.iter().any(|matched| matched.field == Field::VillageName && matched.column == "DESA"));
    // A column for the village comes before what a chapter says.
    let table = "Desa;Kegiatan;Tahun\nKabat;Talud;2026\nKabat;Gapura;2026\n";
    assert_eq!(compared("a.csv", table.as_bytes()).0[1].village_name.as_deref(), Some("Kabat"));
}
