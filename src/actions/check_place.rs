//! Refuses a place far from the village that the record names, until somebody confirms it.

use super::Result;
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::footprint::Part;
use crate::spatial::far::Doubt;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The refusal `place_far` where a place is doubted. Costs what the corners and the village's outline have.
pub(super) fn refuse_far_place(app: &App, village: Uuid, parts: &[Part]) -> Result<()> {
    let villages = app.atlas.villages();
    let Some(doubt) = villages.doubt(village, parts, app.config.far_place_m) else { return Ok(()) };
    let name = villages.village(village).map(|village| village.name.clone());
    let values = doubt_values(&doubt, name.as_deref());
    Err(Invalid { values, ..Invalid::new("place_far", "footprint") }.into())
}

/// The values of the sentences of `place_far`.
pub fn doubt_values(doubt: &Doubt, village: Option<&str>) -> Map<String, Value> {
    let reading = doubt.reading.as_ref();
    let values = json!({
        "village": village,
        "distance_m": doubt.distance_m.round(),
        "given": [doubt.given.x, doubt.given.y],
        "slip": reading.map(|reading| reading.slip),
        "corrected": reading.map(|reading| [reading.corrected.x, reading.corrected.y]),
    });
    match values {
        Value::Object(values) => values,
        _ => Map::new(),
    }
}
