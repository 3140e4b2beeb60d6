//! Planted pairs of this land.

use super::Abroad;
use super::write::{
    BUILDINGS, DAYCARE, DRAIN, FARM_ROAD, HALL, HEALTH, LATRINE, LIGHTS, NATIONAL_FUNDS, REVETMENT, STREET, Thing,
    UPKEEP, WATER, in_parts, straight,
};
use crate::geometry::{P, Shape, along, beside, cut, length, p};
use crate::record::Record;

/// A kind of case; see [`crate::cases::Case`].
pub struct Case {
    pub name: &'static str,
    pub label: &'static str,
    pub kind: &'static str,
    pub line: &'static str,
    pub share: usize,
    pub plant: fn(&mut Abroad) -> [Record; 2],
}

const fn case(
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    line: &'static str,
    share: usize,
    plant: fn(&mut Abroad) -> [Record; 2],
) -> Case {
    Case { name, label, kind, line, share, plant }
}

const TWICE: &str = "duplicate";
const OTHER: &str = "distinct";

pub const CASES: &[Case] = &[
    case("road_typed_twice", TWICE, "double_entry", "a road entered twice, drawn by two hands", 5, road_typed_twice),
    case("building_typed_twice", TWICE, "double_entry", "a building entered twice, some metres apart", 5, building),
    case("row_copied", TWICE, "double_entry", "a row copied with its geometry and reworded", 4, row_copied),
    case("at_the_hall", TWICE, "double_entry", "one of two entries has the coordinate of the hall", 4, at_the_hall),
    case("one_contract", TWICE, "double_entry", "one contract number under two titles", 3, one_contract),
    case("without_place", TWICE, "double_entry", "entered twice, one without any place", 3, without_place),
    case("point_and_line", TWICE, "double_entry", "a road once as a line, once as a point on it", 3, point_and_line),
    case("two_funds", TWICE, "double_funding", "municipal and national money on one road", 5, two_funds),
    case(
        "straight_and_walked",
        TWICE,
        "double_funding",
        "one road walked by one office and drawn straight",
        3,
        straight_walked,
    ),
    case("parts_of_a_road", TWICE, "double_funding", "some parts of a road paid again", 4, parts_of_a_road),
    case("again_next_year", TWICE, "repeat_work", "the same road again a year later", 3, again_next_year),
    case("one_photo", TWICE, "", "two entries with the same photo of one work", 2, one_photo),
    case("pasted_from_the_row_above", OTHER, "", "another work with the coordinate of the row above", 5, pasted),
    case("line_pasted", OTHER, "", "another work with the line of the row above", 4, line_pasted),
    case("both_at_the_hall", OTHER, "", "two works on the coordinate of the hall", 4, both_at_the_hall),
    case("next_stations", OTHER, "", "next stations of one road, drawn whole both times", 4, next_stations),
    case("road_and_canal", OTHER, "companion", "a road and its canal", 3, road_and_canal),
    case("next_purok", OTHER, "", "the same in another purok", 4, next_purok),
    case("packages", OTHER, "", "packages of one purchase", 3, packages),
    case("standard_units", OTHER, "", "things of one ceiling in one barangay", 4, standard_units),
    case("other_barangay", OTHER, "", "one title in two barangays", 3, other_barangay),
    case("next_street", OTHER, "", "the next street of a sitio", 4, next_street),
    case("next_building", OTHER, "", "another building beside one", 3, next_building),
    case("next_phase", "continuation", "continuation", "a phase, a completion of another year", 5, next_phase),
    case("rebid", "retender", "retender", "bid again after a failure", 3, rebid),
    case("upkeep", OTHER, "maintenance", "upkeep after building", 3, upkeep),
    case("nothing_said", "unclear", "", "what facts cannot decide", 2, nothing_said),
];

fn road_of(abroad: &mut Abroad) -> (super::land::Place, Thing) {
    let place = abroad.place();
    let thing = match (place.is_street, abroad.chance.between(1, 3)) {
        (false, _) => FARM_ROAD,
        (true, 1) => DRAIN,
        (true, _) => STREET,
    };
    (place, thing)
}

fn road_typed_twice(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = road_of(abroad);
    let first = abroad.work(&place, thing);
    let second = abroad.retold(&place, thing, &first);
    [first, second]
}

