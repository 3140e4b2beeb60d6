//! Which tables there are, with their columns and keys, and of which migration.

use crate::store::{Result, StoreError, Tx, migrations, sql};
use std::collections::BTreeMap;

/// The table that says that a copy into this database has not ended; no part of the data.
pub const MARKER: &str = "copy_under_way";

/// How a column is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Whole,
    Real,
    Text,
    Bytes,
    /// 16 bytes; PostgreSQL has a type for it.
    Uuid,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    /// PostgreSQL numbers its rows.
    pub is_numbered: bool,
}

/// A table with its columns by name, so that their order is the same in every database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The positions in `columns` of the primary key's, in the order of the key; of all columns where there is no key.
    pub key: Vec<usize>,
}

impl Table {
    /// Names of the columns between commas, quoted.
    pub(super) fn column_list(&self) -> String {
        self.columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ")
    }
}

#[derive(sqlx::FromRow)]
struct ColumnRow {
    table_name: String,
    column_name: String,
    type_name: String,
    /// Place in the primary key, from 1; 0 if it is no part of it.
    key_place: i64,
    numbered: i64,
}

/// Every table of the data, by name: all but those of the engine, of the migrations and the marker of a copy.
/// No limit: a schema has some tens.
pub async fn tables(tx: &mut Tx) -> Result<Vec<Table>> {
    const LITE: &str =
        "SELECT m.name AS table_name, c.name AS column_name, c.type AS type_name, c.pk AS key_place, 0 AS numbered
        FROM sqlite_master m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.name";
    const PG: &str =
        "SELECT c.relname::text AS table_name, a.attname::text AS column_name, t.typname::text AS type_name,
            COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint AS key_place,
            (CASE WHEN a.attidentity <> '' THEN 1 ELSE 0 END)::bigint AS numbered
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
        WHERE c.relkind = 'r' ORDER BY 1, 2";
    let rows = sql!(tx, sqlite: LITE, postgres: PG, [], fetch_all as ColumnRow)?;
    let mut tables: BTreeMap<String, Vec<ColumnRow>> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| row.table_name != MARKER && !row.table_name.starts_with("_sqlx")) {
        tables.entry(row.table_name.clone()).or_default().push(row);
    }
    tables.into_iter().map(|(name, columns)| table(name, columns)).collect()
}

fn table(name: String, mut columns: Vec<ColumnRow>) -> Result<Table> {
    columns.sort_by(|a, b| a.column_name.cmp(&b.column_name));
    let mut key: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].key_place > 0).collect();
    key.sort_by_key(|at| columns[*at].key_place);
    if key.is_empty() {
        key = (0..columns.len()).collect();
    }
    let columns = columns.into_iter().map(|row| {
        let kind = match row.type_name.to_ascii_lowercase().as_str() {
            "integer" | "int8" => Kind::Whole,
            "real" | "float8" => Kind::Real,
            "text" => Kind::Text,
            "blob" | "bytea" => Kind::Bytes,
            "uuid" => Kind::Uuid,
            other => {
                let column = format!("{}.{}", row.table_name, row.column_name);
                return Err(StoreError::UnknownType { column, kind: other.to_owned() });
            }
        };
        Ok(Column { name: row.column_name, kind, is_numbered: row.numbered != 0 })
    });
    Ok(Table { columns: columns.collect::<Result<_>>()?, name, key })
}

/// The number of the last migration of this database; 0 if there is none.
pub async fn migration(tx: &mut Tx) -> Result<i64> {
    if !has_table(tx, "_sqlx_migrations").await? {
        return Ok(0);
    }
    const LAST: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success";
    Ok(sql!(tx, LAST, [], fetch_one as (i64,))?.0)
}

/// The number of the last migration that this program knows.
pub fn latest() -> i64 {
    migrations::SQLITE.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Whether a copy into this database has not ended.
pub async fn is_marked(tx: &mut Tx) -> Result<bool> {
    has_table(tx, MARKER).await
}

pub(super) async fn has_table(tx: &mut Tx, name: &str) -> Result<bool> {
    const LITE: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1";
    const PG: &str = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1";
    Ok(sql!(tx, sqlite: LITE, postgres: PG, [name], fetch_one as (i64,))?.0 > 0)
}

/// A name as it stands in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
