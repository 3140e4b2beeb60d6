//! Lists of slots by key: mostly one slot a key, for millions of keys.

use super::Slot;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::Hash;

/// The slots under each key.
#[derive(Debug)]
pub struct Lists<K> {
    heads: FxHashMap<K, Head>,
    /// The lists of keys with several slots; empty ones are free for reuse.
    many: Vec<Vec<Slot>>,
    free: Vec<u32>,
}

/// The only slot of a key, or, with the highest bit set, the index of its list.
#[derive(Clone, Copy, Debug)]
struct Head(u32);

const IS_LIST: u32 = 1 << 31;

impl Head {
    const fn list(self) -> Option<usize> {
        if self.0 & IS_LIST == 0 { None } else { Some((self.0 & !IS_LIST) as usize) }
    }
}

impl<K> Default for Lists<K> {
    fn default() -> Self {
        Self { heads: FxHashMap::default(), many: Vec::new(), free: Vec::new() }
    }
}

impl<K: Eq + Hash> Lists<K> {
    pub fn with_room(keys: usize) -> Self {
        Self { heads: FxHashMap::with_capacity_and_hasher(keys, FxBuildHasher), ..Self::default() }
    }

    /// Adds to a list; `true` if it is the first of its key. O(1).
    pub fn add(&mut self, key: K, slot: Slot) -> bool {
        match self.heads.entry(key) {
            std::collections::hash_map::Entry::Vacant(empty) => {
                empty.insert(Head(slot));
                true
            }
            std::collections::hash_map::Entry::Occupied(mut some) => {
                let head = *some.get();
                match head.list() {
                    Some(list) => self.many[list].push(slot),
                    None => {
                        let both = vec![head.0, slot];
                        let list = if let Some(free) = self.free.pop() {
                            self.many[free as usize] = both;
                            free
                        } else {
                            self.many.push(both);
                            u32::try_from(self.many.len() - 1).expect("fewer lists than slots")
                        };
                        some.insert(Head(list | IS_LIST));
                    }
                }
                false
            }
        }
    }

    /// Removes from a list; `true` if it was the last of its key. O(length of the list).
    pub fn forget(&mut self, key: &K, slot: Slot) -> bool {
        let Some(head) = self.heads.get(key) else { return false };
        if let Some(list) = head.list() {
            self.many[list].retain(|other| *other != slot);
            if !self.many[list].is_empty() {
                return false;
            }
            self.many[list] = Vec::new();
            self.free.push(head.0 & !IS_LIST);
        }
        self.heads.remove(key);
        true
    }

    /// Every key with its slots.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &[Slot])> {
        self.heads.iter().map(|(key, head)| (key, self.listed(head)))
    }

    pub fn under(&self, key: &K) -> &[Slot] {
        self.heads.get(key).map_or(&[], |head| self.listed(head))
    }

    fn listed<'a>(&'a self, head: &'a Head) -> &'a [Slot] {
        head.list().map_or(std::slice::from_ref(&head.0), |list| &self.many[list])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_come_and_go() {
        let mut lists = Lists::default();
        assert!(lists.add('a', 1) && !lists.add('a', 2) && !lists.add('a', 3) && lists.add('b', 4));
        assert_eq!((lists.under(&'a'), lists.under(&'b'), lists.under(&'c')), (&[1, 2, 3][..], &[4][..], &[][..]));
        assert!(!lists.forget(&'a', 2) && !lists.forget(&'a', 1) && lists.forget(&'a', 3) && lists.forget(&'b', 4));
        assert!(lists.under(&'a').is_empty() && !lists.forget(&'a', 1));
        // The space of an emptied list is reused.
        assert!(lists.add('d', 5) && !lists.add('d', 6));
        assert_eq!((lists.under(&'d'), lists.many.len()), (&[5, 6][..], 1));
    }
}
