//! Odd geometries by every way in: each is read or refused, and nothing gives up.

use super::made::{flatgeobuf, geopackage};
use super::*;
use crate::domain::footprint::{How, NewFootprint};
use crate::domain::{geojson, wkb};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

#[path = "../../../../../tests/common/odd.rs"]
mod odd;

#[test]
fn no_odd_geometry_is_too_odd_for_the_parser_of_the_api() {
    let mut random = StdRng::seed_from_u64(3_510);
    let (mut good, mut refused) = (0, 0);
    for _ in 0..100_000 {
        let text = odd::geometry(&mut random);
        // A body with a number that is none is no JSON: refused before anybody looks at geometries.
        let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
        let parsed =
            geojson::parse(value).ok().map(|geometry| NewFootprint::parse(How::Map, vec![(None, None, geometry)]));
        match parsed {
            Some(Ok(footprint)) => {
                assert!(!footprint.parts.is_empty(), "{text}");
                good += 1;
            }
            _ => refused += 1,
        }
    }
    assert!(good > 10_000 && refused > 10_000, "{good} {refused}");
}

#[test]
fn no_odd_geometry_in_a_file_hides_the_next_row() {
    let mut random = StdRng::seed_from_u64(3_511);
    for _ in 0..20 {
        let odd: Vec<String> = (0..500).map(|_| odd::geometry(&mut random)).collect();
        let sound = r#"{"type":"Point","coordinates":[114.31,-8.21]}"#;
        let features = odd.iter().map(String::as_str).chain([sound]).enumerate();
        let features: Vec<String> = features.map(|(n, text)| feature(&format!("F{n}"), text, "")).collect();
        let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","));
        let (good, _) = read("a.geojson", text.as_bytes()).unwrap();
        assert!(good.iter().any(|row| row.external_id == "F500"), "the last one is read");
        let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let rows = odd.iter().map(String::as_str).chain([sound]).enumerate();
        let rows: String = rows.map(|(n, text)| format!("F{n},Jalan,35.10.01.2001,2025,{}\n", cell(text))).collect();
        let (good, _) = read("a.csv", format!("id,title,village_code,year,geojson\n{rows}").as_bytes()).unwrap();
        assert!(good.iter().any(|row| row.external_id == "F500"), "the last one is read");
    }
}

/// Bytes with some of them changed, left out or doubled.
fn damaged(random: &mut StdRng, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..random.random_range(1..4) {
        let at = random.random_range(0..bytes.len().max(1));
        match random.random_range(0..4) {
            0 if at < bytes.len() => bytes[at] = random.random(),
            1 if at < bytes.len() => bytes[at] ^= 1 << random.random_range(0..8),
            2 => bytes.truncate(at),
            _ => bytes.insert(at.min(bytes.len()), random.random()),
        }
    }
    bytes
}

fn sound_geometries(random: &mut StdRng) -> Vec<geo::Geometry<f64>> {
    let mut found = Vec::new();
    while found.len() < 200 {
        let value = serde_json::from_str::<Value>(&odd::geometry(random));
        found.extend(value.ok().and_then(|value| geojson::parse(value).ok()));
    }
    found
}

#[test]
fn no_damaged_binary_geometry_crashes_its_reader() {
    let mut random = StdRng::seed_from_u64(3_512);
    let sound = sound_geometries(&mut random);
    let mut read_anyway = 0;
    for geometry in sound.iter().cycle().take(100_000) {
        let mut bytes = Vec::new();
        ::wkb::writer::write_geometry(&mut bytes, geometry, &::wkb::writer::WriteOptions::default()).unwrap();
        if let Ok(Some(geometry)) = wkb::parse(&damaged(&mut random, &bytes)) {
            let _ = NewFootprint::parse(How::Map, vec![(None, None, geometry)]);
            read_anyway += 1;
        }
    }
    assert!(read_anyway > 1_000, "{read_anyway}");
}

#[test]
fn no_damaged_file_of_geometries_crashes_its_reader() {
    let mut random = StdRng::seed_from_u64(3_513);
    let features: Vec<Value> = sound_geometries(&mut random)
        .iter()
        .take(20)
        .enumerate()
        .map(|(n, geometry)| {
            json!({ "type": "Feature", "geometry": ::geojson::GeometryValue::from(geometry), "properties": {
                "id": format!("F{n}"), "title": "Jalan", "village_code": "35.10.01.2001", "year": 2025 } })
        })
        .collect();
    let (fgb, gpkg) = (flatgeobuf(&features, 4326, false), geopackage(&[("kegiatan", &features, 4326)]));
    for n in 0..300 {
        let _ = read("a.fgb", &damaged(&mut random, &fgb));
        if n % 20 == 0 {
            let _ = read("a.gpkg", &damaged(&mut random, &gpkg));
        }
    }
}
