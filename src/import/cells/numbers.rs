//! Numbers and money as people and Excel write them: `1.500,75`, `Rp 150.000.000,00`, `328,5 Jt`, `1,25 miliar`.

use crate::domain::Invalid;
use crate::domain::money::rupiah;

/// Cells without a value: empty, dashes, and the placeholders of programs.
pub fn is_blank(text: &str) -> bool {
    const WORDS: &[&str] = &["n/a", "#n/a", "na", "null", "none", "nan", "nil", "kosong", "(kosong)"];
    let text = text.trim();
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | '.' | '_') || c.is_whitespace())
        || WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// A finite number. A separator that occurs twice or more groups thousands; with both, the last one is decimal. A
/// single one is decimal, unless exactly three digits follow: then it groups, if it is the grouping separator of this
/// file (`.`, or `,` with `decimal_point`). `None` for anything else.
pub fn number(text: &str, decimal_point: bool) -> Option<f64> {
    let clean: String = text.trim().chars().filter(|c| !c.is_whitespace() && *c != '\'').map(plain).collect();
    let (negative, digits) = match clean.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, clean.strip_prefix('+').unwrap_or(&clean)),
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok().filter(|e| e.abs() <= 30)?),
        None => (digits, 0),
    };
    let value = ungrouped(mantissa, decimal_point)?.parse::<f64>().ok()? * 10f64.powi(exponent);
    value.is_finite().then_some(if negative { -value } else { value })
}

/// The digits of a number with at most one `.`, which is decimal; `None` if separators are misplaced.
fn ungrouped(digits: &str, decimal_point: bool) -> Option<String> {
    if digits.is_empty()
        || !digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        || !digits.contains(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let decimal = match (points, commas) {
        (0, 0) => None,
        (1, 1) | (0, 1) | (1, 0) => {
            let at = digits.rfind(['.', ','])?;
            let found = if digits.as_bytes()[at] == b'.' { '.' } else { ',' };
            let groups_here = if decimal_point { ',' } else { '.' };
            let (before, after) = (&digits[..at], &digits[at + 1..]);
            let groups = points + commas == 1
                && found == groups_here
                && after.len() == 3
                && (1..=3).contains(&before.len())
                && !before.starts_with('0');
            (!groups).then_some(found)
        }
        (1, _) => Some('.'),
        (_, 1) => Some(','),
        (_, 0) | (0, _) => None,
        _ => return None,
    };
    let (whole, fraction) = match decimal {
        Some(mark) => digits.rsplit_once(mark)?,
        None => (digits, ""),
    };
    if fraction.contains(['.', ',']) {
        return None;
    }
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    let well_grouped =
        groups.len() == 1 || ((1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3));
    well_grouped.then(|| {
        format!(
            "{}.{}",
            if whole.is_empty() { "0".to_owned() } else { groups.concat() },
            if fraction.is_empty() { "0" } else { fraction }
        )
    })
}

/// Whole rupiah: with or without `Rp`, `,-` and `,00`, or in thousands (`rb`), millions (`jt`), milliards (`M`,
/// `miliar`) and billions (`T`, `triliun`). Fractions of a rupiah are rounded.
pub fn money(field: &str, text: &str, decimal_point: bool) -> Result<i64, Invalid> {
    let wrong = || Invalid::new("not_money", field).with("given", text);
    let mut rest = text.trim().to_lowercase();
    for mark in ["rp.", "rp", "idr", "rupiah"] {
        rest = rest.strip_prefix(mark).or(rest.strip_suffix(mark)).map_or(rest.clone(), |rest| rest.trim().to_owned());
    }
    for tail in [",-", ".-", ",–", ".–", "-"] {
        rest = rest.strip_suffix(tail).map_or(rest.clone(), str::to_owned);
    }
    let at = rest.find(|c: char| c.is_alphabetic() && c != 'e').unwrap_or(rest.len());
    let (digits, unit) = rest.split_at(at);
    let factor = match unit.trim_end_matches('.').trim() {
        "" => 1.0,
        "rb" | "ribu" => 1e3,
        "jt" | "juta" => 1e6,
        "m" | "mil" | "milyar" | "miliar" | "mlyr" => 1e9,
        "t" | "tr" | "triliun" | "trilyun" => 1e12,
        _ => return Err(wrong()),
    };
    let value = number(digits, decimal_point).ok_or_else(wrong)? * factor;
    whole(value).ok_or_else(wrong).and_then(|value| rupiah(field, value))
}

/// The nearest whole number, `None` beyond 2^53, where floats have gaps.
pub fn whole(value: f64) -> Option<i64> {
    let rounded = value.round();
    #[expect(clippy::cast_possible_truncation, reason = "checked to be a whole number below 2^53")]
    let whole = (rounded.abs() <= 9_007_199_254_740_992.0).then_some(rounded as i64);
    whole
}

/// A quantity, with its unit if the cell contains both: `120 m2`, `P 74 x L 4 x T 0,15 m` (taken as the length), `443
/// m × 3 m`.
pub fn quantity(field: &str, text: &str, decimal_point: bool) -> Result<(f64, Option<String>), Invalid> {
    let wrong = || Invalid::new("not_a_quantity", field).with("given", text);
    let folded = text.trim().to_lowercase().replace(['×', '*'], "x");
    let parts: Vec<&str> = folded.split(" x ").collect();
    let first = parts[0].trim();
    let first = ["panjang", "p", "l"].iter().find_map(|name| first.strip_prefix(name)).unwrap_or(first);
    let first = first.trim_start_matches([' ', '=', ':', '.']);
    let end = first
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | '−' | ' ')))
        .unwrap_or(first.len());
    let (digits, unit) = first.split_at(end);
    // `1,2E+05`, as spreadsheets abbreviate a number: the power of ten is not a unit.
    let is_power =
        unit.strip_prefix('e').is_some_and(|rest| rest.trim_start_matches(['+', '-']).parse::<u32>().is_ok());
    let (digits, unit) = if is_power { (first, "") } else { (digits, unit) };
    let value = number(digits, decimal_point).filter(|value| (0.0..=1e12).contains(value)).ok_or_else(wrong)?;
    let unit = unit.trim().trim_end_matches('.');
    if unit.chars().count() > 30 {
        return Err(wrong());
    }
    let unit = match unit {
        "" if parts.len() > 1 => Some("m"),
        "" => None,
        unit => Some(unit),
    };
    Ok((value, unit.map(|unit| unit.replace('²', "2").replace('³', "3"))))
}

