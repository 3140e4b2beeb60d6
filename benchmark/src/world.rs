//! The world that cases are planted in: it gives out roads on which nothing stands yet, and writes records about them.

use crate::chance::Chance;
use crate::geometry::{P, Shape, along, beside, cut, length};
use crate::land::{Density, Land, Road};
use crate::record::Record;
use crate::words::Words;

/// What is built: the name of its titles, its activity code, rupiah and unit of one, and whether it is a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kind {
    pub name: &'static str,
    pub activity: &'static str,
    pub rupiah: f64,
    pub unit: &'static str,
    pub is_line: bool,
}

const fn line(name: &'static str, activity: &'static str, rupiah: f64) -> Kind {
    Kind { name, activity, rupiah, unit: "m", is_line: true }
}

const fn single(name: &'static str, activity: &'static str, rupiah: f64) -> Kind {
    Kind { name, activity, rupiah, unit: "unit", is_line: false }
}

pub const ROAD: Kind = line("road", "02.03.10", 680_000.0);
pub const ASPHALT: Kind = line("asphalt", "02.03.10", 410_000.0);
pub const HARDENING: Kind = line("hardening", "02.03.10", 230_000.0);
pub const PAVING: Kind = line("paving", "02.03.11", 430_000.0);
pub const FARM_ROAD: Kind = line("farm_road", "02.03.12", 520_000.0);
pub const DRAIN: Kind = line("drain", "02.03.14", 560_000.0);
pub const SEWER: Kind = line("sewer", "02.04.08", 540_000.0);
pub const WALL: Kind = line("wall", "02.03.14", 900_000.0);
pub const CANAL: Kind = line("canal", "04.02.04", 610_000.0);
pub const UPKEEP: Kind = line("road_upkeep", "02.03.01", 95_000.0);
pub const BRIDGE: Kind = single("bridge", "02.03.13", 240_000_000.0);
pub const HOUSE: Kind = single("house", "02.04.01", 20_000_000.0);
pub const LAMP: Kind = single("lamp", "02.04.93", 4_500_000.0);
pub const WELL: Kind = single("well", "02.04.11", 62_000_000.0);
pub const TOILET: Kind = single("toilet", "02.04.14", 48_000_000.0);
pub const POST: Kind = single("post", "03.01.01", 17_000_000.0);
pub const HALL: Kind = single("hall", "02.03.15", 88_000_000.0);

/// Lines that a street may have.
pub const STREET_LINES: [Kind; 4] = [ROAD, PAVING, DRAIN, WALL];
pub const LINES: [Kind; 6] = [ROAD, PAVING, FARM_ROAD, DRAIN, WALL, CANAL];
pub const SINGLES: [Kind; 6] = [WELL, TOILET, POST, HALL, BRIDGE, LAMP];

/// Funds of a village's own budget, and of others.
pub const OWN_FUNDS: [&str; 4] = ["DD", "ADD", "PAD", "PBH"];
pub const OTHER_FUNDS: [&str; 4] = ["BKK", "APBD", "DAK", "CSR"];

pub struct World {
    pub land: Land,
    pub words: Words,
    pub chance: Chance,
    pub density: Density,
    pub records: Vec<Record>,
    next: usize,
}

impl World {
    pub fn new(seed: u64, density: Density, roads: usize) -> Self {
        let (words, mut chance) = (Words::read(), Chance::new(seed));
        let land = Land::new(roads, density, &words, &mut chance);
        Self::of(land, words, chance, density)
    }

    pub fn of(land: Land, words: Words, chance: Chance, density: Density) -> Self {
        Self { land, words, chance, density, records: Vec::new(), next: 0 }
    }

    /// A road inside a village on which nothing stands. The land is made with enough of them.
    pub fn road(&mut self) -> Road {
        self.land.roads.pop().expect("the land has a road for each case")
    }

    /// A road along a border; one inside a village where those are used up.
    pub fn border(&mut self) -> Road {
        self.land.borders.pop().unwrap_or_else(|| self.road())
    }

    /// Keeps a record under a new id and gives that.
    pub fn keep(&mut self, mut record: Record) -> String {
        self.next += 1;
        record.id = format!("R{:05}", self.next);
        let id = record.id.clone();
        self.records.push(record);
        id
    }

