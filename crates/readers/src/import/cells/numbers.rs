//! Numbers as people and Excel write them: `1.500,75`, `1,2E+05`, and cells without a value.

use super::writing::{Decimal, two_readings};
use crate::domain::Invalid;

/// Cells without a value: empty, dashes, the placeholders of programs and the errors of spreadsheets.
pub fn is_blank(text: &str) -> bool {
    const WORDS: &[&str] =
        &["n/a", "#n/a", "na", "null", "none", "nan", "nil", "nihil", "kosong", "(kosong)", "tidak ada", "belum ada"];
    let is_dash = |c: char| matches!(c, '-' | '–' | '—' | '.' | '_') || c.is_whitespace();
    let text = text.trim();
    // `Rp -`, as spreadsheets show a sum of nothing.
    let behind_mark = text.get(..2).filter(|mark| mark.eq_ignore_ascii_case("rp")).map(|_| &text[2..]);
    text.chars().all(is_dash)
        || behind_mark.is_some_and(|rest| rest.chars().all(is_dash))
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

/// A number of a column; refused with both readings where it has two and the column does not tell. `None` if it is none.
pub fn of_column(field: &str, digits: &str, decimal: Decimal) -> Result<Option<f64>, Invalid> {
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

fn plain(c: char) -> char {
    if matches!(c, '−' | '–') { '-' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn dashes_and_the_placeholders_of_programs_are_blank() {
        assert!(["", " ", "-", "—", "NULL", "#N/A", "NaN", "..."].iter().all(|text| is_blank(text)));
        assert!(["#REF!", "#div/0!", "Err:502", "#NAME?", "########", " #VALUE! "].iter().all(|text| is_blank(text)));
        assert!(!["0", "Nanas", "#1", "Err", "Err:50", "Ruko #7", "#"].iter().any(|text| is_blank(text)));
    }
}
