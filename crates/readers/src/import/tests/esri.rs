//! Esri JSON, and features as the value of a variable.

use super::*;

const SET: &str = r#"{"displayFieldName":"judul","fieldAliases":{"id":"id"},"geometryType":"esriGeometryPolyline",
"spatialReference":{"wkid":102100,"latestWkid":3857},
"fields":[{"name":"id","type":"esriFieldTypeOID"},{"name":"mulai","type":"esriFieldTypeDate","length":8}],
"features":[
{"attributes":{"id":1,"title":"Jalan Krajan","village_code":"35.10.01.2001","year":2025,"start_on":null},
 "geometry":{"paths":[[[12731999.780,-917447.879],[12732099.780,-917447.879]]]}},
{"attributes":{"id":2,"title":"Gapura","village_code":"35.10.01.2001","year":2025,"panjang":NaN},"geometry":null},
{"attributes":{"id":3,"title":"Talud","village_code":"35.10.01.2001","year":2025},"geometry":{"paths":[[[1],[2]]]}}]}"#;

#[test]
fn a_feature_set_of_arcgis_is_read() {
    let (good, refused) = read("jalan.json", SET.as_bytes()).unwrap();
    assert_eq!(good.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), ["Jalan Krajan", "Gapura"]);
    let geometry = good[0].footprint.as_ref().unwrap().parts[0].geometry.clone();
    let line: geo::LineString = geometry.try_into().unwrap();
    assert!((line.0[0].x - 114.3735).abs() < 1e-6 && (line.0[0].y + 8.2133).abs() < 1e-6, "{line:?}");
    assert_eq!(good[1].footprint, None);
    assert_eq!((refused[0].row, refused[0].invalid.code), (3, "geometry_not_readable"));
}

#[test]
fn refused_features_of_arcgis_go_out_as_geojson_in_the_same_system() {
    let input = Input::bytes("jalan.json", SET.as_bytes());
    let options = ReadOptions { owner_of, ..ReadOptions::default() };
    let refused = read("jalan.json", SET.as_bytes()).unwrap().1;
    let mut out = Vec::new();
    let file = ProjectFile::open(&input, &options).unwrap();
    write_refused_rows(&mut out, &input, &options, file.origin(), &refused, |invalid| invalid.code.to_owned()).unwrap();
    let written: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(written["crs"]["properties"]["name"], "urn:ogc:def:crs:EPSG::3857");
    assert_eq!(written["features"][0]["properties"]["title"], "Talud");
}

#[test]
fn a_script_of_qgis2web_is_read() {
    let features = String::from_utf8(collection(&[feature("1", "null", "")])).unwrap();
    let script = format!("var json_jalan_1 = {features};\n");
    assert_eq!(good("jalan_1.js", script.as_bytes()).len(), 1);
    assert_eq!(read("peta.json", br#"{"type":"Topology"}"#).unwrap_err().values()["kind"], "topojson");
}