fn building(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = (abroad.place(), *abroad.chance.of(&BUILDINGS));
    let first = abroad.work(&place, thing);
    let mut second = abroad.retold(&place, thing, &first);
    if abroad.chance.likely(0.4) {
        // The other corner of the lot, by another telephone.
        second.budget = first.budget;
        if let Some(Shape::Point(c)) = first.shape {
            second.shape =
                Some(Shape::Point(p(c.x + abroad.chance.range(12.0, 30.0), c.y + abroad.chance.around(12.0))));
        }
    }
    [first, second]
}

fn row_copied(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = road_of(abroad);
    let first = abroad.work(&place, thing);
    let mut second = first.clone();
    second.title = abroad.title(&place, thing);
    second.contract = None;
    second.photos = Vec::new();
    [first, second]
}

fn at_the_hall(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = road_of(abroad);
    let first = abroad.work(&place, thing);
    let mut second = abroad.retold(&place, thing, &first);
    second.shape = Some(Shape::Point(place.hall));
    second.budget = first.budget;
    [first, second]
}

fn one_contract(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = road_of(abroad);
    let mut first = abroad.work(&place, thing);
    first.contract = Some(format!("{}-IB-{:04}", first.year, abroad.chance.between(1, 9_999)));
    let mut second = abroad.retold(&place, thing, &first);
    second.contract.clone_from(&first.contract);
    second.budget = first.budget;
    if abroad.chance.one_in(2) {
        second.shape = Some(Shape::Point(place.hall));
    }
    [first, second]
}

fn without_place(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = road_of(abroad);
    let first = abroad.work(&place, thing);
    let mut second = abroad.retold(&place, thing, &first);
    second.shape = None;
    second.budget = first.budget;
    [first, second]
}

fn point_and_line(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = road_of(abroad);
    let mut first = abroad.work(&place, thing);
    first.shape = Some(Shape::Line(place.line.clone()));
    let mut second = abroad.retold(&place, thing, &first);
    let c = along(&place.line, length(&place.line) * abroad.chance.range(0.1, 0.9));
    second.shape = Some(Shape::Point(p(c.x + abroad.chance.around(4.0), c.y + abroad.chance.around(4.0))));
    [first, second]
}

fn two_funds(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = road_of(abroad);
    let first = abroad.work(&place, thing);
    let mut second = abroad.retold(&place, thing, &first);
    second.funds = (*abroad.chance.of(&NATIONAL_FUNDS)).to_owned();
    second.contractor = None;
    [first, second]
}

fn straight_walked(abroad: &mut Abroad) -> [Record; 2] {
    // Short enough for the bends to stay within what a straight line may be off.
    let mut place = abroad.place();
    while !place.is_street {
        place = abroad.place();
    }
    let mut first = abroad.work(&place, STREET);
    first.shape = Some(Shape::Line(place.line.clone()));
    let mut second = abroad.retold(&place, STREET, &first);
    second.shape = Some(Shape::Line(straight(&place.line)));
    second.funds = (*abroad.chance.of(&NATIONAL_FUNDS)).to_owned();
    [first, second]
}

fn parts_of_a_road(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = road_of(abroad);
    let mut first = abroad.work(&place, thing);
    let line = if thing == DRAIN { beside(&place.line, 3.5) } else { place.line.clone() };
    let parts = in_parts(&line, 3);
    let mut second = abroad.retold(&place, thing, &first);
    let paid = abroad.chance.between(1, 2);
    second.shape = Some(abroad.drawn_again(&Shape::Lines(parts[..paid].to_vec())));
    first.shape = Some(Shape::Lines(parts));
    second.budget = first.budget * paid as i64 / 3;
    second.volume = first.volume.map(|metres| (metres * paid as f64 / 3.0).round());
    second.funds = (*abroad.chance.of(&NATIONAL_FUNDS)).to_owned();
    [first, second]
}

fn again_next_year(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = road_of(abroad);
    let first = abroad.work(&place, thing);
    let mut second = abroad.retold(&place, thing, &first);
    second.year += 1;
    [first, second]
}

fn one_photo(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = (abroad.place(), *abroad.chance.of(&BUILDINGS));
    let mut first = abroad.work(&place, thing);
    let mut second = abroad.retold(&place, thing, &first);
    first.photos = vec![abroad.photo(), abroad.photo()];
    second.photos = vec![first.photos[0].clone()];
    if let Some(Shape::Point(c)) = first.shape {
        second.shape = Some(Shape::Point(p(c.x + abroad.chance.range(60.0, 180.0), c.y)));
    }
    [first, second]
}

