//! Dates as people and Excel write them: `2025-08-17`, `17/08/2025`, `17 Agustus 2025`, serial numbers.

use crate::domain::{Day, Invalid};
use chrono::Days;

/// Excel's serial numbers that are taken for dates: 1954 to 2119. Others are some other number.
const SERIALS: std::ops::RangeInclusive<u64> = 20_000..=80_000;

/// Shortest unambiguous prefixes of month names, in Indonesian and English.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb", "peb"],
    &["mar"],
    &["apr"],
    &["mei", "may"],
    &["jun"],
    &["jul"],
    &["agu", "agt", "ags", "aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov", "nop"],
    &["des", "dec"],
];

/// A date. All-numeric dates are day first (`03/04/2025` is the third of April) unless the year is first.
pub fn day(field: &str, text: &str) -> Result<Day, Invalid> {
    find_day(text.trim()).ok_or_else(|| Invalid::new("not_a_day", field).with("given", text))
}

/// The year of a budget: `2025`, `2025.0`, `TA 2025`, `T.A. 2025`.
pub fn year(text: &str) -> Option<i64> {
    let text = text.trim();
    let bare = text.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, '.' | ' ' | ':'));
    let bare = bare.strip_suffix(".0").or(bare.strip_suffix(",0")).unwrap_or(bare);
    (bare.len() == 4).then(|| bare.parse().ok()).flatten()
}

fn find_day(text: &str) -> Option<Day> {
    let lower = text.to_lowercase();
    let date = lower
        .split_once('t')
        .filter(|(date, _)| date.len() >= 8 && !date.contains(char::is_alphabetic))
        .map_or(lower.as_str(), |(date, _)| date);
    let words: Vec<&str> = date.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // A weekday before the date (`Senin, 17 Agustus 2025`), a time of day after it.
    let words = match words.as_slice() {
        [name, rest @ ..] if rest.len() >= 3 && month(name).is_none() && name.chars().all(char::is_alphabetic) => rest,
        all => all,
    };
    match words {
        [serial] => from_serial(serial),
        [serial, fraction] if date.contains(['.', ',']) && fraction.bytes().all(|b| b.is_ascii_digit()) => {
            from_serial(serial)
        }
        [a, b, c, time @ ..] if time.iter().all(|part| is_time(part)) => from_parts(a, b, c),
        _ => None,
    }
}

fn from_parts(a: &str, b: &str, c: &str) -> Option<Day> {
    if let Some(month) = month(b) {
        return from_ymd(long_year(c)?, month, a.parse().ok()?);
    }
    if let Some(month) = month(a) {
        return from_ymd(long_year(c)?, month, b.parse().ok()?);
    }
    match (a.len(), c.len()) {
        (4, 1..=2) => from_ymd(a.parse().ok()?, b.parse().ok()?, c.parse().ok()?),
        (1..=2, 2 | 4) => from_ymd(long_year(c)?, b.parse().ok()?, a.parse().ok()?),
        _ => None,
    }
}

fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
    (1950..=2150).contains(&year).then(|| Day::from_ymd_opt(year, month, day)).flatten()
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
            assert_eq!(day("mulai", given).map(|day| day.to_string()), Ok("2025-08-17".to_owned()), "{given}");
        }
        assert_eq!(day("mulai", "03/04/2025").unwrap().to_string(), "2025-04-03");
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
            assert_eq!(day("mulai", given).unwrap_err().code, "not_a_day", "{given}");
        }
    }

    #[test]
    fn fiscal_years_are_read() {
        assert_eq!(["2025", "TA 2025", "T.A. 2025", "2025.0", "Tahun 2025"].map(year), [Some(2025); 5]);
        assert_eq!(["25", "2024/2025", "", "dua ribu", "20255"].map(year), [None; 5]);
    }
}
