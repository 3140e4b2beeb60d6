//! Rows into a new database, table by table, to be taken up again where it broke off. References between rows are
//! checked once, at the end; until then a table says that the copy has not ended, and the service refuses the database.

use super::read::{Chunk, Sum, read_table, sum_of};
use super::schema::{Kind, MARKER, Table, has_table, is_marked, quoted, tables};
use super::value::{Row, Value};
use crate::store::open::is_missing;
use crate::store::{Conn, Result, Store, StoreError, Tx, insert_many, sql};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use uuid::Uuid;

/// Why a copy cannot be made here.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database has tables, and they are not of a copy that broke off.
    #[error("the database is not empty")]
    NotEmpty,
    /// A copy of something else broke off here.
    #[error("another copy broke off in this database: {0}")]
    Other(String),
    /// The rows are of another program: it has a table or column that this database has not.
    #[error("the database has no {0}")]
    NoPlace(String),
    /// A row names another one that is not there.
    #[error("rows of {0} name rows that are not there")]
    Dangling(String),
}

/// Whether a copy into this database broke off. A SQLite file is not made for the question.
pub async fn has_broken_off(url: &str) -> Result<bool> {
    if is_missing(url) {
        return Ok(false);
    }
    let store = Store::open_for_copy(url).await?;
    let mut tx = store.read().await?;
    let marked = is_marked(&mut tx).await;
    drop(tx);
    store.close().await;
    marked
}

/// A database being filled.
pub struct Copy {
    store: Store,
    tables: HashMap<String, Table>,
    done: HashMap<String, u64>,
}

impl Copy {
    /// Prepares an empty database as the migrations up to this number leave it, or goes on with a copy that broke off and
    /// was begun with the same `mark`, a text that names what is copied.
    pub async fn begin(url: &str, migration: i64, mark: &str) -> std::result::Result<Self, CopyError> {
        let store = Store::open_for_copy(url).await?;
        let mut tx = store.write().await?;
        if is_marked(&mut tx).await? {
            let known = find(&mut tx, "mark").await?.unwrap_or_default();
            if known != mark {
                return Err(CopyError::Other(known));
            }
        } else if has_any_table(&mut tx).await? {
            return Err(CopyError::NotEmpty);
        } else {
            let text = if tx.is_postgres() { "TEXT COLLATE \"C\"" } else { "TEXT" };
            run(&mut tx, &format!("CREATE TABLE {MARKER} (name {text} PRIMARY KEY, value {text} NOT NULL)")).await?;
            put(&mut tx, "mark", mark).await?;
        }
        tx.commit().await?;
        store.migrate_to(migration).await?;
        let mut tx = store.write().await?;
        let all = tables(&mut tx).await?;
        if find(&mut tx, "prepared").await?.is_none() {
            prepare(&mut tx, &all).await?;
        }
        let mut done = HashMap::new();
        for table in &all {
            if let Some(rows) = find(&mut tx, &format!("rows:{}", table.name)).await? {
                done.insert(table.name.clone(), rows.parse().unwrap_or_default());
            }
        }
        tx.commit().await?;
        Ok(Self { store, tables: all.into_iter().map(|table| (table.name.clone(), table)).collect(), done })
    }

    /// How many rows of a table are there already: the first ones, in the order of the key.
    pub fn done(&self, table: &str) -> u64 {
        self.done.get(table).copied().unwrap_or_default()
    }

    /// Writes rows with these columns, the next ones in the order of the key, in one transaction.
    pub async fn write(&mut self, table: &str, columns: &[String], rows: &[Row]) -> std::result::Result<(), CopyError> {
        let to = self.tables.get(table).ok_or_else(|| CopyError::NoPlace(table.to_owned()))?;
        let kinds: Vec<Kind> = columns
            .iter()
            .map(|name| {
                let column = to.columns.iter().find(|column| column.name == *name);
                column.map(|column| column.kind).ok_or_else(|| CopyError::NoPlace(format!("{table}.{name}")))
            })
            .collect::<std::result::Result<_, _>>()?;
        let done = self.done(table) + rows.len() as u64;
        let mut tx = self.store.write().await?;
        insert(&mut tx, to, columns, &kinds, rows).await?;
        put(&mut tx, &format!("rows:{table}"), &done.to_string()).await?;
        tx.commit().await?;
        self.done.insert(table.to_owned(), done);
        Ok(())
    }

