//! The judge against labelled pairs: the shared ones, where they are, and those of the sample data.

use crate::common::{skipped, variable};
use std::collections::HashMap;
use std::path::Path;
use tapak::collection::{Collection, read};
use tapak::domain::verdict::Band;
use tapak::duplicates::{Around, Judge, Settings};
use tapak::import::{Input, ReadOptions};
use tapak::spatial::atlas::Atlas;
use tapak::spatial::places::Places;

/// Alerts and all, by label; the kind right and all, of those that name one.
#[derive(Debug, Default)]
struct Score {
    alerts: HashMap<String, (usize, usize)>,
    kinds: (usize, usize),
}

fn records(path: &Path) -> Collection {
    let options = ReadOptions { owner_of: tapak::duplicates::extract_owner, ..ReadOptions::default() };
    let records = read(&[Input::path(path)], &options, |_, _| {}).unwrap();
    assert!(records.refused.is_empty(), "{:?}", records.refused);
    records
}

fn score(folder: &Path) -> Score {
    let records = records(&folder.join("projects.geojson"));
    let facts = |id: &str| records.find_external(id).next().unwrap().facts.clone();
    let atlas = Atlas::new(Judge::new(Settings::default()));
    atlas.load(Places::default(), records.records.iter().map(|record| record.facts.clone()).collect(), 1);
    let mut score = Score::default();
    let mut pairs = csv::Reader::from_path(folder.join("pairs.csv")).unwrap();
    for row in pairs.deserialize::<HashMap<String, String>>() {
        let row = row.unwrap();
        let (a, b) = (facts(&row["id_a"]), facts(&row["id_b"]));
        let subject = atlas.judge.prepare(a.clone());
        let (_, judged) = atlas.screen(&subject, &[b.id]);
        let verdict = &judged.iter().find(|judged| judged.other.facts.id == b.id).unwrap().verdict;
        let count = score.alerts.entry(row["label"].clone()).or_default();
        count.1 += 1;
        count.0 += usize::from(verdict.band == Band::Alert);
        let wrong = (row["label"] == "duplicate") != (verdict.band == Band::Alert);
        let kind_wrong = !row["kind"].is_empty() && row["kind"] != verdict.kind.as_str();
        if !row["kind"].is_empty() && row["label"] != "unclear" {
            score.kinds.1 += 1;
            score.kinds.0 += usize::from(!kind_wrong);
        }
        if (wrong || kind_wrong) && row["label"] != "unclear" {
            let levels: Vec<_> =
                verdict.evidence.iter().map(|e| format!("{}:{}({})", e.name, e.level, e.bits)).collect();
            println!(
                "{} {} {} → {} {:?} {:.3} | {} | {} | {}",
                row["label"],
                row["kind"],
                row.get("scenario").cloned().unwrap_or_default(),
                verdict.kind,
                verdict.band,
                verdict.probability,
                a.title,
                b.title,
                levels.join(" ")
            );
        }
    }
    println!("{score:?}");
    score
}

fn check(folder: &Path) {
    let score = score(folder);
    let of = |label: &str| score.alerts.get(label).copied().unwrap_or_default();
    let (found, duplicates) = of("duplicate");
    assert!(found * 100 >= duplicates * 80, "only {found} of {duplicates} duplicates alert");
    let others = ["distinct", "continuation", "retender"].map(of);
    let (false_alerts, all) = others.iter().fold((0, 0), |sum, (n, of)| (sum.0 + n, sum.1 + of));
    assert!(false_alerts * 100 <= all * 10, "{false_alerts} of {all} others alert");
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
fn what_is_passed_over_without_a_closer_look_would_have_been_silent() {
    let records = records(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/projects.geojson"));
    let judge = Judge::new(Settings::default());
    let all: Vec<_> = records.records.iter().map(|record| judge.prepare(record.facts.clone())).collect();
    let (mut passed, mut judged) = (0, 0);
    for (at, a) in all.iter().enumerate() {
        for b in &all[at + 1..] {
            for around in [Around::default(), Around { same_place: 3 }] {
                let silent = judge.is_surely_silent(a, b, &around);
                passed += usize::from(silent);
                judged += usize::from(!silent);
                // Far pairs by the ten thousand are all alike: each seventh is looked at, and every near one.
                if silent && (at % 7 == 0 || a.facts.village_id == b.facts.village_id) {
                    let verdict = judge.judge(a, b, &around);
                    assert_eq!(verdict.band, Band::Silent, "{} | {}", a.facts.title, b.facts.title);
                }
            }
        }
    }
    assert!(passed > 5 * judged, "{passed} passed over, {judged} not: the bound is of no use");
}
