//! Two programs beside each other at one database, whose judges say different things of the same works.

use crate::common::{STRICT, TestApp, WEST, draft, new_id, on_both_engines, road};
use serde_json::{Value, json};
use tapak::app::App;
use tapak::domain::job::JobKind;
use tapak::jobs::{rejudge, worker};
use tapak::store::{jobs, judges};
use uuid::Uuid;

/// The rules of the program that the test runs are somewhere between.
const OLDER: u32 = 1;
const NEWER: u32 = 1_000_000;

/// Lets both work in turns, `first` always before `second`, until neither has anything to do; gives how many screenings were
/// done. Two programs that take back each other's work would never come to an end.
async fn screen_in_turns(first: &App, second: &App) -> usize {
    let mut done = 0;
    for _ in 0..10 {
        let mut of_round = 0;
        for app in [first, second] {
            while app.follower().catch_up().await.unwrap() {}
            of_round += screen(app).await;
        }
        if of_round == 0 {
            return done;
        }
        done += of_round;
    }
    panic!("{done} screenings, and still there are more");
}

/// Runs what is due, and gives how many screenings there were among it.
async fn screen(app: &App) -> usize {
    let before = count_screenings(app).await;
    work(app).await;
    before - count_screenings(app).await.min(before)
}

/// Runs what is due; gives how many jobs there were.
async fn work(app: &App) -> usize {
    for done in 0..100 {
        if !worker::run_one(app).await.unwrap() {
            return done;
        }
    }
    panic!("it asks itself for the same work again and again");
}

async fn count_screenings(app: &App) -> usize {
    let mut tx = app.store.read().await.unwrap();
    let waiting = jobs::list(&mut tx, false, 1_000).await.unwrap();
    waiting
        .iter()
        .filter(|job| JobKind::parse(&job.kind).is_some_and(|kind| JobKind::SCREENING.contains(&kind)))
        .count()
}

async fn ask_for_screening(app: &App, subject_id: Uuid) {
    let now = app.clock.now();
    let mut tx = app.store.write().await.unwrap();
    let job = jobs::NewJob { id: new_id(), kind: JobKind::ScreenProject, subject_id, run_at: now };
    jobs::enqueue(&mut tx, &[job], now).await.unwrap();
    tx.commit().await.unwrap();
}

async fn alerts(app: &TestApp) -> usize {
    let open = app.get("/api/v1/findings?state=open&kind=duplicate").await.json();
    open["items"].as_array().unwrap().len()
}

fn id(project: &Value) -> Uuid {
    project["id"].as_str().unwrap().parse().unwrap()
}

on_both_engines!(an_older_program_does_not_overwrite_verdicts_of_a_newer_one_beside_it, |app| {
    let [a, _] = app.register_doubles().await;
    let newer = &app.app;
    let older = app.another_version(OLDER, STRICT).await;
    rejudge::ask(&older).await.unwrap();
    screen_in_turns(&older, &older).await;
    assert_eq!(alerts(&app).await, 0, "the older one sees nothing in it");

    // The newer one comes: it alone judges anew what was judged before.
    rejudge::ask(newer).await.unwrap();
    assert_eq!(screen(&older).await, 0, "the older one took what the newer one had asked for");
    assert!(screen_in_turns(&older, newer).await > 0);
    assert_eq!(alerts(&app).await, 1);

    // The older one starts again and again.
    for _ in 0..3 {
        rejudge::ask(&older).await.unwrap();
        rejudge::ask(newer).await.unwrap();
        assert_eq!(screen_in_turns(&older, newer).await, 0, "they judge each other's pairs for ever");
    }

    // It screens a work of which nothing changed: what the newer one said stands at every moment.
    ask_for_screening(&older, id(&a)).await;
    work(&older).await;
    assert_eq!(alerts(&app).await, 1, "the same facts, judged by the older one");
    assert_eq!(screen_in_turns(&older, newer).await, 1, "the newer one has the last word, once");
    assert_eq!(alerts(&app).await, 1);

    // A correction is judged by whoever comes first, and by the newer one at last.
    let change =
        json!({ "row_version": a["row_version"], "reason": "dilihat di lapangan", "title": "Paving Gang Masjid RT 2" });
    app.patch(&format!("/api/v1/projects/{}", id(&a)), &change).await.is(reqwest::StatusCode::OK);
    while older.follower().catch_up().await.unwrap() {}
    work(&older).await;
    assert_eq!(alerts(&app).await, 0, "other facts: the older one judges until the newer one does");
    assert!(screen_in_turns(&older, newer).await <= 2);
    assert_eq!(alerts(&app).await, 1, "the newer one judged it anew");
    older.close().await;
});

