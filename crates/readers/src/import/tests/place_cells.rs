//! Places in one cell or two, in the forms of people, telephones, survey apps and databases.

use super::*;
use geo::{Geometry, Point, line_string};

const BEFORE: &str = "id;judul;kode_desa;tahun";

fn table(heading: &str, cells: &[&str]) -> (Vec<ProjectRow>, Vec<RefusedCell>) {
    let row = |(at, cell): (usize, &&str)| format!("K{at};Jalan {at};35.10.01.2001;2026;{cell}\n");
    let rows: String = cells.iter().enumerate().map(row).collect();
    read("a.csv", format!("{BEFORE};{heading}\n{rows}").as_bytes()).unwrap()
}

fn places(heading: &str, cells: &[&str]) -> Vec<Geometry<f64>> {
    let (good, refused) = table(heading, cells);
    assert_eq!(refused, [], "{cells:?}");
    good.into_iter().map(|row| row.footprint.unwrap().parts[0].geometry.clone()).collect()
}

fn codes(heading: &str, cells: &[&str]) -> Vec<(String, &'static str)> {
    let (good, refused) = table(heading, cells);
    assert_eq!(good, [], "{cells:?}");
    refused.into_iter().map(|cell| (cell.column, cell.invalid.code)).collect()
}

#[test]
fn half_a_coordinate_is_refused_and_its_other_half_is_found_beside_it() {
    let told = codes("Koordinat", &["-8,123", "-8.55", "114,3"]);
    assert!(told.iter().all(|(column, code)| column == "Koordinat" && *code == "half_coordinate"), "{told:?}");
    let here = Geometry::from(Point::new(114.3, -8.55));
    // A merged heading stands over the first of its columns.
    for (heading, cell) in [
        ("Koordinat;;Pagu", "-8,55;114,3;5000000"),
        ("Koordinat;", "-8,55;114,3"),
        ("Koordinat", "-8,55;114,3"),
        ("Koordinat;Koordinat", "114,3;-8,55"),
    ] {
        assert_eq!(places(heading, &[cell]), std::slice::from_ref(&here), "{heading}");
    }
    // Both in the first, and nothing or a remark in the second.
    assert_eq!(places("Koordinat;", &["-8.55, 114.3;", "-8.55, 114.3;kira-kira"]), [here.clone(), here]);
    assert_eq!(codes("Koordinat;", &["-8,55;"]), [("Koordinat".to_owned(), "half_coordinate")]);
}

#[test]
fn a_point_or_track_of_a_survey_app_is_a_place_with_its_accuracy() {
    let track = "\"-8.25 114.35 120.0 4.5;-8.26 114.36 121.0 3.0;\"";
    for heading in ["geometri", "Koordinat"] {
        let (good, _) = table(heading, &[track, "-8.25 114.35 120 7.5"]);
        let parts: Vec<_> = good.iter().map(|row| &row.footprint.as_ref().unwrap().parts[0]).collect();
        assert_eq!(parts[0].geometry, line_string![(x: 114.35, y: -8.25), (x: 114.36, y: -8.26)].into());
        assert_eq!(parts[1].geometry, Point::new(114.35, -8.25).into());
        assert_eq!((parts[0].accuracy_m, parts[1].accuracy_m), (4.5, 7.5));
    }
}

#[test]
fn cells_of_databases_and_links_are_places() {
    let here = Geometry::from(Point::new(114.5, -8.25));
    let cells = [
        "POINT(114.5 -8.25 12)",
        "0101000020E61000000000000000A05C4000000000008020C0",
        "https://maps.google.com/?q=-8.25,114.5",
        "geo:-8.25,114.5",
        "-8.25, 114.5",
    ];
    assert_eq!(places("geom", &cells), vec![here.clone(); cells.len()]);
    assert_eq!(places("Koordinat", &cells), vec![here; cells.len()]);
    let link = ["https://maps.app.goo.gl/Ab12Cd34"];
    assert_eq!(codes("Koordinat", &link), [("Koordinat".to_owned(), "link_without_place")]);
    assert_eq!(codes("wkt", &["CIRCULARSTRING(114.3 -8.2, 114.4"]), [("wkt".to_owned(), "geometry_not_readable")]);
}

#[test]
fn a_cell_that_names_its_zone_is_read_whatever_the_file_is_in() {
    let metres = places("Koordinat", &["49L 207345 9087000", "49S 207345 9087000", "UTM 49 S X 207345 Y 9087000"]);
    let Geometry::Point(first) = metres[0] else { panic!("{metres:?}") };
    assert!((first.x() - 108.343).abs() < 0.001 && (first.y() + 8.250).abs() < 0.001, "{first:?}");
    assert!(metres.iter().all(|place| *place == metres[0]));
    let other = places("geom", &["\"SRID=32749;POINT(207345 9087000)\""]);
    assert_eq!(other, metres[..1]);
}
