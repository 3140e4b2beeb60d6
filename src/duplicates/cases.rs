//! The domain's two lists (duplicates and non-duplicates), one case with its kind a line.

use super::*;
use crate::domain::activity::ActivityCode;
use crate::domain::facts::FundingFact;
use crate::domain::footprint::{How, Part};
use crate::domain::project::{Authority, Status};
use crate::domain::verdict::VerdictKind as Kind;
use geo::{Geometry, LineString, Point};
use uuid::Uuid;

fn record(id: u128, title: &str, geometry: Geometry<f64>) -> Facts {
    Facts {
        id: Uuid::from_u128(id),
        title: title.into(),
        village_id: Some(Uuid::from_u128(100)),
        village_code: "35.10.01.2001".into(),
        village_name: "Barat".into(),
        activity_code: ActivityCode::parse("", "02.03.10").ok(),
        fiscal_year: Some(2025),
        status: Some(Status::Finished),
        authority: None,
        executor: None,
        agreement: None,
        hamlet: None,
        rt: None,
        rw: None,
        owner: None,
        volume: None,
        volume_unit: None,
        continues: None,
        budget_rupiah: Some(150_000_000),
        funding: vec![fund("DD")].into(),
        photo_marks: Box::default(),
        how: Some(How::Map),
        parts: vec![Part { label: None, accuracy_m: 5.0, geometry }].into(),
    }
}

fn fund(name: &str) -> FundingFact {
    FundingFact { fund: name.into(), amount_rupiah: None, budget_line: None, contract_number: None, segment: None }
}

/// A road of 200 m eastwards, starting `from_m` metres east and `north_m` metres north of the origin.
fn road(from_m: f64, north_m: f64) -> Geometry<f64> {
    let at = |m: f64| (114.3 + m / 110_000.0, -8.2 + north_m / 110_600.0);
    LineString::from(vec![at(from_m), at(from_m + 100.0), at(from_m + 200.0)]).into()
}

fn spot(east_m: f64) -> Geometry<f64> {
    Point::new(114.3 + east_m / 110_000.0, -8.2).into()
}

fn judge(a: Facts, b: Facts) -> Verdict {
    let judge = Judge::new(Settings::default());
    let (a, b) = (judge.prepare(a), judge.prepare(b));
    let verdict = judge.judge(&a, &b, &Context::default());
    let back = judge.judge(&b, &a, &Context::default());
    assert!((verdict.probability - back.probability).abs() < 1e-9 && verdict.kind == back.kind, "not symmetric");
    assert!(verdict.probability.is_finite());
    verdict
}

#[track_caller]
fn alerts(verdict: &Verdict, kind: Kind) {
    assert_eq!((verdict.kind, verdict.band), (kind, Band::Alert), "{verdict:#?}");
}

#[track_caller]
fn explains(verdict: &Verdict, kind: Kind) {
    assert_eq!((verdict.kind, verdict.band), (kind, Band::Silent), "{verdict:#?}");
}

#[test]
fn one_activity_typed_twice_is_a_double_entry() {
    let a = record(1, "Rabat beton Jalan Melati RT 03 RW 01", road(0.0, 0.0));
    alerts(&judge(a, record(2, "Pemb. rabat Jl. Melati Rt.3/Rw.1", road(2.0, 2.0))), Kind::DoubleEntry);
}

#[test]
fn two_funds_on_the_same_metres_are_double_funding() {
    let a = record(1, "Rabat beton Jalan Melati", road(0.0, 0.0));
    let mut b = record(2, "Peningkatan jalan desa Melati", road(0.0, 1.0));
    b.funding = vec![fund("BKK Kabupaten")].into();
    alerts(&judge(a, b), Kind::DoubleFunding);
}

#[test]
fn the_same_ditch_under_two_codes_from_two_funds_is_double_funding() {
    let mut a = record(1, "Pembangunan drainase Jalan Kenanga", road(0.0, 0.0));
    a.activity_code = ActivityCode::parse("", "02.03.14").ok();
    let mut b = record(2, "Pembangunan SPAL Jl Kenanga", road(0.0, 1.0));
    b.activity_code = ActivityCode::parse("", "02.04.13").ok();
    b.funding = vec![fund("BKK Kabupaten")].into();
    alerts(&judge(a, b), Kind::DoubleFunding);
}

#[test]
fn a_border_road_claimed_by_two_villages_is_cross_village() {
    let a = record(1, "Rabat beton jalan perbatasan", road(0.0, 0.0));
    let mut b = record(2, "Pembangunan jalan rabat beton batas desa", road(0.0, 2.0));
    b.village_id = Some(Uuid::from_u128(200));
    let verdict = judge(a, b);
    alerts(&verdict, Kind::CrossVillage);
    assert!(verdict.cross_border);
}

