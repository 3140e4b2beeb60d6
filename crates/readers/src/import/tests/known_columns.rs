//! Columns of programs and languages, columns that the user sets aside or adds, and values for every row.

use super::*;
use geo::{Geometry, Point};

fn matched(csv: &str) -> Vec<(Field, String)> {
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let file = ProjectFile::open(&Input::bytes("a.csv", csv.as_bytes()), &options).unwrap();
    file.matched().into_iter().map(|matched| (matched.field, matched.column)).collect()
}

fn column(csv: &str, field: Field) -> Option<String> {
    matched(csv).into_iter().find(|(of, _)| *of == field).map(|(_, column)| column)
}

#[test]
fn points_of_survey_apps_are_known_by_the_ends_of_their_columns() {
    for (lat, lon, accuracy) in [
        ("lokasi-Latitude", "lokasi-Longitude", "lokasi-Accuracy"),
        ("_titik_latitude", "_titik_longitude", "_titik_precision"),
        ("Grup/Lokasi/Latitude", "Grup/Lokasi/Longitude", "Grup/Lokasi/Accuracy"),
    ] {
        let csv = format!(
            "KEY,judul,tahun,kode_desa,{lat},{lon},x_altitude,{accuracy}\n1,Jalan,2026,35.10.01.2001,-8.25,114.35,120,4.5\n"
        );
        let rows = good("odk.csv", csv.as_bytes());
        let part = &rows[0].footprint.as_ref().unwrap().parts[0];
        assert_eq!((&part.geometry, part.accuracy_m), (&Geometry::Point(Point::new(114.35, -8.25)), 4.5), "{lat}");
    }
}

#[test]
fn the_times_of_a_form_are_no_days_of_the_work() {
    let csv = "start,end,info-judul,tahun,kode_desa,_submission_time,_uuid\n2026-03-01,2026-03-01,Jalan,2026,35.10.01.2001,2026-03-01T01:00:00,u1\n";
    let row = &good("kobo.csv", csv.as_bytes())[0];
    assert_eq!(
        (row.start_on, row.finish_on, row.title.as_str(), row.external_id.as_str()),
        (None, None, "Jalan", "u1")
    );
    // Without the columns of a form the time of day tells.
    let csv =
        "start,finish,judul,tahun,kode_desa,id\n2026-03-01T08:15:00+07:00,2026-04-01,Jalan,2026,35.10.01.2001,1\n";
    let row = &good("a.csv", csv.as_bytes())[0];
    assert_eq!((row.start_on, row.finish_on.map(|day| day.to_string()).as_deref()), (None, Some("2026-04-01")));
    assert_eq!(row.unknown[0].invalid.code, "time_of_a_form");
    let own = csv.replace("start", "start_on").replace("T08:15:00+07:00", "");
    assert!(good("a.csv", own.as_bytes())[0].start_on.is_some());
}

#[test]
fn columns_of_offices_and_of_other_languages_are_known() {
    let spse = "kd_nontender,kd_rup,nama_paket,pagu,hps,status_nontender,tahun_anggaran,nama_satker\n1,2,Jalan,3,4,Batal,2026,PU\n";
    assert_eq!(column(spse, Field::ExternalId).as_deref(), Some("kd_nontender"));
    assert_eq!(column(spse, Field::Budget).as_deref(), Some("pagu"));
    assert_eq!(column(spse, Field::Status).as_deref(), Some("status_nontender"));
    let big = "NAMOBJ,KDEPUM,WADMKD,WADMKC,WADMKK,nama kegiatan\na,b,c,d,e,f\n";
    assert_eq!(column(big, Field::VillageCode).as_deref(), Some("KDEPUM"));
    assert_eq!(column(big, Field::Regency).as_deref(), Some("WADMKK"));
    let spanish = "Código del proyecto;Nombre del proyecto;Municipio;Año;Presupuesto;Latitud;Longitud;Fecha de inicio\n1;a;b;2026;3;4;5;6\n";
    let fields: Vec<Field> = matched(spanish).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields.len(), 8, "{fields:?}");
    let portuguese = "Nome do projeto;Suco;Ano;Orçamento;Empreiteiro;Comprimento (m)\na;b;2026;3;4;5\n";
    assert_eq!(matched(portuguese).len(), 6);
    // Places and flags are no status.
    assert_eq!(column("judul,state\na,Jawa Timur\n", Field::Status), None);
}

