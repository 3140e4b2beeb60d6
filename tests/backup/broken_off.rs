//! A backup, a restore or a move that is killed: nothing is half done, and the next one goes on.

use super::target::{lists, pieces};
use crate::common::recorded::{Home, Recorded, command, refuses, succeeds};
use crate::common::{TestApp, jpeg, on_both_engines};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

/// Starts a verb and kills it once this holds; gives whether it was still running then.
async fn kill_once(mut child: Child, holds: impl Fn() -> bool) -> bool {
    for _ in 0..60_000 {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if holds() {
            let _ = child.kill();
            return !child.wait().unwrap().success();
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("it does neither begin nor end");
}

fn spawn(folder: &Path, app: &crate::common::Engine, arguments: &[&str]) -> Child {
    command(folder, app, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Works with many photos, so that there is time to be killed.
async fn many(app: &TestApp) -> Recorded {
    let mut recorded = Recorded::make(app, 2).await;
    for at in 0..40 {
        recorded.photograph(app, recorded.projects[0].0, jpeg(100 + at, 80)).await;
    }
    recorded.settle(app).await;
    recorded
}

on_both_engines!(a_backup_that_is_killed_is_none_and_what_it_sent_serves_the_next, |app| {
    let recorded = many(&app).await;
    let place = app.folder.path().join("cadangan");
    let files = place.join("files");
    let sent = || pieces(&place).iter().filter(|piece| piece.starts_with(&files)).count();
    let child = spawn(app.folder.path(), &app.engine, &["backup", "cadangan"]);
    assert!(kill_once(child, || sent() >= 10).await, "it was done before it could be killed");
    assert_eq!(lists(&place).len(), 0, "half a backup is named");
    refuses(app.run(&["backup", "verify", "cadangan"]), "There is no whole backup");
    let there = sent();
    let times = |piece: &std::path::PathBuf| std::fs::metadata(piece).unwrap().modified().unwrap();
    let before: Vec<_> = pieces(&place)
        .into_iter()
        .filter(|piece| piece.starts_with(&files))
        .map(|piece| (times(&piece), piece))
        .collect();
    app.runs(&["backup", "cadangan"]);
    assert!(before.iter().all(|(time, piece)| times(piece) == *time), "{there} photos are sent again");
    app.runs(&["backup", "verify", "cadangan"]);
    let to = Home::empty(&app.engine).await;
    succeeds(to.run(&["restore", place.to_str().unwrap()]));
    let other = to.open().await;
    recorded.is_in(&other).await;
    other.finish().await;
});

on_both_engines!(a_restore_that_is_killed_is_refused_by_the_service_and_goes_on, |app| {
    let recorded = many(&app).await;
    app.runs(&["backup", "cadangan"]);
    let target = app.folder.path().join("cadangan").display().to_string();
    let to = Home::empty(&app.engine).await;
    let originals = to.folder.path().join("data/photos/originals");
    let child = spawn(to.folder.path(), &to.engine, &["restore", &target]);
    let shelves = || std::fs::read_dir(&originals).map_or(0, Iterator::count);
    assert!(kill_once(child, || shelves() >= 5).await, "it was done before it could be killed");
    refuses(to.run(&["user", "list"]), "restore");
    // Not with another backup in between.
    app.runs(&["backup", "cadangan"]);
    refuses(to.run(&["restore", &target]), "Another restore or move broke off in");
    let first = lists(Path::new(&target)).remove(0);
    let name = first.file_name().unwrap().to_str().unwrap().to_owned();
    succeeds(to.run(&["restore", &target, "--backup", &name]));
    let other = to.open().await;
    recorded.is_in(&other).await;
    other.finish().await;
});
