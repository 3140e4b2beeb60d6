//! `tapak calibrate`: re-estimated weights beside those in force, and their effect. Adopts nothing.

use super::table::Side::{self, Left, Right};
use super::table::table;
use super::{CliError, Context, reading};
use crate::atlas::Atlas;
use crate::calibrate::{Decided, Estimated, Scaling, Thresholds, decided, estimate, observe, scaled, suggest};
use crate::collection::read_collection;
use crate::duplicates::{Judge, Weights};
use crate::evaluate::{Evaluation, evaluate, read_pairs};
use crate::import::{Input, Needs};
use crate::spatial::places::Places;
use crate::whole_file::WholeFile;
use crate::words::{decimals, signed};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;

/// Minimum change in bits for a level to be shown as changed.
const MOVED: f64 = 0.05;

#[derive(Debug, Args)]
pub struct Calibrate {
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: reading::Reading,
    #[arg(long, num_args = 2, value_names = ["PROJECTS", "PAIRS"], action = clap::ArgAction::Append)]
    labelled: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[arg(long, value_name = "NAME", default_value = "calibrated")]
    name: String,
    #[arg(long, value_name = "N", default_value_t = 300_000)]
    most: usize,
    #[arg(long)]
    json: bool,
}

/// The effect on one labelled set.
struct Effect {
    name: String,
    before: Evaluation,
    after: Evaluation,
}

