//! The chunks of PNG and RIFF files: their position and length, without reading their content.

use super::PhotoError;
use std::io::{BufRead, Seek, SeekFrom};

/// Maximum number of chunks read: a photo has some ten, a PNG written in small pieces some thousands.
const MOST: usize = 20_000;

#[derive(Clone, Copy, Debug)]
pub struct Chunk {
    pub name: [u8; 4],
    /// Offset of the content.
    pub at: u64,
    pub length: u64,
}

impl Chunk {
    /// The first bytes of the content; an error if it is shorter.
    pub fn start<const N: usize>(&self, source: &mut (impl BufRead + Seek)) -> Result<[u8; N], PhotoError> {
        if self.length < N as u64 {
            return Err(PhotoError::Truncated("a chunk is too short".to_owned()));
        }
        read_at(source, self.at)?.ok_or_else(|| PhotoError::Truncated("it ends within a chunk".to_owned()))
    }

    /// RIFF chunks within it, after so many bytes.
    pub fn inner(&self, source: &mut (impl BufRead + Seek), behind: u64) -> Result<Vec<Chunk>, PhotoError> {
        riff_chunks(source, self.at + behind, self.at + self.length)
    }

    /// The whole content, if it is no longer than `most`.
    pub fn read_bytes(&self, source: &mut (impl BufRead + Seek), most: u64) -> Option<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(self.length).ok().filter(|_| self.length <= most)?];
        source.seek(SeekFrom::Start(self.at)).ok()?;
        source.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// The chunks of a PNG file, up to its end or the first incomplete one.
pub fn png(source: &mut (impl BufRead + Seek)) -> Result<Vec<Chunk>, PhotoError> {
    let mut chunks = Vec::new();
    let mut at = 8;
    while let Some([a, b, c, d, name @ ..]) = read_at::<8>(source, at)?.filter(|_| chunks.len() < MOST) {
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        chunks.push(Chunk { name, at: at + 8, length });
        at += length + 12;
    }
    Ok(chunks)
}

/// The chunks of a RIFF file, such as WebP.
pub fn riff(source: &mut (impl BufRead + Seek)) -> Result<Vec<Chunk>, PhotoError> {
    riff_chunks(source, 12, u64::MAX)
}

fn riff_chunks(source: &mut (impl BufRead + Seek), from: u64, to: u64) -> Result<Vec<Chunk>, PhotoError> {
    let mut chunks = Vec::new();
    let mut at = from;
    while at < to && chunks.len() < MOST {
        let Some([n0, n1, n2, n3, a, b, c, d]) = read_at::<8>(source, at)? else { break };
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        chunks.push(Chunk { name: [n0, n1, n2, n3], at: at + 8, length });
        at += 8 + length + length % 2;
    }
    Ok(chunks)
}

/// `None` if the file ends before.
fn read_at<const N: usize>(source: &mut (impl BufRead + Seek), at: u64) -> Result<Option<[u8; N]>, PhotoError> {
    let mut bytes = [0; N];
    source.seek(SeekFrom::Start(at)).map_err(|e| PhotoError::from_source(&e))?;
    match source.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
        Err(e) => Err(PhotoError::from_source(&e)),
    }
}
