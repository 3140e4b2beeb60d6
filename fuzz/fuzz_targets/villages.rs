//! Village boundaries.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use tapak::import::{Input, Progress, VillageReading, read_villages};
use tapak_fuzz::{sample_features, seed};

fuzz_target!(
    init: {
        let features = sample_features("villages.geojson", 2);
        seed(&[json!({ "type": "FeatureCollection", "features": features }).to_string().as_bytes()]);
    },
    |data: &[u8]| {
        let _ = read_villages(&Input::bytes("v.geojson", data), &VillageReading::default(), &Progress::default());
    }
);
