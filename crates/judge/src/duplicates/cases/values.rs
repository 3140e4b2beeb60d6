//! What sums, volumes, contracts, photos and weights say.

use super::super::*;
use super::*;
use crate::domain::facts::{FundingFact, Listed};
use crate::domain::project::Status;
use crate::domain::verdict::VerdictKind as Kind;
use geo::Geometry;

#[test]
fn different_measures_are_evidence_against_one_work_and_equal_ones_for_it() {
    let bits = |a: &str, b: &str| {
        let verdict = judge(record(1, a, road(0.0, 0.0)), record(2, b, road(0.0, 0.0)));
        verdict.evidence.iter().find(|item| item.name == "dimensions").map_or(0.0, |item| item.bits)
    };
    assert!(bits("Rabat Melati P 74 x L 4 m", "Rabat Jl Melati 74 m x 4 m") > 0.0);
    assert!(bits("Rabat Melati P 74 x L 4 m", "Rabat Jl Melati 300 m x 2 m") < 0.0);
    assert!(bits("Rabat Melati P 74 x L 4 m", "Rabat Jl Melati").abs() < 1e-9, "unknown weighs nothing");
}

#[test]
fn a_shared_budget_line_is_weak_evidence_and_different_ones_are_none() {
    let paid = |id: u128, line: &str| {
        let mut facts = record(id, "Rabat beton Jalan Melati", road(0.0, 0.0));
        facts.funding = vec![FundingFact { budget_line: Some(line.into()), ..fund("DD") }].into();
        facts
    };
    let bits = |a: Facts, b: Facts| {
        let verdict = judge(a, b);
        verdict.evidence.iter().find(|item| item.name == "number").map_or(0.0, |item| item.bits)
    };
    assert!(bits(paid(1, "2.3.10.5.3"), paid(2, " 2.3.10.5.3 ")) > 0.0);
    assert!(bits(paid(1, "2.3.10.5.3"), paid(2, "2.3.11.5.3")).abs() < 1e-9);
    let mut next = paid(2, "2.3.10.5.3");
    next.fiscal_year = Some(2026);
    assert!(bits(paid(1, "2.3.10.5.3"), next).abs() < 1e-9, "lines are numbered anew each year");
}

/// Millions are held in memory: 16 bytes more each would need the allocator's next size, 64 bytes up.
#[test]
fn records_are_small() {
    assert!(size_of::<Facts>() + 16 <= 320, "{}", size_of::<Facts>());
    assert!(size_of::<Prepared>() + 16 <= 256, "{}", size_of::<Prepared>());
}

#[test]
fn a_weight_of_zero_disables_no_rule() {
    let judge = |weights: Weights| {
        let judge = Judge::with(Settings::default(), weights);
        let failed =
            Facts { status: Some(Status::TenderFailed), ..record(1, "Rabat beton Jalan Melati RT 03", road(0.0, 0.0)) };
        let again = Facts { fiscal_year: Some(2026), ..record(2, "Rabat beton Jalan Melati RT 03", road(0.0, 0.0)) };
        judge.judge(&judge.prepare(failed), &judge.prepare(again), &Context::default())
    };
    explains(&judge(Weights::shipped()), Kind::Retender);
    let nothing = Weights::shipped().changed("0", Weights::shipped().prior, |name, _| (name == "void").then_some(0.0));
    let verdict = judge(nothing);
    explains(&verdict, Kind::Retender);
    assert!(verdict.evidence.iter().all(|item| item.name != "void"), "what weighs nothing is shown to nobody");
}

#[test]
fn weights_of_nothing_and_weights_left_out_leave_the_odds_as_they_were() {
    let left_out = Weights::parse("version = 'bare'\nprior = -3").unwrap();
    let nothing = Weights::shipped().changed("0", -3.0, |_, _| Some(0.0));
    for weights in [left_out, nothing] {
        let judge = Judge::with(Settings::default(), weights);
        let a = judge.prepare(record(1, "Rabat beton Jalan Melati", road(0.0, 0.0)));
        let b = judge.prepare(record(2, "Rabat Beton Jl. Melati", road(0.0, 0.0)));
        let verdict = judge.judge(&a, &b, &Context::default());
        assert!((verdict.probability - 1.0 / 9.0).abs() < 1e-9, "one to eight: {verdict:?}");
        assert_eq!(verdict.band, Band::Silent);
        assert!(judge.is_surely_silent(&a, &b, &Context::default()), "nothing can make it worth a look");
    }
}

