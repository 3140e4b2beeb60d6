//! Whether a change can be kept. One that is rolled back never reaches the disk, so a row is written.

use super::{Result, Store, sql, to_text};
use crate::domain::Time;

/// Commits a write of one row that nobody reads.
pub async fn try_write(store: &Store, now: Time) -> Result<()> {
    const WRITE: &str =
        "INSERT INTO readiness (one, at) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET at = excluded.at";
    let mut tx = store.write().await?;
    sql!(tx, WRITE, [to_text(now)], execute)?;
    // Nobody waits for it.
    tx.writes = false;
    tx.commit().await
}

/// Asks the database anything.
pub async fn try_read(store: &Store) -> Result<()> {
    let mut tx = store.read().await?;
    sql!(tx, "SELECT COUNT(*) FROM readiness", [], fetch_one as (i64,))?;
    Ok(())
}
