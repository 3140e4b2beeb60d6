//! The boxes of all works: the initial ones in a packed tree, later ones in a dynamic tree. Packing a million takes a
//! fifth of a second and a third of the memory of a dynamic tree.

use super::keys::PointKey;
use super::spots::{Spot, SpotKey};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree as Packed, RTreeBuilder, RTreeIndex};
use rstar::{AABB, RTree};
use rustc_hash::FxHashSet;

const IS_POINT: u32 = 1 << 31;

/// The two trees, with the key of each box.
#[derive(Default)]
pub struct Tree {
    packed: Option<Packed<f32>>,
    /// The keys of the packed boxes, in insertion order: a slot, or, with the highest bit set, the index of a shared point.
    keys: Box<[u32]>,
    points: Vec<PointKey>,
    /// Removed packed boxes.
    gone: FxHashSet<u32>,
    grown: RTree<Spot>,
}

impl Tree {
    /// O(n log n).
    pub fn pack(spots: Vec<Spot>) -> Self {
        let Some(count) = u32::try_from(spots.len()).ok().filter(|count| *count < IS_POINT) else {
            return Self { grown: RTree::bulk_load(spots), ..Self::default() };
        };
        let mut builder = RTreeBuilder::<f32>::new(count);
        let mut points = Vec::new();
        let keys = spots
            .iter()
            .map(|spot| {
                let ([west, south], [east, north]) = (spot.geom().lower(), spot.geom().upper());
                builder.add(west, south, east, north);
                match spot.data {
                    SpotKey::Part(slot) => slot,
                    SpotKey::Point(point) => {
                        points.push(point);
                        // No more points than boxes, of which there are less than 2^31.
                        IS_POINT | (u32::try_from(points.len()).unwrap_or_default() - 1)
                    }
                }
            })
            .collect();
        drop(spots);
        let packed = (count > 0).then(|| builder.finish::<HilbertSort>());
        Self { packed, keys, points, ..Self::default() }
    }

    fn key(&self, at: u32) -> SpotKey {
        let key = self.keys[at as usize];
        if key & IS_POINT == 0 { SpotKey::Part(key) } else { SpotKey::Point(self.points[(key & !IS_POINT) as usize]) }
    }

    /// O(log n).
    pub fn insert(&mut self, spot: Spot) {
        self.grown.insert(spot);
    }

    /// Removes the box, and every packed box of the same key that touches it: a work leaves with all its parts. O(log
    /// n).
    pub fn remove(&mut self, spot: &Spot) {
        if self.grown.remove(spot).is_some() {
            return;
        }
        let held = self.packed_within(&spot.geom().lower(), &spot.geom().upper());
        let of_key: Vec<u32> = held.into_iter().filter(|at| self.key(*at) == spot.data).collect();
        self.gone.extend(of_key);
    }

    /// The keys of the boxes that intersect an envelope. O(log n + results).
    pub fn within(&self, envelope: AABB<[f32; 2]>) -> impl Iterator<Item = SpotKey> + '_ {
        let packed = self.packed_within(&envelope.lower(), &envelope.upper());
        let standing = packed.into_iter().filter(|at| self.gone.is_empty() || !self.gone.contains(at));
        let grown = self.grown.locate_in_envelope_intersecting(envelope).map(|spot| spot.data);
        standing.map(|at| self.key(at)).chain(grown)
    }

    fn packed_within(&self, [west, south]: &[f32; 2], [east, north]: &[f32; 2]) -> Vec<u32> {
        self.packed.as_ref().map(|packed| packed.search(*west, *south, *east, *north)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstar::primitives::Rectangle;

    fn spot(at: u32) -> Spot {
        let west = f32::from(u16::try_from(at).unwrap());
        Spot::new(Rectangle::from_corners([west, 0.0], [west + 0.5, 1.0]), SpotKey::Part(at))
    }

    fn within(tree: &Tree, west: f32, east: f32) -> Vec<SpotKey> {
        let mut found: Vec<SpotKey> = tree.within(AABB::from_corners([west, 0.2], [east, 0.3])).collect();
        found.sort_unstable_by_key(|key| if let SpotKey::Part(slot) = key { *slot } else { u32::MAX });
        found
    }

    #[test]
    fn packed_and_later_boxes_are_found_until_they_are_removed() {
        let part = |at| SpotKey::Part(at);
        let mut tree = Tree::pack((0..100).map(spot).collect());
        assert_eq!(within(&tree, 3.2, 5.1), [part(3), part(4), part(5)]);
        tree.insert(spot(4));
        tree.remove(&spot(4));
        assert_eq!(within(&tree, 3.2, 5.1), [part(3), part(4), part(5)], "one of two went");
        tree.remove(&spot(4));
        assert_eq!(within(&tree, 3.2, 5.1), [part(3), part(5)]);
        tree.insert(spot(4));
        assert_eq!(within(&tree, 3.2, 5.1), [part(3), part(4), part(5)]);
        tree.remove(&spot(4));
        assert_eq!(within(&tree, 3.2, 5.1), [part(3), part(5)]);
        assert!(within(&Tree::pack(Vec::new()), 0.0, 9.0).is_empty());
    }
}
