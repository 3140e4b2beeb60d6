//! Makes a benchmark: a land, its works, the planted pairs, and the files.

use crate::abroad;
use crate::background;
use crate::cases::{self, Case, Planted};
use crate::land::{Density, degrees};
use crate::noise::{Marks, spoil};
use crate::record::Record;
use crate::world::World;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub seed: u64,
    pub density: Density,
    pub pairs: usize,
    pub background: usize,
}

/// A labelled pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub a: String,
    pub b: String,
    pub label: &'static str,
    pub kind: &'static str,
    pub case: &'static str,
    pub noise: String,
}

pub struct Made {
    pub world: World,
    pub pairs: Vec<Pair>,
}

/// The same for the same wish, to the byte.
pub fn make(wish: Wish) -> Made {
    if wish.density == Density::Abroad {
        return abroad::make(wish.seed, wish.pairs, wish.background);
    }
    // Each case takes one or two roads, a boiler-plate title up to some more.
    let roads = wish.pairs * 3 / 2 + wish.background + 200;
    let mut world = World::new(wish.seed, wish.density, roads);
    let all = cases::all();
    let shares: usize = all.iter().map(|case| case.share).sum();
    let mut pairs = Vec::new();
    for case in &all {
        let many = (wish.pairs * case.share).div_ceil(shares);
        for _ in 0..many {
            pairs.push(plant(&mut world, case));
        }
    }
    background::fill(&mut world, wish.background);
    shuffle(&mut world, &mut pairs);
    Made { world, pairs }
}

fn plant(world: &mut World, case: &Case) -> Pair {
    let Planted { mut first, mut second } = (case.plant)(world);
    let mut marks = Marks { kind: case.kind, noise: Vec::new() };
    let villages = world.land.villages.len();
    spoil(&mut first, &mut second, case.bears, villages, &mut marks, &mut world.chance);
    let (a, b) = (world.keep(first), world.keep(second));
    Pair { a, b, label: case.label, kind: marks.kind, case: case.name, noise: marks.noise.join(" ") }
}

/// Records in an order of chance under new ids: an id tells nothing.
pub fn shuffle(world: &mut World, pairs: &mut [Pair]) {
    for n in (1..world.records.len()).rev() {
        let other = world.chance.between(0, n);
        world.records.swap(n, other);
    }
    let mut names: HashMap<String, String> = HashMap::with_capacity(world.records.len());
    for (n, record) in world.records.iter_mut().enumerate() {
        let id = format!("P{:05}", n + 1);
        names.insert(std::mem::replace(&mut record.id, id.clone()), id);
    }
    for pair in pairs {
        for id in [&mut pair.a, &mut pair.b] {
            if let Some(new) = names.get(id) {
                id.clone_from(new);
            }
        }
    }
}

/// Writes projects.geojson, villages.geojson, pairs.csv and CASES.csv into a folder.
pub fn write(made: &Made, folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("projects.geojson"), projects(made))?;
    std::fs::write(folder.join("villages.geojson"), villages(made))?;
    std::fs::write(folder.join("pairs.csv"), pairs(made)?)?;
    std::fs::write(folder.join("CASES.csv"), counts(made)?)
}

fn collection(features: impl Iterator<Item = serde_json::Value>) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (n, feature) in features.enumerate() {
        let _ = write!(text, "{}{feature}", if n > 0 { ",\n" } else { "" });
    }
    text.push_str("\n]}\n");
    text
}

pub fn projects(made: &Made) -> String {
    let feature = |record: &Record| {
        let village = &made.world.land.villages[record.village];
        record.feature((&village.code, &village.name, &village.district))
    };
    collection(made.world.records.iter().map(feature))
}

fn villages(made: &Made) -> String {
    let side = crate::land::SIDE_M;
    collection(made.world.land.villages.iter().map(|village| {
        let c = village.corner;
        let ring: Vec<[f64; 2]> = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side), (0.0, 0.0)]
            .map(|(x, y)| degrees(crate::geometry::p(c.x + x, c.y + y)))
            .to_vec();
        json!({
            "type": "Feature",
            "geometry": { "type": "Polygon", "coordinates": [ring] },
            "properties": { "code": village.code, "name": village.name, "district": village.district, "regency": "Kabupaten Samudra" },
        })
    }))
}

pub fn pairs(made: &Made) -> io::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["id_a", "id_b", "label", "kind", "case", "noise"])?;
    for pair in &made.pairs {
        table.write_record([&pair.a, &pair.b, pair.label, pair.kind, pair.case, &pair.noise])?;
    }
    table.into_inner().map_err(|e| io::Error::other(e.to_string()))
}

fn counts(made: &Made) -> io::Result<Vec<u8>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for pair in &made.pairs {
        *counts.entry(pair.case).or_default() += 1;
    }
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["case", "label", "kind", "pairs", "line"])?;
    let lines = if made.world.density == Density::Abroad {
        abroad::lines()
    } else {
        cases::all().iter().map(|case| [case.name, case.label, case.kind, case.line]).collect()
    };
    for [name, label, kind, line] in lines {
        let n = counts.get(name).copied().unwrap_or_default().to_string();
        table.write_record([name, label, kind, &n, line])?;
    }
    table.into_inner().map_err(|e| io::Error::other(e.to_string()))
}