    /// A record of this kind on this road: all of it for a line, a place on it for a single thing.
    pub fn work(&mut self, road: &Road, kind: Kind) -> Record {
        let whole = length(&road.line);
        let shape = if kind.is_line {
            Shape::Line(road.line.clone())
        } else {
            Shape::Point(along(&road.line, self.chance.range(0.2, 0.8) * whole))
        };
        let volume = if kind.is_line { whole.round() } else { 1.0 };
        let budget = (kind.rupiah * volume * self.chance.range(0.85, 1.15) / 100_000.0).round() as i64 * 100_000;
        let start = self.chance.between(2, 7) as u32;
        let year = self.chance.between(2019, 2025) as i32;
        let hamlet = self.land.villages[road.village].hamlets[road.hamlet].clone();
        let title = self.title(kind, road, None);
        let firm = self.chance.of(&self.words.firms).clone();
        let funds = (*self.chance.of(&OWN_FUNDS)).to_owned();
        let source = *self.chance.of(&["GPS", "jalan kaki dengan GPS", "gambar di peta"]);
        Record {
            id: String::new(),
            title,
            #[cfg(test)]
            thing: kind.name,
            village: road.village,
            activity: Some(kind.activity),
            year,
            funds,
            budget,
            volume: Some(volume),
            unit: kind.unit,
            contractor: Some(firm),
            status: "selesai",
            months: Some((start, start + 3)),
            hamlet: Some(hamlet),
            rt: None,
            rw: None,
            photos: vec![self.photo(), self.photo()],
            source,
            authority: "desa",
            accuracy_m: None,
            shape: Some(shape),
            continues: None,
            agreement: None,
            contract: None,
            segment: None,
        }
    }

    /// A title of this kind on this road in one of its writings; `owner` of a house.
    pub fn title(&mut self, kind: Kind, road: &Road, owner: Option<&str>) -> String {
        let english = self.words.english.get(kind.name).filter(|_| self.chance.likely(0.05));
        let writings = english.or_else(|| self.words.titles.get(kind.name)).expect("every kind has titles");
        let writing = self.chance.of(writings).clone();
        let block = &self.words.blocks[road.street.len() * 7 % self.words.blocks.len()];
        let block = format!("{block} {}", road.street);
        let title = writing
            .replace("{s}", &road.street)
            .replace("{b}", &block)
            .replace("{n}", "1")
            .replace("{o}", owner.unwrap_or("Sarmini"));
        let hamlet = self.land.villages[road.village].hamlets[road.hamlet].clone();
        let (rt, rw) = (road.rt, road.rw);
        match self.chance.between(1, 6) {
            1 => format!("{title} RT {rt:02} RW {rw:02}"),
            2 => format!("{title} Rt.{rt}/Rw.{rw}"),
            3 => format!("{title} Dusun {hamlet}"),
            4 => format!("{title} Dsn. {hamlet} RT {rt:03}"),
            _ => title,
        }
    }

    /// A made-up mark of a photo.
    pub fn photo(&mut self) -> String {
        format!("{:08x}{:08x}", self.chance.between(0, 0xffff_ffff), self.chance.between(0, 0xffff_ffff))
    }

    /// The same work as another officer would write it down: other words, the line drawn again, money of an own estimate.
    pub fn again(&mut self, road: &Road, kind: Kind, first: &Record) -> Record {
        let mut second = first.clone();
        second.title = self.title(kind, road, None);
        second.budget = (first.budget as f64 * self.chance.range(0.9, 1.1) / 100_000.0).round() as i64 * 100_000;
        second.photos = vec![self.photo()];
        let off = self.chance.range(0.5, 2.5);
        second.shape = first.shape.as_ref().map(|shape| match shape {
            Shape::Line(line) => Shape::Line(crate::geometry::redrawn(line, off, &mut self.chance)),
            Shape::Point(c) => {
                Shape::Point(P { x: c.x + self.chance.around(off * 2.0), y: c.y + self.chance.around(off * 2.0) })
            }
            other => other.clone(),
        });
        second
    }

    /// A stretch of the road as a record's shape, from–to as shares of its length.
    pub fn stretch(&self, road: &Road, from: f64, to: f64) -> Shape {
        let whole = length(&road.line);
        Shape::Line(cut(&road.line, from * whole, to * whole))
    }

    /// The road's line moved to one side: the edge where drains run.
    pub fn edge(&self, road: &Road, metres: f64) -> Shape {
        Shape::Line(beside(&road.line, metres))
    }

    pub fn village_name(&self, village: usize) -> String {
        self.land.villages[village].name.clone()
    }
}
