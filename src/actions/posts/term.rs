//! For how long a post is held, as people say it: from a day, to a last day.

use crate::domain::{Day, Invalid, Time};
use chrono::{Days, FixedOffset, NaiveTime, TimeZone};

/// The first and the last day; today where no first one is named, no end where no last one is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Term {
    pub from: Option<Day>,
    pub last_day: Option<Day>,
}

impl Term {
    /// The moments, in the zone of the post's region: the first at which it is held, and the first at which it is no more.
    pub(super) fn moments(self, zone: FixedOffset, now: Time) -> Result<(Time, Option<Time>), Invalid> {
        let from = self.from.map_or(Ok(now), |day| begin_of(day, zone, "from"))?;
        let Some(last) = self.last_day else { return Ok((from, None)) };
        let until = end_of(last, zone)?;
        if until <= from {
            let from = from.with_timezone(&zone).date_naive();
            return Err(Invalid::new("ends_before_it_begins", "last_day").with("from", from.to_string()));
        }
        Ok((from, Some(until)))
    }
}

/// The first moment of the day behind this one.
pub(super) fn end_of(last_day: Day, zone: FixedOffset) -> Result<Time, Invalid> {
    let out_of_calendar = || Invalid::new("not_a_day", "last_day").with("given", last_day.to_string());
    begin_of(last_day.checked_add_days(Days::new(1)).ok_or_else(out_of_calendar)?, zone, "last_day")
}

fn begin_of(day: Day, zone: FixedOffset, field: &str) -> Result<Time, Invalid> {
    let at = zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).single();
    // Moments are kept as text in which year and moment sort alike.
    let year = chrono::Datelike::year(&day);
    match at.filter(|_| (1900..=2200).contains(&year)) {
        Some(at) => Ok(at.to_utc()),
        None => Err(Invalid::new("not_a_day", field).with("given", day.to_string())),
    }
}
