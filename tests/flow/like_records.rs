//! Hundreds of records of one work: one finding, and every answer about it stays small.

use crate::common::{Engine, TestApp, WEST, draft, new_id, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::collections::BTreeSet;
use tapak::actions::import_projects::{ImportOptions, import_projects};
use tapak::domain::job::JobKind;
use tapak::import::{Input, ReadOptions};
use tapak::store::jobs::{NewJob, enqueue};

/// More records of one work than a statement has binds for their pairs (32,766).
const MANY: usize = 270;
const PAIRS: usize = MANY * (MANY - 1) / 2;

/// Records of one title, village and year, each line ending one centimetre further than the last.
async fn import_like_records(app: &TestApp, many: usize) {
    import_some(app, "like.geojson", 0..many).await;
}

async fn import_some(app: &TestApp, file_name: &str, numbers: std::ops::Range<usize>) {
    let many = numbers.len();
    let features: Vec<Value> = numbers
        .map(|n| {
            #[expect(clippy::cast_precision_loss, reason = "some hundred")]
            let end = 114.3025 + n as f64 * 9.1e-8;
            let line = json!({ "type": "LineString", "coordinates": [[114.301, -8.21], [end, -8.21]] });
            json!({ "type": "Feature", "geometry": line, "properties": {
                "id": format!("K{n}"), "title": "Rabat beton jalan dusun Krajan", "village_code": WEST, "year": 2026,
                "funds": "DD", "budget_rp": 100_000_000, "status": "rencana" } })
        })
        .collect();
    let file = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let options = ReadOptions { owner_of: tapak::duplicates::extract_owner, ..ReadOptions::default() };
    let report = import_projects(
        &app.app,
        Input::bytes(file_name, file.into_bytes()),
        options,
        &ImportOptions::default(),
        |_| {},
    )
    .await
    .unwrap();
    assert_eq!((report.counts.new, report.refused.len()), (i64::try_from(many).unwrap(), 0));
}

/// Every two of all records as a pair, and the finding that follows: what screening them writes, without the minute that an
/// unoptimised judge takes for it.
async fn pair_all_with_all(app: &TestApp) {
    const SCREENED: &str = "INSERT INTO screened (project_id) SELECT id FROM projects";
    let item = r#"{"name":"title","level":"same","value":{"a":"Rabat beton jalan dusun Krajan","b":"Rabat beton jalan dusun Krajan"},"bits":4.5}"#;
    let evidence = format!("[{}]", [item; 10].join(","));
    let pairs = |uuid: &str| {
        format!(
            "INSERT INTO pairs (id, a_id, b_id, kind, probability, band, cross_border, distance_m, shared_m, evidence,
                facts_digest, weights_version, judged_at, verdict_digest)
             SELECT {uuid}, a.id, b.id, 'double_entry', 0.97, 'alert', 0, 0.0, 165.0, '{evidence}', 'x', 'x', 'x', 'x'
             FROM projects a JOIN projects b ON a.id < b.id"
        )
    };
    let url = app.engine.url(app.folder.path());
    match app.engine {
        Engine::Sqlite => {
            let mut connection = SqliteConnection::connect(&url).await.unwrap();
            sqlx::query("DELETE FROM jobs").execute(&mut connection).await.unwrap();
            sqlx::query(SCREENED).execute(&mut connection).await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(pairs("randomblob(16)"))).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        Engine::Postgres { .. } => {
            let mut connection = PgConnection::connect(&url).await.unwrap();
            sqlx::query("DELETE FROM jobs").execute(&mut connection).await.unwrap();
            sqlx::query(SCREENED).execute(&mut connection).await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(pairs("gen_random_uuid()"))).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }
    // The screening of one of them brings the finding in line with the pairs of all.
    let first = app.get("/api/v1/projects?limit=1").await.is(StatusCode::OK)["items"][0]["id"].clone();
    change(app, first.as_str().unwrap(), json!({ "volume": 165.0 })).await;
}

async fn change(app: &TestApp, project: &str, change: Value) {
    let path = format!("/api/v1/projects/{project}");
    let now = app.get(&path).await.is(StatusCode::OK);
    let mut patch = json!({ "row_version": now["row_version"], "reason": "perbaikan" });
    patch.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    app.patch(&path, &patch).await.is(StatusCode::OK);
    app.work().await;
}

async fn the_one_finding(app: &TestApp) -> Value {
    let answer = app.get("/api/v1/findings?state=open&kind=duplicate").await;
    let list = answer.is(StatusCode::OK);
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    assert!(answer.bytes.len() < 10_000, "{} bytes of one row", answer.bytes.len());
    list["items"][0].clone()
}

/// Everything of a list, page by page.
async fn walk(app: &TestApp, path: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("{path}?limit={limit}{after}")).await.is(StatusCode::OK);
        let items = page["items"].as_array().unwrap();
        assert!(!items.is_empty() && items.len() <= limit);
        all.extend(items.iter().cloned());
        let Some(next) = page["next"].as_str() else { return all };
        after = format!("&after={next}");
    }
}

