//! Barangays with a hall, sitios around it, straight roads between these and streets inside them.

use super::Wordlist;
use crate::chance::Chance;
use crate::geometry::{P, p};
use crate::land::Village;

/// Side of a barangay, metres.
const SIDE_M: f64 = 4_000.0;
/// Sitios around the hall of a barangay.
const SITIOS: usize = 4;
/// Streets of a sitio, and metres between them.
const STREETS: usize = 3;
const STREET_GAP_M: f64 = 110.0;

/// A road from sitio to sitio, or a street in one, with nothing built on it yet.
#[derive(Clone)]
pub struct Place {
    pub village: usize,
    pub hall: P,
    pub from: String,
    pub to: String,
    pub road: String,
    pub purok: usize,
    pub is_street: bool,
    /// As it truly runs.
    pub line: Vec<P>,
}

/// Barangays and their places in an order of chance: so many or some more.
pub fn lay(places: usize, words: &Wordlist, chance: &mut Chance) -> (Vec<Village>, Vec<Place>) {
    let each = SITIOS + SITIOS * STREETS;
    let count = places.div_ceil(each);
    let wide = (count as f64).sqrt().ceil() as usize;
    let (mut villages, mut all) = (Vec::with_capacity(count), Vec::with_capacity(count * each));
    for at in 0..count {
        let corner = p((at % wide) as f64 * SIDE_M, (at / wide) as f64 * SIDE_M);
        let hall = p(corner.x + SIDE_M / 2.0, corner.y + SIDE_M / 2.0);
        let mut sitios: [String; SITIOS] = [const { String::new() }; SITIOS];
        for n in 0..SITIOS {
            sitios[n] = loop {
                let name = chance.of(&words.sitios);
                if !sitios.contains(name) {
                    break name.clone();
                }
            };
        }
        let centres = [(700.0, 700.0), (3_300.0, 800.0), (3_200.0, 3_300.0), (800.0, 3_200.0)]
            .map(|(x, y)| p(corner.x + x + chance.around(120.0), corner.y + y + chance.around(120.0)));
        let (district, number) = (at / 20 + 1, at % 20 + 1);
        for n in 0..SITIOS {
            let (from, to) = (centres[n], centres[(n + 1) % SITIOS]);
            let place = |road: String, purok: usize, is_street: bool, line: Vec<P>| Place {
                village: at,
                hall,
                from: sitios[n].clone(),
                to: sitios[(n + 1) % SITIOS].clone(),
                road,
                purok,
                is_street,
                line,
            };
            let road = chance.of(&words.roads).clone();
            all.push(place(road, n + 1, false, bent(from, to, 45.0, 8, chance)));
            for street in 0..STREETS {
                // Away from the middle of the barangay, so that no street runs along a road between sitios.
                let below = if n < 2 { -420.0 } else { 90.0 };
                let south = p(from.x - 120.0 + STREET_GAP_M * street as f64, from.y + below);
                let long = chance.range(140.0, 330.0);
                let road = chance.of(&words.roads).clone();
                let north = p(south.x + chance.around(12.0), south.y + long);
                all.push(place(road, n * STREETS + street + 1, true, bent(south, north, 4.0, 4, chance)));
            }
        }
        villages.push(Village {
            code: format!("98.{:02}.{:02}.20{number:02}", district / 20 + 1, district % 20 + 1),
            name: chance.of(&words.barangays).clone(),
            district: format!("Municipality {district}"),
            corner,
            office: hall,
            hamlets: sitios,
        });
    }
    for n in (1..all.len()).rev() {
        all.swap(n, chance.between(0, n));
    }
    (villages, all)
}

/// A line that bends a little to either side on its way.
fn bent(from: P, to: P, off_m: f64, corners: usize, chance: &mut Chance) -> Vec<P> {
    let mut line: Vec<P> = (0..=corners)
        .map(|n| {
            let t = n as f64 / corners as f64;
            let bend = if n == 0 || n == corners { 0.0 } else { off_m };
            p(from.x + (to.x - from.x) * t + chance.around(bend), from.y + (to.y - from.y) * t + chance.around(bend))
        })
        .collect();
    line.dedup();
    line
}
