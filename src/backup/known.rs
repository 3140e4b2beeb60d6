//! Which pieces lie in a place already, so that they are not sent again.

use super::manifest::{list, read_head};
use super::seal::Seal;
use super::target::{FILES, ROWS};
use super::{BackupError, Target};
use std::collections::HashMap;

/// Paths with their sizes. Memory: some 150 bytes a piece.
#[derive(Debug, Default)]
pub struct Known {
    there: HashMap<String, u64>,
    /// Sizes as the lists of whole backups name them.
    named: HashMap<String, u64>,
}

impl Known {
    /// Asks the place what it holds, and its backups how large their pieces are. A list that cannot be read costs its
    /// pieces being sent again.
    pub async fn look(target: &Target) -> Result<Self, BackupError> {
        let mut there = target.list(ROWS).await?;
        there.extend(target.list(FILES).await?);
        let mut named = HashMap::new();
        for listed in list(target).await? {
            match read_head(target, &listed).await {
                Ok(head) => named.extend(head.pieces.iter().map(|piece| (piece.path(), piece.size))),
                Err(BackupError::Broken(broken)) => tracing::warn!("{broken}: its pieces are sent again"),
                Err(e) => return Err(e),
            }
        }
        Ok(Self { there, named })
    }

    /// The size of rows that are there: only as a whole backup named them.
    pub fn rows(&self, path: &str) -> Option<u64> {
        let size = self.there.get(path)?;
        (self.named.get(path)? == size).then_some(*size)
    }

    /// The size of a file that is there, whoever sent it: a first backup that broke off goes on where it was.
    pub fn file(&self, path: &str, seal: &Seal, bytes: u64) -> Option<u64> {
        let size = *self.there.get(path)?;
        let as_named = self.named.get(path).is_none_or(|named| *named == size);
        (as_named && seal.may_be_of(size, bytes)).then_some(size)
    }
}
