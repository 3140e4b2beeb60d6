//! `tapak whatif --set corridor_m=20 [FILE…]`: alerts that other settings of the judge would add and remove.

use super::{CliError, Context, reading};
use crate::collection::{Collection, drop_far_places, read_collection};
use crate::duplicates::{Judge, Settings};
use crate::import::Needs;
use crate::scan::{Change, whatif};
use crate::words::{Words, percent_of};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;

/// Maximum number of alerts printed of each list.
const SHOWN: usize = 50;

#[derive(Debug, Args)]
pub struct WhatIf {
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: reading::Reading,
    #[arg(long)]
    json: bool,
}

/// `sets` are the judge settings from `--set`, by name.
pub async fn run(context: &Context, verb: WhatIf, sets: &[(String, String)]) -> Result<ExitCode, CliError> {
    if sets.is_empty() {
        let names = Settings::NAMES.join(", ");
        return Err(CliError::Message(context.render("whatif.no_set", json!({ "names": names }))));
    }
    let now = context.config.judge();
    let then = Judge::with(now.settings().with(sets)?, now.weights().clone());
    let bar = reading::progress_bar(context);
    let mut collection = if verb.files.is_empty() {
        projects(context).await?
    } else {
        let inputs = reading::inputs(&verb.files)?;
        let options = verb.reading.options(context, Needs::Comparison)?;
        let mut found = read_collection(&inputs, &options, |input, progress| reading::show(&bar, input, progress))?;
        drop_far_places(&mut found, &context.config.country, context.config.far_place_m);
        reading::show_read(context, &options, &found)?;
        found
    };
    bar.set_message(context.render("comparing", json!({})));
    bar.set_length((2 * collection.records.len()).max(1) as u64);
    let change = whatif(&mut collection, &now, &then, |_, _| true, |done| bar.set_position(done as u64));
    bar.finish_and_clear();
    if verb.json {
        super::print(&format!("{:#}\n", as_json(&collection, &change)))?;
    } else {
        super::print(&as_text(context, &collection, &change))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// All active projects of the database.
async fn projects(context: &Context) -> Result<Collection, CliError> {
    let app = context.open_existing().await?;
    app.follower().load().await?;
    let (villages, facts) = (app.atlas.villages(), app.atlas.all_facts());
    app.store.close().await;
    Ok(Collection::of_projects("database", villages, &facts))
}

fn as_json(collection: &Collection, change: &Change) -> Value {
    let list = |pairs: &[(usize, usize, crate::domain::verdict::Verdict)]| -> Vec<Value> {
        let one = |at: usize| {
            let record = &collection.records[at];
            json!({ "file": collection.files.get(record.file), "row": record.row, "id": record.external_id, "title": record.facts().title })
        };
        pairs
            .iter()
            .map(|(a, b, verdict)| {
                json!({ "kind": verdict.kind, "probability": verdict.probability, "members": [one(*a), one(*b)] })
            })
            .collect()
    };
    json!({
        "projects": collection.records.len(),
        "alerts_now": change.alerts_now,
        "alerts_then": change.alerts_then,
        "gained": list(&change.gained),
        "lost": list(&change.lost),
    })
}

fn as_text(context: &Context, collection: &Collection, change: &Change) -> String {
    let mut text = String::new();
    for (sign, pairs) in [("+", &change.gained), ("-", &change.lost)] {
        for (a, b, verdict) in pairs.iter().take(SHOWN) {
            let kind = Words::kind_name(context.language, verdict.kind, 2);
            text.push_str(&format!("{sign} {kind}, {} %\n", percent_of(verdict.probability)));
            for at in [a, b] {
                let record = &collection.records[*at];
                text.push_str(&format!("    {} {}\n", record.external_id, record.facts().title));
            }
        }
        if pairs.len() > SHOWN {
            text.push_str(&format!("{sign} {}\n", context.render("more", json!({ "count": pairs.len() - SHOWN }))));
        }
    }
    let values = json!({
        "projects": collection.records.len(), "now": change.alerts_now, "then": change.alerts_then,
        "gained": change.gained.len(), "lost": change.lost.len(),
    });
    text.push_str(&format!("{}\n", context.render("whatif.outcome", values)));
    text
}
