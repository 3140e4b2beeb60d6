//! Reads over HTTP beside a bare axum handler that runs the same store functions and writes the same JSON: what is
//! measured is what the service adds (session, scope, language, headers).

use crate::finding::serve;
use crate::table::{Table, cores, ms, quantile};
use crate::{Failure, open};
use axum::extract::{Path as Id, State};
use axum::routing::get;
use axum::{Json, Router};
use reqwest::Client;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tapak::app::App;
use tapak::domain::scope::{Scope, Sight};
use tapak::publish::{Eyes, ShownProject};
use tapak::store::project_lists::{self, Filter};
use tapak::store::{changes, findings, footprints, projects, references};
use tokio::net::TcpListener;
use tokio::sync::watch;
use uuid::Uuid;

const SECONDS: u64 = 4;

pub async fn reads(table: &mut Table, data: &Path) -> Result<(), Failure> {
    let app = open(data).await?;
    app.follower().load().await?;
    let (stop, stopped) = watch::channel(false);
    let (url, client) = serve(&app, stopped).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let bare = format!("http://{}", listener.local_addr()?);
    let router = Router::new().route("/project/{id}", get(one)).route("/list", get(list)).with_state(app.clone());
    let mut stopping = stop.subscribe();
    tokio::spawn(async move {
        let end = async move {
            let _ = stopping.wait_for(|stop| *stop).await;
        };
        axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(end)
            .await
    });
    let ids: Vec<Uuid> = app.atlas.with_picture(|picture| picture.ids().into_iter().step_by(101).collect());
    let ours: Vec<String> = ids.iter().map(|id| format!("{url}/api/v1/projects/{id}")).collect();
    let theirs: Vec<String> = ids.iter().map(|id| format!("{bare}/project/{id}")).collect();
    compare(table, "read by id", &client, ours, theirs).await?;
    let ours = vec![format!("{url}/api/v1/projects?year=2025&status=finished&limit=50")];
    compare(table, "filtered list of 50", &client, ours, vec![format!("{bare}/list")]).await?;
    checks(table, &app, &url, &client).await?;
    stop.send_replace(true);
    app.store.close().await;
    Ok(())
}

/// Drafts where projects stand already, looked at before anything is saved: one after the other, as a person waits for it.
async fn checks(table: &mut Table, app: &App, url: &str, client: &Client) -> Result<(), Failure> {
    let facts = app.atlas.all_facts();
    let mut times = Vec::new();
    for facts in facts.iter().step_by((facts.len() / 400).max(1)) {
        let Some(part) = facts.parts.first() else { continue };
        let draft = json!({
            "id": app.clock.id(), "title": facts.title, "village_id": facts.village_id, "fiscal_year": 2026,
            "status": "planned", "funding": [{ "fund": "BKK", "amount_rupiah": 150_000_000 }],
            "footprint": { "how": "map", "parts": [{ "accuracy_m": 5.0, "geometry": geojson::Geometry::from(&part.geometry) }] },
        });
        let start = Instant::now();
        let answer = client.post(format!("{url}/api/v1/projects/check")).json(&draft).send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        if !status.is_success() {
            return Err(format!("a check was answered with {status}: {}", String::from_utf8_lossy(&body)).into());
        }
        times.push(start.elapsed());
    }
    let p95 = quantile(&mut times, 0.95);
    let measured = format!("{:.1} ms p95, {:.1} ms median", ms(p95), ms(quantile(&mut times, 0.5)));
    table.add("check of a draft over HTTP", measured, "200 ms p95", Some(ms(p95) <= 200.0));
    Ok(())
}

/// The statements of `GET /api/v1/projects/{id}`, and what they give as JSON.
async fn one(State(app): State<App>, Id(id): Id<Uuid>) -> Json<Value> {
    let found = async {
        let mut tx = app.store.read().await.ok()?;
        let project = projects::find(&mut tx, id).await.ok()??;
        let short = project_lists::find_many(&mut tx, &[id]).await.ok()?;
        let short: Vec<ShownProject> = Eyes::within(Scope::all()).projects(short).collect();
        let versions = footprints::list_versions(&mut tx, id, 100).await.ok()?.len();
        let parts = footprints::list_parts(&mut tx, id, project.footprint_version).await.ok()?.len();
        let filter = findings::Filter { project_id: Some(id), ..findings::Filter::default() };
        let findings = findings::list_queue(&mut tx, &Scope::all(), &filter, None, 100).await.ok()?.len();
        let history = changes::list_history(&mut tx, id, 100).await.ok()?.len();
        let references = references::list_of(&mut tx, &[id]).await.ok()?;
        Some(
            json!({ "project": project.details, "short": short, "counts": [versions, parts, findings, history], "references": references }),
        )
    };
    Json(found.await.unwrap_or_default())
}

async fn list(State(app): State<App>) -> Json<Vec<ShownProject>> {
    let filter =
        Filter { year: Some(2025), status: Some(tapak::domain::project::Status::Finished), ..Filter::default() };
    let found = async {
        let mut tx = app.store.read().await.ok()?;
        project_lists::list_recent(&mut tx, &Sight::all(), &filter, None, 51).await.ok()
    };
    Json(Eyes::within(Scope::all()).projects(found.await.unwrap_or_default()).collect())
}

/// One after the other, twice, so that neither has the warmer caches; the better run of each counts.
async fn compare(
    table: &mut Table,
    what: &str,
    client: &Client,
    ours: Vec<String>,
    theirs: Vec<String>,
) -> Result<(), Failure> {
    let (mut best_ours, mut best_theirs) = (0.0_f64, 0.0_f64);
    for _ in 0..2 {
        best_ours = best_ours.max(rate(client, &ours).await?);
        best_theirs = best_theirs.max(rate(client, &theirs).await?);
    }
    let ratio = best_ours / best_theirs;
    let measured = format!("{best_ours:.0} a second, bare {best_theirs:.0}: {ratio:.2}");
    table.add(what, measured, "half of the bare handler", Some(ratio >= 0.5));
    Ok(())
}

/// Requests a second by four clients a core.
async fn rate(client: &Client, urls: &[String]) -> Result<f64, Failure> {
    let done = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let end = start + Duration::from_secs(SECONDS);
    let tasks: Vec<_> = (0..cores() * 4)
        .map(|n| {
            let (client, urls, done) = (client.clone(), urls.to_vec(), done.clone());
            tokio::spawn(async move {
                let mut at = n * 7;
                while Instant::now() < end {
                    client.get(&urls[at % urls.len()]).send().await?.error_for_status()?.bytes().await?;
                    done.fetch_add(1, Ordering::Relaxed);
                    at += 1;
                }
                Ok::<_, reqwest::Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    Ok(done.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64())
}
