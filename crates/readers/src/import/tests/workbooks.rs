//! Spreadsheets with all that people do in them.

use super::*;
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook};

fn book(fill: impl Fn(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

fn table(book: &mut Workbook) {
    book.add_worksheet().set_name("Petunjuk").unwrap().write_string(0, 0, "Isi lembar berikut").unwrap();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "DAFTAR KEGIATAN TAHUN 2025").unwrap();
    let heads = ["ID", "Nama Paket", "Kode Desa", "Tahun", "Pagu (Rp)", "Volume", "Satuan", "Koordinat", "Mulai"];
    for (at, head) in heads.into_iter().enumerate() {
        sheet.write_string(2, u16::try_from(at).unwrap(), head).unwrap();
    }
    sheet.write_number(3, 0, 1.0).unwrap();
    sheet.write_string(3, 1, "Rabat Beton \"Melati\"\nRT 02").unwrap();
    sheet.write_number(3, 2, 3_510_012_001.0).unwrap();
    sheet.write_number(3, 3, 2025.0).unwrap();
    sheet.write_number(3, 4, 150_000_000.0).unwrap();
    sheet.write_number(3, 5, 120.5).unwrap();
    sheet.write_string(3, 6, "m").unwrap();
    sheet.write_string(3, 7, "8°12'48\"S, 114°22'25\"E").unwrap();
    let day = ExcelDateTime::from_ymd(2025, 3, 17).unwrap();
    sheet.write_datetime_with_format(3, 8, &day, &Style::new().set_num_format("dd/mm/yyyy")).unwrap();
    sheet.write_string(5, 0, "2").unwrap();
    sheet.write_string(5, 1, "Sumur Bor").unwrap();
    sheet.write_string(5, 2, "35.10.01.2001").unwrap();
    sheet.write_string(5, 3, "2025").unwrap();
    sheet.write_string(5, 4, "Rp 87.500.000,00").unwrap();
    sheet.write_string(5, 7, "-8,2133 114,3735").unwrap();
}

#[test]
fn a_workbook_is_read_as_its_owner_sees_it() {
    let (good, refused) = read("kegiatan.xlsx", &book(table)).unwrap();
    assert!(refused.is_empty(), "{refused:?}");
    let [first, second] = good.as_slice() else { panic!("{good:?}") };
    assert_eq!((first.row, first.external_id.as_str(), first.title.as_str()), (4, "1", "Rabat Beton \"Melati\" RT 02"));
    assert_eq!(first.village_code.as_deref(), Some("35.10.01.2001"));
    assert_eq!((first.fiscal_year, first.budget_rupiah, first.volume), (Some(2025), Some(150_000_000), Some(120.5)));
    assert_eq!(first.start_on.map(|day| day.to_string()).as_deref(), Some("2025-03-17"));
    assert!(first.footprint.is_some() && second.footprint.is_some());
    assert_eq!((second.row, second.budget_rupiah), (6, Some(87_500_000)));
}

#[test]
fn a_file_that_is_not_a_workbook_is_refused_with_the_reason() {
    let whole = book(table);
    for cut in [&whole[..whole.len() / 2], &b"\xD0\xCF\x11\xE0\xA1\xB1"[..]] {
        let refused = ProjectFile::open(&Input::bytes("a.xlsx", cut.to_vec()), &ReadOptions::default());
        assert_eq!(refused.map(|_| ()).unwrap_err().code(), "not_workbook");
    }
    let other = ProjectFile::open(&Input::bytes("a.xlsx", *b"PK\x03\x04 and nothing"), &ReadOptions::default());
    assert_eq!(other.map(|_| ()).unwrap_err().code(), "file_of_other_kind");
    let empty = book(|book| {
        book.add_worksheet();
    });
    let refused = ProjectFile::open(&Input::bytes("a.xlsx", empty), &ReadOptions::default());
    assert_eq!(refused.map(|_| ()).unwrap_err().code(), "file_empty");
}

#[test]
fn a_cell_in_a_far_corner_of_a_sheet_costs_no_more_than_any_other() {
    let far = book(|book| {
        table(book);
        let sheet = book.worksheet_from_index(1).unwrap();
        sheet.write_string(60_000, 16_383, "catatan").unwrap();
    });
    let (good, refused) = read("kegiatan.xlsx", &far).unwrap();
    assert_eq!(good.len(), 2);
    assert!(refused.iter().all(|cell| cell.row == 60_001), "{refused:?}");
}

#[test]
fn a_workbook_that_makes_its_reader_panic_is_reported_as_unreadable() {
    // Found by fuzzing: the last corner of the sheet before its first.
    let sheet = r#"<worksheet><dimension ref="Q1:D3"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>"#;
    let read = read("a.xlsx", &super::made::workbook(sheet.as_bytes()));
    assert!(read.is_err(), "{read:?}");
}
