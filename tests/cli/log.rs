use crate::common::command::{tapak, text};

#[test]
fn a_library_that_dislikes_a_row_says_nothing_in_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "id;judul;kode desa;tahun;wkt\n1;Talud Krajan;35.10.01.2001;2025;POINT(114.3.3 -8.2)\n";
    std::fs::write(folder.path().join("odd.csv"), rows).unwrap();
    let done = tapak(folder.path(), &["scan", "odd.csv"]);
    let said = text(&done.stderr);
    assert!(said.contains("114.3.3"), "the row is not refused: {said}");
    assert!(!said.contains("WARN") && !said.contains("Failed to parse"), "{said}");
    assert!(!said.contains('\u{1b}'), "colours in what is no terminal: {said:?}");
}

#[test]
fn a_log_that_is_asked_for_has_no_colours_in_what_is_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let borders = r#"{"type":"Feature","properties":{"code":"35.10.01.2001","name":"Barat"},
        "geometry":{"type":"Polygon","coordinates":[[[114,-8],[114.1,-8],[114.1,-8.1],[114,-8]]]}}"#;
    std::fs::write(folder.path().join("batas.geojson"), borders).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tapak"));
    command.current_dir(folder.path()).env("RUST_LOG", "info");
    let done = command.args(["--data", "data", "import", "villages", "batas.geojson", "--screen"]).output().unwrap();
    let said = text(&done.stderr);
    assert!(said.contains("INFO") && !said.contains('\u{1b}'), "{said:?}");
}
