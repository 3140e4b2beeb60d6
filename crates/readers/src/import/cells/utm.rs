//! Coordinates of UTM with their zone in one cell: `49L 207345 9087000`, `207345 mE 9087000 mS 49 S`.

use super::numbers::number;

/// Metres east and north in a zone of UTM on WGS 84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Utm {
    pub epsg: u32,
    pub x: f64,
    pub y: f64,
}

/// East of any zone, metres: its edge at the equator lies at 166,000 and 834,000.
const EAST: std::ops::Range<f64> = 100_000.0..1_000_000.0;
/// North, metres: the equator itself has 10,000,000 seen from the south.
const NORTH: std::ops::RangeInclusive<f64> = 0.0..=10_000_000.0;
/// Words beside the numbers.
const BESIDE: [&str; 16] =
    ["UTM", "ZONA", "ZONE", "X", "Y", "E", "N", "S", "T", "U", "M", "ME", "MT", "MN", "MU", "MS"];

/// The place of a cell with a zone and two numbers; `None` for anything else. `point`: numbers of the file have a point.
pub fn utm(text: &str, point: bool) -> Option<Utm> {
    let upper = text.to_uppercase().replace("WGS84", " ").replace("WGS 84", " ").replace(", ", " ");
    let words: Vec<&str> =
        upper.split(|c: char| c.is_whitespace() || matches!(c, ';' | ':' | '=' | '|' | '/' | '(' | ')')).collect();
    let (mut zone, mut is_south, mut metres) = (None, None, Vec::new());
    let mut is_behind_zone = false;
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
        let (digits, letters) = word.split_at(digits);
        let as_zone = digits.parse::<u32>().ok().filter(|zone| (1..=60).contains(zone) && digits.len() <= 2);
        let was_behind_zone = std::mem::take(&mut is_behind_zone);
        if zone.is_none() && as_zone.is_some() && (letters.is_empty() || hemisphere(letters).is_some()) {
            (zone, is_south) = (as_zone, hemisphere(letters));
            is_behind_zone = letters.is_empty();
        } else if was_behind_zone && hemisphere(word).is_some() {
            is_south = hemisphere(word);
        } else if !BESIDE.contains(&word) {
            metres.push(number(word.trim_matches(char::is_alphabetic), point)?);
        }
    }
    let ([first, second], Some(is_south)) = (metres.as_slice(), is_south) else { return None };
    // East comes first; what cannot be east is north.
    let [x, y] = if EAST.contains(first) { [*first, *second] } else { [*second, *first] };
    let epsg = zone? + if is_south { 32_700 } else { 32_600 };
    (EAST.contains(&x) && NORTH.contains(&y)).then_some(Utm { epsg, x, y })
}

/// Whether a letter or word behind a zone is of the southern hemisphere. Letters of bands: C to M lie south of the equator.
/// S is the south, as people here write it, and not its band, which lies in the latitudes of Japan; E and X are axes.
fn hemisphere(word: &str) -> Option<bool> {
    match word {
        "S" | "LS" | "SOUTH" | "SELATAN" => Some(true),
        "N" | "LU" | "U" | "NORTH" | "UTARA" => Some(false),
        _ => {
            let [band] = word.as_bytes() else { return None };
            match band {
                b'C' | b'D' | b'F'..=b'H' | b'J'..=b'M' => Some(true),
                b'P'..=b'R' | b'T' | b'V' | b'W' => Some(false),
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_and_two_numbers_are_a_place() {
        let south = Some(Utm { epsg: 32_749, x: 207_345.0, y: 9_087_000.0 });
        for text in [
            "49L 207345 9087000",
            "49S 207345 9087000",
            "49 L 207345 9087000",
            "49 S 207345 mE 9087000 mS",
            "UTM 49S; X: 207345; Y: 9087000",
            "Zona 49 Selatan 207345 9087000",
            "49M 9087000 207345",
            "207345 9087000 49S",
            "WGS 84 / UTM zone 49S: 207345, 9087000",
            "49L 207.345 9.087.000",
        ] {
            assert_eq!(utm(text, false), south, "{text}");
        }
        assert_eq!(utm("49L 207345.25 9087000.5", true), Some(Utm { epsg: 32_749, x: 207_345.25, y: 9_087_000.5 }));
        assert_eq!(utm("47N 207345 512345", false).map(|utm| utm.epsg), Some(32_647));
        assert_eq!(utm("47 N 207345 512345", false).map(|utm| utm.epsg), Some(32_647));
    }

    #[test]
    fn without_a_zone_or_with_one_number_it_is_none() {
        for text in [
            "207345 9087000",
            "49L 207345",
            "49 207345 9087000",
            "49L",
            "99L 207345 9087000",
            "49L 207345 9087000 3",
            "49 E 207345 N 9087000",
            "-8.2 114.3",
            "Gang 49 S",
            "",
        ] {
            assert_eq!(utm(text, false), None, "{text}");
        }
    }
}
