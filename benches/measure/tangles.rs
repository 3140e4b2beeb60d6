//! Shapes that no map shows and any officer may send: lines of 20,000 random corners. How long one pair is judged, and how
//! long others wait while 25 of them are registered and screened.

use crate::finding::{draft, serve};
use crate::table::{Table, forget_peak, ms, peak_mib, quantile, resident_mib};
use crate::{Failure, open};
use geo::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tapak::app::App;
use tapak::domain::facts::Facts;
use tapak::domain::footprint::{How, Part};
use tapak::domain::rings::find_fault;
use tapak::duplicates::{Context, Judge, Settings};
use tapak::jobs::{retry, worker};
use tapak::store::jobs;
use tokio::sync::watch;
use uuid::Uuid;

const CORNERS: u32 = 20_000;
const REGISTRATIONS: usize = 25;
const CHECKS: usize = 8;

/// With the 25 of the crowd these are 40 on the map that is asked for.
const MORE_TRACKS: usize = 15;
const STRANGERS: usize = 32;

pub async fn tangles(table: &mut Table, folder: &Path) -> Result<(), Failure> {
    areas(table);
    pairs(table);
    crowd(table, folder).await
}

/// What is asked of an area before it is kept: whether it crosses itself.
fn areas(table: &mut Table) {
    let stroke = |n: u32| {
        let far = f64::from(n % 2);
        (114.3 + f64::from(n) * 1e-7 + far * 0.01, -8.21 + far * 0.01)
    };
    let mut strokes: LineString<f64> = (0..CORNERS - 100).map(stroke).collect();
    strokes.0.extend([Coord { x: 114.302, y: -8.211 }, Coord { x: 114.3, y: -8.211 }]);
    let circle = |far: f64| -> LineString<f64> {
        let turn = |n: u32| f64::from(n) / f64::from(CORNERS / 2) * std::f64::consts::TAU;
        (0..CORNERS / 2).map(|n| (114.31 + far * turn(n).cos(), -8.21 + far * turn(n).sin())).collect()
    };
    for (name, area) in [
        ("long strokes beside each other", Polygon::new(strokes, Vec::new())),
        ("a hole of half of the corners", Polygon::new(circle(0.001), vec![circle(0.000_999)])),
    ] {
        let area = MultiPolygon(vec![area]);
        let start = Instant::now();
        let fault = std::hint::black_box(find_fault(&area));
        let measured = format!("{:.1} ms{}", ms(start.elapsed()), if fault.is_some() { ", FAULT" } else { "" });
        table.add(&format!("an area of 20,000 corners: {name}"), measured, "", None);
    }
}

