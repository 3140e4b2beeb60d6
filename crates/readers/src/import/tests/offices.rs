//! Tables as offices have them: headings in several rows, merged cells, totals and chapters, what stands beside, formats of
//! report programs.

use super::*;
use crate::import::{Needs, Note};
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook, Worksheet};
use serde_json::{Value, json};

/// Rows and refusals of a file, compared only, and what is told of it.
pub(super) fn compared(name: &str, bytes: &[u8]) -> (Vec<ProjectRow>, Vec<(u64, &'static str)>, Vec<Note>) {
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let mut file = ProjectFile::open(&Input::bytes(name, bytes), &options).unwrap();
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    for row in &mut file {
        match row.unwrap() {
            Row::Good(row) => {
                refused.extend(row.unknown.iter().map(|cell| (cell.row, cell.invalid.code)));
                good.push(*row);
            }
            Row::Refused(cells) => refused.extend(cells.into_iter().map(|cell| (cell.row, cell.invalid.code))),
        }
    }
    (good, refused, file.understood().notes)
}

pub(super) fn rows(name: &str, bytes: &[u8]) -> Vec<ProjectRow> {
    let (good, refused, _) = compared(name, bytes);
    assert_eq!(refused, [], "{name}");
    good
}

pub(super) fn titles(rows: &[ProjectRow]) -> Vec<&str> {
    rows.iter().map(|row| row.title.as_str()).collect()
}

pub(super) fn note<'a>(notes: &'a [Note], code: &str) -> &'a serde_json::Map<String, Value> {
    &notes.iter().find(|note| note.code == code).unwrap_or_else(|| panic!("no {code} in {notes:?}")).values
}

/// Cells as they are typed: numbers where they are some.
fn sheet(fill: impl Fn(&mut Worksheet), cells: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(cells) {
        for (column, cell) in (0..).zip(*cells).filter(|(_, cell)| !cell.is_empty()) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, *cell).unwrap(),
            };
        }
    }
    fill(sheet);
    book.save_to_buffer().unwrap()
}

fn merge(sheet: &mut Worksheet, rows: (u32, u32), columns: (u16, u16), text: &str) {
    sheet.merge_range(rows.0, columns.0, rows.1, columns.1, text, &Style::new()).unwrap();
}

#[test]
fn a_heading_over_two_rows_with_merged_cells_names_every_column() {
    let bytes = sheet(
        |sheet| {
            merge(sheet, (0, 0), (0, 8), "REKAP KEGIATAN 2026");
            for (at, name) in [(0, "No"), (1, "Nama Pekerjaan"), (6, "Pagu (Rp)")] {
                merge(sheet, (1, 2), (at, at), name);
            }
            for (from, to, name) in [(2, 3, "Lokasi"), (4, 5, "Volume"), (7, 8, "Koordinat")] {
                merge(sheet, (1, 1), (from, to), name);
            }
        },
        &[
            &[],
            &[],
            &["", "", "Dusun", "RT/RW", "Jumlah", "Satuan", "", "Lintang", "Bujur"],
            &["1", "Talud Kali Setail", "Krajan", "02/05", "75.5", "m", "90000000", "-8.45", "114.12"],
        ],
    );
    let read = rows("rekap.xlsx", &bytes);
    let [row] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!((row.row, row.title.as_str(), row.hamlet.as_deref()), (4, "Talud Kali Setail", Some("Krajan")));
    assert_eq!((row.rt.as_deref(), row.rw.as_deref(), row.volume), (Some("02"), Some("05"), Some(75.5)));
    assert_eq!((row.volume_unit.as_deref(), row.budget_rupiah), (Some("m"), Some(90_000_000)));
    assert!(row.footprint.is_some());
}

#[test]
fn merged_cells_below_the_heading_are_filled_down_and_told() {
    let bytes = sheet(
        |sheet| merge(sheet, (1, 2), (0, 0), "35.10.14.2014"),
        &[
            &["Kode Desa", "Nama Kegiatan", "Tahun"],
            &["", "Gapura Krajan", "2026"],
            &["", "Drainase Wetan", "2026"],
            &["35.10.14.2015", "Pos kamling", "2026"],
        ],
    );
    let (good, _, notes) = compared("gabung.xlsx", &bytes);
    let codes: Vec<_> = good.iter().map(|row| row.village_code.as_deref().unwrap()).collect();
    assert_eq!(codes, ["35.10.14.2014", "35.10.14.2014", "35.10.14.2015"]);
    let told = note(&notes, "merged_filled");
    assert_eq!((&told["count"], &told["row"], &told["columns"]), (&json!(1), &json!(3), &json!(["Kode Desa"])));
}

