//! GeoPackage (OGC 12-128): one layer feature by feature, through the SQLite that the store links.
//!
//! SQLite is queried asynchronously, but readers are iterators: a thread queries and passes features through a short
//! queue, so that memory is bounded whatever the file. The file is opened as immutable.

use super::feature::RawFeature;
use super::gpkg_feature::feature;
use super::gpkg_layers::{self, Layer};
use super::input::{Input, Progress};
use crate::import::error::ImportError;
use futures_util::TryStreamExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Maximum number of queued features.
const QUEUE: usize = 64;

/// The features of one layer. Ends after an error.
pub struct GeoPackage {
    queue: Receiver<Result<RawFeature, ImportError>>,
    pub layer: Layer,
}

impl GeoPackage {
    /// The layers of a file, at least one.
    pub fn layers(input: &Input) -> Result<Vec<Layer>, ImportError> {
        if let Some(path) = input.as_path() {
            refuse_unfinished(input, path)?;
        }
        let (found, layers) = sync_channel(1);
        on_a_thread(input, move |input| async move { drop(found.send(load_layers(&input).await)) })?;
        layers.recv().map_err(|_| reader_ended(input))?
    }

    /// Opens one of the file's layers.
    pub fn open(input: &Input, layer: Layer, progress: &Progress) -> Result<Self, ImportError> {
        let (features, queue) = sync_channel(QUEUE);
        let (its_layer, progress) = (layer.clone(), progress.clone());
        on_a_thread(input, move |input| async move {
            if let Err(e) = send_features(&input, &its_layer, &progress, &features).await {
                drop(features.send(Err(not_readable(&input, &e))));
            }
        })?;
        Ok(Self { queue, layer })
    }
}

impl Iterator for GeoPackage {
    type Item = Result<RawFeature, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.queue.recv().ok()
    }
}

/// A thread that runs one task: the caller's may belong to another runtime, which must not be blocked.
fn on_a_thread<F: Future<Output = ()>>(
    input: &Input,
    task: impl FnOnce(Input) -> F + Send + 'static,
) -> Result<(), ImportError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|cause| input.unreadable(cause))?;
    let (thread, given) = (std::thread::Builder::new().name("geopackage".to_owned()), input.clone());
    thread.spawn(move || runtime.block_on(task(given))).map_err(|cause| input.unreadable(cause))?;
    Ok(())
}

fn reader_ended(input: &Input) -> ImportError {
    input.unreadable(std::io::Error::other("its reader ended"))
}

async fn load_layers(input: &Input) -> Result<Vec<Layer>, ImportError> {
    let load = async {
        let mut connection = connect(input).await?;
        let layers = gpkg_layers::load(&mut connection).await?;
        connection.close().await?;
        Ok::<_, sqlx::Error>(layers)
    };
    let layers = load.await.map_err(|e| not_readable(input, &e))?;
    if layers.is_empty() {
        let reason = "no table of it holds features".to_owned();
        return Err(ImportError::NotGeoPackage { file: input.name().to_owned(), reason });
    }
    Ok(layers)
}

/// A foreign database: nothing is written, and no function of its schema is trusted.
async fn connect(input: &Input) -> sqlx::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().disable_statement_logging();
    let mut connection = match input.as_path() {
        Some(path) => options.filename(path).read_only(true).immutable(true).connect().await?,
        None => {
            let mut connection = options.in_memory(true).connect().await?;
            let bytes = input.as_bytes().unwrap_or_default();
            let owned = sqlx::sqlite::SqliteOwnedBuf::try_from(bytes)?;
            connection.deserialize(None, owned, true).await?;
            connection
        }
    };
    sqlx::query("PRAGMA trusted_schema = OFF").execute(&mut connection).await?;
    Ok(connection)
}

/// Ends early if the receiver is gone.
async fn send_features(
    input: &Input,
    layer: &Layer,
    progress: &Progress,
    features: &SyncSender<Result<RawFeature, ImportError>>,
) -> sqlx::Result<()> {
    let mut connection = connect(input).await?;
    let sql = AssertSqlSafe(format!("SELECT * FROM \"{}\"", layer.table.replace('"', "\"\"")));
    let mut rows = sqlx::query(sql).fetch(&mut connection);
    let mut number = 0;
    while let Some(row) = rows.try_next().await? {
        number += 1;
        let (feature, bytes) = feature(number, &row, layer);
        progress.add(bytes);
        if features.send(Ok(feature)).is_err() {
            break;
        }
    }
    drop(rows);
    connection.close().await
}

fn not_readable(input: &Input, e: &sqlx::Error) -> ImportError {
    let reason = match e {
        sqlx::Error::Database(e) => e.message().to_owned(),
        other => other.to_string(),
    };
    ImportError::NotGeoPackage { file: input.name().to_owned(), reason }
}

/// If another program has the file open, or was killed while writing, part of its content is in other files.
pub(super) fn refuse_unfinished(input: &Input, path: &Path) -> Result<(), ImportError> {
    for ending in ["-wal", "-journal"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        if Path::new(&beside).metadata().is_ok_and(|found| found.len() > 0) {
            let reason =
                format!("{} stands beside it: close it in the program that has it open", Path::new(&beside).display());
            return Err(ImportError::NotGeoPackage { file: input.name().to_owned(), reason });
        }
    }
    Ok(())
}
