//! Findings as a table: CSV for a spreadsheet, a short one for the terminal.

use super::json::members;
use crate::collection::Collection;
use crate::domain::person::Language;
use crate::domain::verdict::Band;
use crate::scan::Outcome;
use crate::words::{Words, percent_of};
use serde_json::json;
use std::fmt::Write;

/// Maximum number of findings printed.
const SHOWN: usize = 20;

/// Every pair in alert or review with its probability: input for a scorer.
pub fn pairs(collection: &Collection, outcome: &Outcome) -> Result<Vec<u8>, ::csv::Error> {
    let mut table = ::csv::Writer::from_writer(Vec::new());
    table.write_record(["id_a", "id_b", "probability", "band", "kind"])?;
    for pair in &outcome.pairs {
        let id = |at: usize| collection.records.get(at).map_or("", |record| &record.external_id);
        let probability = pair.probability.to_string();
        table.write_record([id(pair.a), id(pair.b), &probability, pair.band.as_str(), pair.kind.as_str()])?;
    }
    table.into_inner().map_err(|e| ::csv::Error::from(e.into_error()))
}

/// One row a member, with the number of its finding.
pub fn csv(collection: &Collection, outcome: &Outcome, language: Language) -> Result<Vec<u8>, ::csv::Error> {
    let mut table = ::csv::Writer::from_writer(Vec::new());
    table.write_record([
        "finding",
        "band",
        "kind",
        "probability",
        "rupiah",
        "file",
        "row",
        "id",
        "title",
        "village_code",
        "village",
        "fiscal_year",
        "budget_rupiah",
        "reason",
    ])?;
    for (number, finding) in outcome.findings.iter().enumerate() {
        let reason = finding.verdict.evidence.first().map(|item| Words::evidence(language, item)).unwrap_or_default();
        for record in members(collection, finding) {
            let facts = record.facts();
            table.write_record([
                (number + 1).to_string(),
                finding.band.to_string(),
                finding.kind.to_string(),
                format!("{:.3}", finding.probability),
                finding.rupiah.map(|rupiah| rupiah.to_string()).unwrap_or_default(),
                collection.files.get(record.file).cloned().unwrap_or_default(),
                record.row.to_string(),
                as_text(&record.external_id),
                as_text(&facts.title),
                as_text(&facts.village_code),
                as_text(&facts.village_name),
                facts.fiscal_year.map(|year| year.to_string()).unwrap_or_default(),
                facts.budget_rupiah.map(|rupiah| rupiah.to_string()).unwrap_or_default(),
                as_text(&reason),
            ])?;
        }
    }
    table.into_inner().map_err(|e| ::csv::Error::from(std::io::Error::other(e.to_string())))
}

/// Escapes cells that a spreadsheet would run as a formula.
fn as_text(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// The findings with the highest amounts, for the terminal.
pub fn summary(collection: &Collection, outcome: &Outcome, language: Language) -> String {
    let mut text = String::new();
    for (number, finding) in outcome.findings.iter().take(SHOWN).enumerate() {
        let mark = if finding.band == Band::Alert { "!!" } else { " ?" };
        let kind = Words::kind_name(language, finding.kind, finding.works());
        let _ = writeln!(
            text,
            "{mark} {:>3}. {kind}, {} %{}",
            number + 1,
            percent_of(finding.probability),
            finding.rupiah.map(|rupiah| format!(", Rp{}", thousands(rupiah))).unwrap_or_default()
        );
        for record in members(collection, finding) {
            let facts = record.facts();
            let year = facts.fiscal_year.map(|year| format!(" ({year})")).unwrap_or_default();
            let _ = writeln!(text, "          {} {}{year}", record.external_id, facts.title);
        }
        for item in finding.verdict.evidence.iter().filter(|item| item.bits > 0.0).take(2) {
            let _ = writeln!(text, "          · {}", Words::evidence(language, item));
        }
    }
    if outcome.findings.len() > SHOWN {
        let more = Words::render(language, "report.further", &json!({ "count": outcome.findings.len() - SHOWN }));
        let _ = writeln!(text, "… {more}");
    }
    for flood in &outcome.floods {
        let _ = writeln!(text, "{}: + {} !!, Rp{}", flood.village, flood.findings, thousands(flood.rupiah));
    }
    text
}

fn thousands(rupiah: i64) -> String {
    let digits = rupiah.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    grouped
}
