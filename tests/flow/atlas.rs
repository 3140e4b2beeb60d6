use crate::common::{Engine, TestApp, WEST, draft, on_both_engines, road};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::StatusCode;
use serde_json::json;
use std::time::Duration;
use tapak::atlas::{Atlas, Update};
use tapak::domain::facts::{Facts, FundingFact};
use tapak::domain::footprint::{How, Part};
use tapak::domain::project::Status;
use tapak::domain::verdict::Band;
use tapak::duplicates::{Judge, Settings};
use tapak::spatial::metres;
use tapak::spatial::places::Places;
use uuid::Uuid;

fn facts(id: u128, title: &str, geometry: geo::Geometry<f64>, accuracy_m: f64) -> Facts {
    Facts {
        id: Uuid::from_u128(id + 1),
        title: title.into(),
        village_id: Some(Uuid::from_u128(1)),
        village_code: WEST.into(),
        village_name: "Barat".into(),
        activity_code: None,
        fiscal_year: Some(2026),
        status: Some(Status::Planned),
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
        budget_rupiah: None,
        funding: Box::default(),
        photo_marks: Box::default(),
        listed: None,
        how: Some(How::Map),
        parts: vec![Part { label: None, accuracy_m, geometry }].into(),
    }
}

/// A point or a short line anywhere, poles and date line included.
fn anywhere() -> impl Strategy<Value = geo::Geometry<f64>> {
    let near = (114.0..114.02_f64, -8.02..-8.0_f64);
    let corners = prop_oneof![
        near,
        (-180.0..180.0_f64, -90.0..90.0_f64),
        (179.99..180.0_f64, -0.01..0.01_f64),
        (-180.0..-179.99_f64, -0.01..0.01_f64),
        (-180.0..180.0_f64, 89.99..90.0_f64)
    ];
    (corners, -0.002..0.002_f64, -0.002..0.002_f64, any::<bool>()).prop_map(|((lon, lat), dx, dy, point)| {
        let from = geo::Coord { x: lon, y: lat };
        let to = geo::Coord { x: (lon + dx).clamp(-180.0, 180.0), y: (lat + dy).clamp(-90.0, 90.0) };
        if point || from == to { geo::Point(from).into() } else { geo::LineString(vec![from, to]).into() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The tree proposes at least whatever a plain loop finds within the radius.
    #[test]
    fn the_index_misses_nothing_that_a_plain_loop_finds(geometries in prop::collection::vec((anywhere(), 0.0..60.0_f64), 2..60)) {
        let judge = Judge::new(Settings::default());
        let radius_m = judge.settings().radius_m;
        let all: Vec<Facts> = geometries.into_iter().enumerate().map(|(n, (geometry, accuracy))| facts(n as u128, &format!("Kegiatan {n}"), geometry, accuracy)).collect();
        let atlas = Atlas::new(judge);
        atlas.load(Places::default(), &all, 1);
        for subject in &all {
            let prepared = atlas.judge.prepare(subject.clone());
            let proposed = atlas.with_picture(|picture| picture.proposed(&prepared, radius_m, usize::MAX));
            for other in all.iter().filter(|other| other.id != subject.id) {
                let grown = subject.parts[0].accuracy_m + other.parts[0].accuracy_m;
                let distance = metres::distance_m(&subject.parts[0].geometry, &other.parts[0].geometry);
                if distance <= radius_m + grown {
                    prop_assert!(proposed.contains(&other.id), "{distance} m away and not proposed: {:?} {:?}", subject.parts, other.parts);
                }
            }
        }
    }
}

/// As many parts as a footprint may have are looked for together, and still whatever stands near one of them is found.
#[test]
fn a_work_near_one_of_a_thousand_parts_is_a_candidate() {
    let mut random = StdRng::seed_from_u64(3_510);
    let mut place = || (114.0 + random.random_range(0.0..0.05), -8.0 - random.random_range(0.0..0.05));
    let part = |at: (f64, f64)| Part { label: None, accuracy_m: 5.0, geometry: geo::Point::new(at.0, at.1).into() };
    let mut all: Vec<Facts> =
        (0..300).map(|n| facts(n, &format!("Kegiatan {n}"), part(place()).geometry, 5.0)).collect();
    let lamps: Vec<Part> = (0..1_000).map(|_| part(place())).collect();
    all.push(Facts { parts: lamps.clone().into(), ..facts(300, "PJU", lamps[0].geometry.clone(), 5.0) });
    let atlas = Atlas::new(Judge::new(Settings::default()));
    atlas.load(Places::default(), &all, 1);
    let subject = atlas.judge.prepare(all[300].clone());
    let proposed = atlas.with_picture(|picture| picture.proposed(&subject, 100.0, usize::MAX));
    let is_near =
        |one: &Facts| lamps.iter().any(|lamp| metres::distance_m(&lamp.geometry, &one.parts[0].geometry) <= 100.0);
    let near: Vec<Uuid> = all[..300].iter().filter(|one| is_near(one)).map(|one| one.id).collect();
    assert!(near.len() > 50 && near.iter().all(|id| proposed.contains(id)), "{} of {}", near.len(), proposed.len());
}

#[test]
fn a_thousand_changes_one_by_one_equal_a_fresh_build() {
    let mut random = StdRng::seed_from_u64(35_10);
    let place = |random: &mut StdRng| -> geo::Geometry<f64> {
        // A coarse grid, so that points stack and leave their stacks again.
        let c = geo::Coord {
            x: 114.3 + f64::from(random.random_range(0..12)) * 0.001,
            y: -8.2 + f64::from(random.random_range(0..12)) * 0.001,
        };
        let several = random.random_bool(0.2);
        if random.random_bool(0.7) {
            geo::Point(c).into()
        } else if several {
            geo::Polygon::new(geo::LineString::from(vec![(c.x, c.y), (c.x + 0.001, c.y), (c.x, c.y + 0.001)]), vec![])
                .into()
        } else {
            geo::LineString(vec![c, geo::Coord { x: c.x + 0.001, y: c.y }]).into()
        }
    };
    let changing = Atlas::new(Judge::new(Settings::default()));
    // Half of them are there at the start, some in several parts: they stand in the packed tree until they change.
    let mut standing = std::collections::BTreeMap::new();
    for id in 0..75_u128 {
        let mut facts = facts(id, &format!("Kegiatan {}", id % 20), place(&mut random), 5.0);
        if id % 3 == 0 {
            let further = (0..3).map(|_| Part { label: None, accuracy_m: 5.0, geometry: place(&mut random) });
            facts.parts = facts.parts.iter().cloned().chain(further).collect();
        }
        standing.insert(id, facts);
    }
    changing.load(Places::default(), &standing.values().cloned().collect::<Vec<Facts>>(), 0);
    for seq in 1..=1_000_i64 {
        let id = random.random_range(0..150_u128);
        let update = if random.random_bool(0.25) {
            standing.remove(&id);
            Update::Remove(Uuid::from_u128(id + 1))
        } else {
            let title = format!("Kegiatan {}", random.random_range(0..20));
            let facts = facts(id, &title, place(&mut random), f64::from(random.random_range(1..4)) * 5.0);
            standing.insert(id, facts.clone());
            Update::Put(Box::new(facts))
        };
        changing.apply(None, vec![update], seq);
    }
    let fresh = Atlas::new(Judge::new(Settings::default()));
    let standing: Vec<Facts> = standing.into_values().collect();
    fresh.load(Places::default(), &standing, 1_000);
    assert_eq!(changing.seq(), 1_000);
    assert_eq!(changing.with_picture(|picture| picture.ids()), fresh.with_picture(|picture| picture.ids()));
    for facts in &standing {
        let subject = fresh.judge.prepare(facts.clone());
        for stacked in [3, usize::MAX] {
            let candidates = |atlas: &Atlas| atlas.with_picture(|picture| picture.proposed(&subject, 250.0, stacked));
            assert_eq!(candidates(&changing), candidates(&fresh));
        }
        assert_eq!(
            changing.with_picture(|picture| picture.stack_of(facts)),
            fresh.with_picture(|picture| picture.stack_of(facts))
        );
    }
}

on_both_engines!(the_atlas_notices_what_another_process_writes, |app| {
    app.sign_in_as("officer", Some(WEST)).await;
    let other = app.another(&[]).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let follower = tokio::spawn(other.follower().run(stopped));
    let project = app.register(&draft(app.village(WEST).await, "Jalan", road(114.305, -8.21))).await;
    let id: Uuid = project["id"].as_str().unwrap().parse().unwrap();
    let mut tx = app.app.store.read().await.unwrap();
    let seq = tapak::store::changes::last_seq(&mut tx).await.unwrap();
    drop(tx);
    tokio::time::timeout(Duration::from_secs(20), other.atlas.reach(seq))
        .await
        .expect("the other process follows the log");
    assert!(other.atlas.with_picture(|picture| picture.find_project(id).is_some()));
    stop.send_replace(true);
    follower.await.unwrap();
    other.store.close().await;
});

#[tokio::test(flavor = "multi_thread")]
async fn thousands_on_one_coordinate_are_one_finding_and_no_flood() {
    let app = TestApp::start(Engine::sqlite(), &[]).await;
    app.sign_in_as("inspector", Some("35.10")).await;
    let features: Vec<_> = (0..2_000)
        .map(|n| {
            json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [114.305, -8.21] }, "properties": {
                "id": format!("S{n}"), "title": format!("Kegiatan {} nomor {n}", ["jalan", "sumur", "balai", "talud"][n % 4]),
                "village_code": WEST, "year": 2026, "location_source": "kantor desa" } })
        })
        .collect();
    let file = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let input = tapak::import::Input::bytes("s.geojson", file.into_bytes());
    let options = tapak::actions::import_projects::ImportOptions::default();
    tapak::actions::import_projects::import_projects(&app.app, input, Default::default(), &options, |_| {})
        .await
        .unwrap();
    app.work().await;
    let stacked = app.get("/api/v1/findings?kind=stacked_coordinates").await.is(StatusCode::OK);
    assert_eq!(stacked["items"].as_array().unwrap().len(), 1);
    assert!(stacked["items"][0]["sentence"].as_str().unwrap().contains("2.000 kegiatan"), "{stacked}");
    let doubles = app.get("/api/v1/findings?kind=duplicate").await.is(StatusCode::OK);
    assert!(doubles["items"].as_array().unwrap().is_empty(), "{}", doubles["items"].as_array().unwrap().len());
    app.finish().await;
}

