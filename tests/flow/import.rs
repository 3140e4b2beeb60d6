use crate::common::{EAST, TestApp, WEST, on_both_engines, road};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tapak::actions::import_projects::{ImportOptions, Report, import_projects};
use tapak::domain::project::ProjectDetails;
use tapak::import::{Input, Origin, ReadOptions, write_refused_rows};

fn reading() -> ReadOptions {
    ReadOptions { owner_of: tapak::duplicates::extract_owner, ..ReadOptions::default() }
}

async fn import(app: &TestApp, name: &str, text: &str, options: &ImportOptions) -> Report {
    import_projects(&app.app, Input::bytes(name, text.as_bytes().to_vec()), reading(), options, |_| {}).await.unwrap()
}

fn feature(id: &str, title: &str, village: &str, lon: f64) -> Value {
    json!({ "type": "Feature", "geometry": road(lon, -8.21), "properties": {
        "id": id, "title": title, "village_code": village, "year": 2026, "funds": "DD", "budget_rp": 100_000_000, "status": "rencana" } })
}

fn collection(features: &[Value]) -> String {
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

async fn count(app: &TestApp) -> usize {
    app.get("/api/v1/projects?limit=500").await.is(StatusCode::OK)["items"].as_array().unwrap().len()
}

on_both_engines!(the_same_file_again_changes_nothing_and_changed_cells_change_only_those, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let first = collection(&[feature("A1", "Jalan satu", WEST, 114.301), feature("A2", "Talud dua", WEST, 114.311)]);
    let report = import(&app, "a.geojson", &first, &ImportOptions::default()).await;
    assert_eq!((report.counts.new, report.counts.same, report.stored), (2, 0, true));
    let again = import(&app, "a.geojson", &first, &ImportOptions::default()).await;
    assert_eq!((again.counts.new, again.counts.changed, again.counts.same), (0, 0, 2));
    let id = app.get("/api/v1/projects?q=jalan%20satu").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/projects/{id}");
    // A person corrects the title; the file then changes the title and the money.
    app.patch(&path, &json!({ "row_version": 1, "title": "Jalan satu (dikoreksi)" })).await.is(StatusCode::OK);
    let mut changed = feature("A1", "Jalan satu versi file", WEST, 114.301);
    changed["properties"]["budget_rp"] = json!(120_000_000);
    let report = import(&app, "a.geojson", &collection(&[changed.clone()]), &ImportOptions::default()).await;
    assert_eq!(report.counts.changed, 1);
    assert_eq!((report.kept.len(), report.kept[0].field.as_str()), (1, "title"));
    let project = app.get(&path).await.json();
    assert_eq!(
        (project["title"].as_str(), project["budget_rupiah"].as_i64()),
        (Some("Jalan satu (dikoreksi)"), Some(120_000_000))
    );
    // Only where the user says so does the file win.
    changed["properties"]["title"] = json!("Jalan satu menurut file");
    let options = ImportOptions { overwrite: true, ..ImportOptions::default() };
    import(&app, "a.geojson", &collection(&[changed]), &options).await;
    assert_eq!(app.get(&path).await.json()["title"], "Jalan satu menurut file");
});

