//! Many of a kind, one by one.

use super::{Bears, Case, Planted};
use crate::geometry::{P, Shape, along, length, p};
use crate::world::{HOUSE, LAMP, WELL, World};

const fn case(
    name: &'static str,
    kind: &'static str,
    line: &'static str,
    share: usize,
    plant: fn(&mut World) -> Planted,
) -> Case {
    Case { name, label: "distinct", kind, line, share, bears: Bears::Words, plant }
}

pub const CASES: &[Case] = &[
    case("house_next_door", "sibling", "houses (RTLH) one by one in a street", 4, house_next_door),
    case("next_lamp", "sibling", "lamps (PJU) one by one in a street", 4, next_lamp),
    case("many_points", "sibling", "one parent activity with many points, 20 PJU", 2, many_points),
    case("wells", "sibling", "12 sumur bor, one by one", 2, wells),
];

fn house_next_door(world: &mut World) -> Planted {
    let road = world.road();
    let owner = world.chance.of(&world.words.owners).clone();
    let other = world.chance.other(&world.words.owners, &owner).clone();
    let mut first = world.work(&road, HOUSE);
    let mut second = world.again(&road, HOUSE, &first);
    first.title = world.title(HOUSE, &road, Some(&owner));
    second.title = world.title(HOUSE, &road, Some(&other));
    let gap =
        if world.density.spacing_m() < 50.0 { world.chance.range(8.0, 14.0) } else { world.chance.range(12.0, 40.0) };
    let at = length(&road.line) * 0.4;
    first.shape = Some(Shape::Point(along(&road.line, at)));
    second.shape = Some(Shape::Point(along(&road.line, at + gap)));
    Planted::new(first, second)
}

fn next_lamp(world: &mut World) -> Planted {
    let road = world.road();
    let mut first = world.work(&road, LAMP);
    let mut second = world.again(&road, LAMP, &first);
    let n = world.chance.between(1, 18);
    let writings =
        ["PJU jalan {s} tiang {n}", "Pemasangan PJU Jl. {s} titik {n}", "Lampu penerangan jalan {s} tiang {n}"];
    let writing = *world.chance.of(&writings);
    let title = |n: usize| writing.replace("{s}", &road.street).replace("{n}", &n.to_string());
    first.title = title(n);
    second.title = title(n + 1);
    let at = length(&road.line) * 0.3;
    first.shape = Some(Shape::Point(along(&road.line, at)));
    second.shape = Some(Shape::Point(along(&road.line, at + world.chance.range(28.0, 45.0))));
    Planted::new(first, second)
}

fn many_points(world: &mut World) -> Planted {
    let road = world.road();
    let (mut first, whole) = (world.work(&road, LAMP), length(&road.line));
    let mut second = world.again(&road, LAMP, &first);
    let row = |from: f64, side: f64| -> Vec<P> {
        (0..20)
            .map(|n| {
                let c = along(&road.line, from + whole * 0.45 * f64::from(n) / 20.0);
                p(c.x, c.y + side)
            })
            .collect()
    };
    first.shape = Some(Shape::Points(row(0.0, 0.0)));
    second.shape = Some(Shape::Points(row(whole * 0.55, 0.0)));
    first.title = format!("PJU 20 titik jalan {} bagian barat", road.street);
    second.title = format!("PJU 20 titik jalan {} bagian timur", road.street);
    for record in [&mut first, &mut second] {
        record.volume = Some(20.0);
        record.budget = 90_000_000;
    }
    second.year = first.year + 1;
    Planted::new(first, second)
}

fn wells(world: &mut World) -> Planted {
    let road = world.road();
    let mut first = world.work(&road, WELL);
    let mut second = world.again(&road, WELL, &first);
    let hamlet = first.hamlet.clone().unwrap_or_default();
    first.title = format!("Sumur bor titik 1 Dusun {hamlet}");
    second.title = format!("Sumur bor titik 2 Dusun {hamlet}");
    let at = length(&road.line) * 0.3;
    first.shape = Some(Shape::Point(along(&road.line, at)));
    second.shape = Some(Shape::Point(along(&road.line, at + world.chance.range(40.0, 90.0))));
    Planted::new(first, second)
}
