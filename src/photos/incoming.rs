//! A photo being received: its bytes go to a file of its own, hashed on arrival, so that none is in memory as a
//! whole. The file moves to the place named by its hash only when it is complete and valid.

use super::PhotoError;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// The folder of unfinished photos, within the photo folder. Its files are left over from dead processes if nothing
/// runs.
pub const FOLDER: &str = "incoming";
/// Bytes buffered before a write.
const GATHERED: usize = 64 * 1024;

/// Written while the bytes arrive. Dropped before it is stored, it leaves no file.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    hash: Sha256,
    bytes: u64,
    place: Place,
}

/// All bytes have arrived; they are not validated yet.
#[derive(Debug)]
pub struct Arrived {
    pub sha256: String,
    pub bytes: u64,
    place: Place,
    /// Kept open while it waits: its lock shows others that somebody is working on it.
    _file: File,
}

/// A file that is removed on drop.
#[derive(Debug)]
struct Place(PathBuf);

impl Incoming {
    pub(super) async fn create(folder: &Path, id: Uuid) -> Result<Self, PhotoError> {
        let place = Place(folder.join(format!("{id}.part")));
        let file = File::create_new(&place.0).await.map_err(|e| PhotoError::from_source(&e))?.into_std().await;
        // For `sweep`, which removes files of dead processes. A file system without locks is no reason to refuse
        // photos.
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

    /// Ends the upload. The bytes are on disk when this returns, but not in their final place yet.
    pub async fn finish(mut self) -> Result<Arrived, PhotoError> {
        self.file.flush().await.map_err(|e| PhotoError::from_source(&e))?;
        self.file.sync_all().await.map_err(|e| PhotoError::from_source(&e))?;
        let sha256 = hex::encode(self.hash.finalize());
        Ok(Arrived { sha256, bytes: self.bytes, place: self.place, _file: self.file })
    }
}

impl Arrived {
    /// Opens the received bytes for reading.
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
        // Once moved to its place it no longer exists here; nothing can be done about other errors.
        let _ = std::fs::remove_file(&self.0);
    }
}
