//! What is done to works and findings.

use super::{current, patch, path};
use crate::common::chain::Chain;
use crate::common::{TestApp, WEST, draft, new_id, road};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Each act leaves one entry, and nothing else does.
pub async fn leave_entries(app: &TestApp, chain: &mut Chain<'_>) {
    let inspector = app.sign_in_as("inspector", Some("35.10")).await["user"].clone();
    let told = chain.told().await;
    let kinds: Vec<&str> = told.iter().map(|(what, ..)| what.as_str()).collect();
    assert_eq!(kinds, ["create post", "add user", "appoint post"]);
    assert_eq!(told[0].1, json!({ "grants": [null, [{ "role": "inspector", "region": "35.10" }]] }));
    assert_eq!(
        told[1].1,
        json!({
            "login": [null, { "personal": "inspector-35.10" }], "name": [null, { "personal": "Tes inspector" }],
            "email": [null, { "personal": "inspector@example.org" }], "language": [null, "id"],
        })
    );
    assert_eq!(
        (&told[2].1["person"], &told[2].1["capacity"]),
        (&json!([null, inspector["id"]]), &json!([null, "holder"]))
    );
    assert_eq!(chain.who, json!({ "means": "terminal" }));
    let by_inspector = json!({
        "means": "request", "person": inspector["id"], "post": inspector["posts"][0]["post"], "role": "inspector",
        "region": "35.10", "address": { "personal": "127.0.0.1" },
    });
    let west = app.village(WEST).await;
    let a = app.register(&draft(west, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
    let (registered, _) = chain.only("register project").await;
    assert_eq!(chain.who, by_inspector);
    let parts = registered["parts"][1].as_str().unwrap().to_owned();
    assert_eq!(parts.len(), 64);
    assert_eq!(
        registered,
        json!({
            "title": [null, "Paving Gang Masjid RT 02"], "village_id": [null, west], "fiscal_year": [null, 2026],
            "status": [null, "planned"], "activity_code": [null, "02.03.10"], "authority": [null, "village"],
            "sensitivity": [null, "open"], "budget_rupiah": [null, 150_000_000],
            "funding": [null, [{ "fund": "DD", "amount_rupiah": 150_000_000, "budget_line": null, "contract_number": null, "segment": null }]],
            "footprint_version": [null, 1], "parts": [null, parts],
        })
    );
    let b = app.register(&draft(west, "Pavingisasi gang masjid Rt.02", road(114.305, -8.21))).await;
    chain.only("register project").await;
    app.work().await;
    let (opened, _) = chain.only("open finding").await;
    assert_eq!((opened, &chain.who), (json!({ "state": [null, "open"] }), &json!({ "means": "job" })));

    patch(app, &a, json!({ "executor": "TPK Barat", "reason": "Kata Pak Slamet" })).await;
    let (corrected, reason) = chain.only("correct project").await;
    assert_eq!((corrected, reason), (json!({ "executor": [null, "TPK Barat"] }), json!("Kata Pak Slamet")));
    patch(
        app,
        &a,
        json!({ "footprint": { "how": "map", "parts": [{ "accuracy_m": 5.0, "geometry": road(114.306, -8.21) }] } }),
    )
    .await;
    let (moved, reason) = chain.only("correct project").await;
    assert_eq!((&moved["footprint_version"], &moved["parts"][0], reason), (&json!([1, 2]), &json!(parts), Value::Null));
    assert_ne!(moved["parts"][1], moved["parts"][0]);
    app.post(&path(&a, "/undo"), &json!({ "row_version": current(app, &a).await })).await.is(StatusCode::OK);
    let (undone, _) = chain.only("undo project").await;
    assert_eq!(undone["parts"], json!([moved["parts"][1], parts]), "what was drawn at first is back");
    app.work().await;
    chain.told().await;

    let found = app.get("/api/v1/findings?state=open&kind=duplicate").await.is(StatusCode::OK)["items"][0].clone();
    let finding = format!("/api/v1/findings/{}", found["id"].as_str().unwrap());
    let comment = new_id();
    app.post(&format!("{finding}/comments"), &json!({ "id": comment, "text": "Satu pekerjaan?" }))
        .await
        .is(StatusCode::OK);
    let (said, _) = chain.only("comment finding").await;
    assert_eq!(chain.who, by_inspector);
    assert_eq!(said, json!({ "comment": [null, comment], "text": [null, { "personal": "Satu pekerjaan?" }] }));
    let row_version = app.get(&finding).await.json()["row_version"].clone();
    let decision = new_id();
    let decide =
        json!({ "id": decision, "row_version": row_version, "decision": "different_works", "reason": "Dilihat." });
    app.post(&format!("{finding}/decision"), &decide).await.is(StatusCode::OK);
    let told = chain.told().await;
    assert_eq!(told.len(), 2, "{told:?}");
    let close = told.iter().find(|(what, ..)| what == "close finding").unwrap();
    assert_eq!(close.1, json!({ "state": ["open", "closed"] }));
    let decided = told.iter().find(|(what, ..)| what == "decide finding").unwrap();
    assert_eq!(decided.1, json!({ "id": [null, decision], "decision": [null, "different_works"] }));
    assert_eq!(decided.2, "Dilihat.");
    app.post(&format!("{finding}/decision/undo"), &json!({ "decision": decision })).await.is(StatusCode::OK);
    let told = chain.told().await;
    assert_eq!(told.len(), 2, "{told:?}");
    let reopened = told.iter().find(|(what, ..)| what == "reopen finding").unwrap();
    assert_eq!(reopened.1, json!({ "state": ["closed", "open"] }));
    let back = told.iter().find(|(what, ..)| what == "take_back finding").unwrap();
    assert_eq!(back.1, json!({ "id": [decision, null], "decision": ["different_works", null] }));

    let merge = json!({ "row_version": current(app, &b).await, "into": a["id"], "reason": "Sama." });
    app.post(&path(&b, "/merge"), &merge).await.is(StatusCode::OK);
    let told = chain.told().await;
    let merged = told.iter().find(|(what, ..)| what == "merge project").unwrap();
    assert_eq!((&merged.1, &merged.2), (&json!({ "merged_into": [null, a["id"]] }), &json!("Sama.")));
    assert_eq!(told.len(), 2, "and its finding is closed: {told:?}");
    let withdrawal = json!({ "row_version": current(app, &a).await, "reason": "Salah." });
    app.post(&path(&a, "/withdraw"), &withdrawal).await.is(StatusCode::OK);
    let (withdrawn, reason) = chain.only("withdraw project").await;
    assert_eq!((withdrawn, reason), (json!({ "withdrawn": [null, true] }), json!("Salah.")));
    app.work().await;
    chain.told().await;
}
