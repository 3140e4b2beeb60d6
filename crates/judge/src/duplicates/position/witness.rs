//! What else two records have in common or not, and what their places are worth beside it.

use super::Position;
use super::levels::{APART_M, ONE_PLACE, rank};
use crate::domain::facts::Facts;
use geo::{Coord, CoordsIter};
use serde_json::json;

/// Corners up to which copies are looked for.
const MOST_COPIED: usize = 200;

impl Position {
    /// One photo shows one place: footprints that are not there contradict it, and decide nothing.
    pub fn under_one_photo(self) -> Self {
        let speaks_against = rank(self.level) < ONE_PLACE && !matches!(self.level, "unknown" | "pasted");
        if speaks_against { self.disputed() } else { self }
    }

    /// One contract, or one purchase by its sum, is far apart only by a coordinate that is wrong. The distance alone
    /// says so: were it the accuracy too, a vague coordinate would speak against one work where a clear one does not.
    pub fn under_one_purchase(self) -> Self {
        let far = self.level == "far" || (self.level == "apart" && self.distance_m.is_some_and(|m| m > APART_M));
        if far { self.disputed() } else { self }
    }

    fn disputed(self) -> Self {
        Self { level: "disputed", value: json!({ "metres": self.distance_m }), ..self }
    }

    /// For records of other names: the same corners to the last digit are copied, and no witness of one place.
    pub fn unless_copied(self, a: &Facts, b: &Facts) -> Self {
        if rank(self.level) < ONE_PLACE || !(are_corners_of(a, b) && are_corners_of(b, a)) {
            return self;
        }
        Self { level: "copied", value: json!({ "metres": self.distance_m }), ..self }
    }
}

/// Whether every corner of one is, to the last digit, a corner of the other. O(n · m) in corners, of which there are at
/// most [`MOST_COPIED`].
fn are_corners_of(one: &Facts, other: &Facts) -> bool {
    let corners = |facts: &Facts| -> Vec<Coord<f64>> {
        facts.parts.iter().flat_map(|part| part.geometry.coords_iter()).take(MOST_COPIED + 1).collect()
    };
    let (one, other) = (corners(one), corners(other));
    !one.is_empty()
        && one.len().max(other.len()) <= MOST_COPIED
        && one.iter().all(|corner| other.iter().any(|there| corner == there))
}
