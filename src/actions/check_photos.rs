//! Compares the photo folder with the database: every original with its hash, every small picture with its digest, and the
//! files that no row names. By wish it repairs what can be repaired; an original is never deleted and never made up.

use super::derive_photo::derive_photo;
use super::{ActionError, Result};
use crate::app::App;
use crate::domain::progress::PhotoState;
use crate::photos::PhotoError;
use crate::photos::derive::Size;
use crate::photos::sweep::{self, Found, LOST_AND_FOUND};
use crate::store::photos::{self, FileRow};
use serde::Serialize;
use std::collections::HashSet;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// Rows looked at together.
const PAGE: i64 = 500;
/// A file that no row names may be one whose row is just being written; after a day it is not.
const ORPHAN_AFTER: Duration = Duration::from_secs(86_400);

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// An original that the database knows is not there.
    Lost,
    /// An original has another size than was stored: cut, or written over.
    WrongSize,
    /// An original of the right size holds other bytes.
    Damaged,
    /// A small picture is not there, not the one that was made, or from before their digests were kept.
    Picture,
    /// A file that no row names.
    Orphan,
    /// A file that a process which died left half written.
    Unfinished,
}

/// One file with what is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Wrong {
    pub fault: Fault,
    /// Within the photo folder, or the hash where no file is there.
    pub file: String,
    /// The photos and their projects that show this file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Uuid>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<Uuid>,
    /// Whether this run put it right.
    pub repaired: bool,
}

/// What the check found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub files: u64,
    pub bytes: u64,
    pub wrong: Vec<Wrong>,
}

impl Report {
    /// What is still wrong.
    pub fn left(&self) -> usize {
        self.wrong.iter().filter(|wrong| !wrong.repaired).count()
    }
}

/// Reads every stored byte. `step` hears bytes read, of so many. Memory: 32 bytes a file, and what is wrong.
pub async fn check_photos(app: &App, repair: bool, mut step: impl FnMut(u64, u64)) -> Result<Report> {
    let mut report = Report::default();
    let mut known: HashSet<String> = HashSet::new();
    let mut tx = app.store.read().await?;
    let (_, all) = photos::sum_files(&mut tx).await?;
    drop(tx);
    let all = u64::try_from(all).unwrap_or_default();
    let mut after = String::new();
    loop {
        let mut tx = app.store.read().await?;
        let page = photos::list_files(&mut tx, &after, PAGE).await?;
        drop(tx);
        let Some(last) = page.last() else { break };
        after.clone_from(&last.sha256);
        for row in page {
            check_file(app, &row, repair, &mut report).await?;
            report.files += 1;
            report.bytes += u64::try_from(row.bytes).unwrap_or_default();
            known.insert(row.sha256);
            step(report.bytes, all);
        }
    }
    check_folder(app, &known, repair, &mut report).await?;
    report.wrong.sort_by(|a, b| a.fault.cmp(&b.fault).then_with(|| a.file.cmp(&b.file)));
    Ok(report)
}

async fn check_file(app: &App, row: &FileRow, repair: bool, report: &mut Report) -> Result<()> {
    let found = app.photos.open(&row.sha256).await;
    let fault = match &found {
        Ok(_) => None,
        Err(PhotoError::Lost(_)) => Some(Fault::Lost),
        Err(PhotoError::Damaged(_)) => Some(match app.photos.size(&row.sha256)? {
            Some(bytes) if i64::try_from(bytes).ok() != Some(row.bytes) => Fault::WrongSize,
            _ => Fault::Damaged,
        }),
        Err(e) => return Err(ActionError::Internal(e.to_string())),
    };
    let word = found.err().and_then(|e| e.file_fault());
    if word != row.fault.as_deref() {
        let mut tx = app.store.write().await?;
        photos::mark_fault(&mut tx, &row.sha256, word, app.clock.now()).await?;
        tx.commit().await?;
    }
    let mut tx = app.store.read().await?;
    let digests = photos::list_derivatives(&mut tx, &row.sha256).await?;
    let shown = photos::list_of_file(&mut tx, &row.sha256).await?;
    drop(tx);
    let wrong = |fault, file, repaired| Wrong {
        fault,
        file,
        photos: shown.iter().map(|(photo, _)| *photo).collect(),
        projects: shown.iter().map(|(_, project)| *project).collect::<HashSet<_>>().into_iter().collect(),
        repaired,
    };
    if let Some(fault) = fault {
        report.wrong.push(wrong(fault, row.sha256.clone(), false));
        return Ok(()); // without the original no small picture can be made
    }
    let mut pictures = Vec::new();
    for size in Size::ALL {
        let digest = digests.iter().find(|(name, _)| name == size.as_str()).map(|(_, digest)| digest.as_str());
        let whole = match app.photos.open_derivative(&row.sha256, size, digest).await {
            Ok(found) => found.is_some() && digest.is_some(),
            Err(PhotoError::Damaged(_)) => false,
            Err(e) => return Err(ActionError::Internal(e.to_string())),
        };
        if !whole {
            pictures.push(format!("{}-{}.jpg", row.sha256, size.as_str()));
        }
    }
    if !pictures.is_empty() {
        let repaired = repair && derive_photo(app, &row.sha256).await.is_ok();
        if repaired {
            let mut tx = app.store.write().await?;
            for (photo, _) in &shown {
                photos::mark(&mut tx, *photo, PhotoState::Ready, None).await?;
            }
            tx.commit().await?;
        }
        report.wrong.extend(pictures.into_iter().map(|file| wrong(Fault::Picture, file, repaired)));
    }
    Ok(())
}

/// The files that the rows do not account for.
async fn check_folder(app: &App, known: &HashSet<String>, repair: bool, report: &mut Report) -> Result<()> {
    let folder = app.photos.path();
    let now = SystemTime::from(app.clock.now());
    let failed = |e: std::io::Error| ActionError::Internal(format!("{}: {e}", folder.display()));
    for part in ["originals", "derived", crate::photos::incoming::FOLDER] {
        let mut strange = Vec::new();
        sweep::walk(folder, part, &mut |found| {
            let hash = found.name.get(..64).unwrap_or(&found.name);
            let is_named = !sweep::is_unfinished(&found.name) && known.contains(hash);
            if !is_named {
                strange.push(found);
            }
        })
        .map_err(failed)?;
        for found in strange {
            let Some(fault) = strange_file(&found, now) else { continue };
            let repaired = repair && {
                if fault == Fault::Orphan && part == "originals" {
                    let aside = folder.join(LOST_AND_FOUND);
                    std::fs::create_dir_all(&aside)
                        .and_then(|()| std::fs::rename(&found.path, aside.join(&found.name)))
                        .map_err(failed)?;
                } else {
                    sweep::remove(&found.path).map_err(failed)?;
                }
                true
            };
            let file = found.path.strip_prefix(folder).unwrap_or(&found.path).display().to_string();
            report.wrong.push(Wrong { fault, file, photos: Vec::new(), projects: Vec::new(), repaired });
        }
    }
    Ok(())
}

/// `None` for a file that somebody may still be at work on.
fn strange_file(found: &Found, now: SystemTime) -> Option<Fault> {
    if sweep::is_unfinished(&found.name) {
        return sweep::is_left(found, now).then_some(Fault::Unfinished);
    }
    now.duration_since(found.modified).is_ok_and(|age| age >= ORPHAN_AFTER).then_some(Fault::Orphan)
}
