//! `tapak scan` as somebody runs it: on files, with no server and no database.

use crate::common::made::{flatgeobuf, geopackage};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn tapak(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tapak"));
    command.current_dir(folder).args(["--language", "en", "scan"]).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn sample() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/projects.geojson").to_owned()
}

fn table(folder: &Path, name: &str, rows: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let heading = "ID;Nama Paket;Kode Desa;Tahun;Sumber Dana;Pagu;Lintang;Bujur";
    std::fs::write(&path, format!("{heading}\n{}\n", rows.join("\n"))).unwrap();
    path
}

#[test]
fn the_sample_is_scanned_to_json_with_members_and_evidence_and_no_data_folder_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let done = tapak(folder.path(), &[&sample(), "--json"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let findings: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    assert!(findings.len() > 30);
    let money: Vec<i64> = findings
        .iter()
        .filter(|finding| finding["band"] == "alert")
        .map(|finding| finding["rupiah"].as_i64().unwrap())
        .collect();
    assert!(money.is_sorted_by(|a, b| a >= b), "most money first");
    for finding in &findings {
        assert!(finding["probability"].as_f64().is_some_and(|p| (0.0..=1.0).contains(&p)));
        assert!(finding["members"].as_array().unwrap().len() >= 2);
        for member in finding["members"].as_array().unwrap() {
            assert!(
                member["file"].is_string()
                    && member["row"].is_u64()
                    && member["id"].is_string()
                    && member["title"].is_string()
            );
        }
        let evidence = finding["evidence"].as_array().unwrap();
        assert!(
            evidence.iter().all(|item| item["sentence"].as_str().is_some_and(|said| said.len() > 5)),
            "{evidence:?}"
        );
    }
    assert!(!folder.path().join("data").exists());
}

#[test]
fn two_files_are_compared_with_each_other_and_pairs_across_them_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let village = table(
        folder.path(),
        "desa.csv",
        &["A1;Pembangunan Sumur Bor Dusun Krajan;35.10.01.2001;2025;DD;150.000.000;-8,210000;114,305000"],
    );
    let office = table(
        folder.path(),
        "dinas.csv",
        &["B7;Pemb. sumur bor Dsn Krajan;35.10.01.2001;2025;BKK;Rp 148.500.000,00;-8,210020;114,305010"],
    );
    let both = [village.to_str().unwrap(), office.to_str().unwrap(), "--json", "--fail-on", "alert"];
    let done = tapak(folder.path(), &both);
    assert_eq!(done.status.code(), Some(3), "{}", text(&done.stderr));
    let findings: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((findings.len(), findings[0]["kind"].as_str()), (1, Some("double_funding")));
    let files: Vec<&str> =
        findings[0]["members"].as_array().unwrap().iter().map(|one| one["file"].as_str().unwrap()).collect();
    assert!(files[0].ends_with("desa.csv") && files[1].ends_with("dinas.csv"));
    assert_eq!(findings[0]["rupiah"], 148_500_000);
    // Nothing to fail on in one file alone.
    assert_eq!(tapak(folder.path(), &[both[0], "--fail-on", "alert"]).status.code(), Some(0));
}

