//! Builds a picture on all threads: records are read and summed up by those who add them, the lists and the tree are made
//! at the end, beside each other.

use super::keys::{Ground, GroundKey, Key, ListKeys};
use super::lists::Lists;
use super::order::{lay_out, point_spots};
use super::spots::{Spot, SpotKey, part_spots};
use super::tree::Tree;
use super::{Entry, Picture, Slot, hash};
use crate::domain::facts::Facts;
use crate::duplicates::{Judge, Lexicon, Packed, Prepared, Rarity};
use crate::spatial::places::Places;
use hashbrown::HashTable;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use uuid::Uuid;

/// Accepts records in any order; titles are read on the calling threads.
pub struct Loading {
    judge: Judge,
    lexicon: Arc<RwLock<Lexicon>>,
    /// One for each thread that adds, while none does.
    rarities: Mutex<Vec<Rarity>>,
    made: Mutex<Made>,
}

/// The records so far, by the order of their arrival.
#[derive(Default)]
struct Made {
    slots: Vec<Option<Entry>>,
    /// Of each record: title with village and year, and village and year.
    keys: Vec<[Key; 2]>,
    marks: Vec<(Key, Slot)>,
    /// Of those that are no single points.
    spots: Vec<Spot>,
}

impl Loading {
    /// With capacity for about `works` records.
    pub fn new(judge: Judge, works: usize) -> Self {
        Self::with_lexicon(judge, works, Lexicon::default())
    }

    /// As [`Loading::new`], for records that were packed with this lexicon.
    pub fn with_lexicon(judge: Judge, works: usize, lexicon: Lexicon) -> Self {
        let made = Made { slots: Vec::with_capacity(works), keys: Vec::with_capacity(works), ..Made::default() };
        Self { judge, lexicon: Arc::new(RwLock::new(lexicon)), rarities: Mutex::default(), made: Mutex::new(made) }
    }

    /// The lexicon that packed records refer to.
    pub const fn lexicon(&self) -> &Arc<RwLock<Lexicon>> {
        &self.lexicon
    }

    /// Adds records, and gives them back packed, in their order. Some 5 µs each.
    pub fn add<F: Into<Arc<Facts>>>(&self, facts: impl IntoIterator<Item = F>) -> Vec<Packed> {
        let records: Vec<Prepared> = facts.into_iter().map(|facts| self.judge.prepare(facts)).collect();
        let mut lexicon = self.lexicon.write().unwrap_or_else(PoisonError::into_inner);
        let packed: Vec<Packed> = records.iter().map(|record| record.pack(&mut lexicon)).collect();
        drop(lexicon);
        self.take_in(records.into_iter().zip(packed.iter().cloned()));
        packed
    }

    /// Adds records that were packed with its lexicon. Some 2 µs each.
    pub fn add_packed(&self, packed: Vec<(Uuid, Packed)>) {
        let lexicon = self.lexicon.read().unwrap_or_else(PoisonError::into_inner);
        self.take_in(packed.into_iter().map(|(id, packed)| (packed.unpack(id, &lexicon), packed)));
    }

    fn take_in(&self, records: impl Iterator<Item = (Prepared, Packed)>) {
        let taken = self.rarities.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (mut rarity, mut made) = (taken.unwrap_or_default(), Made::default());
        for (at, (record, packed)) in (0..).zip(records) {
            rarity.add(&record);
            let keys = ListKeys::new(&record);
            if !matches!(keys.ground, Some(Ground::Point(_))) {
                made.spots.extend(part_spots(&record.facts, at));
            }
            made.keys.push([keys.title, keys.village]);
            made.marks.extend(keys.marks.into_iter().map(|mark| (mark, at)));
            made.slots.push(Some(Entry::new(&record, keys.ground, packed)));
        }
        self.rarities.lock().unwrap_or_else(PoisonError::into_inner).push(rarity);
        self.made.lock().unwrap_or_else(PoisonError::into_inner).append(made);
    }

