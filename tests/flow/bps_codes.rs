//! A table of BPS codes beside those of Kemendagri, and a boundary file that has BPS codes alone.

use crate::common::{EAST, TestApp, WEST, on_both_engines, village_feature};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tapak::actions::import_bps_codes::{BpsCodeOptions, Report as Taken, import_bps_codes};
use tapak::actions::import_villages::{Report, VillageImportOptions, import_villages};
use tapak::import::{Input, VillageReading};

async fn take_over(app: &TestApp, table: &str) -> Taken {
    let input = Input::bytes("kode.csv", table.as_bytes().to_vec());
    import_bps_codes(&app.app, input, &BpsCodeOptions::default()).await.unwrap()
}

async fn import(app: &TestApp, features: &[Value]) -> Report {
    let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let options = VillageImportOptions {
        reading: VillageReading::default(),
        valid_from: app.app.clock.now().date_naive(),
        keep_good: false,
        dry_run: false,
    };
    let input = Input::bytes("batas.geojson", text.into_bytes());
    import_villages(&app.app, input, &options, |_, _| {}).await.unwrap()
}

/// The village west of the border as BPS knows it, its border ending at this longitude.
fn of_bps(east: f64) -> Value {
    let mut feature = village_feature(WEST, "Barat", 114.30, east);
    let geometry = feature["geometry"].take();
    json!({ "type": "Feature", "properties": { "iddesa": "3510010001", "nmdesa": "Barat" }, "geometry": geometry })
}

on_both_engines!(a_border_with_a_bps_code_alone_finds_its_village_once_the_codes_are_known, |app| {
    let refused = import(&app, &[of_bps(114.31)]).await;
    assert_eq!((refused.stored, refused.refused[0].invalid.code), (false, "unknown_bps_code"));
    let table = format!("kode_dagri;kode_bps\n{WEST};3510010001\n{EAST};3510010002\n35.99.01.2001;3599010001\n");
    let taken = take_over(&app, &table).await;
    assert_eq!((taken.set, taken.same, taken.elsewhere, taken.stored), (2, 0, 1, true));
    assert_eq!(take_over(&app, &table).await.same, 2);
    let known = app.village(WEST).await;
    let report = import(&app, &[of_bps(114.31)]).await;
    assert_eq!((report.changed, report.by_bps_code, report.new), (1, 1, 0));
    assert_eq!(app.village(WEST).await, known);
    // A later file without BPS codes takes them from nobody.
    import(&app, &[village_feature(WEST, "Barat", 114.30, 114.312)]).await;
    assert_eq!(import(&app, &[of_bps(114.312)]).await.same, 1);
    app.get(&format!("/api/v1/villages/{known}")).await.is(StatusCode::OK);
});
