//! Why a backup cannot be made, read or restored. Sentences are in the catalogue (`terminal.backup.error`).

use crate::photos::PhotoError;
use crate::store::StoreError;
use crate::store::copy::CopyError;
use serde_json::{Value, json};

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0} names no place for backups")]
    UnknownTarget(String),
    #[error("{place}: {reason}")]
    Storage { place: String, reason: String },
    #[error("another backup or prune is at work in {0}")]
    Busy(String),
    #[error("the lock of {0} was lost to another process")]
    LockLost(String),
    #[error("there is no backup in {0}")]
    NoBackup(String),
    #[error("there is no backup {0}")]
    NotFound(String),
    #[error("made by a later program, tapak {0}")]
    Later(String),
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
            | Self::Busy(place)
            | Self::LockLost(place)
            | Self::NoBackup(place)
            | Self::NotFound(place)
            | Self::NoKey(place)
            | Self::NotEmpty(place)
            | Self::OtherCopy(place)
            | Self::Running(place) => json!({ "place": place }),
            Self::Storage { place, reason } => json!({ "place": place, "reason": reason }),
            Self::Later(program) => json!({ "program": program }),
            Self::Broken(broken) => broken.values(),
            Self::Differs(table) | Self::Dangling(table) => json!({ "table": table }),
            Self::NeedsKey | Self::WrongKey | Self::Store(_) | Self::Photo(_) => Value::Null,
        }
    }

    /// An error of the place where backups lie.
    pub(super) fn storage(place: &str, e: &dyn std::fmt::Display) -> Self {
        Self::Storage { place: place.to_owned(), reason: e.to_string() }
    }
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