#[test]
fn packages_that_share_metres_are_a_split_and_without_them_at_most_a_review() {
    let package = |id: u128, n: u32, geometry| {
        let mut facts = record(id, &format!("Rabat beton Jalan Mawar paket {n}"), geometry);
        facts.executor = Some("CV Maju".into());
        facts
    };
    alerts(&judge(package(1, 1, road(0.0, 0.0)), package(2, 2, road(40.0, 1.0))), Kind::SplitPackage);
    assert_ne!(judge(package(1, 1, road(0.0, 0.0)), package(2, 2, road(200.0, 0.0))).band, Band::Alert);
}

#[test]
fn a_renamed_work_next_year_is_repeat_work() {
    let a = record(1, "Dinding penahan singkong Dusun Krajan", road(0.0, 0.0));
    let mut b = record(2, "Tembok penahan tanah Dusun Krajan", road(0.0, 1.0));
    b.fiscal_year = Some(2026);
    alerts(&judge(a, b), Kind::RepeatWork);
}

#[test]
fn asphalt_of_the_works_office_over_the_villages_hardening_is_repeat_work_though_funds_differ() {
    let mut a = record(1, "Pengerasan telford Jalan Cemara", road(0.0, 0.0));
    a.authority = Some(Authority::Village);
    let mut b = record(2, "Pengaspalan Jalan Cemara", road(0.0, 1.0));
    b.authority = Some(Authority::WorksOffice);
    b.funding = vec![fund("APBD")].into();
    alerts(&judge(a, b), Kind::RepeatWork);
}

#[test]
fn the_next_segment_with_a_shared_end_is_adjoining() {
    let a = record(1, "Rabat beton Jalan Melati", road(0.0, 0.0));
    explains(&judge(a, record(2, "Rabat beton Jalan Melati", road(200.0, 0.0))), Kind::Adjoining);
}

#[test]
fn left_and_right_of_one_road_are_adjoining() {
    let a = record(1, "Drainase Jalan Melati sisi kanan", road(0.0, 0.0));
    explains(&judge(a, record(2, "Drainase Jalan Melati sisi kiri", road(0.0, 7.0))), Kind::Adjoining);
}

#[test]
fn two_funds_on_disjoint_stations_are_adjoining() {
    let a = record(1, "Rabat beton Jalan Melati STA 0+000 - 0+100", road(0.0, 0.0));
    let mut b = record(2, "Rabat beton Jalan Melati STA 0+100 - 0+200", road(0.0, 0.0));
    b.funding = vec![fund("ADD")].into();
    explains(&judge(a, b), Kind::Adjoining);
}

/// Both draw the whole road of some 220 m; each pays for only a part of it.
#[test]
fn only_metres_that_both_pay_for_are_shared() {
    let paid = |id: u128, name: &str, from_m: f64, to_m: f64| {
        let mut facts = record(id, "Rabat beton Jalan Melati", road(0.0, 0.0));
        let segment = Some(Box::new(crate::domain::project::Segment { part: 1, from_m, to_m }));
        facts.funding = vec![FundingFact { segment, ..fund(name) }].into();
        facts
    };
    let verdict = judge(paid(1, "DD", 0.0, 120.0), paid(2, "BKK Kabupaten", 70.0, 180.0));
    let shared_m = verdict.shared_m.unwrap();
    assert!((shared_m - 50.0).abs() < 8.0, "{shared_m}");
    assert_eq!(verdict.kind, Kind::DoubleFunding);
    explains(&judge(paid(1, "DD", 0.0, 90.0), paid(2, "BKK Kabupaten", 90.0, 180.0)), Kind::Adjoining);
    // Segments measured from the beginning of a longer road: the drawn lines are compared as they are.
    let (mut a, mut b) = (paid(1, "DD", 0.0, 220.0), paid(2, "BKK Kabupaten", 220.0, 440.0));
    b.parts = vec![Part { label: None, accuracy_m: 5.0, geometry: road(220.0, 0.0) }].into();
    a.title = "Rabat beton Jalan Melati STA 0+000 - 0+220".into();
    b.title = "Rabat beton Jalan Melati STA 0+220 - 0+440".into();
    explains(&judge(a, b), Kind::Adjoining);
}

#[test]
fn the_next_phase_and_a_recorded_continuation_are_continuations() {
    let a = record(1, "Pembangunan Jalan Melati tahap I", road(0.0, 0.0));
    let mut b = record(2, "Pembangunan Jalan Melati Tahap 2", road(0.0, 0.0));
    b.fiscal_year = Some(2026);
    explains(&judge(a.clone(), b), Kind::Continuation);
    let mut carried = record(3, "Pembangunan Jalan Melati", road(0.0, 0.0));
    carried.fiscal_year = Some(2026);
    carried.continues = Some(Box::new(a.id));
    explains(&judge(a, carried), Kind::Continuation);
}

