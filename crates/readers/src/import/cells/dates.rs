//! Dates as people and programs write them: `2025-08-17`, `17/08/2025`, `17 Agustus 2025`, serial numbers, moments in UTC.

use super::writing::DayOrder;
use crate::domain::{Day, Invalid};
use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveTime};

/// Excel's serial numbers that are taken for dates: 1954 to 2119. Others are some other number.
const SERIALS: std::ops::RangeInclusive<u64> = 20_000..=80_000;

/// Shortest unambiguous prefixes of month names, in Indonesian, English, Spanish and Portuguese.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene"],
    &["feb", "peb", "fev"],
    &["mar"],
    &["apr", "abr"],
    &["mei", "may", "mai"],
    &["jun"],
    &["jul"],
    &["agu", "agt", "ags", "aug", "ago"],
    &["sep", "set"],
    &["okt", "oct", "out"],
    &["nov", "nop"],
    &["des", "dec", "dic", "dez"],
];
const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];

/// A date. Of all-numeric dates with the year last the column tells the order: `03/04/2025` is the third of April where it
/// has days first; in a column that has both such a date is refused. A moment with its offset from UTC is turned to the
/// `zone` of the place before its day is taken: programs write midnight in Jakarta as 17:00 of the day before. Midnight in the
/// zone of whoever wrote it is that day, wherever the place lies.
pub fn day(field: &str, text: &str, order: DayOrder, zone: FixedOffset) -> Result<Day, Invalid> {
    let text = text.trim();
    if let Some(moment) = moment(text) {
        let is_day = moment.offset().local_minus_utc() != 0 && moment.time() == NaiveTime::MIN;
        let day = if is_day { moment.date_naive() } else { moment.with_timezone(&zone).date_naive() };
        let day = Some(day).filter(|day| is_of_our_time(*day));
        return day.ok_or_else(|| Invalid::new("not_a_day", field).with("given", text));
    }
    if order == DayOrder::Both
        && let Some([first, second, year]) = numeric(text)
    {
        let day_or_month_first = |one: Day, other: Day| {
            Invalid::new("day_or_month_first", field)
                .with("given", text)
                .with("day_first", one.to_string())
                .with("month_first", other.to_string())
        };
        return match (from_ymd(year, second, first), from_ymd(year, first, second)) {
            (Some(one), Some(other)) if one != other => Err(day_or_month_first(one, other)),
            // One order alone makes a day of it.
            (Some(day), _) | (None, Some(day)) => Ok(day),
            (None, None) => Err(Invalid::new("not_a_day", field).with("given", text)),
        };
    }
    find_day(text, order).ok_or_else(|| Invalid::new("not_a_day", field).with("given", text))
}

/// Which of day and month comes first in a date: `None` where a date does not show it, or is none of this kind.
pub fn shown_order(text: &str) -> Option<DayOrder> {
    match numeric(text.trim())? {
        [13..=31, 1..=12, _] => Some(DayOrder::DayFirst),
        [1..=12, 13..=31, _] => Some(DayOrder::MonthFirst),
        _ => None,
    }
}

/// Dates of a column whose three numbers have two digits: where the first is the same in all and the last runs through the
/// days of a month, the year comes first.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShortDates {
    first: Option<u32>,
    /// Another first number was met.
    vary: bool,
    /// The numbers met last, a bit for each.
    lasts: u128,
}

impl ShortDates {
    /// Takes note of one date.
    pub fn observe(&mut self, text: &str) {
        let Some([first, _, last]) = short(text.trim()) else { return };
        self.vary |= self.first.is_some_and(|before| before != first);
        self.first = Some(first);
        self.lasts |= 1 << last;
    }

    /// Works of one list do not begin in years so far apart.
    pub fn have_year_first(&self) -> bool {
        let spread = self.lasts.checked_ilog2().unwrap_or(0).saturating_sub(self.lasts.trailing_zeros());
        let are_days = self.lasts >> 32 == 0 && self.lasts.count_ones() >= 3 && spread > YEARS_OF_ONE_LIST;
        self.first.is_some_and(|first| first > 12) && !self.vary && are_days
    }
}

/// Years that the dates of one list span.
const YEARS_OF_ONE_LIST: u32 = 6;

/// Whether a date is one of two digits three times, of which the year may come first.
pub fn is_short(text: &str) -> bool {
    short(text.trim()).is_some()
}

fn short(text: &str) -> Option<[u32; 3]> {
    let date = text.split_whitespace().next()?;
    let mut parts = date.split(['/', '-', '.']);
    let mut next = || parts.next().filter(|part| part.len() == 2)?.parse::<u32>().ok();
    let numbers = [next()?, next()?, next()?];
    parts.next().is_none().then_some(numbers)
}

/// Whether a date has day and month as numbers, and the year last.
pub fn is_numeric(text: &str) -> bool {
    numeric(text.trim()).is_some()
}

