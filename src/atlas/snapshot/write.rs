//! Writes a snapshot: complete in its place, or not at all.

use super::{BEGIN, BLOCK_BYTES, Block, END, Head, LogPoint, Origin};
use crate::atlas::Atlas;
use crate::whole_file::WholeFile;
use sha2::{Digest, Sha256};
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::sync::PoisonError;

/// Slots copied while the picture is locked: some 100 µs.
const SLOTS: u32 = 1_024;

/// Writes the Atlas as of `point`. `false`, with nothing written, where the Atlas holds another entry, or takes one in
/// meanwhile, where another process is writing, and where the lexicon is mostly of what is gone: then it is better read
/// anew at the next start. O(n); changes go on meanwhile.
pub fn write(atlas: &Atlas, path: &Path, origin: Origin, point: LogPoint) -> io::Result<bool> {
    // Two processes with one data folder would write the same part.
    let lock = File::options().create(true).truncate(false).write(true).open(path.with_extension("lock"))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(false),
        Err(TryLockError::Error(e)) => return Err(e),
    }
    let lexicon = atlas.with_picture(|picture| picture.lexicon.clone());
    if lexicon.read().unwrap_or_else(PoisonError::into_inner).has_outgrown() {
        return Ok(false);
    }
    let mut file = Blocks { file: WholeFile::create(path)?, at: 0 };
    file.write(BEGIN)?;
    let (mut records, mut works, mut block) = (Vec::new(), 0, Vec::with_capacity(BLOCK_BYTES));
    for first in (0..).step_by(SLOTS as usize) {
        let copied = atlas.with_picture(|picture| {
            let copied = picture.copy_packed(first, first + SLOTS, &mut block);
            (picture.seq == point.seq).then_some(copied)
        });
        let Some(copied) = copied else { return Ok(false) };
        works += copied.unwrap_or_default();
        if block.len() >= BLOCK_BYTES || (copied.is_none() && !block.is_empty()) {
            records.push(file.block(&block)?);
            block.clear();
        }
        if copied.is_none() {
            break;
        }
    }
    // Last: it only grows, so it has all that the records refer to.
    let lexicon = lexicon.read().unwrap_or_else(PoisonError::into_inner).to_bytes();
    let lexicon = file.block(&lexicon)?;
    let head = Head { origin, point, works, records, lexicon };
    let head = postcard::to_allocvec(&head).map_err(io::Error::other)?;
    let bytes = u32::try_from(head.len()).map_err(io::Error::other)?;
    let mut tail = bytes.to_le_bytes().to_vec();
    tail.extend(Sha256::digest(&head));
    tail.extend(END);
    file.write(&head)?;
    file.file.finish(&tail)?;
    Ok(true)
}

struct Blocks {
    file: WholeFile,
    at: u64,
}

impl Blocks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    fn block(&mut self, bytes: &[u8]) -> io::Result<Block> {
        let count = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        let block = Block { at: self.at, bytes: count, hash: Sha256::digest(bytes).into() };
        self.write(bytes)?;
        Ok(block)
    }
}
