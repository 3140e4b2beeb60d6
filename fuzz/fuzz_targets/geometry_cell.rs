//! A cell with a geometry: WKT, EWKT, GeoJSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak::import::Field;
use tapak_fuzz::{read_cells, seed};

fuzz_target!(
    init: seed(&[
        b"POINT(114.3 -8.2)",
        b"SRID=4326;LINESTRING(114.3 -8.2,114.31 -8.2)",
        b"MULTIPOLYGON(((114.3 -8.2,114.31 -8.2,114.31 -8.1,114.3 -8.2)))",
        b"GEOMETRYCOLLECTION(POINT Z(871768.6 9090556.5 3),LINESTRING EMPTY)",
        b"{\"type\":\"Polygon\",\"coordinates\":[[[114.3,-8.2],[114.31,-8.2],[114.31,-8.1],[114.3,-8.2]]]}",
    ]),
    |data: &[u8]| {
        if let Ok(text) = std::str::from_utf8(data) {
            read_cells(&[(Field::Geometry, text)]);
        }
    }
);
