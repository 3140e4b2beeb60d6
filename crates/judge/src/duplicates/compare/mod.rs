//! The comparisons. Each gives a level, the values of its sentence, and its bits.

mod money;
mod place;
mod records;
mod sink;
mod titles;
mod words;

#[cfg(test)]
pub use records::are_one_entry;
pub use records::{is_bought_once, is_upkeep, shares_photo};
pub use titles::Titles;

use super::Prepared;
use super::position::Position;
use super::rarity::Rarity;
use super::weights::Weights;
use place::{MOST_FOR_METRES, packages, position};
use records::records;
use serde_json::json;
pub use sink::Item;
use sink::{Levels, List, Sink, Sum, adjusted};
use titles::title;

/// Evidence that records how shapes were compared; it carries no weight.
pub const SHAPES: &str = "shapes";

/// All comparisons in a fixed order, including those of no weight: the rules depend on their levels.
pub fn all(
    a: &Prepared,
    b: &Prepared,
    place: &Position,
    titles: &Titles,
    weights: &Weights,
    rarity: Option<&Rarity>,
    with_values: bool,
) -> Vec<Item> {
    let mut list = List { weights, items: Vec::with_capacity(24), with_values };
    position(&mut list, place);
    if let Some(metres) = place.simplified_m {
        list.add(SHAPES, "simplified", || json!({ "metres": metres }));
    }
    title(&mut list, a, b, titles, rarity);
    packages(&mut list, a, b, place);
    records(&mut list, a, b, rarity);
    list.items
}

/// The level of every comparison.
pub fn levels(
    a: &Prepared,
    b: &Prepared,
    place: &Position,
    titles: &Titles,
    rarity: Option<&Rarity>,
) -> Vec<(&'static str, &'static str)> {
    let mut levels = Levels(Vec::with_capacity(24));
    position(&mut levels, place);
    title(&mut levels, a, b, titles, rarity);
    packages(&mut levels, a, b, place);
    records(&mut levels, a, b, rarity);
    levels.0
}

/// The bits of all comparisons that need no place: cheap to compute, and most of the upper bound.
pub fn bits_without_place(
    a: &Prepared,
    b: &Prepared,
    titles: &Titles,
    weights: &Weights,
    rarity: Option<&Rarity>,
) -> f64 {
    let mut sum = Sum { weights, bits: 0.0 };
    title(&mut sum, a, b, titles, rarity);
    records(&mut sum, a, b, rarity);
    sum.bits
}

/// Maximum bits that a pair may gain from its place.
pub fn most_bits_of_place(weights: &Weights) -> f64 {
    adjusted(weights.most("position"), || MOST_FOR_METRES) + weights.most("parts") + weights.most("package")
}
