//! The worker: claims jobs, runs them, and records their outcome.

use super::{
    JobError, backup, compose_acts, compose_alerts, prepare_photo, retry, screen, send_code, send_mail, tell_owner,
    upload,
};
use crate::app::App;
use crate::domain::job::JobKind;
use crate::domain::message::MessageState;
use crate::domain::progress::PhotoState;
use crate::store::jobs::{self, Job, Lease};
use crate::store::{StoreError, messages, photos, process, to_text, uploads};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::{error, info, warn};

/// Maximum sleep of a worker: another process may have written a job.
const POLL: Duration = Duration::from_secs(1);

/// Interval of the check for dead processes.
const ROUND: Duration = Duration::from_secs(10);

/// Screenings of single projects that a worker claims at once, to read their facts and write their pairs together.
const BATCH: i64 = 60;

/// How long running jobs may continue after the signal to stop. Then they are released as if they had never begun.
const GRACE: Duration = Duration::from_secs(2);

/// Runs jobs until `stop` turns true, several at once, each under a `lease` that is renewed while the work goes on.
/// It ends within `GRACE`, plus the time of the last database calls.
pub async fn run(app: App, lease: Duration, mut stop: watch::Receiver<bool>) {
    let mut workers = JoinSet::new();
    workers.spawn(watch_for_dead_processes(app.clone(), stop.clone()));
    for _ in 0..app.config.workers {
        let (app, mut stop) = (app.clone(), stop.clone());
        workers.spawn(async move {
            loop {
                if *stop.borrow() {
                    return;
                }
                // Subscribed before the check, so that a job committed in between still wakes this worker.
                let changed = app.store.changed.clone();
                let changed = changed.notified();
                match run_one_until(&app, lease, grace_is_over(stop.clone())).await {
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(e) => error!("the job table cannot be read: {e}"),
                }
                tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep(POLL) => {}
                    _ = stop.wait_for(|stop| *stop) => return,
                }
            }
        });
    }
    let _ = stop.wait_for(|stop| *stop).await;
    while workers.join_next().await.is_some() {}
}

async fn grace_is_over(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
    tokio::time::sleep(GRACE).await;
}

