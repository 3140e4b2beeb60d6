//! The villages of the database, for the rows of a file.

use super::Result;
use crate::app::App;
use crate::atlas::read_places;
use crate::domain::person::Person;
use crate::import::{KnownVillages, Limits};
use crate::permission::Action;
use crate::spatial::places::Places;
use crate::store::{Tx, changes, regions};
use std::sync::Arc;
use std::time::Duration;

/// How long the Atlas is waited for before its villages are read from the database.
const PATIENCE: Duration = Duration::from_secs(5);

/// Those in the regions of this person, or all for whoever sits at the terminal. Outlines are those of the Atlas, where it
/// runs.
pub async fn known_villages(app: &App, by: Option<&Person>) -> Result<KnownVillages> {
    let tx = &mut app.store.read().await?;
    let ids = regions::ids_by_code(tx).await?;
    let of_bps = regions::codes_by_bps_code(tx).await?;
    let outlines = outlines(app, tx).await?;
    let villages = regions::list_all_villages(tx).await?;
    let limits = Limits { far_m: app.config.far_place_m, border_m: app.config.border_tolerance_m };
    let known = KnownVillages::new(ids, of_bps, villages, outlines, limits);
    Ok(match by {
        Some(by) => known.within(by.scope_of(Action::ImportProjects), by.regions_of(Action::ImportProjects)),
        None => known,
    })
}

/// The villages with their outlines: those that the Atlas holds, once it holds everything committed.
async fn outlines(app: &App, tx: &mut Tx) -> Result<Arc<Places>> {
    if app.atlas.is_loaded() {
        let seq = changes::last_seq(tx).await?;
        if tokio::time::timeout(PATIENCE, app.atlas.reach(seq)).await.is_ok() {
            return Ok(app.atlas.villages());
        }
    }
    Ok(Arc::new(read_places(tx).await?))
}
