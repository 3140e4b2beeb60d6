//! FlatGeobuf: header, index, features.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{flatgeobuf, read_projects, sample_features, seed};

fuzz_target!(
    init: {
        let features = sample_features("projects.geojson", 3);
        seed(&[&flatgeobuf(&features, 4326, false), &flatgeobuf(&features[..1], 32_749, true), b"fgb\x03fgb\x00"]);
    },
    |data: &[u8]| {
        let mut bytes = b"fgb\x03fgb\x00".to_vec();
        bytes.extend_from_slice(data.get(8..).unwrap_or_default());
        read_projects("a.fgb", &bytes);
    }
);
