//! What their places say.

use super::super::*;
use super::*;
use crate::domain::facts::{FundingFact, Listed};
use crate::domain::footprint::Part;
use crate::domain::verdict::VerdictKind as Kind;
use geo::{Geometry, LineString, Point};

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
fn a_place_known_badly_speaks_against_nothing() {
    let of = |id: u128, east_m: f64, accuracy_m: f64| {
        let mut facts = record(id, "Pembangunan pos kamling Anggrek", spot(east_m));
        facts.parts[0].accuracy_m = accuracy_m;
        facts
    };
    let verdict = judge(of(1, 0.0, 5.0), of(2, 240.0, 300.0));
    level(&verdict, "position", "point_unsure");
    assert_ne!(verdict.band, Band::Silent, "{verdict:#?}");
    level(&judge(of(1, 0.0, 5.0), of(2, 240.0, 5.0)), "position", "far");
}

#[test]
fn one_entry_far_apart_is_disputed_however_vague_its_place() {
    let of = |id: u128, east_m: f64, accuracy_m: f64| {
        let mut facts = record(id, "Drainase", spot(east_m));
        facts.listed = Some(Listed { list: 0, id: "K1".into() }.into());
        facts.parts[0].accuracy_m = accuracy_m;
        facts
    };
    // 200 m apart: "far" of clear places, "apart" of vague ones.
    for accuracy_m in [5.0, 130.0] {
        level(&judge(of(1, 0.0, 5.0), of(2, 200.0, accuracy_m)), "position", "disputed");
    }
    level(&judge(of(1, 0.0, 5.0), of(2, 60.0, 5.0)), "position", "apart");
}

#[test]
fn many_shared_metres_say_more_than_few() {
    let long = |id: u128, metres: f64| {
        let at = |m: f64| (114.3 + m / 110_000.0, -8.2);
        record(id, "Rabat beton Jalan Anggrek", LineString::from(vec![at(0.0), at(metres / 2.0), at(metres)]).into())
    };
    let of = |metres: f64| bits_of(&judge(long(1, metres), long(2, metres * 1.2)), "position");
    assert!(of(2_000.0) > of(150.0) + 1.0 && of(150.0) > of(60.0) + 0.5, "{} {} {}", of(2_000.0), of(150.0), of(60.0));
}

#[test]
fn the_same_corners_under_other_names_are_a_copy_and_no_witness() {
    let verdict = judge(
        record(1, "Rabat beton Jalan Anggrek", road(0.0, 0.0)),
        record(2, "Rabat beton Jalan Ngasinan", road(0.0, 0.0)),
    );
    level(&verdict, "position", "copied");
    assert_eq!(verdict.band, Band::Silent, "{verdict:#?}");
    let drawn = judge(
        record(1, "Rabat beton Jalan Anggrek", road(0.0, 0.0)),
        record(2, "Rabat beton Jalan Ngasinan", road(1.0, 1.0)),
    );
    level(&drawn, "position", "line_same");
    let again = judge(
        record(1, "Rabat beton Jalan Anggrek", road(0.0, 0.0)),
        record(2, "Rabat beton Jl. Anggrek", road(0.0, 0.0)),
    );
    level(&again, "position", "line_same");
}

#[test]
fn one_of_many_on_a_place_beside_one_alone_is_worth_a_share() {
    let judge = Judge::new(Settings::default());
    let of = |id: u128| judge.prepare(record(id, "Pembangunan pos kamling Anggrek", spot(0.0)));
    let bits = |same_place: usize, one_stands_alone: bool| {
        let context = Context { same_place, one_stands_alone, ..Context::default() };
        bits_of(&judge.judge(&of(1), &of(2), &context), "position")
    };
    assert!(bits(0, false) > bits(3, true) && bits(3, true) > bits(20, true) && bits(20, true) > 0.0);
    assert_eq!(bits(3, false), 0.0);
}
