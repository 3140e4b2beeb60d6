//! Funding lines: what each fund pays for a project.

use super::sql::{Columns, OfProject};
use super::{Result, Tx, Which, columns, insert_many, list_which, which};
use crate::clock::Clock;
use crate::domain::project::{FundingLine, Segment};
use std::collections::HashMap;
use uuid::Uuid;

/// A line to be added.
pub(super) struct NewLine<'a> {
    pub project_id: Uuid,
    /// From 1, within the project.
    pub number: i64,
    /// Of the footprint that a segment is measured along.
    pub footprint_version: i64,
    pub line: &'a FundingLine,
}

pub(super) async fn insert(tx: &mut Tx, ids: &Clock, lines: &[NewLine<'_>]) -> Result<()> {
    const INTO: &str =
        "INSERT INTO funding_lines (id, project_id, number, fund, amount_rupiah, budget_line, contract_number,
        footprint_version, segment_part, segment_from_m, segment_to_m) ";
    insert_many!(tx, INTO, lines, |b, new| {
        let FundingLine { fund, amount_rupiah, budget_line, contract_number, segment } = new.line;
        b.push_bind(ids.id())
            .push_bind(new.project_id)
            .push_bind(new.number)
            .push_bind(fund.clone())
            .push_bind(*amount_rupiah)
            .push_bind(budget_line.clone())
            .push_bind(contract_number.clone())
            .push_bind(segment.map(|_| new.footprint_version))
            .push_bind(segment.map(|s| s.part))
            .push_bind(segment.map(|s| s.from_m))
            .push_bind(segment.map(|s| s.to_m));
    });
    Ok(())
}

columns! {
    #[derive(sqlx::FromRow, serde::Deserialize)]
    pub(super) struct FundingRow {
        fund: String = "l.fund",
        amount_rupiah: Option<i64> = "l.amount_rupiah",
        budget_line: Option<String> = "l.budget_line",
        contract_number: Option<String> = "l.contract_number",
        segment_part: Option<i64> = "l.segment_part",
        #[serde(deserialize_with = "super::exact_json::some_number")]
        segment_from_m: Option<f64> = "l.segment_from_m",
        #[serde(deserialize_with = "super::exact_json::some_number")]
        segment_to_m: Option<f64> = "l.segment_to_m",
    }
}

impl From<FundingRow> for FundingLine {
    fn from(row: FundingRow) -> Self {
        let segment = match (row.segment_part, row.segment_from_m, row.segment_to_m) {
            (Some(part), Some(from_m), Some(to_m)) => Some(Segment { part, from_m, to_m }),
            _ => None,
        };
        Self {
            fund: row.fund,
            amount_rupiah: row.amount_rupiah,
            budget_line: row.budget_line,
            contract_number: row.contract_number,
            segment,
        }
    }
}

/// The funding lines of these projects, in order.
pub(super) async fn list(tx: &mut Tx, projects: Which<'_>) -> Result<HashMap<Uuid, Vec<FundingLine>>> {
    let rows = list_which!(tx, OfProject<FundingRow>, projects, |q, part| {
        q.push("SELECT l.project_id AS project_id, ").push(FundingRow::COLUMNS).push(" FROM funding_lines l WHERE ");
        which!(q, "l.project_id", part);
        q.push(" ORDER BY l.project_id, l.number");
    });
    let mut lines: HashMap<Uuid, Vec<FundingLine>> = HashMap::new();
    for OfProject { project_id, row } in rows {
        // Most works have one line, and the Atlas holds them all.
        lines.entry(project_id).or_insert_with(|| Vec::with_capacity(1)).push(row.into());
    }
    Ok(lines)
}