#[test]
fn the_replacement_of_a_failed_tender_is_a_retender() {
    let mut a = record(1, "Jembatan Kali Lo", spot(0.0));
    a.status = Some(Status::TenderFailed);
    explains(&judge(a, record(2, "Jembatan Kali Lo", spot(1.0))), Kind::Retender);
}

#[test]
fn upkeep_after_building_is_maintenance() {
    let a = record(1, "Pembangunan rabat beton Jalan Melati", road(0.0, 0.0));
    let mut b = record(2, "Pemeliharaan Jalan Melati", road(0.0, 0.0));
    b.fiscal_year = Some(2026);
    b.activity_code = ActivityCode::parse("", "02.03.01").ok();
    explains(&judge(a, b), Kind::Maintenance);
}

#[test]
fn a_road_and_its_drain_are_companions() {
    let a = record(1, "Rabat beton Jalan Melati", road(0.0, 0.0));
    explains(&judge(a, record(2, "Drainase Jalan Melati", road(0.0, 2.0))), Kind::Companion);
}

#[test]
fn houses_and_lamps_one_by_one_are_siblings() {
    let mut a = record(1, "Rehab RTLH", spot(0.0));
    a.owner = Some("Sumiati".into());
    let mut b = record(2, "Rehab RTLH", spot(12.0));
    b.owner = Some("Slamet".into());
    explains(&judge(a, b), Kind::Sibling);
    let lamp = |id, n| record(id, &format!("PJU tiang {n}"), spot(f64::from(n) * 10.0));
    explains(&judge(lamp(1, 1), lamp(2, 2)), Kind::Sibling);
}

#[test]
fn a_budget_change_of_one_activity_is_a_revision() {
    let a = record(1, "Rabat beton Jalan Melati", road(0.0, 0.0));
    explains(&judge(a, record(2, "Rabat beton Jalan Melati (Perubahan)", road(0.0, 0.0))), Kind::Revision);
}

#[test]
fn a_border_bridge_under_an_agreement_is_co_funded() {
    let mut a = record(1, "Jembatan perbatasan Kali Lo", spot(0.0));
    a.agreement = Some("BKAD 03/2025".into());
    let mut b = record(2, "Jembatan perbatasan Kali Lo", spot(2.0));
    b.agreement = Some("BKAD 03/2025".into());
    b.village_id = Some(Uuid::from_u128(200));
    explains(&judge(a, b), Kind::CoFunded);
}

#[test]
fn crossing_roads_other_rt_and_other_works_at_one_place_are_no_doubles() {
    let a = record(1, "Rabat beton Jalan Melati", road(0.0, 0.0));
    let across: Geometry<f64> = LineString::from(vec![(114.3009, -8.2009), (114.3009, -8.1991)]).into();
    assert_eq!(judge(a, record(2, "Rabat beton Jalan Kenanga", across)).band, Band::Silent);
    let rt = |id, n, north| record(id, &format!("Paving gang RT {n:02}"), road(0.0, north));
    assert_eq!(judge(rt(1, 3, 0.0), rt(2, 4, 3.0)).band, Band::Silent);
    let post = record(1, "Pembangunan Posyandu Melati", spot(0.0));
    assert_eq!(judge(post, record(2, "Sumur bor", spot(4.0))).band, Band::Silent);
}

#[test]
fn the_same_name_far_apart_is_unrelated() {
    let a = record(1, "Rabat beton Jalan Melati", road(0.0, 0.0));
    explains(&judge(a, record(2, "Rabat beton Jalan Melati", road(5_000.0, 0.0))), Kind::Unrelated);
}

#[test]
fn a_pasted_coordinate_is_no_evidence() {
    let a = record(1, "Posyandu Melati", spot(0.0));
    let b = record(2, "Sumur bor Dusun Krajan", spot(0.0));
    let judge = Judge::new(Settings::default());
    let verdict = judge.judge(&judge.prepare(a), &judge.prepare(b), &Context { same_place: 4, ..Context::default() });
    assert_eq!(
        (verdict.band, verdict.evidence[0].level.as_str(), verdict.evidence[0].bits),
        (Band::Silent, "pasted", 0.0)
    );
}

#[test]
fn a_house_repaired_by_two_programmes_is_a_double_within_a_year_and_repeat_work_within_ten() {
    let mut a = record(1, "BSPS rumah a.n. Sumiati RT 03", spot(0.0));
    a.funding = vec![fund("APBN BSPS")].into();
    a.fiscal_year = Some(2020);
    let mut b = record(2, "Rehab RTLH a.n. Sumiati RT 03", spot(3.0));
    b.funding = vec![fund("DD")].into();
    b.fiscal_year = Some(2021);
    alerts(&judge(a.clone(), b.clone()), Kind::DoubleFunding);
    b.fiscal_year = Some(2026);
    alerts(&judge(a, b), Kind::RepeatWork);
}

