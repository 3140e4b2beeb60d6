//! A first own installation: an ordinary Excel of an office, and what the program says of the next step.

use crate::common::command::{self, text};
use std::path::Path;
use std::process::{Command, Output};

fn tapak(folder: &Path, arguments: &[&str]) -> Output {
    command::tapak(folder, &[&["--data", "data"][..], arguments].concat())
}

/// Three villages, two of one name in different districts.
fn villages() -> String {
    let village = |code: &str, name: &str, district: &str, west: f64| {
        let ring = [[west, -8.22], [west + 0.02, -8.22], [west + 0.02, -8.2], [west, -8.2], [west, -8.22]];
        serde_json::json!({ "type": "Feature", "geometry": { "type": "Polygon", "coordinates": [ring] },
            "properties": { "code": code, "name": name, "district": district, "regency": "Banyuwangi" } })
    };
    let features = [
        village("35.10.01.2001", "Karangrejo", "Pesanggaran", 114.30),
        village("35.10.02.2001", "Karangrejo", "Bangorejo", 114.32),
        village("35.10.02.2002", "Sumber Agung", "Bangorejo", 114.34),
    ];
    serde_json::json!({ "type": "FeatureCollection", "features": features }).to_string()
}

/// A workbook as an office has it: no id, no code, a heading with a comma and one with an apostrophe.
fn workbook(path: &Path, rows: &[[&str; 4]]) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in ["Nama 'Pekerjaan'", "Desa", "Kecamatan", "Tahun, Anggaran"].iter().enumerate() {
        sheet.write(0, column as u16, *heading).unwrap();
    }
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row as u32 + 1, column as u16, *cell).unwrap();
        }
    }
    book.save(path).unwrap();
}

/// A folder whose data are the villages.
fn with_villages() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("desa.geojson"), villages()).unwrap();
    let done = tapak(folder.path(), &["import", "villages", "desa.geojson"]);
    assert!(done.status.success(), "{done:?}");
    folder
}

#[test]
fn an_ordinary_excel_is_imported_by_village_names_and_the_suggested_key_can_be_pasted() {
    let folder = with_villages();
    let name = "kegiatan dinas d'Été 2026.xlsx";
    workbook(
        &folder.path().join(name),
        &[
            ["Rabat beton Jalan Melati", "Desa Karangrejo", "Kec. Bangorejo", "2026"],
            ["Talud dusun Krajan", "Kel. SUMBERAGUNG", "Bangorejo", "2026"],
        ],
    );
    let refused = tapak(folder.path(), &["import", "projects", name]);
    let said = text(&refused.stderr);
    let hint = said.split("--key ").nth(1).unwrap_or_else(|| panic!("no key is proposed: {said}"));
    let hint = hint.trim().trim_end_matches('.');
    let command = format!(
        "exec {} --language en --data data import projects {} --key {hint}",
        env!("CARGO_BIN_EXE_tapak"),
        tapak::words::shell_word(name)
    );
    let again = || Command::new("sh").arg("-c").arg(&command).current_dir(folder.path()).output().unwrap();
    let done = again();
    assert!(text(&done.stdout).contains("2 new"), "{command}: {done:?}");
    assert!(text(&again().stdout).contains("2 unchanged"), "the key is the same at the next reading");
}

