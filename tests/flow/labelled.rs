//! The judge against labelled pairs: the shared ones, where they are, and those of the sample data.

use crate::common::{skipped, variable};
use std::collections::HashMap;
use std::path::Path;
use tapak::domain::facts::Facts;
use tapak::domain::verdict::Band;
use tapak::duplicates::{Judge, Settings};
use tapak::import::{Input, ProjectFile, ReadOptions, Row};
use tapak::spatial::atlas::Atlas;
use tapak::spatial::places::Places;
use uuid::Uuid;

/// Alerts and all, by label; the kind right and all, of those that name one.
#[derive(Debug, Default)]
struct Score {
    alerts: HashMap<String, (usize, usize)>,
    kinds: (usize, usize),
}

fn read(path: &Path) -> (HashMap<String, Uuid>, Vec<Facts>) {
    let options = ReadOptions { owner_of: tapak::duplicates::extract_owner, ..ReadOptions::default() };
    let (mut ids, mut rows) = (HashMap::new(), Vec::new());
    for row in ProjectFile::open(&Input::path(path), &options).unwrap() {
        match row.unwrap() {
            Row::Good(row) => {
                ids.insert(row.external_id.clone(), Uuid::from_u128(rows.len() as u128 + 1));
                rows.push(*row);
            }
            Row::Refused(cells) => panic!("{cells:?}"),
        }
    }
    let village = |code: &str| Uuid::from_u128(code.bytes().fold(7, |sum, byte| sum * 31 + u128::from(byte)));
    let facts = rows
        .into_iter()
        .map(|row| {
            let (id, code) = (ids[&row.external_id], row.village_code.to_string());
            let continues = row.continues_external.as_ref().and_then(|external| ids.get(external)).copied();
            let (d, footprint) = row.into_details(village(&code), continues);
            Facts {
                id,
                title: d.title,
                village_id: d.village_id,
                village_code: code,
                village_name: String::new(),
                activity_code: d.activity_code,
                fiscal_year: d.fiscal_year,
                status: d.status,
                authority: d.authority,
                executor: d.executor,
                programme: d.programme,
                agreement: d.agreement,
                hamlet: d.hamlet,
                rt: d.rt,
                rw: d.rw,
                owner: d.owner,
                volume: d.volume,
                volume_unit: d.volume_unit,
                continues: d.continues,
                budget_rupiah: d.budget_rupiah,
                funding: d.funding,
                photo_marks: d.photo_marks,
                how: footprint.as_ref().map(|f| f.how),
                parts: footprint.map(|f| f.parts).unwrap_or_default(),
            }
        })
        .collect();
    (ids, facts)
}

fn score(folder: &Path) -> Score {
    let (ids, facts) = read(&folder.join("projects.geojson"));
    let atlas = Atlas::new(Judge::new(Settings::default()));
    let by_id: HashMap<Uuid, Facts> = facts.iter().map(|facts| (facts.id, facts.clone())).collect();
    atlas.load(Places::default(), facts, 1);
    let mut score = Score::default();
    let mut pairs = csv::Reader::from_path(folder.join("pairs.csv")).unwrap();
    for row in pairs.deserialize::<HashMap<String, String>>() {
        let row = row.unwrap();
        let (a, b) = (ids[&row["id_a"]], ids[&row["id_b"]]);
        let subject = atlas.judge.prepare(by_id[&a].clone());
        let (_, judged) = atlas.screen(&subject, &[b]);
        let verdict = &judged.iter().find(|judged| judged.other.facts.id == b).unwrap().verdict;
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
                by_id[&a].title,
                by_id[&b].title,
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
