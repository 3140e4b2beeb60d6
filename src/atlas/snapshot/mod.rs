//! The Atlas in a file beside the data, so that a start need not read every project from the database.
//!
//! It is a cache and no part of the data: see `docs/decisions/014-atlas-snapshot.md`. It holds the packed records with the
//! lexicon that they refer to, as of one entry of the change log; lists and tree are made of them at the start. It is
//! read only by the program that wrote it, for the same judge, where the log still has that very entry; each block is
//! checked by its hash. Whatever else stands there is passed over and written anew.

mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::read;
pub use write::write;

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// First and last bytes of the file: a file that ends before is not whole.
const BEGIN: &[u8; 16] = b"tapak atlas\r\n\x1a\n1";
const END: &[u8; 8] = b"complete";
/// Behind the head: its length, its hash, [`END`].
const TAIL_BYTES: usize = 4 + 32 + END.len();
/// Bytes of records in a block.
const BLOCK_BYTES: usize = 1 << 18;

type Hash = [u8; 32];

/// A digest of the program's sources. How records are packed, and what is read from their titles, follows from them.
pub const PROGRAM: &str = env!("SOURCES_DIGEST");

/// The name of the file in the data folder.
pub fn path(data: &Path) -> PathBuf {
    data.join("atlas.snapshot")
}

/// What a snapshot must be of, to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// See [`PROGRAM`].
    pub program: String,
    /// The fingerprint of the judge.
    pub judge: String,
}

/// The entry of the change log up to which a snapshot holds everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPoint {
    pub seq: i64,
    /// The entry itself, as text: another database, or one restored to an earlier day, has another one there.
    pub entry: String,
}

/// The description of the blocks, at the end of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    origin: Origin,
    point: LogPoint,
    works: u64,
    records: Vec<Block>,
    lexicon: Block,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Block {
    at: u64,
    bytes: u32,
    hash: Hash,
}

/// Why a snapshot was passed over.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("there is none")]
    Missing,
    #[error("it cannot be read: {0}")]
    Io(std::io::Error),
    #[error("it is damaged")]
    Damaged,
    #[error("another program or judge wrote it")]
    OtherOrigin,
    #[error("the change log of this database has another entry {0}, or none")]
    OtherLog(i64),
    #[error("{0} entries of the change log came since: reading all projects is faster")]
    TooOld(i64),
    #[error("it does not hold every project")]
    Incomplete,
}

impl From<std::io::Error> for Unusable {
    fn from(cause: std::io::Error) -> Self {
        match cause.kind() {
            std::io::ErrorKind::NotFound => Self::Missing,
            std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidInput => Self::Damaged,
            _ => Self::Io(cause),
        }
    }
}
