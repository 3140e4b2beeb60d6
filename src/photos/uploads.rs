//! Files to be imported, kept beside the photos until they are stored or left.

use super::PhotoError;
use super::incoming::Arrived;
use super::keep::{PhotoStore, UPLOADS};
use super::sweep::remove;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use std::path::PathBuf;
use uuid::Uuid;

impl PhotoStore {
    /// Moves a file that is on disk to the place of its upload, over one that is there.
    pub async fn keep_upload(&self, file: &Arrived, id: Uuid) -> Result<(), PhotoError> {
        let place = Path::from(format!("{UPLOADS}/{}", name(id, &file.sha256)));
        self.objects().rename(&Path::from(file.name()), &place).await.map_err(|e| PhotoError::from_source(&e))
    }

    /// Where the bytes of an upload are.
    pub fn upload_path(&self, id: Uuid, sha256: &str) -> PathBuf {
        self.path().join(UPLOADS).join(name(id, sha256))
    }

    /// Removes the bytes of an upload, if they are there.
    pub async fn remove_upload(&self, id: Uuid, sha256: &str) -> Result<(), PhotoError> {
        let path = self.upload_path(id, sha256);
        let removed = tokio::task::spawn_blocking(move || remove(&path)).await;
        removed.map_err(|e| PhotoError::Storage(e.to_string()))?.map_err(|e| PhotoError::from_source(&e))
    }
}

/// By its upload and its hash, so that bytes sent under an id that is taken are never read in the place of others.
fn name(id: Uuid, sha256: &str) -> String {
    format!("{id}.{sha256}")
}
