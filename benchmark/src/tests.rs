//! What the benchmark promises.

use crate::cases;
use crate::geometry::{Shape, length};
use crate::land::Density;
use crate::make::{Made, Wish, make, pairs, projects};
use crate::score::{Scored, figures};
use std::collections::{BTreeMap, BTreeSet};

fn wish(density: Density) -> Wish {
    Wish { seed: 1, density, pairs: 2_500, background: 1_000 }
}

fn small() -> Made {
    make(Wish { seed: 3, density: Density::Village, pairs: 300, background: 400 })
}

#[test]
fn one_seed_makes_one_benchmark_and_another_seed_another() {
    let (a, b) = (small(), small());
    assert_eq!(projects(&a), projects(&b));
    assert_eq!(pairs(&a).unwrap(), pairs(&b).unwrap());
    let other = make(Wish { seed: 4, density: Density::Village, pairs: 300, background: 400 });
    assert_ne!(projects(&a), projects(&other));
}

/// The two lists of the field, line by line.
const LINES: &[&str] = &[
    "typed twice by two officers",
    "DD and BK on the same metres",
    "under 02.03.14 and 02.04.13",
    "by BSPS and by RTLH within 10 years",
    "by BSPS and by RTLH: within a year",
    "each claiming the whole of one border road",
    "packages that share metres",
    "renamed work next year",
    "DD hardening, then the works office's asphalt",
    "next segment with a shared end point",
    "left and right side",
    "two funds on disjoint STA",
    "packages without shared metres",
    "tahap/lanjutan",
    "DPAL carry-over",
    "re-tender after failure",
    "upkeep after building",
    "a road and its drain",
    "a road and its TPT",
    "houses (RTLH)",
    "lamps (PJU)",
    "one parent activity with many points",
    "sumur bor",
    "PAK revision",
    "border bridge",
    "same name in two dusun",
    "twin village names",
    "crossing roads",
    "other work at one place",
    "copied coordinates",
    "boiler-plate titles",
];

#[test]
fn every_line_of_the_two_lists_has_pairs_of_its_own_in_every_density() {
    for density in [Density::Sparse, Density::Village, Density::Town] {
        let made = make(wish(density));
        assert!(made.pairs.len() >= 2_000);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for pair in &made.pairs {
            *counts.entry(pair.case).or_default() += 1;
        }
        for line in LINES {
            let cases: Vec<_> = cases::all().into_iter().filter(|case| case.line.contains(line)).collect();
            assert!(!cases.is_empty(), "{line}");
            for case in cases {
                assert!(counts[case.name] >= 20, "{}: {}", case.name, counts[case.name]);
            }
        }
    }
}

#[test]
fn the_land_abroad_has_pairs_of_every_case_and_no_words_of_the_other() {
    let made = make(Wish { seed: 5, density: Density::Abroad, pairs: 300, background: 400 });
    assert_eq!(
        projects(&made),
        projects(&make(Wish { seed: 5, density: Density::Abroad, pairs: 300, background: 400 }))
    );
    let planted: BTreeSet<&str> = made.pairs.iter().map(|pair| pair.case).collect();
    assert_eq!(planted.len(), crate::abroad::lines().len());
    assert!(made.world.records.iter().all(|record| !record.title.to_lowercase().contains("jalan")));
    assert!(made.world.records.iter().any(|record| matches!(record.shape, Some(Shape::Lines(_)))));
    let hall = |record: &&crate::record::Record| matches!(record.shape, Some(Shape::Point(c)) if c == made.world.land.villages[record.village].office);
    assert!(made.world.records.iter().filter(hall).count() > 10, "nobody pastes the coordinate of the hall");
}

#[test]
fn a_pair_is_labelled_once_and_names_records_that_are_there() {
    let made = small();
    let ids: BTreeSet<&str> = made.world.records.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids.len(), made.world.records.len());
    let mut seen = BTreeSet::new();
    for pair in &made.pairs {
        assert!(ids.contains(pair.a.as_str()) && ids.contains(pair.b.as_str()) && pair.a != pair.b);
        assert!(seen.insert((pair.a.clone().min(pair.b.clone()), pair.a.clone().max(pair.b.clone()))));
        assert!(["duplicate", "distinct", "continuation", "retender", "unclear"].contains(&pair.label));
    }
}

/// Works of one thing that nobody planted together keep apart: no two surfaces, no two drains lie on each other.
#[test]
fn what_is_not_planted_together_shares_no_metres() {
    let made = small();
    let planted: BTreeSet<(&str, &str)> = made
        .pairs
        .iter()
        .flat_map(|pair| [(pair.a.as_str(), pair.b.as_str()), (pair.b.as_str(), pair.a.as_str())])
        .collect();
    let lines: Vec<_> = made
        .world
        .records
        .iter()
        .filter_map(|record| match &record.shape {
            Some(Shape::Line(line)) => Some((record, line)),
            _ => None,
        })
        .collect();
    for (n, (a, x)) in lines.iter().enumerate() {
        for (b, y) in &lines[n + 1..] {
            if a.thing != b.thing || planted.contains(&(a.id.as_str(), b.id.as_str())) {
                continue;
            }
            let near = |c: &crate::geometry::P| y.iter().any(|d| (c.x - d.x).hypot(c.y - d.y) < 4.0);
            let close = x.iter().filter(|c| near(c)).count();
            assert!(close * 2 <= x.len() || length(x) < 60.0, "{} {:?} and {} {:?}", a.id, a.title, b.id, b.title);
        }
    }
}

#[test]
fn the_scorer_counts_as_one_counts_by_hand() {
    let scored: Vec<Scored> = [(0.9, true), (0.8, true), (0.7, false), (0.6, true), (0.3, false), (0.2, true)]
        .map(|(score, is_duplicate)| Scored { case: "a".to_owned(), is_duplicate, score })
        .to_vec();
    let found = figures(&scored, &[0.7, 0.1], Some(50), 0.5);
    assert_eq!((found.precision[1], found.recall[1], found.f1[1]), (0.75, 0.75, 0.75));
    assert!((found.best_f1 - 0.8).abs() < 1e-12 && (found.best_threshold - 0.2).abs() < 1e-12);
    assert!((found.average_precision - 0.854_166_666).abs() < 1e-6);
    assert_eq!(found.false_alarms_per_100, Some(2.0));
    assert_eq!(found.cases["a"], (6, 4));
}

#[test]
fn a_wrong_file_of_scores_is_refused_with_row_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("pairs.csv"), "id_a,id_b,label,kind,case,noise\nA,B,duplicate,,x,\n").unwrap();
    std::fs::write(path("scores.csv"), "id_a,id_b,probability\nB,A,0.9\nA,C,much\n").unwrap();
    let wrong = crate::score::read(&path("pairs.csv"), &path("scores.csv")).unwrap_err();
    assert!(wrong.contains("row 3") && wrong.contains("much"), "{wrong}");
    std::fs::write(path("scores.csv"), "id_a,id_b,probability\nB,A,0.9\n").unwrap();
    let (scored, wrong) = crate::score::read(&path("pairs.csv"), &path("scores.csv")).unwrap();
    assert!((scored[0].score - 0.9).abs() < 1e-12 && wrong.is_empty());
}
