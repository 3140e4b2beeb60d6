//! The outlines of large footprints that were written before outlines were kept.

use super::footprints::{from_wkb, to_wkb};
use super::{Result, Store, sql};
use crate::domain::outline::outlines;
use uuid::Uuid;

/// Parts of one transaction: some megabytes.
const AT_ONCE: i64 = 20;

/// Writes the outline of every large part that has none. Costs nothing where there is none: an index holds those alone.
pub(super) async fn fill_in(store: &Store) -> Result<()> {
    const MISSING: &str = "SELECT id, accuracy_m, geometry FROM footprint_parts
        WHERE outline IS NULL AND length(geometry) > 8100 AND id > $1 ORDER BY id LIMIT $2";
    const WRITE: &str = "UPDATE footprint_parts SET outline = $2, outline_m = $3 WHERE id = $1";
    let mut after = Uuid::nil();
    loop {
        let mut tx = store.read().await?;
        let missing = sql!(tx, MISSING, [after, AT_ONCE], fetch_all as (Uuid, f64, Vec<u8>))?;
        drop(tx);
        let Some((last, ..)) = missing.last() else { return Ok(()) };
        after = *last;
        let mut tx = store.write().await?;
        for (id, accuracy_m, geometry) in missing {
            let geometry = from_wkb(&geometry, "footprint_parts.geometry", id)?;
            if let Some(drawn) = outlines(&[(&geometry, accuracy_m)]).pop().flatten() {
                sql!(tx, WRITE, [id, to_wkb(&drawn.geometry), drawn.within_m], execute)?;
            }
        }
        tx.commit().await?;
    }
}
