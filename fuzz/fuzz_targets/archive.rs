//! Archives of tables and maps: bytes are put into each of its files, past the checksums.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{archive, read_projects, seed};

fuzz_target!(
    init: seed(&[b"ID;Nama Paket\n1;Talud\n", b"{\"id\":1,\"judul\":\"Talud\"}\n{\"id\":2}\n"]),
    |data: &[u8]| {
        read_projects("a.zip", &archive(&[("a.csv", data), ("b/c.json", data), ("d.xls", data), ("e.gpx", data)]));
        read_projects("b.zip", &archive(&[("a.ndjson", data)]));
    }
);