on_both_engines!(an_undone_edit_lets_the_file_overwrite_and_any_other_does_not_however_old, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let mut row = feature("A1", "Jalan satu", WEST, 114.301);
    import(&app, "a.geojson", &collection(std::slice::from_ref(&row)), &ImportOptions::default()).await;
    let id = app.get("/api/v1/projects").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/projects/{id}");
    let correct = async |body: Value| {
        let version = app.get(&path).await.json()["row_version"].clone();
        let mut body = body;
        body["row_version"] = version;
        app.patch(&path, &body).await.is(StatusCode::OK);
    };
    let undo = async || {
        let version = app.get(&path).await.json()["row_version"].clone();
        app.post(&format!("{path}/undo"), &json!({ "row_version": version })).await.is(StatusCode::OK);
    };
    // A title and a place were changed and put back: the file may change both.
    correct(json!({ "title": "Jalan lain" })).await;
    undo().await;
    correct(
        json!({ "footprint": { "how": "map", "parts": [{ "accuracy_m": 5.0, "geometry": road(114.309, -8.21) }] } }),
    )
    .await;
    undo().await;
    row["properties"]["title"] = json!("Jalan satu B");
    row["geometry"] = road(114.303, -8.21);
    let report = import(&app, "a.geojson", &collection(std::slice::from_ref(&row)), &ImportOptions::default()).await;
    assert_eq!((report.counts.changed, report.kept.len()), (1, 0), "{:?}", report.kept);
    // What a person wrote stays, however often the file came since.
    correct(json!({ "title": "Jalan menurut orang" })).await;
    for round in 0..3 {
        row["properties"]["title"] = json!(format!("Jalan berkas {round}"));
        row["properties"]["budget_rp"] = json!(200_000_000 + round);
        let report =
            import(&app, "a.geojson", &collection(std::slice::from_ref(&row)), &ImportOptions::default()).await;
        assert_eq!((report.counts.changed, report.kept.len()), (1, 1), "{round}");
    }
    assert_eq!(app.get(&path).await.json()["title"], "Jalan menurut orang");
    // Where the file won, it is the file's again.
    row["properties"]["title"] = json!("Jalan berkas menang");
    let options = ImportOptions { overwrite: true, ..ImportOptions::default() };
    import(&app, "a.geojson", &collection(std::slice::from_ref(&row)), &options).await;
    row["properties"]["title"] = json!("Jalan berkas akhir");
    let report = import(&app, "a.geojson", &collection(std::slice::from_ref(&row)), &ImportOptions::default()).await;
    assert_eq!((report.counts.changed, report.kept.len()), (1, 0), "{:?}", report.kept);
});

on_both_engines!(a_bad_row_stops_the_import_unless_keep_good_is_set, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let mut swapped = feature("B2", "Tertukar", WEST, 114.305);
    swapped["geometry"] = json!({ "type": "Point", "coordinates": [-8.21, 114.305] });
    let file =
        collection(&[feature("B1", "Baik", WEST, 114.305), swapped, feature("B3", "Jauh", "35.10.99.2999", 114.305)]);
    let report = import(&app, "b.geojson", &file, &ImportOptions::default()).await;
    assert!(!report.stored);
    let refused: Vec<_> = report.refused.iter().map(|cell| (cell.row, cell.invalid.code)).collect();
    assert_eq!(refused, [(2, "coordinates_swapped"), (3, "unknown_village")]);
    assert_eq!(count(&app).await, 0);
    let options = ImportOptions { keep_good: true, ..ImportOptions::default() };
    assert_eq!(import(&app, "b.geojson", &file, &options).await.counts.new, 1);
    let dry = ImportOptions { dry_run: true, ..ImportOptions::default() };
    assert!(!import(&app, "c.geojson", &collection(&[feature("C1", "x", WEST, 114.3)]), &dry).await.stored);
    assert_eq!(count(&app).await, 1);
});

on_both_engines!(a_place_far_from_its_village_is_refused_with_the_reading_that_would_fit_it, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let csv = format!(
        "id;judul;kode_desa;tahun;lintang;bujur\n1;Baik;{WEST};2026;-8,21;114,305\n2;Utara;{WEST};2026;8,21;114,305\n\
         3;Angka;{WEST};2026;-8,21;115,305\n4;Jauh;{WEST};2026;-8,85;114,305\n"
    );
    let dry = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let report = import(&app, "a.csv", &csv, &dry).await;
    let told: Vec<_> = report
        .refused
        .iter()
        .map(|cell| (cell.row, cell.column.as_str(), cell.invalid.code, cell.invalid.values["slip"].as_str()))
        .collect();
    let far = "row_far_from_village";
    let expected = [
        (3, "lintang, bujur", far, Some("sign_lost")),
        (4, "lintang, bujur", far, Some("digit")),
        (5, "lintang, bujur", far, None),
    ];
    assert_eq!(told, expected);
    assert_eq!(report.refused[0].invalid.values["corrected"], json!([114.305, -8.21]));
    let keep = ImportOptions { keep_good: true, ..ImportOptions::default() };
    assert_eq!(import(&app, "a.csv", &csv, &keep).await.counts.new, 1);
});

on_both_engines!(a_place_is_taken_that_is_nearer_than_the_limit_that_is_set, [("far_place_km", "100")], |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let csv = format!("id;judul;kode_desa;tahun;lintang;bujur\n4;Jauh;{WEST};2026;-8,85;114,305\n");
    assert_eq!(import(&app, "a.csv", &csv, &ImportOptions::default()).await.counts.new, 1);
});

