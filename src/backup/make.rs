//! Makes a backup while the service runs: first every row of one view of the database, then the photos that this view
//! names. Files are never changed, only added, so that nothing acknowledged before the backup began is missing.

use super::known::Known;
use super::lock::Lock;
use super::manifest::{self, ChunkPart, Contents, FilePart, Piece, TablePart, UploadPart, piece_path};
use super::seal::{Hash, Recipients, Seal};
use super::{BackupError, Step, Target};
use crate::accounts::token::make_token;
use crate::clock::Clock;
use crate::photos::PhotoError;
use crate::photos::keep::PhotoStore;
use crate::store::backups::{self, Outcome};
use crate::store::copy::{self, Chunk, read_table, sum_of};
use crate::store::{Store, Tx, changes, photos, uploads};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Chunks and files under way at once: each is in memory as a whole.
const CHUNKS: usize = 4;
const FILES_AT_ONCE: usize = 2;
/// Rows of a list of files read at once.
const PAGE: i64 = 1_000;

/// What is backed up.
#[derive(Clone)]
pub struct Source {
    pub store: Store,
    pub photos: PhotoStore,
    pub clock: Clock,
}

/// What a backup holds, and what it took.
#[derive(Clone, Debug, Default)]
pub struct Made {
    pub name: String,
    pub rows: u64,
    pub photos: u64,
    /// Photos that were lost or damaged before.
    pub lost: Vec<String>,
    /// Bytes of the whole set as it is kept, and those that were sent.
    pub bytes: u64,
    pub sent_bytes: u64,
    /// Number of the last entry of the change log in it.
    pub last_change: i64,
}

/// Makes a backup; one that breaks off leaves pieces that the next one uses, and no backup. What became of it is kept in
/// the database. Cost: every row is read and hashed; what is not there yet is packed and sent. Memory: some 100 bytes a
/// photo, and the files under way.
pub async fn make(
    source: &Source,
    target: &Target,
    recipients: &Recipients,
    step: Step<'_>,
) -> Result<Made, BackupError> {
    let id = source.clock.id();
    let lock = Lock::take(target, &id.to_string()).await?;
    let (migration, name_key) = begin(source, target, recipients, id).await?;
    let seal = Arc::new(Seal::new(recipients.clone(), name_key));
    let made = make_locked(source, target, &seal, &lock, name_key, step).await;
    lock.release().await;
    if migration >= backups::SINCE {
        note(source, id, &made).await;
    }
    made
}

/// Writes that it begins, and finds the key of names. A database that cannot be written to can be backed up all the same.
async fn begin(
    source: &Source,
    target: &Target,
    recipients: &Recipients,
    id: Uuid,
) -> Result<(i64, Hash), BackupError> {
    let mut tx = source.store.read().await?;
    let migration = copy::migration(&mut tx).await?;
    drop(tx);
    let mut key = make_token();
    if migration >= backups::SINCE {
        let written = async {
            let mut tx = source.store.write().await?;
            backups::begin(&mut tx, id, target.shown(), source.clock.now()).await?;
            if !recipients.is_empty() {
                key = backups::name_key(&mut tx, &key).await?;
            }
            tx.commit().await
        };
        if let Err(e) = written.await {
            tracing::warn!("that a backup begins cannot be written down: {e}");
        }
    }
    let mut bytes = Hash::default();
    hex::decode_to_slice(&key, &mut bytes).map_err(|e| target.failed(&e))?;
    Ok((migration, bytes))
}

async fn note(source: &Source, id: Uuid, made: &Result<Made, BackupError>) {
    let error = made.as_ref().err().map(ToString::to_string);
    let outcome = match made {
        Ok(made) => Outcome {
            error: None,
            bytes: made.bytes,
            sent_bytes: made.sent_bytes,
            photos: made.photos,
            lost_photos: made.lost.len() as u64,
        },
        Err(_) => Outcome { error: error.as_deref(), ..Outcome::default() },
    };
    let written = async {
        let mut tx = source.store.write().await?;
        backups::end(&mut tx, id, outcome, source.clock.now()).await?;
        tx.commit().await
    };
    if let Err(e) = written.await {
        tracing::warn!("what became of a backup cannot be written down: {e}");
    }
}

