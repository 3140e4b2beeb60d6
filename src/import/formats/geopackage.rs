//! GeoPackage (OGC 12-128): one layer feature by feature, through the SQLite that the store links.
//!
//! SQLite is queried asynchronously, but readers are iterators: a thread queries and passes features through a short
//! queue, so that memory is bounded whatever the file. The file is opened as immutable.

use super::feature::RawFeature;
use super::gpkg_feature::feature;
use super::gpkg_layers::{Layer, Layers, choose};
use super::input::{Input, Progress};
use crate::import::crs::Stated;
use crate::import::error::ImportError;
use crate::import::rows::columns::Columns;
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
    /// The coordinate system of the layer.
    pub stated: Option<Stated>,
    /// The columns of the layer except its geometry.
    pub columns: Vec<String>,
}

impl GeoPackage {
    /// Opens the layer of this name, or the only one with a title column.
    pub fn open(
        input: &Input,
        layer: Option<&str>,
        columns: &Columns,
        progress: &Progress,
    ) -> Result<Self, ImportError> {
        if let Some(path) = input.as_path() {
            refuse_unfinished(input, path)?;
        }
        let (features, queue) = sync_channel(QUEUE);
        let (opened, opening) = sync_channel(1);
        let reader = Reader {
            input: input.clone(),
            layer: layer.map(str::to_owned),
            columns: columns.clone(),
            progress: progress.clone(),
        };
        let thread = std::thread::Builder::new().name("geopackage".to_owned());
        thread.spawn(move || reader.run(&opened, &features)).map_err(|cause| input.unreadable(cause))?;
        let gone = || input.unreadable(std::io::Error::other("its reader ended"));
        let layer: Layer = opening.recv().map_err(|_| gone())??;
        Ok(Self { queue, stated: layer.stated, columns: layer.columns })
    }
}

impl Iterator for GeoPackage {
    type Item = Result<RawFeature, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.queue.recv().ok()
    }
}

/// The parameters of the thread.
struct Reader {
    input: Input,
    layer: Option<String>,
    columns: Columns,
    progress: Progress,
}

impl Reader {
    /// Sends the layer, then its features; ends early if the receiver is gone.
    fn run(
        self,
        opened: &SyncSender<Result<Layer, ImportError>>,
        features: &SyncSender<Result<RawFeature, ImportError>>,
    ) {
        let runtime = match tokio::runtime::Builder::new_current_thread().build() {
            Ok(runtime) => runtime,
            Err(cause) => return drop(opened.send(Err(self.input.unreadable(cause)))),
        };
        runtime.block_on(async {
            let mut connection = match self.connect().await {
                Ok(connection) => connection,
                Err(e) => return drop(opened.send(Err(self.wrong(&e)))),
            };
            let layer = match self.layer(&mut connection).await {
                Ok(layer) => layer,
                Err(e) => return drop(opened.send(Err(e))),
            };
            if opened.send(Ok(layer.clone())).is_ok()
                && let Err(e) = self.send_features(&mut connection, &layer, features).await
            {
                drop(features.send(Err(self.wrong(&e))));
            }
            drop(connection.close().await);
        });
    }

    /// A foreign database: nothing is written, and no function of its schema is trusted.
    async fn connect(&self) -> sqlx::Result<SqliteConnection> {
        let options = SqliteConnectOptions::new().disable_statement_logging();
        let mut connection = match self.input.as_path() {
            Some(path) => options.filename(path).read_only(true).immutable(true).connect().await?,
            None => {
                let mut connection = options.in_memory(true).connect().await?;
                let bytes = self.input.as_bytes().unwrap_or_default();
                let owned = sqlx::sqlite::SqliteOwnedBuf::try_from(bytes)?;
                connection.deserialize(None, owned, true).await?;
                connection
            }
        };
        sqlx::query("PRAGMA trusted_schema = OFF").execute(&mut connection).await?;
        Ok(connection)
    }

    async fn layer(&self, connection: &mut SqliteConnection) -> Result<Layer, ImportError> {
        let layers = Layers::load(connection).await.map_err(|e| self.wrong(&e))?;
        choose(self.input.name(), layers, self.layer.as_deref(), &self.columns)
    }

    async fn send_features(
        &self,
        connection: &mut SqliteConnection,
        layer: &Layer,
        features: &SyncSender<Result<RawFeature, ImportError>>,
    ) -> sqlx::Result<()> {
        let sql = AssertSqlSafe(format!("SELECT * FROM \"{}\"", layer.table.replace('"', "\"\"")));
        let mut rows = sqlx::query(sql).fetch(connection);
        let mut number = 0;
        while let Some(row) = rows.try_next().await? {
            number += 1;
            let (feature, bytes) = feature(number, &row, layer);
            self.progress.add(bytes);
            if features.send(Ok(feature)).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn wrong(&self, e: &sqlx::Error) -> ImportError {
        let reason = match e {
            sqlx::Error::Database(e) => e.message().to_owned(),
            other => other.to_string(),
        };
        ImportError::NotGeoPackage { file: self.input.name().to_owned(), reason }
    }
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
