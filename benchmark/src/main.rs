//! `tapak-benchmark`: an open benchmark of public works recorded twice. `generate` makes it, `score` scores any engine on it.
//!
//! Nothing here is shared with the engine that it measures: no code, no table of words. The label of a pair comes from the
//! case that was planted, never from a rule that scores. See docs/benchmark.md.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a made-up land of some thousand works: all numbers are small"
)]

mod abroad;
mod background;
mod cases;
mod chance;
mod geometry;
mod land;
mod make;
mod noise;
mod record;
mod score;
mod words;
mod world;

#[cfg(test)]
mod tests;

use clap::{Parser, Subcommand};
use land::Density;
use make::Wish;
use std::path::PathBuf;
use std::process::ExitCode;

/// An open benchmark of public works recorded twice
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make projects.geojson, villages.geojson, pairs.csv and CASES.csv
    Generate {
        /// Folder for the files
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[arg(long, value_enum, default_value_t = Density::Village)]
        density: Density,
        /// Labelled pairs, at least
        #[arg(long, default_value_t = 2_500)]
        pairs: usize,
        /// Works beside the planted ones, about
        #[arg(long, default_value_t = 6_000)]
        background: usize,
    },
    /// Score what an engine says about the pairs
    Score {
        /// pairs.csv of the benchmark
        #[arg(long, value_name = "FILE")]
        pairs: String,
        /// CSV of the engine: id_a, id_b, probability; a pair that is not listed counts as 0
        #[arg(long, value_name = "FILE")]
        scores: String,
        /// From which probability on a pair is an alarm
        #[arg(long, default_value_t = 0.8)]
        threshold: f64,
        /// Projects in the benchmark, for false alarms in 100
        #[arg(long, value_name = "N")]
        projects: Option<usize>,
        #[arg(long)]
        json: bool,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("tapak-benchmark: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), String> {
    match cli.verb {
        Verb::Generate { out, seed, density, pairs, background } => {
            let made = make::make(Wish { seed, density, pairs, background });
            make::write(&made, &out).map_err(|e| format!("{}: {e}", out.display()))?;
            println!(
                "{}: {} projects in {} villages, {} labelled pairs",
                out.display(),
                made.world.records.len(),
                made.world.land.villages.len(),
                made.pairs.len()
            );
            Ok(())
        }
        Verb::Score { pairs, scores, threshold, projects, json } => {
            let (scored, wrong) = score::read(&pairs, &scores)?;
            let figures = score::figures(&scored, &wrong, projects, threshold);
            if json {
                println!("{}", serde_json::to_string_pretty(&figures).map_err(|e| e.to_string())?);
            } else {
                show(&figures);
            }
            Ok(())
        }
    }
}

fn show(figures: &score::Figures) {
    let spell = |[low, estimate, high]: score::Interval| format!("{estimate:.3} ({low:.3}–{high:.3})");
    println!("{} pairs, taken for a duplicate from {:.2} on\n", figures.pairs, figures.threshold);
    println!("| precision | recall | F1 | best F1 | at | average precision | false alarms in 100 projects |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    println!(
        "| {} | {} | {} | {:.3} | {:.3} | {:.3} | {} |\n",
        spell(figures.precision),
        spell(figures.recall),
        spell(figures.f1),
        figures.best_f1,
        figures.best_threshold,
        figures.average_precision,
        figures.false_alarms_per_100.map_or_else(|| "–".to_owned(), |rate| format!("{rate:.2}"))
    );
    println!("| case | pairs | taken for a duplicate |\n| --- | ---: | ---: |");
    for (case, (pairs, taken)) in &figures.cases {
        println!("| {case} | {pairs} | {taken} |");
    }
}
