use crate::common::{new_id, on_both_engines};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tapak::app::App;
use tapak::store::jobs::{self, NewJob};
use tokio::sync::Mutex;
use uuid::Uuid;

const LEASE: Duration = Duration::from_secs(60);

async fn enqueue(app: &App, subject_id: Uuid) {
    let mut tx = app.store.write().await.unwrap();
    let job = NewJob { id: new_id(), kind: "test", subject_id, run_at: app.clock.now() };
    jobs::enqueue(&mut tx, &[job], app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn claim(app: &App) -> Option<jobs::Job> {
    let mut tx = app.store.write().await.unwrap();
    let job = jobs::claim(&mut tx, app.clock.now(), LEASE).await.unwrap();
    tx.commit().await.unwrap();
    job
}

async fn finish(app: &App, job: &jobs::Job) -> tapak::store::Result<()> {
    let mut tx = app.store.write().await.unwrap();
    jobs::finish(&mut tx, job).await?;
    tx.commit().await
}

on_both_engines!(sixteen_workers_never_have_one_job_twice, |app| {
    for _ in 0..100 {
        enqueue(&app.app, new_id()).await;
    }
    let done = Arc::new(Mutex::new(Vec::new()));
    let workers: Vec<_> = (0..16)
        .map(|_| {
            let (app, done) = (app.app.clone(), done.clone());
            tokio::spawn(async move {
                while let Some(job) = claim(&app).await {
                    done.lock().await.push(job.subject_id);
                    finish(&app, &job).await.unwrap();
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    let done = done.lock().await;
    assert_eq!((done.len(), done.iter().collect::<BTreeSet<_>>().len()), (100, 100));
});

on_both_engines!(a_waiting_job_serves_for_both_changes_and_one_in_hand_does_not, |app| {
    let subject = new_id();
    enqueue(&app.app, subject).await;
    enqueue(&app.app, subject).await;
    let first = claim(&app.app).await.unwrap();
    assert!(claim(&app.app).await.is_none(), "two changes, one job");
    // A change that comes while the job runs has one of its own, which waits until the first is done.
    enqueue(&app.app, subject).await;
    assert!(claim(&app.app).await.is_none(), "never one subject twice at the same time");
    finish(&app.app, &first).await.unwrap();
    let second = claim(&app.app).await.unwrap();
    finish(&app.app, &second).await.unwrap();
});

on_both_engines!(a_worker_that_died_loses_its_lease_and_cannot_finish, |app| {
    enqueue(&app.app, new_id()).await;
    let dead = claim(&app.app).await.unwrap();
    app.app.clock.advance(LEASE + Duration::from_secs(1));
    let next = claim(&app.app).await.unwrap();
    assert_eq!((next.id, next.attempt), (dead.id, 2));
    assert!(matches!(finish(&app.app, &dead).await, Err(tapak::store::StoreError::LeaseLost(_))));
    finish(&app.app, &next).await.unwrap();
});

on_both_engines!(a_job_that_fails_for_a_while_waits_longer_each_time, |app| {
    enqueue(&app.app, new_id()).await;
    let job = claim(&app.app).await.unwrap();
    let mut tx = app.app.store.write().await.unwrap();
    let later = app.app.clock.now() + Duration::from_secs(8);
    jobs::retry_later(&mut tx, &job, later, "the network is away").await.unwrap();
    tx.commit().await.unwrap();
    assert!(claim(&app.app).await.is_none());
    app.app.clock.advance(Duration::from_secs(9));
    let again = claim(&app.app).await.unwrap();
    assert_eq!(again.attempt, 2);
    finish(&app.app, &again).await.unwrap();
});
