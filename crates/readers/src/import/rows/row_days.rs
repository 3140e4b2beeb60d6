//! The days of a row, in the time of its place.

use super::cells::Cells;
use super::fields::{Field, is_moment_of_form};
use crate::domain::footprint::NewFootprint;
use crate::domain::{Day, Invalid};
use crate::import::cells::dates::day;
use crate::spatial::zone::{zone_at, zone_of};
use chrono::Datelike;
use geo::CoordsIter;

/// Years between the budget of a work and its days.
const FAR_YEARS: u32 = 10;

impl Cells<'_> {
    /// Start and finish. The zone of a moment with its offset from UTC is that of the village, else of the place, else WIB.
    /// A day far from the `year` of the budget is none: programs write 1970 where they have no date.
    pub fn days(
        &mut self,
        village: Option<&str>,
        footprint: Option<&NewFootprint>,
        year: Option<i32>,
    ) -> (Option<Day>, Option<Day>) {
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
                let day = day(&cell.column, &cell.text, cell.writing.days, zone)?;
                if let Some(year) = year.filter(|year| day.year().abs_diff(*year) > FAR_YEARS) {
                    let invalid = Invalid::new("day_far_from_year", cell.column.as_ref());
                    return Err(invalid
                        .with("given", cell.text.as_str())
                        .with("day", day.to_string())
                        .with("year", year));
                }
                Ok(Some(day))
            })
        };
        (read(Field::StartOn), read(Field::FinishOn))
    }
}
