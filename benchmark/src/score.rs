//! Scores any engine: what it says about pairs against the labels.

use crate::chance::Chance;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Samples of the bootstrap.
const SAMPLES: usize = 400;

/// One labelled pair with what the engine says of it; `score` 0 where it says nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    pub case: String,
    pub is_duplicate: bool,
    pub score: f64,
}

/// `[low, estimate, high]`, 95 %.
pub type Interval = [f64; 3];

#[derive(Debug, Serialize)]
pub struct Figures {
    pub pairs: usize,
    pub threshold: f64,
    pub precision: Interval,
    pub recall: Interval,
    pub f1: Interval,
    pub best_f1: f64,
    pub best_threshold: f64,
    pub average_precision: f64,
    /// Pairs at the threshold or over it that are neither labelled duplicate nor unclear, for 100 projects.
    pub false_alarms_per_100: Option<f64>,
    /// By case: pairs, and those at the threshold or over it.
    pub cases: BTreeMap<String, (usize, usize)>,
}

type Id = (String, String);

fn key(a: &str, b: &str) -> Id {
    if a <= b { (a.to_owned(), b.to_owned()) } else { (b.to_owned(), a.to_owned()) }
}

/// Reads `pairs` and `scores`; errors name file, row and column.
pub fn read(pairs: &str, scores: &str) -> Result<(Vec<Scored>, Vec<f64>), String> {
    let said = read_scores(scores)?;
    let mut table = csv::Reader::from_path(pairs).map_err(|e| format!("{pairs}: {e}"))?;
    let column = columns(pairs, &mut table, &["id_a", "id_b", "label", "case"])?;
    let mut listed: HashMap<Id, bool> = HashMap::new();
    let mut scored = Vec::new();
    for row in table.records() {
        let row = row.map_err(|e| format!("{pairs}: {e}"))?;
        let cell = |n: usize| row.get(column[n]).unwrap_or_default();
        let id = key(cell(0), cell(1));
        listed.insert(id.clone(), matches!(cell(2), "duplicate" | "unclear"));
        if cell(2) != "unclear" {
            let score = said.get(&id).copied().unwrap_or_default();
            scored.push(Scored { case: cell(3).to_owned(), is_duplicate: cell(2) == "duplicate", score });
        }
    }
    if scored.is_empty() {
        return Err(format!("{pairs} has no pairs"));
    }
    let wrong = said.iter().filter(|(id, _)| !listed.get(*id).copied().unwrap_or_default()).map(|(_, score)| *score);
    Ok((scored, wrong.collect()))
}

fn columns(file: &str, table: &mut csv::Reader<std::fs::File>, names: &[&str]) -> Result<Vec<usize>, String> {
    let headings = table.headers().map_err(|e| format!("{file}: {e}"))?.clone();
    names
        .iter()
        .map(|name| {
            headings.iter().position(|heading| heading == *name).ok_or_else(|| {
                format!("{file} has no column {name}; it has {}", headings.iter().collect::<Vec<_>>().join(", "))
            })
        })
        .collect()
}

fn read_scores(file: &str) -> Result<HashMap<Id, f64>, String> {
    let mut table = csv::Reader::from_path(file).map_err(|e| format!("{file}: {e}"))?;
    let column = columns(file, &mut table, &["id_a", "id_b", "probability"])?;
    let mut said = HashMap::new();
    for (n, row) in table.records().enumerate() {
        let row = row.map_err(|e| format!("{file}: {e}"))?;
        let given = row.get(column[2]).unwrap_or_default();
        let score = given.trim().parse::<f64>().ok().filter(|score| (0.0..=1.0).contains(score));
        let score =
            score.ok_or_else(|| format!("{file}, row {}, probability: {given:?} is no number from 0 to 1", n + 2))?;
        said.insert(key(row.get(column[0]).unwrap_or_default(), row.get(column[1]).unwrap_or_default()), score);
    }
    Ok(said)
}

/// The figures at a threshold. `wrong` are the scores of pairs that are neither labelled duplicate nor unclear.
pub fn figures(scored: &[Scored], wrong: &[f64], projects: Option<usize>, threshold: f64) -> Figures {
    let estimate = at(scored, threshold);
    let mut chance = Chance::new(1);
    let mut samples: Vec<[f64; 3]> = (0..SAMPLES)
        .map(|_| {
            let sample: Vec<Scored> =
                (0..scored.len()).map(|_| scored[chance.between(0, scored.len() - 1)].clone()).collect();
            at(&sample, threshold)
        })
        .collect();
    let mut interval = |n: usize| {
        samples.sort_by(|x, y| x[n].total_cmp(&y[n]));
        [samples[SAMPLES / 40][n], estimate[n], samples[SAMPLES - 1 - SAMPLES / 40][n]]
    };
    let (precision, recall, f1) = (interval(0), interval(1), interval(2));
    let (best_f1, best_threshold, average_precision) = ranked(scored);
    let mut cases: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for one in scored {
        let count = cases.entry(one.case.clone()).or_default();
        count.0 += 1;
        count.1 += usize::from(one.score >= threshold);
    }
    let alarms = wrong.iter().filter(|score| **score >= threshold).count();
    let false_alarms_per_100 = projects.map(|projects| 100.0 * alarms as f64 / projects.max(1) as f64);
    Figures {
        pairs: scored.len(),
        threshold,
        precision,
        recall,
        f1,
        best_f1,
        best_threshold,
        average_precision,
        false_alarms_per_100,
        cases,
    }
}

/// Precision, recall, F1.
fn at(scored: &[Scored], threshold: f64) -> [f64; 3] {
    let taken = scored.iter().filter(|one| one.score >= threshold).count() as f64;
    let all = scored.iter().filter(|one| one.is_duplicate).count() as f64;
    let hit = scored.iter().filter(|one| one.is_duplicate && one.score >= threshold).count() as f64;
    let share = |part: f64, of: f64| if of > 0.0 { part / of } else { 0.0 };
    [share(hit, taken), share(hit, all), share(2.0 * hit, taken + all)]
}

/// Best F1, its threshold, and average precision; equal scores together.
fn ranked(scored: &[Scored]) -> (f64, f64, f64) {
    let mut sorted: Vec<&Scored> = scored.iter().collect();
    sorted.sort_by(|x, y| y.score.total_cmp(&x.score));
    let all = sorted.iter().filter(|one| one.is_duplicate).count() as f64;
    let (mut hit, mut taken, mut before, mut average) = (0.0, 0.0, 0.0, 0.0);
    let mut best = (0.0, 0.0);
    for (n, one) in sorted.iter().enumerate() {
        hit += f64::from(u8::from(one.is_duplicate));
        taken += 1.0;
        if sorted.get(n + 1).is_some_and(|next| next.score >= one.score) {
            continue;
        }
        if all > 0.0 {
            average += (hit - before) / all * (hit / taken);
        }
        before = hit;
        let f1 = 2.0 * hit / (taken + all).max(1.0);
        if f1 > best.0 {
            best = (f1, one.score);
        }
    }
    (best.0, best.1, average)
}
