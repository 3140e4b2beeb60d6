//! An import with its screenings, and the Atlas of what came in.

use crate::table::{Table, ms, peak_mib, quantile};
use crate::{Failure, open};
use std::path::Path;
use std::time::{Duration, Instant};
use tapak::actions::{import_projects, import_villages};
use tapak::duplicates::extract_owner;
use tapak::import::{Input, ReadOptions, VillageReading};
use tapak::jobs::{retry, worker};
use tapak::store::jobs;
use tokio::sync::watch;

/// The file goes in while workers screen what has come, as beside a running server.
pub async fn import(
    table: &mut Table,
    data: &Path,
    villages: &Path,
    projects: &Path,
    count: usize,
) -> Result<(), Failure> {
    let app = open(data).await?;
    app.follower().load().await?;
    let options = import_villages::VillageImportOptions {
        reading: VillageReading::default(),
        valid_from: app.clock.now().date_naive(),
        keep_good: false,
        dry_run: false,
    };
    let start = Instant::now();
    let report = import_villages::import_villages(&app, Input::path(villages), &options, |_, _| {}).await?;
    println!("{} villages in {:.1} s", report.new, start.elapsed().as_secs_f64());
    let (stop, stopped) = watch::channel(false);
    let follower = tokio::spawn(app.follower().run(stopped.clone()));
    let workers = tokio::spawn(worker::run(app.clone(), retry::LEASE, stopped));
    let start = Instant::now();
    let reading = ReadOptions { owner_of: extract_owner, ..ReadOptions::default() };
    let options = import_projects::ImportOptions::default();
    let report = import_projects::import_projects(&app, Input::path(projects), reading, &options, |_| {}).await?;
    let stored = start.elapsed();
    if !report.stored || report.counts.new != i64::try_from(count)? {
        return Err(format!("{} of {count} went in: {:?}", report.counts.new, report.refused.first()).into());
    }
    loop {
        let mut tx = app.store.read().await?;
        let due = jobs::next_due(&mut tx).await?;
        drop(tx);
        // The request for mails, a day ahead, is what stays.
        let later = tapak::store::to_text(app.clock.now() + Duration::from_secs(60));
        if due.is_none_or(|due| due > later) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let all = start.elapsed();
    stop.send_replace(true);
    follower.await?;
    workers.await?;
    app.store.close().await;
    #[expect(clippy::cast_precision_loss, reason = "a count of projects")]
    let rate = count as f64 / all.as_secs_f64();
    let measured =
        format!("{rate:.0} a second ({:.1} s stored, {:.1} s screened too)", stored.as_secs_f64(), all.as_secs_f64());
    table.add("import with screening, SQLite", measured, "5,000 a second", Some(rate >= 5_000.0));
    match peak_mib() {
        Some(mib) => table.add("most memory so far", format!("{mib} MiB"), "under 400 MB", Some(mib < 381)),
        None => table.add("most memory so far", "not told by this system".to_owned(), "under 400 MB", None),
    }
    Ok(())
}

/// Loads the Atlas of a data folder five times, as after a start, and prints the median and the most memory of this process,
/// which does nothing else.
pub async fn atlas_alone(data: &Path) -> Result<(), Failure> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let app = open(data).await?;
        let start = Instant::now();
        app.follower().load().await?;
        times.push(start.elapsed());
        app.store.close().await;
    }
    println!("{} {}", quantile(&mut times, 0.5).as_secs_f64(), peak_mib().unwrap_or_default());
    Ok(())
}

fn atlas_ready(table: &mut Table, data: &Path, what: &str, count: usize) -> Result<(), Failure> {
    let program = std::env::current_exe()?;
    let told = std::process::Command::new(program).arg("atlas").arg(data).output()?;
    let told = String::from_utf8(told.stdout)?;
    let mut figures = told.split_whitespace().map(str::parse::<f64>);
    let (Some(Ok(ready)), Some(Ok(mib))) = (figures.next(), figures.next()) else {
        return Err(format!("the Atlas alone said {told:?}").into());
    };
    // Of a million, and in proportion of fewer: the file is 100,000 by default.
    #[expect(clippy::cast_precision_loss, reason = "a count of projects")]
    let aim_s = 3.0 * count as f64 / 1e6;
    table.add(what, format!("{ready:.2} s (median of 5)"), &format!("{aim_s} s"), Some(ready <= aim_s));
    table.add(&format!("{what}: most memory"), format!("{mib} MiB"), "450 MB", Some(mib <= 429.0));
    Ok(())
}

/// The Atlas from a warm file, in a process of its own and in this one, and what one screening asks of it.
pub async fn atlas(table: &mut Table, data: &Path, places: &[[f64; 2]], count: usize) -> Result<(), Failure> {
    // The import wrote it at its end.
    let snapshot = tapak::atlas::snapshot::path(data);
    if !snapshot.exists() {
        return Err("no snapshot was kept".into());
    }
    atlas_ready(table, data, "Atlas ready, its snapshot and a warm file", count)?;
    std::fs::remove_file(&snapshot)?;
    atlas_ready(table, data, "Atlas ready, read from the warm database", count)?;
    let app = open(data).await?;
    app.follower().load().await?;
    let settings = app.atlas.judge.settings().clone();
    let subjects: Vec<_> = app.atlas.with_picture(|picture| {
        picture.ids().into_iter().step_by(37).filter_map(|id| picture.find_project(id)).collect()
    });
    let (mut times, mut found) = (Vec::new(), 0);
    for subject in &subjects {
        let start = Instant::now();
        let candidates =
            app.atlas.with_picture(|picture| picture.proposed(subject, settings.radius_m, settings.stacked));
        times.push(start.elapsed());
        found += candidates.len();
    }
    let p99 = quantile(&mut times, 0.99);
    let measured = format!(
        "{:.3} ms p99, {:.3} ms median, {} each",
        ms(p99),
        ms(quantile(&mut times, 0.5)),
        found / subjects.len().max(1)
    );
    table.add("candidates of one screening", measured, "0.2 ms p99", Some(ms(p99) < 0.2));
    let mut times: Vec<Duration> = subjects
        .iter()
        .take(2_000)
        .map(|subject| {
            let start = Instant::now();
            app.atlas.screen(subject, &[]);
            start.elapsed()
        })
        .collect();
    let (p99, median) = (quantile(&mut times, 0.99), quantile(&mut times, 0.5));
    let measured = format!("{:.2} ms p99, {:.2} ms median", ms(p99), ms(median));
    table.add("one screening, judged", measured, "3 ms p99, 0.5 ms median", Some(ms(p99) <= 3.0 && ms(median) <= 0.5));
    println!("{} places kept", places.len());
    app.store.close().await;
    Ok(())
}