#[test]
fn a_carried_over_budget_is_a_continuation() {
    let a = record(1, "Rabat beton Jalan Melati", road(0.0, 0.0));
    let mut b = record(2, "Lanjutan Rabat beton Jalan Melati (DPAL 2025)", road(0.0, 1.0));
    b.fiscal_year = a.fiscal_year.map(|year| year + 1);
    explains(&judge(a, b), Kind::Continuation);
}

#[test]
fn twenty_lamps_and_twelve_wells_are_siblings_of_others() {
    let row = |id: u128, title: &str, from_m: f64| {
        let mut facts = record(id, title, spot(0.0));
        facts.parts = (0..20)
            .map(|n| Part { label: None, accuracy_m: 5.0, geometry: spot(from_m + f64::from(n) * 30.0) })
            .collect();
        facts
    };
    // One post in common: the last of one record is the first of the other.
    let (a, b) = (row(1, "PJU 20 titik Jalan Melati", 0.0), row(2, "PJU 20 titik Jalan Melati lanjutan timur", 570.0));
    let verdict = judge(a, b);
    assert_eq!((verdict.kind, verdict.band), (Kind::Sibling, Band::Silent), "{verdict:#?}");
    let parts = verdict.evidence.iter().find(|item| item.name == "parts").unwrap();
    assert_eq!(parts.level, "few");
    let (a, b) = (record(1, "Sumur bor titik 1 Krajan", spot(0.0)), record(2, "Sumur bor titik 2 Krajan", spot(40.0)));
    explains(&judge(a, b), Kind::Sibling);
    // All twenty again, drawn by somebody else: one activity entered twice.
    let (a, b) = (row(1, "PJU 20 titik Jalan Melati", 0.0), row(2, "Pemasangan PJU 20 titik Jl. Melati", 2.0));
    alerts(&judge(a, b), Kind::DoubleEntry);
}

#[test]
fn villages_of_one_name_far_apart_have_nothing_to_do_with_each_other() {
    let a = record(1, "Rabat beton Jalan Melati RT 03", road(0.0, 0.0));
    let mut b = record(2, "Rabat beton Jalan Melati RT 03", road(40_000.0, 0.0));
    b.village_id = Some(Uuid::from_u128(99));
    explains(&judge(a, b), Kind::Unrelated);
}

#[test]
fn mixed_shapes_of_one_work_are_one_place() {
    let title = "Rabat beton Jalan Melati";
    let line = road(0.0, 0.0);
    let Geometry::LineString(corners) = &line else { panic!("a road is a line") };
    let (first, last) = (corners.0[0], corners.0[corners.0.len() - 1]);
    let half = 0.000_03; // some 3 m
    let ring = vec![
        (first.x, first.y - half),
        (last.x, last.y - half),
        (last.x, last.y + half),
        (first.x, first.y + half),
        (first.x, first.y - half),
    ];
    let strip = Geometry::Polygon(geo::Polygon::new(LineString::from(ring), Vec::new()));
    alerts(&judge(record(1, title, line.clone()), record(2, title, strip.clone())), Kind::DoubleEntry);
    let middle = Geometry::Point(geo::Point::new(f64::midpoint(first.x, last.x), first.y));
    let on_line = judge(record(1, title, line), record(2, title, middle.clone()));
    assert!(on_line.band != Band::Silent && on_line.kind == Kind::DoubleEntry, "{on_line:#?}");
    let in_area = judge(record(1, title, strip), record(2, title, middle));
    assert!(in_area.band != Band::Silent && in_area.kind == Kind::DoubleEntry, "{in_area:#?}");
}

#[test]
fn works_in_a_language_without_tables_are_judged_by_the_other_comparisons() {
    let a = record(1, "Réfection de la voirie rue des Lilas", road(0.0, 0.0));
    alerts(&judge(a.clone(), record(2, "Refection voirie, rue des Lilas", road(2.0, 1.0))), Kind::DoubleEntry);
    explains(&judge(a.clone(), record(2, "Réfection de la voirie rue des Lilas", road(5_000.0, 0.0))), Kind::Unrelated);
    let next = judge(a, record(2, "Construction du pont des Pêcheurs", road(0.0, 60.0)));
    assert_ne!(next.band, Band::Alert, "{next:#?}");
}

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
fn a_yearly_service_is_a_duplicate_only_within_one_year_and_village() {
    let service = |id: u128, year: i32| {
        let mut facts = record(id, "Insentif kader Posyandu Melati", spot(0.0));
        facts.fiscal_year = Some(year);
        facts
    };
    alerts(&judge(service(1, 2025), service(2, 2025)), Kind::DoubleEntry);
    explains(&judge(service(1, 2025), service(2, 2026)), Kind::Unrelated);
    let mut other = service(2, 2025);
    other.village_id = Some(Uuid::from_u128(200));
    explains(&judge(service(1, 2025), other), Kind::Unrelated);
}

