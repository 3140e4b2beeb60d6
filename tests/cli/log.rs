use crate::common::client;
use crate::common::command::{Server, tapak, text};

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

#[tokio::test]
async fn each_line_of_the_log_names_its_request_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &["--set", "log=json"]);
    let login = serde_json::json!({ "login": "siti-aminah", "password": "kunci-yang-rahasia" });
    let client = client().build().unwrap();
    let request = client.post(format!("http://{}/api/v1/session?q=siti-aminah", server.address));
    let answer = request.header("x-request-id", "percobaan-7").json(&login).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let code = client.post(format!("http://{}/api/v1/session/code", server.address));
    let code = code.json(&serde_json::json!({ "code": "RAHA-SIAR-AHAS-IA77" })).send().await.unwrap();
    assert_eq!(code.status(), 422);
    let logged = server.end();
    let lines: Vec<serde_json::Value> =
        logged.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect();
    let failed = lines.iter().find(|line| line["message"] == "a sign-in failed");
    let failed = failed.unwrap_or_else(|| panic!("{logged}"));
    assert_eq!((&failed["span"]["id"], &failed["span"]["route"]), (&"percobaan-7".into(), &"/api/v1/session".into()));
    assert!(lines.iter().any(|line| line["message"] == "a one-time code opened nothing"), "{logged}");
    for secret in ["siti", "rahasia", "RAHA", "127.0.0.1"] {
        assert!(!logged.contains(secret), "{secret} in {logged}");
    }
}