async fn make_locked(
    source: &Source,
    target: &Target,
    seal: &Arc<Seal>,
    lock: &Lock,
    name_key: Hash,
    step: Step<'_>,
) -> Result<Made, BackupError> {
    let work = Work { target, seal, known: Known::look(target).await?, step };
    let at = source.clock.now();
    let mut sent = Sent::default();
    let mut view = source.store.read().await?;
    let last_change = changes::last_seq(&mut view).await?;
    let migration = copy::migration(&mut view).await?;
    let files = list_files(&mut view).await?;
    sent.all = files.iter().map(|file| file.bytes).sum();
    // First of all: they are removed when they are stored or left.
    let uploads = work.uploads(source, &mut view, &mut sent).await?;
    let mut tables = Vec::new();
    for table in copy::tables(&mut view).await? {
        tables.push(work.table(&mut view, &table, &mut sent).await?);
    }
    drop(view);
    let (photos, lost) = work.photos(source, files, &mut sent).await?;
    let engine = if source.store.is_postgres() { "postgres" } else { "sqlite" }.to_owned();
    let contents = Contents { migration, engine, last_change, name_key, tables, photos, uploads, lost };
    lock.hold_on().await?;
    let pieces: Vec<Piece> = sent.pieces.into_iter().collect();
    let of_pieces: u64 = pieces.iter().map(|piece| piece.size).sum();
    let program = env!("CARGO_PKG_VERSION");
    let (listed, list_bytes) = manifest::write(target, seal, at, program, &contents, pieces).await?;
    Ok(Made {
        name: listed.name,
        rows: contents.rows(),
        photos: contents.photos.len() as u64,
        lost: contents.lost.iter().map(hex::encode).collect(),
        bytes: of_pieces + list_bytes,
        sent_bytes: sent.bytes + list_bytes,
        last_change,
    })
}

/// What was sent so far.
#[derive(Default)]
struct Sent {
    pieces: HashSet<Piece>,
    bytes: u64,
    done: u64,
    all: u64,
}

impl Sent {
    fn add(&mut self, piece: Piece, is_new: bool, content: u64, step: Step<'_>) {
        // The same content twice is one piece.
        let size = piece.size;
        if self.pieces.insert(piece) && is_new {
            self.bytes += size;
        }
        self.done += content;
        step(self.done, self.all.max(self.done));
    }
}

struct Work<'a> {
    target: &'a Target,
    seal: &'a Arc<Seal>,
    known: Known,
    step: Step<'a>,
}