#[test]
fn a_work_rebuilt_after_its_useful_life_is_no_duplicate() {
    let a = record(1, "Rabat beton Jalan Melati", road(0.0, 0.0));
    let mut b = record(2, "Rabat beton Jalan Melati", road(0.0, 1.0));
    b.fiscal_year = a.fiscal_year.map(|year| year + 10);
    alerts(&judge(a.clone(), b.clone()), Kind::RepeatWork);
    b.fiscal_year = a.fiscal_year.map(|year| year + 11);
    explains(&judge(a, b), Kind::Maintenance);
}

#[test]
fn the_outline_of_the_village_does_not_locate_a_work() {
    let around = |half_m: f64| {
        let half = half_m / 110_000.0;
        let (lon, lat) = (114.3, -8.2);
        let ring = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)];
        let corners: Vec<(f64, f64)> = ring.iter().map(|(x, y)| (lon + x, lat + y)).collect();
        Geometry::Polygon(geo::Polygon::new(LineString::from(corners), Vec::new()))
    };
    for small in [spot(0.0), road(0.0, 0.0), around(10.0)] {
        let verdict = judge(record(1, "Posyandu Melati", small.clone()), record(2, "Posyandu Mawar", around(900.0)));
        let place = &verdict.evidence[0];
        assert_eq!((place.level.as_str(), verdict.band), ("wide", Band::Silent), "{verdict:#?}");
        let near = judge(record(1, "Posyandu Melati", small), record(2, "Posyandu Melati", around(15.0)));
        assert_ne!(near.evidence[0].level, "wide");
    }
}

#[test]
fn lines_beside_each_other_are_two_sides_only_where_both_are_known_well_enough() {
    let drain = |id: u128, north_m: f64, accuracy_m: f64| {
        let mut facts = record(id, "Drainase Jalan Melati", road(0.0, north_m));
        facts.parts[0].accuracy_m = accuracy_m;
        facts
    };
    explains(&judge(drain(1, 0.0, 3.0), drain(2, 7.0, 3.0)), Kind::Adjoining);
    let unsure = judge(drain(1, 0.0, 10.0), drain(2, 7.0, 10.0));
    assert_eq!(
        (unsure.kind, unsure.band, unsure.evidence[0].level.as_str()),
        (Kind::DoubleEntry, Band::Review, "line_unsure")
    );
}

#[test]
fn works_without_a_place_are_explained_by_their_titles() {
    let nowhere = |id: u128, title: &str, year: i32| {
        let mut facts = record(id, title, spot(0.0));
        facts.parts = Box::default();
        facts.fiscal_year = Some(year);
        facts
    };
    let title = "Pembangunan Jembatan Kali Lo";
    let mut failed = nowhere(1, title, 2025);
    failed.status = Some(Status::TenderFailed);
    explains(&judge(failed, nowhere(2, title, 2025)), Kind::Retender);
    let (first, second) = (nowhere(1, "Jembatan Kali Lo tahap I", 2025), nowhere(2, "Jembatan Kali Lo tahap II", 2026));
    explains(&judge(first, second), Kind::Continuation);
    explains(&judge(nowhere(1, title, 2024), nowhere(2, "Pemeliharaan Jembatan Kali Lo", 2026)), Kind::Maintenance);
}

#[test]
fn numbers_in_lists_contradict_only_where_none_is_in_common() {
    let rt = |id: u128, title: &str| record(id, title, road(0.0, 0.0));
    explains(&judge(rt(1, "Paving gang RT 1-3"), rt(2, "Paving gang RT 4 dan 5")), Kind::Sibling);
    alerts(&judge(rt(1, "Paving gang RT 1-3"), rt(2, "Paving gang RT 03")), Kind::DoubleEntry);
    explains(&judge(rt(1, "Jembatan Melati 1 Krajan"), rt(2, "Jembatan Melati II Krajan")), Kind::Sibling);
    explains(&judge(rt(1, "Paving Gang 10"), rt(2, "Paving Gang 10 A")), Kind::Sibling);
}

#[test]
fn the_codes_of_roads_distinguish_upkeep_from_construction() {
    let of = |id: u128, title: &str, code: &str, year: i32| {
        let mut facts = record(id, title, road(0.0, 0.0));
        facts.activity_code = ActivityCode::parse("", code).ok();
        facts.fiscal_year = Some(year);
        facts
    };
    let built = of(1, "Pembangunan rabat Jalan Melati", "02.03.10", 2024);
    explains(&judge(built.clone(), of(2, "Rehabilitasi Jalan Melati", "02.03.01", 2026)), Kind::Maintenance);
    alerts(&judge(built, of(2, "Pembangunan rabat Jalan Melati", "02.03.01", 2026)), Kind::RepeatWork);
}