fn pasted(abroad: &mut Abroad) -> [Record; 2] {
    let (place, one) = (abroad.place(), *abroad.chance.of(&BUILDINGS));
    let other = *abroad.chance.other(&BUILDINGS, &one);
    let first = abroad.work(&place, one);
    let mut second = abroad.work(&place, other);
    second.shape.clone_from(&first.shape);
    second.year = first.year;
    [first, second]
}

fn line_pasted(abroad: &mut Abroad) -> [Record; 2] {
    let (place, there) = (abroad.place(), abroad.place());
    let thing = if place.is_street { STREET } else { FARM_ROAD };
    let mut other = there.clone();
    other.village = place.village;
    // Another name, or it would be the same work.
    while other.road == place.road {
        other.road = abroad.chance.of(&abroad.words.roads).clone();
    }
    while [&place.from, &place.to].contains(&&other.from) {
        other.from = abroad.chance.of(&abroad.words.sitios).clone();
    }
    while [&place.from, &place.to, &other.from].contains(&&other.to) {
        other.to = abroad.chance.of(&abroad.words.sitios).clone();
    }
    let first = abroad.work(&place, thing);
    let mut second = abroad.work(&other, thing);
    second.shape.clone_from(&first.shape);
    second.year = first.year;
    [first, second]
}

fn both_at_the_hall(abroad: &mut Abroad) -> [Record; 2] {
    let (place, there) = (abroad.place(), abroad.place());
    let thing = *abroad.chance.of(&[STREET, DRAIN, LIGHTS]);
    let mut other = there.clone();
    other.village = place.village;
    while other.road == place.road {
        other.road = abroad.chance.of(&abroad.words.roads).clone();
    }
    let mut first = abroad.work(&place, thing);
    let mut second = abroad.work(&other, thing);
    second.year = first.year;
    first.shape = Some(Shape::Point(place.hall));
    second.shape = Some(Shape::Point(place.hall));
    [first, second]
}

fn next_stations(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = road_of(abroad);
    let mut first = abroad.work(&place, thing);
    let mut second = abroad.retold(&place, thing, &first);
    let half = (length(&place.line) / 2.0).floor();
    let end = (half * 2.0).floor();
    let station = |metres: f64| format!("{:.0} + {:03.0}", (metres / 1_000.0).floor(), metres % 1_000.0);
    first.title = format!("{}, Sta. {} - Sta. {}", first.title, station(0.0), station(half));
    second.title = format!("{}, Sta. {} - Sta. {}", second.title, station(half), station(end));
    second.shape.clone_from(&first.shape);
    [first, second]
}

fn road_and_canal(abroad: &mut Abroad) -> [Record; 2] {
    let mut place = abroad.place();
    while !place.is_street {
        place = abroad.place();
    }
    let first = abroad.work(&place, STREET);
    let mut second = abroad.work(&place, DRAIN);
    second.year = first.year;
    second.shape = Some(Shape::Line(beside(&place.line, 3.5)));
    [first, second]
}

fn next_purok(abroad: &mut Abroad) -> [Record; 2] {
    let place = abroad.place();
    let mut first = abroad.work(&place, DRAIN);
    let mut second = first.clone();
    let n = abroad.chance.between(1, 5);
    let writing =
        *abroad.chance.of(&["Drainage canal, Purok", "Construction of drainage canal, Purok", "Lined canal Purok"]);
    first.title = format!("{writing} {n} & {}", n + 1);
    second.title = format!("{writing} {}", n + 2);
    let whole = length(&place.line);
    first.shape = Some(Shape::Line(cut(&place.line, 0.0, whole * 0.45)));
    second.shape = Some(Shape::Line(cut(&place.line, whole * 0.55, whole)));
    second.contract = None;
    second.photos = Vec::new();
    [first, second]
}

fn packages(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = (abroad.place(), *abroad.chance.of(&[WATER, DAYCARE, HEALTH]));
    let mut first = abroad.work(&place, thing);
    let mut second = first.clone();
    let n = abroad.chance.between(1, 6);
    second.title = format!("{} Package {}", first.title, n + 1);
    first.title = format!("{} Package {n}", first.title);
    second.contract = None;
    second.photos = Vec::new();
    let hall = Some(Shape::Point(place.hall));
    if abroad.chance.one_in(2) {
        (first.shape, second.shape) = (hall.clone(), hall);
    } else {
        (first.shape, second.shape) = (None, None);
    }
    [first, second]
}

