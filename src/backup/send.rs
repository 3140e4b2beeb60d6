//! Sends what a backup holds and its place has not: rows chunk by chunk, then files.

use super::known::Known;
use super::manifest::{ChunkPart, FilePart, Piece, TablePart, UploadPart, piece_path};
use super::seal::{Hash, Seal};
use super::{BackupError, Step, Target};
use crate::photos::PhotoError;
use crate::photos::keep::PhotoStore;
use crate::store::copy::{self, Chunk, read_table, sum_of};
use crate::store::{Tx, photos, uploads};
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

/// What was sent so far.
#[derive(Default)]
pub struct Sent {
    pub pieces: HashSet<Piece>,
    /// As they are kept, of those that were not there yet.
    pub bytes: u64,
    /// Content so far, of so much.
    done: u64,
    pub all: u64,
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

/// The backup under way.
pub struct Work<'a> {
    pub target: &'a Target,
    pub seal: &'a Arc<Seal>,
    pub known: Known,
    pub step: Step<'a>,
}

impl Work<'_> {
    /// All rows of a table.
    pub async fn table(&self, view: &mut Tx, table: &copy::Table, sent: &mut Sent) -> Result<TablePart, BackupError> {
        let (to, mut chunks) = mpsc::channel::<Chunk>(CHUNKS);
        let reading = async {
            let read = read_table(view, table, &to).await;
            drop(to);
            read
        };
        let chunks = stream::poll_fn(move |context| chunks.poll_recv(context));
        let sending = chunks
            .map(|chunk| {
                let part = ChunkPart { rows: chunk.rows, bytes: chunk.bytes.len() as u64, sha256: chunk.sha256 };
                let name = self.seal.name(&chunk.sha256);
                let known = self.known.rows(&piece_path(true, &name));
                let (target, seal) = (self.target.clone(), Arc::clone(self.seal));
                async move {
                    let size = match known {
                        Some(size) => size,
                        None => {
                            let sealed = aside(&target, move || seal.rows(&chunk.bytes)).await?;
                            let size = sealed.len() as u64;
                            target.put_and_compare(&piece_path(true, &name), sealed).await?;
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
    pub async fn photos(
        &self,
        store: &PhotoStore,
        files: Vec<FilePart>,
        sent: &mut Sent,
    ) -> Result<(Vec<FilePart>, Vec<Hash>), BackupError> {
        let mut sending = stream::iter(files)
            .map(|file| {
                let name = self.seal.name(&file.sha256);
                let known = self.known.file(&piece_path(false, &name), self.seal, file.bytes);
                let (target, seal, photos) = (self.target.clone(), Arc::clone(self.seal), store.clone());
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
    pub async fn uploads(
        &self,
        store: &PhotoStore,
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
                        let place = store.upload_path(upload.id, &upload.sha256);
                        let content = match tokio::fs::read(place).await {
                            // It was stored or left since the view.
                            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
                            other => other.map_err(|e| self.target.failed(&e))?,
                        };
                        let seal = Arc::clone(self.seal);
                        let sealed = aside(self.target, move || seal.encrypt(content)).await?;
                        let size = sealed.len() as u64;
                        self.target.put_and_compare(&path, sealed).await?;
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
    target.put_and_compare(&piece_path(false, name), sealed).await?;
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
pub async fn list_photos(view: &mut Tx) -> Result<Vec<FilePart>, BackupError> {
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