on_both_engines!(codes_of_bps_are_matched_by_what_is_stored_of_them_and_never_taken_for_those_of_kemendagri, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let mut villages: Value = serde_json::from_str(&crate::common::two_villages()).unwrap();
    // The BPS code of the one looks like the Kemendagri code of the other.
    let other = EAST.replace('.', "");
    villages["features"][0]["properties"]["bps_code"] = json!("3510010001");
    app.import_villages(&villages.to_string()).await;
    let csv =
        "id;judul;kode_desa;tahun\n1;Jalan;3510010001;2026\n2;Talud;35.10.010.001;2026\n3;Sumur;3510010002;2026\n";
    let report = import(&app, "a.csv", csv, &ImportOptions { keep_good: true, ..ImportOptions::default() }).await;
    let told: Vec<_> = report.refused.iter().map(|cell| (cell.row, cell.invalid.code)).collect();
    assert_eq!((report.counts.new, told), (2, vec![(4, "bps_code_unknown")]));
    villages["features"][0]["properties"]["bps_code"] = json!(other);
    app.import_villages(&villages.to_string()).await;
    let csv = format!("id;judul;kode_desa;tahun\n1;Jalan;{EAST};2026\n");
    let report = import(&app, "b.csv", &csv, &ImportOptions::default()).await;
    assert_eq!(report.refused[0].invalid.code, "code_of_two_villages");
});

on_both_engines!(a_doubtful_cell_is_told_and_leaves_what_is_stored, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let csv = |budget: &str, status: &str| {
        format!("id;judul;kode_desa;tahun;pagu;status\n1;Jalan;{WEST};2026;{budget};{status}\n")
    };
    import(&app, "a.csv", &csv("5000000", "selesai"), &ImportOptions::default()).await;
    let report = import(&app, "a.csv", &csv("banyak", "1"), &ImportOptions::default()).await;
    let told: Vec<_> = report.unknown.iter().map(|cell| cell.invalid.code).collect();
    assert_eq!((report.stored, told), (true, vec!["unknown_status", "not_money"]));
    let project = app.get("/api/v1/projects").await.json()["items"][0].clone();
    assert_eq!((project["budget_rupiah"].as_i64(), project["status"].as_str()), (Some(5_000_000), Some("finished")));
});

on_both_engines!(a_row_whose_fault_is_corrected_does_not_replace_the_good_row_that_has_its_key, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let mut faulty = feature("D1", "Talud salah tahun", WEST, 114.305);
    faulty["properties"]["year"] = json!("salah");
    let file = collection(&[faulty, feature("D1", "Jalan yang baik", WEST, 114.301)]);
    let options = ImportOptions { keep_good: true, ..ImportOptions::default() };
    let report = import(&app, "d.geojson", &file, &options).await;
    let mut refused = Vec::new();
    let (input, said) = (report.file.unwrap(), |invalid: &tapak::domain::Invalid| invalid.code.to_owned());
    let origin = Origin { source: &report.source, crs: &report.understood.as_ref().unwrap().crs };
    write_refused_rows(&mut refused, &input, &reading(), origin, &report.refused, said).unwrap();
    let corrected = String::from_utf8(refused).unwrap().replace("\"salah\"", "2026");
    let report = import(&app, "perbaikan.geojson", &corrected, &options).await;
    assert_eq!((report.counts.changed, report.refused[0].invalid.code), (0, "key_of_another_row"));
    let title = app.get("/api/v1/projects").await.json()["items"][0]["title"].clone();
    assert_eq!((count(&app).await, title), (1, json!("Jalan yang baik")));
    // Whoever says that this is the right one is believed.
    let wanted = corrected.replace("\"tapak_taken_key\":\"D1\"", "\"tapak_taken_key\":null");
    assert_eq!(import(&app, "perbaikan.geojson", &wanted, &options).await.counts.changed, 1);
});

