//! Listening: HTTP/1 and HTTP/2, with or without TLS, every connection within its limits.

use super::connections::Gate;
use super::routes;
use crate::app::App;
use crate::limits::Limits;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use std::io;
use std::net::{SocketAddr, TcpListener};
use tracing::warn;

/// Files that are not connections: database, photos, mail, the program itself.
const OTHER_FILES: u64 = 200;
/// The header of a request, and what is read ahead of its body.
const HEADER_BYTES: usize = 32 * 1024;
const HEADER_LIST_BYTES: u32 = 32 * 1024;
/// HTTP/2: requests at once on one connection, and bytes sent ahead on one and on all of them.
const STREAMS: u32 = 32;
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 128 * 1024;

/// Serves until the handle signals the stop.
pub async fn serve(
    app: &App,
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    handle: Handle<SocketAddr>,
) -> io::Result<()> {
    let mut limits = app.config.limits.clone();
    limits.connections = affordable(limits.connections);
    let gate = Gate::new(&limits);
    let router = routes::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum_server::from_tcp(listener)?.handle(handle);
    match tls {
        None => bound(server.acceptor(gate), &limits).serve(router).await,
        Some(tls) => {
            let tls = RustlsAcceptor::new(tls).handshake_timeout(limits.header).acceptor(gate);
            bound(server.acceptor(tls), &limits).serve(router).await
        }
    }
}

fn bound<A>(server: Server<SocketAddr, A>, limits: &Limits) -> Server<SocketAddr, A> {
    // Hyper does not limit how long it waits for the first bytes, which decide between HTTP/1 and HTTP/2.
    let mut server = server.first_request_timeout(limits.header);
    let http = server.http_builder();
    http.http1().header_read_timeout(limits.header).max_buf_size(HEADER_BYTES);
    http.http2()
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_header_list_size(HEADER_LIST_BYTES);
    server
}

/// As many connections as wished, or as the system's limit of open files leaves. The limit is raised as far as it goes.
fn affordable(wished: usize) -> usize {
    let files = match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(files) => files,
        Err(e) => {
            warn!("the limit of open files cannot be read: {e}");
            return wished;
        }
    };
    let affordable = usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX).max(16);
    if affordable < wished {
        warn!(
            "the system lets this process open {files} files: at most {affordable} connections at once instead of {wished}. \
             Raise it: LimitNOFILE= in the systemd unit, or ulimit -n before the start"
        );
    }
    wished.min(affordable)
}
