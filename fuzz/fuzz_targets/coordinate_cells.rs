//! Cells with coordinates, one line each: both in one cell, then latitude, longitude, accuracy.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak::import::Field;
use tapak_fuzz::{read_cells, seed};

fuzz_target!(
    init: seed(&[
        "8°12'48\"S 114°22'24\"E\n-8,2133\n114,3735\n5 m".as_bytes(),
        "871768,6; 9090556,5\n9.090.556,5\n871.768,6\n±3".as_bytes(),
        "lat 8.2133S, lon 114.3735E\nS 8 12 48\n114° 22' 24,6\" BT\n10".as_bytes(),
    ]),
    |data: &[u8]| {
        let Ok(text) = std::str::from_utf8(data) else { return };
        let mut lines = text.split('\n');
        let mut line = || lines.next().unwrap_or_default();
        let (both, lat, lon, accuracy) = (line(), line(), line(), line());
        read_cells(&[(Field::Coordinates, both), (Field::EndCoordinates, lat), (Field::Accuracy, accuracy)]);
        read_cells(&[(Field::Lat, lat), (Field::Lon, lon), (Field::EndLat, lon), (Field::EndLon, both)]);
    }
);
