//! Cells with coordinates: degrees as people write them, or metres east and north of a plane system.

use super::raw::RawCell;
use crate::domain::Invalid;
use crate::import::cells::coordinates::{degrees, is_one_number, pair, split_in_two, two};
use crate::import::cells::numbers::number;

/// The unit of a file's coordinates.
#[derive(Clone, Copy, Debug)]
pub enum Axes {
    Degrees,
    /// `point`: numbers of the file have a decimal point.
    Metres {
        point: bool,
    },
}

impl Axes {
    /// One coordinate.
    pub fn one(self, cell: &RawCell) -> Result<f64, Invalid> {
        match self {
            Self::Degrees => degrees(&cell.column, &cell.text)
                .map(|degrees| if is_southern(cell) { -degrees.abs() } else { degrees })
                .map_err(|wrong| lost_point(&cell.text).map_or(wrong, |reading| point_lost(cell, reading.to_string()))),
            Self::Metres { point } => metres(&cell.text, point || cell.is_number)
                .ok_or_else(|| Invalid::new("not_metres", cell.column.as_ref()).with("given", cell.text.as_str())),
        }
    }

    /// Two coordinates of one cell as (x, y): lon and lat, or east and north, which plane systems write in this order.
    pub fn pair(self, cell: &RawCell) -> Result<(f64, f64), Invalid> {
        match self {
            Self::Degrees => pair(&cell.column, &cell.text),
            Self::Metres { point } => {
                let bare = cell.text.trim().trim_matches(|c| matches!(c, '(' | ')' | '[' | ']'));
                if is_one_number(bare) {
                    let half = Invalid::new("half_coordinate", cell.column.as_ref());
                    return Err(half.with("given", cell.text.as_str()));
                }
                let both = split_in_two(bare, |half| metres(half, point).is_some());
                both.and_then(|(x, y)| metres(x, point).zip(metres(y, point))).ok_or_else(|| {
                    Invalid::new("not_two_coordinates", cell.column.as_ref()).with("given", cell.text.as_str())
                })
            }
        }
    }

    /// Two coordinates of two cells that no heading tells apart, as [`Axes::pair`].
    pub fn two(self, first: &RawCell, second: &RawCell) -> Result<(f64, f64), Invalid> {
        let found = match self {
            Self::Degrees => two(&first.text, &second.text),
            Self::Metres { point } => metres(&first.text, point).zip(metres(&second.text, point)),
        };
        let given = || format!("{}; {}", first.text, second.text);
        found.ok_or_else(|| Invalid::new("not_two_coordinates", first.column.as_ref()).with("given", given()))
    }
}

/// Whether the heading says that all latitudes are of the south, and the cell itself says nothing: `Lintang Selatan`, `LS`.
fn is_southern(cell: &RawCell) -> bool {
    let column = cell.column.to_lowercase();
    let is_named = column.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "ls" | "selatan" | "south"));
    is_named && !cell.text.contains(char::is_alphabetic)
}

fn point_lost(cell: &RawCell, reading: String) -> Invalid {
    Invalid::new("decimal_point_lost", cell.column.as_ref()).with("given", cell.text.as_str()).with("reading", reading)
}

/// Of a coordinate that lost its decimal point (`-8247000`, or `-8.247.000` with points for thousands) what it was, where it
/// is one of this country.
pub fn lost_point(text: &str) -> Option<f64> {
    let bare = text.trim();
    let (is_negative, digits) = bare.strip_prefix(['-', '−']).map_or((false, bare), |digits| (true, digits));
    let digits = digits.strip_suffix(".0").unwrap_or(digits);
    let is_grouped = digits.matches(['.', ',']).count() != 1;
    let digits: String = digits.chars().filter(|c| !matches!(c, '.' | ',' | ' ')).collect();
    if !is_grouped || digits.len() < 4 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let with_point = |whole: usize| format!("{}.{}", &digits[..whole], &digits[whole..]).parse::<f64>().ok();
    let is_of_land = |value: &f64| (LEAST..=MOST).contains(value);
    let found = if is_negative { with_point(1).map(|lat| -lat) } else { with_point(3).filter(|lon| *lon >= WEST) };
    found.or_else(|| with_point(2).filter(|lon| !is_negative && *lon >= WEST)).filter(is_of_land)
}

/// Latitudes and longitudes of this country.
const LEAST: f64 = -9.999_999_999;
const MOST: f64 = 142.0;
const WEST: f64 = 94.0;

/// `207.345,67`, `207345.67 mE`, `X: 207345`: letters that name the axis are dropped.
fn metres(text: &str, point: bool) -> Option<f64> {
    let is_beside = |c: char| c.is_alphabetic() || matches!(c, ':' | '=' | ' ');
    number(text.trim().trim_matches(is_beside), point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::cells::writing::Writing;

    fn cell(text: &str) -> RawCell {
        RawCell {
            field: None,
            rank: 0,
            column: "x".into(),
            text: text.to_owned(),
            is_number: false,
            writing: Writing::default(),
        }
    }

    #[test]
    fn metres_are_read_with_points_and_commas() {
        let metres = |text: &str, point: bool| Axes::Metres { point }.one(&cell(text));
        for (text, point, expected) in [
            ("207345,67", false, 207_345.67),
            ("207.345,67", false, 207_345.67),
            ("207345.678", false, 207_345.678),
            ("207,345.67", true, 207_345.67),
            ("9.092.123", false, 9_092_123.0),
            ("207345 mE", false, 207_345.0),
            ("N: 9092123", false, 9_092_123.0),
        ] {
            assert_eq!(metres(text, point), Ok(expected), "{text}");
        }
        for text in ["8°12'S", "Krajan", "1 2 3,4,5", ""] {
            assert_eq!(metres(text, false).unwrap_err().code, "not_metres", "{text}");
        }
    }

    #[test]
    fn east_comes_before_north_in_one_cell() {
        for text in
            ["207345,67; 9092123,4", "207345.67, 9092123.4", "(207345.67 9092123.4)", "E 207345,67 / N 9092123,4"]
        {
            let both = Axes::Metres { point: false }.pair(&cell(text));
            assert_eq!(both, Ok((207_345.67, 9_092_123.4)), "{text}");
        }
        assert!(Axes::Metres { point: false }.pair(&cell("Dusun Krajan")).is_err());
        let one = Axes::Metres { point: false }.pair(&cell("207345,67"));
        assert_eq!(one.unwrap_err().code, "half_coordinate");
        let apart = Axes::Metres { point: false }.two(&cell("207345,67"), &cell("9092123,4"));
        assert_eq!(apart, Ok((207_345.67, 9_092_123.4)));
    }
}
