//! Numbers and money as people and Excel write them: `1.500,75`, `Rp 150.000.000,00`, `328,5 Jt`, `1,25 miliar`.

use super::writing::{Decimal, two_readings};
use crate::domain::Invalid;
use crate::domain::money::rupiah;

/// Cells without a value: empty, dashes, the placeholders of programs and the errors of spreadsheets.
pub fn is_blank(text: &str) -> bool {
    const WORDS: &[&str] = &["n/a", "#n/a", "na", "null", "none", "nan", "nil", "kosong", "(kosong)"];
    let text = text.trim();
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | '.' | '_') || c.is_whitespace())
        || WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
        || is_error(text)
}

/// What a spreadsheet shows where it could not compute a cell (`#REF!`, `Err:502`), or where a column was too narrow when it
/// was written out (`#####`).
pub fn is_error(text: &str) -> bool {
    const ERRORS: &[&str] = &[
        "#REF!",
        "#DIV/0!",
        "#VALUE!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#N/A",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#BUSY!",
        "#UNKNOWN!",
        "#DATA!",
        "#GETTING_DATA",
    ];
    let text = text.trim();
    match text.strip_prefix('#') {
        Some(rest) => {
            (rest.len() >= 2 && rest.bytes().all(|byte| byte == b'#'))
                || ERRORS.iter().any(|error| error.eq_ignore_ascii_case(text))
        }
        None => {
            let code = text.get(..4).filter(|head| head.eq_ignore_ascii_case("err:")).and_then(|_| text.get(4..));
            code.is_some_and(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()))
        }
    }
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
/// `miliar`) and billions (`T`, `triliun`). Three digits behind a mark are thousands, since no sum has thousandths of a
/// rupiah; before a unit they may be either, and the column decides. Other fractions of a rupiah are rounded.
pub fn money(field: &str, text: &str, decimal: Decimal) -> Result<i64, Invalid> {
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
    let has_unit = !unit.trim_end_matches('.').trim().is_empty();
    let value = match two_readings(digits.trim()) {
        Some((thousands, _)) if !has_unit => f64::from(thousands),
        _ if !has_unit && has_thousandths(digits) => return Err(wrong()),
        _ => of_column(field, digits, decimal)?.ok_or_else(wrong)? * factor,
    };
    whole(value).ok_or_else(wrong).and_then(|value| rupiah(field, value))
}

/// Whether a number ends in thousandths that are not all zero; `75.500.000` ends in a group.
fn has_thousandths(digits: &str) -> bool {
    let digits = digits.trim();
    let Some(at) = digits.rfind(['.', ',']) else { return false };
    let (before, after) = (&digits[..at], &digits[at + 1..]);
    let is_group = before.contains(&digits[at..=at]);
    !is_group && after.len() == 3 && after.bytes().all(|byte| byte.is_ascii_digit()) && after != "000"
}

