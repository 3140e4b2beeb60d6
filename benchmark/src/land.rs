//! An invented land: villages on a bent grid, hamlets, offices, roads and lanes. It lies in the sea, so that nobody is meant.

use crate::chance::Chance;
use crate::geometry::{P, p};
use crate::words::Words;

/// Side of a village in metres.
pub const SIDE_M: f64 = 2_000.0;
/// Where the land lies: longitude, latitude of its south-west corner, degrees.
const CORNER: (f64, f64) = (116.2, -10.6);
/// Metres of a degree there, near enough for a made-up land.
const DEGREE_M: (f64, f64) = (109_400.0, 110_610.0);

/// How close roads lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Density {
    /// Hamlets far apart, roads 300 m apart.
    Sparse,
    /// Lanes 90 m apart.
    Village,
    /// Lanes 32 m apart, houses side by side.
    Town,
    /// Another country's habits and words: see `abroad`.
    Abroad,
}

impl Density {
    /// Metres between lanes.
    pub fn spacing_m(self) -> f64 {
        match self {
            Self::Sparse => 300.0,
            Self::Village | Self::Abroad => 90.0,
            Self::Town => 32.0,
        }
    }
}

pub struct Village {
    pub code: String,
    pub name: String,
    pub district: String,
    /// South-west corner.
    pub corner: P,
    pub office: P,
    pub hamlets: [String; 4],
}

/// A road with nothing built on it yet.
#[derive(Clone)]
pub struct Road {
    pub village: usize,
    pub hamlet: usize,
    pub street: String,
    pub line: Vec<P>,
    pub rt: usize,
    pub rw: usize,
    /// The village on the other side, where the road runs along the border.
    pub across: Option<usize>,
}

pub struct Land {
    pub villages: Vec<Village>,
    /// Roads inside villages, in an order of chance.
    pub roads: Vec<Road>,
    /// Roads along borders.
    pub borders: Vec<Road>,
}

impl Land {
    /// A land of so many roads or a little more.
    pub fn new(roads: usize, density: Density, words: &Words, chance: &mut Chance) -> Self {
        let lanes = ((600.0 / density.spacing_m()) as usize).max(2);
        let count = roads.div_ceil(lanes * 2 * 4).max(9);
        let wide = (count as f64).sqrt().ceil() as usize;
        let mut land = Self { villages: Vec::new(), roads: Vec::new(), borders: Vec::new() };
        for at in 0..count {
            let corner = p((at % wide) as f64 * SIDE_M, (at / wide) as f64 * SIDE_M);
            // Twins happen: names come from a short list.
            let name = chance.of(&words.villages).clone();
            let (district, number) = (at / 20 + 1, at % 20 + 1);
            let mut hamlets = [const { String::new() }; 4];
            for n in 0..4 {
                hamlets[n] = loop {
                    let name = chance.of(&words.hamlets);
                    if !hamlets.contains(name) {
                        break name.clone();
                    }
                };
            }
            land.villages.push(Village {
                code: format!("99.{:02}.{:02}.20{number:02}", district / 20 + 1, district % 20 + 1),
                name,
                district: format!("Distrik {district}"),
                corner,
                office: p(corner.x + 1_000.0 + chance.around(60.0), corner.y + 1_000.0 + chance.around(60.0)),
                hamlets,
            });
            for hamlet in 0..4 {
                land.lanes(at, hamlet, lanes, density, words, chance);
            }
        }
        for at in 0..count {
            if at % wide + 1 < wide && at + 1 < count {
                land.border(at, at + 1, words, chance);
            }
        }
        shuffle(&mut land.roads, chance);
        shuffle(&mut land.borders, chance);
        land
    }

    /// Two columns of lanes in a quarter of the village.
    fn lanes(
        &mut self,
        village: usize,
        hamlet: usize,
        lanes: usize,
        density: Density,
        words: &Words,
        chance: &mut Chance,
    ) {
        let corner = self.villages[village].corner;
        let (west, south) = ((hamlet % 2) as f64 * 1_000.0 + 150.0, (hamlet / 2) as f64 * 1_000.0 + 150.0);
        for column in 0..2 {
            for lane in 0..lanes {
                let y = corner.y + south + lane as f64 * density.spacing_m().min(600.0 / lanes as f64 * 1.0);
                let x = corner.x + west + f64::from(column) * 360.0;
                let long = chance.range(170.0, 320.0);
                let bend = density.spacing_m().min(60.0) * 0.12;
                let line = (0..=6).map(|n| p(x + long * f64::from(n) / 6.0, y + chance.around(bend))).collect();
                self.roads.push(Road {
                    village,
                    hamlet,
                    street: chance.of(&words.streets).clone(),
                    line,
                    rt: lane % 12 + 1,
                    rw: hamlet * 2 + column as usize + 1,
                    across: None,
                });
            }
        }
    }

    /// Roads along the border of two villages side by side.
    fn border(&mut self, west: usize, east: usize, words: &Words, chance: &mut Chance) {
        let corner = self.villages[east].corner;
        for part in 0..4 {
            let south = corner.y + 120.0 + f64::from(part) * 450.0;
            let long = chance.range(200.0, 340.0);
            let line = (0..=6).map(|n| p(corner.x + chance.around(4.0), south + long * f64::from(n) / 6.0)).collect();
            self.borders.push(Road {
                village: west,
                hamlet: 1,
                street: chance.of(&words.streets).clone(),
                line,
                rt: chance.between(1, 9),
                rw: 9,
                across: Some(east),
            });
        }
    }
}

fn shuffle<T>(all: &mut [T], chance: &mut Chance) {
    for n in (1..all.len()).rev() {
        all.swap(n, chance.between(0, n));
    }
}

/// Longitude and latitude of a place, degrees to 1e-7.
pub fn degrees(place: P) -> [f64; 2] {
    let round = |x: f64| (x * 1e7).round() / 1e7;
    [round(CORNER.0 + place.x / DEGREE_M.0), round(CORNER.1 + place.y / DEGREE_M.1)]
}