fn pairs(table: &mut Table) {
    let walk = |step: f64, seed: u64| {
        let mut random = StdRng::seed_from_u64(seed);
        let (mut lon, mut lat) = (114.31, -8.21);
        let corners = (0..CORNERS).map(|_| {
            (lon, lat) = (lon + random.random_range(-step..step), lat + random.random_range(-step..step));
            (lon, lat)
        });
        corners.collect::<LineString<f64>>()
    };
    let road = |shift: f64| -> LineString<f64> {
        (0..CORNERS).map(|n| (114.0 + f64::from(n) * 2e-5, -8.0 + shift + f64::from(n % 5) * 1e-6)).collect()
    };
    let round = |shift: f64| {
        let ring: LineString<f64> = (0..CORNERS)
            .map(|n| {
                let (turn, far) =
                    (f64::from(n) / f64::from(CORNERS) * std::f64::consts::TAU, 0.001 + f64::from(n % 3) * 1e-6);
                (114.31 + shift + far * turn.cos(), -8.21 + far * turn.sin())
            })
            .collect();
        Geometry::from(Polygon::new(ring, Vec::new()))
    };
    // Long parallel strokes of one line between those of the other, which nowhere cross.
    let strokes = |shift: f64| -> LineString<f64> {
        (0..CORNERS)
            .map(|n| (114.3 + f64::from(n % 2) * 0.01 + f64::from(n) * 4e-8, -8.21 + shift + f64::from(n % 2) * 0.01))
            .collect()
    };
    for (name, a, b) in [
        ("random corners over 2 km", scattered(7).into(), scattered(8).into()),
        ("a walk of random steps of 2 m", Geometry::from(walk(2e-5, 7)), Geometry::from(walk(2e-5, 8))),
        ("roads of 44 km walked beside each other", road(0.0).into(), road(5e-5).into()),
        ("the same road walked twice", road(0.0).into(), road(1e-6).into()),
        ("strokes between strokes", strokes(0.0).into(), strokes(2e-8).into()),
        ("areas", round(0.0), round(0.0005)),
    ] {
        let judge = Judge::new(Settings::default());
        let record = |id, geometry| {
            let part = Part { label: None, accuracy_m: 5.0, geometry };
            judge.prepare(Facts {
                id: Uuid::from_u128(id),
                title: "Rabat beton Jalan Melati".into(),
                how: Some(How::Walked),
                parts: [part].into(),
                ..Facts::unknown()
            })
        };
        let (a, b) = (record(1, a), record(2, b));
        let mut times: Vec<Duration> = (0..9)
            .map(|_| {
                let start = Instant::now();
                std::hint::black_box(judge.judge(&a, &b, &Context::default()));
                start.elapsed()
            })
            .collect();
        let median = quantile(&mut times, 0.5);
        let simplified = judge.judge(&a, &b, &Context::default()).evidence.iter().any(|item| item.name == "shapes");
        let measured = format!("{:.1} ms{}", ms(median), if simplified { ", simplified" } else { "" });
        table.add(&format!("a pair of 20,000 corners: {name}"), measured, "50 ms", Some(ms(median) <= 50.0));
    }
}

/// Random corners over a village.
fn scattered(seed: u64) -> LineString<f64> {
    let mut random = StdRng::seed_from_u64(seed);
    (0..CORNERS - 100)
        .map(|_| (114.30 + random.random_range(0.0..0.02), -8.22 + random.random_range(0.0..0.02)))
        .collect()
}

