//! Which works of a file would be recorded twice: compared with what is stored by the judge of the screening, and with each
//! other. Nothing is stored.

use super::Broken;
use crate::actions::ActionError;
use crate::actions::import_projects::check::GoodRow;
use crate::app::App;
use crate::atlas::{Atlas, Judged};
use crate::collection::{id_of, index_of};
use crate::domain::facts::Facts;
use crate::domain::person::Person;
use crate::domain::upload::FoundDouble;
use crate::domain::verdict::{Band, Verdict};
use crate::import::KnownVillages;
use crate::publish::{Eyes, ShownProject};
use crate::store::project_lists;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Doubles that are kept, the likeliest first; all are counted.
const MOST: usize = 500;
/// Rows that are compared with each other: their facts are held, some 1 to 5 KB each. What stands behind them is compared
/// with each other when it is stored.
const MOST_WITHIN: usize = 20_000;

/// The doubles of one file, while it is read.
pub(super) struct Doubles {
    eyes: Eyes,
    likeliest: Vec<FoundDouble>,
    alerts: u64,
    reviews: u64,
    within: Vec<Within>,
}

/// A row that is compared with others of its file.
struct Within {
    row: u64,
    external_id: String,
    continues: Option<String>,
    facts: Facts,
}

/// What was found.
pub(super) struct Found {
    pub likeliest: Vec<FoundDouble>,
    pub alerts: u64,
    pub reviews: u64,
    /// Rows that were compared with each other.
    pub compared_rows: u64,
}

impl Doubles {
    pub fn new(by: &Person) -> Self {
        Self { eyes: Eyes::new(Some(by)), likeliest: Vec::new(), alerts: 0, reviews: 0, within: Vec::new() }
    }

    /// Compares rows that are new or changed with what is stored. A double that this person may not see is left out before
    /// anything is counted, as in a check of the form.
    pub async fn add(&mut self, app: &App, villages: &KnownVillages, lot: &[GoodRow]) -> Result<(), Broken> {
        let mut subjects = Vec::new();
        for good in lot.iter().filter(|good| good.known.is_none_or(|(_, is_same)| !is_same)) {
            let code = good.row.village_code.clone().unwrap_or_default();
            let name = villages.name(good.village).unwrap_or_default().to_owned();
            let Some((details, footprint)) = good.row.clone().into_details(good.village, good.continues) else {
                continue;
            };
            // Compared under an id behind all others, so that the row is always the second of a pair.
            let facts = Facts::new(Uuid::max(), details, (code, name), footprint);
            if self.within.len() < MOST_WITHIN {
                self.within.push(Within {
                    row: good.row.row,
                    external_id: good.row.external_id.clone(),
                    continues: good.row.continues_external.clone(),
                    facts: facts.clone(),
                });
            }
            subjects.push((good.row.row, good.known.map(|(project, _)| project), facts));
        }
        let atlas = Arc::clone(&app.atlas);
        let judged = app.import_turns.run(move || judge(&atlas, subjects)).await.map_err(lost)?;
        let others: Vec<Uuid> =
            judged.iter().map(|(_, _, judged)| judged.other).collect::<HashSet<_>>().into_iter().collect();
        let mut tx = app.store.read().await?;
        let rows = project_lists::find_many(&mut tx, &others).await?;
        drop(tx);
        let seen: HashSet<Uuid> =
            self.eyes.projects(rows).filter(ShownProject::shows_place).map(|project| project.id).collect();
        for (row, title, judged) in judged.into_iter().filter(|(_, _, judged)| seen.contains(&judged.other)) {
            self.keep(FoundDouble { project_id: Some(judged.other), ..double(row, title, judged.verdict) });
        }
        Ok(())
    }

    /// Compares the rows with each other.
    pub async fn finish(mut self, app: &App) -> Result<Found, Broken> {
        let within = std::mem::take(&mut self.within);
        let compared_rows = within.len() as u64;
        let atlas = Arc::clone(&app.atlas);
        let found = app.import_turns.run(move || judge_within(&atlas, within)).await.map_err(lost)?;
        found.into_iter().for_each(|double| self.keep(double));
        let Self { likeliest, alerts, reviews, .. } = self;
        Ok(Found { likeliest, alerts, reviews, compared_rows })
    }

    fn keep(&mut self, double: FoundDouble) {
        match double.band {
            Band::Alert => self.alerts += 1,
            Band::Review => self.reviews += 1,
            Band::Silent => return,
        }
        let strength = |double: &FoundDouble| (double.band == Band::Alert, double.probability);
        let is_before = |known: &FoundDouble| strength(known) >= strength(&double);
        let at = self.likeliest.partition_point(is_before);
        self.likeliest.insert(at, double);
        self.likeliest.truncate(MOST);
    }
}

fn lost(e: tokio::task::JoinError) -> Broken {
    ActionError::Internal(e.to_string()).into()
}

/// Each subject against its neighbourhood, but for the project that it is itself: row, title, verdict.
fn judge(atlas: &Atlas, subjects: Vec<(u64, Option<Uuid>, Facts)>) -> Vec<(u64, String, Judged)> {
    let mut found = Vec::new();
    for (row, own, facts) in subjects {
        let title = facts.title.to_string();
        let (_, judged) = atlas.screen(&atlas.judge.prepare(facts), &[]);
        let others = judged.into_iter().filter(|judged| Some(judged.other) != own);
        found.extend(others.map(|judged| (row, title.clone(), judged)));
    }
    found
}

/// All pairs of rows, in an Atlas of their own.
fn judge_within(shared: &Atlas, within: Vec<Within>) -> Vec<FoundDouble> {
    let by_id: HashMap<&str, usize> =
        within.iter().enumerate().map(|(at, row)| (row.external_id.as_str(), at)).collect();
    let facts = |(at, row): (usize, &Within)| {
        let continued =
            row.continues.as_deref().and_then(|external| by_id.get(external)).map(|at| Box::new(id_of(*at)));
        Arc::new(Facts { id: id_of(at), continues: continued, ..row.facts.clone() })
    };
    let facts: Vec<Arc<Facts>> = within.iter().enumerate().map(facts).collect();
    let atlas = Atlas::new(shared.judge.clone());
    atlas.load(shared.villages(), &facts, 0);
    let mut pairs = HashSet::new();
    let mut found = Vec::new();
    for slot in 0..u32::try_from(within.len()).unwrap_or(u32::MAX) {
        for (a, b, verdict) in atlas.screen_onward(slot) {
            let (first, second) = (index_of(a.min(b)), index_of(a.max(b)));
            let (Some(first), Some(second)) = (within.get(first), within.get(second)) else { continue };
            if pairs.insert((first.row, second.row)) {
                let other_title = Some(first.facts.title.to_string());
                let double = double(second.row, second.facts.title.to_string(), verdict);
                found.push(FoundDouble { other_row: Some(first.row), other_title, ..double });
            }
        }
    }
    found
}

fn double(row: u64, title: String, verdict: Verdict) -> FoundDouble {
    FoundDouble {
        row,
        title,
        project_id: None,
        other_row: None,
        other_title: None,
        kind: verdict.kind,
        probability: verdict.probability,
        band: verdict.band,
        cross_border: verdict.cross_border,
        distance_m: verdict.distance_m,
        shared_m: verdict.shared_m,
        evidence: verdict.evidence,
        weights_version: verdict.weights_version,
    }
}
