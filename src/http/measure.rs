//! Counts and times requests for `/metrics`.

use super::request_id::{method, route};
use crate::app::App;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;

/// Middleware: counts the request by its route, method and status class, and how long it took until its answer began. One
/// whose client went away is not counted.
pub async fn measure(State(app): State<App>, request: Request, next: Next) -> Response {
    let (route, method, begun) = (route(&request).to_owned(), method(request.method()), Instant::now());
    let response = next.run(request).await;
    app.metrics.answered(route, method, response.status().as_u16(), begun.elapsed());
    response
}