fn ids(items: &[Value]) -> BTreeSet<String> {
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

// The first screening knows how its own records are paired with all others, and not how those are with each other: findings made
// of that alone are hundreds of two works each.
on_both_engines!(like_records_of_two_screenings_are_one_finding_from_the_start, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    import_some(&app, "first.geojson", 0..8).await;
    import_some(&app, "second.geojson", 8..40).await;
    app.work().await;
    let row = the_one_finding(&app).await;
    assert_eq!(row["members_total"], 40);
    let closed = app.get("/api/v1/findings?state=closed").await.is(StatusCode::OK);
    assert_eq!(closed["items"].as_array().unwrap().len(), 0, "findings that told of some for a moment");
});

on_both_engines!(a_group_of_hundreds_of_like_records_blocks_nobody, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    import_like_records(&app, MANY).await;
    pair_all_with_all(&app).await;
    let row = the_one_finding(&app).await;
    assert_eq!((row["members"].as_array().unwrap().len(), row["members_total"].as_u64()), (5, Some(MANY as u64)));

    let path = format!("/api/v1/findings/{}", row["id"].as_str().unwrap());
    let answer = app.get(&path).await;
    let detail = answer.is(StatusCode::OK);
    assert!(answer.bytes.len() < 100_000, "{} bytes", answer.bytes.len());
    assert_eq!((detail["pairs"].as_array().unwrap().len(), detail["pairs_total"].as_u64()), (20, Some(PAIRS as u64)));
    assert_eq!(
        (detail["members"].as_array().unwrap().len(), detail["members_total"].as_u64()),
        (20, Some(MANY as u64))
    );
    assert_eq!(detail["footprints"].as_array().unwrap().len(), 20);
    let map = app.get("/api/v1/map/findings").await;
    map.is(StatusCode::OK);
    assert!(map.bytes.len() < 200_000, "{} bytes", map.bytes.len());
    // Everybody is told of it once, and the mail is written.
    let told = app.get("/api/v1/messages").await.is(StatusCode::OK);
    assert!(!told["items"].as_array().unwrap().is_empty());

    let members = walk(&app, &format!("{path}/members"), 100).await;
    assert_eq!((members.len(), ids(&members).len()), (MANY, MANY));
    assert_eq!(members[..20], detail["members"].as_array().unwrap()[..]);
    let further = app.get(&format!("{path}/pairs?after={}", detail["pairs_next"].as_str().unwrap())).await;
    assert!(further.bytes.len() < 100_000, "{} bytes", further.bytes.len());
    let further = further.is(StatusCode::OK);
    let first = ids(detail["pairs"].as_array().unwrap());
    let second = ids(further["items"].as_array().unwrap());
    assert_eq!((second.len(), first.intersection(&second).count()), (20, 0));
});

/// How many pairs each write kept, by the moment that it bears.
async fn shares(app: &TestApp) -> Vec<(String, i64)> {
    const SHARES: &str = "SELECT judged_at, COUNT(*) FROM pairs GROUP BY judged_at ORDER BY judged_at";
    let url = app.engine.url(app.folder.path());
    match app.engine {
        Engine::Sqlite => {
            let mut connection = SqliteConnection::connect(&url).await.unwrap();
            sqlx::query_as(SHARES).fetch_all(&mut connection).await.unwrap()
        }
        Engine::Postgres { .. } => {
            let mut connection = PgConnection::connect(&url).await.unwrap();
            sqlx::query_as(SHARES).fetch_all(&mut connection).await.unwrap()
        }
    }
}

