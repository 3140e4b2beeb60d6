//! Screening jobs for the projects of villages that changed.

use super::SHARE;
use crate::actions::Result;
use crate::app::App;
use crate::domain::Time;
use crate::domain::job::JobKind;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::{Tx, project_facts};
use uuid::Uuid;

/// One screening job for each of these villages that has projects; gives how many.
pub(super) async fn check_again(app: &App, villages: &[Uuid]) -> Result<usize> {
    let (mut villages, mut rechecked) = (villages.to_vec(), 0);
    // Jobs are enqueued in one order of subjects everywhere, so that no two of us wait for each other.
    villages.sort_unstable();
    for share in villages.chunks(SHARE) {
        let now = app.clock.now();
        let mut tx = app.store.write().await?;
        rechecked += recheck(app, &mut tx, share, now).await?;
        tx.commit().await?;
    }
    Ok(rechecked)
}

/// Enqueues the screening of those of these villages that have projects; gives how many.
pub(super) async fn recheck(app: &App, tx: &mut Tx, villages: &[Uuid], run_at: Time) -> Result<usize> {
    let mut with_projects = project_facts::villages_with_projects(tx, villages).await?;
    with_projects.sort_unstable();
    let job = |id: &Uuid| NewJob::new(&app.clock, JobKind::ScreenVillage, *id, run_at);
    let jobs: Vec<NewJob> = with_projects.iter().map(job).collect();
    enqueue(tx, &jobs, app.clock.now()).await?;
    Ok(jobs.len())
}
