//! KML, KMZ and GPX as Google Earth, ArcGIS and programs of telephones write them.

use super::made::archive;
use super::*;
use geo::{Geometry, line_string};

/// A KML file of these placemarks in a document.
fn kml(placemarks: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>Desa</name>
<Style id="a"><LineStyle><width>2</width></LineStyle></Style>{placemarks}</Document></kml>"#
    )
}

fn placemark(name: &str, inside: &str) -> String {
    format!(
        r#"<Placemark><name>{name}</name><ExtendedData><Data name="kode desa"><displayName>x</displayName>
        <value>35.10.01.2001</value></Data><Data name="tahun"><value>2026</value></Data></ExtendedData>{inside}</Placemark>"#
    )
}

fn scan(name: &str, bytes: &[u8]) -> (Vec<ProjectRow>, Vec<RefusedCell>) {
    let options = ReadOptions { needs: Needs::Comparison, owner_of, ..ReadOptions::default() };
    read_with(name, bytes, &options).unwrap()
}

fn parts(row: &ProjectRow) -> Vec<Geometry<f64>> {
    row.footprint.iter().flat_map(|footprint| &footprint.parts).map(|part| part.geometry.clone()).collect()
}

#[test]
fn a_placemark_is_a_work_with_its_name_as_title_and_its_data_as_columns() {
    let text = kml(&placemark(
        "Rabat &amp; talud RT 3",
        "<LineString><coordinates>114.35,-8.25,0\n 114.351,-8.2506,0</coordinates></LineString>",
    ));
    let (good, refused) = scan("a.kml", text.as_bytes());
    assert_eq!(refused, []);
    let [row] = good.as_slice() else { panic!("{good:?}") };
    let facts = (row.title.as_str(), row.village_code.as_deref(), row.fiscal_year);
    assert_eq!(facts, ("Rabat & talud RT 3", Some("35.10.01.2001"), Some(2026)));
    assert_eq!(parts(row), [line_string![(x: 114.35, y: -8.25), (x: 114.351, y: -8.2506)].into()]);
}

#[test]
fn every_kind_of_geometry_of_kml_is_read() {
    let ring = |west: f64, side: f64| {
        let (east, north) = (west + side, -8.5 + side);
        format!(
            "<LinearRing><coordinates>{west},-8.5 {east},-8.5 {east},{north} {west},{north} {west},-8.5</coordinates></LinearRing>"
        )
    };
    let polygon = format!("<Polygon><outerBoundaryIs>{}</outerBoundaryIs></Polygon>", ring(114.1, 0.01));
    let text = kml(&[
        placemark("Titik", "<Point><coordinates> 114.35, -8.25, 12 </coordinates></Point>"),
        placemark("Bidang", &polygon),
        placemark(
            "Banyak",
            "<MultiGeometry><Point><coordinates>114.1,-8.1</coordinates></Point><MultiGeometry><Point><coordinates>114.2,-8.2</coordinates></Point></MultiGeometry></MultiGeometry>",
        ),
        placemark(
            "Jejak",
            "<gx:Track><when>2026-01-01T00:00:00Z</when><when>2026-01-01T00:00:05Z</when><gx:coord>114.1 -8.1 3</gx:coord><gx:coord>114.2 -8.2 4</gx:coord></gx:Track>",
        ),
        placemark(
            "Jejak berganda",
            "<gx:MultiTrack><gx:Track><gx:coord>114.1 -8.1 3</gx:coord><gx:coord>114.2 -8.2 4</gx:coord></gx:Track></gx:MultiTrack>",
        ),
        placemark("Tanpa letak", ""),
        placemark("Rusak", "<Point><coordinates>x,y</coordinates></Point>"),
    ]
    .concat());
    let (good, refused) = scan("a.kml", text.as_bytes());
    let counts: Vec<(&str, usize)> = good.iter().map(|row| (row.title.as_str(), parts(row).len())).collect();
    let expected = [
        ("Titik", 1),
        ("Bidang", 1),
        ("Banyak", 2),
        ("Jejak", 1),
        ("Jejak berganda", 1),
        ("Tanpa letak", 0),
        ("Rusak", 0),
    ];
    assert_eq!((counts.as_slice(), refused.len()), (&expected[..], 0));
    assert_eq!(parts(&good[0]), [geo::Point::new(114.35, -8.25).into()]);
    assert!(
        matches!(parts(&good[3])[0], Geometry::LineString(_)) && matches!(parts(&good[1])[0], Geometry::Polygon(_))
    );
    assert_eq!((good[6].row, good[6].unknown[0].invalid.code), (7, "geometry_not_readable"));
}

