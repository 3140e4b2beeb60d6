//! GeoJSON in every wrapping.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use tapak_fuzz::{read_projects, sample_features, seed};

fuzz_target!(
    init: {
        let features = sample_features("projects.geojson", 3);
        let crs = json!({ "type": "name", "properties": { "name": "urn:ogc:def:crs:EPSG::32749" } });
        let whole = json!({ "type": "FeatureCollection", "crs": crs, "features": features }).to_string();
        let lines: String = features.iter().map(|feature| format!("{feature}\n")).collect();
        seed(&[whole.as_bytes(), lines.as_bytes(), b"[{\"type\":\"Feature\",\"id\":1,\"geometry\":null,\"properties\":{\"title\":\"a\"}}]",
            b"{\"success\":true,\"result\":{\"fields\":[{\"id\":\"a\"}],\"records\":[{\"id\":1,\"judul\":\"a\",\"g\":{\"desa\":\"b\"}}]}}"]);
    },
    |data: &[u8]| read_projects("a.geojson", data)
);
