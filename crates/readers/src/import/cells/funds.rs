//! Funding lines from cells: `DD`, `DD + ADD`, `DD;BKK`, `DD: 100.000.000; ADD: 50.000.000`, with segments and numbers.

use super::money::money;
use super::writing::Decimal;
use crate::domain::Invalid;
use crate::domain::project::{FundingLine, Segment};
use crate::domain::text::{NAME_CHARS, fold, required};

/// Maximum number of funding lines of one work.
const LINES: usize = 20;

/// Funds that may be joined by a bare slash or by "dan": `DD/ADD`. In other names these belong to the name
/// (`Kab/Kota`).
const SHORT: &[&str] = &[
    "dd", "dds", "add", "pad", "pades", "bkk", "bk", "bhp", "bhpr", "pbh", "pbk", "pbp", "dbh", "dll", "apbd", "apbn",
    "apbdes", "dak", "dau", "csr", "silpa", "swadaya",
];

/// The funds of a cell, with their amounts if given. A fund repeated without amounts counts once.
pub fn funds(field: &str, text: &str, decimal: Decimal) -> Result<Vec<FundingLine>, Invalid> {
    let mut lines: Vec<FundingLine> = Vec::new();
    for part in split(text) {
        let (name, amount) = match part.split_once([':', '=']) {
            Some((name, amount)) => (name, Some(money(field, amount, decimal)?)),
            None => (part, None),
        };
        let fund = required(field, name, NAME_CHARS)?;
        let is_named = || {
            let folded = fold(&fund);
            lines.iter().any(|line| fold(&line.fund) == folded)
        };
        if amount.is_none() && !lines.is_empty() && is_named() {
            continue;
        }
        lines.push(of_fund(fund, amount));
    }
    if lines.len() > LINES {
        return Err(Invalid::new("too_many_funds", field).with("given", lines.len()).with("most", LINES));
    }
    Ok(lines)
}

/// The line of a fund of which at most the sum is known.
pub const fn of_fund(fund: String, amount_rupiah: Option<i64>) -> FundingLine {
    FundingLine { fund, amount_rupiah, budget_line: None, contract_number: None, segment: None }
}

/// Adds a fund with its sum to the funds of a work: to the line that names it without one, if there is one.
pub fn add(lines: &mut Vec<FundingLine>, new: FundingLine) {
    let folded = fold(&new.fund);
    match lines.iter_mut().find(|line| fold(&line.fund) == folded && line.amount_rupiah.is_none()) {
        Some(line) => line.amount_rupiah = new.amount_rupiah,
        None => lines.push(new),
    }
}

/// Distributes the values of a list cell to the lines: one value applies to all lines, otherwise there must be as
/// many as lines.
pub fn spread(
    field: &str,
    text: &str,
    lines: &mut [FundingLine],
    put: impl Fn(&mut FundingLine, String),
) -> Result<(), Invalid> {
    let values: Vec<&str> = text.split([';', '\n']).map(str::trim).filter(|value| !value.is_empty()).collect();
    if lines.is_empty() {
        return Err(Invalid::new("fund_missing", field).with("given", text));
    }
    if values.len() != 1 && values.len() != lines.len() {
        return Err(Invalid::new("not_one_for_each_fund", field)
            .with("given", values.len())
            .with("funds", lines.len()));
    }
    for (at, line) in lines.iter_mut().enumerate() {
        put(line, required(field, values.get(at).or(values.first()).copied().unwrap_or_default(), NAME_CHARS)?);
    }
    Ok(())
}

/// Gives the lines their segments of part 1, from and to in metres.
pub fn segments(field: &str, from: &[f64], to: &[f64], lines: &mut [FundingLine]) -> Result<(), Invalid> {
    if lines.is_empty() {
        return Err(Invalid::new("fund_missing", field));
    }
    if from.len() != to.len() || from.len() != lines.len() {
        return Err(Invalid::new("not_one_for_each_fund", field)
            .with("given", from.len().max(to.len()))
            .with("funds", lines.len()));
    }
    for ((line, from_m), to_m) in lines.iter_mut().zip(from).zip(to) {
        if from_m >= to_m {
            return Err(Invalid::new("segment_without_length", field).with("from_m", *from_m).with("to_m", *to_m));
        }
        line.segment = Some(Segment { part: 1, from_m: *from_m, to_m: *to_m });
    }
    Ok(())
}

fn split(text: &str) -> Vec<&str> {
    let has_amounts = text.contains([':', '=']);
    let parts = text.split(|c: char| matches!(c, '+' | ';' | '&' | '|' | '\n') || (c == ',' && !has_amounts));
    parts.flat_map(split_short).map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn split_short(part: &str) -> Vec<&str> {
    for mark in ["/", " dan ", " and "] {
        let halves: Vec<&str> = part.split(mark).collect();
        if halves.len() > 1 && halves.iter().all(|half| SHORT.contains(&half.trim().to_lowercase().as_str())) {
            return halves;
        }
    }
    vec![part]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        funds("funds", text, Decimal::Unknown).unwrap().into_iter().map(|line| line.fund).collect()
    }

    #[test]
    fn several_funds_are_separated_and_one_name_is_not_cut() {
        for given in ["DD + ADD", "DD;ADD", "DD, ADD", "DD/ADD", "DD dan ADD", "DD & ADD", "DD\nADD"] {
            assert_eq!(names(given), ["DD", "ADD"], "{given}");
        }
        assert_eq!(names("Bagi Hasil Pajak dan Retribusi"), ["Bagi Hasil Pajak dan Retribusi"]);
        assert_eq!(names("APBD Kab/Kota"), ["APBD Kab/Kota"]);
        assert_eq!(names("DD; dd"), ["DD"]);
    }

    #[test]
    fn amounts_beside_their_funds_are_kept() {
        let lines = funds("funds", "DD: Rp 100.000.000; ADD:50000000", Decimal::Unknown).unwrap();
        assert_eq!(
            lines.iter().map(|line| line.amount_rupiah).collect::<Vec<_>>(),
            [Some(100_000_000), Some(50_000_000)]
        );
        assert_eq!(funds("funds", "DD: banyak", Decimal::Unknown).unwrap_err().code, "not_money");
    }

    #[test]
    fn numbers_and_segments_fit_the_lines_or_are_refused() {
        let mut lines = funds("funds", "DD;ADD", Decimal::Unknown).unwrap();
        spread("kontrak", "K-1", &mut lines, |line, text| line.contract_number = Some(text)).unwrap();
        assert!(lines.iter().all(|line| line.contract_number.as_deref() == Some("K-1")));
        assert_eq!(spread("kontrak", "1;2;3", &mut lines, |_, _| ()).unwrap_err().code, "not_one_for_each_fund");
        segments("sta", &[0.0, 100.0], &[100.0, 250.0], &mut lines).unwrap();
        assert_eq!(lines[1].segment, Some(Segment { part: 1, from_m: 100.0, to_m: 250.0 }));
        assert_eq!(segments("sta", &[5.0, 0.0], &[1.0, 2.0], &mut lines).unwrap_err().code, "segment_without_length");
        assert_eq!(segments("sta", &[5.0], &[10.0], &mut []).unwrap_err().code, "fund_missing");
    }
}