#[test]
fn the_attributes_of_arcgis_and_of_a_schema_are_columns_and_the_folder_too() {
    let text = kml(r#"<Schema name="jalan" id="jalan"><SimpleField name="VOLUME" type="double"></SimpleField></Schema>
        <Folder><name>Dusun Krajan</name><Folder><name></name>
        <Placemark id="ID_0"><name>1</name><Snippet maxLines="0"></Snippet><description><![CDATA[<html><body><table>
        <tr><td>1</td></tr><tr><td><table><tr><td>JUDUL</td><td>Rabat beton &amp; talud</td></tr>
        <tr><td>TAHUN</td><td>2026</td></tr></table></td></tr></table></body></html>]]></description></Placemark>
        <Placemark><name>2</name><ExtendedData><SchemaData schemaUrl="jalan"><SimpleData name="JUDUL">Gapura</SimpleData>
        <SimpleData name="VOLUME">1500.500</SimpleData></SchemaData></ExtendedData></Placemark></Folder></Folder>"#);
    let options = ReadOptions {
        needs: Needs::Comparison,
        map: vec![("hamlet".to_owned(), "folder".to_owned())],
        ..ReadOptions::default()
    };
    let good = read_with("a.kml", text.as_bytes(), &options).unwrap().0;
    assert_eq!(good.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), ["Rabat beton & talud", "Gapura"]);
    assert_eq!(good[0].fiscal_year, Some(2026));
    assert!(good.iter().all(|row| row.hamlet.as_deref() == Some("Dusun Krajan")), "{good:?}");
    // A number of the file itself has a decimal point, what a person typed may not.
    assert_eq!(good[1].volume, Some(1500.5));
}

