//! Three or more records of one work are one finding.
//!
//! Linkage by quorum: two groups become one only where at least half of all pairs between them are links themselves
//! (between average and complete linkage). A single wrong bridge between two works of several records each is one pair of
//! many and merges nothing; a chain A–B–C whose ends have nothing to do with each other stays together only through B,
//! which is linked with half of the others. Links between records with most neighbours in common are taken first, then
//! the strongest: a bridge has no neighbours in common, however strong it is, so it finds whole groups on both sides.

use std::collections::{BTreeMap, HashMap, HashSet};

/// Two records (by number) that the judge put into alert or review.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    pub a: usize,
    pub b: usize,
    pub probability: f64,
}

/// Neighbours in common from which on more of them say nothing more.
const ENOUGH_IN_COMMON: usize = 50;

/// The groups of linked records, each in order, the groups in the order of their first records. The order of the links
/// says nothing. O(n log n) in links and, for each pair of groups as large as they are then, the size of the smaller one
/// times its links.
pub fn groups(links: &[Link]) -> Vec<Vec<usize>> {
    let mut linked: HashMap<usize, HashSet<usize>> = HashMap::new();
    for link in links {
        linked.entry(link.a).or_default().insert(link.b);
        linked.entry(link.b).or_default().insert(link.a);
    }
    let in_common = |link: &Link| linked[&link.a].intersection(&linked[&link.b]).take(ENOUGH_IN_COMMON).count();
    let mut sorted: Vec<(usize, Link)> = links.iter().map(|link| (in_common(link), *link)).collect();
    sorted.sort_by(|(common_x, x), (common_y, y)| {
        let ends = |link: &Link| (link.a.min(link.b), link.a.max(link.b));
        common_y.cmp(common_x).then(y.probability.total_cmp(&x.probability)).then(ends(x).cmp(&ends(y)))
    });
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    // Groups that stayed apart, and how many they were then: they are asked again only when they have grown.
    let mut parted: HashMap<(usize, usize), (usize, usize)> = HashMap::new();
    for (_, link) in sorted {
        let home = |record: usize, group_of: &mut HashMap<usize, usize>, members: &mut BTreeMap<usize, Vec<usize>>| {
            *group_of.entry(record).or_insert_with(|| {
                members.insert(record, vec![record]);
                record
            })
        };
        let (x, y) = (home(link.a, &mut group_of, &mut members), home(link.b, &mut group_of, &mut members));
        if x == y {
            continue;
        }
        let (small, large) = if members[&x].len() <= members[&y].len() { (x, y) } else { (y, x) };
        let sizes = (members[&small].len(), members[&large].len());
        if parted.get(&(small, large)) == Some(&sizes) {
            continue;
        }
        let between: usize = members[&small]
            .iter()
            .map(|record| linked[record].iter().filter(|other| group_of.get(other) == Some(&large)).count())
            .sum();
        if between * 2 < sizes.0 * sizes.1 {
            parted.insert((small, large), sizes);
            continue;
        }
        for record in members.remove(&small).unwrap_or_default() {
            group_of.insert(record, large);
            members.entry(large).or_default().push(record);
        }
    }
    let mut found: Vec<Vec<usize>> = members.into_values().filter(|group| group.len() > 1).collect();
    for group in &mut found {
        group.sort_unstable();
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(a: usize, b: usize, probability: f64) -> Link {
        Link { a, b, probability }
    }

    #[test]
    fn three_records_of_one_work_are_one_group() {
        assert_eq!(groups(&[link(3, 1, 0.9), link(1, 2, 0.95), link(2, 3, 0.8)]), [vec![1, 2, 3]]);
        // The third was compared with one of the two only: half of the pairs is enough.
        assert_eq!(groups(&[link(1, 2, 0.95), link(2, 3, 0.8)]), [vec![1, 2, 3]]);
    }

    #[test]
    fn one_wrong_bridge_does_not_merge_two_works() {
        let mut links = Vec::new();
        for works in [[1, 2, 3], [11, 12, 13]] {
            for (at, a) in works.iter().enumerate() {
                links.extend(works[at + 1..].iter().map(|b| link(*a, *b, 0.9)));
            }
        }
        links.push(link(3, 11, 0.99));
        assert_eq!(groups(&links), [vec![1, 2, 3], vec![11, 12, 13]]);
    }

    #[test]
    fn a_long_chain_is_no_group() {
        let links: Vec<Link> = (0..10).map(|at| link(at, at + 1, 0.9)).collect();
        assert!(groups(&links).iter().all(|group| group.len() <= 3), "{:?}", groups(&links));
    }

    #[test]
    fn the_order_of_links_does_not_matter() {
        let mut links = vec![link(1, 2, 0.9), link(2, 3, 0.9), link(4, 5, 0.7), link(5, 1, 0.6), link(3, 1, 0.9)];
        let before = groups(&links);
        links.reverse();
        for link in &mut links {
            std::mem::swap(&mut link.a, &mut link.b);
        }
        assert_eq!(groups(&links), before);
    }
}