/// Sends until it is taken: whoever sends too much at once is asked to come again.
async fn insist(request: RequestBuilder) -> Result<(), reqwest::Error> {
    loop {
        let again = request.try_clone().expect("a body of JSON is at hand and can be sent again");
        let answer = again.send().await?;
        if !matches!(answer.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            return answer.error_for_status()?.bytes().await.map(|_| ());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A village of two kilometres.
pub async fn import_village(app: &App) -> Result<(), Failure> {
    let ring = [[114.30, -8.22], [114.32, -8.22], [114.32, -8.20], [114.30, -8.20], [114.30, -8.22]];
    let village = json!({ "type": "FeatureCollection", "features": [{
        "type": "Feature",
        "properties": { "code": "35.10.01.2001", "name": "Barat", "district_code": "35.10.01", "district": "Pesanggaran",
            "regency_code": "35.10", "regency": "Kabupaten Banyuwangi" },
        "geometry": { "type": "Polygon", "coordinates": [ring] },
    }] });
    let options = tapak::actions::import_villages::VillageImportOptions {
        reading: tapak::import::VillageReading::default(),
        valid_from: app.clock.now().date_naive(),
        keep_good: false,
        dry_run: false,
    };
    let input = tapak::import::Input::bytes("villages.geojson", village.to_string().into_bytes());
    tapak::actions::import_villages::import_villages(app, input, &options, |_, _| {}).await?;
    Ok(())
}

async fn crowd(table: &mut Table, folder: &Path) -> Result<(), Failure> {
    let app = open(folder).await?;
    import_village(&app).await?;
    app.follower().load().await?;
    let (stop, stopped) = watch::channel(false);
    let tasks = [
        tokio::spawn(app.follower().run(stopped.clone())),
        tokio::spawn(worker::run(app.clone(), retry::LEASE, stopped.clone())),
    ];
    let (url, client) = serve(&app, stopped).await?;
    let villages: Value = client.get(format!("{url}/api/v1/villages")).send().await?.json().await?;
    let village = villages["items"][0]["id"].clone();
    let body = |seed: u64| {
        let mut body = draft(app.clock.id(), &format!("Jalan Melati {seed}"), &village, 2026, &[0.0, 0.0]);
        let corners: Vec<[f64; 2]> = scattered(seed).0.iter().map(|c| [c.x, c.y]).collect();
        body["footprint"]["parts"][0]["geometry"] = json!({ "type": "LineString", "coordinates": corners });
        body
    };
    let over = Arc::new(AtomicBool::new(false));
    let others = tokio::spawn(others(client.clone(), url.clone(), Arc::clone(&over)));
    let start = Instant::now();
    let mut sent = tokio::task::JoinSet::new();
    for n in 0..REGISTRATIONS + CHECKS {
        let path = if n < REGISTRATIONS { "projects" } else { "projects/check" };
        let request = client.post(format!("{url}/api/v1/{path}")).json(&body(n as u64));
        sent.spawn(insist(request));
    }
    while let Some(answer) = sent.join_next().await {
        answer??;
    }
    let answered = start.elapsed();
    loop {
        let mut tx = app.store.read().await?;
        let waiting = jobs::list(&mut tx, false, 100).await?.iter().any(|job| job.kind.starts_with("screen"));
        drop(tx);
        if !waiting {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let screened = start.elapsed();
    over.store(true, Ordering::Relaxed);
    let mut times = others.await??;
    for n in REGISTRATIONS..REGISTRATIONS + MORE_TRACKS {
        insist(client.post(format!("{url}/api/v1/projects")).json(&body((n + CHECKS) as u64))).await?;
    }
    strangers(table, &url).await?;
    stop.send_replace(true);
    for task in tasks {
        task.await?;
    }
    app.store.close().await;
    let count = times.len();
    let (p99, most) = (quantile(&mut times, 0.99), quantile(&mut times, 1.0));
    let measured = format!("{:.0} ms p99, {:.0} ms at most of {count}", ms(p99), ms(most));
    table.add("health and a list while 25 such lines are registered", measured, "250 ms p99", Some(ms(p99) <= 250.0));
    let measured =
        format!("answered after {:.1} s, screened after {:.1} s", answered.as_secs_f64(), screened.as_secs_f64());
    table.add("25 registrations and 8 checks of such lines", measured, "", None);
    Ok(())
}

/// The whole map, asked for by many who are not signed in, all at once.
async fn strangers(table: &mut Table, url: &str) -> Result<(), Failure> {
    let before = resident_mib().unwrap_or_default();
    forget_peak();
    let start = Instant::now();
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..STRANGERS {
        let url = format!("{url}/api/v1/map/projects");
        asked.spawn(async move { length_of(&url).await });
    }
    let mut lengths = Vec::new();
    while let Some(length) = asked.join_next().await {
        lengths.push(length??);
    }
    let longest = lengths.iter().max().copied().unwrap_or_default();
    let measured = format!(
        "{:.1} s for all, {:.1} MB each, at most {} MiB ({before} MiB before)",
        start.elapsed().as_secs_f64(),
        f64::from(u32::try_from(longest)?) / 1e6,
        peak_mib().unwrap_or_default()
    );
    table.add("a map of 40 such lines, asked for by 32 at once", measured, "256 MiB", None);
    Ok(())
}

/// Read and let go piece by piece, so that the memory measured is that of who answers.
async fn length_of(url: &str) -> Result<usize, reqwest::Error> {
    let mut answer = reqwest::get(url).await?.error_for_status()?;
    let mut length = 0;
    while let Some(piece) = answer.chunk().await? {
        length += piece.len();
    }
    Ok(length)
}

/// What somebody else asks for meanwhile, one after the other.
async fn others(client: Client, url: String, over: Arc<AtomicBool>) -> Result<Vec<Duration>, reqwest::Error> {
    let mut times = Vec::new();
    while !over.load(Ordering::Relaxed) {
        for path in ["/healthz", "/api/v1/projects?limit=20"] {
            let start = Instant::now();
            client.get(format!("{url}{path}")).send().await?.error_for_status()?.bytes().await?;
            times.push(start.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(times)
}
