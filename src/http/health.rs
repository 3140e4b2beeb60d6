//! Whether the service lives, can do its work, and how much it does: for load balancers and monitoring.

use super::problem::Problem;
use super::request_id;
use crate::app::App;
use crate::metrics::{CONTENT_TYPE, Levels};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::future::IntoFuture;
use std::io;
use std::net::TcpListener;
use tokio::sync::watch;

/// The process lives.
pub async fn live() -> &'static str {
    "ok\n"
}

/// It can do its work: a load balancer sends requests elsewhere, and monitoring notices a full disk.
pub async fn ready(State(app): State<App>) -> Result<&'static str, Problem> {
    let lacks = app.lacks().await;
    if lacks.is_empty() {
        return Ok("ready\n");
    }
    Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready").with("not_ready", lacks))
}

async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    let running = app.config.limits.requests.saturating_sub(app.requests.available_permits());
    let levels = Levels::look(&app.store, &app.atlas, &app.lacks().await, running, app.clock.now()).await;
    let text = app.metrics.text(&levels).map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"))?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response())
}

/// `/healthz`, `/readyz` and `/metrics` for the network of who watches the service, until `stop` turns true.
pub async fn serve(app: App, listener: TcpListener, mut stop: watch::Receiver<bool>) -> io::Result<()> {
    let router = Router::new()
        .route("/healthz", get(live))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .layer(from_fn(super::problem::render))
        .layer(from_fn_with_state(app.clone(), request_id::identify))
        .with_state(app);
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let end = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    axum::serve(listener, router).with_graceful_shutdown(end).into_future().await
}
