//! The same works make the same findings, registered at the server or scanned from a file.

use crate::common::{TestApp, on_both_engines};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tapak::actions::import_projects::{ImportOptions, import_projects};
use tapak::collection::read_collection;
use tapak::domain::finding::{FindingKind, FindingState, Severity};
use tapak::domain::scope::Scope;
use tapak::domain::verdict::Band;
use tapak::duplicates::extract_owner;
use tapak::import::{Input, ReadOptions};
use tapak::scan::{Finding, scan};
use tapak::store::findings::{self, Filter};
use tapak::store::references;
use uuid::Uuid;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/projects.geojson");
const VILLAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/villages.geojson");

/// The ids of the works of each finding in the file, with whether it alerts and the money at stake.
type Groups = BTreeMap<BTreeSet<String>, (bool, i64)>;

fn options() -> ReadOptions {
    ReadOptions { owner_of: extract_owner, ..ReadOptions::default() }
}

/// The sample, with works that were typed three times and works that were typed again without their budget.
fn works() -> Input {
    let mut file: Value = serde_json::from_str(&std::fs::read_to_string(SAMPLE).unwrap()).unwrap();
    let features = file["features"].as_array_mut().unwrap();
    let copies: Vec<Value> = features
        .iter()
        .enumerate()
        .flat_map(|(at, feature)| {
            let copy = |number: usize| {
                let mut copy = feature.clone();
                copy["properties"]["id"] = format!("copy-{number}-of-{at}").into();
                if number == 3 {
                    copy["properties"].as_object_mut().unwrap().retain(|name, _| !name.contains("budget"));
                }
                copy
            };
            match at % 40 {
                0 => vec![copy(1), copy(2)],
                20 => vec![copy(3)],
                _ => Vec::new(),
            }
        })
        .collect();
    features.extend(copies);
    Input::bytes("works.geojson", file.to_string().into_bytes())
}

on_both_engines!(
    the_same_works_make_the_same_groups_at_the_server_and_in_a_scan,
    [("village_alerts", "1000")],
    |app| {
        app.import_villages(&std::fs::read_to_string(VILLAGES).unwrap()).await;
        let report = import_projects(&app.app, works(), options(), &ImportOptions::default(), |_| {}).await.unwrap();
        assert_eq!(report.refused.len(), 0);
        app.work().await;
        let scanned = scan_works(&app);
        assert!(scanned.keys().filter(|works| works.len() > 2).count() > 10 && scanned.len() > 60, "{}", scanned.len());
        assert_eq!(stored(&app).await, scanned);
    }
);

fn scan_works(app: &TestApp) -> Groups {
    let mut collection = read_collection(&[works()], &options(), |_, _| {}).unwrap();
    let outcome = scan(&mut collection, &app.app.config.judge(), usize::MAX, |_| {});
    let group = |finding: &Finding| {
        let works = finding.members.iter().map(|at| collection.records[*at].external_id.to_string()).collect();
        (works, (finding.band == Band::Alert, finding.rupiah.unwrap_or_default()))
    };
    outcome.findings.iter().map(group).collect()
}

async fn stored(app: &TestApp) -> Groups {
    let mut tx = app.app.store.read().await.unwrap();
    let filter = Filter { kind: Some(FindingKind::Duplicate), state: Some(FindingState::Open), ..Filter::default() };
    let mut groups = Groups::new();
    for finding in findings::list_queue(&mut tx, &Scope::all(), &filter, None, 10_000).await.unwrap() {
        let works: Vec<Uuid> = findings::list_projects(&mut tx, finding.id).await.unwrap();
        let references = references::list_of(&mut tx, &works).await.unwrap();
        let works = references.into_iter().map(|reference| reference.external_id).collect();
        groups.insert(works, (finding.severity == Severity::Alert, finding.rupiah));
    }
    groups
}
