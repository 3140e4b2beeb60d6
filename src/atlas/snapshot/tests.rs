use super::{LogPoint, Origin, Unusable, read, write};
use crate::atlas::{Atlas, Update};
use crate::domain::facts::{Facts, FundingFact};
use crate::domain::footprint::{How, Part};
use crate::duplicates::{Judge, Settings};
use crate::spatial::places::Places;
use geo::{Geometry, LineString, Point};
use std::path::Path;
use uuid::Uuid;

const WORKS: u32 = 3_000;

fn record(n: u32) -> Facts {
    let (x, y) = (114.3 + f64::from(n % 60) * 5e-5, -8.2 + f64::from(n / 60) * 5e-5);
    let geometry: Geometry<f64> = match n % 3 {
        0 => Point::new(x, y).into(),
        1 => LineString::from(vec![(x, y), (x + 0.000_3, y + 0.1 / 3.0 * 1e-3)]).into(),
        // Many on one point.
        _ => Point::new(114.29, -8.19).into(),
    };
    let titles = [
        "Rabat beton Jalan Melati RT",
        "Sumur bor Dusun Krajan",
        "TPT sungai kanan hulu STA 0+100",
        "Rehab RTLH a.n. Sumiati",
    ];
    let fund = FundingFact {
        fund: ["DD", "ADD"][n as usize % 2].into(),
        amount_rupiah: Some(i64::from(n % 7) * 1_000_000),
        budget_line: None,
        contract_number: n.is_multiple_of(50).then(|| format!("{}/SPK/2025", n / 100).into()),
        segment: None,
    };
    Facts {
        id: Uuid::from_u128(u128::from(n) + 1),
        title: format!("{} {}", titles[n as usize % 4], n % 9).into(),
        village_id: Some(Uuid::from_u128(u128::from(n % 5))),
        village_code: format!("35.10.01.200{}", n % 5).into(),
        village_name: "Barat".into(),
        fiscal_year: Some(2025),
        executor: Some(format!("CV {}", n % 40).into()),
        budget_rupiah: Some(i64::from(n % 30) * 5_000_000),
        funding: [fund].into(),
        how: Some(How::Gps),
        parts: [Part { label: None, accuracy_m: 5.0, geometry }].into(),
        ..Facts::unknown()
    }
}

fn atlas() -> Atlas {
    Atlas::new(Judge::new(Settings::default()))
}

fn filled() -> Atlas {
    let atlas = atlas();
    atlas.load(Places::default(), &(0..WORKS).map(record).collect::<Vec<_>>(), 7);
    atlas
}

fn origin() -> Origin {
    Origin { program: "a program".to_owned(), judge: "a judge".to_owned() }
}

fn point(seq: i64) -> LogPoint {
    LogPoint { seq, entry: "an entry".to_owned() }
}

fn restored(path: &Path, origin: &Origin) -> Result<Atlas, Unusable> {
    let snapshot = read(path, origin)?;
    let (atlas, seq) = (atlas(), snapshot.point().seq);
    let loading = snapshot.load(atlas.judge.clone())?;
    atlas.replace(loading, Places::default(), seq);
    Ok(atlas)
}

/// What an Atlas tells: the facts of its projects, and every pair with its probability to the last bit.
fn told(atlas: &Atlas) -> (Vec<String>, Vec<(Uuid, Uuid, u64)>) {
    let facts = atlas.all_facts().iter().map(|facts| format!("{facts:?}")).collect();
    let pairs = (0..WORKS).flat_map(|slot| atlas.screen_onward(slot));
    let pair = |(a, b, verdict): (Uuid, Uuid, crate::domain::verdict::Verdict)| {
        (a.min(b), a.max(b), verdict.probability.to_bits())
    };
    let mut pairs: Vec<_> = pairs.map(pair).collect();
    pairs.sort_unstable();
    pairs.dedup();
    (facts, pairs)
}

#[test]
fn an_atlas_from_its_snapshot_tells_what_the_first_one_told_and_goes_on_like_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.snapshot");
    let first = filled();
    assert!(write(&first, &path, origin(), point(7)).unwrap());
    let second = restored(&path, &origin()).unwrap();
    assert_eq!(second.seq(), 7);
    let (facts, pairs) = told(&first);
    assert!(facts.len() == WORKS as usize && pairs.len() > 100, "{} {}", facts.len(), pairs.len());
    assert_eq!(told(&second), (facts, pairs));
    for atlas in [&first, &second] {
        let changed = Facts { id: record(4).id, ..record(8) };
        atlas.apply(None, vec![Update::Put(Box::new(changed)), Update::Remove(record(9).id)], 8);
    }
    assert_eq!(told(&second), told(&first));
    // A snapshot of what began with one is as good.
    assert!(write(&second, &path, origin(), point(8)).unwrap());
    assert_eq!(told(&restored(&path, &origin()).unwrap()), told(&first));
}

#[test]
fn a_snapshot_that_is_damaged_anywhere_is_found_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.snapshot");
    assert!(write(&filled(), &path, origin(), point(7)).unwrap());
    let whole = std::fs::read(&path).unwrap();
    let ends: Vec<usize> =
        (0..200).chain((200..whole.len()).step_by(4_001)).chain(whole.len() - 200..whole.len()).collect();
    for at in ends {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        std::fs::write(&path, &damaged).unwrap();
        assert!(matches!(restored(&path, &origin()), Err(Unusable::Damaged)), "at {at} of {}", whole.len());
        std::fs::write(&path, &whole[..at]).unwrap();
        assert!(matches!(restored(&path, &origin()), Err(Unusable::Damaged)), "cut off at {at}");
    }
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(restored(&path, &origin()), Err(Unusable::Missing)));
}

#[test]
fn a_snapshot_of_another_program_or_judge_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.snapshot");
    assert!(write(&filled(), &path, origin(), point(7)).unwrap());
    for other in
        [Origin { program: "another".to_owned(), ..origin() }, Origin { judge: "another".to_owned(), ..origin() }]
    {
        assert!(matches!(restored(&path, &other), Err(Unusable::OtherOrigin)));
    }
}

#[test]
fn nothing_is_written_of_an_atlas_that_went_on_nor_beside_another_writer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.snapshot");
    let atlas = filled();
    assert!(!write(&atlas, &path, origin(), point(6)).unwrap() && !path.exists());
    let lock = std::fs::File::create(path.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    assert!(!write(&atlas, &path, origin(), point(7)).unwrap() && !path.exists());
    drop(lock);
    assert!(write(&atlas, &path, origin(), point(7)).unwrap());
}

#[test]
fn names_of_what_is_gone_are_not_kept_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.snapshot");
    let atlas = filled();
    for n in 0..11_000_i64 {
        let changed = Facts { executor: Some(format!("Toko {n}").into()), ..record(1) };
        atlas.apply(None, vec![Update::Put(Box::new(changed))], 8 + n);
    }
    assert!(!write(&atlas, &path, origin(), point(atlas.seq())).unwrap());
}
