//! Whatever stands in a file, the reader gives an answer.

use super::*;
use proptest::prelude::*;

/// Cells as they may be: near to real ones, and anything.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[-0-9.,°'\"SELTB :;/+()RpjtMx]{0,24}",
        "\\PC{0,30}",
        "(POINT|POLYGON|MULTIPOLYGON|GEOMETRYCOLLECTION)? ?[(]{0,12}[-0-9., ]{0,20}[)]{0,12}",
        "((CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|MULTICURVE|MULTISURFACE|MULTIPOINT|EMPTY)? ?[(),]{0,3}[0-9 ,]{0,12}){0,6}",
    ]
}

proptest! {
    #[test]
    fn no_cell_makes_the_reader_panic(cells in proptest::collection::vec(cell(), 40)) {
        let fields: Vec<&str> = Field::ALL.iter().map(|field| field.as_str()).collect();
        let mut csv = ::csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        csv.write_record(&fields).unwrap();
        csv.write_record(&cells[..fields.len()]).unwrap();
        let bytes = csv.into_inner().unwrap();
        let _ = read("a.csv", &bytes);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read("a.csv", &bytes);
        let _ = read("a.geojson", &bytes);
        let _ = read_villages(&Input::bytes("a.geojson", bytes), &VillageReading::default(), &Progress::default());
    }

    #[test]
    fn no_text_makes_the_geojson_reader_panic(text in "[{}\\[\\],:\" \\\\0-9a-f]{0,200}") {
        let _ = read("a.geojson", format!("{{\"type\":\"FeatureCollection\",\"features\":[{text}").as_bytes());
        let _ = read("a.geojson", &collection(&[feature("1", &text, "")]));
    }

    #[test]
    fn no_page_makes_the_reader_panic(text in "(<(/?t[adhr]able?|td colspan=[0-9]{1,6}|td rowspan='[0-9]{1,6}'|!--|br)>?|&[a-z#0-9]{0,6};?|\\PC){0,80}") {
        let _ = read("a.xls", format!("<table>{text}").as_bytes());
    }

    #[test]
    fn no_xml_makes_the_readers_of_sheets_panic(
        text in "(</?(Row|Cell|Data|table:table-row|table:table-cell|text:p)( (ss:Index|ss:MergeDown|table:number-rows-repeated|table:number-rows-spanned|office:value)=\"[-0-9e]{0,7}\")*/?>|&[a-z]{0,4};|[a-z0-9 ]){0,60}"
    ) {
        let old = "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"A\">";
        let _ = read("a.xls", format!("{old}{text}").as_bytes());
        let _ = read("a.xls", format!("{old}<Table>{text}</Table></Worksheet></Workbook>").as_bytes());
        let content = format!("<a><table:table table:name=\"A\">{text}</table:table></a>");
        let mimetype = b"application/vnd.oasis.opendocument.spreadsheet".as_slice();
        let _ = read("a.ods", &made::archive(&[("mimetype", mimetype), ("content.xml", content.as_bytes())]));
    }

    #[test]
    fn no_xml_makes_the_readers_of_maps_panic(
        text in "(</?(Placemark|Folder|name|Point|LineString|coordinates|MultiGeometry|gx:Track|gx:coord|ExtendedData|trk|trkseg|trkpt|wpt|rtept)( (lat|lon|name)=\"[-0-9.e]{0,7}\")*/?>|&[a-z]{0,4};|[-0-9., a-z]){0,60}"
    ) {
        for (name, root) in [("a.kml", "kml"), ("a.gpx", "gpx")] {
            let _ = read(name, format!("<{root}>{text}").as_bytes());
            let _ = read(name, format!("<{root}><Placemark><wpt>{text}</wpt></Placemark></{root}>").as_bytes());
        }
    }

    #[test]
    fn no_message_makes_the_reader_panic(
        text in "(\r?\n|--b|--|Content-(Type|Transfer-Encoding|Location): ?|text/html|multipart/related; boundary=b|base64|quoted-printable|=[0-9A-F]{0,2}|<table><td>|[a-z0-9:;=\" ]){0,60}"
    ) {
        let _ = read("a.mht", format!("MIME-Version: 1.0\n{text}").as_bytes());
        let head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n";
        let _ = read("a.mht", format!("{head}{text}").as_bytes());
    }

    #[test]
    fn no_features_of_arcgis_make_the_reader_panic(text in "([{}\\[\\],:]|\"(x|y|paths|rings|points|curvePaths|attributes)\":|-?[0-9.]{1,4}|null){0,60}") {
        let _ = read("a.json", format!("{{\"geometryType\":\"a\",\"features\":[{{\"attributes\":{{}},\"geometry\":{{{text}").as_bytes());
    }

    #[test]
    fn no_archive_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[{}\\[\\],:\";\\n a-z]{0,80}") {
        let packed = made::archive(&[("a.csv", text.as_bytes()), ("b.json", text.as_bytes()), ("c.gpkg", &bytes), ("d.xls", &bytes)]);
        let _ = read("a.zip", &packed);
        let _ = read("a.zip", &made::archive(&[("a.csv", text.as_bytes()), ("b.json", text.as_bytes()), ("c.fgb", &bytes)]));
    }

    #[test]
    fn no_answer_of_an_interface_makes_the_reader_panic(text in "[{}\\[\\],:\" \\\\0-9a-f]{0,120}") {
        let _ = read("a.json", format!("{{\"result\":{{\"records\":[{{\"judul\":{text}").as_bytes());
        let _ = read("a.json", format!("[{{\"judul\":\"a\",{text}").as_bytes());
    }
}
