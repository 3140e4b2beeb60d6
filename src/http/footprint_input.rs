//! A footprint as a person draws it, parsed into one that is sound.

use crate::domain::footprint::{How, LeftOut, NewFootprint};
use crate::domain::text::{NAME_CHARS, line};
use crate::domain::{Invalid, geojson};
use geo::Geometry;
use serde::{Deserialize, Serialize};

/// One part of a drawn footprint.
#[derive(Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartInput {
    #[serde(default)]
    pub label: Option<String>,
    /// Metres; 15 where it is not stated.
    #[serde(default)]
    pub accuracy_m: Option<f64>,
    /// A GeoJSON geometry, WGS 84 lon/lat.
    #[schema(value_type = Object)]
    pub geometry: serde_json::Value,
}

#[derive(Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FootprintInput {
    pub how: How,
    pub parts: Vec<PartInput>,
}

/// Positions from which on a footprint takes some time: to be looked through, where each is an array, and to be measured.
pub(super) const LARGE: usize = 1_000;

impl FootprintInput {
    /// Whether it has so many positions that it is parsed apart from what takes no time. O(positions), 1,000 at most.
    pub fn is_large(&self) -> bool {
        let mut open: Vec<&serde_json::Value> = self.parts.iter().map(|part| &part.geometry).collect();
        let mut arrays = 0;
        while let Some(value) = open.pop() {
            match value {
                serde_json::Value::Array(items) => {
                    arrays += 1;
                    open.extend(items.iter().filter(|item| !item.is_number()).take(LARGE));
                }
                serde_json::Value::Object(members) => open.extend(members.values()),
                _ => {}
            }
            if arrays > LARGE {
                return true;
            }
        }
        false
    }
}

/// A drawn footprint, sound.
pub fn parse_footprint(input: FootprintInput) -> Result<NewFootprint, Invalid> {
    let mut parts = Vec::with_capacity(input.parts.len());
    for (index, part) in input.parts.into_iter().enumerate() {
        let field = |name: &str| format!("footprint.parts[{index}].{name}");
        let label = part.label.as_deref().map(|label| line(&field("label"), label, NAME_CHARS)).transpose()?.flatten();
        parts.push((label, part.accuracy_m, geometry(&field("geometry"), part.geometry)?));
    }
    NewFootprint::parse(input.how, parts).map_err(|invalid| invalid.within("footprint"))
}

/// The parts of a footprint that was sent that were left out.
pub fn left_out(footprint: Option<&NewFootprint>) -> Option<LeftOut> {
    footprint?.left_out.within("footprint")
}

fn geometry(field: &str, given: serde_json::Value) -> Result<Geometry<f64>, Invalid> {
    geojson::parse(given).map_err(|reason| Invalid::new("not_a_geometry", field).with("reason", reason))
}
