//! `tapak evaluate`: the accuracy of the judge on labelled pairs.

use super::table::Side::{self, Left, Right};
use super::table::table;
use super::{CliError, Context, reading};
use crate::collection::{Collection, read_collection};
use crate::domain::verdict::VerdictKind;
use crate::evaluate::{
    Best, Estimate, Evaluation, Figures, Label, Reliability, Wrong, evaluate, read_pairs, read_title_pairs,
};
use crate::import::Needs;
use crate::words::{Words, decimals, signed};
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Evaluate {
    #[arg(long, required = true, value_name = "FILE")]
    projects: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pairs: PathBuf,
    #[command(flatten)]
    reading: reading::Reading,
    #[arg(long, conflicts_with = "projects")]
    titles_only: bool,
    #[arg(long)]
    json: bool,
}

pub fn run(context: &Context, verb: Evaluate) -> Result<ExitCode, CliError> {
    let pairs_file = reading::input(&verb.pairs);
    let (collection, pairs) = if verb.titles_only {
        read_title_pairs(&pairs_file)?
    } else {
        let collection = projects(context, &verb)?;
        let (pairs, left_out) = read_pairs(&pairs_file, &collection)?;
        super::warn_skipped_pairs(context, &left_out);
        (collection, pairs)
    };
    let evaluation = evaluate(&collection, pairs, &context.config.judge());
    if verb.json {
        super::print(&format!("{:#}\n", as_json(context, &collection, &evaluation)))?;
    } else {
        super::print(&as_text(context, &collection, &evaluation))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn projects(context: &Context, verb: &Evaluate) -> Result<Collection, CliError> {
    let inputs = reading::inputs(&verb.projects)?;
    let bar = reading::progress_bar(context);
    let options = verb.reading.options(context, Needs::Comparison)?;
    let collection = read_collection(&inputs, &options, |input, progress| reading::show(&bar, input, progress))?;
    bar.finish_and_clear();
    reading::show_read(context, &options, &collection)?;
    Ok(collection)
}

fn as_json(context: &Context, collection: &Collection, evaluation: &Evaluation) -> Value {
    let id = |id| collection.record(id).map(|record| &*record.external_id);
    let wrong: Vec<Value> = evaluation
        .wrong
        .iter()
        .map(|wrong| {
            let one = &evaluation.judged[wrong.at];
            json!({
                "id_a": id(one.pair.a), "id_b": id(one.pair.b), "label": one.pair.label, "expected_kind": one.pair.kind,
                "kind": one.verdict.kind, "band": one.verdict.band, "probability": one.verdict.probability,
                "wrong_band": wrong.band, "wrong_kind": wrong.kind,
                "evidence": one.verdict.evidence.iter().map(|item| json!({
                    "name": item.name, "level": item.level, "bits": item.bits,
                    "sentence": Words::evidence(context.language, item),
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    let kinds: Vec<Value> = evaluation
        .kinds
        .iter()
        .map(|((label, kind), count)| json!({ "label": label, "kind": kind, "count": count }))
        .collect();
    json!({
        "pairs": evaluation.judged.len(),
        "unclear": evaluation.unclear,
        "bands": evaluation.bands,
        "best": evaluation.best,
        "average_precision": evaluation.average_precision,
        "brier": evaluation.brier,
        "reliability": evaluation.reliability,
        "kinds": kinds,
        "kinds_right": { "right": evaluation.kinds_right.0, "named": evaluation.kinds_right.1 },
        "baselines": {
            "distance": { "best": evaluation.by_distance.0, "average_precision": evaluation.by_distance.1 },
            "title": { "best": evaluation.by_title.0, "average_precision": evaluation.by_title.1 },
        },
        "wrong": wrong,
    })
}

fn as_text(context: &Context, collection: &Collection, evaluation: &Evaluation) -> String {
    let render = |key: &str, values: Value| context.render(&format!("evaluate.{key}"), values);
    let brier = json!({ "score": decimals(context.language, evaluation.brier, 3) });
    let (right, named) = evaluation.kinds_right;
    let parts = [
        render("pairs", json!({ "count": evaluation.judged.len(), "unclear": evaluation.unclear })) + "\n",
        bands(context, evaluation),
        rankings(context, evaluation),
        render("brier", brier) + "\n",
        reliability(context, evaluation),
        render("kinds_right", json!({ "right": right, "named": named })) + "\n",
        kinds(context, evaluation),
        wrong(context, collection, evaluation),
    ];
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// A heading by its key.
fn head(context: &Context, key: &str, side: Side) -> (String, Side) {
    (context.render(&format!("evaluate.{key}"), json!({})), side)
}

/// Precision and recall of alert and review.
fn bands(context: &Context, evaluation: &Evaluation) -> String {
    let heads = [("taken", Left), ("precision", Left), ("recall", Left), ("f1", Left)];
    let spell = |e: &Estimate| {
        let [estimate, low, high] = [e.estimate, e.low, e.high].map(|figure| decimals(context.language, figure, 3));
        format!("{estimate} ({low}–{high})")
    };
    let row = |(key, figures): (&str, &Figures)| {
        let name = context.render(&format!("evaluate.{key}"), json!({}));
        vec![name, spell(&figures.precision), spell(&figures.recall), spell(&figures.f1)]
    };
    let rows = [("alert", &evaluation.bands.alert), ("alert_and_review", &evaluation.bands.review)].map(row);
    table(&heads.map(|(key, side)| head(context, key, side)), &rows)
}

/// The judge compared with a plain test of distance or of titles.
fn rankings(context: &Context, evaluation: &Evaluation) -> String {
    let heads = [("ranked_by", Left), ("best_f1", Right), ("at", Right), ("average_precision", Right)];
    let figure = |value| decimals(context.language, value, 3);
    let row = |key: &str, best: &Best, average: f64| {
        let name = context.render(&format!("evaluate.{key}"), json!({}));
        // If taking all pairs is best, there is no threshold to report.
        let any = || context.render("evaluate.any", json!({}));
        let at = if best.threshold.abs() < 1e9 { figure(best.threshold) } else { any() };
        vec![name, figure(best.f1), at, figure(average)]
    };
    let mut near = evaluation.by_distance.0;
    near.threshold = -near.threshold;
    let rows = [
        row("by_judge", &evaluation.best, evaluation.average_precision),
        row("by_nearness", &near, evaluation.by_distance.1),
        row("by_titles", &evaluation.by_title.0, evaluation.by_title.1),
    ];
    table(&heads.map(|(key, side)| head(context, key, side)), &rows)
}

/// Whether stated probabilities match observed frequencies.
fn reliability(context: &Context, evaluation: &Evaluation) -> String {
    let heads = [("probability", Left), ("cases", Right), ("predicted", Right), ("observed", Right)];
    let figure = |value, places| decimals(context.language, value, places);
    let row = |row: &Reliability| {
        let range = format!("{}–{}", figure(row.from, 1), figure(row.to, 1));
        vec![range, row.cases.to_string(), figure(row.mean_score, 2), figure(row.duplicates, 2)]
    };
    let rows: Vec<_> = evaluation.reliability.iter().map(row).collect();
    table(&heads.map(|(key, side)| head(context, key, side)), &rows)
}

/// The kinds assigned to each label. Labels and kinds are written as in a file of pairs.
fn kinds(context: &Context, evaluation: &Evaluation) -> String {
    let labels: Vec<Label> = Label::ALL.iter().copied().filter(|label| *label != Label::Unclear).collect();
    let mut heads = vec![head(context, "kind", Left)];
    heads.extend(labels.iter().map(|label| (label.to_string(), Right)));
    let count = |label, kind| evaluation.kinds.get(&(label, kind)).copied().unwrap_or_default();
    let rows: Vec<Vec<String>> = VerdictKind::ALL
        .iter()
        .map(|kind| (kind, labels.iter().map(|label| count(*label, *kind)).collect::<Vec<_>>()))
        .filter(|(_, counts)| counts.iter().any(|count| *count > 0))
        .map(|(kind, counts)| std::iter::once(kind.to_string()).chain(counts.iter().map(usize::to_string)).collect())
        .collect();
    table(&heads, &rows)
}

/// Each pair that contradicts its label, with its evidence.
fn wrong(context: &Context, collection: &Collection, evaluation: &Evaluation) -> String {
    let name = |id| {
        let record = collection.record(id);
        record.map(|record| format!("{} {}", record.external_id, record.facts().title)).unwrap_or_default()
    };
    let one = |wrong: &Wrong| {
        let one = &evaluation.judged[wrong.at];
        let values = json!({
            "row": one.pair.row, "label": one.pair.label, "expected": one.pair.kind,
            "kind": one.verdict.kind, "band": context.render(&format!("evaluate.band.{}", one.verdict.band), json!({})),
            "probability": decimals(context.language, one.verdict.probability, 2),
        });
        let mut text = format!("{}\n", context.render("evaluate.wrong", values));
        let _ = writeln!(text, "  A {}\n  B {}", name(one.pair.a), name(one.pair.b));
        for item in &one.verdict.evidence {
            let (bits, sentence) = (signed(context.language, item.bits), Words::evidence(context.language, item));
            let _ = writeln!(text, "    {bits:>5}  {sentence}");
        }
        text
    };
    evaluation.wrong.iter().map(one).collect::<Vec<_>>().join("\n")
}
