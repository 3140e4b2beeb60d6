//! Fills the Atlas at the start from one consistent view of the database.

use super::Atlas;
use super::picture::Loading;
use crate::domain::names::Names;
use crate::spatial::places::Places;
use crate::store::project_facts::{self, VillageNames};
use crate::store::{Result, Store, Tx, changes, project_pages, regions};
use std::sync::Arc;
use tracing::info;
use uuid::Uuid;

/// Projects read at once.
const PAGE: i64 = 10_000;
/// Number of connections that load in parallel on SQLite, where each has its own thread.
const LOADERS: usize = 4;

/// Fills the Atlas.
pub(super) async fn load(store: &Store, atlas: &Arc<Atlas>) -> Result<()> {
    let mut tx = store.read().await?;
    let seq = changes::last_seq(&mut tx).await?;
    let villages = project_facts::village_names(&mut tx).await?;
    let places = read_places(&mut tx).await?;
    let count = project_pages::count(&mut tx).await?;
    let loading = Arc::new(atlas.loading(usize::try_from(count).unwrap_or_default()));
    if store.is_postgres() {
        read_rows(&mut tx, &villages, &loading).await?;
        drop(tx);
    } else {
        read_pages(store, tx, (seq, count), villages, &loading).await?;
    }
    let loading = Arc::into_inner(loading).expect("all loader tasks have finished");
    let (projects, villages) = (loading.len(), places.len());
    let atlas = Arc::clone(atlas);
    off_thread(move || atlas.replace(loading, places, seq)).await;
    info!("loaded {projects} projects and {villages} villages into the atlas at entry {seq}");
    Ok(())
}

/// Reads a page while the one before is being added.
async fn read_rows(tx: &mut Tx, villages: &VillageNames, loading: &Arc<Loading>) -> Result<()> {
    let (mut after, mut names) = (Some(Uuid::nil()), Names::default());
    let mut taken_in = tokio::spawn(async {});
    while let Some(id) = after {
        let page = project_facts::list_after(tx, villages, &mut names, id, PAGE).await?;
        after = page.last().map(|facts| facts.id);
        taken_in.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()));
        let loading = Arc::clone(loading);
        taken_in = tokio::task::spawn_blocking(move || drop(loading.add(page)));
    }
    taken_in.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()));
    Ok(())
}

/// On SQLite, reads shares of the projects on several connections at once. Each connection has its own snapshot:
/// those that differ in the last entry of the change log are discarded.
async fn read_pages(
    store: &Store,
    mut first: Tx,
    (seq, count): (i64, i64),
    villages: VillageNames,
    loading: &Arc<Loading>,
) -> Result<()> {
    let mut views = Vec::new();
    for _ in 1..LOADERS {
        let mut view = store.read().await?;
        if changes::last_seq(&mut view).await? == seq {
            views.push(view);
        }
    }
    let splits = project_pages::list_splits(&mut first, count, i64::try_from(views.len()).unwrap_or(0) + 1).await?;
    views.push(first);
    let villages = Arc::new(villages);
    let mut after = Uuid::nil();
    let ends = splits.into_iter().chain([Uuid::max()]);
    let shares: Vec<_> = views
        .into_iter()
        .zip(ends)
        .map(|(mut view, end)| {
            let begin = std::mem::replace(&mut after, end);
            let (villages, loading) = (Arc::clone(&villages), Arc::clone(loading));
            tokio::spawn(async move {
                project_pages::read_between(&mut view, &villages, begin, end, |page| drop(loading.add(page))).await
            })
        })
        .collect();
    let mut read = Ok(());
    for share in shares {
        read = read.and(share.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic())));
    }
    read
}

/// The villages of today with their outlines.
pub async fn read_places(tx: &mut Tx) -> Result<Places> {
    let outlines = regions::list_outlines(tx).await?;
    let outlines = outlines.into_iter().map(|outline| (outline.village, outline.boundary)).collect();
    Ok(off_thread(move || Places::new(outlines)).await)
}

/// Runs work that would block a thread that answers requests.
pub(super) async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()))
}
