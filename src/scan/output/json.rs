//! Findings for programs: JSON and GeoJSON.

use crate::collection::{Collection, Record};
use crate::domain::facts::Facts;
use crate::domain::person::Language;
use crate::domain::verdict::Evidence;
use crate::scan::{Finding, Outcome};
use crate::words::Words;
use geo::{CoordsIter, Geometry};
use serde_json::{Value, json};

/// An array of findings: `kind`, `probability`, `band`, `rupiah`, `in_flood` (summed up in the
/// report), `members` (`file`, `row`, `id`, `title`), `evidence`
/// (`name`, `level`, `value`, `bits`, `sentence`).
pub fn json(collection: &Collection, outcome: &Outcome, language: Language) -> Value {
    outcome.findings.iter().map(|finding| one(collection, finding, language)).collect()
}

fn one(collection: &Collection, finding: &Finding, language: Language) -> Value {
    let verdict = &finding.verdict;
    let pair = [finding.pair.0, finding.pair.1];
    let compared: Vec<&str> =
        pair.iter().filter_map(|at| collection.records.get(*at)).map(|record| &*record.external_id).collect();
    json!({
        "kind": finding.kind,
        "probability": finding.probability,
        "band": finding.band,
        "rupiah": finding.rupiah,
        "in_flood": finding.in_flood,
        "cross_border": verdict.cross_border,
        "distance_m": verdict.distance_m,
        "shared_m": verdict.shared_m,
        "members": members(collection, finding).map(|record| member(collection, record)).collect::<Vec<_>>(),
        "compared": compared,
        "weights_version": verdict.weights_version,
        "evidence": verdict.evidence.iter().map(|item| evidence(item, language)).collect::<Vec<_>>(),
    })
}

pub(super) fn members<'a>(collection: &'a Collection, finding: &'a Finding) -> impl Iterator<Item = &'a Record> {
    finding.members.iter().filter_map(|at| collection.records.get(*at))
}

fn member(collection: &Collection, record: &Record) -> Value {
    let facts = record.facts();
    json!({
        "file": collection.files.get(record.file),
        "row": record.row,
        "id": record.external_id,
        "title": facts.title,
        "village_code": facts.village_code,
        "village": facts.village_name,
        "fiscal_year": facts.fiscal_year,
        "budget_rupiah": facts.budget_rupiah,
        "funds": funds(&facts).collect::<Vec<_>>(),
    })
}

/// The funds of a record.
pub(super) fn funds(facts: &Facts) -> impl Iterator<Item = &str> {
    facts.funding.iter().map(|line| &*line.fund).filter(|fund| !fund.is_empty())
}

pub(super) fn evidence(item: &Evidence, language: Language) -> Value {
    json!({
        "name": item.name, "level": item.level, "value": item.value, "bits": item.bits,
        "sentence": Words::evidence(language, item),
    })
}

/// The footprints of all members, each with the number of its finding, and the metres shared by two lines.
pub fn geojson(collection: &Collection, outcome: &Outcome) -> Value {
    let mut features = Vec::new();
    for (number, finding) in outcome.findings.iter().enumerate() {
        for record in members(collection, finding) {
            let facts = record.facts();
            for part in &facts.parts {
                features.push(json!({
                    "type": "Feature",
                    "geometry": shape(&part.geometry),
                    "properties": {
                        "finding": number + 1, "role": "member", "kind": finding.kind, "band": finding.band,
                        "probability": finding.probability, "id": record.external_id, "title": facts.title,
                        "file": collection.files.get(record.file), "row": record.row,
                    },
                }));
            }
        }
        for line in &finding.verdict.shared {
            features.push(json!({
                "type": "Feature",
                "geometry": shape(&Geometry::LineString(line.clone())),
                "properties": { "finding": number + 1, "role": "shared", "kind": finding.kind, "band": finding.band },
            }));
        }
    }
    json!({ "type": "FeatureCollection", "features": features })
}

pub(super) fn shape(geometry: &Geometry<f64>) -> Value {
    serde_json::to_value(geojson::Geometry::from(geometry)).unwrap_or_default()
}

/// West, south, east, north of some geometries; `None` if there are none.
pub(super) fn bounds<'a>(geometries: impl Iterator<Item = &'a Geometry<f64>>) -> Option<[f64; 4]> {
    let mut corners = geometries.flat_map(CoordsIter::coords_iter);
    let first = corners.next()?;
    Some(
        corners.fold([first.x, first.y, first.x, first.y], |[w, s, e, n], c| {
            [w.min(c.x), s.min(c.y), e.max(c.x), n.max(c.y)]
        }),
    )
}
