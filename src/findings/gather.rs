//! Updates the findings about some projects from their pairs and decisions.

use super::flood;
use super::gathering::{Gathering, log};
use super::plan::{Wanted, plan};
use crate::domain::change::ChangeAction;
use crate::domain::finding::{ClosedBecause, FindingState, Severity};
use crate::groups::at_stake;
use crate::store::finding_pairs::{Group, detach_pairs, list_groups, list_together, upsert_group};
use crate::store::stakes::{self, ProjectAtStake};
use crate::store::{Result, Tx, decisions, pairs};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Maximum number of projects whose pairs are read around a change, to bound its cost. Findings beyond stay as they
/// are until a change near them.
const MOST_PROJECTS: usize = 500;

/// The outcome.
#[derive(Debug)]
pub struct Gathered {
    /// Somebody must be notified.
    pub needs_alert: bool,
    /// Projects that need no gathering of their own: the requested ones, and everything connected with them, unless
    /// that exceeds the limit.
    pub done: BTreeSet<Uuid>,
}

/// Writes the findings that should exist about these projects. Costs some hundred bytes and microseconds for each of
/// their pairs. The caller holds [`crate::store::finding_pairs::lock`].
pub async fn gather(tx: &mut Tx, gathering: Gathering<'_>, touched: &[Uuid]) -> Result<Gathered> {
    let connected = find_connected(tx, touched).await?;
    let done = if connected.is_all { connected.reached.clone() } else { touched.iter().copied().collect() };
    let inside = |group: &Group| group.projects.iter().all(|project| connected.reached.contains(project));
    let (known, beyond): (Vec<Group>, Vec<Group>) =
        list_groups(tx, &connected.projects()).await?.into_iter().partition(inside);
    let held: HashSet<Uuid> = beyond.iter().flat_map(|group| group.pairs.iter().copied()).collect();
    let links: Vec<pairs::Link> = connected.links.into_iter().filter(|link| !held.contains(&link.id)).collect();
    let reported = known.iter().flat_map(|group| group.pairs.iter().copied());
    let mut ids: Vec<Uuid> = links.iter().map(|link| link.id).chain(reported).collect();
    ids.sort_unstable();
    ids.dedup();
    let decided = decisions::list_in_force(tx, &ids).await?;
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
    changes.retain(|change| change.before != Some(&change.group) || change.starts_round);
    for change in &changes {
        if let Some(before) = change.before {
            detach_pairs(tx, before.id, &missing(&before.pairs, &change.group.pairs)).await?;
        }
    }
    // A closing finding detaches the pairs that another takes over first; new alerts are counted after all others.
    changes.sort_by_key(|change| (change.group.state != FindingState::Closed, change.is_new_alert()));
    let mut alerts = changes.split_off(changes.partition_point(|change| !change.is_new_alert()));
    let mut summaries = write(tx, gathering, &changes).await?;
    let groups = alerts.iter_mut().map(|change| &mut change.group);
    flood::fold_into_daily_summaries(tx, gathering, groups.collect(), &stakes).await?;
    summaries.extend(write(tx, gathering, &alerts).await?);
    for summary in summaries {
        flood::sum_up(tx, gathering, summary).await?;
    }
    Ok(Gathered { needs_alert: !alerts.is_empty(), done })
}

/// Writes these findings, each with its entry in the change log; gives the summaries that they stand or stood under.
async fn write(tx: &mut Tx, gathering: Gathering<'_>, changes: &[Rewrite<'_>]) -> Result<BTreeSet<Uuid>> {
    let mut summaries = BTreeSet::new();
    for change in changes {
        let new = missing(&change.group.pairs, change.before.map_or(&[], |before| &before.pairs));
        upsert_group(tx, &change.group, change.before, &new, change.starts_round, gathering.now).await?;
        summaries.extend(change.before.and_then(|before| before.summary_id).into_iter().chain(change.group.summary_id));
        if let Some(action) = change.action() {
            log(tx, gathering, change.group.id, action);
        }
    }
    Ok(summaries)
}

/// Those of `these` that are not in `those`; both are sorted.
fn missing(these: &[Uuid], those: &[Uuid]) -> Vec<Uuid> {
    these.iter().copied().filter(|id| those.binary_search(id).is_err()).collect()
}

/// A finding to be written.
struct Rewrite<'a> {
    group: Group,
    before: Option<&'a Group>,
    starts_round: bool,
}

