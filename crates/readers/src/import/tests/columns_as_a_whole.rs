//! What a column as a whole tells of its cells, and what stands in or below a table that is no work.

use super::offices::{compared, note, ods, rows, titles};
use super::*;
use crate::domain::Day;
use rust_xlsxwriter::{Format as Style, Workbook};
use serde_json::{Value, json};

fn starts(rows: &[ProjectRow]) -> Vec<Option<String>> {
    rows.iter().map(|row| row.start_on.map(|day: Day| day.to_string())).collect()
}

fn map(properties: &[Value]) -> Vec<u8> {
    let feature = |properties: &Value| json!({ "type": "Feature", "geometry": null, "properties": properties });
    let features: Vec<Value> = properties.iter().map(feature).collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string().into_bytes()
}

#[test]
fn dates_of_features_are_read_in_the_order_that_their_column_shows() {
    let of = |day: &str| json!({ "judul": "Talud", "mulai": day, "volume": "1,500" });
    // What tells stands behind more features than are held.
    let mut properties: Vec<Value> = (0..300).map(|_| of("8/7/2025")).collect();
    properties.push(json!({ "judul": "Gapura", "mulai": "8/17/2025", "volume": "2.5" }));
    let (good, refused, notes) = compared("a.geojson", &map(&properties));
    assert_eq!(
        (refused.len(), &starts(&good)[0], &starts(&good)[300]),
        (0, &Some("2025-08-07".into()), &Some("2025-08-17".into()))
    );
    assert_eq!(good[0].volume, Some(1_500.0));
    assert_eq!(note(&notes, "months_first")["columns"], json!(["mulai"]));
    let (good, _, notes) = compared("a.geojson", &map(&[of("8/7/2025"), of("17/8/2025")]));
    assert_eq!((&starts(&good)[0], notes.len()), (&Some("2025-07-08".into()), 0));
    let (_, refused, _) = compared("a.geojson", &map(&[of("8/7/2025"), of("17/8/2025"), of("8/17/2025")]));
    assert_eq!(refused.iter().filter(|(_, code)| *code == "day_or_month_first").count(), 1);
}

#[test]
fn errors_of_spreadsheets_in_features_are_named_by_their_column() {
    let properties = [json!({ "judul": "Talud", "pagu": "#REF!" }), json!({ "judul": "Gapura", "pagu": "#N/A" })];
    let (good, refused, notes) = compared("a.geojson", &map(&properties));
    assert_eq!((good.len(), good[0].budget_rupiah, refused.len()), (2, None, 0));
    let told = note(&notes, "cells_with_errors");
    assert_eq!((&told["column"], &told["count"], &told["text"]), (&json!("pagu"), &json!(2), &json!("#REF!")));
}

#[test]
fn a_day_that_an_ods_holds_as_the_evening_before_is_the_day_that_it_shows() {
    let cell = |value: &str, shown: &str| {
        format!(
            "<table:table-cell office:value-type=\"date\" office:date-value=\"{value}\"><text:p>{shown}</text:p></table:table-cell>"
        )
    };
    let text = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let row = |cells: [String; 2]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let book = ods(&[
        row([text("Nama Kegiatan"), text("Mulai")]),
        row([text("Talud"), cell("2025-08-16T17:00:00", "17/08/25")]),
        row([text("Gapura"), cell("2025-08-16T17:00:00", "16/08/25 17:00")]),
        row([text("Jalan"), cell("2025-08-17", "17/08/25")]),
    ]
    .concat());
    let (good, _, notes) = compared("a.ods", &book);
    let expected = ["2025-08-17", "2025-08-16", "2025-08-17"].map(|day| Some(day.to_owned()));
    assert_eq!(starts(&good), expected);
    assert_eq!(note(&notes, "evenings_as_next_day")["count"], 1);
}

#[test]
fn a_cell_merged_over_columns_fills_those_where_it_may_stand_and_no_others() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["Nama Kegiatan", "Dusun", "Desa", "Kecamatan", "Mulai", "Selesai", "Tahun"]) {
        sheet.write_string(0, column, name).unwrap();
    }
    let plain = Style::new();
    sheet.merge_range(1, 0, 1, 1, "Talud", &plain).unwrap();
    sheet.merge_range(1, 2, 1, 3, "Pesanggaran", &plain).unwrap();
    sheet.merge_range(1, 4, 1, 5, "2025-03-17", &plain).unwrap();
    sheet.write_number(1, 6, 2025.0).unwrap();
    // The title of a chapter over the whole width.
    sheet.merge_range(2, 0, 2, 6, "PEKERJAAN JALAN", &plain).unwrap();
    for (column, text) in (0..).zip(["Rabat", "Krajan", "Tambong", "Pesanggaran", "2025-04-01", "2025-05-01", "2025"]) {
        sheet.write_string(3, column, text).unwrap();
    }
    let (good, refused, notes) = compared("a.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!((titles(&good), refused.len()), (vec!["Talud", "Rabat"], 0));
    let first = &good[0];
    assert_eq!((first.village_name.as_deref(), first.district.as_deref()), (Some("Pesanggaran"), Some("Pesanggaran")));
    assert_eq!((first.hamlet.as_deref(), first.finish_on == first.start_on), (None, true));
    let told = note(&notes, "merged_filled_right");
    assert_eq!((&told["count"], &told["columns"]), (&json!(2), &json!(["Kecamatan", "Selesai"])));
}

#[test]
fn who_signed_a_list_is_no_work() {
    let csv = "No;Nama Kegiatan;Desa;Tahun;Pagu\n1;Talud;Tambong;2025;90.000.000\n2;Mengetahui batas desa: patok;Tambong;2025;5.000.000\n\
        ;JUMLAH;;;95.000.000\n;;;;\n;;;Tambong, 5 Januari 2025;\n;Mengetahui,;;;\n;Kepala Desa;;Kaur Perencanaan;\n;SUTRISNO;;WAHYUNI;\n";
    let (good, refused, notes) = compared("a.csv", csv.as_bytes());
    assert_eq!((titles(&good), refused.len()), (vec!["Talud", "Mengetahui batas desa: patok"], 0));
    assert_eq!(note(&notes, "signatures")["rows"], json!([6, 7, 8, 9]));
    assert_eq!(rows("b.csv", csv.replace("Mengetahui,", "Mengetahui").as_bytes()).len(), 2);
}

#[test]
fn headings_of_a_user_name_the_attributes_of_borders_too() {
    let ring = json!([[[114.0, -8.0], [114.01, -8.0], [114.01, -8.01], [114.0, -8.01], [114.0, -8.0]]]);
    let village = json!({ "type": "FeatureCollection", "features": [{ "type": "Feature",
        "geometry": { "type": "Polygon", "coordinates": ring },
        "properties": { "ID_WIL": "35.10.01.2001", "NAMA_WIL": "Tambong", "NAMA": "lain" } }] });
    let input = Input::bytes("a.geojson", village.to_string().as_bytes());
    let headings =
        Headings::parse("[[source]]\nvillage_code = ['ID WIL']\nvillage_name = ['nama wil']\ntitle = ['x']").unwrap();
    let columns = VillageColumns { headings, ..VillageColumns::default() };
    let reading = VillageReading { columns, ..VillageReading::default() };
    let file = read_villages(&input, &reading, &Progress::default()).unwrap();
    assert_eq!((file.good[0].code.as_str(), file.good[0].border.name.as_str()), ("35.10.01.2001", "Tambong"));
}
