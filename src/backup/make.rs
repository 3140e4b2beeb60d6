//! Makes a backup while the service runs: first every row of one view of the database, then the photos that this view
//! names. Files are never changed, only added, so that nothing acknowledged before the backup began is missing.

use super::known::Known;
use super::lock::Lock;
use super::manifest::{self, Contents, Piece};
use super::seal::{Recipients, Seal};
use super::send::{Sent, Work, list_photos};
use super::{BackupError, S3, Step, Target};
use crate::accounts::token::make_token;
use crate::clock::Clock;
use crate::photos::keep::PhotoStore;
use crate::store::backups::{self, Outcome};
use crate::store::{Store, changes, copy};
use std::sync::Arc;
use uuid::Uuid;

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

/// Makes a backup in the place of this address; one that breaks off leaves pieces that the next one uses, and no backup. What became of it is kept in
/// the database. Cost: every row is read and hashed; what is not there yet is packed and sent. Memory: some 100 bytes a
/// photo, and the files under way.
pub async fn make(
    source: &Source,
    address: &str,
    s3: &S3,
    recipients: &Recipients,
    step: Step<'_>,
) -> Result<Made, BackupError> {
    let id = source.clock.id();
    let (migration, name_key) = begin(source, address, recipients, id).await?;
    let seal = Arc::new(Seal::new(recipients.clone(), &name_key));
    let made = match Target::open(address, s3) {
        Ok(target) => make_alone(source, &target, &seal, id, step).await,
        Err(e) => Err(e),
    };
    if migration >= backups::SINCE {
        note(source, id, &made).await;
    }
    made
}

/// With the place to itself.
async fn make_alone(
    source: &Source,
    target: &Target,
    seal: &Arc<Seal>,
    id: Uuid,
    step: Step<'_>,
) -> Result<Made, BackupError> {
    let lock = Lock::take(target, &id.to_string()).await?;
    let made = make_locked(source, target, seal, &lock, step).await;
    lock.release().await;
    made
}

/// Writes that it begins, and finds the key of names. A database that cannot be written to can be backed up all the same.
async fn begin(
    source: &Source,
    address: &str,
    recipients: &Recipients,
    id: Uuid,
) -> Result<(i64, String), BackupError> {
    let mut tx = source.store.read().await?;
    let migration = copy::migration(&mut tx).await?;
    drop(tx);
    let mut key = make_token();
    if migration >= backups::SINCE {
        let written = async {
            let mut tx = source.store.write().await?;
            backups::begin(&mut tx, id, address, source.clock.now()).await?;
            if !recipients.is_empty() {
                key = backups::name_key(&mut tx, &key).await?;
            }
            tx.commit().await
        };
        if let Err(e) = written.await {
            tracing::warn!("that a backup begins cannot be written down: {e}");
        }
    }
    Ok((migration, key))
}

async fn note(source: &Source, id: Uuid, made: &Result<Made, BackupError>) {
    let error = made.as_ref().err().map(BackupError::as_kept);
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
        match made {
            // The other one tells of itself.
            Err(BackupError::Busy(_)) => backups::forget(&mut tx, id).await?,
            _ => backups::end(&mut tx, id, outcome, source.clock.now()).await?,
        }
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
    step: Step<'_>,
) -> Result<Made, BackupError> {
    let work = Work { target, seal, known: Known::look(target).await?, step };
    let at = source.clock.now();
    let mut sent = Sent::default();
    let mut view = source.store.read().await?;
    let last_change = changes::last_seq(&mut view).await?;
    let migration = copy::migration(&mut view).await?;
    let files = list_photos(&mut view).await?;
    sent.all = files.iter().map(|file| file.bytes).sum();
    // First of all: they are removed when they are stored or left.
    let uploads = work.uploads(&source.photos, &mut view, &mut sent).await?;
    let mut tables = Vec::new();
    for table in copy::tables(&mut view).await? {
        tables.push(work.table(&mut view, &table, &mut sent).await?);
    }
    drop(view);
    let (photos, lost) = work.photos(&source.photos, files, &mut sent).await?;
    let engine = if source.store.is_postgres() { "postgres" } else { "sqlite" }.to_owned();
    let contents = Contents { migration, engine, last_change, name_key: *seal.key(), tables, photos, uploads, lost };
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