/// Solar lights, latrines: one price, one text, another corner of the barangay.
fn standard_units(abroad: &mut Abroad) -> [Record; 2] {
    let (place, there) = (abroad.place(), abroad.place());
    let thing = *abroad.chance.of(&[LIGHTS, LATRINE]);
    let mut other = there.clone();
    other.village = place.village;
    let mut first = abroad.work(&place, thing);
    let mut second = abroad.work(&other, thing);
    first.budget = 500_000;
    second.budget = 500_000;
    second.year = first.year;
    second.funds.clone_from(&first.funds);
    let name = if thing == LIGHTS { "Installation of solar streetlights" } else { "Construction of sanitary toilet" };
    first.title = format!("{name}, Purok {}", place.purok);
    second.title = format!("{name}, Purok {}", place.purok % 12 + 1);
    [first, second]
}

fn other_barangay(abroad: &mut Abroad) -> [Record; 2] {
    let (place, mut there) = (abroad.place(), abroad.place());
    there.from.clone_from(&place.from);
    there.to.clone_from(&place.to);
    if there.village == place.village {
        there.from = "Camp 7".to_owned();
    }
    there.road.clone_from(&place.road);
    let thing = *abroad.chance.of(&[HALL, DAYCARE, HEALTH]);
    let first = abroad.work(&place, thing);
    let mut second = abroad.work(&there, thing);
    second.year = first.year;
    if there.village == place.village {
        second.title = format!("{} {}", second.title, there.from);
    }
    [first, second]
}

fn next_street(abroad: &mut Abroad) -> [Record; 2] {
    let mut place = abroad.place();
    while !place.is_street {
        place = abroad.place();
    }
    let mut other = place.clone();
    while other.road == place.road {
        other.road = abroad.chance.of(&abroad.words.roads).clone();
    }
    let gap = abroad.chance.range(28.0, 50.0);
    other.line = place.line.iter().map(|c: &P| p(c.x + gap, c.y)).collect();
    let mut first = abroad.work(&place, STREET);
    let mut second = abroad.work(&other, STREET);
    first.shape = Some(Shape::Line(place.line.clone()));
    second.shape = Some(Shape::Line(straight(&other.line)));
    second.year = first.year;
    [first, second]
}

fn next_building(abroad: &mut Abroad) -> [Record; 2] {
    let (place, one) = (abroad.place(), *abroad.chance.of(&BUILDINGS));
    let other = *abroad.chance.other(&BUILDINGS, &one);
    let first = abroad.work(&place, one);
    let mut second = abroad.work(&place, other);
    if let Some(Shape::Point(c)) = first.shape {
        second.shape = Some(Shape::Point(p(c.x + abroad.chance.range(8.0, 25.0), c.y + 3.0)));
    }
    second.year = first.year;
    [first, second]
}

fn next_phase(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = (abroad.place(), *abroad.chance.of(&[HALL, DAYCARE, REVETMENT]));
    let mut first = abroad.work(&place, thing);
    let mut second = abroad.retold(&place, thing, &first);
    second.year = first.year + 1;
    match abroad.chance.between(1, 3) {
        1 => {
            second.title =
                second.title.replacen("Construction of", "Completion of", 1).replacen("Const. of", "Completion of", 1)
        }
        2 => {
            first.title = format!("{} (Phase I)", first.title);
            second.title = format!("{} (Phase II)", second.title);
        }
        _ => {}
    }
    if !second.title.contains("Completion") && !second.title.contains("Phase") {
        second.title = format!("{}, Phase 2", second.title);
    }
    [first, second]
}

fn rebid(abroad: &mut Abroad) -> [Record; 2] {
    let (place, thing) = road_of(abroad);
    let mut first = abroad.work(&place, thing);
    let mut second = abroad.retold(&place, thing, &first);
    first.status = "gagal tender";
    second.budget = first.budget;
    second.title = format!("{} (Rebid)", second.title);
    [first, second]
}

fn upkeep(abroad: &mut Abroad) -> [Record; 2] {
    let mut place = abroad.place();
    while !place.is_street {
        place = abroad.place();
    }
    let first = abroad.work(&place, STREET);
    let mut second = abroad.work(&place, UPKEEP);
    second.year = first.year + 1;
    [first, second]
}

fn nothing_said(abroad: &mut Abroad) -> [Record; 2] {
    let place = abroad.place();
    let mut first = abroad.work(&place, HALL);
    first.title = "Infrastructure project".to_owned();
    first.shape = None;
    first.contract = None;
    first.photos = Vec::new();
    let mut second = first.clone();
    second.title = "Other infrastructure".to_owned();
    [first, second]
}