#[test]
fn a_length_stands_for_the_volume() {
    let read = |heading: &str, cell: &str| {
        let csv = format!("id;judul;kode_desa;tahun;{heading}\n1;Jalan;35.10.01.2001;2026;{cell}\n");
        let row = good("a.csv", csv.as_bytes()).remove(0);
        (row.volume, row.volume_unit)
    };
    let metres = |value: f64| (Some(value), Some("m".to_owned()));
    assert_eq!(read("panjang", "120"), metres(120.0));
    assert_eq!(read("length_km", "1,5"), metres(1_500.0));
    assert_eq!(read("Panjang (km)", "2"), metres(2_000.0));
    assert_eq!(read("panjang", "2 km"), (Some(2.0), Some("km".to_owned())));
    assert_eq!(read("volume;panjang", "3 unit;120"), (Some(3.0), Some("unit".to_owned())));
    assert_eq!(read("volume;panjang", ";120"), metres(120.0));
    assert_eq!(read("panjang;satuan", "120;m'").0, Some(120.0));
}

const LIST: &str = "No;Kegiatan;Status;lat;lon\n1;Drainase;1;-8,25;114,35\n2;Jalan;1;-8,26;114,36\n";

#[test]
fn values_for_the_whole_file_and_columns_set_aside() {
    let pair = |field: &str, text: &str| (field.to_owned(), text.to_owned());
    let options = ReadOptions {
        values: vec![pair("village_code", "35.10.01.2001"), pair("tahun", "2026")],
        ignore: vec!["status".to_owned()],
        key: vec!["village_code".to_owned(), "No".to_owned()],
        ..ReadOptions::default()
    };
    let (rows, refused) = read_with("a.csv", LIST.as_bytes(), &options).unwrap();
    assert_eq!(refused, []);
    let facts: Vec<_> = rows.iter().map(|row| (row.external_id.as_str(), row.fiscal_year, row.unknown.len())).collect();
    assert_eq!(facts, [("35.10.01.2001|1", Some(2026), 0), ("35.10.01.2001|2", Some(2026), 0)]);
    assert!(rows.iter().all(|row| row.village_code.as_deref() == Some("35.10.01.2001")));
    // A value comes before a column, as a column that the user names does.
    let csv =
        LIST.replace("lat;lon", "tahun;kode_desa").replace("-8,25;114,35", "2020;x").replace("-8,26;114,36", "2021;y");
    let (rows, _) = read_with("a.csv", csv.as_bytes(), &options).unwrap();
    assert!(rows.iter().all(|row| row.fiscal_year == Some(2026)));
    // The refused rows of it are read with the same options.
    let wrong = ReadOptions { values: vec![pair("warna", "merah")], ..ReadOptions::default() };
    assert_eq!(read_with("a.csv", LIST.as_bytes(), &wrong).unwrap_err().code(), "unknown_field");
}

#[test]
fn a_missing_year_is_proposed_from_the_title_above_the_table_or_the_name_of_the_file() {
    let csv = format!("DAFTAR KEGIATAN TAHUN ANGGARAN 2024;;;;\n;;;;\n{}", LIST.replace("No;", "kode_desa;"));
    let year = |name: &str, csv: &str| match read(name, csv.as_bytes()) {
        Err(ImportError::MissingColumn { field, year, .. }) => (field, year),
        other => panic!("{other:?}"),
    };
    assert_eq!(year("a.csv", &csv), ("fiscal_year".to_owned(), Some(2024)));
    assert_eq!(year("kegiatan-2023.csv", &csv.replace("2024", "")), ("fiscal_year".to_owned(), Some(2023)));
    assert_eq!(year("a.csv", &csv.replace("2024", "2024/2025")), ("fiscal_year".to_owned(), None));
    assert_eq!(year("2024.csv", LIST), ("village_code".to_owned(), None));
}

#[test]
fn a_table_of_the_user_adds_headings() {
    let headings =
        Headings::parse("[[source]]\nname = \"PUPR\"\ntitle = [\"Nm Keg\"]\nhamlet = [\"Kegiatan\"]\n").unwrap();
    let options = ReadOptions { needs: Needs::Comparison, headings, ..ReadOptions::default() };
    let csv = "Nm Keg;Kegiatan\nDrainase;Krajan\n";
    let (rows, _) = read_with("a.csv", csv.as_bytes(), &options).unwrap();
    assert_eq!((rows[0].title.as_str(), rows[0].hamlet.as_deref()), ("Drainase", Some("Krajan")));
}
