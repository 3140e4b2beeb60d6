//! The public title of a grant house: the work, without its resident or door.

use super::extract_owner;
use crate::domain::project::{ProjectDetails, Sensitivity};
use crate::domain::text::fold;

/// Forms of address; a name follows.
const SALUTATIONS: &[&str] =
    &["pak", "bapak", "bpk", "bp", "bu", "ibu", "mbah", "mbok", "sdr", "sdri", "tn", "ny", "hj", "ust", "ustadz", "kh"];
/// Words that end a name.
const NO_NAMES: &[&str] = &[
    "rt",
    "rw",
    "dusun",
    "dsn",
    "dukuh",
    "dk",
    "desa",
    "kampung",
    "kp",
    "blok",
    "lingkungan",
    "di",
    "dan",
    "yang",
    "tahap",
    "tahun",
    "alamat",
    "jalan",
    "jl",
    "jln",
    "gang",
    "gg",
    "no",
    "nomor",
    "kec",
    "kecamatan",
];
/// Maximum number of words in a name.
const NAME_WORDS: usize = 4;
/// Shown if nothing is left of a title.
pub const NOTHING: &str = "—";

/// The title that the public may read; `None` if it is the title itself.
pub fn shown_title(details: &ProjectDetails) -> Option<String> {
    (details.sensitivity == Sensitivity::Hamlet).then(|| without_person(&details.title, details.owner.as_deref()))
}

/// A text about a grant house without the owner's name and the numbers that lead to the door. O(letters).
pub fn without_person(text: &str, owner: Option<&str>) -> String {
    let (text, _) = extract_owner(text);
    let owner: Vec<String> = owner.map(fold).unwrap_or_default().split(' ').map(str::to_owned).collect();
    let is_owner = |word: &str| {
        let word = fold(word);
        word.chars().count() > 1 && !word.is_empty() && word.split(' ').all(|part| owner.iter().any(|own| own == part))
    };
    let mut kept: Vec<&str> = Vec::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let plain = plain(word);
        if is_door(&plain) {
            while words.next_if(|next| is_number(next)).is_some() {}
        } else if SALUTATIONS.contains(&plain.as_str()) {
            let mut left = NAME_WORDS;
            while left > 0
                && let Some(name) = words.next_if(|next| may_be_a_name(next))
            {
                left = if name.ends_with([',', ')', ';']) { 0 } else { left - 1 };
            }
        } else if !is_owner(word) && !is_coordinate(word) {
            kept.push(word);
        }
    }
    let kept = kept.join(" ");
    let kept = kept.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '–' | '/' | '(' | ')' | '.'));
    if kept.is_empty() { NOTHING.to_owned() } else { kept.to_owned() }
}

/// Lower case, trimmed of non-letters at both ends.
fn plain(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// RT, RW or house number, alone or joined with its number: "RT", "rt.03", "RT03/RW02", "RT/RW". "RTLH" is a house
/// unfit to live in.
fn is_door(plain: &str) -> bool {
    let ahead = |mark: &str| {
        plain.strip_prefix(mark).is_some_and(|rest| !rest.starts_with(char::is_alphabetic) || rest.is_empty())
    };
    ahead("rt") || ahead("rw") || ahead("no") || ahead("nomor")
}

/// Digits with their separators, or a Roman numeral: "03", "03/02", "1-3", "s/d", "&", "II".
fn is_number(word: &str) -> bool {
    let plain = plain(word);
    let digits = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | '-' | '.' | ',' | '–'));
    let roman = plain.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    digits || roman || plain == "s/d" || plain == "sd"
}

fn may_be_a_name(word: &str) -> bool {
    let plain = plain(word);
    !plain.is_empty() && !plain.contains(|c: char| c.is_ascii_digit()) && !NO_NAMES.contains(&plain.as_str())
}

/// A number with so many decimals that it is a coordinate: "-8.2031".
fn is_coordinate(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_digit());
    let Some((whole, decimals)) = word.split_once(['.', ',']) else { return false };
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    digits(whole) && digits(decimals) && whole.len() <= 3 && decimals.len() >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_grant_house_the_title_names_the_work_and_no_person_and_no_door() {
        for (title, owner, shown) in [
            ("Rehab RTLH a.n. Sumiati RT 03 RW 01 Dusun Krajan", Some("Sumiati"), "Rehab RTLH Dusun Krajan"),
            ("Bedah rumah Sumiati RT.03/RW.01", Some("Sumiati"), "Bedah rumah"),
            ("Bedah rumah SUMIATI (Rt 3)", Some("Ibu Sumiati"), "Bedah rumah"),
            ("Rehab rumah Pak Slamet Riyadi di Krajan", None, "Rehab rumah di Krajan"),
            ("Bedah rumah Bu Tun, Dusun Curahjati", None, "Bedah rumah Dusun Curahjati"),
            ("Rehab rumah RT 1-3, RW II", None, "Rehab rumah"),
            ("Rehab rumah No. 12 Krajan", None, "Rehab rumah Krajan"),
            ("Rehab RTLH 5 unit", None, "Rehab RTLH 5 unit"),
            ("RTLH -8.20312, 114.30121", None, "RTLH"),
            ("a.n. Sumiati", Some("Sumiati"), "—"),
            ("Rehab rumah Siti Nur Azizah", Some("Siti Nur Azizah"), "Rehab rumah"),
        ] {
            assert_eq!(without_person(title, owner), shown, "{title}");
        }
    }
}
