//! Plans which findings should exist about some pairs, and matches them with the existing ones. No SQL.

use crate::domain::decision::Decision;
use crate::domain::verdict::Band;
use crate::groups::{RecordGroup, RecordLink, groups};
use crate::store::finding_pairs::Group;
use crate::store::pairs;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Records that should be one finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Index of the existing finding about them.
    pub known: Option<usize>,
    pub projects: BTreeSet<Uuid>,
    pub pairs: BTreeSet<Uuid>,
    /// An undecided pair is in the alert band.
    pub alerts: bool,
    /// All pairs are decided: nothing remains to be checked.
    pub decided: bool,
}

/// The findings that `links` make, each matched with the one of `known` that shares most pairs with it. `decided`
/// holds the decisions in force; pairs decided to be different works link nothing. See [`groups`] for the definition
/// of a group.
pub fn plan(links: &[pairs::Link], decided: &HashMap<Uuid, Decision>, known: &[Group]) -> Vec<Wanted> {
    let is = |link: &pairs::Link, what: fn(Decision) -> bool| decided.get(&link.id).copied().is_some_and(what);
    let live: Vec<&pairs::Link> = links.iter().filter(|link| !is(link, Decision::separates)).collect();
    let mut wanted = gathered(&live);
    let finding_of: HashMap<Uuid, usize> =
        wanted.iter().enumerate().flat_map(|(at, one)| one.pairs.iter().map(move |pair| (*pair, at))).collect();
    for link in live.iter().filter(|link| !is(link, Decision::closes)) {
        let one = &mut wanted[finding_of[&link.id]];
        one.decided = false;
        one.alerts |= link.band == Band::Alert;
    }
    assign(&mut wanted, &finding_of, known);
    wanted
}

/// One wanted finding a group.
fn gathered(live: &[&pairs::Link]) -> Vec<Wanted> {
    let projects: BTreeSet<Uuid> = live.iter().flat_map(|link| [link.a_id, link.b_id]).collect();
    let numbers: BTreeMap<Uuid, usize> = projects.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let number = |link: &&pairs::Link| RecordLink {
        a: numbers[&link.a_id],
        b: numbers[&link.b_id],
        probability: link.probability,
    };
    let links: Vec<RecordLink> = live.iter().map(number).collect();
    let ids: Vec<Uuid> = projects.into_iter().collect();
    let wanted = |group: RecordGroup| Wanted {
        known: None,
        projects: group.members.iter().map(|at| ids[*at]).collect(),
        pairs: group.links.iter().map(|at| live[*at].id).collect(),
        alerts: false,
        decided: true,
    };
    groups(&links).into_iter().map(wanted).collect()
}

/// Assigns each known finding to the group that shares most pairs with it, largest share first, so that a finding
/// stays about the same works.
fn assign(wanted: &mut [Wanted], finding_of: &HashMap<Uuid, usize>, known: &[Group]) {
    let mut shares: Vec<(usize, usize, usize)> = Vec::new();
    for (k, group) in known.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for w in group.pairs.iter().filter_map(|pair| finding_of.get(pair)) {
            *shared.entry(*w).or_default() += 1;
        }
        shares.extend(shared.into_iter().map(|(w, pairs)| (pairs, k, w)));
    }
    shares.sort_by(|x, y| y.0.cmp(&x.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    let mut given = BTreeSet::new();
    for (_, k, w) in shares {
        if wanted[w].known.is_none() && given.insert(k) {
            wanted[w].known = Some(k);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::{FindingState, Severity};

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn link(n: u128, a: u128, b: u128) -> pairs::Link {
        pairs::Link { id: id(n), a_id: id(a), b_id: id(b), probability: 0.9, band: Band::Alert }
    }

    fn group(n: u128, pairs: &[u128]) -> Group {
        Group {
            id: id(n),
            severity: Severity::Alert,
            state: FindingState::Open,
            closed_because: None,
            rupiah: 0,
            round: 1,
            village_id: None,
            summary_id: None,
            projects: Vec::new(),
            pairs: pairs.iter().map(|n| id(*n)).collect(),
        }
    }

    fn decided(pair: u128, decision: Decision) -> HashMap<Uuid, Decision> {
        HashMap::from([(id(pair), decision)])
    }

    #[test]
    fn a_third_record_joins_the_finding_that_is_there() {
        let links = [link(101, 1, 2), link(102, 1, 3), link(103, 2, 3)];
        let plan = plan(&links, &HashMap::new(), &[group(7, &[101])]);
        assert_eq!(plan.len(), 1);
        assert_eq!((plan[0].known, plan[0].projects.len(), plan[0].pairs.len()), (Some(0), 3, 3));
        assert!(plan[0].alerts && !plan[0].decided);
    }

    #[test]
    fn a_pair_decided_as_different_works_links_nothing() {
        let links = [link(101, 1, 2)];
        assert!(plan(&links, &decided(101, Decision::Upkeep), &[]).is_empty());
        assert_eq!(plan(&links, &HashMap::new(), &[]).len(), 1);
    }

    #[test]
    fn a_confirmed_pair_is_done_and_a_visit_is_still_to_be_made() {
        let links = [link(101, 1, 2)];
        let confirmed = &plan(&links, &decided(101, Decision::SameWork), &[])[0];
        assert!(confirmed.decided && !confirmed.alerts);
        let visit = &plan(&links, &decided(101, Decision::NeedVisit), &[])[0];
        assert!(!visit.decided && visit.alerts);
    }

    #[test]
    fn of_two_findings_that_become_one_the_greater_goes_on() {
        let links =
            [link(101, 1, 2), link(102, 1, 3), link(103, 2, 3), link(104, 3, 4), link(105, 1, 4), link(106, 2, 4)];
        let plan = plan(&links, &HashMap::new(), &[group(7, &[104]), group(8, &[101, 102, 103])]);
        assert_eq!((plan.len(), plan[0].known), (1, Some(1)));
    }
}
