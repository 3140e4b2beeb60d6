//! Sums of money as people write them: `Rp 150.000.000,00`, `328,5 Jt`, `1,25 miliar`, or in the unit of their column.

use super::numbers::{of_column, whole};
use super::writing::{Decimal, two_readings};
use crate::domain::Invalid;
use crate::domain::money::rupiah;

/// Rupiah below which a sum has no fraction.
const LEAST_EXACT: f64 = 1_000.0;
/// Digits of whole numbers that a float holds exactly.
const EXACT_DIGITS: usize = 15;
/// Rupiah that no work of a village costs.
const MOST_IN_UNIT: f64 = 1e13;

/// Whole rupiah: with or without `Rp`, `,-` and `,00`, or in thousands (`rb`), millions (`jt`), milliards (`M`,
/// `miliar`) and billions (`T`, `triliun`). Three digits behind a mark are thousands, since no sum has thousandths of a
/// rupiah; before a unit they may be either, and the column decides. Other fractions of a rupiah are rounded.
pub fn money(field: &str, text: &str, decimal: Decimal) -> Result<i64, Invalid> {
    money_in(field, text, decimal, 0)
}

/// As [`money`], of a column whose numbers without a unit of their own are in thousands (`power` 3), millions (6) …: their
/// mark is read as that of a number before a unit.
pub fn money_in(field: &str, text: &str, decimal: Decimal, power: u8) -> Result<i64, Invalid> {
    let wrong = || Invalid::new("not_money", field).with("given", text);
    // As programs write it. Beyond so many digits a float would not hold it.
    if power == 0 && text.len() <= EXACT_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        return rupiah(field, text.parse().map_err(|_| wrong())?);
    }
    let lower = text.trim().to_lowercase();
    let mut rest = without_words_beside(&lower).trim_end_matches(['*', ' ']).to_owned();
    for mark in ["rp.", "rp", "idr", "rupiah"] {
        rest = rest.strip_prefix(mark).or(rest.strip_suffix(mark)).map_or(rest.clone(), |rest| rest.trim().to_owned());
    }
    for tail in [",-", ".-", ";-", ",–", ".–", "-"] {
        rest = rest.strip_suffix(tail).map_or(rest.clone(), str::to_owned);
    }
    let at = rest.find(|c: char| c.is_alphabetic() && c != 'e').unwrap_or(rest.len());
    let (digits, unit) = rest.split_at(at);
    let unit = unit.trim_end_matches('.').trim();
    // Elsewhere M is a million, and "mil" a thousand.
    if matches!(unit, "m" | "mil") && is_foreign(field) {
        return Err(Invalid::new("million_or_milliard", field).with("given", text));
    }
    let of_unit = match unit {
        "" => None,
        "rb" | "ribu" | "ribuan" | "k" | "thousand" => Some(3),
        "jt" | "juta" | "jutaan" | "million" | "millones" | "milhões" => Some(6),
        "m" | "mil" | "milyar" | "miliar" | "mlyr" | "mlr" | "billion" => Some(9),
        "t" | "tr" | "triliun" | "trilyun" => Some(12),
        _ => return Err(wrong()),
    };
    let power = of_unit.unwrap_or(power);
    let value = match two_readings(digits.trim()) {
        Some((thousands, _)) if power == 0 => f64::from(thousands),
        _ if power == 0 && has_thousandths(digits) => return Err(wrong()),
        _ => of_column(field, digits, decimal)?.ok_or_else(wrong)?,
    };
    in_rupiah(field, text, value, power)
}

/// A number of a column whose unit is ten to a power of rupiah. Refused where no budget can be meant: less than a thousand
/// rupiah with a fraction is of another unit, and 10 billion (10^13) more than the unit allows.
pub fn in_rupiah(field: &str, text: &str, value: f64, power: u8) -> Result<i64, Invalid> {
    let sum = value * 10f64.powi(i32::from(power));
    let wrong = |code| Invalid::new(code, field).with("given", text);
    if sum > 0.0 && sum < LEAST_EXACT && sum.fract() != 0.0 {
        return Err(wrong("sum_of_another_unit"));
    }
    if power > 0 && sum >= MOST_IN_UNIT {
        return Err(wrong("sum_beyond_its_unit"));
    }
    whole(sum).ok_or_else(|| wrong("not_money")).and_then(|sum| rupiah(field, sum))
}

/// The power of ten that a heading, or a line above it, names for its sums: `Pagu (juta rupiah)`, `Rp. 000`, `dalam ribuan
/// rupiah`. `None` where it names none.
pub fn unit_of_money(heading: &str) -> Option<u8> {
    let lower = heading.to_lowercase();
    let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let by_word = |word: &str| match word {
        "ribu" | "ribuan" | "rb" | "thousand" | "thousands" => Some(3),
        "juta" | "jutaan" | "jt" | "million" | "millions" | "millones" | "milhões" => Some(6),
        "miliar" | "milyar" | "miliaran" | "milyaran" | "billion" | "billions" => Some(9),
        _ => None,
    };
    let zeros = || {
        let all: Vec<&str> = words().collect();
        let is_rupiah = |word: &&str| matches!(*word, "rp" | "rupiah" | "idr" | "x");
        let mut found = all.iter().filter_map(|word| match *word {
            "000" | "1000" => Some(3),
            "000000" | "1000000" => Some(6),
            _ => None,
        });
        found.next().filter(|_| all.iter().any(is_rupiah))
    };
    let split_zeros = || (lower.contains("000.000") || lower.contains("000,000")).then_some(6);
    words().find_map(by_word).or_else(|| zeros().map(|power| split_zeros().unwrap_or(power)))
}

/// Whether a column of money is called in another language than Indonesian, without a word for rupiah.
fn is_foreign(column: &str) -> bool {
    const FOREIGN: [&str; 9] =
        ["budget", "amount", "cost", "monto", "presupuesto", "importe", "orçamento", "custo", "montante"];
    let lower = column.to_lowercase();
    let in_rupiah = lower.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "rp" | "rupiah" | "idr"));
    !in_rupiah && FOREIGN.iter().any(|word| lower.contains(word))
}

/// A text without the words in brackets at its end: `75.000.000 (tujuh puluh lima juta)`. One word is a unit.
fn without_words_beside(text: &str) -> &str {
    let Some((before, words)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) else { return text };
    let is_words = words.contains(' ') && words.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | ','));
    if is_words && !before.trim().is_empty() { before.trim_end() } else { text }
}

/// Whether a number ends in thousandths that are not all zero; `75.500.000` ends in a group.
fn has_thousandths(digits: &str) -> bool {
    let digits = digits.trim();
    let Some(at) = digits.rfind(['.', ',']) else { return false };
    let (before, after) = (&digits[..at], &digits[at + 1..]);
    let is_group = before.contains(&digits[at..=at]);
    !is_group && after.len() == 3 && after.bytes().all(|byte| byte.is_ascii_digit()) && after != "000"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::cells::quantities::{quantity, station};

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
}
