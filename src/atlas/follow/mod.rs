//! The follower: applies the entries of the change log to the Atlas of this process, in order.

mod keep;

use super::load::{self, off_thread, read_places};
use super::snapshot::Unusable;
use super::{Atlas, Update};
use crate::clock::Clock;
use crate::domain::change::Entity;
use crate::domain::facts::Facts;
use crate::domain::job::JobKind;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::project_facts::{self, VillageNames};
use crate::store::{Result, Store, changes};
use keep::{SHARE_AT_STOP, SHARE_IN_QUIET};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tracing::{info, warn};
use uuid::Uuid;

/// Another program may have written without waking this one.
const POLL: Duration = Duration::from_millis(500);
/// Polls without a change after which a snapshot may be written.
const QUIET: u32 = 20;
/// Entries applied at once.
const ENTRIES: i64 = 5_000;

/// Keeps the Atlas of this process in line with the database.
#[derive(Clone)]
pub struct Follower {
    pub store: Store,
    pub atlas: Arc<Atlas>,
    pub clock: Clock,
    /// The file of its snapshot.
    pub snapshot: Arc<Path>,
}

impl Follower {
    /// Fills the Atlas: from its snapshot, or else from the database; then it enqueues a screening of projects that could
    /// not be read.
    pub async fn load(&self) -> Result<()> {
        match self.load_kept().await? {
            Ok(()) => return Ok(()),
            Err(Unusable::Missing) => {}
            Err(why) => info!("the snapshot of the atlas is passed over: {why}"),
        }
        load::load(&self.store, &self.atlas).await?;
        self.screen_left_out().await
    }

    /// Enqueues a screening of active projects that could not be read: it fails and stays visible to an
    /// administrator.
    async fn screen_left_out(&self) -> Result<()> {
        if self.holds_all().await? {
            return Ok(());
        }
        let mut tx = self.store.read().await?;
        let standing = project_facts::list_standing(&mut tx).await?;
        let held = self.atlas.with_picture(|picture| picture.ids());
        let missing: Vec<Uuid> = standing.into_iter().filter(|id| !held.contains(id)).collect();
        let left_out = project_facts::find_unreadable(&mut tx, &missing).await?;
        drop(tx);
        if left_out.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let screening = |subject_id| NewJob::new(&self.clock, JobKind::ScreenProject, subject_id, now);
        let mut tx = self.store.write().await?;
        enqueue(&mut tx, &left_out.into_iter().map(screening).collect::<Vec<_>>(), now).await?;
        tx.commit().await
    }

    /// Follows until `stop` turns true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let listening = tokio::spawn(listen(self.store.clone(), stop.clone()));
        let (mut quiet, mut keeping) = (0, tokio::spawn(async {}));
        while !*stop.borrow() {
            let changed = self.store.changed.clone();
            let changed = changed.notified();
            match self.catch_up().await {
                Ok(true) => {
                    quiet = 0;
                    continue;
                }
                Ok(false) => {}
                Err(e) => warn!("the change log cannot be read: {e}"),
            }
            if quiet >= QUIET && keeping.is_finished() && self.is_worth_keeping(SHARE_IN_QUIET) {
                let follower = self.clone();
                // Beside the following: changes that come meanwhile break it off.
                keeping = tokio::spawn(async move { follower.keep_or_warn().await });
                quiet = 0;
            }
            tokio::select! {
                () = changed => {}
                () = tokio::time::sleep(POLL) => quiet += 1,
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
        listening.abort();
        // A panic in it is in the log; nothing depends on it.
        let _ = keeping.await;
        if self.is_worth_keeping(SHARE_AT_STOP) {
            self.keep_or_warn().await;
        }
    }

    /// Applies the entries committed since; `true` if there may be more.
    pub async fn catch_up(&self) -> Result<bool> {
        let held = self.atlas.seq();
        let mut tx = self.store.read().await?;
        let entries = changes::list_after(&mut tx, held, ENTRIES).await?;
        let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(false) };
        let changed = |entity: Entity| -> Vec<Uuid> {
            entries.iter().filter(|entry| entry.entity == entity.as_str()).map(|entry| entry.entity_id).collect()
        };
        let (mut touched, regions) = (changed(Entity::Project), changed(Entity::Region));
        let names = if touched.is_empty() && regions.is_empty() {
            VillageNames::new()
        } else {
            project_facts::village_names(&mut tx).await?
        };
        let places = if regions.is_empty() { None } else { Some(read_places(&mut tx).await?) };
        if !regions.is_empty() {
            // If a village changed its code or name, so did the facts of its projects.
            touched.extend(project_facts::ids_in_villages(&mut tx, &regions).await?);
        }
        touched.sort_unstable();
        touched.dedup();
        let mut facts: HashMap<Uuid, Facts> = project_facts::find_many(&mut tx, &names, &touched)
            .await?
            .into_iter()
            .map(|facts| (facts.id, facts))
            .collect();
        drop(tx);
        let updates = touched
            .into_iter()
            .map(|id| facts.remove(&id).map_or(Update::Remove(id), |facts| Update::Put(Box::new(facts))))
            .collect();
        let atlas = Arc::clone(&self.atlas);
        off_thread(move || atlas.apply(places, updates, last)).await;
        Ok(true)
    }
}

/// PostgreSQL notifies this process of commits by others.
async fn listen(store: Store, stop: watch::Receiver<bool>) {
    let Some(pool) = store.postgres() else { return };
    while !*stop.borrow() {
        let heard = async {
            let mut listener = sqlx::postgres::PgListener::connect_with(pool).await?;
            listener.listen("tapak_changes").await?;
            loop {
                listener.recv().await?;
                store.changed.notify_waiters();
            }
        };
        let end: std::result::Result<(), sqlx::Error> = heard.await;
        if let Err(e) = end {
            warn!("PostgreSQL notifications ended, polling continues: {e}");
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}
