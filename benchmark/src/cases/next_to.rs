//! Next to each other, not on each other.

use super::{Bears, Case, Planted};
use crate::geometry::{Shape, along, length, p};
use crate::world::{DRAIN, PAVING, ROAD, WALL, World};

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
    case("next_segment", "adjoining", "next segment with a shared end point", 4, next_segment),
    case("left_and_right", "adjoining", "left and right side", 4, left_and_right),
    case("two_funds_disjoint_sta", "adjoining", "two funds on disjoint STA", 3, disjoint_sta),
    case("packages_apart", "", "one work cut in packages without shared metres: at most review", 2, packages_apart),
    case("rt_next_door", "", "neighbours: another RT", 3, rt_next_door),
    case("numbered_lanes", "", "neighbours: numbered lanes, 10 is not 10 A", 3, numbered_lanes),
    case("road_and_drain", "companion", "a road and its drain", 3, |w| companion(w, DRAIN)),
    case("road_and_wall", "companion", "a road and its TPT", 2, |w| companion(w, WALL)),
    case("crossing", "", "crossing roads", 3, crossing),
];

fn next_segment(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, PAVING, DRAIN]));
    let mut first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    let at = world.chance.range(0.4, 0.6);
    first.shape = Some(world.stretch(&road, 0.0, at));
    second.shape = Some(world.stretch(&road, at, 1.0));
    Planted::new(first, second)
}

fn left_and_right(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[DRAIN, WALL]));
    let mut first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    let side = world.chance.range(3.0, 4.0);
    first.shape = Some(world.edge(&road, side));
    second.shape = Some(world.edge(&road, -side));
    let (left, right) =
        *world.chance.of(&[("sisi kiri", "sisi kanan"), ("sebelah kiri", "sebelah kanan"), ("kiri", "kanan")]);
    first.title = format!("{} {left}", first.title);
    second.title = format!("{} {right}", second.title);
    Planted::new(first, second)
}

fn disjoint_sta(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, DRAIN]));
    let mut first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    let whole = length(&road.line).floor();
    let half = (whole / 2.0).floor();
    first.title = format!("{} STA 0+000 - 0+{half:03.0}", first.title);
    second.title = format!("{} STA 0+{half:03.0} - 0+{whole:03.0}", second.title);
    first.segment = Some((0.0, half));
    second.segment = Some((half, whole));
    first.shape = Some(world.stretch(&road, 0.0, 0.5));
    second.shape = Some(world.stretch(&road, 0.5, 1.0));
    (first.funds, second.funds) = ("DD".to_owned(), "BKK".to_owned());
    Planted::new(first, second)
}

fn packages_apart(world: &mut World) -> Planted {
    let road = world.road();
    let mut first = world.work(&road, ROAD);
    let mut second = world.again(&road, ROAD, &first);
    first.title = format!("Rabat beton jalan {} paket 1", road.street);
    second.title = format!("Rabat beton jalan {} paket 2", road.street);
    first.shape = Some(world.stretch(&road, 0.0, 0.48));
    second.shape = Some(world.stretch(&road, 0.52, 1.0));
    Planted::new(first, second)
}

fn rt_next_door(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, PAVING, DRAIN]));
    let mut first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    let hamlet = first.hamlet.clone().unwrap_or_default();
    let name = if kind == PAVING {
        "Paving jalan lingkungan"
    } else if kind == ROAD {
        "Rabat jalan lingkungan"
    } else {
        "Drainase lingkungan"
    };
    first.title = format!("{name} RT {:02} RW {:02} Dusun {hamlet}", road.rt, road.rw);
    second.title = format!("{name} RT {:02} RW {:02} Dusun {hamlet}", road.rt + 1, road.rw);
    first.shape = Some(world.stretch(&road, 0.0, 0.45));
    second.shape = Some(world.stretch(&road, 0.55, 1.0));
    Planted::new(first, second)
}

fn numbered_lanes(world: &mut World) -> Planted {
    let road = world.road();
    let mut first = world.work(&road, PAVING);
    let mut second = world.again(&road, PAVING, &first);
    let n = world.chance.between(1, 14);
    let (a, b) = *world.chance.of(&[(0, 1), (0, 2)]);
    let number = |by: usize| if by == 2 { format!("{n} A") } else { (n + by).to_string() };
    first.title = format!("Pavingisasi Gang {}", number(a));
    second.title = format!("Paving gg. {}", number(b));
    // Two lanes off one street, side by side.
    let gap = world.density.spacing_m().clamp(14.0, 40.0);
    let base = along(&road.line, 40.0);
    let lane = |x: f64| Shape::Line((0..=3).map(|k| p(base.x + x, base.y + f64::from(k) * 22.0)).collect());
    first.shape = Some(lane(0.0));
    second.shape = Some(lane(gap));
    for record in [&mut first, &mut second] {
        record.volume = Some(66.0);
        record.budget = 28_400_000;
    }
    Planted::new(first, second)
}

fn companion(world: &mut World, along_it: crate::world::Kind) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, PAVING]));
    let first = world.work(&road, kind);
    let mut second = world.work(&road, along_it);
    second.year = first.year;
    second.funds.clone_from(&first.funds);
    let side = world.chance.range(2.0, 4.0);
    second.shape = Some(world.edge(&road, side));
    Planted::new(first, second)
}

fn crossing(world: &mut World) -> Planted {
    let road = world.road();
    let mut other = road.clone();
    other.street = world.chance.other(&world.words.streets, &road.street).clone();
    let middle = along(&road.line, length(&road.line) / 2.0);
    let half = world.density.spacing_m().clamp(60.0, 110.0) * 0.45;
    other.line =
        (0..=4).map(|n| p(middle.x + f64::from(n) * 2.0 - 4.0, middle.y - half + f64::from(n) * half / 2.0)).collect();
    let first = world.work(&road, ROAD);
    let mut second = world.work(&other, ROAD);
    second.year = first.year;
    Planted::new(first, second)
}
