//! Opening a database and bringing its tables up to date.

use super::{Pools, Result, Store, StoreError, outlines, shown_titles};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Executor, PgConnection, PgPool, Row, SqliteConnection, SqlitePool};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Connections of a process to PostgreSQL, and readers of SQLite.
const CONNECTIONS: u32 = 16;
const READERS: u32 = 6;
/// How long a write waits for another process's write before it is refused.
const BUSY: Duration = Duration::from_secs(30);

impl Store {
    /// Opens `sqlite:<file>` or `postgres://…` and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self> {
        let pools = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url).await?
        } else if let Some(file) = url.strip_prefix("sqlite:") {
            open_sqlite(Path::new(file.trim_start_matches("//"))).await?
        } else {
            // The part before the colon is no secret; the rest may be.
            return Err(StoreError::UnknownDatabase(url.split(':').next().unwrap_or_default().to_owned()));
        };
        let store = Self { pools, changed: Arc::new(Notify::new()), refused_full: Arc::default() };
        shown_titles::fill_in(&store).await?;
        outlines::fill_in(&store).await?;
        Ok(store)
    }
}

async fn open_postgres(url: &str) -> Result<Pools> {
    let pool: PgPool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(10))
        .after_release(|conn, _| Box::pin(is_free_postgres(conn)))
        .connect(url)
        .await?;
    sqlx::migrate!("../../migrations/postgres").run(&pool).await?;
    Ok(Pools::Postgres(pool))
}

async fn open_sqlite(file: &Path) -> Result<Pools> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal) // readers do not wait for the writer
        .synchronous(SqliteSynchronous::Full) // offices lose power
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("cache_size", "-8192")
        // Rows come from a thread of their own: fewer hand-overs for long lists.
        .row_buffer_size(1_000)
        .statement_cache_capacity(200);
    let lock = MigrationLock::acquire(file).await?;
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(BUSY)
        .after_release(|conn, _| Box::pin(is_free_sqlite(conn)))
        .connect_with(options.clone().optimize_on_close(true, 400))
        .await?;
    sqlx::migrate!("../../migrations/sqlite").run(&write).await?;
    drop(lock);
    let read: SqlitePool = SqlitePoolOptions::new()
        .max_connections(READERS)
        .after_release(|conn, _| Box::pin(is_free_sqlite(conn)))
        .connect_with(options.read_only(true))
        .await?;
    Ok(Pools::Sqlite { file: file.to_owned(), read, write })
}

/// Whether a connection may go back to the pool. A full disk, a fault of reading or too little memory makes SQLite roll back
/// by itself; ROLLBACK then fails and sqlx counts a transaction that never ends. Such a connection is closed.
async fn is_free_sqlite(conn: &mut SqliteConnection) -> std::result::Result<bool, sqlx::Error> {
    // Whoever drops a transaction only queues its ROLLBACK: it is over when this is answered.
    conn.ping().await?;
    Ok(!conn.is_in_transaction())
}

/// As [`is_free_sqlite`]. A request given up while it waits for BEGIN leaves a transaction that sqlx does not count: outside
/// of one, each statement is a transaction that begins with it. In one that failed, the question itself is refused.
async fn is_free_postgres(conn: &mut PgConnection) -> std::result::Result<bool, sqlx::Error> {
    const FREE: &str = "SELECT transaction_timestamp() = statement_timestamp()";
    let row = conn.fetch_one(sqlx::raw_sql(FREE)).await?;
    Ok(!conn.is_in_transaction() && row.try_get::<bool, _>(0)?)
}

/// sqlx takes no lock around SQLite's migrations: two processes that start at once would both create the tables.
/// The lock is on a file beside the database and ends with the process that held it.
pub(super) struct MigrationLock(File);

impl MigrationLock {
    pub(super) async fn acquire(database: &Path) -> Result<Self> {
        let path = beside(database, ".migrate.lock");
        let at = path.clone();
        tokio::task::spawn_blocking(move || {
            let file = File::options().create(true).truncate(false).write(true).open(&at)?;
            file.lock()?;
            Ok(Self(file))
        })
        .await
        .unwrap_or_else(|e| Err(std::io::Error::other(e)))
        .map_err(|e| StoreError::Lock(path, e))
    }
}

/// The file beside the database whose name ends so.
pub(super) fn beside(database: &Path, end: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

impl Drop for MigrationLock {
    fn drop(&mut self) {
        if let Err(e) = self.0.unlock() {
            tracing::warn!("the migration lock could not be given back: {e}");
        }
    }
}
