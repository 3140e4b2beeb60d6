//! Files larger than the memory: what is held while one is read. Run by
//! `cargo nextest run --run-ignored only a_large_file`; each writes 300 MB and takes a minute or two without optimisation.

use super::*;
use std::io::{BufWriter, Write};

const FILE_BYTES: u64 = 300 << 20;
/// What reading may add to the process: 30 bytes an id, some buffers, and what the allocator keeps.
const MOST_BYTES: u64 = 90 << 20;

/// The most memory that this process ever held, bytes; `None` where the system does not report it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1_024)
}

/// Rows read of a file that is made row by row, and what that added to the most memory.
fn read_large(name: &str, heading: &str, row: impl Fn(u64) -> String) -> (u64, u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut file = BufWriter::new(std::fs::File::create(&path).unwrap());
    let (mut bytes, mut made) = (0, 0);
    file.write_all(heading.as_bytes()).unwrap();
    while bytes < FILE_BYTES {
        let text = row(made);
        file.write_all(text.as_bytes()).unwrap();
        bytes += text.len() as u64;
        made += 1;
    }
    file.flush().unwrap();
    let before = peak().unwrap_or(0);
    let mut read = 0;
    for row in ProjectFile::open(&Input::path(path), &ReadOptions::default()).unwrap() {
        assert!(matches!(row.unwrap(), Row::Good(_)));
        read += 1;
    }
    assert_eq!(read, made);
    (read, peak().unwrap_or(0) - before)
}

#[test]
#[ignore = "writes 300 MB"]
fn a_large_file_of_csv_is_read_in_little_memory() {
    let filler = "x".repeat(140);
    let row = |n: u64| format!("{n};Pembangunan Jalan Desa nomor {n};35.10.01.2001;2025;-8,21;114,305;{filler}\n");
    let (rows, added) = read_large("a.csv", "ID;Nama Paket;Kode Desa;Tahun;Lintang;Bujur;Catatan\n", row);
    eprintln!("{rows} rows, {added} bytes more at most");
    assert!(added < MOST_BYTES, "{added}");
}

#[test]
#[ignore = "writes 300 MB"]
fn a_large_file_of_features_is_read_in_little_memory() {
    let filler = "x".repeat(100);
    let row = |n: u64| {
        let place = r#"{"type":"Point","coordinates":[114.305,-8.21]}"#;
        format!("{}\n", feature(&n.to_string(), place, &format!(",\"x\":\"{filler}\"")))
    };
    let (rows, added) = read_large("a.ndjson", "", row);
    eprintln!("{rows} features, {added} bytes more at most");
    assert!(added < MOST_BYTES, "{added}");
}