#[test]
fn the_digest_of_facts_is_that_of_a_list_of_both_and_the_photos_in_common() {
    let with = |id, photos: &[&str]| Facts {
        photo_marks: photos.iter().map(|mark| (*mark).to_owned()).collect(),
        ..record(id, "Rabat \"beton\" Jalan Melati – RT 03", road(0.0, 0.0))
    };
    let (a, b) = (with(1, &["z", "b", "a"]), with(2, &["a", "z", "c"]));
    let but_photos = |facts: &Facts| {
        let mut weighed = facts.weighed();
        weighed.remove("photo_marks");
        weighed
    };
    // Earlier versions stored their decisions under this digest.
    assert_eq!(
        DecisionBasis::new(&a).digest_with(&DecisionBasis::new(&b)),
        sha256(&(but_photos(&a), but_photos(&b), ["a", "z"]))
    );
}

#[test]
fn a_sum_that_one_other_has_says_much_and_a_ceiling_that_forty_have_nothing() {
    let pair = |rupiah: i64| {
        [1, 2]
            .map(|id| Facts { budget_rupiah: Some(rupiah), ..record(id, "Rabat beton Jalan Anggrek", road(0.0, 0.0)) })
    };
    let with_sums = |sums: &[i64]| {
        let each = sums.iter().enumerate();
        let works = each.map(|(n, rupiah)| Facts {
            budget_rupiah: Some(*rupiah),
            ..titled(100 + n as u128, &format!("Jalan nomor {n}"))
        });
        works.collect::<Vec<_>>()
    };
    let others: Vec<i64> = (0..60).map(|n| 80_000_000 + n * 1_370_000).collect();
    let [a, b] = pair(163_418_000);
    let rare = bits_of(&among(with_sums(&others), a, b), "amount");
    let [a, b] = pair(200_000_000);
    let round = bits_of(&among(with_sums(&others), a.clone(), b.clone()), "amount");
    let ceiling: Vec<i64> = others.iter().copied().chain(std::iter::repeat_n(200_000_000, 40)).collect();
    let common = bits_of(&among(with_sums(&ceiling), a, b), "amount");
    assert!(rare > round + 2.0 && round > common && common == 0.0, "{rare} {round} {common}");
}

#[test]
fn one_of_a_short_series_twice_is_as_rare_as_its_number() {
    let twice = |title: &str| [1, 2].map(|id| record(id, title, spot(0.0)));
    let series = || (0..120).map(|n| titled(100 + n, &format!("Sumur bor Melati {}", n % 40)));
    let bits = |title: &str| {
        let [a, b] = twice(title);
        bits_of(&among(series(), a, b), "title")
    };
    let (numbered, plain) = (bits("Sumur bor Melati 3"), bits("Sumur bor Melati"));
    assert!(numbered > plain + 1.0, "{numbered} {plain}");
    // Another number of the series is another work, however rare.
    let [a, b] = [record(1, "Sumur bor Melati 3", spot(0.0)), record(2, "Sumur bor Melati 4", spot(0.0))];
    assert_eq!(among(series(), a, b).band, Band::Silent);
}

#[test]
fn measures_that_one_other_has_say_more_than_those_of_many() {
    let pair = |size: &str| [1, 2].map(|id| record(id, &format!("Rabat beton Anggrek {size}"), road(0.0, 0.0)));
    let usual = || (0..80).map(|n| titled(100 + n, &format!("Rabat beton nomor {n} P 200 x L 3 m")));
    let bits = |size: &str| {
        let [a, b] = pair(size);
        bits_of(&among(usual(), a, b), "dimensions")
    };
    let (rare, common) = (bits("P 147,5 x L 2,85 m"), bits("P 200 x L 3 m"));
    assert!(rare > common + 1.0, "{rare} {common}");
}

#[test]
fn two_works_of_one_title_year_and_sum_some_metres_apart_are_put_before_somebody() {
    for east_m in [20.0, 26.0, 50.0, 78.0] {
        let of = |id: u128, east_m: f64| record(id, "Pembangunan pos kamling Anggrek", spot(east_m));
        let verdict = judge(of(1, 0.0), of(2, east_m));
        assert_ne!(verdict.band, Band::Silent, "{east_m} m: {verdict:#?}");
    }
}

