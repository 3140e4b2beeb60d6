//! GPX: waypoints, routes and tracks.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{read_projects, seed};

const SEED: &str = r#"<gpx><wpt lat="-8.25" lon="114.35"><name>Gapura</name><time>2026-03-01T01:00:00Z</time></wpt><rte><name>a</name>
<rtept lat="-8" lon="114"/><rtept lat="-8.1" lon="114"/></rte><trk><name>b</name><trkseg><trkpt lat="-8" lon="114"><ele>3</ele>
</trkpt><trkpt lat="-8.1" lon="114"/></trkseg></trk></gpx>"#;

fuzz_target!(
    init: {
        seed(&[SEED.as_bytes()]);
    },
    |data: &[u8]| {
        let mut bytes = b"<gpx>".to_vec();
        bytes.extend_from_slice(data);
        read_projects("a.gpx", &bytes);
        read_projects("a.gpx", data);
    }
);