/// Metres along a road: `150`, `150,5`, `0+150`, `STA 1+020`.
pub fn station(field: &str, text: &str, decimal_point: bool) -> Result<f64, Invalid> {
    let wrong = || Invalid::new("not_a_station", field).with("given", text);
    let bare = text.trim().to_lowercase();
    let bare = bare.strip_prefix("sta").unwrap_or(&bare).trim_start_matches(['.', ':', ' ']);
    let bare = bare.strip_suffix('m').unwrap_or(bare).trim();
    let metres = match bare.split_once('+') {
        Some((km, m)) => {
            Some(number(km, decimal_point).ok_or_else(wrong)? * 1_000.0 + number(m, decimal_point).ok_or_else(wrong)?)
        }
        None => number(bare, decimal_point),
    };
    metres.filter(|metres| (0.0..=1_000_000.0).contains(metres)).ok_or_else(wrong)
}

/// Whether a number shows which separator is decimal: `Some(true)` for `12.5`, `Some(false)` for `12,5`, `None` for
/// `12` or `1.500`.
pub fn shows_decimal_point(text: &str) -> Option<bool> {
    let digits = text.trim();
    let at = digits.rfind(['.', ','])?;
    let (before, after) = (&digits[..at], &digits[at + 1..]);
    if before.is_empty() || !digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-')) {
        return None;
    }
    let is_point = digits.as_bytes()[at] == b'.';
    let once = !before.contains(if is_point { '.' } else { ',' });
    (once && (after.len() != 3 || before.contains(['.', ',']) || before.trim_start_matches('-') == "0"))
        .then_some(is_point)
}

