//! The domain's two lists (duplicates and non-duplicates), one case with its kind a line.

mod kinds;
mod places;
mod titles;
mod values;

use super::*;
use crate::domain::activity::ActivityCode;
use crate::domain::facts::FundingFact;
use crate::domain::footprint::{How, Part};
use crate::domain::project::Status;
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
        listed: None,
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

/// With nothing but its title known, as in a list of titles.
fn titled(id: u128, title: &str) -> Facts {
    Facts { id: Uuid::from_u128(id), title: title.into(), ..Facts::unknown() }
}

#[track_caller]
fn level(verdict: &Verdict, name: &str, expected: &str) {
    let level = verdict.evidence.iter().find(|item| item.name == name).map(|item| item.level.as_str());
    assert_eq!(level, Some(expected), "{name}: {verdict:#?}");
}

/// Judged among these and each other.
fn among(others: impl IntoIterator<Item = Facts>, a: Facts, b: Facts) -> Verdict {
    let judge = Judge::new(Settings::default());
    let mut rarity = Rarity::default();
    others.into_iter().for_each(|facts| rarity.add(&judge.prepare(facts)));
    let (a, b) = (judge.prepare(a), judge.prepare(b));
    rarity.add(&a);
    rarity.add(&b);
    judge.judge(&a, &b, &Context { rarity: Some(&rarity), ..Context::default() })
}

fn bits_of(verdict: &Verdict, name: &str) -> f64 {
    verdict.evidence.iter().find(|item| item.name == name).map_or(0.0, |item| item.bits)
}
