//! What no record can tell: left out of precision and recall.

use super::{Bears, Case, Planted};
use crate::world::{ROAD, World};

pub const CASES: &[Case] = &[Case {
    name: "too_little_said",
    label: "unclear",
    kind: "",
    line: "what facts cannot decide: a title that names nothing, and no place",
    share: 3,
    bears: Bears::Words,
    plant: too_little,
}];

fn too_little(world: &mut World) -> Planted {
    let road = world.road();
    let mut first = world.work(&road, ROAD);
    let mut second = world.again(&road, ROAD, &first);
    first.title = "Pembangunan jalan desa".to_owned();
    second.title = "Peningkatan jalan".to_owned();
    for record in [&mut first, &mut second] {
        record.shape = None;
        record.hamlet = None;
        record.volume = None;
    }
    second.budget = first.budget;
    Planted::new(first, second)
}
