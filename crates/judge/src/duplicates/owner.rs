//! The name of a house owner: extraction from a title, and comparison.

use super::word::Word;
use crate::domain::text::fold;
use std::sync::Arc;

/// Extracts "a.n. Sumiati" from a title: the name ends before a place word, a number or a bracket.
pub fn extract_owner(title: &str) -> (String, Option<String>) {
    // Most titles contain no such marker and need no further work.
    let is_mark = |w: &[u8]| {
        matches!(w, [b'a' | b'A', b'.' | b'/', b'n' | b'N'] | [b'a' | b'A', b'n' | b'N', b'.'])
            || matches!(w, [b'a' | b'A', b't' | b'T', b'a' | b'A'])
    };
    if !title.as_bytes().windows(3).any(is_mark) {
        return (title.to_owned(), None);
    }
    // Markers are ASCII letters: lowering only those keeps every byte offset.
    let lower = title.to_ascii_lowercase();
    for mark in ["a.n. ", "a.n ", "an. ", "a/n ", "a/n. ", "atas nama "] {
        let Some(at) = lower.find(mark) else { continue };
        if at > 0 && !lower[..at].ends_with([' ', '(', ',']) {
            continue;
        }
        let rest = &title[at + mark.len()..];
        let mut name = Vec::new();
        let mut used = 0;
        for word in rest.split_inclusive(' ') {
            let bare = word.trim().trim_end_matches([',', ')', ';']);
            let ends = matches!(
                bare.to_lowercase().trim_end_matches('.'),
                "rt" | "rw" | "dusun" | "dsn" | "desa" | "di" | "dk" | "kp" | "blok" | "alamat" | "tahap" | ""
            ) || bare.starts_with(|c: char| c.is_ascii_digit() || c == '(')
                || bare.to_lowercase().starts_with("rt.")
                || bare.starts_with(['-', '–', '/']);
            if ends || name.len() == 4 {
                break;
            }
            name.push(bare.to_owned());
            used += word.len();
            if word.trim() != bare {
                break; // a comma or a bracket ends the name
            }
        }
        if name.is_empty() {
            continue;
        }
        let before = title[..at].trim_end_matches([' ', '(', ',']);
        let behind = rest[used..].trim_start_matches([' ', ')', ',']);
        let left = format!("{before} {behind}").split_whitespace().collect::<Vec<_>>().join(" ");
        return (left, Some(name.join(" ")));
    }
    (title.to_owned(), None)
}

/// Forms of address in a title: "rumah Pak Slamet".
const SALUTATIONS: &[&str] = &["pak", "bapak", "bpk", "bp", "bu", "ibu", "mbah", "mbok", "sdr", "sdri"];

/// The name after "Pak", "Bu", "Mbah" …, of at most three words. O(words).
pub fn called(words: &[Arc<Word>]) -> Option<String> {
    let at = words.iter().position(|word| SALUTATIONS.contains(&&*word.text))?;
    let name: Vec<&str> =
        words[at + 1..].iter().take_while(|word| word.may_be_a_name()).take(3).map(|word| &*word.text).collect();
    (!name.is_empty()).then(|| name.join(" "))
}

/// Titles around a name that are not part of it; so are single letters (S.Pd, M. Slamet).
const TITLES: &str = "bapak bpk pak bp ibu bu sdr sdri tn ny mbah mbok kk keluarga kel hj haji hajah kh ustadz ust drs dra dr ir \
    mr mrs ms alm almh almarhum almarhumah se sh st spd ssos pd sos kom hum kes";

/// The words of a name without titles, in modern spelling: "Bpk. Soekardjo" is "sukarjo". (Before the reform of 1972:
/// oe for u, dj for j, tj for c; dj is replaced before j, since j was y.)
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = fold(name)
        .split_whitespace()
        .filter(|word| word.len() > 1 && !TITLES.split(' ').any(|title| title == *word))
        .map(|word| word.replace("oe", "u").replace("dj", "j").replace("tj", "c"))
        .collect();
    words.sort_unstable();
    words
}

/// Whether a title contains every word of an owner's name: "Bedah rumah Kasinem".
pub fn stands_in(owner: &str, title: &[Arc<Word>]) -> bool {
    let name = words(owner);
    let in_title: Vec<String> = title.iter().flat_map(|word| words(&word.text)).collect();
    !name.is_empty() && name.iter().all(|word| in_title.contains(word))
}

/// Length from which a typing error in a name is more likely than another name: Budi and Rudi are two people.
const LONG: usize = 6;

