//! Pairs become groups of records of one work, with the money at stake in each and the alerts of a village that are
//! reported one by one. No store and no HTTP: the server (`findings/`) and `tapak scan` group by the same rules.

mod limit;
mod linkage;
mod stake;

pub use limit::beyond_limit;
pub use stake::at_stake;

use linkage::merged;
use std::collections::{BTreeSet, HashMap};

/// Two records (by index) whose pair is in alert or review.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecordLink {
    pub a: usize,
    pub b: usize,
    pub probability: f64,
}

/// Records that are one finding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordGroup {
    pub members: BTreeSet<usize>,
    /// Indices of the links between them, ascending.
    pub links: Vec<usize>,
}

/// Every link within one group: three or more records of one work together, by first record; then each pair that is not
/// within one of these, in the order of the links. See `merged` for what is one work, and for the cost.
pub fn groups(links: &[RecordLink]) -> Vec<RecordGroup> {
    let mut groups: Vec<RecordGroup> = Vec::new();
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    for members in merged(links) {
        group_of.extend(members.iter().map(|record| (*record, groups.len())));
        groups.push(RecordGroup { members: members.into_iter().collect(), links: Vec::new() });
    }
    for (at, link) in links.iter().enumerate() {
        match (group_of.get(&link.a), group_of.get(&link.b)) {
            (Some(x), Some(y)) if x == y => groups[*x].links.push(at),
            _ => groups.push(RecordGroup { members: [link.a, link.b].into(), links: vec![at] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_link_is_in_one_group_whose_members_are_the_ends_of_its_links(
            ends in proptest::collection::btree_set((0_usize..12, 0_usize..12), 0..40),
            likely in proptest::collection::vec(0.5_f64..1.0, 40),
        ) {
            let ends = ends.into_iter().filter(|(a, b)| a < b);
            let links: Vec<RecordLink> =
                ends.zip(likely).map(|((a, b), probability)| RecordLink { a, b, probability }).collect();
            let found = groups(&links);
            let mut held: Vec<usize> = found.iter().flat_map(|group| group.links.iter().copied()).collect();
            held.sort_unstable();
            prop_assert_eq!(held, (0..links.len()).collect::<Vec<_>>());
            for group in &found {
                prop_assert!(group.links.is_sorted());
                let members: BTreeSet<usize> =
                    group.links.iter().flat_map(|at| [links[*at].a, links[*at].b]).collect();
                prop_assert_eq!(&group.members, &members);
            }
        }
    }

    #[test]
    fn a_pair_between_two_groups_stands_alone_behind_them() {
        let link = |a, b| RecordLink { a, b, probability: 0.9 };
        let links = [link(1, 2), link(1, 3), link(2, 3), link(3, 11), link(11, 12), link(11, 13), link(12, 13)];
        let found = groups(&links);
        let links_of: Vec<&[usize]> = found.iter().map(|group| &*group.links).collect();
        assert_eq!(links_of, [&[0, 1, 2][..], &[4, 5, 6], &[3]]);
    }
}
