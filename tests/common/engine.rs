//! The two engines: a SQLite file of its own, or a database of its own on the PostgreSQL server that `make test` starts.

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, SqliteConnection};
use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use uuid::Uuid;

#[derive(Clone)]
pub enum Engine {
    Sqlite,
    Postgres {
        server: String,
        name: String,
        /// The tablespace of the same name, which is there for this database alone.
        has_tablespace: bool,
    },
}

/// An environment variable of the test run.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment what they may use")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Says aloud that something was not tested, also where the runner hides what passing tests print.
pub fn skipped(why: &str) {
    println!("skipped: {why}");
    if let Some(file) = variable("TAPAK_TEST_SKIPPED")
        && let Ok(mut file) = std::fs::File::options().append(true).create(true).open(file)
    {
        let _ = writeln!(file, "{why}");
    }
}

impl Engine {
    pub fn sqlite() -> Self {
        Self::Sqlite
    }

    /// A new database, empty; `None` (said aloud) where there is no server.
    pub async fn empty_postgres() -> Option<Self> {
        Self::new_postgres(None, None).await
    }

    /// A new database as the migrations leave it, which is copied faster than made; `None` (said aloud) where there is no server.
    pub async fn postgres() -> Option<Self> {
        Self::new_postgres(Some(sqlx::migrate!("migrations/postgres")), None).await
    }

    /// The same with its tables on this disk, which the server's user is given; `None` (said aloud) also where that cannot be.
    pub async fn postgres_on(disk: &Path) -> Option<Self> {
        Self::new_postgres(Some(sqlx::migrate!("migrations/postgres")), Some(disk)).await
    }

    async fn new_postgres(migrator: Option<Migrator>, disk: Option<&Path>) -> Option<Self> {
        let Some(server) = variable("TAPAK_TEST_POSTGRES") else {
            skipped("PostgreSQL: TAPAK_TEST_POSTGRES is not set");
            return None;
        };
        #[expect(clippy::disallowed_methods, reason = "each test has a database of its own")]
        let name = format!("tapak_{}", Uuid::now_v7().simple());
        let mut connection = PgConnection::connect(&server).await.unwrap();
        let from = match migrator {
            Some(migrator) => format!(" TEMPLATE {}", template(&server, &mut connection, &migrator).await),
            None => String::new(),
        };
        let on = match disk {
            Some(disk) => {
                make_tablespace(&mut connection, &name, disk).await?;
                format!(" TABLESPACE {name}")
            }
            None => String::new(),
        };
        execute(&mut connection, format!("CREATE DATABASE {name}{from}{on}")).await;
        Some(Self::Postgres { server, name, has_tablespace: disk.is_some() })
    }

    pub fn url(&self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}", folder.join("test.db").display()),
            Self::Postgres { server, name, .. } => database_url(server, name),
        }
    }

    /// Brings an empty database to where the migrations before this number leave it, and writes these rows into it, in any order.
    pub async fn fill_as_earlier(&self, folder: &Path, before: &str, rows: &str) {
        let url = self.url(folder);
        let engine = if matches!(self, Self::Sqlite) { "sqlite" } else { "postgres" };
        let earlier = migrations_before(engine, before);
        let migrator = Migrator::new(earlier.path()).await.unwrap();
        let rows = sqlx::raw_sql(sqlx::AssertSqlSafe(rows.to_owned()));
        match self {
            Self::Sqlite => {
                let options: SqliteConnectOptions = url.parse().unwrap();
                let options = options.create_if_missing(true).foreign_keys(false);
                let mut connection = options.connect().await.unwrap();
                migrator.run(&mut connection).await.unwrap();
                rows.execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            Self::Postgres { .. } => {
                let mut connection = PgConnection::connect(&url).await.unwrap();
                migrator.run(&mut connection).await.unwrap();
                execute(&mut connection, "SET session_replication_role = replica".to_owned()).await;
                rows.execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
        }
    }

    /// Writes to the database past the service, for what only an earlier version would have written.
    pub async fn execute(&self, folder: &Path, sql: &str) {
        self.try_execute(folder, sql).await.unwrap();
    }

    /// The same for what the database may refuse; several statements are a transaction on PostgreSQL.
    pub async fn try_execute(&self, folder: &Path, sql: &str) -> Result<(), sqlx::Error> {
        let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()));
        let url = self.url(folder);
        match self {
            Self::Sqlite => {
                let mut connection = SqliteConnection::connect(&url).await.unwrap();
                sql.execute(&mut connection).await.map(|_| ())
            }
            Self::Postgres { .. } => {
                let mut connection = PgConnection::connect(&url).await.unwrap();
                sql.execute(&mut connection).await.map(|_| ())
            }
        }
    }

    /// How many rows each table has, past the service.
    pub async fn counts(&self, folder: &Path) -> Vec<(String, i64)> {
        const LITE: &str =
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
        const PG: &str = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename";
        let url = self.url(folder);
        let count = |tables: Vec<(String,)>| {
            let one = |(name,): (String,)| format!("SELECT '{name}', (SELECT COUNT(*) FROM \"{name}\")");
            sqlx::AssertSqlSafe(tables.into_iter().map(one).collect::<Vec<_>>().join(" UNION ALL "))
        };
        match self {
            Self::Sqlite => {
                let mut connection = SqliteConnection::connect(&url).await.unwrap();
                let tables = sqlx::query_as(LITE).fetch_all(&mut connection).await.unwrap();
                sqlx::query_as(count(tables)).fetch_all(&mut connection).await.unwrap()
            }
            Self::Postgres { .. } => {
                let mut connection = PgConnection::connect(&url).await.unwrap();
                let tables = sqlx::query_as(PG).fetch_all(&mut connection).await.unwrap();
                sqlx::query_as(count(tables)).fetch_all(&mut connection).await.unwrap()
            }
        }
    }

    /// The ids in a table, past the service.
    pub async fn ids(&self, folder: &Path, table: &str) -> HashSet<Uuid> {
        let sql = sqlx::AssertSqlSafe(format!("SELECT id FROM {table}"));
        let url = self.url(folder);
        let rows: Vec<(Uuid,)> = match self {
            Self::Sqlite => {
                let mut connection = SqliteConnection::connect(&url).await.unwrap();
                sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap()
            }
            Self::Postgres { .. } => {
                let mut connection = PgConnection::connect(&url).await.unwrap();
                sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap()
            }
        };
        rows.into_iter().map(|(id,)| id).collect()
    }

    pub async fn drop_database(&self) {
        if let Self::Postgres { server, name, has_tablespace } = self {
            let mut connection = PgConnection::connect(server).await.unwrap();
            drop_when_possible(&mut connection, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            if *has_tablespace {
                drop_when_possible(&mut connection, format!("DROP TABLESPACE IF EXISTS {name}")).await;
            }
        }
    }
}

