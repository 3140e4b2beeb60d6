//! A place far from the village that its record names, as a person is asked about it.

use crate::domain::person::Language;
use crate::domain::village::Slip;
use crate::publish::geojson;
use crate::spatial::far::Doubt;
use crate::words::Words;
use serde::Serialize;
use serde_json::Value;

/// A place that must be confirmed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlaceDoubtView {
    /// From the village's outline to the furthest corner, metres.
    pub distance_m: f64,
    /// The furthest corner as it was given: lon, lat.
    pub given: [f64; 2],
    /// The doubt in one sentence.
    pub sentence: String,
    pub expected: String,
    /// `null` where no single slip explains it.
    pub reading: Option<PlaceReadingView>,
}

/// The probable place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlaceReadingView {
    pub slip: Slip,
    /// The furthest corner as it would be without the slip: lon, lat.
    pub corrected: [f64; 2],
    /// From there to the village's outline, metres; 0 inside.
    pub distance_m: f64,
    /// GeoJSON geometries of all parts, the far corners corrected.
    #[schema(value_type = Vec<Object>)]
    pub parts: Vec<Value>,
}

impl PlaceDoubtView {
    pub fn new(language: Language, doubt: Doubt, village: &str) -> Self {
        let values = Value::Object(doubt.values(Some(village)));
        let render = |part: &str| Words::render(language, &format!("problem.place_far.{part}"), &values);
        Self {
            distance_m: doubt.distance_m.round(),
            given: [doubt.given.x, doubt.given.y],
            sentence: render("detail"),
            expected: render("expected"),
            reading: doubt.reading.map(|reading| PlaceReadingView {
                slip: reading.slip,
                corrected: [reading.corrected.x, reading.corrected.y],
                distance_m: reading.distance_m.round(),
                parts: reading.parts.iter().map(geojson).collect(),
            }),
        }
    }
}
