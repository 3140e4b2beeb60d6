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
            Self::Degrees => degrees(&cell.column, &cell.text),
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
