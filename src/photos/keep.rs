//! Storage of photo bytes: files named by their SHA-256, synced before anything is acknowledged.

use super::PhotoError;
use super::derive::Size;
use super::incoming::{self, Arrived, Incoming};
use super::original::Original;
use crate::digest::sha256_hex;
use axum::body::Bytes; // the `bytes` crate's type, re-exported by axum: nothing of HTTP
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::sync::Arc;
use uuid::Uuid;

/// The folder of files to be imported, within the photo folder.
pub const UPLOADS: &str = "uploads";

/// The file that is written to see whether one can be, and its length. Left over, it counts as unfinished.
const TRIAL: &str = "trial.part";
const TRIAL_BYTES: usize = 4 * 1024;

/// A folder (later: a bucket) of originals and derivatives.
#[derive(Clone, Debug)]
pub struct PhotoStore {
    objects: Arc<dyn ObjectStore>,
    folder: Arc<std::path::Path>,
}

impl PhotoStore {
    /// A folder on this machine, created if missing. A file is acknowledged once its bytes and the entries of all
    /// folders leading to it are on disk: `with_fsync` ensures it inside this folder, `make_folder` above it.
    pub fn folder(folder: &std::path::Path) -> Result<Self, PhotoError> {
        let incoming = folder.join(incoming::FOLDER);
        make_folder(&folder.join(UPLOADS)).and_then(|()| make_folder(&incoming)).map_err(|e| {
            match PhotoError::from_source(&e) {
                PhotoError::Storage(reason) => PhotoError::Storage(format!("{}: {reason}", folder.display())),
                full => full,
            }
        })?;
        let files = LocalFileSystem::new_with_prefix(folder).map_err(|e| PhotoError::from_source(&e))?.with_fsync(true);
        Ok(Self { objects: Arc::new(files), folder: folder.into() })
    }

    pub(super) fn objects(&self) -> &dyn ObjectStore {
        &*self.objects
    }

    /// The folder on this machine.
    pub fn path(&self) -> &std::path::Path {
        &self.folder
    }

    /// A file for a photo that begins to arrive.
    pub async fn begin(&self, id: Uuid) -> Result<Incoming, PhotoError> {
        Incoming::create(&self.folder.join(incoming::FOLDER), id).await
    }

    /// Moves an original that is on disk to the place named by its hash; the same bytes again are the same file.
    ///
    /// An existing file is replaced all the same: that it is visible does not mean that its folder entry would
    /// survive a power cut (the process may have died between rename and fsync), and the new one takes its place by a
    /// rename, so that nobody ever reads half of it.
    pub async fn keep_arrived(&self, photo: Arrived) -> Result<(), PhotoError> {
        let place = original(&photo.sha256)?;
        self.objects.rename(&Path::from(photo.name()), &place).await.map_err(|e| PhotoError::from_source(&e))
    }

    /// Stores a derivative, replacing an older one.
    pub async fn keep_derivative(&self, sha256: &str, size: Size, jpeg: Bytes) -> Result<(), PhotoError> {
        self.write_object(&derivative(sha256, size)?, jpeg).await
    }

    /// The original, once its bytes are verified against its name. It is read twice and never held in memory as a
    /// whole.
    pub async fn open(&self, sha256: &str) -> Result<Original, PhotoError> {
        let path = self.folder.join(original(sha256)?.as_ref());
        let name = sha256.to_owned();
        tokio::task::spawn_blocking(move || Original::open(&path, &name))
            .await
            .map_err(|e| PhotoError::Storage(e.to_string()))?
    }

    /// Stored size of the original, `None` if it is missing.
    pub fn size(&self, sha256: &str) -> Result<Option<u64>, PhotoError> {
        match std::fs::metadata(self.folder.join(original(sha256)?.as_ref())) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            other => Ok(Some(other.map_err(|e| PhotoError::from_source(&e))?.len())),
        }
    }

    /// A derivative, `None` if it does not exist yet. `digest` is the recorded hash of its bytes: others are
    /// `Damaged`.
    pub async fn open_derivative(
        &self,
        sha256: &str,
        size: Size,
        digest: Option<&str>,
    ) -> Result<Option<Bytes>, PhotoError> {
        let found = self.get(&derivative(sha256, size)?).await?;
        match (&found, digest) {
            (Some(bytes), Some(digest)) if sha256_hex(bytes) != digest => {
                Err(PhotoError::Damaged(format!("{sha256}-{}", size.as_str())))
            }
            _ => Ok(found),
        }
    }

    /// Whether a file can be kept: writes a small one and takes it away again. Two that try at once are in nobody's way.
    pub async fn try_keep(&self) -> Result<(), PhotoError> {
        let place = Path::from(format!("{}/{TRIAL}", incoming::FOLDER));
        self.write_object(&place, Bytes::from_static(&[b'-'; TRIAL_BYTES])).await?;
        match self.objects.delete(&place).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            done => done.map_err(|e| PhotoError::from_source(&e)),
        }
    }

    async fn write_object(&self, path: &Path, bytes: Bytes) -> Result<(), PhotoError> {
        self.objects.put(path, PutPayload::from(bytes)).await.map_err(|e| PhotoError::from_source(&e))?;
        Ok(())
    }

    async fn get(&self, path: &Path) -> Result<Option<Bytes>, PhotoError> {
        match self.objects.get(path).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(|e| PhotoError::from_source(&e))?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(PhotoError::from_source(&e)),
        }
    }
}

/// Creates a folder and its parents, each new entry on disk before this returns.
fn make_folder(folder: &std::path::Path) -> std::io::Result<()> {
    let folder = std::path::absolute(folder)?;
    let missing: Vec<_> = folder.ancestors().take_while(|above| !above.exists()).collect();
    std::fs::create_dir_all(&folder)?;
    for above in missing.iter().filter_map(|new| new.parent()) {
        std::fs::File::open(above)?.sync_all()?;
    }
    Ok(())
}