/// Ends the leases of dead processes, at the start and at intervals.
async fn watch_for_dead_processes(app: App, mut stop: watch::Receiver<bool>) {
    loop {
        match release_jobs_of_dead_processes(&app).await {
            Ok(()) => app.pulse.beat(Instant::now()),
            Err(e) => warn!("dead processes cannot be detected: {e}"),
        }
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// Ends the leases of dead processes: their jobs are due at once.
pub async fn release_jobs_of_dead_processes(app: &App) -> Result<(), StoreError> {
    app.process.hold_on(&app.store).await?;
    let mut tx = app.store.read().await?;
    let owners = jobs::list_owners(&mut tx).await?;
    drop(tx);
    for owner in owners.into_iter().filter(|owner| *owner != app.process.id()) {
        if process::is_dead(&app.store, owner).await? {
            let mut tx = app.store.write().await?;
            let released = jobs::release(&mut tx, owner, app.clock.now()).await?;
            tx.commit().await?;
            warn!("a process died holding {released} jobs: released them");
        }
    }
    Ok(())
}

/// Runs jobs until none is due; returns how many were run. For the command line and tests.
pub async fn run_due(app: &App) -> Result<usize, StoreError> {
    let mut run = 0;
    release_jobs_of_dead_processes(app).await?;
    while run_one(app).await? {
        run += 1;
    }
    Ok(run)
}

/// Claims and runs one job, or several screenings together; `false` if none is due.
pub async fn run_one(app: &App) -> Result<bool, StoreError> {
    run_one_until(app, retry::LEASE, std::future::pending()).await
}

/// As [`run_one`], but releases the jobs still running at `end`.
async fn run_one_until(app: &App, time: Duration, end: impl Future<Output = ()>) -> Result<bool, StoreError> {
    let now = app.clock.now();
    let judge = app.atlas.judge.fingerprint();
    // A process that knows no place for backups leaves them to one that does.
    let is_ours = |kind: &JobKind| *kind != JobKind::Backup || app.config.backup.is_some();
    let kinds: Vec<JobKind> = JobKind::ALL.iter().copied().filter(is_ours).collect();
    let lease = Lease { owner: app.process.id(), time, kinds: &kinds, judge };
    let mut tx = app.store.read().await?;
    let clock_behind = jobs::is_clock_behind(&mut tx, now).await?;
    if !clock_behind && !jobs::is_any_due(&mut tx, now, lease).await? {
        return Ok(false);
    }
    drop(tx);
    let mut tx = app.store.write().await?;
    if clock_behind {
        warn!("the clock was set back: delayed jobs are due now");
        jobs::set_clock_back(&mut tx, now).await?;
    }
    let Some(job) = jobs::claim(&mut tx, now, lease).await? else {
        if clock_behind {
            tx.commit().await?;
        }
        return Ok(false);
    };
    let mut taken = vec![job];
    if taken[0].kind == JobKind::ScreenProject && taken[0].attempt == 1 && taken[0].deaths == 0 {
        taken.extend(jobs::claim_batch(&mut tx, JobKind::ScreenProject, now, lease, BATCH).await?);
    }
    tx.commit().await?;
    if taken[0].deaths >= retry::DEATHS {
        let reason = format!("the process running it died {} times", taken[0].deaths);
        settle(app, &taken[0], JobError::Fail(reason)).await?;
        return Ok(true);
    }
    let mut working = JoinSet::new();
    working.spawn({
        let (app, taken) = (app.clone(), taken.clone());
        async move { work(&app, &taken).await }
    });
    let mut end = std::pin::pin!(end);
    let outcome = loop {
        tokio::select! {
            biased;
            // A panic is a bug: the job stays visible and the worker goes on.
            Some(ended) = working.join_next() => {
                break ended.unwrap_or_else(|e| Err(JobError::Retry(format!("the job panicked: {e}"))));
            }
            () = &mut end => {
                // Its writes are rolled back; if it had just finished, there is nothing to release.
                working.shutdown().await;
                info!("released {} {}: the program is stopping", taken[0].kind, taken[0].subject_id);
                break Err(JobError::Postpone(Duration::ZERO, "the restart of the program"));
            }
            () = tokio::time::sleep(lease.time / 3) => renew_lease(app, &taken, lease).await,
        }
    };
    if let Err(e) = outcome {
        let is_batch = taken.len() > 1;
        for job in &taken {
            // Nothing of the others' work was stored either: each is released, to be retried by itself.
            let e = match &e {
                JobError::LeaseLost if is_batch => JobError::Postpone(Duration::ZERO, "its turn"),
                other => other.clone(),
            };
            settle(app, job, e).await?;
        }
    }
    Ok(true)
}

/// Renews the lease of long work, so that nobody else starts it.
async fn renew_lease(app: &App, taken: &[Job], lease: Lease<'_>) {
    let renewed = async {
        let mut tx = app.store.write().await?;
        jobs::renew(&mut tx, taken, app.clock.now(), lease).await?;
        tx.commit().await
    };
    if let Err(e) = renewed.await {
        warn!("a lease could not be renewed: {e}");
    }
}

/// Does the work and finishes the job in the transaction that stores its result.
async fn work(app: &App, taken: &[Job]) -> Result<(), JobError> {
    let Some(job) = taken.first() else { return Ok(()) };
    match job.kind {
        JobKind::ScreenProject => screen::projects(app, taken).await,
        JobKind::ScreenChunk => screen::chunk(app, job).await,
        JobKind::ScreenVillage => screen::village(app, job).await,
        JobKind::Upload => upload::run(app, job).await,
        JobKind::PreparePhoto => prepare_photo::run(app, job).await,
        JobKind::ComposeAlerts => compose_alerts::run(app, job).await,
        JobKind::NotifyRecipient => compose_alerts::notify(app, job).await,
        JobKind::ComposeActs => compose_acts::run(app, job).await,
        JobKind::NotifyOfActs => compose_acts::notify(app, job).await,
        JobKind::SendMail => send_mail::run(app, job).await,
        JobKind::SendCode => send_code::run(app, job).await,
        JobKind::TellOwner => tell_owner::run(app, job).await,
        JobKind::Backup => backup::run(app, job).await,
    }
}

async fn settle(app: &App, job: &Job, error: JobError) -> Result<(), StoreError> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let settled = match &error {
        JobError::LeaseLost => return Ok(()),
        JobError::Postpone(pause, _) => jobs::postpone(&mut tx, job, now, now + *pause).await,
        JobError::Retry(reason) if job.attempt < retry::TRIES => {
            let again = now + retry::pause(job.attempt);
            info!(job.id = %job.id, "{} {} will be retried at {}: {}", job.kind, job.subject_id, to_text(again), without_addresses(reason));
            jobs::retry_later(&mut tx, job, now, again, reason).await
        }
        JobError::Retry(reason) | JobError::Fail(reason) => {
            warn!(job.id = %job.id, "{} {} failed: {}", job.kind, job.subject_id, without_addresses(reason));
            if job.kind == JobKind::SendMail {
                messages::mark(&mut tx, job.subject_id, MessageState::Failed, Some(reason), None).await?;
            }
            if job.kind == JobKind::PreparePhoto {
                photos::mark(&mut tx, job.subject_id, PhotoState::Failed, Some(reason)).await?;
            }
            if job.kind == JobKind::Backup {
                backup::ask_again(app, &mut tx).await?;
            }
            if job.kind == JobKind::Upload {
                uploads::fail(&mut tx, job.subject_id, &upload::plain_problem("upload_broke_off"), now).await?;
            }
            jobs::fail(&mut tx, job, now, reason).await
        }
    };
    match settled {
        Err(StoreError::LeaseLost(_)) => Ok(()),
        other => {
            other?;
            tx.commit().await
        }
    }
}

/// A reason for the log: what a mail server says often repeats the address. The job keeps the whole.
fn without_addresses(reason: &str) -> String {
    let words = reason.split(' ').map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_address_of_a_mail_comes_into_the_log() {
        let said = "permanent error (550): 5.1.1 <siti@example.go.id>: Recipient rejected";
        assert_eq!(super::without_addresses(said), "permanent error (550): 5.1.1 … Recipient rejected");
    }
}
