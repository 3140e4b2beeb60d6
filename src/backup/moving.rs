//! Moves a database into another, of the other engine or the same: rows by the same form as backups, compared by hash at
//! the end. Photos stay where they are.

use super::{BackupError, Step};
use crate::store::copy::{Chunk, Copy, CopyError, Sum, Table, decode, migration, read_table, sum_of, tables};
use crate::store::{Store, Tx, process};
use tokio::sync::mpsc;

/// What was moved: each table with its rows.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    pub tables: Vec<(String, u64)>,
    pub rows: u64,
}

/// A database, and how it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Database<'a> {
    pub url: &'a str,
    pub shown: &'a str,
}

/// Copies every row of `from`, which nobody can write to meanwhile, into `to`, which is empty or of a move from there
/// that broke off. `Running` where a service has `from` open. Cost: all rows are read once and written once, and read
/// back. Memory: some chunks.
pub async fn move_database(from: Database<'_>, to: Database<'_>, step: Step<'_>) -> Result<Moved, BackupError> {
    let source = Store::open_as_it_is(from.url).await?;
    if process::is_any_alive(&source).await? {
        return Err(BackupError::Running(from.shown.to_owned()));
    }
    let mut view = source.hold_still().await?;
    let migration = migration(&mut view).await?;
    if migration > crate::store::copy::latest() {
        return Err(BackupError::Later(None));
    }
    let tables = tables(&mut view).await?;
    let named = |e: CopyError| match e {
        CopyError::NotEmpty => BackupError::NotEmpty(to.shown.to_owned()),
        CopyError::Other(_) => BackupError::OtherCopy(to.shown.to_owned()),
        other => other.into(),
    };
    let mark = format!("move from {}", from.shown);
    let mut copy = Copy::begin(to.url, migration, &mark).await.map_err(named)?;
    let moved = move_tables(&mut view, &tables, &mut copy, step).await;
    let moved = match moved {
        Ok(moved) => moved,
        Err(e) => {
            copy.leave().await;
            return Err(e);
        }
    };
    copy.finish(&[]).await?;
    drop(view);
    source.close().await;
    Store::open(to.url).await?.close().await;
    Ok(moved)
}

async fn move_tables(view: &mut Tx, tables: &[Table], copy: &mut Copy, step: Step<'_>) -> Result<Moved, BackupError> {
    let mut sums: Vec<(String, Sum)> = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let (to, chunks) = mpsc::channel::<Chunk>(2);
        let reading = async {
            let read = read_table(view, table, &to).await;
            drop(to);
            read
        };
        let (read, written) = tokio::join!(reading, write(table, chunks, copy));
        let sum = written?;
        read?;
        sums.push((table.name.clone(), sum));
        step(at as u64 + 1, tables.len() as u64);
    }
    for (table, sum) in &sums {
        if copy.sum(table).await? != *sum {
            return Err(BackupError::Differs(table.clone()));
        }
    }
    let rows = sums.iter().map(|(_, sum)| sum.rows).sum();
    Ok(Moved { tables: sums.into_iter().map(|(table, sum)| (table, sum.rows)).collect(), rows })
}

/// Writes what is not there yet of a table, and sums all of it up.
async fn write(table: &Table, mut chunks: mpsc::Receiver<Chunk>, copy: &mut Copy) -> Result<Sum, BackupError> {
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let there = copy.done(&table.name);
    let (mut behind, mut parts) = (0, Vec::new());
    while let Some(chunk) = chunks.recv().await {
        let before = behind;
        behind += chunk.rows;
        parts.push((chunk.rows, chunk.sha256));
        if behind <= there {
            continue;
        }
        // What was copied before it broke off is not what is there now.
        if before < there {
            return Err(BackupError::Differs(table.name.clone()));
        }
        let rows = decode(&chunk.bytes).ok_or_else(|| BackupError::Differs(table.name.clone()))?;
        copy.write(&table.name, &columns, &rows).await?;
    }
    Ok(sum_of(parts.iter().map(|(rows, sha256)| (*rows, sha256))))
}