/// A number of a column; refused with both readings where it has two and the column does not tell. `None` if it is none.
fn of_column(field: &str, digits: &str, decimal: Decimal) -> Result<Option<f64>, Invalid> {
    let bare = digits.trim();
    match two_readings(bare.trim_start_matches(['-', '+'])) {
        Some((thousands, fraction)) if decimal == Decimal::Unknown => {
            // A fourth digit leaves one reading.
            let fraction = if bare.ends_with('0') { fraction.to_string() } else { format!("{fraction}0") };
            let invalid = Invalid::new("number_of_two_readings", field).with("given", bare);
            Err(invalid.with("thousands", thousands).with("fraction", fraction))
        }
        _ => Ok(number(bare, decimal == Decimal::Point)),
    }
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
pub fn quantity(field: &str, text: &str, decimal: Decimal) -> Result<(f64, Option<String>), Invalid> {
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
    let value = of_column(field, digits, decimal)?.filter(|value| (0.0..=1e12).contains(value)).ok_or_else(wrong)?;
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
pub fn station(field: &str, text: &str, decimal: Decimal) -> Result<f64, Invalid> {
    let wrong = || Invalid::new("not_a_station", field).with("given", text);
    let bare = text.trim().to_lowercase();
    let bare = bare.strip_prefix("sta").unwrap_or(&bare).trim_start_matches(['.', ':', ' ']);
    let bare = bare.strip_suffix('m').unwrap_or(bare).trim();
    let metres = match bare.split_once('+') {
        Some((km, m)) => {
            of_column(field, km, decimal)?.ok_or_else(wrong)? * 1_000.0
                + of_column(field, m, decimal)?.ok_or_else(wrong)?
        }
        None => of_column(field, bare, decimal)?.ok_or_else(wrong)?,
    };
    Some(metres).filter(|metres| (0.0..=1_000_000.0).contains(metres)).ok_or_else(wrong)
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
            assert_eq!(money("pagu", given, Decimal::Unknown), Ok(rupiah), "{given}");
        }
    }

    #[test]
    fn money_that_can_mean_two_sums_is_refused() {
        for given in ["Rp 91.434.00", "seratus juta", "", "Rp", "1,2,3", "12.34.567", "10 ekor", "1e400", "1.5.000,0,0"]
        {
            assert_eq!(money("pagu", given, Decimal::Unknown).unwrap_err().code, "not_money", "{given}");
        }
        assert_eq!(money("pagu", "-5000", Decimal::Unknown).unwrap_err().code, "money_out_of_range");
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
    fn three_digits_behind_a_mark_are_thousands_of_rupiah() {
        for decimal in [Decimal::Unknown, Decimal::Comma, Decimal::Point] {
            let sums = ["950,000", "950.000", "Rp 950,000,-", "75,500,000", "1.234,000"]
                .map(|text| money("pagu", text, decimal));
            assert_eq!(sums, [Ok(950_000), Ok(950_000), Ok(950_000), Ok(75_500_000), Ok(1_234)]);
            for text in ["1.234,567", "1500.250"] {
                assert_eq!(money("pagu", text, decimal).unwrap_err().code, "not_money", "{text}");
            }
        }
    }

    #[test]
    fn a_number_of_two_readings_means_what_its_column_shows_and_is_refused_with_both_where_it_shows_nothing() {
        let volume = |text: &str, decimal| quantity("volume", text, decimal).map(|(value, _)| value);
        for (text, comma, point) in [("1.500", 1_500.0, 1.5), ("1,500 m", 1.5, 1_500.0)] {
            assert_eq!((volume(text, Decimal::Comma), volume(text, Decimal::Point)), (Ok(comma), Ok(point)), "{text}");
            let refused = volume(text, Decimal::Unknown).unwrap_err();
            assert_eq!(refused.code, "number_of_two_readings");
            assert_eq!((&refused.values["thousands"], &refused.values["fraction"]), (&1_500.into(), &"1.5".into()));
        }
        let with_unit = |decimal| money("pagu", "1.250 miliar", decimal).map_err(|wrong| wrong.code);
        assert_eq!(with_unit(Decimal::Point), Ok(1_250_000_000));
        assert_eq!(with_unit(Decimal::Unknown), Err("number_of_two_readings"));
        assert_eq!(station("sta", "0+1.500", Decimal::Unknown).unwrap_err().code, "number_of_two_readings");
    }

    #[test]
    fn quantities_come_with_their_units() {
        let read = |text: &str| {
            quantity("volume", text, Decimal::Unknown).map(|(value, unit)| (value, unit.unwrap_or_default()))
        };
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
        assert_eq!(station("sta_awal", "STA 1+020", Decimal::Unknown), Ok(1_020.0));
        assert_eq!(station("sta_awal", "0+150,5", Decimal::Unknown), Ok(150.5));
        assert!(station("sta_awal", "-3", Decimal::Unknown).is_err());
    }

    #[test]
    fn dashes_and_the_placeholders_of_programs_are_blank() {
        assert!(["", " ", "-", "—", "NULL", "#N/A", "NaN", "..."].iter().all(|text| is_blank(text)));
        assert!(["#REF!", "#div/0!", "Err:502", "#NAME?", "########", " #VALUE! "].iter().all(|text| is_blank(text)));
        assert!(!["0", "Nanas", "#1", "Err", "Err:50", "Ruko #7", "#"].iter().any(|text| is_blank(text)));
    }
}
