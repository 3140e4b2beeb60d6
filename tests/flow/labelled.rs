//! The judge against labelled pairs: the shared ones, where they are, and those of the sample data.

use crate::common::{skipped, variable};
use std::collections::HashSet;
use std::path::Path;
use tapak::collection::{Collection, read_collection};
use tapak::domain::verdict::Band;
use tapak::duplicates::{Context, Judge, Settings, extract_owner};
use tapak::evaluate::{Label, evaluate, read_pairs};
use tapak::import::{Input, Needs, ReadOptions};
use tapak::scan::scan;
use uuid::Uuid;

fn records(path: &Path) -> Collection {
    let options = ReadOptions { owner_of: extract_owner, needs: Needs::Comparison, ..ReadOptions::default() };
    let records = read_collection(&[Input::path(path)], &options, |_, _| {}).unwrap();
    assert!(records.refused.is_empty(), "{:?}", records.refused);
    records
}

fn check(folder: &Path) {
    let mut records = records(&folder.join("projects.geojson"));
    let (pairs, left_out) = read_pairs(&Input::path(folder.join("pairs.csv")), &records).unwrap();
    assert!(left_out.is_empty(), "{left_out:?}");
    let excused: HashSet<(Uuid, Uuid)> = pairs
        .iter()
        .filter(|pair| matches!(pair.label, Label::Duplicate | Label::Unclear))
        .map(|pair| (pair.a.min(pair.b), pair.a.max(pair.b)))
        .collect();
    let found = evaluate(&records, pairs, &Judge::new(Settings::default()));
    let (alert, review, best) = (found.bands.alert, found.bands.review, found.best);
    println!(
        "best {best:?}\nalert {alert:?}\nreview {review:?}\nkinds {:?} brier {:.3}",
        found.kinds_right, found.brier
    );
    assert!(best.f1 >= 0.95, "{best:?}");
    assert!(alert.precision.estimate >= 0.90, "{alert:?}");
    assert!(alert.recall.estimate >= 0.80, "{alert:?}");
    assert!(review.recall.estimate >= 0.97, "{review:?}");
    let (right, named) = found.kinds_right;
    assert!(right * 10 >= named * 9, "{right} of {named} kinds are right");
    assert!(found.by_distance.0.f1 < best.f1 && found.by_title.0.f1 < best.f1, "a plain test does as well");
    // Over all pairs of the collection, listed or not.
    let outcome = scan(&mut records, &Judge::new(Settings::default()), usize::MAX, |_| {});
    let wrong: Vec<_> = outcome
        .findings
        .iter()
        .filter(|finding| finding.band == Band::Alert)
        .filter(|finding| {
            let id = |at: usize| records.records[at].facts().id;
            let among = |a: usize, b: usize| excused.contains(&(id(a).min(id(b)), id(a).max(id(b))));
            !finding.members.iter().any(|a| finding.members.iter().any(|b| a != b && among(*a, *b)))
        })
        .map(|finding| {
            finding.members.iter().map(|at| records.records[*at].facts().title.to_string()).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.len() * 50 <= records.records.len(), "over 2 false alerts in 100 projects: {wrong:#?}");
}

#[test]
fn the_shared_labelled_pairs_come_out_right() {
    match variable("TAPAK_TEST_DATA") {
        Some(folder) => check(&Path::new(&folder).join("duplicates")),
        None => skipped("the shared labelled pairs: TAPAK_TEST_DATA is not set"),
    }
}

#[test]
fn the_labelled_pairs_of_the_sample_data_come_out_right() {
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data"));
}

#[test]
fn pairs_rejected_by_the_prefilter_would_have_been_silent() {
    let records = records(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/projects.geojson"));
    let judge = Judge::new(Settings::default());
    let all: Vec<_> = records.records.iter().map(|record| judge.prepare(record.facts())).collect();
    let (mut passed, mut judged) = (0, 0);
    for (at, a) in all.iter().enumerate() {
        for b in &all[at + 1..] {
            for context in [Context::default(), Context { same_place: 3, ..Context::default() }] {
                let silent = judge.is_surely_silent(a, b, &context);
                passed += usize::from(silent);
                judged += usize::from(!silent);
                // Far pairs by the ten thousand are all alike: each seventh is looked at, and every near one.
                if silent && (at % 7 == 0 || a.facts.village_id == b.facts.village_id) {
                    let verdict = judge.judge(a, b, &context);
                    assert_eq!(verdict.band, Band::Silent, "{} | {}", a.facts.title, b.facts.title);
                }
            }
        }
    }
    assert!(passed > 5 * judged, "{passed} passed over, {judged} not: the bound is of no use");
}
