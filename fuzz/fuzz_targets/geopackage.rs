//! GeoPackage: a database that somebody else wrote.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{geopackage, read_projects, sample_features, seed};

fuzz_target!(
    init: {
        let features = sample_features("projects.geojson", 2);
        seed(&[&geopackage(&[("kegiatan", &features, 4326)]), &geopackage(&[("a", &features, -1), ("b", &[], 32_749)])]);
    },
    |data: &[u8]| {
        let mut bytes = b"SQLite format 3\0".to_vec();
        bytes.extend_from_slice(data.get(16..).unwrap_or_default());
        read_projects("a.gpkg", &bytes);
    }
);
