//! The rows of a table in the order of its key, in chunks whose bounds stay where they are when rows come, change or go.

use super::schema::{Kind, Table, quoted};
use super::value::{Row, Value, encode};
use crate::store::{Conn, Result, Tx};
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Row as _};
use tokio::sync::mpsc::Sender;
use uuid::Uuid;

/// A chunk ends behind a row whose key has a hash divisible by this: some 256 rows, whatever stands around them.
const ROWS: u64 = 256;
/// It ends as well once it has so many bytes: mails and outlines are long.
const BYTES: usize = 2 * 1024 * 1024;

/// Some rows, encoded one behind the other.
#[derive(Clone, Debug)]
pub struct Chunk {
    pub rows: u64,
    pub bytes: Vec<u8>,
    pub sha256: [u8; 32],
}

/// What a table holds: equal where all rows are, on either engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub rows: u64,
    /// SHA-256 of the hashes of its chunks, which follow from the rows alone.
    pub sha256: [u8; 32],
}

/// Reads a table in the view of this transaction and hands its chunks over; a receiver that is gone ends it early. Cost:
/// one scan by the primary key; memory of two chunks, besides those that wait to be received.
pub async fn read_table(tx: &mut Tx, table: &Table, to: &Sender<Chunk>) -> Result<()> {
    let key: Vec<String> = table.key.iter().map(|at| quoted(&table.columns[*at].name)).collect();
    let text = format!("SELECT {} FROM {} ORDER BY {}", table.column_list(), quoted(&table.name), key.join(", "));
    let mut cut = Cut::default();
    macro_rules! read {
        ($conn:expr) => {{
            let mut rows = sqlx::query(AssertSqlSafe(text)).fetch(&mut **$conn);
            loop {
                match rows.try_next().await {
                    Ok(Some(row)) => match values(table, |at, kind| value!(row, at, kind)) {
                        Ok(row) => {
                            if let Some(chunk) = cut.add(table, &row)
                                && to.send(chunk).await.is_err()
                            {
                                break Ok(());
                            }
                        }
                        Err(e) => break Err(e),
                    },
                    Ok(None) => break Ok(()),
                    Err(e) => break Err(e),
                }
            }
        }};
    }
    macro_rules! value {
        ($row:expr, $at:expr, $kind:expr) => {
            Ok(match $kind {
                Kind::Whole => $row.try_get::<Option<i64>, _>($at)?.map(Value::Whole),
                Kind::Real => $row.try_get::<Option<f64>, _>($at)?.map(Value::Real),
                Kind::Text => $row.try_get::<Option<String>, _>($at)?.map(Value::Text),
                Kind::Bytes => $row.try_get::<Option<Vec<u8>>, _>($at)?.map(Value::Bytes),
                Kind::Uuid => {
                    $row.try_get::<Option<Uuid>, _>($at)?.map(|id| Value::Bytes(id.as_u128().to_be_bytes().to_vec()))
                }
            }
            .unwrap_or(Value::Null))
        };
    }
    let read: std::result::Result<(), sqlx::Error> = match tx.statement() {
        Ok(Conn::Sqlite(conn)) => read!(conn),
        Ok(Conn::Postgres(conn)) => read!(conn),
        Err(e) => Err(e),
    };
    tx.outcome(read)?;
    if let Some(last) = cut.end() {
        // Whoever is gone has said why.
        let _ = to.send(last).await;
    }
    Ok(())
}

fn values(
    table: &Table,
    value: impl Fn(usize, Kind) -> std::result::Result<Value, sqlx::Error>,
) -> std::result::Result<Row, sqlx::Error> {
    table.columns.iter().enumerate().map(|(at, column)| value(at, column.kind)).collect()
}

/// The chunk that is being filled.
#[derive(Default)]
struct Cut {
    bytes: Vec<u8>,
    rows: u64,
}

impl Cut {
    fn add(&mut self, table: &Table, row: &Row) -> Option<Chunk> {
        encode(row, &mut self.bytes);
        self.rows += 1;
        let key: Row = table.key.iter().map(|at| row[*at].clone()).collect();
        let mut key_bytes = Vec::new();
        encode(&key, &mut key_bytes);
        let hash = Sha256::digest(&key_bytes);
        let number = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        if number.is_multiple_of(ROWS) || self.bytes.len() >= BYTES { self.end() } else { None }
    }

    fn end(&mut self) -> Option<Chunk> {
        if self.rows == 0 {
            return None;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let sha256 = Sha256::digest(&bytes).into();
        Some(Chunk { rows: std::mem::take(&mut self.rows), bytes, sha256 })
    }
}

/// The sum of a table whose chunks have these rows and hashes.
pub fn sum_of<'a>(chunks: impl Iterator<Item = (u64, &'a [u8; 32])>) -> Sum {
    let mut hash = Sha256::new();
    let mut rows = 0;
    for (count, sha256) in chunks {
        rows += count;
        hash.update(sha256);
    }
    Sum { rows, sha256: hash.finalize().into() }
}