on_both_engines!(an_import_that_was_killed_is_continued, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    // Lamps 40 m apart: as dense as life is, and no flood of comparisons.
    let lamp = |n: u32| {
        let mut lamp = feature(&format!("K{n}"), &format!("PJU titik {n}"), WEST, 0.0);
        lamp["geometry"] = json!({ "type": "Point", "coordinates": [114.3005 + f64::from(n % 50) * 3.7e-4, -8.2195 + f64::from(n / 50) * 3.7e-4] });
        lamp
    };
    let features: Vec<Value> = (0..2_500).map(lamp).collect();
    let file = collection(&features);
    // The process dies between the second chunk and the third: the future is dropped there.
    let (first, rest) = tokio::sync::oneshot::channel::<()>();
    let (dead, dies) = std::sync::mpsc::channel::<()>();
    let mut first = Some(first);
    let input = Input::bytes("k.geojson", file.as_bytes().to_vec());
    let task = tokio::spawn({
        let app = app.app.clone();
        async move {
            import_projects(&app, input, reading(), &ImportOptions::default(), move |step| {
                if let tapak::actions::import_projects::Step::Storing(2_000, _) = step {
                    if let Some(first) = first.take() {
                        let _ = first.send(());
                    }
                    dies.recv().unwrap();
                }
            })
            .await
        }
    });
    rest.await.unwrap();
    task.abort();
    dead.send(()).unwrap();
    assert!(task.await.unwrap_err().is_cancelled());
    let report = import(&app, "k.geojson", &file, &ImportOptions::default()).await;
    assert_eq!(report.counts.new + report.counts.same, 2_500);
    let mut tx = app.app.store.read().await.unwrap();
    let (rows,): (i64,) = (tapak::store::project_lists::count_all(&mut tx).await.unwrap(),);
    assert_eq!(rows, 2_500);
});

on_both_engines!(the_name_of_a_house_owner_is_moved_out_of_the_title, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let mut house = feature("H1", "Rehab RTLH a.n. Sumiati RT 03", WEST, 114.305);
    house["geometry"] = json!({ "type": "Point", "coordinates": [114.305, -8.21] });
    import(&app, "h.geojson", &collection(&[house]), &ImportOptions::default()).await;
    let item = app.get("/api/v1/projects").await.json()["items"][0].clone();
    assert!(!item["title"].as_str().unwrap().contains("Sumiati"), "{item}");
    let project = app.get(&format!("/api/v1/projects/{}", item["id"].as_str().unwrap())).await.json();
    assert_eq!((project["owner"].as_str(), project["sensitivity"].as_str()), (Some("Sumiati"), Some("hamlet")));
});

on_both_engines!(a_csv_written_by_excel_is_imported, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let mut csv = b"\xef\xbb\xbfID;Nama Kegiatan;Kode Desa;Tahun;Sumber Dana;Pagu;Lintang;Bujur\r\n".to_vec();
    csv.extend(format!("1;Sumur bor;{WEST};2026;DD;Rp 150.000.000,00;-8,2100;114,3050\r\n").bytes());
    csv.extend(format!("2;MCK umum;{EAST};2026;ADD;\"87,5 jt\";-8,2110;114,3250\r\n").bytes());
    let report = import_projects(&app.app, Input::bytes("e.csv", csv), reading(), &ImportOptions::default(), |_| {})
        .await
        .unwrap();
    assert_eq!((report.counts.new, report.refused.len()), (2, 0), "{:?}", report.refused);
    let list = app.get("/api/v1/projects?q=mck").await.json();
    assert_eq!(
        (list["items"][0]["budget_rupiah"].as_i64(), list["items"][0]["centre"][0].as_f64()),
        (Some(87_500_000), Some(114.325))
    );
});

on_both_engines!(a_withdrawal_can_be_undone_after_its_file_was_imported_again, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let first = feature("A1", "Jalan satu", WEST, 114.301);
    import(&app, "a.geojson", &collection(std::slice::from_ref(&first)), &ImportOptions::default()).await;
    let id = app.get("/api/v1/projects").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/projects/{id}");
    let body = json!({ "row_version": 1, "reason": "terdaftar dua kali" });
    app.post(&format!("{path}/withdraw"), &body).await.is(StatusCode::OK);
    let mut changed = first;
    changed["properties"]["budget_rp"] = json!(120_000_000);
    import(&app, "a.geojson", &collection(&[changed]), &ImportOptions::default()).await;
    let withdrawn = app.get(&path).await.is(StatusCode::OK);
    assert_eq!(
        (withdrawn["withdrawn"].as_bool(), withdrawn["undo"]["action"].as_str()),
        (Some(true), Some("withdraw"))
    );
    let undo = json!({ "row_version": withdrawn["row_version"] });
    let back = app.post(&format!("{path}/undo"), &undo).await.is(StatusCode::OK);
    assert_eq!((back["withdrawn"].as_bool(), back["budget_rupiah"].as_i64()), (Some(false), Some(120_000_000)));
});

