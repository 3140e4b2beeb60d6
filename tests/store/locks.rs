//! Who writes at one moment with another on PostgreSQL waits and sees what that one wrote. SQLite has one writer.

use crate::common::{Engine, STRICT, TestApp, new_id, told};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tapak::domain::change::{ChangeAction, Entity};
use tapak::domain::doer::Doer;
use tapak::domain::job::JobKind;
use tapak::domain::scope::Scope;
use tapak::jobs::{rejudge, screen_write, worker};
use tapak::store::jobs::{NewJob, enqueue};
use tapak::store::pairs::{self, Digests, NewPair};
use tapak::store::{Change, acts, finding_pairs, findings as stored, judges, messages, projects, users};
use tapak::{app::App, findings};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Two works that are worth a look, smaller id first. Their screenings wait.
async fn register_doubles(app: &TestApp) -> [Uuid; 2] {
    let made = app.register_doubles().await;
    while app.app.follower().catch_up().await.unwrap() {}
    let mut ids = made.map(|work| work["id"].as_str().unwrap().parse().unwrap());
    ids.sort_unstable();
    ids
}

/// Waits until somebody waits for a lock in this database.
async fn until_it_waits<T>(app: &TestApp, work: &JoinHandle<T>) {
    const WAITING: &str =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    loop {
        let pool = app.app.store.postgres().unwrap();
        let (waiting,): (i64,) = sqlx::query_as(WAITING).fetch_one(pool).await.unwrap();
        if waiting > 0 {
            return;
        }
        assert!(!work.is_finished(), "it does not wait");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Runs the job that is due, aside.
fn work(app: &App) -> JoinHandle<()> {
    let app = app.clone();
    tokio::spawn(async move { assert!(worker::run_one(&app).await.unwrap()) })
}

async fn count_links(app: &TestApp, ids: &[Uuid]) -> usize {
    let mut tx = app.app.store.read().await.unwrap();
    pairs::list_links(&mut tx, ids, &BTreeSet::new()).await.unwrap().len()
}

async fn list_findings(app: &TestApp) -> Vec<Value> {
    let open = app.get("/api/v1/findings?state=open&kind=duplicate").await.json();
    open["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_is_not_kept_on_facts_that_somebody_is_just_correcting() {
    let Some(engine) = Engine::postgres().await else { return };
    let app = TestApp::start(engine, &[]).await;
    let ids = register_doubles(&app).await;
    let now = app.app.clock.now();
    let mut correcting = app.app.store.write().await.unwrap();
    let mut corrected = projects::find(&mut correcting, ids[1]).await.unwrap().unwrap();
    corrected.details.title = "Rehab Posyandu Melati".to_owned();
    assert!(projects::update(&mut correcting, &app.app.clock, &corrected, now).await.unwrap());
    let job = NewJob { id: new_id(), kind: JobKind::ScreenProject, subject_id: ids[1], run_at: now };
    enqueue(&mut correcting, &[job], now).await.unwrap();
    correcting.log(Change::new(now, Entity::Project, ids[1], ChangeAction::Correct, Doer::terminal()));

    let screening = work(&app.app);
    until_it_waits(&app, &screening).await;
    correcting.commit().await.unwrap();
    screening.await.unwrap();
    assert_eq!(count_links(&app, &ids).await, 0, "two titles are compared of which one is no more");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_judged_while_a_later_judge_is_put_to_work_is_judged_by_that_one_too() {
    let Some(engine) = Engine::postgres().await else { return };
    let app = TestApp::start(engine, &[]).await;
    rejudge::ask(&app.app).await.unwrap();
    app.work().await;
    register_doubles(&app).await;
    let later = app.another(STRICT).await;
    let judge = &later.atlas.judge;
    let mut beginning = later.store.write().await.unwrap();
    judges::lock(&mut beginning).await.unwrap();
    judges::begin(&mut beginning, judge.rules(), judge.fingerprint(), later.clock.now()).await.unwrap();

    let screening = work(&app.app);
    until_it_waits(&app, &screening).await;
    beginning.commit().await.unwrap();
    screening.await.unwrap();
    assert_eq!(list_findings(&app).await.len(), 1);
    while later.follower().catch_up().await.unwrap() {}
    worker::run_due(&later).await.unwrap();
    assert_eq!(list_findings(&app).await.len(), 0, "the later judge finds nothing in it, and was not asked");
    later.close().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_programs_that_start_at_one_moment_each_has_a_place_in_the_order_of_judges() {
    let Some(engine) = Engine::postgres().await else { return };
    let app = TestApp::start(engine, &[]).await;
    let later = app.another(STRICT).await;
    let judge = &app.app.atlas.judge;
    let mut beginning = app.app.store.write().await.unwrap();
    judges::lock(&mut beginning).await.unwrap();
    judges::begin(&mut beginning, judge.rules(), judge.fingerprint(), app.app.clock.now()).await.unwrap();

    let starting = tokio::spawn({
        let later = later.clone();
        async move { rejudge::ask(&later).await }
    });
    until_it_waits(&app, &starting).await;
    beginning.commit().await.unwrap();
    starting.await.unwrap().unwrap();
    let mut tx = later.store.read().await.unwrap();
    let last = judges::find_last(&mut tx).await.unwrap().unwrap();
    drop(tx);
    assert_eq!((last.number, last.fingerprint.as_str()), (2, later.atlas.judge.fingerprint()));
    later.close().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_make_findings_of_one_pair_the_second_one_finds_it_told() {
    let Some(engine) = Engine::postgres().await else { return };
    let app = TestApp::start(engine, &[]).await;
    let ids = register_doubles(&app).await;
    let now = app.app.clock.now();
    let verdict = app.app.atlas.judge_pair(ids[0], ids[1]).unwrap();
    let digests = Digests { facts: "f".to_owned(), verdict: "v".to_owned() };
    let pair = NewPair { id: new_id(), a_id: ids[0], b_id: ids[1], verdict: &verdict, digests };
    let mut tx = app.app.store.write().await.unwrap();
    pairs::upsert_many(&mut tx, &[pair], 0, now).await.unwrap();
    tx.commit().await.unwrap();
    let mut gathering = app.app.store.write().await.unwrap();
    finding_pairs::lock(&mut gathering).await.unwrap();
    findings::gather(&mut gathering, app.app.gathering(now, &Doer::job()), &ids).await.unwrap();

    let other = tokio::spawn({
        let (app, mut touched) = (app.app.clone(), BTreeSet::from(ids));
        async move { screen_write::write(&app, Some(&[]), &[], &mut touched).await }
    });
    until_it_waits(&app, &other).await;
    gathering.commit().await.unwrap();
    assert!(other.await.unwrap().unwrap());
    assert_eq!(list_findings(&app).await.len(), 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_tell_one_person_of_a_finding_the_second_one_is_silent() {
    let Some(engine) = Engine::postgres().await else { return };
    let app = TestApp::start(engine, &[]).await;
    register_doubles(&app).await;
    app.work_until(JobKind::NotifyRecipient).await;
    let finding = list_findings(&app).await[0]["id"].as_str().unwrap().parse().unwrap();
    let mut telling = app.app.store.write().await.unwrap();
    let round = stored::find(&mut telling, &Scope::all(), finding).await.unwrap().unwrap().round;
    let message = told("inspector@example.org", finding, round);
    assert!(messages::insert(&mut telling, &message, app.app.clock.now()).await.unwrap());

    let other = work(&app.app);
    until_it_waits(&app, &other).await;
    telling.commit().await.unwrap();
    other.await.unwrap();
    app.work().await;
    assert_eq!(count_messages(&app).await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_tell_one_person_of_a_comment_the_second_one_is_silent() {
    let Some(engine) = Engine::postgres().await else { return };
    let app = TestApp::start(engine, &[]).await;
    register_doubles(&app).await;
    app.work().await;
    assert_eq!(count_messages(&app).await, 1);
    let path = format!("/api/v1/findings/{}/comments", list_findings(&app).await[0]["id"].as_str().unwrap());
    app.post(&path, &json!({ "id": new_id(), "text": "Mohon dicek." })).await.is(StatusCode::OK);
    app.work_until(JobKind::NotifyOfActs).await;
    let mut telling = app.app.store.write().await.unwrap();
    let inspector = users::find_id(&mut telling, "inspector-35.10").await.unwrap().unwrap();
    let unsent = acts::list_unsent(&mut telling, inspector, 100).await.unwrap();
    let unsent: Vec<Uuid> = unsent.iter().map(|act| act.id).collect();
    assert_eq!(acts::settle(&mut telling, inspector, &unsent, None).await.unwrap(), 1);

    let other = work(&app.app);
    until_it_waits(&app, &other).await;
    telling.commit().await.unwrap();
    other.await.unwrap();
    app.work().await;
    assert_eq!(count_messages(&app).await, 1, "it was told twice");
    app.finish().await;
}

/// Messages to anybody.
async fn count_messages(app: &TestApp) -> usize {
    app.sign_in_as("administrator", None).await;
    let listed = app.get("/api/v1/messages").await.is(StatusCode::OK);
    listed["items"].as_array().unwrap().len()
}