/// `8/17/25`, `17-08-2025 00:00`: day and month, or month and day, and the year.
fn numeric(text: &str) -> Option<[u32; 3]> {
    let date = text.split_whitespace().next()?;
    let mut parts = date.split(['/', '-', '.']);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_short = |part: &str| matches!(part.len(), 1..=2);
    if parts.next().is_some() || !is_short(first) || !is_short(second) {
        return None;
    }
    Some([first.parse().ok()?, second.parse().ok()?, u32::try_from(long_year(year)?).ok()?])
}

/// A moment that states its offset: `2024-12-31T17:00:00.000Z`, `2025-08-16 17:00:00+00`, `2025-08-17T00:00:00 +07:00`.
fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    let (date, time) = text.split_at_checked(10)?;
    let time = time.strip_prefix(['T', 't', ' '])?;
    let at = time.find(['Z', 'z', '+', '-', 'U', 'G'])?;
    let (time, offset) = (time[..at].trim(), time[at..].trim());
    let offset = match offset.to_uppercase().as_str() {
        "Z" | "UTC" | "GMT" => "+00:00".to_owned(),
        offset => {
            let digits = offset[1..].replace(':', "");
            let digits = if digits.len() == 2 { format!("{digits}00") } else { digits };
            let (hours, minutes) = digits.split_at_checked(2)?;
            format!("{}{hours}:{minutes}", &offset[..1])
        }
    };
    let seconds = if time.matches(':').count() == 1 { ":00" } else { "" };
    DateTime::parse_from_rfc3339(&format!("{date}T{time}{seconds}{offset}")).ok()
}

/// The year of a budget: `2025`, `2025.0`, `TA 2025`, `T.A. 2025`.
pub fn year(text: &str) -> Option<i64> {
    let text = text.trim();
    let bare = text.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, '.' | ' ' | ':'));
    let bare = bare.strip_suffix(".0").or(bare.strip_suffix(",0")).unwrap_or(bare);
    (bare.len() == 4).then(|| bare.parse().ok()).flatten()
}

fn find_day(text: &str, order: DayOrder) -> Option<Day> {
    let lower = text.to_lowercase();
    let date = lower
        .split_once('t')
        .filter(|(date, _)| date.len() >= 8 && !date.contains(char::is_alphabetic))
        .map_or(lower.as_str(), |(date, _)| date);
    let words = date.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty() && !matches!(*word, "de" | "del")).collect();
    // A weekday before the date (`Senin, 17 Agustus 2025`), a time of day after it.
    let words = match words.as_slice() {
        [name, rest @ ..] if rest.len() >= 3 && month(name).is_none() && name.chars().all(char::is_alphabetic) => rest,
        all => all,
    };
    match words {
        [compact] if compact.len() == 8 => {
            let part = |range: std::ops::Range<usize>| compact.get(range)?.parse::<u32>().ok();
            from_ymd(part(0..4)?, part(4..6)?, part(6..8)?)
        }
        [serial] => from_serial(serial),
        [serial, fraction] if date.contains(['.', ',']) && fraction.bytes().all(|b| b.is_ascii_digit()) => {
            from_serial(serial)
        }
        [a, b, c, time @ ..] if time.iter().all(|part| is_time(part)) => from_parts(a, b, c, order),
        _ => None,
    }
}

fn from_parts(a: &str, b: &str, c: &str, order: DayOrder) -> Option<Day> {
    if let Some(month) = month(b).or_else(|| roman(b)) {
        return from_ymd(long_year(c)?, month, a.parse().ok()?);
    }
    if let Some(month) = month(a) {
        return from_ymd(long_year(c)?, month, b.parse().ok()?);
    }
    match (a.len(), c.len()) {
        (4, 1..=2) => from_ymd(a.parse::<i32>().ok()?, b.parse().ok()?, c.parse().ok()?),
        (1..=2, 1..=2) if order == DayOrder::YearFirst => {
            from_ymd(2_000 + a.parse::<i32>().ok()?, b.parse().ok()?, c.parse().ok()?)
        }
        (1..=2, 2 | 4) if order == DayOrder::MonthFirst => from_ymd(long_year(c)?, a.parse().ok()?, b.parse().ok()?),
        (1..=2, 2 | 4) => from_ymd(long_year(c)?, b.parse().ok()?, a.parse().ok()?),
        _ => None,
    }
}

fn from_ymd(year: impl TryInto<i32>, month: u32, day: u32) -> Option<Day> {
    Day::from_ymd_opt(year.try_into().ok()?, month, day).filter(|day| is_of_our_time(*day))
}

fn is_of_our_time(day: Day) -> bool {
    (1950..=2150).contains(&day.year())
}

/// Two digits are of this century: village works are recent.
fn long_year(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    match text.len() {
        2 => Some(2_000 + year),
        4 => Some(year),
        _ => None,
    }
}

