//! This process as others see it: it lives while it holds a lock that ends with it, however it ends. Leases carry its
//! name, so that what it had in hand goes on at once when it is no more.

use super::open::{MigrationLock, beside};
use super::{Pools, Result, Store, StoreError};
use sqlx::{Connection, PgConnection};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use tokio::sync::Mutex;
use uuid::Uuid;

/// The lock of this process, held until it is dropped.
pub struct Process {
    id: Uuid,
    hold: Hold,
}

enum Hold {
    /// A file beside the database, locked by the operating system.
    #[expect(dead_code, reason = "the lock on the file is held as long as it is open")]
    File(File, PathBuf),
    /// A session that holds an advisory lock. Not of the pool: there a session may be closed.
    Postgres(Mutex<Option<PgConnection>>),
}

impl Process {
    /// Begins to live under this name.
    pub async fn begin(store: &Store, id: Uuid) -> Result<Self> {
        let hold = match &store.pools {
            Pools::Sqlite { file, .. } => {
                // Whoever sweeps takes the same lock, so nobody takes the file away between its making and its locking.
                let _alone = MigrationLock::acquire(file).await?;
                sweep(file);
                let path = lock_file(file, id);
                let held = File::options().create(true).truncate(false).write(true).open(&path);
                let held = held.and_then(|held| held.lock().map(|()| held));
                Hold::File(held.map_err(|e| StoreError::Lock(path.clone(), e))?, path)
            }
            Pools::Postgres(_) => Hold::Postgres(Mutex::new(None)),
        };
        let process = Self { id, hold };
        process.hold_on(store).await?;
        Ok(process)
    }

    pub const fn id(&self) -> Uuid {
        self.id
    }

    /// Takes the lock again where the server of the database ended the session that held it. A lock on a file stays.
    pub async fn hold_on(&self, store: &Store) -> Result<()> {
        let (Hold::Postgres(session), Pools::Postgres(pool)) = (&self.hold, &store.pools) else { return Ok(()) };
        let mut session = session.lock().await;
        if let Some(held) = session.as_mut()
            && held.ping().await.is_ok()
        {
            return Ok(());
        }
        *session = None;
        let mut new = PgConnection::connect_with(&pool.connect_options()).await?;
        sqlx::query("SELECT pg_advisory_lock($1)").bind(lock_number(self.id)).execute(&mut new).await?;
        *session = Some(new);
        Ok(())
    }

    /// Ends under this name: others need not wait to notice.
    pub async fn end(&self) {
        match &self.hold {
            Hold::File(_, path) => drop(std::fs::remove_file(path)),
            Hold::Postgres(session) => {
                if let Some(session) = session.lock().await.take() {
                    drop(session.close().await);
                }
            }
        }
    }
}

/// Whether the process of this name is no more.
pub async fn is_dead(store: &Store, id: Uuid) -> Result<bool> {
    match &store.pools {
        Pools::Sqlite { file, .. } => Ok(is_free(&lock_file(file, id))),
        Pools::Postgres(pool) => {
            // Held for this one statement.
            let (free,): (bool,) =
                sqlx::query_as("SELECT pg_try_advisory_xact_lock($1)").bind(lock_number(id)).fetch_one(pool).await?;
            Ok(free)
        }
    }
}

/// Whether any process that serves this database lives, or a verb that has it open. On PostgreSQL whoever holds a lock of
/// one number is taken for one.
pub async fn is_any_alive(store: &Store) -> Result<bool> {
    match &store.pools {
        Pools::Sqlite { file, .. } => Ok(lock_files(file).iter().any(|path| !is_free(path))),
        Pools::Postgres(pool) => {
            const HELD: &str = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
                AND pid <> pg_backend_pid() AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            let (held,): (i64,) = sqlx::query_as(HELD).fetch_one(pool).await?;
            Ok(held > 0)
        }
    }
}

fn lock_file(database: &Path, id: Uuid) -> PathBuf {
    beside(database, &format!(".process-{id}.lock"))
}

/// The random half of the name.
fn lock_number(id: Uuid) -> i64 {
    let bytes = id.as_u128().to_le_bytes();
    i64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]])
}

/// Whether nobody holds a lock on this file. One that cannot be looked at counts as held: its leases end by themselves.
fn is_free(path: &Path) -> bool {
    match File::options().write(true).open(path) {
        Ok(file) => match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
        },
        Err(e) => e.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Takes away the files of processes that are no more.
fn sweep(database: &Path) {
    for path in lock_files(database) {
        if is_free(&path) {
            drop(std::fs::remove_file(path));
        }
    }
}

/// The files of all processes.
fn lock_files(database: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (database.parent(), database.file_name()) else { return Vec::new() };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let prefix = format!("{}.process-", name.to_string_lossy());
    let is_ours = |entry: &std::fs::DirEntry| {
        entry.file_name().to_str().is_some_and(|name| name.starts_with(&prefix) && name.ends_with(".lock"))
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(is_ours).map(|entry| entry.path()).collect()
}