on_both_engines!(like_records_are_judged_and_kept_some_thousand_pairs_at_a_time_and_none_twice, |app| {
    // 5,995 pairs.
    let (records, pairs) = (110, 5_995);
    app.sign_in_as("inspector", Some("35.10")).await;
    import_like_records(&app, records).await;
    app.work().await;
    let kept = shares(&app).await;
    assert_eq!(kept.iter().map(|(_, count)| count).sum::<i64>(), pairs);
    assert!(kept.len() > 1 && kept.iter().all(|(_, count)| *count <= 5_000), "{kept:?}");
    let row = the_one_finding(&app).await;
    let path = format!("/api/v1/findings/{}", row["id"].as_str().unwrap());
    let finding = app.get(&path).await.is(StatusCode::OK);
    assert_eq!((finding["pairs_total"].as_i64(), finding["members_total"].as_u64()), (Some(pairs), Some(110)));

    // Screened again, all stays as it is kept: nothing is judged, and nothing written.
    let job = NewJob {
        id: new_id(),
        kind: JobKind::ScreenVillage,
        subject_id: app.village(WEST).await,
        run_at: app.app.clock.now(),
    };
    let mut tx = app.app.store.write().await.unwrap();
    enqueue(&mut tx, &[job], app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    app.work().await;
    assert_eq!(shares(&app).await, kept);
    // A correction of one concerns its own pairs alone.
    let one = finding["members"][0]["id"].as_str().unwrap();
    change(&app, one, json!({ "volume": 165.0 })).await;
    let now = shares(&app).await;
    let newer = now.iter().filter(|share| !kept.contains(share) && share.0 > kept[kept.len() - 1].0);
    assert_eq!(newer.map(|(_, count)| count).sum::<i64>(), 109, "{now:?}");
});

on_both_engines!(a_decision_on_many_pairs_keeps_the_facts_of_every_record_and_is_small_to_read, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    // 231 pairs: more than a decision keeps in full.
    import_like_records(&app, 22).await;
    app.work().await;
    let path = format!("/api/v1/findings/{}", the_one_finding(&app).await["id"].as_str().unwrap());
    let detail = app.get(&path).await.is(StatusCode::OK);
    assert_eq!(detail["pairs_total"], 231);
    let decision = json!({ "id": new_id(), "row_version": detail["row_version"], "decision": "upkeep", "reason": "satu berkas uji" });
    let decided = app.post(&format!("{path}/decision"), &decision).await;
    assert!(decided.bytes.len() < 100_000, "{} bytes", decided.bytes.len());
    let decided = decided.is(StatusCode::OK);
    let first = &decided["decisions"][0];
    assert_eq!((&decided["state"], &first["stands"]), (&json!("closed"), &json!(true)));
    let about: BTreeSet<&str> = first["projects"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(about.len(), 22);
    // A fact of any one of them changes: it is said which.
    for project in about.into_iter().step_by(7) {
        change(&app, project, json!({ "volume": 77.5 })).await;
        let now = app.get(&path).await.is(StatusCode::OK);
        assert_eq!(now["decisions"][0]["stands"], false);
        let changes = now["decisions"][0]["changes"].as_array().unwrap();
        assert_eq!(changes.len(), 1, "{changes:?}");
        assert_eq!((changes[0]["project_id"].as_str(), changes[0]["field"].as_str()), (Some(project), Some("volume")));
        change(&app, project, json!({ "volume": null })).await;
        assert_eq!(app.get(&path).await.is(StatusCode::OK)["decisions"][0]["stands"], true);
    }
    let undone = app.post(&format!("{path}/decision/undo"), &json!({ "decision": decision["id"] })).await;
    assert_eq!(undone.is(StatusCode::OK)["state"], "open");
});

on_both_engines!(further_pairs_come_by_page_each_once_the_likeliest_first, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    import_like_records(&app, 6).await;
    app.work().await;
    let finding = the_one_finding(&app).await;
    let path = format!("/api/v1/findings/{}", finding["id"].as_str().unwrap());
    let pairs = walk(&app, &format!("{path}/pairs"), 4).await;
    assert_eq!((pairs.len(), ids(&pairs).len()), (15, 15));
    let likely: Vec<f64> = pairs.iter().map(|pair| pair["probability"].as_f64().unwrap()).collect();
    assert!(likely.windows(2).all(|two| two[0] >= two[1]), "{likely:?}");
    assert_eq!(finding["probability"].as_f64(), Some(likely[0]));

    // Another fact makes another probability: the order follows it.
    let first = pairs[0]["a"].as_str().unwrap();
    change(&app, first, json!({ "funding": [{ "fund": "ADD", "amount_rupiah": 31_000_000 }] })).await;
    let after = walk(&app, &format!("{path}/pairs"), 4).await;
    assert_eq!(ids(&after), ids(&pairs));
    let likely: Vec<f64> = after.iter().map(|pair| pair["probability"].as_f64().unwrap()).collect();
    assert!(likely.windows(2).all(|two| two[0] >= two[1]), "{likely:?}");
    assert!(likely[14] < likely[0], "{likely:?}");
});

on_both_engines!(members_and_pairs_are_shown_to_whoever_sees_the_finding_alone, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    for title in ["Paving Gang Masjid RT 02", "Pavingisasi gang masjid Rt.02"] {
        app.register(&draft(west, title, road(114.305, -8.21))).await;
    }
    app.work().await;
    let path = format!("/api/v1/findings/{}", the_one_finding(&app).await["id"].as_str().unwrap());
    for rest in ["members", "pairs"] {
        app.get(&format!("{path}/{rest}?after=x")).await.refuses(400, "wrong_after", Some("after"));
        app.get(&format!("{path}/{rest}?limit=101")).await.refuses(400, "limit_out_of_range", Some("limit"));
        app.get(&format!("{path}/{rest}")).await.is(StatusCode::OK);
    }
    app.sign_in_as("inspector", Some("35.11")).await;
    for rest in ["members", "pairs"] {
        app.get(&format!("{path}/{rest}")).await.refuses(404, "not_found", None);
    }
    app.sign_out().await;
    for rest in ["members", "pairs"] {
        app.get(&format!("{path}/{rest}")).await.refuses(401, "sign_in_required", None);
    }
});
