//! Works that are just there: all of them different works, so that any two that an engine takes for one are its mistake.
//!
//! A road has up to three works. Two on one road are of different things (its surface, its drain, a well beside it), or they
//! lie on stretches that are 40 m apart.

use crate::geometry::{Shape, along, length};
use crate::land::Road;
use crate::world::{HALL, Kind, POST, STREET_LINES, TOILET, WELL, World};

/// Adds about so many works.
pub fn fill(world: &mut World, works: usize) {
    let mut left = works;
    while left > 0 {
        let road = world.road();
        let many = world.chance.between(1, 3).min(left);
        let mut things: Vec<Kind> = Vec::new();
        for n in 0..many {
            let kind = if world.chance.likely(0.7) {
                *world.chance.of(&STREET_LINES)
            } else {
                *world.chance.of(&[WELL, TOILET, POST, HALL])
            };
            // A lane is paved or a road is laid, never both in one place.
            let surface = |kind: &Kind| matches!(kind.name, "road" | "paving");
            if things.iter().any(|other| *other == kind || (surface(other) && surface(&kind))) {
                continue;
            }
            things.push(kind);
            add(world, &road, kind, n);
        }
        left = left.saturating_sub(many);
    }
}

fn add(world: &mut World, road: &Road, kind: Kind, n: usize) {
    let mut record = world.work(road, kind);
    let whole = length(&road.line);
    if kind.is_line {
        let long = world.chance.range(0.45, 0.95);
        let from = world.chance.range(0.0, 1.0 - long);
        let side = if world.chance.one_in(2) { 1.0 } else { -1.0 };
        record.shape = Some(match kind.name {
            "drain" => world.edge(road, 3.0 * side),
            "wall" => world.edge(road, 4.5 * side),
            _ => world.stretch(road, from, from + long),
        });
    } else {
        // Places of their own: no two single things of one road within some 30 m.
        let place = along(&road.line, whole * (0.15 + 0.3 * n as f64));
        record.shape = Some(Shape::Point(place));
    }
    if world.chance.one_in(12) {
        record.contractor = None;
        record.volume = None;
    }
    if world.chance.one_in(25) {
        record.title = record.title.to_uppercase();
    }
    world.keep(record);
}
