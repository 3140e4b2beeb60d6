//! The place of a pair, and what depends on it: parts in common, and packages that share metres.

use super::super::Prepared;
use super::super::position::{Position, how_many};
use super::Sink;
use serde_json::json;

/// Shared metres for which the weights of the file apply; each doubling adds [`FOR_DOUBLE_METRES`] bits, up to
/// [`MOST_FOR_METRES`] and down to as many less for short ones.
const USUAL_SHARED_M: f64 = 150.0;
const FOR_DOUBLE_METRES: f64 = 0.75;
pub const MOST_FOR_METRES: f64 = 2.0;

pub fn position(sink: &mut impl Sink, place: &Position) {
    let for_metres = || match (place.level, place.shared_m) {
        ("line_same" | "line_part" | "line_near", Some(metres)) => {
            let more = FOR_DOUBLE_METRES * (metres.max(1.0) / USUAL_SHARED_M).log2();
            more.clamp(-MOST_FOR_METRES, MOST_FOR_METRES)
        }
        _ => 0.0,
    };
    // Any of the crowd may be the one.
    #[expect(clippy::cast_precision_loss, reason = "works on one place")]
    let for_crowd = || -((place.crowd + 1) as f64).log2();
    sink.add_with("position", place.level, || for_metres() + for_crowd(), || place.value.clone());
    parts(sink, place);
}

/// Twenty lamps are not the same twenty for having one post in common.
fn parts(sink: &mut impl Sink, place: &Position) {
    let level = place.parts.map_or("unknown", |(together, of)| how_many(together, of));
    let (together, of) = place.parts.unwrap_or_default();
    sink.add("parts", level, || json!({ "together": together, "of": of }));
}

/// Other packages are other works, unless they share metres: then one work was cut in two.
pub fn packages(sink: &mut impl Sink, a: &Prepared, b: &Prepared, place: &Position) {
    let level = match a.title.is_one_package(&b.title) {
        Some(true) => "same",
        Some(false) if !place.shared_m.is_some_and(|metres| metres >= 1.0) => "different",
        _ => "unknown",
    };
    let of = |record: &Prepared| record.title.numbers_of("package").collect::<Vec<_>>().join(", ");
    sink.add("package", level, || json!({ "a": of(a), "b": of(b) }));
}