#[test]
fn money_carried_over_is_a_continuation_by_the_name_of_its_fund() {
    let a = record(1, "Rabat beton Jalan Melati", road(0.0, 0.0));
    let mut b = record(2, "Rabat beton Jalan Melati", road(0.0, 1.0));
    b.fiscal_year = Some(2026);
    b.funding = vec![fund("DPAL 2025")].into();
    explains(&judge(a, b), Kind::Continuation);
}

#[test]
fn a_coordinate_shared_by_many_works_is_no_evidence_for_a_line_either() {
    let judge = Judge::new(Settings::default());
    let (a, b) = (
        judge.prepare(record(1, "Posyandu Melati", spot(0.0))),
        judge.prepare(record(2, "Jalan Mawar", road(0.0, 0.0))),
    );
    let verdict = judge.judge(&a, &b, &Context { same_place: 4, ..Context::default() });
    assert_eq!(verdict.evidence[0].level, "pasted");
}

#[test]
fn a_name_with_and_without_its_space_is_one_and_another_name_is_another() {
    let level = |a: &str, b: &str| {
        let verdict = judge(record(1, a, road(0.0, 0.0)), record(2, b, road(0.0, 0.0)));
        verdict.evidence.iter().find(|item| item.name == "title").map(|item| item.level.clone()).unwrap_or_default()
    };
    assert_eq!(level("Jembatan Sumber Agung", "Jembatan Sumberagung"), "same");
    assert_eq!(
        level("Drainase permukiman sumber agung krajan melati", "Drainase permukiman sumber agung krajan mawar"),
        "like"
    );
    assert_eq!(level("Talud Jalan Melati", "Plengsengan Jl. Melati"), "same");
}

#[test]
fn spanish_and_portuguese_titles_are_read_with_and_without_accents() {
    let a = record(1, "Construcción muro de contención vía La Esperanza", road(0.0, 0.0));
    alerts(&judge(a, record(2, "CONSTRUCCION MURO CONTENCION LA ESPERANZA", road(2.0, 1.0))), Kind::DoubleEntry);
    let road_a = record(1, "Pavimentação da Rua das Flores", road(0.0, 0.0));
    explains(&judge(road_a, record(2, "Drenagem da Rua das Flores", road(0.0, 1.0))), Kind::Companion);
    let right = record(1, "Cuneta margen derecho camino El Roble", road(0.0, 0.0));
    explains(&judge(right, record(2, "Cuneta margen izquierdo camino El Roble", road(0.0, 6.0))), Kind::Adjoining);
}

#[test]
fn left_and_right_are_sides_in_any_language() {
    let a = record(1, "Drainage Melati street, left side", road(0.0, 0.0));
    explains(&judge(a, record(2, "Drainage Melati street, right side", road(0.0, 1.0))), Kind::Adjoining);
}

/// Regressions: each of these was once read wrongly.
#[test]
fn titles_that_were_once_misread_are_read_whole() {
    let of = |id: u128, title: &str| {
        let mut facts = record(id, title, road(0.0, 0.0));
        facts.executor = Some("CV Maju".into());
        facts
    };
    // A title without a package number contradicts none.
    alerts(&judge(of(1, "Rabat beton Jalan Melati"), of(2, "Rabat beton Jalan Melati paket 2")), Kind::DoubleEntry);
    // A quantity is not an identifier.
    for (a, b) in [
        ("Paving Jalan Melati 50 m²", "Paving Jalan Melati 60 m²"),
        ("Rabat beton 3 lokasi Krajan", "Rabat beton 2 lokasi Krajan"),
        ("Paving Jalan Melati lebar 2m", "Paving Jalan Melati lebar 3m"),
        ("Paving RT 1-3 100 m", "Paving RT 3 100 m"),
        ("Concreting of Sta. Maria road Purok 1-2", "Concreting of Sta. Maria road Purok 2, 120 m"),
    ] {
        alerts(&judge(of(1, a), of(2, b)), Kind::DoubleEntry);
    }
    explains(&judge(of(1, "PKTD drainase Jalan Melati"), of(2, "Rabat beton Jalan Melati")), Kind::Companion);
}

#[test]
fn neighbours_with_names_of_one_sound_are_two() {
    let house = |id: u128, name: &str, east_m: f64| record(id, &format!("Rehab RTLH a.n. {name} RT 03"), spot(east_m));
    for (a, b) in [("Budi", "Rudi"), ("Siti", "Suti"), ("Marno", "Warno")] {
        explains(&judge(house(1, a, 0.0), house(2, b, 10.0)), Kind::Sibling);
    }
    let hamlet = |id: u128, name: &str| {
        let mut facts = record(id, "Pembangunan balai dusun", spot(0.0));
        facts.hamlet = Some(name.into());
        facts
    };
    let level = |a: &str, b: &str| {
        let verdict = judge(hamlet(1, a), hamlet(2, b));
        verdict.evidence.iter().find(|item| item.name == "hamlet").map(|item| item.level.clone())
    };
    assert_eq!(level("Krajan I", "Krajan II").as_deref(), Some("different"));
    assert_eq!(level("Krajan A", "Krajan B").as_deref(), Some("different"));
    assert_eq!(level("Krajan I", "Krajan 1").as_deref(), Some("same"));
    assert_eq!(level("Sumber Agung", "Sumberagong").as_deref(), Some("same"));
}

