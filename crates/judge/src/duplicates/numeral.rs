//! Numbers that distinguish works, in all their notations.

use crate::domain::text::fold;

/// Units after a number: together they are a quantity, not an identifier.
pub const UNITS: &[&str] = &[
    "m", "m1", "m2", "m3", "km", "cm", "mm", "ha", "meter", "metre", "metres", "unit", "units", "bh", "buah", "ls",
    "titik", "ttk", "kk", "pk", "hp", "watt", "kva", "liter", "ltr", "kg", "ton", "inch", "inci", "dim", "orang",
    "org", "set", "lokal", "lembar", "lbr", "batang", "btg", "sak", "ekor", "jiwa", "lokasi", "pintu", "lantai", "kpm",
];

/// Words before a measure.
pub const MEASURES: &[&str] = &[
    "panjang",
    "lebar",
    "tinggi",
    "tebal",
    "dalam",
    "kedalaman",
    "bentang",
    "diameter",
    "dia",
    "ukuran",
    "uk",
    "volume",
    "vol",
    "luas",
    "kapasitas",
    "mutu",
    "tipe",
    "type",
    "length",
    "width",
    "height",
    "depth",
    "span",
    "size",
];

/// `3`, `03`, `iii` and `tiga` (which the tables write as `3`) are the same number; `10` and `10a` are different.
/// `None` for anything else.
pub fn numeral(word: &str) -> Option<String> {
    if let Some(number) = roman(word) {
        return Some(number.to_string());
    }
    let behind = word.trim_start_matches(|c: char| c.is_ascii_digit());
    if behind.len() < word.len() && (UNITS.contains(&behind) || behind == "x") {
        return None; // "2m" is a quantity
    }
    let starts = behind.len() < word.len();
    let short = word.len() <= 4 && (starts || (word.len() == 1 && !UNITS.contains(&word)));
    short.then(|| plain_number(word))
}

/// The value of a Roman numeral up to 89 in its one right form: nobody counts phases or hamlets further. "xl" is a
/// size, "li" a name, "l" a letter.
fn roman(word: &str) -> Option<usize> {
    const TENS: [&str; 9] = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx"];
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    if word.is_empty() || matches!(word, "l" | "li" | "xl") || !word.bytes().all(|byte| b"ivxl".contains(&byte)) {
        return None;
    }
    (1..10 * TENS.len())
        .find(|number| word.strip_prefix(TENS[number / 10]).is_some_and(|ones| ones == ONES[number % 10]))
}

/// The number in a field of its own: `RT 03` is `3`.
pub fn plain_number(text: &str) -> String {
    let folded = fold(text);
    let bare = folded.trim_start_matches("rt ").trim_start_matches("rw ").trim_start_matches('0');
    if bare.is_empty() && !folded.is_empty() { "0".to_owned() } else { bare.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_is_not_ten_a() {
        assert_ne!(numeral("10"), numeral("10a"));
        assert_eq!(numeral("ii"), numeral("02"));
        assert_eq!(numeral("xix"), numeral("19"));
        assert_eq!(numeral("xxii"), numeral("22"));
        assert_eq!(numeral("xlix"), numeral("49"));
        for none in ["iix", "xxxx", "xl", "li", "vil", "mix"] {
            assert_eq!(numeral(none), None, "{none}");
        }
        assert_eq!(numeral("2m"), None);
    }
}