#[test]
fn a_file_with_few_columns_is_scanned_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("works.csv");
    std::fs::write(&path, "Work,lat,lon\nNew footbridge over Mill Creek,51.50001,-0.12001\nFootbridge Mill Creek,51.50002,-0.12002\nSchool roof repair,51.5,-0.121\n").unwrap();
    let done = tapak(folder.path(), &[path.to_str().unwrap(), "--map", "title=Work", "--json"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let findings: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let rows: Vec<u64> =
        findings[0]["members"].as_array().unwrap().iter().map(|one| one["row"].as_u64().unwrap()).collect();
    assert_eq!(rows, [2, 3]);
}

#[test]
fn bad_rows_are_skipped_and_listed_and_refused_by_strict() {
    let folder = tempfile::tempdir().unwrap();
    let good = "1;Sumur Bor;35.10.01.2001;2025;DD;1;-8,21;114,305";
    let path = table(
        folder.path(),
        "a.csv",
        &[good, "2;Talud;35.10.01.2001;2025;DD;1;114,305;-8,21", "3;;35.10.01.2001;2025;DD;1;-8,2;114,3"],
    );
    let done = tapak(folder.path(), &[path.to_str().unwrap()]);
    assert!(done.status.success());
    let told = text(&done.stderr);
    // A work without a title is compared by what else is known of it.
    assert!(told.contains("1 wrong cell;") && told.contains("Lintang"), "{told}");
    assert!(text(&done.stdout).contains("2 projects from 1 file:"), "{}", text(&done.stdout));
    let done = tapak(folder.path(), &[path.to_str().unwrap(), "--strict", "--html", "r.html"]);
    assert_eq!((done.status.code(), folder.path().join("r.html").exists()), (Some(1), false));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written is left");
}

#[test]
fn the_report_is_one_file_that_loads_nothing_and_the_tables_match_it() {
    let folder = tempfile::tempdir().unwrap();
    let done = tapak(
        folder.path(),
        &[&sample(), "--html", "r.html", "--csv", "r.csv", "--geojson", "r.geojson", "--json=r.json"],
    );
    assert!(done.status.success(), "{}", text(&done.stderr));
    let html = std::fs::read_to_string(folder.path().join("r.html")).unwrap();
    assert!(html.contains("lang=\"en\"") && !html.contains("{{"), "a place of the template was not filled");
    for foreign in ["http://", "https://", "//cdn", "@import", "url("] {
        let html = html.replace("http://www.w3.org/2000/svg", "");
        assert!(!html.contains(foreign), "{foreign}");
    }
    let csv = std::fs::read_to_string(folder.path().join("r.csv")).unwrap();
    let geojson: Value = serde_json::from_slice(&std::fs::read(folder.path().join("r.geojson")).unwrap()).unwrap();
    let findings: Vec<Value> = serde_json::from_slice(&std::fs::read(folder.path().join("r.json")).unwrap()).unwrap();
    let members: usize = findings.iter().map(|finding| finding["members"].as_array().unwrap().len()).sum();
    assert_eq!(csv.lines().count(), members + 1);
    assert_eq!(
        (geojson["type"].as_str(), geojson["features"].as_array().unwrap().is_empty()),
        (Some("FeatureCollection"), false)
    );
}

#[test]
fn a_title_cannot_close_the_script_of_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let title = "Jalan </script><script>alert(1)</script> Melati";
    let feature = |id: u32| json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [114.3, -8.2] }, "properties": { "id": id, "title": title } });
    let path = folder.path().join("x.geojson");
    std::fs::write(&path, json!({ "type": "FeatureCollection", "features": [feature(1), feature(2)] }).to_string())
        .unwrap();
    assert!(tapak(folder.path(), &[path.to_str().unwrap(), "--html", "r.html"]).status.success());
    let html = std::fs::read_to_string(folder.path().join("r.html")).unwrap();
    assert!(html.contains("Melati") && !html.contains("<script>alert"));
}

#[test]
fn an_unwritable_output_is_refused_before_any_work_and_a_missing_input_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let done = tapak(folder.path(), &[&sample(), "--html", "no/such/folder/r.html"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("no/such/folder/r.html"));
    for (name, bytes, said) in [("empty.csv", &b""[..], "empty.csv"), ("x.bin", &b"\x00\x01\x02"[..], "x.bin")] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let done = tapak(folder.path(), &[name]);
        assert_eq!(done.status.code(), Some(1));
        assert!(text(&done.stderr).contains(said), "{}", text(&done.stderr));
    }
    let done = tapak(folder.path(), &[&sample(), "--map", "title=Nama Yang Tidak Ada"]);
    assert!(text(&done.stderr).contains("Nama Yang Tidak Ada"), "{}", text(&done.stderr));
}

#[test]
fn an_input_file_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let input = table(folder.path(), "works.csv", &["1;Rabat beton Melati;35.10.01.2001;2025;DD;1000000;-8,2;114,3"]);
    let before = std::fs::read(&input).unwrap();
    for option in ["--json=works.csv", "--csv=./works.csv", "--html=works.csv"] {
        let refused = tapak(folder.path(), &["works.csv", option]);
        assert!(!refused.status.success());
        assert!(text(&refused.stderr).contains("one of the files to be read"), "{}", text(&refused.stderr));
        assert_eq!(std::fs::read(&input).unwrap(), before);
    }
    // The only file that stands behind --json is there to be read.
    let both = tapak(folder.path(), &["--json", "works.csv"]);
    assert!(both.status.success(), "{}", text(&both.stderr));
    assert_eq!((text(&both.stdout).trim(), std::fs::read(&input).unwrap()), ("[]", before.clone()));
}