#[test]
fn the_same_photo_alerts_whatever_the_lines_say() {
    for (from_m, north_m) in [(0.0, 8.0), (200.0, 0.0), (0.0, 60.0), (900.0, 400.0)] {
        let of = |id: u128, geometry: Geometry<f64>| {
            let mut facts = record(id, "Pembangunan drainase Jalan Anggrek", geometry);
            facts.photo_marks = vec!["5f0c".to_owned()].into();
            facts
        };
        let verdict = judge(of(1, road(0.0, 0.0)), of(2, road(from_m, north_m)));
        alerts(&verdict, Kind::DoubleEntry);
    }
}

#[test]
fn one_contract_far_apart_is_a_wrong_coordinate_and_one_sum_worth_a_look() {
    let of = |id: u128, from_m: f64, contract: Option<&str>, rupiah: i64| {
        let mut facts = record(id, "Rabat beton Jalan Anggrek", road(from_m, 0.0));
        facts.budget_rupiah = Some(rupiah);
        facts.funding = vec![FundingFact { contract_number: contract.map(Into::into), ..fund("DD") }].into();
        facts
    };
    alerts(
        &judge(of(1, 0.0, Some("27/SPK/2025"), 150_000_000), of(2, 1_500.0, Some("27/SPK/2025"), 150_000_000)),
        Kind::DoubleEntry,
    );
    let by_sum = judge(of(1, 0.0, None, 163_418_000), of(2, 1_500.0, None, 163_418_000));
    assert_eq!(by_sum.band, Band::Review, "{by_sum:#?}");
    explains(&judge(of(1, 0.0, None, 150_000_000), of(2, 1_500.0, None, 150_000_000)), Kind::Unrelated);
}

#[test]
fn lengths_that_contradict_speak_against() {
    let of = |id: u128, metres: f64| Facts {
        volume: Some(metres),
        volume_unit: Some("m".into()),
        ..record(id, "Rabat beton Jalan Anggrek", spot(0.0))
    };
    assert!(bits_of(&judge(of(1, 300.0), of(2, 200.0)), "dimensions") < -1.0);
    assert!(
        bits_of(&judge(of(1, 347.5), of(2, 347.5)), "dimensions")
            > bits_of(&judge(of(1, 300.0), of(2, 300.0)), "dimensions") + 1.0
    );
}

#[test]
fn a_number_that_a_list_has_twice_is_evidence_and_makes_no_alert_alone() {
    let under = |facts: Facts, list: u32| Facts { listed: Some(Listed { list, id: "K-12".into() }.into()), ..facts };
    let nowhere = |id, title: &str| Facts { parts: Box::default(), how: None, ..record(id, title, road(0.0, 0.0)) };
    let pair = |a: Facts, b: Facts| judge(under(a, 0), under(b, 0));
    // Reworded, and without a place: a double.
    let (a, b) = ("Rabat beton Jalan Melati", "Pengecoran jalan Melati");
    let with = pair(nowhere(1, a), nowhere(2, b));
    let without = judge(nowhere(1, a), nowhere(2, b));
    assert!(with.probability > without.probability && with.band != Band::Silent, "{with:#?}");
    level(&with, "entry", "same");
    // Another list's number, or another village's, is another number.
    let elsewhere = Facts { village_id: Some(Uuid::from_u128(101)), ..nowhere(2, b) };
    for verdict in [judge(under(nowhere(1, a), 0), under(nowhere(2, b), 1)), pair(nowhere(1, a), elsewhere)] {
        assert!((bits_of(&verdict, "entry")).abs() < 1e-9, "{verdict:#?}");
    }
    // Two works under one running number.
    for (a, b) in [
        (record(1, "Rabat beton Jalan Melati", road(0.0, 0.0)), record(2, "Sumur bor Dusun Krajan", spot(900.0))),
        (nowhere(1, "Rabat beton Jalan Melati"), nowhere(2, "Posyandu Mawar")),
        (record(1, "Jalan Melati", road(0.0, 0.0)), record(2, "Jalan Kenanga", road(0.0, 400.0))),
    ] {
        let verdict = pair(a, b);
        assert_eq!(verdict.band, Band::Silent, "{verdict:#?}");
    }
    // One title under one number, drawn far apart: somebody should look.
    let far = pair(record(1, a, road(0.0, 0.0)), record(2, a, road(9_000.0, 0.0)));
    assert_eq!(far.band, Band::Review, "{far:#?}");
}
