//! Why a backup cannot be made, read or restored. Sentences are in the catalogue (`terminal.backup.error`).

use crate::domain::person::Language;
use crate::photos::PhotoError;
use crate::store::StoreError;
use crate::store::copy::CopyError;
use crate::words::Words;
use serde_json::{Value, json};
use std::io;

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0} names no place for backups")]
    UnknownTarget(String),
    /// The place where backups lie, or what is copied into it, cannot be read or written.
    #[error("{place}: {cause}")]
    Storage { place: String, cause: Cause },
    #[error("the disk of {0} is full")]
    Full(String),
    #[error("{place} does not give {piece} back as it was sent")]
    NotKept { place: String, piece: String },
    #[error("another backup or prune is at work in {0}")]
    Busy(String),
    #[error("the lock of {0} was lost to another process")]
    LockLost(String),
    #[error("there is no backup in {0}")]
    NoBackup(String),
    #[error("there is no backup {0}")]
    NotFound(String),
    /// With the version of that program, where it is known.
    #[error("made by a later program")]
    Later(Option<String>),
    #[error("{0}")]
    Broken(Box<Broken>),
    #[error("the backup is encrypted; its key is needed")]
    NeedsKey,
    #[error("none of these keys opens the backup")]
    WrongKey,
    #[error("{0} is no recipient or identity of age")]
    NoKey(String),
    #[error("{0} is not empty")]
    NotEmpty(String),
    #[error("another restore or move broke off in {0}")]
    OtherCopy(String),
    #[error("table {0} does not hold what was copied")]
    Differs(String),
    #[error("rows of {0} name rows that are not there")]
    Dangling(String),
    #[error("a service runs on {0}")]
    Running(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Photo(#[from] PhotoError),
}

impl BackupError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownTarget(_) => "unknown_target",
            Self::Storage { .. } => "storage",
            Self::Full(_) => "full",
            Self::NotKept { .. } => "not_kept",
            Self::Busy(_) => "busy",
            Self::LockLost(_) => "lock_lost",
            Self::NoBackup(_) => "no_backup",
            Self::NotFound(_) => "not_found",
            Self::Later(_) => "later",
            Self::Broken(_) => "broken",
            Self::NeedsKey => "needs_key",
            Self::WrongKey => "wrong_key",
            Self::NoKey(_) => "no_key",
            Self::NotEmpty(_) => "not_empty",
            Self::OtherCopy(_) => "other_copy",
            Self::Differs(_) => "differs",
            Self::Dangling(_) => "dangling",
            Self::Running(_) => "running",
            Self::Store(_) => "store",
            Self::Photo(_) => "photo",
        }
    }

    /// The values of the sentence for this code.
    pub fn values(&self) -> Value {
        match self {
            Self::UnknownTarget(place)
            | Self::Full(place)
            | Self::Busy(place)
            | Self::LockLost(place)
            | Self::NoBackup(place)
            | Self::NotFound(place)
            | Self::NoKey(place)
            | Self::NotEmpty(place)
            | Self::OtherCopy(place)
            | Self::Running(place) => json!({ "place": place }),
            Self::Storage { place, cause } => json!({ "place": place, "reason": cause.to_string() }),
            Self::NotKept { place, piece } => json!({ "place": place, "piece": piece }),
            Self::Later(program) => json!({ "program": program }),
            Self::Broken(broken) => broken.values(),
            Self::Differs(table) | Self::Dangling(table) => json!({ "table": table }),
            Self::Store(_) | Self::Photo(_) => json!({ "reason": self.to_string() }),
            Self::NeedsKey | Self::WrongKey => Value::Null,
        }
    }

    /// An error of the place where backups lie. That of the system is looked for among its causes: libraries put their own
    /// words around it.
    pub(super) fn storage(place: &str, e: &(dyn std::error::Error + 'static)) -> Self {
        let causes = std::iter::successors(Some(e), |e| e.source());
        let place = place.to_owned();
        match causes.filter_map(|e| e.downcast_ref::<io::Error>()).last() {
            Some(e) if matches!(e.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
                Self::Full(place)
            }
            Some(e) => {
                let same = e
                    .raw_os_error()
                    .map_or_else(|| io::Error::new(e.kind(), e.to_string()), io::Error::from_raw_os_error);
                Self::Storage { place, cause: Cause::Io(same) }
            }
            None => Self::Storage { place, cause: Cause::Other(e.to_string()) },
        }
    }

    /// As it is kept in the database: read again by [`sentence`].
    pub fn as_kept(&self) -> String {
        json!({ "code": self.code(), "values": self.values() }).to_string()
    }
}

/// An error as it was kept, in words.
pub fn sentence(language: Language, kept: &str) -> String {
    let kept: Value = serde_json::from_str(kept).unwrap_or_default();
    let code = kept["code"].as_str().unwrap_or("storage");
    Words::render(language, &format!("terminal.backup.error.{code}"), &kept["values"])
}

/// Why a place cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error(transparent)]
    Io(#[from] io::Error),
    /// In a library's own words.
    #[error("{0}")]
    Other(String),
}

impl From<CopyError> for BackupError {
    fn from(e: CopyError) -> Self {
        match e {
            CopyError::Store(e) => e.into(),
            CopyError::NotEmpty => Self::NotEmpty("…".to_owned()),
            CopyError::Other(mark) => Self::OtherCopy(mark),
            CopyError::NoPlace(table) => Self::Differs(table),
            CopyError::Dangling(table) => Self::Dangling(table),
        }
    }
}

/// A piece that is not what was stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// Its path within the target.
    pub piece: String,
    /// Not there at all; else it holds something else.
    pub is_missing: bool,
    pub means: Means,
}

/// What cannot be restored without a piece.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Means {
    /// The list of a whole backup.
    Backup,
    /// Rows of this table.
    Rows(String),
    /// The photo of this hash.
    Photo(String),
    /// A file to be imported, by its hash.
    Upload(String),
}

impl Broken {
    pub fn values(&self) -> Value {
        let (kind, name) = match &self.means {
            Means::Backup => ("backup", ""),
            Means::Rows(table) => ("rows", table.as_str()),
            Means::Photo(sha256) => ("photo", sha256.as_str()),
            Means::Upload(sha256) => ("upload", sha256.as_str()),
        };
        json!({ "piece": self.piece, "missing": self.is_missing, "kind": kind, "name": name })
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let how = if self.is_missing { "missing" } else { "damaged" };
        write!(f, "{} is {how}", self.piece)
    }
}

impl From<Broken> for BackupError {
    fn from(broken: Broken) -> Self {
        Self::Broken(Box::new(broken))
    }
}
