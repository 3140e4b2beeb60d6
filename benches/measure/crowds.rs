//! A thousand records of one work: all of them screened in one go, one of them corrected, and what is read of it.

use crate::finding::serve;
use crate::table::{Table, forget_peak, ms, peak_mib, resident_mib};
use crate::tangles::import_village;
use crate::{Failure, open};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;
use tapak::actions::import_projects::{ImportOptions, import_projects};
use tapak::app::App;
use tapak::import::{Input, ReadOptions};
use tapak::jobs::worker;
use tokio::sync::watch;

pub const RECORDS: usize = 1_000;

pub async fn crowds(table: &mut Table, folder: &Path) -> Result<(), Failure> {
    let app = open(folder).await?;
    import_village(&app).await?;
    app.follower().load().await?;
    let (stop, stopped) = watch::channel(false);
    let follower = tokio::spawn(app.follower().run(stopped.clone()));
    let (url, client) = serve(&app, stopped).await?;
    import_like_records(&app).await?;
    work(table, &app, "like records screened").await?;

    let list: Value = read(table, &client, &format!("{url}/api/v1/findings?state=open"), "the list").await?;
    let finding = list["items"][0]["id"].as_str().ok_or("no finding")?;
    let detail = read(table, &client, &format!("{url}/api/v1/findings/{finding}"), "the detail").await?;
    println!("{} members, {} pairs", detail["members_total"], detail["pairs_total"]);

    let projects: Value = client.get(format!("{url}/api/v1/projects?limit=1")).send().await?.json().await?;
    let project = format!("{url}/api/v1/projects/{}", projects["items"][0]["id"].as_str().ok_or("no project")?);
    let now: Value = client.get(&project).send().await?.json().await?;
    let correction = json!({ "row_version": now["row_version"], "reason": "survey", "volume": 165.0 });
    client.patch(&project).json(&correction).send().await?.error_for_status()?;
    work(table, &app, "one of them corrected").await?;

    let now: Value = client.get(format!("{url}/api/v1/findings/{finding}")).send().await?.json().await?;
    let id = app.clock.id();
    let decision = json!({ "id": id, "row_version": now["row_version"], "decision": "upkeep", "reason": "one survey" });
    send(table, client.post(format!("{url}/api/v1/findings/{finding}/decision")).json(&decision), "decided").await?;
    work(table, &app, "what follows a decision").await?;
    let undo = json!({ "decision": id });
    send(
        table,
        client.post(format!("{url}/api/v1/findings/{finding}/decision/undo")).json(&undo),
        "decision taken back",
    )
    .await?;
    work(table, &app, "what follows its taking back").await?;
    stop.send_replace(true);
    follower.await?;
    app.store.close().await;
    Ok(())
}

/// Records of one title, village and year, each line ending one centimetre further than the last.
async fn import_like_records(app: &App) -> Result<(), Failure> {
    let features: Vec<Value> = (0..RECORDS)
        .map(|n| {
            #[expect(clippy::cast_precision_loss, reason = "a thousand")]
            let end = 114.3025 + n as f64 * 9.1e-8;
            let line = json!({ "type": "LineString", "coordinates": [[114.301, -8.21], [end, -8.21]] });
            json!({ "type": "Feature", "geometry": line, "properties": {
                "id": format!("K{n}"), "title": "Rabat beton jalan dusun Krajan", "village_code": "35.10.01.2001",
                "year": 2026, "funds": "DD", "budget_rp": 100_000_000, "status": "rencana" } })
        })
        .collect();
    let file = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let options = ReadOptions { owner_of: tapak::duplicates::extract_owner, ..ReadOptions::default() };
    let input = Input::bytes("like.geojson", file.into_bytes());
    let report = import_projects(app, input, options, &ImportOptions::default(), |_| {}).await?;
    if report.counts.new == i64::try_from(RECORDS)? { Ok(()) } else { Err(format!("{:?}", report.refused).into()) }
}

/// Does what is due: how long it takes, and the most memory that it holds.
async fn work(table: &mut Table, app: &App, what: &str) -> Result<(), Failure> {
    let before = resident_mib().unwrap_or_default();
    forget_peak();
    let start = Instant::now();
    while worker::run_due(app).await? > 0 {}
    let time = start.elapsed().as_secs_f64();
    let most = peak_mib().unwrap_or_default();
    table.add(what, format!("{time:.1} s, at most {most} MiB ({before} MiB before)"), "", None);
    Ok(())
}

/// Sends one act, beside the most memory that its answer took.
async fn send(table: &mut Table, request: RequestBuilder, what: &str) -> Result<(), Failure> {
    let before = resident_mib().unwrap_or_default();
    forget_peak();
    let start = Instant::now();
    request.send().await?.error_for_status()?.bytes().await?;
    let time = ms(start.elapsed());
    let most = peak_mib().unwrap_or_default();
    table.add(what, format!("{time:.0} ms, at most {most} MiB ({before} MiB before)"), "", None);
    Ok(())
}

async fn read(table: &mut Table, client: &Client, url: &str, what: &str) -> Result<Value, Failure> {
    let start = Instant::now();
    let bytes = client.get(url).send().await?.error_for_status()?.bytes().await?;
    let measured = format!("{:.0} ms, {:.0} kB", ms(start.elapsed()), f64::from(u32::try_from(bytes.len())?) / 1_000.0);
    table.add(what, measured, "300 ms, 300 kB", Some(bytes.len() < 300_000 && ms(start.elapsed()) < 300.0));
    Ok(serde_json::from_slice(&bytes)?)
}
