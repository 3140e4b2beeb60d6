//! The money of a row: the budget, and the funds with the amount of each.

use super::cells::Cells;
use super::fields::Field;
use super::raw::{Needs, RawCell, RawRow};
use crate::domain::Invalid;
use crate::domain::money::rupiah;
use crate::domain::project::FundingLine;
use crate::domain::text::{NAME_CHARS, required};
use crate::import::cells::funds::{add, funds, of_fund, segments, spread};
use crate::import::cells::money::{in_rupiah, money_in, unit_of_money};
use crate::import::cells::numbers::is_blank;
use crate::import::cells::quantities::station;

/// What stands in a column called by a fund where that one pays and no sum is told.
const MARKS: [&str; 5] = ["v", "x", "√", "✓", "✔"];

impl<'a> Cells<'a> {
    /// Budget and funding lines. One fund alone pays the whole budget; a missing budget is the sum of the funds, if all
    /// have amounts.
    pub fn money(&mut self) -> (Option<i64>, Vec<FundingLine>) {
        let mut budget = self.optional(Field::Budget, |cell| whole_rupiah(cell).map(Some));
        let Some(mut lines) = self.funding_lines() else {
            return (budget, Vec::new());
        };
        if self.remembers && (!lines.is_empty() || self.has_funds()) {
            let text = serde_json::to_string(&lines).unwrap_or_default();
            self.canonical.insert("funding".to_owned(), text);
        }
        match (budget, lines.as_mut_slice()) {
            (Some(_), [line]) if line.amount_rupiah.is_none() => line.amount_rupiah = budget,
            (None, [_, ..]) => {
                budget = lines
                    .iter()
                    .try_fold(0_i64, |sum, line| line.amount_rupiah.and_then(|amount| sum.checked_add(amount)));
                if let Some(sum) = budget {
                    self.remember(Field::Budget, sum.to_string());
                }
            }
            _ => {}
        }
        (budget, lines)
    }

    fn has_funds(&self) -> bool {
        self.row.cells.iter().any(|cell| matches!(cell.field, Some(Field::Funds | Field::FundAmount)))
    }

    /// The funds with what else is known of each; `None` where a cell of them is refused.
    fn funding_lines(&mut self) -> Option<Vec<FundingLine>> {
        let row: &'a RawRow = self.row;
        let filled = |field| row.cell(field).filter(|cell| !is_blank(&cell.text));
        let mut lines = Vec::new();
        let mut wrong = Vec::new();
        if let Some(cell) = filled(Field::Funds) {
            match funds(&cell.column, &cell.text, cell.decimal()) {
                Ok(found) => lines = found,
                Err(invalid) => wrong.push((cell, invalid)),
            }
        }
        // A row that is only compared may name a contract and not its fund.
        let knows_more = || {
            let fields = [Field::BudgetLine, Field::ContractNumber, Field::SegmentFrom, Field::SegmentTo];
            fields.into_iter().any(|field| filled(field).is_some())
        };
        if wrong.is_empty() && lines.is_empty() && self.reading.needs == Needs::Comparison && knows_more() {
            lines.push(of_fund(String::new(), None));
        }
        for cell in row.cells.iter().filter(|cell| cell.field == Some(Field::FundAmount)) {
            match amount_of_fund(cell) {
                Ok(line) => line.into_iter().for_each(|line| add(&mut lines, line)),
                Err(invalid) => wrong.push((cell, invalid)),
            }
        }
        if wrong.is_empty() {
            let mut put = |field, put: fn(&mut FundingLine, String)| {
                if let Some(cell) = filled(field)
                    && let Err(invalid) = spread(&cell.column, &cell.text, &mut lines, put)
                {
                    wrong.push((cell, invalid));
                }
            };
            put(Field::BudgetLine, |line, text| line.budget_line = Some(text));
            put(Field::ContractNumber, |line, text| line.contract_number = Some(text));
            if let Some((cell, invalid)) = self.put_segments(&mut lines) {
                wrong.push((cell, invalid));
            }
        }
        let is_sound = wrong.is_empty();
        for (cell, invalid) in wrong {
            self.doubt(cell, invalid);
        }
        is_sound.then_some(lines)
    }

    /// The segments that the funds pay; the cell at fault and why, if they fit not.
    fn put_segments(&self, lines: &mut [FundingLine]) -> Option<(&'a RawCell, Invalid)> {
        let row: &'a RawRow = self.row;
        let filled = |field| row.cell(field).filter(|cell| !is_blank(&cell.text));
        let (from, to) = match (filled(Field::SegmentFrom), filled(Field::SegmentTo)) {
            (None, None) => return None,
            (Some(from), Some(to)) => (from, to),
            (Some(only), None) | (None, Some(only)) => {
                return Some((only, Invalid::new("segment_end_missing", only.column.as_ref())));
            }
        };
        let metres = |cell: &RawCell| -> Result<Vec<f64>, Invalid> {
            cell.text.split(';').map(|text| station(&cell.column, text, cell.decimal())).collect()
        };
        match (metres(from), metres(to)) {
            (Err(invalid), _) => Some((from, invalid)),
            (_, Err(invalid)) => Some((to, invalid)),
            (Ok(starts), Ok(ends)) => segments(&to.column, &starts, &ends, lines).err().map(|invalid| (to, invalid)),
        }
    }
}

/// The fund that the heading of a cell names with the sum in it; with no sum where the cell only marks it, and `None` where it
/// pays nothing.
fn amount_of_fund(cell: &RawCell) -> Result<Option<FundingLine>, Invalid> {
    if is_blank(&cell.text) {
        return Ok(None);
    }
    let is_mark = MARKS.contains(&cell.text.trim().to_lowercase().as_str());
    let amount_rupiah = if is_mark { None } else { Some(whole_rupiah(cell)?) };
    let bare = cell.column.rsplit_once('(').map_or(cell.column.as_ref(), |(bare, _)| bare);
    let fund = required(&cell.column, bare, NAME_CHARS)?;
    Ok((amount_rupiah != Some(0)).then(|| of_fund(fund, amount_rupiah)))
}

/// The power of ten that sums of a column are in, as its heading or a line above the table says.
pub fn power_of(cell: &RawCell) -> u8 {
    unit_of_money(&cell.column).unwrap_or(cell.writing.power)
}

fn whole_rupiah(cell: &RawCell) -> Result<i64, Invalid> {
    let power = power_of(cell);
    if power == 0
        && let Ok(exact) = cell.text.trim().parse::<i64>()
    {
        return rupiah(&cell.column, exact);
    }
    if cell.is_number {
        let wrong = || Invalid::new("not_money", cell.column.as_ref()).with("given", cell.text.as_str());
        let value: f64 = cell.text.parse().map_err(|_| wrong())?;
        return in_rupiah(&cell.column, &cell.text, value, power);
    }
    money_in(&cell.column, &cell.text, cell.decimal(), power)
}
