//! `tapak evaluate`: how often the judge is right about labelled pairs.

use super::{CliError, Context, reading};
use crate::collection::{Collection, read};
use crate::domain::verdict::VerdictKind;
use crate::evaluate::{Best, Estimate, Evaluation, Figures, Label, PairsError, evaluate, read_pairs, read_title_pairs};
use crate::import::Needs;
use crate::words::Words;
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Evaluate {
    /// Projects, in any format of tapak scan (repeat it for several files)
    #[arg(long, required = true, value_name = "FILE")]
    projects: Vec<PathBuf>,
    /// Labelled pairs: CSV with id_a, id_b, label and, if known, kind and weight
    #[arg(long, value_name = "FILE")]
    pairs: PathBuf,
    #[command(flatten)]
    reading: reading::Reading,
    /// The pairs are of titles alone: title_a, title_b and label; no file of projects is read
    #[arg(long, conflicts_with = "projects")]
    titles_only: bool,
    /// Print everything as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(context: &Context, verb: Evaluate) -> Result<ExitCode, CliError> {
    let pairs_file = reading::input(&verb.pairs);
    let told = |e: PairsError| CliError::Message(e.to_string());
    let (collection, pairs) = if verb.titles_only {
        read_title_pairs(&pairs_file).map_err(told)?
    } else {
        let collection = projects(context, &verb)?;
        let (pairs, left_out) = read_pairs(&pairs_file, &collection).map_err(told)?;
        super::tell_left_out(context, &left_out);
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
    let inputs = reading::inputs(context, &verb.projects)?;
    let bar = reading::progress_bar(context);
    let options = verb.reading.options(context, Needs::Comparison)?;
    let collection = read(&inputs, &options, |input, progress| reading::show(&bar, input, progress))
        .map_err(|e| context.import(&e))?;
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
    let mut text = String::new();
    let _ = writeln!(text, "{} pairs, {} unclear ones left out\n", evaluation.judged.len(), evaluation.unclear);
    let _ = writeln!(text, "| taken for a duplicate | precision | recall | F1 |\n| --- | --- | --- | --- |");
    for (name, figures) in [("alert", &evaluation.bands.alert), ("alert and review", &evaluation.bands.review)] {
        let Figures { precision, recall, f1 } = figures;
        let _ = writeln!(text, "| {name} | {} | {} | {} |", spell(precision), spell(recall), spell(f1));
    }
    let _ = writeln!(text, "\n| ranked by | best F1 | at | average precision |\n| --- | --- | --- | --- |");
    let row = |text: &mut String, name: &str, best: &Best, average: f64| {
        // Where taking everything is best there is no threshold to tell.
        let at = if best.threshold.abs() < 1e9 { format!("{:.3}", best.threshold) } else { "any".to_owned() };
        let _ = writeln!(text, "| {name} | {:.3} | {at} | {average:.3} |", best.f1);
    };
    row(&mut text, "the judge (probability)", &evaluation.best, evaluation.average_precision);
    let mut near = evaluation.by_distance.0;
    near.threshold = -near.threshold;
    row(&mut text, "nearness alone (metres)", &near, evaluation.by_distance.1);
    row(&mut text, "titles alone (shared words)", &evaluation.by_title.0, evaluation.by_title.1);
    let _ = writeln!(
        text,
        "\nBrier score {:.3}\n\n| probability | pairs | said | came true |\n| --- | --- | --- | --- |",
        evaluation.brier
    );
    for row in &evaluation.reliability {
        let _ = writeln!(
            text,
            "| {:.1}–{:.1} | {} | {:.2} | {:.2} |",
            row.from, row.to, row.cases, row.mean_score, row.duplicates
        );
    }
    let (right, named) = evaluation.kinds_right;
    let _ = writeln!(text, "\nThe kind is right in {right} of {named} that name one\n");
    let labels: Vec<Label> = Label::ALL.iter().copied().filter(|label| *label != Label::Unclear).collect();
    let heads: Vec<&str> = labels.iter().map(|label| label.as_str()).collect();
    let _ = writeln!(text, "| kind | {} |\n| --- |{}", heads.join(" | "), " --- |".repeat(heads.len()));
    for kind in VerdictKind::ALL {
        let counts: Vec<usize> =
            labels.iter().map(|label| evaluation.kinds.get(&(*label, *kind)).copied().unwrap_or_default()).collect();
        if counts.iter().any(|count| *count > 0) {
            let cells: Vec<String> = counts.iter().map(usize::to_string).collect();
            let _ = writeln!(text, "| {kind} | {} |", cells.join(" | "));
        }
    }
    for wrong in &evaluation.wrong {
        let one = &evaluation.judged[wrong.at];
        let name = |id| {
            collection
                .record(id)
                .map(|record| format!("{} {}", record.external_id, record.facts.title))
                .unwrap_or_default()
        };
        let expected = one.pair.kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
        let verdict = &one.verdict;
        let _ = writeln!(
            text,
            "\nrow {}: {}{expected} came out as {}, {}, {:.2}\n  A {}\n  B {}",
            one.pair.row,
            one.pair.label,
            verdict.kind,
            verdict.band,
            verdict.probability,
            name(one.pair.a),
            name(one.pair.b)
        );
        for item in &verdict.evidence {
            let _ = writeln!(text, "    {:+5.1}  {}", item.bits, Words::evidence(context.language, item));
        }
    }
    text
}

fn spell(e: &Estimate) -> String {
    format!("{:.3} ({:.3}–{:.3})", e.estimate, e.low, e.high)
}
