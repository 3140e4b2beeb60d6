//! One store, two engines: SQLite by default, PostgreSQL when one machine is not enough.
//!
//! Every query is one SQL text with `$1` binds, run in a [`Tx`]. Functions take `&mut Tx`, so
//! the caller decides what commits together: a change, its entry in the change log and the jobs that follow.

mod sql;

pub mod changes;
pub mod comments;
pub mod decisions;
pub mod finding_pairs;
pub mod findings;
pub mod footprints;
pub mod imports;
pub mod jobs;
pub mod merges;
pub mod messages;
pub mod names;
pub mod open;
pub mod pairs;
pub mod photos;
pub mod project_facts;
pub mod project_lists;
pub mod project_pages;
pub mod projects;
pub mod references;
pub mod regions;
pub mod reports;
mod shown_titles;
pub mod users;

pub use changes::Change;
pub use sql::{Which, highest_bind};
pub(crate) use sql::{insert_many, list, list_in, list_which, sql, which};

use crate::domain::Time;
use chrono::SecondsFormat;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    /// Rung after each commit that changed something: followers and workers of this process wake at once.
    pub changed: Arc<Notify>,
}

#[derive(Clone)]
enum Pools {
    /// Readers and one writer: writers queue in order and never use up the readers.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// An open transaction. Dropped without [`Tx::commit`], it rolls back. Hold one at a time:
/// SQLite has one writer, so a second write would wait for the first.
pub struct Tx {
    pub(crate) conn: Conn,
    changes: Vec<Change>,
    writes: bool,
    changed: Arc<Notify>,
}

pub(crate) enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// The only error of this layer. "Not found" is `Ok(None)`, never an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("the lock file {0}: {1}")]
    Lock(std::path::PathBuf, std::io::Error),
    #[error("{0} of {1} holds a value this program could not have written")]
    Corrupt(&'static str, Uuid),
    #[error("the lease of job {0} ended and another worker may have it")]
    LeaseLost(Uuid),
    #[error("this database is not known: {0} (sqlite:FILE or postgres://… is)")]
    UnknownDatabase(String),
}

impl StoreError {
    /// The disk (or the quota) is full: the person is told so, and nothing was stored.
    pub fn is_disk_full(&self) -> bool {
        let Self::Database(sqlx::Error::Database(e)) = self else { return false };
        // SQLITE_FULL, SQLITE_IOERR_WRITE family; PostgreSQL disk_full.
        matches!(e.code().as_deref(), Some("13" | "778" | "53100"))
    }

    /// A unique key that was there already, by the name of its index or columns.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// The advisory lock that orders the change log on PostgreSQL.
const CHANGE_LOG_LOCK: i64 = 0x7461_7061_6b01;

impl Store {
    /// One consistent view of the data. A write in it is refused by both engines.
    pub async fn read(&self) -> Result<Tx> {
        const VIEW: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
        let conn = match &self.pools {
            Pools::Sqlite { read, .. } => Conn::Sqlite(read.begin().await?),
            Pools::Postgres(pool) => Conn::Postgres(pool.begin_with(VIEW).await?),
        };
        Ok(self.tx(conn, false))
    }

    /// A change. SQLite takes its write lock at once, where it can wait: a plain BEGIN that
    /// reads before it writes fails with SQLITE_BUSY_SNAPSHOT when another process wrote.
    pub async fn write(&self) -> Result<Tx> {
        let conn = match &self.pools {
            Pools::Sqlite { write, .. } => Conn::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Conn::Postgres(pool.begin().await?),
        };
        Ok(self.tx(conn, true))
    }

    fn tx(&self, conn: Conn, writes: bool) -> Tx {
        Tx { conn, changes: Vec::new(), writes, changed: self.changed.clone() }
    }

    pub const fn is_postgres(&self) -> bool {
        matches!(self.pools, Pools::Postgres(_))
    }

    /// The pool, for LISTEN; `None` on SQLite.
    pub const fn postgres(&self) -> Option<&PgPool> {
        match &self.pools {
            Pools::Postgres(pool) => Some(pool),
            Pools::Sqlite { .. } => None,
        }
    }

    /// Ends all connections; the SQLite file is checkpointed.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Remembers an entry of the change log; it is appended by the last statements of [`Tx::commit`].
    pub fn log(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Appends the change log under its lock, commits, and wakes who follows.
    ///
    /// The lock is taken in a statement of its own and held to the end, so entries get their numbers in the order
    /// in which transactions commit and no reader can skip one. Nothing else is locked after it.
    pub async fn commit(mut self) -> Result<()> {
        let changes = std::mem::take(&mut self.changes);
        if !changes.is_empty() {
            if let Conn::Postgres(tx) = &mut self.conn {
                sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(CHANGE_LOG_LOCK).execute(&mut **tx).await?;
            }
            changes::append(&mut self, &changes).await?;
            if let Conn::Postgres(tx) = &mut self.conn {
                sqlx::query("SELECT pg_notify('tapak_changes', '')").execute(&mut **tx).await?;
            }
        }
        match self.conn {
            Conn::Sqlite(tx) => tx.commit().await?,
            Conn::Postgres(tx) => tx.commit().await?,
        }
        if self.writes {
            self.changed.notify_waiters();
        }
        Ok(())
    }
}

/// A moment as text of fixed width and µs, so that text order is time order on both engines.
pub fn to_text(at: Time) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A stored moment.
pub(crate) fn to_time(text: &str, column: &'static str, id: Uuid) -> Result<Time> {
    chrono::DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).map_err(|_| StoreError::Corrupt(column, id))
}

/// A stored day.
pub(crate) fn to_day(text: &str, column: &'static str, id: Uuid) -> Result<crate::domain::Day> {
    text.parse().map_err(|_| StoreError::Corrupt(column, id))
}
