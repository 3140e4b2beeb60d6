//! How an office of this land writes a work down.

use super::Abroad;
use super::land::Place;
use crate::geometry::{P, Shape, along, beside, length, p};
use crate::record::Record;

/// What is built: the name of its titles, money of one metre or one whole, and whether it is a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thing {
    pub name: &'static str,
    pub money: f64,
    pub is_line: bool,
}

const fn thing(name: &'static str, money: f64, is_line: bool) -> Thing {
    Thing { name, money, is_line }
}

pub const FARM_ROAD: Thing = thing("farm_road", 9_800.0, true);
pub const STREET: Thing = thing("street", 8_600.0, true);
pub const DRAIN: Thing = thing("drain", 6_400.0, true);
pub const REVETMENT: Thing = thing("revetment", 15_000.0, true);
pub const UPKEEP: Thing = thing("upkeep", 900.0, true);
pub const WATER: Thing = thing("water", 1_350_000.0, false);
pub const HALL: Thing = thing("hall", 2_400_000.0, false);
pub const DAYCARE: Thing = thing("daycare", 980_000.0, false);
pub const HEALTH: Thing = thing("health", 1_100_000.0, false);
pub const COURT: Thing = thing("court", 4_700_000.0, false);
pub const BRIDGE: Thing = thing("bridge", 1_900_000.0, false);
pub const LIGHTS: Thing = thing("lights", 490_000.0, false);
pub const LATRINE: Thing = thing("latrine", 310_000.0, false);
pub const BUILDINGS: [Thing; 5] = [HALL, DAYCARE, HEALTH, COURT, BRIDGE];

/// Who pays, by the papers of this land.
pub const FUNDS: [&str; 5] = ["20% Development Fund", "General Fund", "BDF", "Trust Fund", "Loan"];
pub const NATIONAL_FUNDS: [&str; 4] = ["DPWH", "LGSF", "PRDP", "PAMANA"];

impl Abroad {
    /// The first record of a work.
    pub fn work(&mut self, place: &Place, thing: Thing) -> Record {
        let metres = length(&place.line).round();
        let money = if thing.is_line { thing.money * metres } else { thing.money };
        let shape = self.drawn(place, thing);
        let year = self.chance.between(2020, 2025) as i32;
        let title = self.title(place, thing);
        let firm = self.chance.of(&self.words.firms).clone();
        let month = self.chance.between(1, 8) as u32;
        Record {
            id: String::new(),
            title,
            #[cfg(test)]
            thing: thing.name,
            village: place.village,
            activity: None,
            year,
            funds: (*self.chance.of(&FUNDS)).to_owned(),
            budget: self.sum(money),
            volume: (thing.is_line && self.chance.likely(0.5)).then_some(metres),
            unit: "m",
            contractor: self.chance.likely(0.8).then_some(firm),
            status: "selesai",
            months: Some((month, month + 3)),
            hamlet: self.chance.likely(0.4).then(|| place.from.clone()),
            rt: None,
            rw: None,
            photos: if self.chance.likely(0.3) { vec![self.photo()] } else { Vec::new() },
            source: "",
            authority: "desa",
            accuracy_m: None,
            shape: Some(shape),
            continues: None,
            agreement: None,
            contract: self.chance.likely(0.6).then(|| format!("{year}-{:05}", self.chance.between(1, 99_999))),
            segment: None,
        }
    }

    /// The sum of a contract to the last peso, or the round ceiling of the programme.
    fn sum(&mut self, about: f64) -> i64 {
        if self.chance.likely(0.3) {
            let ceilings = [300_000, 500_000, 1_000_000, 1_500_000, 2_000_000, 2_500_000, 5_000_000, 10_000_000];
            return ceilings.into_iter().min_by_key(|one: &i64| one.abs_diff(about as i64)).unwrap_or(500_000);
        }
        (about * self.chance.range(0.82, 1.12)) as i64
    }

    pub fn photo(&mut self) -> String {
        format!("{:08x}{:08x}", self.chance.between(0, 0xffff_ffff), self.chance.between(0, 0xffff_ffff))
    }

    /// A title in one of its writings, with the barangay or the purok at times.
    pub fn title(&mut self, place: &Place, thing: Thing) -> String {
        let writing = self.chance.of(&self.words.titles[thing.name]).clone();
        let number = self.chance.between(4, 20).to_string();
        let title = writing
            .replace("{r}", &place.road)
            .replace("{a}", &place.from)
            .replace("{b}", &place.to)
            .replace("{n}", &number);
        match self.chance.between(1, 6) {
            1 => format!("{title}, Purok {}", place.purok),
            2 => title.to_uppercase(),
            _ => title,
        }
    }

    /// A road as the office draws it: walked, a straight line from end to end, or in parts; a building as a point.
    fn drawn(&mut self, place: &Place, thing: Thing) -> Shape {
        if !thing.is_line {
            let far = 0.2 + 0.6 * self.chance.share();
            let c = along(&place.line, far * length(&place.line));
            return Shape::Point(p(c.x + 14.0, c.y + 9.0));
        }
        let line = match thing.name {
            "drain" => beside(&place.line, 3.5),
            "revetment" => beside(&place.line, 25.0),
            _ => place.line.clone(),
        };
        match self.chance.between(1, 4) {
            1 => Shape::Line(straight(&line)),
            2 => Shape::Lines(in_parts(&line, self.chance.between(2, 3))),
            _ => Shape::Line(line),
        }
    }

    /// The same work as somebody else writes it down: other words, another sum but for a copied one, drawn anew.
    pub fn retold(&mut self, place: &Place, thing: Thing, first: &Record) -> Record {
        let mut second = first.clone();
        second.title = self.title(place, thing);
        second.contract = None;
        second.photos = Vec::new();
        if self.chance.likely(0.5) {
            second.budget = (first.budget as f64 * self.chance.range(0.93, 1.06)) as i64;
        }
        if self.chance.likely(0.3) {
            second.contractor = None;
        }
        second.shape = first.shape.as_ref().map(|shape| self.drawn_again(shape));
        second
    }

    /// The same line or place by another hand, some metres off.
    pub fn drawn_again(&mut self, shape: &Shape) -> Shape {
        let mut off = |c: &P, metres: f64| p(c.x + self.chance.around(metres), c.y + self.chance.around(metres));
        match shape {
            Shape::Point(c) => Shape::Point(off(c, 6.0)),
            Shape::Line(line) => Shape::Line(line.iter().map(|c| off(c, 3.0)).collect()),
            Shape::Lines(parts) => {
                Shape::Lines(parts.iter().map(|line| line.iter().map(|c| off(c, 3.0)).collect()).collect())
            }
            other => other.clone(),
        }
    }
}

/// From end to end.
pub fn straight(line: &[P]) -> Vec<P> {
    line.first().into_iter().chain(line.last()).copied().collect()
}

/// A road in pieces with gaps where it was paved before.
pub fn in_parts(line: &[P], parts: usize) -> Vec<Vec<P>> {
    let whole = length(line);
    let each = whole / parts as f64;
    (0..parts)
        .map(|n| {
            let from = each * n as f64;
            (0..=4).map(|k| along(line, from + each * 0.9 * f64::from(k) / 4.0)).collect()
        })
        .collect()
}