    /// What a table holds now, read anew.
    pub async fn sum(&self, table: &str) -> std::result::Result<Sum, CopyError> {
        let table = self.tables.get(table).ok_or_else(|| CopyError::NoPlace(table.to_owned()))?;
        let mut tx = self.store.read().await?;
        let (to, mut chunks) = tokio::sync::mpsc::channel::<Chunk>(2);
        let read = async {
            let read = read_table(&mut tx, table, &to).await;
            drop(to);
            read
        };
        let gather = async {
            let mut parts = Vec::new();
            while let Some(chunk) = chunks.recv().await {
                parts.push((chunk.rows, chunk.sha256));
            }
            sum_of(parts.iter().map(|(rows, sha256)| (*rows, sha256)))
        };
        let (read, sum) = tokio::join!(read, gather);
        read?;
        Ok(sum)
    }

    /// Names of the tables.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// Puts back what was taken away for the copy (references, triggers), which checks every row, numbers new rows behind
    /// the copied ones, and takes the marker away: all in one transaction. `then` is run in it before.
    pub async fn finish(self, then: &[&str]) -> std::result::Result<(), CopyError> {
        let mut tx = self.store.write().await?;
        for text in then {
            run(&mut tx, text).await?;
        }
        for table in self.tables.values() {
            number_behind(&mut tx, table).await?;
        }
        put_back(&mut tx).await?;
        if let Some(table) = find_dangling(&mut tx).await? {
            return Err(CopyError::Dangling(table));
        }
        run(&mut tx, &format!("DROP TABLE {MARKER}")).await?;
        tx.commit().await?;
        self.store.close().await;
        Ok(())
    }

    /// Leaves the copy as far as it is, to be taken up again.
    pub async fn leave(self) {
        self.store.close().await;
    }
}

/// Empties what migrations wrote, and takes away what would act on single rows.
async fn prepare(tx: &mut Tx, all: &[Table]) -> Result<()> {
    const LITE: &str =
        "SELECT name AS name, tbl_name AS place, sql AS text FROM sqlite_master WHERE type = 'trigger' ORDER BY name";
    const PG: &str = "SELECT k.conname::text AS name, c.relname::text AS place, pg_get_constraintdef(k.oid) AS text
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
        WHERE k.contype = 'f' ORDER BY c.relname, k.conname";
    // No limit: some triggers and references.
    let taken = sql!(tx, sqlite: LITE, postgres: PG, [], fetch_all as (String, String, String))?;
    for (at, (name, place, text)) in taken.iter().enumerate() {
        let (name, place) = (quoted(name), quoted(place));
        let (away, later) = if tx.is_postgres() {
            let later = format!("ALTER TABLE {place} ADD CONSTRAINT {name} {text}");
            (format!("ALTER TABLE {place} DROP CONSTRAINT {name}"), later)
        } else {
            (format!("DROP TRIGGER {name}"), text.clone())
        };
        put(tx, &format!("sql:1{at:05}"), &later).await?;
        run(tx, &away).await?;
    }
    for (at, table) in all.iter().enumerate() {
        let name = quoted(&table.name);
        if tx.is_postgres() {
            run(tx, &format!("ALTER TABLE {name} DISABLE TRIGGER USER")).await?;
            put(tx, &format!("sql:2{at:05}"), &format!("ALTER TABLE {name} ENABLE TRIGGER USER")).await?;
        }
        run(tx, &format!("DELETE FROM {name}")).await?;
    }
    put(tx, "prepared", "yes").await
}