fn bands(atlas: &Atlas, id: u128) -> Vec<Band> {
    let subject = atlas.with_picture(|picture| picture.find_project(Uuid::from_u128(id + 1))).unwrap();
    atlas.screen(&subject, &[]).1.iter().map(|judged| judged.verdict.band).collect()
}

/// A road is drawn once and copied for every work on it: two records of one work there are found, six roads of other names
/// are none.
#[test]
fn works_on_one_crowded_line_are_doubles_by_their_titles_alone() {
    let line = || geo::LineString::from(vec![(114.0, -8.0), (114.002, -8.0)]).into();
    let names = ["Melati", "Mawar", "Kenanga", "Cempaka", "Anggrek", "Dahlia"];
    let of = |count: usize| -> Vec<Facts> {
        let works = names[..count].iter().enumerate();
        works.map(|(n, name)| facts(n as u128, &format!("Rabat beton Jalan {name}"), line(), 5.0)).collect()
    };
    let atlas = Atlas::new(Judge::new(Settings::default()));
    atlas.load(Places::default(), &of(6), 1);
    assert!((0..6).all(|id| bands(&atlas, id).is_empty()));
    let mut twice = of(6);
    twice.push(facts(6, "Pemb. rabat beton Jl. Melati", line(), 5.0));
    twice[6].budget_rupiah = Some(100_000_000);
    twice[0].budget_rupiah = Some(100_000_000);
    atlas.load(Places::default(), &twice, 2);
    assert_eq!(bands(&atlas, 0).len(), 1);
    // Of three works on one line the line says where they are.
    let mut three = of(2);
    three.push(facts(6, "Pemb. rabat beton Jl. Melati", line(), 5.0));
    atlas.load(Places::default(), &three, 3);
    assert!(bands(&atlas, 0).contains(&Band::Alert));
}

