//! Coordinates as people and devices write them: `-8,2133`, `8°12'48"S`, `114° 22' 24,6" BT`, both in one cell.

use crate::domain::Invalid;

/// The axis that a coordinate names by its letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Lat,
    Lon,
}

/// One coordinate in degrees. Its separator is always decimal: coordinates have no thousands.
pub fn degrees(field: &str, text: &str) -> Result<f64, Invalid> {
    find_coordinate(text)
        .map(|(degrees, _)| degrees)
        .ok_or_else(|| Invalid::new("not_a_coordinate", field).with("given", text))
}

/// Two coordinates of one cell as (lon, lat). Letters decide which is which; otherwise the one that cannot be a
/// latitude is the longitude (all of Indonesia's are); otherwise latitude comes first, as is the custom there. One number
/// with a decimal comma is no pair.
pub fn pair(field: &str, text: &str) -> Result<(f64, f64), Invalid> {
    let wrong = || Invalid::new("not_two_coordinates", field).with("given", text);
    let bare = without_label(text.trim()).trim_matches(|c| matches!(c, '(' | ')' | '[' | ']'));
    let bare = bare.trim_end_matches([',', ';', '.', ' ', '?']);
    if is_one_number(bare) && !has_whole_beyond_degrees(bare) {
        return Err(Invalid::new("half_coordinate", field).with("given", text));
    }
    let (first, second) = split(bare).ok_or_else(wrong)?;
    two(first, second).ok_or_else(wrong)
}

/// Two coordinates that stand apart, as (lon, lat): see [`pair`].
pub fn two(first: &str, second: &str) -> Option<(f64, f64)> {
    let ((a, a_is), (b, b_is)) = find_coordinate(first).zip(find_coordinate(second))?;
    Some(match (a_is, b_is) {
        (Some(Axis::Lat), Some(Axis::Lat)) | (Some(Axis::Lon), Some(Axis::Lon)) => return None,
        (Some(Axis::Lon), _) | (_, Some(Axis::Lat)) => (a, b),
        (Some(Axis::Lat), _) | (_, Some(Axis::Lon)) => (b, a),
        (None, None) if a.abs() > 90.0 => (a, b),
        (None, None) => (b, a),
    })
}

/// Whether a text is one number and no more: its comma, with white space behind or not, is a decimal one, since whole
/// degrees are no place of a work.
pub fn is_one_number(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '-' | '−' | '–' | '+' | ' ');
    let marks = text.matches([',', '.']).count();
    let is_whole = marks == 1 || (marks == 0 && !text.trim().contains(' '));
    let digits = |part: &str| part.trim().trim_start_matches(['-', '−', '–', '+']).bytes().all(|b| b.is_ascii_digit());
    is_whole && text.chars().all(is_part) && text.split([',', '.']).all(digits)
}

/// Whether what stands before a comma is more than any degrees: then the comma parts two numbers that lost their points.
fn has_whole_beyond_degrees(text: &str) -> bool {
    let Some((whole, _)) = text.split_once(',') else { return false };
    whole.trim().trim_start_matches(['-', '−', '–', '+']).parse::<u64>().is_ok_and(|whole| whole > 180)
}

/// A text without the words in brackets behind it: `-8.25 114.35 (depan balai desa)`.
fn without_label(text: &str) -> &str {
    let label = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let is_label = |words: &str| words.contains(char::is_alphabetic) && !words.contains(|c: char| c.is_ascii_digit());
    label
        .filter(|(before, words)| is_label(words) && !before.trim().is_empty())
        .map_or(text, |(before, _)| before.trim_end())
}

