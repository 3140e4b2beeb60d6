//! The two engines: a SQLite file of its own, or a database of its own on the PostgreSQL server that `make test` starts.

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

    /// A new database; `None` (said aloud) where there is no server.
    pub async fn postgres() -> Option<Self> {
        let Some(server) = variable("TAPAK_TEST_POSTGRES") else {
            skipped("PostgreSQL: TAPAK_TEST_POSTGRES is not set");
            return None;
        };
        #[expect(clippy::disallowed_methods, reason = "each test has a database of its own")]
        let name = format!("tapak_{}", Uuid::now_v7().simple());
        let mut connection = PgConnection::connect(&server).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
        Some(Self::Postgres { server, name })
    }

    pub fn url(&self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}", folder.join("test.db").display()),
            Self::Postgres { server, name } => {
                let (base, query) =
                    server.split_once('?').map_or((server.as_str(), None), |(base, query)| (base, Some(query)));
                let (host, _) = base.rsplit_once('/').unwrap();
                query.map_or_else(|| format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
            }
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
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&mut connection).await.unwrap();
        }
    }
}
