//! Esri JSON, and JSON as the value of a variable.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tapak_fuzz::{read_projects, seed};

const SEED: &str = r#"{"geometryType":"esriGeometryPolygon","spatialReference":{"wkid":102100,"latestWkid":3857},"fields":[
{"name":"mulai","type":"esriFieldTypeDate"}],"features":[{"attributes":{"judul":"Talud","tahun":2026,"mulai":1755363600000,"x":NaN},
"geometry":{"rings":[[[0,0],[0,9],[9,9],[0,0]],[[1,2],[1,3],[2,3],[1,2]]]}},{"attributes":{"judul":"A"},"geometry":{"x":1,"y":2}},
{"attributes":{},"geometry":{"paths":[[[1,2],[3,4]]]}},{"attributes":{},"geometry":{"points":[[1,2,3]]}}]}"#;

fuzz_target!(
    init: {
        seed(&[SEED.as_bytes(), format!("var a = {SEED};").as_bytes()]);
    },
    |data: &[u8]| {
        let mut bytes = br#"{"geometryType":"","features":[{"attributes":{"judul":"a"},"#.to_vec();
        bytes.extend_from_slice(data);
        read_projects("a.json", &bytes);
        read_projects("a.js", data);
    }
);
