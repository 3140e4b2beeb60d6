//! The two engines: a SQLite file of its own, or a database of its own on the PostgreSQL server that `make test` starts.

use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::io::Write;
use std::path::Path;
use uuid::Uuid;

pub enum Engine {
    Sqlite,
    Postgres { server: String, name: String },
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
        Self::new_postgres(None).await
    }

    /// A new database as the migrations leave it, which is copied faster than made; `None` (said aloud) where there is no server.
    pub async fn postgres() -> Option<Self> {
        Self::new_postgres(Some(sqlx::migrate!("migrations/postgres"))).await
    }

    async fn new_postgres(migrator: Option<Migrator>) -> Option<Self> {
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
        execute(&mut connection, format!("CREATE DATABASE {name}{from}")).await;
        Some(Self::Postgres { server, name })
    }

    pub fn url(&self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}", folder.join("test.db").display()),
            Self::Postgres { server, name } => database_url(server, name),
        }
    }

    /// Writes to the database past the service, for what only an earlier version would have written.
    pub async fn execute(&self, folder: &Path, sql: &str) {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        let url = self.url(folder);
        match self {
            Self::Sqlite => {
                let mut connection = SqliteConnection::connect(&url).await.unwrap();
                sqlx::query(sql).execute(&mut connection).await.unwrap();
            }
            Self::Postgres { .. } => {
                let mut connection = PgConnection::connect(&url).await.unwrap();
                sqlx::query(sql).execute(&mut connection).await.unwrap();
            }
        }
    }

    pub async fn drop_database(&self) {
        if let Self::Postgres { server, name } = self {
            let mut connection = PgConnection::connect(server).await.unwrap();
            execute(&mut connection, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

fn database_url(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, None), |(base, query)| (base, Some(query)));
    let (host, _) = base.rsplit_once('/').unwrap();
    query.map_or_else(|| format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
}

async fn execute(connection: &mut PgConnection, sql: String) {
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(connection).await.unwrap();
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