/// The outline of the village for every service in it: as many works cost no more than their titles.
#[test]
fn thousands_on_one_area_are_no_candidates_of_each_other() {
    let ring = vec![(114.0, -8.0), (114.02, -8.0), (114.02, -8.02), (114.0, -8.02), (114.0, -8.0)];
    let village = || geo::Polygon::new(geo::LineString::from(ring.clone()), Vec::new()).into();
    let mut all: Vec<Facts> = (0..2_000).map(|n| facts(n, &format!("Posyandu Melati {n}"), village(), 5.0)).collect();
    all.push(facts(2_000, "Posyandu Melati", geo::Point::new(114.01, -8.01).into(), 5.0));
    let atlas = Atlas::new(Judge::new(Settings::default()));
    atlas.load(Places::default(), &all, 1);
    let (radius_m, stacked) = (atlas.judge.settings().radius_m, atlas.judge.settings().stacked);
    for id in [1, 1_000, 2_001] {
        let subject = atlas.with_picture(|picture| picture.find_project(Uuid::from_u128(id))).unwrap();
        let near = atlas.with_picture(|picture| picture.proposed(&subject, radius_m, stacked).len());
        assert!(near < 50, "{near}");
    }
}

on_both_engines!(works_on_a_point_are_judged_again_when_it_becomes_a_stack, |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    let west = app.village(WEST).await;
    let register = async |title: &str| {
        let point = json!({ "type": "Point", "coordinates": [114.31, -8.21] });
        app.register(&draft(west, title, point)).await;
        app.work().await;
        let open = app.get("/api/v1/findings?kind=duplicate&state=open").await.is(StatusCode::OK);
        open["items"].as_array().unwrap().len()
    };
    register("Drainase").await;
    assert_eq!(register("Pembangunan drainase").await, 1);
    assert_eq!(register("Posyandu Mawar").await, 1);
    assert_eq!(register("Jembatan Kali Lo").await, 0, "four works on one point: it is a pasted one");
});

