//! One work, or a part of it, recorded or paid twice.

use super::{Bears, Case, Planted};
use crate::geometry::{Shape, strip};
use crate::world::{
    ASPHALT, DRAIN, HARDENING, HOUSE, LINES, OTHER_FUNDS, OWN_FUNDS, PAVING, ROAD, SEWER, SINGLES, STREET_LINES, WALL,
    World,
};

const fn case(
    name: &'static str,
    kind: &'static str,
    line: &'static str,
    share: usize,
    bears: Bears,
    plant: fn(&mut World) -> Planted,
) -> Case {
    Case { name, label: "duplicate", kind, line, share, bears, plant }
}

pub const CASES: &[Case] = &[
    case(
        "typed_twice",
        "double_entry",
        "one activity imported or typed twice by two officers",
        4,
        Bears::All,
        typed_twice,
    ),
    case(
        "single_typed_twice",
        "double_entry",
        "one activity imported or typed twice by two officers",
        3,
        Bears::All,
        single_typed_twice,
    ),
    case("two_funds", "double_funding", "DD and BK on the same metres of a road", 4, Bears::All, two_funds),
    case(
        "two_funds_in_part",
        "double_funding",
        "DD and BK on the same metres of a road",
        2,
        Bears::Places,
        two_funds_in_part,
    ),
    case(
        "two_codes",
        "double_funding",
        "the same ditch under 02.03.14 and 02.04.13 from two funds",
        3,
        Bears::Places,
        two_codes,
    ),
    case(
        "house_within_a_year",
        "double_funding",
        "house repaired by BSPS and by RTLH: within a year",
        2,
        Bears::Words,
        |w| house(w, 0..=1),
    ),
    case(
        "house_within_ten_years",
        "repeat_work",
        "house repaired by BSPS and by RTLH within 10 years",
        2,
        Bears::Words,
        |w| house(w, 2..=6),
    ),
    case(
        "border_road",
        "cross_village",
        "two villages each claiming the whole of one border road",
        4,
        Bears::Places,
        border_road,
    ),
    case(
        "packages_sharing_metres",
        "split_package",
        "one work cut in packages that share metres",
        3,
        Bears::Words,
        packages,
    ),
    case("renamed_next_year", "repeat_work", "renamed work next year at the same place", 4, Bears::Places, renamed),
    case(
        "asphalt_over_hardening",
        "repeat_work",
        "DD hardening, then the works office's asphalt over it weeks later",
        3,
        Bears::Words,
        asphalt,
    ),
    case(
        "one_at_the_office",
        "double_entry",
        "one activity typed twice, one of them with the coordinate of the office",
        2,
        Bears::Words,
        at_office,
    ),
    case(
        "area_over_line",
        "double_entry",
        "one activity typed twice, once as a line and once as an area",
        2,
        Bears::Words,
        area_over_line,
    ),
];

fn typed_twice(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&LINES));
    let first = world.work(&road, kind);
    let second = world.again(&road, kind, &first);
    Planted::new(first, second)
}

fn single_typed_twice(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&SINGLES[..5]));
    let mut first = world.work(&road, kind);
    first.accuracy_m = Some(world.chance.range(3.0, 8.0).round());
    let second = world.again(&road, kind, &first);
    Planted::new(first, second)
}

fn two_funds(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&LINES));
    let mut first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    first.funds = "DD".to_owned();
    second.funds = (*world.chance.of(&OTHER_FUNDS)).to_owned();
    second.contractor =
        Some(world.chance.other(&world.words.firms, first.contractor.as_ref().unwrap_or(&String::new())).clone());
    Planted::new(first, second)
}

fn two_funds_in_part(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, PAVING, DRAIN]));
    let mut first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    let from = world.chance.range(0.0, 0.35);
    second.shape = Some(world.stretch(&road, from, from + 0.62));
    first.funds = "DD".to_owned();
    second.funds = "BKK".to_owned();
    second.budget = first.budget * 6 / 10;
    second.volume = first.volume.map(|metres| (metres * 0.62).round());
    Planted::new(first, second)
}

