//! The only error of this layer, and what a caller can do about it.

use std::path::PathBuf;
use uuid::Uuid;

/// "Not found" is `Ok(None)`, never an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("the lock file {0}: {1}")]
    Lock(PathBuf, std::io::Error),
    #[error("{0} of {1} holds a value this program could not have written")]
    Corrupt(&'static str, Uuid),
    #[error("the lease of job {0} ended and another worker may have it")]
    LeaseLost(Uuid),
    #[error("this database is not known: {0} (sqlite:FILE or postgres://… is)")]
    UnknownDatabase(String),
    #[error("the database holds no tables of Tapak")]
    NoDatabase,
    #[error("a restore or move into this database has not ended")]
    CopyUnderWay,
    #[error("the column {column} is of the type {kind}, which no copy knows")]
    UnknownType { column: String, kind: String },
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// How the caller should react to a fault of the database. Nothing was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The disk (or the quota) is full: somebody must make room.
    Full,
    /// Locked, away, or at odds with another transaction: the same may work in a moment.
    Busy,
    /// A fault of the program or of the data.
    Fault,
}

impl StoreError {
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Database(e) => trouble_of(e),
            _ => Trouble::Fault,
        }
    }

    /// A unique key that was there already.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}

/// The trouble behind an error of the database.
pub(super) fn trouble_of(e: &sqlx::Error) -> Trouble {
    match e {
        sqlx::Error::Database(e) => {
            let code = e.code().unwrap_or_default();
            let sqlite = e.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some();
            if sqlite { sqlite_trouble(&code) } else { postgres_trouble(&code) }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Trouble::Busy,
        _ => Trouble::Fault,
    }
}

/// The lowest byte is the kind of fault, the others refine it (<https://www.sqlite.org/rescode.html>).
fn sqlite_trouble(code: &str) -> Trouble {
    let Ok(code) = code.parse::<u32>() else { return Trouble::Fault };
    match (code, code & 0xff) {
        // FULL; IOERR_WRITE and IOERR_SHMSIZE: no room for the page, or for the index of the log.
        (_, 13) | (778 | 4_874, _) => Trouble::Full,
        // BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CANTOPEN, PROTOCOL.
        (_, 5..=10 | 14 | 15) => Trouble::Busy,
        _ => Trouble::Fault,
    }
}

/// The first two characters are the class (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn postgres_trouble(code: &str) -> Trouble {
    match code {
        "53100" => Trouble::Full,
        // Serialization failure, deadlock, lock not available, query cancelled.
        "40001" | "40P01" | "55P03" | "57014" => Trouble::Busy,
        // Connection, resources, shutting down, the system itself.
        _ if ["08", "53", "57P", "58"].iter().any(|class| code.starts_with(class)) => Trouble::Busy,
        _ => Trouble::Fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_told_from_a_fault_also_by_extended_codes() {
        for code in ["5", "261", "517", "6", "262", "7", "9", "10", "266", "522", "1034", "14", "270", "15", "1032"] {
            assert_eq!(sqlite_trouble(code), Trouble::Busy, "{code}");
        }
        for code in ["13", "778", "4874"] {
            assert_eq!(sqlite_trouble(code), Trouble::Full, "{code}");
        }
        for code in ["1", "11", "19", "787", "2067", "20", ""] {
            assert_eq!(sqlite_trouble(code), Trouble::Fault, "{code}");
        }
        for code in ["40001", "40P01", "55P03", "57014", "57P01", "57P03", "53300", "53200", "08006", "58030"] {
            assert_eq!(postgres_trouble(code), Trouble::Busy, "{code}");
        }
        assert_eq!(postgres_trouble("53100"), Trouble::Full);
        for code in ["23505", "42P01", "22P02", "57000", ""] {
            assert_eq!(postgres_trouble(code), Trouble::Fault, "{code}");
        }
    }
}