fn original(sha256: &str) -> Result<Path, PhotoError> {
    let [a, b] = shelves(sha256)?;
    Ok(Path::from(format!("originals/{a}/{b}/{sha256}")))
}

fn derivative(sha256: &str, size: Size) -> Result<Path, PhotoError> {
    let [a, b] = shelves(sha256)?;
    Ok(Path::from(format!("derived/{a}/{b}/{sha256}-{}.jpg", size.as_str())))
}

/// The two folders above a file: 65,536 in all, so that none grows without limit.
fn shelves(sha256: &str) -> Result<[&str; 2], PhotoError> {
    let is_digest = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if is_digest {
        Ok([&sha256[..2], &sha256[2..4]])
    } else {
        Err(PhotoError::Storage(format!("{sha256:?} is no SHA-256")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    async fn keep(store: &PhotoStore, bytes: &[u8]) -> Result<String, PhotoError> {
        let mut file = store.begin(crate::clock::Clock::default().id()).await?;
        // In two pieces, as a request body arrives.
        for part in bytes.chunks(bytes.len().div_ceil(2)) {
            file.write(part).await?;
        }
        let arrived = file.finish().await?;
        assert_eq!(arrived.sha256, sha256_hex(bytes));
        let name = arrived.sha256.clone();
        store.keep_arrived(arrived).await.map(|()| name)
    }

    fn read(original: Original) -> Vec<u8> {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut original.into_file(), &mut bytes).unwrap();
        bytes
    }

    fn waiting(folder: &std::path::Path) -> usize {
        std::fs::read_dir(folder.join(incoming::FOLDER)).unwrap().count()
    }

    #[tokio::test]
    async fn the_same_bytes_twice_are_one_file_and_come_back_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let store = PhotoStore::folder(&folder.path().join("not/yet/there")).unwrap();
        let bytes = Bytes::from_static(b"a picture");
        let name = keep(&store, &bytes).await.unwrap();
        keep(&store, &bytes).await.unwrap();
        assert_eq!(read(store.open(&name).await.unwrap()), bytes);
        assert_eq!(store.open(&sha256_hex(b"another")).await.unwrap_err().code(), "photo_lost");
        let shelf = folder.path().join("not/yet/there/originals").join(&name[..2]).join(&name[2..4]);
        assert_eq!(std::fs::read_dir(shelf).unwrap().count(), 1);
        assert_eq!(waiting(&folder.path().join("not/yet/there")), 0);
    }

    #[tokio::test]
    async fn a_photo_that_breaks_off_or_is_refused_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let store = PhotoStore::folder(folder.path()).unwrap();
        let mut broken_off = store.begin(crate::clock::Clock::default().id()).await.unwrap();
        broken_off.write(b"half a").await.unwrap();
        drop(broken_off);
        let mut refused = store.begin(crate::clock::Clock::default().id()).await.unwrap();
        refused.write(b"no picture").await.unwrap();
        let arrived = refused.finish().await.unwrap();
        assert_eq!(waiting(folder.path()), 1);
        drop(arrived);
        assert_eq!(waiting(folder.path()), 0);
    }

    #[tokio::test]
    async fn a_derivative_is_apart_from_its_original() {
        let folder = tempfile::tempdir().unwrap();
        let store = PhotoStore::folder(folder.path()).unwrap();
        let name = sha256_hex(b"a picture");
        store.keep_derivative(&name, Size::Thumb, Bytes::from_static(b"small")).await.unwrap();
        assert_eq!(
            store.open_derivative(&name, Size::Thumb, None).await.unwrap().unwrap(),
            Bytes::from_static(b"small")
        );
        assert_eq!(store.open_derivative(&name, Size::Screen, None).await.unwrap(), None);
        assert_eq!(store.open(&name).await.unwrap_err().code(), "photo_lost");
    }

    #[tokio::test]
    async fn a_name_that_is_not_a_hash_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let store = PhotoStore::folder(folder.path()).unwrap();
        for name in ["", "ab", "../../../../etc/passwd", "ÄÖ", &"G".repeat(64)] {
            assert_eq!(store.open(name).await.unwrap_err().code(), "storage", "{name}");
        }
    }

    /// A disk of 256 KiB; `None` if this user may not mount one.
    struct SmallDisk(tempfile::TempDir);

    impl SmallDisk {
        fn mount() -> Option<Self> {
            let folder = tempfile::tempdir().unwrap();
            let mount =
                Command::new("mount").args(["-t", "tmpfs", "-o", "size=256k", "none"]).arg(folder.path()).output();
            mount.is_ok_and(|answer| answer.status.success()).then_some(Self(folder))
        }
    }

    impl Drop for SmallDisk {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg(self.0.path()).status();
        }
    }

    #[tokio::test]
    async fn a_full_disk_is_reported_and_leaves_nothing_half_written() {
        let Some(disk) = SmallDisk::mount() else {
            eprintln!("skipped: a full disk for photos: a tmpfs cannot be mounted here");
            return;
        };
        let store = PhotoStore::folder(disk.0.path()).unwrap();
        let small = Bytes::from_static(b"a picture");
        keep(&store, &small).await.unwrap();
        let large = Bytes::from(vec![7; 400 * 1024]);
        let name = sha256_hex(&large);
        assert_eq!(keep(&store, &large).await.unwrap_err().code(), "storage_full");
        assert_eq!(store.open(&name).await.unwrap_err().code(), "photo_lost");
        assert_eq!(waiting(disk.0.path()), 0, "no part of it is left");
        assert_eq!(read(store.open(&sha256_hex(&small)).await.unwrap()), small);
    }
}
