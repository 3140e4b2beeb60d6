//! Properties of any two records: order, direction of digitising and added corners do not matter, and a less accurate
//! position is never stronger evidence.

use super::*;
use crate::domain::activity::ActivityCode;
use crate::domain::facts::{FundingFact, Listed};
use crate::domain::footprint::{How, Part};
use crate::domain::project::{Segment, Status};
use crate::spatial::metres::{self, Projection, Shape};
use geo::{Coord, Geometry, LineString, Point, Polygon};
use proptest::prelude::*;
use uuid::Uuid;

const LON: f64 = 114.3;
const LAT: f64 = -8.2;

fn place() -> impl Strategy<Value = Coord<f64>> {
    (-40_i32..40, -40_i32..40).prop_map(|(x, y)| Coord { x: LON + f64::from(x) * 4e-5, y: LAT + f64::from(y) * 4e-5 })
}

fn line() -> impl Strategy<Value = LineString<f64>> {
    prop::collection::vec(place(), 2..6).prop_filter_map("a line has a length", |corners| {
        let line = LineString(corners);
        line.0.iter().any(|c| *c != line.0[0]).then_some(line)
    })
}

/// A convex ring: a triangle or a box.
fn area() -> impl Strategy<Value = Polygon<f64>> {
    (place(), 2_i32..30, 2_i32..30, any::<bool>()).prop_map(|(c, w, h, triangle)| {
        let (w, h) = (f64::from(w) * 4e-5, f64::from(h) * 4e-5);
        let mut ring = vec![c, Coord { x: c.x + w, y: c.y }, Coord { x: c.x + w, y: c.y + h }];
        if !triangle {
            ring.push(Coord { x: c.x, y: c.y + h });
        }
        Polygon::new(LineString(ring), Vec::new())
    })
}

fn geometry() -> impl Strategy<Value = Geometry<f64>> {
    prop_oneof![
        place().prop_map(|c| Point(c).into()),
        line().prop_map(Geometry::LineString),
        area().prop_map(Geometry::Polygon),
    ]
}

fn title() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "Pembangunan",
        "Rehab",
        "Jalan",
        "Drainase",
        "TPT",
        "Melati",
        "Kenanga",
        "RT 02",
        "Rt.3/Rw.1",
        "kanan",
        "kiri",
        "tahap II",
        "lanjutan",
        "STA 0+000 - 0+100",
        "STA 0+100 - 0+250",
        "a.n. Slamet",
        "sumur bor",
        "(PAK)",
        "P 74 x L 4 m",
        "Krajan",
        "10 A",
        "10",
        "paket 1",
        "paket 2",
        "RT 1-3",
        "Gang 3",
        "Melati 2",
        "Melati III",
        "rumah Pak Slamet",
        "a.n. Sri Sari",
        "a.n. Sri Wahyuni",
        "insentif kader",
        "MCK pasar",
        "dan",
        "utara",
        "drainage canal",
        "3 lokasi",
    ]);
    prop::collection::vec(word, 0..7).prop_map(|words| words.join(" "))
}

fn parts() -> impl Strategy<Value = Box<[Part]>> {
    let accuracy_m = prop::sample::select(vec![0.0, 3.0, 10.0, 40.0, 3_000.0]);
    let part = (geometry(), accuracy_m, any::<bool>()).prop_map(|(geometry, accuracy_m, named)| Part {
        label: named.then(|| "ruas 1".to_owned()),
        accuracy_m,
        geometry,
    });
    prop::collection::vec(part, 0..4).prop_map(Into::into)
}

prop_compose! {
    /// One fund that pays for a stretch of the first part.
    fn paid()(
        fund in prop::sample::select(vec!["DD", "ADD"]),
        amount_rupiah in prop::option::of(0_i64..100_000_000),
        stretch in prop::option::of((0.0_f64..40.0, 1.0_f64..200.0)),
        contract in prop::option::of(prop::sample::select(vec!["1/SPK/2025", "2/SPK/2025"])),
        line in prop::option::of(prop::sample::select(vec!["5.3.1.01", "5.3.1.02"])),
    ) -> FundingFact {
        FundingFact {
            fund: fund.into(),
            amount_rupiah,
            budget_line: line.map(Into::into),
            contract_number: contract.map(Into::into),
            segment: stretch.map(|(from_m, metres)| Segment { part: 1, from_m, to_m: from_m + metres }.into()),
        }
    }
}

