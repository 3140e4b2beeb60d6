//! Sums of a table: their unit, merged ones, and what tells the total of rows from a work.

use super::record::Record;
use super::sheet::Merge;
use crate::import::cells::money::unit_of_money;
use crate::import::cells::numbers::is_blank;
use crate::import::rows::columns::Meaning;
use crate::import::rows::fields::Field;
use std::collections::BTreeSet;

/// The money of the rows of a table: of all, of those since the last total, and of those that totals stand for.
#[derive(Debug, Default)]
pub struct Sums {
    all: i64,
    rows: u32,
    group: i64,
    rows_of_group: u32,
    groups: i64,
}

impl Sums {
    pub fn add(&mut self, amount: i64) {
        (self.all, self.group) = (self.all.saturating_add(amount), self.group.saturating_add(amount));
        (self.rows, self.rows_of_group) = (self.rows + 1, self.rows_of_group + 1);
    }

    pub fn end_group(&mut self) {
        self.groups = self.groups.saturating_add(self.group);
        (self.group, self.rows_of_group) = (0, 0);
    }

    /// Whether a sum is that of several rows above.
    pub fn are(&self, sum: i64) -> bool {
        let is_of_all = self.rows > 1 && (sum == self.all || sum == self.groups);
        sum > 0 && (is_of_all || (self.rows_of_group > 1 && sum == self.group))
    }
}

/// The power of ten that a line of the title names for all sums: "(dalam ribuan rupiah)". The names of columns are no such
/// line.
pub fn unit_above(top: &[Record]) -> u8 {
    let alone = |record: &&Record| record.cells.iter().filter(|cell| !is_blank(cell)).count() == 1;
    let lines = top.iter().filter(alone).flat_map(|record| record.cells.iter());
    let of_sums = |line: &&str| {
        let lower = line.to_lowercase();
        ["dalam", "rp", "rupiah", "satuan", "in "].iter().any(|word| lower.contains(word))
    };
    lines.filter(of_sums).find_map(unit_of_money).unwrap_or(0)
}

/// The cells of sums and sizes that are merged over several rows below the heading, unless the title is too: then the rows
/// are of one work.
pub fn shared(heading: &[Meaning], merges: &[Merge], heading_row: u64) -> BTreeSet<(u64, usize)> {
    let field = |column: u32| heading.get(column as usize).and_then(|meaning| meaning.field);
    let is_below = |merge: &&Merge| u64::from(merge.rows.0) + 1 > heading_row && merge.rows.0 < merge.rows.1;
    let of_title = |rows: (u32, u32)| {
        merges.iter().any(|merge| {
            field(merge.columns.0) == Some(Field::Title) && merge.rows.0 <= rows.0 && merge.rows.1 >= rows.1
        })
    };
    let sums = merges
        .iter()
        .filter(is_below)
        .filter(|merge| field(merge.columns.0).is_some_and(|field| field.is_sum() || field == Field::Volume))
        .filter(|merge| !of_title(merge.rows));
    let cells = |merge: &Merge| {
        let column = merge.columns.0 as usize;
        (u64::from(merge.rows.0) + 1..=u64::from(merge.rows.1) + 1).map(move |row| (row, column))
    };
    sums.flat_map(cells).collect()
}