on_both_engines!(findings_of_an_older_program_vanish_where_a_newer_one_is_silent, |app| {
    let [a, b] = app.register_doubles().await;
    let (older, newer) = (&app.app, app.another_version(NEWER, STRICT).await);
    rejudge::ask(older).await.unwrap();
    work(older).await;
    assert_eq!(alerts(&app).await, 1);
    rejudge::ask(&newer).await.unwrap();
    screen_in_turns(older, &newer).await;
    assert_eq!(alerts(&app).await, 0);
    for project in [&a, &b] {
        ask_for_screening(older, id(project)).await;
    }
    assert_eq!(screen(older).await, 0, "each was asked for again, of the newer one");
    assert_eq!(alerts(&app).await, 0, "the newer one had said that it is none");
    // A third one, registered where the older program answers.
    let third = draft(app.village(WEST).await, "Paving Gang Masjid RT 02 dan Anggrek", road(114.306, -8.21));
    app.register(&third).await;
    let done = screen_in_turns(older, &newer).await;
    assert!((1..=4).contains(&done), "{done} screenings after one registration");
    assert_eq!(alerts(&app).await, 0, "the newer one has the last word");
    newer.close().await;
});

on_both_engines!(of_two_programs_with_the_same_rules_the_one_that_started_last_has_the_last_word, |app| {
    let [a, _] = app.register_doubles().await;
    let strict = app.another(STRICT).await;
    rejudge::ask(&app.app).await.unwrap();
    screen_in_turns(&app.app, &strict).await;
    assert_eq!(alerts(&app).await, 1);
    for (first, last, expected) in [(&app.app, &strict, 0), (&strict, &app.app, 1)] {
        rejudge::ask(last).await.unwrap();
        screen_in_turns(first, last).await;
        assert_eq!(alerts(&app).await, expected);
        ask_for_screening(first, id(&a)).await;
        work(first).await;
        assert_eq!(alerts(&app).await, expected, "the one before judged it back");
        assert_eq!(screen_in_turns(first, last).await, 1);
        assert_eq!(alerts(&app).await, expected);
        rejudge::ask(last).await.unwrap();
        assert_eq!(screen_in_turns(first, last).await, 0, "started again it is the same judge");
    }
    strict.close().await;
});

on_both_engines!(an_older_program_judges_changes_after_the_newer_one_was_removed, |app| {
    let newer = app.another_version(NEWER, STRICT).await;
    rejudge::ask(&newer).await.unwrap();
    newer.close().await;
    rejudge::ask(&app.app).await.unwrap();
    app.register_doubles().await;
    work(&app.app).await;
    assert_eq!(alerts(&app).await, 1, "nobody else is there to find it");
    // A work whose screening already waits for the newer one is screened by the older one as soon as it changes.
    let west = app.village(WEST).await;
    let third = app.register(&draft(west, "Rehab Balai Dusun", road(114.35, -8.25))).await;
    work(&app.app).await;
    ask_for_screening(&app.app, id(&third)).await;
    assert_eq!(work(&app.app).await, 1);
    let newer = app.another_version(NEWER, STRICT).await;
    assert_eq!(screen(&newer).await, 3, "what waits for it is done when it comes back");
    assert_eq!(alerts(&app).await, 0);
    newer.close().await;
});

on_both_engines!(a_judge_recorded_by_an_earlier_version_is_recognised, |app| {
    let fingerprint = app.app.atlas.judge.fingerprint().to_owned();
    let mut tx = app.app.store.write().await.unwrap();
    judges::lock(&mut tx).await.unwrap();
    // As the migration takes it over: the rules of who noted it are not known.
    judges::begin(&mut tx, 0, &fingerprint, app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    app.register_doubles().await;
    app.work().await;
    rejudge::ask(&app.app).await.unwrap();
    assert_eq!(app.work().await, 0, "an update without other rules judged everything anew");
});