fn find_coordinate(text: &str) -> Option<(f64, Option<Axis>)> {
    let (mut numbers, mut axis, mut negative, mut is_over, mut dashes) = (Vec::new(), None, false, false, 0);
    let mut rest = text.trim().trim_end_matches([',', ';', '.', '?']);
    while let Some(c) = rest.chars().next() {
        let is_part: fn(char) -> bool = match c {
            '0'..='9' | '.' | ',' => |c| c.is_ascii_digit() || matches!(c, '.' | ','),
            c if is_mark(c) => {
                rest = &rest[c.len_utf8()..];
                continue;
            }
            c if c.is_alphabetic() => char::is_alphabetic,
            '-' | '−' | '–' if numbers.is_empty() && !negative => {
                negative = true;
                rest = &rest[c.len_utf8()..];
                continue;
            }
            // `08-14-49`: between degrees, minutes and seconds.
            '-' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                dashes += 1;
                rest = &rest[1..];
                continue;
            }
            _ => return None,
        };
        let (part, tail) = rest.split_at(rest.find(|c| !is_part(c)).unwrap_or(rest.len()));
        rest = tail;
        if c.is_alphabetic() {
            if let Some((found, minus)) = letter(part)? {
                if axis.replace(found).is_some() {
                    return None;
                }
                negative |= minus;
                is_over = !numbers.is_empty();
            }
        } else if is_over {
            return None;
        } else {
            numbers.push(decimal(part)?);
        }
    }
    let value = match *numbers.as_slice() {
        [_, _] | [_] if dashes > 0 => return None,
        [degrees] => degrees,
        [degrees, minutes] if minutes < 60.0 => degrees + minutes / 60.0,
        [degrees, minutes, seconds] if minutes < 60.0 && seconds < 60.0 => degrees + minutes / 60.0 + seconds / 3_600.0,
        _ => return None,
    };
    Some((if negative { -value } else { value }, axis))
}

/// Symbols of degrees, minutes and seconds, as keyboards and typesetters have them. Unicode classes `º` as a letter.
fn is_mark(c: char) -> bool {
    const MARKS: &str = "°º'’‘′`´\"”“″+:=";
    c.is_whitespace() || MARKS.contains(c)
}

/// The meaning of a word beside a coordinate: `Some(None)` for a neutral one, `None` for one that does not belong
/// there.
fn letter(word: &str) -> Option<Option<(Axis, bool)>> {
    Some(match word.to_uppercase().as_str() {
        "S" | "LS" | "SELATAN" | "SOUTH" => Some((Axis::Lat, true)),
        "N" | "U" | "LU" | "UTARA" | "NORTH" => Some((Axis::Lat, false)),
        "E" | "T" | "BT" | "TIMUR" | "EAST" => Some((Axis::Lon, false)),
        "W" | "B" | "BB" | "BARAT" | "WEST" => Some((Axis::Lon, true)),
        "X" => Some((Axis::Lon, false)),
        "Y" => Some((Axis::Lat, false)),
        // A letter in the place of the degree sign too: 8o14'.
        "LINTANG" | "BUJUR" | "LAT" | "LATITUDE" | "LON" | "LONG" | "LNG" | "LONGITUDE" | "D" | "M" | "O" => None,
        _ => return None,
    })
}

fn decimal(digits: &str) -> Option<f64> {
    let plain = digits.replace(',', ".");
    let is_number = plain.matches('.').count() <= 1 && plain.bytes().any(|b| b.is_ascii_digit());
    is_number.then(|| plain.parse().ok()).flatten().filter(|value: &f64| value.is_finite())
}

/// The two halves of a cell with degrees.
fn split(text: &str) -> Option<(&str, &str)> {
    split_in_two(text, |half| find_coordinate(half).is_some()).or_else(|| {
        at_letters(text)
            .map(|(first, second)| (first.trim_end_matches([',', ' ']), second.trim_start_matches([',', ' '])))
    })
}

/// The two halves of a cell, split at the separator; at a comma only if each half `is_one` coordinate.
pub fn split_in_two(text: &str, is_one: impl Fn(&str) -> bool) -> Option<(&str, &str)> {
    let two = |mark: &str| text.split_once(mark).filter(|(_, rest)| !rest.contains(mark));
    for mark in [";", "|", "\n", "\t", " / ", "/", "~", "&", " dan ", " and ", " - "] {
        if text.contains(mark) {
            return two(mark);
        }
    }
    if let Some(halves) = two(", ").filter(|(first, second)| is_one(first) && is_one(second)) {
        return Some(halves);
    }
    if let Some(halves) = two(",").filter(|(first, second)| is_one(first) && is_one(second)) {
        return Some(halves);
    }
    if text.matches(',').count() == 3 {
        let at = text.match_indices(',').nth(1)?.0;
        return Some((&text[..at], &text[at + 1..]));
    }
    text.split_once(char::is_whitespace).filter(|(_, rest)| !rest.trim().contains(char::is_whitespace))
}