fn two_codes(world: &mut World) -> Planted {
    let road = world.road();
    let mut first = world.work(&road, DRAIN);
    first.shape = Some(world.edge(&road, 3.0));
    let mut second = world.again(&road, DRAIN, &first);
    (first.funds, second.funds) = ("DD".to_owned(), "BKK".to_owned());
    second.activity = Some(*world.chance.of(&["02.04.13", SEWER.activity]));
    Planted::new(first, second)
}

fn house(world: &mut World, years: std::ops::RangeInclusive<usize>) -> Planted {
    let road = world.road();
    let owner = world.chance.of(&world.words.owners).clone();
    let mut first = world.work(&road, HOUSE);
    let mut second = world.again(&road, HOUSE, &first);
    first.title = world.title(HOUSE, &road, Some(&owner));
    second.title = world.title(HOUSE, &road, Some(&owner));
    first.funds = "APBN BSPS".to_owned();
    second.funds = (*world.chance.of(&OWN_FUNDS)).to_owned();
    first.year = 2019;
    second.year = 2019 + world.chance.between(*years.start(), *years.end()) as i32;
    first.authority = "pusat";
    Planted::new(first, second)
}

fn border_road(world: &mut World) -> Planted {
    let (road, kind) = (world.border(), *world.chance.of(&[ROAD, PAVING]));
    let mut first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    if let Some(across) = road.across {
        second.village = across;
        let (here, there) = (world.village_name(road.village), world.village_name(across));
        first.title = format!("{} perbatasan {there}", world.title(kind, &road, None));
        second.title = format!("{} batas desa {here}", world.title(kind, &road, None));
        let hamlets = world.land.villages[across].hamlets.clone();
        second.hamlet = Some(world.chance.of(&hamlets).clone());
        // Hamlets of the title are those of the first village.
        second.title =
            second.title.split(" Dus").next().unwrap_or_default().split(" Dsn").next().unwrap_or_default().to_owned();
        second.title =
            second.title.split(" RT").next().unwrap_or_default().split(" Rt").next().unwrap_or_default().to_owned();
        second.title = format!("{} batas desa {here}", second.title.trim_end_matches(&format!(" batas desa {here}")));
    }
    Planted::new(first, second)
}

fn packages(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, PAVING]));
    let mut first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    let short = kind.name == "paving";
    let name = if short { "Paving gang" } else { "Rabat beton jalan" };
    first.title = format!("{name} {} paket 1", road.street);
    second.title = format!("{name} {} paket 2", road.street);
    first.shape = Some(world.stretch(&road, 0.0, 0.68));
    second.shape = Some(world.stretch(&road, 0.34, 1.0));
    for record in [&mut first, &mut second] {
        record.budget = record.budget * 2 / 3;
        record.volume = record.volume.map(|metres| (metres * 0.67).round());
    }
    Planted::new(first, second)
}

fn renamed(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&STREET_LINES));
    let mut first = world.work(&road, kind);
    first.funds = "DD".to_owned();
    let mut second = world.again(&road, kind, &first);
    second.year = first.year + 1;
    if kind == WALL {
        first.title = format!("Dinding penahan jalan {}", road.street);
    }
    Planted::new(first, second)
}

fn asphalt(world: &mut World) -> Planted {
    let road = world.road();
    let mut first = world.work(&road, HARDENING);
    first.funds = "DD".to_owned();
    first.months = Some((3, 5));
    let mut second = world.work(&road, ASPHALT);
    second.shape = first.shape.clone().map(|shape| match shape {
        Shape::Line(line) => Shape::Line(crate::geometry::redrawn(&line, 1.5, &mut world.chance)),
        other => other,
    });
    second.year = first.year;
    second.months = Some((6, 9));
    second.funds = "APBD".to_owned();
    second.authority = "dinas";
    Planted::new(first, second)
}

fn at_office(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, PAVING, DRAIN]));
    let first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    let office = world.land.villages[road.village].office;
    second.shape = Some(Shape::Point(office));
    second.source = "kantor desa";
    second.budget = first.budget;
    Planted::new(first, second)
}

fn area_over_line(world: &mut World) -> Planted {
    let (road, kind) = (world.road(), *world.chance.of(&[ROAD, PAVING]));
    let first = world.work(&road, kind);
    let mut second = world.again(&road, kind, &first);
    second.shape = Some(Shape::Area(strip(&road.line, 2.5)));
    second.source = "gambar di peta";
    Planted::new(first, second)
}
