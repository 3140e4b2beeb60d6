//! One store, two engines: SQLite by default, PostgreSQL when one machine is not enough.
//!
//! Every query is one SQL text with `$1` binds, run in a [`Tx`]. Functions take `&mut Tx`, so
//! the caller decides what commits together: a change, its entry in the change log and the jobs that follow.

mod error;
mod exact_json;
mod sql;

pub mod acts;
pub mod answers;
pub mod audit;
mod audit_entry;
pub mod audit_verify;
pub mod backups;
pub mod changes;
pub mod codes;
pub mod comments;
pub mod copy;
pub mod decisions;
pub mod event_seal;
pub mod finding_pairs;
mod finding_sight;
pub mod finding_writes;
pub mod findings;
pub mod footprints;
mod funding_lines;
pub mod health;
pub mod imports;
pub mod jobs;
pub mod judges;
pub mod merges;
pub mod messages;
mod migrations;
pub mod names;
pub mod open;
mod outlines;
pub mod pairs;
mod photo_marks;
pub mod photos;
pub mod posts;
pub mod process;
mod project_columns;
pub mod project_facts;
pub mod project_lists;
pub mod project_pages;
pub mod projects;
pub mod readiness;
pub mod references;
pub mod regions;
pub mod reports;
pub mod screened;
pub mod second_factors;
mod shown_titles;
mod sight;
pub mod sign_ins;
pub mod stakes;
pub mod uploads;
pub mod users;

pub use audit_entry::{AuditEntry, HMAC};
pub use changes::Change;
pub use error::{Result, StoreError, Trouble};
pub use sql::{Which, highest_bind};
pub(crate) use sql::{columns, insert_many, list, list_in, list_which, newest_first, sql, update_many, which};

use crate::domain::Time;
use chrono::SecondsFormat;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;
use uuid::Uuid;

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    /// Rung after each commit that changed something: followers and workers of this process wake at once.
    pub changed: Arc<Notify>,
    /// A write found no room, and none of that size was kept since.
    refused_full: Arc<AtomicBool>,
}