prop_compose! {
    fn record()(
        title in title(),
        parts in parts(),
        owner in prop::option::of(prop::sample::select(vec!["Slamet", "Ibu Sri Wahyuni"])),
        marks in prop::sample::subsequence(vec!["a", "b"], 0..=2),
        village in prop::option::of(1_u128..3),
        year in prop::option::of(2023_i32..2027),
        budget in prop::option::of(prop::sample::select(vec![0_i64, 1, 90_000_000, 91_000_000])),
        funding in prop::collection::vec(paid(), 0..3),
        code in prop::option::of(prop::sample::select(vec!["02.03.10", "02.03.14", "02.04.13"])),
        status in prop::option::of(prop::sample::select(vec![Status::Finished, Status::Cancelled])),
        listed in prop::option::of(prop::sample::select(vec!["K1", "K2"])),
    ) -> Facts {
        Facts {
            id: Uuid::nil(),
            title: title.into(),
            village_id: village.map(Uuid::from_u128),
            village_code: "".into(),
            village_name: "".into(),
            activity_code: code.and_then(|code| ActivityCode::parse("", code).ok()),
            fiscal_year: year,
            status,
            authority: None,
            executor: None,
            agreement: None,
            hamlet: None,
            rt: None,
            rw: None,
            owner: owner.map(Into::into),
            volume: None,
            volume_unit: None,
            continues: None,
            budget_rupiah: budget,
            funding: funding.into(),
            photo_marks: marks.into_iter().map(str::to_owned).collect(),
            listed: listed.map(|id| Listed { list: 0, id: id.into() }.into()),
            how: Some(How::Gps),
            parts,
        }
    }
}

fn paid_for(from_m: f64, to_m: f64) -> FundingFact {
    let segment = Some(Segment { part: 1, from_m, to_m }.into());
    FundingFact { fund: "DD".into(), amount_rupiah: None, budget_line: None, contract_number: None, segment }
}

fn metres_of(line: &LineString<f64>) -> f64 {
    let bounds = metres::bounds(&line.clone().into()).expect("a line has bounds");
    Shape::new(&Projection::between([bounds]), &line.clone().into()).length_m()
}

fn verdict(a: &Facts, b: &Facts) -> Verdict {
    let judge = Judge::new(Settings::default());
    let named = |facts: &Facts, id: u128| judge.prepare(Facts { id: Uuid::from_u128(id), ..facts.clone() });
    judge.judge(&named(a, 1), &named(b, 2), &Context::default())
}

fn position_bits(verdict: &Verdict) -> f64 {
    verdict.evidence.iter().find(|item| item.name == "position").map_or(0.0, |item| item.bits)
}

fn same(x: &Verdict, y: &Verdict) -> Result<(), TestCaseError> {
    prop_assert!((x.probability - y.probability).abs() < 1e-6, "{:#?}\n{:#?}", x.evidence, y.evidence);
    prop_assert_eq!((x.kind, x.band), (y.kind, y.band));
    Ok(())
}

/// The same footprints with every geometry changed.
fn with(facts: &Facts, change: impl Fn(&Geometry<f64>) -> Geometry<f64>) -> Facts {
    let mut changed = facts.clone();
    for part in &mut changed.parts {
        part.geometry = change(&part.geometry);
    }
    changed
}

fn reversed(geometry: &Geometry<f64>) -> Geometry<f64> {
    let back = |line: &LineString<f64>| LineString(line.0.iter().rev().copied().collect());
    match geometry {
        Geometry::LineString(line) => back(line).into(),
        Geometry::Polygon(area) => Polygon::new(back(area.exterior()), Vec::new()).into(),
        other => other.clone(),
    }
}

fn turned(geometry: &Geometry<f64>) -> Geometry<f64> {
    let Geometry::Polygon(area) = geometry else { return geometry.clone() };
    let mut ring = area.exterior().0.clone();
    ring.pop();
    ring.rotate_left(1);
    Polygon::new(LineString(ring), Vec::new()).into()
}

