//! Alike by name or by coordinate, and something else.

use super::{Bears, Case, Planted};
use crate::geometry::{Shape, along, length, p};
use crate::world::{HALL, LINES, PAVING, POST, ROAD, SINGLES, TOILET, WELL, World};

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
    case("same_name_far_apart", "unrelated", "same name in two dusun far apart", 3, far_apart),
    case("twin_villages", "unrelated", "twin village names", 2, twins),
    case("other_work_at_one_place", "", "other work at one place", 3, other_work),
    case("pasted_coordinate", "", "copied coordinates with different names", 3, pasted),
    case("stacked_at_the_office", "", "copied coordinates with different names: the village office", 3, stacked),
    case("boiler_plate", "unrelated", "boiler-plate titles in many villages", 3, boiler_plate),
];

/// Two roads of one name in two hamlets of one village.
fn far_apart(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, PAVING]));
    let mut there = road.clone();
    // 700 m on: the next quarter of the village.
    let step = if road.hamlet % 2 == 0 { 1_000.0 } else { -1_000.0 };
    there.hamlet = road.hamlet ^ 1;
    there.line = road.line.iter().map(|c| p(c.x + step, c.y + 40.0)).collect();
    let first = world.work(&road, kind);
    let mut second = world.work(&there, kind);
    let name = if kind == PAVING { "Paving gang" } else { "Rabat beton jalan" };
    let mut first = first;
    first.title = format!("{name} {} Dusun {}", road.street, first.hamlet.clone().unwrap_or_default());
    second.title = format!("{name} {} Dusun {}", road.street, second.hamlet.clone().unwrap_or_default());
    second.year = first.year;
    Planted::new(first, second)
}

fn twins(world: &mut World) -> Planted {
    let (road, mut there, kind) = (world.road(), world.road(), *world.chance.of(&LINES));
    there.street.clone_from(&road.street);
    if there.village == road.village {
        // Another village's road is not at hand: another name keeps the two apart.
        there.street = world.chance.other(&world.words.streets, &road.street).clone();
    }
    let first = world.work(&road, kind);
    let mut second = world.work(&there, kind);
    second.year = first.year;
    Planted::new(first, second)
}

fn other_work(world: &mut World) -> Planted {
    let road = world.road();
    let one = *world.chance.of(&[WELL, TOILET, POST]);
    let two = *world.chance.other(&[WELL, TOILET, POST, HALL], &one);
    let first = world.work(&road, one);
    let mut second = world.work(&road, two);
    if let Some(Shape::Point(c)) = &first.shape {
        second.shape = Some(Shape::Point(p(c.x + world.chance.around(3.0), c.y + world.chance.around(3.0))));
    }
    Planted::new(first, second)
}

fn pasted(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, PAVING]));
    let mut other = road.clone();
    other.street = world.chance.other(&world.words.streets, &road.street).clone();
    other.rt = road.rt + 2;
    let mut first = world.work(&road, kind);
    let mut second = world.work(&other, kind);
    let place = along(&road.line, length(&road.line) / 2.0);
    for (record, street, rt) in [(&mut first, &road.street, road.rt), (&mut second, &other.street, other.rt)] {
        let name = if kind == PAVING { "Paving gang" } else { "Rabat beton jalan" };
        record.title = format!("{name} {street} RT {rt:02}");
        record.shape = Some(Shape::Point(place));
    }
    second.year = first.year;
    Planted::new(first, second)
}

fn stacked(world: &mut World) -> Planted {
    let (road, kind, other_kind) = (world.road(), *world.chance.of(&LINES), *world.chance.of(&SINGLES[..4]));
    let office = world.land.villages[road.village].office;
    let mut first = world.work(&road, kind);
    let mut second = world.work(&road, other_kind);
    for record in [&mut first, &mut second] {
        record.shape = Some(Shape::Point(office));
        record.source = "kantor desa";
    }
    second.year = first.year;
    Planted::new(first, second)
}

fn boiler_plate(world: &mut World) -> Planted {
    let (road, mut there) = (world.road(), world.road());
    for _ in 0..20 {
        if there.village != road.village {
            break;
        }
        there = world.road();
    }
    let title = *world.chance.of(&[
        "Penyelenggaraan Posyandu",
        "Operasional Posyandu Balita",
        "Pemeliharaan gedung balai desa",
        "Pembangunan pos kamling",
    ]);
    let mut first = world.work(&road, POST);
    let mut second = world.work(&there, POST);
    first.title = title.to_owned();
    second.title = title.to_owned();
    second.year = first.year;
    second.budget = first.budget;
    Planted::new(first, second)
}
