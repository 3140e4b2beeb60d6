use super::limits::connect;
use crate::common::{PASSWORD, TestApp, WEST, draft, jpeg, new_id, on_both_engines, road};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// A project with a report that announces one photo; gives the project's path and the photo's.
async fn announce(app: &TestApp, bytes: usize) -> (String, String, Value) {
    app.sign_in_as("officer", Some(WEST)).await;
    let project = app.register(&draft(app.village(WEST).await, "Jalan Melati", road(114.305, -8.21))).await;
    let path = format!("/api/v1/projects/{}", project["id"].as_str().unwrap());
    let photo = new_id();
    let report = json!({
        "id": new_id(), "percent": 50, "reported_on": "2026-01-15", "stage": "50", "note": "pengecoran",
        "photos": [{ "id": photo, "position": 1, "bytes": bytes, "station": "awal",
            "capture": { "lon": 114.3061, "lat": -8.2101, "accuracy_m": 6.5, "taken_at": "2026-01-15T02:00:00Z" } }],
    });
    let answer = app.post(&format!("{path}/reports"), &report).await.is(StatusCode::CREATED);
    assert_eq!(answer["photos"][0]["state"], "waiting");
    (path, format!("/api/v1/photos/{photo}"), report)
}

on_both_engines!(a_report_with_a_photo_is_on_the_projects_page_with_stage_and_place, |app| {
    let bytes = jpeg(900, 600);
    let (project, photo, report) = announce(&app, bytes.len()).await;
    let receipt =
        app.put_bytes(&format!("{photo}/original"), "image/jpeg", bytes.clone()).await.is(StatusCode::CREATED);
    assert_eq!((receipt["received"].as_bool(), receipt["sha256"].as_str().map(str::len)), (Some(true), Some(64)));
    app.work().await;
    let shown = app.get(&format!("{project}/reports")).await.is(StatusCode::OK)["items"][0]["photos"][0].clone();
    assert_eq!(
        (shown["state"].as_str(), shown["stage"].as_str(), shown["station"].as_str()),
        (Some("ready"), Some("50"), Some("awal"))
    );
    let distance = shown["distance_m"].as_f64().unwrap();
    assert!((10.0..13.0).contains(&distance), "11 m beside the road: {distance}");
    let thumb = app.get(shown["thumb"].as_str().unwrap()).await;
    assert_eq!(thumb.headers["content-type"], "image/jpeg");
    let picture = image::load_from_memory(&thumb.bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (320, 213));
    let original = app.get(&format!("{photo}/original")).await;
    assert_eq!(original.bytes, bytes, "the original is never changed");
    assert_eq!(app.get(&project).await.json()["percent"], 50.0);
    // The same again is the same: a phone on a weak line sends twice.
    app.post(&format!("{project}/reports"), &report).await.is(StatusCode::OK);
    app.put_bytes(&format!("{photo}/original"), "image/jpeg", bytes).await.is(StatusCode::OK);
    app.put_bytes(&format!("{photo}/original"), "image/jpeg", jpeg(10, 10)).await.refuses(409, "other_bytes", None);
    // The public sees the picture, not the original nor where the phone was.
    app.sign_out().await;
    app.get(&format!("{photo}/thumb")).await.is(StatusCode::OK);
    app.get(&format!("{photo}/original")).await.refuses(401, "sign_in_required", None);
    assert!(app.get(&format!("{project}/reports")).await.json()["items"][0]["photos"][0]["capture"].is_null());
});

on_both_engines!(a_photo_that_is_none_is_refused_and_nothing_is_kept, |app| {
    let (project, photo, _) = announce(&app, 1_000).await;
    let path = format!("{photo}/original");
    let whole = jpeg(300, 300);
    let cut = whole[..whole.len() / 2].to_vec();
    app.put_bytes(&path, "image/jpeg", cut).await.refuses(422, "truncated_image", Some("photo"));
    app.put_bytes(&path, "image/jpeg", b"\xff\xd8\xff\xe0 not a picture".to_vec()).await.refuses(
        422,
        "truncated_image",
        Some("photo"),
    );
    app.put_bytes(&path, "image/jpeg", b"%PDF-1.4".to_vec()).await.refuses(422, "not_an_image", Some("photo"));
    app.put_bytes(&path, "image/jpeg", Vec::new()).await.refuses(422, "not_an_image", Some("photo"));
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
    bomb.extend([0xb2, 0x98, 0xa8, 0x9a]);
    bomb.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    let problem = app.put_bytes(&path, "image/png", bomb).await;
    assert!(matches!(problem.json()["code"].as_str(), Some("too_many_pixels" | "truncated_image")), "{problem:?}");
    // Whoever looks at the report learns that nothing is on its way, and why.
    let photo = &app.get(&format!("{project}/reports")).await.json()["items"][0]["photos"][0];
    assert_eq!((photo["received"].as_bool(), photo["state"].as_str()), (Some(false), Some("failed")));
    assert_eq!(photo["error"], problem.json()["code"]);
    // After all that the right one is still taken.
    let taken = app.put_bytes(&path, "image/jpeg", whole).await.is(StatusCode::CREATED);
    assert_eq!((taken["state"].as_str(), &taken["error"]), (Some("preparing"), &Value::Null));
});

