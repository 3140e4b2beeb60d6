//! Pages saved as one file: parts, their heads and their writing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{read_projects, seed};

fuzz_target!(
    init: seed(&[
        b"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<table><tr><td>Nama Paket<tr><td>Talud=20</table>",
        b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPHRhYmxlPg==\n--b--",
    ]),
    |data: &[u8]| {
        let page = [b"MIME-Version: 1.0\n", data].concat();
        read_projects("a.mht", &page);
    }
);