/// What [`prepare`] took away. PostgreSQL looks at every row when it takes a reference back.
async fn put_back(tx: &mut Tx) -> Result<()> {
    const LATER: &str = "SELECT value FROM copy_under_way WHERE name LIKE 'sql:%' ORDER BY name";
    // No limit: some references and triggers.
    for (text,) in sql!(tx, LATER, [], fetch_all as (String,))? {
        run(tx, &text).await?;
    }
    Ok(())
}

/// A table of SQLite with a row that names one that is not there.
async fn find_dangling(tx: &mut Tx) -> Result<Option<String>> {
    const LITE: &str = "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1";
    const PG: &str = "SELECT ''::text WHERE false";
    Ok(sql!(tx, sqlite: LITE, postgres: PG, [], fetch_optional as (String,))?.map(|(table,)| table))
}

async fn insert(tx: &mut Tx, table: &Table, columns: &[String], kinds: &[Kind], rows: &[Row]) -> Result<()> {
    let names: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
    let over = if tx.is_postgres() { " OVERRIDING SYSTEM VALUE" } else { "" };
    let into = format!("INSERT INTO {} ({}){over} ", quoted(&table.name), names.join(", "));
    insert_many!(tx, into.clone(), rows, |b, row| {
        for (value, kind) in row.iter().zip(kinds) {
            match (value, kind) {
                (Value::Whole(number), _) => b.push_bind(*number),
                (Value::Real(number), _) => b.push_bind(*number),
                (Value::Text(text), _) => b.push_bind(text.clone()),
                (Value::Bytes(bytes), Kind::Uuid) => b.push_bind(Uuid::from_slice(bytes).unwrap_or_default()),
                (Value::Bytes(bytes), _) => b.push_bind(bytes.clone()),
                (Value::Null, Kind::Whole) => b.push_bind(None::<i64>),
                (Value::Null, Kind::Real) => b.push_bind(None::<f64>),
                (Value::Null, Kind::Text) => b.push_bind(None::<String>),
                (Value::Null, Kind::Bytes) => b.push_bind(None::<Vec<u8>>),
                (Value::Null, Kind::Uuid) => b.push_bind(None::<Uuid>),
            };
        }
    });
    Ok(())
}

/// PostgreSQL numbers the next row behind the copied ones; SQLite does by itself.
async fn number_behind(tx: &mut Tx, table: &Table) -> Result<()> {
    let Some(column) = table.columns.iter().find(|column| column.is_numbered).filter(|_| tx.is_postgres()) else {
        return Ok(());
    };
    let text = format!(
        "SELECT setval(pg_get_serial_sequence('{}', '{}'), COALESCE(MAX({column}), 0) + 1, false) FROM {}",
        quoted(&table.name).replace('\'', "''"),
        column.name.replace('\'', "''"),
        quoted(&table.name),
        column = quoted(&column.name),
    );
    run(tx, &text).await
}

async fn has_any_table(tx: &mut Tx) -> Result<bool> {
    Ok(has_table(tx, "_sqlx_migrations").await? || !tables(tx).await?.is_empty())
}

async fn find(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    const FIND: &str = "SELECT value FROM copy_under_way WHERE name = $1";
    Ok(sql!(tx, FIND, [name], fetch_optional as (String,))?.map(|(value,)| value))
}

async fn put(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    const PUT: &str = "INSERT INTO copy_under_way (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    sql!(tx, PUT, [name, value], execute)?;
    Ok(())
}

/// A statement whose text is made of names that the database gave.
pub(super) async fn run(tx: &mut Tx, text: &str) -> Result<()> {
    let text = AssertSqlSafe(text.to_owned());
    let done = match tx.statement() {
        Ok(Conn::Sqlite(conn)) => sqlx::raw_sql(text).execute(&mut **conn).await.map(|_| ()),
        Ok(Conn::Postgres(conn)) => sqlx::raw_sql(text).execute(&mut **conn).await.map(|_| ()),
        Err(e) => Err(e),
    };
    Ok(tx.outcome(done)?)
}
