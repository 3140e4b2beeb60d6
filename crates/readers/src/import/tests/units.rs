//! Sums in thousands and millions, sizes in other units, days of other orders: a wrong value is never stored without a word.

use super::*;
use crate::import::Needs;
use serde_json::{Value, json};

/// The rows of a table of one column, beside what identifies them; what is unknown of each, and the notes.
fn of_column(heading: &str, above: &str, cells: &[&str]) -> (Vec<ProjectRow>, Vec<Vec<&'static str>>, Vec<Note>) {
    let rows = (1..).zip(cells).map(|(id, cell): (u32, &&str)| format!("{id};Talud {id};35.10.01.2001;2026;{cell}\n"));
    let table = format!("{above}id;judul;kode desa;tahun;{heading}\n{}", rows.collect::<String>());
    let mut file = ProjectFile::open(&Input::bytes("a.csv", table.as_bytes()), &ReadOptions::default()).unwrap();
    let mut rows = Vec::new();
    for row in &mut file {
        match row.unwrap() {
            Row::Good(row) => rows.push(*row),
            Row::Refused(cells) => panic!("{cells:?}"),
        }
    }
    let unknown = rows.iter().map(|row| row.unknown.iter().map(|cell| cell.invalid.code).collect()).collect();
    (rows, unknown, file.understood().notes)
}

fn sums(heading: &str, above: &str, cells: &[&str]) -> Vec<Option<i64>> {
    of_column(heading, above, cells).0.iter().map(|row| row.budget_rupiah).collect()
}

#[test]
fn a_sum_has_the_unit_that_its_heading_names() {
    for (heading, cells, expected) in [
        ("Pagu (ribu rupiah)", &["82.500", "1.140.250", "975"][..], [82_500_000, 1_140_250_000, 975_000]),
        ("Pagu (Rp. 000)", &["82.500", "1.140.250", "975"], [82_500_000, 1_140_250_000, 975_000]),
        ("Anggaran (Rp juta)", &["82", "1.140,25", "97,5"], [82_000_000, 1_140_250_000, 97_500_000]),
        ("Nilai (Milyar)", &["0,5", "1,25", "2"], [500_000_000, 1_250_000_000, 2_000_000_000]),
        // A cell with its own unit has that one.
        ("Pagu (juta)", &["82 juta", "Rp 975 ribu", "1,5"], [82_000_000, 975_000, 1_500_000]),
    ] {
        assert_eq!(sums(heading, "", cells), expected.map(Some), "{heading}");
    }
    let (_, _, notes) = of_column("Pagu (ribu rupiah)", "", &["82.500"]);
    let told = notes.iter().find(|note| note.code == "sums_in_unit").unwrap();
    assert_eq!((&told.values["column"], &told.values["one"]), (&json!("Pagu (ribu rupiah)"), &json!(1_000)));
    assert!(of_column("Pagu (Rp)", "", &["82.500"]).2.is_empty());
}

#[test]
fn a_line_above_the_table_names_the_unit_of_its_sums() {
    let above = "REKAPITULASI DANA DESA;;;;\n(dalam ribuan rupiah);;;;\n";
    let cells = ["82.500", "975", "1.140.250"];
    assert_eq!(sums("pagu", above, &cells), [Some(82_500_000), Some(975_000), Some(1_140_250_000)]);
    // Before a unit, as before a word for one, three digits may be a fraction.
    assert_eq!(of_column("pagu", above, &["82.500"]).1, [["number_of_two_readings"]]);
    assert_eq!(sums("pagu", "DAFTAR 1000 KEGIATAN;;;;\n", &["82.500"]), [Some(82_500)]);
}

#[test]
fn a_sum_that_may_be_of_another_unit_is_unknown_and_told() {
    for (heading, cell, code) in [
        // A whole column in millions without a word.
        ("pagu", "82,5", "sum_of_another_unit"),
        ("pagu (juta rupiah)", "82.500.000", "sum_beyond_its_unit"),
        // In English M is a million.
        ("Budget", "1.2M", "million_or_milliard"),
        ("Monto", "75 mil", "million_or_milliard"),
    ] {
        let (rows, unknown, _) = of_column(heading, "", &[cell]);
        assert_eq!((rows[0].budget_rupiah, unknown[0].as_slice()), (None, &[code][..]), "{heading}: {cell}");
    }
    assert_eq!(sums("pagu", "", &["1,2 M", "82.500.000,5", "Rp -"]), [Some(1_200_000_000), Some(82_500_001), None]);
    assert_eq!(sums("pagu", "", &["82.500.000 (delapan puluh dua juta)", "82.500.000*"]), [Some(82_500_000); 2]);
}

