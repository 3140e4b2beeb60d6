//! A time of every day, in a zone of its own: the server's own zone means nothing.

use crate::domain::Time;
use chrono::{Days, FixedOffset, NaiveTime, TimeZone, Utc};
use std::fmt;

/// Such as 01:00+07:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Daily {
    at: NaiveTime,
    zone: FixedOffset,
}

impl Daily {
    /// `HH:MM+HH:MM`.
    pub fn parse(text: &str) -> Option<Self> {
        let (time, zone) = text.split_at_checked(5)?;
        Some(Self { at: NaiveTime::parse_from_str(time, "%H:%M").ok()?, zone: zone.parse().ok()? })
    }

    /// The next such moment behind this one.
    pub fn next(&self, after: Time) -> Time {
        let today = after.with_timezone(&self.zone).date_naive();
        let moment = |day: chrono::NaiveDate| {
            // An offset that never changes has every time once.
            self.zone.from_local_datetime(&day.and_time(self.at)).single().map(|at| at.with_timezone(&Utc))
        };
        let days = [today.checked_add_days(Days::new(0)), today.checked_add_days(Days::new(1))];
        days.into_iter().flatten().filter_map(moment).find(|at| *at > after).unwrap_or(after)
    }
}

impl fmt::Display for Daily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.at.format("%H:%M"), self.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_time_is_today_or_tomorrow_as_the_zone_has_it() {
        let daily = Daily::parse("01:00+07:00").unwrap();
        let next = |after: &str| daily.next(after.parse().unwrap()).to_rfc3339();
        assert_eq!(next("2026-11-30T17:59:59Z"), "2026-11-30T18:00:00+00:00");
        assert_eq!(next("2026-11-30T18:00:00Z"), "2026-12-01T18:00:00+00:00");
        for wrong in ["", "1:00+07:00", "01:00", "25:00+07:00", "01:00+7", "01:00 WIB"] {
            assert_eq!(Daily::parse(wrong), None, "{wrong}");
        }
        assert_eq!(daily.to_string(), "01:00+07:00");
    }
}
