//! The report: one self-contained HTML file that opens from disk and makes no requests.

use super::json::{bounds, evidence, funds, members, shape};
use crate::collection::Collection;
use crate::domain::person::Language;
use crate::domain::verdict::Band;
use crate::scan::{Finding, Outcome};
use crate::words::Words;
use serde_json::{Map, Value, json};

const PAGE: &str = include_str!("../report/page.html");
const STYLE: &str = include_str!("../report/style.css");
const SCRIPT: &str = include_str!("../report/script.js");

/// Maximum number of findings drawn and listed; the output of `--csv` and `--json` has all of them.
const MOST: usize = 5_000;

pub fn html(collection: &Collection, outcome: &Outcome, language: Language) -> String {
    let shown = &outcome.findings[..outcome.findings.len().min(MOST)];
    let content = json!({
        "findings": shown.iter().map(|finding| one(collection, finding, language)).collect::<Vec<_>>(),
        "left_out": outcome.findings.len() - shown.len(),
        "records": collection.records.len(),
        "refused": collection.refused.len(),
        "totals": collection.count_totals(),
        "files": collection.files,
        "floods": outcome.floods.iter().map(|flood| json!({
            "village": flood.village, "findings": flood.findings, "rupiah": flood.rupiah,
        })).collect::<Vec<_>>(),
        "words": words(language),
        "language": language,
    });
    // Inside a script a tag could end it, and U+2028 is a line end to old parsers.
    let content =
        content.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    PAGE.replace("{{language}}", language.as_str())
        .replace("{{title}}", &word(language, "title"))
        .replace("{{style}}", STYLE)
        .replace("{{script}}", SCRIPT)
        .replace("{{content}}", &content)
}

fn one(collection: &Collection, finding: &Finding, language: Language) -> Value {
    let verdict = &finding.verdict;
    let records: Vec<_> = members(collection, finding).map(|record| (record, record.facts())).collect();
    let parts = || records.iter().flat_map(|(_, facts)| facts.parts.iter().map(|part| &part.geometry));
    json!({
        "band": finding.band,
        "is_alert": finding.band == Band::Alert,
        "in_flood": finding.in_flood,
        "kind": finding.kind,
        "kind_name": Words::kind_name(language, finding.kind, finding.works()),
        "sentence": Words::kind_sentence(language, finding.kind, finding.works()),
        "probability": finding.probability,
        "rupiah": finding.rupiah,
        "cross_border": verdict.cross_border,
        "distance_m": verdict.distance_m,
        "shared_m": verdict.shared_m,
        "bounds": bounds(parts()),
        "shared": verdict.shared.iter().map(|line| shape(&geo::Geometry::LineString(line.clone()))).collect::<Vec<_>>(),
        "members": records.iter().map(|(record, facts)| json!({
            "file": record.file,
            "row": record.row,
            "id": record.external_id,
            "title": facts.title,
            "village": record.village(),
            "year": facts.fiscal_year,
            "rupiah": facts.budget_rupiah,
            "funds": funds(facts).collect::<Vec<_>>().join(", "),
            "executor": facts.executor,
            "parts": facts.parts.iter().map(|part| shape(&part.geometry)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "evidence": verdict.evidence.iter().map(|item| evidence(item, language)).collect::<Vec<_>>(),
    })
}

fn word(language: Language, key: &str) -> String {
    Words::render(language, &format!("report.{key}"), &Value::Null)
}

/// The report's own texts.
fn words(language: Language) -> Value {
    const KEYS: &[&str] = &[
        "title",
        "lead",
        "alerts",
        "reviews",
        "at_stake",
        "records",
        "files",
        "refused",
        "totals",
        "all_kinds",
        "all_bands",
        "all_villages",
        "all_years",
        "all_files",
        "alert",
        "review",
        "probability",
        "same",
        "different",
        "search",
        "none",
        "nothing",
        "evidence",
        "shared",
        "distance",
        "row",
        "village",
        "year",
        "fund",
        "budget",
        "executor",
        "id",
        "file",
        "left_out",
        "more",
        "flood",
        "map",
        "note",
        "cross_border",
        "back",
        "zoom_in",
        "zoom_out",
        "whole",
    ];
    let words: Map<String, Value> = KEYS.iter().map(|key| ((*key).to_owned(), word(language, key).into())).collect();
    Value::Object(words)
}
