//! Points and tracks of survey apps (ODK, Kobo): `lat lon altitude accuracy`, the corners of a track apart by `;`.

use geo::{Coord, Geometry, LineString, Point, Polygon};

/// Corners of an area that is closed by its first one.
const CLOSED: usize = 4;

/// A place that a survey app recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    pub geometry: Geometry<f64>,
    /// Of its worst corner, metres; `None` where the app stated none.
    pub accuracy_m: Option<f64>,
}

/// The place of a cell in the form of a survey app, `None` for another form. One position without altitude is none: people
/// write it too. Areas are closed. O(n).
pub fn track(text: &str) -> Option<Track> {
    let parts = |text: &str, is_end: fn(char) -> bool| {
        text.split(is_end).map(str::trim).filter(|part| !part.is_empty()).map(corner).collect::<Option<Vec<Corner>>>()
    };
    // KML parts corners by blanks, and the numbers of one by commas.
    let is_of_kml = text.split_whitespace().count() > 1 && text.split_whitespace().all(|word| word.contains(','));
    let by_marks = parts(text, |c| matches!(c, ';' | '|' | '\n'));
    let corners = by_marks.or_else(|| if is_of_kml { parts(text, char::is_whitespace) } else { None })?;
    let line: Vec<Coord<f64>> = corners.iter().map(|corner| corner.at).collect();
    let accuracy_m = corners.iter().filter_map(|corner| corner.accuracy_m).max_by(f64::total_cmp);
    let geometry = match line.as_slice() {
        [] => return None,
        [_] if corners[0].numbers < 3 => return None,
        [at] => Geometry::Point(Point(*at)),
        [first, .., last] if line.len() >= CLOSED && first == last => {
            Geometry::Polygon(Polygon::new(LineString(line), Vec::new()))
        }
        _ => Geometry::LineString(LineString(line)),
    };
    Some(Track { geometry, accuracy_m })
}

struct Corner {
    at: Coord<f64>,
    accuracy_m: Option<f64>,
    numbers: usize,
}

/// Two to four numbers: degrees have fractions, whole numbers in their place are degrees and minutes.
fn corner(text: &str) -> Option<Corner> {
    let words: Vec<&str> = if text.contains(char::is_whitespace) {
        text.split_whitespace().map(|word| word.trim_end_matches(',')).collect()
    } else {
        text.split(',').collect()
    };
    if !(2..=4).contains(&words.len()) || !words[..2].iter().all(|word| word.contains(['.', ','])) {
        return None;
    }
    let numbers: Vec<f64> = words
        .iter()
        .map(|word| word.replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite()))
        .collect::<Option<_>>()?;
    // Latitude comes first; what cannot be one is the longitude.
    let [lat, lon] = if numbers[0].abs() > 90.0 { [numbers[1], numbers[0]] } else { [numbers[0], numbers[1]] };
    let accuracy_m = numbers.get(3).copied().filter(|metres| *metres > 0.0);
    Some(Corner { at: Coord { x: lon, y: lat }, accuracy_m, numbers: numbers.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{line_string, polygon};

    #[test]
    fn a_track_is_read_with_and_without_spaces_and_an_end_mark() {
        let line: Geometry<f64> = line_string![(x: 114.35, y: -8.25), (x: 114.36, y: -8.26)].into();
        for text in [
            "-8.25 114.35 120.0 4.5;-8.26 114.36 121 4.0;",
            "-8.25 114.35 120.0 4.5; -8.26 114.36 121 4.0",
            "-8,25 114,35 120 4,5; -8,26 114,36 121 4",
            "-8.25,114.35,120.0,4.5;-8.26,114.36,121.0,4.0",
            "114.35 -8.25 0 4.5; 114.36 -8.26 0 0",
            "-8.25 114.35 120.0 4.5|-8.26 114.36 121 4.0|",
        ] {
            assert_eq!(track(text), Some(Track { geometry: line.clone(), accuracy_m: Some(4.5) }), "{text}");
        }
        let of_kml = track("114.35,-8.25,0 114.36,-8.26,0").unwrap();
        assert_eq!((of_kml.geometry, of_kml.accuracy_m), (line.clone(), None));
        let pointless = track("-8.25 114.35; -8.26 114.36").unwrap();
        assert_eq!((pointless.geometry, pointless.accuracy_m), (line, None));
        let point = track("-8.25 114.35 120.0 4.5").unwrap();
        assert_eq!((point.geometry, point.accuracy_m), (Point::new(114.35, -8.25).into(), Some(4.5)));
        let area = track("-8.1 114.1 0 0;-8.1 114.2 0 0;-8.2 114.2 0 0;-8.1 114.1 0 0").unwrap();
        let expected = polygon![(x: 114.1, y: -8.1), (x: 114.2, y: -8.1), (x: 114.2, y: -8.2), (x: 114.1, y: -8.1)];
        assert_eq!(area.geometry, expected.into());
    }

    #[test]
    fn what_people_write_is_no_track() {
        for text in [
            "-8.2133, 114.3735",
            "-8,2133; 114,3735",
            "8 12 48; 114 22 24",
            "-8.2133",
            "1;2;3",
            "",
            "a b; c d",
            "8°12'48\"S 114°22'24\"E",
            "-8,25 114,35",
        ] {
            assert_eq!(track(text), None, "{text}");
        }
    }
}
