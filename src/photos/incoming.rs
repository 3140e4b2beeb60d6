//! A photo on its way in: its bytes go to a file of their own, hashed as they come, so that none is whole in memory. Only
//! when all of it is there and sound does the file move to the place that its hash names.

use super::PhotoError;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// Where photos wait, within the photo folder. What lies here when nothing runs is left over from a process that died.
pub const FOLDER: &str = "incoming";
/// Bytes that are gathered before they are written.
const GATHERED: usize = 64 * 1024;

/// Written to while the bytes come. Dropped before it is kept, it leaves no file.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    hash: Sha256,
    bytes: u64,
    place: Place,
}

/// All bytes are there; nothing is said about them yet.
#[derive(Debug)]
pub struct Arrived {
    pub sha256: String,
    pub bytes: u64,
    place: Place,
    /// Open as long as it waits: its lock tells others that somebody is at work on it.
    _file: File,
}

/// A file that goes when nobody has a use for it any more.
#[derive(Debug)]
struct Place(PathBuf);

impl Incoming {
    pub(super) async fn create(folder: &Path, id: Uuid) -> Result<Self, PhotoError> {
        let place = Place(folder.join(format!("{id}.part")));
        let file = File::create_new(&place.0).await.map_err(|e| PhotoError::from_source(&e))?.into_std().await;
        // For `sweep`, which removes what dead processes left. A file system without locks is no reason to take no photos.
        let _ = file.try_lock();
        let mut file = File::from_std(file);
        file.set_max_buf_size(GATHERED);
        Ok(Self { file, hash: Sha256::new(), bytes: 0, place })
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), PhotoError> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).await.map_err(|e| PhotoError::from_source(&e))
    }

    /// The end of the bytes. They are on disk when this returns, though not yet where they belong.
    pub async fn finish(mut self) -> Result<Arrived, PhotoError> {
        self.file.flush().await.map_err(|e| PhotoError::from_source(&e))?;
        self.file.sync_all().await.map_err(|e| PhotoError::from_source(&e))?;
        let sha256 = hex::encode(self.hash.finalize());
        Ok(Arrived { sha256, bytes: self.bytes, place: self.place, _file: self.file })
    }
}

impl Arrived {
    /// To read what came.
    pub fn open(&self) -> Result<std::fs::File, PhotoError> {
        std::fs::File::open(&self.place.0).map_err(|e| PhotoError::from_source(&e))
    }

    /// The name within the photo folder.
    pub(super) fn name(&self) -> String {
        format!("{FOLDER}/{}", self.place.0.file_name().unwrap_or_default().to_string_lossy())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Moved to its place, it is not here any more; else there is nothing that could be done about an error.
        let _ = std::fs::remove_file(&self.0);
    }
}