#[test]
fn json_is_written_to_the_named_file_and_overwrites_nothing_but_findings() {
    let folder = tempfile::tempdir().unwrap();
    let row = "1;Rabat beton Melati;35.10.01.2001;2025;DD;1000000;-8,2;114,3";
    let (first, second) =
        (table(folder.path(), "first.csv", &[row]), table(folder.path(), "second.csv", &[&row.replacen('1', "2", 1)]));
    let before = std::fs::read(&first).unwrap();
    let report = folder.path().join("report.json");
    let both = ["first.csv", "second.csv"];
    // Twice: the second time over what the first one wrote.
    for arguments in [["--json", "report.json"], ["--strict", "--json=report.json"]] {
        let done = tapak(folder.path(), &[&both[..], &arguments].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        assert_eq!(serde_json::from_slice::<Vec<Value>>(&std::fs::read(&report).unwrap()).unwrap().len(), 1);
        assert!(!text(&done.stdout).contains('{'), "printed as well: {}", text(&done.stdout));
    }
    // Somebody who means to print, and names files behind it.
    let refused = tapak(folder.path(), &["--json", "first.csv", "second.csv"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("first.csv is there"), "{}", text(&refused.stderr));
    assert_eq!(std::fs::read(&first).unwrap(), before);
    assert!(second.exists() && !tapak(folder.path(), &["--json"]).status.success());
    let printed = tapak(folder.path(), &[&both[..], &["--json"]].concat());
    assert_eq!(serde_json::from_slice::<Vec<Value>>(&printed.stdout).unwrap().len(), 1);
}

/// With a pipe of its own: what replaces a file must never be tried on the devices of the machine.
#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_pipe_a_pipe() {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str| folder.path().join(name);
    std::fs::write(of("real.json"), "[\"what was there before\"]").unwrap();
    std::os::unix::fs::symlink(of("real.json"), of("link.json")).unwrap();
    assert!(Command::new("mkfifo").arg(of("pipe.html")).status().unwrap().success());
    let mut reader = Command::new("cat").arg(of("pipe.html")).stdout(Stdio::piped()).spawn().unwrap();
    let done = tapak(folder.path(), &[&sample(), "--json=link.json", "--html=pipe.html"]);
    let is_pipe = std::fs::symlink_metadata(of("pipe.html")).unwrap().file_type().is_fifo();
    if !is_pipe {
        reader.kill().unwrap();
    }
    let read = reader.wait_with_output().unwrap();
    assert!(is_pipe && done.status.success(), "{}", text(&done.stderr));
    assert!(
        of("link.json").is_symlink() && !std::fs::read_to_string(of("real.json")).unwrap().contains("there before")
    );
    assert!(text(&read.stdout).contains("<!doctype html>"));
}

/// Nothing read is not nothing found: a script that waits for alerts must not go on.
#[test]
fn a_file_without_a_usable_row_is_an_error_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("utm.csv"), "id,title,lat,lon\n1,Jalan,9100000,500000\n").unwrap();
    let done = tapak(folder.path(), &["utm.csv", "--fail-on", "alert"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("--crs"), "{}", text(&done.stderr));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tapak"));
    let command = command.current_dir(folder.path()).args(["scan", &sample(), "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success() && !text(&done.stderr).contains("panicked"), "{}", text(&done.stderr));
}

#[test]
fn files_of_every_format_and_crs_are_compared_and_their_columns_reported() {
    let folder = tempfile::tempdir().unwrap();
    let feature = |id: &str, x: f64, y: f64| {
        json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [x, y] }, "properties": {
            "id": id, "title": "Pembangunan Sumur Bor Dusun Krajan", "village_code": "35.10.01.2001", "year": 2025 } })
    };
    // One place: UTM 49S in three of the files, degrees in the last.
    let (east, north) = (871_768.6, 9_090_556.5);
    std::fs::write(folder.path().join("a.fgb"), flatgeobuf(&[feature("A", east, north)], 32_749, true)).unwrap();
    let layer = [feature("B", east + 2.0, north)];
    std::fs::write(folder.path().join("b.gpkg"), geopackage(&[("kegiatan", &layer, 32_749)])).unwrap();
    let csv = "No;Nama Paket;Kode Desa;TA;X;Y\nC;Pemb. sumur bor Dsn Krajan;35.10.01.2001;2025;871770,6;9090558,5\n";
    std::fs::write(folder.path().join("c.csv"), csv).unwrap();
    let collection = json!({ "type": "FeatureCollection", "features": [feature("D", 114.3735, -8.2133)],
        "crs": { "type": "name", "properties": { "name": "urn:ogc:def:crs:OGC:1.3:CRS84" } } });
    std::fs::write(folder.path().join("d.geojson"), collection.to_string()).unwrap();
    let done = tapak(folder.path(), &["a.fgb", "b.gpkg", "c.csv", "--crs", "EPSG:32749", "--json"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let findings: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((findings.len(), findings[0]["members"].as_array().unwrap().len()), (1, 3), "{findings:#?}");
    let told = text(&done.stderr);
    for said in [
        "c.csv: columns guessed by their headings (--map changes them): Nama Paket = title, Kode Desa = village code (village_code),",
        "TA = fiscal year (fiscal_year)",
        "not read: No",
        "a.fgb: columns named like their fields: title = title,",
        "coordinates: EPSG:32749, as the file says",
    ] {
        assert!(told.contains(said), "{said}\n{told}");
    }
    let done = tapak(folder.path(), &["a.fgb", "d.geojson", "--json"]);
    let findings: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(findings.len(), 1, "the systems that the files state: {findings:#?}");
    let done = tapak(folder.path(), &["d.geojson", "--crs", "EPSG:32749"]);
    let overruled = "coordinates: EPSG:32749 by --crs, although the file says URN:OGC:DEF:CRS:OGC:1.3:CRS84";
    assert!(text(&done.stderr).contains(overruled), "{}", text(&done.stderr));
    let done = tapak(folder.path(), &["c.csv", "--crs", "UTM 49"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("UTM 49") && text(&done.stderr).contains("23830"), "{}", text(&done.stderr));
}

/// A sign that was lost far away is told; the work is compared by what else is known of it.
#[test]
fn a_place_far_from_its_village_is_told_with_the_reading_that_would_fit() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [
        "N1;Rabat beton Jl. Melati RT 3;35.10.01.2001;2026;DD;1000000;8,5512;114,0123",
        "N2;Rabat beton Jl. Melati RT 3;35.10.01.2001;2026;DD;1000000;-8,5512;114,0123",
    ];
    table(folder.path(), "utara.csv", &rows);
    let done = tapak(folder.path(), &["utara.csv", "--json"]);
    let told = text(&done.stderr);
    assert!(done.status.success() && told.contains("latitude -8.5512"), "{told}");
    let findings: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((findings.len(), findings[0]["members"].as_array().unwrap().len()), (1, 2), "{findings:#?}");
}

/// What an id, a title or a status of a file is not stops no row of it.
#[test]
fn rows_with_one_id_without_a_title_or_of_a_failed_tender_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let scanned = |name: &str| {
        let done = tapak(folder.path(), &[name, "--json"]);
        let told = text(&done.stderr);
        assert!(done.status.success(), "{told}");
        (serde_json::from_slice::<Vec<Value>>(&done.stdout).unwrap(), told)
    };
    let work = "Pembangunan Sumur Bor Desa Sumberejo RW 18";
    of(
        "ganda.csv",
        &format!(
            "id,judul,kode_desa,tahun,lat,lon\n7,{work},35.10.01.2001,2026,-8.21,114.30\n7,{work},35.10.01.2001,2026,-8.21,114.30\n"
        ),
    );
    let (findings, told) = scanned("ganda.csv");
    assert!(findings.len() == 1 && told.contains("Row 2 has this id too"), "{told}");
    of(
        "tanpa.csv",
        "id,judul,kode_desa,tahun,lat,lon\n1,,35.10.01.2001,2026,-8.21,114.30\n2,,35.10.01.2001,2026,-8.21,114.30\n",
    );
    let (_, told) = scanned("tanpa.csv");
    assert!(!told.contains("left out"), "{told}");
    of(
        "spse.csv",
        &format!(
            "kd_nontender,kd_rup,nama_paket,tahun_anggaran,pagu,status_nontender\n1,7,{work},2026,160000000,Gagal/Batal\n2,7,{work},2026,160000000,Berlangsung\n"
        ),
    );
    let (findings, _) = scanned("spse.csv");
    assert!(findings.iter().all(|finding| finding["band"] != "alert"), "{findings:#?}");
}