    /// Number of records added.
    pub fn len(&self) -> usize {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// O(n log n).
    pub fn finish(self, villages: Arc<Places>) -> Picture {
        let rarities = self.rarities.into_inner().unwrap_or_else(PoisonError::into_inner);
        let rarity = rarities.into_iter().reduce(|mut all, one| {
            all.add_all(&one);
            all
        });
        self.lexicon.write().unwrap_or_else(PoisonError::into_inner).settle();
        let mut made = self.made.into_inner().unwrap_or_else(PoisonError::into_inner);
        let new = lay_out(&mut made.slots);
        let Made { mut slots, keys, marks, mut spots } = made;
        for spot in &mut spots {
            if let SpotKey::Part(slot) = &mut spot.data {
                *slot = new[*slot as usize];
            }
        }
        // What is near each other on the ground is so in the tree.
        spots.sort_unstable_by_key(|spot| if let SpotKey::Part(slot) = spot.data { slot } else { Slot::MAX });
        let mut picture = Picture {
            lexicon: self.lexicon,
            rarity: Arc::new(rarity.unwrap_or_default()),
            villages,
            ..Picture::default()
        };
        std::thread::scope(|scope| {
            let named = scope.spawn(|| Named::new(&slots, keys, marks, &new));
            let (points, stacks, widest_shape) = placed(&slots);
            spots.extend(point_spots(&slots, &points, &stacks));
            (picture.points, picture.stacks, picture.widest_shape) = (points, stacks, widest_shape);
            picture.tree = Tree::pack(spots);
            let named = named.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            picture.by_id = named.by_id;
            (picture.titles, picture.by_village, picture.marks) = (named.titles, named.by_village, named.marks);
        });
        for slot in picture.stacks.iter().flat_map(|(_, works)| if works.len() == 1 { &[] } else { works }) {
            if let Some(entry) = &mut slots[*slot as usize] {
                entry.alone = false;
            }
        }
        picture.slots = slots;
        picture
    }
}

impl Made {
    fn append(&mut self, other: Self) {
        let first = Slot::try_from(self.slots.len()).expect("two billion projects do not fit in memory");
        self.slots.extend(other.slots);
        self.keys.extend(other.keys);
        self.marks.extend(other.marks.into_iter().map(|(mark, at)| (mark, first + at)));
        self.spots.extend(other.spots.into_iter().map(|mut spot| {
            if let SpotKey::Part(at) = &mut spot.data {
                *at += first;
            }
            spot
        }));
    }
}

/// The lists that have nothing to do with places.
struct Named {
    by_id: HashTable<Slot>,
    titles: Lists<Key>,
    by_village: Lists<Key>,
    marks: Lists<Key>,
}

impl Named {
    /// `new` is the slot of each record by the order of its arrival, which is that of keys and marks.
    fn new(slots: &[Option<Entry>], keys: Vec<[Key; 2]>, marks: Vec<(Key, Slot)>, new: &[Slot]) -> Self {
        let id_of = |slot: &Slot| slots[*slot as usize].as_ref().map_or(0, |entry| hash(entry.id));
        let mut by_id = HashTable::with_capacity(slots.len());
        for slot in (0..).take(slots.len()) {
            by_id.insert_unique(id_of(&slot), slot, id_of);
        }
        let (mut titles, mut by_village) = (Lists::with_room(slots.len()), Lists::default());
        for ([title, village], slot) in keys.into_iter().zip(new) {
            titles.add(title, *slot);
            by_village.add(village, *slot);
        }
        let mut by_mark = Lists::default();
        for (mark, at) in marks {
            by_mark.add(mark, new[at as usize]);
        }
        Self { by_id, titles, by_village, marks: by_mark }
    }
}

/// The single points, the works by their exact place, and the most on one line or area.
fn placed(slots: &[Option<Entry>]) -> (Lists<super::PointKey>, Lists<GroundKey>, usize) {
    let (mut points, mut stacks, mut widest_shape) = (Lists::default(), Lists::with_room(slots.len()), 0);
    for (slot, entry) in (0..).zip(slots) {
        let Some(ground) = entry.as_ref().and_then(|entry| entry.ground) else { continue };
        stacks.add(ground.key(), slot);
        match ground {
            Ground::Point(key) => {
                points.add(key, slot);
            }
            Ground::Shape(_) => widest_shape = widest_shape.max(stacks.under(&ground.key()).len()),
        }
    }
    (points, stacks, widest_shape)
}
