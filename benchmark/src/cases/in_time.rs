//! The same place again, lawfully.

use super::{Bears, Case, Planted};
use crate::world::{BRIDGE, DRAIN, LINES, PAVING, ROAD, UPKEEP, World};

const fn case(
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    line: &'static str,
    share: usize,
    plant: fn(&mut World) -> Planted,
) -> Case {
    Case { name, label, kind, line, share, bears: Bears::Words, plant }
}

pub const CASES: &[Case] = &[
    case("next_phase", "continuation", "continuation", "tahap/lanjutan in a later year", 4, next_phase),
    case(
        "phase_whole_road_drawn",
        "continuation",
        "continuation",
        "tahap/lanjutan in a later year, the whole road drawn both times",
        3,
        whole_drawn,
    ),
    case("carried_over", "continuation", "continuation", "DPAL carry-over", 2, carried_over),
    case("retender", "retender", "retender", "re-tender after failure, first one cancelled", 4, retender),
    case("upkeep", "distinct", "maintenance", "upkeep after building", 4, upkeep),
    case("budget_revision", "distinct", "revision", "PAK revision of one activity", 3, revision),
    case(
        "agreed_bridge",
        "distinct",
        "co_funded",
        "border bridge paid by two villages under an agreement, BKAD",
        2,
        bridge,
    ),
];

fn next_phase(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, PAVING, DRAIN]));
    let mut first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    let roman = world.chance.one_in(2);
    first.title = format!("{} {}", first.title, if roman { "Tahap I" } else { "tahap 1" });
    second.title = format!("{} {}", second.title, if roman { "Tahap II" } else { "tahap 2" });
    first.shape = Some(world.stretch(&road, 0.0, 0.5));
    second.shape = Some(world.stretch(&road, 0.5, 1.0));
    second.year = first.year + 1;
    Planted::new(first, second)
}

fn whole_drawn(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, PAVING]));
    let first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    second.title = format!("Lanjutan {}", second.title);
    second.year = first.year + 1;
    Planted::new(first, second)
}

fn carried_over(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&LINES));
    let first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    second.title = format!("Lanjutan {} (DPAL {})", first.title, first.year);
    second.year = first.year + 1;
    second.funds = "SiLPA DD".to_owned();
    Planted::new(first, second)
}

fn retender(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&LINES));
    let mut first = world.work(&road, kind);
    let second = world.again(&road, kind, &first);
    first.status = *world.chance.of(&["gagal tender", "batal"]);
    Planted::new(first, second)
}

fn upkeep(world: &mut World) -> Planted {
    let road = world.road();
    let first = world.work(&road, ROAD);
    let mut second = world.work(&road, UPKEEP);
    second.year = first.year + world.chance.between(1, 3) as i32;
    Planted::new(first, second)
}

fn revision(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&LINES));
    let first = world.work(&road, kind);
    let mut second = first.clone();
    second.title = format!("{} {}", first.title, world.chance.of(&["(PAK)", "(Perubahan)", "P-APBDes"]));
    second.budget = (first.budget as f64 * world.chance.range(1.02, 1.2) / 100_000.0).round() as i64 * 100_000;
    Planted::new(first, second)
}

fn bridge(world: &mut World) -> Planted {
    let road = world.border();
    let mut first = world.work(&road, BRIDGE);
    let mut second = world.again(&road, BRIDGE, &first);
    let number = format!("BKAD/{:03}/{}", world.chance.between(1, 400), first.year);
    second.village = road.across.unwrap_or(road.village);
    for record in [&mut first, &mut second] {
        record.agreement = Some(number.clone());
        record.hamlet = None;
    }
    Planted::new(first, second)
}