#[test]
fn half_a_place_has_its_other_half_beside_it() {
    let cells: [&[&str]; 3] = [
        &["Koordinat", "", "Nama Kegiatan"],
        &["-8.45", "114.12", "Tugu batas"],
        &["-8.46, 114.13", "sudah dicek", "Gapura"],
    ];
    let merged = sheet(|sheet| merge(sheet, (0, 0), (0, 1), "Koordinat"), &cells);
    let unnamed = sheet(|_| {}, &cells);
    let text = b"Koordinat;;Nama Kegiatan\n-8,45;114,12;Tugu batas\n\"-8.46, 114.13\";sudah dicek;Gapura\n".to_vec();
    for (name, bytes) in [("a.xlsx", merged), ("b.xlsx", unnamed), ("c.csv", text)] {
        let places: Vec<_> =
            rows(name, &bytes).iter().map(|row| row.footprint.as_ref().unwrap().parts[0].geometry.clone()).collect();
        let point = |lon, lat| geo::Geometry::Point(geo::Point::new(lon, lat));
        assert_eq!(places, [point(114.12, -8.45), point(114.13, -8.46)], "{name}");
    }
}

#[test]
fn a_formula_without_its_result_is_told_and_one_with_it_is_read() {
    let text = |place: &str, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let rows = [
        format!("<row r=\"1\">{}{}</row>", text("A1", "Nama Kegiatan"), text("B1", "Pagu")),
        format!("<row r=\"2\">{}<c r=\"B2\"><f>2*45</f><v/></c></row>", text("A2", "Gapura")),
        format!("<row r=\"3\">{}<c r=\"B3\"><f>2*45</f><v>90</v></c></row>", text("A3", "Talud")),
    ];
    let bytes =
        super::made::workbook(format!("<worksheet><sheetData>{}</sheetData></worksheet>", rows.concat()).as_bytes());
    let (good, refused, notes) = compared("rumus.xlsx", &bytes);
    assert_eq!((good[0].budget_rupiah, good[1].budget_rupiah, refused.len()), (None, Some(90), 0));
    let told = note(&notes, "formulas_without_value");
    assert_eq!((&told["count"], &told["row"], &told["columns"]), (&json!(1), &json!(2), &json!(["Pagu"])));
}

