//! Small inventions for tests: two villages side by side, roads, photos.

use serde_json::{Value, json};
use std::io::Cursor;
use tapak::store::messages::NewMessage;
use uuid::Uuid;

/// The village in the west, 114.30–114.32 E.
pub const WEST: &str = "35.10.01.2001";
/// The village in the east, 114.32–114.34 E.
pub const EAST: &str = "35.10.01.2002";
/// The border between the two.
pub const BORDER_LON: f64 = 114.32;

pub fn new_id() -> Uuid {
    #[expect(clippy::disallowed_methods, reason = "a test plays the client that makes the id")]
    Uuid::now_v7()
}

pub fn village_feature(code: &str, name: &str, west: f64, east: f64) -> Value {
    let ring = [[west, -8.22], [east, -8.22], [east, -8.20], [west, -8.20], [west, -8.22]];
    json!({
        "type": "Feature",
        "properties": {
            "code": code, "name": name, "district_code": "35.10.01", "district": "Pesanggaran",
            "regency_code": "35.10", "regency": "Kabupaten Banyuwangi",
        },
        "geometry": { "type": "Polygon", "coordinates": [ring] },
    })
}

pub fn two_villages() -> String {
    let features =
        [village_feature(WEST, "Barat", 114.30, BORDER_LON), village_feature(EAST, "Timur", BORDER_LON, 114.34)];
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

/// A village of another regency, west of the two.
pub const ELSEWHERE: &str = "35.09.01.2001";
/// The border between that regency and the western village.
pub const ELSEWHERE_LON: f64 = 114.30;

/// The two villages, and one of another regency beside the western one.
pub fn three_villages() -> String {
    let mut elsewhere = village_feature(ELSEWHERE, "Luar", 114.28, ELSEWHERE_LON);
    for (name, value) in [
        ("district_code", "35.09.01"),
        ("district", "Kencong"),
        ("regency_code", "35.09"),
        ("regency", "Kabupaten Jember"),
    ] {
        elsewhere["properties"][name] = json!(value);
    }
    let features = [
        village_feature(WEST, "Barat", 114.30, BORDER_LON),
        village_feature(EAST, "Timur", BORDER_LON, 114.34),
        elsewhere,
    ];
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

/// A road of some 220 m along the parallel, from this longitude.
pub fn road(from_lon: f64, lat: f64) -> Value {
    json!({ "type": "LineString", "coordinates": [[from_lon, lat], [from_lon + 0.001, lat], [from_lon + 0.002, lat]] })
}

/// The settings of a judge that finds nothing in what is merely alike.
pub const STRICT: &[(&str, &str)] = &[("judge_alert", "0.999"), ("judge_review", "0.999")];

/// A draft of a road work.
pub fn draft(village_id: Uuid, title: &str, geometry: Value) -> Value {
    json!({
        "id": new_id(), "title": title, "village_id": village_id, "fiscal_year": 2026, "status": "planned",
        "activity_code": "02.03.10", "authority": "village",
        "funding": [{ "fund": "DD", "amount_rupiah": 150_000_000 }],
        "footprint": { "how": "map", "parts": [{ "accuracy_m": 5.0, "geometry": geometry }] },
    })
}

/// A mail, as another worker wrote it, that told this address of a finding.
pub fn told(recipient: &str, finding: Uuid, round: i64) -> NewMessage {
    NewMessage {
        id: new_id(),
        message_id: "<lain@example.org>".to_owned(),
        recipient: recipient.to_owned(),
        user_id: None,
        language: "id",
        subject: String::new(),
        text: String::new(),
        html: String::new(),
        eml: Vec::new(),
        findings: vec![(finding, round)],
    }
}

/// A JPEG of this size with some pattern in it.
pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([u8::try_from(x % 256).unwrap(), u8::try_from(y % 256).unwrap(), 120])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}
