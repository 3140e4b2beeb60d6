//! One text in every other kind of cell: numbers, money, funds, days, years, codes, words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak::import::Field;
use tapak_fuzz::{read_cells, seed};

fuzz_target!(
    init: seed(&[
        b"Rp 150.000.000,00",
        b"328,5 Jt",
        b"DD: 100 jt; ADD: Rp 50.000.000",
        b"17 Agustus 2025",
        b"45000",
        b"2025/2026",
        b"P 74 x L 4 x T 0,15 m",
        b"STA 1+020",
        b"35.10.01.2001",
        b"02.03.10 Pembangunan Jalan",
    ]),
    |data: &[u8]| {
        let Ok(text) = std::str::from_utf8(data) else { return };
        for field in Field::ALL {
            read_cells(&[(*field, text)]);
        }
    }
);