fn plain(c: char) -> char {
    if matches!(c, '−' | '–') { '-' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_in_every_way_it_is_written() {
        for (given, rupiah) in [
            ("150000000", 150_000_000),
            ("Rp 150.000.000,00", 150_000_000),
            ("Rp150.000.000,-", 150_000_000),
            ("Rp. 150.000.000", 150_000_000),
            ("150,000,000.00", 150_000_000),
            ("150000000.00", 150_000_000),
            ("150 000 000", 150_000_000),
            ("Rp\u{a0}91.500", 91_500),
            ("328,5 Jt", 328_500_000),
            ("328.5 juta", 328_500_000),
            ("1,25 miliar", 1_250_000_000),
            ("1,25 M", 1_250_000_000),
            ("Rp 2 T", 2_000_000_000_000),
            ("750rb", 750_000),
            ("1,5E+08", 150_000_000),
            ("0", 0),
        ] {
            assert_eq!(money("pagu", given, false), Ok(rupiah), "{given}");
        }
    }

    #[test]
    fn money_that_can_mean_two_sums_is_refused() {
        for given in ["Rp 91.434.00", "seratus juta", "", "Rp", "1,2,3", "12.34.567", "10 ekor", "1e400", "1.5.000,0,0"]
        {
            assert_eq!(money("pagu", given, false).unwrap_err().code, "not_money", "{given}");
        }
        assert_eq!(money("pagu", "-5000", false).unwrap_err().code, "money_out_of_range");
    }

    #[test]
    fn one_separator_means_what_it_means_in_the_file() {
        assert_eq!((number("1.500", false), number("1.500", true)), (Some(1_500.0), Some(1.5)));
        assert_eq!((number("1,500", false), number("1,500", true)), (Some(1.5), Some(1_500.0)));
        assert_eq!(
            (number("0.150", false), number("74,5", true), number("1.234,5", true)),
            (Some(0.15), Some(74.5), Some(1_234.5))
        );
        assert_eq!(
            (number("−8,5", false), number(".5", false), number("5.", false)),
            (Some(-8.5), Some(0.5), Some(5.0))
        );
        for wrong in ["", "-", ".", ",", "abc", "1..2", "nan", "inf", "1e999"] {
            assert_eq!(number(wrong, false), None, "{wrong}");
        }
    }

    #[test]
    fn a_file_shows_its_decimal_mark() {
        assert_eq!(
            (shows_decimal_point("12.5"), shows_decimal_point("0.150"), shows_decimal_point("1,234.500")),
            (Some(true), Some(true), Some(true))
        );
        assert_eq!((shows_decimal_point("12,5"), shows_decimal_point("1.234,500")), (Some(false), Some(false)));
        assert_eq!(
            (
                shows_decimal_point("1.500"),
                shows_decimal_point("12"),
                shows_decimal_point("1.500.000"),
                shows_decimal_point("-")
            ),
            (None, None, None, None)
        );
    }

    #[test]
    fn quantities_come_with_their_units() {
        let read = |text: &str| quantity("volume", text, false).map(|(value, unit)| (value, unit.unwrap_or_default()));
        assert_eq!(read("120 m2"), Ok((120.0, "m2".into())));
        assert_eq!(read("P 74 x L 4 x T 0,15 m"), Ok((74.0, "m".into())));
        assert_eq!(read("443 m × 3 m"), Ok((443.0, "m".into())));
        assert_eq!(read("1 unit"), Ok((1.0, "unit".into())));
        assert_eq!(read("12,5"), Ok((12.5, String::new())));
        assert_eq!((read("1,2E+03"), read("3e2")), (Ok((1_200.0, String::new())), Ok((300.0, String::new()))));
        assert_eq!(read("1e999").unwrap_err().code, "not_a_quantity");
        assert_eq!(read("secukupnya").unwrap_err().code, "not_a_quantity");
    }

    #[test]
    fn stations_are_metres() {
        assert_eq!(station("sta_awal", "STA 1+020", false), Ok(1_020.0));
        assert_eq!(station("sta_awal", "0+150,5", false), Ok(150.5));
        assert!(station("sta_awal", "-3", false).is_err());
    }

    #[test]
    fn dashes_and_the_placeholders_of_programs_are_blank() {
        assert!(["", " ", "-", "—", "NULL", "#N/A", "NaN", "..."].iter().all(|text| is_blank(text)));
        assert!(!is_blank("0") && !is_blank("Nanas"));
    }
}
