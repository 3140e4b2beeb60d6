use crate::common::{TestApp, WEST, draft, jpeg, new_id, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tapak::app::App;
use tapak::budget::Share;
use tapak::domain::Time;
use tapak::domain::job::JobKind;
use tapak::jobs::{retry, worker};
use tapak::store::jobs::{self, NewJob};
use tokio::sync::{Mutex, watch};
use uuid::Uuid;

const LEASE: Duration = Duration::from_secs(60);

async fn enqueue(app: &App, subject_id: Uuid) {
    enqueue_kind(app, JobKind::ScreenVillage, subject_id).await;
}

async fn enqueue_kind(app: &App, kind: JobKind, subject_id: Uuid) {
    let mut tx = app.store.write().await.unwrap();
    let job = NewJob { id: new_id(), kind, subject_id, run_at: app.clock.now() };
    jobs::enqueue(&mut tx, &[job], app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn claim(app: &App) -> Option<jobs::Job> {
    let mut tx = app.store.write().await.unwrap();
    let job = jobs::claim(&mut tx, app.clock.now(), lease(app)).await.unwrap();
    tx.commit().await.unwrap();
    job
}

fn lease(app: &App) -> jobs::Lease<'_> {
    let judge = app.atlas.judge.fingerprint();
    jobs::Lease {
        owner: app.process.id(),
        time: LEASE,
        kinds: &[JobKind::ScreenVillage, JobKind::ScreenProject, JobKind::PreparePhoto],
        judge,
    }
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
    // Nor does it keep the lease of the other one going.
    app.app.clock.advance(LEASE - Duration::from_secs(1));
    let mut tx = app.app.store.write().await.unwrap();
    jobs::renew(&mut tx, &[dead], app.app.clock.now(), lease(&app.app)).await.unwrap();
    tx.commit().await.unwrap();
    app.app.clock.advance(Duration::from_secs(2));
    let last = claim(&app.app).await.unwrap();
    assert_eq!(last.attempt, 3);
    finish(&app.app, &last).await.unwrap();
});

on_both_engines!(a_job_that_fails_for_a_while_waits_longer_each_time, |app| {
    enqueue(&app.app, new_id()).await;
    let job = claim(&app.app).await.unwrap();
    let mut tx = app.app.store.write().await.unwrap();
    let later = app.app.clock.now() + Duration::from_secs(8);
    jobs::retry_later(&mut tx, &job, app.app.clock.now(), later, "the network is away").await.unwrap();
    tx.commit().await.unwrap();
    assert!(claim(&app.app).await.is_none());
    app.app.clock.advance(Duration::from_secs(9));
    let again = claim(&app.app).await.unwrap();
    assert_eq!(again.attempt, 2);
    finish(&app.app, &again).await.unwrap();
});

on_both_engines!(what_ends_its_process_each_time_is_given_up_and_the_others_of_its_batch_are_done, |app| {
    for _ in 0..3 {
        enqueue_kind(&app.app, JobKind::ScreenProject, new_id()).await;
    }
    let there = app.another(&[]).await;
    let first = claim(&there).await.unwrap();
    let mut tx = there.store.write().await.unwrap();
    let others =
        jobs::claim_batch(&mut tx, JobKind::ScreenProject, there.clock.now(), lease(&there), 60).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(others.len(), 2);
    worker::release_jobs_of_dead_processes(&app.app).await.unwrap();
    assert!(claim(&app.app).await.is_none(), "a process that lives keeps what it has in hand");
    there.close().await;
    for deaths in 1..=2 {
        let there = app.another(&[]).await;
        worker::release_jobs_of_dead_processes(&there).await.unwrap();
        // No lease is waited for, and each is in hand alone until it is known which one is harmless.
        let again = loop {
            let job = claim(&there).await.unwrap();
            assert!(claim(&there).await.is_none());
            if job.id == first.id {
                break job;
            }
            finish(&there, &job).await.unwrap();
        };
        assert_eq!(again.deaths, deaths);
        there.close().await;
    }
    worker::run_due(&app.app).await.unwrap();
    let mut tx = app.app.store.read().await.unwrap();
    assert!(jobs::list(&mut tx, false, 9).await.unwrap().is_empty(), "the others are done");
    let given_up = jobs::list(&mut tx, true, 9).await.unwrap();
    drop(tx);
    assert_eq!(given_up.iter().map(|job| job.id).collect::<Vec<_>>(), [first.id]);
    assert_eq!(given_up[0].last_error.as_deref(), Some("the process running it died 3 times"));
    let mut tx = app.app.store.write().await.unwrap();
    assert!(jobs::revive(&mut tx, first.id, app.app.clock.now()).await.unwrap());
    tx.commit().await.unwrap();
});

on_both_engines!(a_screening_that_did_not_work_is_tried_again_alone, |app| {
    let waiting = async || {
        let mut tx = app.app.store.read().await.unwrap();
        let waiting = jobs::list(&mut tx, false, 9).await.unwrap();
        waiting.into_iter().map(|job| (job.id, job.attempts)).collect::<Vec<_>>()
    };
    let did_not_work = async |subject: Uuid| {
        enqueue_kind(&app.app, JobKind::ScreenProject, subject).await;
        let job = claim(&app.app).await.unwrap();
        let now = app.app.clock.now();
        let mut tx = app.app.store.write().await.unwrap();
        jobs::retry_later(&mut tx, &job, now, now, "its rows cannot be read").await.unwrap();
        tx.commit().await.unwrap();
        job.id
    };
    // It comes first, and takes no other one along.
    did_not_work(new_id()).await;
    enqueue_kind(&app.app, JobKind::ScreenProject, new_id()).await;
    assert!(worker::run_one(&app.app).await.unwrap());
    let left = waiting().await;
    assert!(matches!(left[..], [(_, 0)]), "{left:?}");
    // One that comes first for the first time does not take it along either.
    app.app.clock.advance(Duration::from_secs(1));
    let bad = did_not_work(new_id()).await;
    assert!(worker::run_one(&app.app).await.unwrap());
    assert_eq!(waiting().await, [(bad, 1)]);
});

on_both_engines!(a_clock_that_is_set_back_delays_no_job, |app| {
    let there = app.another(&[]).await;
    app.app.clock.advance(Duration::from_secs(86_400));
    enqueue_kind(&app.app, JobKind::ScreenProject, new_id()).await;
    // The same day by the clock that was not set forward.
    assert_eq!(worker::run_due(&there).await.unwrap(), 1);
    there.close().await;
});

on_both_engines!(a_lease_that_is_renewed_does_not_end, |app| {
    enqueue(&app.app, new_id()).await;
    let job = claim(&app.app).await.unwrap();
    for _ in 0..3 {
        app.app.clock.advance(LEASE - Duration::from_secs(1));
        let mut tx = app.app.store.write().await.unwrap();
        jobs::renew(&mut tx, std::slice::from_ref(&job), app.app.clock.now(), lease(&app.app)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(claim(&app.app).await.is_none());
    }
    finish(&app.app, &job).await.unwrap();
});

on_both_engines!(a_job_given_back_while_another_of_its_subject_is_written_makes_one_job, |app| {
    for round in 0..12 {
        let subject = new_id();
        enqueue(&app.app, subject).await;
        let job = claim(&app.app).await.unwrap();
        let now = app.app.clock.now();
        let give_back = async {
            let mut tx = app.app.store.write().await.unwrap();
            if round % 2 == 0 {
                jobs::postpone(&mut tx, &job, now, now).await.unwrap();
            } else {
                jobs::fail(&mut tx, &job, now, "a fault").await.unwrap();
                tx.commit().await.unwrap();
                tx = app.app.store.write().await.unwrap();
                assert!(jobs::revive(&mut tx, job.id, now).await.unwrap());
            }
            tx.commit().await.unwrap();
        };
        tokio::join!(give_back, enqueue(&app.app, subject), enqueue(&app.app, subject));
        let again = claim(&app.app).await.unwrap();
        finish(&app.app, &again).await.unwrap();
        assert!(claim(&app.app).await.is_none());
    }
});

on_both_engines!(a_job_for_later_is_written_now, |app| {
    let now = app.app.clock.now();
    let hour = Duration::from_secs(3_600);
    let mut tx = app.app.store.write().await.unwrap();
    let job = NewJob { id: new_id(), kind: JobKind::ScreenProject, subject_id: new_id(), run_at: now + hour };
    jobs::enqueue(&mut tx, &[job], now).await.unwrap();
    assert_eq!(jobs::count_due(&mut tx, &[JobKind::ScreenProject], now).await.unwrap(), 1, "written now");
    assert_eq!(jobs::count_due(&mut tx, &[JobKind::ScreenProject], now - hour).await.unwrap(), 0, "not before");
    tx.commit().await.unwrap();
    app.app.clock.advance(hour);
});

/// Sends a photo whose small pictures cannot be made before the memory is given back: others have all of it.
async fn photo_that_waits(app: &TestApp) -> Share {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&draft(app.village(WEST).await, "Jalan", road(114.305, -8.21))).await;
    app.work().await;
    let (photo, bytes) = (new_id(), jpeg(64, 48));
    let report = json!({ "id": new_id(), "percent": 20.0, "reported_on": "2026-11-01",
        "photos": [{ "id": photo, "position": 1, "bytes": bytes.len() }] });
    let path = format!("/api/v1/projects/{}/reports", project["id"].as_str().unwrap());
    app.post(&path, &report).await.is(StatusCode::CREATED);
    app.put_bytes(&format!("/api/v1/photos/{photo}/original"), "image/jpeg", bytes).await.is(StatusCode::CREATED);
    let mut others = app.app.pictures.memory().open();
    assert!(others.grow(app.app.pictures.memory().all(), Duration::ZERO).await);
    others
}

on_both_engines!(a_job_that_outlasts_its_lease_is_not_taken_by_another_process, [("workers", "1")], |app| {
    let others = photo_that_waits(&app).await;
    let there = app.another(&[]).await;
    let (stop, stopped) = watch::channel(false);
    let workers = tokio::spawn(worker::run(app.app.clone(), Duration::from_millis(300), stopped));
    let mut photo = only_photo(&app.app).await.unwrap();
    while photo.attempts == 0 {
        photo = only_photo(&app.app).await.unwrap();
    }
    let first_end: Time = photo.run_at.parse().unwrap();
    // After a minute the test has failed.
    for _ in 0..3_000 {
        if only_photo(&app.app).await.unwrap().run_at > photo.run_at {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut tx = there.store.write().await.unwrap();
    let lease = jobs::Lease { kinds: &[JobKind::PreparePhoto], ..lease(&there) };
    assert_eq!(jobs::claim(&mut tx, first_end, lease).await.unwrap(), None, "two have it in hand at the same time");
    drop(tx);
    drop(others);
    while only_photo(&app.app).await.is_some() {
        tokio::task::yield_now().await;
    }
    stop.send_replace(true);
    workers.await.unwrap();
    there.close().await;
});

/// The job of the one photo, until it is done.
async fn only_photo(app: &App) -> Option<jobs::JobView> {
    let mut tx = app.store.read().await.unwrap();
    jobs::list(&mut tx, false, 9).await.unwrap().into_iter().find(|job| job.kind == "prepare_photo")
}

on_both_engines!(what_takes_long_is_given_back_at_the_end_as_if_it_had_never_begun, |app| {
    let others = photo_that_waits(&app).await;
    let (stop, stopped) = watch::channel(false);
    let workers = tokio::spawn(worker::run(app.app.clone(), retry::LEASE, stopped));
    while in_hand(&app.app).await == 0 {
        tokio::task::yield_now().await;
    }
    stop.send_replace(true);
    workers.await.unwrap();
    drop(others);
    assert_eq!(in_hand(&app.app).await, 0);
    let mut tx = app.app.store.read().await.unwrap();
    let waiting = jobs::list(&mut tx, false, 9).await.unwrap();
    drop(tx);
    assert_eq!(waiting.iter().map(|job| (job.kind.as_str(), job.attempts)).collect::<Vec<_>>(), [("prepare_photo", 0)]);
    assert_eq!(waiting[0].last_error, None);
    let again = claim(&app.app).await.unwrap();
    assert_eq!((again.attempt, again.deaths), (1, 0));
    let mut tx = app.app.store.write().await.unwrap();
    jobs::postpone(&mut tx, &again, app.app.clock.now(), app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
});

/// How many processes have jobs in hand.
async fn in_hand(app: &App) -> usize {
    let mut tx = app.store.read().await.unwrap();
    jobs::list_owners(&mut tx).await.unwrap().len()
}

on_both_engines!(a_job_that_only_a_newer_program_knows_is_left_to_that_one, |app| {
    let subject = new_id();
    enqueue(&app.app, subject).await;
    app.engine.execute(app.folder.path(), "UPDATE jobs SET kind = 'of_tomorrow'").await;
    assert_eq!(worker::run_due(&app.app).await.unwrap(), 0, "this program knows no job of that name");
    let mut tx = app.app.store.read().await.unwrap();
    assert!(jobs::list(&mut tx, true, 10).await.unwrap().is_empty(), "and gives none up for it");
    drop(tx);
    // What the newer one gave up can be asked for again from here.
    app.engine.execute(app.folder.path(), "UPDATE jobs SET failed_at = created_at").await;
    let mut tx = app.app.store.write().await.unwrap();
    let id = jobs::list(&mut tx, true, 10).await.unwrap()[0].id;
    assert!(jobs::revive(&mut tx, id, app.app.clock.now()).await.unwrap());
    tx.commit().await.unwrap();
    app.engine.execute(app.folder.path(), "UPDATE jobs SET kind = 'screen_village'").await;
    let job = claim(&app.app).await.expect("whoever knows it finds it untried");
    assert_eq!((job.subject_id, job.attempt), (subject, 1));
    finish(&app.app, &job).await.unwrap();
});
