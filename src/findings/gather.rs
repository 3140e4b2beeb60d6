//! Brings the findings about some projects in line with their pairs and with what was decided.

use super::flood;
use super::gathering::{Gathering, log};
use super::plan::{Wanted, plan};
use crate::domain::change::ChangeAction;
use crate::domain::finding::ClosedBecause;
use crate::domain::finding::{FindingState, Severity};
use crate::store::finding_pairs::{Group, list_groups, list_together, put, release};
use crate::store::stakes::{self, Stake};
use crate::store::{Result, Tx, decisions, pairs};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// The most projects whose pairs are looked at around a change: a change costs what its neighbourhood costs. What lies
/// behind stays as it is until something changes there.
const MOST_PROJECTS: usize = 500;

/// What came of it.
#[derive(Debug)]
pub struct Gathered {
    /// Somebody must be told.
    pub is_news: bool,
    /// Projects that need no gathering of their own: those that were asked for, and all that hangs together with them, unless
    /// that is more than is looked at.
    pub done: BTreeSet<Uuid>,
}

/// Writes what findings there should be about these projects. Costs some hundred bytes and microseconds for each of their pairs. The caller holds [`crate::store::finding_pairs::lock`].
pub async fn gather(tx: &mut Tx, gathering: Gathering<'_>, touched: &[Uuid]) -> Result<Gathered> {
    let around = around(tx, touched).await?;
    let done = if around.is_all { around.reached.clone() } else { touched.iter().copied().collect() };
    let inside = |group: &Group| group.projects.iter().all(|project| around.reached.contains(project));
    let (known, beyond): (Vec<Group>, Vec<Group>) =
        list_groups(tx, &around.projects()).await?.into_iter().partition(inside);
    let held: HashSet<Uuid> = beyond.iter().flat_map(|group| group.pairs.iter().copied()).collect();
    let links: Vec<pairs::Link> = around.links.into_iter().filter(|link| !held.contains(&link.id)).collect();
    let told = known.iter().flat_map(|group| group.pairs.iter().copied());
    let mut ids: Vec<Uuid> = links.iter().map(|link| link.id).chain(told).collect();
    ids.sort_unstable();
    ids.dedup();
    let decided = decisions::standing_of_pairs(tx, &ids).await?;
    let wanted = plan(&links, &decided, &known);
    let members: BTreeSet<Uuid> = wanted
        .iter()
        .flat_map(|one| one.projects.iter().copied())
        .chain(known.iter().flat_map(|group| group.projects.iter().copied()))
        .collect();
    let stakes = stakes::list(tx, &members.into_iter().collect::<Vec<_>>()).await?;
    let parted: HashSet<Uuid> = links.iter().map(|link| link.id).filter(|pair| decided.contains_key(pair)).collect();
    let mut changes = changes(&wanted, &known, &stakes, &gathering);
    changes.extend(endings(&wanted, &known, &parted, &stakes));
    changes.retain(|change| change.before != Some(&change.group) || change.is_news);
    for change in &changes {
        if let Some(before) = change.before {
            release(tx, before.id, &missing(&before.pairs, &change.group.pairs)).await?;
        }
    }
    // Pairs that a closing finding leaves to another are let go before that one takes them.
    changes.sort_by_key(|change| change.group.state != FindingState::Closed);
    let (mut told, mut summaries) = (false, BTreeSet::new());
    for mut change in changes {
        if change.is_news && change.group.severity == Severity::Alert {
            flood::hold(tx, gathering, &mut change.group, &stakes).await?;
            told = true;
        }
        let new = missing(&change.group.pairs, change.before.map_or(&[], |before| &before.pairs));
        put(tx, &change.group, change.before, &new, change.is_news, gathering.now).await?;
        summaries.extend(change.before.and_then(|before| before.summary_id).into_iter().chain(change.group.summary_id));
        if let Some(action) = change.action() {
            log(tx, gathering, change.group.id, action);
        }
    }
    for summary in summaries {
        flood::sum_up(tx, gathering, summary).await?;
    }
    Ok(Gathered { is_news: told, done })
}

/// What of `these` is not among `those`, both in order.
fn missing(these: &[Uuid], those: &[Uuid]) -> Vec<Uuid> {
    these.iter().copied().filter(|id| those.binary_search(id).is_err()).collect()
}

/// A finding as it is to be written.
struct Rewrite<'a> {
    group: Group,
    before: Option<&'a Group>,
    is_news: bool,
}

impl Rewrite<'_> {
    fn action(&self) -> Option<ChangeAction> {
        let was_open = self.before.is_some_and(|before| before.state == FindingState::Open);
        match (self.is_news, self.group.state, was_open) {
            (true, ..) => Some(ChangeAction::Open),
            (false, FindingState::Closed, true) => Some(ChangeAction::Close),
            (false, FindingState::Open, false) => Some(ChangeAction::Reopen),
            _ => None,
        }
    }
}

/// The pairs around some projects.
struct Around {
    links: Vec<pairs::Link>,
    /// Projects all of whose pairs are among the links.
    reached: BTreeSet<Uuid>,
    /// Nothing lies behind.
    is_all: bool,
}

