//! Whatever stands in a file, the reader gives an answer.

use super::*;
use proptest::prelude::*;

/// Cells as they may be: near to real ones, and anything.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[-0-9.,°'\"SELTB :;/+()RpjtMx]{0,24}",
        "\\PC{0,30}",
        "(POINT|POLYGON|MULTIPOLYGON|GEOMETRYCOLLECTION)? ?[(]{0,12}[-0-9., ]{0,20}[)]{0,12}",
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
}
