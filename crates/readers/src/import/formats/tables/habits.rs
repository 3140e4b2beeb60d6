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

impl Shown {
    fn observe(&mut self, kind: Kind, text: &str) {
        match kind {
            Kind::Number | Kind::Money => match shown_decimal(text) {
                Some(Decimal::Point) => self.points = true,
                Some(Decimal::Comma) => self.commas = true,
                Some(Decimal::Unknown) | None => {}
            },
            Kind::Day => {
                match shown_order(text) {
                    Some(DayOrder::DayFirst) => self.days_first = true,
                    Some(DayOrder::MonthFirst) => self.months_first = true,
                    Some(DayOrder::Both | DayOrder::YearFirst) | None => {}
                }
                self.short.observe(text);
            }
        }
    }

    fn is_needed(self, kind: Kind, text: &str) -> bool {
        match kind {
            Kind::Number => has_two_readings(text),
            Kind::Money => text.contains(char::is_alphabetic) && has_two_readings(text),
            Kind::Day => is_short(text) || (!self.days_first && is_numeric(text)),
        }
    }
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
        let mut habits = Self { power, ..Self::default() };
        heading.iter().enumerate().for_each(|(at, meaning)| habits.add_column(at, meaning.field, &meaning.name));
        habits
    }

    /// Of a single column, the first.
    pub fn of_one(field: Option<Field>, name: &str) -> Self {
        let mut habits = Self::default();
        habits.add_column(0, field, name);
        habits
    }

    /// Adds a column by its place, unless its field is written in one way alone.
    pub fn add_column(&mut self, column: usize, field: Option<Field>, name: &str) {
        let kind = match field {
            Some(Field::Volume | Field::Accuracy | Field::SegmentFrom | Field::SegmentTo) => Kind::Number,
            // Before a unit three digits may be a fraction.
            Some(field) if field.is_sum() && unit_of_money(name).unwrap_or(self.power) > 0 => Kind::Number,
            Some(field) if field.is_sum() || field == Field::Funds => Kind::Money,
            Some(Field::StartOn | Field::FinishOn) => Kind::Day,
            _ => return,
        };
        self.columns.push((column, kind, Shown::default()));
    }

    /// Takes note of what a row shows.
    pub fn observe(&mut self, record: &Record) {
        self.columns.iter_mut().for_each(|(column, kind, shown)| {
            if let Some(text) = typed(record, *column) {
                shown.observe(*kind, text);
            }
        });
    }

    /// Takes note of what one cell shows that somebody typed.
    pub fn observe_cell(&mut self, column: usize, text: &str) {
        if let Some((_, kind, shown)) = self.columns.iter_mut().find(|(at, ..)| *at == column) {
            shown.observe(*kind, text);
        }
    }

    /// Whether a cell of this row can only be understood by its column. Days first, as the rows held show in most files,
    /// need no more looking: a date with the month first is then no day, and refused by itself.
    pub fn are_needed(&self, record: &Record) -> bool {
        let mut columns = self.columns.iter();
        columns.any(|(column, kind, shown)| typed(record, *column).is_some_and(|text| shown.is_needed(*kind, text)))
    }

    /// As [`Habits::are_needed`] for one cell that somebody typed.
    pub fn is_needed(&self, column: usize, text: &str) -> bool {
        self.columns.iter().any(|(at, kind, shown)| *at == column && shown.is_needed(*kind, text))
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