#[test]
fn parts_whose_places_are_not_known_well_enough_are_not_counted() {
    let lamps = |id: u128, accuracy_m: f64| {
        let mut facts = record(id, "PJU 20 titik Jalan Melati", spot(0.0));
        facts.parts = (0..20)
            .map(|n| Part {
                label: None,
                accuracy_m,
                geometry: spot(f64::from(n) * 30.0 + if id == 1 { 0.0 } else { 1.0 }),
            })
            .collect();
        facts
    };
    for accuracy_m in [5.0, 35.0] {
        let verdict = judge(lamps(1, accuracy_m), lamps(2, accuracy_m));
        assert_ne!(verdict.kind, Kind::Sibling, "{accuracy_m}: {verdict:#?}");
    }
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

/// Found by fuzzing: a word that is both a compound and a part of another word.
#[test]
fn compounds_written_as_two_words_are_found_in_either_order() {
    for (a, b) in [("jjjjjj", "jjj jjjjjjjjjjjj"), ("sumberagung sumber", "sumber agung sumberagungsumber")] {
        judge(record(1, a, road(0.0, 0.0)), record(2, b, road(0.0, 0.0))); // asserts that the order of the two does not matter
    }
}

/// Millions are held in memory: 16 bytes more each would need the allocator's next size, 64 bytes up.
#[test]
fn records_are_small() {
    assert!(size_of::<Facts>() + 16 <= 320, "{}", size_of::<Facts>());
    assert!(size_of::<Prepared>() + 16 <= 256, "{}", size_of::<Prepared>());
}

/// A track of random corners within a box of `wide_m` metres.
fn tangle(corners: u32, wide_m: f64, seed: u32) -> LineString<f64> {
    let mut state = u64::from(seed) * 2 + 1;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        f64::from(u32::try_from(state >> 40).unwrap()) / f64::from(1 << 24) * wide_m
    };
    (0..corners).map(|_| (114.3 + random() / 110_000.0, -8.2 + random() / 110_600.0)).collect()
}

#[test]
fn complex_geometries_are_simplified_and_marked_as_such() {
    let simplified = |verdict: &Verdict| {
        let simplified = verdict.evidence.iter().find(|item| item.name == "shapes");
        simplified.map(|item| item.value["metres"].as_f64().unwrap())
    };
    let title = "Rabat beton Jalan Melati RT 03";
    // A device left in a bag for hours: treated as one place, within the accuracy.
    let bag = || Geometry::from(tangle(20_000, 4.0, 7));
    let verdict = judge(record(1, title, bag()), record(2, title, bag()));
    assert!(simplified(&verdict).is_none_or(|metres| metres <= 5.0), "{verdict:?}");
    assert_ne!(verdict.band, Band::Silent, "{verdict:?}");
    // Random corners across a village: once the same track twice, once two different ones.
    let wide = |seed| Geometry::from(tangle(20_000, 2_000.0, seed));
    let same = judge(record(1, title, wide(7)), record(2, title, wide(7)));
    assert!(simplified(&same).is_some() && same.distance_m == Some(0.0), "{same:?}");
    let other = judge(record(1, title, wide(7)), record(2, title, wide(8)));
    assert!(simplified(&other).is_some() && other.distance_m == Some(0.0), "{other:?}");
    let lamps = |seed| geo::MultiPoint::from(tangle(2_000, 10.0, seed).0.into_iter().map(Point).collect::<Vec<_>>());
    let parts = |id, seed| {
        let parts =
            lamps(seed).0.into_iter().map(|point| Part { label: None, accuracy_m: 5.0, geometry: point.into() });
        Facts { parts: parts.collect(), ..record(id, "PJU Dusun Krajan", spot(0.0)) }
    };
    let verdict = judge(parts(1, 7), parts(2, 8));
    assert_eq!(simplified(&verdict), Some(0.0), "only pairs of parts were left out: {verdict:?}");
    // Geometry that a person draws or walks is compared without simplification.
    let walked: LineString<f64> =
        (0..20_000_u32).map(|n| (114.3 + f64::from(n) * 2e-5, -8.2 + f64::from(n % 7) * 1e-6)).collect();
    let verdict = judge(record(1, title, walked.clone().into()), record(2, title, walked.into()));
    assert_eq!(simplified(&verdict), None);
    alerts(&verdict, Kind::DoubleEntry);
    // However many corners the two share, a map draws only a few.
    for verdict in [verdict, same, other] {
        let drawn: usize = verdict.shared.iter().map(|line| line.0.len()).sum();
        assert!(drawn <= crate::domain::outline::DRAWN_CORNERS, "{drawn} corners");
    }
}

