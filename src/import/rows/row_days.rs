//! The days of a row, in the time of its place.

use super::cells::Cells;
use super::fields::{Field, is_moment_of_form};
use crate::domain::footprint::NewFootprint;
use crate::domain::{Day, Invalid};
use crate::import::cells::dates::day;
use crate::spatial::zone::{zone_at, zone_of};
use geo::CoordsIter;

impl Cells<'_> {
    /// Start and finish. The zone of a moment with its offset from UTC is that of the village, else of the place, else WIB.
    pub fn days(&mut self, village: Option<&str>, footprint: Option<&NewFootprint>) -> (Option<Day>, Option<Day>) {
        let corner = footprint.and_then(|footprint| footprint.parts.first()?.geometry.coords_iter().next());
        let zone = match (village, corner) {
            (Some(code), _) => zone_of(code),
            (None, Some(corner)) => zone_at(corner.x),
            (None, None) => zone_of(""),
        };
        let mut read = |field: Field| {
            self.optional(field, |cell| {
                // When somebody filled in a form is no day of the work.
                if is_moment_of_form(&cell.column, &cell.text) {
                    let invalid = Invalid::new("time_of_a_form", cell.column.as_ref());
                    return Err(invalid.with("field", field.as_str()));
                }
                day(&cell.column, &cell.text, cell.writing.days, zone).map(Some)
            })
        };
        (read(Field::StartOn), read(Field::FinishOn))
    }
}