#[test]
fn a_size_is_one_quantity_in_one_unit() {
    let size = |heading: &str, cell: &str| {
        let (rows, unknown, _) = of_column(heading, "", &[cell]);
        let row = &rows[0];
        unknown[0].first().map_or_else(|| json!([row.volume, row.volume_unit]), |code| Value::from(*code))
    };
    for (heading, cell, expected) in [
        ("volume", "1/2 km", json!([0.5, "km"])),
        ("volume", "130x3x0,15", json!([130.0, "m"])),
        ("volume", "P=130 L=3", json!([130.0, "m"])),
        ("volume", "panjang 130 m, lebar 3 m", json!([130.0, "m"])),
        ("volume", "1 (satu) unit", json!([1.0, "unit"])),
        ("volume", "± 130 m", json!([130.0, "m"])),
        ("volume", "3 titik @ 5 m", json!([3.0, "titik"])),
        ("volume", "130 m'", json!([130.0, "m'"])),
        ("volume", "100 m + 50 m", json!("not_a_quantity")),
        ("volume", "100-150 m", json!("not_a_quantity")),
        ("Volume (m2)", "390", json!([390.0, "m2"])),
        ("Panjang (km)", "1,5", json!([1_500.0, "m"])),
        ("Length (ft)", "100", json!([30.48, "m"])),
        ("Panjang (unit)", "4", json!([4.0, "unit"])),
    ] {
        assert_eq!(size(heading, cell), expected, "{heading}: {cell}");
    }
}

#[test]
fn the_year_comes_first_where_the_column_shows_it() {
    let days = |cells: &[&str]| -> Vec<String> {
        let (rows, _, _) = of_column("tanggal mulai", "", cells);
        rows.iter().map(|row| row.start_on.map(|day| day.to_string()).unwrap_or_default()).collect()
    };
    assert_eq!(days(&["26-03-09", "26-03-31", "26-11-02"]), ["2026-03-09", "2026-03-31", "2026-11-02"]);
    let (_, _, notes) = of_column("tanggal mulai", "", &["26-03-09", "26-03-31", "26-11-02"]);
    assert!(notes.iter().any(|note| note.code == "years_first"), "{notes:?}");
    // The same day in three years following each other.
    assert_eq!(days(&["17-08-24", "17-08-25", "17-08-26"]), ["2024-08-17", "2025-08-17", "2026-08-17"]);
    assert_eq!(days(&["09-03-26", "31-03-26", "02-11-26"]), ["2026-03-09", "2026-03-31", "2026-11-02"]);
}

#[test]
fn a_day_far_from_the_year_of_the_budget_is_told_and_a_midnight_is_of_its_own_zone() {
    let (rows, unknown, _) = of_column(
        "tanggal mulai",
        "",
        &["1970-01-01", "17/08/98", "2026-08-17T00:00:00+09:00", "2026-08-16T17:00:00Z"],
    );
    let days: Vec<Option<String>> = rows.iter().map(|row| row.start_on.map(|day| day.to_string())).collect();
    let day = Some("2026-08-17".to_owned());
    assert_eq!(days, [None, None, day.clone(), day]);
    assert_eq!(unknown, [vec!["day_far_from_year"], vec!["day_far_from_year"], vec![], vec![]]);
}

