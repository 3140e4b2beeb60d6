//! Reads a snapshot on all cores.

use super::{BEGIN, Block, END, Hash, Head, LogPoint, Origin, TAIL_BYTES, Unusable};
use crate::atlas::picture::{Loading, next_packed};
use crate::cores::on_all_cores;
use crate::duplicates::{Judge, Lexicon};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A snapshot of which the head was read.
pub struct Snapshot {
    file: File,
    head: Head,
}

/// Opens the snapshot, if it is whole and of this origin. Its blocks are not checked yet. O(1).
pub fn read(path: &Path, origin: &Origin) -> Result<Snapshot, Unusable> {
    let mut file = File::open(path)?;
    let mut begin = [0; BEGIN.len()];
    file.read_exact(&mut begin)?;
    let end = file.seek(SeekFrom::End(-(TAIL_BYTES as i64)))?;
    let mut tail = [0; TAIL_BYTES];
    file.read_exact(&mut tail)?;
    let (bytes, rest) = tail.split_at(4);
    let (hash, mark) = rest.split_at(size_of::<Hash>());
    if begin != *BEGIN || mark != END {
        return Err(Unusable::Damaged);
    }
    let bytes = u32::from_le_bytes(bytes.try_into().map_err(|_| Unusable::Damaged)?);
    let at = end.checked_sub(u64::from(bytes)).ok_or(Unusable::Damaged)?;
    let hash = hash.try_into().map_err(|_| Unusable::Damaged)?;
    let head = read_block(&mut file, &Block { at, bytes, hash })?;
    let head: Head = postcard::from_bytes(&head).map_err(|_| Unusable::Damaged)?;
    if head.origin != *origin {
        return Err(Unusable::OtherOrigin);
    }
    Ok(Snapshot { file, head })
}

impl Snapshot {
    pub const fn point(&self) -> &LogPoint {
        &self.head.point
    }

    /// How many projects it holds.
    pub const fn works(&self) -> u64 {
        self.head.works
    }

    /// The records, made ready on all cores. O(n), some 2 µs each.
    pub fn load(self, judge: Judge) -> Result<Loading, Unusable> {
        let works = usize::try_from(self.head.works).map_err(|_| Unusable::Damaged)?;
        let mut file = &self.file;
        let lexicon = Lexicon::from_bytes(&read_block(&mut file, &self.head.lexicon)?).ok_or(Unusable::Damaged)?;
        let loading = Loading::with_lexicon(judge, works, lexicon);
        let (next, file) = (AtomicUsize::new(0), Mutex::new(file));
        let work = || -> Result<(), Unusable> {
            while let Some(block) = self.head.records.get(next.fetch_add(1, Ordering::Relaxed)) {
                let bytes = {
                    let mut file = file.lock().map_err(|_| Unusable::Damaged)?;
                    read_bytes(&mut *file, block)?
                };
                check(&bytes, block)?;
                let (mut rest, mut packed) = (&*bytes, Vec::new());
                while !rest.is_empty() {
                    packed.push(next_packed(&mut rest).ok_or(Unusable::Damaged)?);
                }
                loading.add_packed(packed);
            }
            Ok(())
        };
        on_all_cores(work).into_iter().collect::<Result<(), Unusable>>()?;
        if loading.len() == works { Ok(loading) } else { Err(Unusable::Damaged) }
    }
}

fn read_block(file: &mut (impl Read + Seek), block: &Block) -> Result<Vec<u8>, Unusable> {
    let bytes = read_bytes(file, block)?;
    check(&bytes, block)?;
    Ok(bytes)
}

fn read_bytes(file: &mut (impl Read + Seek), block: &Block) -> Result<Vec<u8>, Unusable> {
    file.seek(SeekFrom::Start(block.at))?;
    let mut bytes = Vec::new();
    // A damaged length takes no more memory than the file has bytes.
    file.take(u64::from(block.bytes)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn check(bytes: &[u8], block: &Block) -> Result<(), Unusable> {
    let is_whole = Hash::from(Sha256::digest(bytes)) == block.hash;
    if is_whole { Ok(()) } else { Err(Unusable::Damaged) }
}
