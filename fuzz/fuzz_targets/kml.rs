//! KML: folders, schemas, placemarks, and web pages in their descriptions.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{read_projects, seed};

const SEED: &str = r#"<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>a</name>
<Schema id="s"><SimpleField name="tahun" type="int"/></Schema><Folder><name>b</name><Placemark><name>Talud &amp; jalan</name>
<description><![CDATA[<table><tr><td>judul</td><td>Talud</td></tr></table>]]></description><ExtendedData><Data name="kode_desa">
<value>35.10.01.2001</value></Data><SchemaData><SimpleData name="tahun">2026</SimpleData></SchemaData></ExtendedData>
<MultiGeometry><LineString><coordinates>114.35,-8.25,0 114.351,-8.2506,0</coordinates></LineString><gx:Track><gx:coord>114 -8 0
</gx:coord></gx:Track><Polygon><outerBoundaryIs><LinearRing><coordinates>114,-8 114.1,-8 114.1,-8.1 114,-8</coordinates>
</LinearRing></outerBoundaryIs></Polygon></MultiGeometry></Placemark></Folder></Document></kml>"#;

fuzz_target!(
    init: {
        seed(&[SEED.as_bytes()]);
    },
    |data: &[u8]| {
        let mut bytes = b"<kml>".to_vec();
        bytes.extend_from_slice(data);
        read_projects("a.kml", &bytes);
        read_projects("a.kml", data);
    }
);
