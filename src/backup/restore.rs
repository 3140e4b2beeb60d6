//! Brings a backup back into an empty place: rows, then photos, then all of it is compared with the list. Broken off, it
//! goes on where it was; until its end the service refuses the database.

use super::manifest::{self, Contents, FilePart, list, piece_path, read_head};
use super::seal::{Identities, Opening};
use super::verify::read_piece;
use super::{BackupError, Broken, Means, Step, Target};
use crate::clock::Clock;
use crate::photos::PhotoError;
use crate::photos::keep::PhotoStore;
use crate::store::Store;
use crate::store::copy::{Copy, CopyError, decode, has_broken_off};
use std::path::PathBuf;
use uuid::Uuid;

/// Where a backup is brought back to.
#[derive(Clone, Debug)]
pub struct Place {
    /// `sqlite:FILE` or `postgres://…`, and how it is shown.
    pub database: String,
    pub database_shown: String,
    /// The folder of photos.
    pub photos: PathBuf,
}

/// What was brought back.
#[derive(Clone, Debug, Default)]
pub struct Restored {
    pub moment: String,
    pub program: String,
    pub tables: usize,
    pub rows: u64,
    pub photos: u64,
    pub uploads: u64,
    /// Photos that the backup itself lacks.
    pub lost: u64,
}

/// Restores the newest backup, or the one whose name begins so. Every byte is compared with its hash before it is kept;
/// at the end every row is read back. Sessions end: what was signed out since the backup must not be signed in again.
pub async fn restore(
    target: &Target,
    keys: &Identities,
    which: Option<&str>,
    place: &Place,
    clock: &Clock,
    step: Step<'_>,
) -> Result<Restored, BackupError> {
    let listed = list(target).await?;
    let chosen = match which {
        None => listed.last().ok_or_else(|| BackupError::NoBackup(target.shown().to_owned()))?,
        Some(name) => listed
            .iter()
            .rfind(|listed| listed.name.starts_with(name))
            .ok_or_else(|| BackupError::NotFound(name.to_owned()))?,
    };
    let head = read_head(target, chosen).await?;
    let contents = manifest::open(chosen, &head, keys)?;
    let opening = contents.opening(&head, keys);
    let goes_on = has_broken_off(&place.database).await?;
    if !goes_on && has_originals(&place.photos) {
        return Err(BackupError::NotEmpty(place.photos.display().to_string()));
    }
    let named = |e: CopyError| match e {
        CopyError::NotEmpty => BackupError::NotEmpty(place.database_shown.clone()),
        CopyError::Other(_) => BackupError::OtherCopy(place.database_shown.clone()),
        other => other.into(),
    };
    let mut copy = Copy::begin(&place.database, contents.migration, &chosen.name).await.map_err(named)?;
    let photos = PhotoStore::folder(&place.photos)?;
    let work = Work { target, opening, photos, clock, step, all: contents.bytes().max(1) };
    let restored = work.bring_back(&contents, &mut copy).await;
    if let Err(e) = restored {
        copy.leave().await;
        return Err(e);
    }
    // Sessions of then are over; marks of events that came after the backup mean nothing in its change log.
    let gone = [("sessions", "DELETE FROM sessions"), ("event_seal", "DELETE FROM event_seal")];
    let then: Vec<&str> =
        gone.iter().filter(|(gone, _)| copy.tables().any(|table| table == *gone)).map(|(_, sql)| *sql).collect();
    copy.finish(&then).await?;
    // Brings the tables up to date where the backup is of an earlier program.
    Store::open(&place.database).await?.close().await;
    Ok(Restored {
        moment: chosen.moment().to_owned(),
        program: head.program,
        tables: contents.tables.len(),
        rows: contents.rows(),
        photos: contents.photos.len() as u64,
        uploads: contents.uploads.len() as u64,
        lost: contents.lost.len() as u64,
    })
}

struct Work<'a> {
    target: &'a Target,
    opening: Opening<'a>,
    photos: PhotoStore,
    clock: &'a Clock,
    step: Step<'a>,
    all: u64,
}

impl Work<'_> {
    async fn bring_back(&self, contents: &Contents, copy: &mut Copy) -> Result<(), BackupError> {
        let mut done = 0;
        for table in &contents.tables {
            let (mut behind, there) = (0, copy.done(&table.name));
            for chunk in &table.chunks {
                behind += chunk.rows;
                done += chunk.bytes;
                (self.step)(done, self.all);
                if behind <= there {
                    continue;
                }
                let piece = manifest::Needed {
                    hash: chunk.sha256,
                    bytes: chunk.bytes,
                    rows: Some(chunk.rows),
                    means: Means::Rows(table.name.clone()),
                };
                let rows = self.read(true, &piece).await?;
                let rows = decode(&rows).ok_or_else(|| BackupError::Differs(table.name.clone()))?;
                copy.write(&table.name, &table.columns, &rows).await?;
            }
        }
        for photo in &contents.photos {
            self.photo(photo).await?;
            done += photo.bytes;
            (self.step)(done, self.all);
        }
        for upload in &contents.uploads {
            let means = Means::Upload(hex::encode(upload.file.sha256));
            let arrived = self.file(&upload.file, means).await?;
            self.photos.keep_upload(&arrived, Uuid::from_bytes(upload.id)).await?;
        }
        compare(contents, copy).await
    }

    async fn photo(&self, photo: &FilePart) -> Result<(), BackupError> {
        let sha256 = hex::encode(photo.sha256);
        match self.photos.open(&sha256).await {
            Ok(_) => return Ok(()), // before it broke off
            Err(PhotoError::Lost(_) | PhotoError::Damaged(_)) => {}
            Err(e) => return Err(e.into()),
        }
        let arrived = self.file(photo, Means::Photo(sha256)).await?;
        Ok(self.photos.keep_arrived(arrived).await?)
    }

    /// A file on disk, its bytes compared with its hash.
    async fn file(&self, file: &FilePart, means: Means) -> Result<crate::photos::incoming::Arrived, BackupError> {
        let piece = manifest::Needed { hash: file.sha256, bytes: file.bytes, rows: None, means };
        let content = self.read(false, &piece).await?;
        let mut incoming = self.photos.begin(self.clock.id()).await?;
        incoming.write(&content).await?;
        Ok(incoming.finish().await?)
    }

    async fn read(&self, is_rows: bool, piece: &manifest::Needed) -> Result<Vec<u8>, BackupError> {
        let path = piece_path(is_rows, &self.opening.name(&piece.hash));
        let broken = |is_missing| Broken { piece: path.clone(), is_missing, means: piece.means.clone() };
        let kept = self.target.get(&path).await?.ok_or_else(|| broken(true))?;
        read_piece(&self.opening, &kept, piece).ok_or_else(|| broken(false).into())
    }
}

/// Reads every row back.
async fn compare(contents: &Contents, copy: &Copy) -> Result<(), BackupError> {
    for table in &contents.tables {
        let sum = copy.sum(&table.name).await?;
        if (sum.rows, sum.sha256) != (table.rows, table.sha256) {
            return Err(BackupError::Differs(table.name.clone()));
        }
    }
    for name in copy.tables() {
        let is_known = contents.tables.iter().any(|table| table.name == name);
        if !is_known && copy.sum(name).await?.rows > 0 {
            return Err(BackupError::Differs(name.to_owned()));
        }
    }
    Ok(())
}

fn has_originals(photos: &std::path::Path) -> bool {
    let mut any = false;
    let walked = crate::photos::sweep::walk(photos, "originals", &mut |_| any = true);
    any || walked.is_err()
}