#[test]
fn an_ambiguous_village_name_is_refused_listing_both() {
    let folder = with_villages();
    workbook(
        &folder.path().join("a.xlsx"),
        &[["Talud", "Karangrejo", "", "2026"], ["Talud", "Karangmulyo", "", "2026"]],
    );
    let done = tapak(folder.path(), &["import", "projects", "a.xlsx", "--key", "Desa,Nama Pekerjaan"]);
    let said = text(&done.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "2 villages named Karangrejo",
        "Pesanggaran (35.10.01.2001)",
        "Bangorejo (35.10.02.2001)",
        "no village Karangmulyo",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert_eq!(done.status.code(), Some(2));
}

#[test]
fn replacing_village_names_by_their_codes_changes_nothing() {
    let folder = with_villages();
    let import = |list: &str| {
        std::fs::write(folder.path().join("kegiatan.csv"), list).unwrap();
        text(&tapak(folder.path(), &["import", "projects", "kegiatan.csv"]).stdout)
    };
    let by_name = "ID;Nama Pekerjaan;Desa;Kecamatan;Tahun\n1;Talud;Karangrejo;Bangorejo;2026\n";
    assert!(import(by_name).contains("1 new"));
    let by_code = import("ID;Nama Pekerjaan;Kode Desa;Tahun\n1;Talud;35.10.02.2001;2026\n");
    assert!(by_code.contains("0 changed, 1 unchanged"), "{by_code}");
    let moved = import("ID;Nama Pekerjaan;Kode Desa;Tahun\n1;Talud;35.10.01.2001;2026\n");
    assert!(moved.contains("1 changed"), "{moved}");
    assert!(import(by_name).contains("1 changed"));
}

#[test]
fn a_copy_of_a_list_under_another_name_is_not_recorded_twice_unless_confirmed() {
    let folder = with_villages();
    let rows = [
        ["Rabat beton Jalan Melati", "Karangrejo", "Bangorejo", "2026"],
        ["Talud dusun Krajan", "SUMBERAGUNG", "Bangorejo", "2026"],
        ["Drainase Jalan Mawar", "Karangrejo", "Pesanggaran", "2026"],
    ];
    workbook(&folder.path().join("kegiatan.xlsx"), &rows);
    // Sent once more with a row added.
    let more = [&rows[..], &[["Jembatan dusun Krajan", "SUMBERAGUNG", "Bangorejo", "2026"]]].concat();
    workbook(&folder.path().join("kegiatan (final).xlsx"), &more);
    let other = rows.map(|[title, village, district, _]| [title, village, district, "2027"]);
    workbook(&folder.path().join("tahun depan.xlsx"), &other);
    let import = |file: &str, more: &[&str]| {
        let key =
            ["import", "projects", file, "--key", "fiscal_year,Desa,Kecamatan,Nama Pekerjaan", "--language", "en"];
        tapak(folder.path(), &[&key[..], more].concat())
    };
    assert!(text(&import("kegiatan.xlsx", &[]).stdout).contains("3 new"));
    let refused = import("kegiatan (final).xlsx", &[]);
    assert!(!refused.status.success(), "{refused:?}");
    let said = text(&refused.stderr);
    assert!(said.contains("3 are recorded from the source file:kegiatan already"), "{said}");
    assert!(said.contains("--source file:kegiatan.") && said.contains("--source 'file:kegiatan (final)'"), "{said}");
    let dry = import("kegiatan (final).xlsx", &["--dry-run"]);
    assert!(text(&dry.stderr).contains("file:kegiatan already"), "{dry:?}");
    // The same key in another year is another row; nothing was stored of what was refused.
    assert!(text(&import("tahun depan.xlsx", &[]).stdout).contains("3 new"));
    let done = import("kegiatan (final).xlsx", &["--source", "file:kegiatan"]);
    assert!(text(&done.stdout).contains("1 new") && text(&done.stdout).contains("3 unchanged"), "{done:?}");
    // Who says that it is another list is believed, and need not say so again.
    assert!(text(&import("kegiatan (final).xlsx", &["--source", "file:kegiatan (final)"]).stdout).contains("4 new"));
    assert!(text(&import("kegiatan (final).xlsx", &[]).stdout).contains("4 unchanged"));
}

#[test]
fn the_row_of_totals_is_skipped_and_reported_in_both_languages() {
    let folder = with_villages();
    let works = ["Total Station dan patok batas", "SUMBERAGUNG", "Bangorejo", "2026"];
    workbook(&folder.path().join("a.xlsx"), &[works, ["JUMLAH", "", "", ""], ["J U M L A H", "", "", ""]]);
    workbook(&folder.path().join("b.xlsx"), &[works, ["Grand total", "", "", ""]]);
    let key = ["--data", "data", "import", "projects", "a.xlsx", "--key", "Desa,Nama Pekerjaan"];
    for arguments in [&["scan", "a.xlsx"][..], &[&key[..], &["--dry-run"]].concat(), &key] {
        let [(code, id), (_, en)] = command::in_both_languages(folder.path(), arguments);
        assert_eq!(code, Some(0), "{id}");
        assert!(id.contains("2 baris jumlah dilewati: baris 3, 4\n"), "{id}");
        assert_eq!(id.matches("2 baris jumlah dilewati").count(), 2, "in the summary too: {id}");
        assert!(en.contains("2 rows of totals left out: rows 3, 4\n"), "{en}");
    }
    let [(_, id), (_, en)] = command::in_both_languages(folder.path(), &["scan", "b.xlsx", "--html", "r.html"]);
    assert!(id.contains("; 1 baris jumlah dilewati\n") && id.contains("dilewati: baris 3\n"), "{id}");
    assert!(en.contains("; 1 row of totals left out\n") && en.contains("left out: row 3\n"), "{en}");
    assert!(std::fs::read_to_string(folder.path().join("r.html")).unwrap().contains("\"totals\":1"));
}

#[test]
fn a_missing_column_is_refused_listing_the_columns_and_both_ways_to_name_a_village() {
    let folder = with_villages();
    let said = |table: &str| {
        std::fs::write(folder.path().join("a.csv"), table).unwrap();
        let [(_, id), (_, en)] =
            command::in_both_languages(folder.path(), &["--data", "data", "import", "projects", "a.csv"]);
        for name in ["village_code ", "village_name ", "fiscal_year.", "title."] {
            assert!(!id.contains(&format!("untuk {name}")) && !id.contains(&format!("    2  {name}")), "{name}: {id}");
        }
        (id, en)
    };
    let (id, en) = said("ID;Nama Pekerjaan;Letak Desa;Tahun\n1;Talud;Karangrejo;2026\n");
    assert!(id.contains("kodenya (misalnya Kode Desa) atau namanya (misalnya Desa)"), "{id}");
    assert!(id.contains("Kalau yang dimaksud Letak Desa: --map village_name='Letak Desa'."), "{id}");
    assert!(en.contains("its code (such as Kode Desa) or its name (such as Desa)"), "{en}");
    let (id, en) = said("ID;Nama Pekerjaan;Tahun\n1;Talud;2026\n");
    assert!(id.contains("--map village_name='Nama Kolom' atau --map village_code='Nama Kolom'."), "{id}");
    assert!(en.contains("--map village_name='Column name' or --map village_code='Column name'."), "{en}");
    let (id, _) = said("ID;Rincian;Desa;Tahun\n1;Talud;Karangrejo;2026\n");
    assert!(id.contains("judul kegiatan (misalnya Nama Kegiatan). Sebutkan kolomnya: --map title="), "{id}");
    let (id, _) = said("ID;Nama Pekerjaan;Desa\n1;Talud;Karangrejo\n");
    assert!(id.contains("tahun anggaran (misalnya Tahun)"), "{id}");
    // What is wrong with a cell stands beside the heading that its owner knows.
    for (row, column) in [("1;Talud;;2026", "Desa "), ("1;Talud;Nirwana;2026", "Desa   Nirwana")] {
        let (id, _) = said(&format!("ID;Nama Pekerjaan;Desa;Tahun\n{row}\n"));
        assert!(id.contains(&format!("\n    2  {column}")), "{row}: {id}");
    }
    let (id, _) = said("ID;Nama Pekerjaan;Kode Desa;Tahun\n1;Talud;35.10.99.2001;2026\n");
    assert!(id.contains("\n    2  Kode Desa  35.10.99.2001"), "{id}");
}
