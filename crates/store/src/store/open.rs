//! Opening a database and bringing its tables up to date.

use super::copy::{is_marked, migration};
use super::{Pools, Result, Store, StoreError, migrations, outlines, shown_titles};
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
        let store = Self::connect(url, For::Service).await?;
        let mut tx = store.read().await?;
        if is_marked(&mut tx).await? {
            return Err(StoreError::CopyUnderWay);
        }
        drop(tx);
        store.migrate_to(i64::MAX).await?;
        shown_titles::fill_in(&store).await?;
        outlines::fill_in(&store).await?;
        Ok(store)
    }

    /// Opens a database as it stands, without bringing it up to date. `NoDatabase` where it has no tables of Tapak.
    pub async fn open_as_it_is(url: &str) -> Result<Self> {
        if is_missing(url) {
            return Err(StoreError::NoDatabase);
        }
        let store = Self::connect(url, For::Reading).await?;
        let mut tx = store.read().await?;
        if is_marked(&mut tx).await? {
            return Err(StoreError::CopyUnderWay);
        }
        if migration(&mut tx).await? == 0 {
            return Err(StoreError::NoDatabase);
        }
        drop(tx);
        Ok(store)
    }

    /// Opens a database into which rows are to be copied in any order: without its tables, and without references being
    /// checked on SQLite.
    pub(super) async fn open_for_copy(url: &str) -> Result<Self> {
        Self::connect(url, For::Copy).await
    }

    async fn connect(url: &str, purpose: For) -> Result<Self> {
        let pools = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Pools::Postgres(connect_postgres(url).await?)
        } else if let Some(file) = url.strip_prefix("sqlite:") {
            connect_sqlite(Path::new(file.trim_start_matches("//")), purpose).await?
        } else {
            // The part before the colon is no secret; the rest may be.
            return Err(StoreError::UnknownDatabase(url.split(':').next().unwrap_or_default().to_owned()));
        };
        Ok(Self { pools, changed: Arc::new(Notify::new()), refused_full: Arc::default() })
    }

    /// Runs the migrations up to this number that were not run yet.
    pub(super) async fn migrate_to(&self, last: i64) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { file, write, .. } => {
                let _lock = MigrationLock::acquire(file).await?;
                match last {
                    i64::MAX => migrations::SQLITE.run(write).await?,
                    last => migrations::SQLITE.run_to(last, write).await?,
                }
            }
            Pools::Postgres(pool) => match last {
                i64::MAX => migrations::POSTGRES.run(pool).await?,
                last => migrations::POSTGRES.run_to(last, pool).await?,
            },
        }
        Ok(())
    }
}

/// Whether this is a SQLite file that is not there.
pub(super) fn is_missing(url: &str) -> bool {
    url.strip_prefix("sqlite:").is_some_and(|file| !Path::new(file.trim_start_matches("//")).exists())
}

/// What a database is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    Service,
    /// It is not made where it is missing.
    Reading,
    /// References are not checked while rows come.
    Copy,
}

async fn connect_postgres(url: &str) -> Result<PgPool> {
    let pool: PgPool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(10))
        .after_release(|conn, _| Box::pin(is_free_postgres(conn)))
        .connect(url)
        .await?;
    Ok(pool)
}

async fn connect_sqlite(file: &Path, purpose: For) -> Result<Pools> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(purpose != For::Reading)
        .journal_mode(SqliteJournalMode::Wal) // readers do not wait for the writer
        .synchronous(SqliteSynchronous::Full) // offices lose power
        .foreign_keys(purpose != For::Copy)
        .busy_timeout(BUSY)
        .pragma("cache_size", "-8192")
        // Rows come from a thread of their own: fewer hand-overs for long lists.
        .row_buffer_size(1_000)
        .statement_cache_capacity(200);
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(BUSY)
        .after_release(|conn, _| Box::pin(is_free_sqlite(conn)))
        .connect_with(options.clone().optimize_on_close(true, 400))
        .await?;
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