#[test]
fn a_sum_merged_over_several_works_is_of_none_of_them_and_a_village_is_of_all() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        ["Desa", "Kegiatan", "Pagu", "Volume", "DD"],
        ["", "Talud", "", "", ""],
        ["", "Gapura", "", "", ""],
        ["Kabat", "Pos", "", "", ""],
    ];
    for (row, cells) in (0..).zip(rows) {
        sheet.write_row(row, 0, cells).unwrap();
    }
    let style = rust_xlsxwriter::Format::new();
    for (column, text) in [(0, "Tambong"), (2, "90.000.000"), (3, "120 m"), (4, "60.000.000")] {
        sheet.merge_range(1, column, 2, column, text, &style).unwrap();
    }
    sheet.write_number(3, 2, 5e6).unwrap();
    sheet.write_number(3, 4, 5e6).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let mut file = ProjectFile::open(&Input::bytes("a.xlsx", bytes), &options).unwrap();
    let mut read = Vec::new();
    for row in &mut file {
        let Row::Good(row) = row.unwrap() else { panic!() };
        let of_funds: Vec<Option<i64>> = row.funding.iter().map(|line| line.amount_rupiah).collect();
        read.push((row.village_name.unwrap(), row.budget_rupiah, row.volume, of_funds));
    }
    let tambong = ("Tambong".to_owned(), None, None, vec![]);
    let kabat = ("Kabat".to_owned(), Some(5_000_000), None, vec![Some(5_000_000)]);
    assert_eq!(read, [tambong.clone(), tambong, kabat]);
    let notes = file.understood().notes;
    let told = |code: &str| notes.iter().find(|note| note.code == code).unwrap().values["columns"].clone();
    assert_eq!((told("merged_sums"), told("merged_filled")), (json!(["DD", "Pagu", "Volume"]), json!(["Desa"])));
}

#[test]
fn sums_in_columns_by_fund_are_the_funds_of_the_work_and_its_budget() {
    let table = "RENCANA KERJA PEMERINTAH DESA;;;;;;;\n\
        No;Kegiatan;Kode Desa;Tahun;Sumber Dana;;;Jumlah\n\
        ;;;;DD;ADD (Rp);PAD;\n\
        1;Rabat Beton Dusun Krajan;35.10.01.2001;2026;100.000.000;50.000.000;0;150.000.000\n\
        2;Talud Sungai;35.10.01.2001;2026;75.500.000;;-;75.500.000\n\
        3;Drainase RT 3;35.10.01.2001;2026;;V;banyak;\n\
        ;JUMLAH;;;175.500.000;50.000.000;;225.500.000\n";
    let options = ReadOptions { key: vec!["title".into()], ..ReadOptions::default() };
    let (rows, refused) = read_with("rkp.csv", table.as_bytes(), &options).unwrap();
    assert_eq!(refused, []);
    let funds = |row: &ProjectRow| {
        let line = |line: &crate::domain::project::FundingLine| (line.fund.clone(), line.amount_rupiah);
        row.funding.iter().map(line).collect::<Vec<_>>()
    };
    let named = |name: &str, sum: i64| (name.to_owned(), Some(sum));
    assert_eq!(rows.len(), 3);
    assert_eq!(funds(&rows[0]), [named("DD", 100_000_000), named("ADD", 50_000_000)]);
    assert_eq!(rows[0].budget_rupiah, Some(150_000_000));
    assert_eq!((funds(&rows[1]), rows[1].budget_rupiah), (vec![named("DD", 75_500_000)], Some(75_500_000)));
    // A cell that is no sum costs the funds of its row, and is told.
    assert_eq!((funds(&rows[2]), rows[2].budget_rupiah), (vec![], None));
    let unknown: Vec<_> = rows[2].unknown.iter().map(|cell| (&*cell.column, cell.invalid.code)).collect();
    assert_eq!(unknown, [("PAD", "not_money")]);
}

#[test]
fn a_fund_that_a_list_names_has_its_sum_from_the_column_of_that_fund() {
    let table = "id;judul;kode desa;tahun;sumber dana;DD;PAD\n\
        1;Talud;35.10.01.2001;2026;DD + CSR;80.000.000;\n\
        2;Gapura;35.10.01.2001;2026;;v;v\n";
    let rows = good("a.csv", table.as_bytes());
    let funds =
        |row: &ProjectRow| row.funding.iter().map(|line| (line.fund.clone(), line.amount_rupiah)).collect::<Vec<_>>();
    assert_eq!(funds(&rows[0]), [("DD".to_owned(), Some(80_000_000)), ("CSR".to_owned(), None)]);
    // One of them has no sum, so nobody knows what the work costs.
    assert_eq!(rows[0].budget_rupiah, None);
    assert_eq!(funds(&rows[1]), [("DD".to_owned(), None), ("PAD".to_owned(), None)]);
}
