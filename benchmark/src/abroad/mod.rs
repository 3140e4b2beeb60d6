//! A fourth land, with another country's habits and other words: coordinates pasted from the barangay hall or the row
//! above, straight lines from hamlet to hamlet, records copied with their geometry, roads of several parts.

mod cases;
mod land;
mod write;

use crate::chance::Chance;
use crate::land::{Density, Land};
use crate::make::{Made, Pair, shuffle};
use crate::record::Record;
use crate::words::Words;
use crate::world::World;
use land::Place;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Wordlist {
    sitios: Vec<String>,
    barangays: Vec<String>,
    roads: Vec<String>,
    firms: Vec<String>,
    titles: BTreeMap<String, Vec<String>>,
}

/// The land while works are planted in it.
pub struct Abroad {
    pub words: Wordlist,
    pub chance: Chance,
    places: Vec<Place>,
}

/// How somebody who asks for this land is answered; see [`crate::make::Wish`].
pub fn make(seed: u64, pairs: usize, background: usize) -> Made {
    let words: Wordlist = toml::from_str(include_str!("../../words/abroad.toml"))
        .expect("the words of this program parse: every test reads them");
    let mut chance = Chance::new(seed);
    // A case takes one place or two, a place of the background has one or two works.
    let (villages, places) = land::lay(pairs * 3 / 2 + background + 100, &words, &mut chance);
    let mut abroad = Abroad { words, chance, places };
    let land = Land { villages, roads: Vec::new(), borders: Vec::new() };
    let mut world = World::of(land, Words::read(), Chance::new(seed), Density::Abroad);
    let shares: usize = cases::CASES.iter().map(|case| case.share).sum();
    let mut made = Vec::new();
    for case in cases::CASES {
        for _ in 0..(pairs * case.share).div_ceil(shares) {
            let [first, second] = (case.plant)(&mut abroad);
            let (a, b) = (world.keep(first), world.keep(second));
            made.push(Pair { a, b, label: case.label, kind: case.kind, case: case.name, noise: String::new() });
        }
    }
    for record in abroad.background(background) {
        world.keep(record);
    }
    world.chance = abroad.chance;
    shuffle(&mut world, &mut made);
    Made { world, pairs: made }
}

/// The cases with label, kind and the line that each stands for.
pub fn lines() -> Vec<[&'static str; 4]> {
    cases::CASES.iter().map(|case| [case.name, case.label, case.kind, case.line]).collect()
}

impl Abroad {
    /// A place on which nothing stands yet.
    fn place(&mut self) -> Place {
        self.places.pop().expect("the land has a place for each case")
    }

    /// Works that are just there, all of them different: a road with what stands beside it, or a building of a sitio.
    fn background(&mut self, works: usize) -> Vec<Record> {
        let mut records = Vec::with_capacity(works);
        while records.len() < works {
            let place = self.place();
            let road = if place.is_street { write::STREET } else { write::FARM_ROAD };
            let beside = *self.chance.of(&[write::DRAIN, write::LIGHTS, write::COURT, write::HALL, write::BRIDGE]);
            records.push(self.work(&place, road));
            if place.is_street && self.chance.likely(0.6) {
                records.push(self.work(&place, beside));
            }
            if self.chance.likely(0.25) {
                let building = *self.chance.of(&[write::DAYCARE, write::HEALTH, write::WATER]);
                records.push(self.work(&place, building));
            }
        }
        records
    }
}