/// A folder with the migrations of an engine before this number.
fn migrations_before(engine: &str, number: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"))).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.as_str() < number {
            std::fs::copy(entry.path(), folder.path().join(name)).unwrap();
        }
    }
    folder
}

fn database_url(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, None), |(base, query)| (base, Some(query)));
    let (host, _) = base.rsplit_once('/').unwrap();
    query.map_or_else(|| format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
}

/// Dropping asks the server for a checkpoint, which it cannot make while the disk of another test is full.
async fn drop_when_possible(connection: &mut PgConnection, sql: String) {
    for _ in 0..300 {
        let refused = match sqlx::query(sqlx::AssertSqlSafe(sql.clone())).execute(&mut *connection).await {
            Ok(_) => return,
            Err(refused) => refused.to_string(),
        };
        assert!(refused.contains("checkpoint request failed"), "{sql}: {refused}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{sql}: the server makes no checkpoint");
}

async fn execute(connection: &mut PgConnection, sql: String) {
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

/// A tablespace on this disk; `None` (said aloud) where the server is not on this machine.
async fn make_tablespace(connection: &mut PgConnection, name: &str, disk: &Path) -> Option<()> {
    let (data,): (String,) = sqlx::query_as("SHOW data_directory").fetch_one(&mut *connection).await.unwrap();
    let given = Command::new("chown").arg(format!("--reference={data}")).arg(disk).output();
    if !given.is_ok_and(|answer| answer.status.success()) {
        skipped("a disk of its own for PostgreSQL: it cannot be given to the server's user");
        return None;
    }
    execute(connection, format!("CREATE TABLESPACE {name} LOCATION '{}'", disk.display())).await;
    Some(())
}

/// The database that others are copied from: made by the first test that asks, and known by its migrations. The server that
/// `make test` starts is thrown away with it; on one of one's own it stays.
async fn template(server: &str, connection: &mut PgConnection, migrator: &Migrator) -> String {
    const LOCK: i64 = 0x7461_7061_6bff;
    let checksums: Vec<u8> = migrator.iter().flat_map(|migration| migration.checksum.iter().copied()).collect();
    let name = format!("tapak_template_{}", &tapak::digest::sha256_hex(checksums)[..16]);
    execute(connection, format!("SELECT pg_advisory_lock({LOCK})")).await;
    let known: Option<(i32,)> = sqlx::query_as("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut *connection)
        .await
        .unwrap();
    if known.is_none() {
        // Whole before it has its name: whoever finds it there may copy it.
        execute(connection, format!("DROP DATABASE IF EXISTS {name}_new WITH (FORCE)")).await;
        execute(connection, format!("CREATE DATABASE {name}_new")).await;
        let mut new = PgConnection::connect(&database_url(server, &format!("{name}_new"))).await.unwrap();
        migrator.run(&mut new).await.unwrap();
        new.close().await.unwrap();
        execute(connection, format!("ALTER DATABASE {name}_new RENAME TO {name}")).await;
    }
    execute(connection, format!("SELECT pg_advisory_unlock({LOCK})")).await;
    name
}