#[derive(Clone)]
enum Pools {
    /// Readers and one writer: writers queue in order and never use up the readers.
    Sqlite {
        file: std::path::PathBuf,
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// An open transaction. Dropped without [`Tx::commit`], it rolls back. Hold one at a time:
/// SQLite has one writer, so a second write would wait for the first.
pub struct Tx {
    conn: Conn,
    /// A statement of it failed or was dropped half way. SQLite may have rolled back by itself, and what followed would be
    /// committed statement by statement.
    broken: bool,
    /// What was done, and whether the change log tells of it, too.
    changes: Vec<(Change, bool)>,
    writes: bool,
    changed: Arc<Notify>,
    refused_full: Arc<AtomicBool>,
}

pub(crate) enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

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
        let (changed, refused_full) = (self.changed.clone(), self.refused_full.clone());
        Tx { conn, broken: false, changes: Vec::new(), writes, changed, refused_full }
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

    /// Open connections of this process, and those of them that nobody uses.
    pub fn connections(&self) -> (usize, usize) {
        match &self.pools {
            Pools::Sqlite { read, write, .. } => {
                ((read.size() + write.size()) as usize, read.num_idle() + write.num_idle())
            }
            Pools::Postgres(pool) => (pool.size() as usize, pool.num_idle()),
        }
    }

    /// Writes the file of the database anew, or clears its tables, so that what was deleted is not left in free pages. As long
    /// as a copy of the database takes; on SQLite others write when it is done.
    pub async fn sweep(&self) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { write, .. } => {
                sqlx::query("VACUUM").execute(write).await?;
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(write).await?;
            }
            Pools::Postgres(pool) => {
                sqlx::query("VACUUM FULL audit_values, change_log, project_references, project_people")
                    .execute(pool)
                    .await?;
            }
        }
        Ok(())
    }

    /// Ends all connections; the SQLite file is checkpointed.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self.conn, Conn::Postgres(_))
    }

    /// The connection, for one statement whose result [`Tx::outcome`] takes; an error once one has failed.
    pub(crate) fn statement(&mut self) -> std::result::Result<&mut Conn, sqlx::Error> {
        if std::mem::replace(&mut self.broken, true) {
            return Err(sqlx::Error::Protocol("a statement of this transaction failed before".to_owned()));
        }
        Ok(&mut self.conn)
    }

    /// How the statement ended. Rows that are missing or cannot be read leave the transaction as it is.
    pub(crate) fn outcome<T>(
        &mut self,
        done: std::result::Result<T, sqlx::Error>,
    ) -> std::result::Result<T, sqlx::Error> {
        self.broken = match &done {
            Ok(_) => false,
            Err(sqlx::Error::RowNotFound | sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) => false,
            Err(e) => {
                note_refusal(&self.refused_full, e);
                true
            }
        };
        done
    }

    /// An advisory lock to the end of the transaction. SQLite has one writer and needs none.
    pub(crate) async fn lock_on_postgres(&mut self, key: i64) -> Result<()> {
        if self.is_postgres() {
            sql!(self, "SELECT pg_advisory_xact_lock($1)", [key], execute)?;
        }
        Ok(())
    }

    /// Lets those who bring the same id come one after another: the later one waits until the earlier has committed, then finds
    /// what it stored. Taken before anything is read. SQLite has one writer and needs it not.
    pub async fn one_at_a_time(&mut self, id: Uuid) -> Result<()> {
        // Two numbers of 32 bits are locks apart from those of one number of 64.
        let low = id.as_u128().to_be_bytes();
        let number = |at: usize| i32::from_be_bytes([low[at], low[at + 1], low[at + 2], low[at + 3]]);
        if self.is_postgres() {
            sql!(self, "SELECT pg_advisory_xact_lock($1, $2)", [number(8), number(12)], execute)?;
        }
        Ok(())
    }

    /// Remembers an entry of the change log and of the audit chain; both are appended by the last statements of
    /// [`Tx::commit`].
    pub fn log(&mut self, change: Change) {
        self.changes.push((change, true));
    }

    /// Remembers an entry of the audit chain alone: of what changes nothing that anybody follows.
    pub fn record(&mut self, change: Change) {
        self.changes.push((change, false));
    }

    /// Appends the audit chain and the change log under their lock, commits, and wakes who follows.
    ///
    /// The lock is taken in a statement of its own and held to the end, so entries get their numbers in the order
    /// in which transactions commit and no reader can skip one. Nothing else is locked after it.
    pub async fn commit(mut self) -> Result<()> {
        let (changes, is_logged): (Vec<Change>, Vec<bool>) = std::mem::take(&mut self.changes).into_iter().unzip();
        if let Some(first) = changes.first() {
            let (entries, now) = (audit::Entries::of(&changes), first.at);
            self.lock_on_postgres(CHANGE_LOG_LOCK).await?;
            let numbers = audit::append(&mut self, entries, now).await?;
            let covered = changes.into_iter().zip(numbers).zip(is_logged);
            let logged: Vec<(Change, i64)> = covered.filter(|(_, is_logged)| *is_logged).map(|(one, _)| one).collect();
            changes::append(&mut self, &logged).await?;
            if self.is_postgres() && !logged.is_empty() {
                sql!(self, "SELECT pg_notify('tapak_changes', '')", [], execute)?;
            }
        }
        self.statement()?;
        let Self { conn, writes, changed, refused_full, .. } = self;
        let committed = match conn {
            Conn::Sqlite(tx) => tx.commit().await,
            Conn::Postgres(tx) => tx.commit().await,
        };
        committed.inspect_err(|e| note_refusal(&refused_full, e))?;
        if writes {
            changed.notify_waiters();
        }
        Ok(())
    }
}

/// Remembers that there was no room: smaller writes may still succeed, and do not prove that there is room for one like
/// this.
fn note_refusal(refused_full: &AtomicBool, e: &sqlx::Error) {
    if error::trouble_of(e) == Trouble::Full {
        refused_full.store(true, Ordering::Relaxed);
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
