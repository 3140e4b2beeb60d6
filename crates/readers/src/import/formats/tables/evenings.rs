//! Days that a program wrote as the evening before: midnight in one of our zones is 17, 16 or 15 o'clock in UTC. exceljs
//! writes every day so; SheetJS writes midnight up to a minute off.

use chrono::{NaiveDateTime, NaiveTime, Timelike};
use std::collections::BTreeSet;

/// A moment that is midnight of the next day in one of our zones, some seconds more or less.
pub fn is_evening(at: NaiveDateTime) -> bool {
    (matches!(at.hour(), 15..=17) && at.minute() == 0) || (at.hour(), at.minute()) == (23, 59)
}

/// The moments of a sheet whose format does not say whether its cells show hours: their columns do. One that has other times
/// too holds moments, whose evenings are real.
#[derive(Debug, Default)]
pub struct Evenings {
    evenings: Vec<((u32, u32), NaiveDateTime)>,
    with_times: BTreeSet<u32>,
}

impl Evenings {
    /// Whether the cell is an evening, which is told by its column when all are known.
    pub fn take(&mut self, place: (u32, u32), at: NaiveDateTime) -> bool {
        if is_evening(at) {
            self.evenings.push((place, at));
            return true;
        }
        if at.time() != NaiveTime::MIN {
            self.with_times.insert(place.1);
        }
        false
    }

    /// Each evening with the moment, and whether it stands for the next day.
    pub fn told(self) -> impl Iterator<Item = ((u32, u32), NaiveDateTime, bool)> {
        let Self { evenings, with_times } = self;
        evenings.into_iter().map(move |(place, at)| (place, at, !with_times.contains(&place.1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn midnight_of_our_zones_is_an_evening_in_utc() {
        for text in ["2025-08-16T17:00:00", "2025-08-16T16:00:30", "2025-08-16T15:00:00", "2025-08-16T23:59:48"] {
            assert!(is_evening(at(text)), "{text}");
        }
        for text in ["2025-08-16T00:00:00", "2025-08-16T17:15:00", "2025-08-16T18:00:00", "2025-08-16T23:58:00"] {
            assert!(!is_evening(at(text)), "{text}");
        }
    }

    #[test]
    fn a_column_with_other_times_holds_moments() {
        let mut evenings = Evenings::default();
        for (place, text, is_one) in [
            ((1, 0), "2025-08-16T17:00:00", true),
            ((2, 0), "2025-08-17T00:00:00", false),
            ((1, 1), "2025-08-16T17:00:00", true),
            ((2, 1), "2025-08-16T08:15:00", false),
        ] {
            assert_eq!(evenings.take(place, at(text)), is_one);
        }
        let told: Vec<_> = evenings.told().map(|(place, _, is_next_day)| (place, is_next_day)).collect();
        assert_eq!(told, [((1, 0), true), ((1, 1), false)]);
    }
}