impl Rewrite<'_> {
    /// Somebody is to be notified of it.
    fn is_new_alert(&self) -> bool {
        self.starts_round && self.group.severity == Severity::Alert
    }

    fn action(&self) -> Option<ChangeAction> {
        let was_open = self.before.is_some_and(|before| before.state == FindingState::Open);
        match (self.starts_round, self.group.state, was_open) {
            (true, ..) => Some(ChangeAction::Open),
            (false, FindingState::Closed, true) => Some(ChangeAction::Close),
            (false, FindingState::Open, false) => Some(ChangeAction::Reopen),
            _ => None,
        }
    }
}

/// The projects connected with some others, and their pairs.
struct Connected {
    links: Vec<pairs::Link>,
    /// Projects all of whose pairs are among the links.
    reached: BTreeSet<Uuid>,
    /// The limit was not reached: nothing is connected beyond these.
    is_all: bool,
}

impl Connected {
    fn projects(&self) -> Vec<Uuid> {
        self.reached.iter().copied().collect()
    }
}

/// Everything connected with these projects by pairs or findings, up to a limit.
async fn find_connected(tx: &mut Tx, touched: &[Uuid]) -> Result<Connected> {
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
    Ok(Connected { links, reached, is_all: next.is_empty() })
}

/// The findings that should exist, each with its present state.
fn changes<'a>(
    wanted: &[Wanted],
    known: &'a [Group],
    stakes: &HashMap<Uuid, ProjectAtStake>,
    gathering: &Gathering<'_>,
) -> Vec<Rewrite<'a>> {
    let rewrite = |one: &Wanted| {
        let before = one.known.map(|at| &known[at]);
        let severity = match (one.alerts, before) {
            (true, _) => Severity::Alert,
            // A decided finding keeps its severity.
            (false, Some(before)) if one.decided => before.severity,
            _ => Severity::Review,
        };
        let projects: Vec<Uuid> = one.projects.iter().copied().collect();
        let pairs: Vec<Uuid> = one.pairs.iter().copied().collect();
        let state = if one.decided { FindingState::Closed } else { FindingState::Open };
        let starts_round = !one.decided
            && before.is_none_or(|before| {
                // Taking a decision back starts no new round of alerts.
                (before.state == FindingState::Closed && gathering.by.person.is_none())
                    || (before.severity != Severity::Alert && severity == Severity::Alert)
                    || !missing(&projects, &before.projects).is_empty()
            });
        let village_id = projects.first().and_then(|project| stakes.get(project)).map(|stake| stake.village_id);
        let budgets = projects.iter().filter_map(|project| stakes.get(project)).map(|stake| stake.budget_rupiah);
        // A summary covers its own village: a finding that moved to another belongs to that one's summary.
        let under = before.filter(|before| before.village_id == village_id);
        let group = Group {
            id: before.map_or_else(|| gathering.clock.id(), |before| before.id),
            severity,
            state,
            closed_because: one.decided.then_some(ClosedBecause::Decided),
            rupiah: at_stake(budgets).unwrap_or_default(),
            round: before.map_or(0, |before| before.round) + i64::from(starts_round || before.is_none()),
            village_id,
            summary_id: under.and_then(|before| before.summary_id),
            projects,
            pairs,
        };
        Rewrite { group, before, starts_round }
    };
    wanted.iter().map(rewrite).collect()
}

/// Findings without pairs: closed with the reason, their members kept for later readers.
fn endings<'a>(
    wanted: &[Wanted],
    known: &'a [Group],
    parted: &HashSet<Uuid>,
    stakes: &HashMap<Uuid, ProjectAtStake>,
) -> Vec<Rewrite<'a>> {
    let used: BTreeSet<usize> = wanted.iter().filter_map(|one| one.known).collect();
    let moved: BTreeSet<Uuid> = wanted.iter().flat_map(|one| one.pairs.iter().copied()).collect();
    let close = |before: &'a Group| {
        let pairs: Vec<Uuid> = before.pairs.iter().copied().filter(|pair| !moved.contains(pair)).collect();
        let inactive_because = before.projects.iter().find_map(|project| stakes.get(project)?.inactive_because);
        let because = if !pairs.is_empty() && pairs.iter().all(|pair| parted.contains(pair)) {
            ClosedBecause::Decided
        } else if let Some(reason) = inactive_because {
            reason
        } else if pairs.len() < before.pairs.len() {
            ClosedBecause::Joined
        } else {
            ClosedBecause::FactsChanged
        };
        // A finding that is closed already keeps its reason.
        let because = match (before.state, before.closed_because) {
            (FindingState::Closed, Some(reason)) => reason,
            _ => because,
        };
        let group = Group { state: FindingState::Closed, closed_because: Some(because), pairs, ..before.clone() };
        Rewrite { group, before: Some(before), starts_round: false }
    };
    known.iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, group)| close(group)).collect()
}
