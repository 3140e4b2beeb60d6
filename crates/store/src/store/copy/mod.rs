//! All rows of a database, out and in, whatever its tables are: what backups, restores and moves between engines rest on.
//!
//! Tables, columns and keys are asked of the database, not listed here, so that a table of a later migration is never
//! forgotten. Rows are handed over in one form for both engines (`value.rs`), in the order of their keys, which is the
//! same on both (bytes; text is `COLLATE "C"`).

mod read;
mod schema;
mod value;
mod write;

pub use read::{Chunk, Sum, read_table, sum_of};
pub use schema::{Column, Kind, MARKER, Table, is_marked, latest, migration, tables};
pub use value::{Row, Value, decode, encode};
pub use write::{Copy, CopyError, has_broken_off};

use super::{Result, Store, Tx};

impl Store {
    /// A transaction in which nobody else can write, for as long as it is open: what is read in it stays as it is. On
    /// SQLite it is the one writer, on PostgreSQL every table is locked against writing.
    pub async fn hold_still(&self) -> Result<Tx> {
        let mut tx = self.write().await?;
        if tx.is_postgres() {
            for table in tables(&mut tx).await? {
                let lock = format!("LOCK TABLE {} IN SHARE MODE", schema::quoted(&table.name));
                write::run(&mut tx, &lock).await?;
            }
        }
        Ok(tx)
    }
}
