//! From the POST of a project to its finding readable by GET, over HTTP, while others write.

use crate::table::{Table, ms, quantile};
use crate::{Failure, open};
use reqwest::Client;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};
use tapak::actions::add_user::{UserInput, add_user};
use tapak::app::App;
use tapak::http::routes;
use tapak::jobs::{retry, worker};
use tokio::net::TcpListener;
use tokio::sync::watch;
use uuid::Uuid;

const PASSWORD: &str = "a long enough password";
const WRITERS: usize = 20;
const DOUBLES: usize = 60;

pub async fn finding(table: &mut Table, data: &Path) -> Result<(), Failure> {
    let app = open(data).await?;
    app.follower().load().await?;
    let (stop, stopped) = watch::channel(false);
    let tasks = [
        tokio::spawn(app.follower().run(stopped.clone())),
        tokio::spawn(worker::run(app.clone(), retry::LEASE, stopped.clone())),
    ];
    let (url, client) = serve(&app, stopped).await?;
    let sample: Value = client.get(format!("{url}/api/v1/projects?limit=500")).send().await?.json().await?;
    let known: Vec<Value> = sample["items"].as_array().cloned().unwrap_or_default();
    let writers: Vec<_> = (0..WRITERS)
        .map(|n| {
            let (client, url, mut stop) = (client.clone(), url.clone(), stop.subscribe());
            let village = known[n % known.len()]["village"]["id"].clone();
            tokio::spawn(async move {
                let mut written = 0_u32;
                while !*stop.borrow_and_update() {
                    let place =
                        [113.3 + f64::from(u32::try_from(n).unwrap_or(0)) * 0.01, -8.6 + f64::from(written) * 0.0001];
                    let body = draft(app_id(), &format!("Pos ronda {n} nomor {written}"), &village, 2026, &place);
                    let answer = client.post(format!("{url}/api/v1/projects")).json(&body).send().await;
                    if !answer.is_ok_and(|answer| answer.status().is_success()) {
                        return Err(format!("writer {n} was refused"));
                    }
                    written += 1;
                }
                Ok(written)
            })
        })
        .collect();
    let mut times = Vec::new();
    for project in
        known.iter().filter(|project| project["open_findings"] == 0 && project["centre"].is_array()).take(DOUBLES)
    {
        let full: Value =
            client.get(format!("{url}/api/v1/projects/{}", text(&project["id"]))).send().await?.json().await?;
        let id = app_id();
        let mut body = draft(
            id,
            text(&full["title"]),
            &full["village"]["id"],
            full["fiscal_year"].as_i64().unwrap_or(2026),
            &[0.0, 0.0],
        );
        body["footprint"]["parts"][0]["geometry"] = full["footprint"]["parts"][0]["geometry"].clone();
        let start = Instant::now();
        let answer = client.post(format!("{url}/api/v1/projects")).json(&body).send().await?;
        if !answer.status().is_success() {
            return Err(answer.text().await?.into());
        }
        loop {
            let shown: Value = client.get(format!("{url}/api/v1/projects/{id}")).send().await?.json().await?;
            if shown["findings"].as_array().is_some_and(|findings| !findings.is_empty()) {
                times.push(start.elapsed());
                break;
            }
            if start.elapsed() > Duration::from_secs(30) {
                return Err(format!("no finding for {id} within 30 s: {}", full["title"]).into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    stop.send_replace(true);
    let mut written = 0;
    for writer in writers {
        written += writer.await??;
    }
    for task in tasks {
        task.await?;
    }
    app.store.close().await;
    let p95 = quantile(&mut times, 0.95);
    let measured = format!(
        "{:.0} ms p95, {:.0} ms median of {} ({written} written beside)",
        ms(p95),
        ms(quantile(&mut times, 0.5)),
        times.len()
    );
    table.add("POST to readable finding, 20 writers", measured, "1 s p95", Some(p95.as_millis() < 1_000));
    Ok(())
}

/// The service on a free port of this machine, and a client who is signed in as administrator.
pub async fn serve(app: &App, mut stopped: watch::Receiver<bool>) -> Result<(String, Client), Failure> {
    let input = UserInput {
        login: "bench".to_owned(),
        name: "Bench".to_owned(),
        role: "administrator".to_owned(),
        region_code: None,
        email: None,
        language: "id".to_owned(),
    };
    match add_user(app, input, PASSWORD.to_owned(), false).await {
        Err(tapak::actions::ActionError::Invalid(invalid)) if invalid.code == "login_taken" => {}
        other => {
            other?;
        }
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let router = routes::router(app.clone());
    tokio::spawn(async move {
        let end = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(end)
            .await
    });
    let client = Client::builder().cookie_store(true).build()?;
    let body = json!({ "login": "bench", "password": PASSWORD });
    client.post(format!("{url}/api/v1/session")).json(&body).send().await?.error_for_status()?;
    Ok((url, client))
}

pub fn draft(id: Uuid, title: &str, village: &Value, year: i64, place: &[f64; 2]) -> Value {
    json!({
        "id": id, "title": title, "village_id": village, "fiscal_year": year, "status": "planned",
        // The generator of places knows nothing of villages.
        "confirm_place": true,
        "funding": [{ "fund": "DD", "amount_rupiah": 50_000_000 }],
        "footprint": { "how": "gps", "parts": [{ "accuracy_m": 5.0, "geometry": { "type": "Point", "coordinates": place } }] },
    })
}

#[expect(clippy::disallowed_methods, reason = "the bench plays the client that makes the id")]
fn app_id() -> Uuid {
    Uuid::now_v7()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