/// Two owners: the same name, nearly the same (a typing error), different, or unknown (a name of two words and only
/// one of them). O(letters²) of one word.
pub fn compare(a: &str, b: &str) -> &'static str {
    let (x, y) = (words(a), words(b));
    if x.is_empty() || y.is_empty() {
        return "unknown";
    }
    if x == y {
        return "same";
    }
    // Match each word of the shorter name with one of the longer, once.
    let (few, mut many) = if x.len() <= y.len() { (x, y) } else { (y, x) };
    let as_long = few.len() == many.len();
    let (equal, mut rest): (Vec<String>, Vec<String>) =
        few.into_iter().partition(|word| take_word(&mut many, |other| other == word).is_some());
    let mut has_other_ending = false;
    rest.retain(|word| {
        let near = take_word(&mut many, |other| {
            word.len().max(other.len()) >= LONG
                && word.chars().next() == other.chars().next()
                && strsim::osa_distance(word, other) == 1
        });
        let Some(other) = near else { return true };
        // "Sukarno" and "Sukarni" may be a typing error, or husband and wife.
        has_other_ending |= word.chars().last() != other.chars().last();
        false
    });
    match (rest.is_empty(), as_long) {
        (true, true) if has_other_ending => "unknown",
        (true, true) => "near",
        // A part of a name counts only if it is identical.
        (true, false) if !equal.is_empty() => "unknown",
        _ => "different",
    }
}

/// Removes and returns the first word that matches.
fn take_word(words: &mut Vec<String>, is_meant: impl Fn(&str) -> bool) -> Option<String> {
    let at = words.iter().position(|word| is_meant(word))?;
    Some(words.remove(at))
}

#[cfg(test)]
mod tests {
    use super::super::word::spell;
    use super::*;

    #[test]
    fn letters_that_grow_in_lower_case_keep_their_places() {
        assert_eq!(extract_owner("İ a.n. é ẞ"), ("İ".to_owned(), Some("é ẞ".to_owned())));
        assert_eq!(extract_owner("Rumah A.N. Sîtî"), ("Rumah".to_owned(), Some("Sîtî".to_owned())));
    }

    #[test]
    fn a_name_is_found_behind_pak_and_bu() {
        let of = |title: &str| called(&spell(&title.to_lowercase()));
        assert_eq!(of("Rehab rumah Pak Slamet Riyadi RT 03"), Some("slamet riyadi".to_owned()));
        assert_eq!(of("Bedah rumah Mbah Tun"), Some("tun".to_owned()));
        assert_eq!(of("Rehab rumah PAK 2025"), None);
        assert_eq!(of("Rehab rumah tidak layak huni 5 KK"), None);
    }

    #[test]
    fn a_name_is_one_with_and_without_its_titles_and_in_the_old_spelling() {
        for (a, b, level) in [
            ("Sumiati", "Bpk. Sumiati", "same"),
            ("H. Slamet Riyadi, S.Pd", "Pak Slamet Riyadi", "same"),
            ("Soekardjo", "Sukarjo", "same"),
            ("Riyadi Slamet", "Slamet Riyadi", "same"),
            ("Slamet", "Slamet Riyadi", "unknown"),
            ("Sumiati", "Sumiyati", "near"),
            ("Suwarno", "Suparman", "different"),
            ("Budi", "Rudi", "different"),
            ("Marno", "Warno", "different"),
            ("Sukarni", "Sukarno", "unknown"),
            ("Sri Sari", "Sri Wahyuni", "different"),
            ("Siti Sumiati", "Siti Sumiyati", "near"),
            ("Slamet Riyadi", "Slamet Widodo", "different"),
            ("Pak", "Slamet", "unknown"),
        ] {
            assert_eq!((compare(a, b), compare(b, a)), (level, level), "{a} / {b}");
        }
    }

    #[test]
    fn an_owner_is_taken_out_and_the_rest_stays() {
        assert_eq!(
            extract_owner("Rehab RTLH a.n. Sumiati RT 03"),
            ("Rehab RTLH RT 03".to_owned(), Some("Sumiati".to_owned()))
        );
        assert_eq!(
            extract_owner("Bedah rumah a/n Pak Slamet Riyadi, Dusun Krajan"),
            ("Bedah rumah Dusun Krajan".to_owned(), Some("Pak Slamet Riyadi".to_owned()))
        );
        assert_eq!(extract_owner("Pembangunan jalan an Melati").1, None);
        assert_eq!(extract_owner("Jalan Tulang Bawang"), ("Jalan Tulang Bawang".to_owned(), None));
    }
}
