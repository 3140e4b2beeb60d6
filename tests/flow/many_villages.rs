//! A country of villages goes in by shares: nobody waits for all of it, and a killed import is repeated.

use crate::common::{TestApp, WEST, draft, on_both_engines, road, village_feature};
use serde_json::{Value, json};
use tapak::actions::ActionError;
use tapak::actions::import_projects::ImportFailure;
use tapak::actions::import_villages::{Report, SHARE, VillageImportOptions, import_villages};
use tapak::app::App;
use tapak::domain::job::JobKind;
use tapak::import::{Input, VillageReading};
use tapak::store::jobs;

/// The western village by this name, and `count` others far from it.
fn country(west: &str, count: usize) -> String {
    let other = |n: usize| {
        let lon = 110.0 + n as f64 * 1e-3;
        let mut village = village_feature(&format!("33.10.01.{}", 2_001 + n), &format!("Desa {n}"), lon, lon + 9e-4);
        village["properties"]["district_code"] = "33.10.01".into();
        village["properties"]["regency_code"] = "33.10".into();
        village
    };
    let mut features = vec![village_feature(WEST, west, 114.30, 114.32)];
    features.extend((0..count).map(other));
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn options(app: &App) -> VillageImportOptions {
    VillageImportOptions {
        reading: VillageReading::default(),
        valid_from: app.clock.now().date_naive(),
        keep_good: false,
        dry_run: false,
    }
}

async fn import(app: &App, file: &str, step: impl FnMut(u64, u64) + Send) -> Result<Report, ImportFailure> {
    import_villages(app, Input::bytes("desa.geojson", file.as_bytes().to_vec()), &options(app), step).await
}

async fn run_at(app: &App, kind: JobKind) -> Vec<String> {
    let mut tx = app.store.read().await.unwrap();
    let waiting = jobs::list(&mut tx, false, 1_000).await.unwrap();
    waiting.into_iter().filter(|job| job.kind == kind.as_str()).map(|job| job.run_at).collect()
}

/// Imports until the first share of villages is stored, writes something else there, and dies.
async fn die_behind_the_first_share(app: &TestApp, file: String) {
    let shared = app.app.clone();
    let task = tokio::spawn(async move {
        let mut stored = 0;
        import(&shared, &file, |done, all| {
            // The first half of the way is comparing; the share of the regions above comes first.
            stored += usize::from(done > all / 2);
            if stored == 2 {
                tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(write_meanwhile(&shared)));
                std::panic::resume_unwind(Box::new("killed"));
            }
        })
        .await
    });
    assert!(task.await.unwrap_err().is_panic());
}

/// An import that held the lock would let this wait for ever.
async fn write_meanwhile(app: &App) {
    let writing = tokio::time::timeout(std::time::Duration::from_secs(60), app.store.write());
    let tx = writing.await.expect("somebody else writes between two shares").unwrap();
    tx.commit().await.unwrap();
}

on_both_engines!(other_writes_interleave_with_an_import_of_villages_and_see_whole_villages, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let village = app.village(WEST).await;
    app.register(&draft(village, "Rabat beton", road(114.305, -8.21))).await;
    app.work().await;
    die_behind_the_first_share(&app, country("Barat Baru", 2 * SHARE)).await;
    let now = app.get(&format!("/api/v1/villages/{village}")).await.json();
    assert_eq!((now["name"].as_str(), now["versions"].as_array().unwrap().len()), (Some("Barat Baru"), 1));
    let known = app.get("/api/v1/villages?q=Desa%20999&limit=5").await.json();
    assert_eq!(known["items"], json!([]), "the last share is not there yet");
    // What is judged with half of the borders would be judged wrong: the check waits for the end of the import.
    let due = run_at(&app.app, JobKind::ScreenVillage).await;
    assert!(due.iter().all(|due| *due > tapak::store::to_text(app.app.clock.now())) && due.len() == 1, "{due:?}");
    let report = import(&app.app, &country("Barat Baru", 2 * SHARE), |_, _| {}).await.unwrap();
    assert_eq!((report.changed, report.rechecked), (0, 1));
    assert_eq!(report.new + report.same, 2 * SHARE + 1);
    assert!(report.same >= SHARE, "{report:?}");
    let due = run_at(&app.app, JobKind::ScreenVillage).await;
    assert!(due.iter().all(|due| *due <= tapak::store::to_text(app.app.clock.now())) && due.len() == 1, "{due:?}");
    let again = import(&app.app, &country("Barat Baru", 2 * SHARE), |_, _| {}).await.unwrap();
    assert_eq!((again.new, again.changed, again.rechecked, again.same), (0, 0, 0, 2 * SHARE + 1));
});

on_both_engines!(one_village_older_than_its_stored_version_refuses_the_whole_file, |app| {
    import(&app.app, &country("Barat", 2 * SHARE), |_, _| {}).await.unwrap();
    let mut file: Value = serde_json::from_str(&country("Barat Baru", 2 * SHARE)).unwrap();
    file["features"][2 * SHARE]["properties"]["name"] = "Lain".into();
    // The last village of the file has a version that began later than the others.
    app.app.clock.advance(std::time::Duration::from_secs(86_400));
    let later = json!({ "type": "FeatureCollection", "features": [file["features"][2 * SHARE]] }).to_string();
    import(&app.app, &later, |_, _| {}).await.unwrap();
    file["features"][2 * SHARE]["properties"]["name"] = "Lain lagi".into();
    let mut between = options(&app.app);
    between.valid_from = between.valid_from.pred_opt().unwrap();
    let input = Input::bytes("desa.geojson", file.to_string().into_bytes());
    let refused = import_villages(&app.app, input, &between, |_, _| {}).await.unwrap_err();
    let ImportFailure::Action(ActionError::Invalid(invalid)) = refused else { panic!("{refused}") };
    assert_eq!(invalid.code, "valid_from_before_current");
    let village = app.village(WEST).await;
    assert_eq!(app.get(&format!("/api/v1/villages/{village}")).await.json()["name"], "Barat");
});
