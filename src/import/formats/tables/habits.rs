//! How each column of numbers and days is written, found by all of its rows: the first rows are held anyway, and where one
//! cell has two readings the file is read once through before that row is handed out. So what is decided never depends on
//! how far down the telling cell stands, and a file without such cells is read once.

use super::record::Record;
use crate::import::cells::dates::{ShortDates, is_numeric, is_short, shown_order};
use crate::import::cells::money::unit_of_money;
use crate::import::cells::numbers::is_blank;
use crate::import::cells::writing::{DayOrder, Decimal, Writing, has_two_readings, shown_decimal};
use crate::import::rows::columns::Meaning;
use crate::import::rows::fields::Field;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Number,
    /// Thousands are told from fractions by themselves, but before a unit: `1,250 miliar`.
    Money,
    Day,
}

/// What the cells of a column show.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
    points: bool,
    commas: bool,
    days_first: bool,
    months_first: bool,
    short: ShortDates,
}

/// The habits of a table's columns.
#[derive(Clone, Debug, Default)]
pub struct Habits {
    columns: Vec<(usize, Kind, Shown)>,
    /// The decimal mark that the file states, for columns that show none.
    pub stated: Option<Decimal>,
    /// The power of ten of rupiah that a line above the table names.
    pub power: u8,
}

impl Habits {
    /// `power`: the power of ten of rupiah that a line above the table names, 0 for none.
    pub fn new(heading: &[Meaning], power: u8) -> Self {
        let kind = |meaning: &Meaning| match meaning.field? {
            Field::Volume | Field::Accuracy | Field::SegmentFrom | Field::SegmentTo => Some(Kind::Number),
            // Before a unit three digits may be a fraction.
            Field::Budget if unit_of_money(&meaning.name).unwrap_or(power) > 0 => Some(Kind::Number),
            Field::Budget | Field::Funds => Some(Kind::Money),
            Field::StartOn | Field::FinishOn => Some(Kind::Day),
            _ => None,
        };
        let columns = heading.iter().enumerate();
        let of_interest = columns.filter_map(|(at, meaning)| Some((at, kind(meaning)?, Shown::default())));
        Self { columns: of_interest.collect(), stated: None, power }
    }

    /// Takes note of what a row shows.
    pub fn observe(&mut self, record: &Record) {
        for (column, kind, shown) in &mut self.columns {
            let Some(text) = typed(record, *column) else { continue };
            match kind {
                Kind::Number | Kind::Money => match shown_decimal(text) {
                    Some(Decimal::Point) => shown.points = true,
                    Some(Decimal::Comma) => shown.commas = true,
                    Some(Decimal::Unknown) | None => {}
                },
                Kind::Day => {
                    match shown_order(text) {
                        Some(DayOrder::DayFirst) => shown.days_first = true,
                        Some(DayOrder::MonthFirst) => shown.months_first = true,
                        Some(DayOrder::Both | DayOrder::YearFirst) | None => {}
                    }
                    shown.short.observe(text);
                }
            }
        }
    }

    /// Whether a cell of this row can only be understood by its column. Days first, as the rows held show in most files,
    /// need no more looking: a date with the month first is then no day, and refused by itself.
    pub fn are_needed(&self, record: &Record) -> bool {
        self.columns.iter().any(|(column, kind, shown)| {
            typed(record, *column).is_some_and(|text| match kind {
                Kind::Number => has_two_readings(text),
                Kind::Money => text.contains(char::is_alphabetic) && has_two_readings(text),
                Kind::Day => is_short(text) || (!shown.days_first && is_numeric(text)),
            })
        })
    }

    /// How a column is written.
    pub fn writing(&self, column: usize) -> Writing {
        let Some((_, _, shown)) = self.columns.iter().find(|(at, ..)| *at == column) else {
            return Writing { decimal: self.decimal(), power: self.power, ..Writing::default() };
        };
        let decimal = match (shown.points, shown.commas) {
            (false, false) => self.decimal(),
            _ => decimal(*shown),
        };
        let days = match (shown.days_first, shown.months_first) {
            _ if shown.short.have_year_first() => DayOrder::YearFirst,
            (true, true) => DayOrder::Both,
            (false, true) => DayOrder::MonthFirst,
            (_, false) => DayOrder::DayFirst,
        };
        Writing { decimal, days, power: self.power }
    }

    /// The decimal mark of the table: what it states, else what its columns agree on.
    pub fn decimal(&self) -> Decimal {
        let all = self.columns.iter().fold(Shown::default(), |all, (_, _, shown)| Shown {
            points: all.points || shown.points,
            commas: all.commas || shown.commas,
            ..all
        });
        self.stated.unwrap_or_else(|| decimal(all))
    }

    /// Columns whose dates have this order.
    pub fn in_order(&self, order: DayOrder) -> impl Iterator<Item = usize> {
        let columns = self.columns.iter().filter(|(_, kind, _)| *kind == Kind::Day).map(|(column, ..)| *column);
        columns.filter(move |column| self.writing(*column).days == order)
    }
}

/// The text of a cell, unless it is empty or a number of the format itself.
fn typed(record: &Record, column: usize) -> Option<&str> {
    record.cells.get(column).filter(|text| !record.is_number(column) && !is_blank(text))
}

fn decimal(shown: Shown) -> Decimal {
    match (shown.points, shown.commas) {
        (true, false) => Decimal::Point,
        (false, true) => Decimal::Comma,
        _ => Decimal::Unknown,
    }
}
