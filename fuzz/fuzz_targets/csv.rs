//! Tables of text: encodings, delimiters, headings, every kind of cell.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{read_projects, seed};

fuzz_target!(
    init: seed(&[
        b"ID;Nama Paket;Kode Desa;Tahun;Sumber Dana;Pagu;Lintang;Bujur\n1;Sumur Bor;35.10.01.2001;2025;DD;Rp 150.000.000,00;-8,21;114,305\n",
        b"DAFTAR KEGIATAN\n\nid,title,village_code,year,volume,wkt\n1,\"Jalan \"\"Melati\"\"\",3510012001,2025,120 m2,\"LINESTRING(114.3 -8.2,114.31 -8.2)\"\n",
        b"sep=|\nNo|Pekerjaan|X|Y|Mulai|RT/RW\n1|Talud|871.768,6|9.090.556,5|17 Agustus 2025|02/01\n",
        b"\xFF\xFEi\0d\0;\0j\0u\0d\0u\0l\0\n\0001\0;\0a\0\n\0",
    ]),
    |data: &[u8]| read_projects("a.csv", data)
);
