//! A file is opened once: what was checked is what is stored, and a pipe is a file like any other.

use crate::common::command::{self, text};
use crate::common::{TestApp, WEST, on_both_engines};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tapak::actions::import_projects::{ImportOptions, Step, import_projects};
use tapak::import::{Input, ReadOptions};

/// Lamps 40 m apart, with this word in their titles.
fn lamps(word: &str, count: u32) -> String {
    let lamp = |n: u32| {
        let place = [114.3005 + f64::from(n % 50) * 3.7e-4, -8.2195 + f64::from(n / 50) * 3.7e-4];
        json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": place }, "properties": {
            "id": format!("L{n}"), "title": format!("PJU {word} {n}"), "village_code": WEST, "year": 2026,
            "funds": "DD", "budget_rp": 5_000_000, "status": "rencana" } })
    };
    json!({ "type": "FeatureCollection", "features": (0..count).map(lamp).collect::<Vec<Value>>() }).to_string()
}

async fn titles(app: &TestApp) -> Vec<String> {
    let list = app.get("/api/v1/projects?limit=500").await.json();
    list["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

on_both_engines!(a_file_replaced_after_its_check_is_not_stored_under_the_digest_of_the_checked_one, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let path = app.folder.path().join("lampu.geojson");
    let checked = lamps("diperiksa", 600);
    std::fs::write(&path, &checked).unwrap();
    let (other, mut replaced) = (app.folder.path().join("lain.geojson"), false);
    let report =
        import_projects(&app.app, Input::path(&path), ReadOptions::default(), &ImportOptions::default(), |step| {
            if matches!(step, Step::Checking(..)) && !replaced {
                std::fs::write(&other, lamps("diganti", 600)).unwrap();
                std::fs::rename(&other, &path).unwrap();
                replaced = true;
            }
        })
        .await
        .unwrap();
    assert!(replaced && report.stored, "{report:?}");
    let titles = titles(&app).await;
    assert!(titles.iter().all(|title| title.contains("diperiksa")), "{:?}", titles.first());
    let mut tx = app.app.store.read().await.unwrap();
    let digest = tapak::store::imports::find_digest(&mut tx, report.import_id.unwrap()).await.unwrap();
    assert_eq!(digest, tapak::digest::sha256_hex(&checked));
});

fn tapak(folder: &Path, arguments: &[&str]) -> Output {
    command::tapak(folder, &[&["--data", "data"][..], arguments].concat())
}

/// Runs a line of the shell, in which `$TAPAK` is the program.
#[cfg(unix)]
fn shell(folder: &Path, line: &str) -> Output {
    let program = format!("{} --language en --data data", env!("CARGO_BIN_EXE_tapak"));
    let mut command = Command::new("bash");
    command.arg("-c").arg(line).env("TAPAK", program).current_dir(folder).stdin(Stdio::null());
    command.output().unwrap()
}

#[test]
#[cfg(unix)]
fn pipes_are_imported_scanned_and_give_back_their_refused_rows() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("desa.geojson"), crate::common::two_villages()).unwrap();
    std::fs::write(folder.join("lampu.geojson"), lamps("jalan", 3)).unwrap();
    let villages = shell(folder, "cat desa.geojson | $TAPAK import villages -");
    assert!(villages.status.success(), "{villages:?}");
    // Two pipes would correct each other's projects: a source is asked for.
    let nameless = shell(folder, "cat lampu.geojson | $TAPAK import projects -");
    assert!(text(&nameless.stderr).contains("--source"), "{nameless:?}");
    for (file, new) in [("-", "3 new"), ("/dev/stdin", "3 unchanged")] {
        let done = shell(folder, &format!("cat lampu.geojson | $TAPAK import projects {file} --source lampu"));
        assert!(text(&done.stdout).contains(new), "{file}: {done:?}");
    }
    let done = shell(folder, "$TAPAK import projects <(cat lampu.geojson) --source lampu");
    assert!(text(&done.stdout).contains("3 unchanged"), "{done:?}");
    let scanned = shell(folder, "$TAPAK scan <(cat lampu.geojson)");
    assert!(text(&scanned.stdout).contains("3 projects"), "{scanned:?}");
    std::fs::write(folder.join("salah.csv"), format!("id;judul;kode desa;tahun\n1;Talud;{WEST};bukan tahun\n"))
        .unwrap();
    let refused = shell(folder, "cat salah.csv | $TAPAK import projects - --source s --refused ditolak.csv");
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(std::fs::read_to_string(folder.join("ditolak.csv")).unwrap().contains("bukan tahun"));
    let list = tapak(folder, &["jobs"]);
    assert!(list.status.success(), "{list:?}");
}