#[test]
fn areas_whose_outlines_cross_at_every_step_are_not_cut_with_each_other() {
    // A comb with long teeth and another across it: a hundred million crossings.
    let comb = |turned: bool| {
        let at = |x: f64, y: f64| {
            let (x, y) = if turned { (y, x) } else { (x, y) };
            (114.3 + x / 110_000.0, -8.2 + y / 110_600.0)
        };
        let mut ring: Vec<(f64, f64)> = (0..5_000_u32)
            .flat_map(|n| [(n, 0.0), (n, 99.0)].map(|(n, y)| at(f64::from(n) * 0.02 + y * 1e-5, y)))
            .collect();
        ring.extend([at(100.0, 100.0), at(-0.1, 100.0), at(-0.1, 0.0)]);
        Geometry::from(geo::Polygon::new(ring.into(), Vec::new()))
    };
    let verdict = judge(record(1, "Lapangan desa", comb(false)), record(2, "Lapangan desa", comb(true)));
    assert!(verdict.evidence.iter().any(|item| item.name == "shapes"), "{verdict:?}");
    assert_eq!(verdict.distance_m, Some(0.0));
}

#[test]
fn two_roads_are_measured_where_they_come_nearest_and_not_from_middle_to_middle() {
    let verdict = judge(
        record(1, "Rabat beton Jalan Melati RT 03", road(0.0, 0.0)),
        record(2, "Rabat beton Jalan Melati RT 04", road(210.0, 0.0)),
    );
    let east_m = |place: geo::Coord<f64>| (place.x - 114.3) * 110_000.0;
    let [a, b] = verdict.nearest.unwrap().map(east_m);
    assert!((a - 200.0).abs() < 0.1 && (b - 210.0).abs() < 0.1, "{a} {b}");
    assert!((9.0..11.0).contains(&verdict.distance_m.unwrap()), "{verdict:?}");
}

#[test]
fn a_place_in_the_hole_of_an_area_is_not_in_it() {
    let square = |half_m: f64| -> LineString<f64> {
        let corner = |east: f64, north: f64| (114.3 + east * half_m / 110_250.0, -8.2 + north * half_m / 110_600.0);
        vec![corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0), corner(-1.0, -1.0)].into()
    };
    let around = || Geometry::from(geo::Polygon::new(square(60.0), vec![square(50.0)]));
    let court = Geometry::from(geo::Polygon::new(square(20.0), Vec::new()));
    let title = "Pavingisasi lapangan desa";
    let verdict = judge(record(1, title, around()), record(2, title, court));
    let metres = verdict.distance_m.unwrap();
    assert!((29.0..31.0).contains(&metres), "{verdict:?}");
    let position = verdict.evidence.iter().find(|item| item.name == "position").unwrap();
    assert_eq!(position.level, "apart", "{verdict:?}");
    let lamp = judge(record(1, title, around()), record(2, title, Geometry::from(Point::new(114.3, -8.2))));
    assert!((49.0..51.0).contains(&lamp.distance_m.unwrap()), "{lamp:?}");
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
fn names_of_only_punctuation_are_not_one() {
    let with = |id, name: &str| {
        let name: Option<std::sync::Arc<str>> = Some(name.into());
        let paid = FundingFact {
            fund: "…".into(),
            budget_line: Some("-".into()),
            contract_number: Some("--".into()),
            ..fund("")
        };
        Facts {
            executor: name.clone(),
            agreement: name.clone(),
            hamlet: name,
            owner: Some("- -".into()),
            photo_marks: ["-".to_owned()].into(),
            funding: [paid].into(),
            ..record(id, "Rabat beton Jalan Melati paket 1", road(0.0, 0.0))
        }
    };
    for (a, b) in [("-", "-"), ("-", "…"), ("—", "..")] {
        let judge = Judge::new(Settings::default());
        let (a, b) = (judge.prepare(with(1, a)), judge.prepare(with(2, b)));
        let levels = judge.levels(&a, &b, &Context::default());
        for name in ["executor", "fund", "number", "photo", "hamlet", "owner"] {
            assert!(levels.contains(&(name, "unknown")), "{name}: {levels:?}");
        }
        assert!(levels.contains(&("link", "no")), "{levels:?}");
        let house = |id| Facts { title: "Bedah rumah a.n. Sumiati".into(), ..with(id, "-") };
        let (one, two) = (judge.prepare(house(3)), judge.prepare(house(4)));
        let levels = judge.levels(&one, &two, &Context::default());
        assert!(levels.contains(&("owner", "same")), "the title names the owner: {levels:?}");
        let mut lexicon = Lexicon::default();
        let packed = a.pack(&mut lexicon);
        assert_eq!(format!("{:?}", packed.unpack(a.facts.id, &lexicon)), format!("{a:?}"));
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
