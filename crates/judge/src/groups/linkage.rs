//! Which linked records are one work.
//!
//! Linkage by quorum: two groups merge only if at least half of all pairs between them are links (between average and
//! complete linkage). A single wrong bridge between two works of several records each is one pair of many and merges
//! nothing. A chain A–B–C with unrelated ends stays together only through B, which is linked with half of the others.
//! Links whose records have most neighbours in common are merged first, then the strongest: a bridge has no common
//! neighbours, however strong it is, and by then both of its sides are complete groups.

use super::RecordLink;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Common neighbours beyond this number are not counted.
const ENOUGH_IN_COMMON: usize = 50;

/// The groups of linked records, each sorted, ordered by first record. The result does not depend on the order of the
/// links. O(n log n) in links plus, for each pair of groups at their current size, the size of the smaller one times
/// its links.
pub(super) fn merged(links: &[RecordLink]) -> Vec<Vec<usize>> {
    let mut linked: HashMap<usize, HashSet<usize>> = HashMap::new();
    for link in links {
        linked.entry(link.a).or_default().insert(link.b);
        linked.entry(link.b).or_default().insert(link.a);
    }
    let in_common = |link: &RecordLink| linked[&link.a].intersection(&linked[&link.b]).take(ENOUGH_IN_COMMON).count();
    let mut sorted: Vec<(usize, RecordLink)> = links.iter().map(|link| (in_common(link), *link)).collect();
    sorted.sort_by(|(common_x, x), (common_y, y)| {
        let ends = |link: &RecordLink| (link.a.min(link.b), link.a.max(link.b));
        common_y.cmp(common_x).then(y.probability.total_cmp(&x.probability)).then(ends(x).cmp(&ends(y)))
    });
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    // Pairs of groups that were not merged, with their sizes then: they are tried again only after one has grown.
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

    fn link(a: usize, b: usize, probability: f64) -> RecordLink {
        RecordLink { a, b, probability }
    }

    #[test]
    fn three_records_of_one_work_are_one_group() {
        assert_eq!(merged(&[link(3, 1, 0.9), link(1, 2, 0.95), link(2, 3, 0.8)]), [vec![1, 2, 3]]);
        // The third was compared with only one of the two: half of the pairs is enough.
        assert_eq!(merged(&[link(1, 2, 0.95), link(2, 3, 0.8)]), [vec![1, 2, 3]]);
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
        assert_eq!(merged(&links), [vec![1, 2, 3], vec![11, 12, 13]]);
    }

    #[test]
    fn a_long_chain_is_no_group() {
        let links: Vec<RecordLink> = (0..10).map(|at| link(at, at + 1, 0.9)).collect();
        assert!(merged(&links).iter().all(|group| group.len() <= 3), "{:?}", merged(&links));
    }

    #[test]
    fn the_order_of_links_does_not_matter() {
        let mut links = vec![link(1, 2, 0.9), link(2, 3, 0.9), link(4, 5, 0.7), link(5, 1, 0.6), link(3, 1, 0.9)];
        let before = merged(&links);
        links.reverse();
        for link in &mut links {
            std::mem::swap(&mut link.a, &mut link.b);
        }
        assert_eq!(merged(&links), before);
    }
}
