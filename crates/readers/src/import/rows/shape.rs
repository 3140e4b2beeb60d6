//! The geometry of a row as it is written in GeoJSON, whether apart from its cells or in one of them.

use super::raw::RawShape;
use crate::domain::geojson::convert;
use geojson::Geometry;

/// A geometry in the words of `geo`, or why it is none.
pub fn shape(geometry: &Geometry) -> RawShape {
    match convert(&geometry.value) {
        Ok(geometry) => RawShape::Given(geometry),
        Err(reason) => RawShape::Unreadable(reason),
    }
}
