//! The follower: hands the entries of the change log to the Atlas of this process, in their order.

use crate::app::App;
use crate::atlas::Update;
use crate::atlas::picture::Loading;
use crate::domain::change::Entity;
use crate::domain::facts::Facts;
use crate::domain::job::JobKind;
use crate::domain::names::Names;
use crate::spatial::places::Places;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::project_facts::{self, VillageNames};
use crate::store::{Result, Tx, changes, project_pages, regions};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tracing::{info, warn};
use uuid::Uuid;

/// Another program may have written without waking us.
const POLL: Duration = Duration::from_millis(500);
/// Entries taken in at once.
const ENTRIES: i64 = 5_000;
/// Projects read at once at start.
const PAGE: i64 = 10_000;
/// Connections that read at start where each has a thread: SQLite.
const LOADERS: usize = 4;

/// Fills the Atlas from one consistent view.
pub async fn load(app: &App) -> Result<()> {
    let mut tx = app.store.read().await?;
    let seq = changes::last_seq(&mut tx).await?;
    let villages = project_facts::village_names(&mut tx).await?;
    let places = read_places(&mut tx).await?;
    let count = project_pages::count(&mut tx).await?;
    let loading = Arc::new(app.atlas.loading(usize::try_from(count).unwrap_or_default()));
    if app.store.is_postgres() {
        read_rows(&mut tx, &villages, &loading).await?;
        drop(tx);
    } else {
        read_pages(app, tx, (seq, count), villages, &loading).await?;
    }
    let loading = Arc::into_inner(loading).expect("whoever brought projects has ended");
    let (projects, villages) = (loading.len(), places.len());
    let atlas = Arc::clone(&app.atlas);
    off_thread(move || atlas.replace(loading, places, seq)).await;
    info!("the atlas holds {projects} projects and {villages} villages at entry {seq}");
    screen_left_out(app).await
}

/// Asks for a screening of projects that stand and could not be read: it is given up and stays visible, see
/// [`super::screen`].
async fn screen_left_out(app: &App) -> Result<()> {
    let mut tx = app.store.read().await?;
    let held = app.atlas.look(|picture| picture.len());
    if usize::try_from(project_facts::count_standing(&mut tx).await?).is_ok_and(|standing| standing <= held) {
        return Ok(());
    }
    let standing = project_facts::list_standing(&mut tx).await?;
    let held = app.atlas.look(|picture| picture.ids());
    let missing: Vec<Uuid> = standing.into_iter().filter(|id| !held.contains(id)).collect();
    let left_out = project_facts::find_unreadable(&mut tx, &missing).await?;
    drop(tx);
    if left_out.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let screening = |subject_id| NewJob { id: app.clock.id(), kind: JobKind::ScreenProject, subject_id, run_at: now };
    let mut tx = app.store.write().await?;
    enqueue(&mut tx, &left_out.into_iter().map(screening).collect::<Vec<_>>(), now).await?;
    tx.commit().await
}

/// Reads a page while the one before is taken in.
async fn read_rows(tx: &mut Tx, villages: &VillageNames, loading: &Arc<Loading>) -> Result<()> {
    let (mut after, mut names) = (Some(Uuid::nil()), Names::default());
    let mut taken_in = tokio::spawn(async {});
    while let Some(id) = after {
        let page = project_facts::list_after(tx, villages, &mut names, id, PAGE).await?;
        after = page.last().map(|facts| facts.id);
        taken_in.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()));
        let loading = Arc::clone(loading);
        taken_in = tokio::task::spawn_blocking(move || loading.add(page));
    }
    taken_in.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()));
    Ok(())
}

/// SQLite reads shares of the projects on several connections at once. Each has a view of its own: those that do not hold
/// the same last entry of the change log are not used.
async fn read_pages(
    app: &App,
    mut first: Tx,
    (seq, count): (i64, i64),
    villages: VillageNames,
    loading: &Arc<Loading>,
) -> Result<()> {
    let mut views = Vec::new();
    for _ in 1..LOADERS {
        let mut view = app.store.read().await?;
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
                project_pages::read_between(&mut view, &villages, begin, end, |page| loading.add(page)).await
            })
        })
        .collect();
    let mut read = Ok(());
    for share in shares {
        read = read.and(share.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic())));
    }
    read
}

async fn read_places(tx: &mut Tx) -> Result<Places> {
    let outlines = regions::list_outlines(tx).await?;
    let outlines = outlines.into_iter().map(|outline| (outline.village, outline.boundary)).collect();
    Ok(off_thread(move || Places::new(outlines)).await)
}

/// Work that would hold up a thread that answers requests.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()))
}

/// Follows until `stop` turns true.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let listening = tokio::spawn(listen(app.clone(), stop.clone()));
    while !*stop.borrow() {
        let changed = app.store.changed.clone();
        let changed = changed.notified();
        match catch_up(&app).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(e) => warn!("the change log cannot be read: {e}"),
        }
        tokio::select! {
            () = changed => {}
            () = tokio::time::sleep(POLL) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
    listening.abort();
}

/// PostgreSQL tells us of other processes' commits at once.
async fn listen(app: App, stop: watch::Receiver<bool>) {
    let Some(pool) = app.store.postgres() else { return };
    while !*stop.borrow() {
        let heard = async {
            let mut listener = sqlx::postgres::PgListener::connect_with(pool).await?;
            listener.listen("tapak_changes").await?;
            loop {
                listener.recv().await?;
                app.store.changed.notify_waiters();
            }
        };
        let end: std::result::Result<(), sqlx::Error> = heard.await;
        if let Err(e) = end {
            warn!("listening to PostgreSQL ended, polling goes on: {e}");
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}

/// Takes in what was committed since; `true` where there may be more.
pub async fn catch_up(app: &App) -> Result<bool> {
    let held = app.atlas.seq();
    let mut tx = app.store.read().await?;
    let entries = changes::list_after(&mut tx, held, ENTRIES).await?;
    let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(false) };
    let mut touched: Vec<Uuid> =
        entries.iter().filter(|entry| entry.entity == Entity::Project.as_str()).map(|entry| entry.entity_id).collect();
    let regions: Vec<Uuid> =
        entries.iter().filter(|entry| entry.entity == "region").map(|entry| entry.entity_id).collect();
    let names = if touched.is_empty() && regions.is_empty() {
        VillageNames::new()
    } else {
        project_facts::village_names(&mut tx).await?
    };
    let places = if regions.is_empty() { None } else { Some(read_places(&mut tx).await?) };
    if !regions.is_empty() {
        // A village has another code or name: so have the facts of its projects.
        touched.extend(project_facts::ids_in_villages(&mut tx, &regions).await?);
    }
    touched.sort_unstable();
    touched.dedup();
    let mut facts: HashMap<Uuid, Facts> =
        project_facts::find_many(&mut tx, &names, &touched).await?.into_iter().map(|facts| (facts.id, facts)).collect();
    drop(tx);
    let updates = touched
        .into_iter()
        .map(|id| facts.remove(&id).map_or(Update::Remove(id), |facts| Update::Put(Box::new(facts))))
        .collect();
    let atlas = Arc::clone(&app.atlas);
    off_thread(move || atlas.apply(places, updates, last)).await;
    Ok(true)
}
