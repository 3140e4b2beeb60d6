//! Removes backups but the newest, and the pieces that none of those left needs.

use super::lock::Lock;
use super::manifest::{list, read_head};
use super::target::{FILES, LISTS, ROWS};
use super::{BackupError, Target};
use std::collections::HashSet;
use std::num::NonZeroUsize;

/// What was removed, and what is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    pub removed: usize,
    pub left: usize,
    pub pieces: u64,
    pub bytes: u64,
}

/// Keeps the `keep` newest. Never beside a backup: one under way may count on a piece that is here. Where the list of one
/// that stays cannot be read, nothing is removed: its pieces are not known. `holder` is a text that no other holder has.
pub async fn prune(target: &Target, keep: NonZeroUsize, holder: &str) -> Result<Pruned, BackupError> {
    let lock = Lock::take(target, holder).await?;
    let pruned = prune_locked(target, keep, &lock).await;
    lock.release().await;
    pruned
}

async fn prune_locked(target: &Target, keep: NonZeroUsize, lock: &Lock) -> Result<Pruned, BackupError> {
    let listed = list(target).await?;
    let (old, stay) = listed.split_at(listed.len().saturating_sub(keep.get()));
    let mut needed: HashSet<String> = HashSet::new();
    for listed in stay {
        let head = read_head(target, listed).await?;
        needed.extend(head.pieces.iter().map(super::manifest::Piece::path));
    }
    // A place without a backup may hold what the first one, broken off, has sent.
    if stay.is_empty() {
        return Ok(Pruned::default());
    }
    lock.hold_on().await?;
    // The lists first: what is left half removed is then no backup.
    for listed in old {
        target.remove(&format!("{LISTS}/{}", listed.name)).await?;
    }
    let mut pruned = Pruned { removed: old.len(), left: stay.len(), ..Pruned::default() };
    for kind in [ROWS, FILES] {
        for (path, bytes) in target.list(kind).await? {
            if !needed.contains(&path) {
                target.remove(&path).await?;
                pruned.pieces += 1;
                pruned.bytes += bytes;
            }
        }
    }
    target.sweep()?;
    Ok(pruned)
}
