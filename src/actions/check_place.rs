//! Refuses a place far from the village that the record names, until somebody confirms it.

use super::Result;
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::footprint::Part;
use uuid::Uuid;

/// The refusal `place_far` where a place is doubted. Costs what the corners and the village's outline have.
pub(super) fn refuse_far_place(app: &App, village: Uuid, parts: &[Part]) -> Result<()> {
    let villages = app.atlas.villages();
    let Some(doubt) = villages.doubt(village, parts, app.config.far_place_m) else { return Ok(()) };
    let name = villages.village(village).map(|village| village.name.clone());
    let values = doubt.values(name.as_deref());
    Err(Invalid { values, ..Invalid::new("place_far", "footprint") }.into())
}