on_both_engines!(an_existing_row_may_continue_a_new_one_of_the_same_file, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let mut second = feature("A2", "Jalan tahap dua", WEST, 114.311);
    import(&app, "a.geojson", &collection(std::slice::from_ref(&second)), &ImportOptions::default()).await;
    second["properties"]["continues"] = json!("A1");
    let file = collection(&[second, feature("A1", "Jalan tahap satu", WEST, 114.301)]);
    let report = import(&app, "a.geojson", &file, &ImportOptions::default()).await;
    assert_eq!((report.counts.new, report.counts.changed), (1, 1));
    let item = app.get("/api/v1/projects?q=tahap%20dua").await.json()["items"][0].clone();
    let project = app.get(&format!("/api/v1/projects/{}", item["id"].as_str().unwrap())).await.json();
    assert_eq!(project["continues"]["title"], "Jalan tahap satu");
});

on_both_engines!(every_field_of_a_project_is_taken_over_where_the_file_changed_it, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let head = "id,title,village_code,activity_code,year,status,authority,executor,programme,agreement,hamlet,rt,rw,owner,\
        start_on,finish_on,volume,volume_unit,continues,budget_rp,funds,photo_marks,lat,lon";
    let first = format!(
        "{head}\nA1,Jalan satu,{WEST},02.03.10,2025,planned,village,CV Satu,Program A,BKAD 1,Krajan,01,02,,\
        2025-01-02,2025-02-03,10,m,A2,100000000,DD,abc,-8.21,114.305\n"
    );
    let second = format!(
        "{head}\nA1,Jalan dua,{EAST},02.03.11,2026,running,ministry,CV Dua,Program B,BKAD 2,Sumber,03,04,Sutini,\
        2026-01-02,2026-02-03,20,m2,A3,200000000,ADD,def,-8.211,114.325\n"
    );
    let import = async |text: &str| import(&app, "a.csv", text, &ImportOptions::default()).await;
    let others = format!("id,title,village_code,year\nA2,Talud,{WEST},2025\nA3,Sumur,{WEST},2025\n");
    import(&others).await;
    assert_eq!(import(&first).await.counts.new, 1);
    assert_eq!(import(&second).await.counts.changed, 1);
    assert_eq!(import(&second).await.counts.same, 1);
    let id = app.get("/api/v1/projects?q=jalan%20dua").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let project = app.get(&format!("/api/v1/projects/{id}")).await.is(StatusCode::OK);
    let changed: BTreeSet<&str> =
        project["history"][0]["changed"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let bare = json!({ "title": "", "village_id": project["id"], "fiscal_year": 2025, "status": "planned",
        "sensitivity": "open", "funding": [], "photo_marks": [] });
    let fields = serde_json::to_value(serde_json::from_value::<ProjectDetails>(bare).unwrap()).unwrap();
    let all: BTreeSet<&str> = fields.as_object().unwrap().keys().map(String::as_str).chain(["parts"]).collect();
    assert_eq!(changed, all);
});

on_both_engines!(changes_from_two_rows_of_one_project_are_both_applied, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let rows = [feature("A1", "Jalan satu", WEST, 114.301), feature("A2", "Jalan dua", WEST, 114.311)];
    import(&app, "a.geojson", &collection(&rows), &ImportOptions::default()).await;
    let id = |title: &str| {
        let (app, query) = (&app, format!("/api/v1/projects?q={}", title.replace(' ', "%20")));
        async move { app.get(&query).await.json()["items"][0]["id"].as_str().unwrap().to_owned() }
    };
    let (first, second) = (id("Jalan satu").await, id("Jalan dua").await);
    let body = json!({ "row_version": 1, "into": first, "reason": "satu pekerjaan" });
    app.post(&format!("/api/v1/projects/{second}/merge"), &body).await.is(StatusCode::OK);
    let mut rows = rows;
    rows[0]["properties"]["budget_rp"] = json!(150_000_000);
    rows[1]["properties"]["status"] = json!("running");
    let report = import(&app, "a.geojson", &collection(&rows), &ImportOptions::default()).await;
    assert_eq!((report.counts.changed, report.kept.len()), (2, 0), "{:?}", report.kept);
    let project = app.get(&format!("/api/v1/projects/{first}")).await.json();
    assert_eq!((project["budget_rupiah"].as_i64(), project["status"].as_str()), (Some(150_000_000), Some("running")));
});
