//! A place as offices type it: what does not matter costs nothing, what is lost is told with the reading that would fit.

use super::*;
use crate::domain::Invalid;
use crate::import::Needs;
use geo::{Geometry, Point};

/// The places of a table with one or two columns for them; the codes of what is wrong where there is none.
fn places(headings: &str, cells: &[&str], needs: Needs) -> Vec<Result<Geometry<f64>, Invalid>> {
    let rows =
        (1..).zip(cells).map(|(id, cell): (u32, &&str)| format!("{id}\tTalud {id}\t35.10.01.2001\t2026\t{cell}\n"));
    let table = format!("id\tjudul\tkode desa\ttahun\t{headings}\n{}", rows.collect::<String>());
    let options = ReadOptions { needs, ..ReadOptions::default() };
    let file = ProjectFile::open(&Input::bytes("a.tsv", table.as_bytes()), &options).unwrap();
    file.map(|row| match row.unwrap() {
        Row::Good(row) => match row.footprint {
            Some(mut footprint) => Ok(footprint.parts.remove(0).geometry),
            None => Err(row.unknown.into_iter().next().map_or_else(|| Invalid::new("none", ""), |cell| cell.invalid)),
        },
        Row::Refused(mut cells) => Err(cells.remove(0).invalid),
    })
    .collect()
}

fn registered(headings: &str, cells: &[&str]) -> Vec<Result<Geometry<f64>, Invalid>> {
    places(headings, cells, Needs::Registration)
}

#[test]
fn what_stands_beside_a_pair_does_not_matter() {
    let cells = [
        "-8.25,114.5,",
        "-8.25, 114.5.",
        "X: 114.5 Y: -8.25",
        "y=-8.25; x=114.5",
        "-8.25 dan 114.5",
        "-8,25 - 114,5",
        "-8.25 & 114.5",
        "-8.25 114.5 (depan balai desa)",
        "8o15'0\" S, 114o30'0\" E",
        "08-15-00 S, 114-30-00 E",
        "https://maps.app.goo.gl/Ab12 -8.25,114.5",
        "[[-8.25,114.5]]",
    ];
    for (cell, place) in cells.iter().zip(registered("koordinat", &cells)) {
        assert_eq!(place, Ok(Point::new(114.5, -8.25).into()), "{cell}");
    }
    // Both in the column of one, and a heading that says which half of the earth.
    for (headings, cell) in [
        ("latitude\tlongitude", "-8.25, 114.5\t"),
        ("latitude\tlongitude", "-8.25, 114.5\t-8.25, 114.5"),
        ("Lintang Selatan (LS)\tBujur Timur (BT)", "8,25\t114,5"),
        ("LS\tBT", "8.25\t114.5"),
        ("Koordinat LS\tKoordinat BT", "-8.25\t114.5"),
        ("Koordinat (X)\tKoordinat (Y)", "114.5\t-8.25"),
        ("latitude\tlongitude", "-8.25,\t114.5?"),
    ] {
        assert_eq!(registered(headings, &[cell])[0], Ok(Point::new(114.5, -8.25).into()), "{headings}: {cell}");
    }
}

#[test]
fn a_lost_decimal_point_is_told_with_its_reading() {
    for (headings, cell, reading) in [
        ("lat\tlon", "-8251234\t114512345", "-8.251234, 114.512345"),
        ("lat\tlon", "-8.25\t1145.123", "-8.25, 114.5123"),
        ("lat\tlon", "-8.251.234\t114.5", "-8.251234"),
        ("koordinat", "-8251234, 114512345", "-8.251234, 114.512345"),
    ] {
        let wrong = registered(headings, &[cell]).remove(0).unwrap_err();
        assert_eq!((wrong.code, wrong.values.get("reading")), ("decimal_point_lost", Some(&reading.into())), "{cell}");
    }
    let utm = registered("northing\teasting", &["9087000\t642345"]).remove(0).unwrap_err();
    assert_eq!(utm.code, "metres_not_degrees");
    assert_eq!(registered("lat\tlon", &["-8.25\t200"])[0].as_ref().unwrap_err().code, "off_the_earth");
}

#[test]
fn a_place_that_cannot_be_read_costs_a_comparison_itself_and_not_the_row() {
    let cells = ["Dusun Krajan", "-8.25", "0.0, 0.0", "https://maps.app.goo.gl/Ab12", "-8.25, 114.5"];
    let codes: Vec<&str> = places("koordinat", &cells, Needs::Comparison)
        .into_iter()
        .map(|place| place.map_or_else(|wrong| wrong.code, |_| ""))
        .collect();
    assert_eq!(codes, ["not_two_coordinates", "half_coordinate", "null_island", "link_without_place", ""]);
    let csv = "id,judul,koordinat\n1,Talud,Dusun Krajan\n2,Gapura,-8.25\n3,Pos,\"-8.25, 114.5\"\n";
    let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
    let (kept, lost) = read_with("a.csv", csv.as_bytes(), &options).unwrap();
    assert_eq!((kept.len(), lost.len(), kept[0].unknown.len(), kept[2].unknown.len()), (3, 0, 1, 0));
    // Registered, a work without a fix stands without a place; one that may be meant otherwise is refused.
    let csv = "id,judul,kode_desa,tahun,lat,lon\n1,Talud,35.10.01.2001,2026,0,0\n2,Talud,35.10.01.2001,2026,x,y\n";
    let (good, refused) = read("a.csv", csv.as_bytes()).unwrap();
    assert_eq!((good.len(), good[0].footprint.is_none(), refused[0].row), (1, true, 3));
}

#[test]
fn a_track_is_found_by_what_its_cells_hold_whatever_its_heading() {
    let track = "-8.25 114.5 12 4.5;-8.26 114.6 12 4.0";
    for cell in [track, "LINESTRING(114.5 -8.25, 114.6 -8.26)", "114.5,-8.25,0 114.6,-8.26,0"] {
        let place = registered("Rute yang dilalui", &[cell, ""]).remove(0);
        assert!(matches!(place, Ok(Geometry::LineString(_))), "{cell}: {place:?}");
    }
    // Any other text is none.
    let csv = format!(
        "id,judul,kode_desa,tahun,catatan\n1,A,35.10.01.2001,2026,{track}\n2,B,35.10.01.2001,2026,lihat foto\n"
    );
    assert!(good("a.csv", csv.as_bytes()).iter().all(|row| row.footprint.is_none()));
}
