//! The villages of the database, for the rows of a file.

use super::Result;
use crate::atlas::read_places;
use crate::import::{KnownVillages, Limits};
use crate::store::{Tx, regions};
use std::sync::Arc;

/// All of them, with their outlines.
pub async fn known_villages(tx: &mut Tx, limits: Limits) -> Result<KnownVillages> {
    let ids = regions::ids_by_code(tx).await?;
    let of_bps = regions::codes_by_bps_code(tx).await?;
    let outlines = Arc::new(read_places(tx).await?);
    let villages = regions::list_all_villages(tx).await?;
    Ok(KnownVillages::new(ids, of_bps, villages, outlines, limits))
}
