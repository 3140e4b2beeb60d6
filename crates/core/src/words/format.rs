//! Numbers, money, distances and dates in the format of each language.

use crate::domain::person::Language;
use chrono::{Datelike, NaiveDate};
use minijinja::{Environment, Value};

/// Adds the filters `number`, `counted`, `metres`, `rupiah`, `rupiah_short`, `percent`, `date`, `bytes`, and `shell` for an
/// argument of a command.
pub fn add_filters(environment: &mut Environment<'static>, language: Language) {
    environment.add_filter("number", move |value: Value| on_number(&value, |n| number(language, n, 1)));
    environment.add_filter("counted", move |value: Value, noun: &str| counted(language, &value, noun));
    environment.add_filter("metres", move |value: Value| on_number(&value, |n| metres(language, n)));
    environment
        .add_filter("rupiah", move |value: Value| on_number(&value, |n| format!("Rp{}", number(Language::Id, n, 0))));
    environment.add_filter("rupiah_short", move |value: Value| on_number(&value, |n| rupiah_short(language, n)));
    environment.add_filter("percent", move |value: Value| {
        on_number(&value, |n| format!("{} %", number(language, n * 100.0, 0)))
    });
    environment.add_filter("bytes", move |value: Value| on_number(&value, |n| bytes(language, n)));
    environment.add_filter("shell", move |value: Value| shell_word(value.as_str().unwrap_or(&value.to_string())));
    environment.add_filter("date", move |value: Value| date(language, &value));
}

/// A text as one shell word, quoted if it has more than letters.
pub fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '/' | '-' | '_' | ',' | ':' | '=');
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// Other values are written unchanged: a sentence about a wrong input shows that input.
fn on_number(value: &Value, write: impl Fn(f64) -> String) -> String {
    match f64::try_from(value.clone()) {
        Ok(number) if number.is_finite() => write(number),
        _ => value.to_string(),
    }
}

/// With thousands separators and at most `places` decimal places, none for a whole number.
pub fn number(language: Language, value: f64, places: usize) -> String {
    let (thousands, decimal) = match language {
        Language::Id => ('.', ','),
        Language::En => (',', '.'),
    };
    let fixed = format!("{:.places$}", value.abs());
    let (whole, fraction) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut text = String::new();
    if value < 0.0 && fixed.chars().any(|c| ('1'..='9').contains(&c)) {
        text.push('−');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(thousands);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(decimal);
        text.push_str(fraction);
    }
    text
}

/// `1 project`, `1,200 projects`: a number with an English noun in its singular or plural.
fn counted(language: Language, value: &Value, noun: &str) -> String {
    let ending = if value == &Value::from(1) { "" } else { "s" };
    format!("{} {noun}{ending}", on_number(value, |n| number(language, n, 1)))
}

/// With exactly so many decimal places, for columns of figures.
pub fn decimals(language: Language, value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    if language == Language::Id { text.replace('.', ",") } else { text }
}

/// Bits with their sign: `+1,5`, `-0,8`.
pub fn signed(language: Language, bits: f64) -> String {
    let sign = if bits < 0.0 { "-" } else { "+" };
    format!("{sign}{}", decimals(language, bits.abs(), 1))
}

/// `0,4 m`, `12 m`, `1,4 km`.
pub fn metres(language: Language, value: f64) -> String {
    if value.abs() >= 1_000.0 {
        format!("{} km", number(language, value / 1_000.0, 1))
    } else if value.abs() < 1.0 {
        format!("{} m", number(language, value, 1))
    } else {
        format!("{} m", number(language, value, 0))
    }
}

/// `Rp850 ribu`, `Rp150 juta`, `Rp1,25 miliar`, `Rp2 triliun`.
pub fn rupiah_short(language: Language, value: f64) -> String {
    let steps = match language {
        Language::Id => [(1e12, "triliun"), (1e9, "miliar"), (1e6, "juta"), (1e3, "ribu")],
        Language::En => [(1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand")],
    };
    match steps.iter().find(|(step, _)| value.abs() >= *step) {
        Some((step, word)) => format!("Rp{} {word}", number(language, value / step, 2)),
        None => format!("Rp{}", number(language, value, 0)),
    }
}

/// A probability in percent, 1 to 99: nothing is ever certain.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 99")]
pub fn percent_of(probability: f64) -> u8 {
    (probability * 100.0).round().clamp(1.0, 99.0) as u8
}

fn bytes(language: Language, value: f64) -> String {
    if value >= 1024.0 * 1024.0 {
        format!("{} MiB", number(language, value / 1024.0 / 1024.0, 1))
    } else {
        format!("{} KiB", number(language, value / 1024.0, 0))
    }
}

/// `23 Nov 2026` from `2026-11-23`; other texts unchanged.
fn date(language: Language, value: &Value) -> String {
    const ID: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];
    const EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = value.to_string();
    let Ok(day) = text.parse::<NaiveDate>() else { return text };
    let months = if language == Language::Id { ID } else { EN };
    format!("{} {} {}", day.day(), months[day.month0() as usize], day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_short_in_overviews_and_full_in_facts() {
        assert_eq!(rupiah_short(Language::Id, 150e6), "Rp150 juta");
        assert_eq!(rupiah_short(Language::Id, 1.25e9), "Rp1,25 miliar");
        assert_eq!(rupiah_short(Language::En, 1.25e9), "Rp1.25 billion");
        assert_eq!(format!("Rp{}", number(Language::Id, 150_000_000.0, 0)), "Rp150.000.000");
    }

    #[test]
    fn nothing_is_ever_sure() {
        assert_eq!([0.9999, 0.5, 0.001].map(percent_of), [99, 50, 1]);
    }

    #[test]
    fn distances_have_the_comma_of_the_language() {
        assert_eq!(metres(Language::Id, 1_400.0), "1,4 km");
        assert_eq!(metres(Language::En, 1_400.0), "1.4 km");
        assert_eq!((metres(Language::Id, 12.3), metres(Language::Id, 0.42)), ("12 m".to_owned(), "0,4 m".to_owned()));
    }

    #[test]
    fn one_of_a_thing_is_not_many() {
        let text = |count: i64| counted(Language::En, &Value::from(count), "wrong cell");
        assert_eq!([0, 1, 1_200].map(text), ["0 wrong cells", "1 wrong cell", "1,200 wrong cells"]);
    }

    #[test]
    fn small_negatives_are_not_minus_nothing() {
        assert_eq!(
            (number(Language::Id, -0.04, 1), number(Language::Id, -1_234.5, 1)),
            ("0".to_owned(), "−1.234,5".to_owned())
        );
    }
}
