//! How the cells of a column are written, as far as the whole column shows it: alone, `1,500` or `3/4/2025` has two
//! readings.

/// The decimal mark of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decimal {
    /// Nothing shows it, or the column has both.
    #[default]
    Unknown,
    Comma,
    Point,
}

/// The order of day and month where both are numbers and the year comes last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayOrder {
    /// As here, unless something shows the other one.
    #[default]
    DayFirst,
    MonthFirst,
    /// The last two digits of the year come first: `26-08-17`.
    YearFirst,
    /// The column has both.
    Both,
}

/// How a column is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Writing {
    pub decimal: Decimal,
    pub days: DayOrder,
    /// Sums without a unit of their own are ten to this power of rupiah, as a line above the table says.
    pub power: u8,
}

/// The decimal mark that a text shows by itself: `12,5`, `1.250.000`, `Rp 950,000.00`; `None` for `12`, `1.500` or where its
/// numbers disagree.
pub fn shown_decimal(text: &str) -> Option<Decimal> {
    let mut shown = runs(text).filter_map(mark_of);
    let first = shown.next()?;
    shown.all(|other| other == first).then_some(first)
}

/// Both readings of a number such as `1.500` or `1,500`: as thousands, and with a fraction. `None` where it has one.
pub fn two_readings(text: &str) -> Option<(u32, f64)> {
    let (before, after) = text.split_once(['.', ','])?;
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let has_two = (1..=3).contains(&before.len()) && !before.starts_with('0') && after.len() == 3;
    if !has_two || !is_digits(before) || !is_digits(after) {
        return None;
    }
    Some((format!("{before}{after}").parse().ok()?, format!("{before}.{after}").parse().ok()?))
}

/// Whether a number in the text has two readings.
pub fn has_two_readings(text: &str) -> bool {
    runs(text).any(|run| two_readings(run).is_some())
}

/// The numbers of a text with their marks.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let runs = text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')));
    runs.map(|run| run.trim_matches(['.', ','])).filter(|run| !run.is_empty())
}

fn mark_of(run: &str) -> Option<Decimal> {
    let (points, commas) = (run.matches('.').count(), run.matches(',').count());
    let last = run.rfind(['.', ','])?;
    let is_point = run.as_bytes()[last] == b'.';
    let of_mark = |is_decimal: bool| if is_decimal == is_point { Decimal::Point } else { Decimal::Comma };
    match (points, commas) {
        (1, 0) | (0, 1) => two_readings(run).is_none().then(|| of_mark(true)),
        (_, 0) | (0, _) => run.split(['.', ',']).skip(1).all(|group| group.len() == 3).then(|| of_mark(false)),
        (1, _) if is_point => Some(Decimal::Point),
        (_, 1) if !is_point => Some(Decimal::Comma),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_shows_its_decimal_mark_where_it_has_one_reading() {
        for text in
            ["12.5", "0.150", "1,234.500", "75,500,000", "Rp 75,500,000", "1500.250", "P 74 x T 0.15 m", "328.5 jt"]
        {
            assert_eq!(shown_decimal(text), Some(Decimal::Point), "{text}");
        }
        for text in ["12,5", "1.234,500", "1.250.000", "Rp 150.000.000,-", "DD: 1.250.000; ADD: 5,5 jt"] {
            assert_eq!(shown_decimal(text), Some(Decimal::Comma), "{text}");
        }
        for text in ["1.500", "950,000", "12", "-", "12.5 x 3,5", "1.2.3", "1,5.5,5", ""] {
            assert_eq!(shown_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn three_digits_behind_one_mark_have_two_readings() {
        assert_eq!((two_readings("1.500"), two_readings("950,000")), (Some((1_500, 1.5)), Some((950_000, 950.0))));
        for text in ["0.150", "1500.250", "1.500.000", "12.5", "1.50a", ".500", "1500"] {
            assert_eq!(two_readings(text), None, "{text}");
        }
        assert!(has_two_readings("L 1,250 m") && !has_two_readings("L 1.250,5 m"));
    }
}