pub async fn run(context: &Context, verb: Calibrate) -> Result<ExitCode, CliError> {
    // Fails before the work if the file cannot be written.
    let out = match &verb.out {
        Some(path) => Some((path, WholeFile::create(path).map_err(CliError::file(path))?)),
        None => None,
    };
    let now = context.config.judge();
    let bar = reading::progress_bar(context);
    let (atlas, decided) =
        if verb.files.is_empty() { database(context).await? } else { (files(context, &verb, &now, &bar)?, Vec::new()) };
    bar.set_message(context.render("comparing", json!({})));
    let observed = observe(&atlas, &decided, verb.most, |done, of| {
        bar.set_length(of.max(1) as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    if observed.is_empty() {
        return Err(CliError::Message(context.render("calibrate.nothing", json!({}))));
    }
    let mut estimated = estimate(&observed, now.weights(), &verb.name);
    let scaling;
    (estimated.weights, scaling) = scaled(&observed, &estimated.weights, now.weights());
    let thresholds = suggest(&observed, &estimated.weights, now.settings());
    let found = Found { estimated, scaling, thresholds, pairs: observed.len(), decided: decided.len() };
    let estimated = &found.estimated;
    let then = Judge::with(now.settings().clone(), estimated.weights.clone());
    let effects: Vec<Effect> = verb
        .labelled
        .chunks_exact(2)
        .map(|set| effect(context, &set[0], &set[1], &now, &then))
        .collect::<Result<_, _>>()?;
    if verb.json {
        super::print(&format!("{:#}\n", as_json(now.weights(), &found, &effects)))?;
    } else {
        super::print(&as_text(context, now.weights(), &found, &effects))?;
    }
    match out {
        Some((path, file)) => {
            let values = json!({ "pairs": observed.len(), "decided": decided.len(), "same": estimated.same.round() });
            let comment =
                format!("{}\n{}", context.render("calibrate.comment", values), thresholds_line(context, &found));
            file.finish(estimated.weights.to_toml(&comment).as_bytes()).map_err(CliError::file(path))?;
            eprintln!("{}", context.render("calibrate.written", json!({ "file": path })));
        }
        None => eprintln!("{}", context.render("calibrate.not_adopted", json!({}))),
    }
    Ok(ExitCode::SUCCESS)
}

/// What was found.
struct Found {
    estimated: Estimated,
    scaling: Scaling,
    thresholds: Thresholds,
    pairs: usize,
    decided: usize,
}

/// The projects of the database, and the decisions about them.
async fn database(context: &Context) -> Result<(std::sync::Arc<Atlas>, Vec<Decided>), CliError> {
    let app = context.open_existing().await?;
    app.follower().load().await?;
    let mut tx = app.store.read().await?;
    let decided = decided(&mut tx).await?;
    drop(tx);
    app.store.close().await;
    Ok((app.atlas.clone(), decided))
}

fn files(
    context: &Context,
    verb: &Calibrate,
    judge: &Judge,
    bar: &indicatif::ProgressBar,
) -> Result<std::sync::Arc<Atlas>, CliError> {
    let inputs = reading::inputs(&verb.files)?;
    let options = verb.reading.options(context, Needs::Comparison)?;
    let collection = read_collection(&inputs, &options, |input, progress| reading::show(bar, input, progress))?;
    reading::show_read(context, &options, &collection)?;
    let atlas = Atlas::new(judge.clone());
    atlas.load(Places::default(), &collection.facts(), 0);
    Ok(std::sync::Arc::new(atlas))
}

fn effect(
    context: &Context,
    projects: &PathBuf,
    pairs: &PathBuf,
    now: &Judge,
    then: &Judge,
) -> Result<Effect, CliError> {
    let options = reading::Reading::default().options(context, Needs::Comparison)?;
    let collection = read_collection(&[Input::path(projects)], &options, |_, _| {})?;
    let (labelled, left_out) = read_pairs(&Input::path(pairs), &collection)?;
    super::warn_skipped_pairs(context, &left_out);
    Ok(Effect {
        name: pairs.display().to_string(),
        before: evaluate(&collection, labelled.clone(), now),
        after: evaluate(&collection, labelled, then),
    })
}

/// Comparison, level, bits in force, bits estimated, expected pairs of one work and of others, decided ones.
fn rows(now: &Weights, estimated: &Estimated) -> Vec<(String, String, f64, f64, f64, f64, usize)> {
    now.levels()
        .into_iter()
        .map(|(name, level)| {
            let count = estimated.counts.iter().find(|((n, l), _)| *n == name && *l == level).map(|(_, count)| *count);
            let count = count.unwrap_or_default();
            let (old, new) = (now.bits(&name, &level), estimated.weights.bits(&name, &level));
            (name, level, old, new, count.same, count.other, count.decided)
        })
        .collect()
}

/// How the probabilities were brought back to shares, and which thresholds fit them.
fn thresholds_line(context: &Context, found: &Found) -> String {
    let Thresholds { alert, review, alerts, reviews } = found.thresholds;
    let decimal = |number: f64| decimals(context.language, number, 2);
    let values = json!({
        "slope": decimal(found.scaling.slope), "shift": signed(context.language, found.scaling.shift),
        "alert": format!("{alert:.2}"), "review": format!("{review:.2}"), "alerts": alerts, "reviews": reviews,
    });
    context.render("calibrate.thresholds", values)
}

fn as_text(context: &Context, now: &Weights, found: &Found, effects: &[Effect]) -> String {
    let Found { estimated, pairs, decided, .. } = found;
    let values = json!({
        "pairs": pairs, "decided": decided, "same": estimated.same.round(), "rounds": estimated.rounds,
    });
    let mut text = format!("{}\n\n", context.render("calibrate.pairs", values));
    text.push_str(&levels(context, now, estimated, *pairs));
    text.push_str(&format!("\n{}\n", thresholds_line(context, found)));
    if !effects.is_empty() {
        text.push('\n');
        text.push_str(&figures(context, now, estimated, effects));
    }
    text
}

fn head(context: &Context, key: &str, side: Side) -> (String, Side) {
    (context.render(&format!("calibrate.{key}"), json!({})), side)
}

/// The levels that changed or have weight. Comparisons and levels are written as in a weights file.
fn levels(context: &Context, now: &Weights, estimated: &Estimated, pairs: usize) -> String {
    let new = &estimated.weights;
    let heads = [
        head(context, "comparison", Left),
        head(context, "level", Left),
        (now.version.clone(), Right),
        (new.version.clone(), Right),
        head(context, "of_one_work", Right),
        head(context, "of_others", Right),
        head(context, "decided", Right),
    ];
    let bits = |value| signed(context.language, value);
    let (same, others) = (format!("{:.0}", estimated.same), format!("{:.0}", pairs as f64 - estimated.same));
    let prior = ["prior".to_owned(), String::new(), bits(now.prior), bits(new.prior), same, others, String::new()];
    let mut lines = vec![prior.to_vec()];
    for (name, level, old, new, same, other, decided) in rows(now, estimated) {
        if same + other > 0.0 && ((new - old).abs() >= MOVED || old != 0.0) {
            let counts = [format!("{same:.0}"), format!("{other:.0}"), decided.to_string()];
            lines.push([name, level, bits(old), bits(new)].into_iter().chain(counts).collect());
        }
    }
    table(&heads, &lines)
}

/// The effect of the new weights on labelled pairs.
fn figures(context: &Context, now: &Weights, estimated: &Estimated, effects: &[Effect]) -> String {
    let heads = [
        head(context, "labelled", Left),
        head(context, "figure", Left),
        (now.version.clone(), Right),
        (estimated.weights.version.clone(), Right),
    ];
    let of_one = |effect: &Effect| {
        let (x, y) = (&effect.before, &effect.after);
        let figures = [
            ("best_f1", x.best.f1, y.best.f1),
            ("average_precision", x.average_precision, y.average_precision),
            ("brier", x.brier, y.brier),
            ("alert_precision", x.bands.alert.precision.estimate, y.bands.alert.precision.estimate),
            ("alert_recall", x.bands.alert.recall.estimate, y.bands.alert.recall.estimate),
            ("review_recall", x.bands.review.recall.estimate, y.bands.review.recall.estimate),
        ];
        figures.map(|(key, old, new)| {
            let name = context.render(&format!("calibrate.{key}"), json!({}));
            let [old, new] = [old, new].map(|figure| decimals(context.language, figure, 3));
            vec![effect.name.clone(), name, old, new]
        })
    };
    table(&heads, &effects.iter().flat_map(of_one).collect::<Vec<_>>())
}

fn as_json(now: &Weights, found: &Found, effects: &[Effect]) -> Value {
    let Found { estimated, scaling, thresholds, pairs, decided } = found;
    let levels: Vec<Value> = rows(now, estimated)
        .into_iter()
        .map(|(name, level, old, new, same, other, decided)| {
            json!({ "comparison": name, "level": level, "old": old, "new": new, "same": same, "other": other, "decided": decided })
        })
        .collect();
    let figures = |one: &Evaluation| json!({ "best": one.best, "average_precision": one.average_precision, "brier": one.brier, "bands": one.bands });
    let effects: Vec<Value> = effects
        .iter()
        .map(|effect| json!({ "pairs": effect.name, "old": figures(&effect.before), "new": figures(&effect.after) }))
        .collect();
    json!({
        "pairs": pairs, "decided": decided, "expected_same": estimated.same, "rounds": estimated.rounds,
        "old_version": now.version, "new_version": estimated.weights.version,
        "old_prior": now.prior, "new_prior": estimated.weights.prior, "levels": levels, "effects": effects,
        "platt": { "slope": scaling.slope, "shift": scaling.shift }, "thresholds": thresholds,
    })
}