fn month(word: &str) -> Option<u32> {
    let is_word = word.chars().count() >= 3 && word.chars().all(char::is_alphabetic);
    let at = MONTHS.iter().position(|names| is_word && names.iter().any(|name| word.starts_with(name)))?;
    u32::try_from(at + 1).ok()
}

fn roman(word: &str) -> Option<u32> {
    let at = ROMAN.iter().position(|month| *month == word)?;
    u32::try_from(at + 1).ok()
}

/// Days since 1899-12-30: Excel counts a 29 February 1900 that did not exist.
fn from_serial(text: &str) -> Option<Day> {
    let serial: u64 = text.parse().ok().filter(|serial| SERIALS.contains(serial))?;
    Day::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(serial))
}

fn is_time(part: &str) -> bool {
    part.bytes().all(|b| b.is_ascii_digit()) || matches!(part, "am" | "pm" | "wib" | "wita" | "wit" | "00z")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Day, Invalid> {
        day("mulai", text, DayOrder::DayFirst, zone(7))
    }

    fn zone(hours: i32) -> FixedOffset {
        FixedOffset::east_opt(hours * 3_600).unwrap()
    }

    #[test]
    fn a_moment_in_utc_is_of_the_day_of_its_place() {
        for text in [
            "2025-08-16T17:00:00.000Z",
            "2025-08-16T17:00:00Z",
            "2025-08-16 17:00:00+00",
            "2025-08-16T17:00:00+0000",
            "2025-08-16 17:00 UTC",
            "2025-08-17T00:00:00+07:00",
            "2025-08-16T12:00:00-05:00",
            "2025-08-17T00:00:00Z",
        ] {
            assert_eq!(read(text).unwrap().to_string(), "2025-08-17", "{text}");
        }
        let in_zone =
            |hours| day("mulai", "2024-12-31T15:30:00Z", DayOrder::DayFirst, zone(hours)).unwrap().to_string();
        assert_eq!([7, 8, 9].map(in_zone), ["2024-12-31", "2024-12-31", "2025-01-01"]);
        // Without an offset it is the time of the place.
        assert_eq!(read("2025-08-17T23:00:00").unwrap().to_string(), "2025-08-17");
    }

    #[test]
    fn the_column_tells_whether_day_or_month_comes_first() {
        let in_order = |text: &str, order| day("mulai", text, order, zone(7)).map(|day| day.to_string());
        assert_eq!(in_order("8/7/25", DayOrder::MonthFirst).unwrap(), "2025-08-07");
        assert_eq!(in_order("8/7/25", DayOrder::DayFirst).unwrap(), "2025-07-08");
        assert_eq!(in_order("2025-08-07", DayOrder::MonthFirst).unwrap(), "2025-08-07");
        let refused = in_order("8/7/25", DayOrder::Both).unwrap_err();
        assert_eq!((refused.code, &refused.values["day_first"]), ("day_or_month_first", &"2025-07-08".into()));
        assert_eq!(refused.values["month_first"], "2025-08-07");
        assert_eq!(in_order("17 Agustus 2025", DayOrder::Both).unwrap(), "2025-08-17");
        let shown =
            ["17/08/2025", "8/17/25 00:00", "8/7/25", "2025-08-17", "17 Agustus 2025", "31/31/25"].map(shown_order);
        assert_eq!(shown, [Some(DayOrder::DayFirst), Some(DayOrder::MonthFirst), None, None, None, None]);
    }

    #[test]
    fn one_day_is_read_in_every_way_it_is_written() {
        for given in [
            "2025-08-17",
            "2025/8/17",
            "2025-08-17T00:00:00",
            "2025-08-17T07:00:00Z",
            "2025-08-17 00:00:00",
            "17/08/2025",
            "17-08-2025",
            "17.8.2025",
            "17/08/25",
            "17 Agustus 2025",
            "17 Agt 2025",
            "17-Aug-25",
            "17 August 2025",
            "August 17, 2025",
            "Minggu, 17 Agustus 2025",
            "45886",
            "45886.0",
            "45886,5",
        ] {
            assert_eq!(read(given).map(|day| day.to_string()), Ok("2025-08-17".to_owned()), "{given}");
        }
        assert_eq!(read("03/04/2025").unwrap().to_string(), "2025-04-03");
    }

    #[test]
    fn an_invalid_date_is_refused() {
        for given in [
            "08/17/2025",
            "2025-02-30",
            "17",
            "2025",
            "Agustus 2025",
            "kemarin",
            "17/08/0025",
            "0000-00-00",
            "999999",
            "17//",
            "१७/०८/२०२५",
        ] {
            assert_eq!(read(given).unwrap_err().code, "not_a_day", "{given}");
        }
    }

    #[test]
    fn fiscal_years_are_read() {
        assert_eq!(["2025", "TA 2025", "T.A. 2025", "2025.0", "Tahun 2025"].map(year), [Some(2025); 5]);
        assert_eq!(["25", "2024/2025", "", "dua ribu", "20255"].map(year), [None; 5]);
    }
}