#[test]
fn errors_of_a_spreadsheet_are_no_values_in_any_format() {
    let cells = [["Nama Kegiatan", "Dusun", "Pagu"], ["Gapura", "#REF!", "#DIV/0!"], ["Talud", "Krajan", "Err:502"]];
    let csv = cells.map(|row| row.join(";")).join("\n");
    let ods = ods(&cells.map(|row| {
        let cell = |text: &&str| match text.starts_with(['#', 'E']) {
            true => format!("<table:table-cell table:formula=\"of:=1/0\" office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"><text:p>{text}</text:p></table:table-cell>"),
            false => format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"),
        };
        format!("<table:table-row>{}</table:table-row>", row.iter().map(cell).collect::<String>())
    }).concat());
    let xlsx = cells.iter().enumerate().map(|(row, cells)| {
        let cell = |(at, text): (usize, &&str)| {
            let place = format!("{}{}", ["A", "B", "C"][at], row + 1);
            if text.starts_with('#') {
                return format!("<c r=\"{place}\" t=\"e\"><v>{text}</v></c>");
            }
            format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        format!("<row r=\"{}\">{}</row>", row + 1, cells.iter().enumerate().map(cell).collect::<String>())
    });
    let xlsx = format!("<worksheet><sheetData>{}</sheetData></worksheet>", xlsx.collect::<String>());
    let xlsx = super::made::workbook(xlsx.as_bytes());
    for (name, bytes) in [("galat.csv", csv.into_bytes()), ("galat.ods", ods), ("galat.xlsx", xlsx)] {
        let (good, refused, notes) = compared(name, &bytes);
        assert_eq!(refused, [], "{name}");
        let found: Vec<_> = good.iter().map(|row| (row.hamlet.as_deref(), row.budget_rupiah)).collect();
        assert_eq!(found, [(None, None), (Some("Krajan"), None)], "{name}");
        let told: Vec<_> = notes
            .iter()
            .filter(|note| note.code == "cells_with_errors")
            .map(|note| (&note.values["column"], &note.values["count"]))
            .collect();
        assert_eq!(told, [(&json!("Dusun"), &json!(1)), (&json!("Pagu"), &json!(2))], "{name}");
    }
}

/// An ODS of one sheet with these rows.
pub(super) fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?>\n<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" xmlns:calcext=\"c\">\n\
         <office:body><office:spreadsheet>\n<table:table table:name=\"DD\">\n{rows}\n</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    super::made::archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ])
}

#[test]
fn a_sheet_of_opendocument_is_read_whoever_wrote_it() {
    let text = |text: &str| {
        format!("\n  <table:table-cell office:value-type=\"string\">\n  <text:p>{text}</text:p>\n </table:table-cell>")
    };
    let number = |number: &str| format!("<table:table-cell office:value-type=\"float\" office:value=\"{number}\"/>\n");
    let row = |cells: &[String]| format!("<table:table-row>{}\n</table:table-row>\n", cells.concat());
    let spanned = "<table:table-cell table:number-rows-spanned=\"2\" office:value-type=\"string\"><text:p>Tambong</text:p></table:table-cell>";
    let covered = "<table:covered-table-cell/>";
    let note = "<office:annotation><text:p>catatan</text:p></office:annotation>";
    let rows_of = [
        row(&[text("Nama Kegiatan"), text("Tahun"), text("Lintang"), text("Bujur"), text("Desa")]),
        "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>".to_owned(),
        row(&[text("Talud &amp;<text:s/>jalan"), number("2025"), number("-8.2469999999999999"), number("114.2950000000000017"), spanned.to_owned()]),
        row(&[text("Gapura").replace("<text:p>", &format!("{note}<text:p>")), number("2025"), number("-8.25"), number("114.3"), covered.to_owned()]),
        "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>".to_owned(),
    ];
    let read = rows("qgis.ods", &ods(&rows_of.concat()));
    let found: Vec<_> =
        read.iter().map(|row| (row.row, row.title.as_str(), row.village_name.as_deref(), row.fiscal_year)).collect();
    assert_eq!(found, [(5, "Talud & jalan", Some("Tambong"), Some(2025)), (6, "Gapura", Some("Tambong"), Some(2025))]);
    assert_eq!(
        read[0].footprint.as_ref().unwrap().parts[0].geometry,
        geo::Geometry::Point(geo::Point::new(114.295, -8.247))
    );
}

#[test]
fn a_page_called_a_workbook_is_read_below_its_title() {
    let page = "<table><tr><td colspan=4><b>DAFTAR PAKET 2026</b></td></tr><tr><th rowspan=2>Nama Paket</th><th colspan=2>Koordinat</th>\
        <th rowspan=2>Pagu</th></tr><tr><th>Lintang<th>Bujur</tr><tr><td>Talud &amp; jalan<td>-8,45<td>114,12<td>Rp&nbsp;90.000.000,00</table>";
    for blank in ["", "\r\n\r\n\n", &"\n".repeat(100_000)] {
        let read = rows("rekap.xls", format!("{blank}{page}").as_bytes());
        assert_eq!((titles(&read), read[0].budget_rupiah), (vec!["Talud & jalan"], Some(90_000_000)));
        assert!(read[0].footprint.is_some());
    }
    for page in ["<html><p>Silakan masuk", "MIME-Version: 1.0\n\n<table><tr><td>Nama Paket=0A</table>"] {
        let refused = ProjectFile::open(&Input::bytes("a.xls", page.as_bytes()), &ReadOptions::default());
        assert_eq!(refused.map(|_| ()).unwrap_err().code(), "file_of_other_kind");
    }
}

#[test]
fn the_xml_of_old_excel_is_read_with_its_places_and_merged_cells() {
    let book = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
        <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
        <Worksheet ss:Name="DD"><Table>
        <Row ss:Index="2"><Cell><Data ss:Type="String">Nama Kegiatan</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">Desa</Data></Cell>
          <Cell><Data ss:Type="String">Pagu</Data></Cell><Cell><Data ss:Type="String">Mulai</Data></Cell></Row>
        <Row><Cell><Data ss:Type="String">Talud &amp; jalan</Data><Comment><ss:Data>catatan</ss:Data></Comment></Cell>
          <Cell ss:Index="3" ss:MergeDown="1"><Data ss:Type="String">Tambong</Data></Cell><Cell><Data ss:Type="Number">90000000.5</Data></Cell>
          <Cell><Data ss:Type="DateTime">2025-08-17T00:00:00.000</Data></Cell></Row>
        <Row><Cell><Data ss:Type="String">Gapura</Data></Cell><Cell ss:Index="4"><Data ss:Type="Error">#REF!</Data></Cell></Row>
        </Table></Worksheet></Workbook>"#;
    let read = rows("rekap.xls", book.as_bytes());
    let found: Vec<_> =
        read.iter().map(|row| (row.row, row.title.as_str(), row.village_name.as_deref(), row.budget_rupiah)).collect();
    assert_eq!(found, [(3, "Talud & jalan", Some("Tambong"), Some(90_000_001)), (4, "Gapura", Some("Tambong"), None)]);
    assert_eq!(read[0].start_on.map(|day| day.to_string()).as_deref(), Some("2025-08-17"));
}

#[test]
fn records_of_json_are_a_table_wherever_they_lie() {
    let record = |id: u32| json!({ "kode_paket": id, "nama_paket": format!("Sumur bor {id}"), "pagu": 160_000_000, "type": "lelang" });
    let array = json!([record(1), record(2)]);
    for (name, value) in [
        ("larik", array.clone()),
        (
            "ckan",
            json!({ "success": true, "result": { "fields": [{ "id": "pagu", "type": "int" }], "records": array, "total": 2 } }),
        ),
        ("kobo", json!({ "count": 2, "next": null, "results": array })),
        (
            "tabel",
            json!({ "meta": { "pages": [{ "n": 1 }] }, "data": { "items": [1, [2], "3"], "paket": array }, "n": 2 }),
        ),
    ] {
        let read = rows("a.json", value.to_string().as_bytes());
        let found: Vec<_> =
            read.iter().map(|row| (row.title.as_str(), row.budget_rupiah, row.external_id.as_str())).collect();
        let expected = [("Sumur bor 1", Some(160_000_000), "1"), ("Sumur bor 2", Some(160_000_000), "2")];
        assert_eq!(found, expected, "{name}");
    }
    for none in [json!({ "success": false }), json!({ "result": { "records": [] } }), json!([1, 2]), json!({ "a": [] })]
    {
        let refused = ProjectFile::open(&Input::bytes("a.json", none.to_string().as_bytes()), &ReadOptions::default());
        assert!(refused.is_err(), "{none}");
    }
}

#[test]
fn refused_records_of_json_are_corrected_and_read_again() {
    let bytes = json!([{ "id": "A", "judul": "Talud", "kode_desa": "35.10.01.2001", "tahun": "lusa" }]).to_string();
    let options = ReadOptions::default();
    let (_, refused) = read("a.json", bytes.as_bytes()).unwrap();
    let mut out = Vec::new();
    let input = Input::bytes("a.json", bytes.as_bytes());
    let file = ProjectFile::open(&input, &options).unwrap();
    write_refused_rows(&mut out, &input, &options, file.origin(), &refused, |_| String::new()).unwrap();
    let corrected = String::from_utf8(out).unwrap().replace("lusa", "2025");
    let good = good("b.json", corrected.as_bytes());
    assert_eq!((good[0].title.as_str(), good[0].fiscal_year), ("Talud", Some(2025)));
}

#[test]
fn what_stands_beside_a_table_costs_no_row_and_is_named() {
    let bytes = sheet(
        |_| {},
        &[
            &["Nama Kegiatan", "Tahun", "", "No", "Nama Kegiatan"],
            &["Gapura", "2026", "", "1", "Kas masuk"],
            &["Talud", "2026", "", "2", "Kas keluar", "cek lagi"],
            &["", "", "", "3", "Sisa"],
        ],
    );
    let (good, refused, notes) = compared("catatan.xlsx", &bytes);
    assert_eq!((titles(&good), refused.len()), (vec!["Gapura", "Talud"], 0));
    assert_eq!(note(&notes, "cells_beside")["text"], "1");
    let csv = "id;judul;tahun;pagu\n1;Gapura;2026;5000;cek lagi\n2;Talud; RT 3;2026;5000\n";
    let (good, refused, notes) = compared("catatan.csv", csv.as_bytes());
    assert_eq!((titles(&good), refused), (vec!["Gapura"], vec![(3, "too_many_cells")]));
    assert_eq!(note(&notes, "cells_beside")["row"], 2);
}

#[test]
fn chapters_and_accounts_of_a_budget_are_passed_over_and_named() {
    let csv = "Kode Rekening;Uraian;Anggaran\n2;BIDANG PEMBANGUNAN;90.000.000,00\n2.3;Sub Bidang Jalan;90.000.000,00\n\
        2.3.11;Talud Krajan;90.000.000,00\n5.3.5.02;Belanja Modal Upah;40.000.000,00\n5.3.5.03;Belanja Modal Bahan;50.000.000,00\n";
    let (good, _, notes) = compared("apbdes.csv", csv.as_bytes());
    assert_eq!(titles(&good), ["Talud Krajan"]);
    assert_eq!(note(&notes, "chapters")["rows"], json!([2, 3, 5, 6]));
}

#[test]
fn a_backslash_before_a_quote_is_an_escape_where_the_file_shows_it() {
    let csv = "id,judul,tahun\n1,\"Balai \\\"Tani\\\" baru\",2026\n2,\"Pagar \\\"A\\\"\",2026\n";
    assert_eq!(titles(&rows("a.csv", csv.as_bytes())), ["Balai \"Tani\" baru", "Pagar \"A\""]);
    assert_eq!(
        titles(&rows("a.csv", b"id,judul,tahun\n1,\"Balai \"\"Tani\"\" D:\\\",2026\n")),
        ["Balai \"Tani\" D:\\"]
    );
}

#[test]
fn commas_in_the_cells_of_a_sheet_part_no_columns() {
    let bytes =
        sheet(|_| {}, &[&["Nama Lembaga", "Jumlah"], &["Dinas PU, Hukum, dan Lainnya", "12.5"], &["PU, SDA, BM", "3"]]);
    let error = ProjectFile::open(&Input::bytes("a.xlsx", bytes), &ReadOptions::default()).map(|_| ()).unwrap_err();
    assert_eq!(error.values()["columns"], json!(["Nama Lembaga", "Jumlah"]));
}

#[test]
fn numbers_mean_what_their_whole_column_shows() {
    // The telling cell stands far behind the others.
    let table = |volumes: &[&str], more: &str| {
        let filler = (0..600).map(|n| format!("x{n};Jalan {n};;\n")).collect::<String>();
        let rows =
            (0..).zip(volumes).map(|(n, volume)| format!("{n};Talud {n};{volume};950,000\n")).collect::<String>();
        format!("id;judul;volume;pagu\n{rows}{filler}{more}")
    };
    let read = |csv: String| {
        let (good, refused, _) = compared("a.csv", csv.as_bytes());
        let volumes: Vec<_> = good.iter().filter_map(|row| row.volume).collect();
        (volumes, good[0].budget_rupiah, refused)
    };
    assert_eq!(read(table(&["1,500"], "z;Gapura;2.250,5;\n")), (vec![1.5, 2_250.5], Some(950_000), vec![]));
    assert_eq!(read(table(&["1,500"], "z;Gapura;2,250.5;\n")), (vec![1_500.0, 2_250.5], Some(950_000), vec![]));
    // Another column of the file shows it.
    assert_eq!(read(table(&["1,500"], "z;Gapura;;75,500,000\n")).0, [1_500.0]);
    let both = "y;Gapura;12,5;\nz;Gapura;12.5;\n";
    let (_, refused, _) = compared("a.csv", table(&["1,500"], both).as_bytes());
    assert_eq!(refused, [(2, "number_of_two_readings")]);
    let (_, refused, _) = compared("a.csv", table(&["1.500"], "").as_bytes());
    assert_eq!(refused, [(2, "number_of_two_readings")]);
}

#[test]
fn an_accuracy_has_thousandths_and_no_thousands() {
    for (text, expected) in [("4,875", 4.875), ("4.875", 4.875), ("12,5", 12.5), ("30", 30.0)] {
        let csv = format!("id;judul;lat;lon;akurasi\n1;Gapura;-8,45;114,12;{text}\n");
        let read = rows("a.csv", csv.as_bytes());
        assert_eq!(read[0].footprint.as_ref().unwrap().parts[0].accuracy_m, expected, "{text}");
    }
}

#[test]
fn dates_mean_what_their_whole_column_shows() {
    let table = |last: &str| {
        let filler = (0..600).map(|n| format!("x{n};Jalan {n};\n")).collect::<String>();
        format!("id;judul;mulai\n1;Gapura;8/7/25\n{filler}2;Talud;{last}\n")
    };
    let first = |last: &str| {
        let (good, refused, notes) = compared("a.csv", table(last).as_bytes());
        let day = good.iter().find(|row| row.row == 2).and_then(|row| row.start_on).map(|day| day.to_string());
        (day, refused, notes.iter().any(|note| note.code == "months_first"))
    };
    assert_eq!(first("8/17/25"), (Some("2025-08-07".to_owned()), vec![], true));
    assert_eq!(first("17/8/25"), (Some("2025-07-08".to_owned()), vec![], false));
    let both = table("17/8/25\n3;Pagar;8/17/25");
    let (_, refused, _) = compared("a.csv", both.as_bytes());
    // What has one reading in either order is that day.
    assert_eq!(refused, [(2, "day_or_month_first")]);
}

#[test]
fn a_day_that_a_program_wrote_in_utc_is_the_day_that_was_meant() {
    let csv = "id;judul;kode_desa;mulai;lon;lat\n1;A;35.10.14.2014;2024-12-31T17:00:00.000Z;;\n2;B;91.71.01.2001;2024-12-31T15:00:00Z;;\n\
        3;C;;2024-12-31T16:00:00Z;115,2;-8,6\n";
    let days: Vec<_> = rows("utc.csv", csv.as_bytes()).iter().map(|row| row.start_on.unwrap().to_string()).collect();
    assert_eq!(days, ["2025-01-01"; 3]);
    let at = |hour, second| ExcelDateTime::from_ymd(2025, 8, 16).unwrap().and_hms(hour, 0, f64::from(second)).unwrap();
    let bytes = sheet(
        |sheet| {
            let (day, moment) =
                (Style::new().set_num_format("dd/mm/yyyy"), Style::new().set_num_format("dd/mm/yyyy hh:mm"));
            sheet.write_datetime_with_format(1, 1, at(17, 0), &day).unwrap();
            sheet.write_datetime_with_format(2, 1, at(16, 12), &day).unwrap();
            sheet.write_datetime_with_format(3, 1, at(17, 0), &moment).unwrap();
            sheet.write_datetime_with_format(4, 1, at(0, 48), &day).unwrap();
        },
        &[&["Nama Kegiatan", "Mulai"], &["A"], &["B"], &["C"], &["D"]],
    );
    let (good, _, notes) = compared("exceljs.xlsx", &bytes);
    let days: Vec<_> = good.iter().map(|row| row.start_on.unwrap().to_string()).collect();
    assert_eq!(days, ["2025-08-17", "2025-08-17", "2025-08-16", "2025-08-16"]);
    assert_eq!(note(&notes, "evenings_as_next_day")["count"], 2);
}

#[test]
fn a_broken_opendocument_is_an_error() {
    let bytes = ods("<table:table-row>");
    for cut in [bytes.len() / 2, bytes.len()] {
        assert!(ProjectFile::open(&Input::bytes("a.ods", bytes[..cut].to_vec()), &ReadOptions::default()).is_err());
    }
}
