//! What the targets share: reading a file of projects to its end, one row of given cells, seeds.

#![forbid(unsafe_code)]

#[path = "../../tests/common/made.rs"]
mod made;

pub use made::{archive, flatgeobuf, geopackage, workbook};

use serde_json::Value;
use std::path::Path;
use std::sync::LazyLock;
use tapak::domain::facts::Facts;
use tapak::import::{
    Crs, Field, Identity, Input, Needs, ProjectFile, RawCell, RawRow, RawShape, ReadOptions, Reading, Writing,
    parse_row, write_refused_rows,
};

/// Reads a file of projects to its end, whatever it is, as `tapak scan` and `tapak import projects` do; then writes its
/// refused rows.
pub fn read_projects(name: &str, bytes: &[u8]) {
    let input = Input::bytes(name, bytes);
    for needs in [Needs::Comparison, Needs::Registration] {
        let crs = (needs == Needs::Registration).then(|| Crs::parse("EPSG:32749").ok()).flatten();
        let options = ReadOptions { needs, crs, owner_of: tapak::duplicates::extract_owner, ..ReadOptions::default() };
        let Ok(mut file) = ProjectFile::open(&input, &options) else { continue };
        let mut refused = Vec::new();
        for row in &mut file {
            match row {
                Ok(tapak::import::Row::Refused(cells)) => refused.extend(cells),
                Ok(tapak::import::Row::Good(_)) => {}
                Err(_) => break,
            }
        }
        let _ = write_refused_rows(std::io::sink(), &input, &options, file.origin(), &refused, |invalid| {
            invalid.code.to_owned()
        });
    }
}

/// In degrees, in plane systems and on another datum, with and without a decimal point.
static READINGS: LazyLock<Vec<Reading>> = LazyLock::new(|| {
    let reading = |(code, decimal_point)| Reading {
        identity: Identity::Row,
        needs: Needs::Comparison,
        villages_by_place: false,
        decimal_point,
        swap: decimal_point,
        crs: Crs::parse(code).expect("the code is known"),
        owner_of: tapak::duplicates::extract_owner,
    };
    [("4326", false), ("4326", true), ("32749", false), ("3857", true), ("4211", true)].map(reading).into()
});

/// Understands a row of these cells.
pub fn read_cells(cells: &[(Field, &str)]) {
    let cell = |(field, text): &(Field, &str)| RawCell {
        field: Some(*field),
        rank: 0,
        column: field.as_str().into(),
        text: (*text).to_owned(),
        is_number: false,
        writing: Writing::default(),
    };
    let cells = [(Field::Title, "Jalan")].iter().chain(cells).map(cell).collect();
    let row = RawRow { row: 1, cells, shape: RawShape::None, shape_expected: false, fault: None };
    for reading in READINGS.iter() {
        if let Ok(read) = parse_row(&row, reading) {
            let parts = read.footprint.map(|footprint| footprint.parts).unwrap_or_default();
            for corner in parts.iter().flat_map(|part| geo::CoordsIter::coords_iter(&part.geometry)) {
                assert!(corner.x.abs() <= 180.0 && corner.y.abs() <= 90.0, "{corner:?}");
            }
            assert!(read.volume.is_none_or(f64::is_finite));
        }
    }
}

/// A file of the sample data.
pub fn sample(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample-data").join(name)).unwrap_or_default()
}

/// The first features of a GeoJSON file of the sample data.
pub fn sample_features(name: &str, count: usize) -> Vec<Value> {
    let mut file: Value = serde_json::from_slice(&sample(name)).unwrap_or_default();
    let features = file.get_mut("features").map(Value::take).unwrap_or_default();
    let Value::Array(features) = features else { return Vec::new() };
    features.into_iter().take(count).collect()
}

/// Writes inputs to begin with into the folder of this target, which cargo-fuzz gives as the first path.
pub fn seed(inputs: &[&[u8]]) {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-') && Path::new(argument).is_dir());
    let Some(folder) = folder else { return };
    for (at, bytes) in inputs.iter().enumerate() {
        // A seed that cannot be written is a seed less.
        let _ = std::fs::write(Path::new(&folder).join(format!("seed-{at}")), bytes);
    }
}

/// A record that says nothing but its title.
pub fn facts(title: &str) -> Facts {
    Facts { title: title.into(), ..Facts::unknown() }
}
