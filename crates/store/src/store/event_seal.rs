//! The key by which the marks of the event stream are sealed: one for all processes, so that a stream goes on at any of them.

use super::{Result, Store, sql};

/// Bytes of the key.
pub const SECRET_BYTES: usize = 32;

/// The key; where there is none yet, the one given.
pub async fn find_or_keep(store: &Store, fresh: [u8; SECRET_BYTES]) -> Result<Vec<u8>> {
    const FIND: &str = "SELECT secret FROM event_seal";
    const KEEP: &str = "INSERT INTO event_seal (one, secret) VALUES (1, $1) ON CONFLICT (one) DO NOTHING";
    let mut tx = store.read().await?;
    if let Some((secret,)) = sql!(tx, FIND, [], fetch_optional as (Vec<u8>,))? {
        return Ok(secret);
    }
    drop(tx);
    let mut tx = store.write().await?;
    sql!(tx, KEEP, [fresh.to_vec()], execute)?;
    // That of another process, where it was faster.
    let (secret,) = sql!(tx, FIND, [], fetch_one as (Vec<u8>,))?;
    // Nobody waits for it.
    tx.writes = false;
    tx.commit().await?;
    Ok(secret)
}
