//! Keeps the Atlas in its snapshot, and takes it from there at the next start.

use super::Follower;
use crate::atlas::load::{off_thread, read_places};
use crate::atlas::snapshot::{self, LogPoint, Origin, PROGRAM, Unusable};
use crate::store::{Result, changes, project_facts};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tracing::{info, warn};

/// Fewer projects are read in a tenth of a second.
const LEAST_WORKS: usize = 10_000;
/// Entries since the last snapshot from which another one is worth writing, as a share of the projects.
pub(super) const SHARE_IN_QUIET: usize = 50;
pub(super) const SHARE_AT_STOP: usize = 1_000;
/// Entries since the snapshot, as a share of its projects, beyond which reading all projects is faster.
const SHARE_TOO_OLD: u64 = 4;
/// That many are read in any case.
const NOT_TOO_OLD: u64 = 1_000;

impl Follower {
    /// Fills the Atlas from its snapshot and what was changed since.
    pub(super) async fn load_kept(&self) -> Result<std::result::Result<(), Unusable>> {
        let (path, origin) = (Arc::clone(&self.snapshot), self.origin());
        let read = match off_thread(move || snapshot::read(&path, &origin)).await {
            Ok(read) => read,
            Err(why) => return Ok(Err(why)),
        };
        let point = read.point().clone();
        let mut tx = self.store.read().await?;
        if changes::find_entry(&mut tx, point.seq).await?.as_ref() != Some(&point.entry) {
            return Ok(Err(Unusable::OtherLog(point.seq)));
        }
        let since = changes::last_seq(&mut tx).await? - point.seq;
        if u64::try_from(since).is_ok_and(|since| since > NOT_TOO_OLD.max(read.works() / SHARE_TOO_OLD)) {
            return Ok(Err(Unusable::TooOld(since)));
        }
        let places = read_places(&mut tx).await?;
        drop(tx);
        let atlas = Arc::clone(&self.atlas);
        let load = move || {
            let loading = read.load(atlas.judge.clone())?;
            atlas.replace(loading, places, point.seq);
            atlas.kept.store(point.seq, Ordering::Relaxed);
            Ok(())
        };
        if let Err(why) = off_thread(load).await {
            return Ok(Err(why));
        }
        while self.catch_up().await? || !self.holds_the_log().await? {}
        // Rows that are changed by hand leave no entry. Some that cannot be read are told by reading all.
        if !self.holds_all().await? {
            return Ok(Err(Unusable::Incomplete));
        }
        let projects = self.atlas.with_picture(|picture| picture.len());
        info!("loaded {projects} projects from the snapshot of entry {}, {since} entries since", point.seq);
        Ok(Ok(()))
    }

    async fn holds_the_log(&self) -> Result<bool> {
        let mut tx = self.store.read().await?;
        Ok(changes::last_seq(&mut tx).await? <= self.atlas.seq())
    }

    /// Whether no standing project is missing.
    pub(super) async fn holds_all(&self) -> Result<bool> {
        let held = self.atlas.with_picture(|picture| picture.len());
        let mut tx = self.store.read().await?;
        Ok(usize::try_from(project_facts::count_standing(&mut tx).await?).is_ok_and(|standing| standing <= held))
    }

    fn origin(&self) -> Origin {
        Origin { program: PROGRAM.to_owned(), judge: self.atlas.judge.fingerprint().to_owned() }
    }

    /// Whether so much was changed since the last snapshot.
    pub(super) fn is_worth_keeping(&self, share: usize) -> bool {
        let (works, kept) = (self.atlas.with_picture(|picture| picture.len()), self.atlas.kept.load(Ordering::Relaxed));
        let since = usize::try_from(self.atlas.seq() - kept).unwrap_or_default();
        works >= LEAST_WORKS && (kept < 0 || since > works / share)
    }

    pub(super) async fn keep_or_warn(&self) {
        if let Err(e) = self.keep().await {
            warn!("no snapshot of the atlas is kept: {e}");
            // Tried again after as many changes.
            self.atlas.kept.store(self.atlas.seq(), Ordering::Relaxed);
        }
    }

    /// Writes a snapshot of the Atlas. `false` where none could be, for now: see [`snapshot::write`].
    pub async fn keep(&self) -> std::result::Result<bool, KeepError> {
        let seq = self.atlas.seq();
        let mut tx = self.store.read().await?;
        let Some(entry) = changes::find_entry(&mut tx, seq).await? else { return Ok(false) };
        drop(tx);
        let (atlas, path, origin) = (Arc::clone(&self.atlas), Arc::clone(&self.snapshot), self.origin());
        let is_kept = off_thread(move || snapshot::write(&atlas, &path, origin, LogPoint { seq, entry })).await?;
        if is_kept {
            self.atlas.kept.store(seq, Ordering::Relaxed);
        }
        Ok(is_kept)
    }
}

/// Why no snapshot is written.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