/// A flood of alerts is summed up for the eye; nothing of it is lost for a machine.
#[test]
fn summarised_alerts_are_in_every_file_and_can_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<String> = (0..6_u32)
        .flat_map(|n| {
            let place = format!("-8,{:04};114,3", 2000 + 100 * n);
            [0, 1].map(|copy| {
                format!("{n}{copy};Sumur bor Melati {n};35.10.01.2001;2025;DD;{};{place}", 7_413_000 + 1_237_000 * n)
            })
        })
        .collect();
    table(folder.path(), "works.csv", &rows.iter().map(String::as_str).collect::<Vec<_>>());
    let done =
        tapak(folder.path(), &["works.csv", "--per-village", "2", "--csv=f.csv", "--json=f.json", "--html=f.html"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stdout).contains("35.10.01.2001: + 4"), "{}", text(&done.stdout));
    let findings: Vec<Value> = serde_json::from_slice(&std::fs::read(folder.path().join("f.json")).unwrap()).unwrap();
    let in_flood: Vec<bool> = findings.iter().map(|finding| finding["in_flood"].as_bool().unwrap()).collect();
    assert_eq!(in_flood, [false, false, true, true, true, true]);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("f.csv").lines().count(), 13);
    assert_eq!(read("f.html").matches("\"in_flood\":true").count(), 4);
}

