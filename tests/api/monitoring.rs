//! What who watches the service gets: the id of a request, `/readyz` and `/metrics`.

use crate::common::{NEVER, TestApp, WEST, draft, new_id, on_both_engines, road};
use reqwest::{Method, StatusCode};
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::time::Duration;
use tapak::http::health;
use tokio::sync::watch;

/// The address of the listener for monitoring, and what ends it.
fn watched(app: &TestApp) -> (String, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(health::serve(app.app.clone(), listener, stopped));
    (format!("http://{address}"), stop)
}

async fn metrics(url: &str) -> String {
    let answer = reqwest::get(format!("{url}/metrics")).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], tapak::metrics::CONTENT_TYPE);
    answer.text().await.unwrap()
}

/// The value of the line that begins so.
fn level(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|given| given.strip_prefix(line)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {line} in {text}")).parse().unwrap()
}

on_both_engines!(a_request_has_an_id_in_its_answer_and_its_refusal, |app| {
    let ask = |id: &str| app.request(Method::GET, "/api/v1/findings").header("x-request-id", id.to_owned());
    let answer = app.send(ask("laporan-42")).await;
    assert_eq!(answer.headers["x-request-id"], "laporan-42");
    assert_eq!(answer.refuses(401, "sign_in_required", None)["request_id"], "laporan-42");
    let mut made = BTreeSet::new();
    for other in ["", "a b", "<script>", &"a".repeat(65), "x=\"1\""] {
        let answer = app.send(ask(other)).await;
        let id = answer.headers["x-request-id"].to_str().unwrap().to_owned();
        assert_ne!(id, other);
        assert_eq!(answer.json()["request_id"], id.as_str());
        assert!(made.insert(id), "the same id twice");
    }
    // What is no operation has one too.
    for path in ["/", "/healthz", "/readyz", "/api/v1/nowhere"] {
        assert!(app.get(path).await.headers.contains_key("x-request-id"), "{path}");
    }
});

on_both_engines!(metrics_say_what_is_asked_and_what_waits_and_name_nobody, |app| {
    let (url, stop) = watched(&app);
    app.sign_in_as("officer", Some(WEST)).await;
    let work = app.register(&draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21))).await;
    while app.app.follower().catch_up().await.unwrap() {}
    let id = work["id"].as_str().unwrap();
    app.get(&format!("/api/v1/projects/{id}?colour=red")).await;
    app.get(&format!("/api/v1/projects/{}", new_id())).await.refuses(404, "not_found", None);
    let text = metrics(&url).await;
    let requests = |route: &str, method: &str, status: &str| {
        level(&text, &format!("tapak_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}"))
    };
    assert!(requests("/api/v1/projects", "POST", "2xx") >= 1.0, "{text}");
    assert!(requests("/api/v1/projects/{id}", "GET", "4xx") >= 1.0, "{text}");
    let took = "tapak_request_duration_seconds_count{route=\"/api/v1/projects\",method=\"POST\"}";
    assert!(level(&text, took) >= 1.0);
    assert!(level(&text, "tapak_jobs{kind=\"screen_project\",state=\"waiting\"}") >= 1.0, "{text}");
    assert!(level(&text, "tapak_jobs{kind=\"screen_project\",state=\"failed\"}") < 1.0);
    assert!(level(&text, "tapak_atlas_projects") >= 1.0);
    assert!(level(&text, "tapak_atlas_lag_entries") < 1.0);
    assert!(level(&text, "tapak_ready{of=\"storage\"}") >= 1.0);
    assert!(level(&text, "process_resident_memory_bytes") > 1e6);
    for secret in [id, "officer", "Melati", "Tes ", "127.0.0.1", "example.org"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    app.work().await;
    let text = metrics(&url).await;
    assert!(level(&text, "tapak_jobs{kind=\"screen_project\",state=\"waiting\"}") < 1.0, "what is done waits still");
    stop.send_replace(true);
});

on_both_engines!(metrics_say_how_old_the_last_whole_backup_is_and_nothing_where_there_was_none, |app| {
    const AGE: &str = "tapak_backup_age_seconds";
    let (url, stop) = watched(&app);
    let text = metrics(&url).await;
    assert!(!text.lines().any(|line| line.starts_with(&format!("{AGE} "))), "{text}");
    let place = app.folder.path().join("cadangan");
    app.runs(&["backup", place.to_str().unwrap()]);
    app.app.clock.advance(Duration::from_secs(26 * 3_600));
    let age = level(&metrics(&url).await, AGE);
    assert!((26.0 * 3_600.0..27.0 * 3_600.0).contains(&age), "{age}");
    // One that fails is no backup: the age goes on from the last whole one.
    let file = app.folder.path().join("no-folder");
    std::fs::write(&file, b"x").unwrap();
    assert_ne!(app.run(&["backup", file.to_str().unwrap()]).0, Some(0));
    app.app.clock.advance(Duration::from_secs(3_600));
    assert!(level(&metrics(&url).await, AGE) >= 27.0 * 3_600.0);
    stop.send_replace(true);
});

on_both_engines!(strangers_make_no_new_line_of_the_metrics, |app| {
    let (url, stop) = watched(&app);
    app.get("/nowhere").await;
    app.send(app.request(Method::from_bytes(b"BREW").unwrap(), "/x")).await;
    let before = metrics(&url).await.lines().count();
    for n in 0..50 {
        app.get(&format!("/nowhere/{n}")).await;
        app.send(app.request(Method::from_bytes(format!("BREW{n}").as_bytes()).unwrap(), "/x")).await;
    }
    let text = metrics(&url).await;
    assert_eq!(text.lines().count(), before, "{text}");
    stop.send_replace(true);
});

on_both_engines!(the_listener_of_monitoring_is_apart_from_that_of_people, |app| {
    let (url, stop) = watched(&app);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(reqwest::get(format!("{url}{path}")).await.unwrap().status(), 200, "{path}");
    }
    assert_eq!(reqwest::get(format!("{url}/api/v1/session")).await.unwrap().status(), 404);
    let page = app.get("/metrics").await;
    assert!(!String::from_utf8_lossy(&page.bytes).contains("tapak_requests_total"));
    stop.send_replace(true);
});

on_both_engines!(where_no_file_can_be_kept_the_service_is_not_ready, |app| {
    app.get("/readyz").await.is(StatusCode::OK);
    let incoming = app.app.photos.path().join("incoming");
    std::fs::remove_dir_all(&incoming).unwrap();
    std::fs::write(&incoming, "in the way").unwrap();
    let ready = |status: StatusCode| {
        let app = &app;
        async move {
            // An answer serves for a second.
            let asked = async {
                loop {
                    let answer = app.get("/readyz").await;
                    if answer.status == status {
                        return answer;
                    }
                }
            };
            tokio::time::timeout(NEVER, asked).await.expect("it never says so")
        }
    };
    let refusal = ready(StatusCode::SERVICE_UNAVAILABLE).await.refuses(503, "not_ready", None);
    assert_eq!(refusal["not_ready"], serde_json::json!(["storage"]));
    std::fs::remove_file(&incoming).unwrap();
    std::fs::create_dir(&incoming).unwrap();
    ready(StatusCode::OK).await;
});