on_both_engines!(a_gigabyte_is_refused_before_it_is_read, [("photo_bytes", "100000")], |app| {
    let (_, photo, _) = announce(&app, 1_000).await;
    let request = app.request(Method::PUT, &format!("{photo}/original")).header("content-length", "1073741824");
    let endless = reqwest::Body::from(vec![0_u8; 1]);
    // A client that announces a gigabyte is answered at once; what it sends is not waited for.
    let answer = request.header("content-type", "image/jpeg").body(endless).send().await;
    if let Ok(answer) = answer {
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    app.put_bytes(&format!("{photo}/original"), "image/jpeg", vec![0xff; 200_000]).await.refuses(
        413,
        "too_large",
        Some("photo"),
    );
});

on_both_engines!(the_same_picture_in_two_reports_is_two_photos_on_one_file, |app| {
    let bytes = jpeg(64, 64);
    let (project, first, _) = announce(&app, bytes.len()).await;
    let id = new_id();
    let report = json!({ "id": new_id(), "percent": 100, "reported_on": "2026-02-01",
        "photos": [{ "id": id, "position": 1, "bytes": bytes.len() }] });
    app.post(&format!("{project}/reports"), &report).await.is(StatusCode::CREATED);
    let a = app.put_bytes(&format!("{first}/original"), "image/jpeg", bytes.clone()).await.is(StatusCode::CREATED);
    let b = app.put_bytes(&format!("/api/v1/photos/{id}/original"), "image/jpeg", bytes).await.is(StatusCode::CREATED);
    assert_eq!(a["sha256"], b["sha256"]);
    assert_eq!(app.get(&project).await.json()["percent"], 100.0);
});

on_both_engines!(a_report_that_makes_no_sense_is_refused, |app| {
    let (project, _, _) = announce(&app, 10).await;
    let path = format!("{project}/reports");
    let report = |percent: f64, day: &str| json!({ "id": new_id(), "percent": percent, "reported_on": day });
    app.post(&path, &report(101.0, "2026-01-01")).await.refuses(422, "percent_out_of_range", Some("percent"));
    app.post(&path, &report(10.0, "2099-01-01")).await.refuses(422, "day_in_the_future", Some("reported_on"));
    app.post(&path, &report(10.0, "01/02/2026")).await.refuses(422, "wrong_type", Some("reported_on"));
});

on_both_engines!(a_photo_that_breaks_off_on_the_way_leaves_nothing, |app| {
    let bytes = jpeg(900, 600);
    let (_, photo, _) = announce(&app, bytes.len()).await;
    let login = json!({ "login": format!("officer-{WEST}"), "password": PASSWORD });
    let answer = app.post("/api/v1/session", &login).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let head = format!(
        "PUT {photo}/original HTTP/1.1\r\nHost: tapak\r\nContent-Type: image/jpeg\r\nCookie: {cookie}\r\nContent-Length: {}\r\n\r\n",
        bytes.len()
    );
    let folder = app.folder.path().join("data/photos/incoming");
    let waiting = || std::fs::read_dir(&folder).unwrap().count();
    let stream = connect(&app, "127.0.0.1", &[head.as_bytes(), &bytes[..bytes.len() / 2]].concat()).await;
    while waiting() == 0 {
        tokio::task::yield_now().await;
    }
    drop(stream);
    while waiting() > 0 {
        tokio::task::yield_now().await;
    }
    app.put_bytes(&format!("{photo}/original"), "image/jpeg", bytes).await.is(StatusCode::CREATED);
    assert_eq!(waiting(), 0);
});