impl Around {
    fn projects(&self) -> Vec<Uuid> {
        self.reached.iter().copied().collect()
    }
}

/// Everything that hangs together with these projects by pairs or findings, up to a limit.
async fn around(tx: &mut Tx, touched: &[Uuid]) -> Result<Around> {
    let mut reached: BTreeSet<Uuid> = BTreeSet::new();
    let mut links: Vec<pairs::Link> = Vec::new();
    let mut next: BTreeSet<Uuid> = touched.iter().copied().collect();
    while !next.is_empty() && reached.len() < MOST_PROJECTS.max(touched.len()) {
        let asked: Vec<Uuid> = std::mem::take(&mut next).into_iter().collect();
        let found = pairs::list_links(tx, &asked, &reached).await?;
        reached.extend(asked.iter().copied());
        next.extend(found.iter().flat_map(|link| [link.a_id, link.b_id]).filter(|project| !reached.contains(project)));
        links.extend(found);
        next.extend(list_together(tx, &asked).await?.into_iter().filter(|project| !reached.contains(project)));
    }
    links.sort_unstable_by_key(|link| (link.a_id, link.b_id));
    Ok(Around { links, reached, is_all: next.is_empty() })
}

/// What findings there should be, beside what is there.
fn changes<'a>(
    wanted: &[Wanted],
    known: &'a [Group],
    stakes: &HashMap<Uuid, Stake>,
    gathering: &Gathering<'_>,
) -> Vec<Rewrite<'a>> {
    let rewrite = |one: &Wanted| {
        let before = one.known.map(|at| &known[at]);
        let severity = match (one.alerts, before) {
            (true, _) => Severity::Alert,
            // What is decided keeps the weight that it had.
            (false, Some(before)) if one.decided => before.severity,
            _ => Severity::Review,
        };
        let projects: Vec<Uuid> = one.projects.iter().copied().collect();
        let pairs: Vec<Uuid> = one.pairs.iter().copied().collect();
        let state = if one.decided { FindingState::Closed } else { FindingState::Open };
        let is_news = !one.decided
            && before.is_none_or(|before| {
                // A person who takes a decision back brings no news.
                (before.state == FindingState::Closed && gathering.by.is_none())
                    || (before.severity != Severity::Alert && severity == Severity::Alert)
                    || !missing(&projects, &before.projects).is_empty()
            });
        let village_id = projects.first().and_then(|project| stakes.get(project)).map(|stake| stake.village_id);
        // A summary tells of its own village: what moved to another is told there.
        let under = before.filter(|before| before.village_id == village_id);
        let group = Group {
            id: before.map_or_else(|| gathering.clock.id(), |before| before.id),
            severity,
            state,
            closed_because: one.decided.then_some(ClosedBecause::Decided),
            rupiah: at_stake(&projects, stakes),
            round: before.map_or(0, |before| before.round) + i64::from(is_news || before.is_none()),
            village_id,
            summary_id: under.and_then(|before| before.summary_id),
            projects,
            pairs,
        };
        Rewrite { group, before, is_news }
    };
    wanted.iter().map(rewrite).collect()
}

/// Findings that tell of nothing any more: closed with the reason, their members kept for whoever reads them later.
fn endings<'a>(
    wanted: &[Wanted],
    known: &'a [Group],
    parted: &HashSet<Uuid>,
    stakes: &HashMap<Uuid, Stake>,
) -> Vec<Rewrite<'a>> {
    let used: BTreeSet<usize> = wanted.iter().filter_map(|one| one.known).collect();
    let moved: BTreeSet<Uuid> = wanted.iter().flat_map(|one| one.pairs.iter().copied()).collect();
    let close = |before: &'a Group| {
        let pairs: Vec<Uuid> = before.pairs.iter().copied().filter(|pair| !moved.contains(pair)).collect();
        let gone = before.projects.iter().find_map(|project| stakes.get(project)?.gone);
        let because = if !pairs.is_empty() && pairs.iter().all(|pair| parted.contains(pair)) {
            ClosedBecause::Decided
        } else if let Some(gone) = gone {
            gone
        } else if pairs.len() < before.pairs.len() {
            ClosedBecause::Joined
        } else {
            ClosedBecause::FactsChanged
        };
        // A finding that was closed before keeps the reason that it was closed for.
        let because = match (before.state, before.closed_because) {
            (FindingState::Closed, Some(reason)) => reason,
            _ => because,
        };
        let group = Group { state: FindingState::Closed, closed_because: Some(because), pairs, ..before.clone() };
        Rewrite { group, before: Some(before), is_news: false }
    };
    known.iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, group)| close(group)).collect()
}

/// The money that may have been paid twice: what all records cost, less the dearest; where only one says, that.
fn at_stake(projects: &[Uuid], stakes: &HashMap<Uuid, Stake>) -> i64 {
    let budgets: Vec<i64> = projects.iter().filter_map(|project| stakes.get(project)?.budget_rupiah).collect();
    let all = budgets.iter().fold(0_i64, |sum, rupiah| sum.saturating_add(*rupiah));
    let dearest = budgets.iter().copied().max().unwrap_or_default();
    if budgets.len() > 1 { all - dearest } else { all }
}
