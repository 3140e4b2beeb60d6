//! Whether a change can be kept. One that is rolled back never reaches the disk, so a row is written.

use super::{Result, Store, sql, to_text};
use crate::domain::Time;
use sha2::{Digest, Sha256};
use std::sync::atomic::Ordering;

/// After a refusal, what is written to see whether there is room again, bytes: more than a registration with its jobs and
/// its entry of the change log takes, so that it needs pages that are not there yet.
const LARGE: usize = 256 * 1024;

/// Commits a write that nobody reads: of one short row, or of `LARGE` where a write of this process found no room and none
/// of that size was kept since. The smallest writes fit in long after all others are refused.
pub async fn try_write(store: &Store, now: Time) -> Result<()> {
    const WRITE: &str = "INSERT INTO readiness (one, at, filler) VALUES (1, $1, $2)
        ON CONFLICT (one) DO UPDATE SET at = excluded.at, filler = excluded.filler";
    let was_refused = store.refused_full.load(Ordering::Relaxed);
    let at = to_text(now);
    let filler = if was_refused { noise(&at, LARGE) } else { String::new() };
    let mut tx = store.write().await?;
    sql!(tx, WRITE, [at, filler], execute)?;
    // Nobody waits for it.
    tx.writes = false;
    tx.commit().await?;
    if was_refused {
        store.refused_full.store(false, Ordering::Relaxed);
    }
    Ok(())
}

/// Asks the database anything.
pub async fn try_read(store: &Store) -> Result<()> {
    let mut tx = store.read().await?;
    sql!(tx, "SELECT COUNT(*) FROM readiness", [], fetch_one as (i64,))?;
    Ok(())
}

/// So many letters that no database makes smaller.
fn noise(seed: &str, letters: usize) -> String {
    let mut noise = String::with_capacity(letters + 64);
    let mut number = 0_u64;
    while noise.len() < letters {
        let hash = Sha256::new().chain_update(seed).chain_update(number.to_be_bytes()).finalize();
        noise.push_str(&hex::encode(hash));
        number += 1;
    }
    noise
}
