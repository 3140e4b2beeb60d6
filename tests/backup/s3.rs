//! Backups in S3-compatible storage, against a server of it.

use crate::common::recorded::{Home, Recorded, refuses, succeeds};
use crate::common::s3::{BUCKET, S3};
use crate::common::{Engine, TestApp, jpeg, on_both_engines};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use reqwest::{Method, StatusCode};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

on_both_engines!(backups_in_a_bucket_come_back_and_old_ones_go, |app| {
    if let Some(s3) = S3::start().await {
        let mut recorded = Recorded::make(&app, 2).await;
        let settings = s3.settings();
        let with = |arguments: &[&'static str]| -> Vec<String> {
            let sets = settings.iter().flat_map(|setting| ["--set".to_owned(), setting.clone()]);
            sets.chain(arguments.iter().map(|argument| (*argument).to_owned())).collect()
        };
        let run = |arguments: &[&'static str]| {
            let arguments = with(arguments);
            app.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
        };
        const TARGET: &str = "s3://cadangan/kabupaten/satu";
        assert!(TARGET.contains(BUCKET));
        refuses(run(&["backup", "verify", TARGET]), "There is no whole backup");
        refuses(run(&["backup", "s3://tidak-ada/x"]), "s3://tidak-ada/x");
        succeeds(run(&["backup", TARGET]));
        recorded.photograph(&app, recorded.projects[0].0, jpeg(120, 90)).await;
        recorded.settle(&app).await;
        succeeds(run(&["backup", TARGET]));
        let said = succeeds(run(&["backup", "verify", TARGET]));
        assert!(said.contains("2 backups") && said.contains("Everything is as it was stored"), "{said}");
        let said = succeeds(run(&["backup", "prune", TARGET, "--keep", "1"]));
        assert!(said.contains("1 backup removed, 1 left"), "{said}");
        let to = Home::empty(&app.engine).await;
        let arguments = with(&["restore", TARGET]);
        succeeds(to.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()));
        let other = to.open().await;
        recorded.is_in(&other).await;
        other.finish().await;

        // Another machine is at work there.
        let lock = |method| s3.request(method, "/kabupaten/satu/lock").body("another");
        lock(Method::PUT).send().await.unwrap().error_for_status().unwrap();
        refuses(run(&["backup", TARGET]), "Another backup or prune is at work in s3://cadangan/kabupaten/satu");
        lock(Method::DELETE).send().await.unwrap().error_for_status().unwrap();
        // Somebody else's storage may lose or change something.
        let list = s3.request(Method::GET, "?list-type=2&prefix=kabupaten/satu/files").send().await;
        let list = list.unwrap().text().await.unwrap();
        let key = list.split("<Key>").nth(1).unwrap().split("</Key>").next().unwrap().to_owned();
        s3.request(Method::PUT, &format!("/{key}")).body("other bytes").send().await.unwrap();
        let (code, said) = run(&["backup", "verify", TARGET]);
        assert_eq!((code, said.contains("is damaged: the photo")), (Some(3), true), "{said}");
    }
});

/// A storage that takes everything and gives rows and photos back with one bit changed.
async fn faulty_storage() -> String {
    type Objects = Arc<Mutex<HashMap<String, Vec<u8>>>>;
    async fn answer(State(objects): State<Objects>, request: Request) -> Response {
        const NONE: &str =
            "<ListBucketResult><Name>b</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>";
        let (key, method) = (request.uri().path().to_owned(), request.method().clone());
        if request.uri().query().is_some_and(|query| query.contains("list-type")) {
            return NONE.into_response();
        }
        if method == Method::PUT {
            let body = axum::body::to_bytes(request.into_body(), 1 << 24).await.unwrap().to_vec();
            objects.lock().unwrap().insert(key, body);
            return ([("etag", "\"x\"")], StatusCode::OK).into_response();
        }
        if method == Method::DELETE {
            objects.lock().unwrap().remove(&key);
            return StatusCode::NO_CONTENT.into_response();
        }
        let Some(mut body) = objects.lock().unwrap().get(&key).cloned() else {
            return StatusCode::NOT_FOUND.into_response();
        };
        if key.contains("/files/") {
            body[0] ^= 1;
        }
        ([("etag", "\"x\""), ("last-modified", "Mon, 30 Nov 2026 00:00:00 GMT")], body).into_response()
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(answer).with_state(Objects::default());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// Otherwise it would come out on the day on which the photo is needed.
#[tokio::test(flavor = "multi_thread")]
async fn a_storage_that_changes_what_it_is_sent_is_noticed_while_the_service_has_it_still() {
    let app = TestApp::start(Engine::sqlite(), &[]).await;
    Recorded::make(&app, 1).await;
    let endpoint = format!("s3_endpoint={}", faulty_storage().await);
    let mut arguments = vec!["--set", endpoint.as_str()];
    for setting in ["s3_region=us-east-1", "s3_access_key_id=x", "s3_secret_access_key=y"] {
        arguments.extend(["--set", setting]);
    }
    arguments.extend(["backup", "s3://b/p"]);
    let (code, said) = tokio::task::block_in_place(|| app.run(&arguments));
    refuses((code, said), "s3://b/p does not give files/");
    app.finish().await;
}
