//! An original read from storage: its bytes are verified against its name before any of them is delivered.

use super::PhotoError;
use axum::body::Bytes; // the `bytes` crate's type, re-exported by axum: nothing of HTTP
use futures_util::stream::{Stream, try_unfold};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek};
use std::path::Path;
use tokio::io::AsyncReadExt;

/// Bytes read at once.
const PIECE: usize = 64 * 1024;

/// A file with verified bytes. It stays open, so that nothing can replace it while it is read.
#[derive(Debug)]
pub struct Original {
    file: File,
    pub bytes: u64,
}

impl Original {
    /// Reads the whole file once. Blocks: some 50 ms for 25 MB.
    pub(super) fn open(path: &Path, sha256: &str) -> Result<Self, PhotoError> {
        let mut file = match File::open(path) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Err(PhotoError::Lost(sha256.to_owned())),
            other => other.map_err(|e| PhotoError::from_source(&e))?,
        };
        let (digest, bytes) = digest(&mut file).map_err(|e| PhotoError::from_source(&e))?;
        if digest != sha256 {
            return Err(PhotoError::Damaged(sha256.to_owned()));
        }
        file.rewind().map_err(|e| PhotoError::from_source(&e))?;
        Ok(Self { file, bytes })
    }

    /// The file, from its first byte.
    pub fn into_file(self) -> File {
        self.file
    }

    /// The content in pieces.
    pub fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> {
        try_unfold(tokio::fs::File::from_std(self.file), |mut file| async move {
            let mut piece = vec![0; PIECE];
            let count = file.read(&mut piece).await?;
            piece.truncate(count);
            Ok((count > 0).then(|| (Bytes::from(piece), file)))
        })
    }
}

/// SHA-256 of the rest of a file as hex, and its number of bytes.
pub fn digest(file: &mut impl Read) -> io::Result<(String, u64)> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut bytes = 0;
    loop {
        match file.read(&mut piece)? {
            0 => break,
            count => {
                hash.update(&piece[..count]);
                bytes += count as u64;
            }
        }
    }
    Ok((hex::encode(hash.finalize()), bytes))
}
