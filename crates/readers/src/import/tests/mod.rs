//! Whole files: the habits of spreadsheets, broken files, and the shared data where it is there.

mod columns_as_a_whole;
mod corrected;
mod elsewhere;
mod esri;
mod features;
mod kml;
mod known_columns;
mod large;
mod layers;
#[path = "../../../../../tests/common/made.rs"]
mod made;
mod maps;
mod odd_geometries;
mod offices;
mod one_place;
mod optional_cells;
mod packed;
mod pages;
mod place_cells;
mod random;
mod shapefiles;
mod shared;
mod tables;
mod units;
mod villages;
mod workbooks;

use super::*;

/// Everything read from a file given as bytes: good rows and refused cells.
fn read_with(
    name: &str,
    bytes: &[u8],
    options: &ReadOptions,
) -> Result<(Vec<ProjectRow>, Vec<RefusedCell>), ImportError> {
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    let mut file = ProjectFile::open(&Input::bytes(name, bytes), options)?;
    for row in &mut file {
        match row? {
            Row::Good(row) => good.push(*row),
            Row::Refused(cells) => refused.extend(cells),
        }
    }
    refused.extend(file.taken_later());
    Ok((good, refused))
}

fn read(name: &str, bytes: &[u8]) -> Result<(Vec<ProjectRow>, Vec<RefusedCell>), ImportError> {
    read_with(name, bytes, &ReadOptions { owner_of, ..ReadOptions::default() })
}

/// The rows of a file that has no fault.
fn good(name: &str, bytes: &[u8]) -> Vec<ProjectRow> {
    let (good, refused) = read(name, bytes).unwrap();
    assert_eq!(refused, [], "{name}");
    good
}

/// Files are read by jobs and requests, on whatever thread.
const fn _is_send<T: Send>() {}
const _: () = _is_send::<ProjectFile>();

fn owner_of(title: &str) -> (String, Option<String>) {
    match title.split_once(" a.n. ") {
        Some((title, owner)) => (title.to_owned(), Some(owner.to_owned())),
        None => (title.to_owned(), None),
    }
}

fn feature(id: &str, geometry: &str, more: &str) -> String {
    format!(
        r#"{{"type":"Feature","geometry":{geometry},"properties":{{"id":"{id}","title":"Jalan","village_code":"35.10.01.2001","year":2025{more}}}}}"#
    )
}

fn collection(features: &[String]) -> Vec<u8> {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}", features.join(",\n")).into_bytes()
}