/// A screening reads a project, those around it and the log entry at one moment: a change between two readings would let a
/// verdict on old facts pass for one on new ones.
#[test]
fn a_neighbourhood_is_that_of_the_log_entry_that_it_names() {
    const LAST: i64 = 2_000;
    let version = |id: u128, seq: i64| {
        let line = geo::LineString::from(vec![(114.0, -8.0), (114.002, -8.0)]).into();
        Facts { budget_rupiah: Some(seq), ..facts(id, "Rabat beton Jalan Melati", line, 5.0) }
    };
    let atlas = Atlas::new(Judge::new(Settings::default()));
    atlas.load(Places::default(), &[version(0, 1), version(1, 1)], 1);
    let (subject, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for seq in 2..=LAST {
                let both = [0, 1].map(|id| Update::Put(Box::new(version(id, seq))));
                atlas.apply(None, both.into(), seq);
            }
        });
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let (neighbourhood, surroundings) = atlas.find_neighbourhood(subject, &[other]).unwrap();
                    assert_eq!(neighbourhood.subject.facts.budget_rupiah, Some(neighbourhood.seq));
                    let others: Vec<_> = neighbourhood.verdicts(&atlas.judge).map(|(other, ..)| other.facts).collect();
                    assert_eq!(others.len(), 1);
                    assert_eq!(others[0].budget_rupiah, Some(neighbourhood.seq), "of the same moment");
                    assert!(surroundings.others_on_same_spot.is_empty());
                    if neighbourhood.seq == LAST {
                        break;
                    }
                }
            });
        }
    });
}

#[test]
fn contract_numbers_of_only_punctuation_make_no_candidates() {
    let found = |mark: &str| {
        let work = |id: u128, title: &str, lon: f64| {
            let paid = FundingFact {
                fund: "DD".into(),
                amount_rupiah: None,
                budget_line: Some(mark.into()),
                contract_number: Some(mark.into()),
                segment: None,
            };
            let photo_marks = [mark.to_owned()].into();
            Facts { photo_marks, funding: [paid].into(), ..facts(id, title, geo::Point::new(lon, -8.0).into(), 5.0) }
        };
        let atlas = Atlas::new(Judge::new(Settings::default()));
        atlas.load(Places::default(), &[work(0, "Rabat beton", 114.0), work(1, "Sumur bor", 115.0)], 1);
        let subject = atlas.judge.prepare(work(0, "Rabat beton", 114.0));
        atlas.with_picture(|picture| picture.proposed(&subject, 250.0, usize::MAX)).len()
    };
    assert_eq!((found("-"), found("7")), (0, 1));
}

/// Whoever judges holds nothing that a change has to wait for.
#[test]
fn a_change_is_taken_in_while_a_neighbourhood_is_judged() {
    let line = || geo::LineString::from(vec![(114.0, -8.0), (114.002, -8.0)]).into();
    let atlas = Atlas::new(Judge::new(Settings::default()));
    let all: Vec<Facts> = (0..4).map(|id| facts(id, "Rabat beton Jalan Melati", line(), 5.0)).collect();
    atlas.load(Places::default(), &all, 1);
    let (neighbourhood, _) = atlas.find_neighbourhood(Uuid::from_u128(1), &[]).unwrap();
    let mut verdicts = neighbourhood.verdicts(&atlas.judge);
    let first = verdicts.next().unwrap();
    // On this very thread, half way through: with a lock held it would never come back.
    atlas.apply(None, (0..4).map(|id| Update::Remove(Uuid::from_u128(id + 1))).collect(), 2);
    atlas.apply(None, vec![Update::Put(Box::new(facts(9, "Sumur bor", line(), 5.0)))], 3);
    let rest: Vec<Uuid> = verdicts.map(|(other, ..)| other.facts.id).collect();
    assert_eq!((first.0.facts.id, rest.len(), atlas.seq()), (Uuid::from_u128(2), 2, 3));
    assert!(atlas.find_neighbourhood(Uuid::from_u128(1), &[]).is_none());
}

/// Two who follow at once: the one who read less comes later.
#[test]
fn older_rows_never_overwrite_newer_ones_in_the_atlas() {
    let point = || geo::Point::new(114.0, -8.0).into();
    let atlas = Atlas::new(Judge::new(Settings::default()));
    atlas.load(Places::default(), &[facts(0, "Sumur bor", point(), 5.0)], 1);
    let new = facts(1, "Sumur bor", point(), 5.0);
    atlas.apply(None, vec![Update::Put(Box::new(new.clone()))], 3);
    atlas.apply(None, vec![Update::Remove(new.id)], 2);
    assert_eq!(atlas.seq(), 3);
    assert!(atlas.find_neighbourhood(new.id, &[]).is_some());
}