/// Splits `8°12'48"S 114°22'24"E` and `S 8°12'48" E 114°22'24"` at their letters.
fn at_letters(text: &str) -> Option<(&str, &str)> {
    let first_is_letter = text.chars().next()?.is_alphabetic();
    let mut runs = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match (before.is_alphabetic(), c.is_alphabetic()) {
            (false, true) => runs.push((at, at)),
            (true, false) => runs.last_mut()?.1 = at,
            _ => {}
        }
        before = c;
    }
    match runs.as_slice() {
        [(_, end), _] if !first_is_letter => Some(text.split_at(*end)),
        [_, (start, _)] => Some(text.split_at(*start)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 1e-9
    }

    #[test]
    fn one_coordinate_is_read_in_every_way_it_is_written() {
        let south = -(8.0 + 12.0 / 60.0 + 48.0 / 3_600.0);
        for given in [
            "8°12'48\"S",
            "8° 12' 48,0\" LS",
            "S 8°12’48”",
            "-8°12′48″",
            "8º 12' 48.0'' Lintang Selatan",
            "8 12 48 S",
            "−8:12:48",
        ] {
            assert!(
                degrees("lat", given).is_ok_and(|found| near(found, south)),
                "{given}: {:?}",
                degrees("lat", given)
            );
        }
        for (given, expected) in [
            ("-8,2133", -8.2133),
            ("-8.2133", -8.2133),
            ("8.2133 S", -8.2133),
            ("114,3735° BT", 114.3735),
            ("114°22.41'E", 114.3735),
        ] {
            assert!(degrees("lon", given).is_ok_and(|found| near(found, expected)), "{given}");
        }
    }

    #[test]
    fn an_invalid_coordinate_is_refused() {
        for given in
            ["-8.213.345", "8°72'0\"S", "8°S 9°E", "Krajan", "8 12 48 9", "--8", "8-12", "1e5", "°", "nan", "8°S N"]
        {
            assert_eq!(degrees("lat", given).unwrap_err().code, "not_a_coordinate", "{given}");
        }
    }

    #[test]
    fn two_coordinates_in_one_cell_are_separated() {
        for given in [
            "-8.2133, 114.3735",
            "-8.2133,114.3735",
            "114.3735, -8.2133",
            "-8.2133 114.3735",
            "(-8.2133; 114.3735)",
            "-8,2133; 114,3735",
            "-8,2133, 114,3735",
            "-8,2133,114,3735",
            "-8,2133 114,3735",
            "8.2133 S, 114.3735 E",
            "114.3735E 8.2133S",
            "8.2133S114.3735E",
            "S 8.2133 E 114.3735",
            "8,2133 LS / 114,3735 BT",
            "lat 8.2133S, lon 114.3735E",
        ] {
            let found = pair("koordinat", given);
            assert!(
                found.as_ref().is_ok_and(|(lon, lat)| near(*lon, 114.3735) && near(*lat, -8.2133)),
                "{given}: {found:?}"
            );
        }
        assert!(
            pair("koordinat", "8°12'48\"S 114°22'24\"E")
                .is_ok_and(|(lon, lat)| near(lat, -8.213_333_333_333_333) && near(lon, 114.373_333_333_333_33))
        );
        assert_eq!(pair("koordinat", "10.5, 20.5"), Ok((20.5, 10.5)));
        for given in ["8 S, 9 S", "a, b", "1;2;3"] {
            assert_eq!(pair("koordinat", given).unwrap_err().code, "not_two_coordinates", "{given}");
        }
    }

    #[test]
    fn one_number_is_never_a_pair() {
        for given in ["-8.2133", "-8,2133", "-8,123", "-8,55", "114,3735", "-8, 123", "114", "8,2", "−8,213345"] {
            assert_eq!(pair("koordinat", given).unwrap_err().code, "half_coordinate", "{given}");
        }
        for given in ["-8,25,114,5", "-8.25,114", "-8 114,5", "8S,114E", "-8;114"] {
            assert!(pair("koordinat", given).is_ok(), "{given}");
        }
        assert_eq!((two("-8,25", "114,5"), two("114.5", "-8.25")), (Some((114.5, -8.25)), Some((114.5, -8.25))));
        assert_eq!((two("8 S", "9 S"), two("-8,25", "Krajan")), (None, None));
    }
}