impl Work<'_> {
    async fn table(&self, view: &mut Tx, table: &copy::Table, sent: &mut Sent) -> Result<TablePart, BackupError> {
        let (to, chunks) = mpsc::channel::<Chunk>(CHUNKS);
        let reading = async {
            let read = read_table(view, table, &to).await;
            drop(to);
            read
        };
        let chunks = stream::unfold(chunks, |mut chunks| async { chunks.recv().await.map(|chunk| (chunk, chunks)) });
        let sending = chunks
            .map(|chunk| {
                let part =
                    ChunkPart { rows: chunk.rows, bytes: chunk.bytes.len() as u64, sha256: chunk.sha256 };
                let name = self.seal.name(&chunk.sha256);
                let known = self.known.rows(&piece_path(true, &name));
                let (target, seal) = (self.target.clone(), Arc::clone(self.seal));
                async move {
                    let size = match known {
                        Some(size) => size,
                        None => {
                            let sealed = aside(&target, move || seal.rows(&chunk.bytes)).await?;
                            let size = sealed.len() as u64;
                            target.put(&piece_path(true, &name), sealed).await?;
                            size
                        }
                    };
                    Ok::<_, BackupError>((part, Piece { is_rows: true, name, size }, known.is_none()))
                }
            })
            .buffered(CHUNKS)
            .try_collect::<Vec<_>>();
        let (read, written) = tokio::join!(reading, sending);
        let written = written?;
        read?;
        let mut chunks = Vec::with_capacity(written.len());
        for (part, piece, is_new) in written {
            sent.all += part.bytes;
            sent.add(piece, is_new, part.bytes, self.step);
            chunks.push(part);
        }
        let sum = sum_of(chunks.iter().map(|chunk| (chunk.rows, &chunk.sha256)));
        let columns = table.columns.iter().map(|column| column.name.clone()).collect();
        Ok(TablePart { name: table.name.clone(), columns, rows: sum.rows, sha256: sum.sha256, chunks })
    }

    /// The photos that are there, and those that are not what they were.
    async fn photos(
        &self,
        source: &Source,
        files: Vec<FilePart>,
        sent: &mut Sent,
    ) -> Result<(Vec<FilePart>, Vec<Hash>), BackupError> {
        let mut sending = stream::iter(files)
            .map(|file| {
                let name = self.seal.name(&file.sha256);
                let known = self.known.file(&piece_path(false, &name), self.seal, file.bytes);
                let (target, seal, photos) = (self.target.clone(), Arc::clone(self.seal), source.photos.clone());
                async move {
                    let size = match known {
                        Some(size) => Some(size),
                        None => send_photo(&target, seal, &photos, &file, &name).await?,
                    };
                    let piece = size.map(|size| Piece { is_rows: false, name, size });
                    Ok::<_, BackupError>((file, piece, known.is_none()))
                }
            })
            .buffered(FILES_AT_ONCE);
        let (mut there, mut lost) = (Vec::new(), Vec::new());
        while let Some((file, piece, is_new)) = sending.try_next().await? {
            match piece {
                Some(piece) => {
                    sent.add(piece, is_new, file.bytes, self.step);
                    there.push(file);
                }
                None => lost.push(file.sha256),
            }
        }
        Ok((there, lost))
    }

    /// The files to be imported that are still there.
    async fn uploads(
        &self,
        source: &Source,
        view: &mut Tx,
        sent: &mut Sent,
    ) -> Result<Vec<UploadPart>, BackupError> {
        let mut parts = Vec::new();
        let mut after = Uuid::nil();
        loop {
            let page = uploads::list_files(view, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(parts) };
            after = last.id;
            for upload in page {
                let Some(file) = file_part(&upload.sha256, upload.bytes) else { continue };
                let name = self.seal.name(&file.sha256);
                let path = piece_path(false, &name);
                let known = self.known.file(&path, self.seal, file.bytes);
                let size = match known {
                    Some(size) => size,
                    None => {
                        let place = source.photos.upload_path(upload.id, &upload.sha256);
                        let content = match tokio::fs::read(place).await {
                            // It was stored or left since the view.
                            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
                            other => other.map_err(|e| self.target.failed(&e))?,
                        };
                        let seal = Arc::clone(self.seal);
                        let sealed = aside(self.target, move || seal.encrypt(content)).await?;
                        let size = sealed.len() as u64;
                        self.target.put(&path, sealed).await?;
                        size
                    }
                };
                sent.all += file.bytes;
                sent.add(Piece { is_rows: false, name, size }, known.is_none(), file.bytes, self.step);
                parts.push(UploadPart { id: upload.id.as_u128().to_be_bytes(), file });
            }
        }
    }
}

/// The size as it is kept; `None` for a photo that is lost or damaged.
async fn send_photo(
    target: &Target,
    seal: Arc<Seal>,
    photos: &PhotoStore,
    file: &FilePart,
    name: &Hash,
) -> Result<Option<u64>, BackupError> {
    let original = match photos.open(&hex::encode(file.sha256)).await {
        Err(PhotoError::Lost(_) | PhotoError::Damaged(_)) => return Ok(None),
        other => other?,
    };
    let sealed = aside(target, move || {
        let mut content = Vec::with_capacity(usize::try_from(original.bytes).unwrap_or_default());
        std::io::Read::read_to_end(&mut original.into_file(), &mut content)?;
        seal.encrypt(content)
    });
    let sealed = sealed.await?;
    let size = sealed.len() as u64;
    target.put(&piece_path(false, name), sealed).await?;
    Ok(Some(size))
}

/// Runs on a thread where blocking is allowed.
async fn aside(
    target: &Target,
    work: impl FnOnce() -> std::io::Result<Vec<u8>> + Send + 'static,
) -> Result<Vec<u8>, BackupError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|e| target.failed(&e))?;
    done.map_err(|e| target.failed(&e))
}

/// The photos of this view that are not erased.
async fn list_files(view: &mut Tx) -> Result<Vec<FilePart>, BackupError> {
    let mut files = Vec::new();
    let mut after = String::new();
    loop {
        let page = photos::list_files(view, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(files) };
        after.clone_from(&last.sha256);
        files.extend(page.iter().filter_map(|row| file_part(&row.sha256, row.bytes)));
    }
}

fn file_part(sha256: &str, bytes: i64) -> Option<FilePart> {
    let mut hash = Hash::default();
    hex::decode_to_slice(sha256, &mut hash).ok()?;
    Some(FilePart { sha256: hash, bytes: u64::try_from(bytes).ok()? })
}
