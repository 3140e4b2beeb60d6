//! What nobody may use up: connections, waiting, turns. The tests wait for what must happen, and fail where it never does.

use crate::common::{NEVER, TestApp, WEST, client, draft, on_both_engines, road};
use futures_util::stream::{FuturesUnordered, StreamExt};
use reqwest::StatusCode;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// A connection from this address of the machine on which these bytes were sent.
pub async fn connect(app: &TestApp, from: &str, bytes: &[u8]) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(from.parse().unwrap(), 0)).unwrap();
    let mut stream = socket.connect(app.url.trim_start_matches("http://").parse().unwrap()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

/// What the server sends until it closes the connection.
pub async fn until_closed(mut stream: TcpStream) -> String {
    let mut received = Vec::new();
    // A connection that is refused may end with a reset.
    let _ = stream.read_to_end(&mut received).await;
    String::from_utf8_lossy(&received).into_owned()
}

/// The status of the health page for a client from this address, with a connection of its own.
async fn health(app: &TestApp, from: &str) -> StatusCode {
    let client = client().local_address(from.parse::<IpAddr>().unwrap()).build().unwrap();
    client.get(format!("{}/healthz", app.url)).send().await.unwrap().status()
}

const UNFINISHED: &[u8] = b"GET / HTTP/1.1\r\nHost: tapak\r\nX-Never: ";

on_both_engines!(
    forty_unfinished_headers_in_a_house_of_twenty_shut_nobody_else_out,
    [("connections", "20"), ("header_timeout_s", "3600")],
    |app| {
        let mut streams = Vec::new();
        for _ in 0..40 {
            streams.push(connect(&app, "127.0.0.2", UNFINISHED).await);
        }
        let mut closed: FuturesUnordered<_> = streams.into_iter().map(until_closed).collect();
        // Eighteen have a place; the others are closed at once.
        for _ in 0..22 {
            tokio::time::timeout(NEVER, closed.next()).await.expect("a connection over the limit stays open");
        }
        assert_eq!(closed.len(), 18);
        assert_eq!(health(&app, "127.0.0.1").await, StatusCode::OK);
        assert_eq!(health(&app, "127.0.0.3").await, StatusCode::OK);
    }
);

on_both_engines!(
    a_header_that_never_ends_and_a_connection_that_asks_for_nothing_are_closed,
    [("header_timeout_s", "1"), ("idle_timeout_s", "3600")],
    |app| {
        let whole = b"GET /healthz HTTP/1.1\r\nHost: tapak\r\n\r\n";
        for (bytes, answered) in [(&b""[..], false), (b"G", false), (UNFINISHED, false), (whole, true)] {
            let stream = connect(&app, "127.0.0.1", bytes).await;
            let received = tokio::time::timeout(NEVER, until_closed(stream)).await.expect("it stays open for ever");
            assert_eq!(received.starts_with("HTTP/1.1 200"), answered, "{received}");
        }
    }
);

on_both_engines!(
    a_connection_on_which_nothing_moves_is_closed_on_http2_too,
    [("header_timeout_s", "3600"), ("idle_timeout_s", "1")],
    |app| {
        // The preface and empty settings: a connection without a request.
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
        let stream = connect(&app, "127.0.0.1", preface).await;
        tokio::time::timeout(NEVER, until_closed(stream)).await.expect("it stays open for ever");
    }
);

on_both_engines!(
    with_all_turns_taken_a_request_is_asked_to_come_again_and_the_process_says_that_it_lives,
    [("requests", "3"), ("connections", "20"), ("header_timeout_s", "3600")],
    |app| {
        let turns = app.app.requests.clone().acquire_many_owned(3).await.unwrap();
        let mut busy = Vec::new();
        for _ in 0..40 {
            busy.push(connect(&app, "127.0.0.2", UNFINISHED).await);
        }
        assert_eq!(health(&app, "127.0.0.3").await, StatusCode::OK);
        let answer = app.get("/api/v1/session").await;
        answer.refuses(503, "busy", None);
        assert_eq!(answer.headers["retry-after"], "5");
        drop((turns, busy));
        app.get("/api/v1/session").await.is(StatusCode::OK);
    }
);

on_both_engines!(a_request_that_waits_for_the_database_for_ever_is_given_up, [("request_timeout_s", "1")], |app| {
    let mut held = Vec::new();
    while let Ok(tx) = tokio::time::timeout(Duration::from_millis(500), app.app.store.read()).await {
        held.push(tx.unwrap());
    }
    let answer = tokio::time::timeout(NEVER, app.get("/api/v1/projects")).await.expect("it waits for ever");
    answer.refuses(503, "took_too_long", None);
    drop(held);
    app.get("/api/v1/projects").await.is(StatusCode::OK);
});

on_both_engines!(
    live_checks_and_what_ifs_of_one_person_are_counted,
    [("checks_per_minute", "3"), ("whatifs_per_minute", "1")],
    |app| {
        app.sign_in_as("inspector", Some(WEST)).await;
        let body = draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21));
        for _ in 0..3 {
            app.post("/api/v1/projects/check", &body).await.is(StatusCode::OK);
        }
        let answer = app.post("/api/v1/projects/check", &body).await;
        let problem = answer.refuses(429, "too_often", None);
        assert_eq!(answer.headers["retry-after"].to_str().unwrap(), problem["retry_after_s"].to_string());
        app.get("/api/v1/whatif?radius_m=200").await.is(StatusCode::OK);
        app.get("/api/v1/whatif?radius_m=200").await.refuses(429, "too_often", None);
        // Others are not concerned, as long as there is room in the line.
        app.sign_in_as("administrator", None).await;
        app.post("/api/v1/projects/check", &body).await.is(StatusCode::OK);
        let line = app.app.whatif_line.clone().acquire_many_owned(4).await.unwrap();
        app.get("/api/v1/whatif?radius_m=200").await.refuses(503, "busy", None);
        drop(line);
    }
);
