//! Which kind two records are, one case of the domain a line.

use super::super::*;
use super::*;
use crate::domain::activity::ActivityCode;
use crate::domain::footprint::Part;
use crate::domain::project::{Authority, Status};
use crate::domain::verdict::VerdictKind as Kind;
use geo::{Geometry, LineString};
use uuid::Uuid;

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
