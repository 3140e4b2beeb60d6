//! Reports, photos, imports and uploads.

use super::{path, put};
use crate::common::chain::Chain;
use crate::common::{TestApp, WEST, draft, jpeg, new_id, road};
use reqwest::{Method, StatusCode};
use serde_json::json;
use tapak::actions::import_projects::{ImportOptions, import_projects};
use tapak::import::{Input, ReadOptions};
use uuid::Uuid;

async fn import(app: &TestApp, budget: i64) {
    let file = json!({ "type": "FeatureCollection", "features": [{
        "type": "Feature", "geometry": road(114.315, -8.205),
        "properties": { "id": "A1", "title": "Talud dua", "village_code": WEST, "year": 2026, "funds": "DD", "budget_rp": budget } }] });
    let input = Input::bytes("a.geojson", file.to_string().into_bytes());
    let report =
        import_projects(&app.app, input, ReadOptions::default(), &ImportOptions::default(), |_| {}).await.unwrap();
    assert!(report.stored);
}

pub async fn leave_entries(app: &TestApp, chain: &mut Chain<'_>) {
    let officer = app.sign_in_as("officer", Some(WEST)).await["user"].clone();
    let west = app.village(WEST).await;
    let project = app.register(&draft(west, "Jalan Melati", road(114.311, -8.203))).await;
    chain.told().await;
    let (report, photo, bytes) = (new_id(), new_id(), jpeg(40, 30));
    let sent = json!({ "id": report, "percent": 50, "reported_on": "2026-01-15", "stage": "50", "note": "Bu Sri melihat",
        "photos": [{ "id": photo, "position": 1, "bytes": bytes.len() }] });
    app.post(&path(&project, "/reports"), &sent).await.is(StatusCode::CREATED);
    let (told, _) = chain.only("report report").await;
    assert_eq!(
        told,
        json!({ "project": [null, project["id"]], "percent": [null, 50], "reported_on": [null, "2026-01-15"],
            "stage": [null, "50"], "photos": [null, [photo]], "note": [null, { "personal": "Bu Sri melihat" }] })
    );
    let size = bytes.len();
    let original = format!("/api/v1/photos/{photo}/original");
    let receipt = app.put_bytes(&original, "image/jpeg", bytes).await.is(StatusCode::CREATED);
    let told = chain.told().await;
    assert_eq!(
        told.iter().map(|(what, changes, _)| (what.as_str(), changes.clone())).collect::<Vec<_>>(),
        [
            ("photo project", json!({ "photo": [null, photo] })),
            (
                "receive photo",
                json!({ "report": [null, report], "sha256": [null, receipt["sha256"]], "bytes": [null, size] })
            ),
        ],
        "one of the work, one of the photo"
    );
    app.work().await;
    assert_eq!(chain.kinds().await, [] as [&str; 0]);

    import(app, 100_000_000).await;
    let (imported, _) = chain.only("import import_chunk").await;
    assert_eq!((&imported["rows"], imported["digest"][1].as_str().map(str::len)), (&json!([null, 1]), Some(64)));
    import(app, 120_000_000).await;
    let (changed, _) = chain.only("reimport project").await;
    assert_eq!(changed["budget_rupiah"], json!([100_000_000, 120_000_000]), "{changed}");
    assert!(
        changed.as_object().unwrap().keys().all(|field| ["budget_rupiah", "funding"].contains(&field.as_str())),
        "{changed}"
    );
    import(app, 120_000_000).await;
    assert_eq!(chain.kinds().await, [] as [&str; 0], "the same again changes nothing");
    app.work().await;
    chain.told().await;

    let table = "id;judul;kode_desa;tahun;geometry\nB1;Jalan Kamboja;35.10.01.2001;2026;LINESTRING(114.3 -8.215, 114.302 -8.215)\n";
    let (upload, other) = (new_id(), new_id());
    let file = |id: Uuid| format!("/api/v1/uploads/{id}/file/Bu%20Sri.csv");
    app.put_bytes(&file(upload), "text/csv", table.as_bytes().to_vec()).await.is(StatusCode::CREATED);
    let (came, _) = chain.only("receive upload").await;
    assert_eq!(
        (&came["bytes"], &came["file_name"]),
        (&json!([null, table.len()]), &json!([null, { "personal": "Bu Sri.csv" }]))
    );
    app.work().await;
    let options = json!({ "revision": 1, "options": {} });
    put(app, &format!("/api/v1/uploads/{upload}/options"), &options).await.is(StatusCode::OK);
    let (chosen, _) = chain.only("choose upload").await;
    assert_eq!(chosen, json!({ "revision": [1, 2] }));
    app.work().await;
    let wish = json!({ "revision": 2, "keep_good": false });
    app.post(&format!("/api/v1/uploads/{upload}/store"), &wish).await.is(StatusCode::OK);
    let (asked, _) = chain.only("store upload").await;
    assert_eq!(asked, json!({ "keep_good": [null, false], "overwrite": [null, false] }));
    app.work().await;
    assert_eq!(chain.kinds().await, ["import import_chunk"]);
    assert_eq!(
        chain.who,
        json!({ "means": "job", "person": officer["id"], "post": officer["posts"][0]["post"], "role": "officer", "region": WEST }),
        "for whoever brought the file"
    );
    app.put_bytes(&file(other), "text/csv", (table.to_owned() + "\n").into_bytes()).await.is(StatusCode::CREATED);
    chain.only("receive upload").await;
    app.send(app.request(Method::DELETE, &format!("/api/v1/uploads/{other}"))).await.is(StatusCode::NO_CONTENT);
    chain.only("discard upload").await;
}
