//! Where backups lie: a folder, or a bucket of S3-compatible storage.

use super::BackupError;
use crate::photos::sweep;
use axum::body::Bytes; // the `bytes` crate's type, re-exported by axum: nothing of HTTP
use futures_util::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The folders of a place with backups.
pub const LISTS: &str = "backups";
pub const ROWS: &str = "rows";
pub const FILES: &str = "files";

/// How S3-compatible storage is reached; empty for what its own default holds.
#[derive(Clone, Debug, Default)]
pub struct S3 {
    pub endpoint: Option<String>,
    pub region: Option<String>,
    pub key_id: Option<String>,
    pub secret: Option<String>,
}

/// A place for backups. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Target {
    objects: Arc<dyn ObjectStore>,
    /// As it was named; it holds no secret.
    shown: String,
    folder: Option<PathBuf>,
}

impl Target {
    /// A folder, made if it is missing, or `s3://bucket/prefix`.
    pub fn open(address: &str, s3: &S3) -> Result<Self, BackupError> {
        match address.split_once("://") {
            None if !address.is_empty() => Self::open_folder(address),
            Some(("s3", rest)) => Self::open_bucket(address, rest, s3),
            _ => Err(BackupError::UnknownTarget(address.to_owned())),
        }
    }

    /// The same, of a folder that is there: a mistyped one is not made.
    pub fn open_existing(address: &str, s3: &S3) -> Result<Self, BackupError> {
        if !address.contains("://") && !std::path::Path::new(address).is_dir() {
            return Err(BackupError::NoBackup(address.to_owned()));
        }
        Self::open(address, s3)
    }

    fn open_folder(address: &str) -> Result<Self, BackupError> {
        let failed = |e: &(dyn std::error::Error + 'static)| BackupError::storage(address, e);
        std::fs::create_dir_all(address).map_err(|e| failed(&e))?;
        let folder = std::fs::canonicalize(address).map_err(|e| failed(&e))?;
        let files = LocalFileSystem::new_with_prefix(&folder).map_err(|e| failed(&e))?.with_fsync(true);
        Ok(Self { objects: Arc::new(files), shown: address.to_owned(), folder: Some(folder) })
    }

    fn open_bucket(address: &str, rest: &str, s3: &S3) -> Result<Self, BackupError> {
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(BackupError::UnknownTarget(address.to_owned()));
        }
        // Of the process, as for mail and PostgreSQL.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = AmazonS3Builder::new().with_bucket_name(bucket);
        if let Some(region) = &s3.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = &s3.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        if let (Some(key_id), Some(secret)) = (&s3.key_id, &s3.secret) {
            builder = builder.with_access_key_id(key_id).with_secret_access_key(secret);
        }
        let bucket = builder.build().map_err(|e| BackupError::storage(address, &e))?;
        let prefix = prefix.trim_matches('/');
        let objects: Arc<dyn ObjectStore> =
            if prefix.is_empty() { Arc::new(bucket) } else { Arc::new(PrefixStore::new(bucket, prefix)) };
        Ok(Self { objects, shown: address.to_owned(), folder: None })
    }

    pub fn shown(&self) -> &str {
        &self.shown
    }

    pub(super) fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_deref()
    }

    pub(super) fn objects(&self) -> &dyn ObjectStore {
        &*self.objects
    }

    /// All objects below a prefix with their sizes. Cost: one request a thousand.
    pub(super) async fn list(&self, prefix: &str) -> Result<HashMap<String, u64>, BackupError> {
        let listed = self.objects.list(Some(&Path::from(prefix)));
        listed
            .map_ok(|object| (object.location.to_string(), object.size))
            .try_collect()
            .await
            .map_err(|e| self.failed(&e))
    }

    /// `None` if it is not there.
    pub(super) async fn get(&self, path: &str) -> Result<Option<Bytes>, BackupError> {
        let read = async { self.objects.get(&Path::from(path)).await?.bytes().await };
        match read.await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(self.failed(&e)),
        }
    }

    /// Whole or not at all; in a folder on disk when this returns.
    pub(super) async fn put(&self, path: &str, bytes: impl Into<Bytes>) -> Result<(), BackupError> {
        let put = self.objects.put(&Path::from(path), PutPayload::from(bytes.into())).await;
        put.map(|_| ()).map_err(|e| self.failed(&e))
    }

    /// The same, and what is there then is read back and compared: a network, a disk or a storage that changes bytes is
    /// noticed while the service still has them.
    pub(super) async fn put_and_compare(&self, path: &str, bytes: Vec<u8>) -> Result<(), BackupError> {
        let bytes = Bytes::from(bytes);
        self.put(path, bytes.clone()).await?;
        match self.get(path).await? {
            Some(there) if there == bytes => Ok(()),
            _ => {
                self.remove(path).await?;
                Err(BackupError::NotKept { place: self.shown.clone(), piece: path.to_owned() })
            }
        }
    }

    /// One that is not there is removed already.
    pub(super) async fn remove(&self, path: &str) -> Result<(), BackupError> {
        match self.objects.delete(&Path::from(path)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(self.failed(&e)),
        }
    }

    /// Removes from a folder what was half written when a process died. Only with the place to oneself.
    pub(super) fn sweep(&self) -> Result<(), BackupError> {
        let Some(folder) = self.folder() else { return Ok(()) };
        let mut left = Vec::new();
        for part in [LISTS, ROWS, FILES] {
            let walked = sweep::walk(folder, part, &mut |found| {
                if sweep::is_unfinished(&found.name) {
                    left.push(found.path);
                }
            });
            walked.map_err(|e| self.failed(&e))?;
        }
        left.iter().try_for_each(std::fs::remove_file).map_err(|e| self.failed(&e))
    }

    pub(super) fn failed(&self, e: &(dyn std::error::Error + 'static)) -> BackupError {
        BackupError::storage(&self.shown, e)
    }
}