fn divided(geometry: &Geometry<f64>) -> Geometry<f64> {
    let halves = |line: &LineString<f64>| {
        let mut corners = Vec::new();
        for pair in line.0.windows(2) {
            corners.extend([pair[0], (pair[0] + pair[1]) / 2.0]);
        }
        corners.extend(line.0.last());
        LineString(corners)
    };
    match geometry {
        Geometry::LineString(line) => halves(line).into(),
        Geometry::Polygon(area) => Polygon::new(halves(area.exterior()), Vec::new()).into(),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_two_records_does_not_matter(a in record(), b in record()) {
        let (there, back) = (verdict(&a, &b), verdict(&b, &a));
        same(&there, &back)?;
        prop_assert!(there.probability.is_finite() && (0.0..=1.0).contains(&there.probability));
        prop_assert!(there.evidence.iter().all(|item| item.bits.is_finite()));
        prop_assert!(there.distance_m.is_none_or(|metres| metres.is_finite() && metres >= 0.0));
        prop_assert!(there.shared_m.is_none_or(|metres| metres.is_finite() && metres >= 0.0));
    }

    #[test]
    fn the_nearest_points_are_on_the_works_at_the_stated_distance(a in record(), b in record()) {
        let found = verdict(&a, &b);
        prop_assert_eq!(found.nearest.is_some(), found.distance_m.is_some());
        if let (Some([here, there]), Some(distance_m)) = (found.nearest, found.distance_m) {
            let point = |c: Coord<f64>| Geometry::Point(c.into());
            let between_m = metres::distance_m(&point(here), &point(there));
            prop_assert!((between_m - distance_m).abs() < 0.01, "{between_m} {distance_m}");
            for (facts, end) in [(&a, here), (&b, there)] {
                let off_m = facts.parts.iter().map(|part| metres::distance_m(&part.geometry, &point(end)));
                let off_m = off_m.fold(f64::INFINITY, f64::min);
                prop_assert!(off_m < 0.01, "{off_m} m off");
            }
        }
    }

    #[test]
    fn the_direction_of_digitising_does_not_matter(a in record(), b in record()) {
        // A segment is measured from the first corner and would have to be reversed too: see the next property.
        let whole = |facts: Facts| Facts { funding: Box::default(), ..facts };
        let (a, b) = (whole(a), whole(b));
        let plain = verdict(&a, &b);
        same(&plain, &verdict(&with(&a, reversed), &b))?;
        same(&plain, &verdict(&a, &with(&b, reversed)))?;
        same(&plain, &verdict(&with(&a, turned), &with(&b, turned)))?;
    }

    #[test]
    fn a_stretch_turned_with_its_line_is_the_same_stretch(
        (a, b) in (line(), line()),
        from in prop::array::uniform2(0.0_f64..0.5),
        to in prop::array::uniform2(0.6_f64..1.0),
    ) {
        let of = |line: &LineString<f64>, from: f64, to: f64| Facts {
            title: "Jalan Mawar".into(),
            parts: [Part { label: None, accuracy_m: 3.0, geometry: line.clone().into() }].into(),
            funding: [paid_for(from * metres_of(line), to * metres_of(line))].into(),
            ..Facts::unknown()
        };
        let back = |line: &LineString<f64>| LineString(line.0.iter().rev().copied().collect());
        let other = of(&b, from[1], to[1]);
        let plain = verdict(&of(&a, from[0], to[0]), &other);
        let turned = verdict(&of(&back(&a), 1.0 - to[0], 1.0 - from[0]), &other);
        let shared = |verdict: &Verdict| verdict.shared_m.unwrap_or_default();
        prop_assert!((shared(&plain) - shared(&turned)).abs() < 1.0, "{} {}", shared(&plain), shared(&turned));
    }

    #[test]
    fn collinear_corners_do_not_matter(a in record(), b in record()) {
        let plain = position_bits(&verdict(&a, &b));
        let divided = position_bits(&verdict(&with(&a, divided), &with(&b, divided)));
        prop_assert!((plain - divided).abs() < 1e-9, "{plain} {divided}");
    }

    #[test]
    fn a_less_accurate_position_is_never_stronger_evidence(a in record(), b in record(), more in 1.0_f64..200.0) {
        let mut vague = a.clone();
        for part in &mut vague.parts {
            part.accuracy_m += more;
        }
        let (clear, vague) = (position_bits(&verdict(&a, &b)), position_bits(&verdict(&vague, &b)));
        prop_assert!(vague.abs() <= clear.abs() + 1e-9 && vague * clear >= 0.0, "{clear} became {vague}");
    }

    #[test]
    fn a_record_packed_and_unpacked_is_what_it_was(records in prop::collection::vec(record(), 1..4)) {
        let judge = Judge::new(Settings::default());
        let mut lexicon = Lexicon::default();
        let records: Vec<Prepared> = records.into_iter().map(|record| judge.prepare(record)).collect();
        let packed: Vec<Packed> = records.iter().map(|record| record.pack(&mut lexicon)).collect();
        for (record, packed) in records.iter().zip(&packed) {
            let unpacked = packed.unpack(record.facts.id, &lexicon);
            prop_assert_eq!(format!("{record:?}"), format!("{unpacked:?}"));
        }
        let kept = Lexicon::from_bytes(&lexicon.to_bytes()).expect("its own bytes");
        for (record, packed) in records.iter().zip(&packed) {
            let unpacked = Packed::from_bytes(packed.bytes()).unpack(record.facts.id, &kept);
            prop_assert_eq!(format!("{record:?}"), format!("{unpacked:?}"), "with the lexicon of its bytes");
        }
        prop_assert_eq!(kept.to_bytes(), lexicon.to_bytes());
    }

    #[test]
    fn a_weight_of_zero_changes_no_kind(a in record(), b in record(), which in any::<prop::sample::Index>()) {
        let shipped = Weights::shipped();
        let names: std::collections::BTreeSet<String> = shipped.levels().into_iter().map(|(name, _)| name).collect();
        let names: Vec<String> = names.into_iter().collect();
        let off = &names[which.index(names.len())];
        let nothing = shipped.changed("0", shipped.prior, |name, _| (name == off).then_some(0.0));
        let judge = |weights: Weights| {
            let judge = Judge::with(Settings::default(), weights);
            judge.judge(&judge.prepare(a.clone()), &judge.prepare(Facts { id: Uuid::max(), ..b.clone() }), &Context::default())
        };
        prop_assert_eq!(judge(shipped.clone()).kind, judge(nothing).kind, "without {}", off);
    }

    #[test]
    fn a_rejected_pair_is_silent_whatever_the_weights(
        a in record(), b in record(), same_place in 0_usize..4, which in any::<prop::sample::Index>(),
    ) {
        let shipped = Weights::shipped();
        let levels = shipped.levels();
        let (off, _) = &levels[which.index(levels.len())];
        let weights = shipped.changed("0", shipped.prior, |name, _| (name == off).then_some(0.0));
        let judge = Judge::with(Settings::default(), weights);
        let (a, b) = (judge.prepare(a), judge.prepare(Facts { id: Uuid::max(), ..b }));
        let context = Context { same_place, ..Context::default() };
        let witnessed = super::compare::shares_photo(&a.facts, &b.facts)
            || super::compare::are_one_entry(&a.facts, &b.facts)
            || a.names.contracts.iter().any(|number| b.names.contracts.contains(number));
        let explained = !witnessed && a.prefilter().is_surely_explained(&b.prefilter(), same_place >= 2);
        if explained || judge.is_surely_silent(&a, &b, &context) {
            prop_assert_eq!(judge.judge(&a, &b, &context).band, Band::Silent);
        }
    }

    #[test]
    fn a_rejected_pair_is_silent(a in record(), b in record(), same_place in 0_usize..4) {
        let judge = Judge::new(Settings::default());
        let (a, b) = (judge.prepare(a), judge.prepare(Facts { id: Uuid::max(), ..b }));
        let context = Context { same_place, ..Context::default() };
        let witnessed = super::compare::shares_photo(&a.facts, &b.facts)
            || super::compare::are_one_entry(&a.facts, &b.facts)
            || a.names.contracts.iter().any(|number| b.names.contracts.contains(number));
        let explained = !witnessed && a.prefilter().is_surely_explained(&b.prefilter(), same_place >= 2);
        if explained || judge.is_surely_silent(&a, &b, &context) {
            prop_assert_eq!(judge.judge(&a, &b, &context).band, Band::Silent);
        }
    }
}