/// Many records of one work, none on the very place of another, are one finding and take no longer than they are many.
#[test]
fn hundreds_of_records_of_one_work_are_one_finding() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<String> = (0..300_u32)
        .map(|n| format!("{n};Rabat beton Jalan Melati;35.10.01.2001;2025;DD;1000000;-8,2;114,300{:04}", 2 * n))
        .collect();
    table(folder.path(), "works.csv", &rows.iter().map(String::as_str).collect::<Vec<_>>());
    let done = tapak(folder.path(), &["works.csv", "--json"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let findings: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((findings.len(), findings[0]["members"].as_array().unwrap().len()), (1, 300));
}

#[test]
fn every_pair_is_written_for_a_scorer() {
    let folder = tempfile::tempdir().unwrap();
    let done = tapak(folder.path(), &[&sample(), "--pairs", "pairs.csv"]);
    assert!(done.status.success());
    let text = std::fs::read_to_string(folder.path().join("pairs.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id_a,id_b,probability,band,kind"));
    let alerts = lines.filter(|line| line.contains(",alert,")).count();
    assert!(alerts >= 40, "{alerts}");
}

/// Ctrl-C in the middle of a scan: no report, and nothing beside it.
#[cfg(unix)]
#[test]
fn an_interrupted_scan_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = String::from("id,title,lat,lon\n");
    for n in 0..60_000 {
        rows.push_str(&format!("{n},Rabat beton jalan nomor {n},{},114.3\n", -8.2 - f64::from(n) * 1e-5));
    }
    std::fs::write(folder.path().join("works.csv"), rows).unwrap();
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tapak"))
        .args(["scan", "works.csv", "--html", "out/r.html"])
        .current_dir(folder.path())
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let begun = || std::fs::read_dir(&out).unwrap().count() > 0;
    while !begun() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130), "it was done before it could be stopped, or died otherwise");
    let left: Vec<_> = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_column_set_aside_that_no_file_has_is_an_error_that_lists_the_columns() {
    let folder = tempfile::tempdir().unwrap();
    let first = table(folder.path(), "a.csv", &["1;Talud;35.10.01.2001;2026;DD;5000000;;"]);
    std::fs::write(folder.path().join("b.csv"), "ID;Judul;Keterangan\n1;Gapura;x\n").unwrap();
    let first = first.to_string_lossy().into_owned();
    let refused = tapak(folder.path(), &[&first, "b.csv", "--ignore", "Status", "--json"]);
    let said = text(&refused.stderr);
    assert!(!refused.status.success() && said.contains("Status (for --ignore)"), "{said}");
    assert!(said.contains("Nama Paket") && said.contains("Keterangan"), "{said}");
    // One of the files has it.
    let done = tapak(folder.path(), &[&first, "b.csv", "--ignore", "keterangan", "--json"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let mut import = Command::new(env!("CARGO_BIN_EXE_tapak"));
    import.current_dir(folder.path()).args(["--language", "en", "import", "projects", &first, "--dry-run"]);
    let refused = text(&import.args(["--ignore", "Status"]).output().unwrap().stderr);
    assert!(refused.contains("Status (for --ignore)") && refused.contains("Sumber Dana"), "{refused}");
}

#[test]
fn a_number_that_a_list_has_twice_makes_a_finding_of_what_words_alone_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [
        "K7;Rabat beton Jalan Melati;35.10.01.2001;2026;DD;90000000;;",
        "{};Pengecoran jalan Melati;35.10.01.2001;2026;DD;87500000;;",
        "K9;Sumur bor;35.10.01.2001;2026;DD;40000000;;",
    ];
    let found = |id: &str| {
        let rows = rows.map(|row| row.replace("{}", id));
        let path = table(folder.path(), "a.csv", &rows.each_ref().map(String::as_str));
        let done = tapak(folder.path(), &[&path.to_string_lossy(), "--json"]);
        let findings: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
        findings.first().map(|finding| (finding["probability"].as_f64().unwrap(), finding["evidence"].clone()))
    };
    let (with, without) = (found("K7"), found("K8"));
    let (probability, evidence) = with.unwrap();
    assert!(evidence.as_array().unwrap().iter().any(|item| item["name"] == "entry"), "{evidence}");
    assert!(without.is_none_or(|(other, _)| other + 0.1 < probability));
}