#[test]
fn kml_in_other_encodings_keeps_its_letters() {
    let body = r#"<kml><Document><Placemark><name>Jalan Münster RT 3 & 4</name></Placemark></Document></kml>"#;
    let latin: Vec<u8> = format!(r#"<?xml version="1.0" encoding="ISO-8859-1"?>{body}"#)
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let wide = format!(r#"<?xml version="1.0" encoding="UTF-16"?>{body}"#);
    for bytes in [latin, utf16(&format!("\u{FEFF}{wide}")), utf16(&wide), body.as_bytes().to_vec()] {
        let (good, _) = scan("a.kml", &bytes);
        assert_eq!(good[0].title, "Jalan Münster RT 3 & 4");
    }
}

#[test]
fn a_kmz_is_the_kml_in_it() {
    let text = kml(&placemark("Gapura", "<Point><coordinates>114.35,-8.25</coordinates></Point>"));
    let bytes = archive(&[("files/foto.png", b"x"), ("doc.kml", text.as_bytes())]);
    let (good, refused) = scan("a.kmz", &bytes);
    assert_eq!((good[0].title.as_str(), refused.len()), ("Gapura", 0));
    // Without a main one, each is a layer.
    let several = archive(&[("a.kml", text.as_bytes()), ("__MACOSX/._a.kml", b"x"), ("b.kml", text.as_bytes())]);
    let files = ProjectFile::open_each(
        &Input::bytes("a.kmz", several),
        &ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() },
    );
    assert_eq!(files.unwrap().iter().map(ProjectFile::name).collect::<Vec<_>>(), ["a.kmz (a)", "a.kmz (b)"]);
}

#[test]
fn a_damaged_archive_is_told() {
    let text = kml(&placemark(&"Gapura ".repeat(40), ""));
    let mut bytes = archive(&[("doc.kml", text.as_bytes())]);
    let at = bytes.windows(6).position(|bytes| bytes == b"Gapura").unwrap_or(200);
    bytes[at] ^= 1;
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let read: Result<Vec<_>, _> =
        ProjectFile::open(&Input::bytes("a.kmz", bytes), &options).and_then(|file| file.collect());
    assert!(read.is_err(), "{read:?}");
}

#[test]
fn kml_that_breaks_off_or_is_none_is_told() {
    let whole = kml(&[placemark("Satu", ""), placemark("Dua", "")].concat());
    let code = |text: &str| {
        let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
        match read_with("a.kml", text.as_bytes(), &options) {
            Ok((good, _)) => format!("{} rows", good.len()),
            Err(wrong) => wrong.code().to_owned(),
        }
    };
    assert_eq!(code(&whole), "2 rows");
    let cut = whole.find("Dua").unwrap();
    assert_eq!(code(&whole[..cut]), "file_truncated");
    assert_eq!(code(&whole[..whole.len() - 9]), "file_truncated");
    assert_eq!(code(&whole.replace("</Placemark>", "</Folder>")), "file_unsound");
    assert_eq!(code("<kml><Document></Document></kml>"), "file_without_rows");
    assert_eq!(code(&format!("<kml>{}", "<Folder>".repeat(200))), "file_unsound");
    assert_eq!(code(&format!("<kml><Placemark>{}", "<a>".repeat(200))), "file_unsound");
}

#[test]
fn tracks_routes_and_waypoints_of_gpx_are_works() {
    let text = r#"<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>x</name></metadata>
        <wpt lat="-8.25" lon="114.35"><ele>3</ele><time>2026-03-01T01:00:00Z</time><name>Gapura</name><desc>cat</desc></wpt>
        <rte><name>Saluran</name><rtept lat="-8.25" lon="114.35"/><rtept lat="-8.26" lon="114.36"/></rte>
        <trk><name>Jalan Krajan</name><extensions><a:b xmlns:a="x">1</a:b></extensions>
        <trkseg><trkpt lat="-8.25" lon="114.35"><time>2026-03-01T01:00:00Z</time></trkpt><trkpt lat="-8.26" lon="114.36"/></trkseg>
        <trkseg><trkpt lat="-8.27" lon="114.37"/></trkseg>
        <trkseg><trkpt lat="-8.28" lon="114.38"/><trkpt lat="-8.29" lon="114.39"/></trkseg></trk>
        <trk><name>Tanpa jejak</name></trk><trk><name>Rusak</name><trkseg><trkpt lat="a" lon="1"/></trkseg></trk></gpx>"#;
    let (good, refused) = scan("jejak.gpx", text.as_bytes());
    let told: Vec<(&str, usize)> = good.iter().map(|row| (row.title.as_str(), parts(row).len())).collect();
    assert_eq!(told, [("Gapura", 1), ("Saluran", 1), ("Jalan Krajan", 2), ("Tanpa jejak", 0), ("Rusak", 0)]);
    assert_eq!(parts(&good[0]), [geo::Point::new(114.35, -8.25).into()]);
    assert_eq!((refused.len(), good[4].row, good[4].unknown[0].invalid.code), (0, 5, "geometry_not_readable"));
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let cut = &text[..text.find("Tanpa jejak").unwrap()];
    assert_eq!(read_with("jejak.gpx", cut.as_bytes(), &options).unwrap_err().code(), "file_truncated");
}

#[test]
fn borders_are_read_from_kml() {
    let text = kml(
        r#"<Placemark><name>Krajan</name><ExtendedData><SchemaData><SimpleData name="KDEPUM">35.10.01.2001</SimpleData>
        <SimpleData name="WADMKC">Pesanggaran</SimpleData></SchemaData></ExtendedData><Polygon><outerBoundaryIs><LinearRing>
        <coordinates>114,-8.5,0 114.01,-8.5,0 114.01,-8.49,0 114,-8.5,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"#,
    );
    let input = Input::bytes("batas.kml", text.into_bytes());
    let file = read_villages(&input, &VillageReading::default(), &Progress::default()).unwrap();
    assert_eq!((file.good[0].code.as_str(), file.good[0].border.name.as_str()), ("35.10.01.2001", "Krajan"));
}
