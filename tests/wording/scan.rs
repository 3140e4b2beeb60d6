//! What `tapak scan` prints.

use crate::common::command::in_both_languages;
use crate::common::kept::reads_as_kept;

/// Two sources of money for one well, a road within another one's road, a row that is refused, a work alone.
const WORKS: &str = "\
ID;Nama Paket;Kode Desa;Tahun;Sumber Dana;Pagu;Pelaksana;WKT
A1;Pembangunan Sumur Bor Dusun Krajan;35.10.01.2001;2025;DD;150.000.000;TPK;POINT (114.305 -8.21)
A2;Pemb. sumur bor Dsn Krajan;35.10.01.2001;2025;BKK;Rp 148.500.000,00;CV Maju;POINT (114.30501 -8.21002)
A3;Rabat beton Jalan Mawar RT 02;35.10.01.2001;2025;DD;90 jt;TPK;LINESTRING (114.31 -8.205, 114.312 -8.205)
A4;Pengaspalan Jl. Mawar;35.10.01.2001;2026;ADD;75 jt;TPK;LINESTRING (114.3105 -8.205, 114.3125 -8.205)
A5;Talud Kali Gung;35.10.01.2001;2025;DD;25 jt;TPK;POINT (-8.21 114.305)
A6;Rehab Balai Dusun;35.10.01.2001;2025;DD;50 jt;TPK;POINT (114.32 -8.22)
";

#[test]
fn what_a_scan_prints_reads_as_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("kegiatan.csv"), WORKS).unwrap();
    for ((code, said), language) in in_both_languages(folder.path(), &["scan", "kegiatan.csv"]).iter().zip(["id", "en"])
    {
        assert_eq!(*code, Some(0), "{said}");
        reads_as_kept(&format!("scan_{language}"), said);
    }
}
